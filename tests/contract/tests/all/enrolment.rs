//! How a desk becomes one.

use account::{CallError, DeskIdentity, EnrolError, ProblemCode, SetupError};
use zeroize::Zeroizing;

use crate::support::{DESK, World};

fn refused(enrolled: Result<DeskIdentity, EnrolError>) -> ProblemCode {
    match enrolled {
        Err(EnrolError::Call(CallError::Refused(problem))) => problem.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_token_gives_one_desk_its_certificate_once() {
    let world = World::start();
    let token = world.service.enrolment_token(DESK).unwrap();
    let identity = account::enrol(&world.endpoint(), &token).await.unwrap();
    assert_eq!(identity.desk(), DESK);
    let again = account::enrol(&world.endpoint(), &token).await;
    assert_eq!(refused(again), ProblemCode::EnrolmentTokenInvalid);
    world.check_exchanges();
}

#[tokio::test]
async fn a_token_that_was_never_given_out_is_refused() {
    let world = World::start();
    let guessed = account::enrol(&world.endpoint(), "AAAAAAAAAAAAAAAAAAAAAAAA").await;
    assert_eq!(refused(guessed), ProblemCode::EnrolmentTokenInvalid);
    world.check_exchanges();
}

#[tokio::test]
async fn a_kept_identity_is_the_same_desk_and_another_key_is_none() {
    let world = World::start();
    let (one, other) = (world.enrol(DESK).await, world.enrol("0312-05").await);
    let kept = |key: &DeskIdentity, chain: &DeskIdentity| {
        let key = Zeroizing::new(key.private_key().to_vec());
        DeskIdentity::from_parts(key, chain.certificate_chain().to_owned())
    };
    assert_eq!(kept(&one, &one).unwrap().desk(), DESK);
    assert_eq!(kept(&one, &other).err(), Some(SetupError::Identity));
}

#[tokio::test]
async fn nothing_that_could_be_printed_tells_the_key() {
    let world = World::start();
    let identity = world.enrol(DESK).await;
    assert_eq!(format!("{identity:?}"), format!("DeskIdentity({DESK})"));
}
