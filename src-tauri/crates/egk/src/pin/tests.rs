use super::*;
use crate::test_card::{CountingEntropy, TestCard, data, status as answer};
use crate::test_pki::{Certificate, Key};
use openssl::pkey::PKey;

const HASH: &str = "630DCD2966C4336691125448BBB25B4FF412A49C732DB2C8ABC1B8581BD710DD";

fn certificate(key: &Key) -> CardholderCertificate {
    let issuer_key = Key::generate();
    let issuer = Certificate::authority("GEM.EGK-CA51", &issuer_key);
    let certificate =
        Certificate::cardholder(&issuer, &["104178397", "A123456780"], key).signed_by(&issuer_key);
    CardholderCertificate::parse(&certificate.to_der().unwrap()).unwrap()
}

/// A card that tells this state of its PIN and signs with this key.
fn card(state: u16, key: &Key) -> TestCard<'_> {
    let mut card = TestCard::new(move |command| {
        Ok(match command.header() {
            [0x80, 0x20, 0x00, 0x02] => answer(StatusWord(state)),
            [0x00, 0xA4, 0x04, 0x0C] | [0x00, 0x22, 0x41, 0xB6] => answer(StatusWord::OK),
            [0x00, 0x2A, 0x9E, 0x9A] => data(&key.sign(command.data())),
            _ => answer(StatusWord::INS_NOT_SUPPORTED),
        })
    });
    card.pad = Ok(StatusWord::OK);
    card
}

fn prove(card: &mut TestCard<'_>, key: &Key, last_try: LastTry) -> Result<PinProof, PinError> {
    prove_possession(card, &certificate(key), last_try, &mut CountingEntropy(true))
}

fn check_state(word: u16, expected: PinStatus) {
    let mut card = TestCard::new(|_| Ok(answer(StatusWord(word))));
    assert_eq!(status(&mut card), Ok(expected), "{word:04X}");
    assert_eq!(card.commands, ["80200002"]);
}

#[test]
fn every_answer_about_the_state_is_understood() {
    check_state(0x9000, PinStatus::Verified);
    check_state(0x63C3, PinStatus::TriesLeft(3));
    check_state(0x63C1, PinStatus::TriesLeft(1));
    check_state(0x63C0, PinStatus::Blocked);
    check_state(0x6983, PinStatus::Blocked);
    check_state(0x62C1, PinStatus::TransportPin);
    check_state(0x62C7, PinStatus::Empty);
    check_state(0x62D0, PinStatus::Disabled);
    check_state(0x6982, PinStatus::AccessDenied);
    check_state(0x6988, PinStatus::NoPin);
    check_state(0x6A88, PinStatus::NoPin);
    check_state(0x6D00, PinStatus::Unknown(StatusWord::INS_NOT_SUPPORTED));
    let mut pulled = TestCard::new(|_| Err(ChannelError::CardRemoved));
    assert_eq!(status(&mut pulled), Err(EgkError::Channel(ChannelError::CardRemoved)));
}

#[test]
fn possession_is_proven_by_commands_in_this_order() {
    let key = Key::generate();
    let mut card = card(0x63C3, &key);
    assert_eq!(prove(&mut card, &key, LastTry::Kept), Ok(PinProof(())));
    assert_eq!(
        card.commands,
        [
            "80200002",
            "00A4040C0AA000000167455349474E",
            "PAD 002000020820FFFFFFFFFFFFFF",
            "002241B606840184800100",
            // The SHA-256 hash of the bytes 00 01 … 1F.
            &format!("002A9E9A20{HASH}00"),
        ]
    );
}

#[test]
fn the_pin_is_typed_even_if_it_was_verified_before() {
    let key = Key::generate();
    let mut card = card(0x9000, &key);
    assert_eq!(prove(&mut card, &key, LastTry::Kept), Ok(PinProof(())));
    assert!(card.commands[2].starts_with("PAD"));
}

#[test]
fn the_last_try_is_spent_only_where_that_is_allowed() {
    let key = Key::generate();
    for (tries, last_try, outcome) in [
        (0x63C1, LastTry::Kept, Err(PinError::LastTryKept)),
        (0x63C1, LastTry::Allowed, Ok(PinProof(()))),
        (0x63C2, LastTry::Kept, Ok(PinProof(()))),
    ] {
        let mut card = card(tries, &key);
        assert_eq!(prove(&mut card, &key, last_try), outcome);
        assert_eq!(card.commands.iter().any(|command| command.starts_with("PAD")), outcome.is_ok());
    }
}

#[test]
fn in_a_state_in_which_it_cannot_be_used_no_pin_is_asked_for() {
    let key = Key::generate();
    for (word, state) in [
        (0x62C1, PinStatus::TransportPin),
        (0x62C7, PinStatus::Empty),
        (0x62D0, PinStatus::Disabled),
        (0x6983, PinStatus::Blocked),
        (0x63C0, PinStatus::Blocked),
        (0x6982, PinStatus::AccessDenied),
        (0x6988, PinStatus::NoPin),
        (0x6F00, PinStatus::Unknown(StatusWord::NO_DIAGNOSIS)),
    ] {
        let mut card = card(word, &key);
        assert_eq!(prove(&mut card, &key, LastTry::Allowed), Err(PinError::Unusable(state)));
        assert_eq!(card.commands, ["80200002"]);
    }
}

