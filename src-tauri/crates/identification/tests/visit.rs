//! A visit as the rules see it: each test is one sentence about what a desk may do.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure is the test's")]
#![allow(clippy::type_complexity, clippy::wildcard_enum_match_arm, reason = "tables of cases")]

use identification::{
    AbortReason, AccountState, Aid, BirthDate, CheckAnswer, CheckRule, CodeId, CodeState, Command, ConcernId,
    DocumentRule, Event, FaceAnswer, HealthCard, IdentificationId, IssuerGroup, Kvnr, Level, Name, Opening,
    OperatorId, Person, Policy, PublicReference, Purpose, PurposeRule, Receipt, Recorded, Refusal, Scope,
    Stage, Visit, VisitId, VisitNumber, VoidReason, decide,
};
use jiff::{Span, ToSpan, Zoned, civil::date};
use uuid::Uuid;

const REFERENCE: &str = "A-222222222Z";

/// A desk with a clock that tests move.
struct Desk {
    policy: Policy,
    now: Zoned,
    visit: Visit,
    events: Vec<Event>,
}

impl Desk {
    fn new() -> Self {
        let check = |id: &str, aids: &[Aid]| CheckRule { id: id.into(), aids: aids.to_vec() };
        Self {
            policy: Policy {
                version: "Beispielkasse 2026-11".into(),
                own_iks: vec!["109500969".into()],
                purposes: vec![PurposeRule { purpose: Purpose::AppActivation, level: Level::Substantial }],
                documents: vec![
                    DocumentRule {
                        id: "reisepass".into(),
                        issuer: IssuerGroup::De,
                        cap: Level::High,
                        checks: vec![
                            check("front", &[Aid::Magnifier]),
                            check("tilt", &[Aid::Tilt]),
                            check("uv", &[Aid::Ultraviolet]),
                        ],
                    },
                    DocumentRule {
                        id: "fuehrerschein".into(),
                        issuer: IssuerGroup::De,
                        cap: Level::Normal,
                        checks: vec![check("front", &[Aid::Magnifier, Aid::Tilt, Aid::Ultraviolet])],
                    },
                ],
                code_valid_days: 14,
                tray_minutes: 15,
            },
            now: date(2026, 11, 22).at(9, 12, 0, 0).in_tz("Europe/Berlin").unwrap(),
            visit: Visit::default(),
            events: Vec::new(),
        }
    }

    fn try_do(&mut self, command: Command) -> Result<(), Refusal> {
        let events = decide(&self.visit, command, &self.policy, &self.now)?;
        for event in events {
            self.events.push(event.clone());
            let recorded = Recorded { at: self.now.timestamp(), event };
            self.visit = std::mem::take(&mut self.visit).evolve(&recorded);
        }
        Ok(())
    }

    fn do_all(mut self, commands: impl IntoIterator<Item = Command>) -> Self {
        for command in commands {
            let said = format!("{command:?}");
            self.try_do(command).unwrap_or_else(|refusal| panic!("{said}: {refusal}"));
        }
        self
    }

    fn later(mut self, span: Span) -> Self {
        self.now = self.now.checked_add(span).unwrap();
        self
    }

    fn code(&self) -> CodeState {
        self.visit.current_concern().unwrap().code().unwrap().state
    }
}

fn id(last: u128) -> Uuid {
    Uuid::from_u128(0x0193_5000_0000_7000_8000_0000_0000_0000 + last)
}

fn opening() -> Opening {
    Opening {
        visit: VisitId::new(id(1)),
        identification: IdentificationId::new(id(2)),
        concern: ConcernId::new(id(3)),
        operator: OperatorId::new("s-4711").unwrap(),
        person: Person {
            name: Name {
                title: None,
                given_names: "Anna".into(),
                suffix: None,
                prefix: None,
                family_name: "Amsel".into(),
            },
            birth_date: BirthDate { year: 1968, month: Some(12), day: Some(30) },
        },
        kvnr: Kvnr::parse("A123456780").unwrap(),
        iks: vec!["109500969".into()],
        health_card: HealthCard {
            generation: "G2.1".into(),
            card_number_tail: "5272".into(),
            valid_until: None,
            deactivated: false,
        },
        account: AccountState::Registered,
    }
}

