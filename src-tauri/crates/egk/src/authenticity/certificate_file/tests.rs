use super::*;
use crate::test_card::{TestCard, data, read_binary, status};

/// A data object of this whole length, with a length field of two bytes.
fn object(length: usize) -> Vec<u8> {
    let [high, low] = u16::try_from(length - 4).unwrap().to_be_bytes();
    let mut bytes = vec![0xAA; length];
    bytes[..4].copy_from_slice(&[0x30, 0x82, high, low]);
    bytes
}

fn read(file: CertificateFile, contents: &[u8]) -> (CertificateRead, Vec<String>) {
    let mut card = TestCard::new(|command| Ok(read_binary(command, contents)));
    (file.read(&mut card).unwrap(), card.commands)
}

fn check(contents: &[u8], expected: CertificateRead) {
    assert_eq!(read(CertificateFile::Cardholder, contents).0, expected);
}

#[test]
fn a_certificate_of_878_bytes_takes_four_short_commands_and_one_long_one() {
    let file = object(878);
    let (contents, commands) = read(CertificateFile::Cardholder, &file);
    assert_eq!(contents, CertificateRead::Read(file.clone()));
    assert_eq!(commands, ["00B0840000", "00B0010000", "00B0020000", "00B003006E"]);

    let mut card = TestCard::new(|command| Ok(read_binary(command, &file)));
    card.extended = true;
    assert_eq!(CertificateFile::Cardholder.read(&mut card), Ok(CertificateRead::Read(file.clone())));
    assert_eq!(card.commands, ["00B08400000000"]);
}

#[test]
fn what_the_file_holds_behind_the_certificate_is_dropped() {
    let file = object(300);
    for filler in [0x00, 0xFF] {
        check(&[&file[..], &[filler; 400]].concat(), CertificateRead::Read(file.clone()));
    }
}

#[test]
fn every_file_is_asked_for_by_its_own_short_identifier() {
    let chip = [&[0x7F, 0x21, 0x81, 0x80][..], &[0; 0x80]].concat();
    for (file, command) in [(CertificateFile::Authority, "00B0870000"), (CertificateFile::Chip, "00B0860000")]
    {
        assert_eq!(read(file, &chip), (CertificateRead::Read(chip.clone()), vec![command.to_owned()]));
    }
    assert_eq!(read(CertificateFile::CardholderRsa, &object(200)).1, ["00B0810000"]);
}

#[test]
fn an_empty_or_blank_file_holds_no_certificate() {
    check(&[], CertificateRead::Absent);
    check(&[0; 1_900], CertificateRead::Absent);
}

#[test]
fn a_file_that_ends_too_early_or_holds_something_else_is_malformed() {
    check(&object(600)[..599], CertificateRead::Malformed);
    check(&object(512)[..256], CertificateRead::Malformed);
    check(&object(1_901), CertificateRead::Malformed);
    check(&[0x04, 0x01, 0x00], CertificateRead::Malformed);
    check(&[0x30, 0x83, 0x00, 0x00, 0x01, 0x00], CertificateRead::Malformed);
    check(&[0x30], CertificateRead::Malformed);
    assert_eq!(read(CertificateFile::Chip, &object(223)).0, CertificateRead::Malformed);
}

#[test]
fn a_card_that_gives_single_bytes_is_left() {
    let mut card = TestCard::new(|command| {
        Ok(if command.p1() == 0x84 { data(&object(900)[..4]) } else { data(&[0xAA]) })
    });
    assert_eq!(CertificateFile::Cardholder.read(&mut card), Ok(CertificateRead::Malformed));
    assert_eq!(card.commands.len(), READS_MAX);
}

#[test]
fn refusals_are_told_apart_from_a_file_that_is_not_there() {
    for (word, expected) in [
        (StatusWord::NOT_FOUND, CertificateRead::Absent),
        (
            StatusWord::SECURITY_STATUS_NOT_SATISFIED,
            CertificateRead::Refused(StatusWord::SECURITY_STATUS_NOT_SATISFIED),
        ),
        (StatusWord::DATA_CORRUPTED, CertificateRead::Refused(StatusWord::DATA_CORRUPTED)),
    ] {
        let mut card = TestCard::new(|_| Ok(status(word)));
        assert_eq!(CertificateFile::Chip.read(&mut card), Ok(expected));
    }
    let mut card = TestCard::new(|_| Err(ChannelError::CardRemoved));
    assert_eq!(CertificateFile::Chip.read(&mut card), Err(ChannelError::CardRemoved));
}
