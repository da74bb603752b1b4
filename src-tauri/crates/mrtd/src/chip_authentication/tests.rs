use super::*;
use crate::test_chip::{CountingEntropy, EmptyEntropy, TestChip, data, object, status};
use openssl::bn::{BigNum, BigNumContext};
use openssl::derive::Deriver;
use openssl::dh::Dh;
use openssl::ec::{Asn1Flag, EcGroup, EcKey, EcPoint};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use smartcard::tlv::find;
use smartcard::{NoEntropy, ResponseApdu};
use std::cell::RefCell;
use std::rc::Rc;

/// id-CA-ECDH and id-CA-DH (BSI TR-03110-3, A.1.1.2); the cipher is below them.
const CA: [u8; 8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03];
/// id-PK (BSI TR-03110-3, A.1.1.2); the kind of key is below it.
const PK: [u8; 8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01];
const DH: u8 = 1;
const ECDH: u8 = 2;

fn sequence(tag: u32, parts: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    tlv::write(&mut bytes, Tag(tag), &parts.concat());
    bytes
}

fn oid(base: [u8; 8], arcs: &[u8]) -> Vec<u8> {
    sequence(0x06, &[base.to_vec(), arcs.to_vec()])
}

fn id(key_id: u8) -> Vec<u8> {
    if key_id > 0 { vec![0x02, 0x01, key_id] } else { Vec::new() }
}

/// A way to use the key of this kind, version and id (0 for none).
fn protocol(kind: u8, cipher: u8, version: u8, key_id: u8) -> Vec<u8> {
    let id = id(key_id);
    sequence(0x30, &[oid(CA, &[kind, cipher]), vec![0x02, 0x01, version], id])
}

fn public_key(kind: u8, key: &PKey<Private>, key_id: u8) -> Vec<u8> {
    let id = id(key_id);
    sequence(0x30, &[oid(PK, &[kind]), key.public_key_to_der().unwrap(), id])
}

fn infos(entries: &[Vec<u8>]) -> SecurityInfos {
    SecurityInfos::parse(&sequence(0x6E, &[sequence(0x31, entries)])).unwrap()
}

fn ec_key(curve: Nid, flag: Asn1Flag) -> PKey<Private> {
    let mut group = EcGroup::from_curve_name(curve).unwrap();
    group.set_asn1_flag(flag);
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

/// The chip's side of the key agreement.
fn secret(chip: &PKey<Private>, theirs: &[u8]) -> Vec<u8> {
    let Ok(own) = chip.ec_key() else {
        let dh = chip.dh().unwrap();
        let mut context = BigNumContext::new().unwrap();
        let mut secret = BigNum::new().unwrap();
        let theirs = BigNum::from_slice(theirs).unwrap();
        secret.mod_exp(&theirs, dh.private_key(), dh.prime_p(), &mut context).unwrap();
        return secret.to_vec_padded(dh.prime_p().num_bytes()).unwrap();
    };
    let mut context = BigNumContext::new().unwrap();
    let point = EcPoint::from_bytes(own.group(), theirs, &mut context).unwrap();
    let peer = PKey::from_ec_key(EcKey::from_public_key(own.group(), &point).unwrap()).unwrap();
    let mut deriver = Deriver::new(chip).unwrap();
    deriver.set_peer(&peer).unwrap();
    deriver.derive_to_vec().unwrap()
}

/// Runs the protocol with a chip that holds `chip`, and gives the outcome and the commands.
fn run(infos: &SecurityInfos, chip: &PKey<Private>, cipher: SessionCipher) -> (Outcome, Vec<String>) {
    let dg14 = object(0x6E, 300);
    let sent = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&sent);
    let hook = move |_: usize, command: &CommandApdu| {
        let key = match command.ins() {
            INS_MANAGE_SECURITY_ENVIRONMENT => find(command.data(), &[EPHEMERAL_KEY]).unwrap(),
            INS_GENERAL_AUTHENTICATE => {
                find(command.data(), &[DYNAMIC_AUTHENTICATION_DATA, OUR_PUBLIC_KEY]).unwrap()
            }
            _ => return None,
        };
        seen.borrow_mut().extend(key.map(|key| key.value().to_vec()));
        Some(Ok(if command.ne() > 0 { data(&[0x7C, 0x00]) } else { status(StatusWord::OK) }))
    };
    let mut session = WithKeys { plain: TestChip::new(&[(0x010E, &dg14)]).with(hook), chip, cipher, sent };
    session.plain.extended = smartcard::ExtendedLength::Yes;
    let outcome = prove(&mut session, infos, &mut CountingEntropy).unwrap();
    (outcome, session.plain.commands)
}

/// A chip that has its own keys once ours have come.
struct WithKeys<'a> {
    plain: TestChip<'a>,
    chip: &'a PKey<Private>,
    cipher: SessionCipher,
    sent: Rc<RefCell<Vec<Vec<u8>>>>,
}

