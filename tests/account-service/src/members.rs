//! Insured people's accounts and the apps that they registered.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    codes,
    database::{Transaction, params},
    deeds, model,
    problem::Problem,
    register, symbols,
};

/// What a desk must mind about an insured person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MemberFlag {
    /// Somebody is on file as carer.
    CarerRegistered,
    /// A reservation of consent (Einwilligungsvorbehalt) is on file.
    ConsentReserved,
    /// Reported dead.
    Deceased,
    /// A second person must look.
    SecondLook,
}

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
    if exists(transaction, "SELECT 1 FROM locked_accounts WHERE kvnr = $1", kvnr)? {
        return Ok(Account::Locked);
    }
    if exists(transaction, "SELECT 1 FROM registrations WHERE kvnr = $1 AND state = 'ACTIVE'", kvnr)? {
        return Ok(Account::AppActive);
    }
    let open = exists(transaction, "SELECT 1 FROM registrations WHERE kvnr = $1 AND state = 'OPEN'", kvnr)?;
    Ok(if open { Account::Registered } else { Account::None })
}

/// Whether an app of that person shows a visit number.
pub(crate) fn has_open_visit_number(transaction: &Transaction<'_>, kvnr: &str) -> Result<bool, Problem> {
    let shown = "SELECT 1 FROM registrations
                 WHERE kvnr = $1 AND visit_number IS NOT NULL AND state IN ('OPEN', 'ACTIVE')";
    exists(transaction, shown, kvnr)
}

/// Locks an account: no code, no registration.
pub(crate) fn lock(transaction: &Transaction<'_>, kvnr: &str) -> Result<(), Problem> {
    transaction
        .execute("INSERT INTO locked_accounts (kvnr) VALUES ($1) ON CONFLICT DO NOTHING", params![kvnr])?;
    Ok(())
}

/// Flags a person. Somebody reported dead has no use of an account any more: it is locked, and every code and
/// access ends.
pub(crate) fn flag(transaction: &Transaction<'_>, kvnr: &str, flag: MemberFlag) -> Result<(), Problem> {
    let flagged = "INSERT INTO flags (kvnr, flag) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    transaction.execute(flagged, params![kvnr, model::word(&flag)?])?;
    if flag == MemberFlag::Deceased {
        lock(transaction, kvnr)?;
        deeds::end(transaction, &codes::RestingOn::Person(kvnr))?;
        codes::revoke(transaction, &codes::RestingOn::Person(kvnr))?;
    }
    Ok(())
}

/// The flags of a person, each once; a carer on file is one.
pub(crate) fn flags(transaction: &Transaction<'_>, kvnr: &str) -> Result<Vec<MemberFlag>, Problem> {
    let query = "SELECT flag FROM flags WHERE kvnr = $1";
    let words: Vec<String> = transaction.query(query, params![kvnr], |row| row.get("flag"))?;
    let flags = words.iter().map(|word| model::from_word(word));
    let mut flags = flags.collect::<anyhow::Result<Vec<MemberFlag>>>()?;
    if register::has_carer(transaction, kvnr)? {
        flags.push(MemberFlag::CarerRegistered);
    }
    flags.sort_unstable();
    flags.dedup();
    Ok(flags)
}

/// Whether a person has that flag.
pub(crate) fn is_flagged(
    transaction: &Transaction<'_>,
    kvnr: &str,
    flag: MemberFlag,
) -> Result<bool, Problem> {
    Ok(flags(transaction, kvnr)?.contains(&flag))
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
         AND registration IN (SELECT id FROM registrations WHERE kvnr = $1 AND state = 'OPEN')",
        params![kvnr],
    )?;
    transaction.execute(
        "UPDATE registrations SET state = 'SUPERSEDED' WHERE kvnr = $1 AND state = 'OPEN'",
        params![kvnr],
    )?;
    let registered = Registered { id: id.to_string(), visit_number: symbols::draw(symbols::VISIT_NUMBER)? };
    transaction.execute(
        "INSERT INTO registrations (id, kvnr, visit_number, state) VALUES ($1, $2, $3, 'OPEN')",
        params![registered.id, kvnr, registered.visit_number],
    )?;
    Ok(registered)
}