#[test]
fn what_the_card_or_the_reader_says_of_the_typed_pin_is_told() {
    let key = Key::generate();
    for (word, error) in [
        (0x63C2, PinError::WrongPin { tries_left: 2 }),
        (0x63C0, PinError::WrongPin { tries_left: 0 }),
        (0x6983, PinError::Unusable(PinStatus::Blocked)),
        (0x6985, PinError::Unusable(PinStatus::TransportPin)),
        (0x6400, PinError::NotTyped),
        (0x6401, PinError::NotTyped),
        (0x6403, PinError::NotTyped),
        (0x6982, PinError::Refused(StatusWord::SECURITY_STATUS_NOT_SATISFIED)),
        (0x6300, PinError::Refused(StatusWord::AUTHENTICATION_FAILED)),
    ] {
        let mut card = card(0x63C3, &key);
        card.pad = Ok(StatusWord(word));
        assert_eq!(prove(&mut card, &key, LastTry::Kept), Err(error));
        assert_eq!(card.commands.len(), 3, "nothing is signed after {word:04X}");
    }
}

#[test]
fn without_a_pad_or_over_the_air_there_is_no_proof() {
    let key = Key::generate();
    let mut card = card(0x63C3, &key);
    card.pad = Err(ChannelError::NoPinPad);
    assert_eq!(prove(&mut card, &key, LastTry::Kept), Err(PinError::Channel(ChannelError::NoPinPad)));
}

#[test]
fn a_signature_by_another_key_or_of_another_hash_proves_nothing() {
    let (key, other) = (Key::generate(), Key::generate());
    assert_eq!(prove(&mut card(0x63C3, &other), &key, LastTry::Kept), Err(PinError::WrongSignature));
    let replies =
        [key.sign(&[1; 32]).to_vec(), key.sign(&hex::decode(HASH).unwrap())[..63].to_vec(), Vec::new()];
    for reply in replies {
        let mut genuine = card(0x63C3, &key);
        let mut card =
            TestCard::new(
                |command| {
                    if command.ins() == 0x2A { Ok(data(&reply)) } else { genuine.transmit(command) }
                },
            );
        card.pad = Ok(StatusWord::OK);
        assert_eq!(prove(&mut card, &key, LastTry::Kept), Err(PinError::WrongSignature));
    }
}

#[test]
fn a_refused_step_ends_the_proof() {
    let key = Key::generate();
    for (ins, commands) in [(0xA4, 2), (0x22, 4), (0x2A, 5)] {
        let mut genuine = card(0x63C3, &key);
        let mut card = TestCard::new(|command| {
            let refused = Ok(answer(StatusWord::NOT_FOUND));
            if command.ins() == ins { refused } else { genuine.transmit(command) }
        });
        card.pad = Ok(StatusWord::OK);
        assert_eq!(prove(&mut card, &key, LastTry::Kept), Err(PinError::Refused(StatusWord::NOT_FOUND)));
        assert_eq!(card.commands.len(), commands);
    }
}

#[test]
fn an_rsa_key_cannot_prove_possession_and_nothing_is_tried() {
    let key = Key::generate();
    let issuer_key = Key::generate();
    let issuer = Certificate::authority("GEM.EGK-CA51", &issuer_key);
    let rsa = PKey::from_rsa(openssl::rsa::Rsa::generate(2_048).unwrap()).unwrap();
    let holder = Certificate::cardholder(&issuer, &["104178397", "A123456780"], &key);
    let certificate = Certificate { key: rsa, ..holder }.signed_by(&issuer_key);
    let certificate = CardholderCertificate::parse(&certificate.to_der().unwrap()).unwrap();
    let mut card = card(0x63C3, &key);
    let outcome = prove_possession(&mut card, &certificate, LastTry::Allowed, &mut CountingEntropy(true));
    assert_eq!(outcome, Err(PinError::NotSupported));
    assert!(card.commands.is_empty());
}

#[test]
fn without_random_numbers_no_pin_is_asked_for() {
    let key = Key::generate();
    let mut card = card(0x63C3, &key);
    let outcome = prove_possession(&mut card, &certificate(&key), LastTry::Kept, &mut CountingEntropy(false));
    assert_eq!(outcome, Err(PinError::Entropy(NoEntropy)));
    assert!(card.commands.is_empty());
}

#[test]
fn the_pad_asks_for_six_to_eight_digits_and_a_recorder_writes_nothing_of_it() {
    let entry = entry();
    assert_eq!((entry.digits_min, entry.digits_max), (6, 8));
    assert_eq!(entry.template.sensitivity(), Sensitivity::Secret);
    assert_eq!(entry.template.data(), EMPTY_PIN_BLOCK);
}
