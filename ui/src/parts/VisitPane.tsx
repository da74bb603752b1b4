import { useRef, type ReactNode } from "react";
import { useLandmark } from "react-aria/useLandmark";

import type {
  CodeState,
  Level,
  LevelView,
  PersonView,
  VisitPane as VisitPaneView,
} from "../backend/bindings";
import { timeOfDay } from "../format/dates";
import { m } from "../paraglide/messages";
import { carers, personalData } from "../texts/people";
import { levels, missing, missingDetail, otherWarnings, warning } from "../texts/visit";
import { Line } from "./Line";
import { ChipRevoke } from "./ChipRevoke";
import { Proven } from "./Proven";

import "./VisitPane.css";

/** Always answers: who, for whom, what is proven, what is missing, how far. */
export function VisitPane({ pane, codeName }: { pane: VisitPaneView; codeName: string }) {
  const element = useRef<HTMLElement>(null);
  const { landmarkProps } = useLandmark({ role: "complementary", "aria-label": m.region_visit() }, element);
  const { code } = pane;
  const warnings = otherWarnings(pane);
  return (
    <aside {...landmarkProps} ref={element} className="visit-pane">
      <People pane={pane} />
      {warnings.length > 0 && (
        <Section title={m.pane_warnings()}>
          {warnings.map((each) => (
            <Line key={each.code} icon="attention" tone="attention" text={warning(each)} />
          ))}
        </Section>
      )}
      {code === null ? <Progress pane={pane} /> : <Code code={code} name={codeName} />}
    </aside>
  );
}

/** Who stands at the desk, and for whom if it is somebody else. */
function People({ pane }: { pane: VisitPaneView }) {
  const { acting, carer, representativeNumber, subject } = pane;
  const office = [
    carer && carers[carer](),
    // A number is read as one word.
    representativeNumber && m.pane_representative({ number: representativeNumber.replace("-", "\u2011") }),
  ].filter(Boolean);
  return (
    <div className="visit-pane__people">
      <Person
        role={m.pane_at_desk()}
        person={acting}
        about={carer === null ? personalData(acting) : office.join(" · ")}
      />
      {subject !== null && (
        <Person
          role={m.pane_subject()}
          person={subject}
          about={carer === null ? personalData(subject) : m.pane_cared_for()}
        />
      )}
    </div>
  );
}

function Person({ role, person, about }: { role: string; person: PersonView; about: string }) {
  const givenNames = [person.title, person.givenNames].filter((part) => part !== null).join(" ");
  return (
    <section className="visit-pane__person">
      <h2>{role}</h2>
      <p className="visit-pane__name">
        <span>{person.familyName},</span>
        <span>{givenNames}</span>
      </p>
      <p className="visit-pane__about">{about}</p>
    </section>
  );
}

/** Before there is a code: what is proven and what isn't yet. */
function Progress({ pane }: { pane: VisitPaneView }) {
  return (
    <>
      <Proven proofs={pane.proven} />
      {pane.canRevokeChip && <ChipRevoke />}
      {pane.missing.length > 0 && (
        <Section title={m.pane_missing()}>
          {pane.missing.map((each) => (
            <Line
              key={each}
              icon="ring"
              tone="open"
              text={missing[each]()}
              detail={missingDetail(each, pane.carer !== null)}
              spoken={m.missing_state()}
            />
          ))}
        </Section>
      )}
      <LevelBar level={pane.level} />
    </>
  );
}

/** The code's way, and the one sentence to say. */
function Code({ code, name }: { code: CodeState; name: string }) {
  const at = (instant: string | null) =>
    instant === null ? null : m.pane_code_time({ time: timeOfDay(instant) });
  const station = (text: string, instant: string | null) => (
    <Line
      icon={instant === null ? "ring" : "check"}
      tone={instant === null ? "open" : "good"}
      text={text}
      detail={at(instant)}
    />
  );
  return (
    <>
      <Section title={name}>
        {station(m.pane_code_printed(), code.printedAt)}
        {code.voidedAt === null ? (
          <>
            {station(m.pane_code_handed_over(), code.handedOverAt)}
            {code.refusedAt === null ? (
              station(m.pane_code_accepted(), code.acceptedAt)
            ) : (
              <Line icon="cross" tone="bad" text={m.pane_code_refused()} detail={at(code.refusedAt)} />
            )}
          </>
        ) : (
          <Line icon="cross" tone="bad" text={m.pane_code_voided()} detail={at(code.voidedAt)} />
        )}
      </Section>
      {code.voidedAt === null && code.refusedAt === null && (
        <section className="visit-pane__section">
          <h2>{m.pane_say()}</h2>
          <p className="visit-pane__say">{m.pane_say_code()}</p>
        </section>
      )}
    </>
  );
}

const BAR: Level[] = ["normal", "substantial", "high"];

function LevelBar({ level: { reached, needed } }: { level: LevelView }) {
  const reachedPlace = BAR.indexOf(reached);
  return (
    <section className="visit-pane__section">
      <h2>{m.pane_level()}</h2>
      <p className="kern-sr-only">
        {m.pane_level_text({ reached: levels[reached](), needed: levels[needed]() })}
      </p>
      <div className="level" aria-hidden="true">
        {BAR.map((level, place) => (
          <span key={level} className={`level__part ${place <= reachedPlace ? "level__part--reached" : ""}`}>
            <span className={level === needed ? "level__needed" : ""}>
              {level === needed ? m.pane_level_needed({ level: levels[level]() }) : levels[level]()}
            </span>
          </span>
        ))}
      </div>
    </section>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="visit-pane__section">
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}