fn open() -> Command {
    Command::Open(Box::new(opening()))
}

fn choose() -> Command {
    Command::ChoosePurpose {
        purpose: Purpose::AppActivation,
        visit_number: VisitNumber::parse("2222 2222").unwrap(),
        visit_number_matches: true,
    }
}

fn present(document_type: &str) -> Command {
    Command::PresentDocument {
        document_type: document_type.into(),
        birth_date: BirthDate { year: 1968, month: Some(12), day: Some(30) },
        expiry: date(2026, 11, 22),
    }
}

fn check(check: &str, answer: CheckAnswer) -> Command {
    Command::AnswerCheck { check: check.into(), answer }
}

fn document() -> Vec<Command> {
    vec![
        present("reisepass"),
        check("front", CheckAnswer::Pass),
        check("tilt", CheckAnswer::Pass),
        check("uv", CheckAnswer::Pass),
        Command::CompareNames { answer: CheckAnswer::Pass },
        Command::ConfirmDocument,
    ]
}

fn face() -> Command {
    Command::CompareFace { answer: FaceAnswer::Matches }
}

fn issue() -> Command {
    issue_as(4)
}

fn issue_as(code: u128) -> Command {
    Command::Issue { code: CodeId::new(id(code)), reference: PublicReference::parse(&reference()).unwrap() }
}

/// The constant's body with the check symbol that belongs to it, found by trying.
fn reference() -> String {
    let body = &REFERENCE[..REFERENCE.len() - 1];
    identification::ALPHABET
        .iter()
        .map(|symbol| format!("{body}{}", char::from(*symbol)))
        .find(|reference| PublicReference::parse(reference).is_ok())
        .unwrap()
}

fn hand_over() -> Command {
    let reference = reference();
    Command::HandOver {
        reference_tail: reference[reference.len() - 4..].to_lowercase(),
        receipt: Receipt::Signed,
        document_returned: true,
        health_card_returned: true,
    }
}

fn proven() -> Desk {
    Desk::new().do_all([open(), choose()]).do_all(document()).do_all([face()])
}

#[test]
fn an_insured_person_with_card_and_passport_gets_a_code_and_the_visit_ends() {
    let desk = proven().do_all([issue(), Command::Printed, hand_over(), Command::End]);
    assert_eq!(desk.visit.stage, Stage::Ended);
    let code = desk.visit.current_concern().unwrap().code().unwrap().clone();
    assert_eq!(
        (code.state, code.level, code.valid_until),
        (CodeState::HandedOver, Level::Substantial, date(2026, 12, 6))
    );
}

#[test]
fn the_service_may_accept_a_hand_over_after_the_visit_is_over() {
    let code = CodeId::new(id(4));
    let desk = proven().do_all([issue(), Command::Printed, hand_over(), Command::End]);
    let mut desk = desk.do_all([Command::ServiceAccepted { code }]);
    assert!(desk.visit.current_concern().unwrap().code().unwrap().accepted_at.is_some());
    assert_eq!(desk.try_do(Command::ServiceAccepted { code }), Err(Refusal::NotNow), "and only once");
}

#[test]
fn a_replayed_visit_is_the_same_visit() {
    let desk = proven().do_all([issue(), Command::Printed]);
    let at = desk.now.timestamp();
    let recorded: Vec<_> = desk.events.iter().cloned().map(|event| Recorded { at, event }).collect();
    assert_eq!(Visit::replay(&recorded), desk.visit);
}

#[test]
fn a_document_is_valid_through_its_last_day_and_refused_the_day_after() {
    let mut desk = Desk::new().do_all([open(), choose()]);
    assert_eq!(desk.try_do(present("reisepass")), Ok(()));
    let mut desk = Desk::new().later(1.day()).do_all([open(), choose()]);
    assert_eq!(desk.try_do(present("reisepass")), Err(Refusal::DocumentExpired));
}

