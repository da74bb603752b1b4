//! Which desks there are: tokens given out, certificates issued, revocations.

use base64ct::{Base64UrlUnpadded, Encoding};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    database::{Transaction, params},
    lives,
    problem::Problem,
};

/// Bytes of randomness in a token.
const TOKEN: usize = 24;

/// Gives out a one-time token for a desk; only its hash is kept.
pub(crate) fn give_token(transaction: &Transaction<'_>, desk: &str) -> Result<String, Problem> {
    let mut bytes = [0; TOKEN];
    getrandom::fill(&mut bytes).map_err(anyhow::Error::from)?;
    let token = Base64UrlUnpadded::encode_string(&bytes);
    let given = "INSERT INTO tokens (hash, desk) VALUES ($1, $2)";
    transaction.execute(given, params![hash(token.as_bytes()), desk])?;
    Ok(token)
}

/// Spends a token; the desk that it was given out for.
pub(crate) fn spend_token(transaction: &Transaction<'_>, token: &str) -> Result<String, Problem> {
    let spent = "UPDATE tokens SET spent = TRUE WHERE hash = $1 AND NOT spent RETURNING desk";
    let desk = transaction.query_opt(spent, params![hash(token.as_bytes())], |row| row.get("desk"))?;
    desk.ok_or(Problem::EnrolmentTokenInvalid)
}

/// Begins a new life of a desk with this certificate (DER): those of earlier lives are over.
pub(crate) fn begin_life(
    transaction: &Transaction<'_>,
    certificate: &[u8],
    desk: &str,
    now: Timestamp,
) -> Result<(), Problem> {
    let life = lives::begin(transaction, desk, now)?;
    admit(transaction, certificate, (desk, life))
}

/// Admits a certificate in the life of the one that it is to replace (both DER).
pub(crate) fn continue_life(
    transaction: &Transaction<'_>,
    new: &[u8],
    old: &[u8],
    desk: &str,
) -> Result<(), Problem> {
    let life = issued_in_life(transaction, old, desk)?.ok_or(Problem::Unauthenticated)?;
    admit(transaction, new, (desk, life))
}

fn admit(
    transaction: &Transaction<'_>,
    certificate: &[u8],
    (desk, life): (&str, i64),
) -> Result<(), Problem> {
    let admitted = "INSERT INTO desks (fingerprint, desk, life) VALUES ($1, $2, $3)";
    transaction.execute(admitted, params![hash(certificate), desk, life])?;
    Ok(())
}

/// The desk of a certificate that TLS has verified already.
pub(crate) fn recognize(transaction: &Transaction<'_>, certificate: &[u8]) -> Result<String, Problem> {
    let query = "SELECT desk, revoked, life,
                   (SELECT max(lives.life) FROM lives WHERE lives.desk = desks.desk) AS newest
                 FROM desks WHERE fingerprint = $1";
    let found = transaction.query_opt(query, params![hash(certificate)], |row| {
        let lives = (row.get::<i64>("life")?, row.get::<i64>("newest")?);
        Ok((row.get::<String>("desk")?, row.get::<bool>("revoked")?, lives))
    })?;
    match found {
        // Whoever holds a stolen desk is told so, though the desk lives on elsewhere.
        Some((_, true, _)) => Err(Problem::WorkstationRevoked),
        Some((desk, false, (life, newest))) if life == newest => Ok(desk),
        Some(_) | None => Err(Problem::Unauthenticated),
    }
}

/// In which life of that desk the service has issued that certificate (DER) to it, be it over or revoked; `None` when it
/// hasn't.
pub(crate) fn issued_in_life(
    transaction: &Transaction<'_>,
    certificate: &[u8],
    desk: &str,
) -> Result<Option<i64>, Problem> {
    let issued = "SELECT life FROM desks WHERE fingerprint = $1 AND desk = $2";
    Ok(transaction.query_opt(issued, params![hash(certificate), desk], |row| row.get("life"))?)
}

/// Revokes every certificate of a desk.
pub(crate) fn revoke(transaction: &Transaction<'_>, desk: &str) -> Result<(), Problem> {
    let revoked = transaction.execute("UPDATE desks SET revoked = TRUE WHERE desk = $1", params![desk])?;
    if revoked == 0 {
        return Err(anyhow::anyhow!("no such desk").into());
    }
    Ok(())
}

fn hash(of: &[u8]) -> [u8; 32] {
    Sha256::digest(of).into()
}
