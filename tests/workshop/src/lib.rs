//! Starts the real daemons privately, for tests and for the demo: nothing here is a stand-in, and nothing outlives the
//! value that started it.

pub mod keyring;
pub mod namespace;
pub mod pcscd;
pub mod pin_pad;
pub mod postgres;
pub mod printer;
pub mod process;
