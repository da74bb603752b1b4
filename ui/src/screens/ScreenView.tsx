import type { Snapshot } from "../backend/bindings";
import { About } from "./About";
import { Block } from "./Block";
import { Blocked } from "./Blocked";
import { Concern } from "./Concern";
import { Document } from "./Document";
import { Done } from "./Done";
import { Face } from "./Face";
import { HandOver } from "./HandOver";
import { Locked } from "./Locked";
import { Printing } from "./Printing";
import { Recovery } from "./Recovery";
import { Representation } from "./Representation";
import { Reviews } from "./Reviews";
import { Search } from "./Search";
import { SecondLook } from "./SecondLook";
import { SignIn } from "./SignIn";
import { Start } from "./Start";
import { Starting } from "./Starting";
import { Summary } from "./Summary";
import { Today } from "./Today";
import { Wiped } from "./Wiped";

/** The one screen that the snapshot names. */
export function ScreenView({ snapshot }: { snapshot: Snapshot }) {
  const { screen, operator, desk } = snapshot;
  switch (screen.kind) {
    case "starting":
      return <Starting />;
    case "blocked":
      return <Blocked />;
    case "recovery":
      return <Recovery step={screen.step} />;
    case "wiped":
      return <Wiped step={screen.step} />;
    case "sign_in":
      return <SignIn step={screen.step} />;
    case "locked":
      return <Locked step={screen.step} />;
    case "start":
      return <Start {...screen} desk={desk} role={operator?.role ?? null} />;
    case "today":
      return <Today step={screen.step} />;
    case "reviews":
      return <Reviews step={screen.step} operator={operator} />;
    case "search":
      return <Search step={screen.step} role={operator?.role ?? null} />;
    case "block":
      return <Block step={screen.step} line={desk.line} />;
    case "about":
      return <About step={screen.step} />;
    case "representation":
      return <Representation step={screen.step} pane={screen.pane} circumstances={desk} />;
    case "concern":
      return <Concern step={screen.step} pane={screen.pane} />;
    case "document":
      return <Document step={screen.step} pane={screen.pane} />;
    case "face":
      return <Face step={screen.step} />;
    case "second_look":
      return <SecondLook step={screen.step} pane={screen.pane} operator={operator} />;
    case "summary":
      return <Summary step={screen.step} pane={screen.pane} operator={operator} circumstances={desk} />;
    case "printing":
      return <Printing step={screen.step} pane={screen.pane} />;
    case "hand_over":
      return <HandOver step={screen.step} pane={screen.pane} />;
    case "done":
      return <Done step={screen.step} pane={screen.pane} />;
    default:
      return screen satisfies never;
  }
}
