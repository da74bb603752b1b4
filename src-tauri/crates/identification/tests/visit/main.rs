//! Visits as the rules see them: each test is one sentence about what a desk may do.
//!
//! Rows D1–D25 are those of the decision table that `identification::TABLE` implements. Everybody at the desk comes
//! from gematik's published test data, the "birds" of spec-VSDM2.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure is the test's")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test is about some of many events")]

mod attacks;
mod blocking;
mod carers;
mod chip;
mod closing;
mod codes;
mod desk;
mod epa;
mod health_card;
mod insured;
mod interruption;
mod level;
mod line;
mod matrix;
mod offline;
mod people;
mod random;
mod representation;
mod second_look;
mod told;
mod wire;
