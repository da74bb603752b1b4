//! What other crates' errors mean here.

use egk::{CardKind, EgkError, Problem};
use mrtd::{MrtdError, Password};
use pcsc_reader::{JobError, ServiceState};
use smartcard::{ChannelError, bac::BacError, pace::PaceError};
use store::StoreError;

use super::Failure;

impl From<ServiceState> for Failure {
    /// For a state in which nothing can be done.
    fn from(state: ServiceState) -> Self {
        match state {
            ServiceState::Denied => Self::ReaderServiceDenied,
            ServiceState::Down | ServiceState::Running => Self::ReaderServiceDown,
        }
    }
}

impl From<ChannelError> for Failure {
    fn from(error: ChannelError) -> Self {
        match error {
            ChannelError::CardRemoved => Self::CardRemoved,
            ChannelError::CardMute => Self::CardMute,
            ChannelError::CardBusy => Self::CardBusy,
            ChannelError::ReaderRemoved => Self::ReaderRemoved,
            ChannelError::ServiceLost => Self::ReaderServiceDown,
            ChannelError::Cancelled => Self::ReadingCancelled,
            ChannelError::DeadlineExceeded => Self::CardTimeout,
            ChannelError::Unprotected(_) | ChannelError::WrongMac => Self::CardChannelLost,
            ChannelError::Malformed => Self::CardTransport { transport_code: "malformed".to_owned() },
            ChannelError::Transport(code) => Self::CardTransport { transport_code: format!("{code:#010x}") },
            ChannelError::NotProtectable | ChannelError::SessionUsedUp | ChannelError::NoPinPad | _ => {
                Self::Internal { what: "a transport error that no reading knows" }
            }
        }
    }
}

impl From<JobError> for Failure {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Channel(error) => error.into(),
            JobError::Denied => Self::ReaderServiceDenied,
            JobError::Unanswered => Self::CardTimeout,
            JobError::QueueFull => Self::Internal { what: "the reader's queue is full" },
            JobError::SessionEnded => Self::Internal { what: "the reader's session ended" },
        }
    }
}

impl From<EgkError> for Failure {
    fn from(error: EgkError) -> Self {
        match error {
            EgkError::Channel(error) | EgkError::Pace(PaceError::Channel(error)) => error.into(),
            EgkError::CanNeeded => Self::CanNeeded,
            EgkError::WrongCan | EgkError::Pace(PaceError::WrongPassword) => Self::CanWrong,
            EgkError::InTheClear => Self::CardInTheClear,
            EgkError::NoContactless | EgkError::Pace(PaceError::NotSupported) => Self::CardNeedsContacts,
            EgkError::Pace(PaceError::Refused(_) | PaceError::Protocol) => Self::CardChannelLost,
            EgkError::Entropy(_) | EgkError::Pace(PaceError::Entropy(_)) => {
                Self::Internal { what: "the operating system gives no randomness" }
            }
            EgkError::Pace(PaceError::Calculation) => Self::Internal { what: "no memory for calculating" },
            EgkError::NotAHealthCard(kind) => Self::NotAHealthCard { kind },
            EgkError::Deactivated { .. } => Self::CardLocked,
            EgkError::Malformed { problem: Problem::CheckDigit, .. } => Self::CardNumberWrong,
            EgkError::UnexpectedStatus { file, .. } | EgkError::Malformed { file, .. } => {
                Self::CardUnreadable { file: file.to_string() }
            }
        }
    }
}

impl Failure {
    /// Why a travel document wasn't read with this password.
    pub(crate) fn of_document(error: MrtdError, password: &Password) -> Self {
        let wrong = match password {
            Password::Can(_) => Self::CanWrong,
            Password::Zone(_) => Self::ZoneWrong,
        };
        match error {
            MrtdError::Channel(error)
            | MrtdError::Pace(PaceError::Channel(error))
            | MrtdError::Bac(BacError::Channel(error)) => error.into(),
            MrtdError::Entropy(_)
            | MrtdError::Pace(PaceError::Entropy(_))
            | MrtdError::Bac(BacError::Entropy(_)) => {
                Self::Internal { what: "the operating system gives no randomness" }
            }
            MrtdError::NotATravelDocument => Self::NotAHealthCard { kind: CardKind::Other },
            MrtdError::WrongPassword
            | MrtdError::Pace(PaceError::WrongPassword)
            | MrtdError::Bac(BacError::WrongKey) => wrong,
            MrtdError::ZoneNeeded => Self::DocumentZoneNeeded,
            MrtdError::CanNeeded => Self::DocumentCanNeeded,
            MrtdError::AuthoritiesOnly => Self::DocumentAuthoritiesOnly,
            MrtdError::Pace(PaceError::NotSupported) => Self::DocumentNotSupported,
            MrtdError::Pace(PaceError::Refused(_) | PaceError::Protocol)
            | MrtdError::Bac(BacError::Refused(_) | BacError::Protocol) => Self::CardChannelLost,
            MrtdError::Pace(PaceError::Calculation) => Self::Internal { what: "no memory for calculating" },
            MrtdError::ApplicationRefused(_) => Self::DocumentUnreadable { file: "LDS1".to_owned() },
            MrtdError::FileRefused { file, .. } | MrtdError::Malformed { file, .. } => {
                Self::DocumentUnreadable { file: file.to_string() }
            }
        }
    }
}

impl From<StoreError> for Failure {
    /// For the desk's own records; what it means of a backup is said where that is made.
    fn from(error: StoreError) -> Self {
        #[expect(clippy::wildcard_enum_match_arm, reason = "all others have no remedy of their own")]
        match error {
            StoreError::Missing => Self::StoreMissing,
            StoreError::InUse => Self::StoreInUse,
            StoreError::Corrupt | StoreError::Quarantined { .. } => Self::StoreDamaged,
            StoreError::NewerSchema { found, known } => Self::StoreNewer { found, known },
            StoreError::OlderSchema { found, known } => Self::StoreOlder { found, known },
            StoreError::Cancelled => Self::Cancelled,
            StoreError::NotRestored => Self::StoreNotRestored,
            StoreError::ReadOnly => Self::StoreReadOnly,
            StoreError::Busy => Self::StoreBusy,
            StoreError::DiskFull => Self::DiskFull,
            StoreError::WrongKey => Self::DatabaseKeyWrong,
            StoreError::Broken { seq, .. } => Self::JournalBroken { seq },
            error => Self::StoreFailed { problem: error.to_string() },
        }
    }
}

impl From<std::io::Error> for Failure {
    /// Writing the answer failed.
    fn from(error: std::io::Error) -> Self {
        Self::NotWritten { what: "stdout".to_owned(), reason: error.to_string() }
    }
}
