//! The lines of a transcript, written and read.

use crate::apdu::{CommandApdu, ResponseApdu, Sensitivity};
use crate::channel::{ChannelError, ExtendedLength};
use crate::status::StatusWord;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroizing;

/// The version this crate writes and reads.
pub const VERSION: u32 = 1;
/// Longest line: the longest command and the longest response, two digits a byte, and the names around them.
pub const LINE_BYTES_MAX: usize = 2 * (65_535 + 65_536) + 1_024;
/// Most exchanges: a passport with a large face image has some 300 in the short form.
pub const EXCHANGES_MAX: usize = 10_000;

const KIND: &str = "iso7816";

/// Why text is no transcript, or a transcript can't be replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TranscriptError {
    /// The first line isn't the header.
    #[error("the transcript has no header")]
    Header,
    /// The header names a version that isn't [`VERSION`].
    #[error("transcripts of version {0} can't be read")]
    Version(u32),
    /// A line (counted from 1) is longer than [`LINE_BYTES_MAX`] or is no exchange.
    #[error("line {0} is no exchange")]
    Line(usize),
    /// More than [`EXCHANGES_MAX`] exchanges.
    #[error("the transcript has too many exchanges")]
    TooLong,
    /// The answer of an exchange (counted from 0) is hidden, so it can't be given again.
    #[error("the answer of exchange {0} is hidden")]
    Hidden(usize),
}

/// A conversation read back.
#[derive(Clone, PartialEq, Eq)]
pub struct Transcript {
    pub(super) extended_length: ExtendedLength,
    pub(super) exchanges: Vec<Exchange>,
}

impl Transcript {
    /// Reads a whole transcript; empty lines count for nothing.
    ///
    /// # Errors
    /// Every [`TranscriptError`] except [`TranscriptError::Hidden`].
    pub fn parse(text: &str) -> Result<Self, TranscriptError> {
        let mut lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty());
        let (_, first) = lines.next().ok_or(TranscriptError::Header)?;
        let header: Header = parse_line(first).ok_or(TranscriptError::Header)?;
        if header.transcript != KIND {
            return Err(TranscriptError::Header);
        }
        if header.version != VERSION {
            return Err(TranscriptError::Version(header.version));
        }
        let mut exchanges = Vec::new();
        for (index, line) in lines {
            if exchanges.len() == EXCHANGES_MAX {
                return Err(TranscriptError::TooLong);
            }
            exchanges.push(parse_line(line).ok_or(TranscriptError::Line(index + 1))?);
        }
        Ok(Self { extended_length: header.extended_length, exchanges })
    }

    /// How many exchanges there are.
    pub fn len(&self) -> usize {
        self.exchanges.len()
    }

    /// Whether nothing was exchanged.
    pub fn is_empty(&self) -> bool {
        self.exchanges.is_empty()
    }
}

fn parse_line<'a, T: Deserialize<'a>>(line: &'a str) -> Option<T> {
    if line.len() > LINE_BYTES_MAX {
        return None;
    }
    serde_json::from_str(line).ok()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    transcript: String,
    version: u32,
    extended_length: ExtendedLength,
}

impl Header {
    pub(super) fn new(extended_length: ExtendedLength) -> Self {
        Self { transcript: KIND.to_owned(), version: VERSION, extended_length }
    }
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Line", try_from = "Line")]
pub(super) struct Exchange {
    pub(super) command: RecordedCommand,
    pub(super) outcome: Result<RecordedResponse, ChannelError>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    command: RecordedCommand,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response: Option<RecordedResponse>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<ChannelError>,
}

impl From<Exchange> for Line {
    fn from(Exchange { command, outcome }: Exchange) -> Self {
        let failure = outcome.as_ref().err().copied();
        Self { command, response: outcome.ok(), failure }
    }
}

impl TryFrom<Line> for Exchange {
    type Error = &'static str;

    fn try_from(line: Line) -> Result<Self, Self::Error> {
        let outcome = match (line.response, line.failure) {
            (Some(response), None) => Ok(response),
            (None, Some(failure)) => Err(failure),
            _ => return Err("one of response and failure"),
        };
        Ok(Self { command: line.command, outcome })
    }
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordedCommand {
    #[serde(serialize_with = "hex::serialize_upper", deserialize_with = "hex::deserialize")]
    pub(super) header: [u8; 4],
    pub(super) data: Field,
    pub(super) ne: usize,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordedResponse {
    pub(super) data: Field,
    #[serde(serialize_with = "hex::serialize_upper", deserialize_with = "hex::deserialize")]
    status: [u8; 2],
}

impl RecordedCommand {
    pub(super) fn new(command: &CommandApdu, shown: Sensitivity) -> Self {
        Self {
            header: command.header(),
            data: Field::new(command.data(), command.sensitivity(), shown),
            ne: command.ne(),
        }
    }

    /// Whether this is the command that was recorded, as far as the record tells.
    pub(super) fn agrees_with(&self, command: &CommandApdu) -> bool {
        self.header == command.header() && self.ne == command.ne() && self.data.agrees_with(command.data())
    }
}

impl RecordedResponse {
    pub(super) fn new(response: &ResponseApdu, sensitivity: Sensitivity, shown: Sensitivity) -> Self {
        Self { data: Field::new(&response.data, sensitivity, shown), status: response.status.0.to_be_bytes() }
    }

    /// The answer, if its data isn't hidden.
    pub(super) fn response(&self) -> Option<ResponseApdu> {
        let Field::Bytes(data) = &self.data else { return None };
        Some(ResponseApdu { data: data.clone(), status: StatusWord(u16::from_be_bytes(self.status)) })
    }
}

/// A data field: its bytes, or what of it may be known.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Field {
    Bytes(Zeroizing<Vec<u8>>),
    Hidden { length: Option<usize> },
}

impl Field {
    /// `data` of this sensitivity, hidden if that is above what is `shown`. No bytes need no hiding, unless
    /// secret.
    fn new(data: &[u8], sensitivity: Sensitivity, shown: Sensitivity) -> Self {
        if sensitivity <= shown || (data.is_empty() && sensitivity == Sensitivity::Personal) {
            return Self::Bytes(Zeroizing::new(data.to_vec()));
        }
        let length = (sensitivity == Sensitivity::Personal).then_some(data.len());
        Self::Hidden { length }
    }

    fn agrees_with(&self, data: &[u8]) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.as_slice() == data,
            Self::Hidden { length } => length.is_none_or(|length| length == data.len()),
        }
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bytes(bytes) => serializer.serialize_str(&hex::encode_upper(bytes)),
            Self::Hidden { length: Some(length) } => serializer.collect_str(&format_args!("*{length}")),
            Self::Hidden { length: None } => serializer.serialize_str("*"),
        }
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.strip_prefix('*') {
            None => hex::decode(text.as_str())
                .map(|bytes| Self::Bytes(Zeroizing::new(bytes)))
                .map_err(de::Error::custom),
            Some("") => Ok(Self::Hidden { length: None }),
            Some(length) => {
                length.parse().map(|length| Self::Hidden { length: Some(length) }).map_err(de::Error::custom)
            }
        }
    }
}
