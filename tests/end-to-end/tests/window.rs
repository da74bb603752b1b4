//! The real window, walked by the demo's program. What it leaves to look at is in `target/demo` and folders beside it.
//!
//! The app must have been built with the feature `workshop`, as `cargo xtask test` does.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a failure is the test's, and a skip is told")]

use std::{
    process::Command,
    sync::{Mutex, PoisonError},
};

/// Two windows at once would only slow each other down.
static DISPLAY: Mutex<()> = Mutex::new(());

fn walk(what: &str) {
    let _alone = DISPLAY.lock().unwrap_or_else(PoisonError::into_inner);
    let status = Command::new(env!("CARGO_BIN_EXE_demo")).args(["--headless", what]).status().unwrap();
    if status.code() == Some(77) {
        println!("skipped: this host allows no private namespace, so the walk `{what}` has nowhere to run");
        return;
    }
    assert!(status.success(), "the walk `{what}` ended with {status}");
}

#[test]
fn a_whole_visit_ends_with_a_redeemed_code() {
    walk("visit");
}

#[test]
fn a_carers_code_opens_one_wards_account_until_a_supervisor_objects() {
    walk("carer");
}

#[test]
fn a_passport_chip_opens_the_electronic_health_record() {
    walk("epa");
}

#[test]
fn a_health_card_is_read_over_the_air_and_one_that_is_not_genuine_opens_nothing() {
    walk("cards");
}

#[test]
fn every_fault_is_named_and_none_stops_the_desk() {
    walk("faults");
}

#[test]
fn trouble_with_documents_printer_service_disk_and_keyring_is_named_and_the_next_try_works() {
    walk("troubles");
}

#[test]
fn a_visit_that_is_killed_after_each_event_ends_with_one_code_that_works() {
    walk("kills");
}

#[test]
fn what_a_desk_recorded_is_found_saved_restored_and_sealed_and_a_revoked_desk_destroys_its_keys() {
    walk("lasting");
}

#[test]
fn what_the_insurers_back_office_decides_counts_at_the_desk() {
    walk("centre");
}

#[test]
fn nothing_that_may_not_be_left_behind_is_left_anywhere() {
    walk("leaks");
}

#[test]
fn the_pin_of_a_health_card_is_typed_at_the_readers_pad_by_whoever_wants_to() {
    walk("pin");
}
