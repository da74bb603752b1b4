// Generated from src-tauri/crates/bridge by its tests. Do not edit: UPDATE_BINDINGS=1 cargo test -p bridge

/**
 * Everything the window shows, sent whole with every change as the event `workstation-changed`.
 */
export type Snapshot = { 
/**
 * Grows with every change; an older one that arrives late is dropped.
 */
revision: number, 
/**
 * A build with developers' powers says so all the time.
 */
workshop: boolean, product: Product, place: Place, 
/**
 * Who works at the desk; `None` before somebody has signed in.
 */
operator: Operator | null, desk: Desk, screen: Screen, 
/**
 * What went wrong with the last thing the clerk did, until the next one.
 */
notice: AppError | null, };

/**
 * Version and profile, shown at the right of the status line.
 */
export type Product = { version: string, 
/**
 * Empty before the desk is open, and if it can't be opened; likewise the version.
 */
profileName: string, profileVersion: string, };

/**
 * Where this desk stands, and how the insurer calls things.
 */
export type Place = { insurer: string, 
/**
 * "Servicezentrum Hamburg-Altona", the profile's word for it included.
 */
place: string, 
/**
 * "Platz 3"
 */
desk: string, 
/**
 * What the insurer calls the code: "Aktivierungscode".
 */
codeName: string, };

/**
 * Somebody who may sign in.
 */
export type Operator = { 
/**
 * Pseudonymous id in the insurer's directory.
 */
id: string, initials: string, name: string, role: Role, };

/**
 * The role somebody works in.
 */
export type Role = "clerk" | "supervisor";

/**
 * "Wer arbeitet an diesem Platz?"
 */
export type SignInScreen = { members: Array<Operator>, };

/**
 * The desk is locked (Strg+L); the visit stays, nothing of it is shown.
 */
export type LockedScreen = { 
/**
 * Who locked it: preselected.
 */
operator: Operator, 
/**
 * Everybody who may unlock: while a visit is open, its clerk and supervisors (who then take it over).
 */
members: Array<Operator>, visitOpen: boolean, 
/**
 * "Im Drucker liegt noch ein Aktivierungsschreiben."
 */
sheetInTray: boolean, };

/**
 * A visit that the program's end interrupted, and that this clerk can go on with.
 */
export type InterruptedVisit = { 
/**
 * RFC 3339
 */
openedAt: string, 
/**
 * RFC 3339: after that it is wiped.
 */
resumableUntil: string, 
/**
 * A code of it became void with the interruption: the sheet must be destroyed.
 */
codeVoided: boolean, };

/**
 * The status line: calm while all is well.
 */
export type Desk = { reader: ReaderStatus, printer: PrinterStatus, service: ServiceStatus, 
/**
 * What can be done with or without the account service.
 */
line: LineView, clock: ClockView, 
/**
 * What stands against a new code just now.
 */
obstacles: Obstacles, 
/**
 * How much waits for a supervisor.
 */
tasks: number, 
/**
 * Deletions that aren't confirmed: for the administrator.
 */
unprovenErasures: number, 
/**
 * Messages that the account service has not accepted yet.
 */
outbox: number, 
/**
 * What the insurer has to go over before long, or should have.
 */
reviews: Array<ReviewDue>, };

/**
 * The catalogue or the checklist is old: what is reached falls.
 */
export type ReviewDue = { part: ReviewedPart, 
/**
 * `YYYY-MM-DD`, the last day on which more is reached than `then`; `None`: over.
 */
until: string | null, 
/**
 * The best level from then on.
 */
then: Level, };

/**
 * What is gone over.
 */
export type ReviewedPart = "catalogue" | "checklist";

/**
 * Readers and what is in them.
 */
export type ReaderStatus = { "state": "starting" } | { "state": "service_down" } | { "state": "service_denied" } | { "state": "no_reader" } | { "state": "ready", readers: Array<string>, } | { "state": "card_present", reader: string, } | { "state": "card_mute", reader: string, };

/**
 * The desk's printer.
 */
export type PrinterStatus = { "state": "unknown" } | { "state": "ready", name: string, } | { "state": "busy", name: string, } | { "state": "stopped", name: string, reason: string, } | { "state": "unreachable", name: string, };

/**
 * The central account service.
 */
export type ServiceStatus = { "state": "unknown" } | { "state": "connected" } | { "state": "offline", since: string, };

/**
 * What can be done at the moment, as far as the line to the account service decides it. Instants are RFC 3339.
 */
export type LineView = { "state": "unknown" } | { "state": "connected" } | { "state": "offline", since: string, until: string, codesLeft: number, } | { "state": "delivery_only", since: string, until: string, } | { "state": "locked", since: string, };

/**
 * The desk's clock beside the account service's.
 */
export type ClockView = { "state": "right" } | { "state": "off", minutes: number, } | { "state": "wrong", minutes: number, } | { "state": "stepped_back" };

/**
 * The program can't work with its records; nothing of them is deleted.
 */
export type RecoveryScreen = { cause: RecoveryCause, 
/**
 * Messages in the damaged records that the account service doesn't have; `None`: it can't be said.
 */
undelivered: number | null, 
/**
 * Where those were written, sealed to the insurer.
 */
exportedTo: string | null, 
/**
 * Begin with empty records: offered when the old ones lie aside.
 */
canBeginAnew: boolean, };

/**
 * Why the records can't be used.
 */
export type RecoveryCause = { "kind": "quarantined", folder: string, } | { "kind": "missing" } | { "kind": "wrong_key" } | { "kind": "key_lost" } | { "kind": "keyring_locked" } | { "kind": "newer_program", found: number, known: number, } | { "kind": "in_use" } | { "kind": "read_only" } | { "kind": "disk_full" } | { "kind": "not_upgraded", backup: string, };

/**
 * The insurer has taken this desk out of service: keys and personal data are gone.
 */
