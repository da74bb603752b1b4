//! What a delivery loop meets.

use account::{
    CardProofLevel, CodeState, Confidential, Delivered, Delivery, HealthCardRecord, IdentificationRecord,
    ProblemCode,
};

use zeroize::Zeroizing;

use crate::desk::Desk;
use crate::support::{
    CODE, INSURED, NOT_INSURED, OTHER_CODE, OTHER_INSURED, OTHER_REFERENCE, World, id, identification,
    refused,
};

#[tokio::test]
async fn the_same_delivery_three_times_is_one_record_with_one_answer() {
    let world = World::start();
    let desk = world.desk().await;
    let delivery = desk.identified(id(), INSURED);
    for already in [false, true, true] {
        let delivered = desk.deliver(&delivery).await.unwrap();
        let expected = Delivered {
            already,
            code: None,
            awaiting_release: false,
            representation: None,
            reviewed: Vec::new(),
            checkpoint: None,
        };
        assert_eq!(delivered, expected);
    }
    let puts = world.exchanges().into_iter().filter(|exchange| exchange.method == "PUT");
    let answers: Vec<_> = puts.map(|exchange| exchange.response).collect();
    assert_eq!(answers.len(), 3);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    world.check_exchanges();
}

#[tokio::test]
async fn a_delivery_repeated_late_gets_its_first_answer_though_the_code_has_moved_on() {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    let hand_over = desk.handed_over(code);
    desk.deliver(&hand_over).await.unwrap();
    world.app().redeem(&registration, crate::support::REFERENCE, CODE).await.unwrap();
    let again = desk.deliver(&hand_over).await.unwrap();
    assert_eq!((again.already, again.code), (true, Some(CodeState::Active)), "its first answer");
    world.check_exchanges();
}

#[tokio::test]
async fn the_same_id_with_another_body_is_refused() {
    let world = World::start();
    let desk = world.desk().await;
    let same = id();
    desk.deliver(&desk.identified(same, INSURED)).await.unwrap();
    let other = desk.identified(same, OTHER_INSURED);
    assert_eq!(refused(&desk, &other).await, ProblemCode::IdempotencyKeyReused);
    world.check_exchanges();
}

#[tokio::test]
async fn a_record_of_somebody_who_is_not_insured_or_of_another_desk_is_refused() {
    let world = World::start();
    let desk = world.desk().await;
    assert_eq!(refused(&desk, &desk.identified(id(), NOT_INSURED)).await, ProblemCode::NotInsured);
    let foreign = Desk::new(&world.endpoint(), &world.enrol("0312-05").await).identified(id(), INSURED);
    assert_eq!(refused(&desk, &foreign).await, ProblemCode::ForbiddenDesk);
    world.check_exchanges();
}

