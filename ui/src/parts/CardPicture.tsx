import "./CardPicture.css";

interface CardPictureProps {
  /** The reader is off, waits for a card, reads it, has read it, or can't. */
  state: "off" | "waiting" | "reading" | "read" | "broken";
}

/** Which way the card goes in: chip first. A picture beside sentences that say the same. */
export function CardPicture({ state }: CardPictureProps) {
  return (
    <svg
      className={`card-picture card-picture--${state}`}
      viewBox="0 0 320 340"
      aria-hidden="true"
      focusable="false"
    >
      <rect className="card-picture__back" x="52" y="222" width="216" height="30" rx="10" />
      <g className="card-picture__card">
        <rect className="card-picture__plastic" x="85" y="12" width="150" height="206" rx="12" />
        <path className="card-picture__band" d="M85 24a12 12 0 0 1 12-12h12v206H97a12 12 0 0 1-12-12Z" />
        <rect className="card-picture__photo" x="169" y="28" width="50" height="42" rx="4" />
        <path
          className="card-picture__person"
          d="M181 63a13 13 0 0 1 26 0ZM194 48a7 7 0 1 1 0-14 7 7 0 0 1 0 14Z"
        />
        <path className="card-picture__print" d="M132 32v70M148 32v48M132 118v20" />
        <rect className="card-picture__chip" x="150" y="156" width="44" height="40" rx="6" />
        <path
          className="card-picture__contacts"
          d="M150 169h14v14h-14M194 169h-14v14h14M164 156v40M180 156v40"
        />
      </g>
      <path
        className="card-picture__reader"
        d="M40 250a12 12 0 0 1 12-12h216a12 12 0 0 1 12 12v56a22 22 0 0 1-22 22H62a22 22 0 0 1-22-22Z"
      />
      <rect className="card-picture__mouth" x="72" y="238" width="176" height="5" rx="2.5" />
      <circle className="card-picture__lamp" cx="160" cy="292" r="7" />
    </svg>
  );
}
