import type { ReactNode, RefObject } from "react";
import { Dialog, Popover } from "react-aria-components";

import "./Explanation.css";

interface ExplanationProps {
  /** What it stands beside. */
  triggerRef: RefObject<HTMLElement | null>;
  isOpen: boolean;
  onClose: () => void;
  /** For more than a few sentences. */
  isWide?: boolean;
  placement: "left top" | "bottom" | "top end";
  /** With a `Heading` in the slot `title`. */
  children: ReactNode;
}

/** Reasons for whoever wants to know; Escape closes them, and the question keeps its place. */
export function Explanation(props: ExplanationProps) {
  const { triggerRef, isOpen, onClose, isWide = false, placement, children } = props;
  return (
    <Popover
      className={isWide ? "explanation explanation--wide" : "explanation"}
      triggerRef={triggerRef}
      isOpen={isOpen}
      onOpenChange={onClose}
      placement={placement}
      offset={placement === "left top" ? 20 : 8}
    >
      <Dialog className="explanation__content">{children}</Dialog>
    </Popover>
  );
}
