//! Every way in which a command can fail: its code, its exit code, and what to say in which language.

mod causes;
mod message;
mod store_message;

use egk::CardKind;
use serde::{Serialize, Serializer};

use crate::zone::{ZoneField, ZoneProblem};

/// Exit codes. They are an interface: scripts decide by them, so a code never changes its meaning.
pub(crate) mod exit {
    /// Done.
    pub(crate) const OK: u8 = 0;
    /// A fault that none of the others names.
    pub(crate) const FAULT: u8 = 1;
    /// The command line is wrong; clap uses the same.
    pub(crate) const USAGE: u8 = 2;
    /// No reader, no such reader, or no smart card service.
    pub(crate) const NO_READER: u8 = 3;
    /// No card, or it was pulled.
    pub(crate) const NO_CARD: u8 = 4;
    /// A card, but neither an electronic health card that is still in use nor a travel document.
    pub(crate) const NOT_A_HEALTH_CARD: u8 = 5;
    /// The card doesn't answer, or its data are wrong.
    pub(crate) const CARD_UNREADABLE: u8 = 6;
    /// Another program holds the card.
    pub(crate) const CARD_BUSY: u8 = 7;
    /// The card took too long.
    pub(crate) const CARD_TIMEOUT: u8 = 8;
    /// What was typed is no PIN, or the second time another one.
    pub(crate) const NOT_A_PIN: u8 = 9;
    /// What opens the card, its access number or the machine-readable zone, is missing, wrong or none.
    pub(crate) const CARD_KEY: u8 = 10;
    /// The settings, or the folder of trusted certificates that they name, can't be used.
    pub(crate) const SETTINGS: u8 = 11;
    /// The desk's records can't be used: there are none, another process has them, they are damaged or of a newer program,
    /// or the disk is full or can't be written.
    pub(crate) const STORE: u8 = 12;
    /// The keyring can't be used, or has not the key of the desk's records.
    pub(crate) const KEY: u8 = 13;
    /// The backup, its passphrase, the list of erasures or the place to restore to is not as it must be.
    pub(crate) const BACKUP: u8 = 14;
    /// What was typed is no health insurance number.
    pub(crate) const NOT_A_KVNR: u8 = 15;
    /// The card was read, and the answer is printed; but a proof of its authenticity fails. Scripts must tell it from a
    /// genuine one without a look into the answer.
    pub(crate) const NOT_GENUINE: u8 = 40;
    /// The journal was read, and the answer is printed; but its chain is broken.
    pub(crate) const JOURNAL_BROKEN: u8 = 41;
    /// The records were read, and the answer is printed; but one of them doesn't hold, or they don't follow each other.
    pub(crate) const RECORD_INVALID: u8 = 42;

    /// Broken off by Ctrl-C or a request to terminate, nothing half is left: 128 and the signal's number, as shells have it.
    pub(crate) const CANCELLED: u8 = 130;

