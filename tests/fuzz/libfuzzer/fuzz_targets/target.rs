//! One target of `fuzz` under libFuzzer; the environment's `FUZZ_TARGET` names it.
#![no_main]

use std::{env, sync::OnceLock};

use fuzz::{TARGETS, Target};
use libfuzzer_sys::fuzz_target;

/// The target that this process searches.
static TARGET: OnceLock<Target> = OnceLock::new();

fn named() -> Target {
    let wanted = env::var("FUZZ_TARGET").unwrap_or_default();
    let names = TARGETS.map(|(name, _)| name);
    let found = TARGETS.iter().find(|(name, _)| *name == wanted);
    found.unwrap_or_else(|| panic!("FUZZ_TARGET is to be one of {}", names.join(", "))).1
}

fuzz_target!(|data: &[u8]| {
    TARGET.get_or_init(named)(data);
});