export type WipedScreen = { 
/**
 * Why.
 */
cause: WipeCause, 
/**
 * The file with what hadn't been delivered, sealed to the insurer; `None`: there was nothing.
 */
sealedRecords: string | null, };

/**
 * Who took it out of service.
 */
export type WipeCause = "revoked" | "ordered";

/**
 * Something that a supervisor has to look after: what the service won't take, or the desk can't send.
 */
export type TaskView = { id: string, 
/**
 * RFC 3339
 */
since: string, what: TaskSubject, why: TaskReason, 
/**
 * Public reference of the code, where there is one.
 */
reference: string | null, 
/**
 * The visit; opens with `open_review`.
 */
visit: string | null, };

/**
 * Why line or clock allow no new code just now, by who comes; `None`: nothing that they know of.
 */
export type Obstacles = { 
/**
 * An insured person with their health card: if this is set, nobody gets one.
 */
withCard: AppError | null, 
/**
 * An insured person who tells their number.
 */
byNumber: AppError | null, asRepresentative: AppError | null, };

/**
 * What was deleted isn't confirmed to be gone: the proof was tried and doesn't hold.
 */
export type UnprovenErasure = { 
/**
 * When it was deleted; RFC 3339.
 */
at: string, 
/**
 * When the proof was tried last; RFC 3339.
 */
triedAt: string, };

/**
 * An hour in which a member of staff looked up more people without a visit than the insurer's policy thinks usual. Says nothing
 * of whom.
 */
export type AccessAlert = { 
/**
 * For `close_access_alert`.
 */
staffId: string, 
/**
 * Name of the member of staff as the desk knows it.
 */
staff: string, 
/**
 * The hour's beginning; RFC 3339.
 */
hour: string, 
/**
 * Look-ups and searches.
 */
lookUps: number, 
/**
 * Those that led to no visit.
 */
withoutVisit: number, };

/**
 * What couldn't be delivered.
 */
export type TaskSubject = "identification" | "representation" | "code" | "hand_over" | "void" | "review" | "refusal" | "blocking" | "segment" | "other";

/**
 * Why.
 */
export type TaskReason = { "kind": "refused", problem: string, } | { "kind": "unreadable" };

/**
 * "Besuch suchen": one visit by the reference on its sheet. A reason comes before the result.
 */
export type SearchScreen = { 
/**
 * What was asked for last.
 */
reference: string | null, 
/**
 * `None` although something was asked for: nothing here has that reference.
 */
found: VisitRow | null, };

/**
 * "Code oder Gerät sperren"
 */
export type BlockScreen = { 
/**
 * Where something is blocked at any hour, as on the letter.
 */
blockingNumber: string, 
/**
 * What was recorded just now; `None`: nothing yet.
 */
recorded: BlockedView | null, };

/**
 * Of whom something is blocked. No names: a masked number only.
 */
export type BlockedView = { kvnrMasked: string, 
/**
 * The service knew number, name and birth date; otherwise it could not be asked.
 */
confirmed: boolean, blocking: BlockingView, };

/**
 * A blocking, in a list too.
 */
export type BlockingView = { target: BlockingTarget, state: BlockingState, };

/**
 * What is blocked.
 */
export type BlockingTarget = "codes" | "app";

/**
 * Whether it is blocked.
 */
export type BlockingState = "ordered" | "in_force" | "refused";

/**
 * Why somebody looks at what is recorded about a person.
 */
export type AccessReason = "inquiry" | "complaint" | "data_access" | "correction";

/**
 * A visit that isn't deleted although its time is over.
 */
export type HoldView = { 
/**
 * RFC 3339
 */
since: string, 
/**
 * Name of the member of staff as the desk knows it.
 */
by: string, reason: HoldReason, };

/**
 * Why it is kept.
 */
export type HoldReason = "complaint" | "investigation" | "legal_proceedings" | "authority" | "restriction";

/**
 * "Über diesen Platz": what is set, and who says so.
 */
export type AboutScreen = { 
/**
 * The insurer's signed bundle, if one is in force.
 */
bundle: BundleView | null, values: Array<SettingView>, 
/**
 * When the account service countersigned the journal last; RFC 3339.
 */
journalConfirmed: string | null, 
/**
 * Last day of the desk's certificate, `YYYY-MM-DD`.
 */
certificateUntil: string | null, };

/**
 * A signed policy bundle.
 */
export type BundleView = { serial: number, 
/**
 * RFC 3339
 */
issuedAt: string, };

/**
 * A value and its provenance.
 */
export type SettingView = { 
/**
 * Dotted: `code.valid_days`.
 */
key: string, value: string, source: SettingSource, };

/**
 * Where a value comes from.
 */
export type SettingSource = { "kind": "shipped" } | { "kind": "signed", serial: number, } | { "kind": "managed", file: string, };

/**
 * A text that comes with data (catalogue, profile) rather than with the program.
 */
export type Text = { de: string, en: string, };

/**
 * What the reader holds while no visit is open.
 */
export type CardPane = { "state": "empty" } | { "state": "reading", step: ReadStep, done: number, total: number, facts: CardFacts, } | { "state": "needs_can", digits: number, wrong: boolean, } | { "state": "read", facts: CardFacts, warnings: Array<CardWarning>, } | { "state": "failed", error: AppError, };

/**
 * Which part of the card is read now.
 */
export type ReadStep = "connecting" | "version" | "secure_channel" | "card_number" | "chip" | "status" | "person" | "insurance" | "certificate" | "look_up";

/**
 * What is known of the card so far.
 */
export type CardFacts = { 
/**
 * `G2`, `G2.1`, `G3`
 */
generation: string | null, 
/**
 * Last six digits of the Kennnummer der Karte (ICCSN).
 */
cardNumberTail: string | null, 
/**
 * Day on which the card's data were last updated (`YYYY-MM-DD`).
 */
dataAsOf: string | null, person: CardPerson | null, insurance: CardInsurance | null, 
/**
 * `None` until both proofs are made.
 */
authenticity: CardAuthenticity | null, };

