import type { AppError } from "../backend/bindings";
import { ErrorNotice } from "./Notice";

/** What stands against the end of what is being done, said as soon as it is known and gone as soon as it is over. */
export function Obstacle({ against }: { against: AppError | null }) {
  return <div role="status">{against !== null && <ErrorNotice error={against} tone="attention" />}</div>;
}
