//! Accepting a code: the service decides for itself whether everything that it rests on is there.

use jiff::ToSpan;

use super::{Key, State, Status, expire};
use crate::{
    database::{Transaction, params},
    deeds::{self, Standing},
    identifications, members,
    model::{self, Entitlement, Identification, Level, PersonNumber, Purpose},
    problem::Problem,
    representatives,
    roll::Entry,
    secrets::Binding,
    service::Shared,
};

/// Wrong tries until a code locks.
const TRIES: u8 = 5;
/// To what a code is bound.
enum Bound<'a> {
    App { registration: String },
    Representative { number: String, representation: &'a str, awaiting_release: bool },
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
    let latest = shared.latest_today().saturating_add(i32::from(shared.offline_days).days());
    let too_much = code.purpose == Purpose::Epa || identification.level == Level::High;
    if code.offline && (too_much || code.valid_until > latest) {
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
        Entitlement::Access { representation } => access(transaction, shared, desk, code, representation)?,
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

/// Access for a representative, who was proven when the representation was accepted.
fn access<'a>(
    transaction: &Transaction<'_>,
    shared: &Shared,
    desk: &str,
    code: &model::Code,
    representation: &'a str,
) -> Result<Bound<'a>, Problem> {
    let told = deeds::of_desk(transaction, desk, representation)?;
    if told.kvnr != *code.kvnr || told.identification != *code.identification_id {
        return Err(Problem::RepresentationUnknown);
    }
    if representatives::find(transaction, &told.representative)?.locked {
        return Err(Problem::AccountLocked);
    }
    let standing = told.standing(transaction, shared.today())?;
    let outlasts = told.deed.provisional_until.is_some_and(|last| code.valid_until > last);
    if standing == Standing::Ended || outlasts {
        return Err(Problem::RepresentationNotActive);
    }
    let awaiting_release = standing != Standing::Active;
    Ok(Bound::Representative { number: told.representative, representation, awaiting_release })
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
    let (registration, representative, representation, awaiting_release) = match bound {
        Bound::App { registration } => (Some(registration), None, None, false),
        Bound::Representative { number, representation, awaiting_release } => {
            (None, Some(number), Some(*representation), *awaiting_release)
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
        "INSERT INTO codes (id, desk, identification, registration, representative, representation, kvnr, purpose,
                            reference, valid_until, verifier, tries_left, awaiting_release, accepted_at, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'ACCEPTED')",
        params![
            id,
            desk,
            &*code.identification_id,
            registration,
            representative,
            representation,
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