/**
 * Who the card names.
 */
export type CardPerson = { 
/**
 * "Dr. med."
 */
title: string | null, givenNames: string, 
/**
 * Family name with Namenszusatz and Vorsatzwort in their order: "Graf von und zu Buntspecht".
 */
familyName: string, 
/**
 * As on the card, `YYYY-MM-DD` with `00` for what is unknown.
 */
birthDate: string, 
/**
 * First letter and last three digits: `K••••••781`.
 */
kvnrMasked: string, };

/**
 * What the card says of the insurance.
 */
export type CardInsurance = { insurer: string, 
/**
 * Institutionskennzeichen of the issuing insurer, nine digits.
 */
ik: string, validFrom: string, validUntil: string | null, };

/**
 * Something to know about a card that could be read.
 */
export type CardWarning = { "code": "transaction_open" } | { "code": "application_deactivated" } | { "code": "insurance_ended", "params": { date: string, } } | { "code": "insurance_not_begun", "params": { date: string, } } | { "code": "data_old", "params": { date: string, } } | { "code": "birth_date_incomplete" };

/**
 * What a card is that can't be read as a health card.
 */
export type CardKind = "hba" | "smc_b" | "kvk" | "egk_g1" | "travel_document" | "other";

/**
 * What was proven of a card.
 */
export type CardAuthenticity = { 
/**
 * How much is proven, all in all.
 */
level: CardProofLevel, 
/**
 * The chip holds the key of its certificate, which the telematics infrastructure vouches for, and which is this
 * card's.
 */
chip: CardCheck, 
/**
 * The cardholder's certificate is of a trusted issuer and names the person and the insurer that were read.
 */
certificate: CardCheck, };

/**
 * How much a card has proven.
 */
export type CardProofLevel = "read" | "certificate" | "chip";

/**
 * The outcome of one proof, and why it isn't valid.
 */
export type CardCheck = { "result": "valid" } | { "result": "invalid", reason: CardCheckReason, } | { "result": "not_verifiable", reason: CardCheckReason, } | { "result": "not_supported", reason: CardCheckReason, };

/**
 * Why a proof isn't valid.
 */
export type CardCheckReason = "not_asked" | "no_certificate" | "no_trust_store" | "malformed" | "unknown_issuer" | "test_card" | "signature" | "not_yet_valid" | "expired" | "wrong_use" | "other_card" | "other_person" | "other_insurer" | "challenge_failed" | "refused";

/**
 * A health card's state, all in one view.
 */
export type CardState = { 
/**
 * `G2`, `G2.1`, `G3`
 */
generation: string, 
/**
 * Day on which the data were last updated.
 */
dataAsOf: string | null, validFrom: string | null, validUntil: string | null, 
/**
 * The insurance, or a card for a limited time, ended before today.
 */
expired: boolean, 
/**
 * The insurer has locked the health application.
 */
locked: boolean, 
/**
 * An update was interrupted: the data may contradict itself.
 */
transactionOpen: boolean, 
/**
 * The card can be read over the air; unknown if nobody asked it.
 */
contactless: boolean | null, };

/**
 * When the end of the Kennnummer der Karte is typed from the card's back.
 */
export type CardNumberRule = { 
/**
 * How many digits, from the end.
 */
digits: number, ask: CardNumberAsk, };

/**
 * See [`CardNumberRule`].
 */
export type CardNumberAsk = "never" | "without_chip" | "always";

/**
 * The PIN of the health card, typed at the reader's own pad.
 */
export type PinStep = { "state": "offered" } | { "state": "asking" } | { "state": "at_reader", 
/**
 * Wrong ones until it is blocked, this try included.
 */
triesLeft: number, } | { "state": "last_try" } | { "state": "failed", problem: PinProblem, };

/**
 * Why a PIN proved nothing.
 */
export type PinProblem = { "what": "wrong", triesLeft: number, } | { "what": "not_typed" } | { "what": "blocked" } | { "what": "transport_pin" } | { "what": "empty" } | { "what": "disabled" } | { "what": "not_supported" } | { "what": "no_pin_pad" } | { "what": "other_card" } | { "what": "not_genuine" } | { "what": "card", error: AppError, };

/**
 * The one screen that the window shows.
 */
export type Screen = { "kind": "starting" } | { "kind": "blocked" } | { "kind": "recovery", step: RecoveryScreen, } | { "kind": "wiped", step: WipedScreen, } | { "kind": "sign_in", step: SignInScreen, } | { "kind": "locked", step: LockedScreen, } | { "kind": "start", card: CardPane, interrupted: InterruptedVisit | null, cardNumber: CardNumberRule, } | { "kind": "today", step: TodayScreen, } | { "kind": "reviews", step: ReviewsScreen, } | { "kind": "search", step: SearchScreen, } | { "kind": "block", step: BlockScreen, } | { "kind": "about", step: AboutScreen, } | { "kind": "representation", pane: VisitPane, step: RepresentationScreen, } | { "kind": "concern", pane: VisitPane, step: ConcernScreen, } | { "kind": "document", pane: VisitPane, step: DocumentScreen, } | { "kind": "face", pane: VisitPane, step: FaceScreen, } | { "kind": "second_look", pane: VisitPane, step: SecondLookScreen, } | { "kind": "summary", pane: VisitPane, step: SummaryScreen, } | { "kind": "printing", pane: VisitPane, step: PrintingScreen, } | { "kind": "hand_over", pane: VisitPane, step: HandOverScreen, } | { "kind": "done", pane: VisitPane, step: DoneScreen, };

