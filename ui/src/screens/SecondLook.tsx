import { useRef, useState } from "react";

import type { FaceAnswer, Operator, SecondLookScreen, VisitPane } from "../backend/bindings";
import { ChoiceGroup, type Choice } from "../parts/ChoiceGroup";
import { Icon } from "../parts/Icon";
import { Page } from "../parts/Page";
import { PinField, usePin } from "../parts/PinField";
import { StaffPicker } from "../parts/StaffPicker";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { spokenName } from "../texts/people";
import { authorityText, secondLookReasons } from "../texts/representation";
import { localized } from "../texts/visit";

import "./SecondLook.css";

interface SecondLookProps {
  step: SecondLookScreen;
  pane: VisitPane;
  operator: Operator | null;
}

/** "Vier-Augen-Prüfung": somebody else sits down here, looks, answers and signs. */
export function SecondLook({ step, pane, operator }: SecondLookProps) {
  const { members } = step;
  const call = useCall();
  const [staff, setStaff] = useState(members.length === 1 ? (members[0]?.id ?? null) : null);
  const [answer, setAnswer] = useState<FaceAnswer | null>(null);
  const pin = usePin();
  const answers = useRef<HTMLDivElement>(null);

  const reasons = step.reasons.map((reason) => secondLookReasons[reason]()).join(" ");
  const choices: Choice<FaceAnswer>[] = [
    { id: "matches", label: m.second_look_matches(), hint: m.second_look_matches_hint(), tone: "good" },
    { id: "doubt", label: m.second_look_doubt(), hint: m.second_look_no_hint(), tone: "attention" },
    { id: "does_not_match", label: m.face_does_not_match(), hint: m.second_look_no_hint(), tone: "bad" },
  ];
  return (
    <Page
      title={m.second_look_title()}
      lead={m.second_look_lead({ reasons, name: operator?.name ?? "" })}
      canGoBack
      canAbort
      primary={{
        label: m.action_second_look(),
        shortcut: "Enter",
        isDisabled: staff === null || answer === null,
        note: staff === null ? m.second_look_who_first() : null,
        onPress: () => {
          if (staff !== null && answer !== null) void call("second_look", { staff, pin: pin.take(), answer });
        },
      }}
    >
      <div className="second-look">
        <section>
          <h2>{m.second_look_who()}</h2>
          <StaffPicker
            label={m.second_look_who()}
            members={members}
            chosen={staff}
            onChoose={(id) => {
              setStaff(id);
              pin.take();
            }}
            onDone={() => answers.current?.querySelector("input")?.focus()}
            autoFocus={staff === null}
          />
          <LookAt step={step} pane={pane} />
        </section>
        <div ref={answers} className="second-look__answer">
          <ChoiceGroup
            label={m.second_look_question()}
            value={answer}
            onChange={setAnswer}
            onDigit={() => pin.input.current?.focus()}
            choices={choices}
            look="tiles"
            showDigits
            autoFocus={staff !== null}
          />
          <PinField label={m.second_look_pin()} pin={pin} />
        </div>
      </div>
    </Page>
  );
}

/** Document, face and each deed, in words. */
function LookAt({ step: { document, deeds }, pane }: { step: SecondLookScreen; pane: VisitPane }) {
  const things = [
    { id: "document", what: localized(document), how: m.second_look_document_hint() },
    { id: "face", what: m.second_look_face(), how: spokenName(pane.acting) },
    ...deeds.map(({ id, person, authority }) => {
      const { title, detail } = authority === null ? { title: "", detail: "" } : authorityText(authority);
      return {
        id,
        what: m.second_look_deed({ name: spokenName(person) }),
        how: [title, authority?.fileNumber, detail].filter(Boolean).join(" · "),
      };
    }),
  ];
  return (
    <>
      <h2>{m.second_look_look_at()}</h2>
      <ul className="second-look__things">
        {things.map(({ id, what, how }) => (
          <li key={id}>
            <Icon name="ring" />
            <span>
              <strong>{what}</strong>
              <span>{how}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
