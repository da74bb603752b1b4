//! Pictures of every kind that is taken, against the drawing that they were made from.

use super::super::{FaceError, FaceFormat, FacePixels, FaceRecord, Feature, LdsError};
use super::{dg2, face};

const WIDTH: u32 = 51;
const HEIGHT: u32 = 66;

/// The drawing in `tests/faces`, as its README has it.
fn drawn(x: u32, y: u32) -> [u8; 3] {
    let inside = |centre_x: u32, centre_y: u32, radius_x: u32, radius_y: u32| {
        let (across, down) = (x.abs_diff(centre_x) * radius_y, y.abs_diff(centre_y) * radius_x);
        across * across + down * down <= (radius_x * radius_y).pow(2)
    };
    let colour = if inside(18, 28, 3, 2) || inside(32, 28, 3, 2) {
        [40, 60, 80]
    } else if inside(25, 42, 8, 2) {
        [176, 80, 88]
    } else if inside(25, 32, 17, 23) {
        [224 - x, 184 - y / 2, 150]
    } else {
        [190 + x / 2, 200 + y / 4, 216]
    };
    colour.map(|value| u8::try_from(value).unwrap())
}

fn drawing() -> Vec<[u8; 3]> {
    (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| drawn(x, y))).collect()
}

fn grey_drawing() -> Vec<[u8; 3]> {
    drawing().into_iter().map(|[_, green, _]| [green; 3]).collect()
}

fn decode(image: &[u8]) -> FacePixels {
    FaceRecord::parse(&dg2(image)).unwrap().decode().unwrap()
}

#[test]
fn an_image_that_reaches_to_its_own_end_is_whole() {
    for image in [
        face!("420.jpg"),
        face!("444_restart.jpg"),
        face!("grey.jpg"),
        face!("lossless.jp2"),
        face!("layers.j2k"),
        face!("tiles.j2k"),
        face!("region.j2k"),
        face!("modes.j2k"),
    ] {
        assert!(FaceRecord::parse(&dg2(image)).unwrap().is_whole());
    }
}

/// Mean difference of all samples.
fn difference(pixels: &FacePixels, expected: &[[u8; 3]]) -> f64 {
    assert_eq!((pixels.width(), pixels.height()), (WIDTH, HEIGHT));
    let expected = expected.as_flattened();
    assert_eq!(pixels.rgb().len(), expected.len());
    let sum: u32 = pixels.rgb().iter().zip(expected).map(|(is, was)| u32::from(is.abs_diff(*was))).sum();
    f64::from(sum) / f64::from(WIDTH * HEIGHT * 3)
}

#[test]
fn lossless_jpeg_2000_gives_the_drawing_bit_for_bit() {
    for (image, format) in [
        (face!("lossless.jp2"), FaceFormat::Jp2),
        (face!("lossless.j2k"), FaceFormat::Jpeg2000Codestream),
        (face!("tiles.j2k"), FaceFormat::Jpeg2000Codestream),
        (face!("region.j2k"), FaceFormat::Jpeg2000Codestream),
        (face!("modes.j2k"), FaceFormat::Jpeg2000Codestream),
    ] {
        let record = FaceRecord::parse(&dg2(image)).unwrap();
        assert_eq!((record.format(), record.width(), record.height()), (format, WIDTH, HEIGHT));
        assert_eq!(record.image(), image);
        assert_eq!(record.decode().unwrap().rgb(), drawing().as_flattened());
    }
    assert_eq!(decode(face!("grey.jp2")).rgb(), grey_drawing().as_flattened());
}

#[test]
fn lossy_jpeg_2000_with_layers_precincts_and_packet_markers_looks_like_the_drawing() {
    assert!(difference(&decode(face!("layers.j2k")), &drawing()) < 2.0);
}

#[test]
fn jpeg_of_every_usual_sampling_looks_like_the_drawing() {
    for image in [face!("420.jpg"), face!("422.jpg"), face!("444_restart.jpg"), face!("rgb.jpg")] {
        let difference = difference(&decode(image), &drawing());
        assert!(difference < 5.0, "{difference}");
    }
    assert!(difference(&decode(face!("grey.jpg")), &grey_drawing()) < 2.0);
    assert_eq!(FaceRecord::parse(&dg2(face!("420.jpg"))).unwrap().format(), FaceFormat::Jpeg);
}

