import type { ConcernSummary, TodayScreen, VisitRow } from "../backend/bindings";
import { timeOfDay } from "../format/dates";
import { OutcomeBadge } from "../parts/OutcomeBadge";
import { Page } from "../parts/Page";
import { Table } from "../parts/Table";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { count, outcome } from "../texts/lists";
import { purposes } from "../texts/visit";

import "./Today.css";

/** "Heute": the clerk's own visits of the day, by masked numbers. */
export function Today({ step: { visits } }: { step: TodayScreen }) {
  const call = useCall();
  return (
    <Page title={m.today_title()} lead={m.today_lead()} onBack={() => void call("show_start")}>
      {visits.length === 0 ? (
        <p>{m.today_empty()}</p>
      ) : (
        <>
          <Figures visits={visits} />
          <Table
            caption={m.today_title()}
            columns={[
              m.visits_time(),
              m.visits_for(),
              m.visits_purpose(),
              m.visits_outcome(),
              m.visits_reference(),
            ]}
          >
            {visits.map((visit) => (
              <Visit key={visit.id} visit={visit} />
            ))}
          </Table>
        </>
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

/** A visit with a line for each of its concerns. */
function Visit({ visit }: { visit: VisitRow }) {
  const concerns: (ConcernSummary | null)[] = visit.concerns.length > 0 ? visit.concerns : [null];
  return concerns.map((concern, place) => (
    <tr key={place}>
      {place === 0 && (
        <th scope="row" rowSpan={concerns.length} className="today__time">
          {timeOfDay(visit.openedAt)}
          {visit.representative && <span className="table__detail">{m.visits_representative()}</span>}
        </th>
      )}
      <td className="today__number">{concern?.kvnrMasked ?? m.visits_none()}</td>
      <td>{concern?.purpose == null ? m.visits_none() : purposes[concern.purpose]()}</td>
      <td>
        <OutcomeBadge outcome={outcome(visit, concern)} />
      </td>
      <td className="today__number">{concern?.reference ?? m.visits_none()}</td>
    </tr>
  ));
}
