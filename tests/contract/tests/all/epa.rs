//! The electronic health record (ePA): opened with a code, on more proof than an app needs.

use account::{
    AccountState, CardProofLevel, CodeState, Delivery, HealthCardRecord, IdentificationRecord, Level,
    ProblemCode, Purpose, ReviewOutcome,
};
use account_service::{Registration, Service};
use uuid::Uuid;

use crate::desk::Desk;
use crate::{
    carer::Carer,
    support::{
        AMSEL, CODE, ELSTER, INSURED, KIEBITZ, NOT_INSURED, OTHER_CODE, OTHER_INSURED, OTHER_REFERENCE,
        REFERENCE, World, id, identification, identification_for_epa, problem, refused,
    },
};

async fn identified(desk: &Desk, record: &IdentificationRecord) -> Uuid {
    let identification = id();
    desk.deliver(&desk.identification(identification, record)).await.unwrap();
    identification
}

/// A code for the electronic health record, for the app that shows that number.
async fn code(world: &World, desk: &Desk, identification: Uuid, shown: &Registration) -> Delivery {
    code_for(world, desk, identification, INSURED, shown).await
}

async fn code_for(
    world: &World,
    desk: &Desk,
    identification: Uuid,
    kvnr: &str,
    shown: &Registration,
) -> Delivery {
    let sealed = account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let mut record = world.code(identification, shown, sealed);
    (record.kvnr, record.purpose) = (kvnr.into(), Purpose::Epa);
    desk.code(id(), &record)
}

