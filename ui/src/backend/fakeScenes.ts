import type { FakeDesk } from "./fake";
import { CARD_NUMBER_TAIL, factsOf, unprovenCard } from "./fakeCard";
import { blockingScenes } from "./fakeBlockingScenes";
import { cardScenes } from "./fakeCardScenes";
import { carerScenes } from "./fakeCarerScenes";
import { deskScenes } from "./fakeDeskScenes";
import { chipScenes } from "./fakeChipScenes";
import { documentScenes } from "./fakeDocumentScenes";
import { lineScenes } from "./fakeLineScenes";
import { buntspecht, kiebitz, printer, supervisor } from "./fakePeople";
import { recordScenes } from "./fakeRecordScenes";
import { typedDocument, VISIT_NUMBER, withCheckDigit } from "./fakeTyped";
import { FAKE_REFERENCE_TAIL } from "./fakeVisit";

const MINUTE = 60_000;
const SECOND = 1000;

const CHECKS = ["front", "tilt", "back", "uv", "name"] as const;

type Scene = (desk: FakeDesk) => void;

/** Moments at the desk, each reached by what would lead there. The window opens on one by `#name`. */
export const scenes = {
  ...deskScenes,
  ...cardScenes,
  ...carerScenes,
  ...documentScenes,
  ...chipScenes,
  ...lineScenes,
  ...recordScenes,
  ...blockingScenes,
  starting: () => undefined,
  blocked: (desk) => {
    desk.show({ kind: "blocked" });
    desk.fail({ code: "store_unavailable" });
  },
  start: (desk) => desk.showCard({ state: "empty" }),
  "start-supervisor": (desk) => {
    desk.operator = supervisor;
    desk.showCard({ state: "empty" });
  },
  "start-interrupted": (desk) => {
    const at = (minutes: number) => new Date(desk.now() + minutes * MINUTE).toISOString();
    desk.interrupted = { openedAt: at(-6), resumableUntil: at(9), codeVoided: true };
    desk.showCard({ state: "empty" });
  },
  "start-no-reader": (desk) => {
    desk.setDesk({ reader: { state: "no_reader" } });
    desk.showCard({ state: "empty" });
  },
  reading: (desk) => {
    desk.setDesk({ reader: { state: "card_present", reader: "Virtual PCD 00 00" } });
    desk.readStep(buntspecht, 6);
  },
  "read-not-insured": (desk) => {
    desk.showCard({
      state: "read",
      facts: factsOf(kiebitz),
      warnings: [
        { code: "birth_date_incomplete" },
        { code: "insurance_ended", params: { date: "2026-06-30" } },
      ],
    });
    desk.fail({ code: "not_insured_here" });
  },
  failed: (desk) => {
    desk.setDesk({ reader: { state: "card_mute", reader: "Virtual PCD 00 00" } });
    desk.showCard({ state: "failed", error: { code: "card_mute" } });
    desk.fail({ code: "card_mute" });
  },
  concern: (desk) => desk.beginVisit(buntspecht, desk.now() - 22 * SECOND),
  "concern-number": (desk) => desk.beginVisit(buntspecht, desk.now() - 40 * SECOND, "number"),
  "concern-unknown-day": (desk) => desk.beginVisit(kiebitz, desk.now() - 22 * SECOND),
  document: (desk) => {
    desk.beginVisit(buntspecht, desk.now() - 51 * SECOND);
    const concern = "concern-1";
    void desk.call("choose_concern", {
      concern,
      purpose: "app_activation",
      visitNumber: VISIT_NUMBER,
      cardNumberTail: null,
    });
  },
  "document-dates": (desk) => {
    scenes.document(desk);
    void desk.call("enter_document", typedDocument("de-id-2021"));
  },
  "document-too-long": (desk) => {
    scenes.document(desk);
    void desk.call("enter_document", typedDocument("de-id-provisional"));
  },
  "document-unclear": (desk) => {
    scenes["document-dates"](desk);
    for (const check of CHECKS) {
      void desk.call("answer_check", { check, answer: check === "uv" ? "unclear" : "pass" });
    }
  },
  face: (desk) => {
    scenes["document-dates"](desk);
    for (const check of CHECKS) void desk.call("answer_check", { check, answer: "pass" });
  },
  /** All that the pane can hold at once. */
  "face-unproven": (desk) => {
    desk.cardNumber = { digits: 6, ask: "always" };
    desk.card = unprovenCard;
    desk.beginVisit(kiebitz, desk.now() - 90 * SECOND);
    const choice = { concern: "concern-1", purpose: "app_activation", visitNumber: VISIT_NUMBER } as const;
    void desk.call("choose_concern", { ...choice, cardNumberTail: CARD_NUMBER_TAIL });
    void desk.call("enter_document", typedDocument("de-residence-permit", withCheckDigit("330000")));
    for (const check of CHECKS) {
      void desk.call("answer_check", { check, answer: check === "uv" ? "unclear" : "pass" });
    }
    void desk.call("confirm_document");
  },
  "face-denied": (desk) => {
    scenes.face(desk);
    desk.call("answer_face", { answer: "does_not_match" }).catch(() => undefined);
  },
  summary: (desk) => {
    scenes.face(desk);
    void desk.call("answer_face", { answer: "matches" });
  },
  "summary-step-up": (desk) => {
    desk.stepUp = true;
    scenes.summary(desk);
  },
  "summary-printer-gone": (desk) => {
    scenes.summary(desk);
    desk.setDesk({ printer: { state: "unreachable", name: printer } });
    desk.fail({ code: "printer_unreachable" });
  },
  printing: (desk) => {
    scenes.summary(desk);
    void desk.call("sign_and_print", { pin: null });
  },
  "printing-waiting": (desk) => {
    scenes.printing(desk);
    const { screen } = desk.snapshot();
    if (screen.kind !== "printing") return;
    desk.setDesk({ printer: { state: "stopped", name: printer, reason: "media-empty" } });
    desk.show({ ...screen, step: { ...screen.step, step: { state: "waiting", reason: "media-empty" } } });
  },
  "hand-over": (desk) => {
    scenes.printing(desk);
    desk.printed(desk.now() - 78 * SECOND);
  },
  "hand-over-late": (desk) => {
    scenes.printing(desk);
    desk.setDesk({
      service: { state: "offline", since: new Date(desk.now() - 9 * MINUTE).toISOString() },
      outbox: 3,
    });
    desk.printed(desk.now() - 11 * MINUTE);
  },
  done: (desk) => {
    scenes["hand-over"](desk);
    void desk.call("hand_over", {
      referenceTail: FAKE_REFERENCE_TAIL,
      receipt: "signed",
      returned: true,
    });
  },
  "done-voided": (desk) => {
    scenes["hand-over"](desk);
    desk.voided();
  },
  "done-refused": (desk) => {
    scenes["hand-over"](desk);
    desk.codeRefused();
  },
  "done-denied": (desk) => {
    scenes["face-denied"](desk);
    void desk.call("refuse_visit");
  },
} satisfies Record<string, Scene> as Record<SceneName, Scene>;

