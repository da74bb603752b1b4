//! Accepting a code: the service decides for itself whether everything that it rests on is there.

use jiff::civil::Date;

use super::{Key, State, Status, expire};
use crate::{
    database::{Transaction, params},
    identifications,
    members::{self, MemberFlag},
    model::{self, Authority, Entitlement, Identification, Level, PersonNumber, Purpose},
    problem::Problem,
    register::{self, Area},
    representatives,
    roll::Entry,
    secrets::Binding,
    service::Shared,
};

/// Wrong tries until a code locks.
const TRIES: u8 = 5;
/// One of these must be among the areas of a deed: nothing else is an insurer's matter.
const SUFFICIENT_AREAS: [Area; 2] = [Area::Health, Area::SocialBenefits];

/// To what a code is bound.
enum Bound<'a> {
    App { registration: String },
    Representative { number: &'a str, authority: &'a Authority, awaiting_release: bool },
}

/// Accepts a code for the app that shows the visit number, or for a representative.
pub(crate) fn accept(
    transaction: &Transaction<'_>,
    shared: &Shared,
    desk: &str,
    id: &str,
    code: &model::Code,
) -> Result<Status, Problem> {
    let today = shared.today();
    let entitlement = code.entitlement().ok_or(Problem::Validation)?;
    if code.valid_until < today {
        return Err(Problem::Validation);
    }
    let identification = identifications::find(transaction, desk, &code.identification_id)?;
    if code.offline && (code.purpose == Purpose::Epa || identification.level == Level::High) {
        return Err(Problem::OfflineNotAdmitted);
    }
    // Not even with the person's consent (§ 291 (7), (8) with § 336 (4) SGB V).
    if identification.has_chip() && code.purpose != Purpose::Epa {
        return Err(Problem::ChipNotAdmitted);
    }
    let bound = match entitlement {
        Entitlement::App { visit_number } => {
            let own = Own { kvnr: &code.kvnr, visit_number, identification: &identification };
            own.app(transaction, shared)?
        }
        Entitlement::Epa { visit_number } => {
            let own = Own { kvnr: &code.kvnr, visit_number, identification: &identification };
            own.epa(transaction, shared)?
        }
        Entitlement::Access { representative, authority } => {
            let access =
                Access { kvnr: &code.kvnr, representative, authority, valid_until: code.valid_until };
            access.granted(transaction, shared, &identification)?
        }
    };
    keep(transaction, shared, desk, id, code, &bound)?;
    let awaiting_release = matches!(bound, Bound::Representative { awaiting_release: true, .. });
    Ok(Status { state: State::Accepted, awaiting_release })
}

/// What a desk asks for an insured person themselves.
struct Own<'a> {
    kvnr: &'a str,
    visit_number: &'a str,
    identification: &'a Identification,
}

