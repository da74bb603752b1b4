//! Who came and what for: looked up by card or number, and for carers the deeds that they show.

use account::{
    AccountClient, AccountState, BirthDateAnswer, CallError, CardNumberMatch, LookupReason, NameAnswer,
    ProblemCode, Representation, RepresentationStatus, RepresentativeAccount, RepresentativeKind,
    Subject as Answer, SubjectFlag, SubjectQuery,
};
use bridge::{
    AppError, CardPane, CardWarning, Field, FieldProblem,
    input::{CarerInput, ConcernInput, PersonInput, ProofInput},
};
use egk::{EgkReading, Iccsn, PersonalText};
use identification::{
    Acting, ActingRole, BirthDate, CardNumberAnswer, CarerKind, Command, ConcernId, DateAgreement, Event,
    Filed, FiledStatus, IdentificationId, Kvnr, Name, NewConcern, Opening, Person, RepresentativeNumber,
    Subject, SubjectRegister, Visit, VisitId, VisitNumber,
};
use store::{AccessId, AccessKind, AccessReason, AccessResult, Subject as Sought};
use uuid::Uuid;

use crate::{
    block::Wanted,
    card,
    controller::{Controller, Input, Reply, Window},
    convert, outside,
    state::{InProgress, Mode, Step},
    typed,
};

/// Digits of a card's number, off its chip, that the service is told to say whether it is that person's current card: those
/// after the issuer's.
const CARD_NUMBER_TOLD: usize = 10;

/// Somebody whom the desk knows by card or by number, and asks the service about.
pub(crate) struct Candidate {
    subject: Subject,
    iks: Vec<String>,
    warnings: Vec<CardWarning>,
    own: bool,
    /// The end of the card's number: off its chip, or as typed from its back. The service knows whose card it is.
    card_number: Option<PersonalText>,
    /// The card's whole number, off its chip.
    iccsn: Option<Iccsn>,
    /// The reading that it came from.
    ticket: Option<u64>,
}

impl Candidate {
    fn is_disproved(&self) -> bool {
        self.subject.health_card.as_ref().is_some_and(|card| card.authenticity.is_disproved())
    }
}

/// What the service answered.
pub(crate) enum Answered {
    /// About somebody who came, or whom a carer named; the register's entry if there is one.
    Person {
        candidate: Box<Candidate>,
        /// The entry of the access log.
        access: AccessId,
        answer: Result<(Answer, Option<Representation>), CallError>,
    },
    /// About somebody whose code or app is to be blocked.
    Block {
        wanted: Box<Wanted>,
        /// The entry of the access log.
        access: AccessId,
        answer: Result<Answer, CallError>,
    },
    /// About a representative's number.
    Carer {
        number: RepresentativeNumber,
        access: AccessId,
        answer: Result<account::Representative, CallError>,
    },
    /// Whether a visit number is that person's; `None`: began without a line, so the service says it when the code is delivered.
    VisitNumber { concern: ConcernId, input: ConcernInput, answer: Result<Option<bool>, CallError> },
    /// Whether somebody was born on the document's date.
    Born { asked: BirthDate, answer: Result<BirthDateAnswer, CallError> },
}

impl<W: Window> Controller<W> {
    /// Asks about the person whose card was read.
    pub(crate) fn look_up_card(&mut self, ticket: u64, reading: &EgkReading) {
        match candidate_of(ticket, reading) {
            // Of whom a card names that isn't genuine the service needn't be asked.
            Ok(candidate) if candidate.is_disproved() => self.fail_card(AppError::HealthCardNotUsable),
            Ok(candidate) => self.look_up(candidate, LookupReason::HealthCardPresented, None),
            Err(error) => self.fail_card(error),
        }
    }

    /// Without a card: number, name and birth date as the clerk typed them.
    pub(crate) fn begin_with_number(&mut self, input: &PersonInput, reply: Reply) {
        match candidate(input, self.policy.card_number.digits) {
            Ok(candidate) if matches!(self.state.mode, Mode::Start) && self.state.attended().is_some() => {
                self.look_up(
                    Candidate { own: true, ..candidate },
                    LookupReason::NumberGivenInPerson,
                    Some(reply),
                );
            }
            Ok(_) => self.answer(Err(AppError::NotNow), reply),
            Err(error) => self.answer(Err(error), reply),
        }
    }

