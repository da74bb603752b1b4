//! Every event of the rules, with every word that occurs in any.

use identification::{
    AbortReason, AccountState, ActingRole, Area, BirthDate, BlockingTarget, CardAuthenticity, CardCheck,
    CardCheckReason, CardNumberAnswer, CarerKind, CheckAnswer, ChipCheck, ChipConsent, ChipEvidence, CodeId,
    ConcernId, ConsentForm, DateAgreement, Deed, Event, FaceAnswer, Grant, HealthCard, IdentificationId,
    IssuerGroup, Kvnr, Level, Name, Office, OperatorId, Person, PublicReference, Purpose, Receipt,
    RefusalReason, RepresentativeNumber, ReviewOutcome, RowId, SeenAs, Subject, SubjectRegister, Term,
    VisitId, VisitNumber, VoidReason,
};
use jiff::civil::date;
use uuid::Uuid;

const VISIT: VisitId = VisitId::new(id(1));
const IDENTIFICATION: IdentificationId = IdentificationId::new(id(2));
const CONCERN: ConcernId = ConcernId::new(id(3));
const CODE: CodeId = CodeId::new(id(4));

/// What a debug output or an error must never hold.
pub(super) const PERSONAL: [&str; 14] = [
    "Dr. med.",
    "Bernd Benjamin",
    "Graf",
    "von und zu",
    "Buntspecht",
    "1985",
    "1931",
    "B234567895",
    "3333333T",
    "Amtsgericht Altona",
    "12 XVII 345/23",
    "2023-05-02",
    "4821",
    "2024-01-01",
];

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x019a_4e6c_0000_7000_8000_0000_0000_0000 + number)
}

/// In the order of a visit.
pub(super) fn every_event() -> Vec<Event> {
    [beginning(), concerns(), blockings(), representation(), evidence(), codes(), end()].concat()
}

fn operator(number: u32) -> OperatorId {
    OperatorId::new(&format!("s-{number}")).unwrap()
}

/// A person of gematik's published test cards; with all parts of a name or the fewest.
fn person(parts: bool, birth_date: Option<BirthDate>) -> Person {
    let part = |text: &str| parts.then(|| text.to_owned());
    let name = Name {
        title: part("Dr. med."),
        given_names: "Bernd Benjamin".to_owned(),
        suffix: part("Graf"),
        prefix: part("von und zu"),
        family_name: "Buntspecht".to_owned(),
    };
    Person { name, birth_date }
}

fn beginning() -> Vec<Event> {
    let opened = Event::VisitOpened {
        visit: VISIT,
        operator: operator(4711),
        policy_version: "2026-11-01#17".to_owned(),
    };
    let introduced = |person, role| Event::PersonIntroduced { identification: IDENTIFICATION, person, role };
    let carer = |kind| ActingRole::Carer { number: RepresentativeNumber::parse("V-3333333T").unwrap(), kind };
    vec![
        opened,
        introduced(
            person(true, Some(BirthDate { year: 1985, month: Some(3), day: Some(9) })),
            ActingRole::Insured,
        ),
        introduced(
            person(false, Some(BirthDate { year: 1931, month: None, day: None })),
            ActingRole::Insured,
        ),
        introduced(person(false, None), carer(CarerKind::Professional)),
        introduced(person(false, None), carer(CarerKind::Volunteer)),
    ]
}

/// A card of which everything is known and something is wrong, or nothing.
fn health_card(full: bool) -> HealthCard {
    HealthCard {
        generation: "G2.1".to_owned(),
        card_number_tail: "4821".to_owned(),
        valid_from: full.then(|| date(2024, 1, 1)),
        valid_until: full.then(|| date(2029, 12, 31)),
        data_as_of: full.then(|| date(2026, 10, 10)),
        deactivated: full,
        transaction_open: full,
        contactless: full.then_some(false),
        authenticity: CardAuthenticity { chip: CardCheck::Valid, certificate: CardCheck::Valid },
    }
}

fn subject(health_card: Option<HealthCard>) -> Subject {
    Subject { kvnr: Kvnr::parse("B234567895").unwrap(), person: person(false, None), health_card }
}

