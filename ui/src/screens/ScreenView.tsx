import type { Screen, Snapshot } from "../backend/bindings";
import { Blocked } from "./Blocked";
import { Concern } from "./Concern";
import { Document } from "./Document";
import { Done } from "./Done";
import { Face } from "./Face";
import { HandOver } from "./HandOver";
import { Printing } from "./Printing";
import { Start } from "./Start";
import { Starting } from "./Starting";
import { Summary } from "./Summary";

/** The one screen that the snapshot names. */
export function ScreenView({ snapshot }: { snapshot: Snapshot }) {
  const { screen, operator, desk } = snapshot;
  switch (screen.kind) {
    case "starting":
      return <Starting />;
    case "blocked":
      return <Blocked />;
    case "start":
      return <Start card={screen.card} reader={desk.reader} />;
    case "concern":
      return <Concern step={screen.step} />;
    case "document":
      return <Document step={screen.step} />;
    case "face":
      return <Face step={screen.step} />;
    case "summary":
      return <Summary step={screen.step} pane={screen.pane} operator={operator} />;
    case "printing":
      return <Printing step={screen.step} />;
    case "hand_over":
      return <HandOver step={screen.step} />;
    case "done":
      return <Done step={screen.step} pane={screen.pane} />;
    default:
      return screen satisfies never;
  }
}

/** The step of the visit that a screen belongs to, counted from 0; 5: all done; `null`: no visit. */
export function stepOf(kind: Screen["kind"]): number | null {
  switch (kind) {
    case "starting":
    case "blocked":
    case "start":
      return null;
    case "concern":
      return 0;
    case "document":
      return 1;
    case "face":
      return 2;
    case "summary":
    case "printing":
      return 3;
    case "hand_over":
      return 4;
    case "done":
      return 5;
  }
}
