//! The program as the demo starts it.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use account_service::{AppError, CustomerApp};
use anyhow::{Context, Result};
use serde_json::Value;
use workshop::postgres;

struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Program {
    /// Starts it for two members; what it says when it is ready.
    fn start(dir: &Path, further: &[&str]) -> Result<(Self, Value)> {
        let members = dir.join("members");
        let list = "# gematik's test people\nA123456780;Amsel;Andrea;19971228;80276883110000000001\n\nJ012345677; Junko; Jens-Jörg; 19581200 # no day\n";
        fs::write(&members, list)?;
        let mut program = Self(
            Command::new(env!("CARGO_BIN_EXE_account-service"))
                .args(further)
                .args(["--desk", "0312-04", "--dir"])
                .arg(dir.join("service"))
                .arg("--members")
                .arg(&members)
                .stdout(Stdio::piped())
                .spawn()?,
        );
        let mut line = String::new();
        let output = program.0.stdout.take().context("its output")?;
        BufReader::new(output).read_line(&mut line)?;
        Ok((program, serde_json::from_str(&line)?))
    }
}

fn app(ready: &Value) -> Result<CustomerApp> {
    let text = |name: &str| ready[name].as_str().with_context(|| format!("no {name}"));
    CustomerApp::new(text("url")?, &fs::read_to_string(text("caCertificate")?)?)
}

#[tokio::test]
async fn the_program_says_where_it_is_serves_its_members_and_ends_when_asked_to() {
    let dir = tempfile::tempdir().unwrap();
    let (mut program, ready) = Program::start(dir.path(), &[]).unwrap();
    assert_eq!(ready["desk"], "0312-04");
    assert_eq!(ready["enrolmentToken"].as_str().unwrap().len(), 32);

    let app = app(&ready).unwrap();
    for kvnr in ["A123456780", "J012345677"] {
        assert_eq!(app.register(kvnr).await.unwrap().visit_number.len(), 8);
    }
    let stranger = app.register("K123456781").await;
    assert!(matches!(stranger, Err(AppError::Problem { code, .. }) if code == "NOT_INSURED"));

    let asked = Command::new("kill").arg(program.0.id().to_string()).status().unwrap();
    assert!(asked.success());
    assert!(program.0.wait().unwrap().success());
}

#[tokio::test]
async fn the_program_keeps_what_it_is_told_in_postgresql_if_asked_to() {
    let Some(server) = postgres::shared() else { return };
    let url = server.database().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let (_program, ready) = Program::start(dir.path(), &["--database", &url]).unwrap();
    let shown = app(&ready).unwrap().register("A123456780").await.unwrap().visit_number;
    let kept = String::from_utf8(postgres::dump(&url).unwrap()).unwrap();
    assert!(kept.contains(&shown));
    assert!(!dir.path().join("service/service.sqlite").exists());
}
