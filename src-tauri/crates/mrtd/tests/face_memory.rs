//! What the most demanding images take of memory. One test: the allocator is counted for the whole process.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use mrtd::lds::FaceRecord;
use peak_alloc::PeakAlloc;
use smartcard::tlv::{self, Tag};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Most bytes that reading and decoding any face may take: 79 MiB were seen.
const MEMORY_MAX: usize = 96 * 1024 * 1024;
/// Most bytes that refusing one may take.
const REFUSING_MAX: usize = 1024 * 1024;

const WIDTH: u32 = 2048;
const HEIGHT: u32 = 1024;

fn object(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    tlv::write(&mut out, Tag(tag), value);
    out
}

/// EF.DG2 with one face of ISO/IEC 19794-5:2005.
fn dg2(image: &[u8]) -> Vec<u8> {
    let length = u32::try_from(image.len()).unwrap();
    let mut record = b"FAC\x00010\x00".to_vec();
    record.extend((length + 46).to_be_bytes());
    record.extend([0, 1]);
    record.extend((length + 32).to_be_bytes());
    record.extend([0; 28]);
    record.extend_from_slice(image);
    let information = [object(0xA1, &[]), object(0x5F2E, &record)].concat();
    object(0x75, &object(0x7F61, &[object(0x02, &[1]), object(0x7F60, &information)].concat()))
}

/// A codestream of the largest image: `tile` is the side of its tiles, `style` what follows the number of layers in COD.
fn codestream(tile: u32, layers: u8, style: &[u8], data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0xFF, 0x4F, 0xFF, 0x51, 0, 47, 0, 0];
    stream.extend([WIDTH, HEIGHT, 0, 0, tile, tile, 0, 0].iter().flat_map(|number| number.to_be_bytes()));
    stream.extend([0, 3, 7, 1, 1, 7, 1, 1, 7, 1, 1]);
    stream.extend([0xFF, 0x52, 0, u8::try_from(style.len() + 6).unwrap(), 1, 0, 0, layers]);
    stream.extend_from_slice(style);
    // Exponents for five levels.
    stream.extend([0xFF, 0x5C, 0, 19, 0xE0]);
    stream.extend([0xD0; 16]);
    stream.extend([0xFF, 0x90, 0, 10, 0, 0]);
    stream.extend(u32::try_from(data.len() + 14).unwrap().to_be_bytes());
    stream.extend([0, 1, 0xFF, 0x93]);
    stream.extend_from_slice(data);
    stream
}

/// What is taken at most while the face in `file` is read and decoded, and whether it was.
fn peak(file: &[u8]) -> (usize, bool) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let decoded = FaceRecord::parse(file).is_ok_and(|face| face.decode().is_ok());
    (MEMORY.peak_usage() - before, decoded)
}

#[test]
fn no_face_takes_more_memory_than_its_limits_explain() {
    // No transformation of components, levels, code-block of 2^(n + 2), modes, 5/3 wavelet, precincts.
    const BLOCKS_OF_8: &[u8] = &[0, 0, 1, 1, 0, 1, 0xFF];
    const BLOCKS_OF_16_IN_FIVE_LEVELS: &[u8] = &[0, 5, 2, 2, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    for image in [
        codestream(WIDTH, 1, BLOCKS_OF_8, &[0x80; 6_000]),
        codestream(WIDTH, 12, BLOCKS_OF_16_IN_FIVE_LEVELS, &[0x80; 6_000]),
        codestream(128, 32, BLOCKS_OF_16_IN_FIVE_LEVELS, &[0xC3; 200_000]),
    ] {
        let (bytes, decoded) = peak(&dg2(&image));
        assert!(decoded && bytes < MEMORY_MAX, "{bytes} bytes, decoded: {decoded}");
    }

    const BLOCKS_OF_4: &[u8] = &[0, 0, 0, 0, 0, 1, 0xFF];
    const PRECINCTS_OF_ONE_SAMPLE: &[u8] = &[0, 0, 0, 0, 0, 1, 0x00];
    for image in [
        codestream(1, 1, BLOCKS_OF_8, &[0x80; 6_000]),
        codestream(WIDTH, 32, BLOCKS_OF_4, &[0x80; 6_000]),
        codestream(WIDTH, 1, PRECINCTS_OF_ONE_SAMPLE, &[0x80; 6_000]),
    ] {
        let (bytes, decoded) = peak(&dg2(&image));
        assert!(!decoded && bytes < REFUSING_MAX, "{bytes} bytes, decoded: {decoded}");
    }
}
