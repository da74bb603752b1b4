import { useEffect, useId, useRef, useState } from "react";

import type { ConsentForm, ConsentText } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { useCall, useWorkstation, useWorkstationState } from "../state/workstation";
import { localized } from "../texts/visit";
import { Action } from "./Action";
import { ErrorNotice } from "./Notice";

import "./ChipConsent.css";

interface ChipConsentProps {
  consent: ConsentText;
  onClose: () => void;
}

/**
 * The page that is turned to the person, in large print and with nothing else in sight: they answer, both ways alike. The
 * focus is on its heading, so that no key of the clerk's is their answer. Escape leaves it open.
 */
export function ChipConsent({ consent, onClose }: ChipConsentProps) {
  const call = useCall();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    heading.current?.focus();
    return () => element?.close();
  }, []);

  const agree = (form: ConsentForm) => {
    onClose();
    void call("agree_to_chip", { form, wording: consent.wording });
  };
  const decline = () => {
    onClose();
    void call("decline_chip");
  };
  return (
    <dialog
      ref={dialog}
      className="chip-consent"
      aria-labelledby={titleId}
      data-wording={consent.wording}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a text that scrolls is scrolled by keys as well */}
      <div className="chip-consent__page" role="region" aria-labelledby={titleId} tabIndex={0}>
        <h2 ref={heading} id={titleId} tabIndex={-1}>
          {localized(consent.heading)}
        </h2>
        {consent.paragraphs.map((paragraph, place) => (
          <p key={place}>{localized(paragraph)}</p>
        ))}
      </div>
      <div className="chip-consent__answers">
        <Action look="secondary" label={m.chip_agree()} onPress={() => agree("tapped")} />
        <Action look="secondary" label={m.chip_decline()} onPress={decline} />
      </div>
      <ForStaff onSigned={() => agree("signed")} onBack={onClose} />
    </dialog>
  );
}

/** The same on paper, for whoever would rather read it there; and the way back. */
function ForStaff({ onSigned, onBack }: { onSigned: () => void; onBack: () => void }) {
  const call = useCall();
  const workstation = useWorkstation();
  const { notice } = useWorkstationState();
  const [isPrinted, setPrinted] = useState(false);
  const print = async () => {
    await call("print_chip_consent");
    setPrinted(workstation.getState().notice === null);
  };
  return (
    <section className="chip-consent__staff" aria-label={m.chip_consent_staff()}>
      <div role="status">
        {notice === null && !isPrinted && <p>{m.chip_consent_staff()}</p>}
        {notice !== null && <ErrorNotice error={notice} />}
        {isPrinted && notice === null && <p>{m.chip_consent_printed()}</p>}
      </div>
      <Action look="plain" label={m.chip_consent_print()} onPress={() => void print()} />
      {isPrinted && <Action look="secondary" label={m.chip_consent_signed()} onPress={onSigned} />}
      <Action look="plain" label={m.chip_consent_back()} onPress={onBack} hint={m.key_escape()} />
    </section>
  );
}
