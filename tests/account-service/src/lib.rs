//! The reference account service: the other side of `tests/contract/account-service.openapi.json`, whole and
//! real.
//!
//! For tests and the demo, on loopback. It is no mock: TLS 1.3 with its own certificate authority, an SQLite
//! database that survives a kill, JWE opened by its own code, codes kept as HMAC only. It shares no contract
//! type, codec, comparison of names or cryptography with the product (RustCrypto here, OpenSSL there), so that an error made on
//! one side can't hide behind the same error on the other. What a real service would keep in a hardware
//! security module lies in files of its directory.
//!
//! It decides for itself and believes a desk nothing that it can look up: who is insured ([`Member`]), whose names
//! and date of birth agree, what the register of representations holds ([`Filed`]), whether a code must await the
//! back office's release ([`Service::release`]), whether an identification is enough to open an electronic health record
//! ([`Service::has_epa`]), who may review what. A desk is confirmed what it has in hand; it
//! is never told a date of birth or a representative's other wards.
//!
//! The database isn't encrypted: it holds test people only. (The workspace builds SQLite as SQLCipher;
//! without a key that is plain SQLite.)

mod app;
mod app_api;
mod authority;
mod birth_date;
mod codes;
mod database;
mod delivery_api;
mod desk_api;
mod desks;
mod fault;
mod identifications;
mod jwe;
mod lookup_api;
mod members;
mod model;
mod names;
mod observer;
mod problem;
mod register;
mod representatives;
mod roll;
mod secrets;
mod server;
mod service;
mod symbols;

pub use app::{
    AppError, CustomerApp, NewRepresentative, Redeemed, Redeemer, Registration, RepresentativeRegistration,
};
pub use fault::Fault;
pub use members::MemberFlag;
pub use observer::{Exchange, Observer};
pub use register::{Area, Filed, RepresentationStatus};
pub use representatives::RepresentativeKind;
pub use roll::Member;
pub use service::{Clock, Config, Service};
