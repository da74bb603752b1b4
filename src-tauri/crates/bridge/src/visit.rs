//! The screens of a visit.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    AppError, CardPane, CardWarning, CarerKind, ChipCounts, ChipFace, ChipLine, ChipStep, ConcernRow,
    InterruptedVisit, LockedScreen, PinStep, RepresentationScreen, ReviewsScreen, ScanStep, SecondLookScreen,
    SignInScreen, Text, TodayScreen,
};

/// The one screen that the window shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Screen {
    /// The program starts: store, keyring, journal.
    Starting,
    /// The desk can't work; the snapshot's notice says why and what to do.
    Blocked,
    /// The records can't be used: what happened, and what can be done.
    Recovery { step: crate::RecoveryScreen },
    /// The insurer has taken this desk out of service.
    Wiped { step: crate::WipedScreen },
    /// "Wer arbeitet an diesem Platz?"
    SignIn { step: SignInScreen },
    /// Strg+L
    Locked { step: LockedScreen },
    /// No visit: waiting for a card, a number, a carer; or for a decision about an interrupted visit.
    Start { card: CardPane, interrupted: Option<InterruptedVisit>, card_number: crate::CardNumberRule },
    /// "Heute"
    Today { step: TodayScreen },
    /// "Besuche prüfen"
    Reviews { step: ReviewsScreen },
    /// "Besuch suchen"
    Search { step: crate::SearchScreen },
    /// "Code oder Gerät sperren"
    Block { step: crate::BlockScreen },
    /// "Über diesen Platz"
    About { step: crate::AboutScreen },
    /// Step 1 of a carer's visit: for whom they act
    Representation { pane: VisitPane, step: RepresentationScreen },
    /// Step 1, Anliegen
    Concern { pane: VisitPane, step: ConcernScreen },
    /// Step 2, Ausweis
    Document { pane: VisitPane, step: DocumentScreen },
    /// Step 3, Gesicht
    Face { pane: VisitPane, step: FaceScreen },
    /// Vier-Augen-Prüfung, where it is needed
    SecondLook { pane: VisitPane, step: SecondLookScreen },
    /// Step 4, Zusammenfassung
    Summary { pane: VisitPane, step: SummaryScreen },
    /// Step 4 still: the letter is on its way to paper
    Printing { pane: VisitPane, step: PrintingScreen },
    /// Step 5, Übergabe
    HandOver { pane: VisitPane, step: HandOverScreen },
    /// The visit is over; what remains is said, the next card begins a new one.
    Done { pane: VisitPane, step: DoneScreen },
}

/// The pane at the right that always answers: who, for whom, what is proven, what is missing, how far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VisitPane {
    /// "Am Platz"
    pub acting: PersonView,
    /// Set for a representative.
    pub carer: Option<CarerKind>,
    /// `V-…`, of a representative.
    pub representative_number: Option<String>,
    /// "Für": whom the present step is about, if it is somebody else than the person at the desk.
    pub subject: Option<PersonView>,
    /// The visit's steps in their order, and the one that is shown; `None`: all done.
    pub steps: Vec<StepName>,
    pub current: Option<StepName>,
    /// RFC 3339; the window counts the visit's minutes from it.
    pub started_at: String,
    pub proven: Vec<Proof>,
    pub missing: Vec<Missing>,
    pub level: LevelView,
    /// The code's way, once there is one.
    pub code: Option<CodeState>,
    pub warnings: Vec<CardWarning>,
    /// The person has agreed to the reading of the chip and can take it back, after the step in which they were asked.
    pub can_revoke_chip: bool,
}

/// A person as the pane and lists of concerns name them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// Family name with its prefixes.
    pub family_name: String,
    pub given_names: String,
    pub title: Option<String>,
    /// `YYYY-MM-DD`, `00` for what is unknown; `None` for a representative.
    pub birth_date: Option<String>,
    /// `None` for a representative.
    pub kvnr_masked: Option<String>,
}

/// The steps of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    Concern,
    Document,
    Face,
    SecondLook,
    Summary,
    HandOver,
}

