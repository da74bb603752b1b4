//! Chip authentication and active authentication.

use anyhow::{Context, Result};
use card_sim::travel::{
    ActiveAuthentication, ChipAuthentication, ChipKey, ChipProfile, Cipher, Curve, DhGroup, Encoding, Group,
    Hash,
};
use openssl::{
    bn::BigNum,
    ecdsa::EcdsaSig,
    hash::{MessageDigest, hash},
    pkey::PKey,
    rsa::{Padding, Rsa},
};

use super::{GENERIC, SELECT_LDS1, ZONE, basic_profile, powered, profile};
use crate::{CAN, terminal};

const CHALLENGE: &str = "0102030405060708";

fn authentication(group: Group, cipher: Cipher, key_id: Option<u8>) -> ChipAuthentication {
    let key = ChipKey::named(group, "chip authentication");
    ChipAuthentication { key_id, key, cipher, encoding: Encoding::Explicit }
}

fn with_chip_authentication(chip: &ChipAuthentication) -> ChipProfile {
    ChipProfile { chip_authentication: Some(chip.clone()), ..profile() }
}

#[test]
fn chip_authentication_changes_the_channel() -> Result<()> {
    for (group, cipher, key_id) in [
        (Group::Ec(Curve::Brainpool256), Cipher::Aes128, Some(0x0D)),
        (Group::Ec(Curve::P384), Cipher::Aes192, None),
        (Group::Ec(Curve::Brainpool512), Cipher::Aes256, Some(1)),
        (Group::Ec(Curve::P256), Cipher::TripleDes, None),
        (Group::Ec(Curve::Brainpool256), Cipher::TripleDes, Some(2)),
        (Group::Dh(DhGroup::Modp2048With256), Cipher::TripleDes, None),
        (Group::Dh(DhGroup::Modp1024), Cipher::Aes128, Some(3)),
    ] {
        let chip = authentication(group, cipher, key_id);
        let mut card = powered(&with_chip_authentication(&chip));
        let mut terminal = terminal(&mut card);
        terminal.enter(GENERIC, CAN)?;
        terminal.send(SELECT_LDS1)?;
        terminal.authenticate_chip(&chip, &chip.key.public()).with_context(|| format!("{chip:?}"))?;
        for _ in 0..2 {
            assert_eq!(terminal.send("00b0810000")?, "61009000", "{chip:?}");
        }
    }
    Ok(())
}

#[test]
fn chip_authentication_works_after_basic_access_control() -> Result<()> {
    let chip = authentication(Group::Ec(Curve::P256), Cipher::TripleDes, None);
    let mut card = powered(&ChipProfile { chip_authentication: Some(chip.clone()), ..basic_profile() });
    let mut terminal = terminal(&mut card);
    terminal.plain(SELECT_LDS1)?;
    terminal.basic_access(ZONE)?;
    terminal.authenticate_chip(&chip, &chip.key.public())?;
    assert_eq!(terminal.send("00b0810000")?, "61009000");
    Ok(())
}

#[test]
fn a_clone_shows_at_the_command_after_chip_authentication() -> Result<()> {
    for cipher in [Cipher::TripleDes, Cipher::Aes256] {
        let chip = authentication(Group::Ec(Curve::Brainpool256), cipher, Some(1));
        let mut card = powered(&with_chip_authentication(&chip));
        let mut terminal = terminal(&mut card);
        terminal.enter(GENERIC, CAN)?;
        let original = ChipKey::named(chip.key.group, "the original");
        terminal.authenticate_chip(&chip, &original.public())?;
        let protected = hex::encode(terminal.protect("00b09c0000")?);
        assert_eq!(terminal.plain(&protected)?, "6988");
    }
    Ok(())
}

#[test]
fn chip_authentication_needs_access_the_right_key_and_a_point() -> Result<()> {
    let chip = authentication(Group::Ec(Curve::Brainpool256), Cipher::Aes128, Some(1));
    let oid = hex::encode(chip.oid());
    let choose = format!("002241a40f800a{oid}840101");
    let mut card = powered(&with_chip_authentication(&chip));
    let mut terminal = terminal(&mut card);
    assert_eq!(terminal.plain(&choose)?, "6982");
    terminal.enter(GENERIC, CAN)?;
    for (command, expected) in [
        (format!("002241a40f800a{oid}840102"), "6a88"),
        (format!("002241a40f800a{}840101", oid.replace("030202", "030204")), "6a88"),
        ("002241a606910104840101".to_owned(), "6a88"),
        ("002241a403840101".to_owned(), "6a80"),
        ("00860000047c02800000".to_owned(), "6985"),
        (choose.clone(), "9000"),
        ("00860000047c02800000".to_owned(), "6a80"),
        (choose, "9000"),
        ("00b09c0000".to_owned(), "31009000"),
        ("00860000047c02800000".to_owned(), "6985"),
    ] {
        assert_eq!(terminal.send(&command)?, expected, "{command}");
    }
    Ok(())
}

