//! Who comes to the desk, and what the account service says of them.

use std::collections::BTreeSet;

use identification::{
    AccountState, Acting, ActingRole, Area, BirthDate, CardAuthenticity, CardCheck, CardCheckReason,
    CardNumberAnswer, CarerKind, Command, ConcernId, DateAgreement, Deed, Filed, FiledStatus, HealthCard,
    IdentificationId, Kvnr, Line, Name, NewConcern, Office, Opening, OperatorId, Person, Proof,
    RepresentativeAccount, RepresentativeNumber, SeenAs, Staff, StaffRole, Subject, SubjectRegister, Term,
    VisitId,
};
use jiff::civil::date;
use uuid::Uuid;

/// A bird (gematik, spec-VSDM2, `VSDDatensatzGKV-*`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bird {
    pub(crate) kvnr: &'static str,
    pub(crate) given_names: &'static str,
    pub(crate) family_name: &'static str,
    pub(crate) born: BirthDate,
}

pub(crate) const AMSEL: Bird = bird("A123456780", "Andrea", "Amsel", (1997, 12, 28));
pub(crate) const BUNTSPECHT: Bird = bird("B234567895", "Bernd Benjamin", "Buntspecht", (1988, 6, 22));
/// The carer of these tests; insured here as well.
pub(crate) const CAROLINATAUBE: Bird = bird("C345678908", "Charlie", "Carolinataube", (1979, 6, 11));
pub(crate) const DOHLE: Bird = bird("D456789013", "Dara", "Dohle", (1970, 1, 20));

/// Somebody else of the carer's name.
pub(crate) const NAMESAKE: Bird = Bird { kvnr: AMSEL.kvnr, born: AMSEL.born, ..CAROLINATAUBE };

/// The service answers; [`crate::desk::Desk::attempt`] has the desk's own line count.
pub(crate) const CONNECTED: Line = Line {
    connected: true,
    contact: None,
    staff_contact: None,
    offset: None,
    stepped_back: false,
    offline_codes: 0,
};

pub(crate) const CLERK: &str = "s-4711";
pub(crate) const COLLEAGUE: &str = "s-4712";
pub(crate) const SUPERVISOR: &str = "t-0815";
pub(crate) const OTHER_SUPERVISOR: &str = "t-0816";

const fn bird(
    kvnr: &'static str,
    given_names: &'static str,
    family_name: &'static str,
    (year, month, day): (i16, i8, i8),
) -> Bird {
    Bird { kvnr, given_names, family_name, born: BirthDate { year, month: Some(month), day: Some(day) } }
}

pub(crate) fn id(last: u128) -> Uuid {
    Uuid::from_u128(0x0193_5000_0000_7000_8000_0000_0000_0000 + last)
}

pub(crate) fn concern(number: u128) -> ConcernId {
    ConcernId::new(id(0x100 + number))
}

pub(crate) fn operator(name: &str) -> OperatorId {
    OperatorId::new(name).unwrap()
}

pub(crate) fn clerk(name: &str) -> Staff {
    Staff { id: operator(name), role: StaffRole::Clerk }
}

pub(crate) fn supervisor(name: &str) -> Staff {
    Staff { id: operator(name), role: StaffRole::Supervisor }
}

pub(crate) fn person(bird: Bird) -> Person {
    let name = Name {
        title: None,
        given_names: bird.given_names.into(),
        suffix: None,
        prefix: None,
        family_name: bird.family_name.into(),
    };
    Person { name, birth_date: Some(bird.born) }
}

/// A concern of somebody whose card was read, and of whom the service has nothing but good to say.
pub(crate) fn about(number: u128, bird: Bird) -> NewConcern {
    NewConcern {
        concern: concern(number),
        subject: Subject {
            kvnr: Kvnr::parse(bird.kvnr).unwrap(),
            person: person(bird),
            health_card: Some(health_card()),
        },
        register: Some(SubjectRegister {
            account: AccountState::Registered,
            names_agree: true,
            birth_date: DateAgreement::Agrees,
            card_number: CardNumberAnswer::NotAsked,
            carer_registered: false,
            consent_reserved: false,
            deceased: false,
            second_look: false,
        }),
        iks: vec!["104178397".into()],
        own: false,
    }
}

