//! Activation codes and their states. Of a code itself only a verifier is kept.

use jiff::civil::Date;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::{
    members, model,
    problem::Problem,
    secrets::{Binding, Secrets},
    symbols,
};

/// Wrong tries until a code locks.
const TRIES: u8 = 5;

/// Where a code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Accepted,
    Active,
    Redeemed,
    Expired,
    Locked,
    Revoked,
    Voided,
}

impl State {
    const ALL: [Self; 7] = [
        Self::Accepted,
        Self::Active,
        Self::Redeemed,
        Self::Expired,
        Self::Locked,
        Self::Revoked,
        Self::Voided,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "ACCEPTED",
            Self::Active => "ACTIVE",
            Self::Redeemed => "REDEEMED",
            Self::Expired => "EXPIRED",
            Self::Locked => "LOCKED",
            Self::Revoked => "REVOKED",
            Self::Voided => "VOIDED",
        }
    }
}

struct Code {
    id: String,
    desk: String,
    registration: String,
    kvnr: String,
    purpose: String,
    verifier: Vec<u8>,
    tries_left: u8,
    state: State,
}

/// Accepts a code: it rests on an identification of the same person and is bound to the app that shows the
/// visit number.
pub(crate) fn accept(
    transaction: &Transaction<'_>,
    secrets: &Secrets,
    desk: &str,
    id: &str,
    code: &model::Code,
    today: Date,
) -> Result<State, Problem> {
    let (kvnr, reference): (&str, &str) = (&code.kvnr, &code.reference);
    if code.valid_until < today {
        return Err(Problem::Validation);
    }
    if members::account(transaction, kvnr)? == members::Account::Locked {
        return Err(Problem::AccountLocked);
    }
    let identified = "SELECT 1 FROM identifications WHERE id = ?1 AND kvnr = ?2 AND desk = ?3";
    let identification: &str = &code.identification_id;
    if !transaction.prepare(identified)?.exists([identification, kvnr, desk])? {
        return Err(Problem::IdentificationUnknown);
    }
    let registration =
        members::showing(transaction, kvnr, &code.visit_number)?.ok_or(Problem::VisitNumberUnknown)?;
    expire(transaction, today)?;
    let open = "SELECT 1 FROM codes WHERE kvnr = ?1 AND purpose = ?2 AND state IN ('ACCEPTED', 'ACTIVE')";
    if transaction.prepare(open)?.exists([kvnr, code.purpose.as_str()])? {
        return Err(Problem::OpenCodeExists);
    }
    if transaction.prepare("SELECT 1 FROM codes WHERE reference = ?1")?.exists([reference])? {
        return Err(Problem::ReferenceTaken);
    }
    let plain = secrets.open_code(&code.sealed_code).ok_or(Problem::SealedCodeUnreadable)?;
    let binding = Binding { kvnr, purpose: code.purpose.as_str(), code_id: id };
    transaction.execute(
        "INSERT INTO codes (id, desk, identification, registration, kvnr, purpose, reference, valid_until,
                            verifier, tries_left, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'ACCEPTED')",
        params![
            id,
            desk,
            identification,
            registration,
            kvnr,
            code.purpose.as_str(),
            reference,
            code.valid_until.to_string(),
            secrets.verifier(&binding, &plain)?,
            TRIES,
        ],
    )?;
    Ok(State::Accepted)
}

/// Where a code of that desk stands.
pub(crate) fn state(
    transaction: &Transaction<'_>,
    desk: &str,
    id: &str,
    today: Date,
) -> Result<State, Problem> {
    let code = find(transaction, "id", id, today)?.ok_or(Problem::NotFound)?;
    if code.desk != desk {
        return Err(Problem::ForbiddenDesk);
    }
    Ok(code.state)
}

