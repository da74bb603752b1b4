//! Who may work at this desk, and how they prove who they are.
//!
//! | file | what stands there |
//! |---|---|
//! | `member` | [`Member`] and [`Role`]: what every way of signing in ends in |
//! | `accounts` | [`Accounts`]: the first way, an account at this desk with a PIN |
//! | `accounts_file` | the administrator's file of accounts, checked key by key |
//! | `tries` | the desk's file of wrong tries |
//! | `pin`, `hash` | [`Pin`], and what of it is written down: an Argon2id hash |
//!
//! Another way of signing in is a file beside `accounts` that ends in a [`Member`], too.
//!
//! What this defends against: somebody at the desk's keyboard who guesses. Whoever can write the desk's own files, as its OS
//! account or its administrator, can let himself in; against those stand the permissions of the operating system.
//!
//! Calls block for as long as a disk and some 30 ms of hashing take: none of them belongs on a thread that serves others.

mod accounts;
mod accounts_file;
mod error;
mod hash;
mod member;
mod pin;
mod tries;

pub use accounts::Accounts;
pub use accounts_file::{MAX_FILE_BYTES, MAX_MEMBERS};
pub use error::{PinError, StaffError};
pub use hash::hash_pin;
pub use member::{Member, Role};
pub use pin::{InvalidPin, Pin};
pub use tries::{LOCK, MAX_TRIES};
