//! Lists and certificates that are taken, and those that aren't.

mod defect_lists;

use super::*;
use crate::passive::algorithms::{Hash, Scheme};
use crate::passive::oids;
use crate::test_pki::{
    Cms, Draft, Issued, Key, RevocationDraft, TODAY, Usage, defect_list, der, master_list, oid,
};
use jiff::civil::date;
use std::sync::LazyLock;

const MASTER_LIST: &str = "2.23.136.1.1.2";
const MASTER_LIST_SIGNING: &str = "2.23.136.1.1.3";
const DEFECT_LIST: &str = "0.4.0.127.0.7.3.1.5";
const DEFECT_LIST_SIGNING: &str = "0.4.0.127.0.7.3.11.2.1.2";
const LISTED: Date = date(2026, 10, 28);

static ROOT: LazyLock<Issued> = LazyLock::new(|| Draft::authority(&Key::p256()).self_signed());
static LIST_SIGNER: LazyLock<Issued> =
    LazyLock::new(|| Draft::list_signer(&Key::p256(), MASTER_LIST_SIGNING).issued_by(&ROOT));
static DEFECT_SIGNER: LazyLock<Issued> =
    LazyLock::new(|| Draft::list_signer(&Key::p256(), DEFECT_LIST_SIGNING).issued_by(&ROOT));
static GERMANY: LazyLock<Issued> = LazyLock::new(|| country("DE"));
static FRANCE: LazyLock<Issued> = LazyLock::new(|| country("FR"));

fn country(code: &'static str) -> Issued {
    let subject = vec![("C", code), ("CN", "Country Signing Authority")];
    Draft { subject, ..Draft::authority(&Key::p256()) }.self_signed()
}

fn pinned() -> Vec<Root> {
    vec![Root::parse(&ROOT.der()).unwrap()]
}

fn list<'a>(authorities: &[&Issued], signed: Date, signer: &'a Issued) -> Cms<'a> {
    let certificates: Vec<_> = authorities.iter().map(|authority| authority.der()).collect();
    Cms { signing_time: Some(signed), ..Cms::new(MASTER_LIST, master_list(&certificates), signer) }
}

fn import(store: &mut TrustStore, cms: &Cms<'_>) -> Result<ImportedMasterList, TrustError> {
    store.import_master_list(&cms.content_info(), &pinned(), TODAY)
}

fn import_one(cms: &Cms<'_>) -> Result<ImportedMasterList, TrustError> {
    let mut store = TrustStore::default();
    let imported = import(&mut store, cms);
    assert!(imported.is_ok() || store.state() == TrustState::default(), "what is refused changes nothing");
    imported
}

#[test]
fn a_master_list_below_a_pinned_root_brings_the_authorities_of_many_countries() {
    let mut store = TrustStore::default();
    let mut cms = list(&[&ROOT, &GERMANY, &FRANCE], LISTED, &LIST_SIGNER);
    cms.certificates.push(ROOT.der());
    for indefinite in [false, true] {
        let imported = import(&mut store, &Cms { indefinite, ..cms.clone() }).unwrap();
        assert_eq!(imported, ImportedMasterList { signed: LISTED, certificates: 3, left_out: 0 });
    }
    let state = store.state();
    assert_eq!(state.countries, ["DE", "FR", "UT"]);
    assert_eq!((state.certificates, state.master_list), (3, Some(LISTED)));
    assert_eq!(format!("{store:?}"), format!("{state:?}"));
}

#[test]
fn certificates_that_are_no_authorities_or_unreadable_are_left_out_of_a_master_list() {
    let signer = Draft::signer(&Key::p256()).issued_by(&GERMANY);
    let certificates = [GERMANY.der(), signer.der(), der(0x30, &[b"no certificate"])];
    let cms = Cms { content: master_list(&certificates), ..list(&[], LISTED, &LIST_SIGNER) };
    assert_eq!(import_one(&cms), Ok(ImportedMasterList { signed: LISTED, certificates: 1, left_out: 2 }));
}

