import { useEffect, useRef, useState } from "react";

import type { AccessReason, Operator, ReviewOutcome, ReviewsScreen } from "../backend/bindings";
import type { Primary } from "../parts/Foot";
import { Hold } from "../parts/Hold";
import { Judgement } from "../parts/Judgement";
import { Page } from "../parts/Page";
import { usePin } from "../parts/PinField";
import { ReasonDialog } from "../parts/ReasonDialog";
import { ReviewedVisit } from "../parts/ReviewedVisit";
import { Tasks } from "../parts/Tasks";
import { VisitList } from "../parts/VisitList";
import { m } from "../paraglide/messages";
import { useCall } from "../state/workstation";
import { isBlocking, revocable } from "../texts/lists";
import { accessReasons } from "../texts/retention";

import "./Reviews.css";

const REASONS: AccessReason[] = ["inquiry", "complaint", "data_access", "correction"];

interface ReviewsProps {
  step: ReviewsScreen;
  operator: Operator | null;
}

/** "Besuche prüfen": the list, what was proven in the chosen visit, and the judgement. */
export function Reviews({ step, operator }: ReviewsProps) {
  const { visits, selected, tasks, erasures, alerts } = step;
  const call = useCall();
  const pin = usePin();
  const [judgement, setJudgement] = useState<{ visit: string; outcome: ReviewOutcome } | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  const visit = selected?.row.id ?? null;
  const outcome = judgement !== null && judgement.visit === visit ? judgement.outcome : null;

  // The focus goes along: to what was opened, and back to the list after a judgement.
  const shown = useRef(visit);
  useEffect(() => {
    if (visit !== null && visit !== shown.current) heading.current?.focus();
    else if (document.activeElement === document.body) list.current?.focus();
    shown.current = visit;
  }, [visit]);

  // The last task is done, and its button with it.
  const hasTasks = tasks.length + erasures.length + alerts.length > 0;
  useEffect(() => {
    if (!hasTasks && document.activeElement === document.body) list.current?.focus();
  }, [hasTasks]);

  // Kept and not used: whoever looks says why.
  const [guarded, setGuarded] = useState<string | null>(null);
  const open = (id: string) => {
    pin.take();
    if (visits.find((each) => each.id === id)?.restricted === true) setGuarded(id);
    else void call("open_review", { visit: id, reason: null });
  };
  const openGuarded = (id: string, reason: AccessReason) => {
    setGuarded(null);
    void call("open_review", { visit: id, reason });
  };
  const leaveGuarded = () => {
    setGuarded(null);
    list.current?.focus();
  };

  const revokes = outcome === "substantial_defect" && selected !== null && revocable(selected.row).length > 0;
  const primary: Primary | null =
    visit === null || selected?.judge !== "may"
      ? null
      : {
          label: revokes ? m.review_sign_and_revoke() : m.review_sign(),
          shortcut: "Enter",
          isDisabled: outcome === null,
          note: outcome === null ? m.review_choose() : null,
          onPress: () => {
            if (outcome !== null) void call("review", { visit, outcome, pin: pin.take() });
          },
        };

  const waiting = visits.filter((each) => each.review === null && !isBlocking(each)).length;
  return (
    <Page
      title={m.reviews_title()}
      lead={waiting === 0 ? m.reviews_none_waiting() : m.reviews_waiting({ count: waiting })}
      onBack={() => void call("show_start")}
      primary={primary}
    >
      {hasTasks && (
        <Tasks
          tasks={tasks}
          erasures={erasures}
          alerts={alerts}
          reader={operator?.id ?? null}
          onOpen={open}
        />
      )}
      <div className="reviews">
        <VisitList visits={visits} opened={visit} onOpen={open} listRef={list} />
        {selected === null ? (
          <p className="reviews__hint">{m.reviews_hint()}</p>
        ) : (
          <>
            <ReviewedVisit visit={selected} headingRef={heading} />
            <div className="reviews__side">
              <Judgement
                visit={selected}
                outcome={outcome}
                onJudge={(given) => setJudgement({ visit: selected.row.id, outcome: given })}
                pin={pin}
              />
              <Hold key={selected.row.id} visit={selected.row} />
            </div>
          </>
        )}
      </div>
      {guarded !== null && (
        <ReasonDialog
          title={m.restricted_title()}
          text={m.restricted_text()}
          label={m.hold_reasons()}
          reasons={REASONS.map((id) => ({ id, label: accessReasons[id]() }))}
          doIt={m.task_open()}
          onDo={(reason) => openGuarded(guarded, reason)}
          onClose={leaveGuarded}
        />
      )}
    </Page>
  );
}
