//! What the tests of travel documents over the real pcscd share: the reading as a desk does it, its answer in
//! a line, and what is compared of two readings.
//!
//! The product's part is `pcsc_reader::Session` and `mrtd::read` in one process; pcscd and vpcd are real, the
//! documents are card-sim's. Readers are those of the health cards' tests.

pub mod answer;
pub mod facts;
pub mod reading;
pub mod trace;
