//! What the desk knows at a moment; `present` turns it into what the window shows.

use std::collections::{BTreeMap, BTreeSet};

use account::Representation;
use bridge::{
    AppError, CardFacts, CardPane, CardWarning, DateField, DateProblem, NumberField, Operator, PinStep,
    PrintStep, PrinterStatus, ReaderStatus, ScanStep, ServiceStatus, WipedScreen, input::SecretInput,
};
use egk::Iccsn;
use identification::{
    ActingRole, BirthDate, CodeState, Concern, ConcernId, ConcernState, FaceAnswer, Line, Policy,
    RefusalReason, Staff, Stage, Visit, VisitId,
};
use jiff::{Timestamp, civil::Date};
use store::VisitRow;

use crate::{care::Care, chip::Chip, line::ClockWatch, reading::Slot, staff_contacts::StaffContacts};

/// The desk's state.
#[derive(Debug)]
pub(crate) struct Workstation {
    pub(crate) revision: u32,
    pub(crate) reader: ReaderStatus,
    pub(crate) printer: PrinterStatus,
    pub(crate) service: ServiceStatus,
    /// What is known of the line to the service, and of the clock; whoever works here is in [`Workstation::line`].
    pub(crate) line: Line,
    /// Who was signed in here at a contact lately.
    pub(crate) staff_contacts: StaffContacts,
    /// A certificate is in the way of the line: nobody is served as if there were simply none.
    pub(crate) certificate_trouble: bool,
    /// When the last contact was written down.
    pub(crate) noted_at: Option<Timestamp>,
    /// The latest time that the clock showed in this run, and when that was written down.
    pub(crate) latest: Timestamp,
    pub(crate) watch: ClockWatch,
    pub(crate) latest_noted: Option<Timestamp>,
    /// Number of the last event of the insurer that was acted on.
    pub(crate) last_event: u64,
    /// The insurer wants no visit here for now.
    pub(crate) locked_by_insurer: bool,
    /// The service has refused a record because it knows another one in its place.
    pub(crate) records_behind: bool,
    pub(crate) outbox: u32,
    /// How much waits for a supervisor of what couldn't be delivered.
    pub(crate) tasks: u32,
    /// What else waits for a supervisor.
    pub(crate) care: Care,
    /// Whether the scanner answers; `None`: there is none.
    pub(crate) scanner: Option<bool>,
    /// Who works here; `None` before somebody has signed in.
    pub(crate) session: Option<Session>,
    /// Visits that the last run's end interrupted and that can still be resumed.
    pub(crate) interrupted: Vec<Interrupted>,
    /// Visits that could not be closed when they ended: tried again.
    pub(crate) to_close: Vec<VisitId>,
    pub(crate) card: CardPane,
    /// Counts what is begun: an answer to a question of before is dropped.
    pub(crate) doing: u64,
    pub(crate) mode: Mode,
    pub(crate) notice: Option<AppError>,
}

/// Somebody who has signed in.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) staff: Staff,
    pub(crate) shown: Operator,
    /// Since when the desk is locked.
    pub(crate) locked_at: Option<Timestamp>,
}

impl Session {
    pub(crate) fn locked(&self) -> bool {
        self.locked_at.is_some()
    }
}

/// A visit that the last run's end interrupted.
#[derive(Debug)]
pub(crate) struct Interrupted {
    pub(crate) visit: Visit,
    pub(crate) until: Timestamp,
    /// A code of it became void.
    pub(crate) code_voided: bool,
}

/// What the desk is doing.
#[derive(Debug)]
pub(crate) enum Mode {
    /// Waiting for somebody.
    Start,
    /// A visit is open.
    Visit(Box<InProgress>),
    /// Today's list.
    Today(Vec<Listed>),
    /// The supervisor's page: the list, and the visit that is looked at.
    Reviews(Vec<Listed>, Option<Listed>),
    /// A visit by its reference: what was asked for, what was found.
    Search(Option<String>, Option<Listed>),
    /// Something is to be blocked, or was just now.
    Block(Option<Box<Visit>>),
    /// What is set, and who says so.
    About {
        /// When the service countersigned the journal last.
        confirmed: Option<Timestamp>,
    },
    /// The insurer has taken this desk out of service.
    Wiped(WipedScreen),
}

