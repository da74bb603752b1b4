//! The thread that watches readers and cards.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use pcsc::{Context, Error};

use crate::{
    service::{self, ServiceState},
    watch::{ReaderEvent, Watch},
};

/// PC/SC tells changes at once, but for two: pcsc-lite does not wake us for a card that becomes exclusively held, nor
/// for a reader plugged in between listing and waiting. So we look again by ourselves, this seldom.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Tries to reach a lost service: soon at first, and never so often that a desk without one wastes power.
const RETRY_FIRST: Duration = Duration::from_millis(100);
const RETRY_LAST: Duration = Duration::from_secs(2);

/// A cancellation that comes while the thread isn't waiting yet is lost, so it is repeated this often,
const STOP_REPEAT: Duration = Duration::from_millis(20);
/// at most this many times: a thread that sits in the receiver of its events for two seconds is left alone.
const STOP_ATTEMPTS: u32 = 100;

/// Watches readers and cards until it is dropped.
#[derive(Debug)]
pub struct Monitor {
    thread: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
    /// Dropped to end a wait for the service.
    stop: Option<Sender<()>>,
    /// Disconnected when the thread has ended. (The lock makes the monitor `Sync`; nobody ever waits for it.)
    ended: Mutex<Receiver<()>>,
}

#[derive(Default)]
struct Shared {
    /// The connection whose wait can be cancelled; `None` before the first and after the last.
    context: Mutex<Option<Context>>,
}

impl Monitor {
    /// Starts watching. `on_event` is called on the watching thread, first with the picture found, then each time the
    /// picture changes, always with the whole picture. It must not block for long.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(on_event: impl FnMut(ReaderEvent) + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (stop, stopped) = mpsc::channel();
        let (alive, ended) = mpsc::channel::<()>();
        let thread = thread::Builder::new().name("card-monitor".into()).spawn({
            let shared = Arc::clone(&shared);
            move || {
                let _alive = alive;
                Watcher { shared, stopped, last: None, on_event }.run();
            }
        })?;
        Ok(Self { thread: Some(thread), shared, stop: Some(stop), ended: Mutex::new(ended) })
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        self.stop = None;
        let Some(thread) = self.thread.take() else { return };
        if thread.thread().id() == thread::current().id() {
            return;
        }
        let ended = self.ended.get_mut().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..STOP_ATTEMPTS {
            self.shared.cancel();
            if ended.recv_timeout(STOP_REPEAT) == Err(RecvTimeoutError::Disconnected) {
                if thread.join().is_err() {
                    tracing::error!("the card monitor had panicked");
                }
                return;
            }
        }
        tracing::error!("the card monitor does not stop");
    }
}

impl Shared {
    fn publish(&self, context: Option<Context>) {
        *self.context.lock().unwrap_or_else(PoisonError::into_inner) = context;
    }

    fn cancel(&self) {
        if let Some(context) = &*self.context.lock().unwrap_or_else(PoisonError::into_inner)
            && let Err(error) = context.cancel()
        {
            tracing::debug!(code = error as u32, "waiting for readers could not be cancelled");
        }
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// What lives on the thread.
struct Watcher<F> {
    shared: Arc<Shared>,
    stopped: Receiver<()>,
    last: Option<ReaderEvent>,
    on_event: F,
}

impl<F: FnMut(ReaderEvent)> Watcher<F> {
    fn run(&mut self) {
        let mut retry = RETRY_FIRST;
        loop {
            let state = match service::establish() {
                Ok(context) => {
                    self.shared.publish(Some(context.clone()));
                    let (lost, seen) = self.watch(&context);
                    self.shared.publish(None);
                    if seen {
                        retry = RETRY_FIRST;
                    }
                    tracing::info!(code = lost as u32, "the connection to the smart card service ended");
                    ServiceState::Down
                }
                Err(state) => state,
            };
            if self.is_stopped(Duration::ZERO) {
                return;
            }
            self.tell(ReaderEvent::without_readers(state));
            if self.is_stopped(retry) {
                return;
            }
            retry = RETRY_LAST.min(retry * 2);
        }
    }

    /// Watches over one connection until it breaks or we are stopped; says whether there was a picture at all.
    fn watch(&mut self, context: &Context) -> (Error, bool) {
        let mut watch = Watch::new(context);
        let mut wait = Duration::ZERO;
        let mut seen = false;
        loop {
            let mut pause = Duration::ZERO;
            match watch.next(wait) {
                Ok(picture) => self.tell(picture),
                // A reader was unplugged between listing and waiting: the next round lists anew.
                Err(Error::UnknownReader | Error::ReaderUnavailable) if seen => pause = RETRY_FIRST,
                Err(error) => return (error, seen),
            }
            seen = true;
            wait = LOOK_AGAIN;
            if self.is_stopped(pause) {
                return (Error::Cancelled, seen);
            }
        }
    }

    fn tell(&mut self, picture: ReaderEvent) {
        if self.last.as_ref() != Some(&picture) {
            self.last = Some(picture.clone());
            (self.on_event)(picture);
        }
    }

    fn is_stopped(&self, wait: Duration) -> bool {
        self.stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout)
    }
}
