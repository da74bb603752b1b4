//! Both directions: what is done is in the contract, and what is in the contract is done.

use std::collections::BTreeSet;

use account::{BlockingTarget, CodeState, Delivery, RefusalReason};
use contract::Contract;
use jiff::SignedDuration;

use crate::{
    carer::{Carer, code_on, on_file},
    desk::report,
    support::{AMSEL, CODE, INSURED, KIEBITZ, REFERENCE, World, id},
};

#[tokio::test]
async fn every_operation_of_the_contract_is_asked_and_answered_as_agreed() {
    let world = World::start();
    let desk = world.desk().await;
    desk.heartbeat(&report()).await.unwrap();
    world.service.know_contact(INSURED, world.now() - SignedDuration::from_hours(24 * 40)).unwrap();
    desk.lookup(&AMSEL).await.unwrap();
    let (registration, code) = world.code_delivered(&desk).await;
    desk.visit_number_matches(INSURED, &registration.visit_number).await.unwrap();
    desk.deliver(&desk.handed_over(code)).await.unwrap();
    world.app().redeem(&registration, REFERENCE, CODE).await.unwrap();
    world.app().visit_number(&registration).await.unwrap();
    desk.code_status(code).await.unwrap();
    // Refused, and that too is part of the contract.
    desk.deliver(&desk.voided(code)).await.unwrap_err();

    let carer = Carer::register(&world).await;
    let number = &carer.registration.number;
    desk.representative(number).await.unwrap();
    desk.representative_born(number, "1992-11-13").await.unwrap();
    world.service.file_representation(number, KIEBITZ, on_file(&world)).unwrap();
    desk.representation(number, KIEBITZ).await.unwrap();
    let identification = carer.identified(&desk).await;
    let representation = carer.represents(&world, &desk, identification, KIEBITZ).await;
    desk.representation_state(representation).await.unwrap();
    desk.deliver(&desk.found(identification, account::ReviewOutcome::Agree)).await.unwrap();

    desk.deliver(&desk.refused(id(), KIEBITZ, RefusalReason::AuthorityNotProven)).await.unwrap();
    desk.deliver(&desk.blocked(KIEBITZ, BlockingTarget::Codes)).await.unwrap();
    desk.deliver(&desk.segment(&crate::segments::first(&world))).await.unwrap();
    world.service.publish_policy("beispielkasse", "").unwrap();
    desk.policy().await.unwrap().unwrap();
    desk.events(0).await.unwrap();
    desk.recovery_key().await.unwrap();
    let notices = world.app().notices(&registration).await.unwrap();
    world.app().object(&registration, &notices[0].id).await.unwrap();
    desk.renew().await.unwrap();

    let seen: BTreeSet<String> = world.check_exchanges().into_iter().collect();
    let contract = Contract::committed().unwrap();
    let agreed: BTreeSet<String> = contract.operations().into_iter().map(str::to_owned).collect();
    assert_eq!(seen, agreed);
}

#[tokio::test]
async fn what_differs_from_the_contract_is_refused_by_the_service_too() {
    let world = World::start();
    let desk = world.desk().await;
    let carer = Carer::register(&world).await;
    let identification = carer.identified(&desk).await;
    let told = desk.authority(id(), &carer.deed(&world, identification, KIEBITZ));
    let code = code_on(&world, &desk, (identification, told.id), KIEBITZ).await;
    let code = desk.code(id(), &code);
    let changed = |right: &Delivery, from: &str, to: &str| {
        let body = right.body.replace(from, to);
        assert_ne!(body, *right.body, "{from}");
        Delivery { body: body.into(), ..right.clone() }
    };
    let wrong = |from: &str, to: &str| changed(&code, from, to);
    let wrong_deed = |from: &str, to: &str| changed(&told, from, to);
    let contract = Contract::committed().unwrap();
    for delivery in [
        wrong(r#""purpose":"REPRESENTATIVE_ACCESS""#, r#""purpose":"APP_ACTIVATION""#),
        wrong(r#""recipient":"REPRESENTATIVE""#, r#""recipient":"SUBJECT""#),
        wrong(r#""recipient""#, r#""visitNumber":"7KQ4XR9B","recipient""#),
        wrong(r#""recipient""#, r#""visitNumber":null,"recipient""#),
        wrong(r#""record":"code""#, r#""record":"void""#),
        wrong(&format!(r#""representation":"{}""#, told.id), r#""representation":null"#),
        wrong(&format!(r#""representation":"{}","#, told.id), ""),
        wrong(r#""offline":false"#, r#""offline":true"#),
        wrong_deed(r#""record":"representation""#, r#""record":"code""#),
        wrong_deed(r#""provisionalUntil":null,"#, ""),
        wrong_deed(r#"["HEALTH","#, r#"["HEALTH","HEALTH","#),
        wrong_deed(r#"["HEALTH","ASSETS"]"#, "[]"),
        wrong_deed(r#""HEALTH""#, r#""BANKING""#),
        wrong_deed(r#""ORIGINAL""#, r#""COPY""#),
        wrong_deed("V-", "W-"),
        wrong_deed("Amtsgericht Altona", ""),
    ] {
        let refused = crate::support::refused(&desk, &delivery).await;
        assert_eq!(refused, account::ProblemCode::Validation, "{}", *delivery.body);
        let last = world.exchanges().pop().unwrap();
        let call = (last.method.as_str(), last.path.as_str());
        assert!(
            contract.check(call, &last.request, last.status, &last.response).is_err(),
            "{}",
            *delivery.body
        );
    }
    desk.deliver(&told).await.unwrap();
    assert_eq!(desk.deliver(&code).await.unwrap().code, Some(CodeState::Accepted));

    let identified = desk.identified(id(), INSURED);
    for (from, to) in [
        (r#""kvnr":"A123456780""#, r#""kvnr":"A123456780","representative":"V-7KQ4XR9B""#),
        (r#""kvnr":"A123456780","#, ""),
        (r#""kvnr":"A123456780""#, r#""kvnr":null"#),
        (r#""AGREES""#, r#""DIFFERS""#),
    ] {
        let body = identified.body.replace(from, to);
        assert_ne!(body, *identified.body, "{from}");
        let delivery = Delivery { body: body.into(), ..identified.clone() };
        assert_eq!(crate::support::refused(&desk, &delivery).await, account::ProblemCode::Validation, "{to}");
    }
}
