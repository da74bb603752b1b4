//! A reader made of paper: none with a real pad was at hand.

use std::cell::RefCell;

use smartcard::{CommandApdu, StatusWord};

use super::{structure::Timers, *};

/// Verify, modify, properties, TLV properties, with the control codes that libccid gives them.
const FEATURES: &str = "0604423300060704423300070A044233000A120442330012";
const VERIFY: DWORD = 0x4233_0006;
const PROPERTIES: DWORD = 0x4233_000A;
/// Two lines of 16 characters, each way to end an entry, one time for all (ACS APG8201-B2 reference manual, 9.3.4).
const DISPLAY: &str = "10020700";
const NO_DISPLAY: &str = "00000700";

/// Answers control codes and remembers what it was told.
struct Paper {
    answers: Vec<(DWORD, Result<Vec<u8>, Error>)>,
    told: RefCell<Vec<(DWORD, String)>>,
}

impl Control for Paper {
    fn control(&self, code: DWORD, data: &[u8], room: &mut [u8]) -> Result<usize, Error> {
        self.told.borrow_mut().push((code, hex::encode_upper(data)));
        let answer = self.answers.iter().find(|(known, _)| *known == code).map(|(_, answer)| answer.clone());
        let answer = answer.unwrap_or(Err(Error::UnsupportedFeature))?;
        room.get_mut(..answer.len()).ok_or(Error::InsufficientBuffer)?.copy_from_slice(&answer);
        Ok(answer.len())
    }
}

/// A reader with these features (or that error for being asked), properties and answer to the entry.
fn reader(features: Result<&str, Error>, properties: &str, answer: Result<&str, Error>) -> Paper {
    let bytes = |text: &str| hex::decode(text).unwrap();
    let answers = vec![
        (pcsc::ctl_code(GET_FEATURE_REQUEST), features.map(bytes)),
        (PROPERTIES, Ok(bytes(properties))),
        (VERIFY, answer.map(bytes)),
    ];
    Paper { answers, told: RefCell::default() }
}

impl Paper {
    fn verify(&self, entry: &PinEntry, patience: Duration) -> Result<StatusWord, Refusal> {
        verify(self, Interface::Contact, entry, patience).map(|response| response.status)
    }

    /// What it was told to have typed.
    fn entries(&self) -> Vec<String> {
        self.told.borrow().iter().filter(|(code, _)| *code == VERIFY).map(|(_, data)| data.clone()).collect()
    }
}

fn template(p2: u8, block: &str) -> CommandApdu {
    CommandApdu::new(0x00, 0x20, 0x00, p2).with_data(&hex::decode(block).unwrap()).unwrap()
}

fn entry(p2: u8, digits_min: u8, digits_max: u8) -> PinEntry {
    PinEntry { template: template(p2, "20FFFFFFFFFFFFFF"), digits_min, digits_max }
}

#[test]
fn the_bytes_are_those_of_the_reader_makers_own_program() {
    // REINER SCT's test program, as logged by a user of OpenSC with a cyberJack: PIN 80 of 4 to 8 digits. Its first two
    // bytes are 00 00, the reader's own times.
    let made = pin_verify_structure(&entry(0x80, 4, 8), Timers { first_key: 60, typing: 30 }, false);
    let known = "894704 0804 02 00 0000 00 000000 0D000000 00200080 08 20FFFFFFFFFFFFFF".replace(' ', "");
    assert_eq!(hex::encode_upper(&made.unwrap()[2..]), known);
}

#[test]
fn the_health_cards_pin_is_asked_for_with_its_length_and_times() {
    let reader = reader(Ok(FEATURES), DISPLAY, Ok("9000"));
    assert_eq!(reader.verify(&entry(0x02, 6, 8), PIN_ENTRY_MAX), Ok(StatusWord(0x9000)));
    // bTimerOut 60 s, bTimerOut2 30 s; 0608 in little endian; validation key; default message; 13 bytes of command.
    let expected =
        "3C1E 894704 0806 02 FF 0000 00 000000 0D000000 00200002 08 20FFFFFFFFFFFFFF".replace(' ', "");
    assert_eq!(reader.entries(), [expected]);
}

#[test]
fn a_reader_without_a_display_is_told_to_show_nothing() {
    for properties in [NO_DISPLAY, "00"] {
        let reader = reader(Ok(FEATURES), properties, Ok("9000"));
        reader.verify(&entry(0x02, 6, 8), PIN_ENTRY_MAX).unwrap();
        assert_eq!(&reader.entries()[0][14..18], "0200", "{properties}");
    }
}

#[test]
fn what_the_card_or_the_pad_answers_is_the_answer() {
    // The last four are the pad's: out of time, cancelled, wrong number of digits, not taken (Part 10, 2.5.2).
    for status in ["9000", "63C2", "6983", "6400", "6401", "6403", "6B80"] {
        let answer = reader(Ok(FEATURES), DISPLAY, Ok(status)).verify(&entry(0x02, 6, 8), PIN_ENTRY_MAX);
        assert_eq!(answer, Ok(StatusWord(u16::from_str_radix(status, 16).unwrap())));
    }
}