#[test]
fn a_master_list_by_somebody_else_is_refused() {
    let forged_root = Draft::authority(&Key::p256()).self_signed();
    let by_forger = Draft::list_signer(&Key::p256(), MASTER_LIST_SIGNING).issued_by(&forged_root);
    let mut cms = list(&[&FRANCE], LISTED, &by_forger);
    cms.certificates.push(forged_root.der());
    assert_eq!(import_one(&cms), Err(TrustError::WrongSigner));

    let for_documents = Draft::signer(&Key::p256()).issued_by(&ROOT);
    assert_eq!(import_one(&list(&[&FRANCE], LISTED, &for_documents)), Err(TrustError::WrongSigner));
    assert_eq!(import_one(&list(&[&FRANCE], LISTED, &DEFECT_SIGNER)), Err(TrustError::WrongSigner));
    assert_eq!(import_one(&list(&[&FRANCE], LISTED, &ROOT)), Err(TrustError::WrongSigner));
    let nobody = Cms { certificates: vec![ROOT.der()], ..list(&[&FRANCE], LISTED, &LIST_SIGNER) };
    assert_eq!(import_one(&nobody), Err(TrustError::WrongSigner));

    let draft = Draft::list_signer(&Key::p256(), MASTER_LIST_SIGNING);
    let with_sha1 = draft.issued_with(&ROOT, Scheme::Ecdsa(Hash::Sha1));
    assert_eq!(import_one(&list(&[&FRANCE], LISTED, &with_sha1)), Err(TrustError::WrongSigner));

    let stolen = Issued { x509: LIST_SIGNER.x509.clone(), key: Key::p256() };
    assert_eq!(import_one(&list(&[&FRANCE], LISTED, &stolen)), Err(TrustError::Signature));
    let cms = list(&[&FRANCE], LISTED, &LIST_SIGNER).content_info();
    let without_roots = TrustStore::default().import_master_list(&cms, &[], TODAY);
    assert_eq!(without_roots, Err(TrustError::NoRoot));
}

#[test]
fn a_signer_below_the_roots_new_key_is_known_by_a_link_certificate_in_the_list() {
    let draft = Draft { serial: 2, ..Draft::authority(&Key::p256()) };
    let (new, link) = (draft.self_signed(), draft.issued_by(&ROOT));
    let signer = Draft::list_signer(&Key::p256(), MASTER_LIST_SIGNING).issued_by(&new);
    assert_eq!(import_one(&list(&[&new], LISTED, &signer)), Err(TrustError::WrongSigner));
    assert!(import_one(&list(&[&new, &link], LISTED, &signer)).is_ok());
    let beside = Cms { certificates: vec![signer.der(), link.der()], ..list(&[&new], LISTED, &signer) };
    assert!(import_one(&beside).is_ok());
}

#[test]
fn a_link_certificate_leads_nowhere_but_to_its_issuers_own_country() {
    let subject = vec![("C", "FR"), ("O", "Gouv"), ("CN", "CSCA-FRANCE")];
    let abroad = Draft { subject, serial: 77, ..Draft::authority(&Key::p256()) }.issued_by(&ROOT);
    let mut store = TrustStore::default();
    store.add_certificates(&ROOT.der()).unwrap();
    assert_eq!(store.add_certificates(&abroad.der()), Err(TrustError::WrongCountry));
    assert_eq!(store.state().countries, ["UT"]);

    // Signed by the key of an authority that it doesn't name.
    let renamed =
        Draft { subject: vec![("C", "FR"), ("CN", "CSCA")], ..Draft::authority(&ROOT.key) }.self_signed();
    let subject = vec![("C", "FR"), ("CN", "CSCA 2")];
    let unnamed = Draft { subject, ..Draft::authority(&Key::p256()) }.issued_by(&renamed);
    assert_eq!(store.add_certificates(&unnamed.der()), Err(TrustError::UnknownIssuer));
    assert_eq!(store.state().countries, ["UT"]);

    // In a master list, and as the way to its signer.
    let imported = import_one(&list(&[&ROOT, &GERMANY, &abroad], LISTED, &LIST_SIGNER));
    assert_eq!(imported, Ok(ImportedMasterList { signed: LISTED, certificates: 2, left_out: 1 }));
    let signer = Draft::list_signer(&Key::p256(), MASTER_LIST_SIGNING).issued_by(&abroad);
    assert_eq!(import_one(&list(&[&ROOT, &abroad], LISTED, &signer)), Err(TrustError::WrongSigner));
}

