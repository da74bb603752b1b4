//! Taking codes back, with what they opened.

use crate::{
    database::{Transaction, params},
    problem::Problem,
};

/// Which codes and representations.
pub(crate) enum RestingOn<'a> {
    /// Those that rest on an identification.
    Identification(&'a str),
    /// A representative's for one cared-for person.
    Representation { representative: &'a str, kvnr: &'a str },
    /// All about one person.
    Person(&'a str),
}

impl<'a> RestingOn<'a> {
    /// Column and value that they are found by, and the representative, if it is about one.
    pub(crate) const fn key(&self) -> (&'static str, &'a str, Option<&'a str>) {
        match *self {
            Self::Identification(identification) => ("identification", identification, None),
            Self::Representation { representative, kvnr } => ("kvnr", kvnr, Some(representative)),
            Self::Person(kvnr) => ("kvnr", kvnr, None),
        }
    }
}

/// Revokes codes that are open or were redeemed; the registrations and accesses that they are bound to or opened
/// are closed.
pub(crate) fn revoke(transaction: &Transaction<'_>, which: &RestingOn<'_>) -> Result<(), Problem> {
    let (column, key, representative) = which.key();
    let revoked = format!(
        "UPDATE codes SET state = 'REVOKED' WHERE state IN ('ACCEPTED', 'ACTIVE', 'REDEEMED')
         AND {column} = $1 AND (CAST($2 AS TEXT) IS NULL OR representative = $2)
         RETURNING id, registration"
    );
    let revoked = transaction.query(&revoked, params![key, representative], |row| {
        Ok((row.get("id")?, row.get("registration")?))
    })?;
    let revoked: Vec<(String, Option<String>)> = revoked;
    for (code, registration) in revoked {
        transaction.execute("UPDATE accesses SET state = 'CLOSED' WHERE code = $1", params![code])?;
        transaction.execute(
            "UPDATE registrations SET state = 'CLOSED' WHERE id = $1 AND state IN ('OPEN', 'ACTIVE')",
            params![registration],
        )?;
    }
    Ok(())
}
