//! A carer's visit, from the register to the access, and what the service decides for itself.

use account::{
    AccountState, ActingPerson, Area, Asked, CodeRecord, CodeState, NameMatch, PersonMatch, ProblemCode,
    RepresentationRecord, RepresentationState, ReviewOutcome, SubjectQuery,
};
use account_service::{EventKind, Filed, MemberFlag, RepresentationStatus};

use crate::{
    carer::{Carer, code_on, on_file},
    desk::Desk,
    support::{
        AMSEL, CODE, ELSTER, INSURED, KIEBITZ, NOT_INSURED, OTHER_CODE, OTHER_REFERENCE, REFERENCE, World,
        id, identification, problem, refused,
    },
};

#[tokio::test]
async fn a_carer_with_a_confirmed_deed_on_file_gets_access_at_once() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let number = &carer.registration.number;
    world.service.file_representation(number, KIEBITZ, on_file(&world)).unwrap();
    let identification = carer.identified(&desk).await;
    let code = carer.code(&world, &desk, identification, KIEBITZ).await;
    let accepted = desk.deliver(&code).await.unwrap();
    assert_eq!((accepted.code, accepted.awaiting_release), (Some(CodeState::Accepted), false));
    assert_eq!(desk.deliver(&desk.handed_over(code.id)).await.unwrap().code, Some(CodeState::Active));

    assert!(!world.service.has_access(number, KIEBITZ).unwrap());
    world.app().redeem(&carer.registration, REFERENCE, CODE).await.unwrap();
    world.app().redeem(&carer.registration, REFERENCE, CODE).await.unwrap();
    assert!(world.service.has_access(number, KIEBITZ).unwrap());
    assert!(!world.service.has_access(number, INSURED).unwrap(), "to nobody else's data");
    assert_eq!(desk.code_status(code.id).await.unwrap().unwrap().state, CodeState::Redeemed);
    world.check_exchanges();
}

#[tokio::test]
async fn a_carers_access_leaves_the_cared_for_persons_own_account_as_it_is() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let own = world.app().register(INSURED).await.unwrap();
    world.service.file_representation(&carer.registration.number, INSURED, on_file(&world)).unwrap();
    let identification = carer.identified(&desk).await;
    let code = carer.code(&world, &desk, identification, INSURED).await;
    desk.deliver(&code).await.unwrap();
    desk.deliver(&desk.handed_over(code.id)).await.unwrap();
    assert_eq!(problem(world.app().redeem(&own, REFERENCE, CODE).await).0, "NOT_FOUND");
    world.app().redeem(&carer.registration, REFERENCE, CODE).await.unwrap();

    let subject = desk.lookup(&AMSEL).await.unwrap();
    assert_eq!((subject.account, subject.open_visit_number), (AccountState::Registered, true));
    let mine = id();
    desk.deliver(&desk.identified(mine, INSURED)).await.unwrap();
    let sealed = account::seal(OTHER_CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let mut record = world.code(mine, &own, sealed);
    record.reference = OTHER_REFERENCE.to_owned();
    let record = desk.code(id(), &record);
    desk.deliver(&record).await.unwrap();
    desk.deliver(&desk.handed_over(record.id)).await.unwrap();
    world.app().redeem(&own, OTHER_REFERENCE, OTHER_CODE).await.unwrap();
    assert!(world.service.has_access(&carer.registration.number, INSURED).unwrap());
    world.check_exchanges();
}

