//! Travel documents: passports, identity cards and residence permits with a chip (ICAO Doc 9303, BSI TR-03110).

mod chip;
mod issue;
mod profile;

pub use crate::crypto::{
    cipher::Cipher,
    elliptic::Curve,
    encoding::Encoding,
    group::{ChipKey, DhGroup, Group},
    signature::Hash,
};
pub use issue::{
    Face, Flaw, Form, Format, KeyFields, Kind, LDS_SECURITY_OBJECT, OLD_LDS_SECURITY_OBJECT, PLAIN_DATA,
    SignerKind, State, TravelDocument, Zone, check_digit, transliterate, trust_files,
};
pub(crate) use issue::{GENERIC, rsa_key};
pub use profile::{
    AccessProfile, ActiveAuthentication, BeyondMaximum, ChipAuthentication, ChipProfile, Directory, EID_AID,
    FileId, LDS1_AID, MAX_DELAY, Mapping, PaceOffer, Quirks,
};