/// A visit from the journal, for a list.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) id: VisitId,
    pub(crate) row: VisitRow,
    pub(crate) visit: Visit,
    /// Personal data of it were wiped or erased.
    pub(crate) wiped: bool,
    /// Whoever looks at it has said why, or needn't.
    pub(crate) opened: bool,
}

impl Listed {
    /// It would be gone at `now` if nobody held it: kept, not used.
    pub(crate) fn is_restricted(&self, now: Timestamp) -> bool {
        self.row.held.is_some() && self.row.delete_after.is_some_and(|at| at <= now)
    }

    /// A code of it was given out without a line.
    pub(crate) fn has_offline_code(&self) -> bool {
        self.visit.concerns.iter().flat_map(|concern| &concern.codes).any(|code| code.offline)
    }
}

/// An open visit with what isn't recorded: the clerk's unfinished entries and where they look.
#[derive(Debug)]
pub(crate) struct InProgress {
    pub(crate) visit: Visit,
    pub(crate) warnings: Vec<CardWarning>,
    pub(crate) draft: DocumentDraft,
    /// Set while the clerk looks at an earlier step.
    pub(crate) looking_back: Option<Step>,
    pub(crate) print: PrintStep,
    /// What the register of representations says, by concern.
    pub(crate) filed: BTreeMap<ConcernId, Representation>,
    /// Concerns of a carer about themselves.
    pub(crate) own: BTreeSet<ConcernId>,
    /// A carer has named everybody they came for.
    pub(crate) concerns_complete: bool,
    /// The clerk has signed: further letters of this visit print by themselves.
    pub(crate) signed: bool,
    /// The refusal that was shown last, if it is a reason to end the visit.
    pub(crate) refused: Option<RefusalReason>,
    /// Cards' numbers off their chips, to compare what is typed from their backs with, and to know the card again.
    pub(crate) card_numbers: BTreeMap<ConcernId, Iccsn>,
    /// Where the entry of the card's PIN stands, if it can be entered here.
    pub(crate) pin: Option<PinStep>,
    /// The document's chip, as far as it isn't recorded.
    pub(crate) chip: Chip,
    /// Birth date and expiry of the document that was presented; they tell it from another of its type.
    pub(crate) presented: Option<(BirthDate, Option<Date>)>,
    /// What the scanner sent last.
    pub(crate) scan: Option<ScanStep>,
    /// Where the health card lies that the visit began with.
    pub(crate) card_slot: Option<Slot>,
}

/// The document as far as it is typed. The typed digits themselves are dropped as soon as they're read.
#[derive(Debug)]
pub(crate) struct DocumentDraft {
    pub(crate) document_type: String,
    pub(crate) birth_date: DateField,
    pub(crate) expiry_date: DateField,
    pub(crate) birth: Option<BirthDate>,
    pub(crate) expiry: Option<Date>,
    /// The representative's birth date, once the service has confirmed it.
    pub(crate) confirmed_birth: Option<BirthDate>,
    /// The dates as the zone has them, to open its chip with.
    pub(crate) zone_birth: Option<SecretInput>,
    pub(crate) zone_expiry: Option<SecretInput>,
    /// A number with a check character, where the document has one.
    pub(crate) number: Option<NumberField>,
    /// The print says that there is no end.
    pub(crate) unlimited: bool,
}

/// The steps that the window draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// Of a carer.
    Representation,
    Concern,
    Document,
    Face,
    SecondLook,
    Summary,
    Printing,
    HandOver,
    Done,
}

impl Workstation {
    pub(crate) fn new(line: Line, staff_contacts: StaffContacts, last_event: u64, now: Timestamp) -> Self {
        Self {
            line,
            staff_contacts,
            certificate_trouble: false,
            noted_at: None,
            latest: now,
            watch: ClockWatch::begin(now),
            latest_noted: None,
            last_event,
            locked_by_insurer: false,
            records_behind: false,
            tasks: 0,
            care: Care::default(),
            revision: 0,
            reader: ReaderStatus::Starting,
            printer: PrinterStatus::Unknown,
            service: ServiceStatus::Unknown,
            outbox: 0,
            scanner: None,
            session: None,
            interrupted: Vec::new(),
            to_close: Vec::new(),
            doing: 0,
            card: CardPane::Empty,
            mode: Mode::Start,
            notice: None,
        }
    }

