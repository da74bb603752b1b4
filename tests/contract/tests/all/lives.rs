//! A desk whose database was restored from a backup, or begun anew, is enrolled anew: a life of its own, in which records
//! and journal go on from where the database is.

use account::{AccountClient, CallError, ProblemCode, RecordLink};
use account_service::{Beginning, RecordGap};

use crate::{
    desk::{Desk, report},
    raw::{NONE_BEFORE, RawDesk, RawSigner, hash},
    records::{other_own, own},
    segments::{GENESIS, anchored, segment},
    support::{DESK, INSURED, World, id, refused},
};

/// The desk as it is after a restoration and with a new token.
async fn restored(world: &World, last: RecordLink) -> Desk {
    Desk::after(&world.endpoint(), &world.enrol(DESK).await, last)
}

fn beginning(seq: u64, prev: [u8; 32]) -> Option<Beginning> {
    Some(Beginning { seq, prev })
}

#[tokio::test]
async fn a_desk_that_was_restored_goes_on_from_its_backup_once_it_is_enrolled_anew() {
    let world = World::start();
    let desk = world.desk().await;
    let [first, waiting] = [(); 2].map(|()| desk.identified(id(), INSURED));
    desk.deliver(&first).await.unwrap();
    let backup = desk.last();
    // After the backup: what waited was delivered, and more came.
    for delivery in [&waiting, &desk.identified(id(), INSURED), &desk.identified(id(), INSURED)] {
        desk.deliver(delivery).await.unwrap();
    }
    let unenrolled = Desk::after(&world.endpoint(), &desk.identity, backup);
    let next = unenrolled.identified(id(), INSURED);
    assert_eq!(refused(&unenrolled, &next).await, ProblemCode::RecordChainForked, "a second history");

    world.pass_days(1);
    let restored = restored(&world, backup).await;
    assert!(restored.deliver(&waiting).await.unwrap().already, "an id is the desk's across its lives");
    restored.deliver(&restored.identified(id(), INSURED)).await.unwrap();
    let world = world.restart();
    restored.deliver(&restored.identified(id(), INSURED)).await.unwrap();
    assert_eq!(world.service.record_gaps(DESK).unwrap(), []);
    let lives = world.service.lives(DESK).unwrap();
    let begun: Vec<_> = lives.iter().map(|life| life.records).collect();
    assert_eq!(begun, [beginning(1, NONE_BEFORE), beginning(backup.seq + 1, backup.hash)]);
    assert_eq!(lives.iter().map(|life| life.journal).collect::<Vec<_>>(), [None, None]);
    assert!(lives[0].since < lives[1].since);
    assert_eq!(world.service.lives("0312-05").unwrap(), []);
    world.check_exchanges();
}

#[tokio::test]
async fn what_was_signed_in_an_earlier_life_is_taken_in_the_chain_of_that_life() {
    let world = World::start();
    let desk = world.desk().await;
    desk.deliver(&desk.identified(id(), INSURED)).await.unwrap();
    let first = desk.last();
    let waiting = desk.identified(id(), INSURED);
    let lost = desk.identified(id(), INSURED);
    let restored = restored(&world, waiting.link).await;
    restored.deliver(&restored.identified(id(), INSURED)).await.unwrap();
    let begun = world.service.lives(DESK).unwrap()[1].records;
    assert_eq!(begun, beginning(3, waiting.link.hash));
    assert!(!restored.deliver(&waiting).await.unwrap().already);
    // Its place in the earlier life is taken, and the one after it is free there only.
    let again = Desk::after(&world.endpoint(), &desk.identity, first).identified(id(), INSURED);
    assert_eq!(refused(&restored, &again).await, ProblemCode::RecordChainForked);
    let other_third = Desk::after(&world.endpoint(), &restored.identity, waiting.link);
    let other_third = other_third.identified(id(), INSURED);
    assert_eq!(refused(&restored, &other_third).await, ProblemCode::RecordChainForked);
    restored.deliver(&lost).await.unwrap();
    assert_eq!(world.service.lives(DESK).unwrap()[1].records, begun);
    assert_eq!(world.service.record_gaps(DESK).unwrap(), []);
    world.check_exchanges();
}