#[test]
fn another_birth_date_than_the_cards_is_refused() {
    let mut desk = Desk::new().do_all([open(), choose()]);
    let other = Command::PresentDocument {
        document_type: "reisepass".into(),
        birth_date: BirthDate { year: 1968, month: Some(12), day: Some(31) },
        expiry: date(2030, 1, 1),
    };
    assert_eq!(desk.try_do(other), Err(Refusal::BirthDateDiffers));
}

#[test]
fn one_false_feature_makes_a_false_document_and_an_unclear_one_needs_a_second_person() {
    for (answer, refusal) in [
        (CheckAnswer::Fail, Refusal::IdentityNotEstablished),
        (CheckAnswer::Unclear, Refusal::SecondPersonNeeded),
    ] {
        for wrong in [check("uv", answer), Command::CompareNames { answer }] {
            let mut commands = document();
            commands.insert(commands.len() - 1, wrong);
            let confirm = commands.pop().unwrap();
            let mut desk = Desk::new().do_all([open(), choose()]).do_all(commands);
            assert_eq!(desk.try_do(confirm), Err(refusal));
        }
    }
}

#[test]
fn a_doubted_or_different_face_never_gets_a_code() {
    for (answer, refusal) in [
        (FaceAnswer::Doubt, Refusal::SecondPersonNeeded),
        (FaceAnswer::DoesNotMatch, Refusal::IdentityNotEstablished),
    ] {
        let mut desk = Desk::new().do_all([open(), choose()]).do_all(document());
        desk.try_do(Command::CompareFace { answer }).unwrap();
        assert_eq!(desk.try_do(issue()), Err(refusal));
        assert_eq!(desk.visit.level(&desk.policy), Level::None);
    }
}

#[test]
fn a_doubt_about_a_face_can_not_be_clicked_away() {
    let mut desk = Desk::new().do_all([open(), choose()]).do_all(document());
    desk.try_do(Command::CompareFace { answer: FaceAnswer::Doubt }).unwrap();
    for command in [face(), present("reisepass"), check("uv", CheckAnswer::Pass), issue()] {
        assert_eq!(desk.try_do(command), Err(Refusal::SecondPersonNeeded));
    }
}

#[test]
fn another_document_needs_another_look_at_the_face() {
    let desk = proven().do_all([present("fuehrerschein"), present("reisepass")]);
    assert_eq!(desk.visit.acting().unwrap().face, None);
    let commands = document().into_iter().skip(1);
    assert_eq!(desk.do_all(commands).try_do(issue()), Err(Refusal::NotYet));
}

#[test]
fn an_answer_that_changes_has_the_document_confirmed_again() {
    let mut desk = proven().do_all([check("uv", CheckAnswer::Unclear)]);
    assert!(!desk.visit.acting().unwrap().document.as_ref().unwrap().confirmed);
    assert_eq!(desk.try_do(issue()), Err(Refusal::SecondPersonNeeded));
}

#[test]
fn a_code_that_the_service_refuses_is_never_handed_over() {
    let code = CodeId::new(id(4));
    let mut desk = proven().do_all([issue(), Command::Printed, Command::ServiceRefused { code }]);
    assert_eq!(desk.code(), CodeState::Refused);
    assert_eq!(desk.try_do(hand_over()), Err(Refusal::NotNow));
    assert_eq!(desk.try_do(Command::ServiceAccepted { code }), Err(Refusal::NotNow));
    assert_eq!(desk.try_do(Command::End), Ok(()));
}

#[test]
fn a_driving_licence_never_reaches_the_level_that_a_code_needs() {
    let commands = [
        present("fuehrerschein"),
        check("front", CheckAnswer::Pass),
        Command::CompareNames { answer: CheckAnswer::Pass },
        Command::ConfirmDocument,
        face(),
    ];
    let mut desk = Desk::new().do_all([open(), choose()]).do_all(commands);
    assert_eq!(desk.visit.level(&desk.policy), Level::Normal);
    assert_eq!(desk.try_do(issue()), Err(Refusal::LevelTooLow));
}

