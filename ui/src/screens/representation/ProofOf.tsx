import { useEffect, useRef, useState, type ReactNode } from "react";

import type {
  AuthorityView,
  ConcernRow,
  DeedInput,
  ProofKind,
  SeenAs,
  VisitPane,
} from "../../backend/bindings";
import { day, typedDay } from "../../format/dates";
import { focusCurrent, useFollowCurrent } from "../../parts/checklist";
import { CheckRow } from "../../parts/CheckRow";
import { ChoiceGroup, type Choice } from "../../parts/ChoiceGroup";
import { useHotkeys } from "../../parts/hotkeys";
import { Page } from "../../parts/Page";
import { m } from "../../paraglide/messages";
import { useCall } from "../../state/workstation";
import { personalData, spokenName } from "../../texts/people";
import { authorityText, proofKinds, seenAs } from "../../texts/representation";
import { DeedFields, useTypedDeed } from "./DeedFields";

/** Question and lead of the page around. */
export interface Frame {
  title: string;
  lead: string;
}

export interface QuestionProps {
  concern: ConcernRow;
  pane: VisitPane;
  frame: Frame;
  /** All concerns of the visit, above the question. */
  children: ReactNode;
}

/** What the clerk saw of a deed; `null`: not answered yet. */
interface Seen {
  seenAs: SeenAs | null;
  names: "agree" | "differ" | null;
  declaration: "signed" | "not_signed" | null;
}

/** A proof as the clerk chooses it: the deed on file is shown again, or something else is. */
type Shown = "on_file" | ProofKind;

const OTHERS: ProofKind[] = ["deed", "single_matter_deed", "errand", "spouse", "nothing"];

function kindLabel(shown: Shown, isOnFile: boolean): string {
  if (shown === "on_file") return m.proof_kind_on_file();
  return shown === "deed" && isOnFile ? m.proof_kind_other_deed() : proofKinds[shown]();
}

/** "Vertretungsnachweis für …" */
export function ProofOf({ concern, pane, frame, children }: QuestionProps) {
  const { authority, person } = concern;
  const call = useCall();
  const [shown, setShown] = useState<Shown>(authority === null ? "deed" : "on_file");
  const [seen, setSeen] = useState<Seen>({ seenAs: null, names: null, declaration: null });
  const typed = useTypedDeed();
  const list = useRef<HTMLOListElement>(null);

  const isOnFile = shown === "on_file" && authority !== null;
  const isDeed = isOnFile || shown === "deed" || shown === "single_matter_deed";
  const needsDeclaration = authority?.declarationNeeded ?? true;
  const rows = isDeed ? checkRows(seen, needsDeclaration) : [];
  const current = rows.find(({ answer }) => answer === null) ?? null;
  const isComplete = current === null && (isOnFile || !isDeed || typed.isComplete);

  function present(seen: Seen) {
    const proof = shown === "on_file" ? "deed" : shown;
    const written = isOnFile ? filed(authority) : typed.input;
    const deed = isDeed ? { ...written, ...answers(seen) } : null;
    void call("present_proof", { concern: concern.id, proof, deed });
  }

  const follow = useFollowCurrent(list, current?.id ?? null);
  function answer(id: keyof Seen, given: string) {
    follow();
    const next = { ...seen, [id]: given };
    setSeen(next);
    // All seen and all in order: nobody needs to confirm that. What isn't is looked at again before it counts.
    const after = checkRows(next, needsDeclaration);
    const isGood = after.every(
      ({ answer, choices }) => choices.find(({ id }) => id === answer)?.tone === "good",
    );
    if (isGood && (isOnFile || typed.isComplete)) present(next);
  }
  const answerByKey = (place: number) => {
    const choice = current?.choices.at(place);
    if (current !== null && choice !== undefined) answer(current.id, choice.id);
  };
  useHotkeys({ F9: () => answerByKey(0), "Shift+F9": () => answerByKey(-1) });

  useEffect(() => {
    if (isOnFile) focusCurrent(list.current);
  }, [isOnFile]);

  const kinds: Shown[] = [...(authority === null ? [] : (["on_file"] as const)), ...OTHERS];
  return (
    <Page
      {...frame}
      canAbort
      primary={{
        label: m.action_present_proof(),
        shortcut: "Enter",
        isDisabled: !isComplete,
        note: current === null ? null : m.document_next({ what: current.title }),
        onPress: () => present(seen),
      }}
    >
      {children}
      <section className="question">
        <h2>{m.proof_title({ name: spokenName(person) })}</h2>
        <ChoiceGroup
          label={m.proof_shown()}
          value={shown}
          onChange={setShown}
          choices={kinds.map((id) => ({ id, label: kindLabel(id, authority !== null) }))}
          look="chips"
        />
        {isOnFile && <OnFile authority={authority} />}
        {!isOnFile && isDeed && <DeedFields typed={typed} />}
        {isDeed && (
          <ol ref={list} className="checks" aria-label={m.proof_checks()}>
            {rows.map((row, place) => (
              <CheckRow
                key={row.id}
                {...row}
                {...(row.id === "names" ? { sample: namesOf(pane, concern) } : {})}
                place={place + 1}
                isCurrent={row === current}
                onAnswer={(given) => answer(row.id, given)}
              />
            ))}
          </ol>
        )}
      </section>
    </Page>
  );
}

