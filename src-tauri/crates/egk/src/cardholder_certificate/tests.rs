use super::*;
use crate::test_card::{TestCard, read_binary, status};
use crate::test_pki::{Certificate, Key, TODAY, Usage};
use jiff::civil::date;
use openssl::pkey::{PKey, Private};

const KVNR: &str = "A123456780";
const IK: &str = "104178397";

/// An issuer below a root, a card's certificate, and what of them a test changes.
struct Pki {
    root_key: Key,
    issuer_key: Key,
    root: Certificate,
    issuer: Certificate,
    holder: Certificate,
}

impl Pki {
    fn new() -> Self {
        let (root_key, issuer_key) = (Key::generate(), Key::generate());
        let root = Certificate::authority("GEM.RCA8", &root_key);
        let subject = Certificate::authority("GEM.EGK-CA51", &issuer_key);
        let issuer = Certificate { issuer: root.subject.clone(), ..subject };
        let holder = Certificate::cardholder(&issuer, &[IK, KVNR], &Key::generate());
        Self { root_key, issuer_key, root, issuer, holder }
    }

    fn changed(change: impl FnOnce(&mut Self)) -> Self {
        let mut pki = Self::new();
        change(&mut pki);
        pki
    }

    fn der(&self) -> Vec<u8> {
        self.holder.signed_by(&self.issuer_key).to_der().unwrap()
    }

    /// The issuer alone, without its root.
    fn trust(&self) -> TrustStore {
        let mut trust = TrustStore::production();
        trust.add(&self.issuer.signed_by(&self.root_key).to_der().unwrap()).unwrap();
        trust
    }

    fn verdict(&self, trust: &TrustStore, today: Date) -> Verdict {
        let certificate = CardholderCertificate::parse(&self.der()).unwrap();
        let verdict = certificate.verdict(&person(KVNR), &insurance(IK, None), Check { trust, today });
        assert!(ErrorStack::get().errors().is_empty(), "nothing is left in OpenSSL's error queue");
        verdict
    }
}

fn check(change: impl FnOnce(&mut Pki), expected: Verdict) {
    let pki = Pki::changed(change);
    assert_eq!(pki.verdict(&pki.trust(), TODAY), expected);
}

fn invalid(change: impl FnOnce(&mut Pki), reason: Reason) {
    check(change, Verdict::Invalid(reason));
}

fn person(kvnr: &str) -> PersonalData {
    let xml = format!(
        "<UC_PersoenlicheVersichertendatenXML CDM_VERSION='5.2.0' xmlns='http://ws.gematik.de/fa/vsdm/vsd/v5.2'>\
         <Versicherter><Versicherten_ID>{kvnr}</Versicherten_ID><Person><Geburtsdatum>19971228</Geburtsdatum>\
         <Vorname>Adalbert</Vorname><Nachname>Amsel</Nachname><Geschlecht>M</Geschlecht></Person></Versicherter>\
         </UC_PersoenlicheVersichertendatenXML>"
    );
    PersonalData::parse_xml(xml.as_bytes()).unwrap()
}

fn insurance(ik: &str, billing_ik: Option<&str>) -> InsuranceData {
    let block = |ik: &str, within: &str| {
        format!(
            "<Kostentraegerkennung>{ik}</Kostentraegerkennung><Kostentraegerlaendercode>D</Kostentraegerlaendercode>\
             <Name>Beispielkrankenkasse</Name>{within}"
        )
    };
    let billing = billing_ik
        .map(|ik| format!("<AbrechnenderKostentraeger>{}</AbrechnenderKostentraeger>", block(ik, "")))
        .unwrap_or_default();
    let xml = format!(
        "<UC_AllgemeineVersicherungsdatenXML CDM_VERSION='5.2.0' xmlns='http://ws.gematik.de/fa/vsdm/vsd/v5.2'>\
         <Versicherter><Versicherungsschutz><Beginn>20230920</Beginn><Kostentraeger>{}</Kostentraeger>\
         </Versicherungsschutz><Zusatzinfos><ZusatzinfosGKV><Versichertenart>1</Versichertenart>\
         <Zusatzinfos_Abrechnung_GKV><WOP>71</WOP></Zusatzinfos_Abrechnung_GKV></ZusatzinfosGKV></Zusatzinfos>\
         </Versicherter></UC_AllgemeineVersicherungsdatenXML>",
        block(ik, &billing)
    );
    InsuranceData::parse_xml(xml.as_bytes()).unwrap()
}

