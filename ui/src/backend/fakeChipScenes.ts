import type { ChipProblem, ChipStep } from "./bindings";
import type { FakeDesk } from "./fake";
import { chipConsent, chipLines, chipRead, chipReading, needsKey } from "./fakeChip";
import { comeFor } from "./fakeDocumentScenes";
import { PIN, supervisor } from "./fakePeople";
import { typedDocument } from "./fakeTyped";

const CHECKS = ["front", "tilt", "back", "uv", "name"];

/** Somebody has come for their ePA, and the clerk has typed the dates of their document. */
function present(desk: FakeDesk, documentType = "de-passport") {
  comeFor(desk, "epa");
  void desk.call("enter_document", typedDocument(documentType));
}

function agreed(desk: FakeDesk, documentType?: string) {
  present(desk, documentType);
  void desk.call("agree_to_chip", { form: "tapped", wording: chipConsent.wording });
}

const stands = (step: ChipStep) => (desk: FakeDesk) => {
  agreed(desk);
  desk.chipStands(step);
};

const failed = (problem: ChipProblem) => stands(needsKey(["number"], problem));

/** Moments with the document's chip: the person is asked, it is opened, read and weighed. */
export const chipScenes = {
  "chip-offered": (desk: FakeDesk) => present(desk),
  "chip-declined": (desk: FakeDesk) => {
    present(desk);
    void desk.call("decline_chip");
  },
  "chip-number": (desk: FakeDesk) => agreed(desk),
  "chip-number-wrong": failed({ why: "wrong_key", key: "number" }),
  "chip-can": (desk: FakeDesk) => agreed(desk, "de-residence-permit"),
  "chip-other-type": failed({ why: "other_type_than_chosen" }),
  "chip-authorities-only": failed({ why: "authorities_only" }),
  "chip-needs-document": stands({ state: "needs_document" }),
  "chip-reading": stands(chipReading(2)),
  "chip-cancelled": failed({ why: "cancelled" }),
  "chip-proves": stands(chipRead()),
  "chip-not-verifiable": stands(
    chipRead(
      "nothing",
      chipLines({
        issuer: { state: "not_verifiable", reason: "unknown_issuer" },
        revocation: { state: "not_verifiable", reason: "no_revocation_list" },
        copy: { state: "not_verifiable", reason: "passive_authentication" },
        face: { state: "not_supported", reason: "not_asked" },
      }),
    ),
  ),
  "chip-other-name": stands(
    chipRead("nothing", chipLines({ name: { state: "invalid", reason: "differs" } })),
  ),
  "chip-contradicts": stands(
    chipRead("contradicts", chipLines({ copy: { state: "invalid", reason: "challenge_failed" } })),
  ),
  "face-picture": (desk: FakeDesk) => {
    stands(chipRead())(desk);
    for (const check of CHECKS) void desk.call("answer_check", { check, answer: "pass" });
  },
  "summary-chip": (desk: FakeDesk) => {
    chipScenes["face-picture"](desk);
    void desk.call("answer_face", { answer: "matches" });
    void desk.call("second_look", { staff: supervisor.id, pin: PIN, answer: "matches" });
  },
};
