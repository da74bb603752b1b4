//! Look-ups: the service confirms, field by field, and never tells.

use account::{
    AccountState, Area, BirthDateAnswer, CallError, CardNumberMatch, LookupReason, NameAnswer, ProblemCode,
    RepresentationStatus, RepresentativeAccount, RepresentativeKind, Subject, SubjectFlag, SubjectQuery,
};
use account_service::{Filed, MemberFlag};

use crate::{
    carer::{Carer, on_file},
    support::{AMSEL, INSURED, KIEBITZ, NOT_INSURED, OTHER_INSURED, World, ZAUNKOENIG, holds},
};

const JUNKO: SubjectQuery<'static> = SubjectQuery {
    kvnr: OTHER_INSURED,
    family_name: "JUNKO",
    given_names: "JENS JOERG",
    birth_date: "1958-12-00",
    ..AMSEL
};

#[tokio::test]
async fn names_agree_in_every_transliteration_and_differ_otherwise() {
    let world = World::start();
    let desk = world.desk().await;
    for (family_name, given_names, names) in [
        ("von und zu Zaunkönig", "Zacharias", NameAnswer::Agree),
        ("VON UND ZU ZAUNKOENIG", "ZACHARIAS", NameAnswer::Agree),
        ("VON<UND<ZU<ZAUNKONIG", "ZACHARIAS", NameAnswer::Agree),
        ("von-und-zu Zaunko\u{308}nig", "zacharias", NameAnswer::Agree),
        ("Zaunkönig", "Zacharias", NameAnswer::Differ),
        ("von und zu Zaunkönig", "Zarathustra", NameAnswer::Differ),
        ("von und zu Zaunkönig", "", NameAnswer::Differ),
    ] {
        let query =
            SubjectQuery { kvnr: ZAUNKOENIG, family_name, given_names, birth_date: "1987-05-16", ..AMSEL };
        let subject = desk.lookup(&query).await.unwrap();
        assert_eq!(subject.names, Some(names), "{family_name}, {given_names}");
        assert_eq!(subject.birth_date, Some(BirthDateAnswer::Agrees), "each field by itself");
    }
    world.check_exchanges();
}

#[tokio::test]
async fn dates_of_birth_agree_as_far_as_both_sides_know_them() {
    let world = World::start();
    let desk = world.desk().await;
    for (query, birth_date, answer) in [
        (AMSEL, "1997-12-28", BirthDateAnswer::Agrees),
        (AMSEL, "1997-12-00", BirthDateAnswer::AgreesInPart),
        (AMSEL, "1997-12-27", BirthDateAnswer::Differs),
        (JUNKO, "1958-12-00", BirthDateAnswer::AgreesInPart),
        (JUNKO, "1958-12-24", BirthDateAnswer::AgreesInPart),
        (JUNKO, "1958-11-24", BirthDateAnswer::Differs),
    ] {
        let subject = desk.lookup(&SubjectQuery { birth_date, ..query }).await.unwrap();
        assert_eq!(subject.birth_date, Some(answer), "{birth_date}");
        assert_eq!(subject.names, Some(NameAnswer::Agree), "each field by itself");
    }
    world.check_exchanges();
    let impossible = desk.lookup(&SubjectQuery { birth_date: "1997-02-30", ..AMSEL }).await;
    let Err(CallError::Refused(problem)) = impossible else { panic!("{impossible:?}") };
    assert_eq!(problem.code, ProblemCode::Validation);
}

#[tokio::test]
async fn the_end_of_a_card_number_is_confirmed_for_the_persons_current_card_and_no_other() {
    let world = World::start();
    let desk = world.desk().await;
    let typed = |kvnr, card_number_tail| SubjectQuery {
        kvnr,
        reason: LookupReason::NumberGivenInPerson,
        card_number_tail,
        ..AMSEL
    };
    for (kvnr, tail, answer) in [
        (INSURED, Some("0001"), Some(CardNumberMatch::Agrees)),
        (INSURED, Some("000001"), Some(CardNumberMatch::Agrees)),
        (INSURED, Some("0000000001"), Some(CardNumberMatch::Agrees)),
        (INSURED, Some("000010"), Some(CardNumberMatch::Differs)),
        (INSURED, Some("1000000001"), Some(CardNumberMatch::Differs)),
        (INSURED, None, None),
        // Junko's card; Kiebitz has none; nobody has Lachmöwe's number.
        (OTHER_INSURED, Some("000010"), Some(CardNumberMatch::Agrees)),
        (KIEBITZ, Some("000011"), Some(CardNumberMatch::Differs)),
        (NOT_INSURED, Some("000012"), None),
    ] {
        let subject = desk.lookup(&typed(kvnr, tail)).await.unwrap();
        assert_eq!(subject.card_number, answer, "{kvnr} {tail:?}");
    }
    let amsel = desk.lookup(&typed(INSURED, Some("000010"))).await.unwrap();
    assert_eq!(amsel.names, Some(NameAnswer::Agree), "each field by itself");
    world.check_exchanges();
}

#[tokio::test]
async fn the_end_of_a_card_number_has_four_to_ten_digits() {
    let world = World::start();
    let desk = world.desk().await;
    for tail in ["", "001", "00000000001", "00000A", "00 0001"] {
        let answer = desk.lookup(&SubjectQuery { card_number_tail: Some(tail), ..AMSEL }).await;
        let Err(CallError::Refused(problem)) = answer else { panic!("{tail}: {answer:?}") };
        assert_eq!(problem.code, ProblemCode::Validation, "{tail}");
    }
}

