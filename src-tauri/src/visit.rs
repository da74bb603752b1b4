//! A visit, step by step: the clerk's answers become commands, and what they make true is on disk before it is shown.

use account::{AccountClient, BirthDateAnswer, LookupReason};
use bridge::{
    AppError, DateField, DateProblem, NumberField,
    input::{CheckInput, DocumentInput, FaceInput, HandOverInput, SecondLookInput, SecretInput, SignInput},
};
use identification::{
    AbortReason, ActingRole, BirthDate, CheckAnswer, CodeState, Command, Concern, DatesOn, FaceAnswer,
    Identification, Policy, RefusalReason, RepresentativeNumber, Stage, Subject, Visit, VoidReason,
};
use jiff::Timestamp;
use settings::NumberForm;

use crate::{
    concerns::{Answered, ask_about, call_error},
    controller::{Controller, Reply, Window},
    convert, dates, outside,
    session::acting_staff,
    state::{DocumentDraft, Step},
};

/// The check that stands for the comparison of names.
const NAME_CHECK: &str = "name";

/// Whose birth date only the service knows in full.
enum Whose {
    Representative(RepresentativeNumber),
    Insured(Box<Subject>),
}

/// Whether somebody was born on the document's date.
async fn born(
    client: &AccountClient,
    whose: &Whose,
    birth: BirthDate,
) -> Result<BirthDateAnswer, account::CallError> {
    let subject = match whose {
        Whose::Representative(number) => {
            return client.representative_born(number.as_str(), &birth.to_iso()).await;
        }
        Whose::Insured(subject) => subject,
    };
    let asked = ask_about(client, subject, LookupReason::HealthCardPresented, Some(birth), None);
    asked.await.map(|answer| answer.birth_date.unwrap_or(BirthDateAnswer::Differs))
}

impl<W: Window> Controller<W> {
    /// Step 2: type and dates. What is typed is judged field by field; nothing is recorded before both are right.
    pub(crate) fn enter_document(&mut self, input: DocumentInput, reply: Reply) {
        match self.type_document(input) {
            // Of a representative only the service knows the birth date.
            Ok(Some((whose, birth))) => {
                let client = self.desk.client.clone();
                self.ask(Some(reply), async move {
                    let answer = born(&client, &whose, birth).await;
                    Answered::Born { asked: birth, answer }
                });
            }
            Ok(None) => {
                let done = self.present_document(true);
                self.answer(done, reply);
            }
            Err(error) => self.answer(Err(error), reply),
        }
    }

    /// Takes what was typed; the question to ask the service about it, if there is one.
    fn type_document(&mut self, input: DocumentInput) -> Result<Option<(Whose, BirthDate)>, AppError> {
        let now = outside::now();
        if self.step() != Some(Step::Document) {
            return Err(AppError::NotNow);
        }
        // What is being read was asked for with other dates, or is another document.
        self.stop_chip();
        let it = self.state.in_progress_mut().ok_or(AppError::NotNow)?;
        let acting = it.visit.acting().ok_or(AppError::NotNow)?;
        let known = acting.person.birth_date;
        let whose = match &acting.role {
            ActingRole::Carer { number, .. } => Some(Whose::Representative(number.clone())),
            // Their card leaves open when they were born.
            ActingRole::Insured if known.is_none_or(|known| !known.is_complete()) => {
                it.visit.concerns.first().map(|concern| Whose::Insured(Box::new(concern.subject.clone())))
            }
            ActingRole::Insured => None,
        };
        let draft = &mut it.draft;
        if draft.document_type != input.document_type {
            *draft = DocumentDraft::new(input.document_type);
            it.scan = None;
        }
        let rule = self.policy.document(&draft.document_type).ok_or(AppError::DocumentNotAdmitted)?;
        if rule.cap < it.visit.level_needed(&self.policy) {
            it.refused = Some(RefusalReason::LevelTooLow);
            return Err(AppError::LevelTooLow);
        }
        // What opens a chip is kept where one may be read, and nowhere else.
        let has_chip = it.visit.admits_chip(&self.policy) && rule.chip.is_some();
        let catalogue = self.desk.settings.documents.iter().find(|it| it.id == draft.document_type);
        if let Some(typed) = input.birth_date.map(SecretInput) {
            (draft.birth_date, draft.birth) = match rule.dates {
                DatesOn::Zone => dates::zone_birth(&typed.0, known, &now),
                DatesOn::Print { .. } => dates::printed_birth(&typed.0, known, &now),
            };
            draft.zone_birth = Some(typed).filter(|_| has_chip);
        }
        draft.unlimited = input.unlimited && rule.dates == (DatesOn::Print { unlimited: true });
        if let Some(typed) = input.expiry_date.map(SecretInput) {
            (draft.expiry_date, draft.expiry) = match rule.dates {
                DatesOn::Zone => dates::zone_expiry(&typed.0, rule, &now),
                DatesOn::Print { .. } => dates::printed_expiry(&typed.0, rule, &now),
            };
            draft.zone_expiry = Some(typed).filter(|_| has_chip);
        }
        draft.number = catalogue.and_then(|it| it.number).map(|form| match (form, input.number) {
            (NumberForm::DrivingLicence, Some(typed)) => dates::licence_number(&typed.0),
            (NumberForm::DrivingLicence, None) => draft.number.unwrap_or(NumberField::Empty),
        });
        it.refused = it.draft.refusal();
        let draft = &mut it.draft;
        let question = whose.zip(draft.birth).filter(|(_, birth)| draft.confirmed_birth != Some(*birth));
        let Some(question) = question else { return Ok(None) };
        // Right as far as the check digit goes; whose date it is, the service says.
        draft.birth_date = DateField::Empty;
        Ok(Some(question))
    }

