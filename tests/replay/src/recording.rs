//! Recordings in the form of gematik's OpenHealth-Core (`test-vectors/apdu-replay`): JSON lines, a header and exchanges.

use std::fmt;

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The only version there is.
const VERSION: u32 = 1;

/// Most exchanges: gematik's longest recording has some thirty; this leaves room for reading whole certificates.
pub const EXCHANGES_MAX: usize = 1_000;

/// A private key of brainpoolP256r1, big endian.
pub type PrivateKey = Zeroizing<[u8; 32]>;

/// A conversation as it went over the wire, and the secrets with which it can be run again.
pub struct Recording {
    /// Whether the reader took extended length.
    pub extended_length: bool,
    /// The card access number.
    pub can: Zeroizing<String>,
    /// The terminal's ephemeral keys of each PACE run: mapping key, then agreement key.
    pub keys: Vec<PrivateKey>,
    /// What was sent and answered.
    pub exchanges: Vec<Exchange>,
}

/// One command APDU and its response APDU.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// The command as it was sent.
    #[serde(rename = "tx", with = "hex::serde")]
    pub command: Vec<u8>,
    /// The answer as it came.
    #[serde(rename = "rx", with = "hex::serde")]
    pub response: Vec<u8>,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line {
    Header { version: u32, supports_extended_length: bool, keys: Vec<String>, can: String },
    Exchange(Exchange),
}

impl Recording {
    /// Reads a whole recording.
    ///
    /// # Errors
    /// If a line isn't of its form, or there are more than [`EXCHANGES_MAX`].
    pub fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines().filter(|line| !line.is_empty());
        let header = lines.next().context("the file is empty")?;
        let Ok(Line::Header { version, supports_extended_length, keys, can }) = serde_json::from_str(header)
        else {
            bail!("the first line is no header of a recording");
        };
        ensure!(version == VERSION, "recordings of version {version} can't be read");
        let mut exchanges = Vec::new();
        for (index, line) in lines.enumerate() {
            ensure!(index < EXCHANGES_MAX, "there are more than {EXCHANGES_MAX} exchanges");
            let Ok(Line::Exchange(exchange)) = serde_json::from_str(line) else {
                bail!("exchange {} is malformed", index + 1);
            };
            exchanges.push(exchange);
        }
        let keys = keys.iter().map(|key| private_key(key)).collect::<Result<_>>()?;
        Ok(Self { extended_length: supports_extended_length, can: Zeroizing::new(can), keys, exchanges })
    }

    /// The recording as text.
    ///
    /// # Errors
    /// Never, as far as serde_json's promises go.
    pub fn to_text(&self) -> Result<String> {
        let header = Line::Header {
            version: VERSION,
            supports_extended_length: self.extended_length,
            keys: self.keys.iter().map(|key| hex::encode_upper(**key)).collect(),
            can: self.can.to_string(),
        };
        let lines = std::iter::once(header).chain(self.exchanges.iter().cloned().map(Line::Exchange));
        let mut text = String::new();
        for line in lines {
            text += &serde_json::to_string(&line)?;
            text.push('\n');
        }
        Ok(text)
    }
}

fn private_key(text: &str) -> Result<PrivateKey> {
    let mut key = PrivateKey::default();
    // The reason would quote the key.
    hex::decode_to_slice(text, &mut *key).ok().context("a key isn't of 32 bytes")?;
    Ok(key)
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recording({} exchanges)", self.exchanges.len())
    }
}
