//! The insured person themselves: rows D1, D20, D21, D22.

use identification::{
    AccountState, ActingRole, CheckAnswer, CodeState, Command, ConcernState, DateAgreement, FaceAnswer,
    Level, NewConcern, Purpose, Refusal, RefusalReason, Stage, VisitNumber,
};
use jiff::{ToSpan, civil::date};

use crate::{
    desk::{
        Desk, TODAY, amsel, amsel_proven, answers, chooses_app, colleague_looks, face, gives, issues,
        matches, names, passport, passport_under_uv, presents,
    },
    people::{AMSEL, BUNTSPECHT, amsel_comes, amsel_comes_with, concern, names_ward, said, shows_deed},
};

#[test]
fn d1_an_insured_person_with_card_and_passport_gets_a_code_for_fourteen_days_and_the_visit_ends() {
    let desk = amsel_proven().after(gives(1, 1)).after([Command::End]);
    assert_eq!(desk.visit.stage, Stage::Ended);
    assert_eq!(desk.visit.acting().unwrap().role, ActingRole::Insured);
    let code = desk.code(1);
    assert_eq!(
        (code.state, code.level, code.valid_until),
        (CodeState::HandedOver, Level::Substantial, date(2026, 12, 6))
    );
}

#[test]
fn d1_nobody_is_served_whose_card_account_or_data_do_not_allow_it() {
    type Change = fn(&mut NewConcern);
    let cases: [(Change, Refusal); 9] = [
        (|it| it.iks = vec!["108213958".into()], Refusal::NotInsuredHere),
        (|it| said(it).account = AccountState::NotInsured, Refusal::NotInsuredHere),
        (|it| said(it).account = AccountState::None, Refusal::AccountNotRegistered),
        (|it| said(it).account = AccountState::AppActive, Refusal::AppActiveAlready),
        (|it| said(it).account = AccountState::Locked, Refusal::AccountLocked),
        (|it| it.subject.health_card.as_mut().unwrap().deactivated = true, Refusal::CardDeactivated),
        (|it| said(it).names_agree = false, Refusal::DataMismatch),
        (|it| said(it).birth_date = DateAgreement::Differs, Refusal::DataMismatch),
        (|it| said(it).deceased = true, Refusal::DataMismatch),
    ];
    for (change, refusal) in cases {
        assert_eq!(Desk::new().attempt(amsel_comes_with(change)), Err(refusal));
    }
}

#[test]
fn d1_whose_birthday_is_unknown_to_the_register_is_served_all_the_same() {
    let in_part = amsel_comes_with(|it| {
        said(it).birth_date = DateAgreement::AgreesInPart;
        it.subject.person.birth_date.as_mut().unwrap().day = None;
    });
    Desk::new().after([in_part, chooses_app(1)]).after(passport(AMSEL)).after([matches(), issues(1, 1)]);
}

#[test]
fn d1_what_a_card_leaves_open_of_a_birth_date_the_service_must_know() {
    // An emulated card says 1968 alone: somebody of that name born in that year isn't the insured person yet.
    let year_only = amsel_comes_with(|it| {
        let born = it.subject.person.birth_date.as_mut().unwrap();
        (born.month, born.day) = (None, None);
    });
    let mut desk = Desk::new().after([year_only, chooses_app(1)]);
    let dated = |register_agrees| Command::PresentDocument {
        document_type: "reisepass".into(),
        birth_date: AMSEL.born,
        register_agrees,
        expiry: Some(TODAY),
    };
    assert_eq!(desk.attempt(dated(false)), Err(Refusal::BirthDateDiffers));
    assert_eq!(desk.attempt(dated(true)), Ok(()));
}

#[test]
fn d1_the_service_confirms_a_birth_date_that_the_desk_is_not_told() {
    let undated = amsel_comes_with(|it| it.subject.person.birth_date = None);
    let mut desk = Desk::new().after([undated, chooses_app(1)]);
    let dated = |register_agrees| Command::PresentDocument {
        document_type: "reisepass".into(),
        birth_date: AMSEL.born,
        register_agrees,
        expiry: Some(TODAY),
    };
    assert_eq!(desk.attempt(dated(false)), Err(Refusal::BirthDateDiffers));
    assert_eq!(desk.attempt(dated(true)), Ok(()));
}

