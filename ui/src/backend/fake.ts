import type { Backend } from "./Backend";
import type {
  AboutScreen,
  AccessAlert,
  AppError,
  BlockedView,
  BlockingState,
  CardNumberRule,
  CardPane,
  CardPerson,
  ChipKey,
  ChipStep,
  Desk,
  Field,
  FieldProblem,
  InterruptedVisit,
  Level,
  OfflineObstacle,
  Operator,
  PinProblem,
  PersonInput,
  ReadStep,
  RecoveryScreen,
  ReviewsScreen,
  ScanStep,
  Screen,
  SignInInput,
  Snapshot,
  StepName,
  TodayScreen,
  VisitRow,
} from "./bindings";
import type { Call, CommandName, Commands } from "./commands";
import { afterKey, chipConsent, chipReading, fakeFace, fakeFaceUrl, needsKey } from "./fakeChip";
import {
  CAN,
  CARD_NUMBER_TAIL,
  cardNumberRule,
  CONTACT_STEPS,
  CONTACTLESS_STEPS,
  factsAfter,
  genuineCard,
  noFacts,
  type FakeCard,
} from "./fakeCard";
import {
  CARER_NUMBER,
  clerk,
  elster,
  insured,
  personView,
  PIN,
  place,
  buntspecht,
  printer,
  product,
  reader,
  staff,
} from "./fakePeople";
import { fakeObstacles, withObstacles } from "./fakeLine";
import { fakeJudge, fakeReviewed, fakeTaskCount, hold, opened } from "./fakeLists";
import { BLOCKING_NUMBER, EXPORT_FILE, fakeAbout } from "./fakeRecords";
import { FAKE_REFERENCE_TAIL, FakeVisit, rfc3339, type Introduction } from "./fakeVisit";

const REFERENCE_PREFIX = "A-";
const REFERENCE_LENGTH = 12;

/** Wrong PINs in a row until a member of staff is locked out. */
const PIN_TRIES = 5;
const LOCKOUT = 10 * 60_000;

/** Nothing is known of a desk that isn't open. */
const bare: Pick<Snapshot, "product" | "place"> = {
  product: { ...product, profileName: "", profileVersion: "" },
  place: { insurer: "", place: "", desk: "", codeName: "" },
};
const BARE = new Set<Screen["kind"]>(["starting", "blocked", "recovery"]);

/** A desk in memory that reacts as the shell does: for development, component tests and pictures. */
export class FakeDesk implements Backend {
  /** Milliseconds that a card step or print step takes; at 0 nothing happens by itself. */
  pace = 0;
  desk: Desk = {
    reader: { state: "ready", readers: [reader] },
    printer: { state: "ready", name: printer },
    service: { state: "connected" },
    line: { state: "connected" },
    clock: { state: "right" },
    obstacles: { withCard: null, byNumber: null, asRepresentative: null },
    tasks: 0,
    unprovenErasures: 0,
    outbox: 0,
    reviews: [],
  };
  operator: Operator | null = clerk;
  /** Whoever works here was here with a line lately. */
  knowsStaff = true;
  /** Nobody is served here, and why. */
  outOfService: AppError | null = null;
  /** The summary asks for the PIN. */
  stepUp = false;
  interrupted: InterruptedVisit | null = null;
  /** What the next health card proves. */
  card: FakeCard = genuineCard;
  /** When the end of the Kennnummer is asked for. */
  cardNumber: CardNumberRule = cardNumberRule;
  /** The profile offers the entry of the card's PIN. */
  offersPin = false;
  /** The level that a purpose needs at this insurer; the ePA always needs the highest. */
  needed: Level = "substantial";
  /** What the scanner for documents says, where there is one. */
  scan: ScanStep | null = null;
  /** Wrong entries until the card's PIN is blocked. */
  pinTries = 3;
  today: TodayScreen = { visits: [] };
  reviews: ReviewsScreen = { visits: [], selected: null, tasks: [], erasures: [], alerts: [] };
  about: AboutScreen = fakeAbout;
  /** What keeps the desk from its records, until it is tried again. */
  recovery: RecoveryScreen | null = null;
  /** Names of the commands that were sent, in their order. */
  readonly sent: CommandName[] = [];
  readonly now: () => number;
  private revision = 0;
  private screen: Screen = { kind: "starting" };
  private behindLock: Screen | null = null;
  private notice: AppError | null = null;
  private visit: FakeVisit | null = null;
  /** Whose card lies on the contactless reader and waits for its number. */
  private lying: CardPerson | null = null;
  private wrongPins = 0;
  private readonly listeners = new Set<(snapshot: Snapshot) => void>();

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  // Backend

