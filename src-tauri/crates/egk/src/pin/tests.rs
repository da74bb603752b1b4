use super::*;
use crate::test_card::{CountingEntropy, TestCard, data, read_binary, status as answer};
use crate::test_pki::{Certificate, Key, TODAY};
use crate::trust_store::TrustStore;
use openssl::pkey::PKey;

const HASH: &str = "630DCD2966C4336691125448BBB25B4FF412A49C732DB2C8ABC1B8581BD710DD";
const KVNR: &str = "A123456780";
// EF.GDO of gematik's published G2.1 card image.
const GDO: [u8; 12] = [0x5A, 0x0A, 0x80, 0x27, 0x68, 0x83, 0x11, 0x00, 0x00, 0x15, 0x27, 0x15];
const PAD: &str = "PAD 002000020820FFFFFFFFFFFFFF";

/// What a test's card answers, and whom its desk trusts.
struct Desk {
    key: Key,
    gdo: ResponseApdu,
    certificate: Vec<u8>,
    trust: TrustStore,
    /// What GET PIN STATUS says.
    state: u16,
    /// What comes back from the pad.
    pad: Result<StatusWord, ChannelError>,
    /// Another answer to commands of this INS.
    refused: Option<u8>,
}

impl Desk {
    fn new() -> Self {
        let (key, issuer_key) = (Key::generate(), Key::generate());
        let issuer = Certificate::authority("GEM.EGK-CA51", &issuer_key);
        let holder = Certificate::cardholder(&issuer, &["104178397", KVNR], &key);
        let mut trust = TrustStore::production();
        trust.add(&issuer.signed_by(&issuer_key).to_der().unwrap()).unwrap();
        Self {
            key,
            gdo: data(&GDO),
            certificate: holder.signed_by(&issuer_key).to_der().unwrap(),
            trust,
            state: 0x63C3,
            pad: Ok(StatusWord::OK),
            refused: None,
        }
    }

    fn in_state(state: u16) -> Self {
        Self { state, ..Self::new() }
    }

    fn answering_at_the_pad(pad: Result<StatusWord, ChannelError>) -> Self {
        Self { pad, ..Self::new() }
    }

    /// The outcome, what was told meanwhile, and the commands but for the further pieces of the certificate.
    fn ask(&self, last_try: LastTry) -> (Result<PinProof, PinError>, Vec<Step>, Vec<String>) {
        self.ask_with(last_try, &mut CountingEntropy(true))
    }

    fn ask_with(
        &self,
        last_try: LastTry,
        entropy: &mut CountingEntropy,
    ) -> (Result<PinProof, PinError>, Vec<Step>, Vec<String>) {
        let mut card = TestCard::new(|command| {
            Ok(match command.header() {
                [_, ins, _, _] if self.refused == Some(ins) => answer(StatusWord::NOT_FOUND),
                [0x80, 0x20, 0x00, 0x02] => answer(StatusWord(self.state)),
                [0x00, 0xA4, 0x04, 0x0C] | [0x00, 0x22, 0x41, 0xB6] => answer(StatusWord::OK),
                [0x00, 0xB0, 0x82, 0x00] => self.gdo.clone(),
                [0x00, 0xB0, ..] => read_binary(command, &self.certificate),
                [0x00, 0x2A, 0x9E, 0x9A] => data(&self.key.sign(command.data())),
                _ => answer(StatusWord::INS_NOT_SUPPORTED),
            })
        });
        card.pad = self.pad;
        let mut steps = Vec::new();
        let (kvnr, iccsn) = (Kvnr::parse(KVNR).unwrap(), Iccsn::parse_gdo(&GDO).unwrap());
        let outcome = possession(
            &mut card,
            Expected { kvnr: &kvnr, iccsn: &iccsn },
            Check { trust: &self.trust, today: TODAY },
            last_try,
            entropy,
            &mut |step| steps.push(step),
        );
        let piece = |command: &String| command.starts_with("00B0") && !command.starts_with("00B08");
        card.commands.retain(|command| !piece(command));
        (outcome, steps, std::mem::take(&mut card.commands))
    }

