import type { Purpose } from "./bindings";
import type { FakeDesk } from "./fake";
import { unprovenCard } from "./fakeCard";
import { buntspecht } from "./fakePeople";
import { VISIT_NUMBER } from "./fakeTyped";

const SECOND = 1000;

/** Somebody has said what they came for, and takes out their document. */
export function comeFor(desk: FakeDesk, purpose: Purpose) {
  desk.beginVisit(buntspecht, desk.now() - 51 * SECOND);
  const concern = "concern-1";
  const choice = { concern, purpose, visitNumber: VISIT_NUMBER, cardNumberTail: null };
  void desk.call("choose_concern", choice);
}

/** The desk has a scanner for the zone. */
function comeToScanner(desk: FakeDesk) {
  desk.scan = { state: "ready" };
  comeFor(desk, "app_activation");
}

function choose(desk: FakeDesk, documentType: string) {
  const nothing = { birthDate: null, expiryDate: null, unlimited: false, number: null };
  desk.call("enter_document", { documentType, ...nothing }).catch(() => undefined);
}

/** Moments with the person's document: what it is good for, how its dates are read. */
export const documentScenes = {
  "start-review-due": (desk: FakeDesk) => {
    desk.setDesk({ reviews: [{ part: "catalogue", until: "2026-12-13", then: "substantial" }] });
    desk.showCard({ state: "empty" });
  },
  "start-review-overdue": (desk: FakeDesk) => {
    const due = { part: "checklist", until: "2026-12-01", then: "substantial" } as const;
    desk.setDesk({ reviews: [{ part: "catalogue", until: null, then: "normal" }, due] });
    desk.showCard({ state: "empty" });
  },
  "concern-epa-unproven": (desk: FakeDesk) => {
    desk.card = unprovenCard;
    desk.beginVisit(buntspecht, desk.now() - 22 * SECOND);
  },
  "document-epa": (desk: FakeDesk) => comeFor(desk, "epa"),
  "document-insufficient": (desk: FakeDesk) => {
    comeFor(desk, "app_activation");
    choose(desk, "de-licence");
  },
  "document-insufficient-epa": (desk: FakeDesk) => {
    comeFor(desk, "epa");
    choose(desk, "other-passport");
  },
  /** An insurer for whom the purpose needs no more than such a document proves. */
  "document-printed": (desk: FakeDesk) => {
    desk.needed = "normal";
    comeFor(desk, "app_activation");
    choose(desk, "de-licence");
  },
  "document-unlimited": (desk: FakeDesk) => {
    desk.needed = "normal";
    comeFor(desk, "app_activation");
    choose(desk, "de-disabled-pass");
  },
  "document-scan-ready": comeToScanner,
  "document-scanned": (desk: FakeDesk) => {
    comeToScanner(desk);
    desk.scanned(2);
  },
  "document-scan-bad": (desk: FakeDesk) => {
    comeToScanner(desk);
    desk.scanSays({ state: "bad", problem: "other_document" });
  },
  "document-scan-unavailable": (desk: FakeDesk) => {
    comeToScanner(desk);
    desk.scanSays({ state: "unavailable" });
  },
};