/**
 * The pane at the right that always answers: who, for whom, what is proven, what is missing, how far.
 */
export type VisitPane = { 
/**
 * "Am Platz"
 */
acting: PersonView, 
/**
 * Set for a representative.
 */
carer: CarerKind | null, 
/**
 * `V-…`, of a representative.
 */
representativeNumber: string | null, 
/**
 * "Für": whom the present step is about, if it is somebody else than the person at the desk.
 */
subject: PersonView | null, 
/**
 * The visit's steps in their order, and the one that is shown; `None`: all done.
 */
steps: Array<StepName>, current: StepName | null, 
/**
 * RFC 3339; the window counts the visit's minutes from it.
 */
startedAt: string, proven: Array<Proof>, missing: Array<Missing>, level: LevelView, 
/**
 * The code's way, once there is one.
 */
code: CodeState | null, warnings: Array<CardWarning>, 
/**
 * The person has agreed to the reading of the chip and can take it back, after the step in which they were asked.
 */
canRevokeChip: boolean, };

/**
 * A person as the pane and lists of concerns name them.
 */
export type PersonView = { 
/**
 * Family name with its prefixes.
 */
familyName: string, givenNames: string, title: string | null, 
/**
 * `YYYY-MM-DD`, `00` for what is unknown; `None` for a representative.
 */
birthDate: string | null, 
/**
 * `None` for a representative.
 */
kvnrMasked: string | null, };

/**
 * The steps of a visit.
 */
export type StepName = "concern" | "document" | "face" | "second_look" | "summary" | "hand_over";

/**
 * One line of "Nachgewiesen".
 */
export type Proof = { "what": "health_card_read", state: ProofState, authenticity: CardAuthenticity, } | { "what": "health_card_state", state: ProofState, card: CardState, } | { "what": "card_number_agrees", digits: number, } | { "what": "pin_verified" } | { "what": "number_agrees" } | { "what": "insurance_not_asked" } | { "what": "account_registered" } | { "what": "app_active" } | { "what": "representative_registered" } | { "what": "carer_on_file" } | { "what": "deed_seen", familyName: string, authority: AuthorityView, } | { "what": "declared_unchanged" } | { "what": "visit_number_matches" } | { "what": "document_dates", state: ProofState, document: Text, nameInMrz: string, } | { "what": "document_checks", state: ProofState, passed: number, total: number, } | { "what": "chip", counts: ChipCounts, lines: Array<ChipLine>, } | { "what": "face_matches" } | { "what": "second_look", by: string, };

/**
 * How a proof came out.
 */
export type ProofState = "proven" | "partly";

/**
 * One line of "Was noch fehlt".
 */
export type Missing = "visit_number" | "document" | "document_checks" | "face" | "authority" | "second_look";

/**
 * Vertrauensniveau (eIDAS, BSI TR-03107-1).
 */
export type Level = "none" | "normal" | "substantial" | "high";

/**
 * The level reached so far and the one the concern needs.
 */
export type LevelView = { reached: Level, needed: Level, };

/**
 * What a concern is about. Only purposes that this build can carry out are offered.
 */
export type Purpose = "app_activation" | "epa" | "representative_access";

/**
 * A purpose that this desk offers.
 */
export type PurposeOption = { purpose: Purpose, 
/**
 * Why it isn't possible for this person now.
 */
problem: PurposeProblem | null, 
/**
 * What of this purpose can't be done without a line; the line may be back later.
 */
against: AppError | null, };

/**
 * Why a purpose isn't possible.
 */
export type PurposeProblem = "health_card_needed" | "app_active_already" | "account_not_registered" | "review_overdue";

/**
 * "Worum geht es?"
 */
export type ConcernScreen = { 
/**
 * The concern, for `choose_concern`.
 */
concern: string, purposes: Array<PurposeOption>, selected: Purpose, 
/**
 * Why line or clock allow no code for this person just now, whatever for; they may before the end.
 */
against: AppError | null, 
/**
 * Length of the Besuchsnummer without its blank.
 */
visitNumberLength: number, 
/**
 * So many digits from the end of the Kennnummer on the card's back are asked for; `None`: none, or right already.
 */
cardNumberDigits: number | null, 
/**
 * The card's PIN, where it may be typed and hasn't been yet.
 */
pin: PinStep | null, };

/**
 * "Ausweis ansehen"
 */
export type DocumentScreen = { types: Array<DocumentTypeView>, 
/**
 * Id of the selected type.
 */
selected: string, birthDate: DateField, expiryDate: DateField, 
/**
 * The document's number with its check character, where that is looked at; never kept, never shown again.
 */
number: NumberField | null, 
/**
 * A scanner for the zone, where the profile admits one.
 */
scan: ScanStep | null, 
/**
 * The chip, where it may be read for this purpose and document, once the dates are right.
 */
chip: ChipStep | null, checks: Array<CheckView>, 
/**
 * The card's name as the document's machine-readable zone would spell it (ICAO 9303-3, 6.A): `PRIMARY<<SECOND<ARY`.
 */
nameInMrz: string, nameAgrees: CheckAnswer | null, 
/**
 * All answered: the next step is open.
 */
complete: boolean, };

/**
 * A document type of the catalogue.
 */
export type DocumentTypeView = { id: string, label: Text, 
/**
 * Where its dates are read.
 */
dates: DatesOn, 
/**
 * It can reach the level that is needed.
 */
suffices: boolean, };

/**
 * Where a document's dates are read.
 */
export type DatesOn = { "on": "zone" } | { "on": "print", unlimited: boolean, };

/**
 * What is known of a typed number with a check character.
 */
export type NumberField = "empty" | "good" | "malformed" | "check_character_wrong";

/**
 * Where the reading of the document's chip stands, where it may be read at all.
 */
