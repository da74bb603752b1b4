import { useRef } from "react";
import { I18nProvider } from "react-aria-components";
import { useLandmark } from "react-aria/useLandmark";

import type { Snapshot } from "./backend/bindings";
import { localeTag } from "./format/dates";
import { Boundary } from "./parts/Boundary";
import { ErrorNotice } from "./parts/Notice";
import { PlaceBar } from "./parts/PlaceBar";
import { StatusLine } from "./parts/StatusLine";
import { Steps } from "./parts/Steps";
import { VisitPane } from "./parts/VisitPane";
import { ScreenView } from "./screens/ScreenView";
import { usePreferences } from "./state/preferences";
import { useWorkstationState, WorkstationContext, type Workstation } from "./state/workstation";

import "./App.css";

/** The window: a pure function of the snapshot, in the language of the clerk. */
export function App({ workstation }: { workstation: Workstation }) {
  usePreferences();
  return (
    <WorkstationContext value={workstation}>
      <I18nProvider locale={localeTag()}>
        <Boundary>
          <Window />
        </Boundary>
      </I18nProvider>
    </WorkstationContext>
  );
}

function Window() {
  const { snapshot, notice } = useWorkstationState();
  if (snapshot !== null) return <Desk snapshot={snapshot} />;
  return <main>{notice !== null && <ErrorNotice error={notice} />}</main>;
}

function Desk({ snapshot }: { snapshot: Snapshot }) {
  const main = useRef<HTMLElement>(null);
  const { landmarkProps } = useLandmark({ role: "main" }, main);
  const { screen } = snapshot;
  const pane = "pane" in screen ? screen.pane : null;
  return (
    <div className="desk">
      <PlaceBar place={snapshot.place} operator={snapshot.operator} isWorkshop={snapshot.workshop} />
      {pane !== null && <Steps steps={pane.steps} current={pane.current} startedAt={pane.startedAt} />}
      <div className="desk__middle">
        <main {...landmarkProps} ref={main} className="desk__main" data-screen={screen.kind}>
          <ScreenView snapshot={snapshot} />
        </main>
        {pane !== null && <VisitPane pane={pane} codeName={snapshot.place.codeName} />}
      </div>
      <StatusLine desk={snapshot.desk} product={snapshot.product} />
    </div>
  );
}
