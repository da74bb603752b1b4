//! Checkpoints: the service's word that it has a desk's journal up to an event.

use base64ct::{Base64UrlUnpadded, Encoding};
use jiff::Timestamp;
use serde::Deserialize;

use super::{
    certificates::Authorities,
    jws::{Jws, JwsError},
};

/// Type of the signature of a checkpoint.
const TYPE: &str = "identplatz-checkpoint";
/// Whom the signer's certificate must name: an authority also certifies desks, which may not sign checkpoints.
const SIGNER: &str = "urn:identplatz:service";
/// Longest checkpoint, in bytes: the contract's.
pub const MAX_CHECKPOINT: usize = 8 * 1024;

/// A checkpoint whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose journal.
    pub desk: String,
    /// Number of the last event that the service has.
    pub seq: u64,
    /// Hash of that event in the journal's chain.
    pub hash: [u8; 32],
    /// When the service signed.
    pub at: Timestamp,
}

/// Why a checkpoint doesn't count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The authorities' certificates are unreadable.
    #[error("the authorities' certificates can't be used")]
    Authorities,
    /// Not a checkpoint of the contract.
    #[error("not a checkpoint")]
    Malformed,
    /// None of the authorities issued the certificate that it is signed with, or that isn't the service's, or it
    /// wasn't valid then.
    #[error("the checkpoint is not signed by the account service")]
    Signer,
    /// It was changed after it was signed.
    #[error("the checkpoint's signature is wrong")]
    Signature,
}

#[derive(Deserialize)]
struct Payload {
    desk: String,
    seq: u64,
    hash: String,
    at: Timestamp,
}

/// Verifies a checkpoint without asking anybody. `authorities_pem` are the certificates, in PEM, of the service's
/// authority. That it is this desk's and fits its journal is left to the caller.
///
/// # Errors
/// [`CheckpointError`].
pub fn verify_checkpoint(jws: &str, authorities_pem: &str) -> Result<Checkpoint, CheckpointError> {
    let authorities = Authorities::from_pem(authorities_pem).ok_or(CheckpointError::Authorities)?;
    if jws.len() > MAX_CHECKPOINT {
        return Err(CheckpointError::Malformed);
    }
    let jws = Jws::parse(jws, TYPE).ok_or(CheckpointError::Malformed)?;
    jws.verify(jws.payload, &authorities).map_err(|error| match error {
        JwsError::Certificate => CheckpointError::Signer,
        JwsError::Signature => CheckpointError::Signature,
    })?;
    let payload: Payload = Base64UrlUnpadded::decode_vec(jws.payload)
        .ok()
        .and_then(|payload| serde_json::from_slice(&payload).ok())
        .ok_or(CheckpointError::Malformed)?;
    let valid = jws.leaf.signed_with().is_some_and(|with| with.was_valid_at(payload.at));
    if !jws.leaf.names(SIGNER) || !valid {
        return Err(CheckpointError::Signer);
    }
    let mut hash = [0; 32];
    let decoded = Base64UrlUnpadded::decode(&payload.hash, &mut hash).map(<[u8]>::len);
    if decoded != Ok(hash.len()) {
        return Err(CheckpointError::Malformed);
    }
    Ok(Checkpoint { desk: payload.desk, seq: payload.seq, hash, at: payload.at })
}