  call: Call = (name, ...input) => {
    this.sent.push(name);
    if (name !== "snapshot") this.notice = null;
    try {
      const command = this.commands[name] as (...input: unknown[]) => never;
      const output = command(...input);
      if (name !== "snapshot") this.changed();
      return Promise.resolve(output);
    } catch (error) {
      this.fail(error as AppError);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- commands reject with an AppError
      return Promise.reject(error);
    }
  };

  listen: Backend["listen"] = (onChange) => {
    this.listeners.add(onChange);
    return Promise.resolve(() => void this.listeners.delete(onChange));
  };

  faceUrl = () => fakeFaceUrl;

  snapshot(): Snapshot {
    const { revision, notice, operator } = this;
    const desk: Desk = { ...this.desk, obstacles: fakeObstacles(this.desk, this) };
    const screen = withObstacles(this.screen, desk, this);
    const known = BARE.has(screen.kind) ? bare : { product, place };
    return structuredClone({ revision, workshop: true, ...known, operator, desk, screen, notice });
  }

  // What happens at the desk

  show(screen: Screen) {
    this.screen = screen;
    this.changed();
  }

  fail(notice: AppError) {
    this.notice = notice;
    this.changed();
  }

  setDesk(part: Partial<Desk>) {
    this.desk = { ...this.desk, ...part };
    this.changed();
  }

  showCard(card: CardPane) {
    const { interrupted, cardNumber } = this;
    this.show({ kind: "start", card, interrupted, cardNumber });
  }

  /** The records can't be used. */
  showRecovery(recovery: RecoveryScreen) {
    this.operator = null;
    this.recovery = recovery;
    this.desk = { ...this.desk, service: { state: "unknown" }, line: { state: "unknown" } };
    this.show({ kind: "recovery", step: recovery });
  }

  /** Nobody has signed in. */
  showSignIn(members: Operator[] = staff) {
    this.operator = null;
    this.show({ kind: "sign_in", step: { members } });
  }

  /** A health card goes in: it is read step by step, or names the next person that a carer acts for. */
  insertCard(person: CardPerson = buntspecht) {
    this.setDesk({ reader: { state: "card_present", reader } });
    if (this.screen.kind === "representation") this.addPerson(person);
    else this.readStep(person, 0);
  }

  /** A health card is laid on the contactless reader. */
  layCard(person: CardPerson = buntspecht) {
    this.setDesk({ reader: { state: "card_present", reader } });
    this.lying = person;
    this.askForCan(false);
  }

  readStep(person: CardPerson, done: number, steps: ReadStep[] = CONTACT_STEPS) {
    const step = steps[done];
    if (step === undefined) {
      this.beginVisit(person);
      return;
    }
    const facts = factsAfter(done, steps, person);
    this.showCard({ state: "reading", step, done, total: steps.length, facts });
    this.soon(() => {
      const stillReading = this.screen.kind === "start" && this.screen.card.state === "reading";
      if (stillReading) this.readStep(person, done + 1, steps);
    });
  }

