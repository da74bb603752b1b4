//! The product's reading, as the desk does it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use card_sim::trust;
use clap::Args;
use egk::{Can, Check, EgkReading, Request, TrustStore, Verdict, read};
use pcsc_reader::{Ending, JobOptions, Session};
use smartcard::{CardChannel, Entropy, ExtendedLength, NoEntropy};
use workshop::pcscd::READERS;

use crate::{
    desk::{CAN, TODAY},
    stopwatch::{Spent, Start, Stopwatch},
};

/// Longer than any of the modelled cards needs.
const DEADLINE: Duration = Duration::from_secs(20);

/// How the card is to be read.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Wanted {
    /// The reader is known to take extended length.
    #[arg(long)]
    pub(crate) extended: bool,
    /// Over the air, with the card access number.
    #[arg(long)]
    pub(crate) contactless: bool,
    /// Prove the card, too.
    #[arg(long)]
    pub(crate) authenticity: bool,
}

impl Wanted {
    /// The command line of a process of its own.
    pub(crate) fn arguments(self) -> Vec<&'static str> {
        let flags = [
            ("--extended", self.extended),
            ("--contactless", self.contactless),
            ("--authenticity", self.authenticity),
        ];
        let given = flags.into_iter().filter_map(|(flag, given)| given.then_some(flag));
        ["read"].into_iter().chain(given).collect()
    }
}

/// One way of reading, ready to be repeated.
pub(crate) struct Reader {
    session: Session,
    wanted: Wanted,
    trust: Arc<TrustStore>,
}

/// What one reading took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// From the job's submission to its answer: connecting and the transaction's end included.
    pub(crate) whole: Duration,
    /// Within `egk::read`, outside of the channel.
    pub(crate) host: Spent,
}

impl Reader {
    /// A session with the first reader.
    pub(crate) fn open(wanted: Wanted) -> Result<Self> {
        let extended = if wanted.extended { ExtendedLength::Yes } else { ExtendedLength::No };
        let mut trust = TrustStore::production();
        if wanted.authenticity {
            for (name, file) in trust::files(TODAY) {
                trust.add(&file).with_context(|| {
                    format!(
                        "{name} isn't trusted: authenticity is measured by builds with `--features workshop`"
                    )
                })?;
            }
        }
        Ok(Self { session: Session::open(READERS[0], extended)?, wanted, trust: Arc::new(trust) })
    }

    /// Reads the card once.
    pub(crate) fn read(&self) -> Result<Reading> {
        let Self { wanted, .. } = *self;
        let trust = Arc::clone(&self.trust);
        // As a desk does: what a secure channel opened is closed to the next program.
        let ending = if wanted.contactless { Ending::Reset } else { Ending::Leave };
        let start = Instant::now();
        let options = JobOptions { deadline: DEADLINE, ending };
        let job = self.session.submit(options, move |channel, _| timed(channel, wanted, &trust));
        let host = job.wait(DEADLINE)??;
        Ok(Reading { whole: start.elapsed(), host })
    }
}

/// The reading itself, on the session's thread.
fn timed(channel: &mut dyn CardChannel, wanted: Wanted, trust: &TrustStore) -> Result<Spent> {
    let can = if wanted.contactless { Can::parse(CAN) } else { None };
    let check = wanted.authenticity.then_some(Check { trust, today: TODAY });
    let mut channel = Stopwatch::new(channel);
    let start = Start::now();
    let request = Request { can: can.as_ref(), check, ..Request::default() };
    let reading = read(&mut channel, &request, &mut SystemRandom, &mut |_| {})?;
    let host = start.spent().less(channel.beneath);
    check_outcome(&reading, wanted)?;
    Ok(host)
}

/// What is measured must be what was asked for.
fn check_outcome(reading: &EgkReading, wanted: Wanted) -> Result<()> {
    ensure!(
        reading.secure_messaging == wanted.contactless,
        "the card wasn't read over the interface asked for"
    );
    if wanted.authenticity {
        let proven = reading.authenticity;
        ensure!(
            (proven.chip, proven.certificate) == (Verdict::Valid, Verdict::Valid),
            "the card wasn't proven: {proven:?}"
        );
    }
    Ok(())
}

/// The operating system's random numbers.
pub(crate) struct SystemRandom;

impl Entropy for SystemRandom {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        getrandom::fill(bytes).map_err(|_| NoEntropy)
    }
}
