//! The administrators' program: the same crates as the app, without a window.
//!
//! `--help` lists commands and exit codes. What it prints of a card tells nothing about a person, but in a build with
//! the feature `workshop`.

mod access_report;
mod arguments;
mod authenticity;
mod backup;
mod can;
mod card_read;
mod conversation;
mod desk;
mod doctor;
mod document;
mod failure;
mod health_card;
mod journal;
mod language;
mod outbox;
#[cfg(feature = "workshop")]
mod personal;
mod profile;
mod progress;
mod proof;
mod readers;
mod record;
mod report;
mod restore;
mod secret_line;
mod secret_source;
mod staff;
#[cfg(feature = "workshop")]
mod trace;
mod trust;
mod zone;

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;
use jiff::Zoned;
use serde::Serialize;

use crate::{
    access_report::Disclosures,
    arguments::{
        Arguments, CardCommand, Command, JournalCommand, ProfileCommand, RecordCommand, StaffCommand,
    },
    backup::BackupReport,
    doctor::Diagnosis,
    failure::{Failure, exit},
    journal::JournalReport,
    language::Language,
    outbox::OutboxReport,
    profile::{CheckReport, ShowReport},
    readers::Readers,
    record::RecordReport,
    restore::RestoreReport,
};

/// What `--version` prints; a workshop build shows itself.
const VERSION: &str = if cfg!(feature = "workshop") {
    concat!(env!("CARGO_PKG_VERSION"), " (workshop)")
} else {
    env!("CARGO_PKG_VERSION")
};

fn main() -> ExitCode {
    #[allow(clippy::disallowed_methods, reason = "the program's clock")]
    let now = Zoned::now();
    let surroundings =
        Surroundings { now, language: Language::from_environment(|variable| env::var(variable).ok()) };
    // Progress is shown by another thread, so standard error isn't held.
    let (mut out, mut err) = (io::stdout().lock(), io::stderr());
    let arguments: Vec<OsString> = env::args_os().collect();
    ExitCode::from(run(&arguments, &surroundings, &mut out, &mut err))
}

/// What comes from outside the command line.
struct Surroundings {
    now: Zoned,
    language: Language,
}

fn run(arguments: &[OsString], surroundings: &Surroundings, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let wants_json = arguments.iter().any(|argument| argument == "--json");
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) if !error.use_stderr() => return told(write!(out, "{error}")),
        Err(error) if !wants_json => {
            write!(err, "{error}").ok();
            return exit::USAGE;
        }
        Err(error) => {
            let problem = error.to_string();
            return fail(
                &Failure::Usage { problem: problem.trim().to_owned() },
                surroundings.language,
                true,
                out,
                err,
            );
        }
    };
    let language = arguments.lang.unwrap_or(surroundings.language);
    if cfg!(feature = "workshop") && !arguments.json {
        writeln!(err, "{}", doctor::workshop_notice(language)).ok();
    }
    match execute(&arguments, language, &surroundings.now, out) {
        Ok(code) => code,
        Err(failure) => fail(&failure, language, arguments.json, out, err),
    }
}

fn execute(
    arguments: &Arguments,
    language: Language,
    now: &Zoned,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let (json, today) = (arguments.json, now.date());
    match &arguments.command {
        Command::Readers => {
            let readers = Readers::list()?;
            print(out, json.then_some(&readers), || readers.to_text(language))?;
        }
        Command::Card { command: CardCommand::Read(options) } => {
            let report = card_read::run(options, today, language)?;
            print(out, json.then(|| report.to_json()), || report.to_text(language))?;
            return Ok(report.exit_code());
        }
        Command::Doctor(options) => {
            let diagnosis = Diagnosis::make(options, now, language);
            print(out, json.then_some(&diagnosis), || diagnosis.to_text(language))?;
            return Ok(diagnosis.exit_code());
        }
        Command::Staff { command: StaffCommand::Pin } => {
            let hashed = staff::hash_pin(language)?;
            print(out, json.then_some(&hashed), || hashed.to_text())?;
        }
        Command::Journal { command: JournalCommand::Verify(desk) } => {
            let report = JournalReport::make(desk)?;
            print(out, json.then_some(&report), || report.to_text(language))?;
            return Ok(report.exit_code());
        }
        Command::Record { command: RecordCommand::Verify(options) } => {
            let report = RecordReport::make(options)?;
            print(out, json.then_some(&report), || report.to_text(language))?;
            return Ok(report.exit_code());
        }
        Command::Outbox(options) => {
            let report = OutboxReport::make(options)?;
            print(out, json.then_some(&report), || report.to_text(language))?;
        }
        Command::Backup(options) => {
            let report = BackupReport::make(options, now.timestamp(), language)?;
            print(out, json.then_some(&report), || report.to_text(language))?;
        }
        Command::Restore(options) => {
            let report = RestoreReport::make(options, now.timestamp(), language)?;
            print(out, json.then_some(&report), || report.to_text(language))?;
        }
        Command::AccessReport(options) => {
            let report = Disclosures::make(options, now.timestamp(), language)?;
            print(out, json.then_some(&report), || report.to_text(language))?;
        }
        Command::Profile { command: ProfileCommand::Check(options) } => {
            let report = CheckReport::make(options)?;
            print(out, json.then_some(&report), || report.to_text(language))?;
        }
        Command::Profile { command: ProfileCommand::Show(desk) } => {
            let report = ShowReport::make(desk)?;
            print(out, json.then_some(&report), || report.to_text(language))?;
        }
    }
    Ok(exit::OK)
}

/// Prints the JSON object if it is wanted, else the text.
fn print(out: &mut dyn Write, json: Option<impl Serialize>, text: impl FnOnce() -> String) -> io::Result<()> {
    match json {
        Some(json) => {
            serde_json::to_writer(&mut *out, &json)?;
            writeln!(out)?;
        }
        None => out.write_all(text().as_bytes())?,
    }
    out.flush()
}

/// Tells why the command failed, and returns its exit code.
fn fail(failure: &Failure, language: Language, json: bool, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    #[derive(Serialize)]
    struct Output<'a> {
        error: Error<'a>,
    }
    #[derive(Serialize)]
    struct Error<'a> {
        #[serde(flatten)]
        failure: &'a Failure,
        message: &'a str,
    }

    let message = failure.message(language);
    let printed = if json {
        print(out, Some(Output { error: Error { failure, message: &message } }), String::new)
    } else {
        writeln!(err, "{message}")
    };
    printed.map_or(exit::FAULT, |()| failure.exit_code())
}

fn told(written: io::Result<()>) -> u8 {
    written.map_or(exit::FAULT, |()| exit::OK)
}
