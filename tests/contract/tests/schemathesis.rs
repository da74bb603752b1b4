//! schemathesis, which nobody here has written, makes requests from the document: what it allows and what it forbids. The
//! reference service answers over mutual TLS; every answer is held to the document.
//!
//! Records must be signed, which no generator can: `schemathesis/hooks.py` signs those that fit the schema with the desk's
//! key. Those that don't must be refused before anybody looks at a signature.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use account::{Endpoint, Proxy, Timeouts, Trust};
use account_service::{Config, Exchange, Member, Service};
use base64ct::{Base64, Encoding};

/// Where `cargo xtask setup` puts it.
const PROGRAM: &str = "../../target/schemathesis/bin/schemathesis";
const DESK: &str = "0312-04";
/// Requests of the fuzzing phase for one operation; the coverage phase has its own, about 1,500 in all.
const EXAMPLES: &str = "8";
/// Longest run; on two cores of a busy machine it takes half of that.
const PATIENCE: Duration = Duration::from_secs(60);

/// gematik's test people.
const MEMBERS: [(&str, &str); 2] = [
    ("A123456780", "A123456780;Amsel;Andrea;19971228;80276883110000000001"),
    ("J012345677", "J012345677;Junko;Jens-Jörg;19581200;80276883110000000010"),
];

#[tokio::test]
async fn requests_made_from_the_document_are_answered_as_it_says() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = here.join(PROGRAM);
    if !program.exists() {
        println!(
            "skipped: schemathesis is not installed (`cargo xtask setup` installs it from the Python package index)"
        );
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let exchanges = Arc::new(Mutex::new(Vec::new()));
    let service = service(dir.path(), &exchanges).unwrap();
    let files = enrolled(&service, dir.path()).await.unwrap();

    let mut command = tokio::process::Command::new(program);
    command
        .args(["run", "--no-color", "--seed", "1", "--max-examples", EXAMPLES, "--continue-on-failure"])
        .args(["--phases", "examples,coverage,fuzzing", "--generation-database", "none"])
        // Its own idea of what a valid request must not be answered with; ours are among the checks of the hooks.
        .args(["--exclude-checks", "positive_data_acceptance"])
        .args(["--url", &service.url()])
        .arg("--tls-verify")
        .arg(&files.authority)
        .arg("--request-cert")
        .arg(&files.certificate)
        .arg("--request-cert-key")
        .arg(&files.key)
        .arg(here.join("account-service.openapi.json"))
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", here.join("schemathesis"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("DESK", DESK)
        .env("DESK_KEY", &files.key)
        .env("DESK_CERTIFICATE", &files.certificate)
        .env("KVNRS", MEMBERS.map(|(kvnr, _)| kvnr).join(","))
        .current_dir(dir.path())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let ended = tokio::time::timeout(PATIENCE, command.output()).await;
    let output = ended.expect("schemathesis took too long").unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{report}\n{}", String::from_utf8_lossy(&output.stderr));
    println!("{}", report.lines().rev().find(|line| line.contains("generated")).unwrap_or_default().trim());

    let exchanges = exchanges.lock().unwrap();
    let answered = |prefix: &str, status: u16| {
        exchanges.iter().filter(|it| it.path.starts_with(prefix) && it.status == status).count()
    };
    let mut statuses = BTreeMap::new();
    exchanges.iter().for_each(|exchange| *statuses.entry(exchange.status).or_insert(0) += 1);
    println!("answers by status: {statuses:?}");
    // The signatures of the hooks count, so that content is reached, and not only form.
    for path in ["/ws/v1/identifications/", "/ws/v1/refusals/", "/ws/v1/blockings/"] {
        assert!(answered(path, 201) > 0, "no record was taken at {path}");
    }
    assert!(answered("/ws/v1/subject-lookups", 200) > 0 && answered("/ws/v1/heartbeats", 200) > 0);
    assert!(exchanges.iter().all(|exchange| exchange.status < 500));
}

/// The service, to which nobody's look-ups are too many.
fn service(dir: &Path, exchanges: &Arc<Mutex<Vec<Exchange>>>) -> anyhow::Result<Service> {
    let members = MEMBERS.iter().map(|(_, line)| line.parse::<Member>());
    let mut config = Config::new(dir.join("service"), members.collect::<anyhow::Result<_>>()?);
    config.lookups_per_minute = u32::MAX;
    let seen = Arc::clone(exchanges);
    config.observer = Some(Arc::new(move |exchange| {
        seen.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }));
    Service::start(config)
}

/// PEM files of an enrolled desk.
struct Files {
    authority: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
}

async fn enrolled(service: &Service, dir: &Path) -> anyhow::Result<Files> {
    let endpoint = Endpoint {
        url: service.url(),
        trust: Trust::Only(service.ca_certificate().to_owned()),
        proxy: Proxy::None,
        timeouts: Timeouts::default(),
    };
    let token = service.enrolment_token(DESK)?;
    let identity = account::enrol(&endpoint, &token).await?;
    let written = |name: &str, content: &str| -> std::io::Result<PathBuf> {
        let path = dir.join(name);
        std::fs::write(&path, content)?;
        Ok(path)
    };
    Ok(Files {
        authority: written("authority.pem", service.ca_certificate())?,
        certificate: written("desk.pem", identity.certificate_chain())?,
        key: written("desk-key.pem", &pem("PRIVATE KEY", identity.private_key()))?,
    })
}

/// RFC 7468
fn pem(label: &str, der: &[u8]) -> String {
    let text = Base64::encode_string(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
