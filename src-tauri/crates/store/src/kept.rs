//! What the desk keeps beside its records: one value a name, the newest replaces the one before.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::{Reader, Store, StoreError, row};

/// Largest kept value in bytes: a signed policy has no more than 128 KiB of settings, which Base64 makes a third longer.
pub const MAX_KEPT: usize = 256 * 1024;

/// Every value that there is. Nothing about insured people is kept here: these values outlive all erasures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeptName {
    /// The newest signed policy bundle that was verified, as the service sent it.
    Policy,
    /// The service's key that activation codes are sealed to.
    SealingKey,
    /// The service's key that undelivered records are sealed to when the desk has to give them up.
    RecoveryKey,
    /// When the service answered last, and how far its clock and the desk's were apart then.
    LastContact,
    /// Number of the last event of the service that the desk has acted on.
    LastEvent,
    /// The latest time that the desk's clock ever showed: an earlier one means that it was set back.
    LatestTime,
    /// When the service answered last while a member of staff was signed in, by their id; who wasn't lately isn't in it.
    StaffContacts,
}

/// A value and when it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The value.
    pub value: Vec<u8>,
    /// Since when it is kept.
    pub at: Timestamp,
}

impl KeptName {
    /// Every name.
    pub const ALL: [Self; 7] = [
        Self::Policy,
        Self::SealingKey,
        Self::RecoveryKey,
        Self::LastContact,
        Self::LastEvent,
        Self::LatestTime,
        Self::StaffContacts,
    ];

    /// The name in the database. Stored, so never changed.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::SealingKey => "sealing-key",
            Self::RecoveryKey => "recovery-key",
            Self::LastContact => "last-contact",
            Self::LastEvent => "last-event",
            Self::LatestTime => "latest-time",
            Self::StaffContacts => "staff-contacts",
        }
    }
}

impl Store {
    /// Keeps a value, over the one that is there, and returns when it is on disk.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] beyond [`MAX_KEPT`] bytes, or what the database said.
    pub fn keep(&self, name: KeptName, value: &[u8], now: Timestamp) -> Result<(), StoreError> {
        if value.len() > MAX_KEPT {
            return Err(StoreError::TooLarge { what: "kept value", limit: MAX_KEPT });
        }
        let value = value.to_owned();
        self.write(move |owned| keep(&owned.connection, name, &value, now))
    }

    /// A kept value; `None` if there is none under this name.
    ///
    /// # Errors
    /// What the database said.
    pub fn kept(&self, name: KeptName) -> Result<Option<Kept>, StoreError> {
        self.read(|connection| kept(connection, name))
    }

    /// Removes a value; that there is none is no error.
    ///
    /// # Errors
    /// What the database said.
    pub fn discard(&self, name: KeptName) -> Result<(), StoreError> {
        self.write(move |owned| {
            owned.connection.execute("DELETE FROM kept WHERE name = ?1", [name.as_str()])?;
            Ok(())
        })
    }
}

impl Reader {
    /// A kept value; `None` if there is none under this name.
    ///
    /// # Errors
    /// What the database said.
    pub fn kept(&self, name: KeptName) -> Result<Option<Kept>, StoreError> {
        kept(self.connection(), name)
    }
}

fn keep(connection: &Connection, name: KeptName, value: &[u8], now: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO kept (name, value, kept_at_us) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value, kept_at_us = excluded.kept_at_us",
        )?
        .execute((name.as_str(), value, now.as_microsecond()))?;
    Ok(())
}

fn kept(connection: &Connection, name: KeptName) -> Result<Option<Kept>, StoreError> {
    connection
        .prepare_cached("SELECT value, kept_at_us FROM kept WHERE name = ?1")?
        .query_and_then([name.as_str()], |found| {
            Ok(Kept { value: row::blob(found, "value")?.to_owned(), at: row::time(found, "kept_at_us")? })
        })?
        .next()
        .transpose()
}
