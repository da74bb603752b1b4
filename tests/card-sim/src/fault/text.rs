//! Faults as people write them.

use std::{fmt, str::FromStr, time::Duration};

use super::{Fault, Latency};

/// The text isn't a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a fault is one of pull@N, mute@N, mute@N=SECONDSs, status@N=SSSS, plain@N=SSSS, short@N=BYTES, mac@N, \
     flip@N=BYTE, slow=MILLISECONDSms,BYTES_PER_SECOND, slow=MILLISECONDSms,KILOBITSkbit"
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
        let bytes_per_second = match speed.strip_suffix("kbit") {
            Some(kilobits) => kilobits.parse::<u32>().ok()?.checked_mul(BYTES_PER_KILOBIT)?,
            None => speed.parse().ok()?,
        };
        return Some(Fault::Slow(Latency { per_apdu, bytes_per_second }));
    }
    let (kind, place) = text.split_once('@')?;
    let (at, value) = place.split_once('=').map_or((place, None), |(at, value)| (at, Some(value)));
    let at = at.parse().ok().filter(|at| *at > 0)?;
    match (kind, value) {
        ("pull", None) => Some(Fault::Pull { at }),
        ("mute", None) => Some(Fault::Mute { at }),
        ("mute", Some(time)) => {
            let after = Duration::from_secs(time.strip_suffix('s')?.parse().ok()?);
            Some(Fault::Late { at, after })
        }
        ("status", Some(value)) => Some(Fault::Status { at, word: word(value)? }),
        ("plain", Some(value)) => Some(Fault::Plain { at, word: word(value)? }),
        ("short", Some(bytes)) => {
            Some(Fault::Short { at, bytes: bytes.parse().ok().filter(|bytes| *bytes > 0)? })
        }
        ("mac", None) => Some(Fault::Mac { at }),
        ("flip", Some(byte)) => Some(Fault::Flip { at, byte: byte.parse().ok()? }),
        _ => None,
    }
}

const BYTES_PER_KILOBIT: u32 = 1000 / 8;

/// A status word of four hexadecimal digits.
fn word(text: &str) -> Option<u16> {
    (text.len() == 4).then(|| u16::from_str_radix(text, 16).ok()).flatten()
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pull { at } => write!(out, "pull@{at}"),
            Self::Mute { at } => write!(out, "mute@{at}"),
            Self::Late { at, after } => write!(out, "mute@{at}={}s", after.as_secs()),
            Self::Status { at, word } => write!(out, "status@{at}={word:04X}"),
            Self::Plain { at, word } => write!(out, "plain@{at}={word:04X}"),
            Self::Short { at, bytes } => write!(out, "short@{at}={bytes}"),
            Self::Mac { at } => write!(out, "mac@{at}"),
            Self::Flip { at, byte } => write!(out, "flip@{at}={byte}"),
            Self::Slow(Latency { per_apdu, bytes_per_second }) => {
                write!(out, "slow={}ms,", per_apdu.as_millis())?;
                match bytes_per_second {
                    0 => write!(out, "0"),
                    speed if speed % BYTES_PER_KILOBIT == 0 => {
                        write!(out, "{}kbit", speed / BYTES_PER_KILOBIT)
                    }
                    speed => write!(out, "{speed}"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_reads_back_as_it_is_written() {
        for text in [
            "pull@3",
            "mute@1",
            "mute@5=3s",
            "status@2=6F00",
            "plain@2=6F00",
            "short@4=1",
            "mac@7",
            "flip@7=12",
            "slow=12ms,9600",
            "slow=0ms,0",
            "slow=30ms,106kbit",
            "slow=30ms,848kbit",
        ] {
            assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
        }
        let Fault::Slow(latency) = "slow=30ms,106kbit".parse().unwrap() else { panic!("no latency") };
        assert_eq!(latency.bytes_per_second, 13_250);
    }

    #[test]
    fn other_text_is_no_fault() {
        for text in [
            "",
            "pull",
            "pull@0",
            "pull@x",
            "pull@1=2",
            "mute@1=3",
            "status@1",
            "status@1=900",
            "plain@1",
            "short@1=0",
            "mac@1=2",
            "flip@1",
            "slow=12,9600",
            "slow=12ms,fastkbit",
            "slow=12ms,99999999kbit",
            "melt@1",
        ] {
            assert_eq!(text.parse::<Fault>(), Err(NoFault), "{text}");
        }
    }
}
