import { useState, type ReactNode } from "react";

import type {
  AppError,
  CardFacts,
  CardNumberRule,
  CardPane,
  CardWarning,
  Desk,
  InterruptedVisit,
  ReaderStatus,
  ReadStep,
  ReviewDue,
  Role,
} from "../backend/bindings";
import { momentNear, timeOfDay } from "../format/dates";
import { Action } from "../parts/Action";
import { CardFactsList } from "../parts/CardFactsList";
import { CardPicture } from "../parts/CardPicture";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { useHotkeys } from "../parts/hotkeys";
import { Icon } from "../parts/Icon";
import { ErrorNotice, Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { ReadingProgress } from "../parts/ReadingProgress";
import { m } from "../paraglide/messages";
import { useNow } from "../state/clock";
import { isOutOfService } from "../state/line";
import { useCall, useWorkstationState } from "../state/workstation";
import { reviewDue } from "../texts/reviews";
import { warning } from "../texts/visit";

import { AskCan } from "./AskCan";
import { BeginAsCarer } from "./start/BeginAsCarer";
import { BeginWithNumber } from "./start/BeginWithNumber";
import { OtherWays, type StartForm } from "./start/OtherWays";

import "./Start.css";

interface StartProps {
  card: CardPane;
  interrupted: InterruptedVisit | null;
  cardNumber: CardNumberRule;
  desk: Desk;
  role: Role | null;
}

/** No visit: waiting for a card, a number or a carer. */
export function Start({ card, interrupted, cardNumber, desk, role }: StartProps) {
  const [form, setForm] = useState<StartForm | null>(null);
  const close = () => setForm(null);
  if (card.state === "reading") return <Reading {...card} />;
  if (card.state === "needs_can") return <AskCan {...card} />;
  if (form === "number") {
    return <BeginWithNumber key="number" circumstances={desk} cardNumber={cardNumber} onBack={close} />;
  }
  if (form === "carer") return <BeginAsCarer key="carer" circumstances={desk} onBack={close} />;
  const ways = (
    <OtherWays
      desk={desk}
      role={role}
      onOpen={setForm}
      isNumberFirst={card.state === "failed" && goesOnByNumber(card.error)}
    />
  );
  switch (card.state) {
    case "empty":
      return <Waiting desk={desk} interrupted={interrupted} ways={ways} />;
    case "read":
      return <Read {...card} ways={ways} />;
    case "failed":
      return <Failed error={card.error} isOver={desk.obstacles.withCard === null} ways={ways} />;
  }
}

/** What stands in the way of reading any card. */
function readerError(reader: ReaderStatus): AppError | null {
  switch (reader.state) {
    case "service_down":
      return { code: "reader_service_down" };
    case "service_denied":
      return { code: "reader_service_denied" };
    case "no_reader":
      return { code: "no_reader" };
    case "card_mute":
      return { code: "card_mute" };
    case "starting":
    case "ready":
    case "card_present":
      return null;
  }
}

function readyText(reader: ReaderStatus): string {
  if (reader.state === "ready") return m.start_reader_ready({ reader: reader.readers.join(", ") });
  if (reader.state === "card_present") return m.start_card_in();
  return m.start_reader_looking();
}

/** The card was read, but can't begin the visit: its number can. */
function goesOnByNumber({ code }: AppError): boolean {
  return code === "health_card_not_usable" || code === "health_card_unproven";
}

interface WaitingProps {
  desk: Desk;
  interrupted: InterruptedVisit | null;
  ways: ReactNode;
}

function Waiting({ desk, interrupted, ways }: WaitingProps) {
  const against = desk.obstacles.withCard;
  const error = against ?? readerError(desk.reader);
  return (
    <Page
      key="waiting"
      {...useInvitation(desk, against)}
      picture={<CardPicture state={against !== null ? "off" : error === null ? "waiting" : "broken"} />}
      {...(error && { ownError: error.code })}
    >
      {interrupted !== null && <Interrupted visit={interrupted} />}
      <div role="status">
        {error === null ? (
          <Ready reader={desk.reader} />
        ) : (
          <ErrorNotice error={error} {...(against !== null && { tone: "attention" })} />
        )}
      </div>
      {ways}
      {desk.reviews.map((each) => (
        <Review key={each.part} review={each} />
      ))}
    </Page>
  );
}

/** What to do, or why there is nothing to begin: nobody inserts a card in vain. */
function useInvitation({ line }: Desk, against: AppError | null): { title: string; lead: string } {
  const now = useNow();
  if (against === null) return { title: m.start_title(), lead: m.start_lead() };
  if (isOutOfService(against)) return outOfService();
  if (line.state !== "locked") return { title: m.start_limited_title(), lead: m.start_limited_lead() };
  const since = momentNear(line.since, now);
  return { title: m.start_line_locked_title(), lead: m.start_line_locked_lead({ since }) };
}

function outOfService(): { title: string; lead: string } {
  return { title: m.start_out_of_service_title(), lead: m.start_out_of_service_lead() };
}

function Ready({ reader }: { reader: ReaderStatus }) {
  const isLooking = reader.state === "starting";
  return (
    <p className={`start__ready ${isLooking ? "" : "start__ready--good"}`}>
      <Icon name={isLooking ? "ring" : "check"} /> {readyText(reader)}
    </p>
  );
}

/** Nobody went over catalogue or checklist for long: what is reached here falls. */
function Review({ review }: { review: ReviewDue }) {
  const { isOverdue, title, detail } = reviewDue(review);
  return (
    <Notice tone={isOverdue ? "attention" : "info"} title={title}>
      <span className="start__review">{detail}</span>
    </Notice>
  );
}

/** A visit that the program's end interrupted waits for its clerk. */
function Interrupted({ visit }: { visit: InterruptedVisit }) {
  const call = useCall();
  const [isAsked, setAsked] = useState(false);
  const resume = () => void call("resume_visit");
  useHotkeys({ Enter: resume });
  return (
    <section className="start__interrupted">
      <Notice tone="attention" title={m.interrupted_title({ time: timeOfDay(visit.openedAt) })}>
        {m.interrupted_until({ time: timeOfDay(visit.resumableUntil) })}
        {visit.codeVoided && <strong className="start__void"> {m.interrupted_code_void()}</strong>}
      </Notice>
      <div className="start__decide">
        <Action
          look="primary"
          label={m.action_resume()}
          onPress={resume}
          hint={m.key_enter()}
          shortcut="Enter"
          autoFocus
        />
        <Action look="danger" label={m.action_discard_interrupted()} onPress={() => setAsked(true)} />
      </div>
      {isAsked && (
        <ConfirmDialog
          title={m.confirm_interrupted_title()}
          text={m.confirm_interrupted_text()}
          doIt={m.action_discard_interrupted()}
          onConfirm={() => void call("discard_interrupted")}
          onClose={() => setAsked(false)}
        />
      )}
    </section>
  );
}

interface ReadingProps {
  step: ReadStep;
  done: number;
  total: number;
  facts: CardFacts;
}

function Reading({ step, done, total, facts }: ReadingProps) {
  const call = useCall();
  const cancel = () => void call("cancel_reading");
  useHotkeys({ Escape: cancel });
  return (
    <Page
      key="reading"
      title={m.reading_title()}
      lead={m.reading_lead()}
      picture={<CardPicture state="reading" />}
    >
      <ReadingProgress step={step} done={done} total={total} />
      <CardFactsList facts={facts} />
      <div>
        <Action
          look="secondary"
          label={m.action_cancel_reading()}
          onPress={cancel}
          hint={m.key_escape()}
          shortcut="Escape"
        />
      </div>
    </Page>
  );
}

interface ReadProps {
  facts: CardFacts;
  warnings: CardWarning[];
  ways: ReactNode;
}

/** The card is in order; the account service may be next time. */
const WORTH_ANOTHER_TRY = new Set<AppError["code"]>(["service_unreachable", "service_failing"]);

function Read({ facts, warnings, ways }: ReadProps) {
  const { notice } = useWorkstationState();
  return (
    <Page key="read" title={m.read_title()} lead={m.read_lead()} picture={<CardPicture state="read" />}>
      {warnings.map((each) => (
        <Notice key={each.code} tone="attention" title={warning(each)} />
      ))}
      {notice !== null && WORTH_ANOTHER_TRY.has(notice.code) && <ReadAgain />}
      <CardFactsList facts={facts} />
      {ways}
    </Page>
  );
}

function ReadAgain() {
  const call = useCall();
  const again = () => void call("read_again");
  useHotkeys({ F8: again });
  return (
    <div>
      <Action
        look="primary"
        label={m.action_read_again()}
        onPress={again}
        hint="F8"
        shortcut="F8"
        autoFocus
      />
    </div>
  );
}

interface FailedProps {
  error: AppError;
  /** Nothing stands against a visit any more. */
  isOver: boolean;
  ways: ReactNode;
}

function Failed({ error, isOver, ways }: FailedProps) {
  const byNumber = goesOnByNumber(error);
  // Nothing is wrong with the card then, and reading it again helps nobody.
  const isClosed = isOutOfService(error) && !isOver;
  const isReadable = byNumber || isOutOfService(error);
  return (
    <Page
      key="failed"
      {...failure(error, isClosed)}
      picture={<CardPicture state={isReadable ? "off" : "broken"} />}
      ownError={error.code}
    >
      <div role="alert">
        <ErrorNotice error={error} {...(isReadable && { tone: "attention" })} />
      </div>
      {!byNumber && !isClosed && <ReadAgain />}
      {ways}
    </Page>
  );
}

function failure(error: AppError, isClosed: boolean): { title: string; lead: string } {
  if (isClosed) return outOfService();
  return goesOnByNumber(error)
    ? { title: m.failed_without_card_title(), lead: m.failed_without_card_lead() }
    : { title: m.failed_title(), lead: m.failed_lead() };
}