#[test]
fn a_list_whose_signer_is_revoked_is_refused_or_leaves_the_store() {
    let revoking = |serials: &[u16]| RevocationDraft::new(&ROOT, date(2026, 11, 1), serials).signed();
    let defects = Cms {
        signing_time: Some(LISTED),
        ..Cms::new(DEFECT_LIST, defect_list(&GERMANY, None, &[]), &DEFECT_SIGNER)
    };
    let (master, defects) = (list(&[&GERMANY], LISTED, &LIST_SIGNER).content_info(), defects.content_info());
    let mut store = TrustStore::default();
    store.add_certificates(&ROOT.der()).unwrap();
    store.import_revocation_list(&revoking(&[7]), TODAY).unwrap();
    store.import_master_list(&master, &pinned(), TODAY).unwrap();
    store.import_defect_list(&defects, &pinned(), TODAY).unwrap();
    // Both signers have the number 99.
    store.import_revocation_list(&revoking(&[7, 99]), TODAY).unwrap();
    let state = store.state();
    assert_eq!((state.master_list, state.defect_list, state.countries), (None, None, vec!["UT".to_owned()]));
    let again = store.import_master_list(&master, &pinned(), TODAY);
    assert_eq!(again, Err(TrustError::Revoked));
    assert_eq!(store.import_defect_list(&defects, &pinned(), TODAY), Err(TrustError::Revoked));

    let (root, revocation) = (ROOT.der(), revoking(&[99]));
    let files = [("a.crl", &revocation[..]), ("b.ml", &master), ("c.dfl", &defects), ("d.cer", &root)];
    let (store, problems) = TrustStore::from_files(files, &pinned(), &[], TODAY);
    let told: Vec<_> = problems.iter().map(|it| (it.name.as_str(), it.error)).collect();
    assert_eq!(told, [("b.ml", TrustError::Revoked), ("c.dfl", TrustError::Revoked)]);
    assert_eq!(store.state().countries, ["UT"]);
}

#[test]
fn an_older_list_is_refused_over_restarts_by_what_was_kept_of_the_newest() {
    let master = |signed| list(&[&GERMANY], signed, &LIST_SIGNER).content_info();
    let defects = |signed| {
        let content = defect_list(&GERMANY, None, &[]);
        Cms { signing_time: Some(signed), ..Cms::new(DEFECT_LIST, content, &DEFECT_SIGNER) }.content_info()
    };
    let made_of = |master: &[u8], defects: &[u8], newest: &[NewestList]| {
        let (store, problems) =
            TrustStore::from_files([("m", master), ("d", defects)], &pinned(), newest, TODAY);
        (store.state(), problems.into_iter().map(|it| (it.name, it.error)).collect::<Vec<_>>())
    };
    let (earlier, later) = (date(2026, 9, 28), LISTED);
    let (state, _) = made_of(&master(later), &defects(earlier), &[]);
    let kept = state.newest_lists;
    let kinds: Vec<_> = kept.iter().map(|it| (it.kind, it.signed.strftime("%F").to_string())).collect();
    let expected = [(SignedListKind::Master, "2026-10-28"), (SignedListKind::Defect, "2026-09-28")];
    assert_eq!(kinds, expected.map(|(kind, day)| (kind, day.to_owned())));

    let (state, problems) = made_of(&master(earlier), &defects(later), &kept);
    assert_eq!(problems, [("m".to_owned(), TrustError::Older)]);
    assert_eq!((state.master_list, state.defect_list), (None, Some(later)));
    let missing = |state: &TrustState| state.missing_lists.iter().map(|it| it.kind).collect::<Vec<_>>();
    assert_eq!(missing(&state), [SignedListKind::Master]);
    // The defect list's age has been noted, the master list's not forgotten.
    let (_, problems) = made_of(&master(earlier), &defects(earlier), &state.newest_lists);
    assert_eq!(problems.len(), 2);
    let (state, problems) = made_of(&master(later), &defects(later), &state.newest_lists);
    assert_eq!((problems, missing(&state)), (vec![], vec![]));

    // A list that is taken away is missed, as long as its root is pinned.
    let state = |roots: &[Root]| TrustStore::from_files([], roots, &state.newest_lists, TODAY).0.state();
    assert_eq!(missing(&state(&pinned())).len(), 2);
    let unpinned = state(&[]);
    assert_eq!((missing(&unpinned), unpinned.newest_lists.len()), (vec![], 2));
}

