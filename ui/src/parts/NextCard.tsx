import type { CardPane } from "../backend/bindings";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { warning } from "../texts/visit";
import { Action } from "./Action";
import { CardPicture } from "./CardPicture";
import { useHotkeys } from "./hotkeys";
import { ErrorNotice, Notice } from "./Notice";
import { ReadingProgress } from "./ReadingProgress";

import "./NextCard.css";

/** The reader during a carer's visit: a card that goes in names the next person. */
export function NextCard({ card, isFirst }: { card: CardPane; isFirst: boolean }) {
  const call = useCall();
  const again = () => void call("read_again");
  useHotkeys({ F8: card.state === "failed" ? again : undefined });
  switch (card.state) {
    case "empty":
      return isFirst && <FirstCard />;
    case "reading":
      return <ReadingProgress step={card.step} done={card.done} total={card.total} />;
    case "needs_can":
      // Asked on a page of its own.
      return null;
    case "read":
      return card.warnings.map((each) => <Notice key={each.code} tone="attention" title={warning(each)} />);
    case "failed":
      return (
        <>
          <ErrorNotice error={card.error} />
          <div>
            <Action look="secondary" label={m.action_read_again()} onPress={again} hint="F8" shortcut="F8" />
          </div>
        </>
      );
  }
}

function FirstCard() {
  return (
    <section className="first-card">
      <CardPicture state="waiting" />
      <div>
        <h2>{m.next_card_first()}</h2>
        <p>{m.next_card_first_hint()}</p>
      </div>
    </section>
  );
}
