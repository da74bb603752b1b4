//! How desks are, and what they have to do.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    database::{Transaction, params},
    model::{self, Heartbeat},
    problem::Problem,
};

/// What a desk is told to do with the answer to its heartbeat, until it has done it or the command is withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeskCommand {
    /// Make no codes and show nobody's data.
    Lock,
    /// Seal what isn't delivered to the recovery key and destroy all keys.
    Wipe,
    /// Get a new certificate; done with the renewal.
    Renew,
}

/// What a desk said of itself last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskStatus {
    /// When, by the service's clock.
    pub at: Timestamp,
    /// The program's version.
    pub app_version: String,
    /// Serial of the policy bundle that it works by; 0 for the profile that it was shipped with.
    pub policy_serial: u64,
    /// Records that it has yet to deliver.
    pub waiting: u64,
    /// Records that were refused and that nobody has looked at.
    pub refused: u64,
    /// The desk's clock.
    pub desk_time: Timestamp,
}

/// Notes a heartbeat.
pub(crate) fn note(
    transaction: &Transaction<'_>,
    desk: &str,
    heartbeat: &Heartbeat,
    now: Timestamp,
) -> Result<(), Problem> {
    transaction.execute(
        "INSERT INTO heartbeats (desk, at, app_version, policy_serial, waiting, refused, desk_time)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (desk) DO UPDATE SET at = excluded.at, app_version = excluded.app_version,
           policy_serial = excluded.policy_serial, waiting = excluded.waiting, refused = excluded.refused,
           desk_time = excluded.desk_time",
        params![
            desk,
            now,
            &*heartbeat.app_version,
            heartbeat.policy_serial.get(),
            heartbeat.waiting.get(),
            heartbeat.refused.get(),
            heartbeat.desk_time,
        ],
    )?;
    Ok(())
}

/// What that desk said last.
pub(crate) fn last(transaction: &Transaction<'_>, desk: &str) -> Result<Option<DeskStatus>, Problem> {
    let last =
        "SELECT at, app_version, policy_serial, waiting, refused, desk_time FROM heartbeats WHERE desk = $1";
    let status = transaction.query_opt(last, params![desk], |row| {
        Ok(DeskStatus {
            at: row.get("at")?,
            app_version: row.get("app_version")?,
            policy_serial: row.get("policy_serial")?,
            waiting: row.get("waiting")?,
            refused: row.get("refused")?,
            desk_time: row.get("desk_time")?,
        })
    })?;
    Ok(status)
}

/// What that desk has to do.
pub(crate) fn commands(transaction: &Transaction<'_>, desk: &str) -> Result<Vec<DeskCommand>, Problem> {
    let all = "SELECT command FROM commands WHERE desk = $1 ORDER BY command";
    let words: Vec<String> = transaction.query(all, params![desk], |row| row.get("command"))?;
    Ok(words.iter().map(|word| model::from_word(word)).collect::<anyhow::Result<_>>()?)
}

/// From now on that desk has to do that.
pub(crate) fn command(
    transaction: &Transaction<'_>,
    desk: &str,
    command: DeskCommand,
) -> Result<(), Problem> {
    if !transaction.exists("SELECT 1 AS found FROM desks WHERE desk = $1", params![desk])? {
        return Err(Problem::NotFound);
    }
    transaction.execute(
        "INSERT INTO commands (desk, command) VALUES ($1, $2) ON CONFLICT (desk, command) DO NOTHING",
        params![desk, model::word(&command)?],
    )?;
    Ok(())
}

/// It needn't any more: it is done, or was withdrawn.
pub(crate) fn withdraw(
    transaction: &Transaction<'_>,
    desk: &str,
    command: DeskCommand,
) -> Result<(), Problem> {
    transaction.execute(
        "DELETE FROM commands WHERE desk = $1 AND command = $2",
        params![desk, model::word(&command)?],
    )?;
    Ok(())
}
