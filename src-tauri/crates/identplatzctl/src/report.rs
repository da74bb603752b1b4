//! What `card read` prints: of the person nothing, but in a workshop build.

use std::time::Duration;

use egk::EgkReading;
use jiff::civil::Date;
use mrtd::{DocumentReading, trust::NewestList};
use pcsc_reader::Interface;
use serde::Serialize;

use crate::{document, failure::exit, health_card, language::Language};

/// A card that was read.
pub(crate) struct Report {
    pub(crate) reading: Reading,
    pub(crate) figures: Figures,
    /// The day on which warnings about the time hold.
    pub(crate) today: Date,
    /// Lists for travel documents that were the newest here and aren't there any more.
    pub(crate) missing_lists: Vec<NewestList>,
}

/// What was in the reader.
pub(crate) enum Reading {
    HealthCard(Box<EgkReading>),
    Document(Box<DocumentReading>),
}

/// How it was read.
pub(crate) struct Figures {
    pub(crate) interface: Interface,
    /// Commands that reached the card, also to find out what it is.
    pub(crate) apdus: u32,
    /// From connecting to the last byte parsed.
    pub(crate) elapsed: Duration,
}

/// One of both objects.
#[derive(Serialize)]
#[serde(untagged)]
enum Output<H, D> {
    HealthCard(H),
    Document(D),
}

impl Report {
    /// [`exit::NOT_GENUINE`] for a card that fails a proof.
    pub(crate) fn exit_code(&self) -> u8 {
        let is_forged = match &self.reading {
            Reading::HealthCard(reading) => health_card::is_forged(reading),
            Reading::Document(reading) => document::is_forged(reading),
        };
        if is_forged { exit::NOT_GENUINE } else { exit::OK }
    }

    /// The JSON object.
    pub(crate) fn to_json(&self) -> impl Serialize {
        match &self.reading {
            Reading::HealthCard(reading) => {
                Output::HealthCard(health_card::to_json(reading, &self.figures, self.today))
            }
            Reading::Document(reading) => {
                Output::Document(document::to_json(reading, &self.missing_lists, &self.figures, self.today))
            }
        }
    }

    /// Lines for a person.
    pub(crate) fn to_text(&self, language: Language) -> String {
        match &self.reading {
            Reading::HealthCard(reading) => {
                health_card::to_text(reading, &self.figures, self.today, language)
            }
            Reading::Document(reading) => {
                document::to_text(reading, &self.missing_lists, &self.figures, self.today, language)
            }
        }
    }
}

impl Figures {
    /// To the microsecond.
    pub(crate) fn milliseconds(&self) -> f64 {
        (self.elapsed.as_secs_f64() * 1e6).round() / 1e3
    }

    /// A line.
    pub(crate) fn to_text(&self, language: Language) -> String {
        let (milliseconds, apdus) = (format!("{:.1}", self.milliseconds()), self.apdus);
        language.pick(
            format!("Gelesen in {} ms mit {apdus} APDUs\n", milliseconds.replace('.', ",")),
            format!("Read in {milliseconds} ms with {apdus} APDUs\n"),
        )
    }
}
