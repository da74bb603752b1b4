//! The real window, driven by WebDriver with the keyboard, as a clerk would.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    net::TcpListener,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use thirtyfour::{
    Key, TypingData, WebDriver, common::capabilities::desiredcapabilities::Capabilities,
    error::WebDriverErrorInner::StaleElementReference, prelude::*,
};
use workshop::process::{Daemon, wait_until};

use crate::people::Colleague;

/// For one command of the driver, which has no limit of its own.
const PATIENCE: Duration = Duration::from_secs(30);
/// Name of the app's process.
const APP: &str = "identplatz";
/// Between two looks at the page.
const POLL: Duration = Duration::from_millis(20);
/// Stops of the Tab key that a screen may have.
const MAX_STOPS: u32 = 30;
/// Variables with which the driver's screenshots hang for ever.
const HARMFUL: [&str; 2] = ["WEBKIT_DISABLE_COMPOSITING_MODE", "WEBKIT_DISABLE_DMABUF_RENDERER"];

/// How the app is started.
#[derive(Debug, Clone)]
pub struct App {
    /// The program.
    pub binary: PathBuf,
    /// What it needs to find its desk ([`crate::Stage::environment`]).
    pub environment: Vec<(String, OsString)>,
    /// The axe-core script to check pages with.
    pub axe: PathBuf,
    /// What it writes to standard error is added here: its log, one JSON object a line.
    pub log: PathBuf,
}

/// The app's window on a display of its own.
pub struct Window {
    driver: WebDriver,
    _server: Daemon,
    _display: Daemon,
    axe: String,
}

impl Window {
    /// Opens the app on a virtual display.
    ///
    /// # Errors
    /// If display, driver or app don't start.
    pub async fn open(app: &App) -> Result<Self> {
        let App { binary, environment, axe, log } = app;
        let axe = fs::read_to_string(axe).context("axe-core is not installed; run `npm ci` in ui/")?;
        // The app inherits it from the drivers.
        let log = OpenOptions::new().create(true).append(true).open(log)?;
        let (display, name) = display()?;
        let (port, native) = (free_port()?, free_port()?);
        let mut command = Command::new("tauri-driver");
        command
            .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .env("DISPLAY", &name)
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        for variable in HARMFUL {
            command.env_remove(variable);
        }
        let mut server = Daemon::start("tauri-driver", &mut command)?;
        // It listens before WebKit's own driver does.
        server.wait_ready(PATIENCE, || [port, native].into_iter().all(listens))?;
        let mut capabilities = Capabilities::new();
        capabilities.set("tauri:options", json!({ "application": binary }))?;
        // The driver speaks plain HTTP on loopback; its client wants a provider all the same. A second call changes nothing.
        rustls::crypto::ring::default_provider().install_default().ok();
        let url = format!("http://127.0.0.1:{port}");
        let driver = tokio::time::timeout(PATIENCE, WebDriver::new(&url, capabilities)).await??;
        Ok(Self { driver, _server: server, _display: display, axe })
    }

    /// Waits until the screen of that kind is shown.
    ///
    /// # Errors
    /// If it doesn't come in time; the message tells what is shown instead.
    pub async fn screen(&self, kind: &str) -> Result<()> {
        self.until(&format!("main[data-screen={kind}]")).await
    }

    /// Waits until the page has an element of that selector.
    ///
    /// # Errors
    /// If it doesn't come in time; the message tells what is shown instead.
    pub async fn until(&self, selector: &str) -> Result<()> {
        self.until_count(selector, 1).await
    }

    /// Waits until the page has so many elements of that selector.
    ///
    /// # Errors
    /// If they don't come in time; the message tells what is shown instead.
    pub async fn until_count(&self, selector: &str, count: usize) -> Result<()> {
        self.until_count_in(selector, count, PATIENCE).await
    }

    /// As [`Self::until`], for what the desk does by itself, at its own pace.
    ///
    /// # Errors
    /// If it doesn't come in that time; the message tells what is shown instead.
    pub async fn until_in(&self, selector: &str, patience: Duration) -> Result<()> {
        self.until_count_in(selector, 1, patience).await
    }

    async fn until_count_in(&self, selector: &str, count: usize, patience: Duration) -> Result<()> {
        let found = async {
            while self.driver.find_all(By::Css(selector)).await.map_or(0, |found| found.len()) < count {
                tokio::time::sleep(POLL).await;
            }
        };
        match tokio::time::timeout(patience, found).await {
            Ok(()) => Ok(()),
            Err(_) => {
                let text = self.text("body").await.unwrap_or_default();
                bail!("waited {patience:?} in vain for {count} of {selector}; the window shows:\n{text}")
            }
        }
    }

