import { createContext, use, useSyncExternalStore } from "react";

import { toAppError, type Backend } from "../backend/Backend";
import type { AppError, Snapshot } from "../backend/bindings";
import type { CommandName, InputOf } from "../backend/commands";

/** What the window knows: the last snapshot and how its own last call went. */
export interface WorkstationState {
  /** `null` until the shell has answered for the first time. */
  snapshot: Snapshot | null;
  /** A call is on its way. */
  busy: boolean;
  /** What went wrong with the last thing the clerk did; nothing while the next one is on its way. */
  notice: AppError | null;
}

/** The one store of the window. It holds no truth of its own and can be thrown away at any moment. */
export interface Workstation {
  getState: () => WorkstationState;
  subscribe: (onChange: () => void) => () => void;
  /** Sends a command. Never rejects: what goes wrong becomes `notice`. */
  call: <Name extends CommandName>(name: Name, ...input: InputOf<Name>) => Promise<void>;
  /** Where the picture of a document's chip is fetched, once, with the token of a `ChipFace`. */
  faceUrl: Backend["faceUrl"];
  /** Stops listening to the backend. */
  close: () => void;
}

/** Connects the store: listens first, then asks for the present snapshot, so that no change is missed. */
export function openWorkstation(backend: Backend): Workstation {
  const subscribers = new Set<() => void>();
  let snapshot: Snapshot | null = null;
  let rejected: AppError | null = null;
  let callsOnTheirWay = 0;
  let state: WorkstationState = { snapshot, busy: false, notice: null };

  function publish() {
    const busy = callsOnTheirWay > 0;
    state = { snapshot, busy, notice: busy ? null : (snapshot?.notice ?? rejected) };
    subscribers.forEach((onChange) => onChange());
  }

  function accept(next: Snapshot) {
    if (snapshot !== null && next.revision < snapshot.revision) return;
    snapshot = next;
    publish();
  }

  async function send(action: () => Promise<unknown>) {
    callsOnTheirWay += 1;
    rejected = null;
    publish();
    try {
      await action();
    } catch (cause) {
      rejected = toAppError(cause);
    } finally {
      callsOnTheirWay -= 1;
      publish();
    }
  }

  const listening = backend.listen(accept);
  void send(async () => {
    await listening;
    accept(await backend.call("snapshot"));
  });

  return {
    getState: () => state,
    subscribe: (onChange) => {
      subscribers.add(onChange);
      return () => subscribers.delete(onChange);
    },
    call: (name, ...input) => send(() => backend.call(name, ...input)),
    faceUrl: (token) => backend.faceUrl(token),
    close: () => void listening.then((stop) => stop()),
  };
}

export const WorkstationContext = createContext<Workstation | null>(null);

export function useWorkstation(): Workstation {
  const workstation = use(WorkstationContext);
  if (workstation === null) throw new Error("useWorkstation outside of WorkstationContext");
  return workstation;
}

export function useWorkstationState(): WorkstationState {
  const workstation = useWorkstation();
  return useSyncExternalStore(workstation.subscribe, workstation.getState);
}

/** Sends commands. */
export function useCall(): Workstation["call"] {
  return useWorkstation().call;
}
