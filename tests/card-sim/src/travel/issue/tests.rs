//! What is issued, read by OpenSSL.

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use openssl::{
    asn1::Asn1Time,
    cms::{CMSOptions, CmsContentInfo},
    error::ErrorStack,
    stack::Stack,
    x509::{CrlStatus, X509, X509Crl, X509NameRef, X509VerifyResult},
};

use super::{
    TravelDocument,
    authority::{Authority, Generation},
    chip::SECURITY_OBJECT,
    signers::SignerKind,
    state::State,
    trust::{defect_list, master_list, revocation_list},
};
use crate::{
    birds,
    tlv::{objects, only, split},
    travel::{FileId, Hash, Kind},
};

const TODAY: Date = date(2026, 11, 22);

fn x509(der: &[u8]) -> X509 {
    X509::from_der(der).unwrap()
}

/// The content of signed data whose signature is right, by the signer in it or this one.
fn verify(cms: &[u8], signer: Option<X509>) -> Result<Vec<u8>, ErrorStack> {
    let mut content = Vec::new();
    let mut signers = Stack::new()?;
    signer.into_iter().try_for_each(|signer| signers.push(signer))?;
    let options = CMSOptions::BINARY | CMSOptions::NO_SIGNER_CERT_VERIFY;
    let read = &mut CmsContentInfo::from_der(cms)?;
    read.verify(Some(&signers), None, None, Some(&mut content), options)?;
    Ok(content)
}

fn country(name: &X509NameRef) -> String {
    let entry = name.entries_by_nid(openssl::nid::Nid::COUNTRYNAME).next().unwrap();
    entry.data().to_string().unwrap()
}

/// Every form of EF.SOD: the content is signed by the signer that it names, the signer by its authority, and
/// the hashes are those of the files.
#[test]
fn every_states_security_object_verifies_and_lists_the_hashes_of_the_files() {
    for state in State::ALL {
        for signer in [SignerKind::Passports, SignerKind::Explicit, SignerKind::Sha1, SignerKind::Sha512] {
            for version in [0, 1] {
                let mut passport = TravelDocument::new(birds::amsel(), Kind::Passport, state, TODAY);
                passport.signer = signer;
                passport.form.version = version;
                let signer = signer.of(state, TODAY);
                passport.form.names_key = version == 1;
                let chip = passport.chip();
                let sod = only(&chip.files[&SECURITY_OBJECT], 0x77).unwrap();
                let content = verify(sod, None).unwrap();
                let parts = objects(only(&content, 0x30).unwrap()).unwrap();
                assert_eq!(parts[0].value, [version]);
                assert_eq!(parts.len(), 3 + usize::from(version));
                check_hashes(signer.signature.scheme.hash(), parts[2].value, &|number| {
                    chip.files[&FileId::data_group(number)].clone()
                });
                let above = x509(&signer.authority.certificate(TODAY));
                let own = x509(&signer.certificate());
                assert!(own.verify(&above.public_key().unwrap()).unwrap(), "{state:?}");
                assert_eq!(country(own.subject_name()), state.country());
                assert!(above.issued(&own) == X509VerifyResult::OK, "{state:?}");
            }
        }
    }
}

fn check_hashes(hash: Hash, list: &[u8], file: &dyn Fn(u8) -> Vec<u8>) {
    let entries = objects(list).unwrap();
    assert!(entries.len() >= 2);
    for entry in entries {
        let pair = objects(entry.value).unwrap();
        let number = pair[0].value[0];
        assert_eq!(pair[1].value, hash.of(&file(number)), "DG{number}");
    }
}

#[test]
fn the_whole_chain_of_a_german_passport_verifies() {
    let chip = TravelDocument::german_passport(birds::amsel(), TODAY).chip();
    let root = Authority::of(State::Germany, Generation::Current).certificate(TODAY);
    verify_today(only(&chip.files[&SECURITY_OBJECT], 0x77).unwrap(), &root);
    verify_today(&chip.files[&FileId::master_file(0x011D)], &root);
}

/// The signature, and the chain of two as of [`TODAY`]: OpenSSL builds none over explicit parameters by
/// itself.
fn verify_today(cms: &[u8], root: &[u8]) {
    verify(cms, None).unwrap();
    let root = x509(root);
    let signer = included(cms).remove(0);
    assert!(signer.verify(&root.public_key().unwrap()).unwrap());
    let midnight = jiff::tz::TimeZone::UTC.to_timestamp(TODAY.at(0, 0, 0, 0)).unwrap();
    let today = Asn1Time::from_unix(midnight.as_second()).unwrap();
    assert!(signer.not_before() < today && signer.not_after() > today);
    assert!(root.not_before() < signer.not_before() && root.not_after() > signer.not_after());
}

/// Certificates that come along with signed data.
fn included(cms: &[u8]) -> Vec<X509> {
    let signed = only(cms, 0x30).and_then(objects).unwrap()[1].value;
    let parts = only(signed, 0x30).and_then(objects).unwrap();
    let certificates = parts.iter().find(|part| part.tag == 0xA0).unwrap();
    objects(certificates.value).unwrap().iter().map(|der| x509(der.whole)).collect()
}

#[test]
fn a_security_object_of_indefinite_length_verifies_like_another() {
    let mut passport = TravelDocument::new(birds::dohle(), Kind::Passport, State::NewZealand, TODAY);
    let content = |passport: &TravelDocument| {
        let file = passport.chip().files.remove(&SECURITY_OBJECT).unwrap();
        let (object, rest) = split(&file).unwrap();
        assert!(rest.is_empty());
        (verify(object.value, None).unwrap(), object.value[..2].to_vec())
    };
    let (definite, _) = content(&passport);
    passport.form.indefinite = true;
    assert_eq!(content(&passport), (definite, vec![0x30, 0x80]));
}

