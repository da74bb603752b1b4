//! Passive authentication against an own hierarchy.

mod algorithms;
mod card_security;
mod forms;
mod revocation;

use super::*;
use crate::test_pki::{
    Cms, Draft, EXPIRY, Issued, Key, RevocationDraft, SIGNED, TODAY, Usage, der, document_types,
};
use jiff::civil::date;
use std::sync::LazyLock;

const DG1: &[u8] = b"the machine-readable zone";
const DG2: &[u8] = b"the face";
const GROUPS: [(u8, &[u8]); 2] = [(1, DG1), (2, DG2)];
const READ: [(DataGroup, &[u8]); 2] = [(DataGroup::Mrz, DG1), (DataGroup::Face, DG2)];
const PASSPORT: Claims<'_> = Claims { issuer: "UTO", alpha2: Some("UT"), code: "P", expiry: Some(EXPIRY) };

const OPEN: Verdict = Verdict::NotVerifiable(Reason::NoRevocationList);
/// Every line of a genuine passport of a state whose revocation list isn't there.
const GENUINE: PassiveAuthentication = PassiveAuthentication {
    data: Verdict::Valid,
    signature: Verdict::Valid,
    issuer: Verdict::Valid,
    revocation: OPEN,
    document_type: Verdict::Valid,
    country: Verdict::Valid,
};

static AUTHORITY: LazyLock<Issued> = LazyLock::new(|| Draft::authority(&Key::p256()).self_signed());
static SIGNER: LazyLock<Issued> = LazyLock::new(|| Draft::signer(&Key::p256()).issued_by(&AUTHORITY));

fn trusting(authorities: &[&Issued]) -> TrustStore {
    let mut trust = TrustStore::default();
    for authority in authorities {
        trust.add_certificates(&authority.der()).unwrap();
    }
    trust
}

fn judge_with(cms: &Cms<'_>, claims: &Claims<'_>, trust: &TrustStore) -> PassiveAuthentication {
    let object = SecurityObject::parse(&cms.ef_sod()).unwrap();
    authenticate_claims(&object, &READ, claims, Check { trust, today: TODAY })
}

fn judge(cms: &Cms<'_>) -> PassiveAuthentication {
    judge_with(cms, &PASSPORT, &trusting(&[&AUTHORITY]))
}

fn judge_signer(draft: &Draft) -> PassiveAuthentication {
    judge(&Cms::security_object(&GROUPS, &draft.issued_by(&AUTHORITY)))
}

#[test]
fn a_genuine_passport_is_valid_in_every_line_but_a_revocation_that_nobody_can_look_up() {
    let judged = judge(&Cms::security_object(&GROUPS, &SIGNER));
    assert_eq!(judged, GENUINE);
    assert_eq!(judged.verdict(), Verdict::Valid);
}

// The zone of the specimen in ICAO Doc 9303-4, appendix B.
#[test]
fn issuer_type_and_expiry_are_taken_from_the_zone() {
    let zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
    let zone = MachineReadableZone::parse(zone).unwrap();
    let authority = Draft { from: date(2007, 1, 1), ..Draft::authority(&Key::p256()) }.self_signed();
    let signer = Draft { from: date(2007, 4, 1), ..Draft::signer(&Key::p256()) }.issued_by(&authority);
    let trust = trusting(&[&authority]);
    let with_time = |signing_time| {
        let cms = Cms { signing_time, ..Cms::security_object(&GROUPS, &signer) };
        let object = SecurityObject::parse(&cms.ef_sod()).unwrap();
        authenticate(&object, &READ, &zone, Check { trust: &trust, today: TODAY })
    };
    for day in [None, Some(date(2007, 4, 16)), Some(date(2012, 4, 16))] {
        assert_eq!(with_time(day), GENUINE);
    }
    // It expired on 15 April 2012.
    assert_eq!(with_time(Some(SIGNED)).issuer, Verdict::Invalid(Reason::NotValidThen));
}

