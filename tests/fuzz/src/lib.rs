//! Fuzz targets as plain functions, their corpus replayed in the suite.
//!
//! A target takes any bytes, checks what must always hold (with `assert!`; that nothing panics, hangs or
//! grows without limit goes without saying), and returns whether the code under test took the bytes for good.
//! `corpus/TARGET/` holds its seeds: at least one that is taken and one that is refused. The people in them
//! are gematik's birds.
//!
//! `cargo test -p fuzz` sends every seed and a bounded number of mutations of it through every target, the
//! same ones each time. To search for longer, with coverage, use cargo-fuzz (it needs a nightly compiler)
//! from a folder of one's own:
//!
//! ```text
//! cargo fuzz init --fuzzing-workspace=true     # then add to its Cargo.toml:  fuzz = { path = "…/tests/fuzz" }
//! # fuzz_targets/tlv.rs:   #![no_main]
//! #                        libfuzzer_sys::fuzz_target!(|data: &[u8]| { fuzz::tlv(data); });
//! cargo +nightly fuzz run tlv …/tests/fuzz/corpus/tlv
//! ```
//!
//! Whatever input it finds goes into the corpus, under a name that says what it did.

mod health_card;
mod iso7816;

pub use health_card::{
    gdo, health_card, status_vd, version2, vsd_insurance_data, vsd_insurance_xml, vsd_personal_data,
    vsd_personal_xml,
};
pub use iso7816::{command_apdu, response_apdu, tlv, transcript};

/// A target: takes any bytes, returns whether they were taken for good.
pub type Target = fn(&[u8]) -> bool;

/// Every target with the name of its corpus folder.
pub const TARGETS: [(&str, Target); 12] = [
    ("command_apdu", command_apdu),
    ("gdo", gdo),
    ("health_card", health_card),
    ("response_apdu", response_apdu),
    ("status_vd", status_vd),
    ("tlv", tlv),
    ("transcript", transcript),
    ("version2", version2),
    ("vsd_insurance_data", vsd_insurance_data),
    ("vsd_insurance_xml", vsd_insurance_xml),
    ("vsd_personal_data", vsd_personal_data),
    ("vsd_personal_xml", vsd_personal_xml),
];