  /** Over the air, from where the card's number has been typed. */
  readContactless(person: CardPerson, from: ReadStep = "secure_channel") {
    this.readStep(person, CONTACTLESS_STEPS.indexOf(from), CONTACTLESS_STEPS);
  }

  /** During a carer's visit the next person's card is being read. */
  readNext(done: number) {
    const [step, total] = [CONTACT_STEPS[done] ?? "connecting", CONTACT_STEPS.length];
    this.toRepresentation({ state: "reading", step, done, total, facts: noFacts });
  }

  private askForCan(wrong: boolean) {
    const pane: CardPane = { state: "needs_can", digits: CAN.length, wrong };
    if (this.screen.kind === "representation") this.toRepresentation(pane);
    else this.showCard(pane);
  }

  private addPerson(person: CardPerson) {
    this.openVisit("representation").add(personView(person), person === elster);
    this.toRepresentation();
  }

  beginVisit(person: CardPerson = buntspecht, startedAt: number = this.now(), by: Introduction = "card") {
    if (by === "card") this.setDesk({ reader: { state: "card_present", reader } });
    this.visit = new FakeVisit(personView(person), by, startedAt);
    this.visit.isAsked = this.desk.line.state !== "offline";
    this.visit.card = this.card;
    this.visit.needed = this.needed;
    this.visit.document.scan = this.scan;
    this.visit.cardNumber = this.cardNumber;
    if (by === "card" && this.offersPin) this.visit.pin = { state: "offered" };
    if (by === "carer") this.toRepresentation();
    else this.toConcern();
  }

  /** What the person did at the reader's pad. */
  pinEntered(problem: PinProblem | null) {
    const visit = this.openVisit("concern");
    visit.pin = problem === null ? null : { state: "failed", problem };
    visit.pinVerified = problem === null;
    this.toConcern();
  }

  /** What became of the document's chip. */
  chipStands(step: ChipStep) {
    this.openVisit("document").document.chip = step;
    this.toDocument();
  }

  /** The document lies on the reader: its chip is read step by step. */
  readChip(done = 0) {
    this.chipStands(chipReading(done));
    this.soon(() => {
      const isReading = this.screen.kind === "document" && this.screen.step.chip?.state === "reading";
      if (isReading) this.readChip(done + 1);
    });
  }

  /** The scanner has read the document's zone. */
  scanned(corrected = 0) {
    const { document } = this.openVisit("document");
    document.scanned();
    this.scanSays({ state: "read", corrected });
  }

  scanSays(scan: ScanStep) {
    this.openVisit("document").document.scan = scan;
    this.toDocument();
  }

  /** The sheet is in the tray. */
  printed(at: number = this.now()) {
    this.openVisit().printed(at);
    this.toHandOver();
  }

  /** Nobody handed the sheet over in time. */
  voided() {
    this.openVisit().voided(this.now());
    this.toDone(false);
  }

  /** The account service refuses the code whose letter is in the tray. */
  codeRefused() {
    this.openVisit().refused(this.now());
    this.notice = { code: "code_refused" };
    this.toDone(false);
  }

  /** The service has answered to what was to be blocked. */
  blocked(state: BlockingState) {
    if (this.screen.kind !== "block" || this.screen.step.recorded === null) return;
    const { recorded } = this.screen.step;
    this.toBlock({ ...recorded, blocking: { ...recorded.blocking, state } });
  }

  // Commands