    /// The service has said whether it knows that birth date.
    pub(crate) fn birth_date_known(
        &mut self,
        asked: BirthDate,
        answer: Result<BirthDateAnswer, account::CallError>,
    ) -> Result<(), AppError> {
        let agrees = answer.map_err(call_error)? != BirthDateAnswer::Differs;
        if self.state.in_progress().is_none_or(|it| it.draft.birth != Some(asked)) {
            // Typed anew meanwhile: that date is asked about as well.
            return Ok(());
        }
        if let Some(it) = self.state.in_progress_mut() {
            if !agrees {
                (it.draft.birth_date, it.draft.birth) = (dates::bad(DateProblem::DiffersFromCard), None);
                it.refused = it.draft.refusal();
                return Ok(());
            }
            (it.draft.birth_date, it.draft.confirmed_birth) = (DateField::Good, Some(asked));
        }
        self.present_document(agrees)
    }

    /// Both dates are right: the document is presented.
    fn present_document(&mut self, register_agrees: bool) -> Result<(), AppError> {
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        let draft = &it.draft;
        let (true, Some(birth_date)) = (draft.is_good(), draft.birth) else { return Ok(()) };
        let expiry = draft.expiry.filter(|_| !draft.unlimited);
        let document_type = draft.document_type.clone();
        let presented = it.visit.acting().and_then(|acting| acting.document.as_ref());
        // The same document in hand again: what was seen of it stays as it was. After an interruption only its type is known.
        let dates = (birth_date, expiry);
        let same = presented.is_some_and(|presented| presented.document_type == document_type)
            && it.presented.is_none_or(|before| before == dates);
        if !same {
            self.apply(Command::PresentDocument { document_type, birth_date, register_agrees, expiry })?;
        }
        if let Some(it) = self.state.in_progress_mut() {
            it.presented = Some(dates);
            if !same {
                it.chip.begin_anew();
            }
        }
        Ok(())
    }

    /// One row. With the last one, if all is in order, the document is done: no key says what everybody sees.
    pub(crate) fn answer_check(&mut self, input: CheckInput) -> Result<(), AppError> {
        let answer = convert::answer_from(input.answer);
        if input.check == NAME_CHECK {
            self.apply(Command::CompareNames { answer })?;
        } else {
            self.apply(Command::AnswerCheck { check: input.check, answer })?;
        }
        if answer == CheckAnswer::Fail {
            return Err(self.refuse(RefusalReason::IdentityNotEstablished));
        }
        if self.document_in_order() && !self.chip_is_open() { self.confirm_document() } else { Ok(()) }
    }

    /// Every check and the names as they should be.
    fn document_in_order(&self) -> bool {
        let presented = self.state.in_progress().and_then(|it| it.visit.acting()?.presented(&self.policy));
        presented.is_some_and(|(document, rule)| {
            document.passed() == rule.checks.len() && document.names == Some(CheckAnswer::Pass)
        })
    }

    pub(crate) fn confirm_document(&mut self) -> Result<(), AppError> {
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        let presented = it.visit.acting().and_then(|acting| acting.document.as_ref());
        let same = presented.is_some_and(|presented| presented.document_type == it.draft.document_type);
        if !(same && it.draft.is_good()) {
            return Err(AppError::NotYet);
        }
        self.stop_chip();
        self.apply(Command::ConfirmDocument)
    }

