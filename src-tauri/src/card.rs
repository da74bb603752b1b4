//! A health card in the reader: read it on the reader's thread, tell the facts as they come, say what is wrong.

use std::{sync::Arc, time::Duration};

use bridge::{AppError, CardFacts, CardInsurance, CardKind, CardPerson, CardWarning, ReadStep, ReaderStatus};
use egk::{
    Authenticity, Can, Check, EgkError, EgkReading, Progress, Reason, Request, TrustStore, Verdict, Warning,
};
use identification::{BirthDate, CardCheck, CardCheckReason, HealthCard, Kvnr, Name, Person};
use jiff::civil::Date;
use pcsc_reader::{
    CardState, Ending, Interface, JobControl, JobError, JobOptions, ReaderEvent, ServiceState, Session,
};
use smartcard::{ChannelError, pace::PaceError};

use crate::{convert, outside::OperatingSystem};

/// A whole read takes well under a second; a card that needs this long is broken.
pub(crate) const DEADLINE: Duration = Duration::from_secs(8);
/// Parts that are told one by one: five files, two proofs and the look-up.
pub(crate) const PARTS: u32 = 8;
/// Digits of the Kennnummer der Karte that the window shows.
const NUMBER_TAIL_SHOWN: usize = 6;
/// Digits of it that a record keeps.
pub(crate) const NUMBER_TAIL_KEPT: usize = 4;

/// News of a reading.
#[expect(clippy::large_enum_variant, reason = "a handful a card, each soon gone")]
pub(crate) enum CardNews {
    /// A part is known.
    Facts { step: ReadStep, done: u32, facts: CardFacts },
    /// It is over.
    Done(Result<Box<EgkReading>, CardProblem>),
}

/// Why a card wasn't read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CardProblem {
    /// It lies on a contactless reader: its access number is asked for. `wrong`: the one that was given is.
    NeedsCan { wrong: bool },
    /// Anything else.
    Failed(AppError),
}

/// What a reading is given.
pub(crate) struct Wanted {
    /// The card access number, over the air.
    pub(crate) can: Option<Can>,
    /// Whom the desk trusts to vouch for cards.
    pub(crate) trust: Arc<TrustStore>,
    /// The day on which certificates must be valid.
    pub(crate) today: Date,
    /// Where the card is.
    pub(crate) interface: Interface,
}

/// Begins to read the card in the session's reader; `tell` is called on the reader's thread.
pub(crate) fn read(
    session: &Session,
    wanted: Wanted,
    tell: impl Fn(CardNews) + Clone + Send + 'static,
) -> JobControl {
    // What a secure channel opened is closed to the next program.
    let ending = if wanted.can.is_some() { Ending::Reset } else { Ending::Leave };
    let options = JobOptions { deadline: DEADLINE, ending };
    let progress = tell.clone();
    session.submit_then(
        options,
        move |channel, _cancel| {
            let Wanted { can, trust, today, interface } = wanted;
            let over_the_air = interface == Interface::Contactless;
            let check = Some(Check { trust: &trust, today });
            let request = Request { over_the_air, can: can.as_ref(), check };
            let mut facts = CardFacts::default();
            let mut authenticity = Authenticity::NOT_ASKED;
            let mut done = 0;
            egk::read(channel, &request, &mut OperatingSystem, &mut |part| {
                done += 1;
                let mut step = learn(&mut facts, &mut authenticity, part);
                if step == ReadStep::CardNumber && request.can.is_some() {
                    step = ReadStep::SecureChannel;
                }
                progress(CardNews::Facts { step, done, facts: facts.clone() });
            })
        },
        move |answer| {
            tell(CardNews::Done(match answer {
                Ok(Ok(reading)) => {
                    log(reading.authenticity);
                    Ok(Box::new(reading))
                }
                Ok(Err(EgkError::CanNeeded)) => Err(CardProblem::NeedsCan { wrong: false }),
                Ok(Err(EgkError::WrongCan)) => Err(CardProblem::NeedsCan { wrong: true }),
                Ok(Err(error)) => Err(CardProblem::Failed(egk_error(&error))),
                Err(error) => Err(CardProblem::Failed(job_error(error))),
            }));
        },
    )
}

/// What speaks against a card is worth a line, without whose it is.
fn log(Authenticity { chip, certificate }: Authenticity) {
    if chip != Verdict::Valid || certificate != Verdict::Valid {
        tracing::warn!(?chip, ?certificate, "a card could not prove all that cards can");
    }
}

/// All that a card said, as the window shows it.
pub(crate) fn facts(reading: &EgkReading) -> CardFacts {
    let mut facts = CardFacts::default();
    let mut authenticity = Authenticity::NOT_ASKED;
    for part in [
        Progress::Version(&reading.object_system),
        Progress::CardNumber(&reading.iccsn),
        Progress::Chip(reading.authenticity.chip),
        Progress::Status(&reading.status),
        Progress::Person(&reading.person),
        Progress::Insurance(&reading.insurance),
        Progress::Certificate(reading.authenticity.certificate),
    ] {
        learn(&mut facts, &mut authenticity, part);
    }
    facts
}