#[test]
fn d20_a_cared_for_person_who_comes_with_the_carer_gets_their_own_code_into_their_own_hand() {
    // The carer assists and is not identified: nobody's authority is asked for, nobody else is recorded.
    let desk = Desk::new()
        .after([amsel_comes_with(|it| said(it).carer_registered = true), chooses_app(1)])
        .after(passport(AMSEL))
        .after([matches()])
        .after(gives(1, 1));
    assert_eq!(desk.visit.identifications.len(), 1);
    assert_eq!(desk.concern(1).representation, None);
    assert_eq!(desk.code_state(1), CodeState::HandedOver);
}

#[test]
fn d21_a_registered_carer_changes_nothing_for_a_cared_for_person_who_comes_alone() {
    let walk = |carer_registered| {
        Desk::new()
            .after([amsel_comes_with(|it| said(it).carer_registered = carer_registered), chooses_app(1)])
            .after(passport(AMSEL))
            .after([matches()])
            .after(gives(1, 1))
    };
    let (with, without) = (walk(true), walk(false));
    assert!(!with.visit.second_look_needed(&with.policy));
    assert_eq!(with.concern(1).codes, without.concern(1).codes);
}

#[test]
fn d22_a_reservation_of_consent_refuses_the_persons_own_activation_and_names_why() {
    let reserved = amsel_comes_with(|it| {
        said(it).carer_registered = true;
        said(it).consent_reserved = true;
    });
    let mut desk = Desk::new().after([reserved, chooses_app(1)]);
    assert_eq!(desk.state(1), ConcernState::Refused(RefusalReason::ConsentReserved));
    assert_eq!(desk.attempt(presents("reisepass", AMSEL)), Err(Refusal::NotYet));
    assert_eq!(desk.attempt(Command::End), Ok(()));
}

#[test]
fn a_visit_number_binds_the_code_to_the_persons_own_registration() {
    let purpose = |number: Option<&str>, matches| Command::ChoosePurpose {
        concern: concern(1),
        purpose: Purpose::AppActivation,
        visit_number: number.map(|it| VisitNumber::parse(it).unwrap()),
        visit_number_matches: Some(matches),
    };
    let mut desk = Desk::new().after([amsel_comes()]);
    assert_eq!(desk.attempt(purpose(None, true)), Err(Refusal::NotYet));
    assert_eq!(desk.attempt(purpose(Some("22222222"), false)), Err(Refusal::VisitNumberMismatch));
    assert_eq!(desk.attempt(purpose(Some("22222222"), true)), Ok(()));
    assert_eq!(desk.concern(1).visit_number.as_ref().unwrap().as_str(), "22222222");
}

#[test]
fn a_visit_number_that_is_typed_again_asks_for_no_new_look_at_the_document() {
    let mut desk = amsel_proven().after([chooses_app(1)]);
    assert_eq!(desk.attempt(issues(1, 1)), Ok(()));
}

#[test]
fn a_purpose_that_the_desk_does_not_offer_is_refused() {
    let mut desk = Desk::new().after([amsel_comes()]).with(|policy| policy.purposes.clear());
    assert_eq!(desk.attempt(chooses_app(1)), Err(Refusal::PurposeNotOffered));
    let mut nothing = Desk::new().with(|policy| policy.purposes.clear());
    assert_eq!(nothing.attempt(amsel_comes()), Err(Refusal::PurposeNotOffered));
}

#[test]
fn a_document_is_valid_through_its_last_day_and_refused_the_day_after() {
    assert_eq!(amsel().attempt(presents("reisepass", AMSEL)), Ok(()), "expires today: {TODAY}");
    let mut tomorrow = Desk::new().later(1.day()).after([amsel_comes(), chooses_app(1)]);
    assert_eq!(tomorrow.attempt(presents("reisepass", AMSEL)), Err(Refusal::DocumentExpired));
}

#[test]
fn another_birth_date_than_the_cards_is_refused() {
    assert_eq!(amsel().attempt(presents("reisepass", BUNTSPECHT)), Err(Refusal::BirthDateDiffers));
}

#[test]
fn one_false_feature_makes_a_false_document_and_nobody_overrides_it() {
    for wrong in [answers("uv", CheckAnswer::Fail), names(CheckAnswer::Fail)] {
        let mut desk = amsel().after(passport(AMSEL)).after([wrong]);
        let denied = Err(Refusal::IdentityNotEstablished);
        for command in passport(AMSEL).into_iter().chain([matches(), colleague_looks(), issues(1, 1)]) {
            assert_eq!(desk.attempt(command), denied);
        }
        assert_eq!(desk.level(), Level::None);
    }
}

