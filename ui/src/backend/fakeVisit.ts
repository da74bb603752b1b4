import type {
  AuthorityView,
  CardNumberRule,
  CardPane,
  CardWarning,
  CarerKind,
  CodeState,
  ConcernRow,
  ConcernRowState,
  ConcernScreen,
  FaceAnswer,
  HandOverScreen,
  Level,
  Missing,
  Operator,
  PersonView,
  PinStep,
  Proof,
  ProofInput,
  Purpose,
  PurposeOption,
  RefusalReason,
  RepresentationScreen,
  SecondLookReason,
  SecondLookScreen,
  StepName,
  SummaryRow,
  SummaryScreen,
  VisitPane,
} from "./bindings";
import { cardNumberRule, genuineCard, type FakeCard } from "./fakeCard";
import { FakeDocument } from "./fakeDocument";
import { inMrz, onFile, printer } from "./fakePeople";

const MINUTE = 60_000;
const CODE_DAYS = 14;
const WARN_TIME = 5 * MINUTE;
const TRAY_TIME = 15 * MINUTE;

/** What the fake accepts as the last four characters of its sheet's reference. */
export const FAKE_REFERENCE_TAIL = "YNKH";
const FAKE_REFERENCE_HINT = "A-M3PWC6····";

/** How the person at the desk made themselves known. */
export type Introduction = "card" | "number" | "carer";

interface FakeConcern {
  id: string;
  person: PersonView;
  own: boolean;
  purpose: Purpose | null;
  authority: AuthorityView | null;
  state: ConcernRowState;
  hasVisitNumber: boolean;
  code: CodeState | null;
}

/** A visit in memory: who came, for whom, what was answered, and how it looks on each screen. */
export class FakeVisit {
  readonly document: FakeDocument;
  readonly startedAt: number;
  face: FaceAnswer | null = null;
  second: Operator | null = null;
  /** The concern whose proof is asked for. */
  asking: string | null = null;
  /** The concern whose letter is on its way. */
  letter: string | null = null;
  /** The end of the Kennnummer on the card's back was typed and is right. */
  cardNumberAgrees = false;
  /** What the acting person's card proves. */
  card: FakeCard = genuineCard;
  cardNumber: CardNumberRule = cardNumberRule;
  /** The level that a concern needs here, but for the ePA's. */
  needed: Level = "substantial";
  /** Where the entry of the card's PIN stands, if the profile offers it. */
  pin: PinStep | null = null;
  /** It was entered, and the card signed. */
  pinVerified = false;
  private readonly acting: PersonView;
  /** The service could be asked about the person. */
  isAsked = true;
  private readonly introduction: Introduction;
  private readonly concerns: FakeConcern[] = [];

  constructor(acting: PersonView, introduction: Introduction, startedAt: number) {
    this.acting = introduction === "carer" ? { ...acting, birthDate: null, kvnrMasked: null } : acting;
    this.introduction = introduction;
    this.startedAt = startedAt;
    this.document = new FakeDocument(this.acting.birthDate, inMrz(acting));
    if (introduction !== "carer") this.add(acting, true);
  }

  get carer(): CarerKind | null {
    return this.introduction === "carer" ? "professional" : null;
  }

  introducedBy(introduction: Introduction): boolean {
    return this.introduction === introduction;
  }

  // Concerns

  add(person: PersonView, own: boolean) {
    const id = `concern-${String(this.concerns.length + 1)}`;
    const authority = own ? null : (onFile[person.kvnrMasked ?? ""] ?? null);
    const purpose = own ? "app_activation" : "representative_access";
    const state = { state: "incomplete" } as const;
    this.concerns.push({ id, person, own, purpose, authority, state, hasVisitNumber: false, code: null });
    this.asking = id;
  }

  concern(id: string): FakeConcern | undefined {
    return this.concerns.find((concern) => concern.id === id);
  }

  chooseOwn(id: string, purpose: Purpose) {
    const concern = this.concern(id);
    if (concern === undefined) return;
    concern.purpose = purpose;
    concern.hasVisitNumber = true;
    this.document.needed = this.levelNeeded;
    this.document.admitsChip = this.isEpa;
    concern.state = { state: "possible", needsRelease: false };
    this.asking = null;
  }