#[test]
fn data_that_were_changed_or_are_not_in_the_list_are_invalid() {
    let object = SecurityObject::parse(&Cms::security_object(&GROUPS, &SIGNER).ef_sod()).unwrap();
    assert_eq!(object.data_groups().collect::<Vec<_>>(), [1, 2]);
    let trust = trusting(&[&AUTHORITY]);
    let data = |read: &[(DataGroup, &[u8])]| {
        authenticate_claims(&object, read, &PASSPORT, Check { trust: &trust, today: TODAY }).data
    };
    assert_eq!(data(&READ[..1]), Verdict::Valid);
    assert_eq!(data(&[READ[0], (DataGroup::Face, DG1)]), Verdict::Invalid(Reason::HashDiffers));
    assert_eq!(data(&[READ[0], (DataGroup::SecurityInfos, DG1)]), Verdict::Invalid(Reason::NotInList));
    assert_eq!(data(&[]), Verdict::NotVerifiable(Reason::NotAsked));
}

#[test]
fn one_invalid_line_makes_all_of_it_invalid_and_one_open_line_not_verifiable() {
    let with = |data, issuer| PassiveAuthentication { data, issuer, ..GENUINE }.verdict();
    let (differs, unknown) =
        (Verdict::Invalid(Reason::HashDiffers), Verdict::NotVerifiable(Reason::UnknownIssuer));
    assert_eq!(with(Verdict::Valid, unknown), unknown);
    assert_eq!(with(differs, unknown), differs);
    assert_eq!(PassiveAuthentication { revocation: differs, ..GENUINE }.verdict(), differs);
    assert_eq!(PassiveAuthentication { document_type: unknown, ..GENUINE }.verdict(), unknown);
}

#[test]
fn without_an_authority_of_the_country_nothing_is_verifiable_nor_invalid() {
    let cms = Cms::security_object(&GROUPS, &SIGNER);
    let none = judge_with(&cms, &PASSPORT, &TrustStore::default());
    assert_eq!(none.issuer, Verdict::NotVerifiable(Reason::NoTrustStore));
    assert_eq!((none.data, none.signature), (Verdict::Valid, Verdict::Valid));
    assert_eq!(none.verdict(), none.issuer);

    let subject = vec![("C", "DE"), ("O", "bund"), ("CN", "csca-germany")];
    let other = Draft { subject, ..Draft::authority(&Key::p256()) }.self_signed();
    let unknown = judge_with(&cms, &PASSPORT, &trusting(&[&other]));
    assert_eq!(unknown.issuer, Verdict::NotVerifiable(Reason::UnknownIssuer));
    assert_eq!(unknown.country, Verdict::NotVerifiable(Reason::UnknownIssuer));
    assert_eq!(unknown.verdict(), Verdict::NotVerifiable(Reason::UnknownIssuer));
}

#[test]
fn a_signer_that_names_a_trusted_key_which_has_not_signed_it_is_forged() {
    // Same name and, as the extension says, same key; but another one has signed.
    let forger = Issued { x509: AUTHORITY.x509.clone(), key: Key::p256() };
    let signer = Draft::signer(&Key::p256()).issued_by(&forger);
    let judged = judge(&Cms::security_object(&GROUPS, &signer));
    assert_eq!(judged.issuer, Verdict::Invalid(Reason::Signature));
}

#[test]
fn of_two_authorities_with_one_name_the_one_that_has_signed_counts() {
    let newer = Draft { serial: 2, ..Draft::authority(&Key::p256()) }.self_signed();
    for with_key_identifiers in [true, false] {
        let draft = Draft { with_key_identifiers, ..Draft::signer(&Key::p256()) };
        let signer = draft.issued_by(&newer);
        let cms = Cms::security_object(&GROUPS, &signer);
        assert_eq!(judge_with(&cms, &PASSPORT, &trusting(&[&AUTHORITY, &newer])), GENUINE);
        // Without its key it may be a genuine one as well.
        let judged = judge_with(&cms, &PASSPORT, &trusting(&[&AUTHORITY]));
        assert_eq!(judged.issuer, Verdict::NotVerifiable(Reason::UnknownIssuer));
    }
}

