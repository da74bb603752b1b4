//! Simulated cards as programs see them: through PC/SC and the real pcscd.

mod air;
mod desk;
mod faults;
mod opensc;
mod program;
#[path = "../support/terminal.rs"]
mod terminal;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use card_sim::{Fault, Slot};
use pcsc::{Disposition, Protocols, ShareMode, State};
use workshop::{namespace, pcscd::PORTS, process::wait_until};

use crate::desk::{DEADLINE, Desk, card, stored, transmit};

const SELECT_ROOT: &str = "00a4040c07d2760001448000";
const SELECT_HCA: &str = "00a4040c06d27600000102";

#[test]
fn short_and_extended_reads_give_the_bytes_of_the_image() -> Result<()> {
    namespace::inside("short_and_extended_reads_give_the_bytes_of_the_image", || {
        let image = card("zaunkoenig")?;
        let (pd, vd) = (stored(&image, 1, 0xD001)?, stored(&image, 1, 0xD002)?);
        let desk = Desk::with(image)?;
        let card = desk.connect()?;
        assert_eq!(transmit(&card, SELECT_ROOT)?, "9000");
        assert_eq!(transmit(&card, SELECT_HCA)?, "9000");
        assert_eq!(transmit(&card, "00b08100000000")?, format!("{pd}9000"));
        assert_eq!(transmit(&card, "00b0820000")?, format!("{}9000", &vd[..512]));
        assert_eq!(transmit(&card, "00b0010000")?, format!("{}9000", &vd[512..vd.len().min(1024)]));
        assert_eq!(transmit(&card, "00b0830000")?, "6982");
        assert_eq!(desk.card()?.apdus(), 6);
        let files: Vec<_> = desk.card()?.trace().iter().map(|exchange| exchange.file).collect();
        assert_eq!(files, [None, None, Some(0xD001), Some(0xD002), Some(0xD002), Some(0xD003)]);
        Ok(())
    })?;
    Ok(())
}

#[test]
fn a_pulled_card_is_seen_as_gone_and_a_new_one_as_present() -> Result<()> {
    namespace::inside("a_pulled_card_is_seen_as_gone_and_a_new_one_as_present", || {
        let mut desk = Desk::with(card("amsel")?)?;
        let start = Instant::now();
        desk.card.take().unwrap().pull();
        desk.wait_for(State::EMPTY)?;
        println!("removal seen after {:?}", start.elapsed());
        let start = Instant::now();
        desk.card = Some(Slot::insert(PORTS[0], card("buntspecht")?)?);
        desk.wait_for(State::PRESENT)?;
        println!("insertion seen after {:?}", start.elapsed());
        assert_eq!(transmit(&desk.connect()?, SELECT_HCA)?, "9000");
        Ok(())
    })?;
    Ok(())
}

#[test]
fn an_apdu_takes_microseconds_not_a_delayed_acknowledgement() -> Result<()> {
    namespace::inside("an_apdu_takes_microseconds_not_a_delayed_acknowledgement", || {
        let desk = Desk::with(card("amsel")?)?;
        let card = desk.connect()?;
        transmit(&card, SELECT_HCA)?;
        let mut times: Vec<_> = (0..500)
            .map(|_| {
                let start = Instant::now();
                transmit(&card, "00b0810000").map(|_| start.elapsed())
            })
            .collect::<Result<_>>()?;
        times.sort();
        let (median, worst) = (times[250], times[495]);
        println!("round trip of a 256-byte READ BINARY: median {median:?}, 99th percentile {worst:?}");
        // A delayed acknowledgement takes 40 ms; the rest is room for a busy machine.
        ensure!(median < Duration::from_millis(20), "an APDU took {median:?}");
        Ok(())
    })?;
    Ok(())
}

#[test]
fn faults_strike_at_the_apdu_they_are_set_for() -> Result<()> {
    namespace::inside("faults_strike_at_the_apdu_they_are_set_for", || {
        let desk = Desk::with(card("amsel")?)?;
        for fault in ["status@2=6F00", "short@3=2", "pull@5"] {
            desk.card()?.add_fault(fault.parse::<Fault>()?);
        }
        let card = desk.connect()?;
        assert_eq!(transmit(&card, SELECT_HCA)?, "9000");
        assert_eq!(transmit(&card, "00b0810010")?, "6f00");
        assert_eq!(transmit(&card, "00b08c0019")?, hex::encode("02"));
        assert_eq!(transmit(&card, "00b08c0001")?, "309000");
        assert_eq!(transmit(&card, "00b08c0001")?, "", "vpcd's way of saying that the card left");
        assert!(transmit(&card, "00b08c0001").is_err());
        desk.wait_for(State::EMPTY)?;
        assert!(!desk.card()?.is_inserted());
        Ok(())
    })?;
    Ok(())
}