fn rsa_key(bits: u32) -> PKey<Private> {
    PKey::from_rsa(openssl::rsa::Rsa::generate(bits).unwrap()).unwrap()
}

fn set_units(pki: &mut Pki, units: &[&str]) {
    pki.holder = Certificate::cardholder(&pki.issuer, units, &Key::generate());
}

fn check_units(units: &[&str], expected: Option<&'static str>) {
    let pki = Pki::changed(|pki| set_units(pki, units));
    let problem = CardholderCertificate::parse(&pki.der()).err();
    assert_eq!(problem, expected.map(|name| Problem::Field { name }), "{units:?}");
}

#[test]
fn a_certificate_by_a_trusted_issuer_for_what_was_read_is_valid() {
    check(|_| {}, Verdict::Valid);
    check(|pki| pki.holder.key = rsa_key(2_048), Verdict::Valid);
    check(|pki| pki.holder.profession = None, Verdict::Valid);
}

#[test]
fn the_two_numbers_are_found_in_either_order_and_among_other_units() {
    check_units(&[IK, KVNR], None);
    check_units(&[KVNR, IK], None);
    check_units(&["Servicezentrum", KVNR, "1041783970", IK], None);
    check(|pki| set_units(pki, &[KVNR, IK]), Verdict::Valid);
}

#[test]
fn a_number_that_is_missing_there_twice_or_wrong_makes_it_malformed() {
    check_units(&[IK], Some("OU (KVNR)"));
    check_units(&[KVNR], Some("OU (IK)"));
    check_units(&[], Some("OU (KVNR)"));
    check_units(&[IK, KVNR, "B234567895"], Some("OU (KVNR)"));
    check_units(&[IK, KVNR, "109500969"], Some("OU (IK)"));
    check_units(&[IK, "A123456781"], Some("OU (KVNR)"));
    check_units(&["10417839", KVNR], Some("OU (IK)"));
}

#[test]
fn another_person_or_insurer_is_invalid_whoever_has_signed_it() {
    for trusted in [true, false] {
        for (units, reason) in
            [([IK, "B234567895"], Reason::OtherPerson), (["109500969", KVNR], Reason::OtherInsurer)]
        {
            let pki = Pki::changed(|pki| set_units(pki, &units));
            let trust = if trusted { pki.trust() } else { TrustStore::default() };
            assert_eq!(pki.verdict(&trust, TODAY), Verdict::Invalid(reason));
        }
    }
}

#[test]
fn the_insurer_may_be_the_one_who_issues_or_the_one_who_is_billed() {
    let pki = Pki::new();
    let trust = pki.trust();
    let certificate = CardholderCertificate::parse(&pki.der()).unwrap();
    let check = Check { trust: &trust, today: TODAY };
    let verdict = |ik, billing| certificate.verdict(&person(KVNR), &insurance(ik, billing), check);
    assert_eq!(verdict(IK, Some("109500969")), Verdict::Valid);
    assert_eq!(verdict("109500969", Some(IK)), Verdict::Valid);
    assert_eq!(verdict("109500969", Some("101575519")), Verdict::Invalid(Reason::OtherInsurer));
}

