import type { ReactNode } from "react";

import { CanField, useCan, type CanQuestion } from "../../parts/CanField";
import { CardFront } from "../../parts/CardFace";
import { Page } from "../../parts/Page";
import { m } from "../../paraglide/messages";
import { useCall } from "../../state/workstation";
import type { Frame } from "./ProofOf";

interface NextCanProps {
  question: CanQuestion;
  frame: Frame;
  children: ReactNode;
}

/** The next person's health card lies on the contactless reader: the number on its front opens it. */
export function NextCan({ question, frame, children }: NextCanProps) {
  const call = useCall();
  const can = useCan(question);
  return (
    <Page
      {...frame}
      onBack={() => void call("cancel_reading")}
      primary={{ label: m.action_read_card(), shortcut: "Enter", onPress: can.send }}
    >
      {children}
      <section className="question next-can">
        <CardFront />
        <div>
          <h2>{m.can_title()}</h2>
          <p className="question__hint">{m.can_lead()}</p>
          <CanField can={can} />
          <p className="question__hint">{m.can_insert()}</p>
        </div>
      </section>
    </Page>
  );
}
