//! Running the program and putting cards in front of it.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result};
use card_sim::{Card, Inserted, Slot};
use jiff::civil::Date;
use serde_json::Value;
use tempfile::TempDir;
use workshop::{
    namespace,
    pcscd::{PORTS, Pcscd},
    process::wait_until,
};

/// Whatever is awaited happens within a second on an idle machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// What the program left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// The one JSON object on standard output.
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.out).with_context(|| format!("no JSON: {self:?}"))
    }

    /// Code of the error in the JSON object, and the exit code.
    pub(crate) fn error(&self) -> Result<(String, Option<i32>)> {
        let json = self.json()?;
        let code = json["error"]["code"].as_str().with_context(|| format!("no error: {self:?}"))?;
        assert!(json["error"]["message"].as_str().is_some_and(|message| message.len() > 20), "{json}");
        Ok((code.to_owned(), self.code))
    }
}

/// The program with these arguments, in a German environment.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_identplatzctl"));
    command.args(arguments).env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "de_DE.UTF-8");
    command.env_remove("IDENTPLATZ_SETTINGS");
    command
}

pub(crate) fn run(arguments: &[&str]) -> Result<Ran> {
    finish(start(&mut command(arguments))?)
}

pub(crate) fn run_with_input(arguments: &[&str], input: &[u8]) -> Result<Ran> {
    run_command_with_input(&mut command(arguments), input)
}

pub(crate) fn run_command_with_input(command: &mut Command, input: &[u8]) -> Result<Ran> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    child.stdin.take().context("no input")?.write_all(input)?;
    finish(child)
}

pub(crate) fn start(command: &mut Command) -> Result<Child> {
    Ok(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?)
}

pub(crate) fn finish(child: Child) -> Result<Ran> {
    let output = child.wait_with_output()?;
    let (out, err) = (String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?);
    Ok(Ran { code: output.status.code(), out, err })
}

/// Runs `body` in a namespace with a pcscd of its own.
pub(crate) fn with_pcscd(test: &str, body: impl FnOnce(&mut Pcscd) -> Result<()>) -> Result<()> {
    namespace::inside(test, || body(&mut Pcscd::start()?)).map(drop)
}

#[allow(clippy::disallowed_methods, reason = "the program under test asks the same clock")]
pub(crate) fn today() -> Date {
    jiff::Zoned::now().date()
}

/// Puts the card of this name into a slot (0 or 1) and waits until the service has seen it.
pub(crate) fn insert(slot: usize, name: &str) -> Result<Inserted> {
    insert_card(slot, card(name)?)
}

/// The card of this name as it is today.
pub(crate) fn card(name: &str) -> Result<Card> {
    Ok(card_sim::find(name).with_context(|| format!("no card {name}"))?.card(today()))
}

pub(crate) fn insert_card(slot: usize, card: Card) -> Result<Inserted> {
    let inserted = Slot::insert(PORTS[slot], card)?;
    wait_for(slot, |card| card != "empty")?;
    Ok(inserted)
}

/// Pulls the card and waits until the service has noticed.
pub(crate) fn pull(slot: usize, card: Inserted) -> Result<()> {
    card.pull();
    wait_for(slot, |card| card == "empty")
}

fn wait_for(slot: usize, fits: impl Fn(&str) -> bool) -> Result<()> {
    wait_until("the service has noticed the card", DEADLINE, || {
        let seen = run(&["readers", "--json"]).and_then(|ran| ran.json());
        seen.is_ok_and(|json| json["readers"][slot]["card"].as_str().is_some_and(&fits))
    })
}

/// A folder that vouches for simulated cards; a build for workstations leaves out what is for health cards, whose
/// production roots it knows.
pub(crate) fn trust_folder() -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let for_documents = card_sim::travel::trust_files(today());
    for (name, bytes) in card_sim::trust::files(today()).into_iter().chain(for_documents) {
        fs::write(folder.path().join(name), bytes)?;
    }
    Ok(folder)
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is no text")
}
