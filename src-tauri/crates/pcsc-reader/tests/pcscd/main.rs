//! Monitor and sessions over the real pcscd, each test in a namespace of its own.

mod extended_length;
mod monitor;
mod pin_pad;
mod session;
mod support;
