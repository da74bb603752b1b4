import type { ConcernSummary, VisitRow } from "../backend/bindings";
import { dayAndTime, timeOfDay } from "../format/dates";
import { m } from "../paraglide/messages";
import { outcome, purpose } from "../texts/lists";
import { deletion } from "../texts/retention";
import { Badge } from "./Badge";
import { OutcomeBadge } from "./OutcomeBadge";
import { Table } from "./Table";

import "./VisitTable.css";

interface VisitTableProps {
  caption: string;
  visits: VisitRow[];
  /** Visits of one day, or of any. */
  when: "time" | "day";
}

/** Visits by masked numbers: what came of them, and when what is personal of them goes. */
export function VisitTable({ caption, visits, when }: VisitTableProps) {
  return (
    <Table
      caption={caption}
      columns={[
        when === "time" ? m.visits_time() : m.visits_day(),
        m.visits_for(),
        m.visits_purpose(),
        m.visits_outcome(),
        m.visits_reference(),
        m.visits_deletion(),
      ]}
    >
      {visits.map((visit) => (
        <Visit key={visit.id} visit={visit} when={when} />
      ))}
    </Table>
  );
}

/** A visit with a line for each of its concerns. */
function Visit({ visit, when }: { visit: VisitRow; when: VisitTableProps["when"] }) {
  const concerns: (ConcernSummary | null)[] = visit.concerns.length > 0 ? visit.concerns : [null];
  return concerns.map((concern, place) => (
    <tr key={place}>
      {place === 0 && (
        <th scope="row" rowSpan={concerns.length} className="visits__time">
          {when === "time" ? timeOfDay(visit.openedAt) : dayAndTime(visit.openedAt)}
          {visit.representative && <span className="table__detail">{m.visits_representative()}</span>}
        </th>
      )}
      <td className="visits__number">
        {visit.restricted ? m.visits_restricted() : (concern?.kvnrMasked ?? m.visits_none())}
      </td>
      <td>{purpose(concern)}</td>
      <td>
        <OutcomeBadge outcome={outcome(visit, concern)} />
      </td>
      <td className="visits__number">{concern?.reference ?? m.visits_none()}</td>
      {place === 0 && (
        <td rowSpan={concerns.length} className="visits__deletion">
          <Deletion visit={visit} />
        </td>
      )}
    </tr>
  ));
}

function Deletion({ visit }: { visit: VisitRow }) {
  const { isHeld, text, detail } = deletion(visit);
  return (
    <>
      {isHeld ? (
        <Badge tone="attention" icon="hourglass">
          {text}
        </Badge>
      ) : (
        <span className={`visits__deletion--${visit.deleteOn === null ? "open" : "set"}`}>{text}</span>
      )}
      {detail !== null && <span className="table__detail">{detail}</span>}
    </>
  );
}
