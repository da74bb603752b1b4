//! EF.DG1.

use super::super::{Dg1, FILE_BYTES_MAX, LdsError};
use super::object;
use crate::mrz::MrzError;
use smartcard::tlv::{Tag, TlvError};

/// The specimens of ICAO Doc 9303-4, Appendix A, and of Doc 9303-5, Appendix A, without line breaks.
const PASSPORT: &[u8] =
    b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10";
const IDENTITY_CARD: &[u8] =
    b"I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<";

fn dg1(zone: &[u8]) -> Vec<u8> {
    object(0x61, &object(0x5F1F, zone))
}

#[test]
fn the_zone_of_a_passport_and_of_an_identity_card_is_read() {
    for zone in [PASSPORT, IDENTITY_CARD] {
        let name = Dg1::parse(&dg1(zone)).unwrap().name();
        assert_eq!((&*name.primary, &*name.secondary), ("ERIKSSON", "ANNA MARIA"));
    }
}

#[test]
fn a_file_without_a_zone_is_refused() {
    for (file, error) in [
        (vec![], LdsError::Missing(Tag(0x5F1F))),
        (object(0x61, &[]), LdsError::Missing(Tag(0x5F1F))),
        (object(0x75, &object(0x5F1F, PASSPORT)), LdsError::Missing(Tag(0x5F1F))),
        (dg1(PASSPORT)[..40].to_vec(), LdsError::Tlv(TlvError::Truncated)),
        (vec![0; FILE_BYTES_MAX + 1], LdsError::TooLong),
    ] {
        assert_eq!(Dg1::parse(&file).map(drop), Err(error));
    }
}

#[test]
fn what_is_no_zone_is_refused() {
    for zone in [&[][..], &PASSPORT[1..], &[PASSPORT, b"<"].concat(), &[0xFF; 88]] {
        assert!(matches!(Dg1::parse(&dg1(zone)).map(drop), Err(LdsError::Zone(_))));
    }
    let length = Dg1::parse(&dg1(&[])).map(drop);
    assert_eq!(length, Err(LdsError::Zone(MrzError::Length { characters: 0 })));
}

#[test]
fn a_zone_cut_anywhere_is_refused() {
    let file = dg1(PASSPORT);
    for end in 0..file.len() {
        assert!(Dg1::parse(&file[..end]).is_err(), "{end} bytes");
    }
}
