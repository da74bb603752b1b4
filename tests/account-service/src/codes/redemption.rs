//! Redeeming a code.

use jiff::civil::Date;

use super::{Code, Key, State, find, set_state};
use crate::{
    database::{Transaction, params},
    members,
    model::{self, Purpose},
    problem::Problem,
    representatives,
    secrets::{Binding, Secrets},
    symbols,
};

/// Redeems a code for the registration that it is bound to: whether the electronic health record is open in it then. The
/// outer result is for failures that undo everything; the inner one keeps its effect, so that a wrong try counts.
pub(crate) fn redeem(
    transaction: &Transaction<'_>,
    secrets: &Secrets,
    redemption: &model::Redemption,
    today: Date,
) -> Result<Result<bool, Problem>, Problem> {
    let typed = typed(&redemption.code);
    // A mistyped code is told from its check symbol and costs no try.
    if !symbols::is_checked(&typed, symbols::CODE) {
        return Err(Problem::Validation);
    }
    let code = find(transaction, Key::Reference, &redemption.reference, today)?
        .filter(|code| code.redeemer == *redemption.registration_id)
        .ok_or(Problem::NotFound)?;
    match code.state {
        State::Active | State::Redeemed => {}
        State::Accepted | State::Revoked | State::Voided => return Err(Problem::CodeNotActive),
        State::Expired => return Ok(Err(Problem::CodeExpired)),
        State::Locked => return Err(Problem::CodeLocked),
    }
    if is_locked(transaction, &code)? {
        return Err(Problem::AccountLocked);
    }
    let binding = Binding { kvnr: &code.kvnr, purpose: &code.purpose, code_id: &code.id };
    let right = secrets.verify(&binding, &typed, &code.verifier)?;
    match (right, code.state) {
        (true, State::Redeemed) => has_epa(transaction, &code).map(Ok),
        (true, _) => {
            take_effect(transaction, &code)?;
            has_epa(transaction, &code).map(Ok)
        }
        (false, State::Redeemed) => Err(Problem::CodeNotActive),
        (false, _) => wrong_try(transaction, &code).map(Err),
    }
}

/// Whether the account of whoever redeems is locked; the cared-for person's own doesn't matter.
fn is_locked(transaction: &Transaction<'_>, code: &Code) -> Result<bool, Problem> {
    match &code.representative {
        Some((number, _)) => Ok(representatives::find(transaction, number)?.locked),
        None => Ok(members::account(transaction, &code.kvnr)? == members::Account::Locked),
    }
}

fn has_epa(transaction: &Transaction<'_>, code: &Code) -> Result<bool, Problem> {
    code.registration.as_ref().map_or(Ok(false), |app| members::app_has_epa(transaction, app))
}

/// Activates the app and, if that is the code's purpose, opens the electronic health record in it; or opens access for
/// the representative, which leaves the cared-for person's own account as it is.
fn take_effect(transaction: &Transaction<'_>, code: &Code) -> Result<(), Problem> {
    set_state(transaction, &code.id, State::Redeemed)?;
    if let Some(registration) = &code.registration {
        members::activate(transaction, registration)?;
        // A code that would only have activated this app has nothing left to do.
        transaction.execute(
            "UPDATE codes SET state = 'REVOKED'
             WHERE registration = $1 AND purpose = $2 AND state IN ('ACCEPTED', 'ACTIVE')",
            params![registration, Purpose::AppActivation.as_str()],
        )?;
        if code.purpose == Purpose::Epa.as_str() {
            members::open_epa(transaction, registration)?;
        }
    }
    if let Some((representative, _)) = &code.representative {
        transaction.execute(
            "INSERT INTO accesses (code, representative, kvnr, state) VALUES ($1, $2, $3, 'OPEN')",
            params![code.id, representative, code.kvnr],
        )?;
    }
    Ok(())
}

fn wrong_try(transaction: &Transaction<'_>, code: &Code) -> Result<Problem, Problem> {
    let tries_left = code.tries_left.saturating_sub(1);
    transaction.execute("UPDATE codes SET tries_left = $2 WHERE id = $1", params![code.id, tries_left])?;
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
