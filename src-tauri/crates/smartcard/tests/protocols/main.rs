//! PACE and secure messaging, against published sessions and against cards calculated with OpenSSL.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod card;
mod known_answers;
mod pace;
mod script;
mod secure_messaging;
mod sessions;
