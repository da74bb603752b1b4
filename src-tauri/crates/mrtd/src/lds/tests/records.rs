//! Face records of both standards, and the file round them.

use super::super::{FaceEncoding, FaceRecord, LdsError};
use super::{dg2, dg2_of, face, face_block, object, record};
use smartcard::tlv::Tag;

fn image_of(file: &[u8]) -> Vec<u8> {
    FaceRecord::parse(file).unwrap().image().to_vec()
}

#[test]
fn the_image_is_found_in_a_primitive_and_in_a_constructed_data_block() {
    let block = record(&[face_block(face!("420.jpg"), 0)]);
    for tag in [0x5F2E, 0x7F2E] {
        assert_eq!(image_of(&dg2_of(tag, &block)), face!("420.jpg"));
    }
}

#[test]
fn feature_points_are_skipped() {
    for points in [1, 84, 256] {
        let file = dg2_of(0x5F2E, &record(&[face_block(face!("grey.jp2"), points)]));
        assert_eq!(image_of(&file), face!("grey.jp2"));
    }
}

#[test]
fn of_several_faces_the_first_is_taken() {
    let faces =
        [face!("lossless.j2k"), face!("420.jpg"), face!("grey.jpg")].map(|image| face_block(image, 1));
    assert_eq!(image_of(&dg2_of(0x5F2E, &record(&faces))), face!("lossless.j2k"));
    // And of several templates in the file.
    let template = |image| {
        let block = object(0x5F2E, &record(&[face_block(image, 0)]));
        object(0x7F60, &[object(0xA1, &[]), block].concat())
    };
    let group = [object(0x02, &[2]), template(face!("grey.jpg")), template(face!("420.jpg"))].concat();
    assert_eq!(image_of(&object(0x75, &object(0x7F61, &group))), face!("grey.jpg"));
}

// New Zealand's passports say 8 bytes too few, those of the United Kingdom 1.
#[test]
fn a_record_may_be_up_to_eight_bytes_longer_than_it_says() {
    for forgotten in [1, 8] {
        let mut block = record(&[face_block(face!("420.jpg"), 0)]);
        let length = u32::try_from(block.len() - forgotten).unwrap();
        block[8..12].copy_from_slice(&length.to_be_bytes());
        assert_eq!(image_of(&dg2_of(0x5F2E, &block)), face!("420.jpg"));
    }
}

#[test]
fn form_and_size_are_those_of_the_image_whatever_the_record_says() {
    // The record says JPEG, and 9 by 9.
    let face = FaceRecord::parse(&dg2(face!("lossless.j2k"))).unwrap();
    assert_eq!(format!("{face:?}"), "FaceRecord(Iso19794, Jpeg2000Codestream, 51 x 66)");
}

/// A record of ISO/IEC 39794-5 with what its profile demands, and something optional at each level.
fn iso39794(image: &[u8]) -> Vec<u8> {
    let version = object(0xA0, &[object(0x80, &[3]), object(0x81, &[0x07, 0xE3])].concat());
    let information = object(0xA1, &object(0xA0, &object(0x80, &[3])));
    let picture = object(0xA0, &[object(0x80, image), information].concat());
    let person = object(0xA8, &object(0xA6, &object(0xA0, &object(0x80, &[0]))));
    let representation = [object(0x80, &[0]), object(0xA1, &object(0xA0, &picture)), person].concat();
    let representations = object(0xA1, &object(0x30, &representation));
    object(0x65, &[version, representations].concat())
}

#[test]
fn the_image_is_found_in_a_record_of_iso_39794() {
    let record = iso39794(face!("lossless.jp2"));
    for block in [object(0xA1, &record), record] {
        let face = FaceRecord::parse(&dg2_of(0x7F2E, &block)).unwrap();
        assert_eq!(face.encoding(), FaceEncoding::Iso39794);
        assert_eq!(face.image(), face!("lossless.jp2"));
        assert_eq!(face.decode().map(|pixels| pixels.width()), Ok(51));
    }
}

#[test]
fn a_record_of_iso_39794_without_its_picture_is_refused() {
    let whole = iso39794(face!("lossless.jp2"));
    for tag in [0x65, 0xA1, 0x30] {
        let at = whole.iter().position(|byte| *byte == tag).unwrap();
        let mut block = whole.clone();
        block[at] = 0xBE;
        assert!(FaceRecord::parse(&dg2_of(0x7F2E, &object(0xA1, &block))).is_err(), "{tag:02X}");
    }
    // The picture as an extension that nobody knows yet.
    let extension = object(0x30, &object(0xA1, &object(0xA1, &[])));
    let block = object(0xA1, &object(0x65, &object(0xA1, &extension)));
    assert_eq!(FaceRecord::parse(&dg2_of(0x7F2E, &block)).unwrap_err(), LdsError::Missing(Tag(0x80)));
}

#[test]
fn records_of_other_kinds_are_refused() {
    let mut later = record(&[face_block(face!("420.jpg"), 0)]);
    later[4..8].copy_from_slice(b"020\0");
    let finger = b"FIR\x00010\x00".to_vec();
    for block in [later, finger, face!("420.jpg").to_vec(), vec![]] {
        assert_eq!(FaceRecord::parse(&dg2_of(0x5F2E, &block)).unwrap_err(), LdsError::UnknownForm);
    }
}

fn with_header_and_count(header: &[u8], count: &[u8]) -> Vec<u8> {
    let block = object(0x5F2E, &record(&[face_block(face!("420.jpg"), 0)]));
    let information = [object(0xA1, header), block].concat();
    object(0x75, &object(0x7F61, &[object(0x02, count), object(0x7F60, &information)].concat()))
}

#[test]
fn the_header_may_be_silent_but_not_name_another_part_of_the_body() {
    assert!(FaceRecord::parse(&with_header_and_count(&[], &[1])).is_ok());
    let other = FaceRecord::parse(&with_header_and_count(&object(0x81, &[0x08]), &[1]));
    assert_eq!(other.unwrap_err(), LdsError::UnknownForm);
}

#[test]
fn one_to_nine_faces_are_in_a_file() {
    assert!(FaceRecord::parse(&with_header_and_count(&[], &[9])).is_ok());
    for count in [&[0][..], &[10], &[], &[0, 1]] {
        assert_eq!(
            FaceRecord::parse(&with_header_and_count(&[], count)).unwrap_err(),
            LdsError::Contradiction
        );
    }
}

#[test]
fn what_is_missing_is_named() {
    let error = |file: &[u8]| FaceRecord::parse(file).unwrap_err();
    assert_eq!(error(&[]), LdsError::Missing(Tag(0x7F61)));
    assert_eq!(error(&object(0x75, &[])), LdsError::Missing(Tag(0x7F61)));
    assert_eq!(error(&object(0x75, &object(0x7F61, &[]))), LdsError::Missing(Tag(0x02)));
    let none = object(0x75, &object(0x7F61, &object(0x02, &[1])));
    assert_eq!(error(&none), LdsError::Missing(Tag(0x7F60)));
    let empty = |information: &[u8]| {
        object(0x75, &object(0x7F61, &[object(0x02, &[1]), object(0x7F60, information)].concat()))
    };
    assert_eq!(error(&empty(&[])), LdsError::Missing(Tag(0xA1)));
    assert_eq!(error(&empty(&object(0xA1, &[]))), LdsError::Missing(Tag(0x7F2E)));
}
