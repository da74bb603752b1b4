//! The desk's own records, opened with the key from its keyring, as an auditor would.

use std::{env, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use jiff::Timestamp;
use store::{DatabaseKey, OpenedRecord, Reader, STORE_FOLDER, Verification};
use vault::{DESK_SERVICE, SecretName, Vault};

use crate::Stage;

/// One of the desk's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DeskKey {
    /// The database's.
    Database,
    /// The certificate's.
    Certificate,
}

/// Prints a key of the keyring that this process's environment names. A program of its own, because no process can change its
/// own environment safely.
///
/// # Errors
/// If there is no keyring, or no key in it.
pub fn print_key(key: DeskKey) -> Result<()> {
    let name = match key {
        DeskKey::Database => SecretName::DatabaseKey,
        DeskKey::Certificate => SecretName::DeskPrivateKey,
    };
    let key = Vault::open(DESK_SERVICE)?.get(name)?.context("the keyring has no key")?;
    println!("{}", hex::encode(key.expose()));
    Ok(())
}

/// A key that the desk's keyring has.
pub(crate) fn key(stage: &Stage, key: DeskKey) -> Result<Vec<u8>> {
    let mut command = Command::new(env::current_exe()?);
    let name = key.to_possible_value().context("every key has a name")?;
    let output = command.arg("--print-key").arg(name.get_name()).envs(stage.keyring.env()).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(hex::decode(String::from_utf8(output.stdout)?.trim())?)
}

/// What lies in the desk's database.
pub(crate) struct DeskRecords {
    pub(crate) folder: PathBuf,
    pub(crate) key: Vec<u8>,
    reader: Reader,
}

impl DeskRecords {
    /// Opens it beside the running app.
    pub(crate) fn open(stage: &Stage) -> Result<Self> {
        let key = key(stage, DeskKey::Database)?;
        let folder = stage.data_dir.join(STORE_FOLDER);
        let reader = Reader::open(&folder, &DatabaseKey::new(&key).context("a key of another length")?)?;
        Ok(Self { folder, key, reader })
    }

    /// Everything of every visit, opened as far as its keys still exist; the last visit last.
    pub(crate) fn visits(&self) -> Result<Vec<Vec<OpenedRecord>>> {
        let all = self.reader.visits(Timestamp::MIN, Timestamp::MAX)?;
        Ok(all.into_iter().map(|(visit, _)| self.reader.events(visit)).collect::<Result<_, _>>()?)
    }

    /// How many of the last two visits have a day on which what is personal of them goes.
    pub(crate) fn days_of_deletion(&self) -> Result<usize> {
        let all = self.reader.visits(Timestamp::MIN, Timestamp::MAX)?;
        Ok(all.iter().rev().take(2).filter(|(_, row)| row.delete_after.is_some()).count())
    }

    /// The journal's chain is whole; how many events it has.
    pub(crate) fn verified(&self) -> Result<u64> {
        match self.reader.verify()? {
            Verification::Intact { events, .. } => Ok(events),
            Verification::Broken { seq, what } => bail!("the journal is broken at event {seq}: {what:?}"),
        }
    }
}
