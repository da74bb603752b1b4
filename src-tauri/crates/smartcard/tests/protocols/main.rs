//! PACE, Basic Access Control, key agreement and secure messaging, against published sessions and against cards calculated with OpenSSL.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod bac;
mod card;
mod key_agreement;
mod known_answers;
mod mappings;
mod pace;
mod pace_choice;
mod script;
mod secure_messaging;
mod security_infos;
mod sessions;
mod worked_examples;
