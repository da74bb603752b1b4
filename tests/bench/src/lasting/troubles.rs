//! Named troubles around a whole desk: nothing that was confirmed is lost, nothing is sent where it mustn't go, and it goes on
//! when the trouble is over. What a single crate says of them is tested there.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use account::DeliveryError;
use account_service::{Config, Fault, Service};
use anyhow::Result;
use jiff::SignedDuration;
use store::{Depth, StoreError, Verification};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use workshop::namespace::{self, SMALL_DISK};

use super::{
    clock,
    desk::{Desk, Papers},
    marks::Marks,
    outbox::Turn,
    people::{self, Insured},
};

/// A service and one desk at it.
struct World {
    service: Service,
    desk: Desk,
    people: Vec<Insured>,
    runtime: Runtime,
    _folder: TempDir,
}

impl World {
    /// With the desk's store in that folder; in a temporary one if there is none.
    fn start(store: Option<PathBuf>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let members = people::members(40);
        let service = Service::start(Config::new(folder.path().join("service"), members.clone()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (papers, sealing_key, people) = runtime.block_on(async {
            let papers = Papers::enrol(&service, "0312-04", Duration::from_secs(15)).await?;
            let sealing_key = Desk::ask_sealing_key(&papers).await?;
            anyhow::Ok((papers, sealing_key, people::register(&service, &members).await?))
        })?;
        let store = store.unwrap_or_else(|| folder.path().join("store"));
        let desk = Desk::open(&store, &papers, sealing_key, Marks::default())?;
        Ok(Self { service, desk, people, runtime, _folder: folder })
    }

    fn turn(&self) -> Result<Turn> {
        self.runtime.block_on(self.desk.turn())
    }

    /// Everything is delivered, and the codes of the first `visits` people are there once.
    fn delivers_all(&self, visits: usize) {
        self.desk.store.retry_now(clock::now()).unwrap();
        self.runtime.block_on(self.desk.deliver_all()).unwrap();
        self.desk.has_delivered().unwrap();
        assert!(matches!(self.desk.store.verify().unwrap(), Verification::Intact { .. }));
        assert!(self.service.record_gaps("0312-04").unwrap().is_empty());
        for insured in self.people.iter().take(visits) {
            let codes = self.service.codes_of(&insured.kvnr).unwrap();
            assert!(matches!(codes.as_slice(), [(_, "ACTIVE")]), "{codes:?}");
        }
    }

    fn waiting(&self) -> u64 {
        self.desk.store.depth().unwrap().waiting
    }

    fn knows_nothing(&self, insured: &Insured) -> bool {
        let told = self.service.access_report(&insured.kvnr).unwrap();
        told["identifications"].as_array().unwrap().is_empty() && told["codes"].as_array().unwrap().is_empty()
    }
}

fn store_error(error: &anyhow::Error) -> Option<&StoreError> {
    error.downcast_ref()
}

/// Takes what the small disk has left, to the last byte.
fn fill() -> PathBuf {
    let ballast = Path::new(SMALL_DISK).join("ballast");
    let mut file = fs::File::create(&ballast).unwrap();
    for size in [64 * 1024, 512] {
        while file.write(&vec![1; size]).is_ok_and(|written| written > 0) {}
    }
    ballast
}

#[test]
fn on_a_full_disk_nothing_is_begun_nor_sent_and_what_was_confirmed_is_delivered_when_there_is_room() {
    let name = "lasting::troubles::on_a_full_disk_nothing_is_begun_nor_sent_and_what_was_confirmed_is_delivered_when_there_is_room";
    namespace::inside(name, || {
        let world = World::start(Some(Path::new(SMALL_DISK).join("store")))?;
        world.desk.lead_at_once(&world.people[0])?;
        let ballast = fill();
        let mut confirmed = 1;
        let full = loop {
            match world.desk.lead_at_once(&world.people[confirmed]) {
                Ok(_) => confirmed += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(store_error(&full), Some(StoreError::DiskFull)), "{full:?}");
        let unsent = world.turn().err().expect("a lease is written before anything is sent");
        assert!(matches!(store_error(&unsent), Some(StoreError::DiskFull)), "{unsent:?}");
        assert!(world.knows_nothing(&world.people[0]));
        fs::remove_file(ballast)?;
        world.desk.go_on(&world.people)?;
        world.delivers_all(confirmed);
        Ok(())
    })
    .unwrap();
}

#[test]
fn whoever_intercepts_the_line_gets_nothing_and_the_service_everything_once_afterwards() {
    let world = World::start(None).unwrap();
    world.desk.lead_at_once(&world.people[0]).unwrap();
    world.service.present_foreign_certificate(true);
    let before = world.waiting();
    assert!(matches!(world.turn().unwrap(), Turn::Waits));
    assert_eq!(world.waiting(), before);
    assert!(world.knows_nothing(&world.people[0]));
    world.service.present_foreign_certificate(false);
    world.delivers_all(1);
}

#[test]
fn a_desk_that_is_revoked_is_told_so_and_keeps_what_was_not_delivered() {
    let world = World::start(None).unwrap();
    world.desk.lead_at_once(&world.people[0]).unwrap();
    assert!(matches!(world.turn().unwrap(), Turn::Delivered { .. }));
    let before = world.waiting();
    world.service.revoke_desk("0312-04").unwrap();
    let told = world.turn().err().expect("revoked");
    assert_eq!(told.downcast_ref(), Some(&DeliveryError::Revoked), "{told:?}");
    assert_eq!(world.waiting(), before);
}

#[test]
fn a_clock_that_jumps_back_a_day_keeps_nothing_from_being_delivered_once_the_service_is_back() {
    let world = World::start(None).unwrap();
    world.desk.lead_at_once(&world.people[0]).unwrap();
    let tomorrow = clock::now() + SignedDuration::from_hours(24);
    // By a clock that is a day ahead the first row is tried in vain: its next time is tomorrow.
    world.service.fault(Fault::Status(503));
    let row = world.desk.store.lease(tomorrow, SignedDuration::from_secs(30)).unwrap().unwrap();
    let retry = store::Outcome::RetryAt(tomorrow + SignedDuration::from_secs(1));
    world.desk.store.settle(row.id, retry, tomorrow).unwrap();
    world.service.fault(Fault::None);
    assert!(matches!(world.turn().unwrap(), Turn::Nothing), "the clock was set right: it is far from due");
    let Depth { next_due, .. } = world.desk.store.depth().unwrap();
    assert!(next_due.unwrap() > clock::now() + SignedDuration::from_hours(23));
    // What the program does as soon as a heartbeat is answered again.
    assert_eq!(world.desk.store.retry_now(clock::now()).unwrap(), 1);
    world.delivers_all(1);
}
