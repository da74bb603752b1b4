//! The desk itself: enrolment, renewal, heartbeat.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

/// Body of an enrolment.
#[derive(Serialize)]
pub(crate) struct EnrolmentRequest<'a> {
    pub(crate) token: &'a str,
    pub(crate) csr: &'a str,
}

/// Body of a renewal.
#[derive(Serialize)]
pub(crate) struct RenewalRequest<'a> {
    pub(crate) csr: &'a str,
}

/// Answer to an enrolment or a renewal.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CertificateGranted {
    pub(crate) certificate_chain: String,
}

/// Answer with the policy bundle.
#[derive(Deserialize)]
pub(crate) struct PolicyAnswer {
    pub(crate) bundle: String,
}

/// How a desk is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeskReport {
    /// Version of the program.
    pub app_version: String,
    /// Number of the policy bundle in force; 0 for the shipped profile.
    pub policy_serial: u64,
    /// Rows that wait to be delivered.
    pub waiting: u64,
    /// Rows that were refused for good and wait for a person.
    pub refused: u64,
    /// The desk's clock.
    pub desk_time: Timestamp,
}

/// The service is there and accepts this desk.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Heartbeat {
    /// The service's clock, for the desk's own check of its time.
    pub server_time: Timestamp,
    /// Number of the newest policy bundle; 0 for none.
    pub policy_serial: u64,
    /// Number of the newest event for this desk; 0 for none.
    pub last_event: u64,
    /// What the insurer wants of this desk; commands that this version doesn't know are left out.
    #[serde(deserialize_with = "known_commands")]
    pub commands: Vec<DeskCommand>,
}

/// What the insurer wants of a desk. The service repeats it until it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeskCommand {
    /// No visit until the insurer lifts it; what waits is delivered.
    Lock,
    /// Seal what waits ([`crate::seal_records`]) and destroy everything else.
    Wipe,
    /// Get the next certificate now.
    Renew,
}

fn known_commands<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<DeskCommand>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Word {
        Known(DeskCommand),
        Unknown(String),
    }
    let words = Vec::<Word>::deserialize(deserializer)?;
    let known = words.into_iter().filter_map(|word| match word {
        Word::Known(command) => Some(command),
        Word::Unknown(word) => {
            tracing::warn!(length = word.len(), "a command that this version does not know");
            None
        }
    });
    Ok(known.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_this_version_does_not_know_are_ignored() {
        let answer = r#"{"serverTime": "2026-01-05T09:00:00Z", "policySerial": 3, "lastEvent": 0, "news": 1,
            "commands": ["LOCK", "REFRESH_TRUST", "WIPE", "RENEW"]}"#;
        let heartbeat: Heartbeat = serde_json::from_str(answer).unwrap();
        assert_eq!(heartbeat.commands, [DeskCommand::Lock, DeskCommand::Wipe, DeskCommand::Renew]);
        for wrong in [r#"["LOCK", 1]"#, r#""LOCK""#, "null"] {
            let answer = answer.replace(r#"["LOCK", "REFRESH_TRUST", "WIPE", "RENEW"]"#, wrong);
            assert!(serde_json::from_str::<Heartbeat>(&answer).is_err(), "{wrong}");
        }
    }
}