    /// Step 3. A doubt goes on to the second person.
    pub(crate) fn answer_face(&mut self, input: &FaceInput) -> Result<(), AppError> {
        self.apply(Command::CompareFace { answer: convert::face_from(input.answer) })?;
        self.drop_picture();
        if let Some(it) = self.state.in_progress_mut() {
            (it.draft.zone_birth, it.draft.zone_expiry) = (None, None);
        }
        match input.answer {
            bridge::FaceAnswer::Matches | bridge::FaceAnswer::Doubt => Ok(()),
            bridge::FaceAnswer::DoesNotMatch => Err(self.refuse(RefusalReason::IdentityNotEstablished)),
        }
    }

    /// Vier-Augen-Prüfung: another member of staff, at the same desk, with their own PIN.
    pub(crate) fn second_look(&mut self, input: SecondLookInput) -> Result<(), AppError> {
        if self.step() != Some(Step::SecondLook) {
            return Err(AppError::NotNow);
        }
        let member = self.check_pin(&input.staff, input.pin)?;
        let answer = convert::face_from(input.answer);
        self.apply(Command::TakeSecondLook { by: acting_staff(&member)?, answer })?;
        match answer {
            FaceAnswer::Matches => Ok(()),
            FaceAnswer::Doubt | FaceAnswer::DoesNotMatch => {
                Err(self.refuse(RefusalReason::IdentityNotEstablished))
            }
        }
    }

    pub(crate) fn refuse(&mut self, reason: RefusalReason) -> AppError {
        if let Some(it) = self.state.in_progress_mut() {
            it.refused = Some(reason);
        }
        AppError::IdentityNotEstablished
    }

    /// Step 4: the clerk signs what was proven; every letter of the visit follows from it.
    pub(crate) fn sign_and_print(&mut self, input: SignInput) -> Result<(), AppError> {
        if self.step() != Some(Step::Summary) {
            return Err(AppError::NotNow);
        }
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        if needs_step_up(&it.visit, &self.policy) && !it.signed {
            self.step_up(input.pin)?;
        }
        self.issue()?;
        if let Some(it) = self.state.in_progress_mut() {
            it.signed = true;
        }
        Ok(())
    }

    /// Step 5. The next letter of the visit prints by itself: there is one sheet in the tray at a time.
    pub(crate) fn hand_over(&mut self, input: HandOverInput) -> Result<(), AppError> {
        self.apply(Command::HandOver {
            reference_tail: input.reference_tail,
            receipt: convert::receipt_from(input.receipt),
            returned: input.returned,
        })?;
        if self.step() == Some(Step::Summary) && self.state.in_progress().is_some_and(|it| it.signed) {
            return self.issue();
        }
        Ok(())
    }

    pub(crate) fn discard_code(&mut self) -> Result<(), AppError> {
        self.apply(Command::VoidCode { reason: VoidReason::Discarded })?;
        // Following a job that is over already has ended by itself.
        self.stop_print = None;
        Ok(())
    }

    /// Looks at the step before; the answers stay until they're given anew.
    pub(crate) fn go_back(&mut self) -> Result<(), AppError> {
        let step = self.step().ok_or(AppError::NotNow)?;
        self.stop_chip();
        let policy = &self.policy;
        let it = self.state.in_progress_mut().ok_or(AppError::NotNow)?;
        let acting = it.visit.acting().ok_or(AppError::NotNow)?;
        let carer = acting.role != ActingRole::Insured;
        // What a second person has seen, or a code rests on, is not gone through again.
        if it.visit.has_codes() || acting.second_look.is_some() {
            return Err(AppError::NotNow);
        }
        it.looking_back = Some(match step {
            Step::Document if carer => {
                it.concerns_complete = false;
                Step::Representation
            }
            Step::Document => Step::Concern,
            Step::Face => Step::Document,
            Step::SecondLook => Step::Face,
            Step::Summary if it.visit.second_look_needed(policy) => Step::SecondLook,
            Step::Summary => Step::Face,
            Step::Representation | Step::Concern | Step::Printing | Step::HandOver | Step::Done => {
                return Err(AppError::NotNow);
            }
        });
        Ok(())
    }

    pub(crate) fn abort_visit(&mut self) -> Result<(), AppError> {
        self.leave(AbortReason::Clerk)
    }

