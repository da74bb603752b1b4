//! The shell: the only place that knows Tauri, the rules and the outside at once.
//!
//! `view` is the boundary to the window, `controller` the one loop behind it; `session` says who works, `concerns`, `visit` and
//! `issue` lead a visit, `lists` shows what was done, `delivery`, `print_watch` and `watch` follow what happens outside, `present`
//! draws the picture. ARCHITECTURE.md tells the rest.

mod access;
mod block;
mod card;
mod care;
mod chip;
mod concerns;
mod controller;
mod convert;
mod dates;
mod delivery;
mod erasing;
mod identity;
#[cfg(feature = "workshop")]
mod ipc_record;
mod issue;
mod keep;
mod line;
mod lists;
mod open;
mod outside;
mod picture;
mod pin;
mod present;
mod print_watch;
mod reading;
mod records;
mod recovery;
mod scan;
mod session;
mod staff_contacts;
mod state;
mod typed;
mod upkeep;
mod view;
mod visit;
mod watch;
mod wipe;

use std::{
    env, io,
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    thread,
};

use anyhow::{Context, Result, bail};
use bridge::{AppError, Screen};
use clap::Parser;
use tauri::{Manager, WebviewUrl, WebviewWindowBuilder, WindowEvent};
use tokio::{sync::mpsc, task::LocalSet};
use tracing_subscriber::EnvFilter;

use controller::{Action, Controller, Handle, Input, Window};
use open::{Aside, Unopened};
use picture::Shelf;

pub use view::COMMANDS;

/// Where the administrator's file lies when nobody says otherwise.
const SETTINGS: &str =
    if cfg!(windows) { r"C:\ProgramData\Identplatz\desk.toml" } else { "/etc/identplatz/desk.toml" };

/// Variables that would let another program steer or inspect the window. Only a workshop build starts with them.
const STEERING: [&str; 3] =
    ["TAURI_WEBVIEW_AUTOMATION", "WEBKIT_INSPECTOR_SERVER", "WEBKIT_INSPECTOR_HTTP_SERVER"];

/// The identification workstation
#[derive(Parser)]
#[command(name = "identplatz", version = version())]
struct Arguments {
    /// The desk's settings
    #[arg(long, default_value = SETTINGS, env = "IDENTPLATZ_SETTINGS")]
    settings: PathBuf,
}

/// Version, and whether this build has powers that only developers and tests need.
const fn version() -> &'static str {
    if cfg!(feature = "workshop") {
        concat!(env!("CARGO_PKG_VERSION"), " (workshop)")
    } else {
        env!("CARGO_PKG_VERSION")
    }
}

/// Runs the desk until its window is closed.
///
/// # Errors
/// If the window can't be made, or another program tries to steer it.
pub fn run() -> Result<()> {
    let arguments = Arguments::parse();
    if !cfg!(feature = "workshop")
        && let Some(name) = STEERING.iter().find(|name| env::var_os(name).is_some())
    {
        bail!("{name} is set: this window can't be steered from outside");
    }
    tracing_subscriber::fmt().json().with_env_filter(log_filter()).with_writer(io::stderr).init();
    let (inputs, queue) = controller::queue();
    let sheet_in_tray = Arc::new(AtomicBool::new(false));
    let handle = Handle::new(inputs.clone(), sheet_in_tray.clone());
    let closing = handle.clone();
    let shelf = Shelf::default();
    let fetched = shelf.clone();
    tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            if let Some(window) = app.get_webview_window("desk") {
                // A window that can't be raised is still there.
                drop(window.set_focus());
            }
        }))
        .manage(handle)
        .on_window_event(move |_, event| {
            if let WindowEvent::CloseRequested { api, .. } = event
                && !closing.may_close()
            {
                api.prevent_close();
            }
        })
        .register_uri_scheme_protocol(picture::SCHEME, move |_, request| fetched.answer(&request))
        .invoke_handler(view::handler())
        .setup(move |app| {
            WebviewWindowBuilder::new(app, "desk", WebviewUrl::default())
                .title("Identplatz")
                .inner_size(1440.0, 900.0)
                .min_inner_size(1024.0, 700.0)
                .on_navigation(|url| {
                    matches!(url.scheme(), "tauri") || url.host_str() == Some("tauri.localhost")
                })
                .build()?;
            let window = app.handle().clone();
            thread::Builder::new()
                .name(String::from("desk"))
                .spawn(move || desk(window, &arguments.settings, inputs, queue, sheet_in_tray, shelf))?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .context("the window could not be opened")
}

/// What is logged. More than the events of a day only in builds for developers.
fn log_filter() -> EnvFilter {
    let asked = if cfg!(feature = "workshop") { EnvFilter::try_from_default_env().ok() } else { None };
    asked.unwrap_or_else(|| EnvFilter::new("info"))
}

/// The desk's thread: everything but the window, which is told when the thread fails.
fn desk(
    window: impl Window + Clone,
    settings: &std::path::Path,
    inputs: mpsc::Sender<Input>,
    queue: mpsc::Receiver<Input>,
    sheet_in_tray: Arc<AtomicBool>,
    shelf: Shelf,
) {
    let shown = window.clone();
    // What lasts is on disk; nothing of the unfinished state is used again.
    let worked = panic::catch_unwind(AssertUnwindSafe(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        LocalSet::new().block_on(&runtime, work(window, settings, inputs, queue, sheet_in_tray, shelf));
        io::Result::Ok(())
    }));
    if !matches!(worked, Ok(Ok(()))) {
        let incident = outside::id(outside::now().timestamp()).to_string();
        tracing::error!(%incident, "the desk's thread has failed");
        shown.show(&present::bare(Screen::Blocked, Some(AppError::Internal { incident })));
    }
}

