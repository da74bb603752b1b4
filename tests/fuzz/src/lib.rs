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

mod account_service;
mod air;
mod certificates;
mod files;
mod health_card;
mod iso7816;
mod passive_authentication;
mod secure_channel;
mod settings;
mod travel_document;
mod triple_des;
mod worked_examples;
mod zone;

pub use account_service::{answers, checkpoint, outbox_row, policy_bundle, record};
pub use certificates::{cardholder_certificate, cvc, trust_file};
pub use files::{
    gdo, status_vd, version2, vsd_insurance_data, vsd_insurance_xml, vsd_personal_data, vsd_personal_xml,
};
pub use health_card::health_card;
pub use iso7816::{command_apdu, response_apdu, tlv, transcript};
pub use passive_authentication::{card_security, master_list, security_object};
pub use secure_channel::{card_access, pace, secure_messaging};
pub use settings::profile;
pub use travel_document::{dg1, face_record};
pub use triple_des::secure_messaging_3des;
pub use worked_examples::{bac, key_agreement, pace_mappings, security_infos};
pub use zone::{mrz, mrz_scan};

/// A target: takes any bytes, returns whether they were taken for good.
pub type Target = fn(&[u8]) -> bool;

/// Every target with the name of its corpus folder.
pub const TARGETS: [(&str, Target); 36] = [
    ("answers", answers),
    ("bac", bac),
    ("card_access", card_access),
    ("card_security", card_security),
    ("cardholder_certificate", cardholder_certificate),
    ("checkpoint", checkpoint),
    ("command_apdu", command_apdu),
    ("cvc", cvc),
    ("dg1", dg1),
    ("face_record", face_record),
    ("gdo", gdo),
    ("health_card", health_card),
    ("key_agreement", key_agreement),
    ("master_list", master_list),
    ("mrz", mrz),
    ("mrz_scan", mrz_scan),
    ("outbox_row", outbox_row),
    ("pace", pace),
    ("pace_mappings", pace_mappings),
    ("policy_bundle", policy_bundle),
    ("profile", profile),
    ("record", record),
    ("response_apdu", response_apdu),
    ("secure_messaging", secure_messaging),
    ("secure_messaging_3des", secure_messaging_3des),
    ("security_infos", security_infos),
    ("security_object", security_object),
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
