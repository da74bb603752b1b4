//! Representations as desks delivered them: the deed that was accepted, and whether that has ended since. What the back
//! office has filed of it stands in the [`register`].

use jiff::civil::Date;

use crate::{
    codes::RestingOn,
    database::{Error, Row, Transaction, params},
    identifications,
    members::{self, MemberFlag},
    model::{Deed, PersonNumber, Representation},
    problem::Problem,
    register::{self, Area, Filed},
    representatives,
    service::Shared,
};

/// One of these must be among the areas of a deed: nothing else is an insurer's matter.
const SUFFICIENT_AREAS: [Area; 2] = [Area::Health, Area::SocialBenefits];

/// Where a delivered representation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Pending,
    Active,
    Ended,
}

impl Standing {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Active => "ACTIVE",
            Self::Ended => "ENDED",
        }
    }
}

/// A delivered representation.
pub(crate) struct Delivered {
    desk: String,
    pub(crate) identification: String,
    pub(crate) representative: String,
    pub(crate) kvnr: String,
    pub(crate) deed: Deed,
    ended: bool,
}

impl Delivered {
    /// Where it stands on that day.
    pub(crate) fn standing(&self, transaction: &Transaction<'_>, today: Date) -> Result<Standing, Problem> {
        let entry = register::find(transaction, &self.representative, &self.kvnr)?;
        let deceased = members::is_flagged(transaction, &self.kvnr, MemberFlag::Deceased)?;
        let over =
            self.ended || deceased || self.deed.is_past(today) || entry.as_ref().is_some_and(Filed::is_over);
        Ok(match entry {
            _ if over => Standing::Ended,
            Some(entry) if entry.vouches_for(&self.deed, today) => Standing::Active,
            Some(_) | None => Standing::Pending,
        })
    }
}

/// Accepts a representation, if everything that it rests on is there.
pub(crate) fn accept(
    transaction: &Transaction<'_>,
    shared: &Shared,
    desk: &str,
    id: &str,
    record: &Representation,
) -> Result<Standing, Problem> {
    let today = shared.today();
    let identification = identifications::find(transaction, desk, &record.identification_id)?;
    if identification.person() != Some(PersonNumber::Representative(&record.representative)) {
        return Err(Problem::IdentificationUnknown);
    }
    if identification.second_operator.is_none() {
        return Err(Problem::SodViolation);
    }
    if representatives::find(transaction, &record.representative)?.locked {
        return Err(Problem::AccountLocked);
    }
    shared.member(&record.kvnr).ok_or(Problem::NotInsured)?;
    let deed = record.deed();
    if deed.issued_on > today {
        return Err(Problem::Validation);
    }
    if !SUFFICIENT_AREAS.iter().any(|area| deed.areas.contains(area)) {
        return Err(Problem::AreaMissing);
    }
    let json = serde_json::to_string(&deed).map_err(anyhow::Error::from)?;
    let accepted = Delivered {
        desk: desk.to_owned(),
        identification: record.identification_id.to_string(),
        representative: record.representative.to_string(),
        kvnr: record.kvnr.to_string(),
        deed,
        ended: false,
    };
    let standing = accepted.standing(transaction, today)?;
    if standing == Standing::Ended {
        return Err(Problem::RepresentationNotActive);
    }
    let Delivered { identification, representative, kvnr, .. } = &accepted;
    transaction.execute(
        "INSERT INTO deeds (id, desk, identification, representative, kvnr, operator, deed, accepted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, desk, identification, representative, kvnr, &*record.operator, json, shared.now()],
    )?;
    Ok(standing)
}

/// One that a desk has delivered, by the id that it was given there.
pub(crate) fn find(transaction: &Transaction<'_>, id: &str) -> Result<Option<Delivered>, Problem> {
    Ok(transaction.query_opt("SELECT * FROM deeds WHERE id = $1", params![id], read)?)
}

/// Where a representation of that desk stands.
pub(crate) fn standing(
    transaction: &Transaction<'_>,
    desk: &str,
    id: &str,
    today: Date,
) -> Result<Standing, Problem> {
    let found = find(transaction, id)?.ok_or(Problem::NotFound)?;
    if found.desk == desk { found.standing(transaction, today) } else { Err(Problem::ForbiddenDesk) }
}

/// One that a code of that desk can rest on.
pub(crate) fn of_desk(transaction: &Transaction<'_>, desk: &str, id: &str) -> Result<Delivered, Problem> {
    let found = find(transaction, id)?.filter(|it| it.desk == desk);
    found.ok_or(Problem::RepresentationUnknown)
}

/// What is noted of that representative and that person though nothing is on file: the newest deed that hasn't ended.
pub(crate) fn noted(
    transaction: &Transaction<'_>,
    representative: &str,
    kvnr: &str,
    today: Date,
) -> Result<Option<Filed>, Problem> {
    let newest = "SELECT * FROM deeds WHERE representative = $1 AND kvnr = $2 AND NOT ended
                  ORDER BY accepted_at DESC, id DESC LIMIT 1";
    let newest = transaction.query_opt(newest, params![representative, kvnr], read)?;
    let Some(newest) = newest else { return Ok(None) };
    let pending = newest.standing(transaction, today)? == Standing::Pending;
    Ok(pending.then(|| Filed::noted(&newest.deed)))
}

/// Those that rest on it, or are it, have ended for good.
pub(crate) fn end(transaction: &Transaction<'_>, which: &RestingOn<'_>) -> Result<(), Problem> {
    let (column, key, representative) = which.key();
    let ended = format!(
        "UPDATE deeds SET ended = TRUE
         WHERE {column} = $1 AND (CAST($2 AS TEXT) IS NULL OR representative = $2)"
    );
    transaction.execute(&ended, params![key, representative])?;
    Ok(())
}

fn read(row: &Row) -> Result<Delivered, Error> {
    let deed: String = row.get("deed")?;
    Ok(Delivered {
        desk: row.get("desk")?,
        identification: row.get("identification")?,
        representative: row.get("representative")?,
        kvnr: row.get("kvnr")?,
        deed: serde_json::from_str(&deed).map_err(|_| Error::unexpected("a kept deed is none"))?,
        ended: row.get("ended")?,
    })
}
