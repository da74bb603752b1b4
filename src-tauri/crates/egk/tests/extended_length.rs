//! Finding out whether extended length works, and never failing for it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use egk::{EgkError, Request, read};
use smartcard::{CardChannel, ChannelError, ExtendedLength};
use support::conversation::{Conversation, Form};
use support::entropy::NoRandomNumbers;
use support::image::{Image, gzip, pd_file};
use support::xml::BUNTSPECHT;

/// EF.ATR's buffer sizes in gematik's published G2.1 card image: 2,057 bytes and more.
const LARGE_BUFFERS: [u8; 19] =
    [0xE0, 0x11, 2, 2, 0x08, 0x09, 2, 3, 0x00, 0x80, 0x02, 2, 2, 0x08, 0x09, 2, 2, 0x08, 0x09];
/// No more than the short form holds.
const SMALL_BUFFERS: [u8; 18] =
    [0xE0, 0x10, 2, 2, 0x01, 0x05, 2, 2, 0x01, 0x02, 2, 2, 0x01, 0x05, 2, 2, 0x01, 0x05];
const EF_ATR: &str = "00B09D00";
const EF_PD: &str = "00B08100";
const LONGEST: usize = 65_536;

/// Reads a card, and says what the channel has learned.
fn run(conversation: &Conversation) -> (Result<(), EgkError>, ExtendedLength) {
    let mut replay = conversation.replay();
    let result = read(&mut replay, &Request::default(), &mut NoRandomNumbers, &mut |_| {}).map(|_| ());
    let learned = replay.extended_length();
    assert_eq!(replay.finish(), Ok(()));
    (result, learned)
}

fn check(conversation: &Conversation, learned: ExtendedLength) {
    assert_eq!(run(conversation), (Ok(()), learned));
}

fn tried(image: &Image) -> Conversation {
    Conversation::untried().up_to_version(image)
}

#[test]
fn a_first_try_costs_one_command_and_an_answer_beyond_256_bytes_is_its_proof() {
    let image = Image::amsel();
    assert!(image.pd.len() > 256);
    let conversation = tried(&image)
        .exchange(EF_ATR, "", LONGEST, &LARGE_BUFFERS, "9000")
        .number_and_data(&image, Form::Extended);
    assert_eq!(conversation.len(), 8);
    check(&conversation, ExtendedLength::Yes);
}

#[test]
fn without_a_long_answer_nothing_is_proven() {
    let mut image = Image::amsel();
    // The reading ends with EF.PD, before there is a longer one.
    image.pd = pd_file(&gzip("<Amsel/>", 0));
    let conversation = tried(&image)
        .exchange(EF_ATR, "", LONGEST, &LARGE_BUFFERS, "9000")
        .small_file("00B08200", &image.gdo)
        .select("D27600000102", "9000")
        .status(&image)
        .pd(&image, Form::Extended);
    let (outcome, learned) = run(&conversation);
    assert!(matches!(outcome, Err(EgkError::Malformed { .. })));
    assert_eq!(learned, ExtendedLength::Untried);
}

#[test]
fn a_card_with_small_buffers_or_without_ef_atr_is_read_in_the_short_form_and_proves_nothing() {
    let image = Image::amsel();
    for (answer, status) in
        [(&SMALL_BUFFERS[..], "9000"), (&SMALL_BUFFERS, "6282"), (&[], "6A82"), (&[], "9000")]
    {
        let conversation =
            tried(&image).exchange(EF_ATR, "", LONGEST, answer, status).number_and_data(&image, Form::Short);
        check(&conversation, ExtendedLength::Untried);
    }
}

#[test]
fn a_failed_try_costs_one_command_and_is_not_repeated() {
    let image = Image::amsel();
    for status in ["6700", "6C00", "6C86", "6186"] {
        let conversation =
            tried(&image).exchange(EF_ATR, "", LONGEST, &[], status).number_and_data(&image, Form::Short);
        check(&conversation, ExtendedLength::No);
    }
    for failure in [r#""malformed""#, r#"{"transport":2148532246}"#, r#""card_mute""#] {
        let conversation =
            tried(&image).failure(EF_ATR, LONGEST, failure).number_and_data(&image, Form::Short);
        check(&conversation, ExtendedLength::No);
    }
}

#[test]
fn what_length_has_nothing_to_do_with_ends_the_try_and_the_reading() {
    let pulled = tried(&Image::amsel()).failure(EF_ATR, LONGEST, r#""card_removed""#);
    let removed = Err(EgkError::Channel(ChannelError::CardRemoved));
    assert_eq!(run(&pulled), (removed, ExtendedLength::Untried));
}

#[test]
fn a_later_failure_is_read_over_in_the_short_form_wherever_it_comes() {
    let image = Image::of(&BUNTSPECHT);
    for known in [true, false] {
        let begin = || match known {
            true => Conversation::new(Form::Extended).opening(&image).status(&image),
            false => tried(&image)
                .exchange(EF_ATR, "", LONGEST, &LARGE_BUFFERS, "9000")
                .small_file("00B08200", &image.gdo)
                .select("D27600000102", "9000")
                .status(&image),
        };
        let refused = begin().exchange(EF_PD, "", LONGEST, &[], "6700");
        check(&refused.pd(&image, Form::Short).vd(&image, Form::Short), ExtendedLength::No);
        for failure in [r#""malformed""#, r#"{"transport":2148532246}"#] {
            let first = begin().failure(EF_PD, LONGEST, failure);
            check(&first.pd(&image, Form::Short).vd(&image, Form::Short), ExtendedLength::No);
            let second = begin().pd(&image, Form::Extended).failure("00B08200", LONGEST, failure);
            check(&second.vd(&image, Form::Short), ExtendedLength::No);
        }
    }
}

#[test]
fn a_failure_that_the_short_form_has_too_is_the_readings_failure() {
    let image = Image::amsel();
    let transport = r#"{"transport":2148532246}"#;
    let conversation = Conversation::new(Form::Extended)
        .opening(&image)
        .status(&image)
        .failure(EF_PD, LONGEST, transport)
        .failure(EF_PD, 256, transport);
    let failed = Err(EgkError::Channel(ChannelError::Transport(0x8010_0016)));
    assert_eq!(run(&conversation), (failed, ExtendedLength::No));
}

#[test]
fn where_it_is_known_not_to_work_nobody_tries() {
    check(&Conversation::reading(&Image::amsel(), Form::Short), ExtendedLength::No);
}
