use identification::{
    AbortReason, AccountState, BirthDate, CheckAnswer, CodeId, ConcernId, Event, FaceAnswer, HealthCard,
    IdentificationId, IssuerGroup, Kvnr, Level, Name, OperatorId, Person, PublicReference, Purpose, Receipt,
    VisitId, VisitNumber, VoidReason,
};
use uuid::Uuid;

use super::{decode, encode};
use crate::StoreError;

const VISIT: VisitId = VisitId::new(Uuid::from_u128(0x019a_4e6c_0000_7000_8000_0000_0000_0001));
const IDENTIFICATION: IdentificationId =
    IdentificationId::new(Uuid::from_u128(0x019a_4e6c_0000_7000_8000_0000_0000_0002));
const CONCERN: ConcernId = ConcernId::new(Uuid::from_u128(0x019a_4e6c_0000_7000_8000_0000_0000_0003));
const CODE: CodeId = CodeId::new(Uuid::from_u128(0x019a_4e6c_0000_7000_8000_0000_0000_0004));

fn person(parts: bool, birth_date: BirthDate) -> Event {
    let part = |text: &str| parts.then(|| text.to_owned());
    let name = Name {
        title: part("Dr. med."),
        given_names: "Bernd Benjamin".to_owned(),
        suffix: part("Graf"),
        prefix: part("von und zu"),
        family_name: "Buntspecht".to_owned(),
    };
    Event::PersonIntroduced { identification: IDENTIFICATION, person: Person { name, birth_date } }
}

fn concern(account: AccountState, valid_until: Option<jiff::civil::Date>) -> Event {
    let health_card = HealthCard {
        generation: "G2.1".to_owned(),
        card_number_tail: "4821".to_owned(),
        valid_until,
        deactivated: valid_until.is_some(),
    };
    Event::ConcernOpened { concern: CONCERN, kvnr: Kvnr::parse("B234567895").unwrap(), health_card, account }
}

/// Every event, with every word that occurs in any.
fn every_event() -> Vec<Event> {
    let mut zeros = |bytes: &mut [u8]| bytes.fill(0);
    let (identification, concern_id, code) = (IDENTIFICATION, CONCERN, CODE);
    let mut events = vec![
        Event::VisitOpened {
            visit: VISIT,
            operator: OperatorId::new("s-4711").unwrap(),
            policy_version: "2026-11-01#17".to_owned(),
        },
        person(true, BirthDate { year: 1985, month: Some(3), day: Some(9) }),
        person(false, BirthDate { year: 1931, month: None, day: None }),
    ];
    for account in [
        AccountState::NotInsured,
        AccountState::None,
        AccountState::Registered,
        AccountState::AppActive,
        AccountState::Locked,
    ] {
        events.push(concern(account, Some(jiff::civil::date(2029, 12, 31))));
    }
    events.push(concern(AccountState::Registered, None));
    events.push(Event::PurposeChosen {
        concern: concern_id,
        purpose: Purpose::AppActivation,
        visit_number: VisitNumber::parse("22222222").unwrap(),
    });
    for issuer in [IssuerGroup::De, IssuerGroup::Eu, IssuerGroup::Other] {
        events.push(Event::DocumentPresented {
            identification,
            document_type: "reisepass-de-2017".to_owned(),
            issuer,
        });
    }
    for answer in [CheckAnswer::Pass, CheckAnswer::Unclear, CheckAnswer::Fail] {
        events.push(Event::DocumentChecked { identification, check: "uv".to_owned(), answer });
    }
    events.push(Event::NamesCompared { identification, answer: CheckAnswer::Pass });
    events.push(Event::DocumentConfirmed { identification });
    for answer in [FaceAnswer::Matches, FaceAnswer::Doubt, FaceAnswer::DoesNotMatch] {
        events.push(Event::FaceCompared { identification, answer });
    }
    for level in [Level::None, Level::Normal, Level::Substantial, Level::High] {
        events.push(Event::CodeGenerated {
            concern: concern_id,
            code,
            reference: PublicReference::from_entropy(&mut zeros),
            level,
            valid_until: jiff::civil::date(2026, 11, 16),
        });
    }
    events.push(Event::CodePrinted { concern: concern_id, code });
    for receipt in [Receipt::Signed, Receipt::MarkAndWitness] {
        events.push(Event::CodeHandedOver { concern: concern_id, code, receipt });
    }
    for reason in
        [VoidReason::PrintFailed, VoidReason::TrayTimeout, VoidReason::Discarded, VoidReason::Interrupted]
    {
        events.push(Event::CodeVoided { concern: concern_id, code, reason });
    }
    events.push(Event::CodeAccepted { concern: concern_id, code });
    events.push(Event::CodeRefused { concern: concern_id, code });
    for reason in [AbortReason::Clerk, AbortReason::Interrupted] {
        events.push(Event::VisitAborted { reason });
    }
    events.push(Event::VisitEnded);
    events
}

fn json(event: &Event) -> String {
    String::from_utf8(encode(event).unwrap().1.to_vec()).unwrap()
}

/// A difference here means that stored events would be read differently: never accept one, make a new version.
#[test]
fn the_stored_form_of_every_event_never_changes() {
    let lines: Vec<String> = every_event().iter().map(json).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn every_event_comes_back_as_it_was() {
    for event in every_event() {
        let (kind, body) = encode(&event).unwrap();
        assert_eq!(decode(kind, &body).unwrap(), event, "{kind}");
        assert!(json(&event).starts_with(&format!("{{\"kind\":\"{kind}\"")), "{}", json(&event));
        assert!(body.len() <= super::CAPACITY / 2);
    }
}

#[test]
fn a_body_under_another_kind_or_with_unknown_parts_is_not_read() {
    let (_, body) = encode(&Event::VisitEnded).unwrap();
    for (kind, body) in [
        ("visit_aborted", body.as_slice()),
        ("visit_ended", br#"{"kind":"visit_ended","more":1}"#),
        ("visit_aborted", br#"{"kind":"visit_aborted","reason":"weather"}"#),
        ("visit_aborted", br#"{"kind":"visit_aborted"}"#),
        ("visit_ended", b"{"),
    ] {
        assert!(matches!(decode(kind, body), Err(StoreError::Malformed { .. })));
    }
}

#[test]
fn a_stored_number_that_the_rules_do_not_take_is_malformed() {
    let event = concern(AccountState::Registered, None);
    let body = json(&event).replace("B234567895", "B234567896");
    assert!(matches!(decode("concern_opened", body.as_bytes()), Err(StoreError::Malformed { .. })));
}
