//! What defect lists say of a signer's documents.

use super::*;
use crate::test_pki::{hash_oid, oid};

#[test]
fn a_defect_list_revokes_signers_doubts_them_or_tells_of_their_chips_keys() {
    let signer = Draft::signer(&Key::p256()).issued_by(&GERMANY);
    let parsed = Certificate::from_der(&signer.der()).unwrap();
    let with = |content: Vec<u8>| {
        let cms = Cms { signing_time: Some(LISTED), ..Cms::new(DEFECT_LIST, content, &DEFECT_SIGNER) };
        let mut store = TrustStore::default();
        store.import_defect_list(&cms.content_info(), &pinned(), TODAY).unwrap();
        assert_eq!(store.state().defect_list, Some(LISTED));
        (store.revocation(&parsed, None, TODAY), store.known_defects(&parsed))
    };
    let none = Verdict::NotVerifiable(Reason::UnknownIssuer);
    let revoked = Verdict::Invalid(Reason::Revoked);
    let doubted = Verdict::NotVerifiable(Reason::Defect);
    let defect = |kind: &str| format!("{DEFECT_LIST}.{kind}");
    // TR-03129-2, 7.3: revoked; EF.SOD invalid; a document's defect that isn't known, and one that is; a data group
    // malformed.
    for (kind, expected) in
        [("1.1", revoked), ("2.2", doubted), ("4.9", doubted), ("4.3", none), ("2.1", none)]
    {
        assert_eq!(with(defect_list(&signer, None, &[&defect(kind)])).0, expected, "{kind}");
    }
    let keys = with(defect_list(&signer, Some(Hash::Sha384), &[&defect("1.3"), &defect("1.4")]));
    let known = KnownDefects { chip_authentication_key: true, active_authentication_key: true };
    assert_eq!(keys, (none, known));
    let other = Draft { serial: 8, ..Draft::signer(&Key::p256()) }.issued_by(&GERMANY);
    for by_hash in [None, Some(Hash::Sha256)] {
        assert_eq!(with(defect_list(&other, by_hash, &[&defect("1.1")])), (none, KnownDefects::default()));
    }
}

// TR-03129-2 1.4.1, 7.1.
#[test]
fn a_defect_list_of_version_2_says_the_same_with_descriptions_and_may_name_a_signer_by_its_hash_alone() {
    let signer = Draft::signer(&Key::p256()).issued_by(&GERMANY);
    let parsed = Certificate::from_der(&signer.der()).unwrap();
    let of = |version: u8, defect: &[&[u8]]| {
        let hash = der(0x06, &[&hash_oid(Hash::Sha256)]);
        let defects = der(0x31, &[&der(0x30, defect)]);
        let content = der(0x30, &[&der(0x02, &[&[version]]), &hash, &defects]);
        let cms = Cms { signing_time: Some(LISTED), ..Cms::new(DEFECT_LIST, content, &DEFECT_SIGNER) };
        let mut store = TrustStore::default();
        store.import_defect_list(&cms.content_info(), &pinned(), TODAY)?;
        Ok(store.revocation(&parsed, None, TODAY))
    };
    let text = |tag| der(tag, &["Schlüssel abhandengekommen".as_bytes()]);
    let kind = der(0x06, &[&oid(&format!("{DEFECT_LIST}.1.1"))]);
    let parameters = der(0xA0, &[&der(0x0A, &[&[3]])]);
    let inside = der(0xA0, &[&kind, &parameters, &text(0x81)]);
    let around = der(0xA0, &[&der(0x30, &[&kind, &parameters])]);
    let plain = der(0x30, &[&kind]);
    let hash = der(0x04, &[&Hash::Sha256.digest(&signer.der())]);
    let serial = der(0x02, &[&signer.x509.serial_number().to_bn().unwrap().to_vec()]);
    let named = der(0x30, &[&signer.x509.issuer_name().to_der().unwrap(), &serial]);
    let set = |known: &[u8]| der(0x31, &[known]);
    let (revoked, malformed) = (Ok(Verdict::Invalid(Reason::Revoked)), Err(TrustError::Malformed));
    assert_eq!(of(1, &[&named, &set(&inside), &text(0x0C)]), revoked);
    assert_eq!(of(1, &[&named, &set(&around)]), revoked);
    assert_eq!(of(1, &[&hash, &set(&inside)]), revoked);
    assert_eq!(of(0, &[&named, &set(&plain)]), revoked);
    assert_eq!(of(0, &[&hash, &set(&plain)]), malformed, "version 1 always names the signer");
    assert_eq!(of(0, &[&named, &set(&inside)]), malformed);
    assert_eq!(of(1, &[&named, &set(&plain)]), malformed);
    assert_eq!(of(0, &[&named, &set(&plain), &text(0x0C)]), malformed);
    assert_eq!(of(1, &[&set(&inside)]), malformed, "of nobody");
    assert_eq!(of(2, &[&named, &set(&inside)]), malformed, "no such version is known");
}

#[test]
fn a_defect_list_by_somebody_else_an_older_one_or_one_of_a_later_version_is_refused() {
    let signer = Draft::signer(&Key::p256()).issued_by(&GERMANY);
    let content = defect_list(&signer, None, &[]);
    let mut store = TrustStore::default();
    let mut import = |signing_time, signer, content| {
        let cms = Cms { signing_time: Some(signing_time), ..Cms::new(DEFECT_LIST, content, signer) };
        store.import_defect_list(&cms.content_info(), &pinned(), TODAY)
    };
    assert_eq!(import(LISTED, &LIST_SIGNER, content.clone()), Err(TrustError::WrongSigner));
    assert_eq!(import(LISTED, &DEFECT_SIGNER, content.clone()), Ok(()));
    assert_eq!(import(date(2026, 9, 1), &DEFECT_SIGNER, content.clone()), Err(TrustError::Older));
    let later_version = der(0x30, &[&der(0x02, &[&[2]]), &content[5..]]);
    assert_eq!(import(LISTED, &DEFECT_SIGNER, later_version), Err(TrustError::Malformed));
}
