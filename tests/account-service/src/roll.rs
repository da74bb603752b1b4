//! Who is insured here: what the insurer's own register would know.

use std::{collections::HashMap, str::FromStr};

use anyhow::Context;

use crate::{
    birth_date::{BirthDate, Comparison},
    model::Kvnr,
    names::{self, Names},
};

/// An insured person. In a members file one line: `KVNR;family name;given names;YYYYMMDD;ICCSN`, the last left out of
/// somebody who has no health card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Krankenversichertennummer.
    pub kvnr: String,
    /// Family name with its prefixes.
    pub family_name: String,
    /// Given names.
    pub given_names: String,
    /// `YYYYMMDD` as on the health card, with zeros for an unknown month or day.
    pub birth_date: String,
    /// Kennnummer of the current health card (ICCSN), 20 digits, `80276` first.
    pub iccsn: Option<String>,
}

impl FromStr for Member {
    type Err = anyhow::Error;

    fn from_str(line: &str) -> anyhow::Result<Self> {
        let fields: Vec<_> = line.split(';').map(str::trim).collect();
        let (fields, iccsn) = match *fields {
            [kvnr, family, given, born] => ([kvnr, family, given, born], None),
            [kvnr, family, given, born, iccsn] => ([kvnr, family, given, born], Some(iccsn.to_owned())),
            _ => anyhow::bail!("a member's line has neither four fields nor five"),
        };
        let [kvnr, family_name, given_names, birth_date] = fields.map(str::to_owned);
        Ok(Self { kvnr, family_name, given_names, birth_date, iccsn })
    }
}

/// What somebody is known by.
pub(crate) struct Person {
    pub(crate) family_name: String,
    pub(crate) given_names: String,
    pub(crate) birth_date: BirthDate,
}

impl Person {
    pub(crate) fn names_agree(&self, family: &str, given: &str) -> bool {
        names::agree(Names { family: &self.family_name, given: &self.given_names }, Names { family, given })
    }

    /// Whether this is the same person, as far as names and a fully known date of birth can tell.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.names_agree(&other.family_name, &other.given_names)
            && self.birth_date.compare(other.birth_date) == Comparison::Agrees
    }
}

/// An insured person's entry.
pub(crate) struct Entry {
    pub(crate) person: Person,
    iccsn: Option<String>,
}

impl Entry {
    /// Whether the number of the current health card ends with these digits.
    pub(crate) fn card_number_ends_with(&self, tail: &str) -> bool {
        self.iccsn.as_ref().is_some_and(|iccsn| iccsn.ends_with(tail))
    }
}

/// Everybody who is insured here, by Krankenversichertennummer.
pub(crate) struct Roll(HashMap<String, Entry>);

impl Roll {
    pub(crate) fn new(members: Vec<Member>) -> anyhow::Result<Self> {
        let mut roll = HashMap::with_capacity(members.len());
        for member in members {
            let Member { kvnr, family_name, given_names, birth_date, iccsn } = member;
            Kvnr::try_from(kvnr.clone()).ok().context("a member is no Krankenversichertennummer")?;
            let birth_date = BirthDate::compact(&birth_date).context("a member's date of birth is none")?;
            anyhow::ensure!(!family_name.is_empty(), "a member has no family name");
            anyhow::ensure!(iccsn.as_deref().is_none_or(is_iccsn), "a member's Kennnummer is none");
            let person = Person { family_name, given_names, birth_date };
            let entry = Entry { person, iccsn };
            anyhow::ensure!(roll.insert(kvnr, entry).is_none(), "a member stands twice on the roll");
        }
        Ok(Self(roll))
    }

    pub(crate) fn member(&self, kvnr: &str) -> Option<&Entry> {
        self.0.get(kvnr)
    }
}

/// 80 health (ISO 7812), 276 Germany, five digits of the issuer, ten of the card; no check digit.
fn is_iccsn(text: &str) -> bool {
    text.len() == 20 && text.starts_with("80276") && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_members_file_is_a_member() {
        let member: Member = "J012345677; Junko; Jens-Jörg; 19581200".parse().unwrap();
        assert_eq!(member.given_names, "Jens-Jörg");
        let roll = Roll::new(vec![member.clone()]).unwrap();
        assert!(roll.member("J012345677").unwrap().person.names_agree("JUNKO", "Jens Joerg"));
        assert!(Roll::new(vec![member.clone(), member]).is_err(), "twice on the roll");
    }

    #[test]
    fn the_end_of_a_card_number_is_that_of_the_current_card() {
        let line = "J012345677;Junko;Jens-Jörg;19581200;80276883110000000010";
        let roll = |line: &str| Roll::new(vec![line.parse().unwrap()]).unwrap();
        let ends_with = |line, tail| roll(line).member("J012345677").unwrap().card_number_ends_with(tail);
        for (tail, expected) in [("0010", true), ("000010", true), ("0011", false), ("10010", false)] {
            assert_eq!(ends_with(line, tail), expected, "{tail}");
            assert!(!ends_with("J012345677;Junko;Jens-Jörg;19581200", tail), "without a card nothing agrees");
        }
    }

    #[test]
    fn a_line_that_is_no_member_is_refused() {
        for line in [
            "J012345677",
            "J012345677;Junko;Jens-Jörg",
            "J1;Junko;Jens;19581200",
            "J012345677;;;19581200",
            "J012345677;Junko;Jens;1958",
            "J012345677;Junko;Jens;19581200;",
            "J012345677;Junko;Jens;19581200;8027688311000000001",
            "J012345677;Junko;Jens;19581200;90276883110000000010",
            "J012345677;Junko;Jens;19581200;80276883110000000010;1",
        ] {
            let refused = line.parse().and_then(|member| Roll::new(vec![member]));
            assert!(refused.is_err(), "{line}");
        }
    }
}