    /// For `--help`.
    pub(crate) const TABLE: &str = "\
Exit codes:
  0  done
  1  fault
  2  wrong command line
  3  no reader, no such reader, or no smart card service
  4  no card, or the card was removed
  5  neither a health card nor a travel document
  6  the card can't be read: upside down, dirty, broken, moved, not over the air, for authorities only, or its data are
     wrong
  7  another program holds the card
  8  the card took too long
  9  not a PIN of 6 to 12 digits, or two that differ
 10  the card is read for its CAN or machine-readable zone only, and none was given, a wrong one, or what is none
 11  the settings, a profile or the folder of trusted certificates can't be used
 12  the desk's records can't be used: none there, in use, damaged, of a newer program, disk full or not writable
 13  the keyring can't be used, or the key of the desk's records is lost or wrong
 14  the backup can't be made or restored: a file or store is in the way, folder missing, full or not writable, passphrase
     wrong or none, backup damaged, list of erasures missing or incomplete
 15  not a health insurance number
 40  the card was read, and failed a proof of its authenticity (the result of authenticity, or of passive_, chip_ or
     active_authentication, is \"invalid\")
 41  the journal was read, and its chain is broken
 42  the records were read, and one is invalid, or they don't follow each other
130  broken off (Ctrl-C), nothing half is left";
}

/// Why a command failed. The codes are those of the app (`bridge::AppError`), with `params` where it has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub(crate) enum Failure {
    NoReader,
    /// None of this name.
    ReaderUnknown {
        name: String,
    },
    ReaderServiceDown,
    ReaderServiceDenied,
    ReaderRemoved,
    NoCard,
    CardMute,
    CardRemoved,
    CardBusy,
    CardTimeout,
    ReadingCancelled,
    NotAHealthCard {
        #[serde(serialize_with = "kind_code")]
        kind: CardKind,
    },
    /// The insurer has locked the card, which then doesn't let its data be read.
    CardLocked,
    /// A health card over the air, and nobody gave its CAN.
    CanNeeded,
    /// Over the air, with another CAN than the card's.
    CanWrong,
    /// Not six digits on one line.
    NotACan,
    /// A travel document, and nobody gave what opens it.
    DocumentKeyNeeded,
    /// A travel document that its access number doesn't open.
    DocumentZoneNeeded,
    /// A travel document that its zone doesn't open.
    DocumentCanNeeded,
    /// A travel document with another zone than the one given.
    ZoneWrong,
    /// No machine-readable zone, or a field that it opens the chip with is wrong.
    NotAZone {
        field: Option<ZoneField>,
        problem: ZoneProblem,
    },
    /// A chip that shows its data to authorities only: a German identity card from before August 2021.
    DocumentAuthoritiesOnly,
    /// A travel document's chip that opens in no way that this program knows.
    DocumentNotSupported,
    /// A file of a travel document is missing, refused, cut short or malformed.
    DocumentUnreadable {
        file: String,
    },
    /// A health card that can't be read over the air (generation 2).
    CardNeedsContacts,
    /// It gives its data over the air in the clear, which no health card does.
    CardInTheClear,
    /// The protected channel over the air broke: the card moved, or somebody interfered.
    CardChannelLost,
    /// A file of the card is missing, cut short, over a limit or not what the specification says.
    CardUnreadable {
        file: String,
    },
    /// A number on the card has a wrong check digit.
    CardNumberWrong,
    CardTransport {
        transport_code: String,
    },
    /// Not 6 to 12 digits on one line.
    NotAPin,
    /// Asked for twice, two were typed.
    PinsDiffer,
    /// A terminal on this system can't be kept from showing what is typed.
    InputWouldShow,
    Usage {
        problem: String,
    },
    /// The desk's settings, or the folder of trusted certificates, can't be used.
    SettingsUnusable {
        problem: String,
    },
    /// There are no records at the place that the settings name.
    StoreMissing,
    /// Another process has the records open for writing.
    StoreInUse,
    StoreDamaged,
    /// A newer version of the program has migrated the records.
    StoreNewer {
        found: i64,
        known: i64,
    },
    /// The next start of the program migrates the records.
    StoreOlder {
        found: i64,
        known: i64,
    },
    /// A backup lies in the place of the records.
    StoreNotRestored,
    StoreReadOnly,
    StoreBusy,
    DiskFull,
    /// Anything else that the store said.
    StoreFailed {
        problem: String,
    },
    /// The journal's chain is broken, so no backup of it can be verified.
    JournalBroken {
        seq: i64,
    },
    KeyringLocked,
    KeyringUnavailable {
        reason: String,
    },
    /// The keyring has no key for the records.
    DatabaseKeyLost,
    /// The keyring's key is another one's.
    DatabaseKeyWrong,
    /// Not 12 to 63 characters on one line.
    NotAPassphrase,
    /// Asked for twice, two were typed.
    PassphrasesDiffer,
    /// A file is where a new one should be made.
    TargetExists {
        path: String,
    },
    /// The folder of the new file isn't there.
    TargetFolderMissing {
        path: String,
    },
    /// The disk of the new file is full.
    TargetFull {
        path: String,
    },
    /// The new file can't be written.
    TargetReadOnly {
        path: String,
    },
    /// The new file would lie among the desk's own records.
    TargetInStore {
        path: String,
    },
    /// Somebody broke it off; nothing half was left.
    Cancelled,
    /// There are records where a backup should be restored, or a list of erasures that was said to be lost.
    StoreExists,
    BackupWrongKey,
    BackupDamaged,
    /// Neither a list of erasures, nor the word that it is lost.
    ErasuresNeeded,
    ErasuresIncomplete,
    /// Not a health insurance number on one line, or one with a wrong check digit.
    NotAKvnr,
    /// Nobody to seal undelivered records to.
    RecoveryKeyNeeded,
    /// A file can't be read.
    NotRead {
        what: String,
        reason: String,
    },
    /// A file or the standard output can't be written.
    NotWritten {
        what: String,
        reason: String,
    },
    Internal {
        what: &'static str,
    },
}

