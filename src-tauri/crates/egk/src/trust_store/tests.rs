use super::*;
use crate::test_pki::{Certificate, Cvc, Key, Usage};
use openssl::error::ErrorStack;

const FUTURE_ROOT: &[u8; 8] = b"DEZGW\x88\x02\x28";
const TEST_ROOT: &[u8; 8] = b"DEGXX\x87\x02\x22";

/// A store as a package has it, or a workshop's.
fn store(takes_test_cards: bool) -> TrustStore {
    TrustStore { takes_test_cards, ..TrustStore::production() }
}

fn added(file: &[u8]) -> Result<Vec<TrustEntry>, TrustError> {
    let mut store = store(false);
    let outcome = store.add(file);
    assert!(ErrorStack::get().errors().is_empty(), "nothing is left in OpenSSL's error queue");
    outcome.map(|()| store.describe().split_off(7))
}

fn der(certificate: &X509) -> Vec<u8> {
    certificate.to_der().unwrap()
}

#[test]
fn all_seven_production_roots_are_points_of_the_curve() {
    let names: Vec<_> = TrustStore::production().describe().into_iter().map(|entry| entry.name).collect();
    assert_eq!(
        names,
        [
            "DEZGW810214",
            "DEZGW820216",
            "DEZGW830218",
            "DEZGW840220",
            "DEZGW850222",
            "DEZGW860224",
            "DEZGW870226"
        ]
    );
}

#[test]
fn production_roots_are_builtin_and_valid_for_ten_years() {
    for entry in TrustStore::production().describe() {
        assert!(entry.builtin && entry.kind == TrustKind::CvcRoot);
        assert_eq!(entry.valid_until, entry.valid_from.saturating_add(10.years()).yesterday().unwrap());
        assert_eq!(
            entry.name[9..],
            entry.valid_from.strftime("%y").to_string(),
            "the year of its key's generation"
        );
    }
}

#[test]
fn a_default_store_trusts_nobody() {
    assert!(TrustStore::default().describe().is_empty());
}

#[test]
fn a_self_signed_root_of_the_production_environment_is_added() {
    let key = Key::generate();
    let root = Cvc::root(FUTURE_ROOT, &key);
    let entry = TrustEntry {
        name: "DEZGW880228".to_owned(),
        kind: TrustKind::CvcRoot,
        valid_from: root.from,
        valid_until: root.until,
        builtin: false,
    };
    assert_eq!(added(&root.signed_by(&key)), Ok(vec![entry]));
}

#[test]
fn only_a_workshop_takes_a_root_of_test_cards() {
    let key = Key::generate();
    for name in [TEST_ROOT, b"DESIM\x01\x02\x26"] {
        let file = Cvc::root(name, &key).signed_by(&key);
        assert_eq!(added(&file), Err(TrustError::TestRoot));
        assert_eq!(store(true).add(&file), Ok(()));
    }
}

#[test]
fn this_build_takes_test_cards_only_with_the_workshop_feature() {
    assert_eq!(TrustStore::production().takes_test_cards, cfg!(feature = "workshop"));
    assert_eq!(TrustStore::default().takes_test_cards, cfg!(feature = "workshop"));
}

#[test]
fn a_card_verifiable_certificate_that_is_no_root_is_refused() {
    let (key, other) = (Key::generate(), Key::generate());
    let root = Cvc::root(FUTURE_ROOT, &key);
    let link = Cvc { issuer: b"DEZGW\x87\x02\x26".to_vec(), ..root.clone() };
    let authority = Cvc::authority(FUTURE_ROOT, b"DECCC\x11\x02\x26", &key);
    assert_eq!(added(&root.signed_by(&other)), Err(TrustError::NotARoot), "signed by another key");
    assert_eq!(added(&link.signed_by(&key)), Err(TrustError::NotARoot), "a link between roots");
    assert_eq!(added(&authority.signed_by(&key)), Err(TrustError::NotARoot), "an authority");
    assert_eq!(added(&root.signed_by(&key)[..200]), Err(TrustError::Malformed), "cut off");
}

#[test]
fn a_root_is_never_replaced_by_another_of_its_name() {
    let key = Key::generate();
    let forged = Cvc::root(b"DEZGW\x87\x02\x26", &key).signed_by(&key);
    assert_eq!(added(&forged), Err(TrustError::OtherKey));
}

#[test]
fn adding_a_file_twice_changes_nothing() {
    let key = Key::generate();
    let mut store = store(false);
    let root = Cvc::root(FUTURE_ROOT, &key).signed_by(&key);
    let authority = der(&Certificate::authority("GEM.EGK-CA51", &key).signed_by(&key));
    for file in [&root, &root, &authority, &authority] {
        assert_eq!(store.add(file), Ok(()));
    }
    assert_eq!(store.describe().len(), 9);
}

