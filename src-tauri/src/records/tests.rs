use std::sync::LazyLock;

use identification::{
    AccountState, Area, BirthDate, CardAuthenticity, CardCheck, CardCheckReason, CardNumberAnswer, CarerKind,
    CheckAnswer, ChipCheck, ChipConsent, ChipEvidence, CodeId, ConcernId, ConsentForm, DateAgreement, Deed,
    FaceAnswer, Grant, HealthCard, IdentificationId, IssuerGroup, Kvnr, Level, Name, Office, OperatorId,
    Person, PublicReference, Receipt, Recorded, RepresentativeNumber, RowId, Subject, SubjectRegister,
    VisitId, VisitNumber, VoidReason,
};
use jiff::civil::date;
use serde_json::{Value, json};

use super::*;

const AT: Timestamp = Timestamp::UNIX_EPOCH;

fn id(last: u128) -> Uuid {
    Uuid::from_u128(0x0193_5000_0000_7000_8000_0000_0000_0000 + last)
}

fn concern() -> ConcernId {
    ConcernId::new(id(3))
}

fn identified() -> IdentificationId {
    IdentificationId::new(id(2))
}

fn generated(code: u128) -> Event {
    generated_at(Level::Substantial, code)
}

fn generated_at(level: Level, code: u128) -> Event {
    let mut drawn = 0;
    Event::CodeGenerated {
        concern: concern(),
        code: CodeId::new(id(code)),
        reference: PublicReference::from_entropy(&mut |bytes: &mut [u8]| {
            drawn += 7;
            bytes.fill(drawn);
        }),
        level,
        valid_until: date(2026, 12, 6),
        offline: false,
    }
}

fn voided(code: u128) -> Event {
    Event::CodeVoided { concern: concern(), code: CodeId::new(id(code)), reason: VoidReason::PrintFailed }
}

/// Everything proven for the activation of an app, up to the first code.
fn proven() -> Vec<Event> {
    proven_for(Purpose::AppActivation)
}

fn proven_for(purpose: Purpose) -> Vec<Event> {
    let identification = identified();
    let name = Name {
        title: None,
        given_names: "Andrea".into(),
        suffix: None,
        prefix: None,
        family_name: "Amsel".into(),
    };
    let birth_date = Some(BirthDate { year: 1968, month: Some(12), day: Some(30) });
    let person = Person { name, birth_date };
    let health_card = HealthCard {
        generation: "G2.1".into(),
        card_number_tail: "0001".into(),
        valid_from: None,
        valid_until: None,
        data_as_of: None,
        deactivated: false,
        transaction_open: false,
        contactless: None,
        authenticity: CardAuthenticity {
            chip: CardCheck::Valid,
            certificate: CardCheck::NotVerifiable(CardCheckReason::NoTrustStore),
        },
    };
    vec![
        Event::VisitOpened {
            visit: VisitId::new(id(1)),
            operator: OperatorId::new("s-4711").unwrap(),
            policy_version: "Beispielkasse 2026-11".into(),
        },
        Event::PersonIntroduced { identification, person: person.clone(), role: ActingRole::Insured },
        Event::ConcernOpened {
            concern: concern(),
            subject: Subject {
                kvnr: Kvnr::parse("A123456780").unwrap(),
                person,
                health_card: Some(health_card),
            },
            register: Some(SubjectRegister {
                account: AccountState::Registered,
                card_number: CardNumberAnswer::Agrees,
                names_agree: true,
                birth_date: DateAgreement::Agrees,
                carer_registered: false,
                consent_reserved: false,
                deceased: false,
                second_look: false,
            }),
        },
        Event::PurposeChosen {
            concern: concern(),
            purpose,
            visit_number: Some(VisitNumber::parse("22222222").unwrap()),
        },
        Event::DocumentPresented {
            identification,
            document_type: "reisepass-de-2017".into(),
            issuer: IssuerGroup::De,
        },
        Event::DocumentChecked { identification, check: "uv".into(), answer: CheckAnswer::Pass },
        Event::NamesCompared { identification, answer: CheckAnswer::Pass },
        Event::DocumentConfirmed { identification },
        Event::FaceCompared { identification, answer: FaceAnswer::Matches },
    ]
}

