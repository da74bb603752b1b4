//! Writing machine-readable zones (ICAO Doc 9303-3, 4.9; -4, -5, -6).

use jiff::civil::Date;

/// The form of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Three lines of 30: cards.
    Td1,
    /// Two lines of 36: larger cards, the vorläufiger Personalausweis.
    Td2,
    /// Two lines of 44: passports.
    Td3,
}

/// What a zone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone<'a> {
    /// Form.
    pub format: Format,
    /// Document code, one or two letters.
    pub code: &'a str,
    /// Issuing state by its code of one to three letters.
    pub issuer: &'a str,
    /// Document number; one of more than nine characters goes on in the optional data (TD1 and TD2).
    pub number: &'a str,
    /// Nationality by its code.
    pub nationality: &'a str,
    /// Birth date, `YYYYMMDD`; `00` for what isn't known.
    pub birth_date: &'a str,
    /// M, F or `<`.
    pub sex: char,
    /// Last day of validity.
    pub expiry: Date,
    /// Optional data: the second field of TD1, else the only one.
    pub optional: &'a str,
    /// Family name as it is spelled.
    pub primary: &'a str,
    /// Given names as they are spelled.
    pub secondary: &'a str,
}

impl Format {
    /// Characters in a line.
    #[must_use]
    pub fn width(self) -> usize {
        match self {
            Self::Td1 => 30,
            Self::Td2 => 36,
            Self::Td3 => 44,
        }
    }
}

impl Zone<'_> {
    /// The lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let head = format!("{}{}", fill(self.code, 2), fill(self.issuer, 3));
        let nationality = fill(self.nationality, 3);
        let dates = self.dates();
        match self.format {
            Format::Td1 => {
                let first = fill(&format!("{head}{}", self.number_and_rest()), 30);
                let middle = format!("{dates}{nationality}{}", fill(self.optional, 11));
                let composite =
                    format!("{}{}{}", after(&first, 5), without_sex(&dates), fill(self.optional, 11));
                vec![first, format!("{middle}{}", check_digit(&composite)), self.names(30)]
            }
            Format::Td2 => {
                let (number, rest) = self.split_number();
                let rest = fill(&format!("{rest}{}", self.optional), 7);
                let composite = format!("{number}{}{rest}", without_sex(&dates));
                let second = format!("{number}{nationality}{dates}{rest}");
                vec![format!("{head}{}", self.names(31)), format!("{second}{}", check_digit(&composite))]
            }
            Format::Td3 => {
                let (number, _) = self.split_number();
                let optional = fill(self.optional, 14);
                let digit = if self.optional.is_empty() { '<' } else { check_digit(&optional) };
                let composite = format!("{number}{}{optional}{digit}", without_sex(&dates));
                let second =
                    format!("{number}{nationality}{dates}{optional}{digit}{}", check_digit(&composite));
                vec![format!("{head}{}", self.names(39)), second]
            }
        }
    }

    /// MRZ information, the key to the chip (Doc 9303-11, 4.3.2): number, birth and expiry, each with its
    /// check digit.
    #[must_use]
    pub fn information(&self) -> String {
        let number = fill(self.number, self.number.len().max(9));
        [number, self.birth(), self.expiry()].map(|field| format!("{field}{}", check_digit(&field))).concat()
    }

    /// Birth date as in the zone, `YYMMDD`.
    #[must_use]
    pub fn birth(&self) -> String {
        birth(self.birth_date)
    }

    /// Expiry as in the zone, `YYMMDD`.
    #[must_use]
    pub fn expiry(&self) -> String {
        self.expiry.strftime("%y%m%d").to_string()
    }

    /// Birth with check digit, sex, expiry with check digit.
    fn dates(&self) -> String {
        let (birth, expiry) = (self.birth(), self.expiry());
        format!("{birth}{}{}{expiry}{}", check_digit(&birth), self.sex, check_digit(&expiry))
    }

    /// The number's field with its check digit, and what of it stands in the optional data.
    fn split_number(&self) -> (String, String) {
        match self.number.split_at_checked(9) {
            Some((first, rest)) if !rest.is_empty() => {
                (format!("{first}<"), format!("{rest}{}<", check_digit(self.number)))
            }
            _ => {
                let number = fill(self.number, 9);
                (format!("{number}{}", check_digit(&number)), String::new())
            }
        }
    }

    fn number_and_rest(&self) -> String {
        let (number, rest) = self.split_number();
        format!("{number}{rest}")
    }

    /// Both identifiers; what has no room is cut off.
    fn names(&self, width: usize) -> String {
        let [primary, secondary] = [self.primary, self.secondary].map(transliterate);
        let names = if secondary.is_empty() { primary } else { format!("{primary}<<{secondary}") };
        fill(&names, width)
    }
}

