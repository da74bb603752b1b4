//! Scanners: devices that send what they have read at once, and say nothing in between. This crate knows serial ports and keyboards,
//! and where one scan ends; never what a scan means.
//!
//! [`Scanner`] holds the device on a thread of its own, so that no window and no other program gets what it sends, and tells
//! [`ScannerEvent`]s: each scan as one [`Burst`], and whether the device is there at all. A device that is unplugged is found again.
//!
//! A scanner that types like a keyboard ([`Source::Keyboard`], Linux only) is taken away from the desktop while it is held. One that
//! is set to a virtual serial port (USB CDC) with its maker's sheet of bar codes types nowhere at any time.
//!
//! Proven with pseudo-terminals, and with keyboards that the kernel makes for programs (uinput; where it makes none, those tests say
//! that they were skipped). On Windows the same code opens a COM port. Neither that nor a device of a maker has been tried.

mod burst;
mod framing;
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod keyboard;
mod scanner;
mod serial;
mod source;

pub use burst::{BURST_BYTES_MAX, BURST_PAUSE, Burst};
pub use scanner::{Scanner, ScannerError, ScannerEvent};
pub use source::{BAUD_MAX, BAUD_MIN, DEVICE_NAME_MAX, Source};
