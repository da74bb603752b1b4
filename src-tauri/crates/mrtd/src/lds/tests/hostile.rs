//! Bytes that mean harm: lengths and counts that lie, files cut anywhere, pictures larger than their bytes
//! explain.

use super::super::{
    FEATURE_POINTS_MAX, FILE_BYTES_MAX, FaceError, FaceRecord, Feature, IMAGE_BYTES_MAX, IMAGES_MAX,
    LdsError, PIXELS_MAX, SIDE_MAX,
};
use super::{dg2, face, record};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn outcome(image: &[u8]) -> Result<(), LdsError> {
    FaceRecord::parse(&dg2(image)).map(drop)
}

const TOO_LARGE: Result<(), LdsError> = Err(LdsError::Face(FaceError::TooLarge));

fn unsupported(feature: Feature) -> Result<(), LdsError> {
    Err(LdsError::Face(FaceError::Unsupported(feature)))
}

const MALFORMED: Result<(), LdsError> = Err(LdsError::Face(FaceError::Malformed));

/// What a codestream declares.
#[derive(Clone)]
struct Declared {
    size: [u32; 2],
    tile: [u32; 2],
    components: Vec<[u8; 3]>,
    layers: u16,
    levels: u8,
    block: [u8; 2],
    precincts: Vec<u8>,
    /// Whole segments at the header's end.
    further: Vec<u8>,
}

impl Declared {
    fn plain() -> Self {
        Self {
            size: [64, 64],
            tile: [64, 64],
            components: vec![[7, 1, 1]; 3],
            layers: 1,
            levels: 0,
            block: [4, 4],
            precincts: vec![0x66],
            further: vec![],
        }
    }

    /// The main header; quantization leaves room for 32 bit-planes, the most that the decoder takes.
    fn header(&self) -> Vec<u8> {
        let mut size = vec![0, 0];
        let numbers = [self.size, [0, 0], self.tile, [0, 0]];
        size.extend(numbers.as_flattened().iter().flat_map(|number| number.to_be_bytes()));
        size.extend(u16::try_from(self.components.len()).unwrap().to_be_bytes());
        size.extend(self.components.as_flattened());
        let [layers_high, layers_low] = self.layers.to_be_bytes();
        let [width, height] = self.block;
        let style =
            [&[1, 0, layers_high, layers_low, 0, self.levels, width, height, 0, 1], &self.precincts[..]]
                .concat();
        let quantization = [vec![0xE0], vec![0xD0; 1 + 3 * usize::from(self.levels)]].concat();
        let segments = [(0x51, size), (0x52, style), (0x5C, quantization)];
        let segments = segments.into_iter().flat_map(|(marker, content)| {
            let [high, low] = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
            [vec![0xFF, marker, high, low], content].concat()
        });
        [0xFF, 0x4F].into_iter().chain(segments).chain(self.further.clone()).collect()
    }

    /// With one tile-part that holds `data`.
    fn codestream(&self, data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len() + 14).unwrap().to_be_bytes();
        let start = [&[0xFF, 0x90, 0, 10, 0, 0][..], &length, &[0, 1, 0xFF, 0x93]].concat();
        [self.header(), start, data.to_vec(), vec![0xFF, 0xD9]].concat()
    }

    fn outcome(&self) -> Result<(), LdsError> {
        outcome(&self.codestream(&[]))
    }
}

#[test]
fn a_codestream_of_usual_declarations_is_taken() {
    assert_eq!(Declared::plain().outcome(), Ok(()));
    let largest = [2048, 1024];
    assert_eq!(largest.iter().product::<u32>(), PIXELS_MAX);
    let levels = 5;
    let declared =
        Declared { size: largest, tile: largest, levels, precincts: vec![0xFF; 6], ..Declared::plain() };
    assert_eq!(declared.outcome(), Ok(()));
    // As finely as encoders cut.
    assert_eq!(Declared { layers: 12, block: [2, 2], ..declared }.outcome(), Ok(()));
}

