import type { ReactNode } from "react";

import type { ConcernRow } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { listedName, personalData } from "../texts/people";
import { authorityText, standing } from "../texts/representation";
import { purposes } from "../texts/visit";
import { Badge } from "./Badge";
import { Table } from "./Table";

interface ConcernTableProps {
  caption: string;
  concerns: ConcernRow[];
  /** The row that the page is about now. */
  current?: string | null;
  /** What can be done with a row. */
  actionFor?: (concern: ConcernRow) => ReactNode;
}

/** For whom, by what authority, what for, and how it stands. */
export function ConcernTable({ caption, concerns, current = null, actionFor }: ConcernTableProps) {
  return (
    <Table
      caption={caption}
      columns={[
        m.concerns_column_person(),
        m.concerns_column_authority(),
        m.concerns_column_purpose(),
        m.concerns_column_result(),
      ]}
    >
      {concerns.map((concern) => (
        <tr key={concern.id} data-now={concern.id === current} data-state={concern.state.state}>
          <th scope="row" className="table__person">
            <span className="table__strong">{listedName(concern.person)}</span>
            <span className="table__detail">{personalData(concern.person)}</span>
          </th>
          <td>
            <Authority concern={concern} />
          </td>
          <td className="table__purpose">{concern.purpose === null ? "–" : purposes[concern.purpose]()}</td>
          <td>
            <Result concern={concern} action={actionFor?.(concern)} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Authority({ concern: { own, authority } }: { concern: ConcernRow }) {
  if (own) return m.concerns_own();
  if (authority === null) return m.concerns_not_on_file();
  const { title, detail } = authorityText(authority);
  return (
    <>
      {title}
      <span className="table__detail">{detail}</span>
    </>
  );
}

function Result({ concern, action }: { concern: ConcernRow; action: ReactNode }) {
  const { tone, word, detail } = standing(concern);
  return (
    <div className="table__result">
      <span>
        <Badge tone={tone}>{word}</Badge>
        {detail !== null && <span className="table__detail">{detail}</span>}
      </span>
      {action}
    </div>
  );
}
