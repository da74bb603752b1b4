import "./RecordsPicture.css";

interface RecordsPictureProps {
  /** The box of records is closed and whole, or open and empty. */
  state: "kept" | "gone";
}

/** An archive box beside the words that say the same: closed, so nothing is lost; or open and empty. */
export function RecordsPicture({ state }: RecordsPictureProps) {
  return (
    <svg className="records-picture" viewBox="0 0 320 340" aria-hidden="true" focusable="false">
      {state === "kept" ? <Closed /> : <Empty />}
    </svg>
  );
}

function Closed() {
  return (
    <>
      <rect className="records-picture__body" x="56" y="128" width="208" height="172" rx="10" />
      <rect className="records-picture__body" x="40" y="84" width="240" height="52" rx="10" />
      <path className="records-picture__band" d="M50 84h220a10 10 0 0 1 10 10v10H40V94a10 10 0 0 1 10-10Z" />
      <rect className="records-picture__label" x="104" y="166" width="112" height="60" rx="6" />
      <path className="records-picture__print" d="M122 188h76M138 206h44" />
      <rect className="records-picture__grip" x="132" y="254" width="56" height="16" rx="8" />
    </>
  );
}

function Empty() {
  return (
    <>
      <path className="records-picture__inside" d="M72 128 96 92h128l24 36Z" />
      <rect className="records-picture__body" x="56" y="128" width="208" height="172" rx="10" />
      <path className="records-picture__body" d="M56 128 96 92 62 72 20 106ZM264 128 224 92l34-20 42 34Z" />
      <rect className="records-picture__label" x="104" y="166" width="112" height="60" rx="6" />
      <rect className="records-picture__grip" x="132" y="254" width="56" height="16" rx="8" />
    </>
  );
}
