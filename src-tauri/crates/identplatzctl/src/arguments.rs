//! The command line.

use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::{
    VERSION, access_report::AccessReport, backup::Backup, desk::DeskSource, failure::exit,
    language::Language, outbox::Outbox, profile::ProfileCheck, record::RecordVerify, restore::Restore,
    secret_source::SecretSource, trust::TrustSource,
};

/// Longest time that `--wait` takes: an hour is more than any support call.
const WAIT_MAX_SECONDS: u64 = 3600;

/// Support and administration of an Identplatz workstation.
#[derive(Debug, Parser)]
#[command(name = "identplatzctl", version = VERSION, after_help = exit::TABLE)]
pub(crate) struct Arguments {
    /// Language of messages [default: LC_ALL, LC_MESSAGES or LANG, else de]
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<Language>,
    /// Print one JSON object, on success and on error, to standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List card readers and what they hold
    Readers,
    /// Work with the card in a reader
    Card {
        #[command(subcommand)]
        command: CardCommand,
    },
    /// Check what a workstation needs, and say how to mend it
    Doctor(Doctor),
    /// Work with the accounts of those who work at the desk
    Staff {
        #[command(subcommand)]
        command: StaffCommand,
    },
    /// Work with the desk's journal
    Journal {
        #[command(subcommand)]
        command: JournalCommand,
    },
    /// Work with records that a desk has signed
    Record {
        #[command(subcommand)]
        command: RecordCommand,
    },
    /// Say what the account service doesn't have yet, or export it
    Outbox(Outbox),
    /// Make an encrypted backup of the desk's records, beside a running desk
    Backup(Backup),
    /// Restore a backup where there are no records, and make again the erasures since
    Restore(Restore),
    /// Say who looked a person up at this desk (Art. 15 GDPR); the desk must not be running
    AccessReport(AccessReport),
    /// Work with profiles
    Profile {
        #[command(subcommand)]
        command: ProfileCommand,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum JournalCommand {
    /// Verify the hash chain, beside a running desk, and name the first broken link
    Verify(DeskSource),
}

#[derive(Debug, Subcommand)]
pub(crate) enum RecordCommand {
    /// Verify signatures, and that the records follow each other; needs neither desk nor network
    Verify(RecordVerify),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// Check a profile before it is signed
    Check(ProfileCheck),
    /// Show every value that is in force at this desk, and who says so
    Show(DeskSource),
}

#[derive(Debug, Subcommand)]
pub(crate) enum StaffCommand {
    /// Hash a PIN, asked for or on standard input, for the key `pin` in staff.toml
    Pin,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CardCommand {
    /// Read the electronic health card, passport, identity card or residence permit in a reader
    Read(CardRead),
}

/// What is checked.
#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) trust: TrustSource,
}

/// How a card is read.
#[derive(Debug, clap::Args)]
pub(crate) struct CardRead {
    /// The reader, by its name in `identplatzctl readers` [default: the first that holds a card]
    #[arg(long, value_name = "NAME")]
    pub(crate) reader: Option<String>,
    /// The card's access number (CAN), for a card over the air: `-` asks for it or reads standard input, `@FILE` a file
    #[arg(long, value_name = "-|@FILE")]
    pub(crate) can: Option<SecretSource>,
    /// The lines of a document's machine-readable zone, or NUMBER,BIRTH,EXPIRY of it (YYMMDD): `-` or `@FILE` as for the CAN
    #[arg(long, value_name = "-|@FILE", conflicts_with = "can")]
    pub(crate) mrz: Option<SecretSource>,
    #[command(flatten)]
    pub(crate) trust: TrustSource,
    /// Wait so long for a card
    #[arg(long, value_name = "SECONDS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=WAIT_MAX_SECONDS))]
    wait: u64,
    /// Write the conversation with the card, personal data included, to this file
    #[cfg(feature = "workshop")]
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<std::path::PathBuf>,
}

impl CardRead {
    /// How long to wait for a card.
    pub(crate) fn wait(&self) -> Duration {
        Duration::from_secs(self.wait)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
