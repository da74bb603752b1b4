use std::{
    ffi::OsStr,
    fs::File,
    io::{ErrorKind, Write},
    os::unix::ffi::OsStrExt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use rustix::{
    io::ioctl_fionbio,
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
};
use scanner::{BURST_BYTES_MAX, BURST_PAUSE, Scanner, ScannerEvent};

use crate::support::{ATTEMPTS, DEADLINE, Desk, Plug, ZONE, listen, pause};

/// The longest pause between two characters that BURST_PAUSE is made for.
const SLOW: Duration = Duration::from_millis(99);

/// The device's end of the line. Dropped, it is unplugged.
struct Device {
    line: File,
    _plug: Plug,
}

impl Device {
    /// Sends all of it, at once where the line takes it.
    fn send(&mut self, bytes: &[u8]) {
        let until = Instant::now() + DEADLINE;
        let mut left = bytes;
        while !left.is_empty() {
            match self.line.write(left) {
                Ok(count) => left = left.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::WouldBlock => pause(Duration::from_millis(1)),
                Err(error) => panic!("{error}"),
            }
            assert!(Instant::now() < until, "nobody takes what the device sends");
        }
    }

    /// Sends byte by byte; gives the longest time that really was between two.
    fn send_slowly(&mut self, bytes: &[u8]) -> Duration {
        let mut longest = Duration::ZERO;
        let mut last = Instant::now();
        for byte in bytes {
            self.send(&[*byte]);
            longest = longest.max(last.elapsed());
            last = Instant::now();
            pause(SLOW);
        }
        longest
    }
}

fn plug_in(desk: &Desk) -> Device {
    let line = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&line).unwrap();
    unlockpt(&line).unwrap();
    ioctl_fionbio(&line, true).unwrap();
    let terminal = ptsname(&line, Vec::new()).unwrap();
    let plug = desk.plug_in(OsStr::from_bytes(terminal.as_bytes()).as_ref());
    Device { line: File::from(line), _plug: plug }
}

#[test]
fn a_burst_arrives_whole_and_as_it_was_sent() {
    let desk = Desk::new();
    let mut device = plug_in(&desk);
    let listening = listen(desk.serial());
    listening.available();
    device.send(ZONE.as_bytes());
    assert_eq!(listening.burst(), ZONE);
    // Every byte, none of which means anything to a terminal that is set up for data.
    let all: Vec<u8> = (0..=u8::MAX).collect();
    assert_eq!(all.len(), BURST_BYTES_MAX);
    device.send(&all);
    let event = listening.next();
    let ScannerEvent::Burst(burst) = event else { panic!("{event:?}") };
    assert_eq!(burst.bytes(), all);
    listening.end();
}

#[test]
fn a_slow_device_is_not_torn_apart() {
    let desk = Desk::new();
    let mut device = plug_in(&desk);
    let listening = listen(desk.serial());
    listening.available();
    assert!(BURST_PAUSE > 2 * SLOW);
    let sent = &ZONE[..16];
    for _ in 0..ATTEMPTS {
        let kept = device.send_slowly(sent.as_bytes()) < 2 * SLOW;
        let mut burst = listening.burst();
        while !kept && burst.len() < sent.len() {
            burst += &listening.burst();
        }
        assert_eq!(burst, sent);
        if kept {
            return listening.end();
        }
    }
    println!("skipped: this host can't keep a pause of {SLOW:?}");
}

#[test]
fn two_scans_are_two_bursts() {
    let desk = Desk::new();
    let mut device = plug_in(&desk);
    let listening = listen(desk.serial());
    listening.available();
    for scan in ["FIRST\r", "SECOND\r"] {
        device.send(scan.as_bytes());
        assert_eq!(listening.burst(), scan);
    }
    listening.end();
}

#[test]
fn a_flood_is_told_once_and_the_next_scan_is_whole() {
    let desk = Desk::new();
    let mut device = plug_in(&desk);
    let listening = listen(desk.serial());
    listening.available();
    device.send(&vec![0xFF; 1 << 16]);
    assert!(matches!(listening.next(), ScannerEvent::Overrun));
    // A pause that this host didn't notice leaves the scan in the flood: it is lost whole, and scanned again.
    for _ in 0..ATTEMPTS {
        pause(BURST_PAUSE + SLOW);
        device.send(ZONE.as_bytes());
        if let Ok(event) = listening.events.recv_timeout(BURST_PAUSE * 4) {
            let ScannerEvent::Burst(burst) = event else { panic!("{event:?}") };
            assert_eq!(burst.bytes(), ZONE.as_bytes());
            return listening.end();
        }
    }
    panic!("the flood never ended");
}