    /// The next person that a carer acts for, or the carer themselves.
    pub(crate) fn add_person(&mut self, input: &PersonInput, reply: Reply) {
        match candidate(input, self.policy.card_number.digits) {
            Ok(candidate) if self.step() == Some(Step::Representation) => {
                self.look_up(candidate, LookupReason::NumberGivenInPerson, Some(reply));
            }
            Ok(_) => self.answer(Err(AppError::NotNow), reply),
            Err(error) => self.answer(Err(error), reply),
        }
    }

    /// Notes who is looked up, then asks the service; without a line there is nobody to ask.
    fn look_up(&mut self, candidate: Candidate, reason: LookupReason, reply: Option<Reply>) {
        let noted = self.state.serves().and_then(|()| self.note_look_up(&candidate.subject.kvnr, reason));
        let access = match noted {
            Ok(access) => access,
            Err(error) => return self.not_looked_up(&candidate, error, reply),
        };
        let client = self.desk.client.clone();
        let carer = self.carer_number();
        let may_ask = self.state.may_ask();
        self.ask(reply, async move {
            if !may_ask {
                let (candidate, answer) = (Box::new(candidate), Err(CallError::Unreachable));
                return Answered::Person { candidate, access, answer };
            }
            let subject = &candidate.subject;
            let found = ask_about(
                &client,
                subject,
                reason,
                subject.person.birth_date,
                candidate.card_number.as_deref(),
            );
            let answer = match (found.await, carer) {
                (Ok(found), Some(number)) if found.insured && !candidate.own => {
                    let filed = client.representation(number.as_str(), subject.kvnr.as_str()).await;
                    filed.map(|filed| (found, filed))
                }
                (found, _) => found.map(|found| (found, None)),
            };
            Answered::Person { candidate: Box::new(candidate), access, answer }
        });
    }

    fn not_looked_up(&mut self, candidate: &Candidate, error: AppError, reply: Option<Reply>) {
        match reply {
            Some(reply) => self.answer(Err(error), reply),
            None if candidate.ticket.is_some() => self.fail_card(error),
            None => self.state.notice = Some(error),
        }
    }

    pub(crate) fn begin_as_carer(&mut self, input: &CarerInput, reply: Reply) {
        let number = RepresentativeNumber::parse(&input.number)
            .map_err(|problem| convert::field(Field::RepresentativeNumber, convert::symbols(problem)));
        match number {
            Ok(number) if matches!(self.state.mode, Mode::Start) && self.state.attended().is_some() => {
                let noted = self.note_access(
                    Sought::Representative(&number),
                    AccessReason::NumberGiven,
                    AccessKind::LookUp,
                );
                let access = match noted {
                    Ok(access) => access,
                    Err(error) => return self.answer(Err(error), reply),
                };
                let client = self.desk.client.clone();
                self.ask(Some(reply), async move {
                    let answer = client.representative(number.as_str()).await;
                    Answered::Carer { number, access, answer }
                });
            }
            Ok(_) => self.answer(Err(AppError::NotNow), reply),
            Err(error) => self.answer(Err(error), reply),
        }
    }

    /// Asks the service beside the loop; the answer is an input like any other.
    pub(crate) fn ask(&self, reply: Option<Reply>, question: impl Future<Output = Answered> + 'static) {
        let inputs = self.sender();
        let doing = self.state.doing;
        tokio::task::spawn_local(async move {
            let answered = Box::new(question.await);
            drop(inputs.send(Input::Answered { doing, answered, reply }).await);
        });
    }

    pub(crate) fn answered(&mut self, doing: u64, answered: Answered, reply: Option<Reply>) {
        let here = self.state.doing == doing && self.state.attended().is_some();
        let done = if here {
            self.take_answer(answered)
        } else if let Answered::Block { wanted, access, answer } = answered {
            // Whoever ordered it has looked away or locked the screen: it happens none the less, and is shown to nobody.
            let done = self.record_blocking(*wanted, answer).map(drop);
            self.note_result(access, AccessResult::Withheld).and(done)
        } else {
            // Whoever it was asked for has gone, or whoever asked.
            if let Answered::Person { access, .. } | Answered::Carer { access, .. } = &answered
                && let Err(error) = self.note_result(*access, AccessResult::Withheld)
            {
                self.state.notice = Some(error);
            }
            if let Answered::Person { candidate, .. } = &answered
                && candidate.ticket.is_some_and(|ticket| self.reading_is(ticket))
            {
                self.stop_reading();
                self.forget_card();
            }
            Err(AppError::NotNow)
        };
        match (reply, done) {
            (Some(reply), done) => self.answer(done, reply),
            (None, Err(AppError::NotNow) | Ok(())) => {}
            (None, Err(error)) => self.state.notice = Some(error),
        }
    }