#[test]
fn a_link_certificate_leads_from_the_old_key_to_the_new_one() {
    let new_key = Key::p256();
    let subject = vec![("C", "UT"), ("O", "Utopia"), ("CN", "Country Signing Authority 2")];
    let draft = Draft { subject, serial: 3, ..Draft::authority(&new_key) };
    let (new, link) = (draft.self_signed(), draft.issued_by(&AUTHORITY));
    let signer = Draft::signer(&Key::p256()).issued_by(&new);
    let cms = Cms::security_object(&GROUPS, &signer);
    assert_eq!(judge_with(&cms, &PASSPORT, &trusting(&[&AUTHORITY, &link])), GENUINE);
}

#[test]
fn a_signer_that_has_expired_since_is_normal() {
    let draft = Draft { from: date(2023, 3, 1), until: date(2024, 6, 30), ..Draft::signer(&Key::p256()) };
    assert_eq!(judge_signer(&draft), GENUINE);
}

#[test]
fn a_signer_or_authority_that_was_not_valid_when_the_document_was_signed_is_invalid() {
    let not_yet = Draft { from: date(2023, 5, 1), ..Draft::signer(&Key::p256()) };
    assert_eq!(judge_signer(&not_yet).issuer, Verdict::Invalid(Reason::NotValidThen));
    let no_longer = Draft { until: date(2023, 4, 1), ..Draft::signer(&Key::p256()) };
    assert_eq!(judge_signer(&no_longer).issuer, Verdict::Invalid(Reason::NotValidThen));

    let late = Draft { from: date(2024, 1, 1), ..Draft::authority(&Key::p256()) }.self_signed();
    let signer = Draft::signer(&Key::p256()).issued_by(&late);
    let judged = judge_with(&Cms::security_object(&GROUPS, &signer), &PASSPORT, &trusting(&[&late]));
    assert_eq!(judged.issuer, Verdict::Invalid(Reason::NotValidThen));

    let future = Cms { signing_time: Some(date(2026, 11, 30)), ..Cms::security_object(&GROUPS, &SIGNER) };
    assert_eq!(judge(&future).issuer, Verdict::Invalid(Reason::NotValidThen));
}

#[test]
fn a_signing_time_outside_the_documents_validity_or_the_use_of_the_signers_key_is_made_up() {
    let not_then = Verdict::Invalid(Reason::NotValidThen);
    let cms = Cms::security_object(&GROUPS, &SIGNER);
    for (expiry, expected) in
        [(SIGNED, Verdict::Valid), (date(2023, 1, 1), not_then), (date(2038, 5, 1), not_then)]
    {
        let claims = Claims { expiry: Some(expiry), ..PASSPORT };
        let judged = judge_with(&cms, &claims, &trusting(&[&AUTHORITY]));
        assert_eq!(judged.issuer, expected, "signed on {SIGNED}, expires on {expiry}");
    }
    // PrivateKeyUsagePeriod: the key signs for three months.
    let used_until = |end: &[u8]| {
        let period = der(0x30, &[&der(0x80, &[b"20230301000000Z"]), &der(0x81, &[end])]);
        let more_extensions = vec![("2.5.29.16", false, period)];
        judge_signer(&Draft { more_extensions, ..Draft::signer(&Key::p256()) })
    };
    assert_eq!(used_until(b"20230601000000Z"), GENUINE);
    assert_eq!(used_until(b"20230401000000Z").issuer, not_then);
}

