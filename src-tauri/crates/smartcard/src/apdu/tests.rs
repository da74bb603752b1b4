use super::*;

fn check(command: &CommandApdu, form: LengthForm, expected: &str) {
    assert_eq!(hex::encode_upper(command.encode(form)), expected.replace(' ', ""));
}

fn case(nc: usize, ne: usize) -> CommandApdu {
    CommandApdu::new(0x00, 0x88, 0x01, 0x02).with_data(&vec![0xDD; nc]).unwrap().with_ne(ne)
}

// ISO/IEC 7816-4, command-response pairs: cases 1 to 4, and the coding of Lc and Le.
#[test]
fn the_four_cases_are_coded_in_the_short_form() {
    check(&case(0, 0), LengthForm::Short, "00880102");
    check(&case(0, 1), LengthForm::Short, "00880102 01");
    check(&case(0, 256), LengthForm::Short, "00880102 00");
    check(&case(2, 0), LengthForm::Short, "00880102 02 DDDD");
    check(&case(2, 256), LengthForm::Short, "00880102 02 DDDD 00");
}

// The same table, extended: Le after Lc has two bytes, alone it has three.
#[test]
fn the_four_cases_are_coded_in_the_extended_form() {
    check(&case(0, 0), LengthForm::Extended, "00880102");
    check(&case(0, 1), LengthForm::Extended, "00880102 000001");
    check(&case(0, 65_536), LengthForm::Extended, "00880102 000000");
    check(&case(2, 0), LengthForm::Extended, "00880102 000002 DDDD");
    check(&case(2, 256), LengthForm::Extended, "00880102 000002 DDDD 0100");
    check(&case(2, 65_536), LengthForm::Extended, "00880102 000002 DDDD 0000");
}

#[test]
fn a_command_too_long_for_the_short_form_is_coded_extended() {
    check(&case(0, 257), LengthForm::Short, "00880102 000101");
    assert_eq!(case(256, 0).encode(LengthForm::Short)[..7], [0x00, 0x88, 0x01, 0x02, 0x00, 0x01, 0x00]);
}

// ICAO Doc 9303-11 (8th edition), appendix D.4: selecting EF.COM and reading its first four bytes,
// unprotected.
#[test]
fn a_file_is_selected_and_read_as_in_the_example_of_doc_9303() {
    check(&CommandApdu::select_file(0x011E), LengthForm::Short, "00A4020C 02 011E");
    check(&CommandApdu::read_binary(0, 4).unwrap(), LengthForm::Short, "00B00000 04");
    check(&CommandApdu::read_binary(4, 18).unwrap(), LengthForm::Short, "00B00004 12");
}

// ICAO Doc 9303-10 (8th edition): identifier of the eMRTD application, short identifier of EF.COM.
#[test]
fn an_application_is_selected_by_name_and_a_file_read_by_its_short_identifier() {
    let emrtd = CommandApdu::select_application(&[0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01]);
    check(&emrtd, LengthForm::Short, "00A4040C 07 A0000002471001");
    check(&CommandApdu::read_binary_sfi(Sfi::new(0x1E), 0, 256), LengthForm::Short, "00B09E00 00");
}

#[test]
fn an_offset_beyond_fifteen_bits_is_refused() {
    assert_eq!(CommandApdu::read_binary(OFFSET_MAX + 1, 1), Err(ApduError::OffsetTooHigh));
    assert_eq!(CommandApdu::read_binary(OFFSET_MAX, 1).unwrap().header(), [0x00, 0xB0, 0x7F, 0xFF]);
}

#[test]
fn lengths_that_fit_no_case_are_refused() {
    for (bytes, error) in [
        ("008801", ApduError::TooShort),
        ("00880102 0000", ApduError::WrongLength),
        ("00880102 03 DDDD", ApduError::WrongLength),
        ("00880102 01 DD 00 00", ApduError::WrongLength),
        ("00880102 000000 DD", ApduError::WrongLength),
        ("00880102 000002 DDDD 00", ApduError::WrongLength),
        ("00880102 000003 DDDD", ApduError::WrongLength),
    ] {
        let bytes = hex::decode(bytes.replace(' ', "")).unwrap();
        assert_eq!(CommandApdu::decode(&bytes), Err(error), "{bytes:02X?}");
    }
}

#[test]
fn the_data_field_has_a_limit() {
    let command = CommandApdu::new(0, 0, 0, 0);
    assert_eq!(command.clone().with_data(&vec![0; NC_MAX + 1]), Err(ApduError::TooLong));
    assert!(command.with_data(&vec![0; NC_MAX]).is_ok());
}

#[test]
fn a_response_has_two_status_bytes_at_least_and_65538_bytes_at_most() {
    assert_eq!(ResponseApdu::decode(&[0x90]), Err(ApduError::TooShort));
    assert_eq!(ResponseApdu::decode(&vec![0x90; RESPONSE_BYTES_MAX + 1]), Err(ApduError::TooLong));
    assert_eq!(ResponseApdu::decode(&vec![0x90; RESPONSE_BYTES_MAX]).unwrap().data.len(), NE_MAX);
    assert_eq!(ResponseApdu::decode(&[0x6A, 0x82]).unwrap().status, StatusWord::NOT_FOUND);
}

#[test]
fn debug_output_tells_no_data() {
    let pin = CommandApdu::new(0x00, 0x20, 0x00, 0x02).with_data(&[0x26, 0x12, 0x34, 0x56]).unwrap();
    assert_eq!(format!("{pin:?}"), "CommandApdu(00 20 00 02, Secret)");
    let answer = ResponseApdu::new(b"Amsel", StatusWord::OK);
    assert_eq!(format!("{answer:?}"), "ResponseApdu(5 bytes, 9000)");
}
