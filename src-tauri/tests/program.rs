//! The program itself, without its window.
#![allow(clippy::unwrap_used, reason = "a failure is the test's")]

use std::process::{Command, Output};

fn identplatz(arguments: &[&str], variable: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_identplatz"));
    command.args(arguments).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    if let Some(variable) = variable {
        command.env(variable, "true");
    }
    command.output().unwrap()
}

#[test]
fn the_version_says_whether_this_build_has_developers_powers() {
    let said = String::from_utf8(identplatz(&["--version"], None).stdout).unwrap();
    assert_eq!(said.contains("workshop"), cfg!(feature = "workshop"), "{said}");
}

#[test]
#[cfg(not(feature = "workshop"))]
fn a_window_for_workstations_can_not_be_steered_from_outside() {
    for variable in ["TAURI_WEBVIEW_AUTOMATION", "WEBKIT_INSPECTOR_SERVER", "WEBKIT_INSPECTOR_HTTP_SERVER"] {
        let output = identplatz(&[], Some(variable));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(variable), "{said}");
    }
}
