//! The events' stored form: each kind has versions of its own, of which the newest is written and all are read.
//!
//! A version that was written once is frozen. To change an event: add the kind to the next version's module, let the one
//! before it no longer write it, upcast what it reads, and freeze a sample of the old body in the new module's tests.

use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    v1,
    v2::{self, Upcast},
};
use crate::StoreError;

/// Room for a body, so that it never moves in memory while growing; the largest of ours takes a quarter.
pub(super) const CAPACITY: usize = 4 * 1024;

/// Kind and body.
pub(super) type Encoded = Result<(&'static str, Zeroizing<Vec<u8>>), StoreError>;

/// Kind, version and body of an event of the rules, in the newest version of its kind.
pub(crate) fn encode(
    event: &identification::Event,
) -> Result<(&'static str, u32, Zeroizing<Vec<u8>>), StoreError> {
    let (version, encoded) = match v2::encode(event) {
        Some(encoded) => (v2::VERSION, encoded?),
        None => (v1::VERSION, v1::encode(event).ok_or(StoreError::Malformed { what: "kind of an event" })??),
    };
    let (kind, body) = encoded;
    Ok((kind, version, body))
}

/// The event of the rules in a body of any version.
pub(crate) fn decode(kind: &str, version: u32, body: &[u8]) -> Result<identification::Event, StoreError> {
    match version {
        v1::VERSION => match v2::upcast(v1::read(kind, body)?) {
            Upcast::Newer(event) => v2::into_rules(event),
            Upcast::Same(event) => v1::into_rules(event),
        },
        v2::VERSION => v2::into_rules(v2::read(kind, body)?),
        _ => Err(StoreError::Malformed { what: "version of an event" }),
    }
}

/// The JSON of an event of any version.
pub(super) fn write(event: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let mut body = Zeroizing::new(Vec::with_capacity(CAPACITY));
    serde_json::to_writer(&mut *body, event)
        .map_err(|_| StoreError::Malformed { what: "event to be written" })?;
    Ok(body)
}