/// Adds what a part says and names the part that comes next.
fn learn(facts: &mut CardFacts, authenticity: &mut Authenticity, part: Progress<'_>) -> ReadStep {
    match part {
        Progress::Version(system) => {
            facts.generation = Some(system.generation().to_string());
            ReadStep::CardNumber
        }
        Progress::CardNumber(number) => {
            facts.card_number_tail = Some(number.tail(NUMBER_TAIL_SHOWN).to_owned());
            ReadStep::Chip
        }
        Progress::Chip(verdict) => {
            authenticity.chip = verdict;
            ReadStep::Status
        }
        Progress::Status(status) => {
            facts.data_as_of = status.updated.map(|updated| updated.date().to_string());
            ReadStep::Person
        }
        Progress::Person(person) => {
            let name = name(&person.name);
            facts.person = Some(CardPerson {
                title: name.title.clone(),
                given_names: name.given_names.clone(),
                family_name: name.full_family_name(),
                birth_date: person.birth_date.to_iso().to_string(),
                kvnr_masked: Kvnr::parse(person.kvnr.as_str()).map(|it| it.masked()).unwrap_or_default(),
            });
            ReadStep::Insurance
        }
        Progress::Insurance(insurance) => {
            facts.insurance = Some(CardInsurance {
                insurer: insurance.insurer.name.to_string(),
                ik: insurance.insurer.ik.to_string(),
                valid_from: insurance.valid_from.to_string(),
                valid_until: insurance.valid_until.map(|date| date.to_string()),
            });
            ReadStep::Certificate
        }
        Progress::Certificate(verdict) => {
            authenticity.certificate = verdict;
            facts.authenticity = Some(convert::authenticity(&proven(*authenticity)));
            ReadStep::LookUp
        }
    }
}

/// What is worth knowing of a card that could be read.
pub(crate) fn warnings(reading: &EgkReading, today: Date) -> Vec<CardWarning> {
    let warning = |warning| match warning {
        Warning::TransactionOpen => CardWarning::TransactionOpen,
        Warning::ApplicationDeactivated => CardWarning::ApplicationDeactivated,
        Warning::InsuranceEnded { last_day } => CardWarning::InsuranceEnded { date: last_day.to_string() },
        Warning::InsuranceNotBegun { first_day } => {
            CardWarning::InsuranceNotBegun { date: first_day.to_string() }
        }
        Warning::BirthDateIncomplete => CardWarning::BirthDateIncomplete,
    };
    reading.warnings(today).into_iter().map(warning).collect()
}

/// Who the card names, in the rules' words.
pub(crate) fn person(reading: &EgkReading) -> Person {
    let birth = &reading.person.birth_date;
    let part = |value: Option<u8>| value.and_then(|value| i8::try_from(value).ok());
    Person {
        name: name(&reading.person.name),
        birth_date: Some(BirthDate {
            year: i16::try_from(birth.year()).unwrap_or(i16::MAX),
            month: part(birth.month()),
            day: part(birth.day()),
        }),
    }
}

/// What a record keeps of the card.
pub(crate) fn health_card(reading: &EgkReading) -> HealthCard {
    HealthCard {
        generation: reading.object_system.generation().to_string(),
        card_number_tail: reading.iccsn.tail(NUMBER_TAIL_KEPT).to_owned(),
        valid_from: Some(reading.insurance.valid_from),
        valid_until: reading.insurance.valid_until,
        deactivated: reading.application_deactivated,
        data_as_of: reading.status.updated.map(|updated| updated.date()),
        transaction_open: reading.status.transaction_open,
        contactless: reading.contactless,
        authenticity: proven(reading.authenticity),
    }
}

fn proven(authenticity: Authenticity) -> identification::CardAuthenticity {
    identification::CardAuthenticity {
        chip: check(authenticity.chip),
        certificate: check(authenticity.certificate),
    }
}

fn check(verdict: Verdict) -> CardCheck {
    match verdict {
        Verdict::Valid => CardCheck::Valid,
        Verdict::Invalid(reason) => CardCheck::Invalid(check_reason(reason)),
        Verdict::NotVerifiable(reason) => CardCheck::NotVerifiable(check_reason(reason)),
        Verdict::NotSupported(reason) => CardCheck::NotSupported(check_reason(reason)),
    }
}

fn check_reason(reason: Reason) -> CardCheckReason {
    match reason {
        Reason::NotAsked => CardCheckReason::NotAsked,
        Reason::NoCertificate => CardCheckReason::NoCertificate,
        Reason::NoTrustStore => CardCheckReason::NoTrustStore,
        Reason::Malformed => CardCheckReason::Malformed,
        Reason::UnknownIssuer => CardCheckReason::UnknownIssuer,
        Reason::TestCard => CardCheckReason::TestCard,
        Reason::Signature => CardCheckReason::Signature,
        Reason::NotYetValid => CardCheckReason::NotYetValid,
        Reason::Expired => CardCheckReason::Expired,
        Reason::WrongUse => CardCheckReason::WrongUse,
        Reason::OtherCard => CardCheckReason::OtherCard,
        Reason::OtherPerson => CardCheckReason::OtherPerson,
        Reason::OtherInsurer => CardCheckReason::OtherInsurer,
        Reason::ChallengeFailed => CardCheckReason::ChallengeFailed,
        Reason::Refused(_) => CardCheckReason::Refused,
    }
}

