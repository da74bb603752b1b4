//! Where a scanner is plugged in, and what it has sent.

use std::{io, time::Duration};

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
use crate::keyboard::Keyboard;
use crate::{scanner::ScannerError, serial::Serial};

/// Slowest and fastest speed that scanners offer, in bits a second. A virtual serial port (USB CDC) takes any and heeds none.
pub const BAUD_MIN: u32 = 300;
/// See [`BAUD_MIN`].
pub const BAUD_MAX: u32 = 921_600;
/// Most bytes of a device's name: a file name's on Linux, of which names by id come near a half, behind a short folder.
pub const DEVICE_NAME_MAX: usize = 255;

/// Where a scanner is plugged in. A device's name has at most [`DEVICE_NAME_MAX`] bytes; one below `/dev/serial/by-id` or
/// `/dev/input/by-id` stays the same wherever the device is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A serial port, real or virtual: eight data bits, no parity, one stop bit, no flow control.
    Serial {
        /// `/dev/serial/by-id/…`, `/dev/ttyACM0`, `COM3`.
        device: String,
        /// Bits a second, from [`BAUD_MIN`] to [`BAUD_MAX`].
        baud: u32,
    },
    /// A scanner that types. Its keys reach no window and no other program while it is held: whatever keyboard is named here
    /// is taken away from the desktop. 64-bit Linux only.
    Keyboard {
        /// `/dev/input/by-id/…-event-kbd`.
        device: String,
    },
}

impl Source {
    /// # Errors
    /// [`ScannerError`]: there can't be such a source.
    pub(crate) fn check(&self) -> Result<(), ScannerError> {
        let (Self::Serial { device, .. } | Self::Keyboard { device }) = self;
        if device.is_empty() || device.len() > DEVICE_NAME_MAX || device.contains(char::is_control) {
            return Err(ScannerError::DeviceName);
        }
        match self {
            Self::Serial { baud, .. } if !(BAUD_MIN..=BAUD_MAX).contains(baud) => {
                Err(ScannerError::Baud(*baud))
            }
            Self::Keyboard { .. } if !cfg!(all(target_os = "linux", target_pointer_width = "64")) => {
                Err(ScannerError::NoKeyboards)
            }
            Self::Serial { .. } | Self::Keyboard { .. } => Ok(()),
        }
    }

    /// Takes the device, for this program alone. What it sent before is dropped: it was meant for nobody.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Port>> {
        match self {
            Self::Serial { device, baud } => Ok(Box::new(Serial::open(device, *baud)?)),
            #[cfg(all(target_os = "linux", target_pointer_width = "64"))]
            Self::Keyboard { device } => Ok(Box::new(Keyboard::open(device)?)),
            #[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
            Self::Keyboard { .. } => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

/// A device that is held. Dropped, it is free.
pub(crate) trait Port {
    /// Waits for what comes next, at most as long as said, and puts it into the buffer.
    ///
    /// # Errors
    /// The device is gone.
    fn read(&mut self, buffer: &mut [u8; READ_BYTES], wait: Duration) -> io::Result<Read>;
}

/// Bytes taken with one read: more than a USB packet, and a burst of the usual length.
pub(crate) const READ_BYTES: usize = 128;

/// What a read has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Read {
    /// So many bytes, at least one.
    Bytes(usize),
    /// Something that is no byte: a key was released, a call interrupted.
    Other,
    /// Nothing, as long as it waited.
    Nothing,
    /// The system has lost some of what came. Serial ports don't tell.
    #[cfg_attr(not(all(target_os = "linux", target_pointer_width = "64")), expect(dead_code))]
    Lost,
}