#[test]
fn an_unclear_feature_is_confirmed_and_waits_for_a_second_person() {
    for unclear in [answers("uv", CheckAnswer::Unclear), names(CheckAnswer::Unclear)] {
        let desk = amsel().after(passport(AMSEL)).after([unclear, Command::ConfirmDocument, matches()]);
        needs_a_second_person(desk);
    }
    needs_a_second_person(amsel().after(passport_under_uv(AMSEL, CheckAnswer::Unclear)).after([matches()]));
}

fn needs_a_second_person(mut desk: Desk) {
    assert_eq!((desk.attempt(issues(1, 1)), desk.level()), (Err(Refusal::SecondPersonNeeded), Level::None));
    assert_eq!(desk.after([colleague_looks()]).attempt(issues(1, 1)), Ok(()));
}

#[test]
fn a_document_with_an_open_check_is_not_confirmed() {
    let open = passport(AMSEL).len() - 1;
    for missing in 1..open {
        let mut commands = passport(AMSEL);
        commands.remove(missing);
        commands.pop();
        assert_eq!(amsel().after(commands).attempt(Command::ConfirmDocument), Err(Refusal::NotYet));
    }
}

#[test]
fn another_face_never_gets_a_code() {
    let mut desk = amsel().after(passport(AMSEL)).after([face(FaceAnswer::DoesNotMatch)]);
    for command in [matches(), presents("reisepass", AMSEL), colleague_looks(), issues(1, 1)] {
        assert_eq!(desk.attempt(command), Err(Refusal::IdentityNotEstablished));
    }
    assert_eq!(desk.level(), Level::None);
}

#[test]
fn a_doubt_about_a_face_is_not_clicked_away_but_settled_by_a_second_person() {
    let mut desk = amsel().after(passport(AMSEL)).after([face(FaceAnswer::Doubt)]);
    for command in [matches(), issues(1, 1)] {
        assert_eq!(desk.attempt(command), Err(Refusal::SecondPersonNeeded));
    }
    assert_eq!(desk.level(), Level::None);
    let mut desk = desk.after([colleague_looks()]);
    assert_eq!((desk.level(), desk.attempt(issues(1, 1))), (Level::Substantial, Ok(())));
}

#[test]
fn another_document_needs_another_look_at_the_face() {
    let desk = amsel_proven().after([presents("personalausweis-2010", AMSEL), presents("reisepass", AMSEL)]);
    assert_eq!(desk.visit.acting().unwrap().face, None);
    let checks = passport(AMSEL).into_iter().skip(1);
    assert_eq!(desk.after(checks).attempt(issues(1, 1)), Err(Refusal::NotYet));
}

#[test]
fn an_answer_that_changes_has_the_document_confirmed_again() {
    let mut desk = amsel_proven().after([answers("uv", CheckAnswer::Unclear)]);
    assert_eq!(desk.attempt(issues(1, 1)), Err(Refusal::NotYet));
    assert_eq!(
        desk.after([Command::ConfirmDocument]).attempt(issues(1, 1)),
        Err(Refusal::SecondPersonNeeded)
    );
}

#[test]
fn an_insured_person_acts_for_nobody_else() {
    let mut desk = amsel();
    for command in [names_ward(2, BUNTSPECHT), shows_deed(1)] {
        assert_eq!(desk.attempt(command), Err(Refusal::NotNow));
    }
}

#[test]
fn a_document_that_is_valid_for_longer_than_such_documents_are_issued_is_refused() {
    let expiring = |expiry| Command::PresentDocument {
        document_type: "reisepass".into(),
        birth_date: AMSEL.born,
        register_agrees: true,
        expiry: Some(expiry),
    };
    let desk = || Desk::new().after([amsel_comes(), chooses_app(1)]);
    let ten_years = TODAY.saturating_add(10.years());
    assert_eq!(desk().attempt(expiring(ten_years)), Ok(()));
    assert_eq!(desk().attempt(expiring(ten_years.saturating_add(1.day()))), Err(Refusal::ValidForTooLong));
    let mut open = desk().with(|policy| policy.documents[0].longest_months = None);
    assert_eq!(open.attempt(expiring(TODAY.saturating_add(40.years()))), Ok(()), "an issuer of its own kind");
}
