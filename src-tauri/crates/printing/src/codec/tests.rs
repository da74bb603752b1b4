//! The codec against RFC 8010's own examples, a real printer's answer, and answers that no printer should give.

use std::time::{Duration, Instant};

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::Transport;

/// Everything that `ippeveprinter` of CUPS 2.4.2 tells about itself, `media-col-database` included.
const REAL: &[u8] = include_bytes!("get-printer-attributes.ipp");

const MEMBER: u8 = ValueTag::MemberAttrName as u8;
const BEGIN: u8 = ValueTag::BegCollection as u8;
const END: u8 = ValueTag::EndCollection as u8;

fn printer() -> Address {
    Address::new("ipps://printer.example/ipp/print", Transport::TlsRequired).unwrap()
}

/// One value with its tag and its name (RFC 8010, section 3.1.4).
fn value(tag: u8, name: &str, bytes: &[u8]) -> Vec<u8> {
    let length = |bytes: &[u8]| u16::try_from(bytes.len()).unwrap().to_be_bytes();
    [&[tag][..], &length(name.as_bytes()), name.as_bytes(), &length(bytes), bytes].concat()
}

fn answer(status: u16, request_id: i32, body: &[u8]) -> Vec<u8> {
    [&[1, 1][..], &status.to_be_bytes(), &request_id.to_be_bytes(), body, &[3]].concat()
}

fn printer_answer(attributes: &[Vec<u8>]) -> Answer {
    let body = [&[1, 4][..], &attributes.concat()].concat();
    Answer::decode(answer(0, REQUEST_ID, &body)).unwrap()
}

#[test]
fn a_print_request_is_what_rfc_8010_shows() {
    // RFC 8010, appendix A.1: Print-Job Request, with our user name and address and without `sides`.
    let request = Request::new(Operation::PrintJob, &printer())
        .unwrap()
        .job_name("foobar")
        .document_format("application/pdf")
        .unwrap()
        .copies(1)
        .encode();
    let expect = [
        &[1, 1, 0, 2, 0, 0, 0, 1, 1][..],
        &value(0x47, "attributes-charset", b"utf-8"),
        &value(0x48, "attributes-natural-language", b"en"),
        &value(0x45, "printer-uri", b"ipps://printer.example:631/ipp/print"),
        &value(0x42, "requesting-user-name", b"Identplatz"),
        &value(0x42, "job-name", b"foobar"),
        &value(0x49, "document-format", b"application/pdf"),
        &[2],
        &value(0x21, "copies", &[0, 0, 0, 1]),
        &[3],
    ]
    .concat();
    assert_eq!(request, expect);
}

#[test]
fn a_job_name_is_cut_between_characters() {
    let request = Request::new(Operation::PrintJob, &printer()).unwrap().job_name(&"ä".repeat(200)).encode();
    let expect = value(0x42, "job-name", "ä".repeat(127).as_bytes());
    assert!(request.windows(expect.len()).any(|window| window == expect));
}

#[test]
fn a_real_printers_whole_answer_is_read() {
    let answer = Answer::decode(REAL.to_vec()).unwrap().successful().unwrap();
    let printer = answer.printer();
    assert_eq!(printer.integer(IppAttributeName::PRINTER_STATE), Some(3));
    assert_eq!(printer.boolean(IppAttributeName::PRINTER_IS_ACCEPTING_JOBS), Some(true));
    assert_eq!(printer.label(IppAttributeName::PRINTER_NAME).as_deref(), Some("Workshop"));
    assert_eq!(printer.label(IppAttributeName::PRINTER_MAKE_AND_MODEL).as_deref(), Some("Example Printer"));
    let formats: Vec<_> = printer.keywords(IppAttributeName::DOCUMENT_FORMAT_SUPPORTED).collect();
    assert_eq!(formats, ["application/octet-stream", "application/pdf"]);
    let reasons: Vec<_> = printer.keywords(IppAttributeName::PRINTER_STATE_REASONS).collect();
    assert_eq!(reasons, ["none"]);
}

#[test]
fn missing_and_mistyped_attributes_are_nothing() {
    let answer = printer_answer(&[
        value(0x44, "printer-state", b"idle"),
        value(0x21, "printer-name", &[0, 0, 0, 1]),
        value(0x10, "printer-state-reasons", b""),
        value(0x22, "printer-is-accepting-jobs", &[0]),
    ]);
    let printer = answer.printer();
    assert_eq!(printer.integer(IppAttributeName::PRINTER_STATE), None);
    assert_eq!(printer.label(IppAttributeName::PRINTER_NAME), None);
    assert_eq!(printer.keywords(IppAttributeName::PRINTER_STATE_REASONS).count(), 0);
    assert_eq!(printer.boolean(IppAttributeName::PRINTER_IS_ACCEPTING_JOBS), Some(false));
    assert_eq!(answer.job().integer(IppAttributeName::JOB_ID), None);
    assert_eq!(answer.jobs().count(), 0);
}

#[test]
fn labels_lose_control_characters_and_are_cut() {
    let long = format!("\u{1b}[31mDrucker\r\n{}", "ö".repeat(100));
    let answer = printer_answer(&[value(0x42, "printer-name", long.as_bytes())]);
    let label = answer.printer().label(IppAttributeName::PRINTER_NAME).unwrap_or_default();
    assert!(label.starts_with("[31mDruckerö") && label.len() <= MAX_LABEL);
}

#[test]
fn an_endless_list_of_values_is_cut() {
    let mut values = vec![value(0x44, "printer-state-reasons", b"media-low")];
    values.extend(std::iter::repeat_n(value(0x44, "", b"media-low"), 1000));
    let answer = printer_answer(&values);
    assert_eq!(answer.printer().keywords(IppAttributeName::PRINTER_STATE_REASONS).count(), MAX_VALUES);
}