#[test]
fn active_authentication_with_rsa_recovers_a_hash_over_the_challenge() -> Result<()> {
    let key = Rsa::generate(1024)?;
    for (function, digest, trailer) in [
        (Hash::Sha1, MessageDigest::sha1(), &[0xBC][..]),
        (Hash::Sha256, MessageDigest::sha256(), &[0x34, 0xCC]),
    ] {
        let own = ActiveAuthentication::Rsa { key: key.private_key_to_der()?, hash: function };
        let mut card = powered(&ChipProfile { active_authentication: Some(own), ..profile() });
        let mut terminal = terminal(&mut card);
        terminal.enter(GENERIC, CAN)?;
        let mut seen = Vec::new();
        for _ in 0..2 {
            let answer = hex::decode(terminal.send(&format!("0088000008{CHALLENGE}00"))?)?;
            let mut recovered = [0; 128];
            key.public_decrypt(answer.strip_suffix(&[0x90, 0x00]).unwrap(), &mut recovered, Padding::NONE)?;
            let body = recovered.strip_prefix(&[0x6A]).context("header")?;
            let body = body.strip_suffix(trailer).context("trailer")?;
            let (random, hashed) = body.split_at(body.len() - digest.size());
            let expected = hash(digest, &[random, &hex::decode(CHALLENGE)?].concat())?;
            assert_eq!(hashed, &*expected);
            seen.push(random.to_vec());
        }
        assert_ne!(seen[0], seen[1], "the chip's own part is fresh");
    }
    Ok(())
}

#[test]
fn a_long_signature_needs_extended_length() -> Result<()> {
    let key = Rsa::generate(2048)?.private_key_to_der()?;
    let own = ActiveAuthentication::Rsa { key, hash: Hash::Sha256 };
    let mut card = powered(&ChipProfile { active_authentication: Some(own), ..profile() });
    let mut terminal = terminal(&mut card);
    terminal.enter(GENERIC, CAN)?;
    let command = format!("0088000008{CHALLENGE}00");
    assert_eq!(terminal.send_extended(&command)?.len(), 2 * 256 + 4);
    let protected = hex::encode(terminal.protect(&command)?);
    assert_eq!(terminal.plain(&protected)?, "6700");
    Ok(())
}

#[test]
fn active_authentication_with_ecdsa_verifies_plain_and_as_der() -> Result<()> {
    for (curve, der) in [(Curve::P256, false), (Curve::Brainpool384, false), (Curve::Brainpool256, true)] {
        let key = ChipKey::named(Group::Ec(curve), "active authentication");
        let public = PKey::public_key_from_der(&key.subject_public_key_info(Encoding::Explicit))?.ec_key()?;
        let own = ActiveAuthentication::Ecdsa { key, hash: Hash::Sha256, der };
        let mut card = powered(&ChipProfile { active_authentication: Some(own), ..profile() });
        let mut terminal = terminal(&mut card);
        terminal.enter(GENERIC, CAN)?;
        let answer = hex::decode(terminal.send(&format!("0088000008{CHALLENGE}00"))?)?;
        let signature = answer.strip_suffix(&[0x90, 0x00]).context("refused")?;
        let signature = if der {
            EcdsaSig::from_der(signature)?
        } else {
            let (r, s) = signature.split_at(signature.len() / 2);
            EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?
        };
        let digest = hash(MessageDigest::sha256(), &hex::decode(CHALLENGE)?)?;
        assert!(signature.verify(&digest, &public)?, "{curve:?}");
    }
    Ok(())
}

#[test]
fn active_authentication_needs_access_and_a_challenge_of_eight_bytes() -> Result<()> {
    let key = ChipKey::named(GENERIC.group, "active authentication");
    let own = ActiveAuthentication::Ecdsa { key, hash: Hash::Sha256, der: false };
    let mut card = powered(&ChipProfile { active_authentication: Some(own), ..profile() });
    let mut terminal = terminal(&mut card);
    let command = format!("0088000008{CHALLENGE}00");
    assert_eq!(terminal.plain(&command)?, "6982");
    terminal.enter(GENERIC, CAN)?;
    assert_eq!(terminal.send("00880000040102030400")?, "6700");
    assert_eq!(terminal.send(&command.replacen("00880000", "00880100", 1))?, "6a86");
    assert_eq!(terminal.send(&command)?.len(), 2 * 64 + 4);
    Ok(())
}
