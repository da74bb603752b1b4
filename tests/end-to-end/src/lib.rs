//! Visits through the real window, and the demo.
//!
//! [`Stage`] starts everything that a desk talks to, each of it real and private: the smart card service with a simulated
//! card, an IPP printer, the reference account service, a keyring. [`Window`] drives the app by WebDriver as a clerk would,
//! with the keyboard. [`walk`] leads one whole visit and writes what it saw.
#![allow(clippy::print_stdout, reason = "the demo talks to whoever started it")]

mod faults;
mod paper;
mod report;
mod stage;
mod walk;
mod window;

pub use faults::{faults, killed_while_reading, started_again};
pub use paper::Sheet;
pub use report::{Report, Step};
pub use stage::{PERSONA, Stage};
pub use walk::walk;
pub use window::Window;