#[test]
fn a_codestream_that_declares_too_much_is_refused_before_the_decoder_sees_it() {
    let plain = Declared::plain;
    let whole = [2048, 1024];
    for declared in [
        Declared { size: [SIDE_MAX + 1, 64], ..plain() },
        Declared { size: [64, SIDE_MAX + 1], ..plain() },
        Declared { size: [SIDE_MAX, SIDE_MAX], ..plain() },
        Declared { size: [u32::MAX, u32::MAX], ..plain() },
        // Tiles of one sample each, and one more tile than is taken.
        Declared { size: whole, tile: [1, 1], ..plain() },
        Declared { size: [257, 64], tile: [1, 64], ..plain() },
        // Precincts and code-blocks of one sample.
        Declared { size: whole, tile: whole, precincts: vec![0x00], ..plain() },
        // Code-blocks of 4 x 4 with 32 layers each.
        Declared { size: whole, tile: whole, block: [0, 0], layers: 32, ..plain() },
    ] {
        assert_eq!(declared.outcome(), TOO_LARGE, "{:?} {:?}", declared.size, declared.tile);
    }
}

#[test]
fn a_codestream_that_breaks_its_rules_is_refused() {
    let plain = Declared::plain;
    for declared in [
        Declared { size: [0, 64], ..plain() },
        Declared { tile: [0, 64], ..plain() },
        Declared { layers: 0, ..plain() },
        Declared { layers: 33, ..plain() },
        Declared { levels: 12, precincts: vec![0xFF; 13], ..plain() },
        Declared { block: [9, 0], ..plain() },
        Declared { block: [0xFF, 0xFF], ..plain() },
        Declared { block: [5, 4], ..plain() },
        Declared { precincts: vec![], ..plain() },
        Declared { precincts: vec![0x66, 0x66], ..plain() },
        Declared { levels: 1, precincts: vec![0x66, 0x06], ..plain() },
    ] {
        assert_eq!(declared.outcome(), MALFORMED);
    }
    for (components, feature) in [
        (vec![[7, 1, 1]; 2], Feature::Components),
        (vec![[7, 1, 1]; 4], Feature::Components),
        (vec![[7, 1, 1]; 300], Feature::Components),
        (vec![[15, 1, 1]], Feature::BitDepth),
        (vec![[0x87, 1, 1]], Feature::BitDepth),
        (vec![[7, 2, 2]], Feature::Sampling),
        (vec![[7, 1, 1], [7, 255, 1], [7, 1, 1]], Feature::Sampling),
        (vec![[7, 1, 1], [7, 0, 0], [7, 1, 1]], Feature::Sampling),
    ] {
        assert_eq!(Declared { components, ..plain() }.outcome(), unsupported(feature));
    }
}

#[test]
fn what_a_header_says_of_one_component_or_beyond_part_1_counts_too() {
    let size = [2048, 1024];
    let with = |further: &[u8]| {
        Declared {
            size,
            tile: size,
            layers: 12,
            precincts: vec![0xFF],
            further: further.to_vec(),
            ..Declared::plain()
        }
        .outcome()
    };
    assert_eq!(with(&[]), Ok(()));
    // COC: code-blocks of 64 x 64 for the second component, of 4 x 4 for it, and for a fourth; cut off.
    assert_eq!(with(&[0xFF, 0x53, 0, 9, 1, 0, 0, 4, 4, 0, 1]), Ok(()));
    assert_eq!(with(&[0xFF, 0x53, 0, 9, 1, 0, 0, 0, 0, 0, 1]), TOO_LARGE);
    assert_eq!(with(&[0xFF, 0x53, 0, 9, 3, 0, 0, 4, 4, 0, 1]), MALFORMED);
    assert_eq!(with(&[0xFF, 0x53, 0, 8, 1, 0, 0, 4, 4, 0]), MALFORMED);
    // QCC, QCD and RGN of another length than their style has.
    assert_eq!(with(&[0xFF, 0x5D, 0, 6, 1, 0x41, 0x70, 0x00]), Ok(()));
    assert_eq!(with(&[0xFF, 0x5D, 0, 5, 1, 0x41, 0x70]), MALFORMED);
    assert_eq!(with(&[0xFF, 0x5C, 0, 4, 0x42, 0x70]), MALFORMED);
    assert_eq!(with(&[0xFF, 0x5E, 0, 5, 0, 0, 3]), Ok(()));
    assert_eq!(with(&[0xFF, 0x5E, 0, 4, 0, 0]), MALFORMED);
    // High-throughput coding (CAP, and its block style), changes of progression, packed packet headers.
    let codestream = unsupported(Feature::Codestream);
    for marker in [0x50, 0x5F, 0x60] {
        assert_eq!(with(&[0xFF, marker, 0, 4, 0, 0]), codestream);
    }
    assert_eq!(with(&[0xFF, 0x53, 0, 9, 1, 0, 0, 4, 4, 0x40, 1]), MALFORMED);
}

