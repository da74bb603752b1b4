import { Icon, type IconName } from "./Icon";

import "./Badge.css";

export type BadgeTone = "good" | "attention" | "bad" | "calm";

const icons: Record<BadgeTone, IconName> = {
  good: "check",
  attention: "attention",
  bad: "cross",
  calm: "ring",
};

interface BadgeProps {
  tone: BadgeTone;
  /** Another symbol than the tone's. */
  icon?: IconName;
  children: string;
}

/** A result in a table: symbol, word and colour. */
export function Badge({ tone, icon = icons[tone], children }: BadgeProps) {
  return (
    <span className={`badge badge--${tone}`}>
      <Icon name={icon} />
      {children}
    </span>
  );
}
