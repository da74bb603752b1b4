//! The thread that holds the device.

use std::{
    io,
    ops::ControlFlow,
    sync::{
        Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use zeroize::{Zeroize, Zeroizing};

use crate::{
    burst::Burst,
    framing::Framing,
    source::{Port, READ_BYTES, Read, Source},
};

/// A read waits no longer, so that the thread ends soon after its owner wants it to.
const LISTEN: Duration = Duration::from_millis(100);

/// Tries to find a device that isn't there: soon at first, and never so often that a desk without one wastes power.
const RETRY_FIRST: Duration = Duration::from_millis(200);
const RETRY_LAST: Duration = Duration::from_secs(2);

/// How long dropping waits for the thread: many times what a read takes. One that sits in its owner's function is left alone.
const STOP_DEADLINE: Duration = Duration::from_secs(2);

/// What a scanner's thread tells.
#[derive(Debug)]
pub enum ScannerEvent {
    /// The device is there, and held for this program alone.
    Available,
    /// There is no such device, or it is unplugged, or another program has it, or this one may not open it. It is looked for again.
    Unavailable,
    /// It has sent something, and paused.
    Burst(Burst),
    /// It sends more than [`BURST_BYTES_MAX`](crate::BURST_BYTES_MAX) without a pause, or faster than this machine takes it. Told
    /// once; the rest up to the next pause is dropped.
    Overrun,
}

/// Why a scanner can't be watched.
#[derive(Debug, thiserror::Error)]
pub enum ScannerError {
    /// Empty, longer than [`DEVICE_NAME_MAX`](crate::DEVICE_NAME_MAX), or not a name at all.
    #[error("not a device's name")]
    DeviceName,
    /// Below [`BAUD_MIN`](crate::BAUD_MIN) or above [`BAUD_MAX`](crate::BAUD_MAX).
    #[error("no speed of a serial port: {0} Bd")]
    Baud(u32),
    /// This operating system takes no keyboard away from the desktop.
    #[error("scanners that type can't be read here")]
    NoKeyboards,
    /// The operating system gives no thread.
    #[error("no thread for the scanner")]
    Thread(#[source] io::Error),
}

/// Holds a scanner until it is dropped. Then its thread ends, within the tenth of a second for which it listens, and the device is
/// free.
#[derive(Debug)]
pub struct Scanner {
    thread: Option<JoinHandle<()>>,
    /// Dropped to end the thread.
    stop: Option<Sender<()>>,
    /// Disconnected when the thread has ended. (The lock makes the scanner `Sync`; nobody ever waits for it.)
    ended: Mutex<Receiver<()>>,
}

impl Scanner {
    /// Starts looking for the device. `on_event` is called on the scanner's thread: first with [`ScannerEvent::Available`] or
    /// [`ScannerEvent::Unavailable`], then with whatever comes, and with these two each time they change. It must not block for
    /// long. A burst that was under way when the device was unplugged is dropped.
    ///
    /// # Errors
    /// [`ScannerError`]. That the device isn't there is none.
    pub fn start(
        source: Source,
        on_event: impl FnMut(ScannerEvent) + Send + 'static,
    ) -> Result<Self, ScannerError> {
        source.check()?;
        let (stop, stopped) = mpsc::channel();
        let (alive, ended) = mpsc::channel::<()>();
        let thread = thread::Builder::new()
            .name("scanner".into())
            .spawn(move || {
                let _alive = alive;
                Watcher { source, stopped, available: None, absence: None, on_event }.run();
            })
            .map_err(ScannerError::Thread)?;
        Ok(Self { thread: Some(thread), stop: Some(stop), ended: Mutex::new(ended) })
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        self.stop = None;
        let Some(thread) = self.thread.take() else { return };
        if thread.thread().id() == thread::current().id() {
            return;
        }
        let ended = self.ended.get_mut().unwrap_or_else(PoisonError::into_inner);
        if ended.recv_timeout(STOP_DEADLINE) != Err(RecvTimeoutError::Disconnected) {
            tracing::error!("the scanner's thread does not stop");
        } else if thread.join().is_err() {
            tracing::error!("the scanner's thread had panicked");
        }
    }
}

/// What lives on the thread.
struct Watcher<F> {
    source: Source,
    stopped: Receiver<()>,
    available: Option<bool>,
    /// Why the device couldn't be opened the last time, so that each reason is logged once.
    absence: Option<io::ErrorKind>,
    on_event: F,
}

impl<F: FnMut(ScannerEvent)> Watcher<F> {
    fn run(&mut self) {
        let mut retry = RETRY_FIRST;
        loop {
            match self.source.open() {
                Ok(mut port) => {
                    let opened = Instant::now();
                    self.tell(true);
                    if self.listen(&mut *port).is_break() {
                        return;
                    }
                    // One that comes and goes isn't tried ever faster.
                    if opened.elapsed() >= RETRY_LAST {
                        retry = RETRY_FIRST;
                    }
                }
                Err(error) => self.log(&error),
            }
            self.tell(false);
            if self.is_stopped(retry) {
                return;
            }
            retry = RETRY_LAST.min(retry * 2);
        }
    }

    /// Listens until the device is gone, or the owner wants no more.
    fn listen(&mut self, port: &mut dyn Port) -> ControlFlow<()> {
        let mut framing = Framing::new();
        let mut buffer = Zeroizing::new([0; READ_BYTES]);
        while !self.is_stopped(Duration::ZERO) {
            let wait = framing.remaining(Instant::now()).map_or(LISTEN, |remaining| remaining.min(LISTEN));
            let read = port.read(&mut buffer, wait);
            let now = Instant::now();
            let framed = match read {
                Ok(Read::Bytes(count)) => framing.push(buffer.get(..count).unwrap_or_default(), now),
                Ok(Read::Lost) => framing.cut(now),
                Ok(Read::Other) => Ok(()),
                Ok(Read::Nothing) => {
                    if let Some(burst) = framing.silence(now) {
                        (self.on_event)(ScannerEvent::Burst(burst));
                    }
                    Ok(())
                }
                Err(error) => {
                    tracing::info!(kind = ?error.kind(), "the scanner is gone");
                    return ControlFlow::Continue(());
                }
            };
            buffer.zeroize();
            if framed.is_err() {
                (self.on_event)(ScannerEvent::Overrun);
            }
        }
        ControlFlow::Break(())
    }

    fn tell(&mut self, available: bool) {
        if available {
            self.absence = None;
        }
        if self.available.replace(available) != Some(available) {
            (self.on_event)(if available { ScannerEvent::Available } else { ScannerEvent::Unavailable });
        }
    }

    fn log(&mut self, error: &io::Error) {
        if self.absence.replace(error.kind()) != Some(error.kind()) {
            tracing::warn!(source = ?self.source, kind = ?error.kind(), "the scanner can't be opened");
        }
    }

    fn is_stopped(&self, wait: Duration) -> bool {
        self.stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{BAUD_MAX, BAUD_MIN, DEVICE_NAME_MAX};

    #[test]
    fn a_source_that_can_never_be_there_is_refused() {
        let serial = |device: &str, baud| Source::Serial { device: device.to_owned(), baud };
        let start = |source: Source| Scanner::start(source, |_| {}).map(drop);
        for device in ["", "/dev/tty\0ACM0", &"x".repeat(DEVICE_NAME_MAX + 1)] {
            for source in [serial(device, 9600), Source::Keyboard { device: device.to_owned() }] {
                assert!(matches!(start(source), Err(ScannerError::DeviceName)), "{device:?}");
            }
        }
        for baud in [0, BAUD_MIN - 1, BAUD_MAX + 1] {
            assert!(matches!(start(serial("/dev/ttyACM0", baud)), Err(ScannerError::Baud(it)) if it == baud));
        }
    }
}