#[test]
fn an_older_master_list_is_refused_and_a_newer_one_takes_its_place() {
    let mut store = TrustStore::default();
    import(&mut store, &list(&[&GERMANY, &FRANCE], LISTED, &LIST_SIGNER)).unwrap();
    let older = list(&[&GERMANY], date(2026, 9, 28), &LIST_SIGNER);
    assert_eq!(import(&mut store, &older), Err(TrustError::Older));
    assert_eq!(store.state().countries, ["DE", "FR"]);
    import(&mut store, &list(&[&FRANCE], date(2026, 11, 20), &LIST_SIGNER)).unwrap();
    assert_eq!(store.state().countries, ["FR"]);
    assert_eq!(store.state().master_list, Some(date(2026, 11, 20)));
}

#[test]
fn master_lists_of_different_roots_stand_beside_each_other() {
    let other_root = country("NL");
    let signer = Draft::list_signer(&Key::p256(), MASTER_LIST_SIGNING).issued_by(&other_root);
    let roots = [pinned(), vec![Root::parse(&other_root.der()).unwrap()]].concat();
    let mut store = TrustStore::default();
    let lists = [list(&[&GERMANY], LISTED, &LIST_SIGNER), list(&[&FRANCE], date(2025, 1, 2), &signer)];
    // The second signer wasn't there yet.
    let early = store.import_master_list(&lists[1].content_info(), &roots, TODAY);
    assert_eq!(early, Err(TrustError::NotValidThen));
    for cms in [lists[0].clone(), list(&[&FRANCE], date(2026, 2, 2), &signer)] {
        store.import_master_list(&cms.content_info(), &roots, TODAY).unwrap();
    }
    assert_eq!(store.state().countries, ["DE", "FR"]);
    assert_eq!(store.state().master_list, Some(date(2026, 2, 2)), "the oldest one's age counts");
}

#[test]
fn a_master_list_from_the_future_undated_or_with_sha_1_is_refused() {
    let cms = list(&[&FRANCE], LISTED, &LIST_SIGNER);
    let with = |signing_time| import_one(&Cms { signing_time, ..cms.clone() });
    assert_eq!(with(Some(date(2026, 12, 1))), Err(TrustError::NotValidThen));
    assert_eq!(with(None), Err(TrustError::Malformed));
    let sha1 = Cms { scheme: Scheme::Ecdsa(Hash::Sha1), ..cms };
    assert_eq!(import_one(&sha1), Err(TrustError::Algorithm));
}

#[test]
fn a_truncated_master_list_or_something_else_is_refused() {
    let bytes = list(&[&FRANCE], LISTED, &LIST_SIGNER).content_info();
    let mut store = TrustStore::default();
    for cut in [0, 1, 20, bytes.len() / 2, bytes.len() - 1] {
        let imported = store.import_master_list(&bytes[..cut], &pinned(), TODAY);
        assert_eq!(imported, Err(TrustError::Malformed), "{cut} bytes");
    }
    let other = Cms::new("2.23.136.1.1.1", master_list(&[FRANCE.der()]), &LIST_SIGNER);
    assert_eq!(import(&mut store, &other), Err(TrustError::Malformed));
    let large = vec![0x30; (8 << 20) + 1];
    assert_eq!(store.import_master_list(&large, &pinned(), TODAY), Err(TrustError::TooLarge));
    let many = vec![der(0x30, &[]); AUTHORITIES_MAX + 1];
    let many = Cms { content: master_list(&many), ..list(&[], LISTED, &LIST_SIGNER) };
    assert_eq!(import(&mut store, &many), Err(TrustError::TooMany));
}

