//! Every kind of signature that issuers use, of the document and of the signer's certificate.

use super::*;
use crate::passive::algorithms::{Hash, Scheme};
use crate::test_pki::{Curve, security_object};
use openssl::nid::Nid;

fn judge_scheme(authority: &Key, signer: &Key, scheme: Scheme) -> PassiveAuthentication {
    let authority = Draft::authority(authority).self_signed();
    let signer = Draft::signer(signer).issued_with(&authority, authority.key.scheme());
    let cms = Cms { scheme, ..Cms::security_object(&GROUPS, &signer) };
    judge_with(&cms, &PASSPORT, &trusting(&[&authority]))
}

#[test]
fn ecdsa_is_verified_on_curves_that_are_named_and_on_those_with_explicit_parameters() {
    for (curve, hash) in [
        (Curve::Named(Nid::X9_62_PRIME256V1), Hash::Sha256),
        (Curve::Named(Nid::BRAINPOOL_P256R1), Hash::Sha256),
        (Curve::Explicit(Nid::SECP224R1), Hash::Sha224),
        (Curve::Explicit(Nid::SECP521R1), Hash::Sha512),
        (Curve::Explicit(Nid::BRAINPOOL_P224R1), Hash::Sha256),
        (Curve::Explicit(Nid::BRAINPOOL_P256R1), Hash::Sha256),
        (Curve::Explicit(Nid::BRAINPOOL_P320R1), Hash::Sha384),
        (Curve::Explicit(Nid::BRAINPOOL_P384R1), Hash::Sha384),
        (Curve::Explicit(Nid::BRAINPOOL_P512R1), Hash::Sha512),
    ] {
        for scheme in [Scheme::Ecdsa(hash), Scheme::EcdsaPlain(hash)] {
            let (authority, signer) = (Key::on(curve), Key::on(curve));
            assert_eq!(signer.has_explicit_parameters(), matches!(curve, Curve::Explicit(_)), "{curve:?}");
            assert_eq!(judge_scheme(&authority, &signer, scheme), GENUINE, "{curve:?} {scheme:?}");
        }
    }
}

#[test]
fn rsa_is_verified_in_both_paddings() {
    let pss = |hash, mask, salt_bytes| Scheme::RsaPss { hash, mask, salt_bytes };
    for scheme in [
        Scheme::RsaPkcs1(Hash::Sha256),
        Scheme::RsaPkcs1(Hash::Sha224),
        Scheme::RsaPkcs1(Hash::Sha384),
        Scheme::RsaPkcs1(Hash::Sha512),
        pss(Hash::Sha256, Hash::Sha256, 32),
        pss(Hash::Sha512, Hash::Sha1, 20),
        pss(Hash::Sha384, Hash::Sha384, 0),
    ] {
        let judged = judge_scheme(&Key::rsa_4096(), &Key::rsa_2048(), scheme);
        assert_eq!(judged, GENUINE, "{scheme:?}");
    }
}

#[test]
fn a_signers_certificate_with_pss_is_verified_too() {
    let authority = Draft::authority(&Key::rsa_2048()).self_signed();
    let scheme = Scheme::RsaPss { hash: Hash::Sha256, mask: Hash::Sha256, salt_bytes: 32 };
    let signer = Draft::signer(&Key::p256()).issued_with(&authority, scheme);
    let cms = Cms::security_object(&GROUPS, &signer);
    assert_eq!(judge_with(&cms, &PASSPORT, &trusting(&[&authority])), GENUINE);
}

#[test]
fn keys_for_pss_alone_are_taken() {
    let scheme = Scheme::RsaPss { hash: Hash::Sha256, mask: Hash::Sha256, salt_bytes: 32 };
    let (authority_key, signer_key) = (Key::generate_rsa_pss(), Key::generate_rsa_pss());
    let authority = Draft::authority(&authority_key).self_signed();
    let signer = Draft::signer(&signer_key).issued_by(&authority);
    let cms = Cms { scheme, ..Cms::security_object(&GROUPS, &signer) };
    assert_eq!(judge_with(&cms, &PASSPORT, &trusting(&[&authority])), GENUINE);
}

#[test]
fn a_signature_that_was_touched_is_wrong_in_every_scheme() {
    let pss = Scheme::RsaPss { hash: Hash::Sha256, mask: Hash::Sha256, salt_bytes: 32 };
    for (key, scheme) in [
        (Key::p256(), Scheme::Ecdsa(Hash::Sha256)),
        (Key::p256(), Scheme::EcdsaPlain(Hash::Sha256)),
        (Key::rsa_2048(), Scheme::RsaPkcs1(Hash::Sha256)),
        (Key::rsa_2048(), pss),
    ] {
        let signer = Draft::signer(&key).issued_by(&AUTHORITY);
        let mut sod = Cms { scheme, ..Cms::security_object(&GROUPS, &signer) }.ef_sod();
        // The signature is what comes last.
        *sod.last_mut().unwrap() ^= 1;
        let object = SecurityObject::parse(&sod).unwrap();
        let check = Check { trust: &trusting(&[&AUTHORITY]), today: TODAY };
        let judged = authenticate_claims(&object, &READ, &PASSPORT, check);
        assert_eq!(
            judged,
            PassiveAuthentication { signature: Verdict::Invalid(Reason::Signature), ..GENUINE },
            "{scheme:?}"
        );
    }
}

