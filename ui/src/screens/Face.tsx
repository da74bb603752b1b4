import { useState } from "react";

import type { FaceAnswer, FaceScreen } from "../backend/bindings";
import { ChipPicture } from "../parts/ChipPicture";
import { ChoiceGroup, type Choice } from "../parts/ChoiceGroup";
import { Page } from "../parts/Page";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";

import "./Face.css";

/** "Gesicht vergleichen" */
export function Face({ step }: { step: FaceScreen }) {
  const call = useCall();
  const [answer, setAnswer] = useState(step.answer);
  // With the answer the chip's picture has served: it leaves the window before the shell has even heard of it.
  const [isGiven, setGiven] = useState(false);
  const [isFailed, setFailed] = useState(false);
  const picture = isGiven || step.answer !== null ? null : step.picture;
  const isShown = picture !== null && !isFailed;
  const give = (answer: FaceAnswer) => {
    setGiven(true);
    void call("answer_face", { answer });
  };
  const choices: Choice<FaceAnswer>[] = [
    { id: "matches", label: m.face_matches(), hint: m.face_matches_hint(), tone: "good" },
    { id: "doubt", label: m.face_doubt(), hint: m.face_doubt_hint(), tone: "attention" },
    { id: "does_not_match", label: m.face_does_not_match(), hint: m.face_does_not_match_hint(), tone: "bad" },
  ];

  return (
    <Page
      title={m.face_title()}
      lead={isShown ? m.face_lead_picture() : m.face_lead()}
      canGoBack
      canAbort
      canRefuse={step.answer === "does_not_match"}
      primary={{
        label: m.action_next(),
        shortcut: "Enter",
        isDisabled: answer === null,
        onPress: () => {
          if (answer !== null) give(answer);
        },
      }}
    >
      <div className="face">
        {isShown ? (
          <ChipPicture key={picture.token} picture={picture} onFail={() => setFailed(true)} />
        ) : (
          <Prompts />
        )}
        <div className="face__answer">
          {isShown && (
            <p className="face__prompts-line">
              {m.face_prompts_line({
                prompts: prompts()
                  .map(([what]) => what)
                  .join(" · "),
              })}
            </p>
          )}
          <ChoiceGroup
            label={m.face_question()}
            value={answer}
            onChange={setAnswer}
            onDigit={(chosen) => {
              // The usual answer goes on at once; the others are looked at before they are given.
              if (chosen === "matches") give(chosen);
            }}
            choices={choices}
            look="tiles"
            showDigits
            autoFocus
          />
          <p className="face__kept">{m.face_kept()}</p>
          <p role="status" className="face__kept">
            {isFailed && m.face_picture_failed()}
          </p>
        </div>
      </div>
    </Page>
  );
}

/** Where to look: prompts, nothing to tick. */
function prompts() {
  return [
    [m.face_prompt_ears(), m.face_prompt_ears_hint()],
    [m.face_prompt_eyes(), m.face_prompt_eyes_hint()],
    [m.face_prompt_nose(), m.face_prompt_nose_hint()],
    [m.face_prompt_hair(), m.face_prompt_hair_hint()],
    [m.face_prompt_marks(), m.face_prompt_marks_hint()],
    [m.face_prompt_age(), m.face_prompt_age_hint()],
  ] as const;
}

function Prompts() {
  return (
    <section className="face__prompts">
      <h2>{m.face_prompts()}</h2>
      <ul>
        {prompts().map(([what, how]) => (
          <li key={what}>
            <strong>{what}</strong>
            <span>{how}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
