//! Targets of `account`: what a desk, the service or the insurer has signed, and the service's answers.
//!
//! An authority whose key nobody has any more certified the signers in the seeds: what is taken has their signatures.

use account::{
    CentralEvents, CodeStatus, Delivery, Heartbeat, MAX_PROFILE, PolicyError, Problem, RecordLink,
    RecoveryKey, Representation, Representative, SealingKey, SequenceError, SignedPolicy, Subject,
    SubjectFlag, check_sequence, verify_checkpoint, verify_record,
};
use serde::de::DeserializeOwned;

/// The authority of the seeds.
const AUTHORITY: &str = include_str!("account-authority.pem");

/// A desk's record: what verifies has its place in the desk's chain, and no two records have the same.
pub fn record(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let Ok(record) = verify_record(text, AUTHORITY) else { return false };
    assert!(record.link.seq > RecordLink::START.seq && record.desk == "0312-04");
    let Err(SequenceError::Forked { seq }) = check_sequence(&[record.clone(), record.clone()]) else {
        return false;
    };
    assert!(seq == record.link.seq && check_sequence(&[record]).is_ok());
    true
}

/// What an outbox row holds: what is read of it is of one kind, and is written as it was.
pub fn outbox_row(data: &[u8]) -> bool {
    let kinds = ["refusal", "void"];
    let mut read = kinds.iter().filter_map(|kind| Delivery::from_payload(kind, data).ok());
    let Some(delivery) = read.next() else { return false };
    assert!(read.next().is_none() && *delivery.to_payload() == data);
    assert!(delivery.link.seq > RecordLink::START.seq);
    // The signature isn't looked at; who looks sees the same record.
    if let Ok(record) = verify_record(&delivery.body, AUTHORITY) {
        assert!((record.kind, record.id, record.link) == (delivery.kind, delivery.id, delivery.link));
    }
    true
}

/// A policy bundle: never one below the lowest that is taken, never a checkpoint.
pub fn policy_bundle(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let Ok(bundle) = SignedPolicy::verify(text, AUTHORITY, 0) else { return false };
    assert!(bundle.serial >= 1 && bundle.toml.len() <= MAX_PROFILE);
    let lowest = bundle.serial + 1;
    let older = SignedPolicy::verify(text, AUTHORITY, lowest);
    assert_eq!(older, Err(PolicyError::Older { serial: bundle.serial, lowest }));
    assert!(verify_checkpoint(text, AUTHORITY).is_err());
    true
}

/// A checkpoint: never a policy bundle.
pub fn checkpoint(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let taken = verify_checkpoint(text, AUTHORITY).is_ok();
    assert!(!taken || SignedPolicy::verify(text, AUTHORITY, 0).is_err());
    taken
}

/// Any answer of the service, read as each of them.
pub fn answers(data: &[u8]) -> bool {
    if let Some(subject) = read::<Subject>(data) {
        assert!(subject.needs_second_look() || !subject.flags.contains(&SubjectFlag::Unknown));
    }
    if let Some(key) = read::<SealingKey>(data) {
        assert!(account::seal("7KQ4XR9BTW2B", &key).is_ok());
    }
    if let Some(key) = read::<RecoveryKey>(data) {
        assert!(account::seal_records(&[], &key).is_ok());
    }
    let taken = [
        read::<Heartbeat>(data).is_some(),
        read::<CentralEvents>(data).is_some(),
        read::<Subject>(data).is_some(),
        read::<CodeStatus>(data).is_some(),
        read::<Representative>(data).is_some(),
        read::<Representation>(data).is_some(),
        read::<SealingKey>(data).is_some(),
        read::<Problem>(data).is_some(),
    ];
    taken.contains(&true)
}

fn read<T: DeserializeOwned>(data: &[u8]) -> Option<T> {
    serde_json::from_slice(data).ok()
}
