//! A desk against an authority and a TLS server of its own: what is signed is verified by RustCrypto, and the other
//! way round. The contract itself is held by the tests beside it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may panic")]

mod authority;
mod certificates;
mod checkpoints;
mod deliveries;
mod desk;
mod policies;
mod proxies;
mod records;
mod recovery;
mod server;
