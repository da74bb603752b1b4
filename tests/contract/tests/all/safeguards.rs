//! What protects somebody: refusals that others see the effect of, blockings, notices, and the right to know.

use account::{BlockingTarget, CentralEventKind, CodeState, ProblemCode, RefusalReason, SubjectFlag};
use jiff::SignedDuration;

use crate::{
    desk::{Desk, report},
    support::{
        AMSEL, CODE, DESK, INSURED, KIEBITZ, NOT_INSURED, OTHER_CODE, OTHER_REFERENCE, REFERENCE, World, id,
        problem, refused,
    },
};

#[tokio::test]
async fn for_90_days_others_look_twice_and_are_not_told_why() {
    let world = World::start();
    let desk = world.desk().await;
    let neighbour = Desk::new(&world.endpoint(), &world.enrol("0312-05").await);
    let refusal = desk.refused(id(), INSURED, RefusalReason::DocumentNotGenuine);
    desk.deliver(&refusal).await.unwrap();
    assert!(desk.deliver(&refusal).await.unwrap().already);
    for day in [0, 89] {
        world.pass_days(day);
        let subject = neighbour.lookup(&AMSEL).await.unwrap();
        assert_eq!(subject.flags, [SubjectFlag::SecondLook]);
        assert!(subject.needs_second_look());
    }
    let answers: Vec<u8> = world.exchanges().into_iter().flat_map(|exchange| exchange.response.1).collect();
    assert!(crate::support::holds(&answers, "SECOND_LOOK"), "the search finds what is there");
    for told in ["DOCUMENT_NOT_GENUINE", "s-4711"] {
        assert!(!crate::support::holds(&answers, told), "{told}");
    }
    world.pass_days(2);
    assert_eq!(neighbour.lookup(&AMSEL).await.unwrap().flags, []);
    // And is gone with the next heartbeat.
    let refusals = || world.service.access_report(INSURED).unwrap()["refusals"].as_array().unwrap().len();
    assert_eq!(refusals(), 1);
    neighbour.heartbeat(&report()).await.unwrap();
    assert_eq!(refusals(), 0);
    assert_eq!(world.service.record_gaps(DESK).unwrap(), [], "its place in the chain stays");
    world.check_exchanges();
}