#[test]
fn a_root_is_a_self_signed_authority() {
    let pem = ROOT.x509.to_pem().unwrap();
    assert_eq!(Root::parse(&pem), Root::parse(&ROOT.der()));
    let signer = Draft::signer(&Key::p256()).issued_by(&ROOT);
    assert_eq!(Root::parse(&signer.der()), Err(TrustError::NotAnAuthority));
    let link = Draft { serial: 2, ..Draft::authority(&Key::p256()) }.issued_by(&ROOT);
    assert_eq!(Root::parse(&link.der()), Err(TrustError::NotAnAuthority));
    assert_eq!(Root::parse(b"no certificate"), Err(TrustError::Malformed));
    assert_eq!(Root::parse(&[&pem[..], &pem[..]].concat()), Err(TrustError::Malformed));
}

#[test]
fn single_certificates_are_the_administrators_word_and_links_need_their_authority() {
    let mut store = TrustStore::default();
    let link = Draft { serial: 2, ..Draft::authority(&Key::p256()) }.issued_by(&ROOT);
    assert_eq!(store.add_certificates(&link.der()), Err(TrustError::UnknownIssuer));
    let pem = [GERMANY.x509.to_pem().unwrap(), ROOT.x509.to_pem().unwrap()].concat();
    store.add_certificates(&pem).unwrap();
    store.add_certificates(&pem).unwrap();
    store.add_certificates(&link.der()).unwrap();
    assert_eq!((store.state().certificates, store.state().countries.len()), (3, 2));

    let signer = Draft::signer(&Key::p256()).issued_by(&ROOT);
    let both = [FRANCE.x509.to_pem().unwrap(), signer.x509.to_pem().unwrap()].concat();
    assert_eq!(store.add_certificates(&both), Err(TrustError::NotAnAuthority));
    let without_usage = Draft { usage: Some(Usage::Signatures), ..Draft::authority(&Key::p256()) };
    assert_eq!(store.add_certificates(&without_usage.self_signed().der()), Err(TrustError::NotAnAuthority));
    let mut broken = FRANCE.der();
    *broken.last_mut().unwrap() ^= 1;
    assert_eq!(store.add_certificates(&broken), Err(TrustError::NotAnAuthority));
    assert_eq!(store.state().certificates, 3, "a file is added as a whole or not at all");
}

#[test]
fn a_revocation_list_needs_its_authority_and_is_never_replaced_by_an_older_one() {
    let draft = |issued, number| RevocationDraft { number, ..RevocationDraft::new(&ROOT, issued, &[7]) };
    let import = |store: &mut TrustStore, draft: &RevocationDraft<'_>| {
        store.import_revocation_list(&draft.signed(), TODAY)
    };
    let mut store = TrustStore::default();
    let first = draft(date(2026, 10, 1), 5);
    assert_eq!(import(&mut store, &first), Err(TrustError::UnknownIssuer));
    store.add_certificates(&ROOT.der()).unwrap();
    assert_eq!(import(&mut store, &first), Ok(()));
    assert_eq!(import(&mut store, &draft(date(2026, 9, 1), 6)), Err(TrustError::Older));
    assert_eq!(import(&mut store, &draft(date(2026, 11, 1), 4)), Err(TrustError::Older));
    assert_eq!(import(&mut store, &draft(date(2026, 11, 1), 6)), Ok(()));
    assert_eq!(import(&mut store, &draft(date(2026, 12, 1), 7)), Err(TrustError::NotValidThen));
    let state = store.state();
    assert_eq!((state.revocation_lists, state.oldest_revocation_list), (1, Some(date(2026, 11, 1))));

    let forger = Issued { x509: ROOT.x509.clone(), key: Key::p256() };
    let forged = RevocationDraft::new(&forger, date(2026, 11, 2), &[7]);
    assert_eq!(import(&mut store, &forged), Err(TrustError::Signature));
    let delta = RevocationDraft { is_delta: true, ..draft(date(2026, 11, 2), 8) };
    assert_eq!(import(&mut store, &delta), Err(TrustError::Malformed));
    let sha1 = RevocationDraft { scheme: Scheme::Ecdsa(Hash::Sha1), ..draft(date(2026, 11, 2), 8) };
    assert_eq!(import(&mut store, &sha1), Err(TrustError::Algorithm));
    let large = vec![0x30; (1 << 20) + 1];
    assert_eq!(store.import_revocation_list(&large, TODAY), Err(TrustError::TooLarge));
}