#[test]
fn authorities_are_added_from_pem_and_der() {
    let (root_key, key) = (Key::generate(), Key::generate());
    let root = Certificate::authority("GEM.RCA8", &root_key);
    let below = Certificate { issuer: root.subject.clone(), ..Certificate::authority("GEM.EGK-CA51", &key) }
        .signed_by(&root_key);
    let pem = [root.signed_by(&root_key).to_pem().unwrap(), below.to_pem().unwrap()].concat();
    let entries = added(&pem).unwrap();
    assert_eq!(
        entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(),
        ["GEM.RCA8", "GEM.EGK-CA51"]
    );
    assert!(entries.iter().all(|entry| entry.kind == TrustKind::X509Authority && !entry.builtin));
    assert_eq!((entries[1].valid_from, entries[1].valid_until), (date(2024, 1, 1), date(2032, 1, 2)));
    assert_eq!(
        added(&der(&below)).unwrap().len(),
        1,
        "an authority below another is trusted for its own sake"
    );
}

#[test]
fn a_certificate_that_signs_no_others_is_no_authority() {
    let key = Key::generate();
    let authority = Certificate::authority("GEM.EGK-CA51", &key);
    let cases = [
        ("no authority", Certificate { authority: false, ..authority.clone() }.signed_by(&key)),
        ("another use", Certificate { usage: Some(Usage::Signatures), ..authority.clone() }.signed_by(&key)),
        ("signed by another key", authority.signed_by(&Key::generate())),
    ];
    for (case, certificate) in cases {
        assert_eq!(added(&der(&certificate)), Err(TrustError::NotARoot), "{case}");
    }
    let without_usage = Certificate { usage: None, ..authority }.signed_by(&key);
    assert!(added(&der(&without_usage)).is_ok(), "keyUsage is what may be left out");
}

#[test]
fn only_a_workshop_takes_an_authority_of_test_cards() {
    let key = Key::generate();
    for name in ["GEM.EGK-CA51 TEST-ONLY", "ATOS.EGK-CA6 NOT-VALID"] {
        let file = der(&Certificate::authority(name, &key).signed_by(&key));
        assert_eq!(added(&file), Err(TrustError::TestRoot));
        assert_eq!(store(true).add(&file), Ok(()));
    }
}

#[test]
fn a_file_is_added_as_a_whole_or_not_at_all() {
    let key = Key::generate();
    let right = Certificate::authority("GEM.EGK-CA51", &key).signed_by(&key);
    let wrong = Certificate::authority("GEM.EGK-CA52", &key).signed_by(&Key::generate());
    let mut store = store(false);
    let file = [right.to_pem().unwrap(), wrong.to_pem().unwrap()].concat();
    assert_eq!(store.add(&file), Err(TrustError::NotARoot));
    assert!(store.authorities().is_empty());
}

#[test]
fn anything_else_is_no_certificate() {
    let unfinished = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    for file in [&b""[..], b"hello", &[0x7F, 0x21], &[0x30, 0x82, 0x01], unfinished, &[b' '; 70_000]] {
        assert_eq!(added(file), Err(TrustError::Malformed));
    }
    assert_eq!(added(&vec![b'\n'; TRUST_FILE_BYTES_MAX + 1]), Err(TrustError::Malformed));
}

#[test]
fn a_store_ends_at_its_limit() {
    let key = Key::generate();
    let mut store = store(false);
    let root = Cvc::root(FUTURE_ROOT, &key).signed_by(&key);
    while store.roots.len() < TRUSTED_MAX {
        let key = PublicKey::from_point(key.point()).unwrap();
        let (valid_from, valid_until) = (date(2024, 1, 1), date(2033, 12, 31));
        let name = KeyReference::new(*b"DEZGW", [0; 3]);
        store.roots.push(Root { name, public_key: key, valid_from, valid_until, builtin: false });
    }
    assert_eq!(store.add(&root), Err(TrustError::TooMany));

    let mut authority = Certificate::authority("GEM.EGK-CA51", &key);
    authority.subject.push(("OU", "another".to_owned()));
    let other = authority.signed_by(&key);
    let one = Certificate::authority("GEM.EGK-CA51", &key).signed_by(&key);
    store.authorities = vec![one.clone(); TRUSTED_MAX];
    assert_eq!(store.add(&der(&one)), Ok(()), "it is there already");
    assert_eq!(store.add(&der(&other)), Err(TrustError::TooMany));
    assert_eq!(store.authorities.len(), TRUSTED_MAX);
}
