//! Reading columns: ids, times and digests, with a named error for what isn't well-formed.

use identification::{Scope, VisitId};
use jiff::Timestamp;
use rusqlite::{Row, types::ValueRef};
use uuid::Uuid;

use crate::{StoreError, seal::scope_from};

pub(crate) fn uuid(row: &Row<'_>, column: &str) -> Result<Uuid, StoreError> {
    bytes(row, column).map(Uuid::from_bytes)
}

pub(crate) fn optional_uuid(row: &Row<'_>, column: &str) -> Result<Option<Uuid>, StoreError> {
    if row.get_ref(column)? == ValueRef::Null { Ok(None) } else { uuid(row, column).map(Some) }
}

pub(crate) fn visit(row: &Row<'_>) -> Result<VisitId, StoreError> {
    uuid(row, "visit").map(VisitId::new)
}

pub(crate) fn scope(row: &Row<'_>) -> Result<Scope, StoreError> {
    scope_from(text(row, "scope_kind")?, uuid(row, "scope_id")?)
}

/// A BLOB of a fixed length.
pub(crate) fn bytes<const N: usize>(row: &Row<'_>, column: &str) -> Result<[u8; N], StoreError> {
    blob(row, column)?.try_into().map_err(|_| StoreError::Malformed { what: "length of a column" })
}

pub(crate) fn blob<'row>(row: &'row Row<'_>, column: &str) -> Result<&'row [u8], StoreError> {
    row.get_ref(column)?.as_blob().map_err(|_| StoreError::Malformed { what: "type of a column" })
}

pub(crate) fn text<'row>(row: &'row Row<'_>, column: &str) -> Result<&'row str, StoreError> {
    row.get_ref(column)?.as_str().map_err(|_| StoreError::Malformed { what: "type of a column" })
}

/// A time in UTC microseconds.
pub(crate) fn time(row: &Row<'_>, column: &str) -> Result<Timestamp, StoreError> {
    optional_time(row, column)?.ok_or(StoreError::Malformed { what: "a time is missing" })
}

pub(crate) fn optional_time(row: &Row<'_>, column: &str) -> Result<Option<Timestamp>, StoreError> {
    row.get::<_, Option<i64>>(column)?
        .map(|us| {
            Timestamp::from_microsecond(us)
                .map_err(|_| StoreError::Malformed { what: "a time is out of range" })
        })
        .transpose()
}