/// Moves an accepted code on: to active when it was handed over, or to void.
pub(crate) fn advance(
    transaction: &Transaction<'_>,
    desk: &str,
    id: &str,
    to: State,
    today: Date,
) -> Result<State, Problem> {
    if state(transaction, desk, id, today)? != State::Accepted {
        return Err(Problem::CodeStateConflict);
    }
    set_state(transaction, id, to)?;
    Ok(to)
}

/// Redeems a code for the app that it is bound to. The outer result is for failures that undo everything; the
/// inner one keeps its effect, so that a wrong try counts.
pub(crate) fn redeem(
    transaction: &Transaction<'_>,
    secrets: &Secrets,
    redemption: &model::Redemption,
    today: Date,
) -> Result<Result<(), Problem>, Problem> {
    let typed = typed(&redemption.code);
    // A mistyped code is told from its check symbol and costs no try.
    if !symbols::is_checked(&typed, symbols::CODE) {
        return Err(Problem::Validation);
    }
    let code = find(transaction, "reference", &redemption.reference, today)?
        .filter(|code| code.registration == *redemption.registration_id)
        .ok_or(Problem::NotFound)?;
    match code.state {
        State::Active | State::Redeemed => {}
        State::Accepted | State::Revoked | State::Voided => return Err(Problem::CodeNotActive),
        State::Expired => return Ok(Err(Problem::CodeExpired)),
        State::Locked => return Err(Problem::CodeLocked),
    }
    let binding = Binding { kvnr: &code.kvnr, purpose: &code.purpose, code_id: &code.id };
    let right = secrets.verify(&binding, &typed, &code.verifier)?;
    match (right, code.state) {
        (true, State::Redeemed) => Ok(Ok(())),
        (true, _) => {
            set_state(transaction, &code.id, State::Redeemed)?;
            members::activate(transaction, &code.registration)?;
            Ok(Ok(()))
        }
        (false, State::Redeemed) => Err(Problem::CodeNotActive),
        (false, _) => wrong_try(transaction, &code).map(Err),
    }
}

fn wrong_try(transaction: &Transaction<'_>, code: &Code) -> Result<Problem, Problem> {
    let tries_left = code.tries_left.saturating_sub(1);
    transaction.execute("UPDATE codes SET tries_left = ?2 WHERE id = ?1", params![code.id, tries_left])?;
    if tries_left > 0 {
        return Ok(Problem::CodeWrong { tries_left });
    }
    set_state(transaction, &code.id, State::Locked)?;
    Ok(Problem::CodeLocked)
}

/// What was typed, without blanks and hyphens, in capitals; nothing is ever mapped to another symbol.
fn typed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect()
}

fn set_state(transaction: &Transaction<'_>, id: &str, state: State) -> Result<(), Problem> {
    transaction.execute("UPDATE codes SET state = ?2 WHERE id = ?1", [id, state.as_str()])?;
    Ok(())
}

/// Every code whose last day has passed is expired from now on.
fn expire(transaction: &Transaction<'_>, today: Date) -> Result<(), Problem> {
    transaction.execute(
        "UPDATE codes SET state = 'EXPIRED' WHERE state IN ('ACCEPTED', 'ACTIVE') AND valid_until < ?1",
        [today.to_string()],
    )?;
    Ok(())
}

fn find(transaction: &Transaction<'_>, key: &str, value: &str, today: Date) -> Result<Option<Code>, Problem> {
    expire(transaction, today)?;
    let query = format!(
        "SELECT id, desk, registration, kvnr, purpose, verifier, tries_left, state
         FROM codes WHERE {key} = ?1"
    );
    Ok(transaction.query_row(&query, [value], read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Code> {
    let state: String = row.get(7)?;
    let known = State::ALL.into_iter().find(|known| known.as_str() == state);
    Ok(Code {
        id: row.get(0)?,
        desk: row.get(1)?,
        registration: row.get(2)?,
        kvnr: row.get(3)?,
        purpose: row.get(4)?,
        verifier: row.get(5)?,
        tries_left: row.get(6)?,
        state: known.ok_or(rusqlite::Error::InvalidQuery)?,
    })
}
