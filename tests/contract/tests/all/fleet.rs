//! The desk itself: heartbeat, certificate, keys, policy, events, and how much it may ask.

use account::{
    AccountClient, BlockingTarget, CallError, CentralEventKind, CodeState, DeskCommand, DeskReport,
    EnrolError, PolicyError, ProblemCode, RecordLink, SignedPolicy,
};
use account_service::EventKind;
use serde_json::Value;

use crate::{
    carer::{Carer, on_file},
    desk::{Desk, report},
    support::{AMSEL, CODE, DESK, INSURED, KIEBITZ, REFERENCE, World, id},
};

const OTHER_DESK: &str = "0312-05";

#[tokio::test]
async fn a_heartbeat_tells_how_the_desk_is_and_what_there_is_for_it() {
    let world = World::start();
    let desk = world.desk().await;
    let told = DeskReport { waiting: 2, refused: 1, policy_serial: 3, ..report() };
    let heartbeat = desk.heartbeat(&told).await.unwrap();
    assert_eq!(heartbeat.server_time, world.now());
    assert_eq!((heartbeat.policy_serial, heartbeat.last_event), (0, 0));
    assert_eq!(heartbeat.commands, []);
    let status = world.service.desk_status(DESK).unwrap().unwrap();
    assert_eq!((status.waiting, status.refused, status.policy_serial), (2, 1, 3));
    assert_eq!((status.app_version.as_str(), status.desk_time), ("0.1.0", told.desk_time));
    assert_eq!(world.service.desk_status(OTHER_DESK).unwrap(), None);

    desk.heartbeat(&report()).await.unwrap();
    assert_eq!(world.service.desk_status(DESK).unwrap().unwrap().waiting, 0, "the last one counts");
    world.check_exchanges();
}

#[tokio::test]
async fn a_command_is_repeated_until_it_is_done_or_withdrawn() {
    let world = World::start();
    let desk = world.desk().await;
    for command in [account_service::DeskCommand::Lock, account_service::DeskCommand::Wipe] {
        world.service.command(DESK, command).unwrap();
    }
    world.service.command(DESK, account_service::DeskCommand::Renew).unwrap();
    assert!(world.service.command(OTHER_DESK, account_service::DeskCommand::Lock).is_err(), "no such desk");
    for _ in 0..2 {
        let commands = desk.heartbeat(&report()).await.unwrap().commands;
        assert_eq!(commands, [DeskCommand::Lock, DeskCommand::Renew, DeskCommand::Wipe]);
    }
    desk.renew().await.unwrap();
    let commands = desk.heartbeat(&report()).await.unwrap().commands;
    assert_eq!(commands, [DeskCommand::Lock, DeskCommand::Wipe], "the renewal is done");
    world.service.withdraw_command(DESK, account_service::DeskCommand::Lock).unwrap();
    assert_eq!(desk.heartbeat(&report()).await.unwrap().commands, [DeskCommand::Wipe]);
    world.check_exchanges();
}

fn client(world: &World, identity: &account::DeskIdentity) -> AccountClient {
    AccountClient::new(&world.endpoint(), identity).unwrap()
}

#[tokio::test]
async fn an_old_certificate_serves_until_the_new_one_was_used() {
    let world = World::start();
    let desk = world.desk().await;
    let renewed = desk.renew().await.unwrap();
    assert_eq!(renewed.desk(), DESK);
    assert_ne!(renewed.private_key(), desk.identity.private_key());
    desk.heartbeat(&report()).await.unwrap();
    client(&world, &renewed).heartbeat(&report()).await.unwrap();
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::NotAuthenticated));
    let world = world.restart();
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::NotAuthenticated));
    client(&world, &renewed).heartbeat(&report()).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn an_old_certificate_is_over_after_a_day_at_the_latest() {
    let world = World::start();
    let desk = world.desk().await;
    let renewed = desk.renew().await.unwrap();
    world.pass_days(1);
    desk.heartbeat(&report()).await.unwrap();
    world.pass_days(1);
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::NotAuthenticated));
    client(&world, &renewed).heartbeat(&report()).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn a_renewal_whose_answer_got_lost_is_made_again_and_the_first_one_is_worth_nothing() {
    let world = World::start();
    let desk = world.desk().await;
    let lost = desk.renew().await.unwrap();
    let renewed = desk.renew().await.unwrap();
    assert_eq!(client(&world, &lost).heartbeat(&report()).await, Err(CallError::NotAuthenticated));
    desk.heartbeat(&report()).await.unwrap();
    client(&world, &renewed).heartbeat(&report()).await.unwrap();
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::NotAuthenticated));
    world.check_exchanges();
}

