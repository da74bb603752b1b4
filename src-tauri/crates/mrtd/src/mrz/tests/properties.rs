//! What must hold for every zone.

use super::super::raw::holds;
use super::super::*;
use proptest::prelude::*;
use proptest::sample::select;

const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";

fn digit(field: &str) -> char {
    char::from_digit(u32::from(check_digit(field.as_bytes()).unwrap()), 10).unwrap()
}

fn filled(text: &str, width: usize) -> String {
    format!("{text:<<width$}").chars().take(width).collect()
}

/// What a zone is composed of.
#[derive(Debug, Clone)]
struct Holder {
    primary: String,
    secondary: String,
    number: String,
    birth: String,
    expiry: String,
    optional: String,
}

impl Holder {
    fn name(&self, width: usize) -> String {
        let secondary = self.secondary.replace(' ', "<");
        filled(&format!("{}<<{secondary}", self.primary.replace(' ', "<")), width)
    }

    /// The number's field, its check digit or a filler, and what a long number leaves for the optional data.
    fn number(&self) -> (String, String) {
        match self.number.split_at_checked(9) {
            Some((field, rest)) if !rest.is_empty() => {
                (format!("{field}<"), format!("{rest}{}", digit(&self.number)))
            }
            _ => {
                let field = filled(&self.number, 9);
                (format!("{field}{}", digit(&field)), String::new())
            }
        }
    }

    fn dated(field: &str) -> String {
        format!("{field}{}", digit(field))
    }

    fn td1(&self) -> String {
        let (number, rest) = self.number();
        let first = format!("IDD<<{number}{}", filled(&rest, 15));
        let (birth, expiry) = (Self::dated(&self.birth), Self::dated(&self.expiry));
        let optional = filled(&self.optional, 11);
        let composite = digit(&format!("{}{birth}{expiry}{optional}", &first[5..]));
        format!("{first}{birth}F{expiry}D<<{optional}{composite}{}", self.name(30))
    }

    fn td2(&self) -> String {
        let (number, rest) = self.number();
        let (birth, expiry) = (Self::dated(&self.birth), Self::dated(&self.expiry));
        let optional = filled(if rest.is_empty() { &self.optional } else { &rest }, 7);
        let composite = digit(&format!("{number}{birth}{expiry}{optional}"));
        format!("I<UTO{}{number}UTO{birth}<{expiry}{optional}{composite}", self.name(31))
    }

    fn td3(&self) -> String {
        let field = filled(&self.number, 9);
        let number = format!("{field}{}", digit(&field));
        let (birth, expiry) = (Self::dated(&self.birth), Self::dated(&self.expiry));
        let optional = filled(&self.optional, 14);
        let optional = format!("{optional}{}", digit(&optional));
        let composite = digit(&format!("{number}{birth}{expiry}{optional}"));
        format!("P<UTO{}{number}UTO{birth}M{expiry}{optional}{composite}", self.name(39))
    }

    fn visa(&self) -> String {
        let field = filled(&self.number, 9);
        let (birth, expiry) = (Self::dated(&self.birth), Self::dated(&self.expiry));
        let optional = filled(&self.optional, 16);
        format!("V<UTO{}{field}{}UTO{birth}M{expiry}{optional}", self.name(39), digit(&field))
    }
}

fn holder() -> impl Strategy<Value = Holder> {
    let date = || (0..=99_u8, 1..=12_u8, 1..=28_u8).prop_map(|(y, m, d)| format!("{y:02}{m:02}{d:02}"));
    let birth = prop_oneof![date(), (0..=99_u8).prop_map(|year| format!("{year:02}<<<<"))];
    (
        "[A-Z]{1,9}( [A-Z]{1,4})?",
        // No name fills its field: it would count as truncated.
        "([A-Z]{1,8}( [A-Z]{1,4})?)?",
        "[A-Z0-9]{1,14}",
        birth,
        date(),
        "[A-Z0-9]{0,11}",
    )
        .prop_map(|(primary, secondary, number, birth, expiry, optional)| Holder {
            primary,
            secondary,
            number,
            birth,
            expiry,
            optional,
        })
}