#[test]
fn a_certificate_for_something_else_is_invalid() {
    invalid(|pki| pki.holder.usage = None, Reason::WrongUse);
    invalid(|pki| pki.holder.usage = Some(Usage::Encryption), Reason::WrongUse);
    invalid(|pki| pki.holder.policies = Vec::new(), Reason::WrongUse);
    // oid_egk_autn: the pseudonymous certificate.
    invalid(|pki| pki.holder.policies = vec!["1.2.276.0.76.4.163", "1.2.276.0.76.4.71"], Reason::WrongUse);
    // oid_arzt: a physician.
    invalid(|pki| pki.holder.profession = Some("1.2.276.0.76.4.30"), Reason::WrongUse);
    invalid(|pki| pki.holder.authority = true, Reason::WrongUse);
}

#[test]
fn a_key_that_is_too_weak_is_invalid() {
    invalid(|pki| pki.holder.key = rsa_key(1_024), Reason::WrongUse);
}

#[test]
fn a_chain_that_ends_with_nobody_we_know_is_not_verifiable() {
    let (pki, other) = (Pki::new(), Pki::new());
    let nobody = TrustStore::production();
    assert_eq!(pki.verdict(&nobody, TODAY), Verdict::NotVerifiable(Reason::NoTrustStore));
    let mut renamed = TrustStore::production();
    renamed.add(&other.root.signed_by(&other.root_key).to_der().unwrap()).unwrap();
    assert_eq!(pki.verdict(&renamed, TODAY), Verdict::NotVerifiable(Reason::UnknownIssuer));
    let self_signed = Pki::changed(|pki| {
        pki.holder.issuer = pki.holder.subject.clone();
    });
    assert_ne!(self_signed.verdict(&self_signed.trust(), TODAY), Verdict::Valid);
}

#[test]
fn a_signature_by_somebody_else_under_the_issuers_name_is_invalid() {
    let mut pki = Pki::new();
    let trust = pki.trust();
    pki.issuer_key = Key::generate();
    assert_eq!(pki.verdict(&trust, TODAY), Verdict::Invalid(Reason::Signature));
}

#[test]
fn no_changed_byte_is_accepted() {
    let pki = Pki::new();
    let (trust, der) = (pki.trust(), pki.der());
    let check = Check { trust: &trust, today: TODAY };
    let verdict = |der: &[u8]| {
        Some(CardholderCertificate::parse(der).ok()?.verdict(&person(KVNR), &insurance(IK, None), check))
    };
    assert_eq!(verdict(&der), Some(Verdict::Valid));
    for index in 0..der.len() {
        let mut changed = der.clone();
        changed[index] ^= 0x01;
        assert_ne!(verdict(&changed), Some(Verdict::Valid), "byte {index}");
    }
}

#[test]
fn every_certificate_of_the_chain_must_be_valid_today() {
    let pki = Pki::new();
    for (today, expected) in [
        (date(2025, 5, 31), Verdict::Invalid(Reason::NotYetValid)),
        (date(2025, 6, 1), Verdict::Valid),
        (date(2030, 5, 31), Verdict::Valid),
        (date(2030, 6, 1), Verdict::Invalid(Reason::Expired)),
    ] {
        assert_eq!(pki.verdict(&pki.trust(), today), expected, "{today}");
    }
    invalid(|pki| pki.issuer.until = TODAY.yesterday().unwrap(), Reason::Expired);
    invalid(|pki| pki.issuer.from = TODAY.tomorrow().unwrap(), Reason::NotYetValid);
}

#[test]
fn only_a_key_on_the_curve_of_generation_2_signs_challenges() {
    let key = Key::generate();
    let mut pki = Pki::new();
    pki.holder = Certificate::cardholder(&pki.issuer, &[IK, KVNR], &key);
    let certificate = CardholderCertificate::parse(&pki.der()).unwrap();
    assert!(certificate.can_prove_possession());
    assert!(certificate.verifies(&[7; 32], &key.sign(&[7; 32])));
    assert!(!certificate.verifies(&[8; 32], &key.sign(&[7; 32])));
    pki.holder.key = rsa_key(2_048);
    let certificate = CardholderCertificate::parse(&pki.der()).unwrap();
    assert!(!certificate.can_prove_possession());
    assert!(!certificate.verifies(&[7; 32], &key.sign(&[7; 32])));
}