#[test]
fn a_device_is_found_when_it_is_plugged_in_and_found_again() {
    let desk = Desk::new();
    let listening = listen(desk.serial());
    listening.unavailable();
    for scan in ["FIRST\r", "SECOND\r", "THIRD\r"] {
        let mut device = plug_in(&desk);
        listening.available();
        device.send(scan.as_bytes());
        assert_eq!(listening.burst(), scan);
        drop(device);
        listening.unavailable();
    }
    listening.end();
}

#[test]
fn a_scan_that_unplugging_has_cut_off_is_dropped() {
    let desk = Desk::new();
    let mut device = plug_in(&desk);
    let listening = listen(desk.serial());
    listening.available();
    let (before, after) = ZONE.split_at(45);
    for _ in 0..ATTEMPTS {
        let sent = Instant::now();
        device.send(before.as_bytes());
        // Long enough to be read.
        pause(SLOW);
        drop(device);
        let cut_off = sent.elapsed() < BURST_PAUSE;
        if !cut_off {
            assert_eq!(listening.burst(), before);
        }
        listening.unavailable();
        device = plug_in(&desk);
        listening.available();
        device.send(after.as_bytes());
        assert_eq!(listening.burst(), after);
        if cut_off {
            return listening.end();
        }
    }
    println!("skipped: this host can't unplug within {BURST_PAUSE:?}");
}

#[test]
fn what_was_scanned_before_anybody_listened_is_dropped() {
    let desk = Desk::new();
    let mut device = plug_in(&desk);
    device.send(b"BEFORE\r");
    let listening = listen(desk.serial());
    listening.available();
    device.send(ZONE.as_bytes());
    assert_eq!(listening.burst(), ZONE);
    listening.end();
}

#[test]
fn a_device_has_one_listener_and_is_free_when_that_is_gone() {
    let desk = Desk::new();
    let mut device = plug_in(&desk);
    let first = listen(desk.serial());
    first.available();
    let second = listen(desk.serial());
    second.unavailable();
    first.end();
    second.available();
    device.send(ZONE.as_bytes());
    assert_eq!(second.burst(), ZONE);
    second.end();
}

#[test]
fn a_file_that_is_no_serial_port_is_no_device() {
    let desk = Desk::new();
    std::fs::write(desk.name(), ZONE).unwrap();
    let listening = listen(desk.serial());
    listening.unavailable();
    listening.end();
    assert_eq!(std::fs::read_to_string(desk.name()).unwrap(), ZONE);
}

#[test]
fn dropping_ends_it_in_the_middle_of_a_flood() {
    let desk = Desk::new();
    let mut device = plug_in(&desk);
    let listening = listen(desk.serial());
    listening.available();
    let enough = Arc::new(AtomicBool::new(false));
    let flood = thread::spawn({
        let enough = Arc::clone(&enough);
        move || {
            while !enough.load(Ordering::Relaxed) {
                match device.line.write(&[0xFF; 512]) {
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::WouldBlock => thread::yield_now(),
                    Err(error) => panic!("{error}"),
                }
            }
        }
    });
    assert!(matches!(listening.next(), ScannerEvent::Overrun));
    listening.end();
    enough.store(true, Ordering::Relaxed);
    flood.join().unwrap();
}

#[test]
fn it_may_be_dropped_on_its_own_thread() {
    let desk = Desk::new();
    let mut device = plug_in(&desk);
    let (give, take) = mpsc::channel::<Scanner>();
    let (told, events) = mpsc::channel();
    let scanner = Scanner::start(desk.serial(), move |event| {
        if matches!(event, ScannerEvent::Burst(_)) {
            drop(take.recv_timeout(DEADLINE));
        }
        drop(told.send(event));
    })
    .unwrap();
    give.send(scanner).unwrap();
    assert!(matches!(events.recv_timeout(DEADLINE), Ok(ScannerEvent::Available)));
    device.send(ZONE.as_bytes());
    assert!(matches!(events.recv_timeout(DEADLINE), Ok(ScannerEvent::Burst(_))));
    // The thread has ended: its end of the channel is gone.
    assert_eq!(events.recv_timeout(DEADLINE).unwrap_err(), mpsc::RecvTimeoutError::Disconnected);
}