#[tokio::test]
async fn a_code_awaits_its_release_unless_the_register_vouches_for_the_deed() {
    for (what, awaiting, filed) in [
        ("nothing on file", true, None::<fn(&World) -> Filed>),
        ("noted only", true, Some(|it| Filed { status: RepresentationStatus::Pending, ..on_file(it) })),
        ("never confirmed", true, Some(|it| Filed { confirmed_on: None, ..on_file(it) })),
        ("confirmed long ago", true, Some(|it| Filed { confirmed_on: Some(it.day(-367)), ..on_file(it) })),
        ("confirmed lately", false, Some(|it| Filed { confirmed_on: Some(it.day(-364)), ..on_file(it) })),
        ("another deed", true, Some(|it| Filed { issued_on: it.day(-800), ..on_file(it) })),
        ("fewer areas", true, Some(|it| Filed { areas: vec![account_service::Area::Assets], ..on_file(it) })),
    ] {
        let world = World::start();
        let desk = world.desk().await;
        let carer = Carer::register(&world).await;
        if let Some(filed) = filed {
            let entry = filed(&world);
            world.service.file_representation(&carer.registration.number, KIEBITZ, entry).unwrap();
        }
        let identification = carer.identified(&desk).await;
        let code = carer.code(&world, &desk, identification, KIEBITZ).await;
        assert_eq!(desk.deliver(&code).await.unwrap().awaiting_release, awaiting, "{what}");
        let handed_over = desk.deliver(&desk.handed_over(code.id)).await.unwrap();
        let state = if awaiting { CodeState::Accepted } else { CodeState::Active };
        assert_eq!((handed_over.code, handed_over.awaiting_release), (Some(state), awaiting), "{what}");
        world.check_exchanges();
    }
}

#[tokio::test]
async fn the_back_office_releases_what_was_handed_over_and_files_the_deed() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let number = &carer.registration.number;
    let identification = carer.identified(&desk).await;
    let code = carer.code(&world, &desk, identification, KIEBITZ).await;
    desk.deliver(&code).await.unwrap();
    desk.deliver(&desk.handed_over(code.id)).await.unwrap();
    let early = world.app().redeem(&carer.registration, REFERENCE, CODE).await;
    assert_eq!(problem(early).0, "CODE_NOT_ACTIVE");
    assert_eq!(
        refused(&desk, &desk.voided(code.id)).await,
        ProblemCode::CodeStateConflict,
        "it was handed over"
    );

    world.service.release(REFERENCE).unwrap();
    assert!(world.service.release(REFERENCE).is_err(), "once");
    let status = desk.code_status(code.id).await.unwrap().unwrap();
    assert_eq!((status.state, status.awaiting_release), (CodeState::Active, false));
    world.app().redeem(&carer.registration, REFERENCE, CODE).await.unwrap();
    assert!(world.service.has_access(number, KIEBITZ).unwrap());
    let filed = desk.representation(number, KIEBITZ).await.unwrap().unwrap();
    assert_eq!(filed.status, account::RepresentationStatus::Active);
    assert_eq!(filed.confirmed_on, Some(world.day(0)));
    world.check_exchanges();
}

#[tokio::test]
async fn a_code_released_before_its_hand_over_is_active_only_after_it() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let identification = carer.identified(&desk).await;
    let code = carer.code(&world, &desk, identification, KIEBITZ).await;
    desk.deliver(&code).await.unwrap();
    world.service.release(REFERENCE).unwrap();
    assert_eq!(world.service.code_state(REFERENCE).unwrap(), Some("ACCEPTED"));
    assert_eq!(desk.deliver(&desk.handed_over(code.id)).await.unwrap().code, Some(CodeState::Active));
    assert_eq!(world.service.code_state(OTHER_REFERENCE).unwrap(), None);
    assert!(world.service.release(OTHER_REFERENCE).is_err());
    world.check_exchanges();
}

