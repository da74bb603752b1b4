//! Reviews by a supervisor.

use account::{AccountState, CodeState, IdentificationRecord, ProblemCode, ReviewOutcome, ReviewRecord};

use crate::{
    carer::{Carer, on_file},
    support::{
        AMSEL, CODE, INSURED, KIEBITZ, OTHER_CODE, OTHER_REFERENCE, REFERENCE, World, id, identification,
        problem, refused,
    },
};

#[tokio::test]
async fn a_review_that_objects_to_nothing_of_substance_changes_nothing() {
    let world = World::start();
    let desk = world.desk().await;
    let (_, code) = world.code_delivered(&desk).await;
    let identification = world.last_identification();
    for outcome in [ReviewOutcome::Agree, ReviewOutcome::FormalDefect] {
        let review = desk.deliver(&desk.found(identification, outcome)).await.unwrap();
        let codes: Vec<_> = review.reviewed.iter().map(|code| (code.id, code.state)).collect();
        assert_eq!(codes, [(code, CodeState::Accepted)]);
    }
    assert_eq!(desk.deliver(&desk.handed_over(code)).await.unwrap().code, Some(CodeState::Active));
    world.check_exchanges();
}

#[tokio::test]
async fn a_substantial_defect_takes_back_a_code_that_was_redeemed_and_closes_the_app() {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    let identification = world.last_identification();
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    world.app().redeem(&registration, REFERENCE, CODE).await.unwrap();
    assert_eq!(desk.lookup(&AMSEL).await.unwrap().account, AccountState::AppActive);

    let delivery = desk.found(identification, ReviewOutcome::SubstantialDefect);
    for already in [false, true] {
        let review = desk.deliver(&delivery).await.unwrap();
        let codes: Vec<_> = review.reviewed.iter().map(|code| (code.id, code.state)).collect();
        assert_eq!((review.already, codes), (already, vec![(code, CodeState::Revoked)]));
    }
    assert_eq!(desk.lookup(&AMSEL).await.unwrap().account, AccountState::None);
    assert_eq!(world.service.code_state(REFERENCE).unwrap(), Some("REVOKED"));
    let again = world.app().redeem(&registration, REFERENCE, CODE).await;
    assert_eq!(problem(again).0, "CODE_NOT_ACTIVE");

    // Nothing can rest on it any more; a new visit makes a new identification.
    let registration = world.app().register(INSURED).await.unwrap();
    let sealed = account::seal(OTHER_CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let mut next = world.code(identification, &registration, sealed);
    next.reference = OTHER_REFERENCE.to_owned();
    let next = desk.code(id(), &next);
    assert_eq!(refused(&desk, &next).await, ProblemCode::IdentificationUnknown);
    world.check_exchanges();
}

#[tokio::test]
async fn a_substantial_defect_closes_a_representatives_access() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let number = &carer.registration.number;
    world.service.file_representation(number, KIEBITZ, on_file(&world)).unwrap();
    let identification = carer.identified(&desk).await;
    let code = carer.code(&world, &desk, identification, KIEBITZ).await;
    desk.deliver(&code).await.unwrap();
    desk.deliver(&desk.handed_over(code.id)).await.unwrap();
    world.app().redeem(&carer.registration, REFERENCE, CODE).await.unwrap();
    assert!(world.service.has_access(number, KIEBITZ).unwrap());
    desk.deliver(&desk.found(identification, ReviewOutcome::SubstantialDefect)).await.unwrap();
    assert!(!world.service.has_access(number, KIEBITZ).unwrap());
    world.check_exchanges();
}

#[tokio::test]
async fn whoever_worked_on_an_identification_does_not_review_it() {
    let world = World::start();
    let desk = world.desk().await;
    let reviewed = id();
    let two = IdentificationRecord { second_operator: Some("s-0815".to_owned()), ..identification(INSURED) };
    desk.deliver(&desk.identification(reviewed, &two)).await.unwrap();
    for (reviewer, expected) in [("s-4711", false), ("s-0815", false), ("s-1001", true)] {
        let record = ReviewRecord {
            identification_id: reviewed,
            reviewer: reviewer.to_owned(),
            outcome: ReviewOutcome::Agree,
            reviewed_at: "2026-11-21T16:00:00Z".parse().unwrap(),
        };
        let review = desk.review(id(), &record);
        if expected {
            desk.deliver(&review).await.unwrap();
        } else {
            assert_eq!(refused(&desk, &review).await, ProblemCode::SodViolation, "{reviewer}");
        }
    }
    let unknown = desk.found(id(), ReviewOutcome::Agree);
    assert_eq!(refused(&desk, &unknown).await, ProblemCode::IdentificationUnknown);
    world.check_exchanges();
}
