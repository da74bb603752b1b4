//! The cardholder's PIN, and signing with it.

use anyhow::Result;
use card_sim::Interface::{Contact, Contactless};
use openssl::{bn::BigNum, ecdsa::EcdsaSig, sha::sha256, x509::X509};

use crate::{CAN, SELECT_ESIGN, SELECT_HCA, card, check, terminal, terminal::Terminal};

const STATUS: &str = "80200002";
const VERIFY: &str = "002000020826123456ffffffff";
const WRONG: &str = "002000020826999999ffffffff";
const CHOOSE_KEY: &str = "002241b606840184800100";
const SIGN: &str = "002a9e9a2000112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00";
const READ_PROTECTED: &str = "00b0830002";

#[test]
fn wrong_pins_count_down_to_blocked_and_a_right_one_counts_back() -> Result<()> {
    check(
        "amsel",
        &[
            (STATUS, "63c3"),
            (WRONG, "63c2"),
            (VERIFY, "9000"),
            (STATUS, "9000"),
            (WRONG, "63c2"),
            (STATUS, "63c2"),
            (WRONG, "63c1"),
            (WRONG, "63c0"),
            (WRONG, "6983"),
            (VERIFY, "6983"),
            (STATUS, "63c0"),
        ],
    )
}

#[test]
fn every_state_of_a_pin_has_its_status_word() -> Result<()> {
    check("amsel-pin-transport", &[(STATUS, "62c1"), (VERIFY, "6985")])?;
    check("amsel-pin-empty", &[(STATUS, "62c7"), (VERIFY, "6985")])?;
    check("amsel-pin-disabled", &[(STATUS, "62d0")])?;
    check("amsel-pin-last-try", &[(STATUS, "63c1"), (VERIFY, "9000")])?;
    check("amsel-pin-last-try", &[(WRONG, "63c0"), (VERIFY, "6983")])?;
    check("amsel-pin-blocked", &[(STATUS, "63c0"), (VERIFY, "6983")])
}

#[test]
fn references_without_use_here_are_told_apart() -> Result<()> {
    // MRPIN.NFD is delivered disabled; there is no reference 0D; the PIN proven for 01 isn't for 02.
    check(
        "amsel",
        &[
            ("80200003", "62d0"),
            ("8020000d", "6988"),
            ("002000010826123456ffffffff", "9000"),
            ("80200001", "9000"),
            (STATUS, "63c3"),
        ],
    )
}

#[test]
fn a_malformed_pin_block_is_wrong() -> Result<()> {
    check(
        "amsel",
        &[
            ("0020000208241234ffffffffff", "63c2"),
            ("002000020816123456ffffffff", "63c1"),
            ("0020000207261234 56ffffff".replace(' ', "").as_str(), "6700"),
            (STATUS, "63c1"),
        ],
    )
}

#[test]
fn a_transport_pin_is_replaced_and_an_empty_one_set() -> Result<()> {
    check(
        "amsel-pin-transport",
        &[
            ("002400021026123456ffffffff26654321ffffffff", "9000"),
            (STATUS, "63c3"),
            ("002000020826654321ffffffff", "9000"),
        ],
    )?;
    check(
        "amsel-pin-empty",
        &[
            ("002401020825 12345fffffffff".replace(' ', "").as_str(), "6985"),
            ("002401020826654321ffffffff", "9000"),
            ("002000020826654321ffffffff", "9000"),
            ("002401020826654321ffffffff", "6985"),
        ],
    )?;
    check("amsel", &[("002400021026999999ffffffff26654321ffffffff", "63c2"), (VERIFY, "9000")])
}

#[test]
fn the_puk_unblocks_ten_times() -> Result<()> {
    let unblock = "002c0102082812345678ffffff";
    check(
        "amsel-pin-blocked",
        &[
            ("002c0102082887654321ffffff", "63c9"),
            (unblock, "9000"),
            (VERIFY, "9000"),
            ("002c0002102812345678ffffff26654321ffffffff", "9000"),
            ("002000020826654321ffffffff", "9000"),
        ],
    )?;
    let conversation: Vec<_> = [(unblock, "9000"); 10].into_iter().chain([(unblock, "6983")]).collect();
    check("amsel-pin-blocked", &conversation)
}

