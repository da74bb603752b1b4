//! `account-service`: runs the reference account service until it is interrupted.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use account_service::{Config, Member, Service, Storage};
use anyhow::Context;
use clap::Parser;
use serde_json::json;

/// The reference account service, for tests and the demo: loopback only, test people only.
///
/// When it is ready it prints one line of JSON: `service` (`reference`), `url`, `caCertificate` (path of a PEM file), and
/// for the desk named by `--desk` a one-time `enrolmentToken`. Every answer says in its header `Server` what it is.
#[derive(Parser)]
struct Arguments {
    /// Directory of its keys, and of its database unless `--database` names one; made if it isn't there.
    #[arg(long)]
    dir: PathBuf,
    /// PostgreSQL database on this machine to keep everything in: `postgresql://user@localhost:5432/name`.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// File with everybody who is insured, one a line: `KVNR;family name;given names;YYYYMMDD;ICCSN` (zeros for an
    /// unknown month or day; the last left out of somebody without a health card); `#` begins a remark.
    #[arg(long)]
    members: PathBuf,
    /// Port on 127.0.0.1; 0 lets the kernel pick one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The desk that the token is for.
    #[arg(long, default_value = "0001-01")]
    desk: String,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    allow_connections();
    let list = fs::read_to_string(&arguments.members)
        .with_context(|| format!("reading {}", arguments.members.display()))?;
    let service = Service::start(Config {
        database: arguments.database.map_or(Storage::Folder, Storage::Postgres),
        port: arguments.port,
        ..Config::new(&arguments.dir, members(&list)?)
    })?;
    let ready = json!({
        "service": "reference",
        "url": service.url(),
        "caCertificate": arguments.dir.join("ca.pem"),
        "desk": arguments.desk,
        "enrolmentToken": service.enrolment_token(&arguments.desk)?,
    });
    let mut output = io::stdout().lock();
    writeln!(output, "{ready}")?;
    output.flush()?;
    drop(output);
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(asked_to_stop())
}

/// Every connection is an open file; the usual limit, 1024, is that of programs which know no other way to wait for many.
#[cfg(unix)]
fn allow_connections() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Less will do for a demo.
    setrlimit(Resource::Nofile, limit).ok();
}

#[cfg(not(unix))]
fn allow_connections() {}

fn members(list: &str) -> anyhow::Result<Vec<Member>> {
    list.lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty())
        .map(str::parse)
        .collect()
}

#[cfg(unix)]
async fn asked_to_stop() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> anyhow::Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}
