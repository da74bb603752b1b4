//! The machine-readable zone (ICAO Doc 9303-3 to -7): read, checked, corrected if asked for, received from a scanner.
//!
//! Document number, optional data and nationality have no accessor: they serve the check digits and the [`AccessKey`],
//! and never leave this crate.

mod access_key;
mod confusion;
mod correct;
mod countries;
mod date;
mod document;
mod issuer;
mod layout;
mod name;
mod raw;
pub mod scan;
#[cfg(test)]
mod tests;
mod zone;

pub use access_key::{AccessKey, AccessKeyError};
pub use correct::{Corrected, Correction, correct};
pub use date::{DateError, MrzDate, check_digit};
pub use document::DocumentKind;
pub use issuer::Issuer;
pub use layout::{Field, Format};
pub use name::MrzName;
pub use raw::MrzError;
pub use zone::{Checks, MachineReadableZone};