fn visit(events: &[Event]) -> Visit {
    Visit::replay(&events.iter().cloned().map(|event| Recorded { at: AT, event }).collect::<Vec<_>>())
}

/// What follows from the last of `events`, signed as this desk's first records.
fn rows_of(events: &[Event], sealed_code: Option<&str>) -> Result<Vec<OutboxRecord>, RecordError> {
    let mut pen = Pen::new(&IDENTITY, store::RecordLink::START, None);
    rows(&visit(events), &events[events.len() - 1..], &mut pen, sealed_code.map(str::to_owned), AT)
}

/// A desk's key with a certificate that it issued itself.
static IDENTITY: LazyLock<DeskIdentity> = LazyLock::new(|| {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::default();
    params.subject_alt_names = vec![rcgen::SanType::URI("urn:identplatz:desk:0312-03".try_into().unwrap())];
    let certificate = params.self_signed(&key).unwrap().pem();
    DeskIdentity::from_parts(Zeroizing::new(key.serialize_der()), certificate).unwrap()
});

/// Kinds of the rows that follow from the last of `events`.
fn kinds(events: &[Event]) -> Vec<&'static str> {
    let rows = rows_of(events, Some("sealed")).unwrap();
    rows.iter().map(|row| row.kind).collect()
}

#[test]
fn what_is_blocked_is_told_under_the_concerns_id_and_sealed_with_it() {
    let name = Name {
        title: None,
        given_names: "Andrea".into(),
        suffix: None,
        prefix: None,
        family_name: "Amsel".into(),
    };
    let subject = Subject {
        kvnr: Kvnr::parse("A123456780").unwrap(),
        person: Person { name, birth_date: None },
        health_card: None,
    };
    let opened = proven().remove(0);
    for (target, word) in
        [(identification::BlockingTarget::Codes, "CODES"), (identification::BlockingTarget::App, "APP")]
    {
        let subject = subject.clone();
        let ordered = Event::BlockingOrdered { concern: concern(), subject, confirmed: false, target };
        let rows = rows_of(&[opened.clone(), ordered], None).unwrap();
        let [row] = rows.as_slice() else { panic!("one row") };
        assert_eq!((row.id, row.scope, row.kind), (id(3), Scope::Concern(concern()), "blocking"));
        let body = body(row);
        assert_eq!(body["id"], id(3).to_string());
        assert_eq!(body["kvnr"], "A123456780");
        assert_eq!(body["operator"], "s-4711");
        assert_eq!(body["target"], word);
        // Nobody needs the name to block.
        assert!(!body.to_string().contains("Amsel"));
    }
}

#[test]
fn a_first_code_goes_with_its_identification_and_one_that_replaces_it_goes_alone() {
    let mut events = proven();
    events.push(generated(4));
    assert_eq!(kinds(&events), ["identification", "code"]);
    events.push(voided(4));
    assert_eq!(kinds(&events), ["void"]);
    events.push(generated(5));
    assert_eq!(kinds(&events), ["code"]);
}

/// A carer with a deed, proven, and looked at by a second person.
fn represented(seen_as: SeenAs) -> Vec<Event> {
    let deed = Deed {
        office: Office::Carer,
        court: "Amtsgericht Altona".to_owned(),
        file_number: "12 XVII 345/23".to_owned(),
        issued_on: date(2023, 5, 2),
        areas: [Area::Health, Area::SocialBenefits].into(),
        term: Term::Provisional(Some(date(2027, 3, 31))),
        seen_as,
        names_agree: true,
        declared_unchanged: true,
    };
    let mut events = proven_for(Purpose::RepresentativeAccess);
    for event in &mut events {
        if let Event::PersonIntroduced { role, .. } = event {
            let number = RepresentativeNumber::parse("V-3333333T").unwrap();
            *role = ActingRole::Carer { number, kind: CarerKind::Professional };
        } else if let Event::PurposeChosen { visit_number, .. } = event {
            *visit_number = None;
        }
    }
    let grant = Grant { row: RowId::D4, until: Some(date(2027, 3, 31)), needs_release: true };
    events.push(Event::RepresentationAccepted { concern: concern(), deed: Box::new(deed), grant });
    events.push(looked_at_twice());
    events
}

