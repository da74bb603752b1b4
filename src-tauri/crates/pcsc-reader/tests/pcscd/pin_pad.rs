//! Asking for a PIN at readers with and without a pad.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::Result;
use card_sim::{Slot, find};
use jiff::civil::date;
use pcsc::{Context, Protocols, Scope, ShareMode};
use pcsc_reader::{Ending, JobOptions, PIN_ENTRY_MAX, Session, has_pin_pad};
use smartcard::{CardChannel, ChannelError, CommandApdu, ExtendedLength, PinEntry, StatusWord};
use workshop::{
    namespace,
    pcscd::{PAD_PORT, PORTS, Pcscd, READERS},
    pin_pad::{Pad, READER},
    process::{Daemon, wait_until},
};

use crate::support::{DEADLINE, PATIENT, Script, card, emptied, seen, with_pcscd};

/// VERIFY of the health card's PIN.
fn entry() -> Result<PinEntry> {
    let block = [0x20, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    let template = CommandApdu::new(0x00, 0x20, 0x00, 0x02).with_data(&block)?;
    Ok(PinEntry { template, digits_min: 6, digits_max: 8 })
}

#[test]
fn a_reader_without_a_pad_says_so_before_anything_is_sent_and_goes_on() -> Result<()> {
    with_pcscd("pin_pad::a_reader_without_a_pad_says_so_before_anything_is_sent_and_goes_on", |_| {
        let inserted = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let options = JobOptions { deadline: PIN_ENTRY_MAX, ..PATIENT };
        let entry = entry()?;
        let job = session.submit(options, move |channel, _| {
            let answer = channel.verify_pin_at_reader(&entry);
            (answer, channel.transmit(&CommandApdu::new(0x00, 0xA4, 0x04, 0x0C)))
        });
        let (answer, next) = job.wait(DEADLINE)?;
        assert_eq!(answer, Err(ChannelError::NoPinPad));
        assert_eq!(next?.status.0, 0x9000);
        assert_eq!(inserted.apdus(), 1);
        Ok(())
    })
}

#[test]
fn a_card_that_was_pulled_is_no_missing_pad() -> Result<()> {
    with_pcscd("pin_pad::a_card_that_was_pulled_is_no_missing_pad", |_| {
        let inserted = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let entry = entry()?;
        let job = session.submit(PATIENT, move |channel, _| {
            inserted.pull();
            emptied(READERS[0]).ok();
            channel.verify_pin_at_reader(&entry)
        });
        assert_eq!(job.wait(DEADLINE)?, Err(ChannelError::CardRemoved));
        Ok(())
    })
}

#[test]
fn an_entry_is_not_begun_for_a_job_that_is_over_or_cancelled() -> Result<()> {
    with_pcscd("pin_pad::an_entry_is_not_begun_for_a_job_that_is_over_or_cancelled", |_| {
        let _card = Script::insert(PORTS[0], |_| vec![0x90, 0x00])?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let late = JobOptions { deadline: Duration::ZERO, ..PATIENT };
        for (options, cancels, error) in
            [(late, false, ChannelError::DeadlineExceeded), (PATIENT, true, ChannelError::Cancelled)]
        {
            let entry = entry()?;
            let job = session.submit(options, move |channel, cancel| {
                if cancels {
                    cancel.cancel();
                }
                channel.verify_pin_at_reader(&entry)
            });
            assert_eq!(job.wait(DEADLINE)?, Err(error));
        }
        Ok(())
    })
}

/// Runs `body` in a namespace with a pcscd that has a third reader, with a pad.
fn with_pad(test: &str, body: impl FnOnce(&Pad, &mut Pcscd) -> Result<()>) -> Result<()> {
    let test = format!("pin_pad::{test}");
    namespace::inside(&test, || {
        let pad = Pad::new()?;
        body(&pad, &mut Pcscd::start_with_pad(&pad)?)
    })
    .map(drop)
}

/// A health card with the PIN 123456.
fn health_card() -> Result<card_sim::Card> {
    Ok(find("amsel").ok_or_else(|| anyhow::anyhow!("no such card"))?.card(date(2026, 11, 22)))
}

/// The job of a test: has the PIN typed.
fn verify(channel: &mut dyn CardChannel, entry: &PinEntry) -> Result<StatusWord, ChannelError> {
    Ok(channel.verify_pin_at_reader(entry)?.status)
}

/// GET PIN STATUS, of a job that leaves the card as it is.
fn state(session: &Session) -> Result<StatusWord> {
    let ask = CommandApdu::new(0x80, 0x20, 0x00, 0x02);
    Ok(session.submit(PATIENT, move |channel, _| channel.transmit(&ask)).wait(DEADLINE)??.status)
}

#[test]
fn a_reader_says_whether_it_has_a_pad_with_or_without_a_card() -> Result<()> {
    with_pad("a_reader_says_whether_it_has_a_pad_with_or_without_a_card", |_, pcscd| {
        assert!(has_pin_pad(READER), "without a card");
        assert!(!has_pin_pad(READERS[0]));
        let inserted = [Slot::insert(PAD_PORT, health_card()?)?, Slot::insert(PORTS[0], health_card()?)?];
        seen(READER)?;
        seen(READERS[0])?;
        assert!(has_pin_pad(READER), "with a card");
        assert!(!has_pin_pad(READERS[0]));
        assert!(inserted.iter().all(|card| card.apdus() == 0), "no card was asked");

        let context = Context::establish(Scope::User)?;
        let name = std::ffi::CString::new(READER)?;
        let other = context.connect(&name, ShareMode::Exclusive, Protocols::ANY)?;
        assert!(!has_pin_pad(READER), "held exclusively");
        drop(other);
        assert!(!has_pin_pad("No such reader") && !has_pin_pad("Reader\0"));
        pcscd.kill();
        assert!(!has_pin_pad(READER), "without the service");
        Ok(())
    })
}

#[test]
fn a_pin_that_was_verified_is_forgotten_after_the_job_whatever_its_options_say() -> Result<()> {
    with_pad("a_pin_that_was_verified_is_forgotten_after_the_job_whatever_its_options_say", |pad, _| {
        let _card = Slot::insert(PAD_PORT, health_card()?)?;
        seen(READER)?;
        let session = Session::open(READER, ExtendedLength::No)?;
        let ask = CommandApdu::new(0x80, 0x20, 0x00, 0x02);
        let options = JobOptions { deadline: PIN_ENTRY_MAX, ending: Ending::Leave };
        pad.type_pin("123456");
        let entry = entry()?;
        let job = session.submit(options, move |channel, _| {
            (verify(channel, &entry), channel.transmit(&ask).map(|response| response.status))
        });
        let (typed, within) = job.wait(DEADLINE)?;
        assert_eq!((typed, within), (Ok(StatusWord::OK), Ok(StatusWord::OK)));
        assert_eq!(state(&session)?, StatusWord(0x63C3), "not verified any more");

        // The virtual card does hold it until a reset: sent by hand, it is there for the next job.
        let by_hand =
            CommandApdu::new(0x00, 0x20, 0x00, 0x02).with_data(&hex::decode("26123456FFFFFFFF")?)?;
        session.submit(options, move |channel, _| channel.transmit(&by_hand)).wait(DEADLINE)??;
        assert_eq!(state(&session)?, StatusWord::OK);
        assert!(has_pin_pad(READER));
        assert_eq!(state(&session)?, StatusWord::OK, "asking for a pad leaves the card as it is");
        Ok(())
    })
}

#[test]
fn the_pad_gets_the_structure_byte_for_byte_and_the_card_the_block() -> Result<()> {
    with_pad("the_pad_gets_the_structure_byte_for_byte_and_the_card_the_block", |pad, _| {
        let inserted = Slot::insert(PAD_PORT, health_card()?)?;
        seen(READER)?;
        let session = Session::open(READER, ExtendedLength::No)?;
        let typed = |pin: &str| {
            pad.type_pin(pin);
            let entry = entry()?;
            let options = JobOptions { deadline: PIN_ENTRY_MAX * 2, ending: Ending::Reset };
            Ok::<_, anyhow::Error>(
                session.submit(options, move |channel, _| verify(channel, &entry)).wait(DEADLINE)??,
            )
        };
        assert_eq!(typed("123456")?, StatusWord::OK);
        assert_eq!(typed("98765432")?, StatusWord(0x63C2));
        assert_eq!(typed("1234567")?, StatusWord(0x63C1));
        assert_eq!(typed("12345")?, StatusWord(0x6403), "too short: the card isn't asked");
        assert_eq!(typed("123456789")?, StatusWord(0x6403), "too long");
        // bTimerOut 60 s, bTimerOut2 30 s, bmFormatString 89, bmPINBlockString 47, bmPINLengthFormat 04, 6 to 8 digits,
        // validation key, default message, no language, message 0, no prologue, 13 bytes of command.
        let structure =
            "3C1E 89 47 04 0806 02 FF 0000 00 000000 0D000000 00200002 08 20FFFFFFFFFFFFFF".replace(' ', "");
        let asked: Vec<String> = pad.asked().iter().map(hex::encode_upper).collect();
        assert_eq!(asked, [&*structure; 5]);
        let sent: Vec<String> = inserted.trace().iter().map(|it| hex::encode_upper(&it.command)).collect();
        assert_eq!(
            sent,
            ["002000020826123456FFFFFFFF", "00200002082898765432FFFFFF", "0020000208271234567FFFFFFF"]
        );
        Ok(())
    })
}

#[test]
fn the_person_can_cancel_or_let_the_time_pass_and_the_pad_waits_no_longer_than_the_job() -> Result<()> {
    with_pad(
        "the_person_can_cancel_or_let_the_time_pass_and_the_pad_waits_no_longer_than_the_job",
        |pad, _| {
            let inserted = Slot::insert(PAD_PORT, health_card()?)?;
            seen(READER)?;
            let session = Session::open(READER, ExtendedLength::No)?;
            pad.cancel();
            let patient = entry()?;
            let options = JobOptions { deadline: PIN_ENTRY_MAX, ..PATIENT };
            let cancelled = session.submit(options, move |channel, _| verify(channel, &patient));
            assert_eq!(cancelled.wait(DEADLINE)?, Ok(StatusWord(0x6401)));

            pad.type_nothing();
            let hurried = entry()?;
            let options = JobOptions { deadline: Duration::from_secs(4), ..PATIENT };
            let timed_out = session.submit(options, move |channel, _| verify(channel, &hurried));
            assert_eq!(timed_out.wait(Duration::from_secs(4))?, Ok(StatusWord(0x6400)));
            assert_eq!(pad.asked().last().and_then(|it| it.get(..2)), Some(&[2, 1][..]), "seconds");
            assert_eq!(inserted.apdus(), 0);
            Ok(())
        },
    )
}

#[test]
fn a_card_that_is_pulled_while_somebody_types_is_removed() -> Result<()> {
    with_pad("a_card_that_is_pulled_while_somebody_types_is_removed", |pad, _| {
        let inserted = Slot::insert(PAD_PORT, health_card()?)?;
        seen(READER)?;
        let session = Session::open(READER, ExtendedLength::No)?;
        let entry = entry()?;
        let options = JobOptions { deadline: PIN_ENTRY_MAX, ..PATIENT };
        let job = session.submit(options, move |channel, _| verify(channel, &entry));
        pad.wait_until_asked(1, DEADLINE)?;
        inserted.pull();
        assert_eq!(job.wait(DEADLINE)?, Err(ChannelError::CardRemoved));

        emptied(READER)?;
        let _next = Slot::insert(PAD_PORT, health_card()?)?;
        seen(READER)?;
        assert_eq!(state(&session)?, StatusWord(0x63C3), "the reader goes on with the next card");
        Ok(())
    })
}

/// Set for the process in which this test plays a program that dies.
const DIES: &str = "DIES_AFTER_THE_PIN";

#[test]
fn a_pin_that_was_verified_is_forgotten_when_the_program_dies() -> Result<()> {
    let name = "a_pin_that_was_verified_is_forgotten_when_the_program_dies";
    if std::env::var_os(DIES).is_some() {
        let session = Session::open(READER, ExtendedLength::No)?;
        let entry = entry()?;
        let options = JobOptions { deadline: PIN_ENTRY_MAX, ..PATIENT };
        let job = session.submit(options, move |channel, _| {
            verify(channel, &entry).ok();
            // Until the process is killed.
            std::thread::park_timeout(DEADLINE);
        });
        return Ok(job.wait(DEADLINE)?);
    }
    with_pad(name, |pad, _| {
        let inserted = Slot::insert(PAD_PORT, health_card()?)?;
        seen(READER)?;
        pad.type_pin("123456");
        let mut program = Command::new(std::env::current_exe()?);
        program.args(["--exact", &format!("pin_pad::{name}")]).env(DIES, "1").stdout(Stdio::null());
        let mut program = Daemon::start("the program that dies", &mut program)?;
        wait_until("the PIN is right", DEADLINE, || {
            inserted.trace().last().is_some_and(|it| it.response.as_deref() == Some(&[0x90, 0x00]))
        })?;
        program.kill();
        let session = Session::open(READER, ExtendedLength::No)?;
        assert_eq!(state(&session)?, StatusWord(0x63C3));
        Ok(())
    })
}
