import type { TodayScreen, VisitRow } from "../backend/bindings";
import { Action } from "../parts/Action";
import { useHotkeys } from "../parts/hotkeys";
import { Page } from "../parts/Page";
import { VisitTable } from "../parts/VisitTable";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { count } from "../texts/lists";

import "./Today.css";

/** "Heute": the clerk's own visits of the day, by masked numbers. */
export function Today({ step: { visits } }: { step: TodayScreen }) {
  const call = useCall();
  const search = () => void call("show_search");
  useHotkeys({ F7: search });
  return (
    <Page title={m.today_title()} lead={m.today_lead()} onBack={() => void call("show_start")}>
      <div className="today__top">
        {visits.length > 0 && <Figures visits={visits} />}
        <Action look="secondary" label={m.start_search()} onPress={search} hint="F7" shortcut="F7" />
      </div>
      {visits.length === 0 ? (
        <p>{m.today_empty()}</p>
      ) : (
        <VisitTable caption={m.today_title()} visits={visits} when="time" />
      )}
    </Page>
  );
}

function Figures({ visits }: { visits: VisitRow[] }) {
  const { handedOver, refused, aborted } = count(visits);
  const figures: [string, number][] = [
    [m.today_handed_over(), handedOver],
    [m.today_refused(), refused],
    [m.today_aborted(), aborted],
  ];
  return (
    <dl className="figures">
      {figures.map(([what, howMany]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{howMany}</dd>
        </div>
      ))}
    </dl>
  );
}
