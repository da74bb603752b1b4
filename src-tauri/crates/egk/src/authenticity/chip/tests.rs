use super::*;
use crate::test_card::{CountingEntropy, TestCard, data, read_binary, status};
use crate::test_pki::{Cvc, Key, TODAY};
use crate::trust_store::TrustStore;
use jiff::civil::date;
use openssl::error::ErrorStack;
use smartcard::StatusWord;
use std::cell::Cell;

const ROOT: &[u8; 8] = b"DEZGW\x88\x02\x24";
const TEST_ROOT: &[u8; 8] = b"DEGXX\x87\x02\x22";
const AUTHORITY: &[u8; 8] = b"DECCC\x11\x02\x25";
const ICCSN: [u8; 10] = [0x80, 0x27, 0x68, 0x83, 0x11, 0x00, 0x00, 0x15, 0x27, 0x15];

/// What a card answers to a token.
type Reply<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;

/// A hierarchy, and what of it a test changes.
struct Pki {
    root_key: Key,
    authority_key: Key,
    chip_key: Key,
    root: Cvc,
    authority: Cvc,
    chip: Cvc,
}

impl Pki {
    fn new() -> Self {
        let (root_key, authority_key, chip_key) = (Key::generate(), Key::generate(), Key::generate());
        let root = Cvc::root(ROOT, &root_key);
        let authority = Cvc::authority(ROOT, AUTHORITY, &authority_key);
        let chip = Cvc::card(AUTHORITY, &ICCSN, &chip_key);
        Self { root_key, authority_key, chip_key, root, authority, chip }
    }

    fn changed(change: impl FnOnce(&mut Self)) -> Self {
        let mut pki = Self::new();
        change(&mut pki);
        pki
    }

    fn files(&self) -> [Vec<u8>; 2] {
        [self.authority.signed_by(&self.root_key), self.chip.signed_by(&self.authority_key)]
    }

    fn trust(&self) -> TrustStore {
        let mut trust = TrustStore::production();
        trust.takes_test_cards = true;
        trust.add(&self.root.signed_by(&self.root_key)).unwrap();
        trust.takes_test_cards = false;
        trust
    }

    fn verdict(&self) -> Verdict {
        self.verdict_on(TODAY)
    }

    fn verdict_on(&self, today: Date) -> Verdict {
        let [authority, chip] = &self.files();
        let card = &mut self.card(authority, chip);
        prove(card, &iccsn(), Check { trust: &self.trust(), today }, &mut CountingEntropy(true)).unwrap()
    }

    /// A card with these files and the chip's key.
    fn card<'a>(&'a self, authority: &'a [u8], chip: &'a [u8]) -> TestCard<'a> {
        TestCard::new(move |command| {
            Ok(match command.header() {
                [0x00, 0xB0, 0x87, 0x00] => read_binary(command, authority),
                [0x00, 0xB0, 0x86, 0x00] => read_binary(command, chip),
                // A further piece: no file has more than one.
                [0x00, 0xB0, _, _] => status(StatusWord::WRONG_P1_P2),
                [0x00, 0x22, 0x41, 0xA4] => status(StatusWord::OK),
                [0x00, 0x88, 0x00, 0x00] => data(&self.chip_key.sign(&[command.data(), &[0x00]].concat())),
                _ => status(StatusWord::INS_NOT_SUPPORTED),
            })
        })
    }
}

fn iccsn() -> Iccsn {
    Iccsn::parse_gdo(&[&[0x5A, 0x0A], &ICCSN[..]].concat()).unwrap()
}

/// The verdict on a card that answers like this, and the commands it got.
fn prove_with(trust: &TrustStore, mut card: TestCard<'_>) -> (Verdict, usize) {
    let check = Check { trust, today: TODAY };
    let verdict = prove(&mut card, &iccsn(), check, &mut CountingEntropy(true)).unwrap();
    assert!(ErrorStack::get().errors().is_empty(), "nothing is left in OpenSSL's error queue");
    (verdict, card.commands.len())
}

