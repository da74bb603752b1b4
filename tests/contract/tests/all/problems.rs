//! Every problem that the contract names, met on the wire; what can't be is listed with the reason.

use std::collections::BTreeSet;

use account::{
    ActingPerson, Area, BlockingTarget, CodeRecord, HealthCardRecord, JournalSegmentRecord, Level, Purpose,
    RecordLink, RefusalReason, RepresentationRecord, ScopeKind,
};
use account_service::Fault;
use contract::Contract;
use reqwest::Method;
use serde_json::Value;

use crate::{
    carer::{Carer, code_on},
    desk::{Desk, report},
    raw::RawDesk,
    support::{
        AMSEL, CODE, DESK, INSURED, KIEBITZ, NOT_INSURED, OTHER_CODE, OTHER_INSURED, OTHER_REFERENCE,
        REFERENCE, World, id, identification_for_epa, proven_chip,
    },
};

/// Problems that no request brings about, and why.
const UNREACHABLE: [(&str, &str); 1] =
    [("INTERNAL", "a failure of the service itself: whoever finds one mends it")];

fn met(world: &World) -> BTreeSet<String> {
    let answers = world.exchanges().into_iter().map(|exchange| exchange.response);
    let problems =
        answers.filter(|(content_type, _)| content_type.as_deref() == Some("application/problem+json"));
    let codes = problems.map(|(_, body)| serde_json::from_slice::<Value>(&body).unwrap()["code"].clone());
    codes.map(|code| code.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_problem_of_the_contract_is_met_or_said_to_be_out_of_reach() {
    let mut codes: BTreeSet<String> = BTreeSet::new();
    codes.extend(about_desks().await);
    codes.extend(about_an_insured_persons_code().await);
    codes.extend(about_the_health_record().await);
    codes.extend(about_a_representative().await);
    codes.extend(about_records().await);
    codes.extend(about_redemptions().await);
    let contract = Contract::committed().unwrap();
    let agreed = &contract.document()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    let agreed: BTreeSet<String> =
        agreed.as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    for (code, why) in UNREACHABLE {
        assert!(!codes.contains(code), "{code} was met: {why}");
        codes.insert(code.to_owned());
    }
    assert_eq!(codes, agreed);
}

async fn about_desks() -> BTreeSet<String> {
    let world = World::configured(|config| config.lookups_per_minute = 1);
    let desk = world.desk().await;
    let raw = RawDesk::new(&world, &desk.identity);
    let (_, not_found) = raw.send(Method::GET, "/ws/v1/policy", None).await;
    assert_eq!(not_found["code"], "NOT_FOUND");
    account::enrol(&world.endpoint(), "AAAAAAAAAAAAAAAAAAAAAAAA").await.unwrap_err();
    desk.lookup(&AMSEL).await.unwrap();
    desk.lookup(&AMSEL).await.unwrap_err();
    world.service.fault(Fault::Status(503));
    desk.heartbeat(&report()).await.unwrap_err();
    world.service.fault(Fault::None);
    world.check_exchanges();

    // What no operation describes has a problem all the same.
    let lookup = "/ws/v1/subject-lookups";
    assert_eq!(raw.send(Method::POST, lookup, Some(" ".repeat(65 * 1024))).await.0, 413);
    assert_eq!(raw.send(Method::POST, lookup, Some("{}".to_owned())).await.0, 422);
    assert_eq!(raw.send(Method::DELETE, "/ws/v1/policy", None).await.0, 405);
    let renewed = Desk::new(&world.endpoint(), &desk.renew().await.unwrap());
    renewed.heartbeat(&report()).await.unwrap();
    desk.heartbeat(&report()).await.unwrap_err();
    world.service.revoke_desk(DESK).unwrap();
    renewed.heartbeat(&report()).await.unwrap_err();
    met(&world)
}

async fn about_an_insured_persons_code() -> BTreeSet<String> {
    let world = World::start();
    let desk = world.desk().await;
    let neighbour = Desk::new(&world.endpoint(), &world.enrol("0312-05").await);
    let (registration, code) = world.code_delivered(&desk).await;
    let identification = world.last_identification();
    let sealed = account::seal(OTHER_CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let tried = async |change: fn(&mut CodeRecord)| {
        let mut record = world.code(identification, &registration, sealed.clone());
        record.reference = OTHER_REFERENCE.to_owned();
        change(&mut record);
        desk.deliver(&desk.code(id(), &record)).await.unwrap_err();
    };
    neighbour.deliver(&neighbour.handed_over(code)).await.unwrap_err();
    tried(|_| {}).await; // OPEN_CODE_EXISTS
    desk.deliver(&desk.voided(code)).await.unwrap();
    desk.deliver(&desk.handed_over(code)).await.unwrap_err();
    tried(|code| code.reference = REFERENCE.to_owned()).await;
    tried(|code| code.identification_id = id()).await;
    tried(|code| code.sealed_code = "a.b.c.d.e".to_owned()).await;
    tried(|code| code.recipient = account::Recipient::Subject { visit_number: "7KQ4XR9B".into() }).await;
    tried(|code| code.kvnr = NOT_INSURED.into()).await;
    desk.deliver(&desk.identified(identification, OTHER_INSURED)).await.unwrap_err();
    world.service.activate_app(INSURED).unwrap();
    tried(|_| {}).await; // ACCOUNT_EXISTS
    world.service.lock_account(INSURED).unwrap();
    tried(|_| {}).await; // ACCOUNT_LOCKED
    world.check_exchanges();
    met(&world)
}

async fn about_the_health_record() -> BTreeSet<String> {
    let world = World::start();
    let desk = world.desk().await;
    let registration = world.app().register(INSURED).await.unwrap();
    let sealed = account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let enough = || identification_for_epa(INSURED);
    let deliver = async |record: account::IdentificationRecord, purpose, offline| {
        let identification = id();
        desk.deliver(&desk.identification(identification, &record)).await.unwrap();
        let mut code = world.code(identification, &registration, sealed.clone());
        (code.purpose, code.offline) = (purpose, offline);
        let code = desk.code(id(), &code);
        (code.id, desk.deliver(&code).await.is_ok())
    };
    let mut low = enough();
    low.level = Level::Substantial;
    let mut no_card = enough();
    no_card.health_card = HealthCardRecord::NotRead;
    let mut chip = enough();
    chip.document.chip = Some(proven_chip());
    for (record, purpose, offline) in [
        (low, Purpose::Epa, false),
        (no_card, Purpose::Epa, false),
        (chip, Purpose::AppActivation, false),
        (enough(), Purpose::Epa, true),
    ] {
        assert!(!deliver(record, purpose, offline).await.1);
    }
    let (code, accepted) = deliver(enough(), Purpose::Epa, false).await;
    assert!(accepted);
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    world.app().redeem(&registration, REFERENCE, CODE).await.unwrap();
    world.app().visit_number(&registration).await.unwrap_err();
    world.check_exchanges();
    met(&world)
}

async fn about_a_representative() -> BTreeSet<String> {
    let world = World::start();
    let desk = world.desk().await;
    desk.representative("V-7KQ4XR9B").await.unwrap_err();
    let carer = Carer::register(&world).await;
    let identification = carer.identified(&desk).await;
    let alone = carer.identified_as(&desk, |record| record.second_operator = None).await;
    let tried = async |identification, change: fn(&World, &mut RepresentationRecord)| {
        let mut deed = carer.deed(&world, identification, KIEBITZ);
        change(&world, &mut deed);
        desk.deliver(&desk.authority(id(), &deed)).await.unwrap_err();
    };
    tried(alone, |_, _| {}).await;
    tried(identification, |_, deed| deed.areas = vec![Area::Assets]).await;
    tried(identification, |world, deed| deed.provisional_until = Some(world.day(-1))).await;
    let code = code_on(&world, &desk, (identification, id()), KIEBITZ).await;
    desk.deliver(&desk.code(id(), &code)).await.unwrap_err(); // REPRESENTATION_UNKNOWN
    let mut nobody = carer.record();
    nobody.person.number = ActingPerson::Representative("V-7KQ4XR9B".into());
    desk.deliver(&desk.identification(id(), &nobody)).await.unwrap_err();
    world.check_exchanges();
    met(&world)
}

async fn about_records() -> BTreeSet<String> {
    let world = World::start();
    let desk = world.desk().await;
    let first = desk.refused(id(), INSURED, RefusalReason::IdentityNotEstablished);
    let mut changed = first.clone();
    *changed.body = first.body.replace("IDENTITY_NOT_ESTABLISHED", "DOCUMENT_NOT_GENUINE");
    desk.deliver(&changed).await.unwrap_err();
    desk.deliver(&first).await.unwrap();
    let forked = Desk::after(&world.endpoint(), &desk.identity, RecordLink::START);
    desk.deliver(&forked.blocked(INSURED, BlockingTarget::Codes)).await.unwrap_err();
    let zero = "A".repeat(43);
    let entry = account::JournalEntry {
        event_id: id(),
        visit: id(),
        scope_kind: ScopeKind::Visit,
        scope_id: id(),
        kind: "visit_opened".to_owned(),
        version: 1,
        at_us: 0,
        body_hash: zero.clone(),
    };
    let genesis = "aWRlbnRwbGF0ei9qb3VybmFsL2dlbmVzaXMvdjAwMDE";
    for prev in [zero.as_str(), genesis] {
        let segment = JournalSegmentRecord {
            day: world.day(0),
            from_seq: 1,
            until_seq: 1,
            prev_hash: prev.to_owned(),
            entries: vec![entry.clone()],
            hash: zero.clone(),
        };
        desk.deliver(&desk.segment(&segment)).await.unwrap_err();
    }
    world.check_exchanges();
    met(&world)
}

async fn about_redemptions() -> BTreeSet<String> {
    let world = World::start();
    let desk = world.desk().await;
    let (registration, code) = world.code_delivered(&desk).await;
    let redeem = async |code| world.app().redeem(&registration, REFERENCE, code).await.unwrap_err();
    redeem(CODE).await; // CODE_NOT_ACTIVE
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    for _ in 0..5 {
        redeem(OTHER_CODE).await; // CODE_WRONG, CODE_LOCKED
    }
    let late = World::start();
    let desk = late.desk().await;
    let (registration, code) = late.code_delivered(&desk).await;
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    late.pass_days(15);
    late.app().redeem(&registration, REFERENCE, CODE).await.unwrap_err();
    world.check_exchanges();
    late.check_exchanges();
    met(&world).into_iter().chain(met(&late)).collect()
}