/// A code that activates the app.
async fn activation(world: &World, desk: &Desk, shown: &Registration) -> Delivery {
    let identification = identified(desk, &identification(INSURED)).await;
    let sealed = account::seal(OTHER_CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let mut record = world.code(identification, shown, sealed);
    record.reference = OTHER_REFERENCE.to_owned();
    desk.code(id(), &record)
}

async fn hand_over(desk: &Desk, code: &Delivery) {
    desk.deliver(code).await.unwrap();
    assert_eq!(desk.deliver(&desk.handed_over(code.id)).await.unwrap().code, Some(CodeState::Active));
}

/// The same app with the number that it shows now.
async fn showing(world: &World, app: &Registration) -> Registration {
    Registration { visit_number: world.app().visit_number(app).await.unwrap(), ..app.clone() }
}

async fn account_of_amsel(desk: &Desk) -> (AccountState, bool) {
    let subject = desk.lookup(&AMSEL).await.unwrap();
    (subject.account, subject.open_visit_number)
}

fn epa(service: &Service) -> bool {
    service.has_epa(INSURED).unwrap()
}

#[tokio::test]
async fn an_app_that_is_only_registered_is_activated_and_the_record_is_open_in_it() {
    let world = World::start();
    let (desk, app) = (world.desk().await, world.app());
    let registration = app.register(INSURED).await.unwrap();
    assert_eq!(app.visit_number(&registration).await.unwrap(), registration.visit_number, "it has one");
    let identification = identified(&desk, &identification_for_epa(INSURED)).await;
    let code = code(&world, &desk, identification, &registration).await;
    hand_over(&desk, &code).await;
    assert!(!epa(&world.service), "not before it is redeemed");

    for time in ["first", "again, because the answer was missed"] {
        assert!(app.redeem(&registration, REFERENCE, CODE).await.unwrap().epa, "{time}");
    }
    assert!(epa(&world.service));
    assert_eq!(account_of_amsel(&desk).await, (AccountState::AppActive, false));
    assert_eq!(desk.code_status(code.id).await.unwrap().unwrap().state, CodeState::Redeemed);
    world.check_exchanges();
}

#[tokio::test]
async fn an_active_app_asks_for_a_visit_number_and_the_record_is_opened_in_it() {
    let world = World::start();
    let (desk, app) = (world.desk().await, world.app());
    let first = app.register(INSURED).await.unwrap();
    let activation = activation(&world, &desk, &first).await;
    hand_over(&desk, &activation).await;
    assert!(!app.redeem(&first, OTHER_REFERENCE, OTHER_CODE).await.unwrap().epa);
    assert_eq!(
        account_of_amsel(&desk).await,
        (AccountState::AppActive, false),
        "it shows no number by itself"
    );
    assert!(!desk.visit_number_matches(INSURED, &first.visit_number).await.unwrap(), "that one is spent");

    let shown = showing(&world, &first).await;
    assert_ne!(shown.visit_number, first.visit_number);
    assert_eq!(showing(&world, &first).await, shown, "the same until it has served");
    assert_eq!(account_of_amsel(&desk).await, (AccountState::AppActive, true));
    assert!(desk.visit_number_matches(INSURED, &shown.visit_number).await.unwrap());
    assert!(!desk.visit_number_matches(OTHER_INSURED, &shown.visit_number).await.unwrap());

    let identification = identified(&desk, &identification_for_epa(INSURED)).await;
    let spent = code(&world, &desk, identification, &first).await;
    assert_eq!(refused(&desk, &spent).await, ProblemCode::VisitNumberUnknown);
    hand_over(&desk, &code(&world, &desk, identification, &shown).await).await;
    assert!(app.redeem(&shown, REFERENCE, CODE).await.unwrap().epa);
    assert!(epa(&world.service));
    assert_eq!(account_of_amsel(&desk).await, (AccountState::AppActive, false));
    assert_eq!(problem(app.visit_number(&shown).await).0, "EPA_OPEN", "nothing is left to ask for");
    world.check_exchanges();
}

#[tokio::test]
async fn an_app_that_was_activated_in_another_way_asks_for_a_visit_number_too() {
    let world = World::start();
    let desk = world.desk().await;
    assert!(world.service.activate_app(INSURED).is_err(), "there is none yet");
    let registration = world.app().register(INSURED).await.unwrap();
    world.service.activate_app(INSURED).unwrap();
    assert_eq!(account_of_amsel(&desk).await, (AccountState::AppActive, false));
    assert!(!epa(&world.service));
    let shown = showing(&world, &registration).await;
    assert!(desk.visit_number_matches(INSURED, &shown.visit_number).await.unwrap());
    world.check_exchanges();
}

#[tokio::test]
async fn a_number_is_shown_by_a_living_app_of_an_account_that_is_not_locked() {
    let world = World::start();
    let app = world.app();
    let earlier = app.register(INSURED).await.unwrap();
    let later = app.register(INSURED).await.unwrap();
    assert_eq!(problem(app.visit_number(&earlier).await).0, "NOT_FOUND");
    assert_eq!(app.visit_number(&later).await.unwrap(), later.visit_number);
    world.service.lock_account(INSURED).unwrap();
    assert_eq!(problem(app.visit_number(&later).await).0, "ACCOUNT_LOCKED");
    world.check_exchanges();
}

#[tokio::test]
async fn an_active_app_is_not_activated_once_more() {
    let world = World::start();
    let desk = world.desk().await;
    let registration = world.app().register(INSURED).await.unwrap();
    world.service.activate_app(INSURED).unwrap();
    let shown = showing(&world, &registration).await;
    let again = activation(&world, &desk, &shown).await;
    assert_eq!(refused(&desk, &again).await, ProblemCode::AccountExists);
    world.check_exchanges();
}

#[tokio::test]
async fn the_service_looks_for_itself_into_what_the_identification_proved() {
    let world = World::start();
    let desk = world.desk().await;
    let registration = world.app().register(INSURED).await.unwrap();
    let card = |proof_level, tail: &str| HealthCardRecord::Read {
        proof_level,
        card_number_tail: tail.into(),
        pin_verified: false,
    };
    let enough = || identification_for_epa(INSURED);
    for (what, record, expected) in [
        (
            "one person alone",
            IdentificationRecord { second_operator: None, level: Level::Substantial, ..enough() },
            ProblemCode::SodViolation,
        ),
        (
            "two, but not enough for them",
            IdentificationRecord { level: Level::Substantial, ..enough() },
            ProblemCode::LevelTooLow,
        ),
        (
            "no health card",
            IdentificationRecord { health_card: HealthCardRecord::NotRead, ..enough() },
            ProblemCode::HealthCardUnproven,
        ),
        (
            "a card that proved nothing",
            IdentificationRecord { health_card: card(CardProofLevel::Read, "0001"), ..enough() },
            ProblemCode::HealthCardUnproven,
        ),
        (
            "a card whose chip proved nothing",
            IdentificationRecord { health_card: card(CardProofLevel::Certificate, "0001"), ..enough() },
            ProblemCode::HealthCardUnproven,
        ),
        (
            "another card than the current one",
            IdentificationRecord { health_card: card(CardProofLevel::Chip, "0010"), ..enough() },
            ProblemCode::HealthCardUnproven,
        ),
        ("somebody else", identification_for_epa(OTHER_INSURED), ProblemCode::IdentificationUnknown),
    ] {
        let identification = identified(&desk, &record).await;
        let code = code(&world, &desk, identification, &registration).await;
        assert_eq!(refused(&desk, &code).await, expected, "{what}");
    }
    let identification = identified(&desk, &enough()).await;
    desk.deliver(&code(&world, &desk, identification, &registration).await).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn it_is_opened_for_members_with_a_card_an_account_and_an_app_at_hand() {
    let world = World::start();
    let desk = world.desk().await;
    let registration = world.app().register(INSURED).await.unwrap();
    let identification = identified(&desk, &identification_for_epa(INSURED)).await;

    let stranger = code_for(&world, &desk, identification, NOT_INSURED, &registration).await;
    assert_eq!(refused(&desk, &stranger).await, ProblemCode::NotInsured);
    // Kiebitz has no health card at all.
    let without_card = identified(&desk, &identification_for_epa(KIEBITZ)).await;
    let her_app = world.app().register(KIEBITZ).await.unwrap();
    let hers = code_for(&world, &desk, without_card, KIEBITZ, &her_app).await;
    assert_eq!(refused(&desk, &hers).await, ProblemCode::HealthCardUnproven);
    // Junko has a card and no account.
    let mut junko = identification_for_epa(OTHER_INSURED);
    junko.health_card = HealthCardRecord::Read {
        proof_level: CardProofLevel::Chip,
        card_number_tail: "0010".into(),
        pin_verified: false,
    };
    let junko = identified(&desk, &junko).await;
    let his = code_for(&world, &desk, junko, OTHER_INSURED, &registration).await;
    assert_eq!(refused(&desk, &his).await, ProblemCode::VisitNumberUnknown);

    world.service.lock_account(INSURED).unwrap();
    let locked = code(&world, &desk, identification, &registration).await;
    assert_eq!(refused(&desk, &locked).await, ProblemCode::AccountLocked);
    world.check_exchanges();
}

#[tokio::test]
async fn a_carer_opens_their_own_record_as_an_insured_person_and_never_as_a_carer() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let own = world.app().register(ELSTER).await.unwrap();
    let as_carer = carer.identified_as(&desk, |record| record.level = Level::High).await;
    let code = code_for(&world, &desk, as_carer, ELSTER, &own).await;
    assert_eq!(refused(&desk, &code).await, ProblemCode::IdentificationUnknown);
    world.check_exchanges();
}

#[tokio::test]
async fn a_person_has_one_open_code_for_the_record_and_may_have_one_for_the_app_beside_it() {
    let world = World::start();
    let (desk, app) = (world.desk().await, world.app());
    let registration = app.register(INSURED).await.unwrap();
    let activation = activation(&world, &desk, &registration).await;
    hand_over(&desk, &activation).await;
    let identification = identified(&desk, &identification_for_epa(INSURED)).await;
    let record = code(&world, &desk, identification, &registration).await;
    hand_over(&desk, &record).await;
    let second = code(&world, &desk, identification, &registration).await;
    assert_eq!(refused(&desk, &second).await, ProblemCode::OpenCodeExists);

    // The one that opens more activates the app as well: nothing is left for the other.
    assert!(app.redeem(&registration, REFERENCE, CODE).await.unwrap().epa);
    assert_eq!(desk.code_status(activation.id).await.unwrap().unwrap().state, CodeState::Revoked);
    let moot = app.redeem(&registration, OTHER_REFERENCE, OTHER_CODE).await;
    assert_eq!(problem(moot).0, "CODE_NOT_ACTIVE");
    assert!(epa(&world.service), "and nothing is lost");
    world.check_exchanges();
}

#[tokio::test]
async fn a_code_for_the_record_outlives_the_activation_of_its_app() {
    let world = World::start();
    let (desk, app) = (world.desk().await, world.app());
    let registration = app.register(INSURED).await.unwrap();
    let identification = identified(&desk, &identification_for_epa(INSURED)).await;
    hand_over(&desk, &code(&world, &desk, identification, &registration).await).await;
    hand_over(&desk, &activation(&world, &desk, &registration).await).await;

    assert!(!app.redeem(&registration, OTHER_REFERENCE, OTHER_CODE).await.unwrap().epa);
    assert!(app.redeem(&registration, REFERENCE, CODE).await.unwrap().epa);
    assert!(app.redeem(&registration, OTHER_REFERENCE, OTHER_CODE).await.unwrap().epa, "what is open now");
    world.check_exchanges();
}

#[tokio::test]
async fn a_substantial_defect_closes_the_record_with_the_app() {
    let world = World::start();
    let (desk, app) = (world.desk().await, world.app());
    let registration = app.register(INSURED).await.unwrap();
    let identification = identified(&desk, &identification_for_epa(INSURED)).await;
    hand_over(&desk, &code(&world, &desk, identification, &registration).await).await;
    app.redeem(&registration, REFERENCE, CODE).await.unwrap();
    assert!(epa(&world.service));

    desk.deliver(&desk.found(identification, ReviewOutcome::SubstantialDefect)).await.unwrap();
    assert!(!epa(&world.service));
    assert_eq!(account_of_amsel(&desk).await, (AccountState::None, false));
    assert_eq!(problem(app.redeem(&registration, REFERENCE, CODE).await).0, "CODE_NOT_ACTIVE");
    assert_eq!(problem(app.visit_number(&registration).await).0, "NOT_FOUND");
    world.check_exchanges();
}

#[tokio::test]
async fn a_locked_account_keeps_the_record_closed() {
    let world = World::start();
    let (desk, app) = (world.desk().await, world.app());
    let registration = app.register(INSURED).await.unwrap();
    let identification = identified(&desk, &identification_for_epa(INSURED)).await;
    hand_over(&desk, &code(&world, &desk, identification, &registration).await).await;
    app.redeem(&registration, REFERENCE, CODE).await.unwrap();
    world.service.lock_account(INSURED).unwrap();
    assert!(!epa(&world.service));
    world.check_exchanges();
}

#[tokio::test]
async fn an_open_record_survives_a_restart() {
    let world = World::start();
    let (desk, app) = (world.desk().await, world.app());
    let registration = app.register(INSURED).await.unwrap();
    let identification = identified(&desk, &identification_for_epa(INSURED)).await;
    hand_over(&desk, &code(&world, &desk, identification, &registration).await).await;
    app.redeem(&registration, REFERENCE, CODE).await.unwrap();
    let world = world.restart();
    assert!(epa(&world.service));
}
