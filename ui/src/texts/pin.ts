import type { PinProblem } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { advice } from "./errors";

interface PinProblemText {
  title: string;
  text: string;
  /** It can be tried again. */
  isPassing: boolean;
}

/** Why the PIN proved nothing, and what to do now. */
export function pinProblem(problem: PinProblem): PinProblemText {
  switch (problem.what) {
    case "wrong":
      return {
        title: m.pin_entry_wrong(),
        text: m.pin_entry_tries({ tries: problem.triesLeft }),
        isPassing: true,
      };
    case "not_typed":
      return { title: m.pin_entry_not_typed(), text: m.pin_entry_not_typed_detail(), isPassing: true };
    case "blocked":
      return { title: m.pin_entry_blocked(), text: m.pin_entry_blocked_detail(), isPassing: false };
    case "transport_pin":
      return { title: m.pin_entry_transport(), text: m.pin_entry_transport_detail(), isPassing: false };
    case "empty":
      return { title: m.pin_entry_empty(), text: m.pin_entry_go_on(), isPassing: false };
    case "disabled":
      return { title: m.pin_entry_disabled(), text: m.pin_entry_go_on(), isPassing: false };
    case "not_supported":
      return {
        title: m.pin_entry_not_supported(),
        text: m.pin_entry_not_supported_detail(),
        isPassing: false,
      };
    case "no_pin_pad":
      return { title: m.pin_entry_no_pad(), text: m.pin_entry_go_on(), isPassing: false };
    case "other_card":
      return { title: m.pin_entry_other_card(), text: m.pin_entry_other_card_detail(), isPassing: true };
    case "not_genuine":
      return { title: m.pin_entry_not_genuine(), text: m.pin_entry_not_genuine_detail(), isPassing: false };
    case "card": {
      const { what, next } = advice(problem.error);
      return { title: what, text: next, isPassing: true };
    }
  }
}
