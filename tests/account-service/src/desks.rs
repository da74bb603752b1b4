//! Which desks there are: tokens given out, certificates issued, revocations.

use base64ct::{Base64UrlUnpadded, Encoding};
use rusqlite::{OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// Bytes of randomness in a token.
const TOKEN: usize = 24;

/// Gives out a one-time token for a desk; only its hash is kept.
pub(crate) fn give_token(transaction: &Transaction<'_>, desk: &str) -> Result<String, Problem> {
    let mut bytes = [0; TOKEN];
    getrandom::fill(&mut bytes).map_err(anyhow::Error::from)?;
    let token = Base64UrlUnpadded::encode_string(&bytes);
    transaction
        .execute("INSERT INTO tokens (hash, desk) VALUES (?1, ?2)", params![hash(token.as_bytes()), desk])?;
    Ok(token)
}

/// Spends a token; the desk that it was given out for.
pub(crate) fn spend_token(transaction: &Transaction<'_>, token: &str) -> Result<String, Problem> {
    let spent = "UPDATE tokens SET spent = 1 WHERE hash = ?1 AND spent = 0 RETURNING desk";
    let desk = transaction.query_row(spent, [hash(token.as_bytes())], |row| row.get(0)).optional()?;
    desk.ok_or(Problem::EnrolmentTokenInvalid)
}

/// Remembers an issued certificate (DER).
pub(crate) fn admit(transaction: &Transaction<'_>, certificate: &[u8], desk: &str) -> Result<(), Problem> {
    let admitted = "INSERT INTO desks (fingerprint, desk) VALUES (?1, ?2)";
    transaction.execute(admitted, params![hash(certificate), desk])?;
    Ok(())
}

/// The desk of a certificate that TLS has verified already.
pub(crate) fn recognize(transaction: &Transaction<'_>, certificate: &[u8]) -> Result<String, Problem> {
    let found: Option<(String, bool)> = transaction
        .query_row("SELECT desk, revoked FROM desks WHERE fingerprint = ?1", [hash(certificate)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    match found {
        Some((desk, false)) => Ok(desk),
        Some((_, true)) => Err(Problem::WorkstationRevoked),
        None => Err(Problem::Unauthenticated),
    }
}

/// Revokes every certificate of a desk.
pub(crate) fn revoke(transaction: &Transaction<'_>, desk: &str) -> Result<(), Problem> {
    let revoked = transaction.execute("UPDATE desks SET revoked = 1 WHERE desk = ?1", [desk])?;
    if revoked == 0 {
        return Err(anyhow::anyhow!("no such desk").into());
    }
    Ok(())
}

fn hash(of: &[u8]) -> [u8; 32] {
    Sha256::digest(of).into()
}