    /// What is known of line and clock, for whoever works here now.
    pub(crate) fn line(&self) -> Line {
        let staff = self.session.as_ref().map(|session| &session.staff.id);
        Line { staff_contact: staff.and_then(|id| self.staff_contacts.of(id)), ..self.line }
    }

    /// Whether there is a line to ask. A certificate in the way may be the right one by now; as long as it isn't, the call
    /// says so.
    pub(crate) const fn may_ask(&self) -> bool {
        self.certificate_trouble || !matches!(self.service, ServiceStatus::Offline { .. })
    }

    /// Whether somebody may be served here at all.
    pub(crate) const fn serves(&self) -> Result<(), AppError> {
        match (self.locked_by_insurer, self.records_behind) {
            (true, _) => Err(AppError::DeskLocked),
            (false, true) => Err(AppError::RecordsBehind),
            (false, false) => Ok(()),
        }
    }

    /// Something else begins.
    pub(crate) fn turn_to(&mut self, mode: Mode) {
        if matches!(self.mode, Mode::Wiped(_)) {
            // Nothing leads back from there.
            return;
        }
        self.doing += 1;
        self.mode = mode;
    }

    pub(crate) fn in_progress(&self) -> Option<&InProgress> {
        match &self.mode {
            Mode::Visit(it) => Some(it),
            Mode::Start
            | Mode::Today(_)
            | Mode::Reviews(..)
            | Mode::Search(..)
            | Mode::Block(_)
            | Mode::About { .. }
            | Mode::Wiped(_) => None,
        }
    }

    pub(crate) fn in_progress_mut(&mut self) -> Option<&mut InProgress> {
        match &mut self.mode {
            Mode::Visit(it) => Some(it),
            Mode::Start
            | Mode::Today(_)
            | Mode::Reviews(..)
            | Mode::Search(..)
            | Mode::Block(_)
            | Mode::About { .. }
            | Mode::Wiped(_) => None,
        }
    }

    /// Somebody has signed in and the desk isn't locked.
    pub(crate) fn attended(&self) -> Option<&Session> {
        self.session.as_ref().filter(|session| !session.locked())
    }

    /// Facts of the card that is being looked at.
    pub(crate) fn facts(&self) -> CardFacts {
        match &self.card {
            CardPane::Reading { facts, .. } | CardPane::Read { facts, .. } => facts.clone(),
            CardPane::Empty | CardPane::NeedsCan { .. } | CardPane::Failed { .. } => CardFacts::default(),
        }
    }
}

impl InProgress {
    pub(crate) fn new(visit: Visit, document_type: String) -> Self {
        Self {
            visit,
            warnings: Vec::new(),
            draft: DocumentDraft::new(document_type),
            looking_back: None,
            print: PrintStep::Recording,
            filed: BTreeMap::new(),
            own: BTreeSet::new(),
            concerns_complete: false,
            signed: false,
            refused: None,
            card_numbers: BTreeMap::new(),
            pin: None,
            chip: Chip::default(),
            presented: None,
            scan: None,
            card_slot: None,
        }
    }

    /// The step to show.
    pub(crate) fn step(&self, policy: &Policy) -> Step {
        let furthest = furthest(&self.visit, self.concerns_complete, policy);
        self.looking_back.map_or(furthest, |earlier| earlier.min(furthest))
    }

    /// The concern that the desk works on.
    pub(crate) fn concern(&self) -> Option<&Concern> {
        self.visit.current_concern()
    }

    /// The concern of a carer that waits for its proof, or for the carer's own visit number.
    pub(crate) fn asking(&self) -> Option<&Concern> {
        self.visit.standing().find(|concern| concern.purpose.is_none())
    }
}

