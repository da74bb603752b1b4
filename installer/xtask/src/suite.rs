//! Every check and test there is, in the order in which a failure is cheapest to find.

use std::{
    env,
    path::{self, Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use crate::shell;

/// Powers that only developers and tests need.
const WORKSHOP: &str = "identplatz/workshop,identplatzctl/workshop,health-card/workshop";

type Step = (&'static str, fn(&Path) -> Result<()>);

const STEPS: &[Step] = &[
    ("format", |root| shell::run(root, "cargo", &["fmt", "--all", "--check"])),
    ("user interface: build", |root| shell::run(&root.join("ui"), "npm", &["run", "--silent", "build"])),
    ("user interface: types, lint, texts", |root| {
        shell::run(&root.join("ui"), "npm", &["run", "--silent", "check"])
    }),
    ("user interface: tests", |root| shell::run(&root.join("ui"), "npm", &["test", "--silent"])),
    ("dependencies", |root| {
        // Licences and sources are judged for every platform, so the packages of all of them are needed.
        shell::run(root, "cargo", &["fetch", "--quiet", "--locked"])?;
        shell::run(root, "cargo", &["deny", "--offline", "check", "bans", "licenses", "sources"])
    }),
    ("lint", |root| {
        let arguments = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
        shell::run(root, "cargo", &arguments)
    }),
    // All of it with the developers' powers, in one call: cargo then builds every dependency once.
    ("tests of workshop builds", |root| {
        shell::run(root, "cargo", &["test", "--workspace", "--quiet", "--features", WORKSHOP])
    }),
    ("tests of builds for workstations", |root| {
        let arguments = ["test", "--workspace", "--quiet", "--test", "cli", "--test", "program"];
        shell::run(root, "cargo", &arguments)
    }),
    ("user interface: pictures and accessibility", |root| {
        shell::run(
            &root.join("ui"),
            "npm",
            &["run", "--silent", "pictures", "--", "../target/pictures", "--in-turn"],
        )
    }),
];

pub(crate) fn run(root: &Path) -> Result<()> {
    let mut times: Vec<(&str, Duration)> = Vec::new();
    for (name, step) in STEPS {
        println!("\n\x1b[1m== {name}\x1b[0m");
        let begun = Instant::now();
        step(root).with_context(|| format!("the step `{name}` failed"))?;
        times.push((name, begun.elapsed()));
    }
    println!("\nEverything is green:");
    for (name, time) in &times {
        println!("{:7.1} s  {name}", time.as_secs_f64());
    }
    println!("{:7.1} s  in all", times.iter().map(|(_, time)| time.as_secs_f64()).sum::<f64>());
    Ok(())
}

/// `cargo xtask demo`
pub(crate) fn demo(root: &Path, walk: Option<&str>) -> Result<()> {
    shell::run(&root.join("ui"), "npm", &["run", "--silent", "build"])?;
    // The demo is a program of its own, so that this one stays small.
    shell::run(root, "cargo", &["build", "--workspace", "--bins", "--features", WORKSHOP])?;
    let demo = target(root).join("debug/demo");
    let arguments: Vec<&str> = walk.into_iter().flat_map(|walk| ["--headless", walk]).collect();
    shell::run(root, &demo.display().to_string(), &arguments)
}

/// `cargo xtask replay DIR`
pub(crate) fn replay(root: &Path, folder: &Path) -> Result<()> {
    let folder = path::absolute(folder)?.display().to_string();
    shell::run(root, "cargo", &["run", "--quiet", "--package", "replay", "--", &folder])
}

/// `cargo xtask bench`: as users would build it, but trusting the simulated cards' root.
pub(crate) fn bench(root: &Path) -> Result<()> {
    shell::run(root, "cargo", &["build", "--release", "--package", "bench", "--features", "bench/workshop"])?;
    let bench = target(root).join("release/bench");
    shell::run(root, &bench.display().to_string(), &[])
}

fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}
