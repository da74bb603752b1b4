import type { AppError, PinProblem } from "./bindings";
import type { FakeDesk } from "./fake";
import { CAN, factsOf, partlyProvenCard, unprovenCard, type FakeCard } from "./fakeCard";
import { amsel, buntspecht, elster, kiebitz, reader } from "./fakePeople";

const SECOND = 1000;

function begin(desk: FakeDesk, card: FakeCard, person = buntspecht) {
  desk.card = card;
  desk.beginVisit(person, desk.now() - 22 * SECOND);
}

function fail(desk: FakeDesk, error: AppError) {
  desk.setDesk({ reader: { state: "card_present", reader } });
  desk.showCard({ state: "failed", error });
  desk.fail(error);
}

function offerPin(desk: FakeDesk, tries = 3) {
  desk.offersPin = true;
  desk.pinTries = tries;
  desk.beginVisit(buntspecht, desk.now() - 22 * SECOND);
}

function failPin(desk: FakeDesk, problem: PinProblem) {
  offerPin(desk);
  void desk.call("prove_with_pin", { lastTry: false });
  desk.pinEntered(problem);
}

function layForCarer(desk: FakeDesk) {
  desk.showCard({ state: "empty" });
  desk.beginVisit(elster, desk.now() - 100 * SECOND, "carer");
  desk.layCard(amsel);
}

/** Moments with a health card: over the air, what it proves, and what its back says. */
export const cardScenes = {
  can: (desk: FakeDesk) => desk.layCard(),
  "can-wrong": (desk: FakeDesk) => {
    desk.layCard();
    void desk.call("enter_can", { can: CAN.split("").reverse().join("") });
  },
  "reading-contactless": (desk: FakeDesk) => {
    desk.layCard();
    void desk.call("enter_can", { can: CAN });
  },
  "reading-chip": (desk: FakeDesk) => desk.readContactless(buntspecht, "chip"),
  "read-partly-proven": (desk: FakeDesk) => {
    desk.showCard({
      state: "read",
      facts: factsOf(kiebitz, partlyProvenCard),
      warnings: [{ code: "transaction_open" }],
    });
    desk.fail({ code: "not_insured_here" });
  },
  "failed-not-usable": (desk: FakeDesk) => fail(desk, { code: "health_card_not_usable" }),
  "failed-unproven": (desk: FakeDesk) => fail(desk, { code: "health_card_unproven" }),
  "failed-channel-lost": (desk: FakeDesk) => fail(desk, { code: "card_channel_lost" }),
  "failed-needs-contacts": (desk: FakeDesk) => fail(desk, { code: "card_needs_contacts" }),
  "concern-partly-proven": (desk: FakeDesk) => begin(desk, partlyProvenCard),
  "concern-unproven": (desk: FakeDesk) => begin(desk, unprovenCard, kiebitz),
  "concern-card-number": (desk: FakeDesk) => {
    desk.cardNumber = { digits: 6, ask: "always" };
    desk.beginVisit(buntspecht, desk.now() - 22 * SECOND);
  },
  "concern-pin": (desk: FakeDesk) => offerPin(desk),
  "concern-pin-at-reader": (desk: FakeDesk) => {
    offerPin(desk);
    void desk.call("prove_with_pin", { lastTry: false });
  },
  "concern-pin-last-try": (desk: FakeDesk) => {
    offerPin(desk, 1);
    void desk.call("prove_with_pin", { lastTry: false });
  },
  "concern-pin-wrong": (desk: FakeDesk) => failPin(desk, { what: "wrong", triesLeft: 2 }),
  "concern-pin-transport": (desk: FakeDesk) => failPin(desk, { what: "transport_pin" }),
  "concern-pin-verified": (desk: FakeDesk) => {
    offerPin(desk);
    void desk.call("prove_with_pin", { lastTry: false });
    desk.pinEntered(null);
  },
  "representation-can": layForCarer,
  "representation-can-wrong": (desk: FakeDesk) => {
    layForCarer(desk);
    void desk.call("enter_can", { can: CAN.split("").reverse().join("") });
  },
};
