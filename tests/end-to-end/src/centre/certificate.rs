//! The insurer wants the desk's certificate renewed: the next one serves, the old one doesn't any more.

use std::fs;

use account::{AccountClient, CallError, DeskIdentity, DeskReport, Endpoint, Proxy, Timeouts, Trust};
use account_service::DeskCommand;
use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use workshop::process::wait_until;
use zeroize::Zeroizing;

use crate::{
    Stage,
    clerk::PATIENCE,
    records::{self, DeskKey},
    stage::DESK,
};

pub(super) async fn renewed(stage: &Stage) -> Result<()> {
    let old = client(stage)?;
    let file = stage.data_dir.join("desk-certificate.pem");
    let before = fs::read_to_string(&file)?;
    ensure!(old.heartbeat(&report()).await.is_ok(), "the desk's certificate isn't accepted");
    stage.service.command(DESK, DeskCommand::Renew)?;
    wait_until("the desk has another certificate", PATIENCE, || {
        fs::read_to_string(&file).is_ok_and(|now| now != before)
    })?;
    // Keyring and file follow each other: the pair fits as soon as the next one's copy is gone.
    let next = stage.data_dir.join("desk-certificate.next.pem");
    wait_until("nothing is left of the exchange", PATIENCE, || !next.exists())?;
    // With its first use the old one is over.
    let until = std::time::Instant::now() + PATIENCE;
    let refused = loop {
        match old.heartbeat(&report()).await {
            Ok(_) if std::time::Instant::now() < until => {}
            answer => break answer,
        }
    };
    ensure!(matches!(refused, Err(CallError::NotAuthenticated)), "the old certificate got {refused:?}");
    ensure!(client(stage)?.heartbeat(&report()).await.is_ok(), "the new certificate isn't accepted");
    println!("the desk's certificate was renewed, and the old one is refused");
    Ok(())
}

/// A connection with what the desk has in its keyring and its folder now.
fn client(stage: &Stage) -> Result<AccountClient> {
    let key = Zeroizing::new(records::key(stage, DeskKey::Certificate)?);
    let chain = fs::read_to_string(stage.data_dir.join("desk-certificate.pem"))?;
    let identity = DeskIdentity::from_parts(key, chain).context("key and certificate don't fit")?;
    let endpoint = Endpoint {
        url: stage.service.url(),
        trust: Trust::Only(stage.service.ca_certificate().to_owned()),
        proxy: Proxy::None,
        timeouts: Timeouts::default(),
    };
    Ok(AccountClient::new(&endpoint, &identity)?)
}

#[allow(clippy::disallowed_methods, reason = "somebody else's program with its own clock")]
fn report() -> DeskReport {
    DeskReport {
        app_version: String::from("0.0.0"),
        policy_serial: 2,
        waiting: 0,
        refused: 0,
        desk_time: Timestamp::now(),
    }
}