impl<'a> Own<'a> {
    /// The use of the app: for the person by their own number, or as a representative with the same names and date of
    /// birth, proven in full.
    fn app(&self, transaction: &Transaction<'_>, shared: &Shared) -> Result<Bound<'a>, Problem> {
        let member = self.member(transaction, shared)?;
        let same = match self.identification.person() {
            Some(PersonNumber::Kvnr(number)) => number == self.kvnr,
            Some(PersonNumber::Representative(number)) => {
                let representative = representatives::find(transaction, number)?;
                self.identification.matches_in_full() && representative.person.is(&member.person)
            }
            None => false,
        };
        if !same {
            return Err(Problem::IdentificationUnknown);
        }
        if members::account(transaction, self.kvnr)? == members::Account::AppActive {
            return Err(Problem::AccountExists);
        }
        self.bound(transaction)
    }

    /// The electronic health record, which the service doesn't open on a desk's word: it looks at what the
    /// identification covers (§ 336 (4) SGB V: the person, and the health card that was issued to them).
    fn epa(&self, transaction: &Transaction<'_>, shared: &Shared) -> Result<Bound<'a>, Problem> {
        let member = self.member(transaction, shared)?;
        if self.identification.person() != Some(PersonNumber::Kvnr(self.kvnr)) {
            return Err(Problem::IdentificationUnknown);
        }
        if self.identification.second_operator.is_none() {
            return Err(Problem::SodViolation);
        }
        if self.identification.level != Level::High {
            return Err(Problem::LevelTooLow);
        }
        let card = self.identification.genuine_health_card();
        if !card.is_some_and(|tail| member.card_number_ends_with(tail)) {
            return Err(Problem::HealthCardUnproven);
        }
        self.bound(transaction)
    }

    fn member<'s>(&self, transaction: &Transaction<'_>, shared: &'s Shared) -> Result<&'s Entry, Problem> {
        let member = shared.member(self.kvnr).ok_or(Problem::NotInsured)?;
        if members::account(transaction, self.kvnr)? == members::Account::Locked {
            return Err(Problem::AccountLocked);
        }
        Ok(member)
    }

    fn bound(&self, transaction: &Transaction<'_>) -> Result<Bound<'a>, Problem> {
        let registration = members::showing(transaction, self.kvnr, self.visit_number)?;
        Ok(Bound::App { registration: registration.ok_or(Problem::VisitNumberUnknown)? })
    }
}

/// Access that a desk asks for on behalf of a representative.
struct Access<'a> {
    kvnr: &'a str,
    representative: &'a str,
    authority: &'a Authority,
    valid_until: Date,
}

impl<'a> Access<'a> {
    fn granted(
        &self,
        transaction: &Transaction<'_>,
        shared: &Shared,
        identification: &Identification,
    ) -> Result<Bound<'a>, Problem> {
        let today = shared.today();
        if identification.person() != Some(PersonNumber::Representative(self.representative)) {
            return Err(Problem::IdentificationUnknown);
        }
        if identification.second_operator.is_none() {
            return Err(Problem::SodViolation);
        }
        if representatives::find(transaction, self.representative)?.locked {
            return Err(Problem::AccountLocked);
        }
        if shared.member(self.kvnr).is_none() {
            return Err(Problem::NotInsured);
        }
        if self.authority.issued_on > today {
            return Err(Problem::Validation);
        }
        if !SUFFICIENT_AREAS.iter().any(|area| self.authority.areas.contains(area)) {
            return Err(Problem::AreaMissing);
        }
        let entry = register::find(transaction, self.representative, self.kvnr)?;
        // The care ends with the cared-for person's death (§ 1870 BGB).
        if members::is_flagged(transaction, self.kvnr, MemberFlag::Deceased)?
            || self.outlasts(self.authority.provisional_until)
            || entry.as_ref().is_some_and(register::Filed::is_over)
        {
            return Err(Problem::RepresentationNotActive);
        }
        let awaiting_release = !entry.is_some_and(|entry| entry.vouches_for(self.authority, today));
        let (number, authority) = (self.representative, self.authority);
        Ok(Bound::Representative { number, authority, awaiting_release })
    }

    /// Whether the code would outlast a provisional order; one that is past already, too.
    fn outlasts(&self, provisional_until: Option<Date>) -> bool {
        provisional_until.is_some_and(|last| self.valid_until > last)
    }
}

fn keep(
    transaction: &Transaction<'_>,
    shared: &Shared,
    desk: &str,
    id: &str,
    code: &model::Code,
    bound: &Bound<'_>,
) -> Result<(), Problem> {
    let (kvnr, purpose, reference): (&str, &str, &str) = (&code.kvnr, code.purpose.as_str(), &code.reference);
    let (registration, representative, authority, awaiting_release) = match bound {
        Bound::App { registration } => (Some(registration), None, None, false),
        Bound::Representative { number, authority, awaiting_release } => {
            let authority = serde_json::to_string(authority).map_err(anyhow::Error::from)?;
            (None, Some(*number), Some(authority), *awaiting_release)
        }
    };
    expire(transaction, Key::Kvnr, kvnr, shared.today())?;
    let open =
        "SELECT 1 FROM codes WHERE kvnr = $1 AND purpose = $2 AND representative IS NOT DISTINCT FROM $3
                AND state IN ('ACCEPTED', 'ACTIVE')";
    if transaction.exists(open, params![kvnr, purpose, representative])? {
        return Err(Problem::OpenCodeExists);
    }
    if transaction.exists("SELECT 1 FROM codes WHERE reference = $1", params![reference])? {
        return Err(Problem::ReferenceTaken);
    }
    let plain = shared.secrets.open_code(&code.sealed_code).ok_or(Problem::SealedCodeUnreadable)?;
    let verifier = shared.secrets.verifier(&Binding { kvnr, purpose, code_id: id }, &plain)?;
    transaction.execute(
        "INSERT INTO codes (id, desk, identification, registration, representative, authority, kvnr, purpose,
                            reference, valid_until, verifier, tries_left, awaiting_release, accepted_at, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'ACCEPTED')",
        params![
            id,
            desk,
            &*code.identification_id,
            registration,
            representative,
            authority,
            kvnr,
            purpose,
            reference,
            code.valid_until,
            verifier,
            TRIES,
            awaiting_release,
            shared.now(),
        ],
    )?;
    Ok(())
}
