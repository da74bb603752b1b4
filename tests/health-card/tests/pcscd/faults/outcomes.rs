//! What becomes of a reading with a fault, step by step.

use card_sim::Exchange;
use egk::EgkReading;
use health_card::{answer::verdict, reading::Answer};

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
/// Everything behind PACE was asked for once more.
const READ_AGAIN: &str = "read through a second channel";
const NO_ANSWER: &str = "the answer is no response APDU";
const NO_CHIP: &str = "chip not verifiable (refused with 6F00 (no precise diagnosis)), certificate valid";
const NO_CERTIFICATE: &str =
    "chip valid, certificate not verifiable (refused with 6F00 (no precise diagnosis))";
const REFUSED: &str = "the card refused with 6F00 (no precise diagnosis)";
const NO_PROTOCOL: &str = "the card's answer breaks the protocol";

/// 6F00 by contacts.
pub(crate) const STATUS: Outcomes = Outcomes {
    named: &[
        // Asked for once more.
        ("SELECT root", READ),
        ("EF.Version2", "reading EF.Version2 gave 6F00 (no precise diagnosis)"),
        ("EF.GDO", "reading EF.GDO gave 6F00 (no precise diagnosis)"),
        // Found by its other identifier.
        ("EF.CardAccess", READ),
        ("EF.C.CA_eGK.CS", NO_CHIP),
        ("EF.C.eGK.AUT_CVC", NO_CHIP),
        ("MSE chip", NO_CHIP),
        ("INTERNAL AUTHENTICATE", NO_CHIP),
        ("SELECT health care application", READ),
        ("EF.StatusVD", "reading EF.StatusVD gave 6F00 (no precise diagnosis)"),
        ("EF.PD", "reading EF.PD gave 6F00 (no precise diagnosis)"),
        ("EF.VD", "reading EF.VD gave 6F00 (no precise diagnosis)"),
        ("SELECT signature application", NO_CERTIFICATE),
        ("EF.C.CH.AUT", NO_CERTIFICATE),
    ],
    others: "a step without an outcome",
};

/// 6F00 over the air; once there is a channel, it comes in the clear.
pub(crate) const STATUS_AIR: Outcomes = Outcomes {
    named: &[
        // Asked for once more.
        ("SELECT root", READ),
        ("EF.Version2", "reading EF.Version2 gave 6F00 (no precise diagnosis)"),
        ("EF.CardAccess", READ),
        ("MSE PACE", REFUSED),
        ("GENERAL AUTHENTICATE 1", REFUSED),
        ("GENERAL AUTHENTICATE 2", REFUSED),
        ("GENERAL AUTHENTICATE 3", REFUSED),
        ("GENERAL AUTHENTICATE 4", REFUSED),
    ],
    others: READ_AGAIN,
};

/// An answer of one byte by contacts, in pieces.
pub(crate) const ONE_BYTE: Outcomes = Outcomes { named: &[], others: NO_ANSWER };

/// An answer of one byte by contacts: what was asked for in extended length is asked for in pieces then.
pub(crate) const ONE_BYTE_EXTENDED: Outcomes = Outcomes {
    named: &[
        ("EF.C.CA_eGK.CS", READ),
        ("EF.C.eGK.AUT_CVC", READ),
        ("EF.PD", READ),
        ("EF.VD", READ),
        ("EF.C.CH.AUT", READ),
    ],
    others: NO_ANSWER,
};

/// An answer of one byte over the air.
pub(crate) const ONE_BYTE_AIR: Outcomes = Outcomes {
    named: &[("SELECT root", NO_ANSWER), ("EF.Version2", NO_ANSWER), ("EF.CardAccess", NO_ANSWER)],
    others: READ_AGAIN,
};

/// A wrong check value over the air; answers without one stay as they are.
pub(crate) const MAC_AIR: Outcomes = Outcomes {
    named: &[
        ("SELECT root", READ),
        ("EF.Version2", READ),
        ("EF.CardAccess", READ),
        ("MSE PACE", READ),
        ("GENERAL AUTHENTICATE 1", READ),
        ("GENERAL AUTHENTICATE 2", READ),
        ("GENERAL AUTHENTICATE 3", READ),
        ("GENERAL AUTHENTICATE 4", READ),
    ],
    others: READ_AGAIN,
};

/// A bit flipped in the sixth byte, which an answer of a status word alone doesn't have.
pub(crate) const FLIP_AIR: Outcomes = Outcomes {
    named: &[
        ("SELECT root", READ),
        ("EF.Version2", "EF.Version2 is malformed: its field filling rule version is wrong"),
        ("EF.CardAccess", NO_PROTOCOL),
        ("MSE PACE", READ),
        // A wrong nonce and a wrong token are what a wrong number would give.
        ("GENERAL AUTHENTICATE 1", "the card access number is wrong"),
        ("GENERAL AUTHENTICATE 2", NO_PROTOCOL),
        ("GENERAL AUTHENTICATE 3", NO_PROTOCOL),
        ("GENERAL AUTHENTICATE 4", "the card access number is wrong"),
    ],
    others: READ_AGAIN,
};

/// What became of a reading, by what the card was asked meanwhile.
pub(crate) fn outcome(answer: &Answer, sound: &EgkReading, trace: &[Exchange]) -> String {
    let reading = match answer {
        Ok(reading) => reading,
        Err(failure) => return failure.to_string(),
    };
    if reading == sound {
        let channels = trace.iter().filter(|it| matches!(it.header(), [_, 0x22, 0xC1, _])).count();
        return if channels > 1 { READ_AGAIN } else { READ }.to_owned();
    }
    if (EgkReading { authenticity: sound.authenticity, ..reading.clone() }) != *sound {
        return "other data".to_owned();
    }
    let proven = reading.authenticity;
    format!("chip {}, certificate {}", verdict(proven.chip), verdict(proven.certificate))
}