export type ChipStep = { "state": "offered", consent: ConsentText, } | { "state": "declined", consent: ConsentText, } | { "state": "needs_key", keys: Array<ChipKey>, problem: ChipProblem | null, } | { "state": "needs_document" } | { "state": "reading", step: ChipReadStep, done: number, total: number, } | { "state": "read", lines: Array<ChipLine>, counts: ChipCounts, };

/**
 * What the person agrees to, in the insurer's words; the same on paper.
 */
export type ConsentText = { 
/**
 * `chip-consent@1`, kept with the answer.
 */
wording: string, heading: Text, 
/**
 * What is read and for what, that it can be taken back, that refusing has no disadvantage.
 */
paragraphs: Array<Text>, };

/**
 * How the person agrees.
 */
export type ConsentForm = "tapped" | "signed";

/**
 * What opens a chip.
 */
export type ChipKey = "number" | "can";

/**
 * How far the reading is.
 */
export type ChipReadStep = "opening" | "data" | "genuine" | "face";

/**
 * Why the chip wasn't read. The visit goes on by eye in any case.
 */
export type ChipProblem = { "why": "wrong_key", key: ChipKey, } | { "why": "number_malformed" } | { "why": "can_malformed" } | { "why": "number_needed" } | { "why": "can_needed" } | { "why": "not_a_travel_document" } | { "why": "other_type_than_chosen" } | { "why": "authorities_only" } | { "why": "unreadable" } | { "why": "cancelled" } | { "why": "card", error: AppError, };

/**
 * One check of the chip.
 */
export type ChipLine = { check: ChipCheckName, state: ChipCheck, };

/**
 * The checks, in the order in which they are shown.
 */
export type ChipCheckName = "data" | "signature" | "issuer" | "revocation" | "document_type" | "country" | "copy" | "name" | "birth_date" | "expiry" | "face";

/**
 * The outcome of a check of the chip.
 */
export type ChipCheck = { "state": "valid" } | { "state": "invalid", reason: ChipReason, } | { "state": "not_verifiable", reason: ChipReason, } | { "state": "not_supported", reason: ChipReason, };

/**
 * Why a check of the chip isn't valid.
 */
export type ChipReason = "not_asked" | "not_offered" | "malformed" | "hash_differs" | "not_in_list" | "signature" | "unknown_algorithm" | "no_trust_store" | "unknown_issuer" | "not_valid_then" | "wrong_use" | "wrong_document_type" | "wrong_country" | "revoked" | "no_revocation_list" | "defect" | "challenge_failed" | "passive_authentication" | "refused" | "withheld" | "downgraded" | "other_document" | "differs" | "face_unreadable";

/**
 * What the chip is good for.
 */
export type ChipCounts = "proves" | "nothing" | "contradicts";

/**
 * The chip's picture: bytes come once, from the address that the token names, while the face is compared.
 */
export type ChipFace = { 
/**
 * Good for one fetch.
 */
token: string, 
/**
 * Pixels.
 */
width: number, height: number, };

/**
 * A scanner for machine-readable zones, where the profile admits it for the chosen document.
 */
export type ScanStep = { "state": "ready" } | { "state": "read", corrected: number, } | { "state": "bad", problem: ScanProblem, } | { "state": "unavailable" };

/**
 * What is wrong with what a scanner sent.
 */
export type ScanProblem = "not_a_zone" | "check_digit" | "other_document";

/**
 * One row of the checklist, in the order of the hands.
 */
export type CheckView = { id: string, title: Text, hint: Text, answer: CheckAnswer | null, };

/**
 * What the clerk saw.
 */
export type CheckAnswer = "pass" | "unclear" | "fail";

/**
 * What is known of a date typed from the machine-readable zone: six digits and their check digit. The digits
 * themselves never come back to the window.
 */
export type DateField = { "state": "empty" } | { "state": "good" } | { "state": "bad", problem: DateProblem, };

/**
 * Why a typed date doesn't do.
 */
export type DateProblem = { "why": "not_seven_digits" } | { "why": "not_a_date" } | { "why": "no_such_day" } | { "why": "check_digit_wrong" } | { "why": "differs_from_card" } | { "why": "expired", on: string, } | { "why": "valid_for_too_long", months: number, };

/**
 * "Gesicht vergleichen"
 */
export type FaceScreen = { answer: FaceAnswer | null, 
/**
 * The picture out of the chip, beside the person.
 */
picture: ChipFace | null, };

/**
 * The three answers of the face comparison; nothing else about the face is ever kept.
 */
export type FaceAnswer = "matches" | "doubt" | "does_not_match";

/**
 * "Für wen handelt Frau Albrecht?"
 */
export type RepresentationScreen = { concerns: Array<ConcernRow>, 
/**
 * The concern whose proof is asked for now; the form for it is open.
 */
asking: string | null, 
/**
 * What the reader does meanwhile: a card that is put in names the next person.
 */
card: CardPane, cardNumber: CardNumberRule, 
/**
 * At least one concern is possible and none waits for its proof.
 */
ready: boolean, };

/**
 * One concern of the visit, as a row.
 */
export type ConcernRow = { id: string, person: PersonView, 
/**
 * The acting person's own concern.
 */
own: boolean, purpose: Purpose | null, 
/**
 * The authority in words: what was shown, or what is on file while it is asked for.
 */
authority: AuthorityView | null, state: ConcernRowState, };

/**
 * Where a concern stands.
 */
export type ConcernRowState = { "state": "incomplete" } | { "state": "possible", 
/**
 * The code works only after the back office's release.
 */
needsRelease: boolean, } | { "state": "refused", reason: RefusalReason, } | { "state": "withdrawn" } | { "state": "handed_over" } | { "state": "failed" };

/**
 * A deed, as the register of representations or the form has it.
 */
