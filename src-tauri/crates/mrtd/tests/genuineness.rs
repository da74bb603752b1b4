//! Whether documents are genuine: copies, changed data, unknown issuers, and what a chip's proof rests on.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use card_sim::birds;
use card_sim::travel::{
    ActiveAuthentication, Cipher, Curve, DhGroup, Encoding, Flaw, Group, Hash, Kind, SignerKind, State,
    TravelDocument,
};
use mrtd::{Access, Reason, Verdict, Warning};
use simulated::Simulated;
use smartcard::ExtendedLength;
use support::world::{TODAY, everything, read_all, run, zone};

const COPY: Verdict = Verdict::Invalid(Reason::ChallengeFailed);
const UNPROVEN: Verdict = Verdict::NotVerifiable(Reason::PassiveAuthentication);
const NOT_ASKED: Verdict = Verdict::NotVerifiable(Reason::NotAsked);

fn card() -> TravelDocument {
    TravelDocument::german_card(birds::amsel(), TODAY)
}

/// A passport that proves nothing but its signature.
fn plain_passport(state: State) -> TravelDocument {
    TravelDocument::new(birds::dohle(), Kind::Passport, state, TODAY)
}

fn with_ecdsa(curve: Curve, hash: Hash, der: bool) -> TravelDocument {
    let passport = plain_passport(State::Austria);
    let key = passport.key(Group::Ec(curve), "active");
    let active_authentication = Some(ActiveAuthentication::Ecdsa { key, hash, der });
    TravelDocument { active_authentication, ..passport }
}

fn with_rsa(bits: u32, hash: Hash) -> TravelDocument {
    let key = openssl::rsa::Rsa::generate(bits).unwrap().private_key_to_der().unwrap();
    let active_authentication = Some(ActiveAuthentication::Rsa { key, hash });
    TravelDocument { active_authentication, ..plain_passport(State::Austria) }
}

#[test]
fn a_german_passport_proves_its_chip_by_the_way_of_opening_it() {
    let mut passport = TravelDocument::german_passport(birds::amsel(), TODAY);
    let key_of_data_group_14 = passport.chip_authentication.as_ref().unwrap().key.clone();
    passport.mapping_key = Some(key_of_data_group_14);
    let mut reader = Simulated::new(passport.card());
    let reading = run(&mut reader, &zone(&passport), &everything()).0.unwrap();
    assert_eq!(reading.access, Access::Pace);
    assert_eq!(reading.authenticity.passive.verdict(), Verdict::Valid);
    assert_eq!(reading.authenticity.chip_authentication, Verdict::Valid);
    assert_eq!(reading.authenticity.active_authentication, NOT_ASKED);
    let sfi_14 = reader.commands.iter().filter(|[_, ins, p1, _]| *ins == 0xB0 && *p1 == 0x8E).count();
    assert_eq!(sfi_14, 1, "DG14 signs what was offered and the key, and isn't read again for a proof");
    let mse = reader.commands.iter().filter(|[cla, ins, ..]| cla & 0x0C != 0 && *ins == 0x22).count();
    assert_eq!(mse, 0, "chip authentication isn't needed then");
}

#[test]
fn a_passport_whose_mapping_has_another_key_than_data_group_14_proves_that_one_too() {
    let passport = TravelDocument::german_passport(birds::amsel(), TODAY);
    let mut reader = Simulated::new(passport.card());
    let reading = run(&mut reader, &zone(&passport), &everything()).0.unwrap();
    assert_eq!(reading.authenticity.chip_authentication, Verdict::Valid);
    let mse = reader.commands.iter().filter(|[cla, ins, ..]| cla & 0x0C != 0 && *ins == 0x22).count();
    assert_eq!(mse, 1);
}

#[test]
fn chip_authentication_is_valid_with_each_cipher_and_kind_of_key() {
    let groups = [
        Group::Ec(Curve::P256),
        Group::Ec(Curve::Brainpool256),
        Group::Ec(Curve::P384),
        Group::Dh(DhGroup::Modp2048With256),
    ];
    for group in groups {
        for cipher in [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256] {
            for encoding in [Encoding::Explicit, Encoding::Standardized] {
                let document =
                    plain_passport(State::Austria).with_chip_authentication(group, cipher, encoding);
                // A key of 2048 bits doesn't fit a short command.
                let mut reader = Simulated::new(document.card()).over(ExtendedLength::Untried);
                let reading = run(&mut reader, &zone(&document), &everything()).0.unwrap();
                assert_eq!(
                    reading.authenticity.chip_authentication,
                    Verdict::Valid,
                    "{group:?} {cipher:?} {encoding:?}"
                );
                assert!(reading.face.is_some(), "{group:?} {cipher:?}");
            }
        }
    }
}

