//! The real window, walked by the demo's program. What it leaves to look at is in `target/demo` and `target/demo-faults`.
//!
//! The app must have been built with the feature `workshop`, as `cargo xtask test` does.
#![allow(clippy::unwrap_used, reason = "a failure is the test's")]

use std::process::Command;

fn walk(what: &str) {
    let status = Command::new(env!("CARGO_BIN_EXE_demo")).args(["--headless", what]).status().unwrap();
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