export type AuthorityView = { court: string, fileNumber: string, 
/**
 * `YYYY-MM-DD`
 */
issuedOn: string, areas: Array<Area>, 
/**
 * A provisional order, with its last day (`YYYY-MM-DD`) if it names one.
 */
provisional: boolean, provisionalUntil: string | null, 
/**
 * In the insurer's register; `false`: a new deed.
 */
onFile: boolean, 
/**
 * `YYYY-MM-DD`: when the carer last confirmed it.
 */
confirmedOn: string | null, 
/**
 * The declaration "Die Betreuung besteht unverändert" is needed: first use, or not confirmed for twelve months.
 */
declarationNeeded: boolean, 
/**
 * How it was shown, once it was.
 */
seenAs: SeenAs | null, };

/**
 * Areas of a carer's duties (Aufgabenbereiche).
 */
export type Area = "health" | "social_benefits" | "authorities" | "assets" | "post" | "electronic_communication" | "other";

/**
 * In what form a deed was shown.
 */
export type SeenAs = "original" | "certified_copy" | "copy";

/**
 * What somebody shows for acting on another's behalf.
 */
export type ProofKind = "deed" | "single_matter_deed" | "errand" | "spouse" | "nothing";

/**
 * Kinds of carers.
 */
export type CarerKind = "professional" | "volunteer";

/**
 * "Vier-Augen-Prüfung": what the second person looks at.
 */
export type SecondLookScreen = { 
/**
 * Everybody who may look: not the clerk.
 */
members: Array<Operator>, reasons: Array<SecondLookReason>, 
/**
 * The document in the person's hand.
 */
document: Text, 
/**
 * Deeds to look at.
 */
deeds: Array<ConcernRow>, };

/**
 * Why two people look.
 */
export type SecondLookReason = "representation" | "document_unclear" | "face_doubt" | "required";

/**
 * "Alles geprüft. Schreiben drucken?"
 */
export type SummaryScreen = { rows: Array<SummaryRow>, 
/**
 * The concerns of the visit; those that are possible get a letter each, in this order.
 */
concerns: Array<ConcernRow>, 
/**
 * The clerk proves anew who they are: `sign_and_print` needs the PIN.
 */
stepUp: boolean, 
/**
 * The code of this concern replaces a void one.
 */
replaces: boolean, 
/**
 * Days the code is valid for, and the last of them (`YYYY-MM-DD`).
 */
validDays: number, validUntil: string, 
/**
 * Needed level reached and nothing missing.
 */
ready: boolean, 
/**
 * Why line or clock allow no code just now.
 */
against: AppError | null, };

/**
 * One row of the table of what was proven.
 */
export type SummaryRow = { "what": "insurance", withCard: boolean, asked: boolean, } | { "what": "representative", kind: CarerKind, } | { "what": "document", document: Text, passed: number, total: number, } | { "what": "chip", counts: ChipCounts, } | { "what": "person", face: FaceAnswer, } | { "what": "second_look", needed: boolean, by: string | null, };

/**
 * The letter on its way to paper.
 */
export type PrintingScreen = { step: PrintStep, 
/**
 * Letter `place` of `count` in this visit, from 1.
 */
place: number, count: number, };

/**
 * How far the letter is.
 */
export type PrintStep = { "state": "recording" } | { "state": "sending" } | { "state": "at_printer" } | { "state": "waiting", reason: string, };

/**
 * "Schreiben übergeben"
 */
export type HandOverScreen = { 
/**
 * Letter `place` of `count` in this visit, from 1.
 */
place: number, count: number, 
/**
 * What the clerk calls the printer.
 */
printer: string, 
/**
 * A card lies at the desk: it is given back as well as the document.
 */
withCard: boolean, 
/**
 * The code works only after the back office's release.
 */
needsRelease: boolean, 
/**
 * RFC 3339: from then on the remaining time is a warning.
 */
warnAt: string, 
/**
 * RFC 3339: without hand-over the code is void from then on.
 */
voidAt: string, 
/**
 * The public reference with its last four characters hidden: `A-M3PWC6····`.
 */
referenceHint: string, };

/**
 * "Fertig"
 */
export type DoneScreen = { 
/**
 * The card is still in the reader.
 */
cardStillIn: boolean, 
/**
 * What became of every concern.
 */
concerns: Array<ConcernRow>, };

/**
 * Where the code is on its way.
 */
export type CodeState = { 
/**
 * RFC 3339 each, as far as it has happened.
 */
printedAt: string | null, handedOverAt: string | null, acceptedAt: string | null, voidedAt: string | null, refusedAt: string | null, };

/**
 * "Heute": the clerk's own visits of the day.
 */
export type TodayScreen = { visits: Array<VisitRow>, };

/**
 * "Besuche prüfen"
 */
export type ReviewsScreen = { 
/**
 * Finished visits of this desk that no supervisor has looked at, oldest first, then the latest reviewed ones.
 */
visits: Array<VisitRow>, selected: ReviewedVisit | null, 
/**
 * What the account service won't take, or the desk can't send; oldest first.
 */
tasks: Array<TaskView>, 
/**
 * Deletions whose proof doesn't hold, oldest first.
 */
erasures: Array<UnprovenErasure>, 
/**
 * Unusual look-ups that no supervisor has seen yet, newest first.
 */
alerts: Array<AccessAlert>, };

/**
 * A visit as a row. No names: masked numbers only.
 */
export type VisitRow = { id: string, 
/**
 * RFC 3339
 */
openedAt: string, 
/**
 * RFC 3339; `None`: not over.
 */
closedAt: string | null, 
/**
 * Names of staff as the desk knows them.
 */
operator: string, second: string | null, 
/**
 * Aborted or refused as a whole.
 */
aborted: boolean, refused: RefusalReason | null, representative: boolean, 
/**
 * Personal data of it were wiped or erased.
 */
wiped: boolean, concerns: Array<ConcernSummary>, review: ReviewOutcome | null, 
/**
 * `YYYY-MM-DD`: the day on which what is personal of it is deleted; `None`: not settled yet, or gone.
 */
deleteOn: string | null, 
/**
 * It is kept beyond that day.
 */
held: HoldView | null, 
/**
 * It is only still there because it is held: kept, not used. What is personal of it is left out, and opening it asks for
 * a reason.
 */
restricted: boolean, 
/**
 * A code of it was given out without a line.
 */
offline: boolean, };