fn check(change: impl FnOnce(&mut Pki), expected: Verdict) {
    assert_eq!(Pki::changed(change).verdict(), expected);
}

fn invalid(change: impl FnOnce(&mut Pki), reason: Reason) {
    check(change, Verdict::Invalid(reason));
}

#[test]
fn a_genuine_chip_is_proven_with_four_commands() {
    let pki = Pki::new();
    let [authority, chip] = &pki.files();
    let mut card = pki.card(authority, chip);
    let check = Check { trust: &pki.trust(), today: TODAY };
    assert_eq!(prove(&mut card, &iccsn(), check, &mut CountingEntropy(true)), Ok(Verdict::Valid));
    assert_eq!(
        card.commands,
        [
            "00B0870000",
            "00B0860000",
            "002241A406840109800100",
            "0088000018000102030405060708090A0B0C0D0E0F101112131415161700"
        ]
    );
}

#[test]
fn the_signed_value_is_the_token_and_a_zero_byte_as_a_32_byte_integer() {
    let token: [u8; 24] = std::array::from_fn(|index| u8::try_from(index + 1).unwrap());
    assert_eq!(signed_value(token).to_vec(), [&[0; 7][..], &token, &[0]].concat());
}

#[test]
fn no_changed_byte_of_either_certificate_is_accepted() {
    let pki = Pki::new();
    let trust = pki.trust();
    let files = pki.files();
    let check = Check { trust: &trust, today: TODAY };
    let verdict = |files: &[Vec<u8>; 2]| {
        let authority = CardVerifiableCertificate::parse(&files[0]).ok()?;
        Some(verify_chain(&CardVerifiableCertificate::parse(&files[1]).ok()?, &authority, &iccsn(), check))
    };
    assert_eq!(verdict(&files), Some(Verdict::Valid));
    for file in [0, 1] {
        for index in 0..files[file].len() {
            for flip in [0x01, 0x80, 0xFF] {
                let mut changed = files.clone();
                changed[file][index] ^= flip;
                let verdict = verdict(&changed);
                assert_ne!(verdict, Some(Verdict::Valid), "file {file}, byte {index}, {flip:02X}");
            }
        }
    }
}

#[test]
fn a_chain_with_a_wrong_signature_is_invalid() {
    invalid(|pki| pki.authority_key = Key::generate(), Reason::Signature);
    let (mut pki, other) = (Pki::new(), Pki::new());
    let trust = pki.trust();
    pki.root_key = other.root_key;
    let [authority, chip] = &pki.files();
    assert_eq!(prove_with(&trust, pki.card(authority, chip)), (Verdict::Invalid(Reason::Signature), 2));
}

#[test]
fn certificates_that_do_not_belong_together_are_invalid() {
    invalid(|pki| pki.chip.issuer = b"DECCC\x12\x02\x25".to_vec(), Reason::Signature);
}

#[test]
fn a_card_cannot_act_as_an_authority() {
    // Another card's key signs for this one, under that card's own certificate.
    invalid(|pki| pki.authority = Cvc { issuer: ROOT.to_vec(), ..pki.chip.clone() }, Reason::WrongUse);
    // It calls itself by an authority's name, with a card's flags or use.
    invalid(|pki| pki.authority.flags = vec![0; 7], Reason::WrongUse);
    invalid(|pki| pki.authority.key_use = pki.chip.key_use.clone(), Reason::WrongUse);
}

#[test]
fn a_root_cannot_act_as_an_authority_nor_an_authority_as_a_card() {
    invalid(|pki| pki.authority.flags = vec![0xFF; 7], Reason::WrongUse);
    invalid(|pki| pki.chip = pki.authority.clone(), Reason::WrongUse);
    invalid(|pki| pki.chip.flags = vec![0x04, 0, 0, 0, 0, 0, 0], Reason::WrongUse);
}

