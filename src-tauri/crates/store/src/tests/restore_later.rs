//! A backup is restored after the desk has gone on: it delivered, erased what was due, and pruned its journal.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use uuid::Uuid;

use super::{
    Desk, at, concern, contains, identification, key, key_bytes,
    pages::decrypted,
    retention::{DAY, id, own, two_weeks},
    visit,
};
use crate::{ErasureList, Erasures, Outcome, RecordLink, RetentionClass, Store, Verification};

const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// When the desk erases what is due.
const LATER: i64 = 15 * DAY;

/// The account service, as far as it matters here: what it has taken, and how often that had an effect.
#[derive(Default)]
struct Service(BTreeMap<Uuid, u32>);

impl Service {
    /// Delivers all that waits, as the desk does: a row that may have arrived is asked for first.
    fn take_all(&mut self, store: &Store, seconds: i64) {
        while let Some(row) = store.lease(at(seconds), LEASE).unwrap() {
            if !(row.ask_first && self.0.contains_key(&row.id)) {
                *self.0.entry(row.id).or_default() += 1;
            }
            store.settle(row.id, Outcome::Delivered, at(seconds)).unwrap();
        }
    }
}

/// A desk with a backup of two visits of which nothing was delivered, that has gone on since. The keys of what it erased are
/// told.
fn desk_that_went_on(service: &mut Service) -> (Desk, Vec<Vec<u8>>) {
    let mut desk = Desk::new();
    desk.whole_visit(1, 10);
    desk.whole_visit(2, 10 * DAY);
    let keys = [own(1), identification(1), concern(1)].map(|scope| key_bytes(&desk.raw(), scope));
    desk.save();

    service.take_all(desk.store(), 20);
    desk.countersign(20);
    service.take_all(desk.store(), 30);
    desk.whole_visit(3, 11 * DAY);
    service.take_all(desk.store(), 12 * DAY);
    let run = desk.store().erase_due(Uuid::from_u128(0x4711), two_weeks(), at(LATER)).unwrap().unwrap();
    assert!(desk.store().prove(&run, &[], at(LATER)).unwrap().holds);
    assert_eq!((run.visits, desk.store().visit(visit(1)).unwrap()), (1, None));
    (desk, keys.into())
}

#[test]
fn what_was_erased_by_a_run_since_is_gone_before_anything_opens_and_the_chain_verifies() {
    let (desk, keys) = desk_that_went_on(&mut Service::default());
    let restored = desk.restore(Erasures::In(&desk.erasures())).unwrap();
    assert_eq!((restored.events, restored.erased), (6, 3));

    let pages = decrypted(&desk.new_place());
    assert!(!keys.iter().any(|key| contains(&pages, key)), "a destroyed key came back");
    assert!(contains(&pages, &key_bytes(&super::raw(&desk.new_place()), own(2))), "the search finds keys");
    let store = Store::open(&desk.new_place(), &key()).unwrap();
    let opens =
        |number| store.events(visit(number)).unwrap().iter().map(|it| it.body.is_some()).collect::<Vec<_>>();
    assert_eq!((opens(1), opens(2), opens(3)), (vec![false; 3], vec![true; 3], vec![]));
    assert!(store.visit(visit(1)).unwrap().is_none(), "its row went with it at the desk");
    assert!(store.visit(visit(2)).unwrap().is_some());
    assert!(matches!(
        store.verify().unwrap(),
        Verification::Intact { events: 6, head, pruned_until: 0 } if head == restored.head
    ));
    let listed: Vec<_> = ErasureList::read(&ErasureList::beside(&desk.new_place()))
        .unwrap()
        .entries()
        .map(|(scope, _)| scope)
        .collect();
    assert!([own(1), identification(1), concern(1)].iter().all(|scope| listed.contains(&id(*scope))));
}

/// The service has them already; nothing is told twice, and nothing of what was erased is told again.
#[test]
fn what_was_delivered_since_has_no_second_effect() {
    let mut service = Service::default();
    let (desk, _) = desk_that_went_on(&mut service);
    let told = service.0.clone();
    let restored = desk.restore(Erasures::In(&desk.erasures())).unwrap();
    assert_eq!(restored.waiting, 2, "of visit 2; those of visit 1 went with it");
    let store = Store::open(&desk.new_place(), &key()).unwrap();
    service.take_all(&store, 16 * DAY);
    assert_eq!(service.0, told);
    assert!(service.0.values().all(|times| *times == 1), "{:?}", service.0);
    assert_eq!((store.depth().unwrap().waiting, store.depth().unwrap().parked), (0, 0));
}

/// The journal and the chain of records are at the place where the backup was; what the service knows of the desk's former life
/// is behind them, so that an enrolment has to begin a new one.
#[test]
fn the_chains_go_on_from_where_the_backup_was_and_so_does_retention() {
    let (mut desk, _) = desk_that_went_on(&mut Service::default());
    assert_eq!(desk.store().last_record().unwrap().seq, 1);
    desk.restore(Erasures::In(&desk.erasures())).unwrap();
    desk.store = Some(Store::open(&desk.new_place(), &key()).unwrap());
    assert_eq!(desk.store().last_record().unwrap(), RecordLink::START);

    desk.deliver_all(16 * DAY);
    desk.countersign(16 * DAY);
    assert_eq!(desk.store().last_record().unwrap().seq, 1);
    desk.deliver_all(16 * DAY);
    assert_eq!(desk.due(29 * DAY), []);
    let classes: Vec<_> = desk.due(31 * DAY).into_iter().map(|(_, class)| class).collect();
    assert_eq!(classes, [RetentionClass::Record, RetentionClass::Record], "of visit 2, from its delivery on");
    let run = desk.store().erase_due(Uuid::from_u128(0x4712), two_weeks(), at(31 * DAY)).unwrap().unwrap();
    assert_eq!((run.scopes, run.visits), (3, 1));
    let pruned = desk.store().prune(at(32 * DAY), at(32 * DAY)).unwrap();
    assert_eq!((pruned.events, pruned.until), (6, 6));
    assert!(matches!(desk.store().verify().unwrap(), Verification::Intact { events: 0, .. }));
}

/// What the desk has pruned is in the backup: unreadable, and pruned again in its time.
#[test]
fn a_backup_from_before_a_pruning_is_restored() {
    let (desk, _) = desk_that_went_on(&mut Service::default());
    desk.store().erase_due(Uuid::from_u128(0x4712), two_weeks(), at(40 * DAY)).unwrap().unwrap();
    let pruned = desk.store().prune(at(41 * DAY), at(41 * DAY)).unwrap();
    assert_eq!(pruned.events, 6, "all that was countersigned");
    let restored = desk.restore(Erasures::In(&desk.erasures())).unwrap();
    assert_eq!((restored.events, restored.waiting), (6, 0));
    let store = Store::open(&desk.new_place(), &key()).unwrap();
    assert!(matches!(store.verify().unwrap(), Verification::Intact { events: 6, pruned_until: 0, .. }));
    let opened = [1, 2].map(|number| store.events(visit(number)).unwrap());
    assert!(opened.iter().flatten().all(|event| event.body.is_none()));
}