/**
 * A concern in a list.
 */
export type ConcernSummary = { kvnrMasked: string, purpose: Purpose | null, refused: RefusalReason | null, 
/**
 * Public reference of the latest code.
 */
reference: string | null, code: CodeStanding | null, 
/**
 * It is about blocking something, and nothing else.
 */
blocking: BlockingView | null, };

/**
 * Where a code stands, in one word.
 */
export type CodeStanding = "printing" | "in_tray" | "handed_over" | "active" | "voided" | "refused" | "revoked" | "ended";

/**
 * What was proven in a visit: what a supervisor judges.
 */
export type ReviewedVisit = { row: VisitRow, carer: CarerKind | null, document: Text | null, checks: Array<ReviewedCheck>, chip: ReviewedChip | null, names: CheckAnswer | null, face: FaceAnswer | null, secondAnswer: FaceAnswer | null, level: Level, 
/**
 * Each accepted authority in words: court, file number, areas.
 */
authorities: Array<AuthorityView>, 
/**
 * The one who looks may judge: a supervisor who took no part. Otherwise why not.
 */
judge: Judge, };

/**
 * Whether this supervisor may judge.
 */
export type Judge = "may" | "took_part" | "not_needed" | "judged" | "not_over";

/**
 * A check and its answer.
 */
export type ReviewedCheck = { title: Text, answer: CheckAnswer, };

/**
 * What the document's chip proved.
 */
export type ReviewedChip = { consent: ConsentForm, 
/**
 * The data are what the issuer has signed.
 */
data: ChipOutcome, 
/**
 * The chip is no copy.
 */
copy: ChipOutcome, nameAgrees: boolean, printAgrees: boolean, };

/**
 * The outcome of a proof, as it is kept.
 */
export type ChipOutcome = "valid" | "invalid" | "not_verifiable" | "not_supported";

/**
 * A supervisor's judgement.
 */
export type ReviewOutcome = "agree" | "formal_defect" | "substantial_defect";

/**
 * What went wrong. The window's map of texts is exhaustive over `code`: what happened, and what to do next.
 */
export type AppError = { "code": "no_reader" } | { "code": "reader_service_down" } | { "code": "reader_service_denied" } | { "code": "reader_removed" } | { "code": "card_mute" } | { "code": "card_removed" } | { "code": "card_busy" } | { "code": "card_timeout" } | { "code": "reading_cancelled" } | { "code": "not_a_health_card", "params": { kind: CardKind, } } | { "code": "card_unreadable", "params": { file: string, } } | { "code": "card_number_wrong" } | { "code": "card_channel_lost" } | { "code": "card_needs_contacts" } | { "code": "health_card_not_usable" } | { "code": "health_card_unproven" } | { "code": "health_card_needed" } | { "code": "card_transport", "params": { transportCode: string, } } | { "code": "staff_unavailable" } | { "code": "pin_wrong", "params": { triesLeft: number, } } | { "code": "pin_locked", "params": { until: string, } } | { "code": "separation_of_duties" } | { "code": "supervisor_needed" } | { "code": "visit_of_another" } | { "code": "not_resumable" } | { "code": "sheet_in_tray" } | { "code": "not_insured_here" } | { "code": "data_mismatch" } | { "code": "representative_unknown" } | { "code": "too_many_concerns" } | { "code": "not_their_own" } | { "code": "concern_refused" } | { "code": "account_not_registered" } | { "code": "account_locked" } | { "code": "app_active_already" } | { "code": "health_card_locked" } | { "code": "document_not_admitted" } | { "code": "field_invalid", "params": { field: Field, problem: FieldProblem, } } | { "code": "not_yet" } | { "code": "not_now" } | { "code": "identity_not_established" } | { "code": "second_person_needed" } | { "code": "level_too_low" } | { "code": "too_many_codes" } | { "code": "printer_unreachable" } | { "code": "printer_refused" } | { "code": "print_failed" } | { "code": "receipt_not_printed" } | { "code": "code_void" } | { "code": "code_refused" } | { "code": "service_unreachable" } | { "code": "service_untrusted" } | { "code": "service_failing" } | { "code": "service_refused", "params": { refusal: ServiceRefusal, } } | { "code": "certificate_not_valid" } | { "code": "offline_not_possible", "params": { why: OfflineObstacle, } } | { "code": "line_lost" } | { "code": "desk_locked" } | { "code": "records_behind" } | { "code": "clock_wrong" } | { "code": "settings_invalid", "params": { key: string, } } | { "code": "vault_unavailable" } | { "code": "enrolment_refused" } | { "code": "store_unavailable" } | { "code": "store_read_only" } | { "code": "outbox_full" } | { "code": "disk_full" } | { "code": "internal", "params": { incident: string, } };

/**
 * Why a concern or a visit was refused.
 */
export type RefusalReason = "document_expired" | "document_not_admitted" | "identity_not_established" | "data_mismatch" | "level_too_low" | "deed_copy_only" | "deed_name_mismatch" | "deed_not_yet_issued" | "area_missing" | "representation_ended" | "provisional_no_end" | "provisional_expired" | "office_unsuitable" | "declaration_missing" | "pickup_by_third_party" | "spouse_no_digital_access" | "third_party_no_authority" | "subject_deceased" | "consent_reserved";

/**
 * A field that a problem belongs to; the focus goes there.
 */