#[tokio::test]
async fn nothing_is_said_of_somebody_who_is_not_insured() {
    let world = World::start();
    let desk = world.desk().await;
    let stranger = desk.lookup(&SubjectQuery { kvnr: NOT_INSURED, ..AMSEL }).await.unwrap();
    let unknown = Subject {
        insured: false,
        account: AccountState::None,
        open_visit_number: false,
        names: None,
        birth_date: None,
        card_number: None,
        flags: Vec::new(),
    };
    assert_eq!(stranger, unknown);
    world.check_exchanges();
}

#[tokio::test]
async fn a_look_up_tells_the_state_of_an_account_and_its_flags() {
    let world = World::start();
    let desk = world.desk().await;
    assert_eq!(desk.lookup(&AMSEL).await.unwrap().account, AccountState::None);
    world.service.lock_account(INSURED).unwrap();
    assert_eq!(desk.lookup(&AMSEL).await.unwrap().account, AccountState::Locked);

    for (flag, told) in [
        (MemberFlag::ConsentReserved, SubjectFlag::ConsentReserved),
        (MemberFlag::SecondLook, SubjectFlag::SecondLook),
        (MemberFlag::CarerRegistered, SubjectFlag::CarerRegistered),
        (MemberFlag::Deceased, SubjectFlag::Deceased),
    ] {
        world.service.flag_member(OTHER_INSURED, flag).unwrap();
        let subject = desk.lookup(&JUNKO).await.unwrap();
        assert!(subject.flags.contains(&told), "{told:?}");
    }
    let dead = desk.lookup(&JUNKO).await.unwrap();
    assert_eq!((dead.flags.len(), dead.account), (4, AccountState::Locked));
    assert!(dead.needs_second_look());
    assert!(world.service.flag_member(NOT_INSURED, MemberFlag::SecondLook).is_err());
    world.check_exchanges();
}

#[tokio::test]
async fn whoever_has_a_carer_on_file_is_flagged() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let number = &carer.registration.number;
    world.service.file_representation(number, INSURED, on_file(&world)).unwrap();
    assert_eq!(desk.lookup(&AMSEL).await.unwrap().flags, [SubjectFlag::CarerRegistered]);
    let ended = Filed { status: account_service::RepresentationStatus::Ended, ..on_file(&world) };
    world.service.file_representation(number, INSURED, ended).unwrap();
    assert_eq!(desk.lookup(&AMSEL).await.unwrap().flags, []);
    world.check_exchanges();
}

#[tokio::test]
async fn a_representative_is_told_by_name_and_confirmed_by_date_of_birth() {
    let world = World::start();
    let desk = world.desk().await;
    let number = &Carer::register(&world).await.registration.number;
    let representative = desk.representative(number).await.unwrap();
    assert_eq!(representative.family_name.expose(), "an der Elster");
    assert_eq!(representative.given_names.expose(), "Elke");
    assert_eq!(representative.kind, RepresentativeKind::Professional);
    assert_eq!(representative.account, RepresentativeAccount::Registered);
    assert!(!format!("{representative:?}").contains("Elster"));

    for (birth_date, answer) in [
        ("1992-11-13", BirthDateAnswer::Agrees),
        ("1992-11-00", BirthDateAnswer::AgreesInPart),
        ("1992-11-14", BirthDateAnswer::Differs),
    ] {
        assert_eq!(desk.representative_born(number, birth_date).await, Ok(answer));
    }
    world.service.lock_representative(number).unwrap();
    assert_eq!(desk.representative(number).await.unwrap().account, RepresentativeAccount::Locked);
    let answers: Vec<u8> = world.exchanges().into_iter().flat_map(|exchange| exchange.response.1).collect();
    assert!(holds(&answers, "Elster"), "the search finds what is there");
    assert!(!holds(&answers, "1992"), "a date of birth is never told");
    world.check_exchanges();
}

#[tokio::test]
async fn a_representative_that_nobody_is_is_unknown() {
    let world = World::start();
    let desk = world.desk().await;
    let unknown = |error: CallError| {
        let CallError::Refused(problem) = error else { panic!("{error:?}") };
        (problem.status, problem.code)
    };
    let expected = (404, ProblemCode::RepresentativeUnknown);
    assert_eq!(unknown(desk.representative("V-7KQ4XR9B").await.unwrap_err()), expected);
    assert_eq!(unknown(desk.representative_born("V-7KQ4XR9B", "1992-11-13").await.unwrap_err()), expected);
    assert_eq!(unknown(desk.representation("V-7KQ4XR9B", INSURED).await.unwrap_err()), expected);
    world.check_exchanges();
}

#[tokio::test]
async fn the_register_is_told_for_the_person_asked_about_and_no_other() {
    let world = World::start();
    let desk = world.desk().await;
    let number = &Carer::register(&world).await.registration.number;
    world.service.file_representation(number, KIEBITZ, on_file(&world)).unwrap();
    assert_eq!(desk.representation(number, INSURED).await, Ok(None));
    let filed = desk.representation(number, KIEBITZ).await.unwrap().unwrap();
    assert_eq!(filed.court.expose(), "Amtsgericht Altona");
    assert_eq!(filed.file_number.expose(), "12 XVII 345/23");
    assert_eq!(filed.areas, [Area::Health, Area::Assets]);
    assert_eq!((filed.status, filed.provisional_until), (RepresentationStatus::Active, None));
    assert_eq!(filed.confirmed_on, Some(world.day(-30)));
    assert!(!format!("{filed:?}").contains("XVII"));
    world.check_exchanges();
}