  private readonly commands: Commands = {
    snapshot: () => this.snapshot(),
    sign_in: (input) => {
      this.operator = this.proven(input);
      this.showCard({ state: "empty" });
    },
    sign_out: () => this.showSignIn(),
    lock: () => {
      const { operator } = this;
      if (operator === null || this.screen.kind === "locked") return refuse({ code: "not_now" });
      this.behindLock = this.screen;
      const visitOpen = this.visit !== null;
      const members = staff.filter(
        ({ id, role }) => !visitOpen || id === operator.id || role === "supervisor",
      );
      const sheetInTray = this.screen.kind === "hand_over";
      this.show({ kind: "locked", step: { operator, members, visitOpen, sheetInTray } });
    },
    unlock: (input) => {
      this.operator = this.proven(input);
      if (this.behindLock !== null) this.show(this.behindLock);
      this.behindLock = null;
    },
    resume_visit: () => {
      this.interrupted = null;
      this.beginVisit();
    },
    discard_interrupted: () => {
      this.interrupted = null;
      this.showCard({ state: "empty" });
    },
    cancel_reading: () => {
      const cancelled: CardPane = { state: "failed", error: { code: "reading_cancelled" } };
      if (this.screen.kind === "representation") this.toRepresentation(cancelled);
      else this.showCard(cancelled);
    },
    read_again: () => this.insertCard(),
    enter_can: ({ can }) => {
      const person = this.lying ?? refuse({ code: "not_now" });
      if (can === "") refuse(invalid("can", "missing"));
      if (can.length !== CAN.length) refuse(invalid("can", "length"));
      if (can !== CAN) this.askForCan(true);
      else if (this.screen.kind === "representation") this.addPerson(person);
      else this.readContactless(person);
    },
    prove_with_pin: ({ lastTry }) => {
      const visit = this.openVisit("concern");
      const { pinTries } = this;
      if (visit.pin === null) refuse({ code: "not_now" });
      visit.pin =
        pinTries === 1 && !lastTry ? { state: "last_try" } : { state: "at_reader", triesLeft: pinTries };
      this.toConcern();
    },
    cancel_pin: () => {
      this.openVisit("concern").pin = { state: "offered" };
      this.toConcern();
    },
    begin_with_number: (input) => {
      this.needsLine("health_card");
      const person = this.find(input);
      this.beginVisit(person, this.now(), "number");
      this.openVisit().cardNumberAgrees = input.cardNumberTail !== null;
      this.toConcern();
    },
    begin_as_carer: ({ number }) => {
      this.needsLine("representation");
      if (number.length < CARER_NUMBER.length) refuse(invalid("representative_number", "length"));
      if (number !== CARER_NUMBER) refuse({ code: "representative_unknown" });
      this.beginVisit(elster, this.now(), "carer");
    },
    add_person: (input) => {
      const visit = this.openVisit("representation");
      const person = this.find(input);
      if (input.own && person !== elster) refuse({ code: "not_their_own" });
      visit.add(personView(person), input.own);
      this.toRepresentation();
    },
    present_proof: (input) => {
      const visit = this.openVisit("representation");
      if (input.deed?.court === "") refuse(invalid("court", "missing"));
      if (input.deed?.fileNumber === "") refuse(invalid("file_number", "missing"));
      if (input.deed !== null && input.deed.issuedOn.length !== 10) refuse(invalid("issued_on", "length"));
      visit.presentProof(input, rfc3339(this.now()).slice(0, 10));
      this.toRepresentation();
    },
    withdraw_concern: ({ concern }) => {
      this.openVisit("representation").withdraw(concern);
      this.toRepresentation();
    },
    confirm_concerns: () => {
      const visit = this.openVisit("representation");
      if (!visit.representationScreen({ state: "empty" }).ready) refuse({ code: "not_yet" });
      this.toDocument();
    },
    choose_concern: ({ concern, purpose, visitNumber, cardNumberTail }) => {
      const visit = this.openVisit();
      if (visitNumber === "") refuse(invalid("visit_number", "missing"));
      if (visitNumber.length !== 8) refuse(invalid("visit_number", "length"));
      if (visit.asksForCardNumber) {
        this.checkCardNumber(cardNumberTail ?? "");
        visit.cardNumberAgrees = true;
      }
      visit.chooseOwn(concern, purpose);
      if (visit.carer === null) this.toDocument();
      else this.toRepresentation();
    },
    enter_document: (input) => {
      const { document } = this.openVisit("document");
      document.enter(input, rfc3339(this.now()).slice(0, 10));
      this.toDocument();
      if (!document.suffices) refuse({ code: "level_too_low" });
    },
    agree_to_chip: () => this.chipStands(needsKey(this.chipKeys)),
    decline_chip: () => this.chipStands({ state: "declined", consent: chipConsent }),
    print_chip_consent: () => undefined,
    open_chip: (input) => {
      const step = afterKey(input, this.chipKeys);
      this.chipStands(step);
      if (step.state === "needs_document") this.soon(() => this.readChip());
    },
    cancel_chip: () => this.chipStands(needsKey(this.chipKeys, { why: "cancelled" })),
    revoke_chip: () => this.chipStands({ state: "offered", consent: chipConsent }),
    answer_check: ({ check, answer }) => {
      const { document } = this.openVisit("document");
      if (!document.datesGood) refuse({ code: "not_yet" });
      document.answer(check, answer);
      if (document.complete && !document.unclear && !document.failed) this.toFace();
      else this.toDocument();
    },
    confirm_document: () => {
      const { document } = this.openVisit("document");
      if (!document.complete) refuse({ code: "not_yet" });
      if (document.failed) refuse({ code: "identity_not_established" });
      this.toFace();
    },
    answer_face: ({ answer }) => {
      const visit = this.openVisit("face");
      visit.face = answer;
      if (answer === "does_not_match") {
        this.toFace();
        refuse({ code: "identity_not_established" });
      }
      if (visit.needsSecondLook && visit.second === null) this.toSecondLook();
      else this.toSummary();
    },
    second_look: ({ staff: id, pin, answer }) => {
      const visit = this.openVisit("second_look");
      visit.second = this.proven({ staff: id, pin });
      if (answer !== "matches") refuse({ code: "identity_not_established" });
      this.toSummary();
    },
    sign_and_print: ({ pin }) => {
      const visit = this.openVisit("summary");
      if (this.stepUp) this.proven({ staff: this.operator?.id ?? "", pin: pin ?? "" });
      if (!visit.nextLetter()) refuse({ code: "not_yet" });
      this.print();
    },
    hand_over: ({ referenceTail, returned }) => {
      const visit = this.openVisit("hand_over");
      if (referenceTail === "") refuse(invalid("reference_tail", "missing"));
      if (referenceTail !== FAKE_REFERENCE_TAIL) refuse(invalid("reference_tail", "mismatch"));
      if (!returned) refuse(invalid("returned", "missing"));
      visit.handedOver(this.now());
      if (visit.nextLetter()) this.print();
      else this.toDone(visit.introducedBy("card"));
    },
    discard_code: () => {
      this.openVisit("hand_over").discarded();
      this.toSummary();
    },
    go_back: () => {
      const { kind } = this.screen;
      if (kind === "document" && this.openVisit().carer === null) this.toConcern();
      else if (kind === "document") this.toRepresentation();
      else if (kind === "face") this.toDocument();
      else if (kind === "second_look") this.toFace();
      else if (kind === "summary") this.toFace();
      else refuse({ code: "not_now" });
    },
    abort_visit: () => this.endVisit(),
    refuse_visit: () => {
      this.openVisit().refuseAll("identity_not_established");
      this.toDone(false);
    },
    print_refusal: () => undefined,
    finish_visit: () => this.endVisit(),
    show_today: () => this.show({ kind: "today", step: this.today }),
    show_reviews: () => this.show({ kind: "reviews", step: this.reviews }),
    open_review: ({ visit, reason }) => {
      if (this.row(visit).restricted && reason === null) refuse({ code: "not_yet" });
      this.showSelected(visit);
    },
    review: ({ pin, visit, outcome }) => {
      this.proven({ staff: this.operator?.id ?? "", pin });
      fakeJudge(this.reviews, visit, outcome);
      this.show({ kind: "reviews", step: this.reviews });
    },
    hold_visit: ({ visit, reason }) => {
      this.row(visit).held = hold(this.now(), reason);
      this.showSelected(visit);
    },
    release_hold: ({ visit }) => {
      this.row(visit).held = null;
      this.showSelected(visit);
    },
    close_task: ({ task }) => {
      this.reviews.tasks = this.reviews.tasks.filter(({ id }) => id !== task);
      this.desk = { ...this.desk, tasks: fakeTaskCount(this.reviews) };
      this.show({ kind: "reviews", step: this.reviews });
    },
    close_access_alert: ({ staffId, hour }) => {
      const isIt = (alert: AccessAlert) => alert.staffId === staffId && alert.hour === hour;
      this.reviews.alerts = this.reviews.alerts.filter((alert) => !isIt(alert));
      this.desk = { ...this.desk, tasks: fakeTaskCount(this.reviews) };
      this.show({ kind: "reviews", step: this.reviews });
    },
    show_search: () => this.show({ kind: "search", step: { reference: null, found: null } }),
    find_visit: ({ reference }) => {
      if (reference === REFERENCE_PREFIX) refuse(invalid("reference", "missing"));
      if (reference.length !== REFERENCE_LENGTH) refuse(invalid("reference", "length"));
      const visits = [...this.today.visits, ...this.reviews.visits];
      const found = visits.find(({ concerns }) => concerns.some((each) => each.reference === reference));
      this.show({ kind: "search", step: { reference, found: found ?? null } });
    },
    show_block: () => this.toBlock(null),
    block: ({ person, target }) => {
      const { kvnrMasked } = this.find(person);
      const confirmed = this.desk.line.state === "connected";
      this.toBlock({ kvnrMasked, confirmed, blocking: { target, state: "ordered" } });
      if (confirmed) this.soon(() => this.blocked("in_force"));
    },
    show_about: () => this.show({ kind: "about", step: this.about }),
    show_start: () => this.showCard({ state: "empty" }),
    try_again: () => {
      if (this.recovery !== null) this.showRecovery(this.recovery);
    },
    export_undelivered: () => {
      const recovery = this.recovery ?? refuse({ code: "not_now" });
      this.showRecovery({ ...recovery, exportedTo: EXPORT_FILE });
    },
    begin_anew: () => {
      this.recovery = null;
      this.showSignIn();
    },
  };

