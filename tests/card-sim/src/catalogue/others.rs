//! What else is put into a reader.

use super::{Entry, other};
use crate::other;

/// Cards of this kind.
pub(super) static CARDS: &[Entry] = &[
    other("hba", "a health professional card: no health application (6A82)", other::hba),
    other("smc-b", "a practice's card: no health application (6A82)", other::smc_b),
    other(
        "passport",
        "a passport: no health application (6A82), files only after BAC or PACE",
        other::passport,
    ),
    other("upside-down", "something is in the reader and doesn't answer to reset", other::upside_down),
    other("garbage-atr", "an answer to reset that makes no sense", other::garbage_atr),
    other("kvk", "a memory card of before 2015: its answer to reset, and nothing to talk to", other::kvk),
];
