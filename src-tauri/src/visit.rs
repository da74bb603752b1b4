//! A visit, step by step: the clerk's answers become commands, and what they make true is on disk before it is shown.

use account::{CallError, LookupReason, ProblemCode, Subject};
use bridge::{
    AppError, CardPane, DateField, DateProblem, Field, ServiceRefusal,
    input::{CheckInput, ConcernInput, DocumentInput, FaceInput, HandOverInput},
};
use egk::EgkReading;
use identification::{
    AbortReason, AccountState, BirthDate, CodeState, Command, ConcernId, Event, IdentificationId, Kvnr,
    Opening, Recorded, Stage, Visit, VisitId, VisitNumber, VoidReason, decide, valid_on,
};
use jiff::{Timestamp, Zoned};
use mrtd::mrz::{DateError, MrzDate};
use store::{Batch, Record, VisitRow, VisitState};

use crate::{
    card,
    controller::{Controller, Input, Reply, Window},
    convert, outside, records,
    state::{DocumentDraft, InProgress, Mode, Step},
};

/// The check that stands for the comparison of names.
const NAME_CHECK: &str = "name";

impl<W: Window> Controller<W> {
    /// Asks the service about the person whose card was read.
    pub(crate) fn look_up(&mut self, ticket: u64, reading: Box<EgkReading>) {
        let (client, inputs) = (self.desk.client.clone(), self.sender());
        tokio::task::spawn_local(async move {
            let answer = client.lookup(reading.person.kvnr.as_str(), LookupReason::HealthCardPresented).await;
            drop(inputs.send(Input::LookedUp { ticket, reading, answer }).await);
        });
    }

    pub(crate) fn looked_up(
        &mut self,
        ticket: u64,
        reading: &EgkReading,
        answer: Result<Subject, CallError>,
    ) {
        if !self.reading_is(ticket) {
            return;
        }
        if !self.card_is_still_in() {
            return self.fail_card(AppError::CardRemoved);
        }
        let opened = answer.map_err(call_error).and_then(|subject| self.open(reading, subject));
        if let Err(error) = opened {
            let warnings = card::warnings(reading, outside::now().date());
            self.state.mode = Mode::Idle(CardPane::Read { facts: self.state.facts(), warnings });
            self.state.notice = Some(error);
        }
    }

    fn open(&mut self, reading: &EgkReading, subject: Subject) -> Result<(), AppError> {
        let now = outside::now();
        let id = || outside::id(now.timestamp());
        let opening = Opening {
            visit: VisitId::new(id()),
            identification: IdentificationId::new(id()),
            concern: ConcernId::new(id()),
            operator: self.operator.clone(),
            person: card::person(reading),
            kvnr: Kvnr::parse(reading.person.kvnr.as_str()).map_err(|_| AppError::CardNumberWrong)?,
            iks: card::iks(reading),
            health_card: card::health_card(reading),
            account: account_state(subject),
        };
        let warnings = card::warnings(reading, now.date());
        let first = self.policy.documents.first().map(|rule| rule.id.clone()).unwrap_or_default();
        let (visit, _) = self.record(Visit::default(), Command::Open(Box::new(opening)), None, &now)?;
        self.state.mode = Mode::Visit(Box::new(InProgress::new(visit, warnings, first)));
        Ok(())
    }

    /// Step 1: the number from the app, which the service must know for this person.
    pub(crate) fn ask_for_visit_number(&mut self, input: ConcernInput, reply: Reply) {
        let number =
            VisitNumber::parse(&input.visit_number).map_err(|problem| field(Field::VisitNumber, problem));
        let asked = self.state.in_progress().and_then(|it| Some((it.visit.id?, it.concern()?.kvnr.clone())));
        match (number, asked) {
            (Ok(number), Some((visit, kvnr))) => {
                let (client, inputs) = (self.desk.client.clone(), self.sender());
                tokio::task::spawn_local(async move {
                    let answer = client.visit_number_matches(kvnr.as_str(), number.as_str()).await;
                    drop(inputs.send(Input::VisitNumberAsked { visit, input, answer, reply }).await);
                });
            }
            (Err(error), _) => self.answer(Err(error), reply),
            (Ok(_), None) => self.answer(Err(AppError::NotNow), reply),
        }
    }

