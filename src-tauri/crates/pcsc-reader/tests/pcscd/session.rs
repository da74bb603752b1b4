//! What becomes of jobs.

use std::{
    sync::mpsc,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use card_sim::{Fault, Slot};
use pcsc::{Context, Protocols, Scope, ShareMode};
use pcsc_reader::{Cancel, Ending, JobError, JobOptions, Session, abandoned_sessions};
use smartcard::{CardChannel, ChannelError, CommandApdu, ExtendedLength, Sfi};
use workshop::{
    namespace,
    pcscd::{PORTS, READERS},
    process::wait_until,
};

use crate::support::{APPLICATION, DEADLINE, PATIENT, card, content, emptied, seen, upside_down, with_pcscd};

const FILE: Sfi = Sfi::new(1);

/// SELECT, and as many READ BINARY as the form needs.
fn read_file(channel: &mut dyn CardChannel) -> Result<Vec<u8>, ChannelError> {
    let block = if channel.extended_length() == ExtendedLength::Yes { 2000 } else { 256 };
    channel.transmit(&CommandApdu::select_application(&APPLICATION))?;
    let mut bytes = channel.transmit(&CommandApdu::read_binary_sfi(FILE, 0, block))?.data.to_vec();
    while bytes.len() < content().len() {
        let next = CommandApdu::read_binary(bytes.len(), block).map_err(|_| ChannelError::Malformed)?;
        bytes.extend_from_slice(&channel.transmit(&next)?.data);
    }
    Ok(bytes)
}

fn read(channel: &mut dyn CardChannel, _: &Cancel) -> Result<Vec<u8>, ChannelError> {
    read_file(channel)
}

#[test]
fn a_file_is_read_in_either_length() -> Result<()> {
    with_pcscd("session::a_file_is_read_in_either_length", |_| {
        let inserted = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        for (length, apdus) in [(ExtendedLength::No, 5), (ExtendedLength::Yes, 2)] {
            let session = Session::open(READERS[0], length)?;
            let before = inserted.apdus();
            assert_eq!(session.submit(PATIENT, read).wait(DEADLINE)??, content());
            assert_eq!(inserted.apdus() - before, apdus, "{length:?}");
        }
        Ok(())
    })
}

#[test]
fn an_answer_can_be_called_back() -> Result<()> {
    with_pcscd("session::an_answer_can_be_called_back", |_| {
        let _card = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let (sender, answers) = mpsc::channel();
        let control = session.submit_then(PATIENT, read, move |answer| drop(sender.send(answer)));
        assert_eq!(answers.recv_timeout(DEADLINE)?, Ok(Ok(content())));
        assert_eq!(control.give_up(), ChannelError::DeadlineExceeded.into());
        assert!(session.is_serving(), "a session was given up for a job that is done");
        Ok(())
    })
}

#[test]
fn a_card_that_is_reset_at_the_end_forgets_what_was_selected() -> Result<()> {
    with_pcscd("session::a_card_that_is_reset_at_the_end_forgets_what_was_selected", |_| {
        let _card = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let select = |ending| {
            let options = JobOptions { ending, ..PATIENT };
            session
                .submit(options, |channel, _| {
                    channel.transmit(&CommandApdu::select_application(&APPLICATION))
                })
                .wait(DEADLINE)
        };
        let file_is_there = || -> Result<bool> {
            let job = session
                .submit(PATIENT, |channel, _| channel.transmit(&CommandApdu::read_binary_sfi(FILE, 0, 1)));
            Ok(job.wait(DEADLINE)??.status.0 == 0x9000)
        };
        select(Ending::Leave)??;
        assert!(file_is_there()?);
        select(Ending::Reset)??;
        assert!(!file_is_there()?);
        Ok(())
    })
}

#[test]
fn a_card_pulled_between_or_within_apdus_is_removed() -> Result<()> {
    with_pcscd("session::a_card_pulled_between_or_within_apdus_is_removed", |_| {
        for at in 1..=5 {
            let inserted = Slot::insert(PORTS[0], card())?;
            inserted.add_fault(Fault::Pull { at });
            seen(READERS[0])?;
            let session = Session::open(READERS[0], ExtendedLength::No)?;
            let answer = session.submit(PATIENT, read).wait(DEADLINE)?;
            assert_eq!(answer, Err(ChannelError::CardRemoved), "pulled at APDU {at}");
            emptied(READERS[0])?;
        }
        Ok(())
    })
}

#[test]
fn a_conversation_needs_service_reader_and_a_card_that_answers() -> Result<()> {
    with_pcscd("session::a_conversation_needs_service_reader_and_a_card_that_answers", |pcscd| {
        let ask = |reader| {
            Session::open(reader, ExtendedLength::No).map(|it| it.submit(PATIENT, read).wait(DEADLINE))
        };
        assert_eq!(ask(READERS[0])?, Err(ChannelError::CardRemoved.into()));
        assert_eq!(ask("Unplugged 00 00")?, Err(ChannelError::ReaderRemoved.into()));
        let _upside_down = Slot::insert(PORTS[1], upside_down())?;
        seen(READERS[1])?;
        assert_eq!(ask(READERS[1])?, Err(ChannelError::CardMute.into()));
        pcscd.kill();
        assert_eq!(ask(READERS[0])?, Err(ChannelError::ServiceLost.into()));
        Ok(())
    })
}

#[test]
fn a_session_outlives_the_service_that_crashes_under_it() -> Result<()> {
    with_pcscd("session::a_session_outlives_the_service_that_crashes_under_it", |pcscd| {
        let inserted = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        inserted.add_fault(Fault::Mute { at: 3 });
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let job = session.submit(PATIENT, read);
        wait_until("the card is asked a third time", DEADLINE, || inserted.apdus() == 3)?;
        pcscd.kill();
        assert_eq!(job.wait(DEADLINE)?, Err(ChannelError::ServiceLost));
        pcscd.restart()?;
        let _again = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        assert_eq!(session.submit(PATIENT, read).wait(DEADLINE)??, content());
        Ok(())
    })
}

#[test]
fn a_card_that_another_program_holds_exclusively_is_busy() -> Result<()> {
    with_pcscd("session::a_card_that_another_program_holds_exclusively_is_busy", |_| {
        let _card = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let other = Context::establish(Scope::User)?;
        let held = other.connect(c"Virtual PCD 00 00", ShareMode::Exclusive, Protocols::ANY)?;
        assert_eq!(session.submit(PATIENT, read).wait(DEADLINE), Err(ChannelError::CardBusy.into()));
        drop(held);
        assert_eq!(session.submit(PATIENT, read).wait(DEADLINE)??, content());
        Ok(())
    })
}

#[test]
fn a_card_in_another_programs_transaction_is_busy_when_the_owner_gives_up() -> Result<()> {
    with_pcscd("session::a_card_in_another_programs_transaction_is_busy_when_the_owner_gives_up", |_| {
        let _card = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let other = Context::establish(Scope::User)?;
        let mut shared = other.connect(c"Virtual PCD 00 00", ShareMode::Shared, Protocols::ANY)?;
        let transaction = shared.transaction()?;
        let answer = session.submit(PATIENT, read).wait(Duration::from_millis(300));
        assert_eq!(answer, Err(ChannelError::CardBusy.into()));
        assert_eq!(session.submit(PATIENT, read).wait(DEADLINE), Err(JobError::SessionEnded));
        drop(transaction);
        wait_until("the abandoned thread has ended", DEADLINE, || abandoned_sessions() == 0)?;
        let new = Session::open(READERS[0], ExtendedLength::No)?;
        assert_eq!(new.submit(PATIENT, read).wait(DEADLINE)??, content());
        Ok(())
    })
}

#[test]
fn another_program_waits_until_the_job_is_done() -> Result<()> {
    with_pcscd("session::another_program_waits_until_the_job_is_done", |_| {
        let inserted = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let (begun, has_begun) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let job = session.submit(PATIENT, move |channel, _| {
            channel.transmit(&CommandApdu::select_application(&APPLICATION))?;
            begun.send(()).ok();
            may_go_on.recv().ok();
            read_file(channel)
        });
        has_begun.recv_timeout(DEADLINE)?;
        let other = std::thread::spawn(|| -> Result<(), pcsc::Error> {
            let context = Context::establish(Scope::User)?;
            let card = context.connect(c"Virtual PCD 00 00", ShareMode::Shared, Protocols::ANY)?;
            card.transmit(&[0x00, 0xA4, 0x04, 0x0C], &mut [0; 258]).map(drop)
        });
        go_on.send(())?;
        assert_eq!(job.wait(DEADLINE)??, content());
        ensure!(other.join().is_ok_and(|selected| selected.is_ok()), "the other program failed");
        // Its SELECT of the root came before or after our APDUs, never among them.
        let selected_root = inserted.trace().iter().position(|exchange| exchange.command.len() == 4);
        assert_eq!(selected_root, Some(inserted.apdus() - 1));
        Ok(())
    })
}

#[test]
fn a_card_that_never_answers_is_given_up_and_a_new_session_reads_the_next_card() -> Result<()> {
    with_pcscd("session::a_card_that_never_answers_is_given_up_and_a_new_session_reads_the_next_card", |_| {
        let silent = Slot::insert(PORTS[0], card())?;
        silent.add_fault(Fault::Mute { at: 2 });
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let begun = Instant::now();
        let answer = session.submit(PATIENT, read).wait(Duration::from_millis(500));
        assert_eq!(answer, Err(JobError::Unanswered));
        assert!(begun.elapsed() < Duration::from_secs(5), "gave up after {:?}", begun.elapsed());
        assert!(!session.is_serving());
        assert_eq!(abandoned_sessions(), 1);

        silent.pull();
        wait_until("the abandoned thread has ended", DEADLINE, || abandoned_sessions() == 0)?;
        emptied(READERS[0])?;
        let _next = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let new = Session::open(READERS[0], ExtendedLength::No)?;
        assert_eq!(new.submit(PATIENT, read).wait(DEADLINE)??, content());
        Ok(())
    })
}

#[test]
fn the_other_reader_works_while_one_hangs() -> Result<()> {
    with_pcscd("session::the_other_reader_works_while_one_hangs", |_| {
        let silent = Slot::insert(PORTS[0], card())?;
        silent.add_fault(Fault::Mute { at: 1 });
        let _other = Slot::insert(PORTS[1], card())?;
        seen(READERS[0])?;
        seen(READERS[1])?;
        let hangs = Session::open(READERS[0], ExtendedLength::No)?;
        let hanging = hangs.submit(PATIENT, read);
        wait_until("the silent card is asked", DEADLINE, || silent.apdus() == 1)?;
        let works = Session::open(READERS[1], ExtendedLength::No)?;
        assert_eq!(works.submit(PATIENT, read).wait(DEADLINE)??, content());
        drop(silent);
        assert_eq!(hanging.wait(DEADLINE)?, Err(ChannelError::CardRemoved));
        Ok(())
    })
}

#[test]
fn a_cancelled_job_sends_no_further_apdu() -> Result<()> {
    with_pcscd("session::a_cancelled_job_sends_no_further_apdu", |_| {
        let inserted = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let job = session.submit(PATIENT, |channel, cancel| {
            channel.transmit(&CommandApdu::select_application(&APPLICATION))?;
            cancel.cancel();
            read_file(channel)
        });
        assert_eq!(job.wait(DEADLINE)?, Err(ChannelError::Cancelled));
        assert_eq!(inserted.apdus(), 1);
        assert_eq!(session.submit(PATIENT, read).wait(DEADLINE)??, content());
        Ok(())
    })
}

#[test]
fn a_job_whose_deadline_is_over_sends_no_apdu() -> Result<()> {
    with_pcscd("session::a_job_whose_deadline_is_over_sends_no_apdu", |_| {
        let inserted = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let late = JobOptions { deadline: Duration::ZERO, ..PATIENT };
        assert_eq!(session.submit(late, read).wait(DEADLINE)?, Err(ChannelError::DeadlineExceeded));
        assert_eq!(inserted.apdus(), 0);
        Ok(())
    })
}

#[test]
fn jobs_beyond_the_queue_are_refused_and_those_in_it_are_done_in_order() -> Result<()> {
    with_pcscd("session::jobs_beyond_the_queue_are_refused_and_those_in_it_are_done_in_order", |_| {
        let _card = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let (begun, has_begun) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let first = session.submit(PATIENT, move |_, _| {
            begun.send(()).ok();
            may_go_on.recv().ok();
        });
        has_begun.recv_timeout(DEADLINE)?;
        let (sender, order) = mpsc::channel();
        let queued: Vec<_> = (0..pcsc_reader::JOB_QUEUE)
            .map(|number| {
                let sender = sender.clone();
                session.submit(PATIENT, move |_, _| sender.send(number).is_ok())
            })
            .collect();
        assert_eq!(session.submit(PATIENT, |_, _| ()).wait(DEADLINE), Err(JobError::QueueFull));
        drop(go_on);
        first.wait(DEADLINE)?;
        for job in queued {
            job.wait(DEADLINE)?;
        }
        drop(sender);
        assert_eq!(order.iter().collect::<Vec<_>>(), (0..pcsc_reader::JOB_QUEUE).collect::<Vec<_>>());
        Ok(())
    })
}

#[test]
fn giving_up_on_a_job_that_waits_for_its_turn_only_cancels_it() -> Result<()> {
    with_pcscd("session::giving_up_on_a_job_that_waits_for_its_turn_only_cancels_it", |_| {
        let _card = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let first = session.submit(PATIENT, move |_, _| may_go_on.recv().is_ok());
        let (ran, has_run) = mpsc::channel();
        let second = session.submit(PATIENT, move |_, _| ran.send(()).is_ok());
        assert_eq!(second.wait(Duration::ZERO), Err(ChannelError::DeadlineExceeded.into()));
        assert!(session.is_serving());
        drop(go_on);
        first.wait(DEADLINE)?;
        session.submit(PATIENT, read).wait(DEADLINE)??;
        assert_eq!(has_run.try_recv(), Err(mpsc::TryRecvError::Disconnected));
        Ok(())
    })
}

#[test]
fn dropping_a_session_ends_its_job_before_the_next_apdu() -> Result<()> {
    with_pcscd("session::dropping_a_session_ends_its_job_before_the_next_apdu", |_| {
        let inserted = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let (begun, has_begun) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let job = session.submit(PATIENT, move |channel, _| {
            begun.send(()).ok();
            may_go_on.recv().ok();
            read_file(channel)
        });
        has_begun.recv_timeout(DEADLINE)?;
        drop(session);
        drop(go_on);
        assert_eq!(job.wait(DEADLINE)?, Err(ChannelError::Cancelled));
        assert_eq!(inserted.apdus(), 0);
        Ok(())
    })
}

#[test]
fn a_job_that_panics_ends_its_session_alone() -> Result<()> {
    with_pcscd("session::a_job_that_panics_ends_its_session_alone", |_| {
        let _card = Slot::insert(PORTS[0], card())?;
        seen(READERS[0])?;
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        let job = session.submit(PATIENT, |_, _| panic!("as planned"));
        assert_eq!(job.wait(DEADLINE), Err(JobError::SessionEnded));
        wait_until("the session has noticed", DEADLINE, || !session.is_serving())?;
        let new = Session::open(READERS[0], ExtendedLength::No)?;
        assert_eq!(new.submit(PATIENT, read).wait(DEADLINE)??, content());
        Ok(())
    })
}

#[test]
fn a_reader_name_that_pcsc_cannot_hold_opens_no_session() {
    assert!(Session::open("Reader\0", ExtendedLength::No).is_err());
}

#[test]
fn without_the_service_a_job_says_so() -> Result<()> {
    namespace::inside("session::without_the_service_a_job_says_so", || {
        let session = Session::open(READERS[0], ExtendedLength::No)?;
        assert_eq!(session.submit(PATIENT, read).wait(DEADLINE), Err(ChannelError::ServiceLost.into()));
        Ok(())
    })
    .map(drop)
}