#[test]
fn statuses_that_the_desk_handles_have_errors_of_their_own() {
    // RFC 8011, appendix B.1.
    for (status, expect) in [
        (0x0000, None),
        (0x0001, None),
        (0x0408, Some(Error::DocumentTooLarge)),
        (0x040a, Some(Error::FormatUnsupported)),
        (0x0506, Some(Error::NotAccepting)),
        (0x0507, Some(Error::Busy)),
        (0x0403, Some(Error::Refused { status: 0x0403 })),
        (0x0503, Some(Error::Refused { status: 0x0503 })),
        (0xffff, Some(Error::Refused { status: 0xffff })),
    ] {
        let decoded = Answer::decode(answer(status, REQUEST_ID, &[1])).unwrap();
        assert_eq!(decoded.successful().err(), expect, "{status:#06x}");
    }
}

#[test]
fn an_answer_to_another_request_or_of_another_protocol_is_refused() {
    for bytes in [
        Vec::new(),
        b"<!DOCTYPE html><html><title>Drucker</title></html>".to_vec(),
        answer(0, REQUEST_ID + 1, &[1]),
        [&[3, 0][..], &answer(0, REQUEST_ID, &[1])[2..]].concat(),
        [&[0, 9][..], &answer(0, REQUEST_ID, &[1])[2..]].concat(),
    ] {
        assert_eq!(Answer::decode(bytes).err(), Some(Error::Protocol));
    }
}

#[test]
fn an_answer_that_ends_early_is_refused_wherever_it_ends() {
    for end in 0..REAL.len() {
        assert_eq!(Answer::decode(REAL[..end].to_vec()).err(), Some(Error::Protocol), "{end}");
    }
}

fn nested(levels: usize) -> Vec<u8> {
    let mut body = vec![1, 4];
    body.extend(value(BEGIN, "media-col-database", b""));
    for _ in 1..levels {
        body.extend(value(MEMBER, "", b"media-col"));
        body.extend(value(BEGIN, "", b""));
    }
    body.extend(value(END, "", b"").repeat(levels));
    answer(0, REQUEST_ID, &body)
}

#[test]
fn collections_may_lie_in_each_other_but_not_without_end() {
    assert!(Answer::decode(nested(MAX_COLLECTION_DEPTH)).is_ok());
    assert_eq!(Answer::decode(nested(MAX_COLLECTION_DEPTH + 1)).err(), Some(Error::Protocol));
    // The parser alone would overflow its stack on this one.
    assert_eq!(Answer::decode(nested(9_000)).err(), Some(Error::Protocol));
    let unbalanced = [&[1, 4][..], &value(END, "", b"")].concat();
    assert_eq!(Answer::decode(answer(0, REQUEST_ID, &unbalanced)).err(), Some(Error::Protocol));
}

#[test]
fn a_text_with_language_holds_what_its_lengths_say() {
    let model =
        |bytes: &[u8]| answer(0, REQUEST_ID, &[&[1, 4][..], &value(0x35, "printer-info", bytes)].concat());
    assert!(Answer::decode(model(b"\0\x02de\0\x07Drucker")).is_ok());
    // The parser alone would panic on these.
    for bytes in [&b""[..], b"\0", b"\0\x02d", b"\0\x02de", b"\0\x02de\0\x08Drucker"] {
        assert_eq!(Answer::decode(model(bytes)).err(), Some(Error::Protocol), "{bytes:?}");
    }
}

#[test]
fn more_tags_than_any_printer_sends_are_too_large() {
    let groups = vec![4; MAX_TAGS + 1];
    assert_eq!(Answer::decode(answer(0, REQUEST_ID, &groups)).err(), Some(Error::TooLarge));
}

/// Reads everything that the desk ever reads.
fn read_all(answer: &Answer) {
    for group in answer.jobs().chain([answer.printer(), answer.job()]) {
        for name in
            [IppAttributeName::PRINTER_STATE, IppAttributeName::JOB_ID, IppAttributeName::PRINTER_NAME]
        {
            let label = group.label(name).unwrap_or_default();
            assert!(label.len() <= MAX_LABEL && !label.contains(char::is_control));
            assert!(group.keywords(name).count() <= MAX_VALUES);
            assert!(group.integer(name).is_none() || group.boolean(name).is_none());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_bytes_change_in_a_real_answer_it_is_read_or_refused_in_time(
        changes in vec((0..REAL.len(), any::<u8>()), 1..12),
        (from, length) in (0..REAL.len(), 0..64_usize),
    ) {
        let mut bytes = REAL.to_vec();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        let piece: Vec<u8> = bytes.iter().skip(from).take(length).copied().collect();
        bytes.splice(from..from, piece);
        let begin = Instant::now();
        if let Ok(answer) = Answer::decode(bytes) {
            read_all(&answer);
        }
        prop_assert!(begin.elapsed() < Duration::from_secs(1));
    }

    #[test]
    fn any_sequence_of_tags_is_read_or_refused(
        tags in vec((prop::sample::select(&[1, 2, 4, 0x10, 0x13, 0x21, 0x22, 0x23, 0x31, 0x32, 0x33, BEGIN, 0x35, 0x36,
            END, 0x41, 0x42, 0x44, 0x45, 0x49, MEMBER, 0x7f][..]),
            prop::sample::select(&["", "printer-name", "job-id"][..]), vec(any::<u8>(), 0..12)), 0..60),
    ) {
        let mut body = vec![1];
        for (tag, name, bytes) in tags {
            if tag < 0x10 { body.push(tag) } else { body.extend(value(tag, name, &bytes)) }
        }
        if let Ok(answer) = Answer::decode(answer(0, REQUEST_ID, &body)) {
            read_all(&answer);
        }
    }
}
