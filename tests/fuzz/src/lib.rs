//! Fuzz targets as plain functions, their corpus replayed in the suite.
//!
//! A target takes any bytes, checks what must always hold (with `assert!`; that nothing panics, hangs or
//! grows without limit goes without saying), and returns whether the code under test took the bytes for good.
//! `corpus/TARGET/` holds its seeds: at least one that is taken and one that is refused. The people in them
//! are gematik's birds.
//!
//! `cargo test -p fuzz` sends every seed and a bounded number of mutations of it through every target, the
//! same ones each time. `libfuzzer/README.md` says how to search for longer, led by coverage. Whatever input that
//! finds goes into the corpus, under a name that says what it did.

mod air;
mod certificates;
mod files;
mod health_card;
mod iso7816;
mod secure_channel;

pub use certificates::{cardholder_certificate, cvc, trust_file};
pub use files::{
    gdo, status_vd, version2, vsd_insurance_data, vsd_insurance_xml, vsd_personal_data, vsd_personal_xml,
};
pub use health_card::health_card;
pub use iso7816::{command_apdu, response_apdu, tlv, transcript};
pub use secure_channel::{card_access, pace, secure_messaging};

/// A target: takes any bytes, returns whether they were taken for good.
pub type Target = fn(&[u8]) -> bool;

/// Every target with the name of its corpus folder.
pub const TARGETS: [(&str, Target); 18] = [
    ("card_access", card_access),
    ("cardholder_certificate", cardholder_certificate),
    ("command_apdu", command_apdu),
    ("cvc", cvc),
    ("gdo", gdo),
    ("health_card", health_card),
    ("pace", pace),
    ("response_apdu", response_apdu),
    ("secure_messaging", secure_messaging),
    ("status_vd", status_vd),
    ("tlv", tlv),
    ("transcript", transcript),
    ("trust_file", trust_file),
    ("version2", version2),
    ("vsd_insurance_data", vsd_insurance_data),
    ("vsd_insurance_xml", vsd_insurance_xml),
    ("vsd_personal_data", vsd_personal_data),
    ("vsd_personal_xml", vsd_personal_xml),
];
