//! Version and maker of the card's object system.

use crate::error::Problem;
use smartcard::tlv::{self, Tag};
use std::fmt;

const VERSION2: Tag = Tag(0xEF);
const FILLING_RULE: Tag = Tag(0xC0);
const PRODUCT_TYPE_VERSION: Tag = Tag(0xC1);
const PRODUCT_IDENTIFIER: Tag = Tag(0xC2);
/// The only filling rule of EF.Version2 there is.
const FILLING_RULE_2: [u8; 3] = [2, 0, 0];

/// What EF.Version2 says about the card (gemSpec_Karten_Fach_TIP, filling rules for EF.Version2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectSystem {
    /// Product type version of the object system.
    pub product_type_version: Version,
    /// Product identifier: five bytes maker, eight bytes product, three bytes version.
    pub product_id: [u8; 16],
    generation: Generation,
}

/// Generation of a health card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Generation {
    /// Generation 2: product type versions 4.0.0 to 4.3.x.
    G2,
    /// Generation 2.1: from 4.4.0 on (gemProdT_eGK_ObjSys_G2_1).
    #[allow(non_camel_case_types, reason = "the generation's name is 2.1")]
    G2_1,
    /// Generation 3: from 5.0.0 on.
    G3,
}

/// A version of three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// First number.
    pub major: u16,
    /// Second number.
    pub minor: u16,
    /// Third number.
    pub fix: u16,
}

impl ObjectSystem {
    /// Reads EF.Version2; `None` for a card older than generation 2.
    ///
    /// # Errors
    /// [`Problem::Length`] for malformed TLV, [`Problem::Field`] where one is missing or not of its form.
    pub fn parse(file: &[u8]) -> Result<Option<Self>, Problem> {
        let filling_rule: [u8; 3] = field(file, FILLING_RULE, "filling rule version")?;
        if filling_rule != FILLING_RULE_2 {
            return Err(Problem::Field { name: "filling rule version" });
        }
        let [major, minor, fix] = field(file, PRODUCT_TYPE_VERSION, "product type version")?.map(u16::from);
        let generation = match (major, minor) {
            (..4, _) => return Ok(None),
            (4, ..4) => Generation::G2,
            (4, _) => Generation::G2_1,
            _ => Generation::G3,
        };
        let product_id = field(file, PRODUCT_IDENTIFIER, "product identifier")?;
        Ok(Some(Self { product_type_version: Version { major, minor, fix }, product_id, generation }))
    }

    /// Generation of the card. The ATR doesn't tell it, nor does EF.Version.
    pub fn generation(&self) -> Generation {
        self.generation
    }
}

fn field<const N: usize>(file: &[u8], tag: Tag, name: &'static str) -> Result<[u8; N], Problem> {
    let wrong = Problem::Field { name };
    let object = tlv::find(file, &[VERSION2, tag]).map_err(|_| Problem::Length)?.ok_or(wrong)?;
    object.value().try_into().map_err(|_| wrong)
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::G2 => "G2",
            Self::G2_1 => "G2.1",
            Self::G3 => "G3",
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.fix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EF.Version2 with the objects of gematik's published G2.1 card image, and this product type version.
    fn version2(product_type_version: [u8; 3]) -> Vec<u8> {
        let mut objects = Vec::new();
        tlv::write(&mut objects, FILLING_RULE, &FILLING_RULE_2);
        tlv::write(&mut objects, PRODUCT_TYPE_VERSION, &product_type_version);
        tlv::write(&mut objects, PRODUCT_IDENTIFIER, b"DESYSITCOSE24\x02\x04\x00");
        tlv::write(&mut objects, Tag(0xC4), &[1, 0, 0]);
        tlv::write(&mut objects, Tag(0xC5), &[2, 0, 0]);
        tlv::write(&mut objects, Tag(0xC7), &[1, 0, 0]);
        let mut file = Vec::new();
        tlv::write(&mut file, VERSION2, &objects);
        file
    }

    fn generation(product_type_version: [u8; 3]) -> Option<Generation> {
        ObjectSystem::parse(&version2(product_type_version)).unwrap().map(|system| system.generation())
    }

    #[test]
    fn the_file_has_the_bytes_of_the_published_cards() {
        let file = version2([4, 5, 2]);
        assert!(file.starts_with(&[
            0xEF, 0x2B, 0xC0, 0x03, 0x02, 0x00, 0x00, 0xC1, 0x03, 0x04, 0x05, 0x02, 0xC2, 0x10
        ]));
        let system = ObjectSystem::parse(&file).unwrap().unwrap();
        assert_eq!(system.product_type_version.to_string(), "4.5.2");
        assert_eq!(&system.product_id[..5], b"DESYS");
        assert_eq!(system.generation().to_string(), "G2.1");
    }

    // The versions of gematik's OpenHealthCardKit (CardGenerationTest) and PoPP sample code (supported
    // cards).
    #[test]
    fn the_product_type_version_tells_the_generation() {
        for version in [[3, 0, 2], [3, 0, 3], [3, 9, 9]] {
            assert_eq!(generation(version), None);
        }
        for version in [[4, 0, 0], [4, 3, 2], [4, 3, 255]] {
            assert_eq!(generation(version), Some(Generation::G2));
        }
        for version in [[4, 4, 0], [4, 4, 1], [4, 5, 0], [4, 5, 1], [4, 5, 2], [4, 6, 0], [4, 7, 0]] {
            assert_eq!(generation(version), Some(Generation::G2_1));
        }
        assert_eq!(generation([5, 0, 0]), Some(Generation::G3));
    }

    #[test]
    fn a_file_filled_up_with_zeros_is_read() {
        let mut file = version2([4, 5, 2]);
        file.resize(60, 0);
        assert!(ObjectSystem::parse(&file).unwrap().is_some());
    }

    #[test]
    fn a_missing_or_misshapen_field_is_named() {
        let file = version2([4, 5, 2]);
        assert_eq!(ObjectSystem::parse(&file[..30]), Err(Problem::Length));
        assert_eq!(ObjectSystem::parse(&[0xEF, 0x00]), Err(Problem::Field { name: "filling rule version" }));
        let with_byte = |index: usize, byte: u8| {
            let mut file = file.clone();
            file[index] = byte;
            ObjectSystem::parse(&file)
        };
        assert_eq!(with_byte(4, 1), Err(Problem::Field { name: "filling rule version" }));
        assert_eq!(with_byte(7, 0xC9), Err(Problem::Field { name: "product type version" }));
        assert_eq!(with_byte(12, 0xC9), Err(Problem::Field { name: "product identifier" }));
    }
}
