//! A visit of one insured person, from the registered app to the activated one.

use std::collections::BTreeSet;

use account::{AccountState, CodeState, Delivered, Delivery, LookupReason, Subject};
use contract::Contract;

use crate::support::{
    CODE, INSURED, NOT_INSURED, OTHER_CODE, OTHER_INSURED, OTHER_REFERENCE, REFERENCE, World, bytes_of,
    handed_over, holds, id, identified, problem, voided,
};

const REASON: LookupReason = LookupReason::HealthCardPresented;

#[tokio::test]
async fn an_insured_person_gets_the_app_activated() {
    let world = World::start();
    let (desk, app) = (world.desk().await, world.app());
    let registration = app.register(INSURED).await.unwrap();

    let subject = desk.lookup(INSURED, REASON).await.unwrap();
    let waiting = Subject { insured: true, account: AccountState::Registered, open_visit_number: true };
    assert_eq!(subject, waiting);

    let shown = &registration.visit_number;
    assert!(desk.visit_number_matches(INSURED, shown).await.unwrap());
    assert!(!desk.visit_number_matches(OTHER_INSURED, shown).await.unwrap(), "it is somebody else's");

    let identification = id();
    let accepted = desk.deliver(&identified(identification, INSURED)).await.unwrap();
    assert_eq!(accepted, Delivered { already: false, code: None });

    let sealed = account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let code = id();
    let record = world.code(identification, &registration, sealed);
    let accepted = desk.deliver(&Delivery::code(code, &record).unwrap()).await.unwrap();
    assert_eq!(accepted.code, Some(CodeState::Accepted));

    let accepted = desk.deliver(&handed_over(code)).await.unwrap();
    assert_eq!(accepted.code, Some(CodeState::Active));

    app.redeem(&registration, REFERENCE, "7kq4-xr9b tw2b").await.unwrap();
    // An app that missed the answer asks again.
    app.redeem(&registration, REFERENCE, CODE).await.unwrap();

    let status = desk.code_status(code).await.unwrap().unwrap();
    assert_eq!((status.id, status.state), (code, CodeState::Redeemed));
    let subject = desk.lookup(INSURED, REASON).await.unwrap();
    assert_eq!(subject.account, AccountState::AppActive);
    world.check_exchanges();
}

#[tokio::test]
async fn every_operation_of_the_contract_is_asked_and_answered_as_agreed() {
    let world = World::start();
    let desk = world.desk().await;
    desk.heartbeat().await.unwrap();
    desk.lookup(INSURED, REASON).await.unwrap();
    let (registration, code) = world.code_delivered(&desk).await;
    desk.visit_number_matches(INSURED, &registration.visit_number).await.unwrap();
    desk.deliver(&handed_over(code)).await.unwrap();
    world.app().redeem(&registration, REFERENCE, CODE).await.unwrap();
    desk.code_status(code).await.unwrap();
    // Refused, and that too is part of the contract.
    desk.deliver(&voided(code)).await.unwrap_err();

    let seen: BTreeSet<String> = world.check_exchanges().into_iter().collect();
    let contract = Contract::committed().unwrap();
    let agreed: BTreeSet<String> = contract.operations().into_iter().map(str::to_owned).collect();
    assert_eq!(seen, agreed);
}

#[tokio::test]
async fn a_code_is_worth_nothing_before_its_hand_over() {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    let early = world.app().redeem(&registration, REFERENCE, CODE).await;
    assert_eq!(problem(early), ("CODE_NOT_ACTIVE".to_owned(), None));
    desk.deliver(&handed_over(code)).await.unwrap();
    world.app().redeem(&registration, REFERENCE, CODE).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn five_wrong_codes_lock_it_and_mistyped_ones_do_not_count() {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    desk.deliver(&handed_over(code)).await.unwrap();
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
    desk.deliver(&handed_over(code)).await.unwrap();
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
    desk.deliver(&handed_over(code)).await.unwrap();
    let app = world.app();
    let other = app.register(OTHER_INSURED).await.unwrap();
    assert_eq!(problem(app.redeem(&other, REFERENCE, CODE).await).0, "NOT_FOUND");
    assert_eq!(problem(app.redeem(&other, OTHER_REFERENCE, CODE).await).0, "NOT_FOUND");
    world.check_exchanges();
}

#[tokio::test]
async fn a_look_up_tells_the_state_of_an_account_and_nothing_else() {
    let world = World::start();
    let desk = world.desk().await;
    let stranger = desk.lookup(NOT_INSURED, LookupReason::NumberGivenInPerson).await.unwrap();
    let unknown = Subject { insured: false, account: AccountState::None, open_visit_number: false };
    assert_eq!(stranger, unknown);
    assert_eq!(desk.lookup(INSURED, REASON).await.unwrap().account, AccountState::None);
    world.service.lock_account(OTHER_INSURED).unwrap();
    assert_eq!(desk.lookup(OTHER_INSURED, REASON).await.unwrap().account, AccountState::Locked);
    world.check_exchanges();
}

#[tokio::test]
async fn personal_data_and_codes_are_where_they_belong() {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    desk.deliver(&handed_over(code)).await.unwrap();

    let exchanges = world.exchanges();
    let sent: Vec<u8> = exchanges.iter().flat_map(|it| it.request.1.clone()).collect();
    assert!(holds(&sent, INSURED), "the search finds what is there");
    assert!(!holds(&sent, CODE), "no desk ever sends a code in plain text");
    for exchange in &exchanges {
        for personal in [INSURED, registration.visit_number.as_str()] {
            assert!(!exchange.path.contains(personal), "{}", exchange.path);
        }
    }
    let kept = bytes_of(world.dir.path());
    assert!(holds(&kept, REFERENCE), "the search finds what is there");
    assert!(!holds(&kept, CODE), "the service keeps a verifier only");
}