  presentProof({ concern: id, proof, deed }: ProofInput, today: string) {
    const concern = this.concern(id);
    if (concern === undefined) return;
    const wasOnFile = concern.authority !== null;
    const isUnconfirmed = concern.authority?.declarationNeeded ?? true;
    const isDeclared = deed?.declaredUnchanged === true;
    if (deed !== null) {
      concern.authority = {
        ...deed,
        issuedOn: isoDay(deed.issuedOn),
        provisionalUntil: deed.provisionalUntil === null ? null : isoDay(deed.provisionalUntil),
        onFile: wasOnFile,
        confirmedOn: concern.authority?.confirmedOn ?? null,
        declarationNeeded: isUnconfirmed,
      };
    }
    const reason = judge(proof, concern.authority, deed?.namesAgree ?? false, isDeclared, today);
    concern.state =
      reason === null ? { state: "possible", needsRelease: isUnconfirmed } : { state: "refused", reason };
    this.asking = null;
  }

  withdraw(id: string) {
    const concern = this.concern(id);
    if (concern !== undefined) concern.state = { state: "withdrawn" };
    if (this.asking === id) this.asking = null;
  }

  refuseAll(reason: RefusalReason) {
    for (const concern of this.possible()) concern.state = { state: "refused", reason };
  }

  possible(): FakeConcern[] {
    return this.concerns.filter(({ state }) => state.state === "possible");
  }

  private get isEpa(): boolean {
    return this.concerns.some(({ purpose }) => purpose === "epa");
  }

  private get levelNeeded(): Level {
    return this.isEpa ? "high" : this.needed;
  }

  // Letters

  /** Gives out the next letter; `false`: none is left. */
  nextLetter(): boolean {
    const next = this.possible().find(({ code }) => code === null);
    this.letter = next?.id ?? null;
    return next !== undefined;
  }

  get code(): CodeState | null {
    const latest = this.concerns.findLast(({ code }) => code !== null);
    return (this.concern(this.letter ?? "") ?? latest)?.code ?? null;
  }

  printed(at: number) {
    const concern = this.concern(this.letter ?? "");
    if (concern === undefined) return;
    const code = { handedOverAt: null, acceptedAt: null, voidedAt: null, refusedAt: null };
    concern.code = { printedAt: rfc3339(at), ...code };
  }

  handedOver(at: number) {
    const concern = this.concern(this.letter ?? "");
    if (concern?.code == null) return;
    concern.code.handedOverAt = concern.code.acceptedAt = rfc3339(at);
    concern.state = { state: "handed_over" };
  }

  voided(at: number) {
    const concern = this.concern(this.letter ?? "");
    if (concern?.code == null) return;
    concern.code.voidedAt = rfc3339(at);
    concern.state = { state: "failed" };
  }

  /** The account service doesn't take it. */
  refused(at: number) {
    const concern = this.concern(this.letter ?? "");
    if (concern?.code == null) return;
    concern.code.refusedAt = rfc3339(at);
    concern.state = { state: "failed" };
  }

  discarded() {
    const concern = this.concern(this.letter ?? "");
    if (concern !== undefined) concern.code = null;
  }

  // Screens

  get needsSecondLook(): boolean {
    return this.secondLookReasons.length > 0;
  }

  private get secondLookReasons(): SecondLookReason[] {
    const represents = this.possible().some(({ own }) => !own);
    return [
      ...(represents ? (["representation"] as const) : []),
      ...(this.document.unclear ? (["document_unclear"] as const) : []),
      ...(this.face === "doubt" ? (["face_doubt"] as const) : []),
      ...(this.isEpa ? (["required"] as const) : []),
    ];
  }

  rows(): ConcernRow[] {
    return this.concerns.map(({ id, person, own, purpose, authority, state }) => {
      return { id, person, own, purpose, authority, state };
    });
  }

  concernScreen(): ConcernScreen {
    const concern = this.concerns[0]?.id ?? "";
    return {
      concern,
      purposes: this.purposes,
      selected: this.concerns[0]?.purpose ?? "app_activation",
      against: null,
      visitNumberLength: 8,
      cardNumberDigits: this.asksForCardNumber ? this.cardNumber.digits : null,
      pin: this.pin,
    };
  }