    pub(crate) fn visit_number_asked(
        &mut self,
        visit: VisitId,
        input: &ConcernInput,
        answer: Result<bool, CallError>,
        reply: Reply,
    ) {
        if self.state.in_progress().is_none_or(|it| it.visit.id != Some(visit)) {
            // The person it was asked for has gone.
            return self.answer(Err(AppError::NotNow), reply);
        }
        let done = answer.map_err(call_error).and_then(|visit_number_matches| {
            let visit_number = VisitNumber::parse(&input.visit_number)
                .map_err(|problem| field(Field::VisitNumber, problem))?;
            self.apply(Command::ChoosePurpose {
                purpose: convert::purpose_from(input.purpose),
                visit_number,
                visit_number_matches,
            })
        });
        self.answer(done, reply);
    }

    /// Step 2: type and dates. What is typed is judged field by field; nothing is recorded before both are right.
    pub(crate) fn enter_document(&mut self, input: DocumentInput) -> Result<(), AppError> {
        let now = outside::now();
        let it =
            self.state.in_progress_mut().filter(|it| it.step() == Step::Document).ok_or(AppError::NotNow)?;
        let acting = it.visit.acting().ok_or(AppError::NotNow)?;
        let known = acting.person.birth_date;
        let draft = &mut it.draft;
        if draft.document_type != input.document_type {
            *draft = DocumentDraft::new(input.document_type);
        }
        if let Some(typed) = input.birth_date.map(zeroize::Zeroizing::new) {
            (draft.birth_date, draft.birth) = birth_date(&typed, known, &now);
        }
        if let Some(typed) = input.expiry_date.map(zeroize::Zeroizing::new) {
            (draft.expiry_date, draft.expiry) = expiry_date(&typed, &now);
        }
        let (DateField::Good, DateField::Good, Some(birth_date), Some(expiry)) =
            (&draft.birth_date, &draft.expiry_date, draft.birth, draft.expiry)
        else {
            return Ok(());
        };
        let document_type = draft.document_type.clone();
        self.apply(Command::PresentDocument { document_type, birth_date, expiry })
    }

    pub(crate) fn answer_check(&mut self, input: CheckInput) -> Result<(), AppError> {
        let answer = convert::answer_from(input.answer);
        if input.check == NAME_CHECK {
            self.apply(Command::CompareNames { answer })
        } else {
            self.apply(Command::AnswerCheck { check: input.check, answer })
        }
    }

    pub(crate) fn confirm_document(&mut self) -> Result<(), AppError> {
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        let presented = it.visit.acting().and_then(|acting| acting.document.as_ref());
        let same = presented.is_some_and(|presented| presented.document_type == it.draft.document_type);
        if !(same && it.draft.is_good()) {
            return Err(AppError::NotYet);
        }
        self.apply(Command::ConfirmDocument)
    }

    /// Step 3.
    pub(crate) fn answer_face(&mut self, input: &FaceInput) -> Result<(), AppError> {
        self.apply(Command::CompareFace { answer: convert::face_from(input.answer) })?;
        match input.answer {
            bridge::FaceAnswer::Matches => Ok(()),
            bridge::FaceAnswer::Doubt => Err(AppError::SecondPersonNeeded),
            bridge::FaceAnswer::DoesNotMatch => Err(AppError::IdentityNotEstablished),
        }
    }

    /// Step 5.
    pub(crate) fn hand_over(&mut self, input: HandOverInput) -> Result<(), AppError> {
        self.apply(Command::HandOver {
            reference_tail: input.reference_tail,
            receipt: convert::receipt_from(input.receipt),
            document_returned: input.document_returned,
            health_card_returned: input.health_card_returned,
        })
    }

    pub(crate) fn discard_code(&mut self) -> Result<(), AppError> {
        self.apply(Command::VoidCode { reason: VoidReason::Discarded })?;
        // Following a job that is over already has ended by itself.
        self.stop_print = None;
        Ok(())
    }

    /// Looks at the step before; the answers stay until they're given anew.
    pub(crate) fn go_back(&mut self) -> Result<(), AppError> {
        let it = self.state.in_progress_mut().ok_or(AppError::NotNow)?;
        it.looking_back = Some(match it.step() {
            Step::Document => Step::Concern,
            Step::Face => Step::Document,
            Step::Summary => Step::Face,
            Step::Concern | Step::Printing | Step::HandOver | Step::Done => return Err(AppError::NotNow),
        });
        Ok(())
    }

    pub(crate) fn abort_visit(&mut self) -> Result<(), AppError> {
        if self.state.in_progress().is_some() {
            self.apply(Command::Abort { reason: AbortReason::Clerk })?;
        }
        self.wait_for_card();
        Ok(())
    }

