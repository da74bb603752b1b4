//! Why there are no accounts, and why somebody isn't let in. No text names a person or shows a value of the accounts file.

use std::{io, path::PathBuf};

use jiff::Timestamp;

use crate::{MAX_FILE_BYTES, MAX_MEMBERS};

/// Why the accounts can't be used. Members are counted from 1: `member[2].pin` is the PIN of the second.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The accounts file can't be read.
    #[error("{path} could not be read")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The accounts file is larger than any real one.
    #[error("{path} is larger than {MAX_FILE_BYTES} bytes")]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// The accounts file may be read by everybody, or written by others than its owner (Unix permissions).
    #[error(
        "{path} is open to others: it must not be readable for everybody nor writable for others (chmod 640)"
    )]
    Exposed {
        /// Which file.
        path: PathBuf,
    },
    /// The accounts file isn't TOML. What the parser says isn't kept: it quotes the file.
    #[error("line {line} is not valid TOML")]
    Syntax {
        /// Counted from 1.
        line: usize,
    },
    /// There is no such key.
    #[error("there is no key {key}")]
    UnknownKey {
        /// `member[2].pni`
        key: String,
    },
    /// A value is missing, of a wrong type or out of its range.
    #[error("{key} is missing or not valid")]
    Value {
        /// `member[2].pin`
        key: String,
    },
    /// Two members have the same id.
    #[error("{key} is taken by a member before")]
    Duplicate {
        /// `member[2].id`
        key: String,
    },
    /// More members than a desk has.
    #[error("there are more than {MAX_MEMBERS} members")]
    TooManyMembers,
    /// Wrong tries can't be counted here.
    #[error("wrong tries could not be counted in {path}")]
    Tries {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A PIN can't be hashed.
    #[error("the PIN could not be hashed")]
    Hash(#[source] argon2::password_hash::Error),
}

/// Why somebody isn't let in.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// Nobody has this id.
    #[error("there is no such account")]
    Unknown,
    /// The PIN is wrong.
    #[error("wrong PIN, {tries_left} tries left")]
    Wrong {
        /// 1 to 4.
        tries_left: u8,
    },
    /// Too many wrong tries, this one perhaps among them. The right PIN doesn't help before that time.
    #[error("locked until {until}")]
    Locked {
        /// At most [`LOCK`](crate::LOCK) from now.
        until: Timestamp,
    },
    /// The try couldn't be counted; so nothing was compared, or the right PIN didn't count.
    #[error("wrong tries could not be counted")]
    Storage(#[source] io::Error),
}
