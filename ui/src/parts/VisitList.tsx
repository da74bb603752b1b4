import type { RefObject } from "react";
import {
  Collection,
  Header,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  type Selection,
} from "react-aria-components";

import type { VisitRow } from "../backend/bindings";
import { dayAndTime } from "../format/dates";
import { m } from "../paraglide/messages";
import { isBlocking, judgements, purpose } from "../texts/lists";
import { Badge } from "./Badge";

import "./VisitList.css";

interface VisitListProps {
  visits: VisitRow[];
  /** Id of the visit that is shown beside the list. */
  opened: string | null;
  onOpen: (id: string) => void;
  listRef: RefObject<HTMLDivElement | null>;
}

/** Visits to be looked at: arrow keys walk through them, Enter opens one. */
export function VisitList({ visits, opened, onOpen, listRef }: VisitListProps) {
  function onSelectionChange(selection: Selection) {
    const [id] = selection === "all" ? [] : selection;
    if (id !== undefined) onOpen(String(id));
  }

  const blockings = visits.filter(isBlocking);
  const waiting = visits.filter((visit) => visit.review === null && !isBlocking(visit));
  const reviewed = visits.filter(({ review }) => review !== null);
  return (
    <ListBox
      ref={listRef}
      className="visit-list"
      aria-label={m.reviews_list()}
      selectionMode="single"
      disallowEmptySelection
      // A question that opens keeps the focus: the press is over by then.
      shouldSelectOnPressUp
      selectedKeys={opened === null ? [] : [opened]}
      onSelectionChange={onSelectionChange}
      renderEmptyState={() => m.reviews_empty()}
      autoFocus="first"
    >
      {waiting.length > 0 && <Group title={m.reviews_open()} visits={waiting} />}
      {reviewed.length > 0 && <Group title={m.reviews_done()} visits={reviewed} />}
      {blockings.length > 0 && <Group title={m.reviews_blockings()} visits={blockings} />}
    </ListBox>
  );
}

function Group({ title, visits }: { title: string; visits: VisitRow[] }) {
  return (
    <ListBoxSection>
      <Header className="visit-list__title">{title}</Header>
      <Collection items={visits}>{(visit) => <Visit visit={visit} />}</Collection>
    </ListBoxSection>
  );
}

function Visit({ visit }: { visit: VisitRow }) {
  const { id, openedAt, review, held, offline } = visit;
  const judgement = review === null ? null : judgements[review]();
  return (
    <ListBoxItem id={id} textValue={title(visit)} className="visit-list__visit">
      <span className="visit-list__time">{dayAndTime(openedAt)}</span>
      {judgement !== null && (
        <Badge tone={judgement.tone} icon={judgement.icon}>
          {judgement.word}
        </Badge>
      )}
      <span className="visit-list__for">
        {title(visit)}
        {held !== null && <span className="visit-list__held"> · {m.held_badge()}</span>}
      </span>
      {offline && (
        <span className="visit-list__offline">
          <Badge tone="attention">{m.visits_offline()}</Badge>
        </span>
      )}
    </ListBoxItem>
  );
}

function title(visit: VisitRow): string {
  if (visit.restricted) return m.visits_restricted();
  // It ended before it had a concern.
  if (visit.aborted && visit.concerns.length === 0) return m.outcome_aborted();
  return `${numbers(visit)} · ${about(visit)}`;
}

function numbers({ concerns }: VisitRow): string {
  return concerns.map(({ kvnrMasked }) => kvnrMasked).join(", ") || m.visits_none();
}

function about({ representative, concerns }: VisitRow): string {
  return representative ? m.visits_representative() : purpose(concerns[0]);
}
