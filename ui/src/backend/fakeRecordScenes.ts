import type { WipedScreen } from "./bindings";
import type { FakeDesk } from "./fake";
import { fakeReviews, fakeReviewsCare, fakeTaskCount, fakeTasks, fakeToday } from "./fakeLists";
import { supervisor } from "./fakePeople";
import { EXPORT_FILE, recoveries, SEALED_FILE, shippedAbout } from "./fakeRecords";

/** `A-H8D3MPWCRZ` is in today's list, and nothing here has the other. */
const KNOWN = "A-H8D3MPWCRZ";
const UNKNOWN = "A-22223333XX";

function supervise(desk: FakeDesk) {
  desk.operator = supervisor;
  desk.reviews = { ...fakeReviews(desk.now()), tasks: fakeTasks(desk.now()) };
  desk.setDesk({ tasks: desk.reviews.tasks.length });
}

function open(desk: FakeDesk, visit: string) {
  desk.operator = supervisor;
  desk.reviews = fakeReviews(desk.now());
  void desk.call("show_reviews");
  void desk.call("open_review", { visit, reason: null });
}

function search(desk: FakeDesk) {
  desk.today = fakeToday(desk.now());
  void desk.call("show_search");
}

function wipe(desk: FakeDesk, step: WipedScreen) {
  desk.operator = null;
  desk.setDesk({ service: { state: "unknown" }, line: { state: "unknown" } });
  desk.show({ kind: "wiped", step });
}

/** Moments with what the desk has recorded: kept, found, not deliverable, damaged, gone. */
export const recordScenes = {
  "start-tasks": (desk: FakeDesk) => {
    supervise(desk);
    desk.showCard({ state: "empty" });
  },
  "reviews-tasks": (desk: FakeDesk) => {
    supervise(desk);
    void desk.call("show_reviews");
  },
  "reviews-care": (desk: FakeDesk) => {
    supervise(desk);
    desk.reviews = fakeReviewsCare(desk.now());
    desk.setDesk({ tasks: fakeTaskCount(desk.reviews), unprovenErasures: desk.reviews.erasures.length });
    void desk.call("show_reviews");
  },
  "review-restricted": (desk: FakeDesk) => {
    desk.operator = supervisor;
    desk.reviews = { ...fakeReviewsCare(desk.now()), erasures: [], alerts: [] };
    void desk.call("show_reviews");
    void desk.call("open_review", { visit: "r-8", reason: "inquiry" });
  },
  "review-keep": (desk: FakeDesk) => open(desk, "r-5"),
  "review-held": (desk: FakeDesk) => open(desk, "r-6"),
  search,
  "search-found": (desk: FakeDesk) => {
    search(desk);
    void desk.call("find_visit", { reference: KNOWN, reason: "inquiry" });
  },
  "search-supervisor": (desk: FakeDesk) => {
    supervise(desk);
    void desk.call("find_visit", { reference: "A-7KQ4XR9BTW", reason: "complaint" });
  },
  "search-not-found": (desk: FakeDesk) => {
    search(desk);
    void desk.call("find_visit", { reference: UNKNOWN, reason: "data_access" });
  },
  about: (desk: FakeDesk) => void desk.call("show_about"),
  "about-shipped": (desk: FakeDesk) => {
    desk.about = shippedAbout;
    void desk.call("show_about");
  },
  "recovery-quarantined": (desk: FakeDesk) => desk.showRecovery(recoveries.quarantined),
  "recovery-exported": (desk: FakeDesk) =>
    desk.showRecovery({ ...recoveries.quarantined, exportedTo: EXPORT_FILE }),
  "recovery-unknown": (desk: FakeDesk) => desk.showRecovery({ ...recoveries.quarantined, undelivered: null }),
  "recovery-missing": (desk: FakeDesk) => desk.showRecovery(recoveries.missing),
  "recovery-wrong-key": (desk: FakeDesk) => desk.showRecovery(recoveries.wrong_key),
  "recovery-key-lost": (desk: FakeDesk) => desk.showRecovery(recoveries.key_lost),
  "recovery-keyring-locked": (desk: FakeDesk) => desk.showRecovery(recoveries.keyring_locked),
  "recovery-newer-program": (desk: FakeDesk) => desk.showRecovery(recoveries.newer_program),
  "recovery-in-use": (desk: FakeDesk) => desk.showRecovery(recoveries.in_use),
  "recovery-read-only": (desk: FakeDesk) => desk.showRecovery(recoveries.read_only),
  "recovery-disk-full": (desk: FakeDesk) => desk.showRecovery(recoveries.disk_full),
  "recovery-not-upgraded": (desk: FakeDesk) => desk.showRecovery(recoveries.not_upgraded),
  "wiped-revoked": (desk: FakeDesk) => wipe(desk, { cause: "revoked", sealedRecords: SEALED_FILE }),
  "wiped-ordered": (desk: FakeDesk) => wipe(desk, { cause: "ordered", sealedRecords: null }),
};
