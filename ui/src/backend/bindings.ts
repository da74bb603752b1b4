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
workshop: boolean, product: Product, place: Place, operator: Operator, desk: Desk, screen: Screen, 
/**
 * What went wrong with the last thing the clerk did, until the next one.
 */
notice: AppError | null, };

/**
 * Version and profile, shown at the right of the status line.
 */
export type Product = { version: string, profileName: string, profileVersion: string, };

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
 * Who works at the desk.
 */
export type Operator = { initials: string, name: string, role: Role, };

/**
 * The role somebody works in.
 */
export type Role = "clerk" | "supervisor";

/**
 * The status line: calm while all is well.
 */
export type Desk = { reader: ReaderStatus, printer: PrinterStatus, service: ServiceStatus, 
/**
 * Messages that the account service has not accepted yet.
 */
outbox: number, };

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
 * A text that comes with data (catalogue, profile) rather than with the program.
 */
export type Text = { de: string, en: string, };

/**
 * What the reader holds while no visit is open.
 */
export type CardPane = { "state": "empty" } | { "state": "reading", step: ReadStep, done: number, total: number, facts: CardFacts, } | { "state": "read", facts: CardFacts, warnings: Array<CardWarning>, } | { "state": "failed", error: AppError, };

/**
 * Which part of the card is read now.
 */
export type ReadStep = "connecting" | "version" | "card_number" | "status" | "person" | "insurance" | "look_up";

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
dataAsOf: string | null, person: CardPerson | null, insurance: CardInsurance | null, };

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
 * The one screen that the window shows.
 */
export type Screen = { "kind": "starting" } | { "kind": "blocked" } | { "kind": "start", card: CardPane, } | { "kind": "concern", pane: VisitPane, step: ConcernScreen, } | { "kind": "document", pane: VisitPane, step: DocumentScreen, } | { "kind": "face", pane: VisitPane, step: FaceScreen, } | { "kind": "summary", pane: VisitPane, step: SummaryScreen, } | { "kind": "printing", pane: VisitPane, step: PrintingScreen, } | { "kind": "hand_over", pane: VisitPane, step: HandOverScreen, } | { "kind": "done", pane: VisitPane, step: DoneScreen, };

/**
 * The pane at the right that always answers: who, for whom, what is proven, what is missing, how far.
 */
export type VisitPane = { 
/**
 * Family name with its prefixes.
 */
familyName: string, givenNames: string, title: string | null, 
/**
 * `YYYY-MM-DD`, `00` for what is unknown.
 */
birthDate: string, kvnrMasked: string, insuredHere: boolean, 
/**
 * RFC 3339; the window counts the visit's minutes from it.
 */
startedAt: string, proven: Array<Proof>, missing: Array<Missing>, level: LevelView, 
/**
 * The code's way, once there is one.
 */
code: CodeState | null, warnings: Array<CardWarning>, };

/**
 * One line of "Nachgewiesen".
 */
export type Proof = { "what": "health_card_read", generation: string, validUntil: string | null, } | { "what": "account_registered" } | { "what": "visit_number_matches" } | { "what": "document_dates", state: ProofState, document: Text, nameInMrz: string, } | { "what": "document_checks", state: ProofState, passed: number, total: number, } | { "what": "face_matches" };

/**
 * How a proof came out.
 */
export type ProofState = "proven" | "partly";

/**
 * One line of "Was noch fehlt".
 */
export type Missing = "visit_number" | "document" | "document_checks" | "face";

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
export type Purpose = "app_activation";

/**
 * "Worum geht es?"
 */
export type ConcernScreen = { purposes: Array<Purpose>, selected: Purpose, 
/**
 * Length of the Besuchsnummer without its blank.
 */
visitNumberLength: number, };

/**
 * "Ausweis ansehen"
 */
