//! Readers that all tests of the process share.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use card_sim::{Card, Inserted, Slot};
use pcsc_reader::{CardState, Monitor, ReaderEvent, Session};
use smartcard::ExtendedLength;

use workshop::pin_pad::Pad;

use crate::pcscd::{PAD_READER, Pcscd, name, port};

/// Whatever is awaited happens within a second on an idle machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// pcscd, and who is at which of its readers.
#[derive(Debug)]
pub struct Readers {
    free: Mutex<Vec<usize>>,
    freed: Condvar,
    picture: Arc<Picture>,
    _monitor: Monitor,
    // Last: a monitor without pcscd would look for it.
    _pcscd: Pcscd,
    pad: Pad,
}

/// What the monitor has told last.
#[derive(Debug, Default)]
struct Picture {
    last: Mutex<Option<ReaderEvent>>,
    changed: Condvar,
}

/// A reader that its holder has for itself.
#[derive(Debug)]
pub struct Reader<'a> {
    readers: &'a Readers,
    slot: usize,
    name: String,
}

impl Readers {
    /// Starts pcscd in the current namespace.
    ///
    /// # Errors
    /// As [`Pcscd::start`].
    pub fn start() -> Result<Self> {
        let pad = Pad::new()?;
        let pcscd = Pcscd::start(&pad)?;
        let picture = Arc::new(Picture::default());
        let told = Arc::clone(&picture);
        let monitor = Monitor::start(move |event| {
            *lock(&told.last) = Some(event);
            told.changed.notify_all();
        })?;
        let free = Mutex::new((0..=PAD_READER).collect());
        Ok(Self { free, freed: Condvar::new(), picture, _monitor: monitor, _pcscd: pcscd, pad })
    }

    /// Waits for a reader without a pad that nobody has.
    #[must_use]
    pub fn take(&self) -> Reader<'_> {
        self.take_one(|slot| slot != PAD_READER)
    }

    /// Waits for the reader with a pad, and for the person at it.
    #[must_use]
    pub fn take_pad(&self) -> (Reader<'_>, &Pad) {
        (self.take_one(|slot| slot == PAD_READER), &self.pad)
    }

    fn take_one(&self, fits: impl Fn(usize) -> bool) -> Reader<'_> {
        let mut free = lock(&self.free);
        loop {
            if let Some(index) = free.iter().rposition(|slot| fits(*slot)) {
                let slot = free.swap_remove(index);
                return Reader { readers: self, slot, name: name(slot) };
            }
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Reader<'_> {
    /// The service's name for it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A session with what is known of extended length.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn session(&self, extended_length: ExtendedLength) -> Result<Session> {
        Ok(Session::open(self.name(), extended_length)?)
    }

    /// Puts a card in as soon as the service has noticed that the last one was pulled, and waits until it has noticed
    /// this one, too.
    ///
    /// # Errors
    /// If the service doesn't notice in time.
    pub fn insert(&self, card: Card) -> Result<Inserted> {
        self.wait_until("the reader is empty", |card| *card == CardState::Empty)?;
        let inserted = Slot::insert(port(self.slot)?, card)?;
        self.wait_until("the card is noticed", |card| *card != CardState::Empty)?;
        Ok(inserted)
    }

    fn wait_until(&self, what: &str, fits: impl Fn(&CardState) -> bool) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        let Picture { last, changed } = &*self.readers.picture;
        let mut picture = lock(last);
        loop {
            if picture.as_ref().and_then(|it| it.reader(self.name())).is_some_and(|it| fits(&it.card)) {
                return Ok(());
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                bail!("waited {PATIENCE:?} in vain until {what}; last seen: {picture:?}");
            }
            picture = changed.wait_timeout(picture, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        lock(&self.readers.free).push(self.slot);
        // Not everybody can use every reader.
        self.readers.freed.notify_all();
    }
}

/// A test that failed elsewhere has left it as it was.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
