//! A scanner that types: a keyboard of the kernel's (evdev), taken away from everybody else.

mod keys;

use std::{io, time::Duration};

use evdev::{EventType, KeyCode, SynchronizationCode, raw_stream::RawDevice};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::{Errno, read},
};
use zeroize::{Zeroize, Zeroizing};

use self::keys::Keys;
use crate::source::{Port, READ_BYTES, Read};

/// Bytes of the kernel's `struct input_event` on 64-bit machines (linux/input.h): when, in 16 bytes, type, code, value.
const EVENT_BYTES: usize = 24;
/// Events taken with one read: each makes one byte at most.
const EVENTS: usize = READ_BYTES;
/// Reads of events that came before the keyboard was taken: many times what the kernel keeps.
const DRAIN_READS: usize = 16;
/// What every keyboard has that can type a zone; mice and power buttons are "keyboards", too.
const NEEDED: [KeyCode; 3] = [KeyCode::KEY_A, KeyCode::KEY_0, KeyCode::KEY_ENTER];

pub(crate) struct Keyboard {
    device: RawDevice,
    /// The library would keep them where they can't be wiped.
    events: Zeroizing<[u8; EVENTS * EVENT_BYTES]>,
    keys: Keys,
}

impl Keyboard {
    pub(crate) fn open(device: &str) -> io::Result<Self> {
        let mut device = RawDevice::open(device)?;
        if !device.supported_keys().is_some_and(|keys| NEEDED.iter().all(|key| keys.contains(*key))) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        // The desktop would never see the end of a key that is down now, and repeat it for ever.
        if device.get_key_state()?.iter().next().is_some() {
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        device.grab()?;
        let events = Zeroizing::new([0; EVENTS * EVENT_BYTES]);
        let mut keyboard = Self { device, events, keys: Keys::default() };
        for _ in 0..DRAIN_READS {
            if keyboard.take(Duration::ZERO)? == 0 {
                break;
            }
        }
        keyboard.events.zeroize();
        Ok(keyboard)
    }

    /// How many bytes of events have come.
    fn take(&mut self, wait: Duration) -> io::Result<usize> {
        let wait = Timespec::try_from(wait).map_err(|_| io::ErrorKind::InvalidInput)?;
        match poll(&mut [PollFd::new(&self.device, PollFlags::IN)], Some(&wait)) {
            Ok(0) | Err(Errno::INTR) => return Ok(0),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        match read(&self.device, &mut *self.events)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => Ok(count),
        }
    }
}

impl Port for Keyboard {
    fn read(&mut self, buffer: &mut [u8; READ_BYTES], wait: Duration) -> io::Result<Read> {
        let taken = self.take(wait)?;
        if taken == 0 {
            return Ok(Read::Nothing);
        }
        let mut count = 0;
        let mut lost = false;
        for (kind, code, value) in
            self.events.get(..taken).unwrap_or_default().chunks_exact(EVENT_BYTES).map(event)
        {
            if kind == EventType::SYNCHRONIZATION && code == SynchronizationCode::SYN_DROPPED.0 {
                self.keys = Keys::default();
                lost = true;
            }
            let byte = if kind == EventType::KEY { self.keys.event(KeyCode(code), value) } else { None };
            if let (Some(byte), Some(place)) = (byte, buffer.get_mut(count)) {
                *place = byte;
                count += 1;
            }
        }
        self.events.zeroize();
        Ok(match (lost, count) {
            (true, _) => Read::Lost,
            (false, 0) => Read::Other,
            (false, count) => Read::Bytes(count),
        })
    }
}

/// Type, code and value of a `struct input_event`.
fn event(bytes: &[u8]) -> (EventType, u16, i32) {
    match bytes {
        [_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, t0, t1, c0, c1, v0, v1, v2, v3] => (
            EventType(u16::from_ne_bytes([*t0, *t1])),
            u16::from_ne_bytes([*c0, *c1]),
            i32::from_ne_bytes([*v0, *v1, *v2, *v3]),
        ),
        _ => (EventType::SYNCHRONIZATION, 0, 0),
    }
}
