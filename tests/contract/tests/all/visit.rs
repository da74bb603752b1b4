//! A visit of one insured person, from the registered app to the activated one.

use account::{AccountState, BirthDateAnswer, CodeState, NameAnswer, Subject};

use crate::support::{
    AMSEL, CODE, INSURED, OTHER_CODE, OTHER_INSURED, OTHER_REFERENCE, REFERENCE, World, holds, id, problem,
};

#[tokio::test]
async fn an_insured_person_gets_the_app_activated() {
    let world = World::start();
    let (desk, app) = (world.desk().await, world.app());
    let registration = app.register(INSURED).await.unwrap();

    let subject = desk.lookup(&AMSEL).await.unwrap();
    let waiting = Subject {
        insured: true,
        account: AccountState::Registered,
        open_visit_number: true,
        names: Some(NameAnswer::Agree),
        birth_date: Some(BirthDateAnswer::Agrees),
        card_number: None,
        flags: Vec::new(),
    };
    assert_eq!(subject, waiting);

    let shown = &registration.visit_number;
    assert!(desk.visit_number_matches(INSURED, shown).await.unwrap());
    assert!(!desk.visit_number_matches(OTHER_INSURED, shown).await.unwrap(), "it is somebody else's");

    let identification = id();
    let accepted = desk.deliver(&desk.identified(identification, INSURED)).await.unwrap();
    assert_eq!((accepted.already, accepted.code), (false, None));

    let sealed = account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let code = id();
    let record = world.code(identification, &registration, sealed);
    let accepted = desk.deliver(&desk.code(code, &record)).await.unwrap();
    assert_eq!(accepted.code, Some(CodeState::Accepted));

    let accepted = desk.deliver(&desk.handed_over(code)).await.unwrap();
    assert_eq!(accepted.code, Some(CodeState::Active));

    app.redeem(&registration, REFERENCE, "7kq4-xr9b tw2b").await.unwrap();
    // An app that missed the answer asks again.
    app.redeem(&registration, REFERENCE, CODE).await.unwrap();

    let status = desk.code_status(code).await.unwrap().unwrap();
    assert_eq!((status.id, status.state, status.awaiting_release), (code, CodeState::Redeemed, false));
    let subject = desk.lookup(&AMSEL).await.unwrap();
    assert_eq!(subject.account, AccountState::AppActive);
    world.check_exchanges();
}

#[tokio::test]
async fn a_code_is_worth_nothing_before_its_hand_over() {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    let early = world.app().redeem(&registration, REFERENCE, CODE).await;
    assert_eq!(problem(early), ("CODE_NOT_ACTIVE".to_owned(), None));
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    world.app().redeem(&registration, REFERENCE, CODE).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn five_wrong_codes_lock_it_and_mistyped_ones_do_not_count() {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    let app = world.app();
    let mistyped = app.redeem(&registration, REFERENCE, "7KQ4XR9BTW2C").await;
    assert_eq!(problem(mistyped), ("VALIDATION".to_owned(), None));
    for left in [4, 3, 2, 1] {
        let wrong = app.redeem(&registration, REFERENCE, OTHER_CODE).await;
        assert_eq!(problem(wrong), ("CODE_WRONG".to_owned(), Some(left)));
    }
    for code in [OTHER_CODE, CODE] {
        let locked = app.redeem(&registration, REFERENCE, code).await;
        assert_eq!(problem(locked), ("CODE_LOCKED".to_owned(), None));
    }
    let status = desk.code_status(code).await.unwrap().unwrap();
    assert_eq!(status.state, CodeState::Locked);
    world.check_exchanges();
}

#[tokio::test]
async fn a_code_ends_with_its_last_day() {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    world.pass_days(14);
    let wrong = world.app().redeem(&registration, REFERENCE, OTHER_CODE).await;
    assert_eq!(problem(wrong).0, "CODE_WRONG");
    world.pass_days(1);
    let late = world.app().redeem(&registration, REFERENCE, CODE).await;
    assert_eq!(problem(late).0, "CODE_EXPIRED");
    let status = desk.code_status(code).await.unwrap().unwrap();
    assert_eq!(status.state, CodeState::Expired);
    world.check_exchanges();
}

#[tokio::test]
async fn a_code_serves_the_app_that_showed_the_visit_number_and_no_other() {
    let world = World::start();
    let desk = world.desk().await;
    let (_, code) = world.code_delivered(&desk).await;
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    let app = world.app();
    let other = app.register(OTHER_INSURED).await.unwrap();
    assert_eq!(problem(app.redeem(&other, REFERENCE, CODE).await).0, "NOT_FOUND");
    assert_eq!(problem(app.redeem(&other, OTHER_REFERENCE, CODE).await).0, "NOT_FOUND");
    world.check_exchanges();
}

#[tokio::test]
async fn personal_data_and_codes_are_where_they_belong() {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    desk.deliver(&desk.handed_over(code)).await.unwrap();

    let exchanges = world.exchanges();
    let sent: Vec<u8> = exchanges.iter().flat_map(|it| it.request.1.clone()).collect();
    assert!(holds(&sent, INSURED), "the search finds what is there");
    assert!(!holds(&sent, CODE), "no desk ever sends a code in plain text");
    for exchange in &exchanges {
        for personal in [INSURED, registration.visit_number.as_str()] {
            assert!(!exchange.path.contains(personal), "{}", exchange.path);
        }
    }
    let kept = world.kept();
    assert!(holds(&kept, REFERENCE), "the search finds what is there");
    assert!(!holds(&kept, CODE), "the service keeps a verifier only");
}
