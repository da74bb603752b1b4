//! The demo: starts everything that a desk needs and opens the app, or walks visits through it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the demo talks to whoever started it")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Result, ensure};
use clap::{Parser, ValueEnum};
use end_to_end::{
    App, DeskKey, Stage, Window, cards, carer, centre, epa, faults, killed_while_reading, kills, lasting,
    leaks, pin, print_key, started_again, tray, troubles, visit,
};
use jiff::{Zoned, civil::Date};
use workshop::{namespace, pin_pad::Pad};

/// Exit code where the host allows no private namespace; what was skipped is printed.
const SKIPPED: u8 = 77;

/// Shows Identplatz with everything that a desk needs
#[derive(Parser)]
struct Arguments {
    /// Walk through the real window under a virtual display
    #[arg(long, num_args = 0..=1, default_missing_value = "visit")]
    headless: Option<Walk>,

    /// Print a key of the desk that the keyring of this environment has, and end
    #[arg(long, hide = true)]
    print_key: Option<DeskKey>,
}

/// What is walked.
#[derive(Clone, Copy, ValueEnum)]
enum Walk {
    /// One whole visit: card, document, face, letter, hand-over, redeemed code
    Visit,
    /// A carer with two wards, the review of that visit, and a visit without a card
    Carer,
    /// The electronic health record: a passport's chip, read because its owner agrees
    Epa,
    /// The health card in full: over the air, genuine or not, its number from the back
    Cards,
    /// The health card's PIN at a reader's own pad
    Pin,
    /// Cards and desks as they shouldn't be
    Faults,
    /// Documents, printer, account service, disk and keyring as they shouldn't be
    Troubles,
    /// Without a line, with records that are looked at, damaged, restored, gone
    Lasting,
    /// What the insurer's back office decides: policy, certificate, events, deletion, lock and wipe
    Centre,
    /// The app killed after each event of a visit
    Kills,
    /// Everything that a visit leaves behind, searched for what may not be there
    Leaks,
}

impl Walk {
    /// Where it leaves what it saw, in cargo's target folder.
    const fn folder(self) -> &'static str {
        match self {
            Self::Visit => "demo",
            Self::Carer => "demo-carer",
            Self::Epa => "demo-epa",
            Self::Cards => "demo-cards",
            Self::Pin => "demo-pin",
            Self::Faults => "demo-faults",
            Self::Troubles => "demo-troubles",
            Self::Lasting => "demo-lasting",
            Self::Centre => "demo-centre",
            Self::Kills => "demo-kills",
            Self::Leaks => "demo-leaks",
        }
    }
}

fn main() -> ExitCode {
    demo().unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::FAILURE
    })
}

fn demo() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if let Some(key) = arguments.print_key {
        return print_key(key).map(|()| ExitCode::SUCCESS);
    }
    match namespace::reexec_program()? {
        namespace::Program::Ended(code) => return Ok(code),
        namespace::Program::Skipped(_) => return Ok(ExitCode::from(SKIPPED)),
        namespace::Program::Inside => {}
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let target = target(&root);
    let programs = target.join("debug");
    let out = target.join(arguments.headless.unwrap_or(Walk::Visit).folder());
    if out.exists() && arguments.headless.is_some() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let pad = match arguments.headless {
        Some(Walk::Pin) => Some(Pad::new()?),
        _ => None,
    };
    let mut stage = runtime.block_on(Stage::start(folder.path(), &programs, today(), pad))?;
    let app = App {
        binary: programs.join("identplatz"),
        environment: stage.environment(),
        axe: root.join("ui/node_modules/axe-core/axe.min.js"),
        log: out.join("app.log"),
    };
    ensure!(
        version(&app.binary).contains("workshop"),
        "there is no app that can be driven: cargo build --workspace --bins --features identplatz/workshop"
    );
    match arguments.headless {
        None => tray(&mut stage, &app, &runtime)?,
        Some(Walk::Visit) => runtime.block_on(walk_visit(&stage, &app, &out))?,
        Some(Walk::Carer) => runtime.block_on(walk_carer(&stage, &app, &out))?,
        Some(Walk::Epa) => runtime.block_on(epa(&stage, &app, &out))?,
        Some(Walk::Cards) => runtime.block_on(walk_cards(&stage, &app, &out))?,
        Some(Walk::Pin) => runtime.block_on(walk_pin(&stage, &app, &out))?,
        Some(Walk::Faults) => runtime.block_on(walk_faults(&mut stage, &app, &out))?,
        Some(Walk::Troubles) => runtime.block_on(troubles(&mut stage, &app, &out))?,
        Some(Walk::Centre) => runtime.block_on(centre(&stage, &app, &out))?,
        Some(Walk::Lasting) => runtime.block_on(lasting(&stage, &app, &out))?,
        Some(Walk::Kills) => runtime.block_on(kills(&stage, &app, &out))?,
        Some(Walk::Leaks) => runtime.block_on(leaks(&stage, &app, &out))?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn walk_visit(stage: &Stage, app: &App, out: &Path) -> Result<()> {
    let window = Window::open(app).await?;
    let walked = closing(window, out, async |window| visit(stage, window, out).await).await?;
    walked.write(&out.join("report.json"))
}

async fn walk_carer(stage: &Stage, app: &App, out: &Path) -> Result<()> {
    let window = Window::open(app).await?;
    let walked = closing(window, out, async |window| carer(stage, window, out).await).await?;
    walked.write(&out.join("report.json"))
}

async fn walk_cards(stage: &Stage, app: &App, out: &Path) -> Result<()> {
    let window = Window::open(app).await?;
    closing(window, out, async |window| cards(stage, window, out).await).await
}

async fn walk_pin(stage: &Stage, app: &App, out: &Path) -> Result<()> {
    let window = Window::open(app).await?;
    closing(window, out, async |window| pin(stage, window, out).await).await
}

async fn walk_faults(stage: &mut Stage, app: &App, out: &Path) -> Result<()> {
    let window = Window::open(app).await?;
    let card = closing(window, out, async |window| {
        faults(stage, window, out).await?;
        killed_while_reading(stage, window).await
    })
    .await?;
    let window = Window::open(app).await?;
    closing(window, out, async |window| started_again(stage, window, card).await).await
}

/// Leads something through a window and closes it, whatever came of it.
async fn closing<T>(window: Window, out: &Path, lead: impl AsyncFnOnce(&Window) -> Result<T>) -> Result<T> {
    let led = lead(&window).await;
    if led.is_err() {
        // What the window shows helps to find out why.
        window.picture(out.join("failed.png")).await.ok();
    }
    window.close().await.ok();
    led
}

/// What the app says of itself; empty when there is none.
fn version(binary: &Path) -> String {
    let said = Command::new(binary).arg("--version").output().map(|output| output.stdout);
    String::from_utf8_lossy(&said.unwrap_or_default()).into_owned()
}

/// Where cargo put the app: this program lies in the same folder.
fn target(root: &Path) -> PathBuf {
    let own = std::env::current_exe().ok();
    own.as_deref()
        .and_then(|path| path.ancestors().nth(2))
        .map_or_else(|| root.join("target"), Path::to_path_buf)
}

#[allow(clippy::disallowed_methods, reason = "a program's outermost layer asks the clock")]
fn today() -> Date {
    Zoned::now().date()
}
