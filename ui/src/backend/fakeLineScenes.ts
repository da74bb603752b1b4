import type { ClockView, LineView } from "./bindings";
import type { FakeDesk } from "./fake";
import { carerScenes } from "./fakeCarerScenes";
import { buntspecht } from "./fakePeople";
import { typedDocument, VISIT_NUMBER } from "./fakeTyped";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Codes that may wait for the line at once. */
const CODES = 20;

/** The line has been gone for so long (hours). */
function lineGone(desk: FakeDesk, hours: number, codesLeft: number = CODES - 3) {
  const at = (hours: number) => new Date(desk.now() + hours * HOUR).toISOString();
  const since = at(-hours);
  const line: LineView =
    hours < 24
      ? { state: "offline", since, until: at(24 - hours), codesLeft }
      : hours < 72
        ? { state: "delivery_only", since, until: at(72 - hours) }
        : { state: "locked", since };
  desk.setDesk({ service: { state: "offline", since }, line, outbox: 6 });
}

function clockIs(desk: FakeDesk, clock: ClockView) {
  desk.setDesk({ clock });
  desk.showCard({ state: "empty" });
}

function begin(desk: FakeDesk) {
  desk.beginVisit(buntspecht, desk.now() - 51 * SECOND);
}

/** Everything is answered; what is left is the print. */
function answerAll(desk: FakeDesk) {
  begin(desk);
  void desk.call("choose_concern", {
    concern: "concern-1",
    purpose: "app_activation",
    visitNumber: VISIT_NUMBER,
    cardNumberTail: null,
  });
  void desk.call("enter_document", typedDocument("de-id-2021"));
  for (const check of ["front", "tilt", "back", "uv", "name"]) {
    void desk.call("answer_check", { check, answer: "pass" });
  }
  void desk.call("answer_face", { answer: "matches" });
}

/** Moments without a line to the account service, or with a wrong clock. */
export const lineScenes = {
  "start-offline": (desk: FakeDesk) => {
    lineGone(desk, 3);
    desk.showCard({ state: "empty" });
  },
  "start-offline-codes": (desk: FakeDesk) => {
    lineGone(desk, 20, 0);
    desk.showCard({ state: "empty" });
  },
  "start-offline-staff": (desk: FakeDesk) => {
    desk.knowsStaff = false;
    lineGone(desk, 14);
    desk.showCard({ state: "empty" });
  },
  "start-delivery-only": (desk: FakeDesk) => {
    lineGone(desk, 26);
    desk.showCard({ state: "empty" });
  },
  "start-line-locked": (desk: FakeDesk) => {
    lineGone(desk, 75);
    desk.showCard({ state: "empty" });
  },
  "start-desk-locked": (desk: FakeDesk) => {
    desk.outOfService = { code: "desk_locked" };
    desk.showCard({ state: "empty" });
  },
  "start-records-behind": (desk: FakeDesk) => {
    desk.outOfService = { code: "records_behind" };
    desk.showCard({ state: "failed", error: desk.outOfService });
  },
  "start-clock-off": (desk: FakeDesk) => clockIs(desk, { state: "off", minutes: 6 }),
  "start-clock-wrong": (desk: FakeDesk) => clockIs(desk, { state: "wrong", minutes: -17 }),
  "start-clock-stepped-back": (desk: FakeDesk) => clockIs(desk, { state: "stepped_back" }),
  "concern-offline": (desk: FakeDesk) => {
    lineGone(desk, 3);
    begin(desk);
  },
  "summary-offline": (desk: FakeDesk) => {
    lineGone(desk, 3);
    answerAll(desk);
  },
  "summary-delivery-only": (desk: FakeDesk) => {
    answerAll(desk);
    lineGone(desk, 26);
  },
  "representation-offline": (desk: FakeDesk) => {
    carerScenes["representation-refused"](desk);
    lineGone(desk, 1);
  },
};
