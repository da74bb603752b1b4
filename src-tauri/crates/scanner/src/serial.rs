//! A serial port.

use std::{
    io::{self, Read as _},
    time::Duration,
};

use serialport::{ClearBuffer, SerialPort};

use crate::source::{Port, READ_BYTES, Read};

/// A timed-out read must wait for something: Windows counts in milliseconds, and takes none for no waiting at all.
const TIMEOUT_MIN: Duration = Duration::from_millis(1);

pub(crate) struct Serial(Box<dyn SerialPort>);

impl Serial {
    pub(crate) fn open(device: &str, baud: u32) -> io::Result<Self> {
        // Devices that wait for a listener see one by this line.
        let port = serialport::new(device, baud).dtr_on_open(true).open()?;
        port.clear(ClearBuffer::Input)?;
        Ok(Self(port))
    }
}

impl Port for Serial {
    fn read(&mut self, buffer: &mut [u8; READ_BYTES], wait: Duration) -> io::Result<Read> {
        self.0.set_timeout(wait.max(TIMEOUT_MIN))?;
        match self.0.read(buffer) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => Ok(Read::Bytes(count)),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => Ok(Read::Nothing),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Read::Other),
            Err(error) => Err(error),
        }
    }
}