#[test]
fn a_copy_is_found_out_and_still_read() {
    for document in [card(), TravelDocument::german_passport(birds::amsel(), TODAY)] {
        let copy = TravelDocument { flaw: Some(Flaw::Clone), ..document };
        let reading = read_all(&copy);
        assert_eq!(reading.authenticity.passive.verdict(), Verdict::Valid, "the data are the original's");
        assert_eq!(reading.authenticity.chip_authentication, COPY);
        assert_eq!(reading.authenticity.active_authentication, NOT_ASKED);
        assert!(reading.face.is_some());
    }
}

#[test]
fn active_authentication_is_valid_where_there_is_no_chip_authentication_and_finds_copies() {
    let ecdsa =
        [(Curve::P256, Hash::Sha256), (Curve::Brainpool256, Hash::Sha256), (Curve::P384, Hash::Sha384)];
    let ecdsa =
        ecdsa.into_iter().flat_map(|(curve, hash)| [false, true].map(|der| with_ecdsa(curve, hash, der)));
    let rsa = [Hash::Sha1, Hash::Sha224, Hash::Sha256, Hash::Sha384, Hash::Sha512];
    for document in ecdsa.chain(rsa.map(|hash| with_rsa(1280, hash))) {
        let reading = read_all(&document);
        assert_eq!(reading.authenticity.chip_authentication, Verdict::NotSupported(Reason::NotOffered));
        assert_eq!(
            reading.authenticity.active_authentication,
            Verdict::Valid,
            "{:?}",
            document.active_authentication
        );
        let copy = TravelDocument { flaw: Some(Flaw::Clone), ..document };
        assert_eq!(read_all(&copy).authenticity.active_authentication, COPY);
    }
}

#[test]
fn the_long_signature_of_a_large_key_comes_in_the_extended_form() {
    let document = with_rsa(2048, Hash::Sha256);
    let mut reader = Simulated::new(document.card()).over(ExtendedLength::Untried);
    let reading = run(&mut reader, &zone(&document), &everything()).0.unwrap();
    assert_eq!(reading.authenticity.active_authentication, Verdict::Valid);
}

#[test]
fn changed_data_leave_the_chips_proof_open() {
    for flaw in [Flaw::OtherZone, Flaw::ForgedSignature] {
        let reading = read_all(&TravelDocument { flaw: Some(flaw), ..card() });
        assert!(matches!(reading.authenticity.passive.verdict(), Verdict::Invalid(_)), "{flaw:?}");
        assert_eq!(reading.authenticity.chip_authentication, UNPROVEN, "{flaw:?}");
    }
    let reading = read_all(&TravelDocument { flaw: Some(Flaw::OtherFace), ..card() });
    assert_eq!(reading.authenticity.passive.data, Verdict::Invalid(Reason::HashDiffers));
    assert_eq!(reading.authenticity.chip_authentication, UNPROVEN);
}

#[test]
fn an_issuer_whom_nobody_knows_leaves_everything_open() {
    let chip = (Group::Ec(Curve::P256), Cipher::Aes128, Encoding::Explicit);
    let document = plain_passport(State::Iceland).with_chip_authentication(chip.0, chip.1, chip.2);
    let reading = read_all(&document);
    assert_eq!(reading.authenticity.passive.verdict(), Verdict::NotVerifiable(Reason::UnknownIssuer));
    assert_eq!(reading.authenticity.chip_authentication, UNPROVEN);
    assert_eq!(reading.authenticity.active_authentication, NOT_ASKED);
}

#[test]
fn a_chip_key_that_others_may_have_proves_nothing() {
    let passport = plain_passport(State::Germany).with_chip_authentication(
        Group::Ec(Curve::Brainpool256),
        Cipher::Aes128,
        Encoding::Named,
    );
    let reading = read_all(&TravelDocument { signer: SignerKind::ReportedChipKeys, ..passport });
    assert_eq!(reading.authenticity.passive.verdict(), Verdict::Valid);
    assert_eq!(reading.authenticity.chip_authentication, Verdict::NotVerifiable(Reason::Defect));
}

#[test]
fn an_expired_document_is_read_with_a_warning() {
    let expiry = TODAY.yesterday().unwrap();
    let reading = read_all(&TravelDocument { expiry, ..card() });
    assert!(reading.warnings.contains(&Warning::Expired), "{:?}", reading.warnings);
}