#[tokio::test]
async fn a_carers_code_is_refused_unless_everything_it_rests_on_is_there() {
    let world = World::start();
    let desk = world.desk().await;
    let (carer, other) = (Carer::register(&world).await, Carer::register(&world).await);
    let identification = carer.identified(&desk).await;
    let alone = carer.identified_as(&desk, |record| record.second_operator = None).await;
    let others = other.identified(&desk).await;
    let insured = id();
    desk.deliver(&desk.identified(insured, KIEBITZ)).await.unwrap();

    type Change = fn(&World, &mut RepresentationRecord);
    let as_it_is: Change = |_, _| {};
    for (what, rests_on, ward, change, expected) in [
        ("not delivered", id(), KIEBITZ, as_it_is, ProblemCode::IdentificationUnknown),
        ("another carer's", others, KIEBITZ, as_it_is, ProblemCode::IdentificationUnknown),
        ("the ward's own", insured, KIEBITZ, as_it_is, ProblemCode::IdentificationUnknown),
        ("no second person", alone, KIEBITZ, as_it_is, ProblemCode::SodViolation),
        ("a stranger", identification, NOT_INSURED, as_it_is, ProblemCode::NotInsured),
        (
            "no area",
            identification,
            KIEBITZ,
            |_, deed| deed.areas = vec![Area::Assets, Area::Authorities, Area::Other],
            ProblemCode::AreaMissing,
        ),
        (
            "provisional, past",
            identification,
            KIEBITZ,
            |world, deed| deed.provisional_until = Some(world.day(-1)),
            ProblemCode::RepresentationNotActive,
        ),
        (
            "a deed of tomorrow",
            identification,
            KIEBITZ,
            |world, deed| deed.issued_on = world.day(1),
            ProblemCode::Validation,
        ),
    ] {
        let mut deed = carer.deed(&world, rests_on, ward);
        change(&world, &mut deed);
        let told = desk.authority(id(), &deed);
        assert_eq!(refused(&desk, &told).await, expected, "{what}");
        // What a code would rest on isn't there, and never comes.
        let code = code_on(&world, &desk, (identification, told.id), ward).await;
        assert_eq!(
            refused(&desk, &desk.code(id(), &code)).await,
            ProblemCode::RepresentationUnknown,
            "{what}"
        );
    }
    let provisional = |code: &mut CodeRecord, deed: &mut RepresentationRecord| {
        deed.provisional_until = Some(world.day(10));
        code.valid_until = world.day(11);
    };
    let outlasting = carer.code_with(&world, &desk, identification, KIEBITZ, provisional).await;
    assert_eq!(refused(&desk, &outlasting).await, ProblemCode::RepresentationNotActive);
    // The same with nothing wrong.
    let code = carer
        .code_with(&world, &desk, identification, KIEBITZ, |code, deed| {
            deed.areas = vec![Area::SocialBenefits];
            deed.provisional_until = Some(world.day(10));
            code.valid_until = world.day(10);
        })
        .await;
    desk.deliver(&code).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn a_representation_that_is_over_gives_no_code_and_ends_what_it_gave() {
    for status in [RepresentationStatus::Suspended, RepresentationStatus::Ended] {
        let world = World::start();
        let desk = world.desk().await;
        let carer = Carer::register(&world).await;
        let number = &carer.registration.number;
        let identification = carer.identified(&desk).await;
        for ward in [KIEBITZ, INSURED] {
            world.service.file_representation(number, ward, on_file(&world)).unwrap();
        }
        let redeemed = carer.code(&world, &desk, identification, KIEBITZ).await;
        desk.deliver(&redeemed).await.unwrap();
        desk.deliver(&desk.handed_over(redeemed.id)).await.unwrap();
        world.app().redeem(&carer.registration, REFERENCE, CODE).await.unwrap();
        let other_wards = |code: &mut CodeRecord, _: &mut RepresentationRecord| {
            OTHER_REFERENCE.clone_into(&mut code.reference)
        };
        let other_ward = carer.code_with(&world, &desk, identification, INSURED, other_wards).await;
        desk.deliver(&other_ward).await.unwrap();

        let over = Filed { status, ..on_file(&world) };
        world.service.file_representation(number, KIEBITZ, over).unwrap();
        assert_eq!(world.service.code_state(REFERENCE).unwrap(), Some("REVOKED"));
        assert!(!world.service.has_access(number, KIEBITZ).unwrap());
        assert_eq!(world.service.code_state(OTHER_REFERENCE).unwrap(), Some("ACCEPTED"), "the other ward's");
        let next = carer.rejected(&world, &desk, identification, KIEBITZ).await;
        assert_eq!(next, ProblemCode::RepresentationNotActive);
        world.check_exchanges();
    }
}

#[tokio::test]
async fn a_death_ends_codes_and_access() {
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
    world.service.flag_member(KIEBITZ, MemberFlag::Deceased).unwrap();
    assert!(!world.service.has_access(number, KIEBITZ).unwrap());
    assert_eq!(world.service.code_state(REFERENCE).unwrap(), Some("REVOKED"));
    let next = carer.rejected(&world, &desk, identification, KIEBITZ).await;
    assert_eq!(next, ProblemCode::RepresentationNotActive);
    world.check_exchanges();
}

#[tokio::test]
async fn access_by_a_provisional_order_ends_with_it() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let number = &carer.registration.number;
    let identification = carer.identified(&desk).await;
    let provisional = |code: &mut CodeRecord, deed: &mut RepresentationRecord| {
        deed.provisional_until = Some(world.day(20));
        code.valid_until = world.day(14);
    };
    let code = carer.code_with(&world, &desk, identification, KIEBITZ, provisional).await;
    desk.deliver(&code).await.unwrap();
    desk.deliver(&desk.handed_over(code.id)).await.unwrap();
    world.service.release(REFERENCE).unwrap();
    world.app().redeem(&carer.registration, REFERENCE, CODE).await.unwrap();
    world.pass_days(20);
    assert!(world.service.has_access(number, KIEBITZ).unwrap());
    world.pass_days(1);
    assert!(!world.service.has_access(number, KIEBITZ).unwrap());
}

