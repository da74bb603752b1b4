//! What can go wrong with a card while it is read, on command.

mod text;

use std::time::Duration;

pub use text::NoFault;

/// One fault. APDUs are counted from 1 since insertion.
///
/// As text: `pull@3`, `mute@3`, `mute@3=2s`, `status@3=6F00`, `plain@3=6F00`, `short@3=1`, `mac@3`, `flip@3=0`,
/// `slow=12ms,9600`, `slow=15ms,106kbit`.
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
    /// The answer to the APDU comes late.
    Late {
        /// Number of the APDU.
        at: usize,
        /// How late, in whole seconds as text.
        after: Duration,
    },
    /// The APDU isn't executed but answered with this status word.
    Status {
        /// Number of the APDU.
        at: usize,
        /// The status word.
        word: u16,
    },
    /// The APDU isn't executed but answered with this status word in the clear, and secure messaging has ended.
    Plain {
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
    /// A bit of the checksum in a protected response is flipped; an unprotected response stays as it is.
    Mac {
        /// Number of the APDU.
        at: usize,
    },
    /// The lowest bit of a byte in the response is flipped; a shorter response stays as it is.
    Flip {
        /// Number of the APDU.
        at: usize,
        /// Place of the byte, from 0.
        byte: usize,
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
    /// Speed of the line; 0 for one that takes no time. `106kbit` is 13,250: a byte is eight bits, whatever
    /// frames it on the line.
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
    AnswerPlain(u16),
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
            Fault::Plain { at, word } if at == number => Some(Verdict::AnswerPlain(word)),
            Fault::Pull { .. }
            | Fault::Mute { .. }
            | Fault::Late { .. }
            | Fault::Status { .. }
            | Fault::Plain { .. }
            | Fault::Short { .. }
            | Fault::Mac { .. }
            | Fault::Flip { .. }
            | Fault::Slow(_) => None,
        });
        verdict.unwrap_or(Verdict::Execute)
    }

    /// Damages the response to the APDU with this number.
    pub(crate) fn damage(&self, number: usize, response: &mut Vec<u8>) {
        for fault in &self.0 {
            match *fault {
                Fault::Short { at, bytes } if at == number => response.truncate(bytes),
                Fault::Flip { at, byte } if at == number => flip(response.get_mut(byte)),
                Fault::Mac { at } if at == number => {
                    let checksum = checksum(response);
                    flip(checksum.and_then(|place| response.get_mut(place)));
                }
                Fault::Pull { .. }
                | Fault::Mute { .. }
                | Fault::Late { .. }
                | Fault::Status { .. }
                | Fault::Plain { .. }
                | Fault::Short { .. }
                | Fault::Mac { .. }
                | Fault::Flip { .. }
                | Fault::Slow(_) => {}
            }
        }
    }

    /// How long the answer to the APDU with this number is held back.
    pub(crate) fn delay(&self, number: usize, command: usize, response: usize) -> Duration {
        let delay = |fault: &Fault| match *fault {
            Fault::Slow(latency) => latency.of(command, response),
            Fault::Late { at, after } if at == number => after,
            Fault::Pull { .. }
            | Fault::Mute { .. }
            | Fault::Late { .. }
            | Fault::Status { .. }
            | Fault::Plain { .. }
            | Fault::Short { .. }
            | Fault::Mac { .. }
            | Fault::Flip { .. } => Duration::ZERO,
        };
        self.0.iter().map(delay).sum()
    }
}

fn flip(byte: Option<&mut u8>) {
    if let Some(byte) = byte {
        *byte ^= 1;
    }
}

/// Where the eight bytes of the checksum start in a protected response: before the status word.
fn checksum(response: &[u8]) -> Option<usize> {
    let start = response.len().checked_sub(2 + 8 + 2)?;
    (response.get(start..start + 2)? == [0x8E, 0x08]).then_some(start + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn the_checksum_of_a_protected_response_is_found_and_no_other() {
        let damaged = |fault: Fault, response: &str| {
            let mut response = hex::decode(response).unwrap();
            Faults(vec![fault]).damage(3, &mut response);
            hex::encode(response)
        };
        let mac = Fault::Mac { at: 3 };
        assert_eq!(damaged(mac, "990290008e08087631d746f872729000"), "990290008e08097631d746f872729000");
        assert_eq!(damaged(mac, "30323032363130313130393134359000"), "30323032363130313130393134359000");
        assert_eq!(damaged(mac, "9000"), "9000");
        assert_eq!(damaged(Fault::Mac { at: 2 }, "8e0800000000000000009000"), "8e0800000000000000009000");
        assert_eq!(damaged(Fault::Flip { at: 3, byte: 1 }, "9000"), "9001");
        assert_eq!(damaged(Fault::Flip { at: 3, byte: 2 }, "9000"), "9000");
    }

    #[test]
    fn a_late_answer_is_late_once() {
        let faults = Faults(vec![Fault::Late { at: 2, after: Duration::from_secs(3) }]);
        assert_eq!(faults.verdict(2), Verdict::Execute);
        let delays = [1, 2, 3].map(|number| faults.delay(number, 5, 2).as_secs());
        assert_eq!(delays, [0, 3, 0]);
    }
}
