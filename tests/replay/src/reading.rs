//! A transcript answering the whole reading of a health card.

use anyhow::{Context, Result, ensure};
use egk::{Can, EgkError, EgkReading, Request};
use serde::{Deserialize, Serialize};
use smartcard::{
    CardChannel, ChannelError, CommandApdu, Entropy, ExtendedLength, NoEntropy, ResponseApdu,
    transcript::{Replay, Transcript},
};

use crate::report::{Report, Row};

/// What a reading was given besides the card, and how it ended.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The card access number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub can: Option<String>,
    /// All random bytes that were drawn, in their order.
    #[serde(default, with = "hex::serde")]
    pub random: Vec<u8>,
    /// How it ended, as [`outcome`] says it; empty: not known.
    #[serde(default)]
    pub outcome: String,
}

/// Replays a transcript: the product must send what was recorded, draw what was drawn and end as it ended.
#[must_use]
pub fn replay(text: &str, given: &Given) -> Report {
    let mut rows = Vec::new();
    let (notes, difference) = match run(text, given, &mut rows) {
        Ok(outcome) => (vec![outcome], None),
        Err(error) => (Vec::new(), Some(error)),
    };
    Report { rows, notes, difference }
}

fn run(text: &str, given: &Given, rows: &mut Vec<Row>) -> Result<String> {
    let mut card = Watched { replay: Replay::new(Transcript::parse(text)?)?, rows };
    let can = match &given.can {
        Some(can) => Some(Can::parse(can).context("the CAN isn't of six digits")?),
        None => None,
    };
    let mut random = Drawn(&given.random);
    let request = Request { can: can.as_ref(), ..Request::default() };
    let reading = egk::read(&mut card, &request, &mut random, &mut |_| {});
    card.replay.finish()?;
    ensure!(random.0.is_empty(), "{} random bytes were never drawn", random.0.len());
    let outcome = outcome(reading.as_ref());
    let as_before = given.outcome.is_empty() || given.outcome == outcome;
    ensure!(as_before, "the reading ended differently: {outcome}, recorded was: {}", given.outcome);
    Ok(outcome)
}

/// How a reading ended, without anything of a person.
#[must_use]
pub fn outcome(reading: Result<&EgkReading, &EgkError>) -> String {
    match reading {
        Err(error) => error.to_string(),
        Ok(reading) => {
            let generation = reading.object_system.generation();
            let over = if reading.secure_messaging { "over the air" } else { "with contacts" };
            let locked = if reading.application_deactivated { ", locked" } else { "" };
            format!("read {over}, {generation}{locked}")
        }
    }
}

/// The random bytes of a recorded reading, once.
struct Drawn<'a>(&'a [u8]);

impl Entropy for Drawn<'_> {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        let (drawn, rest) = self.0.split_at_checked(bytes.len()).ok_or(NoEntropy)?;
        bytes.copy_from_slice(drawn);
        self.0 = rest;
        Ok(())
    }
}

/// A replay that notes what went through it.
struct Watched<'a> {
    replay: Replay,
    rows: &'a mut Vec<Row>,
}

impl CardChannel for Watched<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.replay.transmit(command);
        // The command that differs ends the replay and is told by it.
        if answer != Err(ChannelError::CardMute) {
            self.rows.push(Row {
                header: command.header(),
                plain_header: None,
                sent: command.encode(command.shortest_form()).len(),
                answered: answer.as_ref().ok().map(|response| response.data.len() + 2),
                status: answer.as_ref().ok().map(|response| response.status.0),
            });
        }
        answer
    }

    fn extended_length(&self) -> ExtendedLength {
        self.replay.extended_length()
    }

    fn learn_extended_length(&mut self, works: bool) {
        self.replay.learn_extended_length(works);
    }
}