    fn take_answer(&mut self, answered: Answered) -> Result<(), AppError> {
        match answered {
            Answered::Person { candidate, access, answer } => {
                let done = self.person_found(*candidate, answer);
                self.note_result(access, result(&done)).and(done)
            }
            Answered::Block { wanted, access, answer } => {
                let done = self.block_and_show(*wanted, answer);
                self.note_result(access, result(&done)).and(done)
            }
            Answered::Carer { number, access, answer } => {
                let done = self.carer_found(number, answer);
                self.note_result(access, result(&done)).and(done)
            }
            Answered::VisitNumber { concern, input, answer } => {
                self.visit_number_found(concern, &input, answer)
            }
            Answered::Born { asked, answer } => self.birth_date_known(asked, answer),
        }
    }

    fn person_found(
        &mut self,
        candidate: Candidate,
        answer: Result<(Answer, Option<Representation>), CallError>,
    ) -> Result<(), AppError> {
        let answer = self.known_or_offline(answer);
        let Some(ticket) = candidate.ticket else {
            return answer.and_then(|found| self.admit(candidate, found));
        };
        if !self.reading_is(ticket) {
            return Err(AppError::NotNow);
        }
        if !self.card_is_still_in() {
            self.fail_card(AppError::CardRemoved);
            return Ok(());
        }
        let warnings = candidate.warnings.clone();
        let admitted = answer.and_then(|found| self.admit(candidate, found));
        self.reading_ends();
        self.state.card = match &admitted {
            Ok(()) => CardPane::Empty,
            Err(error @ (AppError::HealthCardNotUsable | AppError::HealthCardUnproven)) => {
                CardPane::Failed { error: error.clone() }
            }
            Err(_) => CardPane::Read { facts: self.state.facts(), warnings },
        };
        admitted
    }

    /// What the service says; `None`: there is no line. Somebody else in its place is no line either, but is told.
    fn known_or_offline(
        &mut self,
        answer: Result<(Answer, Option<Representation>), CallError>,
    ) -> Result<Option<(Answer, Option<Representation>)>, AppError> {
        match answer {
            Ok(found) => {
                self.line_answers();
                Ok(Some(found))
            }
            Err(error @ (CallError::Unreachable | CallError::NoAnswer)) => {
                self.line_is_gone(&error);
                Ok(None)
            }
            // It is there and says no, or not now: no way round it.
            Err(error) => Err(call_error(error)),
        }
    }

    /// A visit begins, or a carer's visit gets another concern.
    fn admit(
        &mut self,
        candidate: Candidate,
        found: Option<(Answer, Option<Representation>)>,
    ) -> Result<(), AppError> {
        let (answer, filed) = found.map_or((None, None), |(answer, filed)| (Some(answer), filed));
        let now = outside::now();
        let id = || outside::id(now.timestamp());
        let Candidate { subject, iks, warnings, own, iccsn, .. } = candidate;
        let concern = ConcernId::new(id());
        let card_number = iccsn.map(|number| (concern, number));
        let with_card = card_number.as_ref().and_then(|_| self.cards.seen());
        let new =
            Box::new(NewConcern { concern, subject, register: answer.as_ref().map(register), iks, own });
        if self.state.in_progress().is_some() {
            self.apply(Command::AddConcern(new))?;
            if let Some(it) = self.state.in_progress_mut() {
                it.concerns_complete = false;
                it.filed.extend(filed.map(|filed| (concern, filed)));
                it.own.extend(own.then_some(concern));
                it.card_numbers.extend(card_number);
            }
            return Ok(());
        }
        let acting = Acting::Insured(new);
        self.open(acting)?;
        if let Some(it) = self.state.in_progress_mut() {
            it.warnings = warnings;
            it.card_numbers.extend(card_number);
            it.own.insert(concern);
            it.card_slot = with_card;
        }
        self.look_for_pin_pad();
        Ok(())
    }