    /// How many elements of that selector the page has now.
    ///
    /// # Errors
    /// If the driver fails.
    pub async fn count(&self, selector: &str) -> Result<usize> {
        Ok(timed(self.driver.find_all(By::Css(selector))).await?.len())
    }

    /// Waits until the focus is on an element of that selector, or on something in it.
    ///
    /// # Errors
    /// If it doesn't come there in time; the message tells what is shown instead.
    pub async fn focus_within(&self, selector: &str) -> Result<()> {
        self.until(&format!(":is({selector}):focus-within")).await
    }

    /// Presses Tab until the focus is on an element of that selector, or on something in it; answers how often.
    ///
    /// # Errors
    /// If it isn't among the next stops.
    pub async fn tab_to(&self, selector: &str) -> Result<u32> {
        for keys in 0..MAX_STOPS {
            if self.has(&format!(":is({selector}):focus-within")).await? {
                return Ok(keys);
            }
            self.press_key(Key::Tab).await?;
        }
        bail!("{MAX_STOPS} times Tab don't lead to {selector}")
    }

    /// Whether the page has an element of that selector just now.
    ///
    /// # Errors
    /// If the driver fails.
    pub async fn has(&self, selector: &str) -> Result<bool> {
        Ok(!timed(self.driver.find_all(By::Css(selector))).await?.is_empty())
    }

    /// Shows the page in the colours of that theme. A press of the switch would move the focus.
    ///
    /// # Errors
    /// If the driver fails.
    pub async fn theme(&self, theme: &str) -> Result<()> {
        self.run(&format!("document.documentElement.dataset.kernTheme = '{theme}'")).await.map(drop)
    }

    /// Signs somebody in who works at the desk: the name's first letters, then the PIN.
    ///
    /// # Errors
    /// If the window doesn't show the start afterwards.
    pub async fn sign_in(&self, who: Colleague) -> Result<u32> {
        self.screen("sign_in").await?;
        self.focus_within("[role=listbox]").await?;
        let letter = who.name.get(..1).context("nobody is without a name")?;
        let mut keys = self.press(letter).await? + self.press_key(Key::Enter).await?;
        self.focus_within("input[type=password]").await?;
        keys += self.press(who.pin).await? + self.press_key(Key::Enter).await?;
        self.screen("start").await?;
        Ok(keys)
    }

    /// Text of the first element of that selector.
    ///
    /// # Errors
    /// If there is none.
    pub async fn text(&self, selector: &str) -> Result<String> {
        Ok(timed(self.driver.find(By::Css(selector))).await?.text().await?)
    }

    /// Presses keys where the focus is; answers how many.
    ///
    /// # Errors
    /// If the driver fails.
    pub async fn press(&self, keys: &str) -> Result<u32> {
        self.send(|| keys.into()).await?;
        Ok(u32::try_from(keys.chars().count())?)
    }

    /// Presses one key where the focus is.
    ///
    /// # Errors
    /// If the driver fails.
    pub async fn press_key(&self, key: Key) -> Result<u32> {
        self.send(|| key.clone().into()).await?;
        Ok(1)
    }

    /// Presses a key, or types a character, with another key held.
    ///
    /// # Errors
    /// If the driver fails.
    pub async fn chord(&self, held: Key, key: impl Into<TypingData> + Clone) -> Result<()> {
        self.send(|| held.clone() + key.clone()).await
    }

    /// The driver looks for the focus, then types there: what went away in between has got no key, and the next one gets them.
    async fn send(&self, keys: impl Fn() -> TypingData) -> Result<()> {
        let typed = async {
            loop {
                let active = self.driver.active_element().await?;
                match active.send_keys(keys()).await {
                    Err(error) if matches!(error.as_inner(), StaleElementReference(_)) => {}
                    sent => return sent,
                }
            }
        };
        timed(typed).await
    }

    /// Clicks the first element of that selector.
    ///
    /// # Errors
    /// If there is none, or it can't be clicked.
    pub async fn click(&self, selector: &str) -> Result<()> {
        timed(timed(self.driver.find(By::Css(selector))).await?.click()).await
    }

    /// Runs a script in the page and waits for its answer.
    ///
    /// # Errors
    /// If the script fails.
    pub async fn run(&self, script: &str) -> Result<serde_json::Value> {
        Ok(timed(self.driver.execute(script, Vec::new())).await?.json().clone())
    }

    /// Runs a script in the page and waits until it calls back: its first argument.
    ///
    /// # Errors
    /// If the script fails, or never calls.
    pub async fn run_async(&self, script: &str) -> Result<serde_json::Value> {
        Ok(timed(self.driver.execute_async(script, Vec::new())).await?.json().clone())
    }