#[test]
fn a_slow_card_takes_the_time_that_its_model_says() -> Result<()> {
    namespace::inside("a_slow_card_takes_the_time_that_its_model_says", || {
        let desk = Desk::with(card("amsel")?)?;
        let card = desk.connect()?;
        desk.card()?.add_fault("slow=30ms,10000".parse()?);
        let start = Instant::now();
        assert_eq!(transmit(&card, SELECT_HCA)?, "9000");
        transmit(&card, "00b0810000")?;
        let took = start.elapsed();
        // Two APDUs, 11 + 2 and 5 + 258 bytes at 10,000 bytes a second.
        ensure!(took >= Duration::from_micros(87_600), "only {took:?}");
        println!("two slow APDUs took {took:?}");
        desk.card()?.clear_faults();
        Ok(())
    })?;
    Ok(())
}

#[test]
fn a_crash_of_pcscd_takes_the_card_out_and_it_can_be_inserted_again() -> Result<()> {
    namespace::inside("a_crash_of_pcscd_takes_the_card_out_and_it_can_be_inserted_again", || {
        let mut desk = Desk::with(card("amsel")?)?;
        desk.pcscd.restart()?;
        wait_until("the card is out", DEADLINE, || {
            desk.card.as_ref().is_some_and(|card| !card.is_inserted())
        })?;
        let desk = desk.again(card("amsel")?)?;
        assert_eq!(transmit(&desk.connect()?, SELECT_HCA)?, "9000");
        Ok(())
    })?;
    Ok(())
}

#[test]
fn two_readers_hold_a_card_each() -> Result<()> {
    namespace::inside("two_readers_hold_a_card_each", || {
        let desk = Desk::with(card("amsel")?)?;
        let _second = Slot::insert(PORTS[1], card("passport")?)?;
        let second = desk.connect_to(1)?;
        assert_eq!(transmit(&desk.connect()?, SELECT_HCA)?, "9000");
        assert_eq!(transmit(&second, SELECT_HCA)?, "6a82");
        Ok(())
    })?;
    Ok(())
}

#[test]
fn a_card_upside_down_is_present_and_mute() -> Result<()> {
    namespace::inside("a_card_upside_down_is_present_and_mute", || {
        let desk = Desk::with(card("upside-down")?)?;
        let state = desk.wait_for(State::MUTE)?;
        assert!(state.contains(State::PRESENT), "{state:?}");
        let error = desk.connect().err().context("connected to a mute card")?;
        println!("connecting says: {error}");
        let named = [pcsc::Error::UnpoweredCard, pcsc::Error::UnresponsiveCard];
        assert!(error.downcast_ref().is_some_and(|error| named.contains(error)), "{error}");
        Ok(())
    })?;
    Ok(())
}

#[test]
fn without_a_proper_answer_to_reset_there_is_no_card_to_talk_to() -> Result<()> {
    namespace::inside("without_a_proper_answer_to_reset_there_is_no_card_to_talk_to", || {
        let mut desk = Desk::with(card("garbage-atr")?)?;
        for name in ["garbage-atr", "kvk"] {
            desk.card = None;
            desk.wait_for(State::EMPTY)?;
            desk = desk.again(card(name)?)?;
            let error = desk.connect().err().context("connected to a card without a proper ATR")?;
            println!("{name}: connecting says: {error}; state {:?}", desk.wait_for(State::PRESENT)?);
        }
        Ok(())
    })?;
    Ok(())
}

fn arrived(desk: &Desk) -> usize {
    desk.card.as_ref().map_or(0, card_sim::Inserted::apdus)
}

#[test]
fn a_mute_card_answers_nothing_until_it_is_pulled() -> Result<()> {
    namespace::inside("a_mute_card_answers_nothing_until_it_is_pulled", || {
        let mut desk = Desk::with(card("amsel-mute")?)?;
        let card = desk.connect()?;
        let (done, answer) = std::sync::mpsc::channel();
        let reader = std::thread::spawn(move || done.send(transmit(&card, SELECT_HCA)));
        wait_until("the command arrives", DEADLINE, || arrived(&desk) == 1)?;
        assert!(answer.recv_timeout(Duration::from_millis(500)).is_err(), "the mute card answered");
        desk.card.take().unwrap().pull();
        assert_eq!(answer.recv_timeout(DEADLINE)??, "", "vpcd's way of saying that the card left");
        reader.join().unwrap()?;
        Ok(())
    })?;
    Ok(())
}

#[test]
fn a_powered_card_starts_anew_after_a_reset() -> Result<()> {
    namespace::inside("a_powered_card_starts_anew_after_a_reset", || {
        let desk = Desk::with(card("amsel")?)?;
        let mut card = desk.connect()?;
        assert!(desk.card()?.is_powered());
        assert_eq!(transmit(&card, SELECT_HCA)?, "9000");
        card.reconnect(ShareMode::Shared, Protocols::T1, Disposition::ResetCard)?;
        // SFI 01 is EF.PD in the application; the root has none.
        assert_eq!(transmit(&card, "00b0810010")?, "6a82");
        Ok(())
    })?;
    Ok(())
}
