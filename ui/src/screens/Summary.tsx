import type { Operator, SummaryRow, SummaryScreen, VisitPane } from "../backend/bindings";
import { longDay } from "../format/dates";
import { Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { levels, levelTitles } from "../texts/visit";
import { summaryRow } from "../texts/summary";

import "./Summary.css";

interface SummaryProps {
  step: SummaryScreen;
  pane: VisitPane;
  operator: Operator;
}

/** "Alles geprüft. Schreiben drucken?" */
export function Summary({ step, pane, operator }: SummaryProps) {
  const call = useCall();
  return (
    <Page
      title={m.summary_title()}
      lead={m.summary_lead({ name: operator.name })}
      canGoBack
      canAbort
      primary={{
        label: m.action_print(),
        shortcut: "Enter",
        isDisabled: !step.ready,
        onPress: () => void call("sign_and_print"),
        autoFocus: true,
      }}
    >
      <Verdict step={step} pane={pane} />
      <table className="kern-table summary">
        <caption className="kern-sr-only">{m.summary_table()}</caption>
        <thead>
          <tr>
            <th scope="col">{m.summary_column_check()}</th>
            <th scope="col">{m.summary_column_result()}</th>
            <th scope="col">{m.summary_column_evidence()}</th>
          </tr>
        </thead>
        <tbody>
          {step.rows.map((row) => (
            <Row key={row.what} row={row} />
          ))}
        </tbody>
      </table>
    </Page>
  );
}

function Verdict({ step, pane }: { step: SummaryScreen; pane: VisitPane }) {
  const { reached, needed } = pane.level;
  if (!step.ready) {
    return (
      <Notice tone="attention" title={m.summary_not_ready()}>
        {m.summary_not_ready_text({ needed: levels[needed](), reached: levels[reached]() })}
      </Notice>
    );
  }
  const name = [pane.title, pane.givenNames, pane.familyName].filter(Boolean).join(" ");
  return (
    <Notice tone="good" title={m.summary_ready({ level: levelTitles[reached]() })}>
      {m.summary_code_for({ name, days: step.validDays, until: longDay(step.validUntil) })}
    </Notice>
  );
}

function Row({ row }: { row: SummaryRow }) {
  const { check, result, tone, evidence } = summaryRow(row);
  return (
    <tr>
      <th scope="row">{check}</th>
      <td>
        <span className={`badge badge--${tone}`}>{result}</span>
      </td>
      <td>{evidence}</td>
    </tr>
  );
}
