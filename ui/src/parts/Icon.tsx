import "./Icon.css";

/** Drawn on a field of 16 × 16 with the colour of the text around. */
const drawings = {
  check: <path d="M3 8.5 6.5 12 13 4.5" fill="none" stroke="currentColor" strokeWidth="2" />,
  cross: <path d="m4 4 8 8m0-8-8 8" fill="none" stroke="currentColor" strokeWidth="2" />,
  dot: <circle cx="8" cy="8" r="5" fill="currentColor" />,
  ring: (
    <circle
      cx="8"
      cy="8"
      r="6.5"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeDasharray="3 2.1"
    />
  ),
  half: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 2a6 6 0 0 1 0 12Z" fill="currentColor" />
    </>
  ),
  attention: (
    <>
      <path d="M8 1.5 15 14H1Z" fill="currentColor" />
      <path d="M8 6v4m0 1.4v1.4" stroke="var(--ground)" strokeWidth="1.6" />
    </>
  ),
  octagon: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" fill="currentColor" />
      <path d="m5.5 5.5 5 5m0-5-5 5" stroke="var(--ground)" strokeWidth="1.6" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="3" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path
        d="M8 1v2m0 10v2M1 8h2m10 0h2M3 3l1.5 1.5m7 7L13 13m0-10-1.5 1.5m-7 7L3 13"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    </>
  ),
  moon: (
    <path
      d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    />
  ),
  chevron: <path d="m6 3 5 5-5 5" fill="none" stroke="currentColor" strokeWidth="1.75" />,
  hourglass: (
    <path
      d="M4 2h8M4 14h8M5 2v2.5L8 8l-3 3.5V14m6-12v2.5L8 8l3 3.5V14"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    />
  ),
};

export type IconName = keyof typeof drawings;

/** A symbol beside words that say the same; hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {drawings[name]}
    </svg>
  );
}
