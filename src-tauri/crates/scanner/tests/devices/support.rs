use std::{
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

use scanner::{Scanner, ScannerEvent, Source};
use tempfile::TempDir;

/// ICAO Doc 9303-4, appendix B.
pub(crate) const ZONE: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\rL898902C36UTO7408122F1204159ZE184226B<<<<<10\r";
/// Nothing here takes as long, on the slowest of hosts.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);
/// Far below the two seconds after which dropping a scanner gives up on its thread.
const PROMPT: Duration = Duration::from_secs(1);
/// So often is tried what a host that stands still for a moment can spoil.
pub(crate) const ATTEMPTS: usize = 5;

/// The name under which a device stands, whatever it is plugged in to: a symbolic link, as udev makes them.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn name(&self) -> PathBuf {
        self.folder.path().join("usb-scanner")
    }

    pub(crate) fn serial(&self) -> Source {
        Source::Serial { device: self.name().to_str().unwrap().to_owned(), baud: 9600 }
    }

    pub(crate) fn keyboard(&self) -> Source {
        Source::Keyboard { device: self.name().to_str().unwrap().to_owned() }
    }

    pub(crate) fn plug_in(&self, device: &Path) -> Plug {
        std::os::unix::fs::symlink(device, self.name()).unwrap();
        Plug(self.name())
    }
}

/// The device has its name. Dropped, the name is gone.
pub(crate) struct Plug(PathBuf);

impl Drop for Plug {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

pub(crate) fn listen(source: Source) -> Listening {
    let (told, events) = mpsc::channel();
    let scanner = Scanner::start(source, move |event| drop(told.send(event))).unwrap();
    Listening { scanner, events }
}

pub(crate) struct Listening {
    scanner: Scanner,
    pub(crate) events: Receiver<ScannerEvent>,
}

impl Listening {
    pub(crate) fn next(&self) -> ScannerEvent {
        self.events.recv_timeout(DEADLINE).expect("the scanner says nothing")
    }

    pub(crate) fn available(&self) {
        let event = self.next();
        assert!(matches!(event, ScannerEvent::Available), "{event:?}");
    }

    pub(crate) fn unavailable(&self) {
        let event = self.next();
        assert!(matches!(event, ScannerEvent::Unavailable), "{event:?}");
    }

    pub(crate) fn burst(&self) -> String {
        let event = self.next();
        let ScannerEvent::Burst(burst) = event else { panic!("{event:?}") };
        String::from_utf8(burst.bytes().to_vec()).unwrap()
    }

    /// Ends it; nothing more was told than was asked for, and all of it soon.
    pub(crate) fn end(self) {
        let start = Instant::now();
        drop(self.scanner);
        assert!(start.elapsed() < PROMPT, "{:?}", start.elapsed());
        let left: Vec<ScannerEvent> = self.events.iter().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// Lets time pass: a device's pauses are what is tested here.
pub(crate) fn pause(time: Duration) {
    let (_never, nothing) = mpsc::channel::<()>();
    nothing.recv_timeout(time).unwrap_err();
}