#[test]
fn without_one_of_the_aids_the_level_stays_normal() {
    let mut desk = proven();
    assert_eq!(desk.visit.level(&desk.policy), Level::Substantial);
    for check in &mut desk.policy.documents[0].checks {
        check.aids.retain(|aid| *aid != Aid::Ultraviolet);
    }
    assert_eq!(desk.visit.level(&desk.policy), Level::Normal);
    assert_eq!(desk.try_do(issue()), Err(Refusal::LevelTooLow));
}

#[test]
fn the_desk_shows_the_level_that_a_visit_is_on_the_way_to_and_none_once_something_is_doubtful() {
    let mut desk = Desk::new().do_all([open(), choose()]);
    let mut seen = vec![desk.visit.level_on_the_way(&desk.policy)];
    for command in document() {
        desk.try_do(command).unwrap();
        seen.push(desk.visit.level_on_the_way(&desk.policy));
    }
    use Level::{None, Normal, Substantial};
    assert_eq!(seen, [None, Normal, Normal, Normal, Substantial, Substantial, Substantial]);
    assert_eq!(desk.visit.level(&desk.policy), None, "without the face nothing is reached");
    desk.try_do(Command::CompareFace { answer: FaceAnswer::Doubt }).unwrap();
    assert_eq!(desk.visit.level_on_the_way(&desk.policy), None);
}

#[test]
fn a_second_code_is_not_issued_beside_an_open_one_and_evidence_is_closed() {
    let mut desk = proven().do_all([issue()]);
    for command in [issue(), face(), choose(), present("reisepass"), check("uv", CheckAnswer::Fail)] {
        assert_eq!(desk.try_do(command), Err(Refusal::NotNow));
    }
}

#[test]
fn a_void_code_is_replaced_twice_from_the_same_identification_and_then_no_more() {
    let void = || Command::VoidCode { reason: VoidReason::PrintFailed };
    let mut desk =
        proven().do_all([issue_as(4), void(), issue_as(5), Command::Printed, void(), issue_as(6), void()]);
    assert_eq!(desk.try_do(issue_as(7)), Err(Refusal::TooManyCodes));
    assert_eq!(desk.try_do(face()), Err(Refusal::NotNow), "the evidence stays what it was");
    assert_eq!(desk.try_do(Command::Abort { reason: AbortReason::Clerk }), Ok(()));
}

#[test]
fn a_visit_with_paper_in_the_tray_is_not_aborted_but_its_code_is_voided() {
    let mut desk = proven().do_all([issue(), Command::Printed]);
    assert_eq!(desk.try_do(Command::Abort { reason: AbortReason::Clerk }), Err(Refusal::NotNow));
    assert_eq!(desk.try_do(Command::End), Err(Refusal::NotNow));
    let desk = desk.do_all([Command::VoidCode { reason: VoidReason::Discarded }, Command::End]);
    assert_eq!((desk.code(), desk.visit.stage), (CodeState::Voided(VoidReason::Discarded), Stage::Ended));
}

#[test]
fn a_sheet_is_handed_over_within_its_time_and_not_a_second_later() {
    let printed = || proven().do_all([issue(), Command::Printed]);
    assert_eq!(printed().later(15.minutes()).try_do(hand_over()), Ok(()));
    assert_eq!(printed().later(15.minutes().seconds(1)).try_do(hand_over()), Err(Refusal::TrayTimeOver));
}

#[test]
fn a_handed_over_code_can_no_longer_be_voided_at_the_desk() {
    let mut desk = proven().do_all([issue(), Command::Printed, hand_over()]);
    assert_eq!(desk.try_do(Command::VoidCode { reason: VoidReason::Discarded }), Err(Refusal::NotNow));
}

#[test]
fn a_hand_over_needs_the_sheets_reference_and_everything_returned() {
    let mut desk = proven().do_all([issue(), Command::Printed]);
    let wrong = Command::HandOver {
        reference_tail: "ZZZZ".into(),
        receipt: Receipt::Signed,
        document_returned: true,
        health_card_returned: true,
    };
    assert_eq!(desk.try_do(wrong), Err(Refusal::ReferenceMismatch));
    for (document_returned, health_card_returned, refusal) in
        [(false, true, Refusal::DocumentNotReturned), (true, false, Refusal::HealthCardNotReturned)]
    {
        let Command::HandOver { reference_tail, receipt, .. } = hand_over() else { unreachable!() };
        let kept = Command::HandOver { reference_tail, receipt, document_returned, health_card_returned };
        assert_eq!(desk.try_do(kept), Err(refusal));
    }
}