    /// That nobody was asked, and why.
    fn refuses(&self, error: PinError) {
        let (outcome, steps, commands) = self.ask(LastTry::Allowed);
        assert_eq!(outcome, Err(error));
        assert_eq!(steps, []);
        assert!(!commands.iter().any(|command| command == PAD), "{commands:?}");
    }
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
    let (outcome, steps, commands) = Desk::new().ask(LastTry::Kept);
    assert_eq!(outcome.unwrap().kvnr().as_str(), KVNR);
    assert_eq!(steps, [Step::PinAskedFor { tries_left: 3 }, Step::PinAccepted]);
    assert_eq!(
        commands,
        [
            "00A4040C07D2760001448000",
            "00B0820000",
            "00A4040C0AA000000167455349474E",
            "00B0840000",
            "80200002",
            PAD,
            "002241B606840184800100",
            // The SHA-256 hash of the bytes 00 01 … 1F.
            &format!("002A9E9A20{HASH}00"),
        ]
    );
}

#[test]
fn another_card_than_the_one_that_was_read_is_refused_before_anybody_is_asked() {
    let mut other_number = GDO;
    other_number[11] = 0x16;
    for gdo in [data(&other_number), data(&GDO[..11]), data(&[]), answer(StatusWord::NOT_FOUND)] {
        Desk { gdo, ..Desk::new() }.refuses(PinError::OtherCard);
    }
    let (issuer_key, desk) = (Key::generate(), Desk::new());
    let issuer = Certificate::authority("GEM.EGK-CA51", &issuer_key);
    let neighbour = Certificate::cardholder(&issuer, &["104178397", "B234567895"], &desk.key);
    let certificate = neighbour.signed_by(&issuer_key).to_der().unwrap();
    Desk { certificate, ..desk }.refuses(PinError::OtherCard);
    // No object system of a health card at all.
    Desk { refused: Some(0xA4), ..Desk::new() }.refuses(PinError::OtherCard);
}

#[test]
fn a_certificate_that_is_not_believed_proves_nothing_and_nobody_is_asked() {
    use Reason::{Malformed, NoTrustStore, UnknownIssuer};
    let not_verifiable = |reason| PinError::NotTrusted(Verdict::NotVerifiable(reason));
    Desk { trust: TrustStore::production(), ..Desk::new() }.refuses(not_verifiable(NoTrustStore));
    Desk { trust: Desk::new().trust, ..Desk::new() }
        .refuses(PinError::NotTrusted(Verdict::Invalid(Reason::Signature)));
    let elsewhere = Certificate::authority("GEM.EGK-CA99", &Key::generate());
    let key = Key::generate();
    let holder = Certificate::cardholder(&elsewhere, &["104178397", KVNR], &key);
    let certificate = holder.signed_by(&key).to_der().unwrap();
    Desk { certificate, ..Desk::new() }.refuses(not_verifiable(UnknownIssuer));
    let malformed = PinError::NotTrusted(Verdict::Invalid(Malformed));
    Desk { certificate: vec![0x30, 0x03, 0x02, 0x01, 0x00], ..Desk::new() }.refuses(malformed);
}

#[test]
fn an_rsa_key_or_none_cannot_prove_possession_and_nobody_is_asked() {
    let issuer_key = Key::generate();
    let issuer = Certificate::authority("GEM.EGK-CA51", &issuer_key);
    let rsa = PKey::from_rsa(openssl::rsa::Rsa::generate(2_048).unwrap()).unwrap();
    let holder = Certificate::cardholder(&issuer, &["104178397", KVNR], &Key::generate());
    let certificate = Certificate { key: rsa, ..holder }.signed_by(&issuer_key).to_der().unwrap();
    let mut trust = TrustStore::production();
    trust.add(&issuer.signed_by(&issuer_key).to_der().unwrap()).unwrap();
    Desk { certificate, trust, ..Desk::new() }.refuses(PinError::NotSupported);
    Desk { certificate: Vec::new(), ..Desk::new() }.refuses(PinError::NotSupported);
}

#[test]
fn a_pin_that_was_verified_before_hides_its_tries_and_is_never_asked_for() {
    Desk::in_state(0x9000).refuses(PinError::VerifiedBefore);
    let (outcome, ..) = Desk::in_state(0x9000).ask(LastTry::Kept);
    assert_eq!(outcome, Err(PinError::VerifiedBefore));
}

#[test]
fn the_last_try_is_spent_only_where_that_is_allowed() {
    for (tries, last_try, asked) in
        [(1, LastTry::Kept, false), (1, LastTry::Allowed, true), (2, LastTry::Kept, true)]
    {
        let (outcome, steps, commands) = Desk::in_state(0x63C0 | tries).ask(last_try);
        assert_eq!(outcome.map(drop), if asked { Ok(()) } else { Err(PinError::LastTryKept) });
        assert_eq!(commands.iter().any(|command| command == PAD), asked);
        let tries_left = u8::try_from(tries).unwrap();
        assert_eq!(steps.first().copied(), asked.then_some(Step::PinAskedFor { tries_left }));
    }
}