fn concerns() -> Vec<Event> {
    let plain = SubjectRegister {
        account: AccountState::Registered,
        names_agree: true,
        birth_date: DateAgreement::Agrees,
        card_number: CardNumberAnswer::NotAsked,
        carer_registered: false,
        consent_reserved: false,
        deceased: false,
        second_look: false,
    };
    let accounts =
        [AccountState::NotInsured, AccountState::None, AccountState::AppActive, AccountState::Locked]
            .map(|account| (Some(health_card(true)), SubjectRegister { account, ..plain }));
    let flags = [
        (Some(health_card(false)), plain),
        (None, SubjectRegister { names_agree: false, birth_date: DateAgreement::AgreesInPart, ..plain }),
        (None, SubjectRegister { carer_registered: true, birth_date: DateAgreement::Differs, ..plain }),
        (None, SubjectRegister { card_number: CardNumberAnswer::Agrees, ..plain }),
        (None, SubjectRegister { card_number: CardNumberAnswer::Differs, ..plain }),
        (None, SubjectRegister { consent_reserved: true, ..plain }),
        (None, SubjectRegister { deceased: true, ..plain }),
        (None, SubjectRegister { second_look: true, ..plain }),
    ];
    let opened = |(card, register)| Event::ConcernOpened {
        concern: CONCERN,
        subject: subject(card),
        register: Some(register),
    };
    let chosen = |purpose, visit_number| Event::PurposeChosen { concern: CONCERN, purpose, visit_number };
    let proofs = CardCheckReason::ALL.map(CardCheck::NotVerifiable).into_iter().chain([
        CardCheck::Invalid(CardCheckReason::OtherCard),
        CardCheck::NotSupported(CardCheckReason::NoCertificate),
    ]);
    let proven = proofs.map(|chip| {
        let authenticity = CardAuthenticity { chip, certificate: CardCheck::Valid };
        (Some(HealthCard { authenticity, ..health_card(false) }), plain)
    });
    let mut events: Vec<_> = accounts.into_iter().chain(flags).chain(proven).map(opened).collect();
    events.push(Event::ConcernOpened {
        concern: CONCERN,
        subject: subject(Some(health_card(true))),
        register: None,
    });
    events.push(Event::CardNumberCompared { concern: CONCERN });
    events.push(Event::PossessionProven { concern: CONCERN });
    events.push(chosen(Purpose::AppActivation, Some(VisitNumber::parse("3333333T").unwrap())));
    events.push(chosen(Purpose::Epa, Some(VisitNumber::parse("3333333T").unwrap())));
    events.push(chosen(Purpose::RepresentativeAccess, None));
    events
}

fn blockings() -> Vec<Event> {
    let (concern, subject) = (CONCERN, subject(None));
    let ordered =
        |confirmed, target| Event::BlockingOrdered { concern, subject: subject.clone(), confirmed, target };
    vec![
        ordered(true, BlockingTarget::Codes),
        ordered(false, BlockingTarget::App),
        Event::BlockingAccepted { concern },
        Event::BlockingRefused { concern },
    ]
}

fn representation() -> Vec<Event> {
    let deed = |term, seen_as| Deed {
        office: Office::Carer,
        court: "Amtsgericht Altona".to_owned(),
        file_number: "12 XVII 345/23".to_owned(),
        issued_on: date(2023, 5, 2),
        areas: [Area::Health].into(),
        term,
        seen_as,
        names_agree: true,
        declared_unchanged: false,
    };
    let mut every_area = deed(Term::Permanent, SeenAs::CertifiedCopy);
    every_area.areas = Area::ALL.into();
    let mut single_matter = deed(Term::Provisional(None), SeenAs::Copy);
    single_matter.office = Office::SingleMatter;
    single_matter.areas.clear();
    (single_matter.names_agree, single_matter.declared_unchanged) = (false, true);
    let end = date(2027, 3, 31);
    let provisional = deed(Term::Provisional(Some(end)), SeenAs::Original);
    let grant = |row| Grant { row, until: None, needs_release: true };
    let until = Grant { row: RowId::D4, until: Some(end), needs_release: false };
    let accepted = |deed: &Deed, grant| Event::RepresentationAccepted {
        concern: CONCERN,
        deed: Box::new(deed.clone()),
        grant,
    };
    let rows = [RowId::D2, RowId::D3, RowId::D8, RowId::D14, RowId::D19, RowId::D24, RowId::D25];
    let mut events: Vec<_> = rows.map(|row| accepted(&every_area, grant(row))).into();
    events.push(accepted(&provisional, until));
    events.push(accepted(&single_matter, grant(RowId::D8)));
    events.extend(RefusalReason::ALL.map(|reason| Event::ConcernRefused { concern: CONCERN, reason }));
    events.push(Event::ConcernWithdrawn { concern: CONCERN });
    events
}

