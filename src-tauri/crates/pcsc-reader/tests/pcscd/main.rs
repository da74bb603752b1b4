//! Monitor and sessions over the real pcscd, each test in a namespace of its own.

mod monitor;
mod session;
mod support;
