//! Devices of the kernel's own, without a cable: a scanner on a pseudo-terminal, and one that types (uinput).

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may"
)]

mod keyboard;
mod serial;
mod support;
