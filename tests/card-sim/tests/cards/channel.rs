//! PACE and secure messaging.

use anyhow::Result;
use card_sim::Interface::{Contact, Contactless};

use crate::{CAN, SELECT_HCA, SELECT_ROOT, card, terminal, terminal::Suite};

const CHOOSE: &str = "0022c1a40f800a04007f00070202040202830102";
const ASK_NONCE: &str = "10860000027c0000";

#[test]
fn pace_with_the_can_opens_a_channel_over_both_interfaces() -> Result<()> {
    for interface in [Contact, Contactless] {
        let mut card = card("amsel", interface)?;
        let mut terminal = terminal(&mut card);
        assert_eq!(terminal.plain("00a4020c02011c")?, "9000");
        assert_eq!(
            terminal.plain("00b0000000")?,
            "31143012060a04007f000702020402020201020201 0d9000".replace(' ', "")
        );
        terminal.pace(CAN)?;
        assert_eq!(terminal.send(SELECT_HCA)?, "9000");
        assert_eq!(terminal.send("00b08c0001")?, "309000");
        drop(terminal);
        assert!(card.has_channel());
    }
    Ok(())
}

#[test]
fn a_wrong_can_shows_at_the_last_step_and_locks_nothing() -> Result<()> {
    let mut card = card("amsel", Contactless)?;
    let mut steps = 0;
    for wrong in 0..12 {
        let mut terminal = crate::Terminal::new(|command| {
            steps += usize::from(command[1] == 0x86);
            Ok(card.execute(command).unwrap())
        });
        let error = terminal.pace(&format!("{wrong:06}")).unwrap_err();
        assert_eq!(error.to_string(), "the card answered 6300");
    }
    assert_eq!(steps, 4 * 12);
    terminal(&mut card).pace(CAN)
}

#[test]
fn two_runs_agree_on_different_keys() -> Result<()> {
    let mut card = card("amsel", Contactless)?;
    let mut terminal = terminal(&mut card);
    terminal.pace(CAN)?;
    let first = terminal.secret.clone();
    terminal.pace(CAN)?;
    assert_ne!(first, terminal.secret);
    assert_eq!(terminal.send(SELECT_ROOT)?, "9000");
    Ok(())
}

#[test]
fn a_seed_fixes_nonce_and_ephemeral_keys() -> Result<()> {
    let nonce = |seed: &str| -> Result<_> {
        let mut card = card("amsel", Contactless)?.seeded(seed);
        let mut terminal = terminal(&mut card);
        terminal.plain(CHOOSE)?;
        terminal.plain(ASK_NONCE)
    };
    assert_eq!(nonce("a")?, nonce("a")?);
    assert_ne!(nonce("a")?, nonce("b")?);
    Ok(())
}

#[test]
fn a_shared_secret_that_starts_with_zero_keeps_its_zero() -> Result<()> {
    let mut card = card("amsel-leading-zero", Contactless)?;
    let mut terminal = terminal(&mut card);
    for _ in 0..2 {
        terminal.pace(CAN)?;
        assert_eq!((terminal.secret.len(), terminal.secret[0]), (32, 0));
        // What a terminal gets that drops the zero: other keys.
        let derive = |secret: &[u8], counter| Suite::Aes128.derive(secret, counter);
        assert_ne!(derive(&terminal.secret[1..], 1), derive(&terminal.secret, 1));
        assert_eq!(terminal.send(SELECT_HCA)?, "9000");
    }
    Ok(())
}

#[test]
fn steps_that_are_wrong_or_out_of_order_are_refused_and_end_the_run() -> Result<()> {
    let off_curve = format!("10860000457c43814104{}{:0128}00", "", 7);
    let conversations: &[&[(&str, &str)]] = &[
        &[(ASK_NONCE, "6985")],
        &[("0022c1a40f800a04007f00070202040204830102", "6a80"), (ASK_NONCE, "6985")],
        &[("0022c1a40f800a04007f00070202040202830103", "6a80")],
        &[(CHOOSE, "9000"), ("00860000027c0000", "6883"), (ASK_NONCE, "6985")],
        &[(CHOOSE, "9000"), ("10860000028000 00", "6a80")],
        &[(CHOOSE, "9000"), ("10860100027c0000", "6a86")],
        &[(CHOOSE, "9000"), (SELECT_ROOT, "9000"), (ASK_NONCE, "6985")],
    ];
    for conversation in conversations {
        let mut card = card("amsel", Contactless)?;
        let mut terminal = terminal(&mut card);
        for (command, expected) in *conversation {
            assert_eq!(terminal.plain(&command.replace(' ', ""))?, *expected, "{conversation:?}");
        }
    }
    for point in [off_curve.as_str(), "10860000047c02810000", "10860000057c0381010000"] {
        let mut card = card("amsel", Contactless)?;
        let mut terminal = terminal(&mut card);
        terminal.plain(CHOOSE)?;
        terminal.plain(ASK_NONCE)?;
        assert_eq!(terminal.plain(point)?, "6a80", "{point}");
        assert_eq!(terminal.plain(ASK_NONCE)?, "6985");
    }
    Ok(())
}

