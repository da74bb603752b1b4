//! What becomes of a try of extended length, and who remembers it.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use card_sim::{Fault, Slot};
use pcsc_reader::Session;
use smartcard::{CardChannel, ChannelError, CommandApdu, ExtendedLength, ResponseApdu, Sfi};
use workshop::pcscd::{PORTS, READERS};

use crate::support::{APPLICATION, DEADLINE, PATIENT, Script, card, seen, with_pcscd};

const FILE: Sfi = Sfi::new(1);
/// More than the short form can ask for.
const MUCH: usize = 2000;
/// `SCARD_E_NOT_TRANSACTED`
const NOT_TRANSACTED: u32 = 0x8010_0016;

/// A try, the conclusion from it and a command in the short form, as one job: what came of both, and what the job was to
/// go by before and after.
fn try_and_fall_back(session: &Session) -> Result<Tried> {
    Ok(session.submit(PATIENT, |channel, _| tried(channel)).wait(DEADLINE)?)
}

struct Tried {
    before: ExtendedLength,
    extended: Result<ResponseApdu, ChannelError>,
    took: Duration,
    after: ExtendedLength,
    short: Result<ResponseApdu, ChannelError>,
}

fn tried(channel: &mut dyn CardChannel) -> Tried {
    let before = channel.extended_length();
    let begun = Instant::now();
    let extended = channel.transmit(&CommandApdu::read_binary_sfi(FILE, 0, MUCH));
    let took = begun.elapsed();
    channel.learn_extended_length(extended.as_ref().is_ok_and(|response| response.data.len() > 256));
    let after = channel.extended_length();
    let short = channel.transmit(&CommandApdu::read_binary_sfi(FILE, 0, 256));
    Tried { before, extended, took, after, short }
}

/// What a job of this session goes by.
fn known(session: &Session) -> Result<ExtendedLength> {
    Ok(session.submit(PATIENT, |channel, _| channel.extended_length()).wait(DEADLINE)?)
}

/// Selects the folder of the file, which stays selected.
fn select(session: &Session) -> Result<()> {
    let select = CommandApdu::select_application(&APPLICATION);
    session.submit(PATIENT, move |channel, _| channel.transmit(&select)).wait(DEADLINE)??;
    Ok(())
}

#[test]
fn what_one_job_has_shown_the_next_job_and_the_next_session_begin_with() -> Result<()> {
    with_pcscd("extended_length::what_one_job_has_shown_the_next_job_and_the_next_session_begin_with", |_| {
        let _card = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::Untried)?;
        assert_eq!(session.extended_length(), ExtendedLength::Untried);
        select(&session)?;
        let tried = try_and_fall_back(&session)?;
        assert_eq!((tried.before, tried.after), (ExtendedLength::Untried, ExtendedLength::Yes));
        assert_eq!(tried.extended?.data.len(), 1000);
        assert_eq!((known(&session)?, session.extended_length()), (ExtendedLength::Yes, ExtendedLength::Yes));
        let next = Session::open(READERS[0], session.extended_length())?;
        assert_eq!(known(&next)?, ExtendedLength::Yes);
        Ok(())
    })
}

#[test]
fn a_card_that_refuses_extended_length_is_read_in_the_short_form_from_then_on() -> Result<()> {
    with_pcscd(
        "extended_length::a_card_that_refuses_extended_length_is_read_in_the_short_form_from_then_on",
        |_| {
            let short_only = card_sim::find("amsel-short-only").context("no such card")?;
            let inserted = Slot::insert(PORTS[0], short_only.card(jiff::civil::date(2026, 11, 22)))?;
            seen(READERS[0])?;
            let session = Session::open(READERS[0], ExtendedLength::Untried)?;
            select(&session)?;
            let tried = try_and_fall_back(&session)?;
            assert_eq!(tried.extended?.status.0, 0x6700);
            assert_eq!(tried.short?.status.0, 0x9000);
            assert_eq!(inserted.apdus(), 3);
            assert_eq!((tried.after, known(&session)?), (ExtendedLength::No, ExtendedLength::No));
            Ok(())
        },
    )
}

#[test]
fn a_try_that_the_transport_spoils_costs_one_command_and_no_waiting() -> Result<()> {
    with_pcscd("extended_length::a_try_that_the_transport_spoils_costs_one_command_and_no_waiting", |_| {
        // More than there is room for, which PC/SC reports as an error, and half a status word.
        for spoilt in [vec![0x90; MUCH + 100], vec![0x90]] {
            let script =
                Script::insert(
                    PORTS[0],
                    move |command| {
                        if command.len() == 7 { spoilt.clone() } else { vec![0x90, 0x00] }
                    },
                )?;
            seen(READERS[0])?;
            let session = Session::open(READERS[0], ExtendedLength::Untried)?;
            let tried = try_and_fall_back(&session)?;
            assert_eq!(tried.extended, Err(ChannelError::Malformed));
            assert!(tried.took < Duration::from_millis(500), "took {:?}", tried.took);
            assert_eq!(tried.short?.status.0, 0x9000);
            assert_eq!(script.commands(), ["00B081000007D0", "00B0810000"]);
            assert_eq!((tried.after, known(&session)?), (ExtendedLength::No, ExtendedLength::No));
            script.pull()?;
            crate::support::emptied(READERS[0])?;
        }
        Ok(())
    })
}

#[test]
fn a_card_pulled_at_the_try_is_removed_and_says_nothing_of_its_reader() -> Result<()> {
    with_pcscd("extended_length::a_card_pulled_at_the_try_is_removed_and_says_nothing_of_its_reader", |_| {
        let inserted = Slot::insert(PORTS[0], card())?;
        inserted.add_fault(Fault::Pull { at: 1 });
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::Untried)?;
        let tried = try_and_fall_back(&session)?;
        // Without the wait that tells a pulled card from a mute one, which the next command makes up for.
        assert_eq!(tried.extended, Err(ChannelError::Transport(NOT_TRANSACTED)));
        assert!(tried.took < Duration::from_millis(500), "took {:?}", tried.took);
        assert_eq!(tried.short, Err(ChannelError::CardRemoved));
        assert_eq!((tried.after, session.extended_length()), (ExtendedLength::No, ExtendedLength::Untried));
        Ok(())
    })
}

#[test]
fn a_card_pulled_after_extended_length_had_an_answer_is_removed_at_once() -> Result<()> {
    with_pcscd(
        "extended_length::a_card_pulled_after_extended_length_had_an_answer_is_removed_at_once",
        |_| {
            let inserted = Slot::insert(PORTS[0], card())?;
            inserted.add_fault(Fault::Pull { at: 2 });
            seen(READERS[0])?;
            let session = Session::open(READERS[0], ExtendedLength::Untried)?;
            let read = CommandApdu::read_binary_sfi(FILE, 0, MUCH);
            let job =
                session.submit(PATIENT, move |channel, _| (channel.transmit(&read), channel.transmit(&read)));
            let (first, second) = job.wait(DEADLINE)?;
            assert!(first.is_ok());
            assert_eq!(second, Err(ChannelError::CardRemoved));
            Ok(())
        },
    )
}
