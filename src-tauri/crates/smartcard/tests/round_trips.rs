//! What is written is read back the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use proptest::collection::vec;
use proptest::prelude::*;
use smartcard::tlv::{self, Reader, Tag};
use smartcard::{CommandApdu, LengthForm, NE_MAX, ResponseApdu, StatusWord};

fn lengths() -> impl Strategy<Value = usize> {
    prop_oneof![Just(0), 1..=300_usize, Just(65_535)]
}

fn expected_lengths() -> impl Strategy<Value = usize> {
    prop_oneof![Just(0), 1..=300_usize, Just(NE_MAX)]
}

fn tags() -> impl Strategy<Value = Tag> {
    prop_oneof![
        (1..=0xFE_u32).prop_filter("one byte", |tag| tag & 0x1F != 0x1F),
        (0x1F..=0x7F_u32).prop_map(|number| 0x7F00 | number),
        (0x81..=0xFF_u32, 0..=0x7F_u32).prop_map(|(high, low)| 0xBF_0000 | high << 8 | low),
    ]
    .prop_map(Tag)
}

proptest! {
    #[test]
    fn a_command_survives_coding_in_either_form(
        header: [u8; 4], length in lengths(), ne in expected_lengths(), extended: bool,
    ) {
        let [cla, ins, p1, p2] = header;
        let command = CommandApdu::new(cla, ins, p1, p2).with_data(&vec![0xA5; length]).unwrap().with_ne(ne);
        let form = if extended { LengthForm::Extended } else { LengthForm::Short };
        prop_assert_eq!(CommandApdu::decode(&command.encode(form)).unwrap(), command);
    }

    #[test]
    fn a_response_survives_coding(data in vec(any::<u8>(), 0..300), status: u16) {
        let response = ResponseApdu::new(&data, StatusWord(status));
        prop_assert_eq!(ResponseApdu::decode(&response.encode()).unwrap(), response);
    }

    #[test]
    fn any_bytes_decode_to_a_command_that_encodes_to_them_or_to_an_error(bytes in vec(any::<u8>(), 0..40)) {
        if let Ok(command) = CommandApdu::decode(&bytes) {
            let (short, extended) = (command.encode(LengthForm::Short), command.encode(LengthForm::Extended));
            prop_assert!(*short == bytes || *extended == bytes);
        }
    }

    #[test]
    fn data_objects_survive_coding(objects in vec((tags(), 0..70_000_usize), 0..6)) {
        let mut bytes = Vec::new();
        for (tag, length) in &objects {
            tlv::write(&mut bytes, *tag, &vec![0x5A; *length]);
        }
        let read: Vec<_> = Reader::new(&bytes)
            .map(|object| object.map(|object| (object.tag(), object.value().len())))
            .collect::<Result<_, _>>()
            .unwrap();
        prop_assert_eq!(read, objects);
    }

    #[test]
    fn every_object_lies_in_the_input_one_after_another(bytes in vec(any::<u8>(), 0..200)) {
        let mut position = 0;
        for object in Reader::new(&bytes).map_while(Result::ok) {
            let start = object.encoded().as_ptr() as usize - bytes.as_ptr() as usize;
            prop_assert!(start >= position && bytes[position..start].iter().all(|byte| *byte == 0));
            position = start + object.encoded().len();
            prop_assert!(position <= bytes.len() && object.encoded().ends_with(object.value()));
        }
    }
}