#[test]
fn on_what_authority_a_carer_acts_is_told_once_between_the_identification_and_the_first_code() {
    let mut events = represented(SeenAs::CertifiedCopy);
    assert_eq!(kinds(&events), [""; 0], "nothing leaves the desk before a code does");
    events.push(generated(4));
    let rows = rows_of(&events, Some("sealed")).unwrap();
    let [identification, representation, code] = <[OutboxRecord; 3]>::try_from(rows).ok().unwrap();
    assert_eq!(
        [identification.kind, representation.kind, code.kind],
        ["identification", "representation", "code"]
    );
    assert_eq!(representation.scope, Scope::Concern(concern()));
    assert_eq!(representation.id, concern().uuid(), "a concern has one");
    let mut told = body(&representation);
    for member in ["signature", "chain", "desk"] {
        told.as_object_mut().unwrap().remove(member);
    }
    let expected = json!({
        "record": "representation", "id": concern().uuid(), "identificationId": identified().uuid(),
        "kvnr": "A123456780", "representative": "V-3333333T", "court": "Amtsgericht Altona",
        "fileNumber": "12 XVII 345/23", "issuedOn": "2023-05-02", "areas": ["HEALTH", "SOCIAL_BENEFITS"],
        "provisionalUntil": "2027-03-31", "seenAs": "CERTIFIED_COPY", "declaredUnchanged": true,
        "operator": "s-4711", "acceptedAt": "1970-01-01T00:00:00Z",
    });
    assert_eq!(told, expected);
    let code = body(&code);
    assert_eq!(
        (&code["recipient"], &code["representation"]),
        (&json!("REPRESENTATIVE"), &json!(concern().uuid()))
    );
    assert_eq!((code.get("authority"), code.get("representative")), (None, None));
    // The next code for the same concern rests on the same deed.
    events.extend([voided(4), generated(5)]);
    assert_eq!(kinds(&events), ["code"]);
}

#[test]
fn a_plain_copy_of_a_deed_makes_no_record() {
    let mut events = represented(SeenAs::Copy);
    events.push(generated(4));
    assert!(rows_of(&events, Some("sealed")).is_err());
}

#[test]
fn what_is_told_of_a_code_names_the_code_whatever_the_rows_own_id() {
    let mut events = proven();
    events.extend([generated(4), Event::CodePrinted { concern: concern(), code: CodeId::new(id(4)) }]);
    let handed =
        Event::CodeHandedOver { concern: concern(), code: CodeId::new(id(4)), receipt: Receipt::Signed };
    events.push(handed);
    let rows = rows_of(&events, None).unwrap();
    let [row] = <[OutboxRecord; 1]>::try_from(rows).ok().unwrap();
    assert_ne!(row.id, id(4));
    let leased = OutboxRow {
        id: row.id,
        visit: Some(VisitId::new(id(1))),
        seq: 1,
        scope: Some(row.scope),
        kind: row.kind.to_owned(),
        payload: row.payload,
        attempts: 1,
        ask_first: false,
    };
    assert_eq!(delivery(&leased).unwrap().id, id(4));
}