#[test]
fn the_holder_opens_protected_data_until_the_next_reset() -> Result<()> {
    let mut card = card("amsel", Contact)?;
    let mut session = terminal(&mut card);
    session.plain(SELECT_HCA)?;
    assert_eq!(session.plain(READ_PROTECTED)?, "6982");
    assert_eq!(session.plain(VERIFY)?, "9000");
    assert!(session.plain(READ_PROTECTED)?.ends_with("9000"));
    drop(session);
    card.reset();
    let mut session = terminal(&mut card);
    session.plain(SELECT_HCA)?;
    assert_eq!(session.plain(READ_PROTECTED)?, "6982");
    assert_eq!(session.plain(STATUS)?, "63c3");
    Ok(())
}

/// Verifies with the key of C.CH.AUT.
fn is_signature(certificate: &X509, hash: &[u8], signature: &str) -> Result<bool> {
    let signature = hex::decode(signature.strip_suffix("9000").unwrap_or_default())?;
    let (r, s) = signature.split_at(32);
    let signature = EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?;
    Ok(signature.verify(hash, certificate.public_key()?.ec_key()?.as_ref())?)
}

fn certificate(terminal: &mut Terminal<'_>) -> Result<X509> {
    Ok(X509::from_der(&terminal.data("00b08400000000")?)?)
}

#[test]
fn a_signature_needs_key_folder_and_pin_and_verifies_with_the_certificate() -> Result<()> {
    let mut card = card("amsel", Contact)?;
    let mut terminal = terminal(&mut card);
    assert_eq!(terminal.plain(CHOOSE_KEY)?, "6a88", "the key is in DF.ESIGN");
    terminal.plain(SELECT_ESIGN)?;
    assert_eq!(terminal.plain(SIGN)?, "6a88", "no key chosen");
    assert_eq!(terminal.plain(CHOOSE_KEY)?, "9000");
    assert_eq!(terminal.plain(SIGN)?, "6982", "no PIN");
    assert_eq!(terminal.plain(VERIFY)?, "9000");
    let signature = terminal.plain(SIGN)?;
    let certificate = certificate(&mut terminal)?;
    let hash = &hex::decode(SIGN)?[5..37];
    assert!(is_signature(&certificate, hash, &signature)?);
    assert!(!is_signature(&certificate, &sha256(b"else"), &signature)?);
    terminal.plain(SELECT_HCA)?;
    assert_eq!(terminal.plain(SIGN)?, "6a88", "another folder, no key");
    Ok(())
}

#[test]
fn over_the_air_pin_and_signature_go_through_the_channel() -> Result<()> {
    let mut card = card("amsel", Contactless)?;
    let mut terminal = terminal(&mut card);
    assert_eq!(terminal.plain(STATUS)?, "6982");
    assert_eq!(terminal.plain(VERIFY)?, "6982");
    terminal.pace(CAN)?;
    assert_eq!(terminal.send(SELECT_ESIGN)?, "9000");
    assert_eq!(terminal.send(WRONG)?, "63c2");
    assert_eq!(terminal.send(VERIFY)?, "9000");
    assert_eq!(terminal.send(STATUS)?, "9000");
    assert_eq!(terminal.send(CHOOSE_KEY)?, "9000");
    assert_eq!(terminal.send(SIGN)?.len(), 2 * 64 + 4);
    Ok(())
}

#[test]
fn a_card_without_pin_signs_at_once() -> Result<()> {
    let mut card = card("amsel-pin-disabled", Contact)?;
    let mut terminal = terminal(&mut card);
    terminal.plain(SELECT_ESIGN)?;
    terminal.plain(CHOOSE_KEY)?;
    assert_eq!(terminal.plain(SIGN)?.len(), 2 * 64 + 4);
    Ok(())
}