impl DocumentDraft {
    pub(crate) fn new(document_type: String) -> Self {
        Self {
            document_type,
            birth_date: DateField::Empty,
            expiry_date: DateField::Empty,
            birth: None,
            expiry: None,
            confirmed_birth: None,
            zone_birth: None,
            zone_expiry: None,
            number: None,
            unlimited: false,
        }
    }

    /// What was read rightly and still doesn't do is a reason to end the visit.
    pub(crate) const fn refusal(&self) -> Option<RefusalReason> {
        match (&self.birth_date, &self.expiry_date) {
            (_, DateField::Bad { problem: DateProblem::Expired { .. } }) => {
                Some(RefusalReason::DocumentExpired)
            }
            (DateField::Bad { problem: DateProblem::DiffersFromCard }, _) => {
                Some(RefusalReason::DataMismatch)
            }
            _ => None,
        }
    }

    /// Both dates, and the number where there is one, are what they should be.
    pub(crate) fn is_good(&self) -> bool {
        self.birth_date == DateField::Good
            && (self.unlimited || self.expiry_date == DateField::Good)
            && self.number.is_none_or(|number| number == NumberField::Good)
    }
}

/// The first step that isn't finished.
pub(crate) fn furthest(visit: &Visit, concerns_complete: bool, policy: &Policy) -> Step {
    match visit.in_tray() {
        Some((_, code)) if code.state == CodeState::Generated => return Step::Printing,
        Some(_) => return Step::HandOver,
        None => {}
    }
    let Some(acting) = visit.acting().filter(|_| visit.stage == Stage::Open) else { return Step::Done };
    let carer = acting.role != ActingRole::Insured;
    let over = visit.concerns.iter().all(Concern::is_over);
    if carer && !visit.has_codes() && !concerns_complete {
        return Step::Representation;
    }
    if over {
        return Step::Done;
    }
    if visit.standing().any(|concern| concern.purpose.is_none()) {
        return if carer { Step::Representation } else { Step::Concern };
    }
    if acting.document.as_ref().is_none_or(|document| !document.confirmed) {
        return Step::Document;
    }
    if matches!(acting.face, None | Some(FaceAnswer::DoesNotMatch)) {
        return Step::Face;
    }
    let seconded = acting.second_look.as_ref().is_some_and(|look| look.answer == FaceAnswer::Matches);
    if visit.second_look_needed(policy) && !(seconded && visit.second_look_taken()) {
        return Step::SecondLook;
    }
    Step::Summary
}

/// Whether nothing was given out for a concern, and nothing will be.
pub(crate) fn failed(concern: &Concern) -> bool {
    let unusable = |state| matches!(state, CodeState::Voided(_) | CodeState::Refused | CodeState::Revoked);
    concern.state == ConcernState::Open && concern.code().is_some_and(|code| unusable(code.state))
}

#[cfg(test)]
pub(crate) mod tests {
    use identification::{
        AccountState, CardNumberAnswer, CardNumberAsk, CardNumberRule, CardProofLevel, ClockRule, CodeId,
        DateAgreement, Event, HealthCard, IdentificationId, IssuerGroup, Kvnr, Level, Name, OfflineRule,
        OperatorId, Person, PublicReference, Purpose, Recorded, RetentionRule, Reviews, Subject,
        SubjectRegister, VisitNumber, VoidReason,
    };
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn id(last: u128) -> Uuid {
        Uuid::from_u128(0x0193_5000_0000_7000_8000_0000_0000_0000 + last)
    }

    pub(crate) fn policy() -> Policy {
        Policy {
            version: "Beispielkasse 2026-11".into(),
            own_iks: Vec::new(),
            purposes: vec![identification::PurposeRule {
                purpose: Purpose::AppActivation,
                level: Level::Substantial,
                second_look: false,
                step_up: true,
            }],
            documents: Vec::new(),
            code_valid_days: 14,
            tray_minutes: 15,
            areas_for_access: Vec::new(),
            confirmation_months: 12,
            second_look_reaches_high: true,
            resume_minutes: 15,
            health_card_proof: CardProofLevel::Chip,
            card_number: CardNumberRule { digits: 6, ask: CardNumberAsk::WithoutChip },
            pin_at_reader: false,
            reviews: Reviews { catalogue: date(2026, 11, 15), checklist: date(2026, 11, 15) },
            offline: OfflineRule::MOST,
            clock: ClockRule::MOST,
            retention: RetentionRule::MOST,
            access: identification::AccessRule::MOST,
        }
    }

