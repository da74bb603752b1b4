import { useRef, useState, type RefObject } from "react";
import { Button } from "react-aria-components";

import type { Proof } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { proof as proofText } from "../texts/visit";
import { AuthenticityDetails, StateDetails } from "./CardDetails";
import { ChipDetails } from "./ChipDetails";
import { Explanation } from "./Explanation";
import { useHotkeys } from "./hotkeys";
import { Icon } from "./Icon";
import { KeyHint } from "./KeyHint";
import { Line, LineContent, type LineProps } from "./Line";

/** Proofs that say more when they are asked. */
type Explained = Extract<Proof, { what: "health_card_read" | "health_card_state" | "chip" }>;

function isExplained(proof: Proof): proof is Explained {
  return ["health_card_read", "health_card_state", "chip"].includes(proof.what);
}

/** What is proven. One key opens the reasons one after the other, without the question losing its place. */
export function Proven({ proofs }: { proofs: Proof[] }) {
  const explained = proofs.filter(isExplained);
  const [opened, setOpened] = useState<Explained["what"] | null>(null);
  const openLine = useRef<HTMLButtonElement>(null);
  const open = explained.find(({ what }) => what === opened);

  const openNext = () => {
    const next = open === undefined ? 0 : explained.indexOf(open) + 1;
    setOpened(explained[next]?.what ?? null);
  };
  useHotkeys(explained.length > 0 ? { "Control+i": openNext, "Control+I": openNext } : {}, {
    evenIn: "popovers",
  });

  return (
    <section className="visit-pane__section">
      <div className="visit-pane__heading">
        <h2>{m.pane_proven()}</h2>
        {explained.length > 0 && (
          <p className="visit-pane__details" aria-hidden="true">
            {m.pane_details()} <KeyHint>{m.key_control_i()}</KeyHint>
          </p>
        )}
      </div>
      <ul>
        {proofs.map((each, place) =>
          isExplained(each) ? (
            <ExplainedLine
              key={place}
              proof={each}
              isOpen={each === open}
              openLine={openLine}
              onOpen={() => setOpened(each.what)}
              isFirst={each === explained[0]}
            />
          ) : (
            <Line key={place} {...lineOf(each)} />
          ),
        )}
      </ul>
      <Explanation
        triggerRef={openLine}
        isOpen={open !== undefined}
        onClose={() => setOpened(null)}
        isWide={open?.what === "chip"}
        placement={isNarrow() ? "bottom" : "left top"}
      >
        {open?.what === "health_card_read" && <AuthenticityDetails authenticity={open.authenticity} />}
        {open?.what === "health_card_state" && <StateDetails card={open.card} />}
        {open?.what === "chip" && <ChipDetails lines={open.lines} counts={open.counts} />}
      </Explanation>
    </section>
  );
}

/** The pane stands below the question (App.css): there is no room beside it. */
function isNarrow(): boolean {
  return matchMedia("(max-width: 60rem)").matches;
}

function lineOf(proof: Proof): LineProps {
  const { state, text, detail } = proofText(proof);
  if (state === "proven")
    return { icon: "check", tone: "good", text, detail, spoken: m.proof_state_proven() };
  // What speaks against a card or a document is to be seen, not only what is open about it.
  const isAgainst = proof.what === "chip" && proof.counts === "contradicts";
  if (proof.what === "health_card_state" || isAgainst) {
    return { icon: "attention", tone: "attention", text, detail, spoken: m.status_sign_attention() };
  }
  return { icon: "half", tone: "partly", text, detail, spoken: m.proof_state_partly() };
}

interface ExplainedLineProps {
  proof: Explained;
  isOpen: boolean;
  /** Filled with the line whose explanation is open. */
  openLine: RefObject<HTMLButtonElement | null>;
  onOpen: () => void;
  /** A key opens it from anywhere. */
  isFirst: boolean;
}

function ExplainedLine({ proof, isOpen, openLine, onOpen, isFirst }: ExplainedLineProps) {
  const { tone, ...content } = lineOf(proof);
  return (
    <li className={`line line--button line--${tone}`}>
      <Button
        ref={isOpen ? openLine : null}
        className="line__button"
        onPress={onOpen}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-keyshortcuts={isFirst ? "Control+I" : undefined}
      >
        <LineContent {...content} />
        <span className="line__more">
          <Icon name="chevron" />
        </span>
      </Button>
    </li>
  );
}