  // Screens

  private toBlock(recorded: BlockedView | null) {
    this.show({ kind: "block", step: { blockingNumber: BLOCKING_NUMBER, recorded } });
  }

  private toConcern() {
    this.show({ kind: "concern", pane: this.pane("concern"), step: this.openVisit().concernScreen() });
  }

  private toRepresentation(card: CardPane = { state: "empty" }) {
    const step = this.openVisit().representationScreen(card);
    this.show({ kind: "representation", pane: this.pane("concern"), step });
  }

  private toDocument() {
    this.show({ kind: "document", pane: this.pane("document"), step: this.openVisit().document.view() });
  }

  private toFace() {
    const { face, document } = this.openVisit();
    const picture = document.chip.state === "read" ? fakeFace : null;
    this.show({ kind: "face", pane: this.pane("face"), step: { answer: face, picture } });
  }

  private get chipKeys(): ChipKey[] {
    return this.openVisit("document").document.type.chipKeys ?? [];
  }

  private toSecondLook() {
    const members = staff.filter(({ id }) => id !== this.operator?.id);
    const step = this.openVisit().secondLookScreen(members);
    this.show({ kind: "second_look", pane: this.pane("second_look"), step });
  }

  private toSummary() {
    const step = this.openVisit().summaryScreen(this.now(), this.stepUp);
    this.show({ kind: "summary", pane: this.pane("summary"), step });
  }