/// One line of "Nachgewiesen".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Proof {
    /// The health card was read, and how genuine it is.
    HealthCardRead {
        state: ProofState,
        authenticity: crate::CardAuthenticity,
    },
    /// In what state the card is: partly, if something speaks against it.
    HealthCardState {
        state: ProofState,
        card: crate::CardState,
    },
    /// The end of the Kennnummer on the card's back is right.
    CardNumberAgrees {
        digits: u32,
    },
    /// The card's PIN was typed at the reader, and the card signed: whoever has it knows its PIN.
    PinVerified,
    /// No card: number, name and birth date as the clerk typed them agree with the insurer's.
    NumberAgrees,
    /// There is no line: only the health card says that the person is insured here.
    InsuranceNotAsked,
    /// The account service knows the person: registered, app not yet activated.
    AccountRegistered,
    /// The person's app is active already.
    AppActive,
    /// The account service knows the representative.
    RepresentativeRegistered,
    /// A carer is on file for this person; it changes nothing for themselves.
    CarerOnFile,
    /// "Urkunde Brandt heute gesehen": of the present concern.
    DeedSeen {
        family_name: String,
        authority: crate::AuthorityView,
    },
    /// "Betreuung besteht unverändert", declared and signed.
    DeclaredUnchanged,
    VisitNumberMatches,
    DocumentDates {
        state: ProofState,
        document: Text,
        name_in_mrz: String,
    },
    DocumentChecks {
        state: ProofState,
        passed: u32,
        total: u32,
    },
    /// The document's chip was read; how it counts, and each check with its reason.
    Chip {
        counts: ChipCounts,
        lines: Vec<ChipLine>,
    },
    FaceMatches,
    /// A second person has looked.
    SecondLook {
        by: String,
    },
}

/// How a proof came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProofState {
    Proven,
    Partly,
}

/// One line of "Was noch fehlt".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    VisitNumber,
    Document,
    DocumentChecks,
    Face,
    /// The proof of authority of a concern.
    Authority,
    SecondLook,
}

/// Vertrauensniveau (eIDAS, BSI TR-03107-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    None,
    Normal,
    Substantial,
    High,
}

/// The level reached so far and the one the concern needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LevelView {
    pub reached: Level,
    pub needed: Level,
}

/// What a concern is about. Only purposes that this build can carry out are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    AppActivation,
    /// ePA freischalten
    Epa,
    /// Zugang als Vertretung
    RepresentativeAccess,
}

/// A purpose that this desk offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PurposeOption {
    pub purpose: Purpose,
    /// Why it isn't possible for this person now.
    pub problem: Option<PurposeProblem>,
    /// What of this purpose can't be done without a line; the line may be back later.
    pub against: Option<AppError>,
}

/// Why a purpose isn't possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PurposeProblem {
    /// The health card must be read and have a genuine chip.
    HealthCardNeeded,
    AppActiveAlready,
    AccountNotRegistered,
    /// The documents' catalogue or checklist is too old for the level.
    ReviewOverdue,
}

/// "Worum geht es?"
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConcernScreen {
    /// The concern, for `choose_concern`.
    pub concern: String,
    pub purposes: Vec<PurposeOption>,
    pub selected: Purpose,
    /// Why line or clock allow no code for this person just now, whatever for; they may before the end.
    pub against: Option<AppError>,
    /// Length of the Besuchsnummer without its blank.
    pub visit_number_length: u32,
    /// So many digits from the end of the Kennnummer on the card's back are asked for; `None`: none, or right already.
    pub card_number_digits: Option<u32>,
    /// The card's PIN, where it may be typed and hasn't been yet.
    pub pin: Option<PinStep>,
}

/// "Ausweis ansehen"
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DocumentScreen {
    pub types: Vec<DocumentTypeView>,
    /// Id of the selected type.
    pub selected: String,
    pub birth_date: DateField,
    pub expiry_date: DateField,
    /// The document's number with its check character, where that is looked at; never kept, never shown again.
    pub number: Option<NumberField>,
    /// A scanner for the zone, where the profile admits one.
    pub scan: Option<ScanStep>,
    /// The chip, where it may be read for this purpose and document, once the dates are right.
    pub chip: Option<ChipStep>,
    pub checks: Vec<CheckView>,
    /// The card's name as the document's machine-readable zone would spell it (ICAO 9303-3, 6.A): `PRIMARY<<SECOND<ARY`.
    pub name_in_mrz: String,
    pub name_agrees: Option<CheckAnswer>,
    /// All answered: the next step is open.
    pub complete: bool,
}

/// A document type of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DocumentTypeView {
    pub id: String,
    pub label: Text,
    /// Where its dates are read.
    pub dates: DatesOn,
    /// It can reach the level that is needed.
    pub suffices: bool,
}