    /// Ends the visit with the refusal that was shown.
    pub(crate) fn refuse_visit(&mut self) -> Result<(), AppError> {
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        let denied = it.visit.acting().is_some_and(Identification::is_denied);
        let reason = it.refused.or(denied.then_some(RefusalReason::IdentityNotEstablished));
        self.leave(AbortReason::Refused(reason.ok_or(AppError::NotNow)?))
    }

    fn leave(&mut self, reason: AbortReason) -> Result<(), AppError> {
        let left = match self.state.in_progress() {
            None => Ok(()),
            Some(it) if it.visit.concerns.iter().any(|concern| concern.open_code().is_some()) => {
                self.end_rest()
            }
            Some(_) => self.apply(Command::Abort { reason }),
        };
        self.left(left)
    }

    /// A desk whose disk is full still lets people go: the visit is closed as soon as something can be written.
    fn left(&mut self, left: Result<(), AppError>) -> Result<(), AppError> {
        let unwritten = matches!(left, Err(AppError::StoreUnavailable | AppError::DiskFull));
        if unwritten && let Some(id) = self.state.in_progress().and_then(|it| it.visit.id) {
            self.state.to_close.push(id);
        }
        if left.is_ok() || unwritten {
            self.wait_for_card();
        }
        left
    }

    /// Something was handed over already: what is left is taken back, and the visit ends.
    fn end_rest(&mut self) -> Result<(), AppError> {
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        let unfinished: Vec<_> =
            it.visit.standing().filter(|concern| !concern.is_over()).map(|concern| concern.id).collect();
        for concern in unfinished {
            self.apply(Command::WithdrawConcern { concern })?;
        }
        self.apply(Command::End)
    }

    pub(crate) fn finish_visit(&mut self) -> Result<(), AppError> {
        let concerns = self.state.in_progress().map(|it| it.visit.concerns.as_slice()).unwrap_or_default();
        let over = !concerns.is_empty() && concerns.iter().all(Concern::is_over);
        if !(self.step() == Some(Step::Done) || self.step() == Some(Step::Representation) && over) {
            return Err(AppError::NotNow);
        }
        let ended = match self.state.in_progress().map(|it| it.visit.stage) {
            Some(Stage::Open) if self.nothing_given() => {
                self.apply(Command::Abort { reason: self.why_not() })
            }
            Some(Stage::Open) => self.apply(Command::End),
            Some(Stage::Unopened | Stage::Ended | Stage::Aborted(_)) | None => Ok(()),
        };
        self.left(ended)
    }

    /// No code was ever drawn: every concern was refused or taken back.
    fn nothing_given(&self) -> bool {
        self.state.in_progress().is_some_and(|it| !it.visit.has_codes())
    }

    fn why_not(&self) -> AbortReason {
        let concerns = self.state.in_progress().map(|it| it.visit.concerns.as_slice()).unwrap_or_default();
        let refused = concerns.iter().find_map(|concern| match concern.state {
            identification::ConcernState::Refused(reason) => Some(reason),
            identification::ConcernState::Open | identification::ConcernState::Withdrawn => None,
        });
        refused.map_or(AbortReason::Clerk, AbortReason::Refused)
    }

    /// Once a second: a code that nobody handed over in time is void.
    pub(crate) fn tray_timer(&mut self) -> bool {
        let now = outside::now().timestamp();
        let late = |at: Timestamp| at.saturating_add(self.policy.tray_time()).is_ok_and(|end| end < now);
        let concerns = self.state.in_progress().into_iter().flat_map(|it| &it.visit.concerns);
        let reason = concerns.flat_map(|concern| &concern.codes).find_map(|code| {
            if code.state == CodeState::Printed && code.printed_at.is_some_and(late) {
                return Some((VoidReason::TrayTimeout, AppError::CodeVoid));
            }
            // Nobody follows this print any more: its end could not be recorded.
            let forgotten = code.state == CodeState::Generated && self.stop_print.is_none();
            forgotten.then_some((VoidReason::PrintFailed, AppError::PrintFailed))
        });
        let Some((reason, error)) = reason else { return false };
        self.state.notice = Some(self.apply(Command::VoidCode { reason }).err().unwrap_or(error));
        true
    }
}

/// Whether a purpose of the visit asks for the clerk's PIN before the print.
pub(crate) fn needs_step_up(visit: &Visit, policy: &Policy) -> bool {
    visit.standing().filter_map(|concern| policy.purpose(concern.purpose?)).any(|rule| rule.step_up)
}
