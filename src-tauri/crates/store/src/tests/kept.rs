//! Values that the desk keeps beside its records.

use super::{Desk, at, key};
use crate::{Kept, KeptName, MAX_KEPT, Reader, StoreError};

#[test]
fn the_newest_value_of_a_name_is_kept_over_a_restart() {
    let mut desk = Desk::new();
    assert_eq!(desk.store().kept(KeptName::Policy).unwrap(), None);
    desk.store().keep(KeptName::Policy, b"serial 1", at(1)).unwrap();
    desk.store().keep(KeptName::Policy, b"serial 2", at(2)).unwrap();
    desk.store().keep(KeptName::LastEvent, b"17", at(3)).unwrap();
    desk.reopen().unwrap();
    let newest = Some(Kept { value: b"serial 2".to_vec(), at: at(2) });
    assert_eq!(desk.store().kept(KeptName::Policy).unwrap(), newest);
    assert_eq!(Reader::open(&desk.path(), &key()).unwrap().kept(KeptName::Policy).unwrap(), newest);
    assert_eq!(desk.store().kept(KeptName::LastEvent).unwrap().unwrap().value, b"17");
}

#[test]
fn no_two_names_share_a_value() {
    let desk = Desk::new();
    for (number, name) in (0..).zip(KeptName::ALL) {
        desk.store().keep(name, &[number], at(0)).unwrap();
    }
    for (number, name) in (0..).zip(KeptName::ALL) {
        assert_eq!(desk.store().kept(name).unwrap().unwrap().value, [number], "{name:?}");
    }
}

#[test]
fn a_discarded_value_is_gone_and_discarding_twice_is_no_error() {
    let desk = Desk::new();
    desk.store().keep(KeptName::RecoveryKey, b"key", at(0)).unwrap();
    for _ in 0..2 {
        desk.store().discard(KeptName::RecoveryKey).unwrap();
        assert_eq!(desk.store().kept(KeptName::RecoveryKey).unwrap(), None);
    }
}

#[test]
fn a_value_over_the_limit_is_refused_and_the_one_before_stays() {
    let desk = Desk::new();
    desk.store().keep(KeptName::Policy, &vec![1; MAX_KEPT], at(0)).unwrap();
    let refused = desk.store().keep(KeptName::Policy, &vec![2; MAX_KEPT + 1], at(1));
    assert!(matches!(refused, Err(StoreError::TooLarge { limit: MAX_KEPT, .. })));
    assert_eq!(desk.store().kept(KeptName::Policy).unwrap().unwrap().at, at(0));
}
