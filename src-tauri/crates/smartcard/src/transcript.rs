//! Transcripts: a conversation with a card as JSON lines, for support, tests and replay.
//!
//! The first line is the header, each further line one exchange in the order of the conversation:
//! ```json
//! {"transcript":"iso7816","version":1,"extended_length":"no"}
//! {"command":{"header":"00A4040C","data":"D27600000102","ne":0},"response":{"data":"","status":"9000"}}
//! {"command":{"header":"00B08100","data":"","ne":256},"response":{"data":"*256","status":"9000"}}
//! ```
//! Bytes are hexadecimal. `*256` stands for 256 hidden bytes, `*` for hidden bytes of a hidden number. An
//! exchange without an answer has `"failure"` (a [`ChannelError`](crate::ChannelError)) in place of
//! `"response"`.

mod format;
mod record;
mod replay;

pub use format::{EXCHANGES_MAX, LINE_BYTES_MAX, Transcript, TranscriptError, VERSION};
pub use record::{Disclosure, Recorder};
pub use replay::{Divergence, Replay};