export type Field = "pin" | "kvnr" | "family_name" | "given_names" | "full_birth_date" | "can" | "card_number_tail" | "representative_number" | "court" | "file_number" | "issued_on" | "provisional_until" | "visit_number" | "birth_date" | "expiry_date" | "reference" | "reference_tail" | "returned";

/**
 * What is wrong with a field.
 */
export type FieldProblem = "missing" | "length" | "character" | "check_symbol" | "check_digit" | "no_such_day" | "mismatch";

/**
 * Why the account service said no.
 */
export type ServiceRefusal = "not_insured" | "account_locked" | "open_code_exists" | "visit_number_unknown" | "workstation_revoked" | "other";

/**
 * What can't be done without a line to the account service.
 */
export type OfflineObstacle = "representation" | "level" | "health_card" | "codes" | "lease" | "staff" | "sealing_key";

/**
 * `sign_in`, `unlock`
 */
export type SignInInput = { staff: string, pin: string, };

/**
 * `enter_can`
 */
export type CanInput = { 
/**
 * Six digits from the front of the health card.
 */
can: string, };

/**
 * `prove_with_pin`: the reader asks for the PIN of the health card that is in it.
 */
export type PinEntryInput = { 
/**
 * One try is left, the person was told, and wants it.
 */
lastTry: boolean, };

/**
 * `begin_with_number`: an insured person without a card; `add_person`: the next person that a carer acts for.
 */
export type PersonInput = { kvnr: string, familyName: string, givenNames: string, 
/**
 * `TT.MM.JJJJ`
 */
birthDate: string, 
/**
 * The person at the desk themselves; always for `begin_with_number`.
 */
own: boolean, 
/**
 * The end of the Kennnummer on the card's back, if the card is at hand and its chip can't be read.
 */
cardNumberTail: string | null, };

/**
 * `block`: whose codes or app, with little proof.
 */
export type BlockInput = { person: PersonInput, target: BlockingTarget, };

/**
 * `begin_as_carer`
 */
export type CarerInput = { 
/**
 * Vertreternummer as typed.
 */
number: string, };

/**
 * `present_proof`
 */
export type ProofInput = { concern: string, proof: ProofKind, 
/**
 * For the two kinds of deeds.
 */
deed: DeedInput | null, };

/**
 * A deed, as looked at.
 */
export type DeedInput = { court: string, fileNumber: string, 
/**
 * `TT.MM.JJJJ`
 */
issuedOn: string, areas: Array<Area>, provisional: boolean, 
/**
 * `TT.MM.JJJJ`, if the deed names an end.
 */
provisionalUntil: string | null, seenAs: SeenAs, 
/**
 * The deed names the person at the desk and this insured person.
 */
namesAgree: boolean, 
/**
 * "Die Betreuung besteht unverändert" is signed.
 */
declaredUnchanged: boolean, };

/**
 * `withdraw_concern`, `print_refusal`
 */
export type ConcernId = { concern: string, };

/**
 * `choose_concern`
 */
export type ConcernInput = { concern: string, purpose: Purpose, 
/**
 * Besuchsnummer as typed.
 */
visitNumber: string, 
/**
 * The end of the Kennnummer on the card's back, where it is asked for.
 */
cardNumberTail: string | null, };

/**
 * `enter_document`: sent when the type changes or a date field has its seven digits.
 */
export type DocumentInput = { documentType: string, 
/**
 * `YYMMDD` and check digit from the machine-readable zone, blanks allowed, or as it is printed, `TT.MM.JJJJ`; `None`: not
 * typed yet.
 */
birthDate: string | null, expiryDate: string | null, 
/**
 * Printed dates: the document says that it is valid without an end.
 */
unlimited: boolean, 
/**
 * Where a number's check character is looked at.
 */
number: string | null, };

/**
 * `agree_to_chip`
 */
export type ChipConsentInput = { form: ConsentForm, 
/**
 * The wording that was shown.
 */
wording: string, };

/**
 * `open_chip`
 */
export type ChipKeyInput = { key: ChipKey, value: string, };

/**
 * `answer_check`: `check` is a check's id, or `name` for the comparison of names.
 */
export type CheckInput = { check: string, answer: CheckAnswer, };

/**
 * `answer_face`
 */
export type FaceInput = { answer: FaceAnswer, };

/**
 * `second_look`: another member of staff, at the same desk.
 */
export type SecondLookInput = { staff: string, pin: string, answer: FaceAnswer, };

/**
 * `sign_and_print`
 */
export type SignInput = { 
/**
 * Where the summary asks for it.
 */
pin: string | null, };

/**
 * `hand_over`
 */
export type HandOverInput = { 
/**
 * Last four characters of the public reference, read off the sheet.
 */
referenceTail: string, receipt: Receipt, 
/**
 * Document and cards are back in the person's hand.
 */
returned: boolean, };

/**
 * A visit by its id.
 */
export type VisitId = { visit: string, };

/**
 * `review`: the supervisor proves anew who they are.
 */
export type ReviewInput = { visit: string, outcome: ReviewOutcome, pin: string, };

/**
 * `hold_visit`: what is personal of a visit is kept although its time is over (supervisors).
 */
export type HoldInput = { visit: string, reason: HoldReason, };

/**
 * `find_visit`: by the public reference on a sheet, `A-XXXXXXXXXX`; logged with its reason before anything is shown.
 */
export type FindInput = { reference: string, reason: AccessReason, };

/**
 * A supervisor's task by its id.
 */
export type TaskId = { task: string, };

/**
 * `open_review`: a visit that is only kept still asks for a reason.
 */
export type OpenInput = { visit: string, reason: AccessReason | null, };

/**
 * `close_access_alert`: a supervisor has seen it.
 */
export type AccessAlertId = { staffId: string, hour: string, };

/**
 * How the receipt was signed.
 */
export type Receipt = "signed" | "mark_and_witness";