#[tokio::test]
async fn each_carer_has_one_open_code_for_a_person() {
    let world = World::start();
    let desk = world.desk().await;
    let (carer, other) = (Carer::register(&world).await, Carer::register(&world).await);
    let identification = carer.identified(&desk).await;
    let first = carer.code(&world, &desk, identification, KIEBITZ).await;
    desk.deliver(&first).await.unwrap();
    let referenced = |reference: &'static str| {
        move |code: &mut CodeRecord, _: &mut RepresentationRecord| reference.clone_into(&mut code.reference)
    };
    let second = carer.code_with(&world, &desk, identification, KIEBITZ, referenced(OTHER_REFERENCE)).await;
    assert_eq!(refused(&desk, &second).await, ProblemCode::OpenCodeExists);
    // Joint carers get one each; another person's is another matter.
    let joint = other.identified(&desk).await;
    let joint = other.code_with(&world, &desk, joint, KIEBITZ, referenced("A-2222222222")).await;
    desk.deliver(&joint).await.unwrap();
    let ward = carer.code_with(&world, &desk, identification, INSURED, referenced("A-3333333333")).await;
    desk.deliver(&ward).await.unwrap();
    desk.deliver(&desk.voided(first.id)).await.unwrap();
    desk.deliver(&second).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn a_locked_representative_gets_no_code_and_redeems_none() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    world.service.file_representation(&carer.registration.number, KIEBITZ, on_file(&world)).unwrap();
    let identification = carer.identified(&desk).await;
    let code = carer.code(&world, &desk, identification, KIEBITZ).await;
    desk.deliver(&code).await.unwrap();
    desk.deliver(&desk.handed_over(code.id)).await.unwrap();
    let represented = carer.represents(&world, &desk, identification, INSURED).await;
    world.service.lock_representative(&carer.registration.number).unwrap();
    let redeemed = world.app().redeem(&carer.registration, REFERENCE, CODE).await;
    assert_eq!(problem(redeemed).0, "ACCOUNT_LOCKED");
    let next = carer.rejected(&world, &desk, identification, INSURED).await;
    assert_eq!(next, ProblemCode::AccountLocked);
    let waiting = desk.code(id(), &code_on(&world, &desk, (identification, represented), INSURED).await);
    assert_eq!(refused(&desk, &waiting).await, ProblemCode::AccountLocked);
    world.check_exchanges();
}

#[tokio::test]
async fn a_carer_who_is_insured_here_gets_an_own_code_in_the_same_visit() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let elster = SubjectQuery {
        kvnr: ELSTER,
        family_name: "AN DER ELSTER",
        given_names: "ELKE",
        birth_date: "1992-11-13",
        ..AMSEL
    };
    assert!(desk.lookup(&elster).await.unwrap().insured);
    let registration = world.app().register(ELSTER).await.unwrap();
    let amsels = world.app().register(INSURED).await.unwrap();
    let sealed = account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let own = |identification| CodeRecord {
        kvnr: ELSTER.into(),
        ..world.code(identification, &registration, sealed.clone())
    };

    let partly = Carer::born("1992-11-00", &world).await.identified(&desk).await;
    let another = Carer::born("1992-11-14", &world).await.identified(&desk).await;
    let changed = carer
        .identified_as(&desk, |record| {
            record.person.agreement =
                PersonMatch { names: NameMatch::NameChanged, ..record.person.agreement };
        })
        .await;
    for (what, identification) in [("partly known", partly), ("born later", another), ("renamed", changed)] {
        let code = desk.code(id(), &own(identification));
        assert_eq!(refused(&desk, &code).await, ProblemCode::IdentificationUnknown, "{what}");
    }
    let identification = carer.identified(&desk).await;
    let somebody_elses = desk.code(id(), &world.code(identification, &amsels, sealed.clone()));
    assert_eq!(refused(&desk, &somebody_elses).await, ProblemCode::IdentificationUnknown);

    let code = desk.code(id(), &own(identification));
    let accepted = desk.deliver(&code).await.unwrap();
    assert_eq!((accepted.code, accepted.awaiting_release), (Some(CodeState::Accepted), false));
    desk.deliver(&desk.handed_over(code.id)).await.unwrap();
    world.app().redeem(&registration, REFERENCE, CODE).await.unwrap();
    assert_eq!(desk.lookup(&elster).await.unwrap().account, AccountState::AppActive);
    world.check_exchanges();
}

