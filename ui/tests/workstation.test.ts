import { describe, expect, it } from "vitest";

import type { Backend } from "../src/backend/Backend";
import type { AppError, Snapshot } from "../src/backend/bindings";
import type { Call } from "../src/backend/commands";
import { FakeDesk } from "../src/backend/fake";
import { openWorkstation } from "../src/state/workstation";

const settled = () => new Promise((resolve) => setTimeout(resolve));

function snapshotOf(revision: number, notice: AppError | null = null): Snapshot {
  return { ...new FakeDesk().snapshot(), revision, notice };
}

/** A backend whose answers and events the test gives by hand. */
function backendByHand(first: Snapshot) {
  let tell: (snapshot: Snapshot) => void = () => undefined;
  let answer: () => Promise<unknown> = () => Promise.resolve();
  const backend: Backend = {
    call: ((name) => (name === "snapshot" ? Promise.resolve(first) : answer())) as Call,
    listen: (onChange) => {
      tell = onChange;
      return Promise.resolve(() => undefined);
    },
    faceUrl: () => "",
  };
  return {
    backend,
    tell: (snapshot: Snapshot) => tell(snapshot),
    answerWith: (next: () => Promise<unknown>) => {
      answer = next;
    },
  };
}

describe("the workstation's store", () => {
  it("drops a snapshot that is older than the one it has", async () => {
    const { backend, tell } = backendByHand(snapshotOf(5));
    const workstation = openWorkstation(backend);
    await settled();
    tell(snapshotOf(7));
    tell(snapshotOf(6));
    expect(workstation.getState().snapshot?.revision).toBe(7);
  });

  it("keeps a change that comes before the answer to its first question", async () => {
    const { backend, tell } = backendByHand(snapshotOf(1));
    const workstation = openWorkstation(backend);
    tell(snapshotOf(2));
    await settled();
    expect(workstation.getState().snapshot?.revision).toBe(2);
  });

  it("shows the snapshot's notice, and none while the clerk's next command is on its way", async () => {
    const { backend, answerWith } = backendByHand(snapshotOf(1, { code: "card_mute" }));
    const workstation = openWorkstation(backend);
    await settled();
    expect(workstation.getState().notice).toEqual({ code: "card_mute" });

    let finish: (value?: unknown) => void = () => undefined;
    answerWith(() => new Promise((resolve) => (finish = resolve)));
    const sent = workstation.call("read_again");
    expect(workstation.getState()).toMatchObject({ busy: true, notice: null });
    finish();
    await sent;
    expect(workstation.getState().busy).toBe(false);
  });

  it("turns a rejected command into the notice when the snapshot has none", async () => {
    const { backend, answerWith } = backendByHand(snapshotOf(1));
    const workstation = openWorkstation(backend);
    await settled();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- commands reject with an AppError
    answerWith(() => Promise.reject({ code: "not_yet" }));
    await workstation.call("confirm_document");
    expect(workstation.getState().notice).toEqual({ code: "not_yet" });
  });

  it("calls whatever else goes wrong between window and shell a defect of ours", async () => {
    const { backend, answerWith } = backendByHand(snapshotOf(1));
    const workstation = openWorkstation(backend);
    await settled();
    answerWith(() => Promise.reject(new Error("command confirm_document not found")));
    await workstation.call("confirm_document");
    expect(workstation.getState().notice).toEqual({ code: "internal", params: { incident: "window" } });
  });
});
