//! What goes wrong at a desk, each with the real thing and in the real window: it is named, nothing is half done, and what the
//! clerk does next works.

mod cards;
mod desk;
mod document;
mod printer;
mod service;

use std::{fs, path::Path};

use anyhow::Result;
use serde::Serialize;

use crate::{App, CLERK, Stage, Window};

pub use cards::{faults, killed_while_reading, started_again};

/// What was seen, in its order.
#[derive(Default, Serialize)]
pub(crate) struct Troubles {
    troubles: Vec<Trouble>,
}

/// Something that went wrong, and what the window said.
#[derive(Serialize)]
struct Trouble {
    what: String,
    /// The error's code, or the field at which it is told.
    told_as: String,
    text: String,
}

impl Troubles {
    /// The report.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        Ok(fs::write(path, serde_json::to_string_pretty(self)? + "\n")?)
    }

    /// The window names it by the code of an error.
    pub(crate) async fn error(&mut self, window: &Window, what: &str, code: &str) -> Result<()> {
        let selector = format!("[data-error={code}]");
        self.told(window, what, code, &selector).await
    }

    /// The window tells it there.
    pub(crate) async fn told(
        &mut self,
        window: &Window,
        what: &str,
        told_as: &str,
        selector: &str,
    ) -> Result<()> {
        window.until(selector).await?;
        let text = window.text(selector).await?.replace('\n', " ");
        println!("{what} → {told_as}: {text}");
        self.troubles.push(Trouble { what: what.to_owned(), told_as: told_as.to_owned(), text });
        Ok(())
    }
}

/// Documents, printer, account service, disk and keyring as they shouldn't be; what was seen goes to `out`.
///
/// # Errors
/// At the first that isn't named, or after which the desk doesn't go on.
pub async fn troubles(stage: &mut Stage, app: &App, out: &Path) -> Result<()> {
    let mut seen = Troubles::default();
    desk::on_a_small_disk(stage)?;
    let window = Window::open(app).await?;
    let walked = walk(stage, &window, out, &mut seen).await;
    if walked.is_err() {
        window.picture(out.join("failed.png")).await.ok();
    }
    window.close().await.ok();
    walked?;
    desk::keyring_locked(stage, app, &mut seen).await?;
    seen.write(&out.join("report.json"))
}

async fn walk(stage: &mut Stage, window: &Window, out: &Path, seen: &mut Troubles) -> Result<()> {
    window.sign_in(CLERK).await?;
    window.until_count(".status--good", 3).await?;
    document::walk(stage, window, seen).await?;
    printer::walk(stage, window, out, seen).await?;
    service::walk(stage, window, out, seen).await?;
    desk::disk_full(stage, window, out, seen).await
}
