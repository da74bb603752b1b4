//! What the monitor tells.

use std::{
    os::unix::net::UnixListener,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use card_sim::Slot;
use pcsc::{Context, Protocols, Scope, ShareMode};
use pcsc_reader::{CardState, Interface, Monitor, ReaderEvent, ServiceState, look};
use workshop::{
    namespace,
    pcscd::{PORTS, READERS},
};

use crate::support::{ATR, DEADLINE, Told, card, seen, upside_down, with_pcscd};

#[test]
fn the_first_picture_names_every_reader() -> Result<()> {
    with_pcscd("monitor::the_first_picture_names_every_reader", |_| {
        let first = Told::start()?.next()?;
        assert_eq!(first.service, ServiceState::Running);
        assert_eq!(first.readers.iter().map(|reader| &*reader.name).collect::<Vec<_>>(), READERS);
        assert!(first.readers.iter().all(|reader| reader.card == CardState::Empty));
        assert_eq!(look(), first);
        Ok(())
    })
}

#[test]
fn a_card_is_told_when_it_comes_and_when_it_goes() -> Result<()> {
    with_pcscd("monitor::a_card_is_told_when_it_comes_and_when_it_goes", |_| {
        let told = Told::start()?;
        let inserted = Slot::insert(PORTS[0], card())?;
        let CardState::Present { atr, in_use } = told.card(READERS[0], |card| *card != CardState::Empty)?
        else {
            bail!("the card is mute");
        };
        assert_eq!((atr.as_bytes(), atr.interface(), in_use), (&ATR[..], Interface::Contact, false));
        inserted.pull();
        told.card(READERS[0], |card| *card == CardState::Empty)?;
        Ok(())
    })
}

#[test]
fn cards_in_two_readers_are_told_apart() -> Result<()> {
    with_pcscd("monitor::cards_in_two_readers_are_told_apart", |_| {
        let told = Told::start()?;
        let _right = Slot::insert(PORTS[1], card())?;
        let one = told.until("the right card", |event| {
            event.reader(READERS[1]).is_some_and(|reader| reader.card != CardState::Empty)
        })?;
        assert_eq!(one.reader(READERS[0]).map(|reader| &reader.card), Some(&CardState::Empty));
        let _left = Slot::insert(PORTS[0], card())?;
        told.until("both cards", |event| {
            event.readers.len() == 2 && event.readers.iter().all(|reader| reader.card != CardState::Empty)
        })?;
        Ok(())
    })
}

#[test]
fn the_same_card_inserted_again_counts_as_a_change() -> Result<()> {
    with_pcscd("monitor::the_same_card_inserted_again_counts_as_a_change", |_| {
        let changes = || look().reader(READERS[0]).map(|reader| reader.changes);
        let first = Slot::insert(PORTS[0], card())?;
        let before = seen(READERS[0]).map(|_| changes())?;
        first.pull();
        crate::support::emptied(READERS[0])?;
        let _again = Slot::insert(PORTS[0], card())?;
        let after = seen(READERS[0]).map(|_| changes())?;
        assert_eq!(before.zip(after).map(|(before, after)| after.wrapping_sub(before)), Some(2));
        Ok(())
    })
}

#[test]
fn a_card_that_lies_upside_down_is_mute() -> Result<()> {
    with_pcscd("monitor::a_card_that_lies_upside_down_is_mute", |_| {
        let _card = Slot::insert(PORTS[0], upside_down())?;
        assert_eq!(seen(READERS[0])?, CardState::Mute);
        Ok(())
    })
}

#[test]
fn a_card_that_another_program_holds_exclusively_is_in_use() -> Result<()> {
    with_pcscd("monitor::a_card_that_another_program_holds_exclusively_is_in_use", |_| {
        let _card = Slot::insert(PORTS[0], card())?;
        let told = Told::start()?;
        told.card(READERS[0], |card| matches!(card, CardState::Present { in_use: false, .. }))?;
        let other = Context::establish(Scope::User)?;
        let held = other.connect(c"Virtual PCD 00 00", ShareMode::Exclusive, Protocols::ANY)?;
        told.card(READERS[0], |card| matches!(card, CardState::Present { in_use: true, .. }))?;
        drop(held);
        told.card(READERS[0], |card| matches!(card, CardState::Present { in_use: false, .. }))?;
        Ok(())
    })
}

#[test]
fn a_service_that_crashes_is_told_down_and_found_again() -> Result<()> {
    with_pcscd("monitor::a_service_that_crashes_is_told_down_and_found_again", |pcscd| {
        let told = Told::start()?;
        assert_eq!(told.next()?.service, ServiceState::Running);
        for _ in 0..2 {
            pcscd.kill();
            let down = told.next()?;
            assert_eq!(down, ReaderEvent { service: ServiceState::Down, readers: vec![] });
            pcscd.restart()?;
            told.until("both readers again", |event| {
                event.service == ServiceState::Running && event.readers.len() == 2
            })?;
        }
        let _card = Slot::insert(PORTS[0], card())?;
        told.card(READERS[0], |card| *card != CardState::Empty)?;
        Ok(())
    })
}

#[test]
fn a_machine_without_the_service_is_told_down_once() -> Result<()> {
    namespace::inside("monitor::a_machine_without_the_service_is_told_down_once", || {
        let down = ReaderEvent { service: ServiceState::Down, readers: vec![] };
        let told = Told::start()?;
        assert_eq!(told.next()?, down);
        assert_eq!(look(), down);
        assert_eq!(told.stop(), []);
        Ok(())
    })
    .map(drop)
}

#[test]
fn a_service_that_hangs_up_on_us_is_told_denied() -> Result<()> {
    // As pcscd does to a client whom polkit refuses.
    namespace::inside("monitor::a_service_that_hangs_up_on_us_is_told_denied", || {
        let listener = UnixListener::bind("/run/pcscd/pcscd.comm")?;
        let _refuses = thread::spawn(move || listener.incoming().for_each(drop));
        let denied = ReaderEvent { service: ServiceState::Denied, readers: vec![] };
        assert_eq!(Told::start()?.next()?, denied);
        // Whether the client notices while it sends or while it waits, each with a code of its own, is left to chance.
        assert!((0..200).all(|_| look() == denied));
        Ok(())
    })
    .map(drop)
}

#[test]
fn dropping_the_monitor_ends_its_thread_at_once() -> Result<()> {
    with_pcscd("monitor::dropping_the_monitor_ends_its_thread_at_once", |_| {
        let told = Told::start()?;
        told.next()?;
        let begun = Instant::now();
        // The channel ends with the thread that owns its sender.
        assert_eq!(told.stop(), []);
        assert!(begun.elapsed() < Duration::from_secs(1), "took {:?}", begun.elapsed());
        Ok(())
    })
}

#[test]
fn a_monitor_may_be_dropped_by_its_own_thread() -> Result<()> {
    with_pcscd("monitor::a_monitor_may_be_dropped_by_its_own_thread", |_| {
        let (hand_over, monitor) = mpsc::channel::<Monitor>();
        let (sender, ended) = mpsc::channel::<()>();
        hand_over.send(Monitor::start(move |_| {
            let _until_the_thread_ends = &sender;
            monitor.recv().ok();
        })?)?;
        assert_eq!(ended.recv_timeout(DEADLINE), Err(mpsc::RecvTimeoutError::Disconnected));
        Ok(())
    })
}
