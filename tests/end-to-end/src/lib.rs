//! Visits through the real window, and the demo.
//!
//! [`Stage`] starts everything that a desk talks to, each of it real and private: the smart card service with a simulated
//! card, an IPP printer, the reference account service, a keyring, accounts of staff. [`Window`] drives the app by WebDriver as
//! a clerk would, with the keyboard. [`visit()`] and [`carer()`] lead whole visits and write what they saw; [`tray()`] is the
//! table at which somebody plays with cards.
#![allow(clippy::print_stdout, reason = "the demo talks to whoever started it")]

mod administrator;
mod blocking;
mod cards;
mod carer;
mod centre;
mod chip;
mod clerk;
mod epa;
mod faults;
mod kills;
mod lasting;
mod leaks;
mod order;
mod paper;
mod passport;
mod people;
mod pin;
mod records;
mod report;
mod slides;
mod stage;
mod steps;
mod tray;
mod visit;
mod walk;
mod window;
mod without_card;

pub use cards::cards;
pub use carer::carer;
pub use centre::centre;
pub use epa::epa;
pub use faults::{faults, killed_while_reading, started_again, troubles};
pub use kills::kills;
pub use lasting::lasting;
pub use leaks::leaks;
pub use paper::Sheet;
pub use people::{
    CARER, CLERK, Colleague, FORMER_WARD, OTHER_CLERK, PERSONA, REVIEWER, STAFF, SUPERVISOR, WARD,
    WITHOUT_CARD,
};
pub use pin::pin;
pub use records::{DeskKey, print_key};
pub use report::{Report, Step};
pub use stage::Stage;
pub use tray::tray;
pub use visit::visit;
pub use window::{App, Window};