#[test]
fn anything_else_is_no_certificate() {
    let der = Pki::new().der();
    for bytes in [&[][..], b"-----BEGIN CERTIFICATE-----", &der[..der.len() - 1], &[0x30, 0x00]] {
        assert_eq!(CardholderCertificate::parse(bytes).err(), Some(Problem::Length));
    }
    assert!(ErrorStack::get().errors().is_empty(), "nothing is left in OpenSSL's error queue");
}

#[test]
fn debug_output_tells_nothing() {
    let certificate = CardholderCertificate::parse(&Pki::new().der()).unwrap();
    assert_eq!(format!("{certificate:?}"), "CardholderCertificate(…)");
}

/// Reads from a card whose two files hold this; the commands, without the lengths, and the outcome.
fn read(e256: Option<&[u8]>, r2048: Option<&[u8]>, select: StatusWord) -> (Vec<String>, Option<Verdict>) {
    let mut current = None;
    let mut card = TestCard::new(|command| {
        current = match command.header() {
            [0x00, 0xA4, 0x04, 0x0C] => return Ok(status(select)),
            [0x00, 0xB0, 0x84, _] => e256,
            [0x00, 0xB0, 0x81, _] => r2048,
            _ => current,
        };
        Ok(current.map_or_else(|| status(StatusWord::NOT_FOUND), |file| read_binary(command, file)))
    });
    let outcome = CardholderCertificate::read(&mut card).unwrap();
    (card.commands, outcome.err())
}

#[test]
fn the_rsa_certificate_is_read_only_where_there_is_no_other() {
    let der = Pki::new().der();
    let none = Some(Verdict::NotSupported(Reason::NoCertificate));
    let (commands, verdict) = read(Some(&der), Some(&der), StatusWord::OK);
    assert_eq!((&commands[0], verdict), (&"00A4040C0AA000000167455349474E".to_owned(), None));
    assert!(commands[1..].iter().all(|command| !command.starts_with("00B081")));
    assert_eq!(read(None, Some(&der), StatusWord::OK).1, None);
    assert_eq!(read(Some(&[]), Some(&der), StatusWord::OK).1, None);
    assert_eq!(read(Some(&[0; 900]), Some(&der), StatusWord::OK).1, None);
    assert_eq!(read(None, None, StatusWord::OK).1, none);
    assert_eq!(read(Some(&[]), Some(&[]), StatusWord::OK).1, none);
}

#[test]
fn what_keeps_the_certificate_from_being_read_is_told() {
    let der = Pki::new().der();
    let denied = StatusWord::SECURITY_STATUS_NOT_SATISFIED;
    let none = Some(Verdict::NotSupported(Reason::NoCertificate));
    assert_eq!(
        read(Some(&der), None, StatusWord::NOT_FOUND),
        (vec!["00A4040C0AA000000167455349474E".to_owned()], none)
    );
    assert_eq!(read(Some(&der), None, denied).1, Some(Verdict::NotVerifiable(Reason::Refused(denied))));
    let malformed = Some(Verdict::Invalid(Reason::Malformed));
    assert_eq!(read(Some(&der[..300]), Some(&der), StatusWord::OK).1, malformed);
    let no_numbers = Pki::changed(|pki| set_units(pki, &[])).der();
    assert_eq!(read(Some(&no_numbers), Some(&der), StatusWord::OK).1, malformed);
}

#[test]
fn the_proof_is_the_verdict_on_what_the_card_holds() {
    let pki = Pki::new();
    let (der, trust) = (pki.der(), pki.trust());
    let mut card = TestCard::new(|command| {
        let select = command.ins() == 0xA4;
        Ok(if select { status(StatusWord::OK) } else { read_binary(command, &der) })
    });
    let check = Check { trust: &trust, today: TODAY };
    let verdict = prove(&mut card, &person(KVNR), &insurance(IK, None), check).unwrap();
    assert_eq!(verdict, Verdict::Valid);
}
