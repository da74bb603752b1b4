//! The product's reading of a travel document, as the desk does it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use clap::Args;
use pcsc_reader::{Ending, JobOptions, Session};
use smartcard::{CardChannel, ExtendedLength};
use workshop::pcscd::READERS;

use super::document::{Given, Opening};
use crate::stopwatch::{Spent, Start, Stopwatch};

/// Longer than any of the modelled chips needs.
const DEADLINE: Duration = Duration::from_secs(30);

/// How the document is to be read.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Wanted {
    /// How it opens.
    #[arg(long)]
    pub(crate) opening: Opening,
    /// The reader is known to take extended length.
    #[arg(long)]
    pub(crate) extended: bool,
}

impl Wanted {
    /// The command line of a process of its own.
    pub(crate) fn arguments(self) -> Vec<&'static str> {
        let extended = self.extended.then_some("--extended");
        ["read-document", "--opening", self.opening.name()].into_iter().chain(extended).collect()
    }
}

/// One way of reading, ready to be repeated.
pub(crate) struct Reader {
    session: Session,
    given: Arc<Given>,
}

/// What one reading took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// From the job's submission to its answer: connecting and the transaction's end included.
    pub(crate) whole: Duration,
    /// From the job's submission until the holder's name is told.
    pub(crate) name: Duration,
    /// Within `mrtd::read`, outside of the channel.
    pub(crate) host: Spent,
}

impl Reader {
    /// A session with the first reader.
    pub(crate) fn open(wanted: Wanted) -> Result<Self> {
        let extended = if wanted.extended { ExtendedLength::Yes } else { ExtendedLength::No };
        let given = Arc::new(Given::of(wanted.opening)?);
        Ok(Self { session: Session::open(READERS[0], extended)?, given })
    }

    /// Reads the document once.
    pub(crate) fn read(&self) -> Result<Reading> {
        let given = Arc::clone(&self.given);
        let start = Instant::now();
        // What a secure channel opened is closed to the next program.
        let options = JobOptions { deadline: DEADLINE, ending: Ending::Reset };
        let job = self.session.submit(options, move |channel, _| timed(channel, &given, start));
        let (name, host) = job.wait(DEADLINE)??;
        Ok(Reading { whole: start.elapsed(), name, host })
    }
}

/// The reading itself, on the session's thread: when the name was told, and our own time.
fn timed(channel: &mut dyn CardChannel, given: &Given, submitted: Instant) -> Result<(Duration, Spent)> {
    let mut channel = Stopwatch::new(channel);
    let mut name = None;
    let start = Start::now();
    let reading = given.read(&mut channel, &mut || name = Some(submitted.elapsed()))?;
    let host = start.spent().less(channel.beneath);
    given.check_outcome(&reading)?;
    Ok((name.context("no name was told")?, host))
}
