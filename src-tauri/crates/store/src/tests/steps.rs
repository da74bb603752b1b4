//! Killing a process at a named step of a backup, a restoration or a migration: this test binary starts itself again, and the
//! steps are those that are told to whoever waits for the end.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Phase, Progress};

const FOLDER: &str = "STORE_STEPS_TEST_FOLDER";
const STEP: &str = "STORE_STEPS_TEST_STEP";

/// The `n`th time that a phase is told, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step(pub(super) Phase, pub(super) u32);

/// Runs the ignored test `child`, and kills its process when it has come to the step of this name.
pub(super) fn kill_at(child: &str, folder: &Path, step: &str) {
    let mut process = Command::new(env::current_exe().unwrap())
        .args([&format!("tests::{child}"), "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(STEP, step)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let stopped = lines.any(|line| line == "stopped");
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(stopped, "the process never came to {step}");
}

/// What the process that will be killed was told: its folder and the step.
pub(super) fn told() -> (PathBuf, String) {
    let folder = env::var_os(FOLDER).expect("started by another test");
    (folder.into(), env::var(STEP).unwrap())
}

impl Step {
    pub(super) fn name(self) -> String {
        format!("{:?} {}", self.0, self.1)
    }
}

/// Stops at the step of this name, and goes on at any other.
pub(super) fn stop_at(step: &str) -> impl FnMut(Progress) -> ControlFlow<()> {
    let mut told = Vec::new();
    move |progress| {
        told.push(progress.phase);
        let times = told.iter().filter(|phase| **phase == progress.phase).count();
        if Step(progress.phase, u32::try_from(times).unwrap()).name() == step {
            stop();
        }
        ControlFlow::Continue(())
    }
}

/// Waits for the end.
pub(super) fn stop() -> ! {
    println!("\nstopped");
    std::io::stdin().read_exact(&mut [0]).ok();
    panic!("nobody killed this process");
}
