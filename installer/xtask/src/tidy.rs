//! Tests for what lints can't see: the walls between the crates, the licence, the words of the project.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Who may use whom among our own crates, beyond itself: the arrows of ARCHITECTURE.md. Adapters never know each other.
const WALLS: &[(&str, &[&str])] = &[
    ("smartcard", &[]),
    ("identification", &[]),
    ("letter", &[]),
    ("bridge", &[]),
    ("printing", &[]),
    ("vault", &[]),
    ("account", &[]),
    ("staff", &[]),
    ("egk", &["smartcard"]),
    ("mrtd", &["smartcard"]),
    ("pcsc-reader", &["smartcard"]),
    ("scanner", &[]),
    ("store", &["identification"]),
    ("settings", &["identification"]),
    (
        "identplatzctl",
        &[
            "account",
            "egk",
            "identification",
            "mrtd",
            "pcsc-reader",
            "settings",
            "smartcard",
            "staff",
            "store",
            "vault",
        ],
    ),
    (
        "identplatz",
        &[
            "account",
            "bridge",
            "egk",
            "identification",
            "letter",
            "mrtd",
            "pcsc-reader",
            "printing",
            "scanner",
            "settings",
            "smartcard",
            "staff",
            "store",
            "vault",
        ],
    ),
    // The simulators share nothing with the product, or mirrored errors would pass.
    ("card-sim", &[]),
    ("account-service", &[]),
    ("pin-pad-reader", &[]),
    ("workshop", &["pin-pad-reader"]),
    ("replay", &["egk", "smartcard"]),
    ("simulated", &["card-sim", "smartcard"]),
    (
        "bench",
        &[
            "account",
            "account-service",
            "card-sim",
            "egk",
            "identification",
            "mrtd",
            "pcsc-reader",
            "smartcard",
            "store",
            "workshop",
        ],
    ),
    ("health-card", &["card-sim", "egk", "pcsc-reader", "smartcard", "workshop"]),
    ("travel-document", &["card-sim", "health-card", "mrtd", "pcsc-reader", "smartcard", "workshop"]),
];

/// Who alone may link a thing of the outside.
const ONLY: &[(&str, &[&str])] = &[
    ("pcsc", &["pcsc-reader"]),
    ("serialport", &["scanner"]),
    ("evdev", &["scanner"]),
    ("tauri", &["identplatz"]),
    ("rusqlite", &["store", "account-service", "bench"]),
    ("keyring", &["vault"]),
    ("ipp", &["printing"]),
    ("argon2", &["staff"]),
];

fn root() -> PathBuf {
    crate::root().unwrap()
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Ordinary dependencies of every workspace member.
fn dependencies() -> Vec<(String, Vec<String>)> {
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    metadata()["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let ordinary = |dependency: &&Value| dependency["kind"].is_null();
            let used =
                package["dependencies"].as_array().unwrap().iter().filter(ordinary).map(name).collect();
            (name(package), used)
        })
        .collect()
}

/// Every file that git knows or would take, as a path from the root.
fn files() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(PathBuf::from)
        .filter(|path| root().join(path).is_file())
        .collect()
}

fn sources() -> Vec<(PathBuf, String)> {
    files()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| (path.clone(), fs::read_to_string(root().join(path)).unwrap()))
        .collect()
}

#[test]
fn every_crate_keeps_to_its_walls() {
    let all = dependencies();
    let ours: Vec<&String> = all.iter().map(|(name, _)| name).collect();
    for (name, allowed) in WALLS {
        let (_, used) =
            all.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name} is gone"));
        for dependency in used.iter().filter(|dependency| ours.contains(dependency)) {
            assert!(allowed.contains(&dependency.as_str()), "{name} must not use {dependency}");
        }
    }
}

#[test]
fn every_product_crate_has_a_wall() {
    for entry in fs::read_dir(root().join("src-tauri/crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(WALLS.iter().any(|(known, _)| *known == name), "{name} is not in the list of walls");
    }
}

#[test]
fn each_thing_of_the_outside_is_linked_in_one_place() {
    for (name, used) in dependencies() {
        for (library, allowed) in ONLY {
            assert!(
                !used.iter().any(|it| it == library) || allowed.contains(&name.as_str()),
                "{name} must not link {library}"
            );
        }
    }
}

#[test]
fn the_rules_know_neither_clock_nor_outside() {
    let (_, used) = dependencies().into_iter().find(|(name, _)| name == "identification").unwrap();
    let allowed = ["jiff", "thiserror", "unicode-normalization", "uuid", "zeroize"];
    assert!(used.iter().all(|it| allowed.contains(&it.as_str())), "identification uses {used:?}");
}

#[test]
fn the_top_level_is_the_agreed_one() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "LICENSE",
        "src-tauri",
        "ui",
        "assets",
        "tests",
        "installer",
    ];
    for path in files() {
        let first = path.components().next().unwrap().as_os_str().to_str().unwrap().to_owned();
        assert!(
            first.starts_with('.') || allowed.contains(&first.as_str()),
            "{first} has no place at the top level"
        );
    }
}

#[test]
fn only_one_file_of_the_user_interface_knows_tauri() {
    for path in files().into_iter().filter(|path| path.starts_with("ui/src")) {
        let Ok(text) = fs::read_to_string(root().join(&path)) else { continue };
        let imports = text.lines().any(|line| line.contains("from \"@tauri-apps/"));
        assert!(!imports || path.ends_with("backend/tauri.ts"), "{} imports Tauri", path.display());
    }
}

#[test]
fn every_crate_says_what_it_is_for() {
    for (path, text) in sources() {
        if path.ends_with("src/lib.rs") || path.ends_with("src/main.rs") {
            assert!(text.starts_with("//! "), "{} has no module documentation", path.display());
        }
    }
}

#[test]
fn nothing_unfinished_is_left_lying_about() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("#[ig", "nore]")];
    let pending = |path: &PathBuf| path.extension().is_some_and(|it| it == "pending-snap" || it == "new");
    assert_eq!(files().into_iter().find(pending), None, "waits for somebody to accept it");
    for (path, text) in sources() {
        for mark in marks {
            assert!(!text.contains(mark), "{} holds {mark}", path.display());
        }
    }
}

#[test]
fn no_file_ends_in_the_middle_of_a_line_or_trails_blanks() {
    let text_file = |path: &Path| {
        path.extension()
            .and_then(|it| it.to_str())
            .is_some_and(|it| ["rs", "toml", "md", "ts", "tsx", "css"].contains(&it))
    };
    for path in files().into_iter().filter(|path| text_file(path) && !path.starts_with("tests/fuzz/corpus")) {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'), "{} lacks its last line break", path.display());
        let generated = path.ends_with("bindings.ts");
        let trailing = text.lines().position(|line| line.ends_with(' '));
        assert!(
            generated || trailing.is_none(),
            "{}:{} trails a blank",
            path.display(),
            trailing.unwrap_or(0) + 1
        );
    }
}

#[test]
fn every_decision_record_is_listed_where_a_newcomer_looks() {
    let list = fs::read_to_string(root().join("src-tauri/ARCHITECTURE.md")).unwrap();
    for entry in fs::read_dir(root().join("src-tauri/docs/adr")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(list.contains(&name), "ARCHITECTURE.md doesn't list {name}");
    }
}
