//! Reading big-endian numbers from the front of bytes.

/// What is left to read; every reader gives `None` where too little is left, and then takes nothing.
#[derive(Clone, Copy)]
pub(super) struct Octets<'a>(pub(super) &'a [u8]);

impl<'a> Octets<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// A number of four bytes that counts bytes.
    pub(super) fn length(&mut self) -> Option<usize> {
        self.u32().and_then(|length| length.try_into().ok())
    }

    /// The value of a segment whose length field of two bytes counts itself, as JPEG and JPEG 2000 have them.
    pub(super) fn segment(&mut self) -> Option<Self> {
        let length = usize::from(self.u16()?);
        self.take(length.checked_sub(2)?).map(Self)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