impl Failure {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::CardTransport { .. }
            | Self::ReadingCancelled
            | Self::NotRead { .. }
            | Self::NotWritten { .. }
            | Self::Internal { .. } => exit::FAULT,
            Self::Usage { .. } | Self::InputWouldShow => exit::USAGE,
            Self::NoReader
            | Self::ReaderUnknown { .. }
            | Self::ReaderServiceDown
            | Self::ReaderServiceDenied
            | Self::ReaderRemoved => exit::NO_READER,
            Self::NoCard | Self::CardRemoved => exit::NO_CARD,
            Self::NotAHealthCard { .. } => exit::NOT_A_HEALTH_CARD,
            Self::CardMute
            | Self::CardLocked
            | Self::CardNeedsContacts
            | Self::CardInTheClear
            | Self::CardChannelLost
            | Self::CardUnreadable { .. }
            | Self::DocumentAuthoritiesOnly
            | Self::DocumentNotSupported
            | Self::DocumentUnreadable { .. }
            | Self::CardNumberWrong => exit::CARD_UNREADABLE,
            Self::CardBusy => exit::CARD_BUSY,
            Self::CardTimeout => exit::CARD_TIMEOUT,
            Self::NotAPin | Self::PinsDiffer => exit::NOT_A_PIN,
            Self::CanNeeded
            | Self::CanWrong
            | Self::NotACan
            | Self::DocumentKeyNeeded
            | Self::DocumentZoneNeeded
            | Self::DocumentCanNeeded
            | Self::ZoneWrong
            | Self::NotAZone { .. } => exit::CARD_KEY,
            Self::SettingsUnusable { .. } => exit::SETTINGS,
            Self::StoreMissing
            | Self::StoreInUse
            | Self::StoreDamaged
            | Self::StoreNewer { .. }
            | Self::StoreOlder { .. }
            | Self::StoreNotRestored
            | Self::StoreReadOnly
            | Self::StoreBusy
            | Self::DiskFull
            | Self::StoreFailed { .. }
            | Self::RecoveryKeyNeeded => exit::STORE,
            Self::NotAKvnr => exit::NOT_A_KVNR,
            Self::KeyringLocked
            | Self::KeyringUnavailable { .. }
            | Self::DatabaseKeyLost
            | Self::DatabaseKeyWrong => exit::KEY,
            Self::NotAPassphrase
            | Self::PassphrasesDiffer
            | Self::TargetExists { .. }
            | Self::TargetFolderMissing { .. }
            | Self::TargetFull { .. }
            | Self::TargetReadOnly { .. }
            | Self::TargetInStore { .. }
            | Self::StoreExists
            | Self::BackupWrongKey
            | Self::BackupDamaged
            | Self::ErasuresNeeded
            | Self::ErasuresIncomplete => exit::BACKUP,
            Self::JournalBroken { .. } => exit::JOURNAL_BROKEN,
            Self::Cancelled => exit::CANCELLED,
        }
    }
}

/// The codes of `kind` in the output.
fn kind_code<S: Serializer>(kind: &CardKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match kind {
        CardKind::EgkG1 => "egk_g1",
        CardKind::Hba => "hba",
        CardKind::SmcB => "smc_b",
        CardKind::Kvk => "kvk",
        CardKind::TravelDocument => "travel_document",
        CardKind::Other => "other",
    })
}
