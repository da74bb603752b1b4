use super::*;
use crate::test_pki::{Cvc, ECDSA_WITH_SHA256, Key, tlv};
use jiff::civil::date;

const NAME: &[u8; 8] = b"DEZGW\x99\x02\x26";
const ICCSN: [u8; 10] = [0x80, 0x27, 0x68, 0x83, 0x11, 0x00, 0x00, 0x15, 0x65, 0x49];

// A test card's certificate and its authority's, as gematik has published them in OpenHealth-Core (asn1) and
// popp-sample-code (VirtualCardServiceTest), and the public key of the root above them, as the operator of gematik's
// CVC-Root has.
const PUBLISHED_CARD: &str = "7f2181da7f4e81935f290170420844454758581102237f494b06062b24030503018641045e7ae614740e7012e350de71\
    c10021ec668f21d6859591b4f709c4c73cce91c5a7fb0be1327e59ff1d0cb402b9c2bb0dc0432fa566bd4ff5f532258c7364aecd5f200c0009802768\
    831100001565497f4c1306082a8214004c0481185307000000000000005f25060204000400025f24060209000400015f37409d244d497832172304f2\
    98bd49f91f45bf346cb306adeb44b0742017a074902146cccbdbb35426c2eb602d38253d92ebe1ac6905f388407398a474c4ea612d84";
const PUBLISHED_AUTHORITY: &str = "7f2181d87f4e81915f290170420844454758588702227f494d06082a8648ce3d04030286410428405a0ccc5c53b6\
    780356a5141eb47fed5f56be44bc22f2046fc053fedbc25e50e24a6d6af95c1cfee9497acce359a253f7d0b7abaea5d1a62de030145f0c975f20084445\
    4758581102237f4c1306082a8214004c0481185307800000000000005f25060203000703015f24060301000703005f37404cd260c0803b125a001ba81b\
    a9f2e2b1390de4f14691c822a28cc776a186d7ba7f08704c27fdcdaeb1f8b243a37976cf37bf7c121858d0f0419de83217a395de";
const PUBLISHED_ROOT_POINT: &str = "04\
    015497bb49f7f3a639179ad2d4d6943bb10dbec480cd3c213d8012f71065d557\
    9420d6fa4129aa67e04033507dc9bef283775f66dd470bf6498a3d23f35f27e1";

fn published(hex: &str) -> CardVerifiableCertificate {
    CardVerifiableCertificate::parse(&hex::decode(hex).unwrap()).unwrap()
}

fn iccsn(number: [u8; 10]) -> Iccsn {
    Iccsn::parse_gdo(&[&[0x5A, 0x0A], &number[..]].concat()).unwrap()
}

fn role(cvc: &Cvc) -> Option<CvcRole> {
    CardVerifiableCertificate::parse(&cvc.signed_by(&Key::generate())).unwrap().role()
}

fn check_problem(cvc: &Cvc, expected: Problem) {
    assert_eq!(CardVerifiableCertificate::parse(&cvc.signed_by(&Key::generate())), Err(expected));
}

#[test]
fn the_published_test_card_is_signed_by_its_authority_and_that_by_its_root() {
    let (card, authority) = (published(PUBLISHED_CARD), published(PUBLISHED_AUTHORITY));
    let root = PublicKey::from_point(hex::decode(PUBLISHED_ROOT_POINT).unwrap().try_into().unwrap()).unwrap();
    assert!(card.is_signed_by(authority.public_key()));
    assert!(authority.is_signed_by(&root));
    assert!(!card.is_signed_by(&root) && !authority.is_signed_by(card.public_key()));
}

#[test]
fn the_fields_of_the_published_test_card_are_read() {
    let card = published(PUBLISHED_CARD);
    assert_eq!(card.role(), Some(CvcRole::Card));
    assert_eq!(card.issuer().to_string(), "DEGXX110223");
    assert_eq!(card.authority(), None);
    assert_eq!((card.valid_from(), card.valid_until()), (date(2024, 4, 2), date(2029, 4, 1)));
    assert!(card.names(&iccsn(ICCSN)));

    let authority = published(PUBLISHED_AUTHORITY);
    assert_eq!(authority.role(), Some(CvcRole::Authority));
    assert_eq!(authority.issuer().to_string(), "DEGXX870222");
    assert_eq!(authority.authority(), Some(card.issuer()));
    assert_eq!((authority.valid_from(), authority.valid_until()), (date(2023, 7, 31), date(2031, 7, 30)));
    assert!(authority.issuer().is_test_root() && !authority.issuer().is_production_root());
}

#[test]
fn a_certificate_names_its_own_card_only() {
    let card = published(PUBLISHED_CARD);
    for index in 1..ICCSN.len() {
        let mut other = ICCSN;
        other[index] ^= 0x01;
        assert!(!card.names(&iccsn(other)), "byte {index}");
    }
    assert!(!published(PUBLISHED_AUTHORITY).names(&iccsn(ICCSN)));
}

#[test]
fn debug_output_tells_no_card_number() {
    assert_eq!(
        format!("{:?}", published(PUBLISHED_CARD)),
        "CardVerifiableCertificate(Some(Card) by DEGXX110223)"
    );
}

