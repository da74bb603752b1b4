//! The store: what happened (journal), what the account service has yet to be told (outbox), which visits there are.
//!
//! One SQLCipher database a desk. [`Store`] writes, on one thread; [`Reader`] reads. Invariants:
//! - What [`Store::append`] has confirmed survives a crash at any moment; a batch is there whole or not at all.
//! - A body is sealed under the key of its scope, and the hash chain runs over the ciphertext: [`Store::erase`] destroys
//!   a key and leaves a chain that verifies. A visit's end and its wiping are one batch ([`Batch::erase`]).
//! - No document number is stored; a health insurance number stands in sealed bodies only.
//! - A damaged database is moved aside, never deleted.
//! - Nothing here decides anything; time and entropy are arguments.

mod backoff;
mod batch;
mod chain;
mod database;
mod erasure;
mod error;
mod folder;
mod journal;
mod key;
mod migrations;
mod outbox;
mod reader;
mod row;
mod seal;
mod store;
#[cfg(test)]
mod tests;
mod visits;
mod writer;

pub use backoff::{BASE, CAP, MAX_RETRY_AFTER, next_attempt};
pub use batch::{
    Batch, MAX_BODY, MAX_ERASED, MAX_KIND, MAX_OUTBOX_ROWS, MAX_PAYLOAD, MAX_RECORDS, OutboxRecord, Record,
    VisitRow, VisitState,
};
pub use chain::{Break, GENESIS, Head, Verification};
pub use erasure::Erased;
pub use error::StoreError;
pub use journal::OpenedRecord;
pub use key::DatabaseKey;
pub use outbox::{Depth, HOLDING_ATTEMPTS, MAX_WAITING, OutboxRow, Outcome};
pub use reader::Reader;
pub use store::Store;
pub use visits::MAX_VISITS;
