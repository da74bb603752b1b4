import { useEffect, useRef, useState } from "react";

import type { RecoveryScreen } from "../backend/bindings";
import { Action } from "../parts/Action";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { Icon } from "../parts/Icon";
import { Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { Path } from "../parts/Path";
import { RecordsPicture } from "../parts/RecordsPicture";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { recoveryText, undeliveredText } from "../texts/recovery";

import "./Recovery.css";

/** The records can't be used: what happened, that nothing of them is gone, and what to do next. */
export function Recovery({ step }: { step: RecoveryScreen }) {
  const call = useCall();
  const { cause, canBeginAnew } = step;
  const { title, what, next, place } = recoveryText(cause);
  const isMissing = cause.kind === "missing";
  return (
    <Page
      title={title}
      lead={what}
      picture={<RecordsPicture state={isMissing ? "gone" : "kept"} />}
      primary={{
        label: m.recovery_try_again(),
        shortcut: "Enter",
        onPress: () => void call("try_again"),
        autoFocus: true,
      }}
    >
      <Notice tone="info" title={isMissing ? m.recovery_kept_missing() : m.recovery_kept()}>
        {isMissing ? m.recovery_kept_missing_text() : m.recovery_kept_text()}
      </Notice>
      <section className="recovery" data-cause={cause.kind}>
        <h2>{m.recovery_next()}</h2>
        <ol className="recovery__steps">
          <li>
            <p>{next}</p>
            {place !== null && (
              <p className="recovery__place">
                {place.label} <Path>{place.path}</Path>
              </p>
            )}
          </li>
          <Undelivered step={step} />
          {canBeginAnew && <BeginAnew step={step} />}
        </ol>
      </section>
    </Page>
  );
}

/** What the account service lacks can be taken out, sealed to the insurer. */
function Undelivered({ step: { cause, undelivered, exportedTo } }: { step: RecoveryScreen }) {
  const call = useCall();
  // Where the records weren't opened at all there is nothing to tell about them.
  if (exportedTo === null && undelivered === null && cause.kind !== "quarantined") return null;
  return (
    <li>
      {exportedTo === null ? <p>{undeliveredText(undelivered)}</p> : <Saved to={exportedTo} />}
      {exportedTo === null && undelivered !== null && undelivered > 0 && (
        <Action
          look="secondary"
          label={m.recovery_export()}
          onPress={() => void call("export_undelivered")}
        />
      )}
    </li>
  );
}

/** Takes the focus of the button that it replaces. */
function Saved({ to }: { to: string }) {
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) text.current?.focus();
  }, []);
  return (
    <p ref={text} tabIndex={-1} className="recovery__saved">
      <Icon name="check" />
      <span>
        {m.recovery_exported()} <Path>{to}</Path>
      </span>
    </p>
  );
}

function BeginAnew({ step: { cause, undelivered, exportedTo } }: { step: RecoveryScreen }) {
  const call = useCall();
  const [isAsked, setAsked] = useState(false);
  const isUnsaved = exportedTo === null && undelivered !== null && undelivered > 0;
  const isMissing = cause.kind === "missing";
  const text = [
    m.confirm_begin_anew_text(),
    !isMissing && m.confirm_begin_anew_kept(),
    isUnsaved && m.confirm_begin_anew_unsaved({ count: undelivered }),
  ];
  return (
    <li>
      <p>{isMissing ? m.recovery_begin_anew_missing() : m.recovery_begin_anew_text()}</p>
      <Action look="danger" label={m.recovery_begin_anew()} onPress={() => setAsked(true)} />
      {isAsked && (
        <ConfirmDialog
          title={m.confirm_begin_anew_title()}
          text={text.filter(Boolean).join(" ")}
          doIt={m.confirm_begin_anew_do()}
          onConfirm={() => {
            setAsked(false);
            void call("begin_anew");
          }}
          onClose={() => setAsked(false)}
        />
      )}
    </li>
  );
}
