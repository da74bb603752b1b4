//! Damaged records: moved aside and kept; what the service lacks can be taken out of them, and the desk begins anew when
//! somebody decides so.

use std::{
    fs::{self, File, OpenOptions},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use store::{DatabaseKey, STORE_FOLDER, Store, StoreError, recover_outbox};
use thirtyfour::Key;

use crate::{CLERK, Stage, Window, records};

/// Whose visit the service hasn't heard of when the records are damaged.
pub(crate) const UNDELIVERED: &str = "junko";

const DATABASE: &str = "identplatz.db";
/// Bytes of a page.
const PAGE: u64 = 4096;
/// What a damaged place holds.
const DAMAGE: [u8; 512] = [0x5A; 512];

/// Nothing of the database can be opened any more, while nobody has it open.
pub(super) fn destroy_first_page(stage: &Stage) -> Result<()> {
    let store = stage.data_dir.join(STORE_FOLDER);
    // What a power cut left in the log would lie over the damage.
    fs::write(store.join("identplatz.db-wal"), [])?;
    damage(&store, 0)
}

/// The window says that they are damaged, and where they lie.
pub(super) async fn is_moved_aside(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    window.screen("recovery").await?;
    window.until("[data-cause=quarantined]").await?;
    window.look(out, "recovery-unreadable").await?;
    ensure!(aside(stage, 1).exists(), "the damaged records are gone");
    ensure!(
        !window.has(".recovery .kern-btn--secondary:not(.action--danger)").await?,
        "an export of nothing readable was offered"
    );
    Ok(())
}

/// The first page that the desk needs for opening, and without which all that waits can still be read, is destroyed.
pub(super) fn destroy_some_page(stage: &Stage) -> Result<()> {
    let store = stage.data_dir.join(STORE_FOLDER);
    let key = records::key(stage, records::DeskKey::Database)?;
    let key = DatabaseKey::new(&key).context("a key of another length")?;
    // Closing it writes what is in its log where it belongs.
    drop(Store::open(&store, &key)?);
    let waiting = recover_outbox(&store, &key)?.rows.len();
    ensure!(waiting > 0, "everything was delivered");
    let pages = fs::metadata(store.join(DATABASE))?.len() / PAGE;
    let tries = tempfile::tempdir()?;
    for page in 1..pages {
        let copy = tries.path().join(format!("{page}"));
        copy_folder(&store, &copy)?;
        damage(&copy, page)?;
        if let Err(StoreError::Quarantined { moved_to }) = Store::open(&copy, &key)
            && recover_outbox(&moved_to, &key).is_ok_and(|found| found.rows.len() == waiting)
        {
            println!("page {page} of {pages} is destroyed; {waiting} records wait in it");
            return damage(&store, page);
        }
    }
    anyhow::bail!("the desk opens without any of its {pages} pages but the first")
}

/// What the service lacks is saved, sealed to the insurer; then the desk begins anew.
pub(super) async fn exported_and_begun_anew(stage: &Stage, window: &Window, out: &Path) -> Result<()> {
    window.screen("recovery").await?;
    window.until("[data-cause=quarantined]").await?;
    window.look(out, "recovery").await?;
    let aside = aside(stage, 2);
    let before = fs::read(&aside).context("the damaged records are gone")?;
    window.press_key(Key::Enter).await?;
    // Trying again changes nothing: nobody has decided.
    window.screen("recovery").await?;

    window.until(".recovery .kern-btn--secondary:not(.action--danger)").await?;
    window.click(".recovery .kern-btn--secondary:not(.action--danger)").await?;
    window.until(".recovery__saved").await?;
    window.look(out, "recovery-exported").await?;
    let saved = sealed(stage)?;
    names(&window.text(".recovery__saved").await?, &saved)?;
    holds_what_waited(stage, &saved)?;

    // Records that begin anew need a desk that is enrolled anew.
    stage.give_token()?;
    window.click(".recovery .action--danger").await?;
    window.until("dialog[open]").await?;
    window.click("dialog .action--danger").await?;
    window.sign_in(CLERK).await?;
    window.until("[data-line=connected]").await?;
    ensure!(fs::read(&aside)? == before, "the damaged records were changed");
    stage.service.fault(account_service::Fault::None);
    println!("damaged records lie aside, what waited in them is sealed, and the desk has begun anew");
    Ok(())
}

/// The file with what wasn't delivered.
pub(crate) fn sealed(stage: &Stage) -> Result<PathBuf> {
    let files = fs::read_dir(&stage.data_dir)?.collect::<Result<Vec<_>, _>>()?;
    let mut sealed =
        files.iter().map(fs::DirEntry::path).filter(|path| path.extension().is_some_and(|it| it == "jwe"));
    let found = sealed.next().context("nothing was sealed")?;
    ensure!(sealed.next().is_none(), "it was sealed twice");
    Ok(found)
}

/// Only the service can open it, and finds the undelivered visit in it.
pub(crate) fn holds_what_waited(stage: &Stage, file: &Path) -> Result<()> {
    let text = fs::read_to_string(file)?;
    let kvnr = stage.persona(UNDELIVERED)?.kvnr;
    ensure!(!text.contains(&kvnr), "the file isn't sealed");
    let opened: Value = serde_json::from_str(&stage.service.open_recovered(text.trim())?)?;
    let records = opened.as_array().context("the file holds no list")?;
    ensure!(opened.to_string().contains(&kvnr), "the undelivered visit isn't in {opened}");
    println!("{} undelivered records were sealed to the service", records.len());
    Ok(())
}

/// The window says where it lies; it breaks long paths, be it in the middle of a word.
pub(crate) fn names(shown: &str, file: &Path) -> Result<()> {
    let name = file.file_name().and_then(|name| name.to_str()).context("a file without a name")?;
    let shown: String = shown.chars().filter(|character| !character.is_whitespace()).collect();
    ensure!(shown.contains(name), "the window names another file than {name}: {shown}");
    Ok(())
}

/// Where the records lie that were moved aside, of that number.
fn aside(stage: &Stage, number: u32) -> PathBuf {
    stage.data_dir.join(format!("store.quarantine-{number}")).join(DATABASE)
}

fn damage(store: &Path, page: u64) -> Result<()> {
    let file: File = OpenOptions::new().write(true).open(store.join(DATABASE))?;
    Ok(file.write_all_at(&DAMAGE, page * PAGE + PAGE / 4)?)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    for file in fs::read_dir(from)? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}