#[test]
fn in_a_state_in_which_it_cannot_be_used_no_pin_is_asked_for() {
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
        Desk::in_state(word).refuses(PinError::Unusable(state));
    }
}

#[test]
fn what_the_card_or_the_reader_says_of_the_typed_pin_is_told() {
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
        let (outcome, steps, commands) = Desk::answering_at_the_pad(Ok(StatusWord(word))).ask(LastTry::Kept);
        assert_eq!(outcome, Err(error));
        assert_eq!(steps, [Step::PinAskedFor { tries_left: 3 }]);
        assert_eq!(commands.last().unwrap(), PAD, "nothing is signed after {word:04X}");
    }
}

#[test]
fn without_a_pad_or_over_the_air_there_is_no_proof() {
    let no_pad = PinError::Channel(ChannelError::NoPinPad);
    let (outcome, ..) = Desk::answering_at_the_pad(Err(ChannelError::NoPinPad)).ask(LastTry::Kept);
    assert_eq!(outcome, Err(no_pad));
    // Over the air a card tells its number only after PACE.
    Desk { gdo: answer(StatusWord::SECURITY_STATUS_NOT_SATISFIED), ..Desk::new() }.refuses(no_pad);
}

#[test]
fn a_signature_by_another_key_proves_nothing() {
    let (outcome, steps, _) = Desk { key: Key::generate(), ..Desk::new() }.ask(LastTry::Kept);
    assert_eq!(outcome, Err(PinError::WrongSignature));
    assert_eq!(steps.last(), Some(&Step::PinAccepted));
}

#[test]
fn a_signature_of_another_hash_or_of_another_length_proves_nothing() {
    let desk = Desk::new();
    let hash = hex::decode(HASH).unwrap();
    let kvnr = Kvnr::parse(KVNR).unwrap();
    let certificate = CardholderCertificate::parse(&desk.certificate).unwrap();
    assert!(sign_challenge(&mut signing(&desk.key.sign(&hash)), &certificate, [0; 32]).is_err());
    for reply in [desk.key.sign(&[1; 32]).to_vec(), desk.key.sign(&hash)[..63].to_vec(), Vec::new()] {
        let outcome = sign_challenge(&mut signing(&reply), &certificate, counting());
        assert_eq!(outcome, Err(PinError::WrongSignature));
    }
    let right = sign_challenge(&mut signing(&desk.key.sign(&hash)), &certificate, counting());
    assert_eq!(right, Ok(()));
    assert!(!format!("{:?}", PinProof { kvnr }).contains(KVNR), "a proof doesn't tell whose it is by itself");
}

/// A card that gives this for a signature.
fn signing(reply: &[u8]) -> TestCard<'_> {
    TestCard::new(|command| Ok(if command.ins() == 0x2A { data(reply) } else { answer(StatusWord::OK) }))
}

/// The bytes 00 01 … 1F.
fn counting() -> [u8; CHALLENGE_BYTES] {
    let mut challenge = [0; CHALLENGE_BYTES];
    CountingEntropy(true).fill(&mut challenge).unwrap();
    challenge
}

#[test]
fn a_refused_step_ends_the_proof() {
    for ins in [0x22, 0x2A] {
        let (outcome, steps, _) = Desk { refused: Some(ins), ..Desk::new() }.ask(LastTry::Kept);
        assert_eq!(outcome, Err(PinError::Refused(StatusWord::NOT_FOUND)));
        assert_eq!(steps.last(), Some(&Step::PinAccepted));
    }
    // A card that stumbles isn't another one.
    let gdo = answer(StatusWord::NO_DIAGNOSIS);
    Desk { gdo, ..Desk::new() }.refuses(PinError::Refused(StatusWord::NO_DIAGNOSIS));
}

#[test]
fn without_random_numbers_nothing_is_tried() {
    let (outcome, steps, commands) = Desk::new().ask_with(LastTry::Kept, &mut CountingEntropy(false));
    assert_eq!(outcome, Err(PinError::Entropy(NoEntropy)));
    assert!(steps.is_empty() && commands.is_empty());
}

#[test]
fn the_pad_asks_for_six_to_eight_digits_and_a_recorder_writes_nothing_of_it() {
    let entry = entry();
    assert_eq!((entry.digits_min, entry.digits_max), (6, 8));
    assert_eq!(entry.template.sensitivity(), Sensitivity::Secret);
    assert_eq!(entry.template.data(), EMPTY_PIN_BLOCK);
}
