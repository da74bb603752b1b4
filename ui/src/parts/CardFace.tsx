import "./CardFace.css";

/** Where the card access number stands on a health card's front. A picture beside words that say the same. */
export function CardFront() {
  return (
    <svg className="card-face" viewBox="0 0 320 204" aria-hidden="true" focusable="false">
      <rect className="card-face__plastic" x="2" y="2" width="316" height="200" rx="14" />
      <path className="card-face__print" d="M26 34h84M26 50h52" />
      <rect className="card-face__chip" x="28" y="78" width="48" height="42" rx="6" />
      <path className="card-face__contacts" d="M28 92h15v14H28M76 92H61v14h15M43 78v42M61 78v42" />
      <rect className="card-face__flag" x="171.5" y="22.5" width="123" height="19" />
      <path className="card-face__black" d="M172 26h122" />
      <path className="card-face__red" d="M172 32h122" />
      <path className="card-face__gold" d="M172 38h122" />
      <rect className="card-face__mark" x="164" y="47" width="94" height="30" rx="6" />
      <text className="card-face__digits" x="211" y="68" textAnchor="middle">
        123456
      </text>
      <path
        className="card-face__waves"
        d="M272 68a8 8 0 0 0 0-12M279 73a15 15 0 0 0 0-22M286 77a21 21 0 0 0 0-30"
      />
      <rect className="card-face__photo" x="228" y="96" width="66" height="84" rx="4" />
      <path
        className="card-face__person"
        d="M238 180a23 23 0 0 1 46 0ZM261 150a13 13 0 1 1 0-26 13 13 0 0 1 0 26Z"
      />
      <path className="card-face__print" d="M28 146h112M28 162h78M28 178h92" />
    </svg>
  );
}

/** Where the end of the Kennnummer stands on its back, the European Health Insurance Card. */
export function CardBack({ digits }: { digits: number }) {
  const width = 10 + digits * 12;
  return (
    <svg className="card-face" viewBox="0 0 320 204" aria-hidden="true" focusable="false">
      <rect className="card-face__plastic" x="2" y="2" width="316" height="200" rx="14" />
      <path className="card-face__print" d="M26 30h150" />
      <circle className="card-face__stars" cx="280" cy="38" r="15" />
      <path className="card-face__print" d="M26 66h120M26 90h84M26 114h96M186 114h56M26 138h70M186 138h84" />
      <path className="card-face__print card-face__print--number" d={`M28 176h${String(180 - width)}`} />
      <rect className="card-face__mark" x={218 - width} y="160" width={width} height="32" rx="6" />
      <text className="card-face__digits" x={218 - width / 2} y="182" textAnchor="middle">
        {"123456789".slice(0, digits)}
      </text>
      <path className="card-face__print" d="M244 176h46" />
    </svg>
  );
}
