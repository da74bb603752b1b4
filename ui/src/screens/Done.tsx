import type { CodeState, DoneScreen, VisitPane } from "../backend/bindings";
import { Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";

interface DoneProps {
  step: DoneScreen;
  pane: VisitPane;
}

/** The visit is over; what remains is said. */
export function Done({ step, pane: { code } }: DoneProps) {
  const call = useCall();
  const { title, lead } = result(code);
  return (
    <Page
      title={title}
      lead={lead}
      primary={{
        label: m.action_finish(),
        shortcut: "Enter",
        onPress: () => void call("finish_visit"),
        autoFocus: true,
      }}
    >
      {code?.handedOverAt != null && code.refusedAt === null && <Effect code={code} />}
      {step.cardStillIn && (
        <Notice tone="attention" title={m.done_card_still_in()}>
          {m.done_card_still_in_next()}
        </Notice>
      )}
      <p>{m.done_next()}</p>
    </Page>
  );
}

function result(code: CodeState | null): { title: string; lead: string } {
  if (code === null) return { title: m.done_without_code_title(), lead: m.done_without_code_lead() };
  if (code.refusedAt !== null) return { title: m.done_refused_title(), lead: m.done_refused_lead() };
  if (code.voidedAt !== null) return { title: m.done_voided_title(), lead: m.done_voided_lead() };
  return { title: m.done_title(), lead: m.done_lead() };
}

/** A code is worth something as soon as the account service has accepted the hand-over, not before. */
function Effect({ code }: { code: CodeState }) {
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
