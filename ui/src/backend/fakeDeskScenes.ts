import type { Operator } from "./bindings";
import type { FakeDesk } from "./fake";
import { fakeReviews, fakeToday } from "./fakeLists";
import { clerk, colleague, supervisor } from "./fakePeople";

const MINUTE = 60_000;

/** The birds that work in a larger place. */
const many: Operator[] = [
  colleague,
  clerk,
  supervisor,
  { id: "s-222", initials: "GG", name: "G. Graugans", role: "clerk" },
  { id: "s-229", initials: "II", name: "I. Ibis", role: "clerk" },
  { id: "s-231", initials: "JJ", name: "J.-J. Junko", role: "clerk" },
  { id: "s-240", initials: "NN", name: "N. Nachtigall", role: "clerk" },
  { id: "s-103", initials: "PP", name: "P. Pinguin", role: "supervisor" },
];

/** Moments outside a visit: who works here, what was done, what a supervisor looks at. */
export const deskScenes = {
  "sign-in": (desk: FakeDesk) => desk.showSignIn(),
  "sign-in-many": (desk: FakeDesk) => desk.showSignIn(many),
  "sign-in-one": (desk: FakeDesk) => desk.showSignIn([clerk]),
  "sign-in-locked-out": (desk: FakeDesk) => {
    desk.showSignIn([clerk]);
    desk.fail({
      code: "pin_locked",
      params: { until: new Date(desk.now() + 14 * MINUTE).toISOString() },
    });
  },
  locked: (desk: FakeDesk) => {
    desk.showCard({ state: "empty" });
    void desk.call("lock");
  },
  "locked-visit": (desk: FakeDesk) => {
    desk.beginVisit();
    void desk.call("lock");
  },
  "locked-sheet": (desk: FakeDesk) => {
    desk.beginVisit();
    desk.printed();
    void desk.call("lock");
  },
  today: (desk: FakeDesk) => {
    desk.today = fakeToday(desk.now());
    void desk.call("show_today");
  },
  "today-empty": (desk: FakeDesk) => void desk.call("show_today"),
  reviews: (desk: FakeDesk) => {
    desk.operator = supervisor;
    desk.reviews = fakeReviews(desk.now());
    void desk.call("show_reviews");
  },
  "reviews-empty": (desk: FakeDesk) => {
    desk.operator = supervisor;
    void desk.call("show_reviews");
  },
  "review-carer": (desk: FakeDesk) => openReview(desk, "r-1"),
  "review-chip": (desk: FakeDesk) => openReview(desk, "r-2"),
  "review-refused": (desk: FakeDesk) => openReview(desk, "r-3"),
  "review-took-part": (desk: FakeDesk) => openReview(desk, "r-4"),
  "review-judged": (desk: FakeDesk) => openReview(desk, "r-5"),
};

function openReview(desk: FakeDesk, visit: string) {
  deskScenes.reviews(desk);
  void desk.call("open_review", { visit, reason: null });
}