#[test]
fn a_signer_with_an_extension_twice_or_a_critical_one_that_nobody_knows_signs_no_documents() {
    let with = |more: &[(&'static str, bool, &[u8])]| {
        let more = more.iter().map(|(name, critical, value)| (*name, *critical, value.to_vec()));
        judge_signer(&Draft { more_extensions: more.collect(), ..Draft::signer(&Key::p256()) })
    };
    let policies = der(0x30, &[&der(0x30, &[&der(0x06, &[&[0x2A, 0x03]])])]);
    assert_eq!(with(&[("2.5.29.32", true, &policies)]), GENUINE);
    assert_eq!(with(&[("1.2.3.4", false, &[0x05, 0x00])]), GENUINE);
    let wrong_use = Verdict::Invalid(Reason::WrongUse);
    assert_eq!(with(&[("1.2.3.4", true, &[0x05, 0x00])]).issuer, wrong_use);
    let types = document_types(&["ID"]);
    assert_eq!(with(&[("2.23.136.1.1.6.2", false, &types)]).issuer, wrong_use, "a second list of types");
    // A second keyUsage, of another kind.
    assert_eq!(with(&[("2.5.29.15", true, &[0x03, 0x02, 0x01, 0x06])]).issuer, wrong_use);
    assert_eq!(with(&[("1.2.3.4", false, &[0x05, 0x00]), ("1.2.3.4", false, &[])]).issuer, wrong_use);
}

#[test]
fn a_certificate_for_something_else_signs_no_documents() {
    let key = Key::p256();
    for draft in [
        Draft { usage: Some(Usage::Encryption), ..Draft::signer(&key) },
        Draft { authority: true, ..Draft::signer(&key) },
        Draft { document_types: None, ..Draft::list_signer(&key, "2.23.136.1.1.3") },
    ] {
        let draft = Draft { from: date(2023, 3, 1), ..draft };
        assert_eq!(judge_signer(&draft).issuer, Verdict::Invalid(Reason::WrongUse));
    }
    let unsaid = Draft { usage: None, ..Draft::signer(&key) };
    assert_eq!(judge_signer(&unsaid), GENUINE);
}

#[test]
fn a_signer_may_sign_the_types_that_it_names() {
    let with = |types: Option<Vec<u8>>, code| {
        let signer = Draft { document_types: types, ..Draft::signer(&Key::p256()) }.issued_by(&AUTHORITY);
        let claims = Claims { code, ..PASSPORT };
        let judged = judge_with(&Cms::security_object(&GROUPS, &signer), &claims, &trusting(&[&AUTHORITY]));
        (judged.document_type, judged.verdict())
    };
    let wrong = Verdict::Invalid(Reason::WrongDocumentType);
    // A letter stands for all types that begin with it.
    assert_eq!(with(Some(document_types(&["P"])), "PD").0, Verdict::Valid);
    assert_eq!(with(Some(document_types(&["ID", "A"])), "AR").0, Verdict::Valid);
    assert_eq!(with(Some(document_types(&["ID"])), "I<").0, wrong);
    assert_eq!(with(Some(document_types(&["P"])), "ID"), (wrong, wrong));
    // Without the version, as the signers of German identity cards have it.
    let german = der(0x31, &[&der(0x13, &[b"A"]), &der(0x13, &[b"ID"])]);
    assert_eq!(with(Some(german), "ID").0, Verdict::Valid);
    assert_eq!(with(None, "ID"), (Verdict::NotSupported(Reason::NotOffered), Verdict::Valid));
}

#[test]
fn zone_signer_and_authority_are_of_one_country() {
    let wrong = Verdict::Invalid(Reason::WrongCountry);
    let german = Claims { issuer: "D", alpha2: Some("DE"), ..PASSPORT };
    let judged = judge_with(&Cms::security_object(&GROUPS, &SIGNER), &german, &trusting(&[&AUTHORITY]));
    assert_eq!((judged.issuer, judged.country, judged.verdict()), (Verdict::Valid, wrong, wrong));

    let foreign = |subject| judge_signer(&Draft { subject, ..Draft::signer(&Key::p256()) }).country;
    assert_eq!(foreign(vec![("C", "ut"), ("CN", "Document Signer")]), Verdict::Valid);
    assert_eq!(foreign(vec![("CN", "Document Signer")]), Verdict::Valid);
    // A signer of the zone's country below an authority of another.
    let subject = vec![("C", "DE"), ("CN", "Document Signer")];
    let signer = Draft { subject, ..Draft::signer(&Key::p256()) }.issued_by(&AUTHORITY);
    let judged = judge_with(&Cms::security_object(&GROUPS, &signer), &german, &trusting(&[&AUTHORITY]));
    assert_eq!(judged.country, wrong);
}