proptest! {
    #[test]
    fn what_is_composed_is_read(holder in holder()) {
        let fields_key = AccessKey::from_fields(&holder.number, &holder.birth, &holder.expiry);
        let mut zones = vec![holder.td1(), holder.td2()];
        if holder.number.len() <= 9 {
            zones.extend([holder.td3(), holder.visa()]);
        }
        for zone in zones {
            let read = MachineReadableZone::parse(&zone).unwrap();
            prop_assert!(read.checks().all_hold(), "{zone}");
            let name = read.name();
            prop_assert_eq!((&name.primary, &name.secondary), (&holder.primary, &holder.secondary));
            prop_assert!(!name.truncated);
            let key = read.access_key().unwrap();
            let number = filled(&holder.number, holder.number.len().max(9));
            let expected = format!(
                "{number}{}{}{}", digit(&number), Holder::dated(&holder.birth), Holder::dated(&holder.expiry)
            );
            prop_assert_eq!(key.information(), expected.as_bytes());
            if holder.number.len() <= 9 {
                prop_assert_eq!(fields_key.as_ref().unwrap().information(), expected.as_bytes());
            }
            let corrected = correct(&zone).unwrap();
            // A German number that has letters of no German number isn't one.
            if !zone.starts_with("IDD") {
                prop_assert!(corrected.corrections.is_empty());
            }
        }
    }

    /// Doc 9303-3, 4.9: 7, 3 and 1 have an inverse modulo 10, so that only characters ten apart are taken for one another.
    #[test]
    fn a_single_substitution_is_noticed_unless_both_count_the_same(
        field in "[A-Z0-9<]{1,20}", position in any::<prop::sample::Index>(), other in select(ALPHABET.as_bytes())
    ) {
        let value = |character: u8| check_digit(&[b'0', b'0', character]).unwrap();
        let check = b'0' + check_digit(field.as_bytes()).unwrap();
        let mut changed = field.into_bytes();
        let position = position.index(changed.len());
        let before = std::mem::replace(&mut changed[position], other);
        prop_assert_eq!(holds(&changed, check), value(before) == value(other));
    }

    #[test]
    fn no_text_breaks_anything(text in "\\PC{0,100}") {
        drop(MachineReadableZone::parse(&text));
        drop(correct(&text));
        drop(AccessKey::from_zone(&text));
        drop(AccessKey::from_fields(&text, &text, &text));
        drop(scan::decode(text.as_bytes()));
    }

    #[test]
    fn no_zone_of_any_characters_breaks_anything(text in "[A-Z0-9<]{72}|[A-Z0-9<]{88}|[A-Z0-9<]{90}") {
        if let Ok(corrected) = correct(&text) {
            prop_assert!(corrected.corrections.iter().all(|it| it.read.is_none() || it.read != it.taken));
        }
        drop(AccessKey::from_zone(&text));
    }
}

#[test]
fn the_confusions_that_a_check_digit_notices_are_those_of_its_values() {
    let value = |character: u8| check_digit(&[b'0', b'0', character]).unwrap();
    for (one, other) in ["O0", "I1", "B8", "S5", "Z2", "D0", "Q0"].map(pair) {
        assert_ne!(value(one), value(other), "{}{}", char::from(one), char::from(other));
    }
    for (one, other) in
        ["K<", "A0", "K0", "U0", "L1", "B1", "V1", "G6", "Q6", "S8", "I8", "Z5", "D3", "N3", "X3"].map(pair)
    {
        assert_eq!(value(one), value(other), "{}{}", char::from(one), char::from(other));
    }
}

fn pair(text: &str) -> (u8, u8) {
    let bytes = text.as_bytes();
    (bytes[0], bytes[1])
}
