import type { Screen } from "../backend/bindings";

const CLOSED = new Set<Screen["kind"]>(["starting", "blocked", "recovery", "wiped", "sign_in", "locked"]);

/** Whether somebody is working at the desk just now. */
export function isOpen({ kind }: Screen): boolean {
  return !CLOSED.has(kind);
}
