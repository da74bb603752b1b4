//! Travel documents over the real pcscd: which document gives which answer, what is read of it and in which
//! order, and what becomes of each fault at each APDU.
//!
//! All tests share a namespace and a pcscd in it, and take turns at its readers. `-- passport-clone` picks
//! tests by a part of their names, `-- --list` shows all. No build with developers' powers is needed: whom a
//! desk trusts is imported here as anywhere.

mod faults;
mod keys;
mod order;
mod reach;
mod steps;
mod variants;

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Result, ensure};
use health_card::{pcscd::READERS, readers::Readers};
use libtest_mimic::{Arguments, Failed, Trial};
use workshop::namespace::{Program, reexec_program};

fn main() -> Result<ExitCode> {
    let mut arguments = Arguments::from_args();
    match reexec_program()? {
        Program::Inside => {}
        Program::Ended(code) => return Ok(code),
        Program::Skipped(_) => return Ok(ExitCode::SUCCESS),
    }
    // They wait for the service more than they calculate.
    arguments.test_threads.get_or_insert(READERS);
    let readers = Arc::new(Readers::start()?);
    // The longest first.
    let tests = [faults::tests(), keys::tests(), order::tests(), reach::tests(), variants::tests()];
    let trials = tests.into_iter().flatten().map(|test| test.trial(&readers)).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    if arguments.list {
        return Ok(conclusion.exit_code());
    }
    writeln!(io::stdout(), "{} faults, each at one APDU", faults::ran())?;
    let complete = conclusion.num_filtered_out == 0 && !conclusion.has_failed();
    ensure!(!complete || faults::ran() == faults::cases(), "there should be {} faults", faults::cases());
    Ok(conclusion.exit_code())
}

/// A test with its sentence.
struct Test {
    name: String,
    body: Box<Body>,
}

type Body = dyn FnOnce(&Readers) -> Result<()> + Send;

impl Test {
    fn new(name: impl Into<String>, body: impl FnOnce(&Readers) -> Result<()> + Send + 'static) -> Self {
        Self { name: name.into(), body: Box::new(body) }
    }

    fn trial(self, readers: &Arc<Readers>) -> Trial {
        let (body, readers) = (self.body, Arc::clone(readers));
        Trial::test(self.name, move || body(&readers).map_err(|error| Failed::from(format!("{error:#}"))))
    }
}