async fn work(
    window: impl Window,
    settings: &std::path::Path,
    inputs: mpsc::Sender<Input>,
    mut queue: mpsc::Receiver<Input>,
    sheet_in_tray: Arc<AtomicBool>,
    shelf: Shelf,
) {
    let mut aside = Aside::Ask;
    loop {
        window.show(&present::bare(Screen::Starting, None));
        let opened = {
            let opening = open::desk(settings, aside);
            tokio::pin!(opening);
            loop {
                tokio::select! {
                    opened = &mut opening => break opened,
                    Some(input) = queue.recv() => answer_bare(input, &Screen::Starting, None),
                }
            }
        };
        let unopened = match opened {
            Ok(desk) => return Controller::new(window, inputs, desk, sheet_in_tray, shelf).run(queue).await,
            Err(unopened) => unopened,
        };
        match stranded(&window, settings, &mut queue, unopened).await {
            Some(decided) => aside = decided,
            None => return,
        }
    }
}

/// Shows why the desk can't work, until somebody wants to try again: with what; `None` when the window is gone.
async fn stranded(
    window: &impl Window,
    settings: &std::path::Path,
    queue: &mut mpsc::Receiver<Input>,
    unopened: Unopened,
) -> Option<Aside> {
    let (mut screen, mut notice, mut records) = match unopened {
        Unopened::Error(error) => (Screen::Blocked, Some(error), None),
        Unopened::Wiped(step) => (Screen::Wiped { step }, None, None),
        Unopened::Stranded(records) => {
            (Screen::Recovery { step: records.shown.clone() }, None, Some(records))
        }
    };
    loop {
        window.show(&present::bare(screen.clone(), notice.clone()));
        match (queue.recv().await?, &mut records) {
            (Input::Act(Action::TryAgain, reply), _) if !matches!(screen, Screen::Wiped { .. }) => {
                drop(reply.send(Ok(())));
                return Some(Aside::Ask);
            }
            (Input::Act(Action::BeginAnew, reply), Some(records)) if records.shown.can_begin_anew => {
                drop(reply.send(Ok(())));
                return Some(Aside::BeginAnew);
            }
            (Input::Act(Action::ExportUndelivered, reply), Some(records)) => {
                let exported = records.export(open::client_without_store(settings)).await;
                notice = exported.clone().err();
                screen = Screen::Recovery { step: records.shown.clone() };
                drop(reply.send(exported));
            }
            (input, _) => answer_bare(input, &screen, notice.as_ref()),
        }
    }
}

/// Before the desk can work, or when it can't, the window can only be shown that.
fn answer_bare(input: Input, screen: &Screen, notice: Option<&AppError>) {
    match input {
        Input::Show(reply) => drop(reply.send(present::bare(screen.clone(), notice.cloned()))),
        Input::Act(_, reply) => drop(reply.send(Err(AppError::NotNow))),
        Input::Readers(_)
        | Input::Card { .. }
        | Input::CardOverdue { .. }
        | Input::PinPad { .. }
        | Input::Pin { .. }
        | Input::Chip { .. }
        | Input::Scanner(_)
        | Input::Answered { .. }
        | Input::PageNotPrinted(_)
        | Input::CloseRefused
        | Input::Fetched(_)
        | Input::Erased(_)
        | Input::Print { .. }
        | Input::Delivered(_)
        | Input::Printer(_)
        | Input::Service(_)
        | Input::Tick => {}
    }
}
