//! The forms that EF.SOD comes in.

use super::*;
use crate::passive::algorithms::Hash;
use crate::test_pki::{Identifier, oid, security_object};
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::x509::X509PurposeId;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::X509VerifyFlags;

fn form(change: impl Fn(&mut Cms<'_>)) -> PassiveAuthentication {
    let mut cms = Cms::security_object(&GROUPS, &SIGNER);
    change(&mut cms);
    judge(&cms)
}

#[test]
fn version_1_and_every_hash_are_read() {
    for hash in [Hash::Sha224, Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        for version in [0, 1] {
            let judged = form(|cms| {
                cms.content = security_object(version, hash, &GROUPS);
                cms.hash = hash;
            });
            assert_eq!(judged, GENUINE, "version {version}, {hash:?}");
        }
    }
}

#[test]
fn indefinite_lengths_and_an_octet_string_in_pieces_are_read() {
    assert_eq!(form(|cms| cms.indefinite = true), GENUINE);
    let cms = Cms { indefinite: true, ..Cms::security_object(&GROUPS, &SIGNER) };
    let template = [&[0x77, 0x80], &cms.content_info()[..], &[0x00, 0x00]].concat();
    assert!(SecurityObject::parse(&template).is_ok());
}

#[test]
fn the_list_is_known_under_every_name_that_issuers_give_it() {
    for content_type in ["2.23.136.1.1.1", "1.3.27.1.1.1", "1.2.528.1.1006.1.20.1", "1.2.840.113549.1.7.1"] {
        assert_eq!(form(|cms| cms.content_type = content_type), GENUINE, "{content_type}");
    }
    let other = Cms { content_type: "2.23.136.1.1.2", ..Cms::security_object(&GROUPS, &SIGNER) };
    assert_eq!(SecurityObject::parse(&other.ef_sod()).err(), Some(SodError::ContentType));
}

#[test]
fn the_signer_is_told_by_key_identifier_or_by_a_name_in_other_strings() {
    assert_eq!(form(|cms| cms.identifier = Identifier::SubjectKey), GENUINE);
    // C=ut, O=UTOPIA, CN=country signing  authority, all in UTF8String.
    let part = |name: &str, value: &str| {
        let pair = der(0x30, &[&der(0x06, &[&oid(name)]), &der(0x0C, &[value.as_bytes()])]);
        der(0x31, &[&pair])
    };
    let (country, organization) = (part("2.5.4.6", "UT"), part("2.5.4.10", "UTOPIA"));
    let name = der(0x30, &[&country, &organization, &part("2.5.4.3", "country signing  authority")]);
    assert_eq!(form(|cms| cms.identifier = Identifier::WrittenOtherwise(name.clone())), GENUINE);
    // The only certificate with this number is meant even by a wrong name.
    let wrong = der(0x30, &[&country]);
    assert_eq!(form(|cms| cms.identifier = Identifier::WrittenOtherwise(wrong.clone())), GENUINE);
}

#[test]
fn among_several_certificates_the_signers_is_found() {
    let other = Draft { serial: 8, ..Draft::signer(&Key::p256()) }.issued_by(&AUTHORITY);
    let judged = form(|cms| cms.certificates = vec![AUTHORITY.der(), other.der(), SIGNER.der()]);
    assert_eq!(judged, GENUINE);
}

#[test]
fn without_the_signers_certificate_nothing_but_the_hashes_can_be_verified() {
    let judged = form(|cms| cms.certificates.clear());
    let missing = Verdict::NotVerifiable(Reason::NotOffered);
    assert_eq!((judged.data, judged.signature, judged.issuer), (Verdict::Valid, missing, missing));
    assert_eq!(judged.verdict(), missing);
}

#[test]
fn signed_attributes_must_be_there_and_name_type_and_hash() {
    let malformed = Verdict::Invalid(Reason::Malformed);
    assert_eq!(form(|cms| cms.with_digest = false).signature, malformed);
    assert_eq!(form(|cms| cms.with_content_type = false).signature, malformed);
    assert_eq!(form(|cms| cms.with_attributes = false).signature, malformed);
    // Plain data may be signed as they are.
    let plain = form(|cms| {
        cms.with_attributes = false;
        cms.content_type = "1.2.840.113549.1.7.1";
    });
    assert_eq!(plain.signature, Verdict::Valid);
}

#[test]
fn a_list_that_was_changed_after_it_was_signed_has_another_hash() {
    let mut sod = Cms::security_object(&GROUPS, &SIGNER).ef_sod();
    let hash = Hash::Sha256.digest(DG1);
    let at = sod.windows(hash.len()).position(|window| window == hash).unwrap();
    sod[at] ^= 1;
    let object = SecurityObject::parse(&sod).unwrap();
    let check = Check { trust: &trusting(&[&AUTHORITY]), today: TODAY };
    let judged = authenticate_claims(&object, &READ, &PASSPORT, check);
    assert_eq!(judged.data, Verdict::Invalid(Reason::HashDiffers));
    assert_eq!(judged.signature, Verdict::Invalid(Reason::HashDiffers));
}

#[test]
fn without_a_signing_time_the_document_was_signed_while_its_signer_was_valid() {
    assert_eq!(form(|cms| cms.signing_time = None), GENUINE);
    // It expires before its signer was there.
    let claims = Claims { expiry: Some(date(2022, 1, 1)), ..PASSPORT };
    let cms = Cms { signing_time: None, ..Cms::security_object(&GROUPS, &SIGNER) };
    let judged = judge_with(&cms, &claims, &trusting(&[&AUTHORITY]));
    assert_eq!(judged.issuer, Verdict::Invalid(Reason::NotValidThen));
}

#[test]
fn what_is_no_security_object_is_refused() {
    let sod = Cms::security_object(&GROUPS, &SIGNER).ef_sod();
    let padded = [&sod[..], &[0; 16]].concat();
    assert!(SecurityObject::parse(&padded).is_ok(), "zero bytes behind it are padding");
    let malformed = [
        vec![],
        vec![0x77, 0x00],
        sod[4..].to_vec(),
        [&sod[..], &[1]].concat(),
        sod[..sod.len() - 1].to_vec(),
        der(0x77, &[&der(0x30, &[&der(0x06, &[&oid("1.2.840.113549.1.7.1")])])]),
    ];
    for input in malformed {
        assert_eq!(SecurityObject::parse(&input).err(), Some(SodError::Malformed), "{} bytes", input.len());
    }
    for bytes in [SOD_BYTES_MAX + 1, 2 << 20] {
        assert_eq!(SecurityObject::parse(&vec![0x77; bytes]).err(), Some(SodError::TooLarge));
    }
}

#[test]
fn a_list_that_names_a_data_group_twice_or_one_that_there_isnt_is_refused() {
    for groups in [&[(1, DG1), (1, DG2)][..], &[(0, DG1)], &[(17, DG1)]] {
        let sod = Cms::security_object(groups, &SIGNER).ef_sod();
        assert_eq!(SecurityObject::parse(&sod).err(), Some(SodError::Malformed));
    }
    let sod = Cms::security_object(&[], &SIGNER).ef_sod();
    assert_eq!(SecurityObject::parse(&sod).unwrap().data_groups().count(), 0);
}

#[test]
fn nothing_of_it_is_told_by_debug() {
    let object = SecurityObject::parse(&Cms::security_object(&GROUPS, &SIGNER).ef_sod()).unwrap();
    assert_eq!(format!("{object:?}"), "SecurityObject(…)");
}

// The other encoder and the other verifier: OpenSSL's CMS. It signs plain data and with today's date, so the check is
// one of a day far away.
#[test]
fn what_openssl_signs_is_authenticated_and_openssl_verifies_what_the_tests_sign() {
    let far = date(2150, 1, 1);
    let forever = |draft: Draft| Draft { from: date(2000, 1, 1), until: date(2199, 12, 31), ..draft };
    let authority = forever(Draft::authority(&Key::rsa_2048())).self_signed();
    let signer = forever(Draft::signer(&Key::p256())).issued_by(&authority);
    let list = security_object(0, Hash::Sha256, &GROUPS);
    for flags in [CMSOptions::BINARY, CMSOptions::BINARY | CMSOptions::USE_KEYID] {
        let (certificate, key) = (Some(&*signer.x509), Some(&**signer.key.0));
        let cms = CmsContentInfo::sign(certificate, key, None, Some(&list), flags).unwrap();
        let sod = der(0x77, &[&cms.to_der().unwrap()]);
        let object = SecurityObject::parse(&sod).unwrap();
        let claims = Claims { expiry: None, ..PASSPORT };
        let check = Check { trust: &trusting(&[&authority]), today: far };
        assert_eq!(authenticate_claims(&object, &READ, &claims, check), GENUINE);
    }

    let mut store = X509StoreBuilder::new().unwrap();
    store.add_cert(authority.x509.clone()).unwrap();
    store.set_flags(X509VerifyFlags::NO_CHECK_TIME).unwrap();
    store.set_purpose(X509PurposeId::ANY).unwrap();
    let store = store.build();
    let verify = |bytes: &[u8]| {
        let (mut cms, mut content) = (CmsContentInfo::from_der(bytes).unwrap(), Vec::new());
        let verified = cms.verify(None, Some(&store), None, Some(&mut content), CMSOptions::BINARY);
        verified.map(|()| content)
    };
    for indefinite in [false, true] {
        let cms = Cms { indefinite, ..Cms::security_object(&GROUPS, &signer) };
        assert_eq!(verify(&cms.content_info()).unwrap(), list);
    }
    let mut forged = Cms::security_object(&GROUPS, &signer).content_info();
    *forged.last_mut().unwrap() ^= 1;
    assert!(verify(&forged).is_err());
}
