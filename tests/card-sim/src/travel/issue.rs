//! Who issues travel documents and how: zones, data groups, signatures, and the authorities behind them.

mod active;
mod authority;
mod certificate;
mod chip;
mod der;
mod document;
mod keys;
mod lds;
mod numbers;
mod scheme;
mod security_infos;
mod security_object;
mod signed_data;
mod signers;
mod state;
#[cfg(test)]
mod tests;
mod trust;
mod zone;

pub(crate) use active::rsa_key;
pub(crate) use document::GENERIC;
pub use document::{Flaw, KeyFields, Kind, TravelDocument};
pub use lds::Face;
pub use security_object::{Form, LDS_SECURITY_OBJECT, OLD_LDS_SECURITY_OBJECT, PLAIN_DATA};
pub use signers::SignerKind;
pub use state::State;
pub use trust::trust_files;
pub use zone::{Format, Zone, check_digit, transliterate};
