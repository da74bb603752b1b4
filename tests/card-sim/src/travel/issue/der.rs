//! DER (ITU-T X.690) as certificates, signed data and security infos are written in.

use jiff::civil::DateTime;
use openssl::asn1::Asn1Object;

use crate::{crypto::sure, tlv::tlv};

/// SEQUENCE.
pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// SET OF: its elements in the order of their encodings (X.690, 11.6).
pub(crate) fn set_of(mut elements: Vec<Vec<u8>>) -> Vec<u8> {
    elements.sort_unstable();
    tlv(0x31, &elements.concat())
}

/// INTEGER with a small value.
pub(crate) fn integer(number: u8) -> Vec<u8> {
    unsigned(&[number])
}

/// INTEGER of an unsigned number, big-endian.
pub(crate) fn unsigned(number: &[u8]) -> Vec<u8> {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len().saturating_sub(1));
    let digits = number.get(start..).unwrap_or_default();
    let sign: &[u8] = if digits.first().is_none_or(|byte| byte & 0x80 != 0) { &[0] } else { &[] };
    tlv(0x02, &[sign, digits].concat())
}

/// OBJECT IDENTIFIER in dotted form.
pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    tlv(0x06, sure(Asn1Object::from_str(dotted)).as_slice())
}

/// ENUMERATED.
pub(crate) fn enumerated(number: u8) -> Vec<u8> {
    tlv(0x0A, &[number])
}

/// NULL.
pub(crate) fn null() -> Vec<u8> {
    tlv(0x05, &[])
}

/// OCTET STRING.
pub(crate) fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(0x04, bytes)
}

/// BIT STRING of whole bytes.
pub(crate) fn bits(bytes: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[0], bytes].concat())
}

/// PrintableString.
pub(crate) fn printable(text: &str) -> Vec<u8> {
    tlv(0x13, text.as_bytes())
}

/// UTF8String.
pub(crate) fn utf8(text: &str) -> Vec<u8> {
    tlv(0x0C, text.as_bytes())
}

/// A context-specific, constructed tag around `content`.
pub(crate) fn context(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(u32::from(0xA0 | number), content)
}

/// UTCTime, from 2050 on GeneralizedTime (RFC 5280, 4.1.2.5), of a moment in UTC.
pub(crate) fn time(moment: DateTime) -> Vec<u8> {
    if moment.year() < 2050 {
        tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").to_string().as_bytes())
    } else {
        generalized_time(moment)
    }
}

/// GeneralizedTime.
pub(crate) fn generalized_time(moment: DateTime) -> Vec<u8> {
    tlv(0x18, generalized(moment).as_bytes())
}

/// The text of a GeneralizedTime.
pub(crate) fn generalized(moment: DateTime) -> String {
    moment.strftime("%Y%m%d%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn numbers_are_never_negative_and_have_no_byte_too_many() {
        assert_eq!(integer(0), [2, 1, 0]);
        assert_eq!(integer(0x80), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[0, 0, 0x7F]), [2, 1, 0x7F]);
        assert_eq!(unsigned(&[0, 0xFF, 1]), [2, 3, 0, 0xFF, 1]);
        assert_eq!(unsigned(&[]), [2, 1, 0]);
    }

    #[test]
    fn the_form_of_time_changes_with_the_year_2050() {
        assert_eq!(time(date(2049, 12, 31).at(23, 59, 59, 0))[2..], *b"491231235959Z");
        assert_eq!(time(date(2050, 1, 1).at(0, 0, 0, 0))[..4], *b"\x18\x0f20");
    }

    #[test]
    fn elements_of_a_set_are_in_order() {
        assert_eq!(
            set_of(vec![integer(3), printable("A"), integer(1)]),
            *b"\x31\x09\x02\x01\x01\x02\x01\x03\x13\x01A"
        );
    }
}
