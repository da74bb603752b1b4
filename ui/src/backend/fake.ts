import type { Backend } from "./Backend";
import type {
  AppError,
  CardPane,
  CardPerson,
  CodeState,
  Desk,
  FaceAnswer,
  Missing,
  Proof,
  ReadStep,
  Screen,
  Snapshot,
  SummaryRow,
  VisitPane,
} from "./bindings";
import type { Call, CommandName, Commands } from "./commands";
import { FakeDocument } from "./fakeDocument";
import {
  buntspecht,
  buntspechtInMrz,
  factsOf,
  noFacts,
  operator,
  place,
  printer,
  product,
  reader,
} from "./fakePeople";

const MINUTE = 60_000;
const TRAY_TIME = 15 * MINUTE;
const CODE_DAYS = 14;
const READ_STEPS: ReadStep[] = ["connecting", "version", "card_number", "status", "person", "insurance"];

/** What the fake accepts as the last four characters of its sheet's reference. */
export const FAKE_REFERENCE_TAIL = "YNKH";
const FAKE_REFERENCE_HINT = "A-M3PWC6····";

interface FakeVisit {
  person: CardPerson;
  startedAt: number;
  visitNumber: boolean;
  document: FakeDocument;
  face: FaceAnswer | null;
  code: CodeState | null;
}

/** A desk in memory that reacts as the shell does: for development, component tests and pictures. */
export class FakeDesk implements Backend {
  /** Milliseconds that a card step or print step takes; at 0 nothing happens by itself. */
  pace = 0;
  desk: Desk = {
    reader: { state: "ready", readers: [reader] },
    printer: { state: "ready", name: printer },
    service: { state: "connected" },
    outbox: 0,
  };
  /** Names of the commands that were sent, in their order. */
  readonly sent: CommandName[] = [];
  private revision = 0;
  private screen: Screen = { kind: "starting" };
  private notice: AppError | null = null;
  private visit: FakeVisit | null = null;
  private readonly listeners = new Set<(snapshot: Snapshot) => void>();

  readonly now: () => number;

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

  snapshot(): Snapshot {
    const { revision, desk, screen, notice } = this;
    return structuredClone({ revision, workshop: true, product, place, operator, desk, screen, notice });
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
    this.show({ kind: "start", card });
  }

  /** A health card goes in and is read step by step. */
  insertCard(person: CardPerson = buntspecht) {
    this.setDesk({ reader: { state: "card_present", reader } });
    this.readStep(person, 0);
  }

  readStep(person: CardPerson, done: number) {
    const step = READ_STEPS[done];
    if (step === undefined) {
      this.beginVisit(person);
      return;
    }
    const all = factsOf(person);
    const facts = {
      generation: done > 1 ? all.generation : null,
      cardNumberTail: done > 2 ? all.cardNumberTail : null,
      dataAsOf: done > 3 ? all.dataAsOf : null,
      person: done > 4 ? all.person : null,
      insurance: null,
    };
    this.showCard({
      state: "reading",
      step,
      done,
      total: READ_STEPS.length,
      facts: done > 1 ? facts : noFacts,
    });
    this.soon(() => {
      const stillReading = this.screen.kind === "start" && this.screen.card.state === "reading";
      if (stillReading) this.readStep(person, done + 1);
    });
  }

  beginVisit(person: CardPerson = buntspecht, startedAt: number = this.now()) {
    this.setDesk({ reader: { state: "card_present", reader } });
    const document = new FakeDocument(person.birthDate, buntspechtInMrz);
    this.visit = { person, startedAt, visitNumber: false, document, face: null, code: null };
    this.toConcern();
  }

  /** The sheet is in the tray. */
  printed(at: number = this.now()) {
    const visit = this.openVisit();
    visit.code = {
      printedAt: rfc3339(at),
      handedOverAt: null,
      acceptedAt: null,
      voidedAt: null,
      refusedAt: null,
    };
    const step = { voidAt: rfc3339(at + TRAY_TIME), referenceHint: FAKE_REFERENCE_HINT };
    this.show({ kind: "hand_over", pane: this.pane(), step });
  }

  /** Nobody handed the sheet over in time. */
  voided() {
    const { code } = this.openVisit();
    if (code !== null) code.voidedAt = rfc3339(this.now());
    this.show({ kind: "done", pane: this.pane(), step: { cardStillIn: false } });
  }

  // Commands