/** The authority in words, as the register has it. */
function OnFile({ authority }: { authority: AuthorityView }) {
  const { title, detail } = authorityText(authority);
  const { fileNumber, issuedOn, confirmedOn } = authority;
  return (
    <p className="deed__on-file">
      <strong>{title}</strong> · {m.authority_file({ fileNumber, date: day(issuedOn) })}
      <span>
        {detail} ·{" "}
        {confirmedOn === null
          ? m.authority_never_confirmed()
          : m.authority_confirmed({ date: day(confirmedOn) })}
      </span>
    </p>
  );
}

interface Row {
  id: keyof Seen;
  title: string;
  hint: string;
  answer: string | null;
  choices: Choice<string>[];
}

/** What to look at, the usual answer first. */
function checkRows(seen: Seen, needsDeclaration: boolean): Row[] {
  const rows: Row[] = [
    {
      id: "seenAs",
      title: m.proof_seen_as(),
      hint: m.proof_seen_as_hint(),
      answer: seen.seenAs,
      choices: [
        { id: "original", label: seenAs.original(), tone: "good" },
        { id: "certified_copy", label: seenAs.certified_copy(), tone: "good" },
        { id: "copy", label: seenAs.copy(), tone: "bad" },
      ],
    },
    {
      id: "names",
      title: m.proof_names(),
      hint: m.proof_names_hint(),
      answer: seen.names,
      choices: [
        { id: "agree", label: m.answer_names_agree(), tone: "good" },
        { id: "differ", label: m.answer_names_differ(), tone: "bad" },
      ],
    },
  ];
  if (!needsDeclaration) return rows;
  return [
    ...rows,
    {
      id: "declaration",
      title: m.proof_declaration(),
      hint: m.proof_declaration_hint(),
      answer: seen.declaration,
      choices: [
        { id: "signed", label: m.answer_signed(), tone: "good" },
        { id: "not_signed", label: m.answer_not_signed(), tone: "bad" },
      ],
    },
  ];
}

function namesOf(pane: VisitPane, { person }: ConcernRow): string {
  return `${spokenName(pane.acting)} · ${spokenName(person)}, ${personalData({ ...person, kvnrMasked: null })}`;
}

/** The deed on file as if it were typed. */
function filed(authority: AuthorityView): Omit<DeedInput, "seenAs" | "namesAgree" | "declaredUnchanged"> {
  const { court, fileNumber, issuedOn, areas, provisional, provisionalUntil } = authority;
  return {
    court,
    fileNumber,
    issuedOn: typedDay(issuedOn),
    areas,
    provisional,
    provisionalUntil: provisionalUntil === null ? null : typedDay(provisionalUntil),
  };
}

function answers({
  seenAs,
  names,
  declaration,
}: Seen): Pick<DeedInput, "seenAs" | "namesAgree" | "declaredUnchanged"> {
  return {
    seenAs: seenAs ?? "copy",
    namesAgree: names === "agree",
    declaredUnchanged: declaration === "signed",
  };
}