/// The check digit over digits, letters and fillers (Doc 9303-3, 4.9): weights 7, 3, 1.
#[must_use]
pub fn check_digit(text: &str) -> char {
    let value = |letter: char| letter.to_digit(36).unwrap_or(0);
    let sum: u32 =
        text.chars().zip([7, 3, 1].into_iter().cycle()).map(|(letter, weight)| value(letter) * weight).sum();
    char::from_digit(sum % 10, 10).unwrap_or('0')
}

/// Exactly `width` characters: filled up with `<`, or cut off.
fn fill(text: &str, width: usize) -> String {
    text.chars().chain(std::iter::repeat('<')).take(width).collect()
}

fn after(text: &str, start: usize) -> &str {
    text.get(start..).unwrap_or_default()
}

/// Composite check digits don't cover the sex, which stands behind the birth date and its digit.
fn without_sex(dates: &str) -> String {
    dates.chars().take(7).chain(dates.chars().skip(8)).collect()
}

/// `YYYYMMDD` as `YYMMDD`, fillers for what isn't known.
fn birth(date: &str) -> String {
    let part = |start: usize| match date.get(start..start + 2) {
        Some("00") | None => "<<",
        Some(part) => part,
    };
    // A year is always known.
    format!("{}{}{}", date.get(2..4).unwrap_or("<<"), part(4), part(6))
}

/// Names in the letters of zones, as German authorities write them (Doc 9303-3, 6): umlauts as two letters, a
/// filler for blank and hyphen, nothing for the rest.
#[must_use]
pub fn transliterate(name: &str) -> String {
    let letters = name.chars().flat_map(char::to_uppercase).filter_map(|letter| match letter {
        'A'..='Z' => Some(letter.to_string()),
        'Ä' | 'Æ' => Some("AE".to_owned()),
        'Ö' | 'Ø' | 'Œ' => Some("OE".to_owned()),
        'Ü' => Some("UE".to_owned()),
        'ẞ' => Some("SS".to_owned()),
        ' ' | '-' => Some("<".to_owned()),
        _ => None,
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// Doc 9303-4, appendix A, without its fields.
    const ERIKSSON: Zone<'_> = Zone {
        format: Format::Td3,
        code: "P",
        issuer: "UTO",
        number: "L898902C3",
        nationality: "UTO",
        birth_date: "19740812",
        sex: 'F',
        expiry: date(2012, 4, 15),
        optional: "ZE184226B",
        primary: "Eriksson",
        secondary: "Anna Maria",
    };

    #[test]
    fn the_specimen_passport_is_written_as_in_doc_9303_4() {
        assert_eq!(
            ERIKSSON.lines(),
            ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
        );
        assert_eq!(ERIKSSON.information(), "L898902C3674081221204159");
    }

    #[test]
    fn the_specimen_cards_are_written_as_in_doc_9303_5_and_6() {
        let card = Zone { format: Format::Td1, code: "I", number: "D23145890", optional: "", ..ERIKSSON };
        assert_eq!(
            card.lines(),
            [
                "I<UTOD231458907<<<<<<<<<<<<<<<",
                "7408122F1204159UTO<<<<<<<<<<<6",
                "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
            ]
        );
        let large = Zone { format: Format::Td2, ..card };
        assert_eq!(
            large.lines(),
            ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]
        );
    }

    /// Doc 9303-11, D.2.
    #[test]
    fn a_long_number_goes_on_in_the_optional_data() {
        let card = Zone {
            format: Format::Td1,
            code: "I",
            number: "D23145890734",
            birth_date: "19340712",
            sex: 'M',
            expiry: date(1995, 7, 12),
            optional: "",
            primary: "Stevenson",
            secondary: "Peter John",
            ..ERIKSSON
        };
        assert_eq!(
            card.lines(),
            [
                "I<UTOD23145890<7349<<<<<<<<<<<",
                "3407127M9507122UTO<<<<<<<<<<<2",
                "STEVENSON<<PETER<JOHN<<<<<<<<<"
            ]
        );
        let large = Zone { format: Format::Td2, ..card };
        assert_eq!(
            large.lines(),
            ["I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "D23145890<UTO3407127M95071227349<<<8"]
        );
        assert_eq!(card.information(), "D23145890734934071279507122");
    }

    #[test]
    fn what_is_not_known_or_has_no_letter_is_a_filler() {
        let passport = Zone { birth_date: "19850000", sex: '<', optional: "", ..ERIKSSON };
        assert_eq!(passport.lines()[1][..43], *"L898902C36UTO85<<<<1<1204159<<<<<<<<<<<<<<<");
        assert_eq!(transliterate("Müller-Groß d'Ære"), "MUELLER<GROSS<DAERE");
        let long = Zone { primary: "Graf von und zu Buntspecht", secondary: "Bernd Benjamin", ..ERIKSSON };
        assert_eq!(long.lines()[0], "P<UTOGRAF<VON<UND<ZU<BUNTSPECHT<<BERND<BENJA");
    }
}