/// The number that an app shows: the one it has, or for an active app whose electronic health record isn't open yet a
/// fresh one.
pub(crate) fn show_visit_number(
    transaction: &Transaction<'_>,
    registration: &str,
) -> Result<String, Problem> {
    let living =
        "SELECT kvnr, visit_number, epa FROM registrations WHERE id = $1 AND state IN ('OPEN', 'ACTIVE')";
    let found = transaction.query_opt(living, params![registration], |row| {
        Ok((row.get("kvnr")?, row.get("visit_number")?, row.get("epa")?))
    })?;
    let (kvnr, shown, epa): (String, Option<String>, bool) = found.ok_or(Problem::NotFound)?;
    if account(transaction, &kvnr)? == Account::Locked {
        return Err(Problem::AccountLocked);
    }
    if epa {
        return Err(Problem::EpaOpen);
    }
    if let Some(number) = shown {
        return Ok(number);
    }
    let number = symbols::draw(symbols::VISIT_NUMBER)?;
    let showing = "UPDATE registrations SET visit_number = $2 WHERE id = $1";
    transaction.execute(showing, params![registration, number])?;
    Ok(number)
}

/// The app of that person, waiting to be activated or active, that shows that visit number.
pub(crate) fn showing(
    transaction: &Transaction<'_>,
    kvnr: &str,
    visit_number: &str,
) -> Result<Option<String>, Problem> {
    let shown = "SELECT id FROM registrations WHERE kvnr = $1 AND visit_number = $2
                 AND state IN ('OPEN', 'ACTIVE')";
    Ok(transaction.query_opt(shown, params![kvnr, visit_number], |row| row.get("id"))?)
}

/// The app is activated; its visit number is spent.
pub(crate) fn activate(transaction: &Transaction<'_>, registration: &str) -> Result<(), Problem> {
    let activated = "UPDATE registrations SET state = 'ACTIVE', visit_number = NULL WHERE id = $1";
    transaction.execute(activated, params![registration])?;
    Ok(())
}

/// The app of that person that waits to be activated is, in another way than at a desk.
pub(crate) fn activate_waiting(transaction: &Transaction<'_>, kvnr: &str) -> Result<(), Problem> {
    let waiting = "SELECT id FROM registrations WHERE kvnr = $1 AND state = 'OPEN'";
    let registration: Option<String> = transaction.query_opt(waiting, params![kvnr], |row| row.get("id"))?;
    activate(transaction, &registration.ok_or(Problem::NotFound)?)
}

/// The electronic health record is open in that active app from now on.
pub(crate) fn open_epa(transaction: &Transaction<'_>, registration: &str) -> Result<(), Problem> {
    transaction.execute("UPDATE registrations SET epa = TRUE WHERE id = $1", params![registration])?;
    Ok(())
}

/// Whether the electronic health record is open in that app.
pub(crate) fn app_has_epa(transaction: &Transaction<'_>, registration: &str) -> Result<bool, Problem> {
    exists(
        transaction,
        "SELECT 1 FROM registrations WHERE id = $1 AND state = 'ACTIVE' AND epa",
        registration,
    )
}

/// Whether that person's account can be used and their electronic health record is open in their app.
pub(crate) fn has_epa(transaction: &Transaction<'_>, kvnr: &str) -> Result<bool, Problem> {
    let open = "SELECT 1 FROM registrations WHERE kvnr = $1 AND state = 'ACTIVE' AND epa";
    Ok(account(transaction, kvnr)? == Account::AppActive && exists(transaction, open, kvnr)?)
}

fn exists(transaction: &Transaction<'_>, query: &str, key: &str) -> Result<bool, Problem> {
    Ok(transaction.exists(query, params![key])?)
}
