//! The reference account service: the other side of `tests/contract/account-service.openapi.json`, whole and
//! real.
//!
//! For tests and the demo, on loopback. It is no mock: TLS 1.3 with its own certificate authority, an SQLite
//! database that survives a kill, JWE opened by its own code, codes kept as HMAC only. It shares no contract
//! type, codec or cryptography with the product (RustCrypto here, OpenSSL there), so that an error made on
//! one side can't hide behind the same error on the other. What a real service would keep in a hardware
//! security module lies in files of its directory.
//!
//! The database isn't encrypted: it holds test people only. (The workspace builds SQLite as SQLCipher;
//! without a key that is plain SQLite.)

mod app;
mod app_api;
mod authority;
mod codes;
mod database;
mod desk_api;
mod desks;
mod fault;
mod jwe;
mod members;
mod model;
mod observer;
mod problem;
mod secrets;
mod server;
mod service;
mod symbols;

pub use app::{AppError, CustomerApp, Registration};
pub use fault::Fault;
pub use observer::{Exchange, Observer};
pub use service::{Clock, Config, Service};