    fn open(&mut self, acting: Acting) -> Result<(), AppError> {
        let now = outside::now();
        let id = || outside::id(now.timestamp());
        let operator = self.state.attended().ok_or(AppError::NotNow)?.staff.id.clone();
        let (visit, identification) = (VisitId::new(id()), IdentificationId::new(id()));
        self.state.serves()?;
        let line = self.state.line();
        let opening = Opening { visit, identification, operator, acting, line };
        let (visit, _) = self.record(Visit::default(), Command::Open(Box::new(opening)), None, &now)?;
        self.state.turn_to(Mode::Visit(Box::new(InProgress::new(visit, self.first_document()))));
        Ok(())
    }

    fn carer_found(
        &mut self,
        number: RepresentativeNumber,
        answer: Result<account::Representative, CallError>,
    ) -> Result<(), AppError> {
        let found = answer.map_err(call_error)?;
        let name = Name {
            title: None,
            given_names: found.given_names.expose().to_owned(),
            suffix: None,
            prefix: None,
            family_name: found.family_name.expose().to_owned(),
        };
        let kind = match found.kind {
            RepresentativeKind::Professional => CarerKind::Professional,
            RepresentativeKind::Volunteer => CarerKind::Volunteer,
        };
        let account = match found.account {
            RepresentativeAccount::Registered => identification::RepresentativeAccount::Registered,
            RepresentativeAccount::Locked => identification::RepresentativeAccount::Locked,
        };
        let person = Person { name, birth_date: None };
        self.open(Acting::Representative { person, role: ActingRole::Carer { number, kind }, account })?;
        self.wait_for_card_of_visit();
        Ok(())
    }

    fn carer_number(&self) -> Option<RepresentativeNumber> {
        match &self.state.in_progress()?.visit.acting()?.role {
            ActingRole::Carer { number, .. } => Some(number.clone()),
            ActingRole::Insured => None,
        }
    }

    /// What a carer shows for one concern; the decision table answers.
    pub(crate) fn present_proof(&mut self, input: ProofInput) -> Result<(), AppError> {
        let concern = concern_id(&input.concern)?;
        let proof = typed::proof(input)?;
        let filed = self.state.in_progress().and_then(|it| it.filed.get(&concern)).map(filed);
        self.apply(Command::PresentProof { concern, proof, filed })?;
        // The next person's card may be in already.
        self.look_at_card();
        Ok(())
    }

    pub(crate) fn withdraw_concern(&mut self, concern: &str) -> Result<(), AppError> {
        self.apply(Command::WithdrawConcern { concern: concern_id(concern)? })?;
        self.look_at_card();
        Ok(())
    }

    /// Everybody is named: on to the document.
    pub(crate) fn confirm_concerns(&mut self) -> Result<(), AppError> {
        let it = self.state.in_progress_mut().ok_or(AppError::NotNow)?;
        if it.asking().is_some() || it.visit.standing().next().is_none() {
            return Err(AppError::NotYet);
        }
        it.concerns_complete = true;
        it.looking_back = None;
        self.stop_reading();
        Ok(())
    }

    /// Step 1: the number from the card's back where it is asked for, and the number from the app, which the service
    /// must know for this person.
    pub(crate) fn ask_for_visit_number(&mut self, input: ConcernInput, reply: Reply) {
        if let Err(error) = self.compare_card_number(&input) {
            return self.answer(Err(error), reply);
        }
        match self.visit_number_question(&input) {
            // Nothing new was typed: on, without asking again.
            Ok(None) => {
                if let Some(it) = self.state.in_progress_mut() {
                    it.looking_back = None;
                }
                self.answer(Ok(()), reply);
            }
            Ok(Some((concern, kvnr, number))) => {
                let client = self.desk.client.clone();
                let asked = self.was_asked_about(concern);
                self.ask(Some(reply), async move {
                    let answer = if asked {
                        client.visit_number_matches(kvnr.as_str(), number.as_str()).await.map(Some)
                    } else {
                        Ok(None)
                    };
                    Answered::VisitNumber { concern, input, answer }
                });
            }
            Err(error) => self.answer(Err(error), reply),
        }
    }

