//! EF.CardSecurity.

use super::*;
use crate::test_pki::{defect_list, oid};
use crate::trust::{KnownDefects, Root};

const SECURITY_INFOS: &[u8] = &[0x31, 0x00];

fn file(signer: &Issued) -> Vec<u8> {
    Cms::new("0.4.0.127.0.7.3.2.1", SECURITY_INFOS.to_vec(), signer).content_info()
}

fn judge_file(file: &[u8], trust: &TrustStore) -> Verdict {
    CardSecurity::parse(file).unwrap().authenticate(Check { trust, today: TODAY })
}

#[test]
fn security_infos_are_proven_by_a_signer_below_a_trusted_authority() {
    let file = file(&SIGNER);
    assert_eq!(CardSecurity::parse(&file).unwrap().security_infos(), SECURITY_INFOS);
    assert_eq!(judge_file(&file, &trusting(&[&AUTHORITY])), Verdict::Valid);
    assert_eq!(judge_file(&file, &TrustStore::default()), Verdict::NotVerifiable(Reason::NoTrustStore));
    let mut forged = file;
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(judge_file(&forged, &trusting(&[&AUTHORITY])), Verdict::Invalid(Reason::Signature));
}

#[test]
fn a_revoked_signer_proves_no_security_infos() {
    let mut trust = trusting(&[&AUTHORITY]);
    let list = RevocationDraft::new(&AUTHORITY, date(2026, 11, 1), &[4_711]).signed();
    trust.import_revocation_list(&list, TODAY).unwrap();
    assert_eq!(judge_file(&file(&SIGNER), &trust), Verdict::Invalid(Reason::Revoked));
}

#[test]
fn a_defect_list_tells_of_the_keys_of_the_files_own_signer() {
    let other = Draft { serial: 4_712, ..Draft::signer(&Key::p256()) }.issued_by(&AUTHORITY);
    let list_signer = Draft::list_signer(&Key::p256(), "0.4.0.127.0.7.3.11.2.1.2").issued_by(&AUTHORITY);
    let content = defect_list(&other, None, &["0.4.0.127.0.7.3.1.5.1.3"]);
    let list = Cms {
        signing_time: Some(date(2026, 11, 1)),
        ..Cms::new("0.4.0.127.0.7.3.1.5", content, &list_signer)
    };
    let mut trust = trusting(&[&AUTHORITY]);
    let root = Root::parse(&AUTHORITY.der()).unwrap();
    trust.import_defect_list(&list.content_info(), &[root], TODAY).unwrap();
    let of_signer = |signer| CardSecurity::parse(&file(signer)).unwrap().known_defects(&trust);
    assert_eq!(of_signer(&SIGNER), KnownDefects::default());
    assert!(of_signer(&other).chip_authentication_key && !of_signer(&other).active_authentication_key);
}

#[test]
fn what_is_no_card_security_is_refused() {
    let sod = Cms::security_object(&GROUPS, &SIGNER).content_info();
    assert_eq!(CardSecurity::parse(&sod).err(), Some(CardSecurityError::ContentType));
    assert_eq!(CardSecurity::parse(&oid("2.5.4.3")).err(), Some(CardSecurityError::Malformed));
    let large = vec![0x30; CARD_SECURITY_BYTES_MAX + 1];
    assert_eq!(CardSecurity::parse(&large).err(), Some(CardSecurityError::TooLarge));
}

// EF.CardSecurity of BSI's "Worked Example for Extended Access Control" (ECDH): RSA-PSS in signature and certificate,
// no signing time. Its authority isn't published.
#[test]
fn the_file_of_the_worked_example_is_signed_by_the_signer_in_it() {
    let file: String = include_str!("worked_example.hex").split_whitespace().collect();
    let file = hex::decode(file).unwrap();
    let parsed = CardSecurity::parse(&file).unwrap();
    assert_eq!(parsed.signed.verdict(parsed.signed.signer().unwrap()), Verdict::Valid);
    let security_infos = parsed.security_infos();
    assert_eq!(security_infos[..6], [0x31, 0x82, 0x01, 0x37, 0x30, 0x0D]);
    let signer = parsed.signed.signer().unwrap();
    assert_eq!(signer.country().as_deref(), Some("DE"));
    assert_eq!(judge_file(&file, &trusting(&[&AUTHORITY])), Verdict::NotVerifiable(Reason::UnknownIssuer));
    let at = file.windows(6).position(|window| window == &security_infos[..6]).unwrap();
    let forged = [&file[..at + 20], &[!file[at + 20]], &file[at + 21..]].concat();
    assert_eq!(judge_file(&forged, &trusting(&[&AUTHORITY])), Verdict::Invalid(Reason::HashDiffers));
}
