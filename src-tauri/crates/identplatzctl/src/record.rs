//! `record verify`: whether records were signed by a desk of ours, unchanged, and follow each other. Needs neither desk nor
//! network.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use account::{MAX_RECORD, RecordError, SequenceError, VerifiedRecord, check_sequence, verify_record};
use serde::Serialize;

use crate::{
    failure::{Failure, exit},
    language::Language,
};

/// Longest file of authorities, in bytes: some dozens of certificates.
const MAX_AUTHORITIES: usize = 256 * 1024;

/// Which records, by whose word.
#[derive(Debug, clap::Args)]
pub(crate) struct RecordVerify {
    /// The records, one JSON object a file
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Certificates, in PEM, of those who may certify desks
    #[arg(long, value_name = "FILE")]
    ca: PathBuf,
}

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct RecordReport {
    records: Vec<Checked>,
    /// Whether those that hold follow each other; there is something to follow from two on.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<Sequence>,
}

#[derive(Debug, Serialize)]
struct Checked {
    file: String,
    #[serde(flatten)]
    result: Outcome,
}

#[derive(Debug, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
enum Outcome {
    Valid {
        id: String,
        desk: String,
        seq: u64,
        /// Hexadecimal.
        hash: String,
        /// Hash of the record before it.
        prev: String,
        certificate: Certificate,
    },
    Invalid {
        reason: &'static str,
    },
}

#[derive(Debug, Serialize)]
struct Certificate {
    serial: String,
    valid_from: String,
    valid_until: String,
}

#[derive(Debug, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
enum Sequence {
    Complete,
    Gap { after: u64, found: u64 },
    Forked { seq: u64 },
    OtherDesk { seq: u64 },
}

impl RecordReport {
    /// Verifies each record, and those that hold as a sequence.
    pub(crate) fn make(options: &RecordVerify) -> Result<Self, Failure> {
        let authorities = read(&options.ca, MAX_AUTHORITIES)?;
        let (mut records, mut valid) = (Vec::new(), Vec::new());
        for file in &options.files {
            let result = match verify_record(&read(file, MAX_RECORD)?, &authorities) {
                Ok(record) => {
                    let outcome = Outcome::from(&record);
                    valid.push(record);
                    outcome
                }
                Err(RecordError::Authorities) => {
                    let what = options.ca.display().to_string();
                    return Err(Failure::NotRead { what, reason: RecordError::Authorities.to_string() });
                }
                Err(error) => Outcome::Invalid { reason: code(error) },
            };
            records.push(Checked { file: file.display().to_string(), result });
        }
        let sequence = (valid.len() > 1).then(|| check_sequence(&valid).into());
        Ok(Self { records, sequence })
    }

    /// [`exit::RECORD_INVALID`] unless all hold and follow each other.
    pub(crate) fn exit_code(&self) -> u8 {
        let hold = self.records.iter().all(|record| matches!(record.result, Outcome::Valid { .. }));
        let follow = matches!(self.sequence, None | Some(Sequence::Complete));
        if hold && follow { exit::OK } else { exit::RECORD_INVALID }
    }

    /// Lines for a person.
    pub(crate) fn to_text(&self, language: Language) -> String {
        let mut text: String = self.records.iter().map(|record| record.to_text(language)).collect();
        if let Some(sequence) = &self.sequence {
            text += &sequence.to_text(language);
        }
        text
    }
}

impl From<&VerifiedRecord> for Outcome {
    fn from(record: &VerifiedRecord) -> Self {
        let hex = |hash: &[u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect();
        Self::Valid {
            id: record.id.to_string(),
            desk: record.desk.clone(),
            seq: record.link.seq,
            hash: hex(&record.link.hash),
            prev: hex(&record.prev),
            certificate: Certificate {
                serial: record.signed_with.serial.clone(),
                valid_from: record.signed_with.not_before.to_string(),
                valid_until: record.signed_with.not_after.to_string(),
            },
        }
    }
}

impl From<Result<(), SequenceError>> for Sequence {
    fn from(checked: Result<(), SequenceError>) -> Self {
        match checked {
            Ok(()) => Self::Complete,
            Err(SequenceError::Gap { after, found }) => Self::Gap { after, found },
            Err(SequenceError::Forked { seq }) => Self::Forked { seq },
            Err(SequenceError::OtherDesk { seq }) => Self::OtherDesk { seq },
        }
    }
}

impl Checked {
    fn to_text(&self, language: Language) -> String {
        match &self.result {
            Outcome::Valid { desk, seq, certificate, .. } => {
                let Certificate { serial, valid_from, valid_until } = certificate;
                language.pick(
                    format!(
                        "{}: gültig, Platz {desk}, Datensatz {seq}, Zertifikat {serial} ({valid_from} bis \
                         {valid_until})\n",
                        self.file
                    ),
                    format!(
                        "{}: valid, desk {desk}, record {seq}, certificate {serial} ({valid_from} to {valid_until})\n",
                        self.file
                    ),
                )
            }
            Outcome::Invalid { reason } => {
                let why = match *reason {
                    "certificate" => language.pick(
                        "mit einem Zertifikat signiert, das keine der genannten Stellen ausgestellt hat",
                        "signed with a certificate that none of the named authorities issued",
                    ),
                    "desk" => language.pick(
                        "von einem anderen Platz signiert, als er nennt",
                        "signed by another desk than it names",
                    ),
                    "signature" => {
                        language.pick("nach dem Signieren verändert", "changed after it was signed")
                    }
                    _ => language.pick("kein Datensatz eines Platzes", "not a record of a desk"),
                };
                language.pick(
                    format!("{}: UNGÜLTIG, {why}\n", self.file),
                    format!("{}: INVALID, {why}\n", self.file),
                )
            }
        }
    }
}

impl Sequence {
    fn to_text(&self, language: Language) -> String {
        match self {
            Self::Complete => language.pick(
                "Die Datensätze folgen lückenlos aufeinander.\n".to_owned(),
                "The records follow each other without a gap.\n".to_owned(),
            ),
            Self::Gap { after, found } => language.pick(
                format!("Auf Datensatz {after} folgt {found}: Dazwischen fehlt etwas.\n"),
                format!("After record {after} comes {found}: something is missing in between.\n"),
            ),
            Self::Forked { seq } => language.pick(
                format!(
                    "Datensatz {seq} folgt nicht auf den davor: Es gibt zwei Fassungen der Geschichte.\n"
                ),
                format!("Record {seq} doesn't follow the one before it: there are two histories.\n"),
            ),
            Self::OtherDesk { seq } => language.pick(
                format!("Datensatz {seq} ist von einem anderen Platz.\n"),
                format!("Record {seq} is of another desk.\n"),
            ),
        }
    }
}

fn code(error: RecordError) -> &'static str {
    match error {
        RecordError::Authorities => "authorities",
        RecordError::Malformed => "malformed",
        RecordError::Certificate => "certificate",
        RecordError::Desk => "desk",
        RecordError::Signature => "signature",
    }
}

/// A text of no more than `limit` bytes.
fn read(path: &Path, limit: usize) -> Result<String, Failure> {
    let not_read = |reason: String| Failure::NotRead { what: path.display().to_string(), reason };
    let file = File::open(path).map_err(|error| not_read(error.to_string()))?;
    let mut text = String::new();
    file.take(limit as u64 + 1).read_to_string(&mut text).map_err(|error| not_read(error.to_string()))?;
    if text.len() > limit {
        return Err(not_read(format!("more than {limit} bytes")));
    }
    Ok(text)
}
