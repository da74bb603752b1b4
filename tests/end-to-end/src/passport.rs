//! A travel document in somebody's hand: what a clerk reads off it, and its chip.

use anyhow::{Context, Result};
use card_sim::{
    Inserted, Persona,
    travel::{Kind, TravelDocument, check_digit},
};
use jiff::civil::Date;

use crate::{Stage, steps::with_check_digit};

/// A German passport, or what somebody made of one.
pub(crate) struct Passport(TravelDocument);

impl Passport {
    /// The one of the catalogue.
    pub(crate) fn of_catalogue(stage: &Stage, name: &str) -> Result<Self> {
        stage.document(name).map(Self)
    }

    /// One in order that names this person.
    pub(crate) fn of(stage: &Stage, persona: &Persona) -> Self {
        Self(TravelDocument::german_passport(persona.clone(), stage.today))
    }

    /// The same with something changed.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut TravelDocument)) -> Self {
        change(&mut self.0);
        self
    }

    /// As in its zone, with check digit.
    pub(crate) fn birth_date(&self) -> String {
        with_check_digit(&self.0.key_fields().birth_date)
    }

    /// As in its zone, with check digit.
    pub(crate) fn expiry(&self) -> String {
        with_check_digit(&self.0.key_fields().expiry)
    }

    /// As in its zone, with check digit.
    pub(crate) fn number(&self) -> String {
        let number = &self.0.number;
        format!("{number}{}", check_digit(number))
    }

    /// Its number as it is printed, without check digit.
    pub(crate) fn printed_number(&self) -> &str {
        &self.0.number
    }

    /// Its number as somebody misreads it: the check digit is another.
    pub(crate) fn misread_number(&self) -> Result<String> {
        let number = self.number();
        let (rest, digit) = number.split_at_checked(number.len() - 1).context("no number")?;
        let digit: u32 = digit.parse()?;
        Ok(format!("{rest}{}", (digit + 1) % 10))
    }

    /// The number of no passport that is here, with a check digit that is right.
    pub(crate) fn other_number() -> String {
        let number = "C01X00T47";
        format!("{number}{}", check_digit(number))
    }

    /// With what nobody's passport says: found anywhere, it came out of this chip.
    pub(crate) fn marked(self) -> Self {
        self.with(|it| (it.nationality, it.can) = ("RKS", Some(String::from("739182"))))
    }

    /// Whether it is that person's.
    pub(crate) fn is_of(&self, persona: &Persona) -> bool {
        self.0.persona.kvnr == persona.kvnr
    }

    /// What a clerk types off it, in the order of the fields.
    pub(crate) fn typed(&self) -> String {
        // A passport has none in print.
        let printed =
            self.0.can.as_ref().filter(|_| !matches!(self.0.kind, Kind::Passport | Kind::RefugeeDocument));
        let can = printed.map(|can| format!(", or CAN {can}")).unwrap_or_default();
        format!("dates {} and {}; number {}{can}", self.birth_date(), self.expiry(), self.number())
    }

    /// Everything of it that may be nowhere: names of things, and how they may be spelled.
    pub(crate) fn canaries(&self) -> Vec<(&'static str, Vec<Vec<u8>>)> {
        let Self(document) = self;
        let text = |spellings: &[&str]| spellings.iter().map(|it| it.as_bytes().to_vec()).collect();
        let zone = document.zone();
        let lines: Vec<&str> = zone.iter().map(String::as_str).collect();
        let number = document.number.as_str();
        // Three letters alone are in every file; these are how a nationality is written, and how it stands in a zone.
        let nationality = [
            format!("\"{}\"", document.nationality),
            format!("{}{}", document.nationality, document.key_fields().birth_date),
        ];
        let nationality: Vec<&str> = nationality.iter().map(String::as_str).collect();
        vec![
            ("number of the document", text(&[number, &number.to_lowercase()])),
            ("zone of the document", text(&lines)),
            ("key of the document's chip", vec![document.zone_information()]),
            (
                "access number of the document",
                document.can.iter().map(|can| can.as_bytes().to_vec()).collect(),
            ),
            ("nationality in the document", text(&nationality)),
            ("picture in the document", pieces(&document.face.picture())),
            ("picture as it is shown", vec![bitmap_header()]),
        ]
    }

    /// Lays it on the second reader; the health card stays in the first.
    pub(crate) fn lay(&self, stage: &Stage) -> Result<Inserted> {
        stage.lay_document(&self.0)
    }
}

/// How a bitmap of the picture's size begins: width, height, one plane, 24 bits a pixel.
fn bitmap_header() -> Vec<u8> {
    /// Pixels of every simulated face.
    const SIZE: [u32; 2] = [413, 531];
    let [width, height] = SIZE.map(u32::to_le_bytes);
    [&width[..], &height, &[1, 0, 24, 0]].concat()
}

/// Every travel document of the catalogue, by its name.
pub(crate) fn all(today: Date) -> impl Iterator<Item = (&'static str, Passport)> {
    let entries = card_sim::catalogue().iter();
    entries.filter_map(move |entry| Some((entry.name, Passport(entry.travel_document(today)?))))
}

/// Those that are as they should be: they are called after whoever has a health card as well.
pub(crate) fn in_order(today: Date) -> impl Iterator<Item = (&'static str, Passport)> {
    all(today).filter(move |(name, passport)| {
        let holder = name.rsplit('-').next().and_then(card_sim::find).and_then(|card| card.persona(today));
        holder.is_some_and(|holder| passport.is_of(&holder))
    })
}

/// Some pieces out of a picture, long enough to be in no other file.
fn pieces(picture: &[u8]) -> Vec<Vec<u8>> {
    /// Bytes of a piece, and how many pieces lie between two of them.
    const PIECE: usize = 24;
    const EVERY: usize = 64;
    // The beginning is the same in every picture of its form.
    picture.chunks_exact(PIECE).step_by(EVERY).skip(1).map(<[u8]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    #[test]
    fn documents_in_order_belong_to_people_with_a_health_card() {
        let names: Vec<_> = in_order(TODAY).map(|(name, _)| name).collect();
        assert!(names.contains(&"passport-amsel") && names.contains(&"id-card-graugans"), "{names:?}");
        assert!(names.contains(&"residence-permit-pinguin"), "{names:?}");
        for odd in ["passport-forged", "passport-clone", "union-card", "passport-expired"] {
            assert!(!names.contains(&odd), "{names:?}");
        }
        assert!(all(TODAY).count() > names.len());
    }

    #[test]
    fn a_number_is_typed_with_its_check_digit_and_misread_in_it_alone() {
        let (_, passport) = in_order(TODAY).find(|(name, _)| *name == "passport-amsel").unwrap();
        let (number, misread) = (passport.number(), passport.misread_number().unwrap());
        assert_eq!(number.len(), 10);
        assert_eq!(number[..9], misread[..9]);
        assert_ne!(number, misread);
        assert_ne!(Passport::other_number(), number);
    }

    #[test]
    fn nothing_that_is_looked_for_is_so_short_that_it_is_found_by_chance() {
        for (name, passport) in in_order(TODAY) {
            for (what, spellings) in passport.marked().canaries() {
                assert!(!spellings.is_empty(), "{name}: {what}");
                assert!(spellings.iter().all(|spelling| spelling.len() >= 5), "{name}: {what}");
            }
        }
    }
}