#[tokio::test]
async fn nobody_takes_the_second_look_at_their_own_work() {
    let world = World::start();
    let desk = world.desk().await;
    let alone =
        IdentificationRecord { second_operator: Some("s-4711".to_owned()), ..identification(INSURED) };
    let alone = desk.identification(id(), &alone);
    assert_eq!(refused(&desk, &alone).await, ProblemCode::SodViolation);
    let two = IdentificationRecord { second_operator: Some("s-0815".to_owned()), ..identification(INSURED) };
    desk.deliver(&desk.identification(id(), &two)).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn a_record_says_how_much_the_persons_health_card_has_proven_or_that_none_was_read() {
    let world = World::start();
    let desk = world.desk().await;
    let tail = || Confidential::from("0001");
    let read = |proof_level, pin_verified| HealthCardRecord::Read {
        proof_level,
        card_number_tail: tail(),
        pin_verified,
    };
    for health_card in [
        HealthCardRecord::NotRead,
        read(CardProofLevel::Read, false),
        read(CardProofLevel::Certificate, false),
        read(CardProofLevel::Chip, false),
        read(CardProofLevel::Chip, true),
    ] {
        let record = IdentificationRecord { health_card, ..identification(INSURED) };
        desk.deliver(&desk.identification(id(), &record)).await.unwrap();
    }
    world.check_exchanges();
    let whole = desk.identified(id(), INSURED);
    for (right, wrong) in [
        (r#""read":true"#, r#""read":false"#),
        (r#""proofLevel":"CHIP","#, ""),
        (r#""proofLevel":"CHIP""#, r#""proofLevel":"PIN""#),
        (r#""cardNumberTail":"0001""#, r#""cardNumberTail":"80276883110000000001""#),
        (r#","pinVerified":false"#, ""),
        (r#""healthCard""#, r#""egk""#),
    ] {
        assert!(whole.body.contains(right), "{right}");
        let body = Zeroizing::new(whole.body.replace(right, wrong));
        let malformed = Delivery { body, ..whole.clone() };
        assert_eq!(refused(&desk, &malformed).await, ProblemCode::Validation, "{wrong}");
    }
}

#[tokio::test]
async fn a_code_is_refused_unless_everything_it_rests_on_is_there() {
    let world = World::start();
    let desk = world.desk().await;
    let registration = world.app().register(INSURED).await.unwrap();
    let others_app = world.app().register(OTHER_INSURED).await.unwrap();
    let identification = id();
    desk.deliver(&desk.identified(identification, INSURED)).await.unwrap();
    let sealed = account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let sealed_elsewhere = {
        let elsewhere = World::start();
        account::seal(CODE, &elsewhere.desk().await.sealing_key().await.unwrap()).unwrap()
    };
    let no_code = account::seal("7KQ4XR9BTW2C", &desk.sealing_key().await.unwrap()).unwrap();

    for (record, expected) in [
        (world.code(id(), &registration, sealed.clone()), ProblemCode::IdentificationUnknown),
        (world.code(identification, &others_app, sealed.clone()), ProblemCode::VisitNumberUnknown),
        (world.code(identification, &registration, sealed_elsewhere), ProblemCode::SealedCodeUnreadable),
        (world.code(identification, &registration, no_code), ProblemCode::SealedCodeUnreadable),
        (world.code(identification, &registration, tampered(&sealed)), ProblemCode::SealedCodeUnreadable),
    ] {
        let delivery = desk.code(id(), &record);
        assert_eq!(refused(&desk, &delivery).await, expected);
    }
    let mut yesterday = world.code(identification, &registration, sealed.clone());
    yesterday.valid_until = world.day(-1);
    let yesterday = desk.code(id(), &yesterday);
    assert_eq!(refused(&desk, &yesterday).await, ProblemCode::Validation);

    // The same with nothing wrong.
    let right = desk.code(id(), &world.code(identification, &registration, sealed));
    desk.deliver(&right).await.unwrap();
    world.check_exchanges();
}

/// One symbol of the ciphertext changed; what changes is bits of the plaintext, not padding of the encoding.
fn tampered(sealed: &str) -> String {
    let mut parts: Vec<String> = sealed.split('.').map(str::to_owned).collect();
    let other = if parts[3].starts_with('A') { "B" } else { "A" };
    parts[3].replace_range(..1, other);
    parts.join(".")
}

#[tokio::test]
async fn a_void_code_is_never_handed_over_and_makes_room_for_the_next() {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    let identification = id();
    desk.deliver(&desk.identified(identification, INSURED)).await.unwrap();
    let sealed = account::seal(OTHER_CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let mut next = world.code(identification, &registration, sealed);
    next.reference = OTHER_REFERENCE.to_owned();
    let next = desk.code(id(), &next);

    assert_eq!(refused(&desk, &next).await, ProblemCode::OpenCodeExists);
    let delivered = desk.deliver(&desk.voided(code)).await.unwrap();
    assert_eq!(delivered.code, Some(CodeState::Voided));
    assert_eq!(refused(&desk, &desk.handed_over(code)).await, ProblemCode::CodeStateConflict);
    desk.deliver(&next).await.unwrap();
    desk.deliver(&desk.handed_over(next.id)).await.unwrap();
    world.app().redeem(&registration, OTHER_REFERENCE, OTHER_CODE).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn a_code_belongs_to_the_desk_that_delivered_it() {
    let world = World::start();
    let desk = world.desk().await;
    let (_, code) = world.code_delivered(&desk).await;
    let neighbour = Desk::new(&world.endpoint(), &world.enrol("0312-05").await);
    assert_eq!(refused(&neighbour, &neighbour.handed_over(code)).await, ProblemCode::ForbiddenDesk);
    world.check_exchanges();
}

#[tokio::test]
async fn a_code_that_never_arrived_is_not_known() {
    let world = World::start();
    let desk = world.desk().await;
    assert_eq!(desk.code_status(id()).await, Ok(None));
    assert_eq!(refused(&desk, &desk.handed_over(id())).await, ProblemCode::NotFound);
    world.check_exchanges();
}

#[tokio::test]
async fn what_was_delivered_survives_a_restart() {
    let world = World::start();
    let desk = world.desk().await;
    let delivery = desk.identified(id(), INSURED);
    desk.deliver(&delivery).await.unwrap();
    let (registration, code) = world.code_delivered(&desk).await;
    let key = desk.sealing_key().await.unwrap();

    let world = world.restart();
    // The same client, the same certificate, the same sealing key.
    let again = desk.deliver(&delivery).await.unwrap();
    assert!(again.already);
    assert_eq!(desk.sealing_key().await.unwrap(), key);
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    world.app().redeem(&registration, crate::support::REFERENCE, CODE).await.unwrap();
    world.check_exchanges();
}