impl smartcard::CardChannel for WithKeys<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.plain.transmit(command)
    }

    fn extended_length(&self) -> smartcard::ExtendedLength {
        self.plain.extended_length()
    }
}

impl Session for WithKeys<'_> {
    fn restart(&mut self, messaging: SecureMessaging) {
        let secret = secret(self.chip, self.sent.borrow().last().unwrap());
        self.plain.own_keys = Some(SecureMessaging::derive(self.cipher, &secret));
        self.plain.restart(messaging);
    }
}

#[test]
fn a_chip_that_holds_an_elliptic_key_is_valid_by_name_and_by_explicit_parameters() {
    for curve in [Nid::X9_62_PRIME256V1, Nid::BRAINPOOL_P256R1, Nid::BRAINPOOL_P384R1, Nid::SECP521R1] {
        for flag in [Asn1Flag::NAMED_CURVE, Asn1Flag::EXPLICIT_CURVE] {
            let chip = ec_key(curve, flag);
            for (arc, cipher) in [
                (1, SessionCipher::TripleDes),
                (2, SessionCipher::Aes128),
                (3, SessionCipher::Aes192),
                (4, SessionCipher::Aes256),
            ] {
                let infos = infos(&[protocol(ECDH, arc, 1, 0), public_key(ECDH, &chip, 0)]);
                let (outcome, _) = run(&infos, &chip, cipher);
                assert_eq!(outcome, Outcome::of(Verdict::Valid), "{curve:?} {cipher:?}");
            }
        }
    }
}

#[test]
fn a_chip_that_holds_a_key_of_diffie_and_hellman_is_valid() {
    let chip = PKey::from_dh(Dh::get_2048_256().unwrap().generate_key().unwrap()).unwrap();
    for (arc, cipher) in [(1, SessionCipher::TripleDes), (2, SessionCipher::Aes128)] {
        let infos = infos(&[protocol(DH, arc, 1, 0), public_key(DH, &chip, 0)]);
        let (outcome, _) = run(&infos, &chip, cipher);
        assert_eq!(outcome, Outcome::of(Verdict::Valid), "{cipher:?}");
    }
}

#[test]
fn a_copy_that_doesnt_hold_the_key_is_invalid_and_the_session_over() {
    let signed = ec_key(Nid::BRAINPOOL_P256R1, Asn1Flag::NAMED_CURVE);
    let copy = ec_key(Nid::BRAINPOOL_P256R1, Asn1Flag::NAMED_CURVE);
    let infos = infos(&[protocol(ECDH, 2, 1, 0), public_key(ECDH, &signed, 0)]);
    let (outcome, _) = run(&infos, &copy, SessionCipher::Aes128);
    assert_eq!(outcome.verdict, Verdict::Invalid(Reason::ChallengeFailed));
    assert_eq!(outcome.broken, Some(ChannelError::Unprotected(StatusWord::SM_OBJECT_INCORRECT)));
}

// Doc 9303-11, 6.2.4.1 and .2: what goes in which command.
#[test]
fn with_3des_the_key_goes_in_mse_and_with_aes_in_general_authenticate() {
    let chip = ec_key(Nid::X9_62_PRIME256V1, Asn1Flag::NAMED_CURVE);
    let tdes = infos(&[protocol(ECDH, 1, 1, 0), public_key(ECDH, &chip, 0)]);
    let (_, commands) = run(&tdes, &chip, SessionCipher::TripleDes);
    assert!(commands[0].starts_with("002241A643914104"), "{}", commands[0]);
    assert_eq!(commands[0].len(), 2 * (5 + 0x43), "no Le");
    assert_eq!(commands[1..], ["00B08E0004"]);

    let aes = infos(&[protocol(ECDH, 2, 1, 0x29), public_key(ECDH, &chip, 0x29)]);
    let (_, commands) = run(&aes, &chip, SessionCipher::Aes128);
    assert_eq!(commands[0], "002241A40F800A04007F00070202030202840129");
    assert!(commands[1].starts_with("00860000") && commands[1].contains("7C43804104"), "{}", commands[1]);
    assert_eq!(commands[2..], ["00B08E0004"]);

    let tdes = infos(&[protocol(ECDH, 1, 1, 0x29), public_key(ECDH, &chip, 0x29)]);
    let (_, commands) = run(&tdes, &chip, SessionCipher::TripleDes);
    assert!(commands[0].ends_with("840129"), "the key's id");
}