/// What the service says of them, to be changed.
pub(crate) fn said(concern: &mut NewConcern) -> &mut SubjectRegister {
    concern.register.as_mut().unwrap()
}

/// A genuine card of a desk that trusts no issuer of cardholders' certificates.
pub(crate) fn health_card() -> HealthCard {
    HealthCard {
        generation: "G2.1".into(),
        card_number_tail: "5272".into(),
        valid_from: Some(date(2011, 4, 1)),
        valid_until: None,
        data_as_of: Some(date(2026, 10, 10)),
        deactivated: false,
        transaction_open: false,
        contactless: Some(true),
        authenticity: CardAuthenticity {
            chip: CardCheck::Valid,
            certificate: CardCheck::NotVerifiable(CardCheckReason::NoTrustStore),
        },
    }
}

/// A card with these outcomes of its two proofs.
pub(crate) fn proven(chip: CardCheck, certificate: CardCheck) -> HealthCard {
    HealthCard { authenticity: CardAuthenticity { chip, certificate }, ..health_card() }
}

pub(crate) fn opens(acting: Acting) -> Command {
    Command::Open(Box::new(Opening {
        visit: VisitId::new(id(1)),
        identification: IdentificationId::new(id(2)),
        operator: operator(CLERK),
        acting,
        line: CONNECTED,
    }))
}

/// Concern 1: the insured person's own.
pub(crate) fn amsel_comes() -> Command {
    amsel_comes_with(|_| {})
}

pub(crate) fn amsel_comes_with(change: impl FnOnce(&mut NewConcern)) -> Command {
    let mut own = NewConcern { own: true, ..about(1, AMSEL) };
    change(&mut own);
    opens(Acting::Insured(Box::new(own)))
}

/// Concern 1, while the service can't be asked.
pub(crate) fn amsel_comes_unasked(change: impl FnOnce(&mut NewConcern)) -> Command {
    amsel_comes_with(|it| {
        it.register = None;
        change(it);
    })
}

/// A carer by profession with an account of their own, whose birth date the desk isn't told.
pub(crate) fn carolinataube_comes() -> Command {
    opens(Acting::Representative {
        person: Person { birth_date: None, ..person(CAROLINATAUBE) },
        role: ActingRole::Carer {
            number: RepresentativeNumber::parse("V-2222 2222").unwrap(),
            kind: CarerKind::Professional,
        },
        account: RepresentativeAccount::Registered,
    })
}

pub(crate) fn names_ward(number: u128, ward: Bird) -> Command {
    names_ward_with(number, ward, |_| {})
}

pub(crate) fn names_ward_with(number: u128, ward: Bird, change: impl FnOnce(&mut NewConcern)) -> Command {
    let mut concern = about(number, ward);
    change(&mut concern);
    Command::AddConcern(Box::new(concern))
}

pub(crate) fn names_themselves(number: u128) -> Command {
    Command::AddConcern(Box::new(NewConcern { own: true, ..about(number, CAROLINATAUBE) }))
}

/// A permanent deed, in the original, for health and assets.
pub(crate) fn deed() -> Deed {
    Deed {
        office: Office::Carer,
        court: "Amtsgericht Bremen".into(),
        file_number: "12 XVII 345/23".into(),
        issued_on: date(2024, 2, 1),
        areas: BTreeSet::from([Area::Health, Area::Assets]),
        term: Term::Permanent,
        seen_as: SeenAs::Original,
        names_agree: true,
        declared_unchanged: false,
    }
}

/// On file, and confirmed four weeks ago.
pub(crate) fn on_file() -> Option<Filed> {
    Some(Filed { status: FiledStatus::Active, confirmed_on: Some(date(2026, 10, 25)) })
}

/// A deed that is on file is shown for a concern.
pub(crate) fn shows_deed(number: u128) -> Command {
    shows(number, deed(), on_file())
}

pub(crate) fn shows(number: u128, deed: Deed, filed: Option<Filed>) -> Command {
    Command::PresentProof { concern: concern(number), proof: Proof::Deed(Box::new(deed)), filed }
}