#[tokio::test]
async fn a_refusal_and_a_blocking_are_about_somebody_who_is_insured() {
    let world = World::start();
    let desk = world.desk().await;
    let refusal = desk.refused(id(), NOT_INSURED, RefusalReason::IdentityNotEstablished);
    assert_eq!(refused(&desk, &refusal).await, ProblemCode::NotInsured);
    let blocking = desk.blocked(NOT_INSURED, BlockingTarget::Codes);
    assert_eq!(refused(&desk, &blocking).await, ProblemCode::NotInsured);
    desk.deliver(&desk.refused(id(), KIEBITZ, RefusalReason::AuthorityNotProven)).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn blocking_the_codes_leaves_the_app_and_blocking_the_app_leaves_nothing() {
    let world = World::start();
    let desk = world.desk().await;
    let neighbour = Desk::new(&world.endpoint(), &world.enrol("0312-05").await);
    let (registration, redeemed) = world.code_delivered(&desk).await;
    desk.deliver(&desk.handed_over(redeemed)).await.unwrap();
    world.app().redeem(&registration, REFERENCE, CODE).await.unwrap();
    let shown = world.app().visit_number(&registration).await.unwrap();
    let identification = id();
    desk.deliver(&desk.identification(identification, &crate::support::identification_for_epa(INSURED)))
        .await
        .unwrap();
    let sealed = account::seal(OTHER_CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let mut epa = world.code(identification, &registration, sealed);
    epa.purpose = account::Purpose::Epa;
    epa.recipient = account::Recipient::Subject { visit_number: shown.as_str().into() };
    epa.reference = OTHER_REFERENCE.to_owned();
    let epa = desk.code(id(), &epa);
    desk.deliver(&epa).await.unwrap();

    let blocked = neighbour.deliver(&neighbour.blocked(INSURED, BlockingTarget::Codes)).await.unwrap();
    let ended: Vec<_> = blocked.reviewed.iter().map(|code| (code.id, code.state)).collect();
    assert_eq!(ended, [(epa.id, CodeState::Revoked)]);
    assert_eq!(desk.lookup(&AMSEL).await.unwrap().account, account::AccountState::AppActive);
    let events = desk.events(0).await.unwrap().events;
    assert_eq!(events[0].kind, CentralEventKind::Blocked);

    let blocked = neighbour.deliver(&neighbour.blocked(INSURED, BlockingTarget::App)).await.unwrap();
    assert_eq!(blocked.reviewed.len(), 1);
    assert_eq!(desk.code_status(redeemed).await.unwrap().unwrap().state, CodeState::Revoked);
    assert_eq!(desk.lookup(&AMSEL).await.unwrap().account, account::AccountState::None);
    assert_eq!(problem(world.app().visit_number(&registration).await).0, "NOT_FOUND");
    assert_eq!(neighbour.events(0).await.unwrap().events, [], "they were not its codes");
    // Who wants to begin anew may.
    world.app().register(INSURED).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn a_hand_over_is_told_to_a_contact_that_is_known_for_more_than_30_days() {
    for (known_for, told) in [(None, 0), (Some(30), 0), (Some(31), 1)] {
        let world = World::start();
        let desk = world.desk().await;
        if let Some(days) = known_for {
            let since = world.now() - SignedDuration::from_hours(24 * days);
            world.service.know_contact(INSURED, since).unwrap();
        }
        let (registration, code) = world.code_delivered(&desk).await;
        let app = world.app();
        assert_eq!(app.notices(&registration).await.unwrap(), [], "nothing was handed over");
        let hand_over = desk.handed_over(code);
        for _ in 0..2 {
            desk.deliver(&hand_over).await.unwrap();
        }
        let notices = app.notices(&registration).await.unwrap();
        assert_eq!(notices.len(), told, "{known_for:?}");
        for notice in notices {
            assert_eq!((notice.purpose.as_str(), notice.place.as_str()), ("APP_ACTIVATION", DESK));
        }
        world.check_exchanges();
    }
}

#[tokio::test]
async fn whoever_objects_blocks_everything_and_the_desk_is_told() {
    let world = World::start();
    let desk = world.desk().await;
    world.service.know_contact(INSURED, world.now() - SignedDuration::from_hours(24 * 40)).unwrap();
    let (registration, code) = world.code_delivered(&desk).await;
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    let app = world.app();
    app.redeem(&registration, REFERENCE, CODE).await.unwrap();
    let notice = app.notices(&registration).await.unwrap().remove(0);

    let stranger = app.register(KIEBITZ).await.unwrap();
    assert_eq!(problem(app.object(&stranger, &notice.id).await).0, "NOT_FOUND", "not theirs");
    assert_eq!(problem(app.object(&registration, &id().to_string()).await).0, "NOT_FOUND");
    for _ in 0..2 {
        app.object(&registration, &notice.id).await.unwrap();
    }
    assert_eq!(desk.code_status(code).await.unwrap().unwrap().state, CodeState::Revoked);
    assert_eq!(desk.lookup(&AMSEL).await.unwrap().account, account::AccountState::None);
    let events = desk.events(0).await.unwrap().events;
    assert_eq!(events.iter().map(|event| event.kind).collect::<Vec<_>>(), [CentralEventKind::Blocked]);
    let world = world.restart();
    assert_eq!(desk.code_status(code).await.unwrap().unwrap().state, CodeState::Revoked);
    world.check_exchanges();
}

#[tokio::test]
async fn a_person_is_told_everything_that_is_kept_about_them_and_until_when() {
    let world = World::start();
    let desk = world.desk().await;
    world.service.know_contact(INSURED, world.now() - SignedDuration::from_hours(24 * 40)).unwrap();
    desk.lookup(&AMSEL).await.unwrap();
    let (_, code) = world.code_delivered(&desk).await;
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    desk.deliver(&desk.refused(id(), INSURED, RefusalReason::IdentityNotEstablished)).await.unwrap();
    desk.deliver(&desk.blocked(INSURED, BlockingTarget::Codes)).await.unwrap();
    desk.deliver(&desk.identified(id(), KIEBITZ)).await.unwrap();

    let report = world.service.access_report(INSURED).unwrap();
    assert_eq!(report["kvnr"], INSURED);
    for (kind, keys) in [
        ("identifications", ["desk", "record", "acceptedAt", "keptUntil"].as_slice()),
        ("codes", &["reference", "purpose", "state", "validUntil", "verifierKeptUntil"]),
        ("lookups", &["at", "desk", "role", "operation", "reason", "keptUntil"]),
        ("refusals", &["desk", "reason", "at", "keptUntil"]),
        ("blockings", &["desk", "target", "at"]),
        ("events", &["kind", "at"]),
        ("notices", &["purpose", "desk", "at"]),
    ] {
        let entries = report[kind].as_array().unwrap();
        assert_eq!(entries.len(), 1, "{kind}");
        for key in keys {
            assert!(!entries[0][key].is_null(), "{kind}: {key}");
        }
    }
    assert_eq!(report["codes"][0]["state"], "REVOKED");
    let text = report.to_string();
    assert!(text.contains(REFERENCE), "the search finds what is there");
    for other in [KIEBITZ, CODE, "verifier\":"] {
        assert!(!text.contains(other), "{other}");
    }
    assert!(world.service.access_report(NOT_INSURED).is_err());
}

#[tokio::test]
async fn tries_and_a_lock_out_survive_a_restart() {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    let mut world = world;
    for left in [4, 3, 2, 1] {
        let wrong = world.app().redeem(&registration, REFERENCE, OTHER_CODE).await;
        assert_eq!(problem(wrong), ("CODE_WRONG".to_owned(), Some(left)));
        world = world.restart();
    }
    let last = world.app().redeem(&registration, REFERENCE, OTHER_CODE).await;
    assert_eq!(problem(last).0, "CODE_LOCKED");
    let world = world.restart();
    let right = world.app().redeem(&registration, REFERENCE, CODE).await;
    assert_eq!(problem(right).0, "CODE_LOCKED");
    world.check_exchanges();
}
