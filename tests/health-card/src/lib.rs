//! What the tests of health cards over the real pcscd share: readers that tests take turns at, the reading as a desk
//! does it, and its answer in a line.
//!
//! The product's part is `pcsc_reader::Session` and `egk::read` in one process; pcscd and vpcd are real, the cards are
//! card-sim's.

pub mod answer;
pub mod pcscd;
pub mod readers;
pub mod reading;