#[test]
fn flags_use_of_the_key_and_holder_decide_the_role_together() {
    let key = Key::generate();
    let root = Cvc::root(NAME, &key);
    let authority = Cvc::authority(NAME, b"DECCC\x11\x02\x26", &key);
    let card = Cvc::card(NAME, &ICCSN, &key);
    assert_eq!(role(&root), Some(CvcRole::Root));
    assert_eq!(role(&authority), Some(CvcRole::Authority));
    assert_eq!(role(&card), Some(CvcRole::Card));

    let link_between_roots = Cvc { issuer: b"DEZGW\x98\x02\x24".to_vec(), ..root.clone() };
    let self_issued_authority = Cvc { flags: authority.flags.clone(), ..root.clone() };
    let card_with_authority_flags = Cvc { flags: authority.flags.clone(), ..card.clone() };
    let card_with_a_right = Cvc { flags: vec![0, 0, 0, 0, 0, 0, 1], ..card.clone() };
    let card_that_signs = Cvc { key_use: ECDSA_WITH_SHA256.to_vec(), ..card.clone() };
    let authority_that_authenticates = Cvc { key_use: card.key_use.clone(), ..authority.clone() };
    let authority_without_flags = Cvc { flags: vec![0; 7], ..authority };
    assert_eq!(role(&self_issued_authority), Some(CvcRole::Authority));
    for none in [
        link_between_roots,
        card_with_authority_flags,
        card_with_a_right,
        card_that_signs,
        authority_that_authenticates,
        authority_without_flags,
    ] {
        assert_eq!(role(&none), None);
    }
}

#[test]
fn fields_that_do_not_hold_what_they_should_are_named() {
    let card = Cvc::card(NAME, &ICCSN, &Key::generate());
    let field = |name| Problem::Field { name };
    check_problem(&Cvc { profile: 0x71, ..card.clone() }, field("CPI"));
    check_problem(&Cvc { key_use: vec![0x2B], ..card.clone() }, field("key use"));
    check_problem(&Cvc { holder: [&[0x00, 0x06], &ICCSN[..]].concat(), ..card.clone() }, field("CHR"));
    check_problem(&Cvc { holder: vec![0x00, 0x09, 0x80], ..card.clone() }, field("CHR"));
    check_problem(&Cvc { flag_list: ECDSA_WITH_SHA256.to_vec(), ..card.clone() }, field("CHAT"));
    check_problem(&Cvc { point: vec![0x04; 65], ..card.clone() }, field("public key"));
    check_problem(&Cvc { until: date(2025, 5, 31), ..card.clone() }, field("CXD"));
    check_problem(&Cvc { issuer: NAME[1..].to_vec(), ..card.clone() }, Problem::Length);
    check_problem(&Cvc { point: vec![0x04; 64], ..card.clone() }, Problem::Length);
    check_problem(&Cvc { flags: vec![0; 8], ..card }, Problem::Length);
}

#[test]
fn a_date_is_six_digits_of_a_day_that_there_is() {
    assert_eq!(super::date([2, 8, 0, 2, 2, 9]), Some(date(2028, 2, 29)));
    for wrong in [
        [2, 7, 0, 2, 2, 9],
        [2, 7, 1, 3, 0, 1],
        [2, 7, 0, 0, 0, 1],
        [0x32, 7, 0, 1, 0, 1],
        [2, 7, 0, 1, 0, 10],
    ] {
        assert_eq!(super::date(wrong), None, "{wrong:?}");
    }
}

#[test]
fn objects_out_of_order_padded_or_longer_than_needed_are_refused() {
    let key = Key::generate();
    let cvc = Cvc::card(NAME, &ICCSN, &key);
    let (body, certificate) = (cvc.body(), cvc.signed_by(&key));
    let signature = &certificate[certificate.len() - 67..];
    let wrap = |parts: &[&[u8]]| tlv(&[0x7F, 0x21], &parts.concat());
    assert!(CardVerifiableCertificate::parse(&wrap(&[&body, signature])).is_ok());
    let longer_length = [&body[..2], &[0x82, 0x00], &body[3..]].concat();
    for malformed in [
        wrap(&[signature, &body]),
        wrap(&[&body, &[0x00], signature]),
        wrap(&[&body, signature, &[0x00]]),
        wrap(&[&body, signature, signature]),
        wrap(&[&longer_length, signature]),
        wrap(&[&body]),
        body.clone(),
        Vec::new(),
    ] {
        assert_eq!(CardVerifiableCertificate::parse(&malformed), Err(Problem::Length));
    }
}

#[test]
fn a_certificate_that_is_cut_off_is_refused_and_bytes_behind_it_do_not_count() {
    let whole = hex::decode(PUBLISHED_CARD).unwrap();
    for length in 0..whole.len() {
        assert_eq!(CardVerifiableCertificate::parse(&whole[..length]), Err(Problem::Length), "{length}");
    }
    let padded = [&whole[..], &[0; 3]].concat();
    assert_eq!(CardVerifiableCertificate::parse(&padded).unwrap(), published(PUBLISHED_CARD));
}