    /// What was typed from the card's back, against what its chip said.
    fn compare_card_number(&mut self, input: &ConcernInput) -> Result<(), AppError> {
        let concern = concern_id(&input.concern)?;
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        let shown = it.visit.concern(concern).ok_or(AppError::NotNow)?;
        if !shown.card_number_missing(&self.policy) {
            return Ok(());
        }
        let typed = typed::card_number_tail(
            input.card_number_tail.as_deref().unwrap_or_default(),
            self.policy.card_number.digits,
        )?
        .ok_or(convert::field(Field::CardNumberTail, FieldProblem::Missing))?;
        let kept = shown.subject.health_card.as_ref().map(|card| card.card_number_tail.as_str());
        // A visit that was interrupted remembers only what its record keeps.
        let number = it.card_numbers.get(&concern).map(|number| number.tail(CARD_NUMBER_TOLD));
        let known = number.or(kept).ok_or(AppError::NotNow)?;
        let agrees = typed.ends_with(known) || known.ends_with(&*typed);
        let done = self.apply(Command::CompareCardNumber { concern, agrees });
        if done == Err(AppError::DataMismatch) {
            return Err(convert::field(Field::CardNumberTail, FieldProblem::Mismatch));
        }
        done
    }

    fn visit_number_question(
        &self,
        input: &ConcernInput,
    ) -> Result<Option<(ConcernId, Kvnr, VisitNumber)>, AppError> {
        let id = concern_id(&input.concern)?;
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        let concern = it.visit.concern(id).ok_or(AppError::NotNow)?;
        let same = concern.purpose == Some(convert::purpose_from(input.purpose));
        if input.visit_number.trim().is_empty() && same {
            return Ok(None);
        }
        let number = visit_number(input)?;
        Ok(Some((id, concern.subject.kvnr.clone(), number)))
    }

    fn visit_number_found(
        &mut self,
        concern: ConcernId,
        input: &ConcernInput,
        answer: Result<Option<bool>, CallError>,
    ) -> Result<(), AppError> {
        let visit_number_matches = answer.map_err(call_error)?;
        self.stop_chip();
        let events = self.apply_with(
            Command::ChoosePurpose {
                concern,
                purpose: convert::purpose_from(input.purpose),
                visit_number: Some(visit_number(input)?),
                visit_number_matches,
            },
            None,
        )?;
        let refused = events.iter().any(|event| matches!(event, Event::ConcernRefused { .. }));
        if refused { Err(AppError::ConcernRefused) } else { Ok(()) }
    }

    /// Whether the service could be asked about that person when their concern began.
    fn was_asked_about(&self, concern: ConcernId) -> bool {
        let it = self.state.in_progress().and_then(|it| it.visit.concern(concern));
        it.is_some_and(|concern| concern.register.is_some())
    }

    pub(crate) fn first_document(&self) -> String {
        self.policy.documents.first().map(|rule| rule.id.clone()).unwrap_or_default()
    }

    /// The step that is shown, if a visit is open.
    pub(crate) fn step(&self) -> Option<Step> {
        self.state.in_progress().map(|it| it.step(&self.policy))
    }
}

/// Whether what the desk has in hand of somebody is what the insurer knows.
pub(crate) async fn ask_about(
    client: &AccountClient,
    subject: &Subject,
    reason: LookupReason,
    born: Option<BirthDate>,
    card_number_tail: Option<&str>,
) -> Result<Answer, CallError> {
    let name = &subject.person.name;
    let (family_name, birth_date) =
        (name.full_family_name(), born.map(BirthDate::to_iso).unwrap_or_default());
    let query = SubjectQuery {
        kvnr: subject.kvnr.as_str(),
        reason,
        family_name: &family_name,
        given_names: &name.given_names,
        birth_date: &birth_date,
        card_number_tail,
    };
    client.lookup(&query).await
}

fn candidate_of(ticket: u64, reading: &EgkReading) -> Result<Candidate, AppError> {
    Ok(Candidate {
        subject: Subject {
            kvnr: Kvnr::parse(reading.person.kvnr.as_str()).map_err(|_| AppError::CardNumberWrong)?,
            person: card::person(reading),
            health_card: Some(card::health_card(reading)),
        },
        iks: card::iks(reading),
        warnings: card::warnings(reading, outside::now().date()),
        own: false,
        card_number: Some(PersonalText::new(reading.iccsn.tail(CARD_NUMBER_TOLD))),
        iccsn: Some(reading.iccsn.clone()),
        ticket: Some(ticket),
    })
}

