import { act, render, screen } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";

import { App } from "../src/App";
import { FakeDesk } from "../src/backend/fake";
import { play, type SceneName } from "../src/backend/fakeScenes";
import { openWorkstation } from "../src/state/workstation";

export interface OpenDesk {
  desk: FakeDesk;
  user: UserEvent;
  /** Lets something happen at the desk and the window show it. */
  happens: (what: (desk: FakeDesk) => void) => Promise<void>;
}

/** Opens the window on a scene of the desk in memory. */
export async function openDesk(scene: SceneName): Promise<OpenDesk> {
  const desk = new FakeDesk();
  play(desk, scene);
  desk.sent.length = 0;
  const workstation = openWorkstation(desk);
  await act(async () => {
    render(<App workstation={workstation} />);
    // The first snapshot is there, and the keys are listened to.
    await new Promise((resolve) => setTimeout(resolve));
  });
  await screen.findByRole("heading", { level: 1 });
  return {
    desk,
    user: userEvent.setup(),
    happens: (what) =>
      act(async () => {
        what(desk);
        await Promise.resolve();
      }),
  };
}

/** The commands that the window sent since it opened. */
export function sentBy({ desk }: OpenDesk): string[] {
  return desk.sent.filter((name) => name !== "snapshot");
}