export type SceneName =
  | keyof typeof deskScenes
  | keyof typeof cardScenes
  | keyof typeof carerScenes
  | keyof typeof documentScenes
  | keyof typeof chipScenes
  | keyof typeof lineScenes
  | keyof typeof recordScenes
  | keyof typeof blockingScenes
  | "starting"
  | "blocked"
  | "start"
  | "start-supervisor"
  | "start-interrupted"
  | "start-no-reader"
  | "reading"
  | "read-not-insured"
  | "failed"
  | "concern"
  | "concern-number"
  | "concern-unknown-day"
  | "document"
  | "document-dates"
  | "document-too-long"
  | "document-unclear"
  | "face"
  | "face-unproven"
  | "face-denied"
  | "summary"
  | "summary-step-up"
  | "summary-printer-gone"
  | "printing"
  | "printing-waiting"
  | "hand-over"
  | "hand-over-late"
  | "done"
  | "done-voided"
  | "done-refused"
  | "done-denied";

/** Brings `desk` to a scene; without a known name a visit plays by itself from the start. */
export function play(desk: FakeDesk, name: string) {
  if (name in scenes) {
    scenes[name as SceneName](desk);
    return;
  }
  desk.pace = 400;
  desk.showCard({ state: "empty" });
  setTimeout(() => desk.insertCard(), 2500);
}