#[tokio::test]
async fn whoever_is_revoked_is_not_renewed_and_a_renewed_certificate_is_revoked_too() {
    let world = World::start();
    let desk = world.desk().await;
    let renewed = desk.renew().await.unwrap();
    world.service.revoke_desk(DESK).unwrap();
    assert!(matches!(desk.renew().await, Err(EnrolError::Call(CallError::Revoked))));
    assert_eq!(client(&world, &renewed).heartbeat(&report()).await, Err(CallError::Revoked));
    world.check_exchanges();
}

#[tokio::test]
async fn a_policy_is_signed_and_its_serial_rises() {
    let world = World::start();
    let desk = world.desk().await;
    assert_eq!(desk.policy().await.unwrap().map(|_| ()), None);
    let toml = "[codes]\nvalidity_days = 10 # Prüfung\n";
    assert_eq!(world.service.publish_policy("beispielkasse", "x = 1").unwrap(), 1);
    assert_eq!(world.service.publish_policy("beispielkasse", toml).unwrap(), 2);
    assert_eq!(desk.heartbeat(&report()).await.unwrap().policy_serial, 2);
    let signed = desk.policy().await.unwrap().unwrap();
    let ca = world.service.ca_certificate();
    let bundle = SignedPolicy::verify(signed.as_str(), ca, 2).unwrap();
    assert_eq!((bundle.serial, bundle.profile.as_str()), (2, "beispielkasse"));
    assert_eq!((bundle.toml.as_str(), bundle.issued_at), (toml, world.now()));
    assert!(SignedPolicy::verify(signed.as_str(), ca, 3).is_err(), "older than what the desk had");
    let elsewhere = World::start();
    let foreign = SignedPolicy::verify(signed.as_str(), elsewhere.service.ca_certificate(), 0);
    assert_eq!(foreign.err(), Some(PolicyError::Signer));
    assert!(world.service.publish_policy("Beispielkasse", toml).is_err());
    assert!(world.service.publish_policy("beispielkasse", &"x".repeat(128 * 1024 + 1)).is_err());
    world.service.publish_policy("beispielkasse", &"\n".repeat(128 * 1024)).unwrap();
    let longest = desk.policy().await.unwrap().unwrap();
    assert_eq!(SignedPolicy::verify(longest.as_str(), ca, 0).unwrap().toml.len(), 128 * 1024);

    let world = world.restart();
    assert_eq!(desk.heartbeat(&report()).await.unwrap().policy_serial, 3);
    world.check_exchanges();
}

#[tokio::test]
async fn a_desk_is_told_what_happened_to_the_people_of_its_codes_and_to_nobody_else() {
    let world = World::start();
    let desk = world.desk().await;
    let neighbour = Desk::new(&world.endpoint(), &world.enrol(OTHER_DESK).await);
    let (_, code) = world.code_delivered(&desk).await;
    world.service.report_event(KIEBITZ, EventKind::Death).unwrap();
    assert_eq!(desk.heartbeat(&report()).await.unwrap().last_event, 0, "no code of this desk");
    world.service.report_event(INSURED, EventKind::NameChanged).unwrap();
    assert_eq!(desk.code_status(code).await.unwrap().unwrap().state, CodeState::Accepted);
    world.service.report_event(INSURED, EventKind::Death).unwrap();
    assert_eq!(desk.code_status(code).await.unwrap().unwrap().state, CodeState::Revoked);

    let last = desk.heartbeat(&report()).await.unwrap().last_event;
    let events = desk.events(0).await.unwrap();
    let told: Vec<_> = events.events.iter().map(|event| (event.kind, event.codes.clone())).collect();
    let expected = [CentralEventKind::NameChanged, CentralEventKind::Death].map(|kind| (kind, vec![code]));
    assert_eq!(told, expected);
    assert!(!events.more);
    assert_eq!(events.events[1].seq, last);
    assert_eq!(desk.events(events.events[0].seq).await.unwrap().events.len(), 1);
    assert_eq!(desk.events(last).await.unwrap().events, []);
    assert_eq!(neighbour.events(0).await.unwrap().events, []);
    world.service.report_event(INSURED, EventKind::NameChanged).unwrap();
    assert_eq!(desk.events(last).await.unwrap().events, [], "its code has ended");
    world.check_exchanges();
}

