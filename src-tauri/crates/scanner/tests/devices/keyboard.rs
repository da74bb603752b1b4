use std::{
    io,
    os::fd::AsFd,
    path::PathBuf,
    time::{Duration, Instant},
};

use evdev::{AttributeSet, EventType, InputEvent, KeyCode, raw_stream::RawDevice, uinput::VirtualDevice};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use scanner::{BURST_BYTES_MAX, BURST_PAUSE, ScannerEvent};

use crate::support::{ATTEMPTS, DEADLINE, Desk, Plug, ZONE, listen, pause};

/// Where the kernel makes keyboards for programs.
const UINPUT: &str = "/dev/uinput";
/// Scanners that type need 1 to 10 ms a key; the kernel keeps half a dozen for a reader that is late.
const KEY: Duration = Duration::from_millis(5);
/// Every key of a PC keyboard (linux/input-event-codes.h): Escape to KPDOT, 102ND, Right Ctrl and Alt.
const PC_KEYS: [std::ops::RangeInclusive<u16>; 3] = [1..=83, 86..=88, 96..=100];

/// A scanner that types. Dropped, it is unplugged.
struct Typist {
    keyboard: VirtualDevice,
    node: PathBuf,
    _plug: Plug,
}

/// A key, and whether Shift is held.
type Stroke = (KeyCode, bool);

impl Typist {
    fn plug_in(desk: &Desk) -> Self {
        let keys: AttributeSet<KeyCode> = PC_KEYS.into_iter().flatten().map(KeyCode).collect();
        let builder = VirtualDevice::builder().unwrap().name("Scanner that types");
        let mut keyboard = builder.with_keys(&keys).unwrap().build().unwrap();
        let node = keyboard.enumerate_dev_nodes_blocking().unwrap().next().unwrap().unwrap();
        let until = Instant::now() + DEADLINE;
        while RawDevice::open(&node).is_err() {
            assert!(Instant::now() < until, "no device file");
            pause(KEY);
        }
        let plug = desk.plug_in(&node);
        Self { keyboard, node, _plug: plug }
    }

    fn key(&mut self, key: KeyCode, value: i32) {
        self.keyboard.emit(&[InputEvent::new(EventType::KEY.0, key.0, value)]).unwrap();
    }

    fn type_all(&mut self, strokes: &[Stroke]) {
        for (key, shift) in strokes {
            if *shift {
                self.key(KeyCode::KEY_LEFTSHIFT, 1);
            }
            self.key(*key, 1);
            self.key(*key, 0);
            if *shift {
                self.key(KeyCode::KEY_LEFTSHIFT, 0);
            }
            pause(KEY);
        }
    }

    /// Somebody else who reads the keyboard, as the desktop does.
    fn other_reader(&self) -> RawDevice {
        RawDevice::open(&self.node).unwrap()
    }
}

/// Whether the kernel makes keyboards here; says why, if it doesn't.
fn has_typists() -> bool {
    let opened = std::fs::OpenOptions::new().write(true).open(UINPUT);
    if let Err(error) = &opened {
        println!("skipped: no {UINPUT} here ({error})");
    }
    opened.is_ok()
}

/// Whether the other reader sees anything, now or soon.
fn sees(reader: &RawDevice, soon: Duration) -> bool {
    let soon = Timespec::try_from(soon).unwrap();
    poll(&mut [PollFd::from_borrowed_fd(reader.as_fd(), PollFlags::IN)], Some(&soon)).unwrap() > 0
}

/// The keys that a device presses which is set up for the United States.
fn american(text: &str) -> Vec<Stroke> {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
    const CODES: [u16; 26] = [
        30, 48, 46, 32, 18, 33, 34, 35, 23, 36, 37, 38, 50, 49, 24, 25, 16, 19, 31, 20, 22, 47, 17, 45, 21,
        44,
    ];
    let stroke = |character: char| match character {
        '\r' => (28, false),
        '<' => (51, true),
        '0' => (11, false),
        digit @ '1'..='9' => (u16::try_from(digit.to_digit(10).unwrap()).unwrap() + 1, false),
        letter => {
            let at = LETTERS.find(letter.to_ascii_lowercase()).unwrap();
            (CODES[at], letter.is_ascii_uppercase())
        }
    };
    text.chars().map(stroke).map(|(code, shift)| (KeyCode(code), shift)).collect()
}

/// The keys that a device presses which is set up for Germany.
fn german(text: &str) -> Vec<Stroke> {
    let exchanged = |stroke: Stroke| match stroke {
        (KeyCode::KEY_Y, shift) => (KeyCode::KEY_Z, shift),
        (KeyCode::KEY_Z, shift) => (KeyCode::KEY_Y, shift),
        (KeyCode::KEY_COMMA, true) => (KeyCode::KEY_102ND, false),
        other => other,
    };
    american(text).into_iter().map(exchanged).collect()
}

