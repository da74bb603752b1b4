//! Activation codes and their states. Of a code itself only a verifier is kept.

mod acceptance;
mod redemption;
mod revocation;

use jiff::civil::Date;

use crate::{
    database::{Error, Row, Transaction, params},
    deeds,
    problem::Problem,
    register,
};

pub(crate) use acceptance::accept;
pub(crate) use redemption::redeem;
pub(crate) use revocation::{RestingOn, revoke};

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

    fn read(row: &Row) -> Result<Self, Error> {
        let state: String = row.get("state")?;
        let known = Self::ALL.into_iter().find(|known| known.as_str() == state);
        known.ok_or_else(|| Error::unexpected("a code is in no state that there is"))
    }
}

/// What a desk learns of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) state: State,
    pub(crate) awaiting_release: bool,
}

struct Code {
    id: String,
    desk: String,
    /// The app's registration that it is bound to; none for a representative's.
    registration: Option<String>,
    /// The representative that it is bound to, and the id of the representation that it rests on.
    representative: Option<(String, String)>,
    /// Id of the registration that may redeem it.
    redeemer: String,
    kvnr: String,
    purpose: String,
    verifier: Vec<u8>,
    tries_left: u8,
    awaiting_release: bool,
    handed_over: bool,
    state: State,
}

/// Where a code of that desk stands.
pub(crate) fn status(
    transaction: &Transaction<'_>,
    desk: &str,
    id: &str,
    today: Date,
) -> Result<Status, Problem> {
    let Code { state, awaiting_release, .. } = of_desk(transaction, desk, id, today)?;
    Ok(Status { state, awaiting_release })
}

/// The recipient has it: it is active, unless it awaits its release.
pub(crate) fn hand_over(
    transaction: &Transaction<'_>,
    desk: &str,
    id: &str,
    today: Date,
) -> Result<Status, Problem> {
    let code = waiting(transaction, desk, id, today)?;
    let state = if code.awaiting_release { State::Accepted } else { State::Active };
    transaction.execute("UPDATE codes SET handed_over = TRUE WHERE id = $1", params![id])?;
    set_state(transaction, id, state)?;
    Ok(Status { state, awaiting_release: code.awaiting_release })
}

/// The desk discards it.
pub(crate) fn void(
    transaction: &Transaction<'_>,
    desk: &str,
    id: &str,
    today: Date,
) -> Result<Status, Problem> {
    let code = waiting(transaction, desk, id, today)?;
    set_state(transaction, id, State::Voided)?;
    Ok(Status { state: State::Voided, awaiting_release: code.awaiting_release })
}

/// The back office has checked the deed and the declaration: the representation is on file and confirmed, and the
/// code is active if its recipient has it.
pub(crate) fn release(transaction: &Transaction<'_>, reference: &str, today: Date) -> Result<(), Problem> {
    let code = find(transaction, Key::Reference, reference, today)?.ok_or(Problem::NotFound)?;
    let Some((representative, representation)) = &code.representative else {
        return Err(Problem::CodeStateConflict);
    };
    if code.state != State::Accepted || !code.awaiting_release {
        return Err(Problem::CodeStateConflict);
    }
    let told = deeds::find(transaction, representation)?.ok_or(Problem::Internal)?;
    register::confirm(transaction, representative, &code.kvnr, &told.deed, today)?;
    transaction.execute("UPDATE codes SET awaiting_release = FALSE WHERE id = $1", params![code.id])?;
    if code.handed_over {
        set_state(transaction, &code.id, State::Active)?;
    }
    Ok(())
}

/// State of the code with that public reference.
pub(crate) fn state_of(
    transaction: &Transaction<'_>,
    reference: &str,
    today: Date,
) -> Result<Option<State>, Problem> {
    Ok(find(transaction, Key::Reference, reference, today)?.map(|code| code.state))
}

/// Every code of that person, by its public reference.
pub(crate) fn of_person(
    transaction: &Transaction<'_>,
    kvnr: &str,
    today: Date,
) -> Result<Vec<(String, State)>, Problem> {
    expire(transaction, Key::Kvnr, kvnr, today)?;
    let query = "SELECT reference, state FROM codes WHERE kvnr = $1 ORDER BY accepted_at, id";
    Ok(transaction.query(query, params![kvnr], |row| Ok((row.get("reference")?, State::read(row)?)))?)
}

/// The codes that rest on an identification.
pub(crate) fn resting_on(
    transaction: &Transaction<'_>,
    identification: &str,
    today: Date,
) -> Result<Vec<(String, State)>, Problem> {
    expire(transaction, Key::Identification, identification, today)?;
    let query = "SELECT id, state FROM codes WHERE identification = $1 ORDER BY id";
    Ok(transaction.query(query, params![identification], |row| Ok((row.get("id")?, State::read(row)?)))?)
}

/// A code of that desk that was neither handed over nor has ended.
fn waiting(transaction: &Transaction<'_>, desk: &str, id: &str, today: Date) -> Result<Code, Problem> {
    let code = of_desk(transaction, desk, id, today)?;
    let waits = code.state == State::Accepted && !code.handed_over;
    if waits { Ok(code) } else { Err(Problem::CodeStateConflict) }
}

fn of_desk(transaction: &Transaction<'_>, desk: &str, id: &str, today: Date) -> Result<Code, Problem> {
    let code = find(transaction, Key::Id, id, today)?.ok_or(Problem::NotFound)?;
    if code.desk == desk { Ok(code) } else { Err(Problem::ForbiddenDesk) }
}

fn set_state(transaction: &Transaction<'_>, id: &str, state: State) -> Result<(), Problem> {
    transaction.execute("UPDATE codes SET state = $2 WHERE id = $1", params![id, state.as_str()])?;
    Ok(())
}

/// What codes are found by.
#[derive(Clone, Copy)]
enum Key {
    Id,
    Reference,
    Identification,
    Kvnr,
}

impl Key {
    const fn column(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Reference => "reference",
            Self::Identification => "identification",
            Self::Kvnr => "kvnr",
        }
    }
}

/// Those codes whose last day has passed are expired from now on.
fn expire(transaction: &Transaction<'_>, key: Key, value: &str, today: Date) -> Result<(), Problem> {
    let expired = format!(
        "UPDATE codes SET state = 'EXPIRED'
         WHERE {} = $1 AND state IN ('ACCEPTED', 'ACTIVE') AND valid_until < $2",
        key.column()
    );
    transaction.execute(&expired, params![value, today])?;
    Ok(())
}

fn find(transaction: &Transaction<'_>, key: Key, value: &str, today: Date) -> Result<Option<Code>, Problem> {
    expire(transaction, key, value, today)?;
    let query = format!(
        "SELECT codes.*, coalesce(codes.registration, representatives.registration) AS redeemer
         FROM codes LEFT JOIN representatives ON number = representative WHERE codes.{} = $1",
        key.column()
    );
    Ok(transaction.query_opt(&query, params![value], read)?)
}

fn read(row: &Row) -> Result<Code, Error> {
    let representative: Option<String> = row.get("representative")?;
    Ok(Code {
        id: row.get("id")?,
        desk: row.get("desk")?,
        registration: row.get("registration")?,
        representative: representative.zip(row.get("representation")?),
        redeemer: row.get("redeemer")?,
        kvnr: row.get("kvnr")?,
        purpose: row.get("purpose")?,
        verifier: row.get("verifier")?,
        tries_left: row.get("tries_left")?,
        awaiting_release: row.get("awaiting_release")?,
        handed_over: row.get("handed_over")?,
        state: State::read(row)?,
    })
}