#[tokio::test]
async fn more_events_than_one_answer_holds_come_one_page_after_the_other() {
    let world = World::start();
    let desk = world.desk().await;
    world.code_delivered(&desk).await;
    for _ in 0..101 {
        world.service.report_event(INSURED, EventKind::NameChanged).unwrap();
    }
    let first = desk.events(0).await.unwrap();
    assert_eq!((first.events.len(), first.more), (100, true));
    let rest = desk.events(first.events[99].seq).await.unwrap();
    assert_eq!((rest.events.len(), rest.more), (1, false));
    world.check_exchanges();
}

#[tokio::test]
async fn the_end_of_a_care_ends_the_carers_codes_and_leaves_the_persons_own() {
    for (reported, told) in [
        (EventKind::CareEnded, CentralEventKind::CareEnded),
        (EventKind::CarerChanged, CentralEventKind::CarerChanged),
    ] {
        let world = World::start();
        let desk = world.desk().await;
        let (_, own) = world.code_delivered(&desk).await;
        let carer = Carer::register(&world).await;
        let number = &carer.registration.number;
        world.service.file_representation(number, INSURED, on_file(&world)).unwrap();
        let identification = carer.identified(&desk).await;
        let referenced = |code: &mut account::CodeRecord, _: &mut account::RepresentationRecord| {
            crate::support::OTHER_REFERENCE.clone_into(&mut code.reference);
        };
        let code = carer.code_with(&world, &desk, identification, INSURED, referenced).await;
        desk.deliver(&code).await.unwrap();

        world.service.report_event(INSURED, reported).unwrap();
        assert_eq!(desk.code_status(code.id).await.unwrap().unwrap().state, CodeState::Revoked);
        assert_eq!(desk.code_status(own).await.unwrap().unwrap().state, CodeState::Accepted);
        let filed = desk.representation(number, INSURED).await.unwrap().unwrap();
        assert_eq!(filed.status, account::RepresentationStatus::Ended);
        let events = desk.events(0).await.unwrap().events;
        assert_eq!((events[0].kind, events[0].codes.as_slice()), (told, [code.id].as_slice()));
        world.check_exchanges();
    }
}

#[tokio::test]
async fn whoever_is_insured_elsewhere_has_no_code_and_no_account() {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    world.app().redeem(&registration, REFERENCE, CODE).await.unwrap();
    world.service.report_event(INSURED, EventKind::MembershipEnded).unwrap();
    assert_eq!(desk.code_status(code).await.unwrap().unwrap().state, CodeState::Revoked);
    assert_eq!(desk.lookup(&AMSEL).await.unwrap().account, account::AccountState::Locked);
    assert_eq!(desk.events(0).await.unwrap().events[0].kind, CentralEventKind::MembershipEnded);
    world.check_exchanges();
}

#[tokio::test]
async fn a_lost_desks_records_are_readable_for_the_insurer_alone() {
    let world = World::start();
    let desk = world.desk().await;
    let key = desk.recovery_key().await.unwrap();
    assert_ne!(key.id(), desk.sealing_key().await.unwrap().id());
    let undelivered = [desk.identified(id(), INSURED), desk.blocked(INSURED, BlockingTarget::App)];
    let sealed = account::seal_records(&undelivered, &key).unwrap();
    assert!(!sealed.contains(INSURED));
    let opened: Value = serde_json::from_str(&world.service.open_recovered(&sealed).unwrap()).unwrap();
    for (record, opened) in undelivered.iter().zip(opened.as_array().unwrap()) {
        assert_eq!(opened["kind"], record.kind.as_str());
        assert_eq!(opened["id"], record.id.to_string());
        assert_eq!(opened["body"].as_str(), Some(record.body.as_str()));
    }
    let world = world.restart();
    world.service.open_recovered(&sealed).unwrap();
    let elsewhere = World::start();
    assert!(elsewhere.service.open_recovered(&sealed).is_err());
    assert!(
        world
            .service
            .open_recovered(&account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap())
            .is_err()
    );
    world.check_exchanges();
}