#[test]
fn what_no_portrait_needs_is_refused_by_name() {
    for (image, feature) in [
        (face!("progressive.jpg"), Feature::Process),
        (face!("scans.jpg"), Feature::Process),
        (face!("cmyk.jpg"), Feature::Components),
        (face!("progressions.j2k"), Feature::Codestream),
        (face!("offset.j2k"), Feature::Offset),
    ] {
        assert_eq!(
            FaceRecord::parse(&dg2(image)).unwrap_err(),
            LdsError::Face(FaceError::Unsupported(feature))
        );
    }
}

/// `from` replaced by `to`, which must be there.
fn replaced(image: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = image.windows(from.len()).position(|window| window == from).unwrap();
    let mut image = image.to_vec();
    image.splice(at..at + from.len(), to.iter().copied());
    image
}

#[test]
fn colours_that_are_neither_grey_nor_rgb_are_refused() {
    const SRGB: &[u8] = b"colr\x01\x00\x00\x00\x00\x00\x10";
    const YCC: &[u8] = b"colr\x01\x00\x00\x00\x00\x00\x12";
    let unsupported = Err(FaceError::Unsupported(Feature::Colours));
    let refused = |image: &[u8]| FaceRecord::parse(&dg2(image)).map(drop);
    assert_eq!(refused(&replaced(face!("lossless.jp2"), SRGB, YCC)), unsupported.map_err(LdsError::Face));
    let palette = replaced(face!("lossless.jp2"), b"colr", b"pclr");
    assert_eq!(refused(&palette), unsupported.map_err(LdsError::Face));
    // With a profile in the place of the number it is taken for sRGB.
    let profile = replaced(face!("lossless.jp2"), b"colr\x01", b"colr\x02");
    assert_eq!(decode(&profile).rgb(), drawing().as_flattened());
}

#[test]
fn a_codestream_cut_at_its_end_is_still_a_face_and_says_so() {
    let cut = face!("layers.j2k").len() * 3 / 4;
    assert!(!FaceRecord::parse(&dg2(&face!("layers.j2k")[..cut])).unwrap().is_whole());
    assert!(difference(&decode(&face!("layers.j2k")[..cut]), &drawing()) < 20.0);
}

#[test]
fn a_jpeg_that_breaks_off_shows_what_there_is() {
    let whole = decode(face!("420.jpg"));
    let part = decode(&face!("420.jpg")[..1_200]);
    let top = 16 * usize::try_from(WIDTH).unwrap() * 3;
    assert_eq!(part.rgb()[..top], whole.rgb()[..top]);
    assert_ne!(part.rgb(), whole.rgb());
}

#[test]
fn what_follows_the_image_changes_nothing() {
    for image in [face!("420.jpg"), face!("lossless.j2k"), face!("lossless.jp2")] {
        let padded = [image, &[0; 20]].concat();
        assert_eq!(decode(&padded).rgb(), decode(image).rgb());
    }
}

#[test]
fn a_bmp_has_its_rows_from_the_bottom_in_blue_green_red() {
    let bmp = decode(face!("lossless.j2k")).to_bmp();
    // Header of 54 bytes; 51 pixels are 153 bytes, filled up to 156.
    let (row, file) = (156_u32, 54 + 156 * HEIGHT);
    assert_eq!(bmp.len(), usize::try_from(file).unwrap());
    assert_eq!(bmp[..6], [&b"BM"[..], &file.to_le_bytes()].concat());
    assert_eq!(
        bmp[10..30],
        [
            54_u32.to_le_bytes(),
            40_u32.to_le_bytes(),
            WIDTH.to_le_bytes(),
            HEIGHT.to_le_bytes(),
            [1, 0, 24, 0]
        ]
        .concat()
    );
    for (x, y) in [(0, 0), (50, 0), (18, 28), (25, 42), (0, 65), (50, 65)] {
        let at = usize::try_from(54 + (HEIGHT - 1 - y) * row + x * 3).unwrap();
        let [red, green, blue] = drawn(x, y);
        assert_eq!(bmp[at..at + 3], [blue, green, red]);
    }
}

#[test]
fn debug_tells_form_and_size_alone() {
    let record = FaceRecord::parse(&dg2(face!("lossless.jp2"))).unwrap();
    assert_eq!(format!("{record:?}"), "FaceRecord(Iso19794, Jp2, 51 x 66)");
}