#[test]
fn an_answer_that_is_no_status_word_is_malformed() {
    for answer in ["90", "019000", "01029000", "0102039000"] {
        let outcome = reader(Ok(FEATURES), DISPLAY, Ok(answer)).verify(&entry(0x02, 6, 8), PIN_ENTRY_MAX);
        let too_long = answer.len() > 2 * ANSWER_BYTES_MAX;
        let expected =
            if too_long { Refusal::NoAnswer(Error::InsufficientBuffer) } else { Refusal::Malformed };
        assert_eq!(outcome, Err(expected), "{answer}");
    }
}

#[test]
fn a_reader_without_a_pad_is_not_asked_further() {
    for features in [
        Ok(""),
        Ok("120442330012"),
        Ok("0A044233000A"),
        // Cut, a code of three bytes, and a feature before it that claims more bytes than there are.
        Ok("06044233"),
        Ok("0603423300"),
        Ok("12FF42330012060442330006"),
        Err(Error::UnsupportedFeature),
        Err(Error::NotTransacted),
        Err(Error::InvalidParameter),
        Err(Error::InsufficientBuffer),
    ] {
        let reader = reader(features, DISPLAY, Ok("9000"));
        assert_eq!(reader.verify(&entry(0x02, 6, 8), PIN_ENTRY_MAX), Err(Refusal::NoPinPad), "{features:?}");
        assert_eq!(reader.told.borrow().len(), 1);
    }
}

#[test]
fn features_of_other_lengths_are_stepped_over() {
    let reader = reader(Ok("13000C0342330006044233000600"), DISPLAY, Ok("9000"));
    assert_eq!(reader.verify(&entry(0x02, 6, 8), PIN_ENTRY_MAX), Ok(StatusWord(0x9000)));
}

#[test]
fn a_pad_that_cannot_end_a_short_pin_is_not_used() {
    // The entry would end with the eighth digit alone, and a PIN has six.
    let reader = reader(Ok(FEATURES), "10020500", Ok("9000"));
    assert_eq!(reader.verify(&entry(0x02, 6, 8), PIN_ENTRY_MAX), Err(Refusal::NoPinPad));
    assert_eq!(reader.entries(), [""; 0]);
}

#[test]
fn a_card_or_service_that_is_gone_is_no_missing_pad() {
    for error in [Error::RemovedCard, Error::ReaderUnavailable, Error::NoService] {
        let answer = reader(Err(error), "", Ok("9000")).verify(&entry(0x02, 6, 8), PIN_ENTRY_MAX);
        assert_eq!(answer, Err(Refusal::NoAnswer(error)));
        let answer = reader(Ok(FEATURES), DISPLAY, Err(error)).verify(&entry(0x02, 6, 8), PIN_ENTRY_MAX);
        assert_eq!(answer, Err(Refusal::NoAnswer(error)));
    }
    let pulled = reader(Ok(FEATURES), DISPLAY, Ok("")).verify(&entry(0x02, 6, 8), PIN_ENTRY_MAX);
    assert_eq!(pulled, Err(Refusal::NoAnswer(Error::NotTransacted)));
}

#[test]
fn the_pad_waits_no_longer_than_the_job_may() {
    for (seconds, first_key, typing) in [(3, 2, 1), (20, 14, 6), (90, 60, 30), (100_000, 60, 30)] {
        let timers = Timers::within(Duration::from_secs(seconds));
        assert_eq!(timers, Some(Timers { first_key, typing }), "{seconds} s");
    }
    let reader = reader(Ok(FEATURES), DISPLAY, Ok("9000"));
    assert_eq!(reader.verify(&entry(0x02, 6, 8), Duration::from_millis(2_999)), Err(Refusal::TooLate));
    assert_eq!(reader.entries(), [""; 0]);
}

#[test]
fn an_entry_that_is_no_empty_format_2_block_never_reaches_the_reader() {
    let with = |template| PinEntry { template, digits_min: 6, digits_max: 8 };
    for wrong in [
        entry(0x02, 0, 8),
        entry(0x02, 6, 13),
        entry(0x02, 8, 6),
        with(template(0x02, "")),
        with(template(0x02, "26123456FFFFFFFF")),
        with(template(0x02, "FFFFFFFFFFFFFFFF")),
        with(template(0x02, "20FFFFFFFFFFFFFFFF")),
        with(template(0x02, "20FFFFFFFFFFFFFF").with_ne(256)),
    ] {
        let reader = reader(Ok(FEATURES), DISPLAY, Ok("9000"));
        let refusal = reader.verify(&wrong, PIN_ENTRY_MAX);
        assert_eq!(refusal, Err(Refusal::NoAnswer(Error::InvalidParameter)), "{wrong:?}");
        assert_eq!(reader.entries(), [""; 0]);
    }
}

#[test]
fn a_contactless_cards_pin_is_never_asked_for_at_the_reader() {
    let reader = reader(Ok(FEATURES), DISPLAY, Ok("9000"));
    let answer = verify(&reader, Interface::Contactless, &entry(0x02, 6, 8), PIN_ENTRY_MAX);
    assert_eq!(answer, Err(Refusal::NoPinPad));
    assert!(reader.told.borrow().is_empty());
}