    /// An insured person's visit, an event a step, with the step that the desk shows after it.
    fn way() -> Vec<(Event, Step)> {
        let (identification, concern) = (IdentificationId::new(id(2)), ConcernId::new(id(3)));
        let name = Name {
            title: None,
            given_names: "Andrea".into(),
            suffix: None,
            prefix: None,
            family_name: "Amsel".into(),
        };
        let person = Person { name, birth_date: None };
        let health_card: Option<HealthCard> = None;
        let register = SubjectRegister {
            account: AccountState::Registered,
            card_number: CardNumberAnswer::NotAsked,
            names_agree: true,
            birth_date: DateAgreement::Agrees,
            carer_registered: false,
            consent_reserved: false,
            deceased: false,
            second_look: false,
        };
        let code = CodeId::new(id(4));
        vec![
            (
                Event::VisitOpened {
                    visit: VisitId::new(id(1)),
                    operator: OperatorId::new("s-4711").unwrap(),
                    policy_version: String::new(),
                },
                Step::Done,
            ),
            (
                Event::PersonIntroduced { identification, person: person.clone(), role: ActingRole::Insured },
                Step::Done,
            ),
            (
                Event::ConcernOpened {
                    concern,
                    subject: Subject { kvnr: Kvnr::parse("A123456780").unwrap(), person, health_card },
                    register: Some(register),
                },
                Step::Concern,
            ),
            (
                Event::PurposeChosen {
                    concern,
                    purpose: Purpose::AppActivation,
                    visit_number: Some(VisitNumber::parse("22222222").unwrap()),
                },
                Step::Document,
            ),
            (
                Event::DocumentPresented {
                    identification,
                    document_type: "reisepass".into(),
                    issuer: IssuerGroup::De,
                },
                Step::Document,
            ),
            (Event::DocumentConfirmed { identification }, Step::Face),
            (Event::FaceCompared { identification, answer: FaceAnswer::Doubt }, Step::SecondLook),
            (
                Event::SecondLookTaken {
                    identification,
                    by: OperatorId::new("s-0815").unwrap(),
                    answer: FaceAnswer::Matches,
                    concerns: Vec::new(),
                },
                Step::Summary,
            ),
            (
                Event::CodeGenerated {
                    concern,
                    code,
                    reference: PublicReference::from_entropy(&mut |bytes: &mut [u8]| bytes.fill(7)),
                    level: Level::Substantial,
                    valid_until: date(2026, 12, 6),
                    offline: false,
                },
                Step::Printing,
            ),
            (Event::CodePrinted { concern, code }, Step::HandOver),
            // A void code can be replaced as long as the person is here.
            (Event::CodeVoided { concern, code, reason: VoidReason::PrintFailed }, Step::Summary),
            (Event::VisitEnded, Step::Done),
        ]
    }

    #[test]
    fn each_thing_that_happens_leads_to_the_first_step_that_is_not_finished() {
        let mut visit = Visit::default();
        for (event, step) in way() {
            let said = format!("{event:?}");
            visit = visit.evolve(&Recorded { at: Timestamp::UNIX_EPOCH, event });
            assert_eq!(furthest(&visit, false, &policy()), step, "after {said}");
        }
    }

    #[test]
    fn after_an_interruption_document_and_face_are_looked_at_again() {
        let mut visit = Visit::default();
        for (event, _) in way().into_iter().take(8) {
            visit = visit.evolve(&Recorded { at: Timestamp::UNIX_EPOCH, event });
        }
        let by = OperatorId::new("s-4711").unwrap();
        visit = visit.evolve(&Recorded { at: Timestamp::UNIX_EPOCH, event: Event::VisitResumed { by } });
        assert_eq!(furthest(&visit, false, &policy()), Step::Document);
    }
}
