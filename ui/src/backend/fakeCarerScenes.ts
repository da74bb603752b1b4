import type { CardPerson, CheckAnswer, ProofInput } from "./bindings";
import type { FakeDesk } from "./fake";
import { amsel, elster, habicht, kiebitz, onFile, PIN, personView, supervisor } from "./fakePeople";
import { typedDocument, withCheckDigit } from "./fakeTyped";
import { FAKE_REFERENCE_TAIL } from "./fakeVisit";

const SECOND = 1000;

function begin(desk: FakeDesk) {
  desk.showCard({ state: "empty" });
  desk.beginVisit(elster, desk.now() - 100 * SECOND, "carer");
}

/** Shows the deed on file for the concern that is asked for. */
function deedOf(concern: string, person: CardPerson): ProofInput {
  const filed = onFile[personView(person).kvnrMasked ?? ""];
  const typed = (date: string) => date.split("-").reverse().join(".");
  return {
    concern,
    proof: "deed",
    deed: {
      court: filed?.court ?? "Amtsgericht Altona",
      fileNumber: filed?.fileNumber ?? "17 XVII 12/26",
      issuedOn: typed(filed?.issuedOn ?? "2026-11-02"),
      areas: filed?.areas ?? ["health", "social_benefits", "post"],
      provisional: filed?.provisional ?? false,
      provisionalUntil: filed?.provisionalUntil == null ? null : typed(filed.provisionalUntil),
      seenAs: "original",
      namesAgree: true,
      declaredUnchanged: true,
    },
  };
}

function name(desk: FakeDesk, person: CardPerson, concern: string) {
  desk.insertCard(person);
  void desk.call("present_proof", deedOf(concern, person));
}

/** One possible, one refused: the visit goes on. */
function oneRefused(desk: FakeDesk) {
  begin(desk);
  name(desk, amsel, "concern-1");
  name(desk, habicht, "concern-2");
}

/** Two possible; the second deed is new and needs the back office's release. */
function twoPossible(desk: FakeDesk) {
  begin(desk);
  name(desk, amsel, "concern-1");
  name(desk, kiebitz, "concern-2");
}

function look(desk: FakeDesk, uv: CheckAnswer = "pass") {
  void desk.call("confirm_concerns");
  void desk.call("enter_document", typedDocument("de-id-2021", withCheckDigit("921113")));
  for (const check of ["front", "tilt", "back", "name"])
    void desk.call("answer_check", { check, answer: "pass" });
  void desk.call("answer_check", { check: "uv", answer: uv });
}

function secondLook(desk: FakeDesk) {
  twoPossible(desk);
  look(desk);
  void desk.call("answer_face", { answer: "matches" });
}

function summary(desk: FakeDesk) {
  desk.stepUp = true;
  secondLook(desk);
  void desk.call("second_look", { staff: supervisor.id, pin: PIN, answer: "matches" });
}

function handOver(desk: FakeDesk) {
  summary(desk);
  void desk.call("sign_and_print", { pin: PIN });
  desk.printed(desk.now() - 78 * SECOND);
}

const HANDED_OVER = { referenceTail: FAKE_REFERENCE_TAIL, receipt: "signed", returned: true } as const;

function handOverSecond(desk: FakeDesk) {
  handOver(desk);
  void desk.call("hand_over", HANDED_OVER);
  desk.printed(desk.now() - 32 * SECOND);
}

/** Moments of a carer's visit. */
export const carerScenes = {
  representation: begin,
  "representation-reading": (desk: FakeDesk) => {
    begin(desk);
    desk.readNext(2);
  },
  "representation-on-file": (desk: FakeDesk) => {
    begin(desk);
    desk.insertCard(amsel);
  },
  "representation-new-deed": (desk: FakeDesk) => {
    begin(desk);
    name(desk, amsel, "concern-1");
    desk.insertCard(kiebitz);
  },
  "representation-refused": oneRefused,
  "representation-own": (desk: FakeDesk) => {
    begin(desk);
    name(desk, amsel, "concern-1");
    desk.insertCard(elster);
  },
  "representation-nothing": (desk: FakeDesk) => {
    begin(desk);
    name(desk, habicht, "concern-1");
  },
  "document-carer": (desk: FakeDesk) => {
    twoPossible(desk);
    void desk.call("confirm_concerns");
  },
  "second-look": secondLook,
  "second-look-unclear": (desk: FakeDesk) => {
    twoPossible(desk);
    look(desk, "unclear");
    void desk.call("confirm_document");
    void desk.call("answer_face", { answer: "doubt" });
  },
  "summary-carer": summary,
  "printing-carer": (desk: FakeDesk) => {
    summary(desk);
    void desk.call("sign_and_print", { pin: PIN });
  },
  "hand-over-carer": handOver,
  "hand-over-carer-second": handOverSecond,
  "done-carer": (desk: FakeDesk) => {
    handOverSecond(desk);
    void desk.call("hand_over", HANDED_OVER);
  },
};