#[test]
fn refusals_come_protected_and_leave_the_channel_open() -> Result<()> {
    let mut card = card("amsel", Contactless)?;
    let mut terminal = terminal(&mut card);
    terminal.pace(CAN)?;
    for (command, status) in [
        ("00a4040c06d27600006601", "6a82"),
        ("00b0000000", "6986"),
        ("00ca000000", "6d00"),
        (SELECT_ROOT, "9000"),
    ] {
        assert_eq!(terminal.send(command)?, status);
    }
    Ok(())
}

#[test]
fn file_control_parameters_come_authentic_but_in_the_clear() -> Result<()> {
    let mut card = card("amsel", Contactless)?;
    let mut terminal = terminal(&mut card);
    terminal.pace(CAN)?;
    let protected = hex::encode(terminal.protect("00a40204022f0200")?);
    let response = terminal.plain(&protected)?;
    assert!(response.starts_with("811762158002000c8201"), "{response}");
    Ok(())
}

#[test]
fn a_response_that_does_not_fit_into_the_outer_length_is_refused() -> Result<()> {
    let mut card = card("amsel", Contactless)?;
    let mut terminal = terminal(&mut card);
    terminal.pace(CAN)?;
    assert_eq!(terminal.send(SELECT_HCA)?, "9000");
    // 223 bytes are the most that come back with all objects in 256.
    assert_eq!(terminal.send("00b08100df")?.len(), 2 * 223 + 4);
    let protected = hex::encode(terminal.protect("00b08100e0")?);
    assert_eq!(terminal.plain(&protected)?, "6700");
    assert_eq!(terminal.plain("00b0810001")?, "6982");
    Ok(())
}

#[test]
fn a_command_in_the_clear_ends_the_channel() -> Result<()> {
    let mut card = card("amsel", Contactless)?;
    let mut terminal = terminal(&mut card);
    terminal.pace(CAN)?;
    assert_eq!(terminal.send(SELECT_HCA)?, "9000");
    assert_eq!(terminal.plain("00b0810001")?, "6982");
    let protected = hex::encode(terminal.protect("00b0810001")?);
    assert_eq!(terminal.plain(&protected)?, "6988");
    Ok(())
}

#[test]
fn a_damaged_command_is_refused_in_the_clear_and_ends_the_channel() -> Result<()> {
    // The last byte of the checksum; the status of the file's data object; no object at all.
    for (place, expected) in [(Some(1), "6988"), (Some(20), "6988"), (None, "6987")] {
        let mut card = card("amsel", Contactless)?;
        let mut terminal = terminal(&mut card);
        terminal.pace(CAN)?;
        let mut command = terminal.protect(SELECT_HCA)?;
        match place {
            Some(from_end) => {
                let at = command.len() - 1 - from_end;
                command[at] ^= 1;
            }
            None => command = hex::decode("0ca4040c")?,
        }
        assert_eq!(terminal.plain(&hex::encode(command))?, expected);
        let next = hex::encode(terminal.protect(SELECT_HCA)?);
        assert_eq!(terminal.plain(&next)?, "6988");
    }
    Ok(())
}

#[test]
fn a_command_cannot_be_sent_twice() -> Result<()> {
    let mut card = card("amsel", Contactless)?;
    let mut terminal = terminal(&mut card);
    terminal.pace(CAN)?;
    let command = hex::encode(terminal.protect(SELECT_HCA)?);
    assert!(terminal.plain(&command)?.ends_with("9000"));
    assert_eq!(terminal.plain(&command)?, "6988");
    Ok(())
}

#[test]
fn a_reset_ends_the_channel() -> Result<()> {
    let mut card = card("amsel", Contactless)?;
    let protected = {
        let mut terminal = terminal(&mut card);
        terminal.pace(CAN)?;
        terminal.protect(SELECT_HCA)?
    };
    card.reset();
    assert_eq!(hex::encode(card.execute(&protected).unwrap()), "6988");
    Ok(())
}