/// Institutionskennzeichen of issuing and billing insurer.
pub(crate) fn iks(reading: &EgkReading) -> Vec<String> {
    let insurance = &reading.insurance;
    [Some(&insurance.insurer), insurance.billing_insurer.as_ref()]
        .into_iter()
        .flatten()
        .map(|it| it.ik.to_string())
        .collect()
}

fn name(name: &egk::Name) -> Name {
    Name {
        title: name.title.as_deref().map(str::to_owned),
        given_names: name.given_names.to_string(),
        suffix: name.name_suffix.as_deref().map(str::to_owned),
        prefix: name.name_prefix.as_deref().map(str::to_owned),
        family_name: name.family_name.to_string(),
    }
}

/// The status line's reader: a card first, then what hinders, then readiness.
pub(crate) fn reader_status(event: &ReaderEvent) -> ReaderStatus {
    match event.service {
        ServiceState::Down => return ReaderStatus::ServiceDown,
        ServiceState::Denied => return ReaderStatus::ServiceDenied,
        ServiceState::Running => {}
    }
    let find = |wanted: fn(&CardState) -> bool| event.readers.iter().find(|reader| wanted(&reader.card));
    if let Some(reader) = find(|card| matches!(card, CardState::Present { .. })) {
        return ReaderStatus::CardPresent { reader: reader.name.clone() };
    }
    if let Some(reader) = find(|card| matches!(card, CardState::Mute)) {
        return ReaderStatus::CardMute { reader: reader.name.clone() };
    }
    if event.readers.is_empty() {
        return ReaderStatus::NoReader;
    }
    ReaderStatus::Ready { readers: event.readers.iter().map(|reader| reader.name.clone()).collect() }
}

pub(crate) fn job_error(error: JobError) -> AppError {
    match error {
        JobError::Channel(error) => channel_error(error),
        JobError::Denied => AppError::ReaderServiceDenied,
        JobError::Unanswered => AppError::CardMute,
        JobError::QueueFull | JobError::SessionEnded => AppError::ReadingCancelled,
    }
}

fn egk_error(error: &EgkError) -> AppError {
    match error {
        EgkError::Channel(error) => channel_error(*error),
        EgkError::Pace(PaceError::Channel(error)) => channel_error(*error),
        // The shell asks for the number; these never come here.
        EgkError::CanNeeded | EgkError::WrongCan => AppError::CardNeedsContacts,
        EgkError::NoContactless | EgkError::Pace(PaceError::NotSupported) => AppError::CardNeedsContacts,
        EgkError::Pace(PaceError::Refused(_) | PaceError::Protocol) => AppError::CardNeedsContacts,
        EgkError::Pace(_) => AppError::CardChannelLost,
        EgkError::Entropy(error) => convert::internal(error),
        EgkError::InTheClear => {
            tracing::warn!("a card gave its data over the air in the clear");
            AppError::HealthCardNotUsable
        }
        EgkError::NotAHealthCard(kind) => AppError::NotAHealthCard { kind: card_kind(*kind) },
        EgkError::Deactivated { .. } => AppError::HealthCardLocked,
        EgkError::UnexpectedStatus { file, .. } => AppError::CardUnreadable { file: file.to_string() },
        EgkError::Malformed { problem: egk::Problem::CheckDigit, .. } => AppError::CardNumberWrong,
        EgkError::Malformed { file, .. } => AppError::CardUnreadable { file: file.to_string() },
    }
}

fn channel_error(error: ChannelError) -> AppError {
    match error {
        ChannelError::CardRemoved => AppError::CardRemoved,
        ChannelError::CardMute => AppError::CardMute,
        ChannelError::CardBusy => AppError::CardBusy,
        ChannelError::ReaderRemoved => AppError::ReaderRemoved,
        ChannelError::ServiceLost => AppError::ReaderServiceDown,
        ChannelError::Cancelled => AppError::ReadingCancelled,
        ChannelError::Unprotected(_) | ChannelError::WrongMac => AppError::CardChannelLost,
        ChannelError::DeadlineExceeded => AppError::CardTimeout,
        ChannelError::Transport(code) => AppError::CardTransport { transport_code: format!("{code:#010x}") },
        // And whatever the channel learns to say later: the card answered, but not as cards do.
        ChannelError::Malformed | _ => AppError::CardUnreadable { file: String::from("APDU") },
    }
}

fn card_kind(kind: egk::CardKind) -> CardKind {
    match kind {
        egk::CardKind::Hba => CardKind::Hba,
        egk::CardKind::SmcB => CardKind::SmcB,
        egk::CardKind::Kvk => CardKind::Kvk,
        egk::CardKind::EgkG1 => CardKind::EgkG1,
        egk::CardKind::TravelDocument => CardKind::TravelDocument,
        egk::CardKind::Other => CardKind::Other,
    }
}
