//! PACE and BAC.

use anyhow::{Context, Result};
use card_sim::travel::{ChipKey, Cipher, Curve, DhGroup, Group, LDS1_AID, Mapping};
use openssl::sha::sha1;

use super::{
    GENERIC, SELECT_COM, SELECT_LDS1, Terminal, ZONE, basic_profile, com, domain, offer, powered, profile,
    suite,
};
use crate::{CAN, terminal, terminal::object};

const CURVES: [Curve; 5] =
    [Curve::P256, Curve::P384, Curve::Brainpool256, Curve::Brainpool384, Curve::Brainpool512];
const CIPHERS: [Cipher; 4] = [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256];

fn reads_com(terminal: &mut Terminal<'_>) -> Result<()> {
    assert_eq!(terminal.send(SELECT_LDS1)?, "9000");
    assert_eq!(terminal.send("00b09e0000")?, com() + "9000");
    assert_eq!(terminal.send(SELECT_COM)?, "9000");
    assert_eq!(terminal.send("00b0000104")?, "0d5f01049000");
    Ok(())
}

#[test]
fn pace_works_on_every_curve_with_every_cipher() -> Result<()> {
    for curve in CURVES {
        for cipher in CIPHERS {
            let mut profile = profile();
            let offer = offer(Mapping::Generic, Group::Ec(curve), cipher);
            profile.access.pace = vec![offer];
            let mut card = powered(&profile);
            let mut terminal = terminal(&mut card);
            terminal.enter(offer, CAN).with_context(|| format!("{offer:?}"))?;
            reads_com(&mut terminal).with_context(|| format!("{offer:?}"))?;
        }
    }
    Ok(())
}

#[test]
fn pace_works_modulo_every_prime() -> Result<()> {
    for group in [DhGroup::Modp1024, DhGroup::Modp2048With224, DhGroup::Modp2048With256] {
        for cipher in [Cipher::TripleDes, Cipher::Aes256] {
            let mut profile = profile();
            let offer = offer(Mapping::Generic, Group::Dh(group), cipher);
            profile.access.pace = vec![offer];
            let mut card = powered(&profile);
            let mut terminal = terminal(&mut card);
            terminal.enter(offer, CAN).with_context(|| format!("{offer:?}"))?;
            reads_com(&mut terminal).with_context(|| format!("{offer:?}"))?;
        }
    }
    Ok(())
}

#[test]
fn the_zone_is_another_password_of_pace() -> Result<()> {
    let mut card = powered(&profile());
    let mut terminal = terminal(&mut card);
    terminal.enter_with(GENERIC, (0x01, &sha1(ZONE)), None)?;
    reads_com(&mut terminal)
}

#[test]
fn a_wrong_password_of_pace_shows_at_the_last_step_and_locks_nothing() -> Result<()> {
    let mut card = powered(&profile());
    let mut terminal = terminal(&mut card);
    for _ in 0..12 {
        for password in [(0x02, &b"000000"[..]), (0x01, &[7; 20])] {
            let error = terminal.enter_with(GENERIC, password, None).unwrap_err();
            assert_eq!(error.to_string(), "the card answered 6300");
        }
    }
    terminal.enter(GENERIC, CAN)?;
    Ok(())
}

#[test]
fn what_pace_is_not_offered_with_there_is_no_key_for() -> Result<()> {
    let mut profile = profile();
    profile.access.can = None;
    let mut card = powered(&profile);
    let mut terminal = terminal(&mut card);
    let wrong_password = terminal.enter(GENERIC, CAN);
    let other = offer(Mapping::Generic, GENERIC.group, Cipher::Aes256);
    let wrong_protocol = terminal.enter_with(other, (0x01, &sha1(ZONE)), None);
    let wrong_parameters = terminal.enter_with(GENERIC, (0x01, &sha1(ZONE)), Some(12));
    for result in [wrong_password, wrong_protocol, wrong_parameters] {
        assert_eq!(result.unwrap_err().to_string(), "the card answered 6a88");
    }
    let mut card = powered(&basic_profile());
    assert_eq!(
        crate::terminal(&mut card).enter(GENERIC, CAN).unwrap_err().to_string(),
        "the card answered 6a88"
    );
    Ok(())
}