#[test]
fn the_strongest_offer_of_version_1_is_taken_and_without_one_3des() {
    let chip = ec_key(Nid::X9_62_PRIME256V1, Asn1Flag::NAMED_CURVE);
    let several = [
        protocol(ECDH, 1, 1, 0),
        protocol(ECDH, 3, 1, 0),
        protocol(ECDH, 4, 2, 0),
        public_key(ECDH, &chip, 0),
    ];
    let (outcome, commands) = run(&infos(&several), &chip, SessionCipher::Aes192);
    assert_eq!(outcome.verdict, Verdict::Valid);
    assert!(commands[0].contains("04007F00070202030203"));
    let (outcome, _) = run(&infos(&[public_key(ECDH, &chip, 0)]), &chip, SessionCipher::TripleDes);
    assert_eq!(outcome.verdict, Verdict::Valid);
}

#[test]
fn a_chip_without_a_key_offers_nothing_and_a_strange_key_can_not_be_used() {
    let mut chip = TestChip::new(&[]);
    let nothing = infos(&[]);
    let outcome = prove(&mut chip, &nothing, &mut CountingEntropy).unwrap();
    assert_eq!(outcome, Outcome::of(Verdict::NotSupported(Reason::NotOffered)));
    let only_version_2 = ec_key(Nid::X9_62_PRIME256V1, Asn1Flag::NAMED_CURVE);
    let version_2 = infos(&[protocol(ECDH, 2, 2, 0), public_key(ECDH, &only_version_2, 0)]);
    let outcome = prove(&mut chip, &version_2, &mut CountingEntropy).unwrap();
    assert_eq!(outcome, Outcome::of(Verdict::NotSupported(Reason::NotOffered)));
    let strange = ec_key(Nid::SECP256K1, Asn1Flag::NAMED_CURVE);
    let strange = infos(&[protocol(ECDH, 2, 1, 0), public_key(ECDH, &strange, 0)]);
    let outcome = prove(&mut chip, &strange, &mut CountingEntropy).unwrap();
    assert_eq!(outcome, Outcome::of(Verdict::NotVerifiable(Reason::UnknownAlgorithm)));
    let malformed = infos(&[protocol(ECDH, 2, 1, 0), sequence(0x30, &[oid(PK, &[ECDH]), vec![0x30, 0x00]])]);
    let outcome = prove(&mut chip, &malformed, &mut CountingEntropy).unwrap();
    assert_eq!(outcome, Outcome::of(Verdict::NotVerifiable(Reason::Malformed)));
    assert!(chip.commands.is_empty());
}

#[test]
fn a_chip_that_refuses_is_invalid_whether_or_not_the_session_ends_unless_it_tells_of_a_fault() {
    let key = ec_key(Nid::X9_62_PRIME256V1, Asn1Flag::NAMED_CURVE);
    let open = |status| (status, Verdict::NotVerifiable(Reason::Refused(status)));
    let withheld = |status| (status, Verdict::Invalid(Reason::Withheld));
    let statuses = [
        withheld(StatusWord::INCORRECT_DATA),
        withheld(StatusWord::REFERENCE_NOT_FOUND),
        open(StatusWord::WRONG_LENGTH),
        open(StatusWord::CHAINING_NOT_SUPPORTED),
        open(StatusWord::MEMORY_FAILURE),
    ];
    for ((arc, at), (answer, verdict)) in
        [(1, 0), (2, 0), (2, 1)].into_iter().flat_map(|step| statuses.map(|answer| (step, answer)))
    {
        let infos = infos(&[protocol(ECDH, arc, 1, 0), public_key(ECDH, &key, 0)]);
        let mut chip = TestChip::new(&[])
            .with(|number, _| Some(Ok(status(if number == at { answer } else { StatusWord::OK }))));
        assert_eq!(prove(&mut chip, &infos, &mut CountingEntropy), Ok(Outcome::of(verdict)));
        let broken = ChannelError::Unprotected(answer);
        let mut chip = TestChip::new(&[])
            .with(|number, _| Some(if number == at { Err(broken) } else { Ok(status(StatusWord::OK)) }));
        let outcome = prove(&mut chip, &infos, &mut CountingEntropy);
        assert_eq!(outcome, Ok(Outcome { verdict, broken: Some(broken) }));
    }
}

#[test]
fn no_answer_and_no_random_numbers_are_errors() {
    let key = ec_key(Nid::X9_62_PRIME256V1, Asn1Flag::NAMED_CURVE);
    let infos = infos(&[protocol(ECDH, 2, 1, 0), public_key(ECDH, &key, 0)]);
    let none = Err(MrtdError::Entropy(NoEntropy));
    assert_eq!(prove(&mut TestChip::new(&[]), &infos, &mut EmptyEntropy), none);
    let mut chip = TestChip::new(&[]).with(|_, _| Some(Err(ChannelError::CardRemoved)));
    let removed = Err(MrtdError::Channel(ChannelError::CardRemoved));
    assert_eq!(prove(&mut chip, &infos, &mut CountingEntropy), removed);
}
