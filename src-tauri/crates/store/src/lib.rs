//! The store: what happened (journal), what the account service has yet to be told (outbox), which visits there are, who
//! looked whom up (access log).
//!
//! One SQLCipher database a desk. [`Store`] writes, on one thread; [`Reader`] reads. Invariants:
//! - What [`Store::append`] has confirmed survives a crash at any moment; a batch is there whole or not at all.
//! - A body is sealed under the key of its scope, and the hash chain runs over the ciphertext: [`Store::erase`] destroys
//!   a key and leaves a chain that verifies. A visit's end and its wiping are one batch ([`Batch::erase`]).
//! - Every scope has a retention class; what is due goes in runs that are proven ([`Store::erase_due`], [`Store::prove`]), what
//!   is under a legal hold stays ([`Store::hold`]), and no backup brings back what is gone ([`ErasureList`]).
//! - Nobody is looked up without a reason that is on disk first ([`Store::log_access`]).
//! - No document number is stored; a health insurance number stands in sealed bodies only.
//! - A damaged database is moved aside, never deleted.
//! - Nothing here decides anything; time and entropy are arguments.

mod access;
mod backoff;
mod backup;
mod batch;
mod chain;
mod database;
mod erasure;
mod erasure_list;
mod erasure_run;
mod error;
mod folder;
mod hold;
mod journal;
mod kept;
mod key;
mod migrations;
mod outbox;
mod pages;
mod proof;
mod prune;
mod reader;
mod rebuild;
mod record_chain;
mod recovery;
mod references;
mod restore;
mod retention;
mod row;
mod seal;
mod segments;
mod store;
mod tasks;
#[cfg(test)]
mod tests;
mod verify;
mod visits;
mod writer;

pub use access::{
    Access, AccessEntry, AccessId, AccessKind, AccessReason, AccessResult, AccessRole, Disclosure, HourCount,
    MAX_ACCESSES, StaffHour, Subject, SubjectRef, chain::AccessVerification,
};
pub use backoff::{BASE, CAP, MAX_RETRY_AFTER, next_attempt};
pub use backup::{BackupMade, OnProgress, Phase, Progress, is_backup, note_backup};
pub use batch::{
    Batch, MAX_BODY, MAX_ERASED, MAX_KIND, MAX_OUTBOX_ROWS, MAX_PAYLOAD, MAX_RECORDS, OutboxRecord, Record,
    VisitRow, VisitState,
};
pub use chain::{GENESIS, Head};
pub use erasure::Erased;
pub use erasure_list::ErasureList;
pub use erasure_run::{ErasureRun, MAX_RUN};
pub use error::StoreError;
pub use folder::STORE_FOLDER;
pub use hold::{Hold, HoldReason};
pub use journal::OpenedRecord;
pub use kept::{Kept, KeptName, MAX_KEPT};
pub use key::{BackupKey, DatabaseKey, Passphrase};
pub use outbox::{Depth, HOLDING_ATTEMPTS, MAX_PROBLEM, MAX_WAITING, OutboxRow, Outcome};
pub use proof::{MAX_CANARIES, Proof};
pub use prune::Pruned;
pub use reader::Reader;
pub use rebuild::{Difference, Differing, MAX_DIFFERENCES, Rebuilt};
pub use record_chain::RecordLink;
pub use recovery::{Condition, Content, Diagnosis, Recovered, diagnose, recover_outbox};
pub use restore::{Erasures, Restoration, Restored};
pub use retention::{Due, RetentionClass, RetentionPeriods};
pub use segments::{DeskRecord, MAX_CHECKPOINT, MAX_SEGMENT, Segment, SegmentDraft, SegmentEntry};
pub use store::Store;
pub use tasks::{MAX_TASKS, Task, TaskReason};
pub use verify::{Break, Verification};
pub use visits::MAX_VISITS;
