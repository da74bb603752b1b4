//! The real window, walked by the demo's program. What it leaves to look at is in `target/demo` and `target/demo-faults`.
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
fn every_fault_is_named_and_none_stops_the_desk() {
    walk("faults");
}