#[tokio::test]
async fn an_identification_of_a_representative_whom_nobody_knows_is_refused() {
    let world = World::start();
    let desk = world.desk().await;
    let mut record = identification(INSURED);
    record.person.number = ActingPerson::Representative("V-7KQ4XR9B".into());
    let unknown = desk.identification(id(), &record);
    assert_eq!(refused(&desk, &unknown).await, ProblemCode::RepresentativeUnknown);
    world.check_exchanges();
}

#[tokio::test]
async fn accounts_register_and_accesses_survive_a_restart() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let number = &carer.registration.number;
    let identification = carer.identified(&desk).await;
    let code = carer.code(&world, &desk, identification, KIEBITZ).await;
    desk.deliver(&code).await.unwrap();
    desk.deliver(&desk.handed_over(code.id)).await.unwrap();
    let world = world.restart();
    world.service.release(REFERENCE).unwrap();
    world.app().redeem(&carer.registration, REFERENCE, CODE).await.unwrap();
    let world = world.restart();
    assert!(world.service.has_access(number, KIEBITZ).unwrap());
    assert!(desk.deliver(&code).await.unwrap().already);
    assert!(desk.representation(number, KIEBITZ).await.unwrap().is_some());
    world.check_exchanges();
}

#[tokio::test]
async fn a_representation_is_noted_until_the_back_office_has_filed_the_deed() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let number = &carer.registration.number;
    let identification = carer.identified(&desk).await;
    assert_eq!(desk.representation_state(id()).await.unwrap(), None);

    let told = desk.authority(id(), &carer.deed(&world, identification, KIEBITZ));
    assert_eq!(desk.ask(&told).await.unwrap(), Asked::Missing);
    for already in [false, true] {
        let delivered = desk.deliver(&told).await.unwrap();
        assert_eq!(
            (delivered.already, delivered.representation),
            (already, Some(RepresentationState::Pending))
        );
    }
    assert_eq!(desk.ask(&told).await.unwrap(), Asked::Arrived);
    let noted = desk.representation(number, KIEBITZ).await.unwrap().unwrap();
    assert_eq!((noted.status, noted.confirmed_on), (account::RepresentationStatus::Pending, None));
    assert_eq!(noted.areas, [Area::Health, Area::Assets]);
    assert_eq!(desk.representation(number, INSURED).await.unwrap(), None, "about nobody else");

    let code = code_on(&world, &desk, (identification, told.id), KIEBITZ).await;
    let code = desk.code(id(), &code);
    assert!(desk.deliver(&code).await.unwrap().awaiting_release);
    world.service.release(REFERENCE).unwrap();
    assert_eq!(desk.representation_state(told.id).await.unwrap(), Some(RepresentationState::Active));
    let filed = desk.representation(number, KIEBITZ).await.unwrap().unwrap();
    assert_eq!(filed.status, account::RepresentationStatus::Active);
    let neighbour = Desk::new(&world.endpoint(), &world.enrol("0312-05").await);
    assert!(neighbour.representation_state(told.id).await.is_err(), "another desk's");
    world.check_exchanges();
}

