//! Which visit a sheet's public reference and a code belong to: derived from the events that generated them, and gone with
//! their concern.

use identification::{CodeId, Event, PublicReference, Scope, VisitId};
use rusqlite::Connection;
use uuid::Uuid;

use crate::{Store, StoreError, VisitRow, journal::format, row, seal::scope_parts, visits};

/// The kind of event that makes a code known.
pub(crate) const KIND: &str = "code_generated";

/// What an event makes known of a code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CodeReference {
    pub(crate) reference: String,
    pub(crate) code: Uuid,
    pub(crate) scope_id: Uuid,
}

impl Store {
    /// The visit that a sheet's public reference is of; `None` if there is none, or it was erased.
    ///
    /// # Errors
    /// What the database said.
    pub fn by_reference(
        &self,
        reference: &PublicReference,
    ) -> Result<Option<(VisitId, VisitRow)>, StoreError> {
        self.read(|connection| by_reference(connection, reference))
    }

    /// The visit that a code was given out in; likewise.
    ///
    /// # Errors
    /// What the database said.
    pub fn by_code(&self, code: CodeId) -> Result<Option<(VisitId, VisitRow)>, StoreError> {
        self.read(|connection| {
            let visit = connection
                .prepare_cached("SELECT visit FROM code_reference WHERE code = ?1")?
                .query_and_then([code.uuid().as_bytes().as_slice()], row::visit)?
                .next()
                .transpose()?;
            listed(connection, visit)
        })
    }
}

pub(crate) fn by_reference(
    connection: &Connection,
    reference: &PublicReference,
) -> Result<Option<(VisitId, VisitRow)>, StoreError> {
    let visit = connection
        .prepare_cached("SELECT visit FROM code_reference WHERE reference = ?1")?
        .query_and_then([reference.as_str()], row::visit)?
        .next()
        .transpose()?;
    listed(connection, visit)
}

fn listed(
    connection: &Connection,
    visit: Option<VisitId>,
) -> Result<Option<(VisitId, VisitRow)>, StoreError> {
    visit.map_or(Ok(None), |visit| visits::find(connection, visit))
}

/// What an event of `scope` says of a code; `None` for every other event, and for a body that is no event.
pub(crate) fn of(kind: &str, version: u32, body: &[u8], scope: Scope) -> Option<CodeReference> {
    if kind != KIND {
        return None;
    }
    let Ok(Event::CodeGenerated { code, reference, .. }) = format::decode(kind, version, body) else {
        return None;
    };
    let (_, scope_id) = scope_parts(scope);
    Some(CodeReference { reference: reference.as_str().to_owned(), code: code.uuid(), scope_id })
}

pub(crate) fn insert(
    connection: &Connection,
    visit: VisitId,
    found: &CodeReference,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO code_reference (reference, code, visit, scope_id) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((
            &found.reference,
            found.code.as_bytes().as_slice(),
            visit.uuid().as_bytes().as_slice(),
            found.scope_id.as_bytes().as_slice(),
        ))?;
    Ok(())
}

/// As [`insert`], putting out whatever stands in its place.
pub(crate) fn replace(
    connection: &Connection,
    visit: VisitId,
    found: &CodeReference,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM code_reference WHERE reference = ?1 OR code = ?2")?
        .execute((&found.reference, found.code.as_bytes().as_slice()))?;
    insert(connection, visit, found)
}

/// Forgets what a scope made known.
pub(crate) fn forget(connection: &Connection, scope: Uuid) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM code_reference WHERE scope_id = ?1")?
        .execute([scope.as_bytes().as_slice()])?;
    Ok(())
}

/// The references of a visit, in the order of their text.
pub(crate) fn of_visit(connection: &Connection, visit: VisitId) -> Result<Vec<CodeReference>, StoreError> {
    connection
        .prepare_cached(
            "SELECT reference, code, scope_id FROM code_reference WHERE visit = ?1 ORDER BY reference",
        )?
        .query_and_then([visit.uuid().as_bytes().as_slice()], |found| {
            Ok(CodeReference {
                reference: row::text(found, "reference")?.to_owned(),
                code: row::uuid(found, "code")?,
                scope_id: row::uuid(found, "scope_id")?,
            })
        })?
        .collect()
}

/// Forgets all references of a visit.
pub(crate) fn forget_visit(connection: &Connection, visit: VisitId) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM code_reference WHERE visit = ?1")?
        .execute([visit.uuid().as_bytes().as_slice()])?;
    Ok(())
}
