//! Policy bundles: a whole profile, signed, with a serial that rises.

use jiff::Timestamp;
use serde_json::json;

use crate::{
    database::{Transaction, params},
    problem::Problem,
    signing::Signer,
};

/// Longest profile, in bytes.
const MAX_PROFILE: usize = 128 * 1024;
/// What a bundle says that it is.
const TYPE: &str = "identplatz-policy";

/// Signs a profile and puts it in force; its serial.
pub(crate) fn publish(
    transaction: &Transaction<'_>,
    signer: &Signer,
    (profile, toml): (&str, &str),
    now: Timestamp,
) -> Result<u64, Problem> {
    if toml.len() > MAX_PROFILE || !is_profile_name(profile) {
        return Err(Problem::Validation);
    }
    let next = "SELECT coalesce(max(serial), 0) + 1 AS next FROM policies";
    let serial: u64 = transaction.query_one(next, params![], |row| row.get("next"))?;
    let payload = json!({ "serial": serial, "issuedAt": now, "profile": profile, "toml": toml });
    let bundle = signer.sign(TYPE, &payload)?;
    transaction.execute(
        "INSERT INTO policies (serial, issued_at, profile, bundle) VALUES ($1, $2, $3, $4)",
        params![i64::try_from(serial).map_err(anyhow::Error::from)?, now, profile, bundle],
    )?;
    Ok(serial)
}

fn is_profile_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && !name.starts_with('-')
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Puts a text in force under that serial, whatever it is.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    (serial, text): (u64, &str),
    now: Timestamp,
) -> Result<(), Problem> {
    transaction.execute(
        "INSERT INTO policies (serial, issued_at, profile, bundle) VALUES ($1, $2, '', $3)",
        params![i64::try_from(serial).map_err(anyhow::Error::from)?, now, text],
    )?;
    Ok(())
}

/// Serial of the bundle in force; 0 when there is none.
pub(crate) fn serial(transaction: &Transaction<'_>) -> Result<u64, Problem> {
    let highest = "SELECT coalesce(max(serial), 0) AS serial FROM policies";
    Ok(transaction.query_one(highest, params![], |row| row.get("serial"))?)
}

/// The bundle in force.
pub(crate) fn bundle(transaction: &Transaction<'_>) -> Result<Option<String>, Problem> {
    let highest = "SELECT bundle FROM policies ORDER BY serial DESC LIMIT 1";
    Ok(transaction.query_opt(highest, params![], |row| row.get("bundle"))?)
}