    /// A picture of the window.
    ///
    /// # Errors
    /// If it can't be taken or written.
    pub async fn picture(&self, path: PathBuf) -> Result<()> {
        // The page is painted some frames after it has changed.
        let painted = "const done = arguments[0]; let frames = 6;
            const next = () => --frames > 0 ? requestAnimationFrame(next) : done();
            document.fonts.ready.then(() => requestAnimationFrame(next));";
        timed(self.driver.execute_async(painted, Vec::new())).await?;
        timed(self.driver.screenshot(&path)).await
    }

    /// What axe-core has against the page: one line a violation.
    ///
    /// # Errors
    /// If it can't be run.
    pub async fn violations(&self) -> Result<Vec<String>> {
        timed(self.driver.execute(&self.axe, Vec::new())).await?;
        let script = "const done = arguments[arguments.length - 1];
            axe.run().then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))));";
        let found = timed(self.driver.execute_async(script, Vec::new())).await?;
        Ok(found.convert()?)
    }

    /// A picture named `name` in `out`; axe-core must have nothing against what it shows.
    ///
    /// # Errors
    /// If it can't be taken, or axe-core objects.
    pub async fn look(&self, out: &Path, name: &str) -> Result<()> {
        self.picture(out.join(format!("{name}.png"))).await?;
        let found = self.violations().await?;
        ensure!(found.is_empty(), "axe-core objects to {name}: {found:#?}");
        Ok(())
    }

    /// Kills the app at once, as a crash would, and waits until it is dead.
    ///
    /// # Errors
    /// If it isn't there.
    pub fn kill_app(&self) -> Result<()> {
        let apps = apps()?;
        ensure!(!apps.is_empty(), "there is no app to kill");
        for (id, _) in &apps {
            kill_process(*id, Signal::KILL)?;
        }
        until_dead(&apps)
    }

    /// Closes the window.
    ///
    /// # Errors
    /// If the driver fails.
    pub async fn close(self) -> Result<()> {
        timed(self.driver.quit()).await
    }

    /// Closes the window and waits until the app has ended, so that it can be opened again.
    ///
    /// # Errors
    /// If the driver fails, or the app doesn't end.
    pub async fn end(self) -> Result<()> {
        let apps = apps()?;
        timed(self.driver.quit()).await?;
        until_dead(&apps)
    }
}

/// The app's processes. The namespace has process ids of its own: no other app can be meant.
fn apps() -> Result<Vec<(Pid, PathBuf)>> {
    let name = |process: &Path| fs::read_to_string(process.join("comm")).unwrap_or_default();
    let mut found = Vec::new();
    for process in fs::read_dir("/proc")? {
        let process = process?.path();
        let id = process.file_name().and_then(|id| id.to_str()?.parse().ok()).and_then(Pid::from_raw);
        found.extend(id.filter(|_| name(&process).trim() == APP).map(|id| (id, process)));
    }
    Ok(found)
}

/// Until then its name on the session bus is taken, and the next app would take it for running.
fn until_dead(apps: &[(Pid, PathBuf)]) -> Result<()> {
    wait_until("the app has ended", PATIENCE, || apps.iter().all(|(_, process)| is_dead(process)))
}

/// Gone, or a zombie whose threads are gone with everything that they held open.
fn is_dead(process: &Path) -> bool {
    let threads = fs::read_dir(process.join("task")).map_or(0, Iterator::count);
    let stat = fs::read_to_string(process.join("stat")).unwrap_or_default();
    let state = stat.rsplit_once(')').map(|(_, rest)| rest.trim_start());
    threads <= 1 && state.is_none_or(|state| state.starts_with('Z'))
}

async fn timed<T>(call: impl Future<Output = WebDriverResult<T>>) -> Result<T> {
    Ok(tokio::time::timeout(PATIENCE, call).await.context("the driver did not answer")??)
}

/// A virtual display of the window's size, on the first number that nobody answers on. A socket that a killed display left
/// behind is in nobody's use and gives way.
fn display() -> Result<(Daemon, String)> {
    for number in 90..120 {
        let socket = PathBuf::from(format!("/tmp/.X11-unix/X{number}"));
        if UnixStream::connect(&socket).is_ok() {
            continue;
        }
        fs::remove_file(&socket).ok();
        let name = format!(":{number}");
        let mut command = Command::new("Xvfb");
        command
            .args([&name, "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-nolock"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut display = Daemon::start("Xvfb", &mut command)?;
        if display.wait_ready(PATIENCE, || UnixStream::connect(&socket).is_ok()).is_ok() {
            return Ok((display, name));
        }
    }
    bail!("no display number is free")
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn listens(port: u16) -> bool {
    std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
}
