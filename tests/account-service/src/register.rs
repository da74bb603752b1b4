//! The register of representations: who may act for whom, on what authority, confirmed when.

use std::collections::HashSet;

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    codes,
    database::{Transaction, params},
    deeds,
    model::{self, Court, Deed, FileNumber},
    problem::Problem,
    representatives,
};

/// Months after which a confirmation no longer counts.
const CONFIRMED_FOR_MONTHS: i32 = 12;

/// Areas of a carer's duties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Area {
    /// Gesundheitssorge
    Health,
    /// Sozialleistungsträger
    SocialBenefits,
    /// Behörden
    Authorities,
    /// Vermögenssorge
    Assets,
    /// Post
    Post,
    /// Elektronische Kommunikation
    ElectronicCommunication,
    /// Aufenthalt
    Residence,
    /// Wohnung
    Housing,
    /// Heim und Pflege
    Care,
    /// Unterbringung
    Placement,
    /// Umgang
    Contact,
    /// Sonstiges
    Other,
}

/// Where an entry of the register stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RepresentationStatus {
    /// In force.
    Active,
    /// Noted; the deed isn't filed yet.
    Pending,
    /// Suspended by court or insurer.
    Suspended,
    /// Over.
    Ended,
}

/// An entry of the register.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Filed {
    /// The court.
    pub court: String,
    /// Its file number.
    pub file_number: String,
    /// Day of the deed.
    pub issued_on: Date,
    /// Areas that the deed names.
    pub areas: Vec<Area>,
    /// Last day of a provisional order.
    pub provisional_until: Option<Date>,
    /// Where the entry stands.
    pub status: RepresentationStatus,
    /// When it was last confirmed to go on unchanged.
    pub confirmed_on: Option<Date>,
}

impl Filed {
    /// What a deed says that the back office has just confirmed.
    fn confirmed(deed: &Deed, today: Date) -> Self {
        Self { status: RepresentationStatus::Active, confirmed_on: Some(today), ..Self::noted(deed) }
    }

    /// What a deed says that the back office hasn't seen.
    pub(crate) fn noted(deed: &Deed) -> Self {
        Self {
            court: deed.court.to_string(),
            file_number: deed.file_number.to_string(),
            issued_on: deed.issued_on,
            areas: deed.areas.clone(),
            provisional_until: deed.provisional_until,
            status: RepresentationStatus::Pending,
            confirmed_on: None,
        }
    }

    /// Whether the contract could tell it: a court and a file number, areas, each of them once.
    pub(crate) fn is_tellable(&self) -> bool {
        let texts = Court::try_from(self.court.clone()).is_ok()
            && FileNumber::try_from(self.file_number.clone()).is_ok();
        let distinct: HashSet<_> = self.areas.iter().collect();
        texts && !self.areas.is_empty() && distinct.len() == self.areas.len()
    }

    /// Whether nobody can act on it.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.status, RepresentationStatus::Suspended | RepresentationStatus::Ended)
    }

    /// Whether it is in force, about the very deed that was seen, and confirmed within the last twelve months.
    pub(crate) fn vouches_for(&self, deed: &Deed, today: Date) -> bool {
        let same_deed = self.court == *deed.court
            && self.file_number == *deed.file_number
            && self.issued_on == deed.issued_on
            && self.provisional_until == deed.provisional_until
            && deed.areas.iter().all(|area| self.areas.contains(area));
        let confirmed =
            self.confirmed_on.is_some_and(|day| today <= day.saturating_add(CONFIRMED_FOR_MONTHS.months()));
        self.status == RepresentationStatus::Active && same_deed && confirmed
    }

    fn is_in_force(&self, today: Date) -> bool {
        self.status == RepresentationStatus::Active && self.provisional_until.is_none_or(|last| today <= last)
    }
}

/// The entry about that representative and that person, and nobody else.
pub(crate) fn find(
    transaction: &Transaction<'_>,
    representative: &str,
    kvnr: &str,
) -> Result<Option<Filed>, Problem> {
    let query = "SELECT entry FROM representations WHERE representative = $1 AND kvnr = $2";
    let entry: Option<String> =
        transaction.query_opt(query, params![representative, kvnr], |row| row.get("entry"))?;
    Ok(entry.map(|entry| serde_json::from_str(&entry)).transpose().map_err(anyhow::Error::from)?)
}

