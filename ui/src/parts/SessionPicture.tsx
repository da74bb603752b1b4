import "./SessionPicture.css";

interface SessionPictureProps {
  /** Nobody is signed in, or somebody has locked the desk. */
  state: "signed_out" | "locked";
}

/** A staff badge or a padlock beside the words that say the same. */
export function SessionPicture({ state }: SessionPictureProps) {
  return (
    <svg className="session-picture" viewBox="0 0 320 340" aria-hidden="true" focusable="false">
      {state === "locked" ? <Padlock /> : <Badge />}
    </svg>
  );
}

function Padlock() {
  return (
    <>
      <path className="session-picture__shackle" d="M104 166v-46a56 56 0 0 1 112 0v46" />
      <rect className="session-picture__body" x="68" y="160" width="184" height="142" rx="16" />
      <path className="session-picture__band" d="M68 176a16 16 0 0 1 16-16h152a16 16 0 0 1 16 16v14H68Z" />
      <path
        className="session-picture__hole"
        d="M160 216a15 15 0 0 1 8 27.7v22.3h-16v-22.3a15 15 0 0 1 8-27.7Z"
      />
    </>
  );
}

function Badge() {
  return (
    <>
      <path className="session-picture__ribbon" d="M112 8 152 92M208 8l-40 84" />
      <rect className="session-picture__clip" x="146" y="84" width="28" height="30" rx="6" />
      <rect className="session-picture__body" x="78" y="108" width="164" height="212" rx="14" />
      <path className="session-picture__band" d="M78 122a14 14 0 0 1 14-14h136a14 14 0 0 1 14 14v20H78Z" />
      <rect className="session-picture__photo" x="118" y="162" width="84" height="84" rx="8" />
      <path
        className="session-picture__person"
        d="M132 246a28 28 0 0 1 56 0ZM160 212a15 15 0 1 1 0-30 15 15 0 0 1 0 30Z"
      />
      <path className="session-picture__print" d="M122 268h76M138 290h44" />
    </>
  );
}
