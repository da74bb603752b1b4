import { Icon, type IconName } from "./Icon";

import "./Line.css";

export interface LineProps {
  icon: IconName;
  tone: "good" | "partly" | "open" | "attention" | "bad";
  text: string;
  detail?: string | null;
  /** The symbol in words. */
  spoken?: string;
}

/** One line of the pane: symbol, words, small print. */
export function Line({ tone, ...content }: LineProps) {
  return (
    <li className={`line line--${tone}`}>
      <LineContent {...content} />
    </li>
  );
}

export function LineContent({ icon, text, detail = null, spoken }: Omit<LineProps, "tone">) {
  return (
    <>
      <span className="line__mark">
        <Icon name={icon} />
      </span>
      <span>
        {text}
        {spoken !== undefined && <span className="kern-sr-only"> ({spoken})</span>}
        {detail !== null && <span className="line__detail">{detail}</span>}
      </span>
    </>
  );
}
