import type { BlockingState, BlockingTarget } from "./bindings";
import type { FakeDesk } from "./fake";
import { fakeBlocking, fakeReviews } from "./fakeLists";
import { supervisor } from "./fakePeople";

const MINUTE = 60_000;

const person = {
  kvnr: "A123456780",
  familyName: "Amsel",
  givenNames: "Andrea",
  birthDate: "24.12.1971",
  own: true,
  cardNumberTail: null,
};

function order(desk: FakeDesk, target: BlockingTarget = "codes") {
  void desk.call("show_block");
  void desk.call("block", { person, target });
}

function withoutLine(desk: FakeDesk) {
  const since = new Date(desk.now() - 9 * MINUTE).toISOString();
  const until = new Date(desk.now() + 23 * 60 * MINUTE).toISOString();
  desk.setDesk({
    service: { state: "offline", since },
    line: { state: "offline", since, until, codesLeft: 20 },
  });
}

function answered(desk: FakeDesk, state: BlockingState, target: BlockingTarget = "codes") {
  order(desk, target);
  desk.blocked(state);
}

/** Moments of "Code oder Gerät sperren". */
export const blockingScenes = {
  block: (desk: FakeDesk) => void desk.call("show_block"),
  "block-offline": (desk: FakeDesk) => {
    withoutLine(desk);
    void desk.call("show_block");
  },
  "block-not-found": (desk: FakeDesk) => {
    void desk.call("show_block");
    desk.fail({ code: "data_mismatch" });
  },
  "block-ordered": (desk: FakeDesk) => order(desk),
  "block-ordered-offline": (desk: FakeDesk) => {
    withoutLine(desk);
    order(desk);
    desk.setDesk({ outbox: 1 });
  },
  "block-in-force": (desk: FakeDesk) => answered(desk, "in_force"),
  "block-app": (desk: FakeDesk) => answered(desk, "in_force", "app"),
  "block-refused": (desk: FakeDesk) => answered(desk, "refused"),
  "review-blocking": (desk: FakeDesk) => {
    desk.operator = supervisor;
    desk.reviews = fakeReviews(desk.now());
    desk.reviews.visits.push(fakeBlocking(desk.now()));
    void desk.call("show_reviews");
    void desk.call("open_review", { visit: "r-9", reason: null });
  },
};