#[test]
fn a_store_of_files_takes_what_can_be_trusted_in_whatever_order_and_tells_the_rest() {
    let link = Draft { serial: 2, ..Draft::authority(&Key::p256()) }.issued_by(&ROOT);
    let link_below = Draft { serial: 3, ..Draft::authority(&Key::p256()) }.issued_by(&link);
    let master = list(&[&ROOT, &FRANCE], LISTED, &LIST_SIGNER).content_info();
    let revocation = RevocationDraft::new(&FRANCE, date(2026, 11, 1), &[]).signed();
    let pem = |label: &str, der: &[u8]| {
        let base64 = openssl::base64::encode_block(der);
        let lines: Vec<_> = base64.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
        format!("notes\r\n-----BEGIN {label}-----\r\n{}\r\n-----END {label}-----\r\n", lines.join("\r\n"))
    };
    let defects = defect_list(&GERMANY, None, &[]);
    let defects = Cms { signing_time: Some(LISTED), ..Cms::new(DEFECT_LIST, defects, &DEFECT_SIGNER) };
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("a.crl", pem("X509 CRL", &revocation).into_bytes()),
        ("b1.pem", link_below.x509.to_pem().unwrap()),
        ("b2.pem", link.x509.to_pem().unwrap()),
        ("c.ml", pem("CMS", &master).into_bytes()),
        ("d.der", GERMANY.der()),
        ("e.dfl", defects.content_info()),
        ("f.txt", b"notes".to_vec()),
        ("g.crl", RevocationDraft::new(&country("IT"), LISTED, &[]).signed()),
        ("h.pem", b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----".to_vec()),
    ];
    let borrowed = files.iter().map(|(name, bytes)| (*name, bytes.as_slice()));
    let (store, mut problems) = TrustStore::from_files(borrowed, &pinned(), &[], TODAY);
    problems.sort_by(|one, other| one.name.cmp(&other.name));
    let problem = |name: &str, error| TrustProblem { name: name.to_owned(), error };
    assert_eq!(
        problems,
        [
            problem("f.txt", TrustError::Malformed),
            problem("g.crl", TrustError::UnknownIssuer),
            problem("h.pem", TrustError::Malformed)
        ]
    );
    let state = store.state();
    assert_eq!(state.countries, ["DE", "FR", "UT"]);
    assert_eq!((state.certificates, state.revocation_lists), (5, 1));
    assert_eq!((state.master_list, state.defect_list), (Some(LISTED), Some(LISTED)));
}

#[test]
fn the_names_of_lists_and_purposes_are_those_of_their_standards() {
    for (text, known) in [
        (MASTER_LIST, oids::MASTER_LIST),
        (MASTER_LIST_SIGNING, oids::MASTER_LIST_SIGNING_KEY),
        (DEFECT_LIST, oids::DEFECT_LIST),
        (DEFECT_LIST_SIGNING, oids::DEFECT_LIST_SIGNING_KEY),
        ("0.4.0.127.0.7.3.2.1", oids::CARD_SECURITY_OBJECT),
        ("2.23.136.1.1.6.2", oids::DOCUMENT_TYPE_LIST),
    ] {
        assert_eq!(oid(text), known, "{text}");
    }
}
