//! What can go wrong with a card while it is read, on command.

use std::{fmt, str::FromStr, time::Duration};

/// One fault. APDUs are counted from 1 since insertion.
///
/// As text: `pull@3`, `mute@3`, `status@3=6F00`, `short@3=1`, `slow=12ms,9600`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The card is pulled when the APDU arrives, before it answers.
    Pull {
        /// Number of the APDU.
        at: usize,
    },
    /// From this APDU on the card doesn't answer any more. pcscd waits for it without limit.
    Mute {
        /// Number of the APDU.
        at: usize,
    },
    /// The APDU isn't executed but answered with this status word.
    Status {
        /// Number of the APDU.
        at: usize,
        /// The status word.
        word: u16,
    },
    /// Of the response APDU only the first bytes arrive.
    Short {
        /// Number of the APDU.
        at: usize,
        /// How many bytes arrive, status word included; at least one, for to vpcd none is a pulled card.
        bytes: usize,
    },
    /// Every APDU takes time: a fixed part for the card's work and a part for each byte on the line, both
    /// ways.
    Slow(Latency),
}

/// A stated model of a slow card, for benchmarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    /// The card's own time for an APDU, in whole milliseconds.
    pub per_apdu: Duration,
    /// Speed of the line; 0 for one that takes no time.
    pub bytes_per_second: u32,
}

impl Latency {
    /// Time from the command's arrival to the response's end.
    #[must_use]
    pub fn of(&self, command: usize, response: usize) -> Duration {
        let bytes = u32::try_from(command + response).unwrap_or(u32::MAX);
        let line = (Duration::from_secs(1) * bytes).checked_div(self.bytes_per_second).unwrap_or_default();
        self.per_apdu + line
    }
}

/// What the faults make of one APDU.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Execute,
    Answer(u16),
    Pull,
    Mute,
}

/// The faults in force, judged in the order in which they were given.
#[derive(Debug, Default, Clone)]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

impl Faults {
    /// What happens to the APDU with this number.
    pub(crate) fn verdict(&self, number: usize) -> Verdict {
        let verdict = self.0.iter().find_map(|fault| match *fault {
            Fault::Pull { at } if at == number => Some(Verdict::Pull),
            Fault::Mute { at } if at <= number => Some(Verdict::Mute),
            Fault::Status { at, word } if at == number => Some(Verdict::Answer(word)),
            Fault::Pull { .. }
            | Fault::Mute { .. }
            | Fault::Status { .. }
            | Fault::Short { .. }
            | Fault::Slow(_) => None,
        });
        verdict.unwrap_or(Verdict::Execute)
    }

    /// Cuts the response to the APDU with this number.
    pub(crate) fn cut(&self, number: usize, response: &mut Vec<u8>) {
        for fault in &self.0 {
            if let Fault::Short { at, bytes } = *fault
                && at == number
            {
                response.truncate(bytes);
            }
        }
    }

    /// How long the answer is held back.
    pub(crate) fn delay(&self, command: usize, response: usize) -> Duration {
        self.0
            .iter()
            .map(|fault| {
                if let Fault::Slow(latency) = fault { latency.of(command, response) } else { Duration::ZERO }
            })
            .sum()
    }
}

/// The text isn't a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a fault is one of pull@N, mute@N, status@N=SSSS, short@N=BYTES, slow=MILLISECONDSms,BYTES_PER_SECOND"
)]
pub struct NoFault;

impl FromStr for Fault {
    type Err = NoFault;

    fn from_str(text: &str) -> Result<Self, NoFault> {
        parse(text).ok_or(NoFault)
    }
}

fn parse(text: &str) -> Option<Fault> {
    if let Some(model) = text.strip_prefix("slow=") {
        let (time, speed) = model.split_once("ms,")?;
        let per_apdu = Duration::from_millis(time.parse().ok()?);
        return Some(Fault::Slow(Latency { per_apdu, bytes_per_second: speed.parse().ok()? }));
    }
    let (kind, place) = text.split_once('@')?;
    let (at, value) = place.split_once('=').map_or((place, None), |(at, value)| (at, Some(value)));
    let at = at.parse().ok().filter(|at| *at > 0)?;
    match (kind, value) {
        ("pull", None) => Some(Fault::Pull { at }),
        ("mute", None) => Some(Fault::Mute { at }),
        ("status", Some(word)) if word.len() == 4 => {
            Some(Fault::Status { at, word: u16::from_str_radix(word, 16).ok()? })
        }
        ("short", Some(bytes)) => {
            Some(Fault::Short { at, bytes: bytes.parse().ok().filter(|bytes| *bytes > 0)? })
        }
        _ => None,
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pull { at } => write!(out, "pull@{at}"),
            Self::Mute { at } => write!(out, "mute@{at}"),
            Self::Status { at, word } => write!(out, "status@{at}={word:04X}"),
            Self::Short { at, bytes } => write!(out, "short@{at}={bytes}"),
            Self::Slow(Latency { per_apdu, bytes_per_second }) => {
                write!(out, "slow={}ms,{bytes_per_second}", per_apdu.as_millis())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_reads_back_as_it_is_written() {
        for text in ["pull@3", "mute@1", "status@2=6F00", "short@4=1", "slow=12ms,9600"] {
            assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn other_text_is_no_fault() {
        for text in [
            "",
            "pull",
            "pull@0",
            "pull@x",
            "pull@1=2",
            "status@1",
            "status@1=900",
            "short@1=0",
            "slow=12,9600",
            "melt@1",
        ] {
            assert_eq!(text.parse::<Fault>(), Err(NoFault), "{text}");
        }
    }

    #[test]
    fn a_slow_card_takes_its_own_time_and_the_lines() {
        let latency = Latency { per_apdu: Duration::from_millis(10), bytes_per_second: 1_000 };
        assert_eq!(latency.of(5, 95), Duration::from_millis(110));
        assert_eq!(Latency { bytes_per_second: 0, ..latency }.of(5, 95), Duration::from_millis(10));
    }

    #[test]
    fn a_mute_card_stays_mute_and_the_others_strike_once() {
        let faults = Faults(vec![Fault::Status { at: 2, word: 0x6F00 }, Fault::Mute { at: 4 }]);
        let verdicts = [1, 2, 3, 4, 5].map(|number| faults.verdict(number));
        let expected =
            [Verdict::Execute, Verdict::Answer(0x6F00), Verdict::Execute, Verdict::Mute, Verdict::Mute];
        assert_eq!(verdicts, expected);
    }
}
