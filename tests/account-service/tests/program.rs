//! The program as the demo starts it.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use account_service::{AppError, CustomerApp};
use serde_json::Value;

struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test]
async fn the_program_says_where_it_is_serves_its_members_and_ends_when_asked_to() {
    let dir = tempfile::tempdir().unwrap();
    let members = dir.path().join("members");
    let list = "# gematik's test people\nA123456780;Amsel;Andrea;19971228;80276883110000000001\n\nJ012345677; Junko; Jens-Jörg; 19581200 # no day\n";
    fs::write(&members, list).unwrap();
    let mut program = Program(
        Command::new(env!("CARGO_BIN_EXE_account-service"))
            .args(["--desk", "0312-04", "--dir"])
            .arg(dir.path().join("service"))
            .arg("--members")
            .arg(&members)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut line = String::new();
    let output = program.0.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(ready["desk"], "0312-04");
    assert_eq!(ready["enrolmentToken"].as_str().unwrap().len(), 32);

    let authority = fs::read_to_string(ready["caCertificate"].as_str().unwrap()).unwrap();
    let app = CustomerApp::new(ready["url"].as_str().unwrap(), &authority).unwrap();
    for kvnr in ["A123456780", "J012345677"] {
        assert_eq!(app.register(kvnr).await.unwrap().visit_number.len(), 8);
    }
    let stranger = app.register("K123456781").await;
    assert!(matches!(stranger, Err(AppError::Problem { code, .. }) if code == "NOT_INSURED"));

    let asked = Command::new("kill").arg(program.0.id().to_string()).status().unwrap();
    assert!(asked.success());
    assert!(program.0.wait().unwrap().success());
}
