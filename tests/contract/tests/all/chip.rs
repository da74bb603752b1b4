//! What a document's chip has to do with records and codes, and what the service makes of it.

use account::{
    ChipRecord, ChipResult, ConsentForm, ConsentRecord, Delivery, IdentificationRecord, Level, ProblemCode,
    Purpose,
};
use contract::Contract;
use zeroize::Zeroizing;

use crate::desk::Desk;
use crate::{
    carer::Carer,
    support::{CODE, INSURED, World, id, identification, identification_for_epa, proven_chip, refused},
};

fn with_chip(chip: ChipRecord) -> IdentificationRecord {
    let mut record = identification_for_epa(INSURED);
    record.document.chip = Some(chip);
    record
}

async fn is_kept(desk: &Desk, record: &IdentificationRecord) -> bool {
    let delivery = desk.identification(id(), record);
    match desk.deliver(&delivery).await {
        Ok(_) => true,
        Err(_) => {
            assert_eq!(refused(desk, &delivery).await, ProblemCode::Validation);
            false
        }
    }
}

#[tokio::test]
async fn a_record_says_how_the_person_agreed_and_what_the_chip_proved() {
    let world = World::start();
    let desk = world.desk().await;
    let by = |form| ChipRecord {
        consent: ConsentRecord { form, wording: "chip-consent@1".to_owned() },
        ..proven_chip()
    };
    for chip in [
        by(ConsentForm::Tapped),
        by(ConsentForm::Signed),
        ChipRecord { name_agrees: false, ..proven_chip() },
        ChipRecord { data: ChipResult::NotVerifiable, print_agrees: false, ..proven_chip() },
        ChipRecord { copy: ChipResult::NotSupported, ..proven_chip() },
    ] {
        assert!(is_kept(&desk, &with_chip(chip.clone())).await, "{chip:?}");
    }
    world.check_exchanges();
}

#[tokio::test]
async fn a_chip_that_speaks_against_its_document_or_was_read_of_a_representatives_makes_no_record() {
    let world = World::start();
    let desk = world.desk().await;
    let another_print = ChipRecord { print_agrees: false, ..proven_chip() };
    assert!(!is_kept(&desk, &with_chip(another_print)).await);

    let carer = Carer::register(&world).await;
    let by_eye = carer.record();
    assert!(is_kept(&desk, &by_eye).await);
    let mut chip_read = by_eye;
    chip_read.document.chip = Some(proven_chip());
    assert!(!is_kept(&desk, &chip_read).await);
}

#[tokio::test]
async fn a_record_with_more_of_a_chip_than_was_agreed_is_refused() {
    let world = World::start();
    let desk = world.desk().await;
    let right = desk.identification(id(), &with_chip(proven_chip()));
    let contract = Contract::committed().unwrap();
    for (from, to) in [
        (r#""data":"VALID""#, r#""data":"INVALID""#),
        (r#""copy":"VALID""#, r#""copy":"INVALID""#),
        (r#""nameAgrees""#, r#""reason":"UNKNOWN_ISSUER","nameAgrees""#),
        (r#""nameAgrees""#, r#""expiry":"2031-05-02","nameAgrees""#),
        (r#""nameAgrees":true,"#, ""),
        (r#""form":"TAPPED""#, r#""form":"SAID""#),
        (r#""form":"TAPPED""#, r#""form":"TAPPED","at":"2026-11-21T09:17:40Z""#),
        ("chip-consent@1", "chip-consent"),
        ("chip-consent@1", "chip-consent@01"),
        ("chip-consent@1", "Ich stimme zu@1"),
        (r#""chip":{"#, r#""chip":null,"was":{"#),
    ] {
        let body = right.body.replace(from, to);
        assert_ne!(body, *right.body, "{from}");
        let wrong = Delivery { body: Zeroizing::new(body), ..right.clone() };
        assert_eq!(refused(&desk, &wrong).await, ProblemCode::Validation, "{to}");
        let last = world.exchanges().pop().unwrap();
        let call = (last.method.as_str(), last.path.as_str());
        assert!(contract.check(call, &last.request, last.status, &last.response).is_err(), "{to}");
    }
    desk.deliver(&right).await.unwrap();
}

#[tokio::test]
async fn the_level_high_takes_a_second_operator_or_a_chip_that_proves() {
    let world = World::start();
    let desk = world.desk().await;
    let alone = IdentificationRecord { level: Level::High, ..identification(INSURED) };
    assert!(!is_kept(&desk, &alone).await);
    let two = IdentificationRecord { second_operator: Some("s-0815".to_owned()), ..alone.clone() };
    assert!(is_kept(&desk, &two).await);
    let chip = |chip| {
        let mut record = alone.clone();
        record.document.chip = Some(chip);
        record
    };
    assert!(is_kept(&desk, &chip(proven_chip())).await);
    for unproven in [
        ChipRecord { name_agrees: false, ..proven_chip() },
        ChipRecord { data: ChipResult::NotVerifiable, ..proven_chip() },
        ChipRecord { copy: ChipResult::NotSupported, ..proven_chip() },
    ] {
        assert!(!is_kept(&desk, &chip(unproven.clone())).await, "{unproven:?}");
    }
}

#[tokio::test]
async fn a_chip_serves_the_electronic_health_record_and_nothing_else() {
    let world = World::start();
    let desk = world.desk().await;
    let registration = world.app().register(INSURED).await.unwrap();
    let read = id();
    desk.deliver(&desk.identification(read, &with_chip(proven_chip()))).await.unwrap();
    let sealed = account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap();

    let mut record = world.code(read, &registration, sealed);
    let activation = desk.code(id(), &record);
    assert_eq!(refused(&desk, &activation).await, ProblemCode::ChipNotAdmitted);
    record.purpose = Purpose::Epa;
    desk.deliver(&desk.code(id(), &record)).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn a_chip_that_proves_nothing_takes_nothing_from_what_two_people_have_seen() {
    let world = World::start();
    let desk = world.desk().await;
    let registration = world.app().register(INSURED).await.unwrap();
    let unproven = ChipRecord { data: ChipResult::NotVerifiable, ..proven_chip() };
    let (identified, record) = (id(), with_chip(unproven));
    desk.deliver(&desk.identification(identified, &record)).await.unwrap();
    let sealed = account::seal(CODE, &desk.sealing_key().await.unwrap()).unwrap();
    let mut code = world.code(identified, &registration, sealed);
    code.purpose = Purpose::Epa;
    desk.deliver(&desk.code(id(), &code)).await.unwrap();
    world.check_exchanges();
}
