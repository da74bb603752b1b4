import { useState } from "react";

import type { BlockedView, BlockingTarget, BlockScreen, LineView } from "../backend/bindings";
import { Action } from "../parts/Action";
import { ChoiceGroup } from "../parts/ChoiceGroup";
import { useHotkeys } from "../parts/hotkeys";
import { Notice } from "../parts/Notice";
import { Page } from "../parts/Page";
import { PersonFields, useTypedPerson } from "../parts/PersonFields";
import { m } from "../paraglide/messages";
import { useCall, useWorkstationState } from "../state/workstation";
import { blockingTargets, recordedText } from "../texts/blocking";
import { advice } from "../texts/errors";

import "./Block.css";

const TARGETS: BlockingTarget[] = ["codes", "app"];

/** "Code oder Gerät sperren": with little proof, by any clerk, at once. */
export function Block({ step, line }: { step: BlockScreen; line: LineView }) {
  // A number stays in one piece.
  const number = step.blockingNumber.replaceAll(" ", "\u00a0");
  if (step.recorded === null) return <Order key="order" number={number} line={line} />;
  return <Recorded key="recorded" recorded={step.recorded} number={number} line={line} />;
}

interface OrderProps {
  /** Where something is blocked at any hour. */
  number: string;
  line: LineView;
}

/** Whose, and what. */
function Order({ number, line }: OrderProps) {
  const call = useCall();
  const { notice } = useWorkstationState();
  const person = useTypedPerson();
  const [target, setTarget] = useState<BlockingTarget | null>(null);
  const isBlockedByError = notice !== null && notice.code !== "field_invalid";
  return (
    <Page
      title={m.block_title()}
      lead={m.block_lead()}
      onBack={() => void call("show_start")}
      {...(isBlockedByError && { ownError: notice.code })}
      primary={{
        label: m.block_do(),
        shortcut: "Enter",
        isDisabled: target === null,
        note: target === null ? m.block_choose() : null,
        onPress: () => {
          if (target !== null) void call("block", { person: person.input(true), target });
        },
      }}
    >
      <div role="alert">
        {isBlockedByError && (
          <Notice tone="bad" title={advice(notice).what} code={notice.code}>
            {m.block_nothing({ number })}
          </Notice>
        )}
      </div>
      <div className="block">
        <PersonFields person={person} />
        <ChoiceGroup
          label={m.block_what()}
          value={target}
          onChange={setTarget}
          choices={TARGETS.map((id) => ({ id, ...blockingTargets[id]() }))}
          look="tiles"
          showDigits
        />
        <div role="status">
          {hasLine(line) ? (
            <p className="block__number">{m.block_number({ number })}</p>
          ) : (
            <Notice tone="attention" title={m.block_offline()}>
              {m.block_offline_next({ number })}
            </Notice>
          )}
        </div>
      </div>
    </Page>
  );
}

/** What was recorded, and whether it is blocked. */
function Recorded({ recorded, number, line }: OrderProps & { recorded: BlockedView }) {
  const call = useCall();
  const another = () => void call("show_block");
  useHotkeys({ F6: another });
  const { tone, title, lead, what, next } = recordedText(recorded, number, hasLine(line));
  return (
    <Page
      title={title}
      lead={lead}
      primary={{ label: m.block_done(), shortcut: "Enter", onPress: () => void call("show_start") }}
    >
      <div role="status">
        <Notice tone={tone} title={what}>
          {next}
        </Notice>
      </div>
      <dl className="facts block__facts">
        <div>
          <dt>{m.visits_for()}</dt>
          <dd>{recorded.kvnrMasked}</dd>
        </div>
        <div>
          <dt>{m.block_what_was()}</dt>
          <dd>{blockingTargets[recorded.blocking.target]().label}</dd>
        </div>
        <div>
          <dt>{m.block_data()}</dt>
          <dd>{recorded.confirmed ? m.block_data_confirmed() : m.block_data_unconfirmed()}</dd>
        </div>
      </dl>
      <div>
        <Action look="secondary" label={m.block_another()} onPress={another} hint="F6" shortcut="F6" />
      </div>
    </Page>
  );
}

/** Nothing is said to be gone before anybody has looked. */
function hasLine({ state }: LineView): boolean {
  return state === "connected" || state === "unknown";
}