/// A packet that declares 94 coding passes, the most there are, for its one code-block, and no bytes for them
/// (B.10): not empty `1`, included `1`, no missing bit-plane `1`, 37 + 57 passes `1 1111 1111 0111001`,
/// length of 9 bits `0 0000 0000 0`; a zero is stuffed behind the byte FF.
const PACKET_OF_94_PASSES: [u8; 4] = [0xFF, 0x7B, 0x90, 0x00];

/// Longer than any image within the limits takes to be decoded, even unoptimized on a busy machine.
const DECODING_MAX: Duration = Duration::from_secs(60);

#[test]
fn six_kilobytes_that_declare_the_longest_work_end_in_time() {
    let size = [2048, 1024];
    let packets = PACKET_OF_94_PASSES.repeat(32 * 16 * 3);
    let bomb = Declared { size, tile: size, ..Declared::plain() }.codestream(&packets);
    let record = FaceRecord::parse(&dg2(&bomb)).unwrap();
    let start = Instant::now();
    assert_eq!(record.decode().map(|pixels| pixels.width()), Ok(2048));
    assert!(start.elapsed() < DECODING_MAX, "{:?}", start.elapsed());
}

#[test]
fn a_jpeg_of_65_535_pixels_along_a_side_is_refused() {
    let image = face!("420.jpg");
    let frame = image.windows(2).position(|window| window == [0xFF, 0xC0]).unwrap();
    let mut huge = image.to_vec();
    huge[frame + 5..frame + 9].fill(0xFF);
    assert_eq!(outcome(&huge), TOO_LARGE);
    let mut none = image.to_vec();
    none[frame + 5..frame + 9].fill(0);
    assert_eq!(outcome(&none), MALFORMED);
}

#[test]
fn files_and_images_end_at_their_limits() {
    assert_eq!(FaceRecord::parse(&vec![0x75; 2 * 1024 * 1024]).unwrap_err(), LdsError::TooLong);
    let padded = |bytes: usize| [face!("420.jpg"), &vec![0; bytes - face!("420.jpg").len()]].concat();
    assert_eq!(outcome(&padded(IMAGE_BYTES_MAX)), Ok(()));
    assert_eq!(outcome(&padded(IMAGE_BYTES_MAX + 1)), TOO_LARGE);
    assert!(dg2(&padded(IMAGE_BYTES_MAX)).len() < FILE_BYTES_MAX);
}

