//! Plays smart cards on the vpcd socket behind the real pcscd: what a reader program gets to see is a card in
//! a PC/SC reader, with every byte on the wire.
//!
//! Shares no code with the product that is tested against it: TLV, APDU, XML, PACE and secure messaging are
//! written here once more, with other cryptographic libraries, so that an error in one isn't mirrored by the
//! other.

mod apdu;
pub mod birds;
pub mod card;
pub mod catalogue;
pub mod control;
mod crypto;
pub mod damage;
pub mod egk;
pub mod fault;
pub mod files;
mod other;
pub mod persona;
pub mod pin;
mod pki;
mod tariff;
mod tlv;
pub mod travel;
pub mod trust;
pub mod vpcd;
pub mod vsd;

pub use apdu::sw;
pub use card::{Card, Interface};
pub use catalogue::{catalogue, find};
pub use fault::Fault;
pub use persona::Persona;
pub use vpcd::{Exchange, Inserted, Slot};