#[tokio::test]
async fn gaps_are_those_within_a_life_and_a_later_one_begins_with_its_lowest_number() {
    let world = World::start();
    let desk = RawDesk::new(&world, &world.enrol(DESK).await);
    let at = |id| format!("/ws/v1/refusals/{id}");
    let put = async |desk: &RawDesk, place| {
        let id = id();
        desk.put(&at(id), &desk.record(id, place, &own())).await
    };
    assert_eq!(put(&desk, (3, [3; 32])).await, "201");
    let anew = RawDesk::new(&world, &world.enrol(DESK).await);
    assert_eq!(world.service.record_gaps(DESK).unwrap(), [RecordGap { from: 1, until: 2 }]);
    let (seventh, eighth) = (id(), id());
    let before = anew.record(seventh, (7, [6; 32]), &own());
    let after = anew.record(eighth, (8, hash(&before)), &own());
    assert_eq!(anew.put(&at(eighth), &after).await, "201");
    assert_eq!(put(&anew, (10, [9; 32])).await, "201");
    let gaps = [RecordGap { from: 1, until: 2 }, RecordGap { from: 9, until: 9 }];
    assert_eq!(world.service.record_gaps(DESK).unwrap(), gaps);
    let records = || world.service.lives(DESK).unwrap().into_iter().map(|life| life.records);
    assert!(records().eq([beginning(3, [3; 32]), beginning(8, hash(&before))]));
    // An earlier one overtaken by the first fits it, or tells a second story.
    let other = anew.record(seventh, (7, [6; 32]), &other_own());
    assert_eq!(anew.put(&at(seventh), &other).await, "RECORD_CHAIN_FORKED");
    assert_eq!(anew.put(&at(seventh), &before).await, "201");
    assert!(records().eq([beginning(3, [3; 32]), beginning(7, [6; 32])]));
    assert_eq!(world.service.record_gaps(DESK).unwrap(), gaps);
    assert_eq!(put(&anew, (1, [6; 32])).await, "RECORD_CHAIN_FORKED", "before number 1 there is none");
    world.check_exchanges();
}

#[tokio::test]
async fn a_desk_that_begins_anew_begins_with_number_1_and_a_new_journal() {
    let world = World::start();
    let desk = world.desk().await;
    for _ in 0..2 {
        desk.deliver(&desk.identified(id(), INSURED)).await.unwrap();
    }
    let (old, _) = segment(&world, (1, GENESIS), 3);
    anchored(&desk, &desk.segment(&old)).await;
    let anew = world.desk().await;
    anew.deliver(&anew.identified(id(), INSURED)).await.unwrap();
    let (new, _) = segment(&world, (1, GENESIS), 2);
    anchored(&anew, &anew.segment(&new)).await;
    let lives = world.service.lives(DESK).unwrap();
    for life in &lives {
        assert_eq!((life.records, life.journal), (beginning(1, NONE_BEFORE), beginning(1, GENESIS)));
    }
    assert_eq!((lives.len(), world.service.anchored_entries(DESK).unwrap()), (2, 5));
    assert_eq!(world.service.record_gaps(DESK).unwrap(), []);
    world.check_exchanges();
}

#[tokio::test]
async fn a_restored_journal_is_anchored_from_where_the_backup_was() {
    let world = World::start();
    let desk = world.desk().await;
    let (first, head) = segment(&world, (1, GENESIS), 3);
    let (second, end) = segment(&world, (4, head), 4);
    anchored(&desk, &desk.segment(&first)).await;
    let backup = desk.last();
    anchored(&desk, &desk.segment(&second)).await;
    let restored = restored(&world, backup).await;
    for (what, (other, _)) in [
        ("event 1 after something", segment(&world, (1, [7; 32]), 2)),
        ("another one after nothing", segment(&world, (4, GENESIS), 2)),
    ] {
        let wrong = Desk::after(&world.endpoint(), &restored.identity, backup).segment(&other);
        assert_eq!(refused(&restored, &wrong).await, ProblemCode::SegmentOutOfOrder, "{what}");
    }
    let (fourth, new_end) = segment(&world, (4, head), 2);
    anchored(&restored, &restored.segment(&fourth)).await;
    let world = world.restart();
    for (what, (other, _)) in [
        ("a gap", segment(&world, (7, new_end), 1)),
        ("the end of the earlier life", segment(&world, (8, end), 1)),
        ("the beginning once more", segment(&world, (4, head), 2)),
    ] {
        let wrong = Desk::after(&world.endpoint(), &restored.identity, restored.last()).segment(&other);
        assert_eq!(refused(&restored, &wrong).await, ProblemCode::SegmentOutOfOrder, "{what}");
    }
    let (next, _) = segment(&world, (6, new_end), 1);
    anchored(&restored, &restored.segment(&next)).await;
    let begun = world.service.lives(DESK).unwrap().into_iter().map(|life| life.journal);
    assert!(begun.eq([beginning(1, GENESIS), beginning(4, head)]));
    world.check_exchanges();
}

