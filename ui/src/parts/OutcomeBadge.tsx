import type { OutcomeText } from "../texts/lists";
import { Badge } from "./Badge";

import "./OutcomeBadge.css";

/** How something ended, with its reason below. */
export function OutcomeBadge({ outcome }: { outcome: OutcomeText }) {
  const { tone, icon, word, detail } = outcome;
  return (
    <span className="outcome">
      <Badge tone={tone} icon={icon}>
        {word}
      </Badge>
      {detail !== null && <span className="outcome__detail">{detail}</span>}
    </span>
  );
}