#[test]
fn only_what_the_service_must_know_leaves_the_desk() {
    let mut events = proven();
    events.push(generated(4));
    let rows = rows_of(&events, Some("sealed")).unwrap();
    let told: String = rows.iter().map(|row| String::from_utf8_lossy(&row.payload).into_owned()).collect();
    assert!(
        ["A123456780", "reisepass-de-2017", r#""cardNumberTail":"0001""#].iter().all(|it| told.contains(it)),
        "the canaries are where they belong"
    );
    for private in ["Amsel", "Andrea", "1968"] {
        assert!(!told.contains(private), "{private} left the desk");
    }
}

const GENUINE: ChipEvidence =
    ChipEvidence { data: ChipCheck::Valid, copy: ChipCheck::Valid, name_agrees: true, print_agrees: true };

fn agreed(form: ConsentForm) -> Event {
    let consent = ChipConsent { form, wording: "chip-consent@1".to_owned() };
    Event::ChipAgreed { identification: identified(), consent }
}

/// What happens with a chip happens after the document was presented.
fn with_chip(purpose: Purpose, happens: impl IntoIterator<Item = Event>) -> Vec<Event> {
    let mut events = proven_for(purpose);
    let presented = events.iter().position(|it| matches!(it, Event::DocumentPresented { .. })).unwrap();
    events.splice(presented + 1..presented + 1, happens);
    events
}

fn read(purpose: Purpose, evidence: ChipEvidence) -> Vec<Event> {
    let read = Event::ChipRead { identification: identified(), evidence };
    with_chip(purpose, [agreed(ConsentForm::Tapped), read])
}

fn looked_at_twice() -> Event {
    Event::SecondLookTaken {
        identification: identified(),
        by: OperatorId::new("s-0815").unwrap(),
        answer: FaceAnswer::Matches,
        concerns: Vec::new(),
    }
}

/// The bodies that go to the service with a first code of that level: of the identification, and of the code.
fn told(mut events: Vec<Event>, level: Level) -> Result<[Value; 2], RecordError> {
    events.push(generated_at(level, 4));
    let rows = rows_of(&events, Some("sealed"))?;
    let [identification, code] = <[OutboxRecord; 2]>::try_from(rows).map_err(|_| RecordError)?;
    Ok([body(&identification), body(&code)])
}

fn body(row: &OutboxRecord) -> Value {
    serde_json::from_slice(&row.payload).unwrap()
}

#[test]
fn a_code_for_the_electronic_health_record_is_for_the_person_whose_app_shows_the_number() {
    let [identification, code] = told(proven_for(Purpose::Epa), Level::Substantial).unwrap();
    assert_eq!(code["purpose"], "EPA");
    assert_eq!((&code["recipient"], &code["visitNumber"]), (&json!("SUBJECT"), &json!("22222222")));
    assert_eq!(identification["document"].get("chip"), None, "none was read");
}

#[test]
fn a_record_tells_how_somebody_agreed_and_what_their_documents_chip_proved() {
    let [identification, _] = told(read(Purpose::Epa, GENUINE), Level::High).unwrap();
    let expected = json!({
        "consent": { "form": "TAPPED", "wording": "chip-consent@1" }, "data": "VALID", "copy": "VALID",
        "nameAgrees": true, "printAgrees": true,
    });
    assert_eq!(identification["document"]["chip"], expected);
    let read_in_part = ChipEvidence {
        data: ChipCheck::NotVerifiable,
        copy: ChipCheck::NotSupported,
        name_agrees: false,
        print_agrees: false,
    };
    let signed = with_chip(
        Purpose::Epa,
        [
            agreed(ConsentForm::Signed),
            Event::ChipRead { identification: identified(), evidence: read_in_part },
        ],
    );
    let [identification, _] = told(signed, Level::Substantial).unwrap();
    let expected = json!({
        "consent": { "form": "SIGNED", "wording": "chip-consent@1" }, "data": "NOT_VERIFIABLE",
        "copy": "NOT_SUPPORTED", "nameAgrees": false, "printAgrees": false,
    });
    assert_eq!(identification["document"]["chip"], expected);
}

#[test]
fn of_a_chip_that_was_not_read_or_whose_reading_was_taken_back_nothing_is_told() {
    let read = Event::ChipRead { identification: identified(), evidence: GENUINE };
    let taken_back = Event::ChipRevoked { identification: identified() };
    for happens in [vec![agreed(ConsentForm::Tapped)], vec![agreed(ConsentForm::Signed), read, taken_back]] {
        let [identification, _] = told(with_chip(Purpose::Epa, happens), Level::Substantial).unwrap();
        assert_eq!(identification["document"].get("chip"), None);
    }
}

#[test]
fn a_chip_that_speaks_against_the_document_makes_no_record() {
    for evidence in [
        ChipEvidence { data: ChipCheck::Invalid, ..GENUINE },
        ChipEvidence { copy: ChipCheck::Invalid, ..GENUINE },
        ChipEvidence { print_agrees: false, ..GENUINE },
    ] {
        assert_eq!(told(read(Purpose::Epa, evidence), Level::Substantial), Err(RecordError), "{evidence:?}");
    }
}

#[test]
fn a_chip_is_told_with_the_persons_agreement_of_an_insured_person_and_for_one_purpose_only() {
    let unasked = Event::ChipRead { identification: identified(), evidence: GENUINE };
    let unasked = with_chip(Purpose::Epa, [unasked]);
    assert_eq!(told(unasked, Level::Substantial), Err(RecordError));
    assert_eq!(told(read(Purpose::AppActivation, GENUINE), Level::Substantial), Err(RecordError));
    let mut of_a_carer = read(Purpose::Epa, GENUINE);
    for event in &mut of_a_carer {
        if let Event::PersonIntroduced { role, .. } = event {
            let number = RepresentativeNumber::parse("V-3333333T").unwrap();
            *role = ActingRole::Carer { number, kind: CarerKind::Professional };
        }
    }
    assert_eq!(told(of_a_carer, Level::Substantial), Err(RecordError));
}

#[test]
fn the_level_high_is_told_if_a_second_person_looked_or_the_chip_proves_it() {
    let by_eye = || proven_for(Purpose::Epa);
    let twice = |mut events: Vec<Event>| {
        events.push(looked_at_twice());
        events
    };
    let unproven = ChipEvidence { name_agrees: false, ..GENUINE };
    for (what, events, possible) in [
        ("one look", by_eye(), false),
        ("two looks", twice(by_eye()), true),
        ("a chip that proves", read(Purpose::Epa, GENUINE), true),
        ("a chip that doesn't", read(Purpose::Epa, unproven), false),
        ("a chip that doesn't, and two looks", twice(read(Purpose::Epa, unproven)), true),
    ] {
        let told = told(events, Level::High);
        assert_eq!(
            told.is_ok_and(|[identification, _]| identification["level"] == "HIGH"),
            possible,
            "{what}"
        );
    }
}

#[test]
fn each_record_follows_the_one_before_it_and_is_proven_by_the_desks_certificate_alone() {
    let mut events = proven();
    events.push(generated(4));
    let first = rows_of(&events, Some("sealed")).unwrap();
    let bodies: Vec<_> = first.iter().map(|row| body(row).to_string()).collect();
    let proven: Vec<_> = bodies
        .iter()
        .map(|body| account::verify_record(body, IDENTITY.certificate_chain()).unwrap())
        .collect();
    account::check_sequence(&proven).unwrap();
    assert_eq!(proven.iter().map(|it| it.link.seq).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(proven.last().map(|it| it.link.hash), first.last().and_then(|row| row.link).map(|it| it.hash));
    let changed = bodies[0].replace("s-4711", "s-4712");
    assert!(account::verify_record(&changed, IDENTITY.certificate_chain()).is_err());
}

#[test]
fn whoever_was_not_identified_is_told_to_the_service_for_each_person_in_whose_name_they_came() {
    let aborted = Event::VisitAborted { reason: AbortReason::Refused(ReasonOfRules::IdentityNotEstablished) };
    let mut events = proven();
    events.push(aborted.clone());
    let rows = rows_of(&events, None).unwrap();
    assert_eq!(rows.iter().map(|row| row.kind).collect::<Vec<_>>(), ["refusal"]);
    let told = body(&rows[0]);
    assert_eq!((&told["kvnr"], &told["reason"]), (&json!("A123456780"), &json!("IDENTITY_NOT_ESTABLISHED")));
    // What the abort wipes doesn't take this with it.
    assert_eq!(rows[0].scope, Scope::Visit(VisitId::new(id(1))));

    let check = Event::DocumentChecked {
        identification: identified(),
        check: "uv".into(),
        answer: CheckAnswer::Fail,
    };
    let mut forged = proven();
    forged.extend([check, aborted]);
    assert_eq!(body(&rows_of(&forged, None).unwrap()[0])["reason"], "DOCUMENT_NOT_GENUINE");
    let by_clerk = Event::VisitAborted { reason: AbortReason::Clerk };
    assert_eq!(kinds(&[proven(), vec![by_clerk]].concat()), [""; 0]);
}
