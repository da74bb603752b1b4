//! Machine-readable travel documents (ICAO Doc 9303): passports, identity cards and residence permits.
//!
//! [`read()`] opens a chip with what is printed on the document, reads the machine-readable zone and, if that is admitted,
//! the face, and tells how far the chip and its data are genuine. What leaves this crate is what the caller's [`Admitted`]
//! names; document number, optional data and nationality never do. Nothing here stores anything.

mod access;
mod active_authentication;
mod admitted;
mod chip_authentication;
mod data_group;
mod directory;
mod driving_licence;
mod error;
mod file;
pub mod lds;
pub mod mrz;
pub mod passive;
mod quietly;
mod read;
mod reading;
mod session;
#[cfg(test)]
mod test_chip;
#[cfg(test)]
mod test_pki;
pub mod trust;
mod verdict;

pub use access::{Access, Password};
pub use admitted::{Admission, Admitted, Disclosure, IssuedBy};
pub use data_group::DataGroup;
pub use driving_licence::{LicenceNumberError, check_driving_licence_number};
pub use error::{MrtdError, Problem};
pub use file::MrtdFile;
pub use read::{Progress, Request, read};
pub use reading::{Authenticity, DocumentReading, Holder, Warning};
pub use smartcard::pace::{CAN_DIGITS, Can};
pub use verdict::{Reason, Verdict};
