import type { CodeState, ConcernRow, DoneScreen, VisitPane } from "../backend/bindings";
import { ConcernTable } from "../parts/ConcernTable";
import { ErrorNotice, Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { RefusalNotices } from "../parts/RefusalNotices";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { waitsForRelease } from "../texts/representation";

interface DoneProps {
  step: DoneScreen;
  pane: VisitPane;
}

/** The visit is over; what became of every concern is said. */
export function Done({ step, pane }: DoneProps) {
  const call = useCall();
  const { title, lead } = result(step.concerns, pane.code);
  return (
    <Page
      title={title}
      lead={lead}
      {...(pane.code?.refusedAt != null && { ownError: "code_refused" })}
      primary={{
        label: m.action_finish(),
        shortcut: "Enter",
        onPress: () => void call("finish_visit"),
        autoFocus: true,
      }}
    >
      <Effect concerns={step.concerns} code={pane.code} />
      {step.cardStillIn && (
        <Notice tone="attention" title={m.done_card_still_in()}>
          {m.done_card_still_in_next()}
        </Notice>
      )}
      {pane.carer !== null && <ConcernTable caption={m.concerns_table()} concerns={step.concerns} />}
      <RefusalNotices concerns={step.concerns} isVisitGoingOn={false} />
      <p>{m.done_next()}</p>
    </Page>
  );
}

function result(concerns: ConcernRow[], code: CodeState | null): { title: string; lead: string } {
  const handedOver = concerns.filter(({ state }) => state.state === "handed_over").length;
  if (handedOver > 1) return { title: m.done_title(), lead: m.done_lead_several({ count: handedOver }) };
  if (code === null) {
    const isRefused = concerns.some(({ state }) => state.state === "refused");
    return isRefused
      ? { title: m.done_denied_title(), lead: m.done_denied_lead() }
      : { title: m.done_without_code_title(), lead: m.done_without_code_lead() };
  }
  if (code.refusedAt !== null) return { title: m.done_refused_title(), lead: m.done_refused_lead() };
  if (code.voidedAt !== null) return { title: m.done_voided_title(), lead: m.done_voided_lead() };
  return { title: m.done_title(), lead: m.done_lead() };
}

/** A code is worth something as soon as the account service has accepted the hand-over, not before. */
function Effect({ concerns, code }: { concerns: ConcernRow[]; code: CodeState | null }) {
  if (code === null) return null;
  if (code.refusedAt !== null) {
    return (
      <div role="alert">
        <ErrorNotice error={{ code: "code_refused" }} />
      </div>
    );
  }
  if (code.handedOverAt === null) return null;
  if (concerns.some(waitsForRelease)) {
    return (
      <Notice tone="info" title={m.done_after_release()}>
        {m.done_after_release_next()}
      </Notice>
    );
  }
  return code.acceptedAt === null ? (
    <Notice tone="info" title={m.done_not_accepted()}>
      {m.done_not_accepted_next()}
    </Notice>
  ) : (
    <Notice tone="good" title={m.done_accepted()}>
      {m.done_accepted_next()}
    </Notice>
  );
}
