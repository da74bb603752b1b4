//! A person at the PIN pad of the virtual reader.

use std::{
    collections::VecDeque,
    env, fs,
    io::{self, Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::{Context, Result};
use pin_pad_reader::{DRIVER_VARIABLE, Key, LIBRARY, SOCKET_VARIABLE};
use tempfile::TempDir;

use crate::{pcscd::vpcd_driver, process::wait_until};

/// Name under which PC/SC lists the reader.
pub const READER: &str = "Virtual PIN pad 00 00";
/// The name without the numbers that pcscd adds.
const FRIENDLY_NAME: &str = "Virtual PIN pad";

/// Somebody who types at the pad of one reader. What is typed while nobody is asked, is typed at the next entry.
///
/// The pad keeps what it was asked for: `PIN_VERIFY_STRUCTURE`, which holds no secret.
#[derive(Debug)]
pub struct Pad {
    folder: TempDir,
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// What is to be typed, an element for each entry.
    planned: VecDeque<Vec<Key>>,
    /// The last entry; held, for a pad whose line breaks off is a broken one.
    entry: Option<UnixStream>,
    /// Whether nothing was planned or typed for it.
    waits: bool,
    asked: Vec<Vec<u8>>,
    over: bool,
}

impl Pad {
    /// Sits down at a pad, of which [`crate::pcscd::Pcscd::start_with_pad`] makes a reader.
    ///
    /// # Errors
    /// If there is no place for a socket.
    pub fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let listener = UnixListener::bind(socket(folder.path()))?;
        let shared = Arc::new(Shared::default());
        let listener = thread::Builder::new().name("PIN pad".into()).spawn({
            let shared = Arc::clone(&shared);
            move || {
                for entry in listener.incoming() {
                    if shared.state().over {
                        return;
                    }
                    // An entry that broke off is nobody's business but the reader's.
                    entry.and_then(|entry| shared.begin(entry)).ok();
                }
            }
        })?;
        Ok(Self { folder, shared, listener: Some(listener) })
    }

    /// Types these digits and presses the green key, at the entry under way or at the next one.
    pub fn type_pin(&self, digits: &str) {
        let digits = digits.bytes().filter_map(Key::from_byte);
        self.press(digits.chain([Key::Confirm]).collect());
    }

    /// Presses the red key.
    pub fn cancel(&self) {
        self.press(vec![Key::Cancel]);
    }

    /// Lets the time of one entry pass.
    pub fn type_nothing(&self) {
        self.press(Vec::new());
    }

    /// Presses these keys in one entry.
    pub fn press(&self, keys: Vec<Key>) {
        let mut state = self.shared.state();
        let waits = std::mem::take(&mut state.waits);
        // Over, an entry takes no keys.
        let typed = waits && state.entry.as_mut().is_some_and(|entry| type_at(entry, &keys).is_ok());
        if !typed {
            state.planned.push_back(keys);
        }
    }

    /// What the pad was asked for so far, an element for each entry.
    #[must_use]
    pub fn asked(&self) -> Vec<Vec<u8>> {
        self.shared.state().asked.clone()
    }

    /// Waits until the pad was asked for so many entries since it is there.
    ///
    /// # Errors
    /// If it isn't in time.
    pub fn wait_until_asked(&self, entries: usize, patience: Duration) -> Result<()> {
        wait_until("the pad asks for a PIN", patience, || self.shared.state().asked.len() >= entries)
    }

    /// The entry of pcscd's `reader.conf` for this reader, whose cards come to this TCP port of the loopback device.
    ///
    /// # Errors
    /// If the reader's driver isn't built, or vpcd not installed.
    pub fn reader_conf(&self, port: u16) -> Result<String> {
        fs::copy(vpcd_driver()?, vpcd_copy(self.folder.path()))?;
        Ok(format!(
            "\nFRIENDLYNAME \"{FRIENDLY_NAME}\"\nDEVICENAME /dev/null:{port:#X}\nLIBPATH {}\nCHANNELID {port:#X}\n",
            driver()?.display()
        ))
    }

    /// What pcscd needs in its environment.
    #[must_use]
    pub fn environment(&self) -> [(&'static str, PathBuf); 2] {
        let folder = self.folder.path();
        [(DRIVER_VARIABLE, vpcd_copy(folder)), (SOCKET_VARIABLE, socket(folder))]
    }
}

impl Drop for Pad {
    fn drop(&mut self) {
        self.shared.state().over = true;
        // Wakes the listener up.
        drop(UnixStream::connect(socket(self.folder.path())));
        if let Some(listener) = self.listener.take() {
            listener.join().ok();
        }
    }
}

impl Shared {
    /// Hears what is asked for, and types what was planned.
    fn begin(&self, mut entry: UnixStream) -> io::Result<()> {
        let mut length = [0; 2];
        entry.read_exact(&mut length)?;
        let mut structure = vec![0; usize::from(u16::from_be_bytes(length))];
        entry.read_exact(&mut structure)?;
        let mut state = self.state();
        state.asked.push(structure);
        let planned = state.planned.pop_front();
        state.waits = planned.is_none();
        type_at(&mut entry, &planned.unwrap_or_default())?;
        state.entry = Some(entry);
        Ok(())
    }

    /// Whoever panicked has left it as it was.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn type_at(entry: &mut UnixStream, keys: &[Key]) -> io::Result<()> {
    let bytes: Vec<u8> = keys.iter().map(|key| key.to_byte()).collect();
    entry.write_all(&bytes)
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("pad")
}

fn vpcd_copy(folder: &Path) -> PathBuf {
    folder.join("libifdvpcd.so")
}

/// Where cargo put the reader's driver: tests lie in the same folder, programs above it.
fn driver() -> Result<PathBuf> {
    let own = env::current_exe()?;
    let folder = own.parent().context("a program without a folder")?;
    let places = [folder.to_owned(), folder.join("deps")].map(|place| place.join(LIBRARY));
    let found = places.into_iter().find(|place| place.exists());
    found.with_context(|| format!("{LIBRARY} is not built beside {}", own.display()))
}