#[tokio::test]
async fn a_desk_that_asks_too_much_is_told_to_wait_and_others_are_not() {
    let world = World::configured(|config| config.lookups_per_minute = 3);
    let desk = world.desk().await;
    let neighbour = Desk::new(&world.endpoint(), &world.enrol(OTHER_DESK).await);
    for _ in 0..2 {
        desk.lookup(&AMSEL).await.unwrap();
    }
    desk.visit_number_matches(INSURED, "7KQ4XR9B").await.unwrap();
    for _ in 0..2 {
        let Err(CallError::Unavailable { retry_after }) = desk.lookup(&AMSEL).await else { panic!() };
        assert!((1..=61).contains(&retry_after.as_secs()), "{retry_after:?}");
    }
    // The other kinds of look-ups count with it; nothing else does.
    assert!(matches!(desk.representative("V-7KQ4XR9B").await, Err(CallError::Unavailable { .. })));
    desk.heartbeat(&report()).await.unwrap();
    neighbour.lookup(&AMSEL).await.unwrap();
    let refused = world.exchanges().into_iter().filter(|exchange| exchange.status == 429);
    for exchange in refused {
        assert!(String::from_utf8_lossy(&exchange.response.1).contains("RATE_LIMITED"));
    }
    world.pass_days(1);
    desk.lookup(&AMSEL).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn a_code_issued_offline_is_for_the_person_alone_for_seven_days_and_not_for_the_health_record() {
    let world = World::start();
    let desk = world.desk().await;
    let registration = world.app().register(INSURED).await.unwrap();
    let sealed = account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let high = id();
    desk.deliver(&desk.identification(high, &crate::support::identification_for_epa(INSURED))).await.unwrap();
    for purpose in [account::Purpose::Epa, account::Purpose::AppActivation] {
        let mut code = world.code(high, &registration, sealed.clone());
        (code.purpose, code.offline, code.valid_until) = (purpose, true, world.day(7));
        let refused = crate::support::refused(&desk, &desk.code(id(), &code)).await;
        assert_eq!(refused, ProblemCode::OfflineNotAdmitted, "{purpose:?}");
    }
    let substantial = id();
    desk.deliver(&desk.identified(substantial, INSURED)).await.unwrap();
    let mut code = world.code(substantial, &registration, sealed);
    (code.offline, code.valid_until) = (true, world.day(9));
    let refused = crate::support::refused(&desk, &desk.code(id(), &code)).await;
    assert_eq!(refused, ProblemCode::OfflineNotAdmitted, "a ninth day, whatever the desk's clock");
    code.valid_until = world.day(7);
    desk.deliver(&desk.code(id(), &code)).await.unwrap();
    assert_ne!(desk.last(), RecordLink::START);
    world.check_exchanges();
}

#[tokio::test]
async fn a_service_may_be_configured_for_fewer_days_of_a_code_issued_offline_and_never_for_more() {
    for (configured, days) in [(2, 2), (30, 7)] {
        let world = World::configured(|config| config.offline_days = configured);
        let desk = world.desk().await;
        let registration = world.app().register(INSURED).await.unwrap();
        let identification = id();
        desk.deliver(&desk.identified(identification, INSURED)).await.unwrap();
        let sealed = account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap();
        let mut code = world.code(identification, &registration, sealed);
        (code.offline, code.valid_until) = (true, world.day(days + 2));
        let refused = crate::support::refused(&desk, &desk.code(id(), &code)).await;
        assert_eq!(refused, ProblemCode::OfflineNotAdmitted, "{configured}");
        code.valid_until = world.day(days);
        desk.deliver(&desk.code(id(), &code)).await.unwrap();
        world.check_exchanges();
    }
}
