import type { ReactNode, RefObject } from "react";

import type {
  AuthorityView,
  CheckAnswer,
  FaceAnswer,
  ReviewedChip,
  ReviewedVisit as Reviewed,
} from "../backend/bindings";
import { day, dayOfInstant, timeOfDay } from "../format/dates";
import { m } from "../paraglide/messages";
import {
  answers,
  chipConsents,
  chipOutcomes,
  faces,
  isBlocking,
  names,
  outcome,
  purpose,
  type OutcomeText,
} from "../texts/lists";
import { carers } from "../texts/people";
import { authorityText, seenAs } from "../texts/representation";
import { levels, localized } from "../texts/visit";
import { Badge } from "./Badge";
import { OutcomeBadge } from "./OutcomeBadge";
import { Table } from "./Table";

import "./ReviewedVisit.css";

interface ReviewedVisitProps {
  visit: Reviewed;
  headingRef: RefObject<HTMLHeadingElement | null>;
}

/** What was proven in a visit, and what came of it: all that a supervisor judges by. */
export function ReviewedVisit({ visit, headingRef }: ReviewedVisitProps) {
  const { row, carer, authorities } = visit;
  return (
    <article className="reviewed">
      <hgroup>
        <h2 ref={headingRef} tabIndex={-1}>
          {m.reviewed_title({ day: dayOfInstant(row.openedAt) })}
        </h2>
        <p className="reviewed__about">
          {[
            time(visit),
            m.reviewed_by({ id: row.operator }),
            row.second && m.reviewed_second({ id: row.second }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </hgroup>
      <dl className="facts">
        {!isBlocking(row) && (
          <>
            <Fact name={m.pane_at_desk()}>
              {carer === null ? m.reviewed_insured_person() : carers[carer]()}
            </Fact>
            <Evidence visit={visit} />
          </>
        )}
        {authorities.map((authority) => (
          <Fact key={authority.fileNumber} name={m.reviewed_authority()}>
            <Authority authority={authority} />
          </Fact>
        ))}
      </dl>
      <Table
        caption={m.reviewed_concerns()}
        columns={[m.visits_for(), m.visits_purpose(), m.visits_outcome(), m.visits_reference()]}
      >
        {row.concerns.map((concern, place) => (
          <tr key={place}>
            <th scope="row">{concern.kvnrMasked}</th>
            <td className="reviewed__purpose">{purpose(concern)}</td>
            <td>
              <OutcomeBadge outcome={outcome(row, concern)} />
            </td>
            <td className="reviewed__reference">{concern.reference ?? m.visits_none()}</td>
          </tr>
        ))}
      </Table>
    </article>
  );
}

function time({ row: { openedAt, closedAt } }: Reviewed): string {
  const from = timeOfDay(openedAt);
  return closedAt === null ? m.reviewed_since({ from }) : m.reviewed_time({ from, to: timeOfDay(closedAt) });
}

/** Document, checks, name, face, second look, level: in the order of the visit. */
function Evidence({ visit }: { visit: Reviewed }) {
  const { document, checks, level } = visit;
  return (
    <>
      <Fact name={m.summary_document()}>{document === null ? m.visits_none() : localized(document)}</Fact>
      {checks.length > 0 && (
        <Fact name={m.reviewed_checks()}>
          <ul className="reviewed__checks">
            {checks.map(({ title, answer }) => (
              <li key={title.de}>
                <Check title={localized(title)} answer={answer} />
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {visit.chip !== null && (
        <Fact name={m.reviewed_chip()}>
          <Chip chip={visit.chip} />
        </Fact>
      )}
      <Answer name={m.document_name_title()} answer={visit.names} texts={names} />
      <Answer name={m.step_face()} answer={visit.face} texts={faces} />
      {visit.row.second !== null && (
        <Answer name={m.summary_second_look()} answer={visit.secondAnswer} texts={faces} />
      )}
      <Fact name={m.pane_level()}>{levels[level]()}</Fact>
    </>
  );
}

/** A feature that was in order says so by its symbol; any other says its word as well. */
function Check({ title, answer }: { title: string; answer: CheckAnswer }) {
  const { tone, icon, word } = answers[answer]();
  return (
    <Badge tone={tone} icon={icon}>
      {m.reviewed_check({ title, answer: word })}
    </Badge>
  );
}

/** What the document's chip proved, and how the person agreed. */
function Chip({ chip }: { chip: ReviewedChip }) {
  const agrees = (isSo: boolean) => names[isSo ? "pass" : "fail"]();
  const outcomes: [string, OutcomeText][] = [
    [m.reviewed_chip_data(), chipOutcomes[chip.data]()],
    [m.reviewed_chip_copy(), chipOutcomes[chip.copy]()],
    [m.reviewed_chip_name(), agrees(chip.nameAgrees)],
    [m.reviewed_chip_print(), agrees(chip.printAgrees)],
  ];
  return (
    <>
      <ul className="reviewed__checks">
        {outcomes.map(([title, { tone, icon, word }]) => (
          <li key={title}>
            <Badge tone={tone} icon={icon}>
              {m.reviewed_check({ title, answer: word })}
            </Badge>
          </li>
        ))}
      </ul>
      <span className="reviewed__detail">{chipConsents[chip.consent]()}</span>
    </>
  );
}

interface AnswerProps<Given extends CheckAnswer | FaceAnswer> {
  name: string;
  answer: Given | null;
  texts: Record<Given, () => OutcomeText>;
}

function Answer<Given extends CheckAnswer | FaceAnswer>({ name, answer, texts }: AnswerProps<Given>) {
  return (
    <Fact name={name}>
      {answer === null ? m.reviewed_not_answered() : <OutcomeBadge outcome={texts[answer]()} />}
    </Fact>
  );
}

function Authority({ authority }: { authority: AuthorityView }) {
  const { title, detail } = authorityText(authority);
  const deed = [
    m.reviewed_deed({ number: authority.fileNumber, day: day(authority.issuedOn) }),
    authority.seenAs && m.reviewed_seen_as({ form: seenAs[authority.seenAs]() }),
  ];
  return (
    <>
      {title}
      <span className="reviewed__detail">{detail}</span>
      <span className="reviewed__detail">{deed.filter(Boolean).join(" · ")}</span>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
