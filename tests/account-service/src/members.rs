//! Insured people's accounts and the apps that they registered.

use rusqlite::{OptionalExtension, Transaction, params};
use uuid::Uuid;

use crate::{problem::Problem, symbols};

/// State of an account as a look-up tells it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    None,
    Registered,
    AppActive,
    Locked,
}

impl Account {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Registered => "REGISTERED",
            Self::AppActive => "APP_ACTIVE",
            Self::Locked => "LOCKED",
        }
    }
}

/// An app that waits for a code.
pub(crate) struct Registered {
    pub(crate) id: String,
    pub(crate) visit_number: String,
}

/// The account of a person.
pub(crate) fn account(transaction: &Transaction<'_>, kvnr: &str) -> Result<Account, Problem> {
    if exists(transaction, "SELECT 1 FROM locked_accounts WHERE kvnr = ?1", kvnr)? {
        return Ok(Account::Locked);
    }
    if exists(transaction, "SELECT 1 FROM registrations WHERE kvnr = ?1 AND state = 'ACTIVE'", kvnr)? {
        return Ok(Account::AppActive);
    }
    let open = has_open_visit_number(transaction, kvnr)?;
    Ok(if open { Account::Registered } else { Account::None })
}

/// Whether an app of that person waits for a code.
pub(crate) fn has_open_visit_number(transaction: &Transaction<'_>, kvnr: &str) -> Result<bool, Problem> {
    exists(transaction, "SELECT 1 FROM registrations WHERE kvnr = ?1 AND state = 'OPEN'", kvnr)
}

/// Locks an account: no code, no registration.
pub(crate) fn lock(transaction: &Transaction<'_>, kvnr: &str) -> Result<(), Problem> {
    transaction.execute("INSERT OR IGNORE INTO locked_accounts (kvnr) VALUES (?1)", [kvnr])?;
    Ok(())
}

/// Registers an app. An earlier one that was never activated gives way, and with it the code that was bound
/// to it.
pub(crate) fn register(transaction: &Transaction<'_>, id: Uuid, kvnr: &str) -> Result<Registered, Problem> {
    match account(transaction, kvnr)? {
        Account::Locked => return Err(Problem::AccountLocked),
        Account::AppActive => return Err(Problem::AccountExists),
        Account::None | Account::Registered => {}
    }
    transaction.execute(
        "UPDATE codes SET state = 'REVOKED' WHERE state IN ('ACCEPTED', 'ACTIVE')
         AND registration IN (SELECT id FROM registrations WHERE kvnr = ?1 AND state = 'OPEN')",
        [kvnr],
    )?;
    transaction.execute(
        "UPDATE registrations SET state = 'SUPERSEDED' WHERE kvnr = ?1 AND state = 'OPEN'",
        [kvnr],
    )?;
    let registered = Registered { id: id.to_string(), visit_number: symbols::draw(symbols::VISIT_NUMBER)? };
    transaction.execute(
        "INSERT INTO registrations (id, kvnr, visit_number, state) VALUES (?1, ?2, ?3, 'OPEN')",
        params![registered.id, kvnr, registered.visit_number],
    )?;
    Ok(registered)
}

/// The open registration of that person that shows that visit number.
pub(crate) fn showing(
    transaction: &Transaction<'_>,
    kvnr: &str,
    visit_number: &str,
) -> Result<Option<String>, Problem> {
    let shown = "SELECT id FROM registrations WHERE kvnr = ?1 AND visit_number = ?2 AND state = 'OPEN'";
    Ok(transaction.query_row(shown, [kvnr, visit_number], |row| row.get(0)).optional()?)
}

/// The app is activated.
pub(crate) fn activate(transaction: &Transaction<'_>, registration: &str) -> Result<(), Problem> {
    transaction.execute("UPDATE registrations SET state = 'ACTIVE' WHERE id = ?1", [registration])?;
    Ok(())
}

fn exists(transaction: &Transaction<'_>, query: &str, kvnr: &str) -> Result<bool, Problem> {
    Ok(transaction.prepare_cached(query)?.exists([kvnr])?)
}
