import { useEffect, useRef, useState } from "react";

import type { AccessReason, Role, SearchScreen } from "../backend/bindings";
import { REFERENCE } from "../format/grouped";
import { Action } from "../parts/Action";
import { CheckedField } from "../parts/CheckedField";
import { ChoiceGroup } from "../parts/ChoiceGroup";
import { Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { VisitTable } from "../parts/VisitTable";
import { m } from "../paraglide/messages";
import { useCall, useWorkstation } from "../state/workstation";
import { accessReasons } from "../texts/retention";

import "./Search.css";

const REASONS: AccessReason[] = ["inquiry", "complaint", "data_access", "correction"];

/** "Besuch suchen": why, by which reference, and the one visit that has it. */
export function Search({ step, role }: { step: SearchScreen; role: Role | null }) {
  const call = useCall();
  const workstation = useWorkstation();
  const [reason, setReason] = useState<AccessReason | null>(null);
  const [reference, setReference] = useState("");
  const [searches, setSearches] = useState(0);
  const field = useRef<HTMLInputElement>(null);

  async function search(reason: AccessReason) {
    await workstation.call("find_visit", { reference: `${REFERENCE.prefix}${reference}`, reason });
    if (workstation.getState().notice !== null) return;
    // The next search has a reason of its own.
    setReason(null);
    setReference("");
    setSearches((before) => before + 1);
  }

  return (
    <Page
      title={m.search_title()}
      lead={m.search_lead()}
      onBack={() => void call("show_start")}
      primary={{
        label: m.search_do(),
        shortcut: "Enter",
        isDisabled: reason === null,
        note: reason === null ? m.search_choose() : null,
        onPress: () => {
          if (reason !== null) void search(reason);
        },
      }}
    >
      <div className="search">
        <ChoiceGroup
          label={m.search_reason()}
          value={reason}
          onChange={setReason}
          onDigit={() => field.current?.focus()}
          choices={REASONS.map((id) => ({ id, label: accessReasons[id]() }))}
          look="chips"
          showDigits
          autoFocus
        />
        <CheckedField
          field="reference"
          label={m.search_reference()}
          grouping={REFERENCE}
          value={reference}
          onChange={setReference}
          hint={m.search_reference_hint()}
          strangerText={(character) => m.search_reference_stranger({ character })}
          inputRef={field}
        />
      </div>
      {step.reference !== null && (
        <Result key={searches} step={step} reference={step.reference} isNew={searches > 0} role={role} />
      )}
    </Page>
  );
}

interface ResultProps {
  step: SearchScreen;
  reference: string;
  /** It was searched for just now, not before the window was loaded again. */
  isNew: boolean;
  role: Role | null;
}

function Result({ step: { found }, reference, isNew, role }: ResultProps) {
  const call = useCall();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isNew) heading.current?.focus();
  }, [isNew]);
  // A reference stays in one piece.
  const title = m.search_result({ reference: reference.replace("-", "\u2011") });
  return (
    <section className="search__result" aria-label={title}>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      {found === null ? (
        <Notice tone="info" title={m.search_none()}>
          {m.search_none_next()}
        </Notice>
      ) : (
        <>
          <VisitTable caption={title} visits={[found]} when="day" />
          {role === "supervisor" && (
            <div>
              <Action
                look="secondary"
                label={m.search_open()}
                onPress={() => void call("open_review", { visit: found.id, reason: null })}
              />
            </div>
          )}
        </>
      )}
    </section>
  );
}