  private get purposes(): PurposeOption[] {
    const isGenuine = this.introduction === "card" && this.card.authenticity.level === "chip";
    return [
      { purpose: "app_activation", problem: null, against: null },
      { purpose: "epa", problem: isGenuine ? null : "health_card_needed", against: null },
    ];
  }

  get asksForCardNumber(): boolean {
    return this.introduction === "card" && this.cardNumber.ask === "always" && !this.cardNumberAgrees;
  }

  representationScreen(card: CardPane): RepresentationScreen {
    const ready = this.asking === null && this.possible().length > 0;
    return { concerns: this.rows(), asking: this.asking, card, cardNumber: this.cardNumber, ready };
  }

  secondLookScreen(members: Operator[]): SecondLookScreen {
    const deeds = this.rows().filter(({ own, state }) => !own && state.state === "possible");
    return { members, reasons: this.secondLookReasons, document: this.document.type.label, deeds };
  }

  summaryScreen(now: number, stepUp: boolean): SummaryScreen {
    const { document, face, second } = this;
    const rows: SummaryRow[] = [
      this.carer === null
        ? { what: "insurance", withCard: this.introduction === "card", asked: this.isAsked }
        : { what: "representative", kind: this.carer },
      { what: "document", document: document.type.label, passed: document.passed, total: document.total },
      ...(document.chip.state === "read" ? [{ what: "chip", counts: document.chip.counts } as const] : []),
      { what: "person", face: face ?? "doubt" },
      { what: "second_look", needed: this.needsSecondLook, by: second?.name ?? null },
    ];
    const validUntil = rfc3339(now + CODE_DAYS * 24 * 60 * MINUTE).slice(0, 10);
    const code = { validDays: CODE_DAYS, validUntil, replaces: false };
    return { rows, concerns: this.rows(), stepUp, ...code, ready: true, against: null };
  }

  /** Which letter of how many. */
  get letterPlace(): { place: number; count: number } {
    const withLetter = this.concerns.filter(({ state }) =>
      ["possible", "handed_over", "failed"].includes(state.state),
    );
    return { place: withLetter.findIndex(({ id }) => id === this.letter) + 1, count: withLetter.length };
  }

  handOverScreen(): HandOverScreen {
    const state = this.concern(this.letter ?? "")?.state;
    const printedAt = Date.parse(this.code?.printedAt ?? rfc3339(0));
    return {
      ...this.letterPlace,
      printer,
      withCard: this.introduction === "card",
      needsRelease: state?.state === "possible" && state.needsRelease,
      warnAt: rfc3339(printedAt + WARN_TIME),
      voidAt: rfc3339(printedAt + TRAY_TIME),
      referenceHint: FAKE_REFERENCE_HINT,
    };
  }

  pane(current: StepName | null): VisitPane {
    const isCarer = this.carer !== null;
    const subject = this.concern(this.asking ?? this.letter ?? "");
    const second: StepName[] = this.needsSecondLook ? ["second_look"] : [];
    const missing = this.missing();
    return {
      acting: this.acting,
      carer: this.carer,
      representativeNumber: isCarer ? "V-H8D3MPWC" : null,
      subject: isCarer && subject?.own === false ? subject.person : null,
      steps: ["concern", "document", "face", ...second, "summary", "hand_over"],
      current,
      startedAt: rfc3339(this.startedAt),
      proven: this.proven(),
      missing,
      level: {
        reached: missing.length === 0 ? this.levelNeeded : this.document.datesGood ? "normal" : "none",
        needed: this.levelNeeded,
      },
      code: this.code,
      warnings: this.warnings(),
      canRevokeChip: this.canRevokeChip(current),
    };
  }

  /** After the step in which they were asked, and before a code exists. */
  private canRevokeChip(current: StepName | null): boolean {
    const isAgreed = this.document.chip.state === "needs_key" || this.document.chip.state === "read";
    const isLater = current === "face" || current === "second_look" || current === "summary";
    return isAgreed && isLater && this.code === null;
  }