  private readonly commands: Commands = {
    snapshot: () => this.snapshot(),
    cancel_reading: () => this.showCard({ state: "failed", error: { code: "reading_cancelled" } }),
    read_again: () => this.insertCard(),
    choose_concern: ({ visitNumber }) => {
      const visit = this.openVisit("concern");
      if (visitNumber === "")
        refuse({ code: "field_invalid", params: { field: "visit_number", problem: "missing" } });
      if (visitNumber.length !== 8) {
        refuse({ code: "field_invalid", params: { field: "visit_number", problem: "length" } });
      }
      visit.visitNumber = true;
      this.toDocument();
    },
    enter_document: ({ documentType, birthDate, expiryDate }) => {
      const today = rfc3339(this.now()).slice(0, 10);
      this.openVisit("document").document.enter(documentType, birthDate, expiryDate, today);
      this.toDocument();
    },
    answer_check: ({ check, answer }) => {
      const { document } = this.openVisit("document");
      if (!document.datesGood) refuse({ code: "not_yet" });
      document.answer(check, answer);
      this.toDocument();
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
      if (answer === "doubt") refuse({ code: "second_person_needed" });
      if (answer === "does_not_match") refuse({ code: "identity_not_established" });
      this.toSummary();
    },
    sign_and_print: () => {
      this.openVisit("summary");
      this.show({ kind: "printing", pane: this.pane(), step: { step: { state: "recording" } } });
      this.soon(() =>
        this.show({ kind: "printing", pane: this.pane(), step: { step: { state: "at_printer" } } }),
      );
      this.soon(() => this.printed(), 3);
    },
    hand_over: ({ referenceTail, documentReturned, healthCardReturned }) => {
      const { code } = this.openVisit("hand_over");
      const invalid = (field: "reference_tail" | "document_returned" | "health_card_returned") =>
        ({ code: "field_invalid", params: { field, problem: "missing" } }) as const;
      if (referenceTail === "") refuse(invalid("reference_tail"));
      if (referenceTail !== FAKE_REFERENCE_TAIL) {
        refuse({ code: "field_invalid", params: { field: "reference_tail", problem: "mismatch" } });
      }
      if (!documentReturned) refuse(invalid("document_returned"));
      if (!healthCardReturned) refuse(invalid("health_card_returned"));
      if (code !== null) code.handedOverAt = code.acceptedAt = rfc3339(this.now());
      this.show({ kind: "done", pane: this.pane(), step: { cardStillIn: true } });
    },
    discard_code: () => {
      this.openVisit("hand_over").code = null;
      this.toSummary();
    },
    go_back: () => {
      if (this.screen.kind === "document") this.toConcern();
      else if (this.screen.kind === "face") this.toDocument();
      else if (this.screen.kind === "summary") this.toFace();
      else refuse({ code: "not_now" });
    },
    abort_visit: () => this.endVisit(),
    finish_visit: () => this.endVisit(),
  };

  // Screens

  private toConcern() {
    const step = {
      purposes: ["app_activation" as const],
      selected: "app_activation" as const,
      visitNumberLength: 8,
    };
    this.show({ kind: "concern", pane: this.pane(), step });
  }

  private toDocument() {
    this.show({ kind: "document", pane: this.pane(), step: this.openVisit().document.view() });
  }

  private toFace() {
    this.show({ kind: "face", pane: this.pane(), step: { answer: this.openVisit().face } });
  }

  private toSummary() {
    const { document, face } = this.openVisit();
    const rows: SummaryRow[] = [
      { what: "insurance", accountRegistered: true },
      { what: "document", document: document.type.label, passed: document.passed, total: document.total },
      { what: "person", face: face ?? "doubt" },
      { what: "second_look", needed: false },
    ];
    const validUntil = rfc3339(this.now() + CODE_DAYS * 24 * 60 * MINUTE).slice(0, 10);
    const step = { rows, validDays: CODE_DAYS, validUntil, ready: true };
    this.show({ kind: "summary", pane: this.pane(), step });
  }

  private endVisit() {
    this.visit = null;
    this.desk = { ...this.desk, reader: { state: "ready", readers: [reader] } };
    this.showCard({ state: "empty" });
    this.soon(() => this.insertCard(), 6);
  }

  private pane(): VisitPane {
    const { person, startedAt, visitNumber, document, face, code } = this.openVisit();
    const label = document.type.label;
    const proven: Proof[] = [
      { what: "health_card_read", generation: "G2.1", validUntil: "2029-06-30" },
      { what: "account_registered" },
    ];
    const missing: Missing[] = [];
    if (visitNumber) proven.push({ what: "visit_number_matches" });
    else missing.push("visit_number");
    if (document.datesGood) {
      const state = document.nameAgrees === "pass" ? "proven" : "partly";
      proven.push({ what: "document_dates", state, document: label, nameInMrz: buntspechtInMrz });
    } else missing.push("document");
    const { passed, total } = document;
    if (passed > 0) {
      const state = passed === total ? "proven" : "partly";
      proven.push({ what: "document_checks", state, passed, total });
    }
    if (passed < total) missing.push("document_checks");
    if (face === "matches") proven.push({ what: "face_matches" });
    else missing.push("face");
    const reached = missing.length === 0 ? "substantial" : document.datesGood ? "normal" : "none";
    return {
      ...person,
      insuredHere: true,
      startedAt: rfc3339(startedAt),
      proven,
      missing,
      level: { reached, needed: "substantial" },
      code,
      warnings: person.birthDate.endsWith("-00") ? [{ code: "birth_date_incomplete" }] : [],
    };
  }

  private openVisit(onScreen?: Screen["kind"]): FakeVisit {
    if (this.visit === null || (onScreen !== undefined && this.screen.kind !== onScreen)) {
      return refuse({ code: "not_now" });
    }
    return this.visit;
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

function refuse(error: AppError): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- commands reject with an AppError
  throw error;
}

function rfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
