import type { AppError, Desk, Role } from "../../backend/bindings";
import { Action } from "../../parts/Action";
import { Badge } from "../../parts/Badge";
import { useHotkeys } from "../../parts/hotkeys";
import { Icon } from "../../parts/Icon";
import { m } from "../../paraglide/messages";
import { isForAll, isOutOfService } from "../../state/line";
import { useCall } from "../../state/workstation";
import { advice } from "../../texts/errors";

/** A form that takes the place of the page. */
export type StartForm = "number" | "carer";

interface OtherWaysProps {
  desk: Desk;
  role: Role | null;
  /** The typed number is the way on. */
  isNumberFirst: boolean;
  onOpen: (form: StartForm) => void;
}

interface Way {
  key: string;
  label: string;
  go: () => void;
  /** Why it can't be gone just now. */
  problem?: string | null;
  badge?: string | null;
}

/** What else can begin here, each with its key; what can't says why. */
export function OtherWays({ desk, role, isNumberFirst, onOpen }: OtherWaysProps) {
  const call = useCall();
  const { withCard } = desk.obstacles;
  const number: Way = {
    key: "F3",
    label: m.start_number(),
    go: () => onOpen("number"),
    problem: problemOf(desk.obstacles.byNumber),
  };
  const ways: Way[] = [
    {
      key: "F2",
      label: m.start_carer(),
      go: () => onOpen("carer"),
      problem: problemOf(desk.obstacles.asRepresentative),
    },
    ...(isNumberFirst ? [] : [number]),
    { key: "F4", label: m.start_today(), go: () => void call("show_today") },
    ...(role === "supervisor"
      ? [
          {
            key: "F5",
            label: m.start_reviews(),
            go: () => void call("show_reviews"),
            badge: desk.tasks === 0 ? null : m.start_reviews_tasks({ count: desk.tasks }),
          },
        ]
      : []),
    {
      key: "F6",
      label: m.start_block(),
      go: () => void call("show_block"),
      problem: isOutOfService(withCard) ? problemOf(withCard) : null,
    },
    { key: "F7", label: m.start_search(), go: () => void call("show_search") },
  ];
  useHotkeys(Object.fromEntries(ways.map(({ key, go, problem }) => [key, problem == null ? go : undefined])));
  const isSaidAbove = isForAll(desk);
  return (
    <>
      {isNumberFirst && <NumberFirst way={number} isSaidAbove={isSaidAbove} />}
      <ul className="start__ways" aria-label={m.start_other_ways()}>
        {ways.map((way) => (
          <li key={way.key}>
            <WayButton way={way} look="secondary" isSaidAbove={isSaidAbove} />
          </li>
        ))}
      </ul>
    </>
  );
}

function problemOf(error: AppError | null): string | null {
  return error === null ? null : advice(error).what;
}

function NumberFirst({ way, isSaidAbove }: { way: Way; isSaidAbove: boolean }) {
  useHotkeys({ F3: way.problem == null ? way.go : undefined });
  return (
    <div>
      <WayButton way={way} look="primary" isSaidAbove={isSaidAbove} autoFocus />
    </div>
  );
}

interface WayButtonProps {
  way: Way;
  look: "primary" | "secondary";
  /** What stands against it stands against everything, and the page says so. */
  isSaidAbove: boolean;
  autoFocus?: boolean;
}

function WayButton({ way, look, isSaidAbove, autoFocus = false }: WayButtonProps) {
  const { key, label, go, problem = null, badge = null } = way;
  const problemId = `start-${key}`;
  const isSaid = problem !== null && !isSaidAbove;
  return (
    <>
      <span className="start__way">
        <Action
          look={look}
          label={label}
          onPress={go}
          hint={key}
          shortcut={key}
          autoFocus={autoFocus && problem === null}
          isDisabled={problem !== null}
          {...(isSaid ? { describedBy: problemId } : {})}
        />
        {badge !== null && <Badge tone="attention">{badge}</Badge>}
      </span>
      {isSaid && (
        <p id={problemId} className="start__problem">
          <Icon name="cross" /> {problem}
        </p>
      )}
    </>
  );
}
