//! The private namespace and the real pcscd in it.

use std::process::Command;

use anyhow::{Result, ensure};
use workshop::{
    namespace::{self, Outcome, Program},
    pcscd::Pcscd,
};

#[test]
fn pcscd_starts_and_starts_again_after_a_crash() -> Result<()> {
    namespace::inside("pcscd_starts_and_starts_again_after_a_crash", || {
        let mut pcscd = Pcscd::start()?;
        pcscd.kill();
        pcscd.restart()
    })?;
    Ok(())
}

#[test]
fn two_namespaces_hold_a_pcscd_each_at_the_same_time() -> Result<()> {
    let run = || {
        namespace::inside("two_namespaces_hold_a_pcscd_each_at_the_same_time", || {
            let _pcscd = Pcscd::start()?;
            Ok(())
        })
    };
    if namespace::is_inside() {
        return run().map(drop);
    }
    std::thread::scope(|threads| {
        [threads.spawn(run), threads.spawn(run)].map(|thread| thread.join().unwrap())
    })
    .into_iter()
    .try_for_each(|outcome| outcome.map(drop))
}

#[test]
fn outside_a_namespace_pcscd_is_not_started() {
    if namespace::is_inside() {
        return;
    }
    let error = Pcscd::start().unwrap_err();
    assert!(error.to_string().contains("only started in a private namespace"), "{error}");
}

#[test]
fn a_test_that_fails_inside_fails_outside() {
    let outcome = namespace::inside("a_test_that_fails_inside_fails_outside", || panic!("as planned"));
    match outcome {
        Err(error) => assert!(error.to_string().contains("failed in its namespace"), "{error}"),
        Ok(outcome) => assert!(matches!(outcome, Outcome::Skipped(_))),
    }
}

#[test]
fn a_name_that_no_test_has_is_an_error() {
    match namespace::inside("no_such_test", || Ok(())) {
        Err(error) => assert!(error.to_string().contains("there is no test named no_such_test"), "{error}"),
        Ok(outcome) => assert!(matches!(outcome, Outcome::Skipped(_))),
    }
}

/// Set for the process in which this test binary plays a program that starts itself anew.
const PROGRAM: &str = "PLAYS_A_PROGRAM";

#[test]
fn a_program_goes_on_inside_as_the_same_user_and_hands_its_exit_code_out() -> Result<()> {
    let name = "a_program_goes_on_inside_as_the_same_user_and_hands_its_exit_code_out";
    let user = rustix::process::getuid().as_raw().to_string();
    if let Ok(started_by) = std::env::var(PROGRAM) {
        match namespace::reexec_program()? {
            Program::Inside => {
                assert_eq!(user, started_by);
                let interfaces = std::fs::read_to_string("/proc/net/dev")?;
                assert!(
                    interfaces.lines().skip(2).all(|line| line.trim().starts_with("lo:")),
                    "{interfaces}"
                );
                let _pcscd = Pcscd::start()?;
                std::process::exit(42);
            }
            Program::Ended(code) => {
                assert_eq!(code, std::process::ExitCode::from(42));
                println!("ended with 42");
            }
            Program::Skipped(reason) => println!("skipped: {reason}"),
        }
        return Ok(());
    }
    let mut program = Command::new(std::env::current_exe()?);
    let output = program.args(["--exact", name, "--nocapture"]).env(PROGRAM, user).output()?;
    let said = String::from_utf8(output.stdout)?;
    ensure!(
        output.status.success() && (said.contains("ended with 42") || said.contains("skipped: ")),
        "{said}"
    );
    Ok(())
}
