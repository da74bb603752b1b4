import { useState, type ReactNode } from "react";

import type {
  AppError,
  CardFacts,
  CardNumberRule,
  CardPane,
  CardWarning,
  InterruptedVisit,
  ReaderStatus,
  ReadStep,
  ReviewDue,
  Role,
} from "../backend/bindings";
import { timeOfDay } from "../format/dates";
import { REPRESENTATIVE_NUMBER } from "../format/grouped";
import { Action } from "../parts/Action";
import { CardFactsList } from "../parts/CardFactsList";
import { CardPicture } from "../parts/CardPicture";
import { CheckedField } from "../parts/CheckedField";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { useHotkeys } from "../parts/hotkeys";
import { Icon } from "../parts/Icon";
import { ErrorNotice, Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { PersonFields, useTypedPerson } from "../parts/PersonFields";
import { ReadingProgress } from "../parts/ReadingProgress";
import { m } from "../paraglide/messages";
import { useCall, useWorkstationState } from "../state/workstation";
import { reviewDue } from "../texts/reviews";
import { warning } from "../texts/visit";

import { AskCan } from "./AskCan";

import "./Start.css";

interface StartProps {
  card: CardPane;
  interrupted: InterruptedVisit | null;
  cardNumber: CardNumberRule;
  reader: ReaderStatus;
  reviews: ReviewDue[];
  role: Role | null;
}

/** No visit: waiting for a card, a number or a carer. */
export function Start({ card, interrupted, cardNumber, reader, reviews, role }: StartProps) {
  const [form, setForm] = useState<"number" | "carer" | null>(null);
  if (card.state === "reading") return <Reading {...card} />;
  if (card.state === "needs_can") return <AskCan {...card} />;
  if (form === "number") {
    return <BeginWithNumber key="number" cardNumber={cardNumber} onBack={() => setForm(null)} />;
  }
  if (form === "carer") return <BeginAsCarer key="carer" onBack={() => setForm(null)} />;
  const ways = (
    <OtherWays
      role={role}
      onOpen={setForm}
      isNumberFirst={card.state === "failed" && goesOnByNumber(card.error)}
    />
  );
  switch (card.state) {
    case "empty":
      return <Waiting reader={reader} interrupted={interrupted} reviews={reviews} ways={ways} />;
    case "read":
      return <Read {...card} ways={ways} />;
    case "failed":
      return <Failed error={card.error} ways={ways} />;
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

interface WaitingProps {
  reader: ReaderStatus;
  interrupted: InterruptedVisit | null;
  reviews: ReviewDue[];
  ways: ReactNode;
}

/** The card was read, but can't begin the visit: its number can. */
function goesOnByNumber({ code }: AppError): boolean {
  return code === "health_card_not_usable" || code === "health_card_unproven";
}

interface OtherWaysProps {
  role: Role | null;
  /** The typed number is the way on. */
  isNumberFirst: boolean;
  onOpen: (form: "number" | "carer") => void;
}

/** What else can begin here, each with its key. */
function OtherWays({ role, isNumberFirst, onOpen }: OtherWaysProps) {
  const call = useCall();
  const number = { key: "F3", label: m.start_number(), go: () => onOpen("number") };
  const ways = [
    { key: "F2", label: m.start_carer(), go: () => onOpen("carer") },
    ...(isNumberFirst ? [] : [number]),
    { key: "F4", label: m.start_today(), go: () => void call("show_today") },
    ...(role === "supervisor"
      ? [{ key: "F5", label: m.start_reviews(), go: () => void call("show_reviews") }]
      : []),
  ];
  useHotkeys(Object.fromEntries(ways.map(({ key, go }) => [key, go])));
  return (
    <>
      {isNumberFirst && <NumberFirst onPress={number.go} />}
      <ul className="start__ways" aria-label={m.start_other_ways()}>
        {ways.map(({ key, label, go }) => (
          <li key={key}>
            <Action look="secondary" label={label} onPress={go} hint={key} shortcut={key} />
          </li>
        ))}
      </ul>
    </>
  );
}

function NumberFirst({ onPress }: { onPress: () => void }) {
  useHotkeys({ F3: onPress });
  return (
    <div>
      <Action look="primary" label={m.start_number()} onPress={onPress} hint="F3" shortcut="F3" autoFocus />
    </div>
  );
}

function Waiting({ reader, interrupted, reviews, ways }: WaitingProps) {
  const error = readerError(reader);
  const isLooking = reader.state === "starting";
  return (
    <Page
      key="waiting"
      title={m.start_title()}
      lead={m.start_lead()}
      picture={<CardPicture state={error === null ? "waiting" : "broken"} />}
      {...(error && { ownError: error.code })}
    >
      {interrupted !== null && <Interrupted visit={interrupted} />}
      <div role="status">
        {error === null ? (
          <p className={`start__ready ${isLooking ? "" : "start__ready--good"}`}>
            <Icon name={isLooking ? "ring" : "check"} /> {readyText(reader)}
          </p>
        ) : (
          <ErrorNotice error={error} />
        )}
      </div>
      {ways}
      {reviews.map((each) => (
        <Review key={each.part} review={each} />
      ))}
    </Page>
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

/** An insured person without their card. */
function BeginWithNumber({ cardNumber, onBack }: { cardNumber: CardNumberRule; onBack: () => void }) {
  const call = useCall();
  const person = useTypedPerson();
  return (
    <Page
      title={m.begin_number_title()}
      lead={m.begin_number_lead()}
      onBack={onBack}
      primary={{
        label: m.action_begin(),
        shortcut: "Enter",
        onPress: () => void call("begin_with_number", person.input(true)),
      }}
    >
      <PersonFields person={person} cardNumber={cardNumber} />
    </Page>
  );
}

/** A carer, by their representative's number. */
function BeginAsCarer({ onBack }: { onBack: () => void }) {
  const call = useCall();
  const [number, setNumber] = useState("");
  const begin = (number: string) =>
    void call("begin_as_carer", { number: `${REPRESENTATIVE_NUMBER.prefix}${number}` });
  return (
    <Page
      title={m.begin_carer_title()}
      lead={m.begin_carer_lead()}
      onBack={onBack}
      primary={{
        label: m.action_begin(),
        shortcut: "Enter",
        onPress: () => begin(number),
      }}
    >
      <CheckedField
        field="representative_number"
        label={m.begin_carer_number()}
        grouping={REPRESENTATIVE_NUMBER}
        value={number}
        onChange={(typed) => {
          setNumber(typed);
          // The last symbol is there: nobody needs to press a key for what is complete.
          if (typed.length === REPRESENTATIVE_NUMBER.length && typed !== number) begin(typed);
        }}
        hint={m.begin_carer_number_hint()}
        strangerText={(character) => m.begin_carer_stranger({ character })}
        autoFocus
      />
    </Page>
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

function Failed({ error, ways }: { error: AppError; ways: ReactNode }) {
  const byNumber = goesOnByNumber(error);
  return (
    <Page
      key="failed"
      title={byNumber ? m.failed_without_card_title() : m.failed_title()}
      lead={byNumber ? m.failed_without_card_lead() : m.failed_lead()}
      picture={<CardPicture state={byNumber ? "off" : "broken"} />}
      ownError={error.code}
    >
      <div role="alert">
        <ErrorNotice error={error} {...(byNumber && { tone: "attention" })} />
      </div>
      {!byNumber && <ReadAgain />}
      {ways}
    </Page>
  );
}
