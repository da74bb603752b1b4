//! What is signed: by the desk its records, by the insurer policies and checkpoints.

mod certificates;
mod checkpoint;
mod json;
mod jws;
mod policy;
mod record;

pub(crate) use certificates::Leaf;
pub use certificates::SignedWith;
pub use checkpoint::{Checkpoint, CheckpointError, MAX_CHECKPOINT, verify_checkpoint};
pub use policy::{MAX_BUNDLE, MAX_PROFILE, PolicyBundle, PolicyError, SignedPolicy};
pub use record::{
    MAX_RECORD, RecordError, RecordLink, SequenceError, SignError, VerifiedRecord, check_sequence,
    verify_record,
};
pub(crate) use record::{frozen, sign};
