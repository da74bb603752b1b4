//! Certificates that take the place of others.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::{
    database::{Transaction, params},
    problem::Problem,
};

/// How long an old certificate serves at most beside its unused successor.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// Whether a certificate that was issued and not revoked still serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Serves,
    /// And with this use the one that it replaces is over.
    FirstUse,
    /// Another took its place.
    Over,
}

/// How a certificate (DER) stands.
pub(crate) fn standing(
    transaction: &Transaction<'_>,
    certificate: &[u8],
    now: Timestamp,
) -> Result<Standing, Problem> {
    let fingerprint = hash(certificate);
    let over = "SELECT 1 AS found FROM renewals
                WHERE (old = $1 AND NOT withdrawn AND (used OR at < $2)) OR (new = $1 AND withdrawn)";
    if transaction
        .exists(over, params![fingerprint, now.saturating_sub(OVERLAP).map_err(anyhow::Error::from)?])?
    {
        return Ok(Standing::Over);
    }
    let unused = "SELECT 1 AS found FROM renewals WHERE new = $1 AND NOT used";
    let unused = transaction.exists(unused, params![fingerprint])?;
    Ok(if unused { Standing::FirstUse } else { Standing::Serves })
}

/// The certificate was used: what it replaces is over.
pub(crate) fn note_use(transaction: &Transaction<'_>, certificate: &[u8]) -> Result<(), Problem> {
    transaction.execute("UPDATE renewals SET used = TRUE WHERE new = $1", params![hash(certificate)])?;
    Ok(())
}

/// `new` is to take the place of `old` (both DER), instead of any other that was to and was never used.
pub(crate) fn replace(
    transaction: &Transaction<'_>,
    old: &[u8],
    new: &[u8],
    now: Timestamp,
) -> Result<(), Problem> {
    let old = hash(old);
    transaction.execute("UPDATE renewals SET withdrawn = TRUE WHERE old = $1 AND NOT used", params![old])?;
    transaction.execute(
        "INSERT INTO renewals (new, old, at, used, withdrawn) VALUES ($1, $2, $3, FALSE, FALSE)",
        params![hash(new), old, now],
    )?;
    Ok(())
}

fn hash(of: &[u8]) -> [u8; 32] {
    Sha256::digest(of).into()
}
