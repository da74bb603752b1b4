//! The reference account service: the other side of `tests/contract/account-service.openapi.json`, whole and
//! real.
//!
//! For tests and the demo, on loopback. It is no mock: TLS 1.3 with its own certificate authority, a
//! database that survives a kill, JWE opened by its own code, codes kept as HMAC only. It shares no contract
//! type, codec, comparison of names or cryptography with the product (RustCrypto here, OpenSSL there), so that an error made on
//! one side can't hide behind the same error on the other. What a real service would keep in a hardware
//! security module lies in files of its directory.
//!
//! It is a reference, no service for an insurer to run: every answer names it so in the header `Server`, and the program in
//! its first line. It has no staff to sign in, no second instance of itself, no supervision; its back office is methods
//! ([`Service::report_event`], [`Service::publish_policy`], [`Service::command`], [`Service::access_report`]).
//!
//! Every record that a desk delivers must be signed with a certificate that the service issued to it, and fit the chain
//! of the desk's records; the journals' segments are recomputed and countersigned. Both are followed within one life of a
//! desk ([`DeskLife`]): a desk that was restored from a backup is enrolled anew and goes on from an older place.
//!
//! It decides for itself and believes a desk nothing that it can look up: who is insured ([`Member`]), whose names
//! and date of birth agree, what the register of representations holds ([`Filed`]), whether a code must await the
//! back office's release ([`Service::release`]), whether an identification is enough to open an electronic health record
//! ([`Service::has_epa`]), who may review what. A desk is confirmed what it has in hand; it
//! is never told a date of birth or a representative's other wards.
//!
//! It keeps what it is told in an SQLite file or in PostgreSQL ([`Storage`]). The database isn't encrypted: it holds test
//! people only. (The workspace builds SQLite as SQLCipher; without a key that is plain SQLite.)

mod app;
mod app_api;
mod authority;
mod back_office;
mod birth_date;
mod blockings;
mod codes;
mod database;
mod deeds;
mod delivery_api;
mod desk_api;
mod desks;
mod events;
mod fault;
mod fleet_api;
mod heartbeats;
mod identifications;
mod jcs;
mod jwe;
mod jws;
mod limits;
mod lives;
mod lookup_api;
mod members;
mod model;
mod names;
mod notices;
mod observer;
mod policies;
mod problem;
mod record;
mod refusals;
mod register;
mod renewals;
mod report;
mod representatives;
mod retention;
mod roll;
mod secrets;
mod segments;
mod server;
mod service;
mod signing;
mod symbols;

pub use app::{
    AppError, CustomerApp, NewRepresentative, Notice, Redeemed, Redeemer, Registration,
    RepresentativeRegistration,
};
pub use back_office::RecordGap;
pub use database::Storage;
pub use events::EventKind;
pub use fault::Fault;
pub use heartbeats::{DeskCommand, DeskStatus};
pub use lives::{Beginning, DeskLife};
pub use members::MemberFlag;
pub use observer::{Exchange, Observer};
pub use register::{Area, Filed, RepresentationStatus};
pub use representatives::RepresentativeKind;
pub use roll::Member;
pub use service::{Clock, Config, Service};