fn evidence() -> Vec<Event> {
    let (identification, document_type) = (IDENTIFICATION, "reisepass-de-2017".to_owned());
    let presented =
        |issuer| Event::DocumentPresented { identification, document_type: document_type.clone(), issuer };
    let checked = |answer| Event::DocumentChecked { identification, check: "uv".to_owned(), answer };
    let faces = [FaceAnswer::Matches, FaceAnswer::Doubt, FaceAnswer::DoesNotMatch];
    let looked =
        |answer, concerns| Event::SecondLookTaken { identification, by: operator(4712), answer, concerns };
    let mut events: Vec<_> = [IssuerGroup::De, IssuerGroup::Eu, IssuerGroup::Other].map(presented).into();
    events.extend(chip());
    events.extend([CheckAnswer::Pass, CheckAnswer::Unclear, CheckAnswer::Fail].map(checked));
    events.push(Event::NamesCompared { identification, answer: CheckAnswer::Pass });
    events.push(Event::DocumentConfirmed { identification });
    events.extend(faces.map(|answer| Event::FaceCompared { identification, answer }));
    events.push(looked(FaceAnswer::Matches, vec![CONCERN, ConcernId::new(id(5))]));
    events.push(looked(FaceAnswer::Doubt, vec![]));
    events
}

fn chip() -> Vec<Event> {
    let identification = IDENTIFICATION;
    let agreed = |form| Event::ChipAgreed {
        identification,
        consent: ChipConsent { form, wording: "chip-consent@1".to_owned() },
    };
    let read = |data, copy, name_agrees, print_agrees| Event::ChipRead {
        identification,
        evidence: ChipEvidence { data, copy, name_agrees, print_agrees },
    };
    let mut events: Vec<_> = [ConsentForm::Tapped, ConsentForm::Signed].map(agreed).into();
    events.push(Event::ChipRevoked { identification });
    events.push(read(ChipCheck::Valid, ChipCheck::Valid, true, true));
    events.push(read(ChipCheck::Valid, ChipCheck::NotSupported, false, true));
    events.push(read(ChipCheck::Invalid, ChipCheck::NotVerifiable, true, false));
    events
}

fn codes() -> Vec<Event> {
    let (concern, code) = (CONCERN, CODE);
    let reference = PublicReference::from_entropy(&mut |bytes: &mut [u8]| bytes.fill(0));
    let generated = |level, offline| Event::CodeGenerated {
        concern,
        code,
        reference: reference.clone(),
        level,
        valid_until: date(2026, 11, 16),
        offline,
    };
    let mut events: Vec<_> = [Level::None, Level::Normal, Level::Substantial, Level::High]
        .map(|level| generated(level, false))
        .into();
    events.push(generated(Level::Substantial, true));
    events.push(Event::CodePrinted { concern, code });
    for receipt in [Receipt::Signed, Receipt::MarkAndWitness] {
        events.push(Event::CodeHandedOver { concern, code, receipt });
    }
    for reason in
        [VoidReason::PrintFailed, VoidReason::TrayTimeout, VoidReason::Discarded, VoidReason::Interrupted]
    {
        events.push(Event::CodeVoided { concern, code, reason });
    }
    events.push(Event::CodeAccepted { concern, code });
    events.push(Event::CodeRefused { concern, code });
    events
}

fn end() -> Vec<Event> {
    let refused = AbortReason::Refused(RefusalReason::IdentityNotEstablished);
    let mut events =
        vec![Event::VisitResumed { by: operator(4711) }, Event::VisitTakenOver { by: operator(4713) }];
    events.extend(
        [AbortReason::Clerk, AbortReason::Interrupted, refused].map(|reason| Event::VisitAborted { reason }),
    );
    events.push(Event::VisitEnded);
    let outcomes = [ReviewOutcome::Agree, ReviewOutcome::FormalDefect, ReviewOutcome::SubstantialDefect];
    events.extend(outcomes.map(|outcome| Event::VisitReviewed { by: operator(4714), outcome }));
    events
}