  private print() {
    const at = (state: "recording" | "at_printer") => {
      const step = { step: { state }, ...this.openVisit().letterPlace };
      this.show({ kind: "printing", pane: this.pane("summary"), step });
    };
    at("recording");
    this.soon(() => at("at_printer"));
    this.soon(() => this.printed(), 3);
  }

  private toHandOver() {
    const step = this.openVisit().handOverScreen();
    this.show({ kind: "hand_over", pane: this.pane("hand_over"), step });
  }

  private toDone(cardStillIn: boolean) {
    const step = { cardStillIn, concerns: this.openVisit().rows() };
    this.show({ kind: "done", pane: this.pane(null), step });
  }

  private endVisit() {
    this.visit = null;
    this.desk = { ...this.desk, reader: { state: "ready", readers: [reader] } };
    this.showCard({ state: "empty" });
    this.soon(() => this.insertCard(), 6);
  }

  private pane(current: StepName | null) {
    return this.openVisit().pane(current);
  }

  private openVisit(onScreen?: Screen["kind"]): FakeVisit {
    if (this.visit === null || (onScreen !== undefined && this.screen.kind !== onScreen)) {
      return refuse({ code: "not_now" });
    }
    return this.visit;
  }

  /** Who proves with their PIN that it is them. */
  private proven({ staff: id, pin }: SignInInput): Operator {
    const member = staff.find((each) => each.id === id);
    if (pin === "") refuse(invalid("pin", "missing"));
    if (member === undefined || pin !== PIN) {
      this.wrongPins += 1;
      const triesLeft = PIN_TRIES - this.wrongPins;
      if (triesLeft > 0) refuse({ code: "pin_wrong", params: { triesLeft } });
      return refuse({ code: "pin_locked", params: { until: rfc3339(this.now() + LOCKOUT) } });
    }
    this.wrongPins = 0;
    return member;
  }

