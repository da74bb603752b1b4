//! The demo: starts everything that a desk needs and opens the app, or walks one whole visit through it.
#![allow(clippy::print_stdout, reason = "the demo talks to whoever started it")]

use std::{
    fs,
    io::{self, BufRead},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Result, ensure};
use clap::{Parser, ValueEnum};
use end_to_end::{Stage, Window, faults, killed_while_reading, started_again, walk};
use jiff::{Zoned, civil::Date};
use workshop::{namespace, process::Daemon};

/// Exit code where the host allows no private namespace; what was skipped is printed.
const SKIPPED: u8 = 77;

/// Shows Identplatz with everything that a desk needs
#[derive(Parser)]
struct Arguments {
    /// Walk through the real window under a virtual display
    #[arg(long, num_args = 0..=1, default_missing_value = "visit")]
    headless: Option<Walk>,
}

/// What is walked.
#[derive(Clone, Copy, ValueEnum)]
enum Walk {
    /// One whole visit: card, document, face, letter, hand-over, redeemed code
    Visit,
    /// Cards and desks as they shouldn't be
    Faults,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    match namespace::reexec_program()? {
        namespace::Program::Ended(code) => return Ok(code),
        namespace::Program::Skipped(_) => return Ok(ExitCode::from(SKIPPED)),
        namespace::Program::Inside => {}
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let target = target(&root);
    let out =
        target.join(if matches!(arguments.headless, Some(Walk::Faults)) { "demo-faults" } else { "demo" });
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let folder = tempfile::tempdir()?;
    let today = today();
    let mut stage = Stage::start(folder.path(), today)?;
    let binary = target.join("debug/identplatz");
    ensure!(
        version(&binary).contains("workshop"),
        "there is no app that can be driven: cargo build --workspace --bins --features identplatz/workshop"
    );
    let axe = root.join("ui/node_modules/axe-core/axe.min.js");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match arguments.headless {
        None => show(&stage, &binary, &runtime)?,
        Some(Walk::Visit) => runtime.block_on(visit(&stage, &binary, &axe, &out, today))?,
        Some(Walk::Faults) => runtime.block_on(all_faults(&mut stage, &binary, &axe, &out))?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn visit(stage: &Stage, binary: &Path, axe: &Path, out: &Path, today: Date) -> Result<()> {
    let window = Window::open(binary, &stage.environment(), axe).await?;
    let walked = closing(window, out, async |window| walk(stage, window, out, today).await).await?;
    walked.write(&out.join("report.json"))?;
    println!(
        "one visit in {:.1} s of machine time, {} actions, {} keystrokes; see {}",
        walked.seconds,
        walked.actions,
        walked.keystrokes,
        out.display()
    );
    Ok(())
}

async fn all_faults(stage: &mut Stage, binary: &Path, axe: &Path, out: &Path) -> Result<()> {
    let window = Window::open(binary, &stage.environment(), axe).await?;
    let card = closing(window, out, async |window| {
        faults(stage, window, out).await?;
        killed_while_reading(stage, window).await
    })
    .await?;
    let window = Window::open(binary, &stage.environment(), axe).await?;
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

/// Opens the app on the user's display; cards are put in and pulled from the terminal.
fn show(stage: &Stage, binary: &Path, runtime: &tokio::runtime::Runtime) -> Result<()> {
    let mut command = Command::new(binary);
    command.envs(stage.environment());
    let mut app = Daemon::start("the app", &mut command)?;
    println!(
        "Put a card in by its name, `pull` it, `list` all, `register NAME` shows a visit number, `quit` ends."
    );
    let service = account_service::CustomerApp::new(&stage.service.url(), stage.service.ca_certificate())?;
    let mut card = None;
    for line in io::stdin().lock().lines() {
        let line = line?;
        match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            [] => {}
            ["quit"] => break,
            ["pull"] => card = None,
            ["list"] => card_sim::catalogue()
                .iter()
                .for_each(|entry| println!("{:24} {}", entry.name, entry.description)),
            ["register", name] => match stage.persona(name) {
                Ok(persona) => match runtime.block_on(service.register(&persona.kvnr)) {
                    Ok(registration) => println!("visit number {}", registration.visit_number),
                    Err(error) => println!("{error:?}"),
                },
                Err(error) => println!("{error}"),
            },
            [name, ..] => {
                drop(card.take());
                match stage.insert(name) {
                    Ok(inserted) => card = Some(inserted),
                    Err(error) => println!("{error}"),
                }
            }
        }
        if app.ended()?.is_some() {
            break;
        }
    }
    drop(card);
    Ok(())
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
