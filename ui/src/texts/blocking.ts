import type { BlockedView, BlockingState, BlockingTarget } from "../backend/bindings";
import type { Tone } from "../parts/Notice";
import { m } from "../paraglide/messages";
import type { OutcomeText } from "./lists";

/** What can be blocked, as a choice. */
export const blockingTargets: Record<BlockingTarget, () => { label: string; hint: string }> = {
  codes: () => ({ label: m.block_target_codes(), hint: m.block_target_codes_hint() }),
  app: () => ({ label: m.block_target_app(), hint: m.block_target_app_hint() }),
};

/** What a visit was about that blocked something. */
export const blockingPurposes: Record<BlockingTarget, () => string> = {
  codes: m.visits_blocking_codes,
  app: m.visits_blocking_app,
};

/** Whether it is blocked, in a list. */
export const blockingOutcomes: Record<BlockingState, () => OutcomeText> = {
  ordered: () => ({
    tone: "calm",
    icon: "hourglass",
    word: m.outcome_blocking_ordered(),
    detail: m.outcome_not_effective(),
  }),
  in_force: () => ({ tone: "good", icon: "check", word: m.outcome_blocking_in_force(), detail: null }),
  refused: () => ({
    tone: "bad",
    icon: "cross",
    word: m.outcome_blocking_refused(),
    detail: m.outcome_code_refused(),
  }),
};

/** What was recorded just now: whether it is blocked, and what the person has to know. */
export interface RecordedText {
  tone: Tone;
  title: string;
  lead: string;
  what: string;
  next: string;
}

/** `number` blocks at any hour. */
export function recordedText({ blocking }: BlockedView, number: string, hasLine: boolean): RecordedText {
  switch (blocking.state) {
    case "in_force":
      return {
        tone: "good",
        title: m.block_in_force_title(),
        lead: m.block_in_force_lead(),
        ...inForce[blocking.target](),
      };
    case "refused":
      return {
        tone: "bad",
        title: m.block_refused_title(),
        lead: m.block_refused_lead(),
        what: m.block_refused_what(),
        next: m.block_refused_next({ number }),
      };
    case "ordered":
      return {
        tone: hasLine ? "info" : "attention",
        title: m.block_ordered_title(),
        lead: hasLine ? m.block_ordered_lead() : m.block_ordered_offline_lead(),
        what: m.block_ordered_what(),
        next: hasLine ? m.block_ordered_next() : m.block_ordered_offline_next({ number }),
      };
  }
}

const inForce: Record<BlockingTarget, () => Pick<RecordedText, "what" | "next">> = {
  codes: () => ({ what: m.block_in_force_codes_what(), next: m.block_in_force_codes_next() }),
  app: () => ({ what: m.block_in_force_app_what(), next: m.block_in_force_app_next() }),
};
