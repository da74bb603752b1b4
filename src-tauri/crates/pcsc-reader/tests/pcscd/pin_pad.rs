//! Asking for a PIN at a reader that has no pad, as the virtual one.

use anyhow::Result;
use card_sim::Slot;
use pcsc_reader::{JobOptions, PIN_ENTRY_MAX, Session};
use smartcard::{ChannelError, CommandApdu, ExtendedLength, PinEntry};
use workshop::pcscd::{PORTS, READERS};

use crate::support::{DEADLINE, PATIENT, Script, card, seen, with_pcscd};

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
            crate::support::emptied(READERS[0]).ok();
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
        let late = JobOptions { deadline: std::time::Duration::ZERO, ..PATIENT };
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
