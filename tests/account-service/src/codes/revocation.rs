//! Taking codes back, with what they opened.

use rusqlite::{Transaction, named_params};

use crate::problem::Problem;

/// Which codes.
pub(crate) enum RestingOn<'a> {
    /// Those that rest on an identification.
    Identification(&'a str),
    /// A representative's for one cared-for person.
    Representation { representative: &'a str, kvnr: &'a str },
    /// All about one person.
    Person(&'a str),
}

/// Revokes codes that are open or were redeemed; the registrations and accesses that they are bound to or opened
/// are closed.
pub(crate) fn revoke(transaction: &Transaction<'_>, which: RestingOn<'_>) -> Result<(), Problem> {
    let (identification, representative, kvnr) = match which {
        RestingOn::Identification(identification) => (Some(identification), None, None),
        RestingOn::Representation { representative, kvnr } => (None, Some(representative), Some(kvnr)),
        RestingOn::Person(kvnr) => (None, None, Some(kvnr)),
    };
    let mut query = transaction.prepare_cached(
        "UPDATE codes SET state = 'REVOKED' WHERE state IN ('ACCEPTED', 'ACTIVE', 'REDEEMED')
         AND (:identification IS NULL OR identification = :identification)
         AND (:representative IS NULL OR representative = :representative)
         AND (:kvnr IS NULL OR kvnr = :kvnr)
         RETURNING id, registration",
    )?;
    let bounds = named_params! {
        ":identification": identification, ":representative": representative, ":kvnr": kvnr,
    };
    let revoked = query.query_map(bounds, |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (code, registration) in revoked.collect::<rusqlite::Result<Vec<(String, Option<String>)>>>()? {
        transaction.execute("UPDATE accesses SET state = 'CLOSED' WHERE code = ?1", [code])?;
        transaction.execute(
            "UPDATE registrations SET state = 'CLOSED' WHERE id = ?1 AND state IN ('OPEN', 'ACTIVE')",
            [registration],
        )?;
    }
    Ok(())
}