  /** The insured person whose number was typed. */
  private find({ kvnr, familyName, givenNames, birthDate, cardNumberTail }: PersonInput): CardPerson {
    if (kvnr === "") refuse(invalid("kvnr", "missing"));
    if (kvnr.length !== 10) refuse(invalid("kvnr", "length"));
    if (familyName === "") refuse(invalid("family_name", "missing"));
    if (givenNames === "") refuse(invalid("given_names", "missing"));
    if (birthDate.length !== 10) refuse(invalid("full_birth_date", "length"));
    if (cardNumberTail !== null) this.checkCardNumber(cardNumberTail);
    const person = insured.find(({ kvnrMasked }) => kvnrMasked.startsWith(kvnr.slice(0, 1)));
    return person ?? refuse({ code: "not_insured_here" });
  }

  private checkCardNumber(tail: string) {
    if (tail === "") refuse(invalid("card_number_tail", "missing"));
    if (tail.length !== this.cardNumber.digits) refuse(invalid("card_number_tail", "length"));
    if (tail !== CARD_NUMBER_TAIL) refuse(invalid("card_number_tail", "mismatch"));
  }

  /** Without a line some of it can't be begun. */
  private needsLine(why: OfflineObstacle) {
    if (this.desk.line.state === "offline") refuse({ code: "offline_not_possible", params: { why } });
  }

  private row(visit: string): VisitRow {
    return this.reviews.visits.find(({ id }) => id === visit) ?? refuse({ code: "not_now" });
  }

  private showSelected(visit: string) {
    this.reviews.selected = fakeReviewed(opened(this.row(visit)), this.operator?.id ?? "");
    this.show({ kind: "reviews", step: this.reviews });
  }

  private soon(action: () => void, paces = 1) {
    if (this.pace > 0) setTimeout(action, this.pace * paces);
  }

  private changed() {
    this.revision += 1;
    const snapshot = this.snapshot();
    this.listeners.forEach((onChange) => onChange(snapshot));
  }
}

function invalid(field: Field, problem: FieldProblem): AppError {
  return { code: "field_invalid", params: { field, problem } };
}

function refuse(error: AppError): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- commands reject with an AppError
  throw error;
}
