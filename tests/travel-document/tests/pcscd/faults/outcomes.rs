//! What becomes of a reading with a fault, step by step.

use card_sim::Exchange;
use mrtd::Authenticity;
use travel_document::{
    answer::{passive, verdict},
    facts::Facts,
    reading::Answer,
    trace::openings,
};

use crate::steps;

/// What is expected: of the steps named, and of all others.
#[derive(Clone, Copy)]
pub(crate) struct Outcomes {
    named: &'static [(&'static str, &'static str)],
    others: &'static str,
}

impl Outcomes {
    pub(crate) fn of(&self, step: &str) -> &'static str {
        self.named.iter().find(|(name, _)| *name == step).map_or(self.others, |(_, outcome)| outcome)
    }
}

/// Nothing came of the fault.
const READ: &str = "read";
/// The chip was opened once more, and read on.
pub(crate) const READ_ON: &str = "read through 2 channels";
const NO_ANSWER: &str = "the answer is no response APDU";
const REFUSED: &str = "the card refused with 6F00 (no precise diagnosis)";
const NO_PROTOCOL: &str = "the card's answer breaks the protocol";
/// What a wrong key would look like.
const WRONG_KEY: &str = "the card access number or the machine-readable zone is wrong";

/// 6F00, by BAC; once there is a channel, it comes in the clear.
pub(crate) const STATUS_BAC: Outcomes = Outcomes {
    named: &[
        ("SELECT root", READ),
        (steps::NO_CARD_ACCESS, READ),
        ("SELECT application", "selecting the application gave 6F00 (no precise diagnosis)"),
        ("GET CHALLENGE", REFUSED),
        ("EXTERNAL AUTHENTICATE", REFUSED),
    ],
    others: READ_ON,
};

/// The same by PACE.
pub(crate) const STATUS_PACE: Outcomes = Outcomes {
    named: &[
        ("SELECT root", READ),
        // Asked for once more in the short form.
        ("EF.CardAccess", READ),
        ("MSE:Set AT for PACE", REFUSED),
        ("GENERAL AUTHENTICATE 1", REFUSED),
        ("GENERAL AUTHENTICATE 2", REFUSED),
        ("GENERAL AUTHENTICATE 3", REFUSED),
        ("GENERAL AUTHENTICATE 4", REFUSED),
    ],
    others: READ_ON,
};

/// An answer of one byte, by BAC.
pub(crate) const ONE_BYTE_BAC: Outcomes = Outcomes {
    named: &[
        ("SELECT root", NO_ANSWER),
        (steps::NO_CARD_ACCESS, NO_ANSWER),
        ("SELECT application", NO_ANSWER),
        ("GET CHALLENGE", NO_ANSWER),
        ("EXTERNAL AUTHENTICATE", NO_ANSWER),
    ],
    others: READ_ON,
};

/// The same by PACE, whose commands are sent once more in the short form if they were in the extended one.
pub(crate) const ONE_BYTE_PACE: Outcomes = Outcomes {
    named: &[("SELECT root", NO_ANSWER), ("EF.CardAccess", READ), ("MSE:Set AT for PACE", NO_ANSWER)],
    others: READ_ON,
};

/// A wrong check value, by BAC; answers without one stay as they are.
pub(crate) const MAC_BAC: Outcomes = Outcomes {
    named: &[
        ("SELECT root", READ),
        (steps::NO_CARD_ACCESS, READ),
        ("SELECT application", READ),
        ("GET CHALLENGE", READ),
        ("EXTERNAL AUTHENTICATE", READ),
    ],
    others: READ_ON,
};

/// The same by PACE.
pub(crate) const MAC_PACE: Outcomes = Outcomes {
    named: &[
        ("SELECT root", READ),
        ("EF.CardAccess", READ),
        ("MSE:Set AT for PACE", READ),
        ("GENERAL AUTHENTICATE 1", READ),
        ("GENERAL AUTHENTICATE 2", READ),
        ("GENERAL AUTHENTICATE 3", READ),
        ("GENERAL AUTHENTICATE 4", READ),
    ],
    others: READ_ON,
};

/// A bit flipped in the sixth byte, by BAC; an answer of a status word alone doesn't have one.
pub(crate) const FLIP_BAC: Outcomes = Outcomes {
    named: &[
        ("SELECT root", READ),
        (steps::NO_CARD_ACCESS, READ),
        ("SELECT application", READ),
        ("GET CHALLENGE", WRONG_KEY),
        ("EXTERNAL AUTHENTICATE", WRONG_KEY),
    ],
    others: READ_ON,
};

/// The same by PACE.
pub(crate) const FLIP_PACE: Outcomes = Outcomes {
    named: &[
        ("SELECT root", READ),
        // It names no protocol that we know, so BAC is tried, which this chip doesn't speak.
        ("EF.CardAccess", "the card refused with 6985 (conditions of use not satisfied)"),
        ("MSE:Set AT for PACE", READ),
        ("GENERAL AUTHENTICATE 1", WRONG_KEY),
        ("GENERAL AUTHENTICATE 2", NO_PROTOCOL),
        ("GENERAL AUTHENTICATE 3", NO_PROTOCOL),
        ("GENERAL AUTHENTICATE 4", WRONG_KEY),
    ],
    others: READ_ON,
};

/// What became of a reading, by what the chip was asked meanwhile.
pub(crate) fn outcome(answer: &Answer, sound: &Facts, trace: &[Exchange]) -> String {
    let reading = match answer {
        Ok(reading) => Facts::of(reading),
        Err(failure) => return failure.to_string(),
    };
    let openings = match openings(trace) {
        0 | 1 => String::new(),
        several => format!(" through {several} channels"),
    };
    if reading == *sound {
        return format!("read{openings}");
    }
    if (Facts { authenticity: sound.authenticity, ..reading.clone() }) == *sound {
        let Authenticity { passive, chip_authentication: chip, active_authentication: active } =
            reading.authenticity;
        let lines = [
            self::passive(passive),
            format!("chip {}", verdict(chip)),
            format!("active {}", verdict(active)),
        ];
        return format!("read{openings}, but {}", lines.join(", "));
    }
    let without_face = Facts { face: None, warnings: reading.warnings.clone(), ..sound.clone() };
    if reading == without_face {
        return format!("read{openings} without the face: {:?}", reading.warnings);
    }
    "other data".to_owned()
}
