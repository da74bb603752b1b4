//! The decision: what a command makes true, or why not.

mod blocking;
mod closing;
mod codes;
mod concerns;
mod evidence;
mod offline;

pub use codes::last_day;
pub use offline::Coming;

use jiff::{SignedDuration, Timestamp, Zoned, civil::Date};

use crate::{Code, CodeId, Command, Concern, Event, Identification, Policy, Refusal, Stage, Visit};

/// Concerns that one visit can have: more than that is another visit, and a question.
pub const MAX_CONCERNS: usize = 10;

/// What `command` makes true of `visit` at `now` (in the desk's time zone), or why it is refused.
///
/// # Errors
/// A [`Refusal`]; nothing has changed then.
pub fn decide(visit: &Visit, command: Command, policy: &Policy, now: &Zoned) -> Result<Vec<Event>, Refusal> {
    // The service answers whenever it can, and a review comes afterwards; everything else needs an open visit.
    let at_any_stage = matches!(
        command,
        Command::Open(_)
            | Command::Block(_)
            | Command::BlockingAccepted { .. }
            | Command::BlockingRefused { .. }
            | Command::ServiceAccepted { .. }
            | Command::ServiceRefused { .. }
            | Command::Review { .. }
    );
    if !at_any_stage && visit.stage != Stage::Open {
        return Err(Refusal::NotNow);
    }
    match command {
        Command::Open(opening) => concerns::open(visit, *opening, policy, now),
        Command::Block(order) => blocking::order(visit, *order, policy),
        Command::BlockingAccepted { concern } => blocking::accepted(visit, concern),
        Command::BlockingRefused { concern } => blocking::refused(visit, concern),
        Command::AddConcern(concern) => concerns::add(visit, *concern, policy),
        Command::ChoosePurpose { concern, purpose, visit_number, visit_number_matches } => {
            concerns::choose_purpose(visit, concern, purpose, visit_number, visit_number_matches, policy)
        }
        Command::CompareCardNumber { concern, agrees } => {
            concerns::compare_card_number(visit, concern, agrees, policy)
        }
        Command::ProvePossession { concern, kvnr } => {
            concerns::prove_possession(visit, concern, &kvnr, policy)
        }
        Command::PresentProof { concern, proof, filed } => {
            concerns::present_proof(visit, concern, proof, filed.as_ref(), policy, now.date())
        }
        Command::WithdrawConcern { concern } => concerns::withdraw(visit, concern),
        Command::PresentDocument { document_type, birth_date, register_agrees, expiry } => {
            let dates = evidence::Dates { birth_date, register_agrees, expiry, today: now.date() };
            evidence::present_document(visit, document_type, &dates, policy)
        }
        Command::AgreeToChip(consent) => evidence::agree_to_chip(visit, consent, policy),
        Command::RevokeChip => evidence::revoke_chip(visit),
        Command::RecordChip { evidence } => evidence::record_chip(visit, evidence, policy),
        Command::AnswerCheck { check, answer } => evidence::answer_check(visit, check, answer, policy),
        Command::CompareNames { answer } => evidence::compare_names(visit, answer),
        Command::ConfirmDocument => evidence::confirm_document(visit, policy),
        Command::CompareFace { answer } => evidence::compare_face(visit, answer),
        Command::TakeSecondLook { by, answer } => evidence::take_second_look(visit, by, answer, policy),
        Command::Issue { concern, code, reference, line } => {
            codes::issue(visit, concern, codes::Draft { code, reference, line }, policy, now)
        }
        Command::Printed => codes::printed(visit),
        Command::HandOver { reference_tail, receipt, returned } => {
            codes::hand_over(visit, &reference_tail, receipt, returned, policy, now.timestamp())
        }
        Command::VoidCode { reason } => codes::void(visit, reason),
        Command::Resume { by } => closing::resume(visit, by, policy, now.timestamp()),
        Command::TakeOver { by } => closing::take_over(visit, by, policy, now.timestamp()),
        Command::Abort { reason } => closing::abort(visit, reason),
        Command::End => closing::end(visit),
        Command::ServiceAccepted { code } => codes::accepted(visit, code),
        Command::ServiceRefused { code } => codes::refused(visit, code),
        Command::Review { by, outcome } => closing::review(visit, by, outcome),
    }
}

/// Whether a document may be used on `day`: its last day of validity counts in full.
#[must_use]
pub fn valid_on(expiry: Date, day: Date) -> bool {
    expiry >= day
}

/// Evidence is closed once a code exists: what was proven when it was issued stays what it was.
fn evidence_open(visit: &Visit) -> Result<&Identification, Refusal> {
    if visit.has_codes() { Err(Refusal::NotNow) } else { not_denied(visit) }
}

/// Nobody clicks a "no" away, nor begins anew with another document, nor after an interruption.
fn not_denied(visit: &Visit) -> Result<&Identification, Refusal> {
    let acting = visit.acting().ok_or(Refusal::NotNow)?;
    if acting.is_denied() { Err(Refusal::IdentityNotEstablished) } else { Ok(acting) }
}

/// Whether `now` is at most `minutes` after `since`; never when the clock was set back in between.
fn within_minutes(minutes: u8, since: Timestamp, now: Timestamp) -> bool {
    let passed = now.duration_since(since);
    (SignedDuration::ZERO..=SignedDuration::from_mins(i64::from(minutes))).contains(&passed)
}

/// A code by its id, and its concern.
fn code_of(visit: &Visit, code: CodeId) -> Option<(&Concern, &Code)> {
    let mut codes = visit.concerns.iter().flat_map(|it| it.codes.iter().map(move |code| (it, code)));
    codes.find(|(_, it)| it.id == code)
}