    pub(crate) fn finish_visit(&mut self) -> Result<(), AppError> {
        self.apply(Command::End)?;
        self.wait_for_card();
        Ok(())
    }

    /// Once a second: a code that nobody handed over in time is void.
    pub(crate) fn tray_timer(&mut self) -> bool {
        let now = outside::now().timestamp();
        let Some(code) = self.state.in_progress().and_then(|it| it.concern()?.open_code()) else {
            return false;
        };
        let late = |at: Timestamp| at.saturating_add(self.policy.tray_time()).is_ok_and(|end| end < now);
        let (reason, error) = match code.state {
            CodeState::Printed if code.printed_at.is_some_and(late) => {
                (VoidReason::TrayTimeout, AppError::CodeVoid)
            }
            // Nobody follows this print any more: its end could not be recorded.
            CodeState::Generated if self.stop_print.is_none() => {
                (VoidReason::PrintFailed, AppError::PrintFailed)
            }
            CodeState::Generated
            | CodeState::Printed
            | CodeState::HandedOver
            | CodeState::Voided(_)
            | CodeState::Refused => return false,
        };
        self.state.notice = Some(self.apply(Command::VoidCode { reason }).err().unwrap_or(error));
        true
    }

    /// At the start: what the last run left open can't go on. A code that wasn't handed over is void.
    pub(crate) fn end_interrupted_visits(&mut self) {
        match self.desk.store.open_visits() {
            Ok(open) => {
                for (id, _) in open {
                    // One that can't be read must not keep the others' codes alive.
                    if let Err(error) = self.end_interrupted(id) {
                        self.state.notice = Some(error);
                    }
                }
            }
            Err(error) => self.state.notice = Some(store_error(&error)),
        }
    }

    fn end_interrupted(&mut self, id: VisitId) -> Result<(), AppError> {
        let now = outside::now();
        let mut visit = self.load(id)?;
        let commands = match visit.current_concern().and_then(|concern| concern.code()).map(|code| code.state)
        {
            Some(CodeState::Generated | CodeState::Printed) => {
                vec![Command::VoidCode { reason: VoidReason::Interrupted }, Command::End]
            }
            Some(_) => vec![Command::End],
            None => vec![Command::Abort { reason: AbortReason::Interrupted }],
        };
        for command in commands {
            (visit, _) = self.record(visit, command, None, &now)?;
        }
        Ok(())
    }

    /// A visit from the journal.
    pub(crate) fn load(&self, id: VisitId) -> Result<Visit, AppError> {
        let opened = self.desk.store.events(id).map_err(|error| store_error(&error))?;
        let recorded: Vec<Recorded> = opened
            .iter()
            .filter_map(|record| record.event().transpose())
            .collect::<Result<_, _>>()
            .map_err(|error| store_error(&error))?;
        Ok(Visit::replay(&recorded))
    }

    /// A command on the open visit: decided, on disk, then in the state.
    pub(crate) fn apply(&mut self, command: Command) -> Result<(), AppError> {
        self.apply_with(command, None).map(|_| ())
    }

    /// As [`Self::apply`], with the sealed code that belongs to a generated one.
    pub(crate) fn apply_with(
        &mut self,
        command: Command,
        sealed: Option<String>,
    ) -> Result<Vec<Event>, AppError> {
        let now = outside::now();
        let before = self.state.in_progress().ok_or(AppError::NotNow)?.visit.clone();
        let (after, events) = self.record(before, command, sealed, &now)?;
        if let Some(it) = self.state.in_progress_mut() {
            it.visit = after;
            it.looking_back = None;
        }
        Ok(events)
    }