#[test]
fn another_scheme_than_the_keys_own_is_not_verifiable() {
    let signer = Draft::signer(&Key::p256()).issued_by(&AUTHORITY);
    let rsa = Issued { x509: signer.x509.clone(), key: Key::rsa_2048() };
    let judged = judge(&Cms::security_object(&GROUPS, &rsa));
    assert_eq!(judged.signature, Verdict::NotVerifiable(Reason::UnknownAlgorithm));
}

#[test]
fn keys_that_are_too_short_are_not_taken() {
    let signer = Draft::signer(&Key::generate_rsa(1_024)).issued_by(&AUTHORITY);
    let judged = judge(&Cms::security_object(&GROUPS, &signer));
    assert_eq!(judged.signature, Verdict::NotVerifiable(Reason::UnknownAlgorithm));
    let signer = Draft::signer(&Key::on(Curve::Named(Nid::X9_62_PRIME192V1))).issued_by(&AUTHORITY);
    let judged = judge(&Cms::security_object(&GROUPS, &signer));
    assert_eq!(judged.signature, Verdict::NotVerifiable(Reason::UnknownAlgorithm));
}

#[test]
fn sha_1_counts_for_documents_of_its_time() {
    let with = |signed: Date| {
        let from = signed.saturating_sub(jiff::Span::new().days(30));
        let until = signed.saturating_add(jiff::Span::new().years(10));
        let authority = Draft { from, until, ..Draft::authority(&Key::p256()) }.self_signed();
        let draft = Draft { from, until, ..Draft::signer(&Key::p256()) };
        let signer = draft.issued_with(&authority, Scheme::Ecdsa(Hash::Sha1));
        let cms = Cms {
            content: security_object(0, Hash::Sha1, &GROUPS),
            hash: Hash::Sha1,
            scheme: Scheme::Ecdsa(Hash::Sha1),
            signing_time: Some(signed),
            ..Cms::security_object(&GROUPS, &signer)
        };
        judge_with(&cms, &Claims { expiry: Some(until), ..PASSPORT }, &trusting(&[&authority]))
    };
    assert_eq!(with(date(2017, 5, 1)), GENUINE);
    let late = with(date(2020, 5, 1));
    let too_late = Verdict::NotVerifiable(Reason::UnknownAlgorithm);
    assert_eq!((late.data, late.signature, late.issuer), (Verdict::Valid, too_late, too_late));
    assert_eq!(late.verdict(), too_late);
}

#[test]
fn sha_1_without_a_signing_time_counts_if_the_document_can_only_be_of_its_time() {
    let with = |from: Date, used_until: &[u8], expiry: Date| {
        let (until, scheme) = (date(2037, 1, 1), Scheme::Ecdsa(Hash::Sha1));
        let authority =
            Draft { from: date(2015, 1, 1), until, ..Draft::authority(&Key::p256()) }.self_signed();
        let period = der(0x30, &[&der(0x81, &[used_until])]);
        let more_extensions = vec![("2.5.29.16", false, period)];
        let draft = Draft { from, until, more_extensions, ..Draft::signer(&Key::p256()) };
        let signer = draft.issued_with(&authority, scheme);
        let content = security_object(0, Hash::Sha1, &GROUPS);
        let cms = Cms {
            content,
            hash: Hash::Sha1,
            scheme,
            signing_time: None,
            ..Cms::security_object(&GROUPS, &signer)
        };
        judge_with(&cms, &Claims { expiry: Some(expiry), ..PASSPORT }, &trusting(&[&authority])).verdict()
    };
    assert_eq!(with(date(2019, 9, 1), b"20191215000000Z", date(2029, 12, 1)), Verdict::Valid);
    assert_eq!(
        with(date(2017, 9, 1), b"20370101000000Z", date(2019, 12, 30)),
        Verdict::Valid,
        "expired then"
    );
    // The key was there in time, and can have signed in its last days as well.
    let open = Verdict::NotVerifiable(Reason::UnknownAlgorithm);
    for expiry in [date(2029, 12, 1), date(2034, 12, 30)] {
        assert_eq!(with(date(2019, 12, 1), b"20370101000000Z", expiry), open, "{expiry}");
    }
}