/// Somebody whom the clerk typed.
fn candidate(input: &PersonInput, digits: u8) -> Result<Candidate, AppError> {
    Ok(Candidate {
        subject: typed::person(input)?,
        iks: Vec::new(),
        warnings: Vec::new(),
        own: input.own,
        card_number: match &input.card_number_tail {
            Some(tail) => typed::card_number_tail(tail, digits)?,
            None => None,
        },
        iccsn: None,
        ticket: None,
    })
}

fn visit_number(input: &ConcernInput) -> Result<VisitNumber, AppError> {
    VisitNumber::parse(&input.visit_number)
        .map_err(|problem| convert::field(Field::VisitNumber, convert::symbols(problem)))
}

fn concern_id(text: &str) -> Result<ConcernId, AppError> {
    Uuid::try_parse(text).map(ConcernId::new).map_err(|_| AppError::NotNow)
}

/// What the register of representations says, in the rules' words.
pub(crate) fn filed(filed: &Representation) -> Filed {
    Filed {
        status: match filed.status {
            RepresentationStatus::Active => FiledStatus::Active,
            RepresentationStatus::Pending => FiledStatus::Pending,
            RepresentationStatus::Suspended | RepresentationStatus::Ended => FiledStatus::Ended,
        },
        confirmed_on: filed.confirmed_on,
    }
}

/// What came of a look-up, for the access log.
const fn result(done: &Result<(), AppError>) -> AccessResult {
    match done {
        Ok(()) => AccessResult::Shown,
        Err(AppError::NotInsuredHere) => AccessResult::NotFound,
        Err(AppError::DataMismatch | AppError::NotNow) => AccessResult::Withheld,
        Err(_) => AccessResult::Failed,
    }
}

/// What the service says of somebody, in the rules' words.
pub(crate) fn register(answer: &Answer) -> SubjectRegister {
    let has = |flag| answer.flags.contains(&flag);
    SubjectRegister {
        account: match (answer.insured, answer.account) {
            (false, _) => identification::AccountState::NotInsured,
            (true, AccountState::None) => identification::AccountState::None,
            (true, AccountState::Registered) => identification::AccountState::Registered,
            (true, AccountState::AppActive) => identification::AccountState::AppActive,
            (true, AccountState::Locked) => identification::AccountState::Locked,
        },
        card_number: match answer.card_number {
            Some(CardNumberMatch::Agrees) => CardNumberAnswer::Agrees,
            Some(CardNumberMatch::Differs) => CardNumberAnswer::Differs,
            None => CardNumberAnswer::NotAsked,
        },
        names_agree: answer.names == Some(NameAnswer::Agree),
        birth_date: match answer.birth_date {
            Some(BirthDateAnswer::Agrees) => DateAgreement::Agrees,
            Some(BirthDateAnswer::AgreesInPart) => DateAgreement::AgreesInPart,
            Some(BirthDateAnswer::Differs) | None => DateAgreement::Differs,
        },
        carer_registered: has(SubjectFlag::CarerRegistered),
        consent_reserved: has(SubjectFlag::ConsentReserved),
        deceased: has(SubjectFlag::Deceased),
        second_look: answer.needs_second_look(),
    }
}

pub(crate) fn call_error(error: CallError) -> AppError {
    use bridge::ServiceRefusal;
    match error {
        CallError::Untrusted => AppError::ServiceUntrusted,
        CallError::ServiceCertificateExpired
        | CallError::ServiceCertificateNotYetValid
        | CallError::DeskCertificateOutOfDate => AppError::CertificateNotValid,
        CallError::Unreachable | CallError::NoAnswer => AppError::ServiceUnreachable,
        CallError::Unavailable { .. } | CallError::OutsideContract => AppError::ServiceFailing,
        CallError::Revoked | CallError::DeskCertificateRevoked | CallError::NotAuthenticated => {
            AppError::ServiceRefused { refusal: ServiceRefusal::WorkstationRevoked }
        }
        CallError::Refused(problem) if problem.code == ProblemCode::NotInsured => AppError::NotInsuredHere,
        CallError::Refused(problem) if problem.code == ProblemCode::RepresentativeUnknown => {
            AppError::RepresentativeUnknown
        }
        CallError::Refused(_) => AppError::ServiceRefused { refusal: ServiceRefusal::Other },
    }
}
