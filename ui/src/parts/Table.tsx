import type { ReactNode } from "react";

import "./Table.css";

interface TableProps {
  /** Read aloud; the page's question says it to those who see. */
  caption: string;
  columns: string[];
  children: ReactNode;
}

/** A calm table: rows and nothing around them. */
export function Table({ caption, columns, children }: TableProps) {
  return (
    <table className="table">
      <caption className="kern-sr-only">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
