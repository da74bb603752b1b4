import type { Operator, SummaryRow, SummaryScreen, VisitPane } from "../backend/bindings";
import { longDay } from "../format/dates";
import { Badge } from "../parts/Badge";
import { ConcernTable } from "../parts/ConcernTable";
import { Notice } from "../parts/Notice";
import { Obstacle } from "../parts/Obstacle";
import { Page } from "../parts/Page";
import { PinField, usePin } from "../parts/PinField";
import { Table } from "../parts/Table";
import { m } from "../paraglide/messages";
import type { Circumstances } from "../state/line";
import { useCall } from "../state/workstation";
import { spokenName } from "../texts/people";
import { summaryRow } from "../texts/summary";
import { levels, levelTitles } from "../texts/visit";

interface SummaryProps {
  step: SummaryScreen;
  pane: VisitPane;
  operator: Operator | null;
  circumstances: Circumstances;
}

/** "Alles geprüft. Schreiben drucken?" */
export function Summary({ step, pane, operator, circumstances }: SummaryProps) {
  const call = useCall();
  const pin = usePin();
  const name = operator?.name ?? "";
  const { against } = step;
  return (
    <Page
      title={title(step)}
      lead={step.replaces ? m.summary_lead_replaces({ name }) : m.summary_lead({ name })}
      canGoBack={!step.replaces && !step.rows.some((row) => row.what === "second_look" && row.by !== null)}
      canAbort
      {...(against && { ownError: against.code })}
      primary={{
        label: m.action_print(),
        shortcut: "Enter",
        isDisabled: !step.ready || against !== null,
        note: against === null ? null : m.not_possible_now(),
        onPress: () => void call("sign_and_print", { pin: step.stepUp ? pin.take() : null }),
        autoFocus: !step.stepUp,
      }}
    >
      <Obstacle against={against} />
      {against === null && <Verdict step={step} pane={pane} />}
      {circumstances.line.state === "offline" && against === null && (
        <Notice tone="info" title={m.summary_offline()}>
          {m.summary_offline_text()}
        </Notice>
      )}
      <Table
        caption={m.summary_table()}
        columns={[m.summary_column_check(), m.summary_column_result(), m.summary_column_evidence()]}
      >
        {step.rows.map((row) => (
          <Row key={row.what} row={row} />
        ))}
      </Table>
      {pane.carer !== null && <ConcernTable caption={m.concerns_table()} concerns={step.concerns} />}
      {step.stepUp && step.ready && <PinField label={m.pin_yours()} pin={pin} autoFocus />}
    </Page>
  );
}

function title({ ready, against, rows }: SummaryScreen): string {
  if (!ready || against !== null) return m.summary_title_not_ready();
  const isUnasked = rows.some((row) => row.what === "insurance" && !row.asked);
  return isUnasked ? m.summary_title_offline() : m.summary_title();
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
  const title = m.summary_ready({ level: levelTitles[reached]() });
  const [only, ...others] = step.concerns.filter(({ state }) => state.state === "possible");
  const validity = { days: step.validDays, until: longDay(step.validUntil) };
  if (only === undefined || others.length > 0) {
    return (
      <Notice tone="good" title={title}>
        {m.summary_codes({ count: others.length + 1, ...validity })}
      </Notice>
    );
  }
  return (
    <Notice tone="good" title={title}>
      {m.summary_code_for({ name: spokenName(only.person), ...validity })}
    </Notice>
  );
}

function Row({ row }: { row: SummaryRow }) {
  const { check, result, tone, evidence } = summaryRow(row);
  return (
    <tr>
      <th scope="row">{check}</th>
      <td>
        <Badge tone={tone}>{result}</Badge>
      </td>
      <td>{evidence}</td>
    </tr>
  );
}