    /// Decides `command` on `visit` and writes what it makes true, with the outbox rows that follow, in one transaction.
    pub(crate) fn record(
        &mut self,
        visit: Visit,
        command: Command,
        sealed: Option<String>,
        now: &Zoned,
    ) -> Result<(Visit, Vec<Event>), AppError> {
        let at = now.timestamp();
        let stage = visit.stage;
        let events = decide(&visit, command, &self.policy, now).map_err(convert::refusal)?;
        let recorded: Vec<Recorded> = events.iter().cloned().map(|event| Recorded { at, event }).collect();
        let after = recorded.iter().fold(visit, Visit::evolve);
        let incident = |_| AppError::Internal { incident: outside::id(at).to_string() };
        let id = records::visit_id(&after).map_err(incident)?;
        let outbox = records::rows(&after, &events, &self.desk.desk_id, sealed, at).map_err(incident)?;
        let to_deliver = !outbox.is_empty();
        let batch = Batch {
            visit: id,
            at,
            records: recorded
                .iter()
                .map(|it| Record::new(outside::id(at), id, &it.event))
                .collect::<Result<_, _>>()
                .map_err(|error| store_error(&error))?,
            outbox,
            visit_row: visit_row(&after, at).filter(|_| after.stage != stage),
        };
        self.desk.store.append(batch, &mut outside::entropy).map_err(|error| store_error(&error))?;
        if to_deliver {
            self.count_outbox();
            self.outbox.notify_one();
        }
        Ok((after, events))
    }

    /// How much the service has yet to be told.
    pub(crate) fn count_outbox(&mut self) {
        if let Ok(depth) = self.desk.store.depth() {
            self.state.outbox = u32::try_from(depth.waiting).unwrap_or(u32::MAX);
        }
    }
}

fn visit_row(visit: &Visit, at: Timestamp) -> Option<VisitRow> {
    Some(VisitRow {
        state: match visit.stage {
            Stage::Unopened => return None,
            Stage::Open => VisitState::Open,
            Stage::Ended => VisitState::Ended { at },
            Stage::Aborted => VisitState::Aborted { at },
        },
        operator: visit.operator.clone()?,
        opened_at: visit.opened_at?,
    })
}

fn birth_date(typed: &str, known: BirthDate, now: &Zoned) -> (DateField, Option<BirthDate>) {
    let read = match MrzDate::parse(typed) {
        Ok(read) => read,
        Err(error) => return (bad(date_problem(error)), None),
    };
    let part = |value: Option<u8>| value.and_then(|value| i8::try_from(value).ok());
    let date = BirthDate { year: read.birth_year(now.date()), month: part(read.month), day: part(read.day) };
    if known.agrees_with(date) {
        (DateField::Good, Some(date))
    } else {
        (bad(DateProblem::DiffersFromCard), None)
    }
}

fn expiry_date(typed: &str, now: &Zoned) -> (DateField, Option<jiff::civil::Date>) {
    let read = match MrzDate::parse(typed) {
        Ok(read) => read,
        Err(error) => return (bad(date_problem(error)), None),
    };
    match read.expiry(now.date()) {
        None => (bad(DateProblem::NoSuchDay), None),
        Some(expiry) if valid_on(expiry, now.date()) => (DateField::Good, Some(expiry)),
        Some(expiry) => (bad(DateProblem::Expired { on: expiry.to_string() }), None),
    }
}

fn bad(problem: DateProblem) -> DateField {
    DateField::Bad { problem }
}

fn date_problem(error: DateError) -> DateProblem {
    match error {
        DateError::Form => DateProblem::NotSevenDigits,
        DateError::NoSuchDay => DateProblem::NoSuchDay,
        DateError::CheckDigit => DateProblem::CheckDigitWrong,
    }
}

fn field(field: Field, problem: identification::SymbolError) -> AppError {
    AppError::FieldInvalid { field, problem: convert::symbols(problem) }
}

fn account_state(subject: Subject) -> AccountState {
    match (subject.insured, subject.account) {
        (false, _) => AccountState::NotInsured,
        (true, account::AccountState::None) => AccountState::None,
        (true, account::AccountState::Registered) => AccountState::Registered,
        (true, account::AccountState::AppActive) => AccountState::AppActive,
        (true, account::AccountState::Locked) => AccountState::Locked,
    }
}

pub(crate) fn call_error(error: CallError) -> AppError {
    match error {
        CallError::Unreachable
        | CallError::Untrusted
        | CallError::NoAnswer
        | CallError::Unavailable { .. } => AppError::ServiceUnreachable,
        CallError::Revoked | CallError::NotAuthenticated => {
            AppError::ServiceRefused { refusal: ServiceRefusal::WorkstationRevoked }
        }
        CallError::Refused(problem) if problem.code == ProblemCode::NotInsured => AppError::NotInsuredHere,
        CallError::Refused(_) | CallError::OutsideContract => {
            AppError::ServiceRefused { refusal: ServiceRefusal::Other }
        }
    }
}

pub(crate) fn store_error(error: &store::StoreError) -> AppError {
    tracing::error!(%error, "the store failed");
    AppError::StoreUnavailable
}