#[tokio::test]
async fn a_code_rests_on_its_own_desks_representation_of_that_person_by_whom_was_identified() {
    let world = World::start();
    let desk = world.desk().await;
    let neighbour = Desk::new(&world.endpoint(), &world.enrol("0312-05").await);
    let (carer, other) = (Carer::register(&world).await, Carer::register(&world).await);
    let (identification, others) = (carer.identified(&desk).await, other.identified(&desk).await);
    let here = carer.represents(&world, &desk, identification, KIEBITZ).await;
    let there = carer.identified(&neighbour).await;
    let there = carer.represents(&world, &neighbour, there, KIEBITZ).await;
    for (what, rests_on, ward) in [
        ("not delivered", (identification, id()), KIEBITZ),
        ("another desk's", (identification, there), KIEBITZ),
        ("another ward's", (identification, here), INSURED),
        ("another carer's", (others, here), KIEBITZ),
    ] {
        let code = desk.code(id(), &code_on(&world, &desk, rests_on, ward).await);
        assert_eq!(refused(&desk, &code).await, ProblemCode::RepresentationUnknown, "{what}");
    }
    let code = desk.code(id(), &code_on(&world, &desk, (identification, here), KIEBITZ).await);
    desk.deliver(&code).await.unwrap();
    // Its first one was spoiled in the printer: the next rests on the same.
    desk.deliver(&desk.voided(code.id)).await.unwrap();
    let mut again = code_on(&world, &desk, (identification, here), KIEBITZ).await;
    OTHER_REFERENCE.clone_into(&mut again.reference);
    desk.deliver(&desk.code(id(), &again)).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn what_ends_a_representation_ends_it_for_good_wherever_it_is_asked_about() {
    type End = fn(&World, &str);
    let ends: [(&str, End); 5] = [
        ("death", |it, _| it.service.flag_member(KIEBITZ, MemberFlag::Deceased).unwrap()),
        ("end of care", |it, _| it.service.report_event(KIEBITZ, EventKind::CareEnded).unwrap()),
        ("another carer", |it, _| it.service.report_event(KIEBITZ, EventKind::CarerChanged).unwrap()),
        ("end of membership", |it, _| {
            it.service.report_event(KIEBITZ, EventKind::MembershipEnded).unwrap();
        }),
        ("filed as over", |it, number| {
            let over = Filed { status: RepresentationStatus::Ended, ..on_file(it) };
            it.service.file_representation(number, KIEBITZ, over).unwrap();
        }),
    ];
    for (what, end) in ends {
        let world = World::start();
        let desk = world.desk().await;
        let carer = Carer::register(&world).await;
        let number = &carer.registration.number;
        let identification = carer.identified(&desk).await;
        let told = carer.represents(&world, &desk, identification, KIEBITZ).await;
        let others = carer.represents(&world, &desk, identification, INSURED).await;
        end(&world, number);
        assert_eq!(
            desk.representation_state(told).await.unwrap(),
            Some(RepresentationState::Ended),
            "{what}"
        );
        let code = desk.code(id(), &code_on(&world, &desk, (identification, told), KIEBITZ).await);
        assert_eq!(refused(&desk, &code).await, ProblemCode::RepresentationNotActive, "{what}");
        // Filed once more, it doesn't come back: the deed has to be shown again.
        world.service.file_representation(number, KIEBITZ, on_file(&world)).unwrap();
        assert_eq!(
            desk.representation_state(told).await.unwrap(),
            Some(RepresentationState::Ended),
            "{what}"
        );
        assert_eq!(
            desk.representation_state(others).await.unwrap(),
            Some(RepresentationState::Pending),
            "{what}"
        );
        world.check_exchanges();
    }
}

#[tokio::test]
async fn a_substantial_defect_of_the_identification_ends_what_was_noted_on_it() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let identification = carer.identified(&desk).await;
    let told = carer.represents(&world, &desk, identification, KIEBITZ).await;
    desk.deliver(&desk.found(identification, ReviewOutcome::SubstantialDefect)).await.unwrap();
    assert_eq!(desk.representation_state(told).await.unwrap(), Some(RepresentationState::Ended));
    assert_eq!(desk.representation(&carer.registration.number, KIEBITZ).await.unwrap(), None);
    let report = world.service.access_report(KIEBITZ).unwrap();
    let reported = &report["representations"][0];
    assert_eq!(reported["ended"], true);
    assert_eq!(reported["deed"]["court"], "Amtsgericht Altona");
    world.check_exchanges();
}