#[test]
fn one_of_several_offers_is_chosen_by_its_parameters() -> Result<()> {
    let mut profile = profile();
    let p384 = offer(Mapping::Generic, Group::Ec(Curve::P384), Cipher::Aes128);
    profile.access.pace.push(p384);
    let mut card = powered(&profile);
    let mut terminal = terminal(&mut card);
    terminal.enter_with(p384, (0x02, CAN.as_bytes()), Some(15))?;
    terminal.enter_with(GENERIC, (0x02, CAN.as_bytes()), Some(13))?;
    terminal.enter_with(GENERIC, (0x02, CAN.as_bytes()), None)?;
    reads_com(&mut terminal)
}

#[test]
fn chip_authentication_mapping_proves_the_static_key() -> Result<()> {
    for (curve, cipher) in [(Curve::Brainpool256, Cipher::Aes128), (Curve::P384, Cipher::Aes256)] {
        let group = Group::Ec(curve);
        let own = ChipKey::named(group, "a static key");
        let offer = offer(Mapping::ChipAuthentication, group, cipher);
        let mut profile = profile();
        profile.access.pace = vec![offer];
        profile.access.mapping_key = Some(own.clone());
        let mut card = powered(&profile);
        let mut mapping_key = Vec::new();
        let mut terminal = Terminal::new(|command| {
            let answer = card.execute(command).context("mute")?;
            if let Some((0x7C, data, _)) = object(&answer)
                && let Some((0x82, key, _)) = object(data)
            {
                mapping_key = key.to_vec();
            }
            Ok(answer)
        });
        let rest = terminal.enter(offer, CAN)?;
        reads_com(&mut terminal)?;
        let (secret, suite) = (terminal.secret.clone(), suite(cipher));
        drop(terminal);
        let (tag, encrypted, _) = object(&rest).context("no proof")?;
        assert_eq!(tag, 0x8A);
        let key = suite.derive(&secret, 1);
        let iv = suite.encrypt(&key, &[0; 16], &[0xFF; 16])?;
        let proof = suite.decrypt(&key, &iv, encrypted)?;
        let end = proof.iter().rposition(|byte| *byte != 0).context("no padding")?;
        let shown = domain(group)?.times(&proof[..end], &own.public())?;
        assert_eq!(proof[end], 0x80);
        assert_eq!(hex::encode(shown), hex::encode(&mapping_key), "{curve:?}");
    }
    Ok(())
}

#[test]
fn basic_access_control_opens_the_files() -> Result<()> {
    let mut card = powered(&basic_profile());
    let mut terminal = terminal(&mut card);
    assert_eq!(terminal.plain(SELECT_LDS1)?, "9000");
    terminal.basic_access(ZONE)?;
    assert_eq!(terminal.send(SELECT_COM)?, "9000");
    assert_eq!(terminal.send("00b0000104")?, "0d5f01049000");
    reads_com(&mut terminal)
}

#[test]
fn a_wrong_zone_fails_with_the_status_that_the_chip_likes() -> Result<()> {
    for word in [0x6300, 0x6982, 0x6985] {
        let mut profile = basic_profile();
        profile.quirks.bac_refusal = word;
        let mut card = powered(&profile);
        let mut terminal = terminal(&mut card);
        terminal.plain(SELECT_LDS1)?;
        let error = terminal.basic_access(b"L898902C<369080619406237").unwrap_err();
        assert_eq!(error.to_string(), format!("the card answered {word:04x}"));
        terminal.basic_access(ZONE)?;
    }
    Ok(())
}

#[test]
fn basic_access_control_takes_its_steps_in_order() -> Result<()> {
    let mut card = powered(&basic_profile());
    let mut terminal = terminal(&mut card);
    let external = format!("0082000028{}28", "00".repeat(40));
    assert_eq!(terminal.plain("0084000008")?, "6985", "the application isn't selected");
    terminal.plain(SELECT_LDS1)?;
    assert_eq!(terminal.plain(&external)?, "6985", "no challenge was asked for");
    assert_eq!(terminal.plain("0084000004")?, "6700");
    terminal.data("0084000008")?;
    assert_eq!(terminal.plain(&external)?, "6300");
    assert_eq!(terminal.plain(&external)?, "6985", "a challenge is good for one answer");
    Ok(())
}

#[test]
fn a_document_without_basic_access_control_refuses_it() -> Result<()> {
    let mut card = powered(&profile());
    let mut terminal = terminal(&mut card);
    assert_eq!(terminal.plain(&format!("00a4040c07{}", hex::encode(LDS1_AID)))?, "9000");
    assert_eq!(terminal.basic_access(ZONE).unwrap_err().to_string(), "the card answered 6985");
    Ok(())
}
