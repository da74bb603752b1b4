//! Concerns as rows: for whom, on what authority, with what result.

use account::Representation as Filed;
use bridge::{AuthorityView, ConcernRow, ConcernRowState, PersonView};
use identification::{Concern, ConcernState, Deed, Person, Policy, Purpose, Term};
use jiff::civil::Date;

use crate::{
    concerns::filed,
    convert,
    state::{InProgress, failed},
};

pub(super) fn rows(it: &InProgress, policy: &Policy, today: Date) -> Vec<ConcernRow> {
    let shown = it.visit.concerns.iter().filter(|concern| concern.state != ConcernState::Withdrawn);
    shown.map(|concern| row(it, concern, policy, today)).collect()
}

pub(super) fn row(it: &InProgress, concern: &Concern, policy: &Policy, today: Date) -> ConcernRow {
    let filed = it.filed.get(&concern.id);
    let own = it.own.contains(&concern.id) || concern.purpose == Some(Purpose::AppActivation);
    ConcernRow {
        id: concern.id.uuid().to_string(),
        person: person(&concern.subject.person, Some(concern.subject.kvnr.masked())),
        own,
        purpose: concern.purpose.map(convert::purpose),
        authority: match (&concern.representation, filed) {
            (Some(shown), filed) => Some(authority(&shown.deed, filed, policy, today)),
            (None, Some(filed)) => Some(on_file(filed, policy, today)),
            (None, None) => None,
        },
        state: state(concern),
    }
}

fn state(concern: &Concern) -> ConcernRowState {
    match concern.state {
        ConcernState::Refused(reason) => ConcernRowState::Refused { reason: convert::reason(reason) },
        ConcernState::Withdrawn => ConcernRowState::Withdrawn,
        ConcernState::Open if concern.codes.iter().any(|code| code.handed_over_at.is_some()) => {
            ConcernRowState::HandedOver
        }
        ConcernState::Open if failed(concern) => ConcernRowState::Failed,
        ConcernState::Open if concern.purpose.is_none() => ConcernRowState::Incomplete,
        ConcernState::Open => ConcernRowState::Possible {
            needs_release: concern.representation.as_ref().is_some_and(|it| it.grant.needs_release),
        },
    }
}

pub(super) fn person(person: &Person, kvnr_masked: Option<String>) -> PersonView {
    PersonView {
        family_name: person.name.full_family_name(),
        given_names: person.name.given_names.clone(),
        title: person.name.title.clone(),
        birth_date: person.birth_date.map(identification::BirthDate::to_iso),
        kvnr_masked,
    }
}

/// The deed as it was shown.
pub(super) fn authority(deed: &Deed, filed: Option<&Filed>, policy: &Policy, today: Date) -> AuthorityView {
    AuthorityView {
        court: deed.court.clone(),
        file_number: deed.file_number.clone(),
        issued_on: deed.issued_on.to_string(),
        areas: deed.areas.iter().copied().map(convert::area).collect(),
        provisional: deed.term != Term::Permanent,
        provisional_until: match deed.term {
            Term::Provisional(end) => end.map(|end| end.to_string()),
            Term::Permanent => None,
        },
        on_file: filed.is_some(),
        confirmed_on: filed.and_then(|it| it.confirmed_on).map(|date| date.to_string()),
        declaration_needed: !confirmed(filed, policy, today),
        seen_as: Some(convert::seen_as(deed.seen_as)),
    }
}

/// What the register has, while the deed is asked for.
fn on_file(filed: &Filed, policy: &Policy, today: Date) -> AuthorityView {
    AuthorityView {
        court: filed.court.expose().to_owned(),
        file_number: filed.file_number.expose().to_owned(),
        issued_on: filed.issued_on.to_string(),
        areas: filed.areas.iter().copied().map(area).collect(),
        provisional: filed.provisional_until.is_some(),
        provisional_until: filed.provisional_until.map(|date| date.to_string()),
        on_file: true,
        confirmed_on: filed.confirmed_on.map(|date| date.to_string()),
        declaration_needed: !confirmed(Some(filed), policy, today),
        seen_as: None,
    }
}

fn confirmed(shown: Option<&Filed>, policy: &Policy, today: Date) -> bool {
    shown.is_some_and(|it| filed(it).is_confirmed(policy, today))
}

/// Areas that the rules don't tell apart are "other" ones.
fn area(area: account::Area) -> bridge::Area {
    match area {
        account::Area::Health => bridge::Area::Health,
        account::Area::SocialBenefits => bridge::Area::SocialBenefits,
        account::Area::Authorities => bridge::Area::Authorities,
        account::Area::Assets => bridge::Area::Assets,
        account::Area::Post => bridge::Area::Post,
        account::Area::ElectronicCommunication => bridge::Area::ElectronicCommunication,
        account::Area::Residence
        | account::Area::Housing
        | account::Area::Care
        | account::Area::Placement
        | account::Area::Contact
        | account::Area::Other => bridge::Area::Other,
    }
}