#[tokio::test]
async fn a_segment_that_was_signed_in_an_earlier_life_continues_the_journal_of_that_life() {
    let world = World::start();
    let desk = world.desk().await;
    let (first, head) = segment(&world, (1, GENESIS), 3);
    let (second, end) = segment(&world, (4, head), 1);
    anchored(&desk, &desk.segment(&first)).await;
    let waiting = desk.segment(&second);
    let restored = restored(&world, desk.last()).await;
    let (third, _) = segment(&world, (5, end), 2);
    anchored(&restored, &restored.segment(&third)).await;
    anchored(&restored, &waiting).await;
    let begun = world.service.lives(DESK).unwrap().into_iter().map(|life| life.journal);
    assert!(begun.eq([beginning(1, GENESIS), beginning(5, end)]));
    world.check_exchanges();
}

#[tokio::test]
async fn certificates_of_an_earlier_life_are_over_with_the_enrolment_renewed_ones_too() {
    let world = World::start();
    let desk = world.desk().await;
    let unused = desk.renew().await.unwrap();
    let token = world.service.enrolment_token(DESK).unwrap();
    desk.heartbeat(&report()).await.unwrap();
    let anew = account::enrol(&world.endpoint(), &token).await.unwrap();
    let endpoint = world.endpoint();
    let client = |identity| AccountClient::new(&endpoint, identity).unwrap();
    for earlier in [&desk.identity, &unused] {
        assert_eq!(client(earlier).heartbeat(&report()).await, Err(CallError::NotAuthenticated));
    }
    client(&anew).heartbeat(&report()).await.unwrap();
    let world = world.restart();
    assert_eq!(desk.heartbeat(&report()).await, Err(CallError::NotAuthenticated));
    client(&anew).heartbeat(&report()).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn a_renewal_continues_the_life() {
    let world = World::start();
    world.desk().await;
    let desk = world.desk().await;
    desk.deliver(&desk.identified(id(), INSURED)).await.unwrap();
    let renewed = Desk::after(&world.endpoint(), &desk.renew().await.unwrap(), desk.last());
    let forked =
        Desk::after(&world.endpoint(), &renewed.identity, RecordLink::START).identified(id(), INSURED);
    assert_eq!(refused(&renewed, &forked).await, ProblemCode::RecordChainForked);
    renewed.deliver(&renewed.identified(id(), INSURED)).await.unwrap();
    assert_eq!(world.service.lives(DESK).unwrap().len(), 2);
    world.check_exchanges();
}

#[tokio::test]
async fn a_stolen_desk_is_told_that_it_is_revoked_though_it_lives_on_elsewhere() {
    let world = World::start();
    let stolen = world.desk().await;
    world.service.revoke_desk(DESK).unwrap();
    let anew = world.desk().await;
    assert_eq!(stolen.heartbeat(&report()).await, Err(CallError::Revoked));
    anew.heartbeat(&report()).await.unwrap();
    world.check_exchanges();
}

#[tokio::test]
async fn a_key_of_an_earlier_life_signs_for_no_other_desk() {
    let world = World::start();
    let earlier = RawSigner::of(&world.enrol(DESK).await);
    world.enrol(DESK).await;
    let neighbour = RawDesk::new(&world, &world.enrol("0312-05").await);
    let id = id();
    let record = neighbour.record_by(&earlier, id, (1, NONE_BEFORE), &own());
    assert_eq!(neighbour.put(&format!("/ws/v1/refusals/{id}"), &record).await, "RECORD_SIGNATURE_INVALID");
}