#[test]
fn a_security_object_without_its_signer_verifies_with_the_right_one_only() {
    let mut passport = TravelDocument::new(birds::amsel(), Kind::Passport, State::Germany, TODAY);
    passport.form.has_signer = false;
    let file = passport.chip().files.remove(&SECURITY_OBJECT).unwrap();
    let signer = x509(&SignerKind::Passports.of(State::Germany, TODAY).certificate());
    let sod = only(&file, 0x77).unwrap();
    assert!(verify(sod, Some(signer)).is_ok());
    let other = x509(&SignerKind::Cards.of(State::Germany, TODAY).certificate());
    assert!(verify(sod, Some(other)).is_err());
    assert!(verify(sod, None).is_err());
}

#[test]
fn authorities_sign_themselves_and_their_successors() {
    for state in State::ALL {
        let [former, current] = [Generation::Former, Generation::Current]
            .map(|generation| x509(&Authority::of(state, generation).certificate(TODAY)));
        let link = x509(&Authority::link_certificate(state, TODAY));
        assert!(former.verify(&former.public_key().unwrap()).unwrap());
        assert!(current.verify(&current.public_key().unwrap()).unwrap());
        assert!(link.verify(&former.public_key().unwrap()).unwrap());
        assert!(link.public_key().unwrap().public_eq(&current.public_key().unwrap()));
        assert_eq!(country(current.subject_name()), state.country());
        let forged = x509(&Authority::of(state, Generation::Forged).certificate(TODAY));
        assert!(!forged.public_key().unwrap().public_eq(&current.public_key().unwrap()));
    }
}

#[test]
fn the_revocation_list_names_the_revoked_signer_and_no_other() {
    let crl = X509Crl::from_der(&revocation_list(State::Germany, TODAY)).unwrap();
    let root = x509(&Authority::of(State::Germany, Generation::Current).certificate(TODAY));
    assert!(crl.verify(&root.public_key().unwrap()).unwrap());
    let revoked = x509(&SignerKind::Revoked.of(State::Germany, TODAY).certificate());
    let usual = x509(&SignerKind::Passports.of(State::Germany, TODAY).certificate());
    assert!(matches!(crl.get_by_cert(&revoked), CrlStatus::Revoked(_)));
    assert!(matches!(crl.get_by_cert(&usual), CrlStatus::NotRevoked));
    let others = State::ALL.map(|state| X509Crl::from_der(&revocation_list(state, TODAY)).unwrap());
    assert_eq!(others.iter().filter(|crl| crl.get_revoked().is_some()).count(), 1);
}

#[test]
fn the_master_list_verifies_to_its_root_and_holds_authorities_alone() {
    let list = master_list(TODAY);
    let root = Authority::of(State::Germany, Generation::Current).certificate(TODAY);
    let content = verify(&list, None).unwrap();
    verify_today(&list, &root);
    let parts = objects(only(&content, 0x30).unwrap()).unwrap();
    let certificates: Vec<_> = objects(parts[1].value).unwrap().iter().map(|der| x509(der.whole)).collect();
    let countries: std::collections::BTreeSet<_> =
        certificates.iter().map(|certificate| country(certificate.subject_name())).collect();
    assert_eq!(countries.len(), State::ALL.len() - 1);
    assert!(!countries.contains("IS"));
    assert_eq!(certificates.iter().filter(|authority| country(authority.subject_name()) == "DE").count(), 3);
    assert_eq!(included(&list).len(), 2);
}

#[test]
fn the_defect_list_names_signers_by_issuer_and_serial_number() {
    let list = defect_list(TODAY);
    let content = verify(&list, None).unwrap();
    let defects = objects(objects(only(&content, 0x30).unwrap()).unwrap()[2].value).unwrap();
    assert_eq!(defects.len(), 3);
    for kind in [SignerKind::ReportedRevoked, SignerKind::ReportedChipKeys, SignerKind::ReportedData] {
        let certificate = x509(&kind.of(State::Germany, TODAY).certificate());
        let serial = certificate.serial_number().to_bn().unwrap().to_vec();
        assert!(defects.iter().any(|defect| defect.whole.windows(8).any(|part| part == serial)), "{kind:?}");
    }
}

#[test]
fn a_document_is_the_same_document_whenever_it_is_made() {
    for state in [State::Germany, State::Switzerland, State::NewZealand] {
        let make = || TravelDocument::new(birds::amsel(), Kind::Passport, state, TODAY).chip();
        assert!(make() == make());
        let later =
            TravelDocument::new(birds::amsel(), Kind::Passport, state, TODAY.saturating_add(1.day())).chip();
        assert!(make() != later);
    }
}

#[test]
fn the_document_names_the_person_that_the_health_card_names() {
    let zone = TravelDocument::german_passport(birds::buntspecht(TODAY), TODAY).zone();
    assert_eq!(zone[0], "P<D<<GRAF<VON<UND<ZU<BUNTSPECHT<<BERND<BENJA");
    let card = TravelDocument::german_card(birds::amsel(), TODAY);
    let zone = card.zone();
    assert!(zone[0].starts_with("IDD<<"), "{}", zone[0]);
    assert_eq!(zone[1][..29], *"9712283<3411218D<<2108<<<<<<<");
    assert_eq!(zone[2], "AMSEL<<ANDREA<<<<<<<<<<<<<<<<<");
    let fields = card.key_fields();
    assert_eq!((fields.birth_date.as_str(), fields.expiry.as_str()), ("971228", "341121"));
    assert!(zone[0].contains(&fields.number));
}