#[test]
fn what_a_scanner_types_is_read_as_a_german_desktop_would_see_it() {
    if !has_typists() {
        return;
    }
    let desk = Desk::new();
    let mut typist = Typist::plug_in(&desk);
    let listening = listen(desk.keyboard());
    listening.available();
    typist.type_all(&german(ZONE));
    assert_eq!(listening.burst(), ZONE);
    typist.type_all(&american("MEYERZAHN<<\r"));
    assert_eq!(listening.burst(), "MEZERYAHN;;\r");
    listening.end();
}

#[test]
fn its_keys_reach_nobody_else_while_it_is_held_and_everybody_afterwards() {
    if !has_typists() {
        return;
    }
    let desk = Desk::new();
    let mut typist = Typist::plug_in(&desk);
    let desktop = typist.other_reader();
    let listening = listen(desk.keyboard());
    listening.available();
    typist.type_all(&american(ZONE));
    listening.burst();
    assert!(!sees(&desktop, Duration::ZERO));
    listening.end();
    // This reaches the desktop of whoever runs the test, too: nothing that types.
    typist.key(KeyCode::KEY_LEFTSHIFT, 1);
    typist.key(KeyCode::KEY_LEFTSHIFT, 0);
    assert!(sees(&desktop, DEADLINE));
}

#[test]
fn a_keyboard_that_somebody_else_holds_is_not_read() {
    if !has_typists() {
        return;
    }
    let desk = Desk::new();
    let mut typist = Typist::plug_in(&desk);
    let mut other = typist.other_reader();
    other.grab().unwrap();
    let listening = listen(desk.keyboard());
    listening.unavailable();
    typist.type_all(&american(ZONE));
    drop(other);
    listening.available();
    listening.end();
}

#[test]
fn a_keyboard_is_taken_only_when_no_key_is_down() {
    if !has_typists() {
        return;
    }
    let desk = Desk::new();
    let mut typist = Typist::plug_in(&desk);
    typist.key(KeyCode::KEY_LEFTSHIFT, 1);
    let listening = listen(desk.keyboard());
    listening.unavailable();
    typist.key(KeyCode::KEY_LEFTSHIFT, 0);
    listening.available();
    typist.type_all(&german("abc"));
    assert_eq!(listening.burst(), "abc");
    listening.end();
}

#[test]
fn a_keyboard_is_found_when_it_is_plugged_in_and_found_again() {
    if !has_typists() {
        return;
    }
    let desk = Desk::new();
    let listening = listen(desk.keyboard());
    listening.unavailable();
    for scan in ["first\r", "second\r"] {
        let mut typist = Typist::plug_in(&desk);
        listening.available();
        typist.type_all(&german(scan));
        assert_eq!(listening.burst(), scan);
        drop(typist);
        listening.unavailable();
    }
    listening.end();
}

#[test]
fn a_flood_of_keys_is_told_once_and_the_next_scan_is_whole() {
    if !has_typists() {
        return;
    }
    let desk = Desk::new();
    let mut typist = Typist::plug_in(&desk);
    let listening = listen(desk.keyboard());
    listening.available();
    typist.type_all(&german(&"x".repeat(2 * BURST_BYTES_MAX)));
    assert!(matches!(listening.next(), ScannerEvent::Overrun));
    for _ in 0..ATTEMPTS {
        pause(BURST_PAUSE * 2);
        typist.type_all(&german(ZONE));
        // A host that is too slow for this may lose keys now, too: never unnoticed.
        if let Ok(ScannerEvent::Burst(burst)) = listening.events.recv_timeout(BURST_PAUSE * 4) {
            assert_eq!(burst.bytes(), ZONE.as_bytes());
            return listening.end();
        }
    }
    panic!("the flood never ended");
}

#[test]
fn keys_that_the_kernel_has_lost_are_told_and_spoil_no_later_scan() {
    if !has_typists() {
        return;
    }
    let desk = Desk::new();
    let mut typist = Typist::plug_in(&desk);
    let listening = listen(desk.keyboard());
    listening.available();
    // More at once than the kernel keeps for a reader, and nothing that types.
    let stroke = [1, 0].map(|value| InputEvent::new(EventType::KEY.0, KeyCode::KEY_LEFTSHIFT.0, value));
    typist.keyboard.emit(&stroke.repeat(256)).unwrap();
    assert!(matches!(listening.next(), ScannerEvent::Overrun));
    pause(BURST_PAUSE * 2);
    typist.type_all(&german("abc"));
    assert_eq!(listening.burst(), "abc");
    listening.end();
}

#[test]
fn what_is_no_keyboard_is_no_device() -> io::Result<()> {
    let desk = Desk::new();
    std::fs::write(desk.name(), ZONE)?;
    let listening = listen(desk.keyboard());
    listening.unavailable();
    listening.end();
    Ok(())
}
