//! Who is insured here: what the insurer's own register would know.

use std::{collections::HashMap, str::FromStr};

use anyhow::Context;

use crate::{
    birth_date::{BirthDate, Comparison},
    model::Kvnr,
    names::{self, Names},
};

/// An insured person. In a members file one line: `KVNR;family name;given names;YYYYMMDD`.
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
}

impl FromStr for Member {
    type Err = anyhow::Error;

    fn from_str(line: &str) -> anyhow::Result<Self> {
        let fields: Vec<_> = line.split(';').map(|field| field.trim().to_owned()).collect();
        let fields: [String; 4] = fields.try_into().ok().context("a member's line has not four fields")?;
        let [kvnr, family_name, given_names, birth_date] = fields;
        Ok(Self { kvnr, family_name, given_names, birth_date })
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

/// Everybody who is insured here, by Krankenversichertennummer.
pub(crate) struct Roll(HashMap<String, Person>);

impl Roll {
    pub(crate) fn new(members: Vec<Member>) -> anyhow::Result<Self> {
        let mut roll = HashMap::with_capacity(members.len());
        for member in members {
            let Member { kvnr, family_name, given_names, birth_date } = member;
            Kvnr::try_from(kvnr.clone()).ok().context("a member is no Krankenversichertennummer")?;
            let birth_date = BirthDate::compact(&birth_date).context("a member's date of birth is none")?;
            anyhow::ensure!(!family_name.is_empty(), "a member has no family name");
            let person = Person { family_name, given_names, birth_date };
            anyhow::ensure!(roll.insert(kvnr, person).is_none(), "a member stands twice on the roll");
        }
        Ok(Self(roll))
    }

    pub(crate) fn member(&self, kvnr: &str) -> Option<&Person> {
        self.0.get(kvnr)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_members_file_is_a_member() {
        let member: Member = "J012345677; Junko; Jens-Jörg; 19581200".parse().unwrap();
        assert_eq!(member.given_names, "Jens-Jörg");
        let roll = Roll::new(vec![member.clone()]).unwrap();
        assert!(roll.member("J012345677").unwrap().names_agree("JUNKO", "Jens Joerg"));
        assert!(Roll::new(vec![member.clone(), member]).is_err(), "twice on the roll");
    }

    #[test]
    fn a_line_that_is_no_member_is_refused() {
        for line in [
            "J012345677",
            "J012345677;Junko;Jens-Jörg",
            "J1;Junko;Jens;19581200",
            "J012345677;;;19581200",
            "J012345677;Junko;Jens;1958",
        ] {
            let refused = line.parse().and_then(|member| Roll::new(vec![member]));
            assert!(refused.is_err(), "{line}");
        }
    }
}