#[test]
fn another_cards_certificate_is_invalid_whoever_has_signed_it() {
    let mut other = ICCSN;
    other[9] = 0x16;
    let change = |pki: &mut Pki| pki.chip.holder = [&[0x00, 0x09], &other[..]].concat();
    invalid(change, Reason::OtherCard);
    let pki = Pki::changed(change);
    let [authority, chip] = &pki.files();
    let unknown = TrustStore::production();
    assert_eq!(prove_with(&unknown, pki.card(authority, chip)).0, Verdict::Invalid(Reason::OtherCard));
}

#[test]
fn card_and_authority_must_be_valid_today_and_the_root_need_not() {
    let pki = Pki::new();
    for (today, expected) in [
        (date(2025, 5, 31), Verdict::Invalid(Reason::NotYetValid)),
        (date(2025, 6, 1), Verdict::Valid),
        (date(2030, 5, 31), Verdict::Valid),
        (date(2030, 6, 1), Verdict::Invalid(Reason::Expired)),
    ] {
        assert_eq!(pki.verdict_on(today), expected, "{today}");
    }
    check(|pki| pki.root.until = date(2026, 1, 1), Verdict::Valid);
    invalid(|pki| pki.authority.until = TODAY.yesterday().unwrap(), Reason::Expired);
    check(|pki| pki.authority.until = TODAY, Verdict::Valid);
}

#[test]
fn nobody_issues_before_or_after_their_own_validity() {
    invalid(|pki| pki.root.until = pki.authority.from.yesterday().unwrap(), Reason::Expired);
    invalid(|pki| pki.root.from = pki.authority.from.tomorrow().unwrap(), Reason::NotYetValid);
    invalid(|pki| pki.authority.from = pki.chip.from.tomorrow().unwrap(), Reason::NotYetValid);
}

#[test]
fn a_root_that_is_not_known_may_be_newer_than_the_store() {
    let pki = Pki::new();
    let [authority, chip] = &pki.files();
    let unknown = Verdict::NotVerifiable(Reason::UnknownIssuer);
    assert_eq!(prove_with(&TrustStore::production(), pki.card(authority, chip)), (unknown, 4));
    let nobody = Verdict::NotVerifiable(Reason::NoTrustStore);
    assert_eq!(prove_with(&TrustStore::default(), pki.card(authority, chip)), (nobody, 4));
}

#[test]
fn a_test_card_is_invalid_but_in_a_workshop() {
    let pki = Pki::changed(|pki| {
        pki.root = Cvc::root(TEST_ROOT, &pki.root_key);
        pki.authority.issuer = TEST_ROOT.to_vec();
    });
    let [authority, chip] = &pki.files();
    let mut trust = TrustStore::production();
    trust.takes_test_cards = false;
    assert_eq!(prove_with(&trust, pki.card(authority, chip)), (Verdict::Invalid(Reason::TestCard), 2));
    trust.takes_test_cards = true;
    let unknown = Verdict::NotVerifiable(Reason::UnknownIssuer);
    assert_eq!(prove_with(&trust, pki.card(authority, chip)), (unknown, 4));
    assert_eq!(prove_with(&pki.trust(), pki.card(authority, chip)), (Verdict::Valid, 4));
}

#[test]
fn a_copy_of_a_card_fails_the_challenge_even_under_an_unknown_root() {
    let mut pki = Pki::new();
    let trust = pki.trust();
    let [authority, chip] = pki.files();
    pki.chip_key = Key::generate();
    for trust in [trust, TrustStore::production()] {
        let failed = (Verdict::Invalid(Reason::ChallengeFailed), 4);
        assert_eq!(prove_with(&trust, pki.card(&authority, &chip)), failed);
    }
}

