//! Health cards over the real pcscd: which card gives which answer, and what becomes of each fault at each APDU.
//!
//! All tests share a namespace and a pcscd in it, and take turns at its readers. `-- amsel-clone` picks tests by
//! a part of their names, `-- --list` shows all.

mod extended_length;
mod faults;
mod pin;
mod steps;
mod variants;

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Result, ensure};
use health_card::{
    pcscd::READERS,
    readers::{PATIENCE, Readers},
};
use libtest_mimic::{Arguments, Failed, Trial};
use workshop::{
    namespace::{Program, reexec_program},
    process::wait_until,
};

fn main() -> Result<ExitCode> {
    let mut arguments = Arguments::from_args();
    if !cfg!(feature = "workshop") {
        writeln!(
            io::stderr(),
            "skipped: simulated cards are proven in builds with the feature workshop only"
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    match reexec_program()? {
        Program::Inside => {}
        Program::Ended(code) => return Ok(code),
        Program::Skipped(_) => return Ok(ExitCode::SUCCESS),
    }
    // They wait for the service more than they calculate. One more is at the reader with a pad.
    arguments.test_threads.get_or_insert(READERS + 1);
    let readers = Arc::new(Readers::start()?);
    // The longest first.
    let tests = [faults::tests(), variants::tests(), extended_length::tests()];
    let tests = spread(pin::tests(), tests.into_iter().flatten().collect());
    let trials = tests.into_iter().map(|test| test.trial(&readers)).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    if arguments.list {
        return Ok(conclusion.exit_code());
    }
    writeln!(io::stdout(), "{} faults, each at one APDU", faults::ran())?;
    wait_until("every session that was given up on has ended", PATIENCE, || {
        pcsc_reader::abandoned_sessions() == 0
    })?;
    let complete = conclusion.num_filtered_out == 0 && !conclusion.has_failed();
    ensure!(!complete || faults::ran() == faults::CASES, "there should be {} faults", faults::CASES);
    Ok(conclusion.exit_code())
}

/// Puts the few tests that all need one reader among the many, or threads would wait for it together.
fn spread(few: Vec<Test>, many: Vec<Test>) -> Vec<Test> {
    let stride = many.len() / few.len().max(1);
    let mut few = few.into_iter();
    let mut spread = Vec::new();
    for (index, test) in many.into_iter().enumerate() {
        if index % stride.max(1) == 0 {
            spread.extend(few.next());
        }
        spread.push(test);
    }
    spread.extend(few);
    spread
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
