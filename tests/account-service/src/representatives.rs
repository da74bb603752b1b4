//! Representatives' accounts: their own, with a random number and without a Krankenversichertennummer.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    birth_date::BirthDate,
    database::{Transaction, params},
    model::{self, RegisteringRepresentative},
    problem::Problem,
    roll::Person,
    symbols,
};

/// What kind of carer somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RepresentativeKind {
    /// By profession.
    Professional,
    /// Ehrenamtlich.
    Volunteer,
}

/// A representative's account.
pub(crate) struct Representative {
    pub(crate) person: Person,
    pub(crate) kind: RepresentativeKind,
    pub(crate) locked: bool,
}

impl Representative {
    pub(crate) const fn state(&self) -> &'static str {
        if self.locked { "LOCKED" } else { "REGISTERED" }
    }
}

/// Registers a representative; their number.
pub(crate) fn register(
    transaction: &Transaction<'_>,
    registration: Uuid,
    new: &RegisteringRepresentative,
) -> Result<String, Problem> {
    let number = format!("V-{}", symbols::draw(symbols::REPRESENTATIVE)?);
    transaction.execute(
        "INSERT INTO representatives (number, registration, family_name, given_names, birth_date, kind)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            number,
            registration.to_string(),
            &*new.family_name,
            &*new.given_names,
            new.birth_date.to_extended(),
            model::word(&new.kind)?,
        ],
    )?;
    Ok(number)
}

/// The account with that number.
pub(crate) fn find(transaction: &Transaction<'_>, number: &str) -> Result<Representative, Problem> {
    let query =
        "SELECT family_name, given_names, birth_date, kind, locked FROM representatives WHERE number = $1";
    let found = transaction.query_opt(query, params![number], |row| {
        let (birth_date, kind): (String, String) = (row.get("birth_date")?, row.get("kind")?);
        Ok((row.get("family_name")?, row.get("given_names")?, birth_date, kind, row.get("locked")?))
    })?;
    let (family_name, given_names, birth_date, kind, locked) = found.ok_or(Problem::RepresentativeUnknown)?;
    let birth_date =
        BirthDate::extended(&birth_date).ok_or_else(|| anyhow::anyhow!("a kept date of birth is none"))?;
    Ok(Representative {
        person: Person { family_name, given_names, birth_date },
        kind: model::from_word(&kind)?,
        locked,
    })
}

/// Locks an account: no code, no redemption.
pub(crate) fn lock(transaction: &Transaction<'_>, number: &str) -> Result<(), Problem> {
    let locked = "UPDATE representatives SET locked = TRUE WHERE number = $1";
    match transaction.execute(locked, params![number])? {
        0 => Err(Problem::RepresentativeUnknown),
        _ => Ok(()),
    }
}
