//! Faults of secure messaging and of time, through PC/SC and the real pcscd.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use card_sim::{Fault, Interface};
use workshop::namespace;

use crate::{
    SELECT_HCA,
    air::terminal,
    desk::{Desk, card, transmit},
};

const CAN: &str = "123123";
/// PACE takes five commands.
const PACE: usize = 5;

fn contactless() -> Result<Desk> {
    Desk::with(card("amsel")?.over(Interface::Contactless))
}

fn add(desk: &Desk, fault: &str) -> Result<()> {
    desk.card()?.add_fault(fault.parse::<Fault>()?);
    Ok(())
}

#[test]
fn a_changed_checksum_is_noticed_by_the_terminal() -> Result<()> {
    namespace::inside("faults::a_changed_checksum_is_noticed_by_the_terminal", || {
        let desk = contactless()?;
        add(&desk, &format!("mac@{}", PACE + 2))?;
        let card = desk.connect()?;
        let mut terminal = terminal(&card);
        terminal.pace(CAN)?;
        assert_eq!(terminal.send(SELECT_HCA)?, "9000");
        assert_eq!(terminal.send("00b08c0001").unwrap_err().to_string(), "wrong MAC");
        assert_eq!(terminal.send("00b08c0001")?, "309000", "the card doesn't know");
        Ok(())
    })?;
    Ok(())
}

#[test]
fn an_unprotected_status_ends_the_channel() -> Result<()> {
    namespace::inside("faults::an_unprotected_status_ends_the_channel", || {
        let desk = contactless()?;
        add(&desk, &format!("plain@{}=6F00", PACE + 1))?;
        let card = desk.connect()?;
        let mut terminal = terminal(&card);
        terminal.pace(CAN)?;
        assert_eq!(terminal.send(SELECT_HCA).unwrap_err().to_string(), "not protected: 6f00");
        let next = hex::encode(terminal.protect(SELECT_HCA)?);
        assert_eq!(terminal.plain(&next)?, "6988");
        terminal.pace(CAN)?;
        assert_eq!(terminal.send(SELECT_HCA)?, "9000");
        Ok(())
    })?;
    Ok(())
}

#[test]
fn a_flipped_bit_in_any_step_of_pace_is_noticed() -> Result<()> {
    namespace::inside("faults::a_flipped_bit_in_any_step_of_pace_is_noticed", || {
        let desk = contactless()?;
        let card = desk.connect()?;
        // Status of MSE; nonce; both points; the card's token.
        for (step, byte) in [(1, 1), (2, 8), (3, 40), (4, 40), (5, 8)] {
            let before = desk.card()?.apdus();
            add(&desk, &format!("flip@{}={byte}", before + step))?;
            let outcome = terminal(&card).pace(CAN);
            println!("step {step}: {outcome:?}");
            assert!(outcome.is_err(), "step {step}");
        }
        desk.card()?.clear_faults();
        terminal(&card).pace(CAN)
    })?;
    Ok(())
}

#[test]
fn a_late_answer_comes_after_its_time() -> Result<()> {
    namespace::inside("faults::a_late_answer_comes_after_its_time", || {
        let desk = Desk::with(card("amsel")?)?;
        add(&desk, "mute@2=1s")?;
        let card = desk.connect()?;
        assert_eq!(transmit(&card, SELECT_HCA)?, "9000");
        let start = Instant::now();
        assert_eq!(transmit(&card, "00b08c0001")?, "309000");
        assert!(start.elapsed() >= Duration::from_secs(1));
        let start = Instant::now();
        assert_eq!(transmit(&card, "00b08c0001")?, "309000");
        assert!(start.elapsed() < Duration::from_secs(1));
        Ok(())
    })?;
    Ok(())
}

#[test]
fn models_of_slow_cards_take_their_time_and_hardly_more() -> Result<()> {
    namespace::inside("faults::models_of_slow_cards_take_their_time_and_hardly_more", || {
        let desk = Desk::with(card("amsel")?)?;
        let card = desk.connect()?;
        transmit(&card, SELECT_HCA)?;
        // READ BINARY of 256 bytes: 5 bytes there and 258 back, at 8 bits a byte.
        for (model, expected) in [
            ("slow=15ms,0", 15_000),
            ("slow=30ms,106kbit", 30_000 + 19_849),
            ("slow=30ms,848kbit", 30_000 + 2_481),
        ] {
            let expected = Duration::from_micros(expected);
            desk.card()?.clear_faults();
            let free = fastest(|| transmit(&card, "00b0810000"))?;
            add(&desk, model)?;
            let took = fastest(|| transmit(&card, "00b0810000"))?;
            println!("{model}: {took:?} instead of {expected:?}; {free:?} without a model");
            ensure!(took >= expected, "{model}: only {took:?}");
            // Exact but for the way through pcscd; the fastest is judged, for the machine may be busy.
            ensure!(took < expected + free + Duration::from_millis(5), "{model}: {took:?}");
        }
        desk.card()?.clear_faults();
        Ok(())
    })?;
    Ok(())
}

fn fastest(mut command: impl FnMut() -> Result<String>) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..15 {
        let start = Instant::now();
        ensure!(command()?.ends_with("9000"));
        times.push(start.elapsed());
    }
    times.into_iter().min().context("no time")
}