/// Whether somebody is on file as carer of that person.
pub(crate) fn has_carer(transaction: &Transaction<'_>, kvnr: &str) -> Result<bool, Problem> {
    let query = "SELECT 1 FROM representations WHERE kvnr = $1 AND status <> 'ENDED'";
    Ok(transaction.exists(query, params![kvnr])?)
}

/// Files an entry in place of any earlier one. When it says that the representation is suspended or over, what
/// desks delivered of it, the codes and the access that rest on it end.
pub(crate) fn file(
    transaction: &Transaction<'_>,
    representative: &str,
    kvnr: &str,
    entry: &Filed,
) -> Result<(), Problem> {
    representatives::find(transaction, representative)?;
    let json = serde_json::to_string(entry).map_err(anyhow::Error::from)?;
    transaction.execute(
        "INSERT INTO representations (representative, kvnr, entry, status) VALUES ($1, $2, $3, $4)
         ON CONFLICT (representative, kvnr) DO UPDATE SET entry = excluded.entry, status = excluded.status",
        params![representative, kvnr, json, model::word(&entry.status)?],
    )?;
    if entry.is_over() {
        let both = codes::RestingOn::Representation { representative, kvnr };
        deeds::end(transaction, &both)?;
        codes::revoke(transaction, &both)?;
    }
    Ok(())
}

/// Files a deed that the back office has checked: in force, confirmed today.
pub(crate) fn confirm(
    transaction: &Transaction<'_>,
    representative: &str,
    kvnr: &str,
    deed: &Deed,
    today: Date,
) -> Result<(), Problem> {
    file(transaction, representative, kvnr, &Filed::confirmed(deed, today))
}

/// Whether that representative has access to that person's data today.
pub(crate) fn has_access(
    transaction: &Transaction<'_>,
    representative: &str,
    kvnr: &str,
    today: Date,
) -> Result<bool, Problem> {
    let opened = "SELECT 1 FROM accesses WHERE representative = $1 AND kvnr = $2 AND state = 'OPEN'";
    let opened = transaction.exists(opened, params![representative, kvnr])?;
    Ok(opened && find(transaction, representative, kvnr)?.is_some_and(|entry| entry.is_in_force(today)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn seen() -> Deed {
        let seen = json!({
            "court": "Amtsgericht Altona", "fileNumber": "12 XVII 345/23", "issuedOn": "2023-05-02",
            "areas": ["HEALTH"], "provisionalUntil": null, "seenAs": "ORIGINAL", "declaredUnchanged": true,
        });
        serde_json::from_value(seen).unwrap()
    }

    #[test]
    fn the_register_vouches_for_the_deed_that_it_holds_for_twelve_months() {
        let filed = Filed::confirmed(&seen(), TODAY);
        assert!(filed.vouches_for(&seen(), TODAY));
        assert!(filed.vouches_for(&seen(), date(2027, 11, 22)));
        assert!(!filed.vouches_for(&seen(), date(2027, 11, 23)));
    }

    #[test]
    fn the_register_vouches_for_no_other_deed_and_no_wider_one() {
        let filed = || Filed::confirmed(&seen(), TODAY);
        for other in [
            Filed { court: "Amtsgericht Kiel".to_owned(), ..filed() },
            Filed { file_number: "12 XVII 346/23".to_owned(), ..filed() },
            Filed { issued_on: date(2023, 5, 3), ..filed() },
            Filed { provisional_until: Some(date(2027, 1, 1)), ..filed() },
            Filed { areas: vec![Area::Assets], ..filed() },
            Filed { status: RepresentationStatus::Pending, ..filed() },
            Filed { confirmed_on: None, ..filed() },
        ] {
            assert!(!other.vouches_for(&seen(), TODAY), "{other:?}");
        }
        let wider = Filed { areas: vec![Area::Assets, Area::Health], ..filed() };
        assert!(wider.vouches_for(&seen(), TODAY), "a deed may show less than is on file");
    }
}