  private warnings(): CardWarning[] {
    const { transactionOpen, validUntil } = this.card.state;
    const warnings: [boolean, CardWarning][] = [
      [transactionOpen, { code: "transaction_open" }],
      [validUntil !== null, { code: "insurance_ended", params: { date: validUntil ?? "" } }],
      [this.acting.birthDate?.endsWith("-00") === true, { code: "birth_date_incomplete" }],
    ];
    return warnings.filter(([isSo]) => isSo).map(([, warning]) => warning);
  }

  private proven(): Proof[] {
    const { document } = this;
    const proven = this.introduced();
    for (const { authority, person, state, hasVisitNumber } of this.concerns) {
      if (hasVisitNumber) proven.push({ what: "visit_number_matches" });
      if (authority === null || state.state !== "possible") continue;
      proven.push({ what: "deed_seen", familyName: person.familyName, authority });
      if (authority.declarationNeeded) proven.push({ what: "declared_unchanged" });
    }
    if (document.datesGood) {
      const state = document.nameAgrees === "pass" ? "proven" : "partly";
      const nameInMrz = document.nameInMrz;
      proven.push({ what: "document_dates", state, document: document.type.label, nameInMrz });
    }
    const { passed, total } = document;
    if (passed > 0) {
      proven.push({ what: "document_checks", state: passed === total ? "proven" : "partly", passed, total });
    }
    if (document.chip.state === "read") {
      const { counts, lines } = document.chip;
      proven.push({ what: "chip", counts, lines });
    }
    if (this.face === "matches") proven.push({ what: "face_matches" });
    if (this.second !== null) proven.push({ what: "second_look", by: this.second.name });
    return proven;
  }

  /** What the person at the desk began with. */
  private introduced(): Proof[] {
    const { authenticity, state } = this.card;
    const isCardInOrder = !state.expired && !state.locked && !state.transactionOpen;
    const cardNumber: Proof[] = this.cardNumberAgrees
      ? [{ what: "card_number_agrees", digits: this.cardNumber.digits }]
      : [];
    const pin: Proof[] = this.pinVerified ? [{ what: "pin_verified" }] : [];
    switch (this.introduction) {
      case "card":
        return [
          {
            what: "health_card_read",
            state: authenticity.level === "chip" ? "proven" : "partly",
            authenticity,
          },
          { what: "health_card_state", state: isCardInOrder ? "proven" : "partly", card: state },
          ...cardNumber,
          ...pin,
          { what: this.isAsked ? "account_registered" : "insurance_not_asked" },
        ];
      case "number":
        return [{ what: "number_agrees" }, ...cardNumber, { what: "account_registered" }];
      case "carer":
        return [{ what: "representative_registered" }];
    }
  }

  private missing(): Missing[] {
    const { document, concerns } = this;
    const open = concerns.filter(({ state }) => state.state === "incomplete");
    const missing: [boolean, Missing][] = [
      [open.some(({ own }) => own), "visit_number"],
      [open.some(({ own }) => !own) || concerns.length === 0, "authority"],
      [!document.datesGood, "document"],
      [!document.complete, "document_checks"],
      [this.face === null || this.face === "does_not_match", "face"],
      [this.needsSecondLook && this.second === null, "second_look"],
    ];
    return missing.filter(([isMissing]) => isMissing).map(([, what]) => what);
  }
}

/** Why a representation isn't enough; `null`: it is. */
function judge(
  proof: ProofInput["proof"],
  authority: AuthorityView | null,
  namesAgree: boolean,
  isDeclared: boolean,
  today: string,
): RefusalReason | null {
  if (proof === "errand") return "pickup_by_third_party";
  if (proof === "spouse") return "spouse_no_digital_access";
  if (proof === "nothing" || authority === null) return "third_party_no_authority";
  if (proof === "single_matter_deed") return "office_unsuitable";
  if (authority.seenAs === "copy") return "deed_copy_only";
  if (!namesAgree) return "deed_name_mismatch";
  if (authority.provisional && authority.provisionalUntil === null) return "provisional_no_end";
  if ((authority.provisionalUntil ?? today) < today) return "provisional_expired";
  if (authority.declarationNeeded && !isDeclared) return "declaration_missing";
  const opens = authority.areas.some((area) => area === "health" || area === "social_benefits");
  return opens ? null : "area_missing";
}

/** `03.02.1941` → 1941-02-03 */
function isoDay(typed: string): string {
  return typed.split(".").reverse().join("-");
}

export function rfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