/// Every place in `record` where a number stands, and what it says too much or too little.
#[test]
fn a_record_whose_numbers_lie_is_refused() {
    let image = face!("420.jpg");
    let honest = record(&[super::face_block(image, 2)]);
    let length = u32::try_from(honest.len()).unwrap();
    let block_length = length - 14;
    let lies: [(usize, Vec<u8>); 11] = [
        (8, 0_u32.to_be_bytes().to_vec()),
        (8, u32::MAX.to_be_bytes().to_vec()),
        (8, (length + 1).to_be_bytes().to_vec()),
        (8, (length - 9).to_be_bytes().to_vec()),
        (12, 0_u16.to_be_bytes().to_vec()),
        (12, (IMAGES_MAX + 1).to_be_bytes().to_vec()),
        (14, 47_u32.to_be_bytes().to_vec()),
        (14, (block_length + 1).to_be_bytes().to_vec()),
        (14, u32::MAX.to_be_bytes().to_vec()),
        (18, (FEATURE_POINTS_MAX + 1).to_be_bytes().to_vec()),
        (18, u16::MAX.to_be_bytes().to_vec()),
    ];
    let outcome = |record: &[u8]| FaceRecord::parse(&super::dg2_of(0x5F2E, record)).map(drop);
    assert_eq!(outcome(&honest), Ok(()));
    for (at, lie) in lies {
        let mut record = honest.clone();
        record.splice(at..at + lie.len(), lie.iter().copied());
        assert_eq!(outcome(&record), Err(LdsError::Contradiction), "{lie:02X?} at {at}");
    }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let file = dg2(face!("420.jpg"));
    for end in 0..file.len() {
        assert!(FaceRecord::parse(&file[..end]).is_err(), "{end} bytes");
    }
}

#[test]
fn an_image_cut_anywhere_is_refused_or_shows_what_there_is() {
    for image in
        [face!("420.jpg"), face!("grey.jpg"), face!("grey.jp2"), face!("lossless.j2k"), face!("tiles.j2k")]
    {
        for end in (0..image.len().min(700)).chain((700..image.len()).step_by(61)) {
            if let Ok(record) = FaceRecord::parse(&dg2(&image[..end]))
                && let Ok(pixels) = record.decode()
            {
                assert_eq!((pixels.width(), pixels.height()), (51, 66));
                // Of JPEG 2000, whose parts tell their lengths, the end of the codestream says nothing new.
                assert!(!record.is_whole() || end + 2 >= image.len(), "{end} of {} bytes", image.len());
            }
        }
    }
}

/// Any image: if it parses it is within the limits, and if it decodes it has as many pixels as it said.
fn holds(image: &[u8]) {
    let Ok(record) = FaceRecord::parse(&dg2(image)) else { return };
    let (width, height) = (record.width(), record.height());
    assert!(
        (1..=SIDE_MAX).contains(&width) && (1..=SIDE_MAX).contains(&height) && width * height <= PIXELS_MAX
    );
    // Larger ones take seconds in a build that isn't optimized.
    if width * height <= 64 * 1024
        && let Ok(pixels) = record.decode()
    {
        assert_eq!((pixels.width(), pixels.height()), (width, height));
        assert_eq!(pixels.rgb().len(), usize::try_from(width * height * 3).unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_are_too_strange_for_the_file(file in proptest::collection::vec(any::<u8>(), 0..600)) {
        drop(FaceRecord::parse(&file));
        drop(FaceRecord::parse(&super::dg2_of(0x5F2E, &file)));
        drop(FaceRecord::parse(&super::dg2_of(0x7F2E, &file)));
    }

    #[test]
    fn a_changed_image_never_panics_nor_outgrows_the_limits(
        which in 0_usize..8,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let images = [
            face!("420.jpg"), face!("444_restart.jpg"), face!("grey.jpg"), face!("lossless.jp2"),
            face!("layers.j2k"), face!("tiles.j2k"), face!("modes.j2k"), face!("region.j2k"),
        ];
        let mut image = images[which].to_vec();
        for (index, value) in changes {
            let at = index.index(image.len());
            image[at] = value;
        }
        holds(&image);
    }

    #[test]
    fn a_changed_header_never_panics_nor_outgrows_the_limits(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut image = Declared::plain().codestream(&PACKET_OF_94_PASSES.repeat(3));
        for (index, value) in changes {
            let at = index.index(image.len());
            image[at] = value;
        }
        holds(&image);
    }
}
