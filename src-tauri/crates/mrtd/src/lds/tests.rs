//! Files and images, sound and hostile. The pictures in `tests/faces` are drawings of nobody; their README
//! tells how they were made.

mod files;
mod hostile;
mod images;
mod records;

use smartcard::tlv::{self, Tag};

/// A fixture of `tests/faces`.
macro_rules! face {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faces/", $name)).as_slice()
    };
}
use face;

fn object(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    tlv::write(&mut out, Tag(tag), value);
    out
}

/// Bytes of the facial information, the image information, and the header of a record (ISO/IEC 19794-5, 5.4
/// to 5.7).
const FACE_HEADER_BYTES: usize = 32;
const RECORD_HEADER_BYTES: usize = 14;

/// One face of a record with `points` feature points.
fn face_block(image: &[u8], points: u16) -> Vec<u8> {
    let feature_bytes = usize::from(points) * 8;
    let length = u32::try_from(FACE_HEADER_BYTES + feature_bytes + image.len()).unwrap();
    let mut block = length.to_be_bytes().to_vec();
    block.extend(points.to_be_bytes());
    // Nothing said about the person.
    block.extend([0; 14]);
    block.extend(vec![1; feature_bytes]);
    // Full frontal; the data type says JPEG, and the size is that of no fixture.
    block.extend([1, 0, 0, 9, 0, 9, 1, 0, 0, 0, 0, 0]);
    block.extend_from_slice(image);
    block
}

/// A record of ISO/IEC 19794-5:2005.
fn record(blocks: &[Vec<u8>]) -> Vec<u8> {
    let blocks_bytes: usize = blocks.iter().map(Vec::len).sum();
    let mut record = b"FAC\x00010\x00".to_vec();
    record.extend(u32::try_from(RECORD_HEADER_BYTES + blocks_bytes).unwrap().to_be_bytes());
    record.extend(u16::try_from(blocks.len()).unwrap().to_be_bytes());
    record.extend(blocks.concat());
    record
}

/// EF.DG2 with the biometric data block in `5F2E` or `7F2E` (Doc 9303-10, 4.7.2).
fn dg2_of(block_tag: u32, block: &[u8]) -> Vec<u8> {
    let header = [
        object(0x80, &[0x01, 0x01]),
        object(0x81, &[0x02]),
        object(0x87, &[0x01, 0x01]),
        object(0x88, &[0x00, 0x08]),
    ];
    let information = [object(0xA1, &header.concat()), object(block_tag, block)].concat();
    let group = [object(0x02, &[1]), object(0x7F60, &information)].concat();
    object(0x75, &object(0x7F61, &group))
}

fn dg2(image: &[u8]) -> Vec<u8> {
    dg2_of(0x5F2E, &record(&[face_block(image, 0)]))
}
