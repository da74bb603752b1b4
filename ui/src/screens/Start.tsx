import { Label, ProgressBar } from "react-aria-components";

import type { AppError, CardFacts, CardPane, CardWarning, ReaderStatus, ReadStep } from "../backend/bindings";
import { Action } from "../parts/Action";
import { CardFactsList } from "../parts/CardFactsList";
import { CardPicture } from "../parts/CardPicture";
import { useHotkeys } from "../parts/hotkeys";
import { Icon } from "../parts/Icon";
import { ErrorNotice, Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { readSteps, warning } from "../texts/visit";

import "./Start.css";

/** No visit: waiting for a card. */
export function Start({ card, reader }: { card: CardPane; reader: ReaderStatus }) {
  switch (card.state) {
    case "empty":
      return <Waiting reader={reader} />;
    case "reading":
      return <Reading {...card} />;
    case "read":
      return <Read {...card} />;
    case "failed":
      return <Failed error={card.error} />;
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

function Waiting({ reader }: { reader: ReaderStatus }) {
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
      <div role="status">
        {error === null ? (
          <p className={`start__ready ${isLooking ? "" : "start__ready--good"}`}>
            <Icon name={isLooking ? "ring" : "check"} /> {readyText(reader)}
          </p>
        ) : (
          <ErrorNotice error={error} />
        )}
      </div>
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
  const text = m.reading_progress({ step: Math.min(done + 1, total), total, what: readSteps[step]() });
  return (
    <Page
      key="reading"
      title={m.reading_title()}
      lead={m.reading_lead()}
      picture={<CardPicture state="reading" />}
    >
      <ProgressBar className="progress" value={done} maxValue={total} valueLabel={text}>
        {({ percentage }) => (
          <>
            <Label className="kern-label">{text}</Label>
            <progress className="progress__bar" value={percentage ?? 0} max={100} aria-hidden="true" />
          </>
        )}
      </ProgressBar>
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

function Read({ facts, warnings }: { facts: CardFacts; warnings: CardWarning[] }) {
  return (
    <Page key="read" title={m.read_title()} lead={m.read_lead()} picture={<CardPicture state="read" />}>
      {warnings.map((each) => (
        <Notice key={each.code} tone="attention" title={warning(each)} />
      ))}
      <CardFactsList facts={facts} />
    </Page>
  );
}

function Failed({ error }: { error: AppError }) {
  const call = useCall();
  const again = () => void call("read_again");
  useHotkeys({ F8: again });
  return (
    <Page
      key="failed"
      title={m.failed_title()}
      lead={m.failed_lead()}
      picture={<CardPicture state="broken" />}
      ownError={error.code}
    >
      <div role="alert">
        <ErrorNotice error={error} />
      </div>
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
    </Page>
  );
}
