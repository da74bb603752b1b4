//! Who works at the desk, and who comes as a carer: gematik's birds, with what the insurer's registers hold about them.

use account_service::{Area, Filed, NewRepresentative, RepresentationStatus, RepresentativeKind};
use anyhow::{Context, Result};
use card_sim::Persona;
use jiff::{ToSpan, civil::Date};

/// Somebody who works at the desk. These PINs are no secret: they open nothing but a demo.
#[derive(Debug, Clone, Copy)]
pub struct Colleague {
    /// As in the accounts file.
    pub id: &'static str,
    /// As the desk shows it.
    pub name: &'static str,
    /// `clerk` or `supervisor`.
    pub role: &'static str,
    /// Six digits.
    pub pin: &'static str,
}

/// Leads the visits.
pub const CLERK: Colleague = Colleague { id: "s-4711", name: "M. Petersen", role: "clerk", pin: "471100" };
/// Another clerk, who takes no part.
pub const OTHER_CLERK: Colleague =
    Colleague { id: "s-4712", name: "H. Habicht", role: "clerk", pin: "471200" };
/// Takes the second look.
pub const SUPERVISOR: Colleague =
    Colleague { id: "s-0815", name: "F. Fasan", role: "supervisor", pin: "081500" };
/// Looks at visits afterwards.
pub const REVIEWER: Colleague =
    Colleague { id: "s-0816", name: "G. Graugans", role: "supervisor", pin: "081600" };
/// Everybody, in the order of the sign-in screen; their names begin with letters of their own.
pub const STAFF: [Colleague; 4] = [CLERK, OTHER_CLERK, SUPERVISOR, REVIEWER];

/// Whose card the visit of the demo begins with, as the card simulator calls it.
pub const PERSONA: &str = "buntspecht";
/// Comes without a card.
pub const WITHOUT_CARD: &str = "dohle";
/// The professional carer.
pub const CARER: &str = "elster";
/// The carer's ward: for good, confirmed this year.
pub const WARD: &str = "amsel";
/// Was the carer's ward: the provisional order ended eight days ago.
pub const FORMER_WARD: &str = "kiebitz";

/// What a carer's account is made of.
pub(crate) fn representative(persona: &Persona) -> Result<NewRepresentative> {
    let date = &persona.birth_date;
    let part = |range| date.get(range).context("a persona's birth date is too short");
    Ok(NewRepresentative {
        family_name: family_name(persona),
        given_names: persona.given_names.clone(),
        birth_date: format!("{}-{}-{}", part(0..4)?, part(4..6)?, part(6..8)?),
        kind: RepresentativeKind::Professional,
    })
}

/// Name with the parts that stand before it.
pub(crate) fn family_name(persona: &Persona) -> String {
    let parts = [persona.name_suffix.as_deref(), persona.name_prefix.as_deref(), Some(&persona.family_name)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What the register holds about [`WARD`].
pub(crate) fn filed(today: Date) -> Filed {
    Filed {
        court: String::from("Amtsgericht Altona"),
        file_number: String::from("12 XVII 345/23"),
        issued_on: today.saturating_sub(3.years()),
        areas: vec![Area::Health, Area::SocialBenefits, Area::Post],
        provisional_until: None,
        status: RepresentationStatus::Active,
        confirmed_on: Some(today.saturating_sub(3.months())),
    }
}

/// What the register holds about [`FORMER_WARD`].
pub(crate) fn filed_provisionally(today: Date) -> Filed {
    Filed {
        court: String::from("Amtsgericht Harburg"),
        file_number: String::from("4 XVII 88/26"),
        issued_on: today.saturating_sub(6.months()),
        areas: vec![Area::Health, Area::Assets],
        provisional_until: Some(today.saturating_sub(8.days())),
        status: RepresentationStatus::Active,
        confirmed_on: Some(today.saturating_sub(6.months())),
    }
}