#[test]
fn nobody_is_served_whose_account_or_card_does_not_allow_it() {
    let cases: [(fn(&mut Opening), Refusal); 6] = [
        (|it| it.iks = vec!["101575519".into()], Refusal::NotInsuredHere),
        (|it| it.account = AccountState::NotInsured, Refusal::NotInsuredHere),
        (|it| it.account = AccountState::None, Refusal::AccountNotRegistered),
        (|it| it.account = AccountState::AppActive, Refusal::AppActiveAlready),
        (|it| it.account = AccountState::Locked, Refusal::AccountLocked),
        (|it| it.health_card.deactivated = true, Refusal::CardDeactivated),
    ];
    for (change, refusal) in cases {
        let mut opening = opening();
        change(&mut opening);
        assert_eq!(Desk::new().try_do(Command::Open(Box::new(opening))), Err(refusal));
    }
}

#[test]
fn evidence_about_the_person_and_the_subjects_record_are_kept_apart() {
    let desk = proven().do_all([issue()]);
    for event in &desk.events {
        let scope = event.scope(VisitId::new(id(1)));
        let expected = match event {
            Event::VisitOpened { .. } => Scope::Visit(VisitId::new(id(1))),
            Event::ConcernOpened { .. } | Event::PurposeChosen { .. } | Event::CodeGenerated { .. } => {
                Scope::Concern(ConcernId::new(id(3)))
            }
            _ => Scope::Identification(IdentificationId::new(id(2))),
        };
        assert_eq!(scope, expected, "{event:?}");
    }
}

/// Every stage against every command: what is possible when. A reviewer reads the whole matrix in one snapshot.
#[test]
fn the_whole_matrix_of_stages_and_commands() {
    let code = CodeId::new(id(4));
    let stages: [(&str, fn() -> Desk); 9] = [
        ("unopened", Desk::new),
        ("opened", || Desk::new().do_all([open()])),
        ("purpose chosen", || Desk::new().do_all([open(), choose()])),
        ("document confirmed", || Desk::new().do_all([open(), choose()]).do_all(document())),
        ("face matches", proven),
        ("code generated", || proven().do_all([issue()])),
        ("code printed", || proven().do_all([issue(), Command::Printed])),
        ("code handed over", || proven().do_all([issue(), Command::Printed, hand_over()])),
        ("ended", || proven().do_all([issue(), Command::Printed, hand_over(), Command::End])),
    ];
    let commands: [(&str, fn() -> Command); 15] = [
        ("open", open),
        ("choose purpose", choose),
        ("present document", || present("reisepass")),
        ("present unknown document", || present("bibliotheksausweis")),
        ("answer check", || check("uv", CheckAnswer::Pass)),
        ("answer unknown check", || check("smell", CheckAnswer::Pass)),
        ("compare names", || Command::CompareNames { answer: CheckAnswer::Pass }),
        ("confirm document", || Command::ConfirmDocument),
        ("compare face", face),
        ("issue", issue),
        ("printed", || Command::Printed),
        ("hand over", hand_over),
        ("void", || Command::VoidCode { reason: VoidReason::Discarded }),
        ("abort", || Command::Abort { reason: AbortReason::Clerk }),
        ("end", || Command::End),
    ];
    let mut matrix = String::new();
    for (stage, desk) in stages {
        matrix.push_str(&format!("{stage}\n"));
        for (name, command) in commands {
            let answer = match desk().try_do(command()) {
                Ok(()) => String::from("yes"),
                Err(refusal) => format!("no: {refusal}"),
            };
            matrix.push_str(&format!("    {name:26}{answer}\n"));
        }
        let mut desk = desk();
        let accepted = desk.try_do(Command::ServiceAccepted { code });
        matrix.push_str(&format!(
            "    {:26}{}\n",
            "service accepted",
            if accepted.is_ok() { "yes" } else { "no" }
        ));
    }
    insta::assert_snapshot!(matrix);
}
