//! `record verify`: signatures and sequence, without desk and network.

use std::{fs, path::PathBuf};

use account::{Delivery, DeskIdentity, RecordLink, VoidReason, VoidRecord};
use anyhow::Result;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SanType,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::support::{Ran, run, text};

/// An authority, a desk that it certified, and a folder with both their files.
struct Signed {
    folder: TempDir,
    desk: DeskIdentity,
}

impl Signed {
    fn new() -> Result<Self> {
        let (authority_key, desk_key) = (KeyPair::generate()?, KeyPair::generate()?);
        let mut authority = named("Authority");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let authority = authority.self_signed(&authority_key)?.pem();
        let issuer = Issuer::from_ca_cert_pem(&authority, authority_key)?;
        let mut desk = named("Desk");
        desk.subject_alt_names = vec![SanType::URI("urn:identplatz:desk:0312-04".try_into()?)];
        desk.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let chain = format!("{}{authority}", desk.signed_by(&desk_key, &issuer)?.pem());
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("ca.pem"), authority)?;
        let desk = DeskIdentity::from_parts(Zeroizing::new(desk_key.serialize_der()), chain)?;
        Ok(Self { folder, desk })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes records that follow each other, from 1.
    fn write(&self, names: &[&str]) -> Result<()> {
        let mut last = RecordLink::START;
        for (number, name) in (1..).zip(names) {
            let record = VoidRecord { event_id: Uuid::from_u128(number), reason: VoidReason::TrayTimeout };
            let delivery = Delivery::void(Uuid::from_u128(100 + number), &record, &self.desk, &last)?;
            fs::write(self.path(name), delivery.body.as_bytes())?;
            last = delivery.link;
        }
        Ok(())
    }

    fn verify(&self, names: &[&str]) -> Result<Ran> {
        let files: Vec<String> = names.iter().map(|name| self.path(name).display().to_string()).collect();
        let ca = self.path("ca.pem");
        let mut arguments = vec!["record", "verify", "--ca", text(&ca)?, "--json"];
        arguments.extend(files.iter().map(String::as_str));
        run(&arguments)
    }
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.use_authority_key_identifier_extension = true;
    params
}

#[test]
fn records_that_hold_and_follow_each_other_are_valid() -> Result<()> {
    let signed = Signed::new()?;
    signed.write(&["1", "2", "3"])?;
    let ran = signed.verify(&["3", "1", "2"])?;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let json = ran.json()?;
    assert_eq!(json["sequence"]["result"], "complete");
    assert_eq!((&json["records"][0]["desk"], &json["records"][0]["seq"]), (&json!("0312-04"), &json!(3)));
    assert_eq!(json["records"][1]["prev"], "0".repeat(64));
    assert_eq!(json["records"][2]["prev"], json["records"][1]["hash"]);
    assert_eq!(signed.verify(&["2"])?.json()?.get("sequence"), None::<&Value>);
    Ok(())
}

#[test]
fn a_changed_record_a_foreign_one_and_none_at_all_have_code_42_and_a_reason() -> Result<()> {
    let (signed, other) = (Signed::new()?, Signed::new()?);
    signed.write(&["record"])?;
    other.write(&["record"])?;
    let text = fs::read_to_string(signed.path("record"))?;
    fs::write(signed.path("changed"), text.replace("TRAY_TIMEOUT", "PRINT_FAILED"))?;
    fs::copy(other.path("record"), signed.path("foreign"))?;
    fs::write(signed.path("nothing"), "{}")?;
    for (name, reason) in [("changed", "signature"), ("foreign", "certificate"), ("nothing", "malformed")] {
        let ran = signed.verify(&["record", name])?;
        assert_eq!(ran.code, Some(42), "{name}: {ran:?}");
        assert_eq!(ran.json()?["records"][1]["reason"], reason);
        assert_eq!(ran.json()?["records"][0]["result"], "valid");
    }
    Ok(())
}

#[test]
fn a_gap_and_two_histories_have_code_42() -> Result<()> {
    let signed = Signed::new()?;
    signed.write(&["1", "2", "3"])?;
    let gap = signed.verify(&["1", "3"])?;
    assert_eq!(
        (gap.code, &gap.json()?["sequence"]),
        (Some(42), &json!({ "result": "gap", "after": 1, "found": 3 }))
    );
    signed.write(&["other 1"])?;
    let forked = signed.verify(&["1", "other 1"])?;
    assert_eq!((forked.code, &forked.json()?["sequence"]["result"]), (Some(42), &json!("forked")));
    Ok(())
}

#[test]
fn files_that_can_not_be_read_are_named() -> Result<()> {
    let signed = Signed::new()?;
    signed.write(&["record"])?;
    assert_eq!(signed.verify(&["nowhere"])?.error()?, ("not_read".to_owned(), Some(1)));
    fs::write(signed.path("ca.pem"), "no certificate")?;
    assert_eq!(signed.verify(&["record"])?.error()?, ("not_read".to_owned(), Some(1)));
    Ok(())
}
