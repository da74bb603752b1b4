import type { AppError, Snapshot } from "./bindings";
import type { Call } from "./commands";

/** What the window needs from whatever stands behind it: the shell, or a desk in memory. */
export interface Backend {
  /** Rejects with an `AppError`. */
  call: Call;
  /** Calls `onChange` with every new snapshot until the function that it gives back is called. */
  listen: (onChange: (snapshot: Snapshot) => void) => Promise<() => void>;
  /** Where the picture of a document's chip is fetched, once, with the token of a `ChipFace`. */
  faceUrl: (token: string) => string;
}

/** Whatever a rejected call carries, as an `AppError`: a defect in the line between window and shell is ours. */
export function toAppError(cause: unknown): AppError {
  if (typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string") {
    return cause as AppError;
  }
  return { code: "internal", params: { incident: "window" } };
}