#[test]
fn an_answer_to_another_challenge_fails() {
    let pki = Pki::new();
    let [authority, chip] = pki.files();
    let replies: [Reply<'_>; 5] = [
        &|_| pki.chip_key.sign(&[0; 25]).to_vec(),
        &|token| pki.chip_key.sign(token).to_vec(),
        &|token| pki.chip_key.sign(&openssl::sha::sha256(&[token, &[0]].concat())).to_vec(),
        &|token| pki.chip_key.sign(&[token, &[0]].concat())[..63].to_vec(),
        &|_| Vec::new(),
    ];
    for reply in replies {
        let mut genuine = pki.card(&authority, &chip);
        let card = TestCard::new(|command| {
            if command.ins() == 0x88 { Ok(data(&reply(command.data()))) } else { genuine.transmit(command) }
        });
        assert_eq!(prove_with(&pki.trust(), card).0, Verdict::Invalid(Reason::ChallengeFailed));
    }
}

#[test]
fn every_challenge_is_fresh() {
    let pki = Pki::new();
    let [authority, chip] = &pki.files();
    let trust = pki.trust();
    let check = Check { trust: &trust, today: TODAY };
    let outcome = prove(&mut pki.card(authority, chip), &iccsn(), check, &mut CountingEntropy(false));
    assert_eq!(outcome, Err(EgkError::Entropy(smartcard::NoEntropy)));
}

#[test]
fn a_refused_step_is_told_and_no_accusation() {
    let pki = Pki::new();
    let [authority, chip] = pki.files();
    let refused = |word| Verdict::NotVerifiable(Reason::Refused(word));
    let none = Verdict::NotSupported(Reason::NoCertificate);
    let denied = StatusWord::SECURITY_STATUS_NOT_SATISFIED;
    for (header, word, verdict, commands) in [
        ([0x00, 0xB0, 0x87, 0x00], StatusWord::NOT_FOUND, none, 1),
        ([0x00, 0xB0, 0x87, 0x00], denied, refused(denied), 1),
        ([0x00, 0xB0, 0x86, 0x00], StatusWord::NOT_FOUND, none, 2),
        ([0x00, 0xB0, 0x86, 0x00], denied, refused(denied), 2),
        (
            [0x00, 0x22, 0x41, 0xA4],
            StatusWord::REFERENCE_NOT_FOUND,
            refused(StatusWord::REFERENCE_NOT_FOUND),
            3,
        ),
        ([0x00, 0x88, 0x00, 0x00], denied, refused(denied), 4),
    ] {
        let mut genuine = pki.card(&authority, &chip);
        let card = TestCard::new(|command| {
            if command.header() == header { Ok(status(word)) } else { genuine.transmit(command) }
        });
        assert_eq!(prove_with(&pki.trust(), card), (verdict, commands), "{word}");
    }
}

#[test]
fn a_file_that_is_no_certificate_is_invalid() {
    let pki = Pki::new();
    let [authority, chip] = pki.files();
    for files in [[&authority[..100], &chip], [&authority, &chip[..100]], [&[0x30, 0x01, 0x00], &chip]] {
        let [authority, chip] = files;
        let verdict = prove_with(&pki.trust(), pki.card(authority, chip)).0;
        assert_eq!(verdict, Verdict::Invalid(Reason::Malformed));
    }
}

#[test]
fn a_card_that_is_pulled_is_an_error_at_every_step() {
    let pki = Pki::new();
    let [authority, chip] = &pki.files();
    let trust = pki.trust();
    let check = Check { trust: &trust, today: TODAY };
    for step in 0..4 {
        let left = Cell::new(step);
        let mut genuine = pki.card(authority, chip);
        let mut card = TestCard::new(|command| {
            if left.get() == 0 {
                return Err(ChannelError::CardRemoved);
            }
            left.set(left.get() - 1);
            genuine.transmit(command)
        });
        let outcome = prove(&mut card, &iccsn(), check, &mut CountingEntropy(true));
        assert_eq!(outcome, Err(EgkError::Channel(ChannelError::CardRemoved)), "step {step}");
    }
}
