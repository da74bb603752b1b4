//! The files of a health card.

use super::xml::{AACHEN, AMSEL, Bird, STATUTORY, insurance_data, personal_data};
use flate2::{Compression, GzBuilder};
use std::io::Write;

/// The files that are read, as far as the card holds them.
#[derive(Clone)]
pub(crate) struct Image {
    pub(crate) version2: Vec<u8>,
    pub(crate) gdo: Vec<u8>,
    pub(crate) status_vd: Vec<u8>,
    pub(crate) pd: Vec<u8>,
    pub(crate) vd: Vec<u8>,
}

impl Image {
    /// A G2.1 card. EF.Version2, EF.GDO and EF.StatusVD are those of gematik's published card image.
    pub(crate) fn of(bird: &Bird) -> Self {
        let version2 =
            "EF2BC003020000C103040502C210545359534954434F5345433230020400C403010000C503020000C703010000";
        Self {
            version2: hex(version2),
            gdo: hex("5A0A80276883110000152715"),
            status_vd: hex("3032303233303932303133313435340050020000 0030000004"),
            pd: pd_file(&gzip(&personal_data(bird), 0)),
            vd: vd_file(&gzip(&insurance_data("", AACHEN, STATUTORY), 0), Some(&protected_data())),
        }
    }

    pub(crate) fn amsel() -> Self {
        Self::of(&AMSEL)
    }
}

/// EF.PD: two bytes length and the stream.
pub(crate) fn pd_file(stream: &[u8]) -> Vec<u8> {
    [&two_bytes(stream.len())[..], stream].concat()
}

/// EF.VD: first and last byte of the insurance data and of the copy of the protected data, then both.
pub(crate) fn vd_file(stream: &[u8], protected: Option<&[u8]>) -> Vec<u8> {
    let second = 8 + stream.len();
    let mut file = [two_bytes(8), two_bytes(second - 1)].concat();
    match protected {
        Some(copy) => file.extend([two_bytes(second), two_bytes(second + copy.len() - 1)].concat()),
        None => file.extend([0xFF; 4]),
    }
    file.extend(stream);
    file.extend(protected.unwrap_or_default());
    file
}

/// What nobody may see: no gzip stream even, so that looking at it would fail.
fn protected_data() -> Vec<u8> {
    b"protected data".repeat(16)
}

/// A gzip stream of this document in ISO-8859-15, with `padding` bytes in its optional header field.
pub(crate) fn gzip(xml: &str, padding: usize) -> Vec<u8> {
    let declared = format!(r#"<?xml version="1.0" encoding="ISO-8859-15"?>{xml}"#);
    let (bytes, _, unmappable) = encoding_rs::Encoding::for_label(b"iso-8859-15").unwrap().encode(&declared);
    assert!(!unmappable);
    gzip_bytes(&bytes, padding)
}

pub(crate) fn gzip_bytes(bytes: &[u8], padding: usize) -> Vec<u8> {
    let builder = if padding == 0 { GzBuilder::new() } else { GzBuilder::new().extra(vec![0; padding]) };
    let mut encoder = builder.write(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A gzip stream of this document that has exactly `length` bytes.
pub(crate) fn gzip_of_length(xml: &str, length: usize) -> Vec<u8> {
    const EXTRA_LENGTH_BYTES: usize = 2;
    let stream = gzip(xml, length - gzip(xml, 0).len() - EXTRA_LENGTH_BYTES);
    assert_eq!(stream.len(), length);
    stream
}

fn two_bytes(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap().to_be_bytes()
}

fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(|byte| *byte != b' ').collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}