export type DocumentScreen = { types: Array<DocumentTypeView>, 
/**
 * Id of the selected type.
 */
selected: string, birthDate: DateField, expiryDate: DateField, checks: Array<CheckView>, 
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
export type DocumentTypeView = { id: string, label: Text, };

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
export type DateProblem = { "why": "not_seven_digits" } | { "why": "no_such_day" } | { "why": "check_digit_wrong" } | { "why": "differs_from_card" } | { "why": "expired", on: string, };

/**
 * "Gesicht vergleichen"
 */
export type FaceScreen = { answer: FaceAnswer | null, };

/**
 * The three answers of the face comparison; nothing else about the face is ever kept.
 */
export type FaceAnswer = "matches" | "doubt" | "does_not_match";

/**
 * "Alles geprüft. Schreiben drucken?"
 */
export type SummaryScreen = { rows: Array<SummaryRow>, 
/**
 * Days the code is valid for, and the last of them (`YYYY-MM-DD`).
 */
validDays: number, validUntil: string, 
/**
 * Needed level reached and nothing missing.
 */
ready: boolean, };

/**
 * One row of the table of what was proven.
 */
export type SummaryRow = { "what": "insurance", accountRegistered: boolean, } | { "what": "document", document: Text, passed: number, total: number, } | { "what": "person", face: FaceAnswer, } | { "what": "second_look", needed: boolean, };

/**
 * The letter on its way to paper.
 */
export type PrintingScreen = { step: PrintStep, };

/**
 * How far the letter is.
 */
export type PrintStep = { "state": "recording" } | { "state": "sending" } | { "state": "at_printer" } | { "state": "waiting", reason: string, };

/**
 * "Schreiben übergeben"
 */
export type HandOverScreen = { 
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
cardStillIn: boolean, };

/**
 * Where the code is on its way.
 */
export type CodeState = { 
/**
 * RFC 3339 each, as far as it has happened.
 */
printedAt: string | null, handedOverAt: string | null, acceptedAt: string | null, voidedAt: string | null, refusedAt: string | null, };

/**
 * What went wrong. The window's map of texts is exhaustive over `code`: what happened, and what to do next.
 */
export type AppError = { "code": "no_reader" } | { "code": "reader_service_down" } | { "code": "reader_service_denied" } | { "code": "reader_removed" } | { "code": "card_mute" } | { "code": "card_removed" } | { "code": "card_busy" } | { "code": "card_timeout" } | { "code": "reading_cancelled" } | { "code": "not_a_health_card", "params": { kind: CardKind, } } | { "code": "card_unreadable", "params": { file: string, } } | { "code": "card_number_wrong" } | { "code": "card_transport", "params": { transportCode: string, } } | { "code": "not_insured_here" } | { "code": "account_not_registered" } | { "code": "account_locked" } | { "code": "app_active_already" } | { "code": "health_card_locked" } | { "code": "document_not_admitted" } | { "code": "field_invalid", "params": { field: Field, problem: FieldProblem, } } | { "code": "not_yet" } | { "code": "not_now" } | { "code": "identity_not_established" } | { "code": "second_person_needed" } | { "code": "level_too_low" } | { "code": "too_many_codes" } | { "code": "printer_unreachable" } | { "code": "printer_refused" } | { "code": "print_failed" } | { "code": "receipt_not_printed" } | { "code": "code_void" } | { "code": "code_refused" } | { "code": "service_unreachable" } | { "code": "service_refused", "params": { refusal: ServiceRefusal, } } | { "code": "settings_invalid", "params": { key: string, } } | { "code": "vault_unavailable" } | { "code": "enrolment_refused" } | { "code": "store_unavailable" } | { "code": "internal", "params": { incident: string, } };

/**
 * A field that a problem belongs to; the focus goes there.
 */
export type Field = "visit_number" | "birth_date" | "expiry_date" | "reference_tail" | "document_returned" | "health_card_returned";

/**
 * What is wrong with a field.
 */
export type FieldProblem = "missing" | "length" | "character" | "check_symbol" | "mismatch";

/**
 * Why the account service said no.
 */
export type ServiceRefusal = "not_insured" | "account_locked" | "open_code_exists" | "visit_number_unknown" | "workstation_revoked" | "other";

/**
 * `choose_concern`
 */
export type ConcernInput = { purpose: Purpose, 
/**
 * Besuchsnummer as typed.
 */
visitNumber: string, };

/**
 * `enter_document`: sent when the type changes or a date field has its seven digits.
 */
export type DocumentInput = { documentType: string, 
/**
 * `YYMMDD` and check digit from the machine-readable zone, blanks allowed; `None`: not typed yet.
 */
birthDate: string | null, expiryDate: string | null, };

/**
 * `answer_check`: `check` is a check's id, or `name` for the comparison of names.
 */
export type CheckInput = { check: string, answer: CheckAnswer, };

/**
 * `answer_face`
 */
export type FaceInput = { answer: FaceAnswer, };

/**
 * `hand_over`
 */
export type HandOverInput = { 
/**
 * Last four characters of the public reference, read off the sheet.
 */
referenceTail: string, receipt: Receipt, documentReturned: boolean, healthCardReturned: boolean, };

/**
 * How the receipt was signed.
 */
export type Receipt = "signed" | "mark_and_witness";