/// Where a document's dates are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "on", rename_all = "snake_case")]
pub enum DatesOn {
    /// In the machine-readable zone: `YYMMDD` and a check digit.
    Zone,
    /// In print: `TT.MM.JJJJ`; `unlimited`: there may be no end.
    Print { unlimited: bool },
}

/// What is known of a typed number with a check character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NumberField {
    Empty,
    Good,
    /// Not of its form.
    Malformed,
    CheckCharacterWrong,
}

/// One row of the checklist, in the order of the hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    pub id: String,
    pub title: Text,
    pub hint: Text,
    pub answer: Option<CheckAnswer>,
}

/// What the clerk saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckAnswer {
    Pass,
    Unclear,
    Fail,
}

/// What is known of a date typed from the machine-readable zone: six digits and their check digit. The digits
/// themselves never come back to the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum DateField {
    Empty,
    /// Check digit right, and the date says what it should (same as the card's; not expired).
    Good,
    Bad {
        problem: DateProblem,
    },
}

/// Why a typed date doesn't do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "why", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum DateProblem {
    NotSevenDigits,
    /// Not `TT.MM.JJJJ`.
    NotADate,
    NoSuchDay,
    CheckDigitWrong,
    /// The birth date is another one than on the card.
    DiffersFromCard,
    /// The document expired on this day.
    Expired {
        on: String,
    },
    /// Such a document is issued for so many months at most.
    ValidForTooLong {
        months: u32,
    },
}

/// "Gesicht vergleichen"
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FaceScreen {
    pub answer: Option<FaceAnswer>,
    /// The picture out of the chip, beside the person.
    pub picture: Option<ChipFace>,
}

/// The three answers of the face comparison; nothing else about the face is ever kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FaceAnswer {
    Matches,
    Doubt,
    DoesNotMatch,
}

/// "Alles geprüft. Schreiben drucken?"
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SummaryScreen {
    pub rows: Vec<SummaryRow>,
    /// The concerns of the visit; those that are possible get a letter each, in this order.
    pub concerns: Vec<ConcernRow>,
    /// The clerk proves anew who they are: `sign_and_print` needs the PIN.
    pub step_up: bool,
    /// The code of this concern replaces a void one.
    pub replaces: bool,
    /// Days the code is valid for, and the last of them (`YYYY-MM-DD`).
    pub valid_days: u32,
    pub valid_until: String,
    /// Needed level reached and nothing missing.
    pub ready: bool,
    /// Why line or clock allow no code just now.
    pub against: Option<AppError>,
}

/// One row of the table of what was proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum SummaryRow {
    /// `asked`: the account service has confirmed it; without a line the card alone says so.
    Insurance {
        with_card: bool,
        asked: bool,
    },
    Representative {
        kind: CarerKind,
    },
    Document {
        document: Text,
        passed: u32,
        total: u32,
    },
    Chip {
        counts: ChipCounts,
    },
    Person {
        face: FaceAnswer,
    },
    SecondLook {
        needed: bool,
        by: Option<String>,
    },
}

/// The letter on its way to paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PrintingScreen {
    pub step: PrintStep,
    /// Letter `place` of `count` in this visit, from 1.
    pub place: u32,
    pub count: u32,
}

/// How far the letter is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum PrintStep {
    Recording,
    Sending,
    AtPrinter,
    /// Printer wants a hand (`media-empty`, `media-jam`, …); the job waits.
    Waiting {
        reason: String,
    },
}

/// "Schreiben übergeben"
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandOverScreen {
    /// Letter `place` of `count` in this visit, from 1.
    pub place: u32,
    pub count: u32,
    /// What the clerk calls the printer.
    pub printer: String,
    /// A card lies at the desk: it is given back as well as the document.
    pub with_card: bool,
    /// The code works only after the back office's release.
    pub needs_release: bool,
    /// RFC 3339: from then on the remaining time is a warning.
    pub warn_at: String,
    /// RFC 3339: without hand-over the code is void from then on.
    pub void_at: String,
    /// The public reference with its last four characters hidden: `A-M3PWC6····`.
    pub reference_hint: String,
}

/// "Fertig"
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DoneScreen {
    /// The card is still in the reader.
    pub card_still_in: bool,
    /// What became of every concern.
    pub concerns: Vec<ConcernRow>,
}

/// Where the code is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodeState {
    /// RFC 3339 each, as far as it has happened.
    pub printed_at: Option<String>,
    pub handed_over_at: Option<String>,
    pub accepted_at: Option<String>,
    pub voided_at: Option<String>,
    pub refused_at: Option<String>,
}
