//! Command and response APDU, short and extended (ISO/IEC 7816-4, command-response pairs).

mod odd;

use crate::status::StatusWord;
use std::fmt;
use zeroize::Zeroizing;

pub use odd::{OFFSET_ODD_MAX, discretionary_bytes};

/// Most command data bytes (Nc) in the short form.
pub const NC_SHORT_MAX: usize = 255;
/// Most command data bytes (Nc) in the extended form.
pub const NC_MAX: usize = 65_535;
/// Highest expected length (Ne) in the short form, coded as `00`.
pub const NE_SHORT_MAX: usize = 256;
/// Highest expected length (Ne) in the extended form, coded as `0000`.
pub const NE_MAX: usize = 65_536;
/// Longest response APDU: Ne at its highest and two status bytes.
pub const RESPONSE_BYTES_MAX: usize = NE_MAX + 2;

/// Highest offset that READ BINARY (INS `B0`) can name: 15 bits.
pub const OFFSET_MAX: usize = 0x7FFF;

/// CLA bit 5: further commands of the same chain follow (ISO/IEC 7816-4, command chaining).
const CLA_CHAINING: u8 = 0x10;
const INS_SELECT: u8 = 0xA4;
const INS_READ_BINARY: u8 = 0xB0;
const INS_GET_RESPONSE: u8 = 0xC0;
/// SELECT P2: first or only occurrence, no response data.
const P2_NO_RESPONSE: u8 = 0x0C;

/// What a command and its answer carry, and so what a [recorder](crate::transcript::Recorder) may write down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sensitivity {
    /// Neither side says anything about a person: recorded in full.
    Public,
    /// Data of a person: only the lengths are recorded.
    Personal,
    /// A PIN, a key, a password or what could give one away: not even the lengths are recorded.
    Secret,
}

/// A short file identifier, 1 to 30.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sfi(u8);

impl Sfi {
    /// A short file identifier; made in a `const`, a wrong one doesn't compile.
    ///
    /// # Panics
    /// Outside 1 to 30.
    pub const fn new(value: u8) -> Self {
        assert!(1 <= value && value <= 30, "a short file identifier is 1 to 30");
        Self(value)
    }
}

/// How Lc and Le are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthForm {
    /// One byte each.
    Short,
    /// Two bytes each, behind a leading `00`.
    Extended,
}

/// Why bytes are no APDU, or a command can't be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApduError {
    /// Fewer than four header bytes, or fewer than two status bytes.
    #[error("the APDU is too short")]
    TooShort,
    /// More than [`NC_MAX`] data bytes, or a response of more than [`RESPONSE_BYTES_MAX`] bytes.
    #[error("the APDU is too long")]
    TooLong,
    /// The length bytes fit none of the cases 1 to 4.
    #[error("the APDU's length bytes fit no case")]
    WrongLength,
    /// READ BINARY beyond what its offset can name.
    #[error("the offset is too high")]
    OffsetTooHigh,
}

/// A command APDU: header, data field, expected length.
///
/// The data is wiped on drop, and `Debug` tells the header and the lengths alone.
#[derive(Clone, PartialEq, Eq)]
pub struct CommandApdu {
    cla: u8,
    ins: u8,
    p1: u8,
    p2: u8,
    data: Zeroizing<Vec<u8>>,
    ne: usize,
    sensitivity: Sensitivity,
}

impl CommandApdu {
    /// A command without data and without an expected answer (case 1), [`Sensitivity::Secret`] until said
    /// otherwise.
    pub fn new(cla: u8, ins: u8, p1: u8, p2: u8) -> Self {
        Self { cla, ins, p1, p2, data: Zeroizing::new(Vec::new()), ne: 0, sensitivity: Sensitivity::Secret }
    }

    /// The same command with this data field.
    ///
    /// # Errors
    /// [`ApduError::TooLong`] for more than [`NC_MAX`] bytes.
    pub fn with_data(mut self, data: &[u8]) -> Result<Self, ApduError> {
        if data.len() > NC_MAX {
            return Err(ApduError::TooLong);
        }
        self.data = Zeroizing::new(data.to_vec());
        Ok(self)
    }

    /// The same command, expecting up to `ne` bytes of answer; more than [`NE_MAX`] means [`NE_MAX`], 0 means
    /// none.
    pub fn with_ne(mut self, ne: usize) -> Self {
        self.ne = ne.min(NE_MAX);
        self
    }

    /// The same command with this sensitivity.
    pub fn with_sensitivity(mut self, sensitivity: Sensitivity) -> Self {
        self.sensitivity = sensitivity;
        self
    }

    /// SELECT an application by its identifier (P1 `04`), no answer data wanted.
    ///
    /// An identifier of fewer than 5 or more than 16 bytes doesn't compile.
    pub fn select_application<const N: usize>(aid: &[u8; N]) -> Self {
        const { assert!(5 <= N && N <= 16, "an application identifier has 5 to 16 bytes") };
        Self {
            data: Zeroizing::new(aid.to_vec()),
            sensitivity: Sensitivity::Public,
            ..Self::new(0x00, INS_SELECT, 0x04, P2_NO_RESPONSE)
        }
    }

    /// SELECT an elementary file below the current application by its identifier (P1 `02`), no answer data
    /// wanted.
    pub fn select_file(fid: u16) -> Self {
        Self {
            data: Zeroizing::new(fid.to_be_bytes().to_vec()),
            sensitivity: Sensitivity::Public,
            ..Self::new(0x00, INS_SELECT, 0x02, P2_NO_RESPONSE)
        }
    }

    /// READ BINARY from `offset` of the file with a short identifier, which becomes the current file,
    /// [`Sensitivity::Personal`] until said otherwise.
    pub fn read_binary_sfi(sfi: Sfi, offset: u8, ne: usize) -> Self {
        Self::new(0x00, INS_READ_BINARY, 0x80 | sfi.0, offset)
            .with_ne(ne)
            .with_sensitivity(Sensitivity::Personal)
    }

    /// READ BINARY from `offset` of the current file, [`Sensitivity::Personal`] until said otherwise.
    ///
    /// # Errors
    /// [`ApduError::OffsetTooHigh`] beyond [`OFFSET_MAX`].
    pub fn read_binary(offset: usize, ne: usize) -> Result<Self, ApduError> {
        if offset > OFFSET_MAX {
            return Err(ApduError::OffsetTooHigh);
        }
        let [p1, p2] = length_bytes(offset);
        Ok(Self::new(0x00, INS_READ_BINARY, p1, p2).with_ne(ne).with_sensitivity(Sensitivity::Personal))
    }

    /// GET RESPONSE for an answer that waits in the card, as sensitive as the command it belongs to.
    pub fn get_response(ne: usize, sensitivity: Sensitivity) -> Self {
        Self::new(0x00, INS_GET_RESPONSE, 0x00, 0x00).with_ne(ne).with_sensitivity(sensitivity)
    }

    /// Class byte.
    pub fn cla(&self) -> u8 {
        self.cla
    }

    /// Instruction byte.
    pub fn ins(&self) -> u8 {
        self.ins
    }

    /// First parameter byte.
    pub fn p1(&self) -> u8 {
        self.p1
    }

    /// Second parameter byte.
    pub fn p2(&self) -> u8 {
        self.p2
    }

    /// CLA INS P1 P2.
    pub fn header(&self) -> [u8; 4] {
        [self.cla, self.ins, self.p1, self.p2]
    }

    /// The data field, Nc bytes, empty in the cases 1 and 2.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Ne: the most bytes of answer, 0 in the cases 1 and 3.
    pub fn ne(&self) -> usize {
        self.ne
    }

    /// What a recorder may write of this command and its answer.
    pub fn sensitivity(&self) -> Sensitivity {
        self.sensitivity
    }

    /// The form that holds this command in the fewest bytes.
    pub fn shortest_form(&self) -> LengthForm {
        if self.data.len() <= NC_SHORT_MAX && self.ne <= NE_SHORT_MAX {
            LengthForm::Short
        } else {
            LengthForm::Extended
        }
    }

    /// The bytes for the card. A command that the short form can't hold is coded in the extended form
    /// whatever `form` says; [`CardChannelExt::execute`](crate::CardChannelExt::execute) never makes one for
    /// a channel without it.
    pub fn encode(&self, form: LengthForm) -> Zeroizing<Vec<u8>> {
        let extended = form == LengthForm::Extended || self.shortest_form() == LengthForm::Extended;
        // Reserved in full: a buffer that grows would leave unwiped copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(4 + 3 + self.data.len() + 3));
        bytes.extend_from_slice(&self.header());
        let [lc_high, lc_low] = length_bytes(self.data.len());
        // Ne at its highest is coded as zero: the low bytes of 256 and 65,536.
        let [le_high, le_low] = length_bytes(self.ne);
        if extended {
            if !self.data.is_empty() || self.ne > 0 {
                bytes.push(0x00);
            }
            if !self.data.is_empty() {
                bytes.extend_from_slice(&[lc_high, lc_low]);
                bytes.extend_from_slice(&self.data);
            }
            if self.ne > 0 {
                bytes.extend_from_slice(&[le_high, le_low]);
            }
        } else {
            if !self.data.is_empty() {
                bytes.push(lc_low);
                bytes.extend_from_slice(&self.data);
            }
            if self.ne > 0 {
                bytes.push(le_low);
            }
        }
        bytes
    }

    /// Reads a command in either form. Bytes don't say how sensitive they are: the result is
    /// [`Sensitivity::Secret`].
    ///
    /// # Errors
    /// [`ApduError::TooShort`] without a whole header, [`ApduError::WrongLength`] where Lc and the bytes
    /// disagree.
    pub fn decode(bytes: &[u8]) -> Result<Self, ApduError> {
        let (&[cla, ins, p1, p2], body) = bytes.split_first_chunk::<4>().ok_or(ApduError::TooShort)?;
        let (data, ne) = decode_body(body).ok_or(ApduError::WrongLength)?;
        Ok(Self { data: Zeroizing::new(data.to_vec()), ne, ..Self::new(cla, ins, p1, p2) })
    }

    /// One link of a command chain: this header with the chaining bit, other data and no expected answer
    /// unless last.
    pub(crate) fn chain_link(&self, data: &[u8], last: bool) -> Self {
        Self {
            cla: if last { self.cla } else { self.cla | CLA_CHAINING },
            data: Zeroizing::new(data.to_vec()),
            ne: if last { self.ne } else { 0 },
            ..Self::new(self.cla, self.ins, self.p1, self.p2).with_sensitivity(self.sensitivity)
        }
    }
}

/// The low two bytes of a length that the constructors have limited.
fn length_bytes(length: usize) -> [u8; 2] {
    let [.., high, low] = length.to_be_bytes();
    [high, low]
}

/// Lc, data and Le of the seven cases 1, 2S, 3S, 4S, 2E, 3E, 4E.
fn decode_body(body: &[u8]) -> Option<(&[u8], usize)> {
    match body {
        [] => Some((&[], 0)),
        [le] => Some((&[], short_ne(*le))),
        [0x00, high, low] => Some((&[], extended_ne(*high, *low))),
        [0x00, high, low, rest @ ..] => {
            match rest.split_at_checked(usize::from(u16::from_be_bytes([*high, *low])))? {
                ([], _) => None,
                (data, []) => Some((data, 0)),
                (data, [high, low]) => Some((data, extended_ne(*high, *low))),
                _ => None,
            }
        }
        [lc, rest @ ..] => match rest.split_at_checked(usize::from(*lc))? {
            ([], _) => None,
            (data, []) => Some((data, 0)),
            (data, [le]) => Some((data, short_ne(*le))),
            _ => None,
        },
    }
}

fn short_ne(le: u8) -> usize {
    if le == 0 { NE_SHORT_MAX } else { usize::from(le) }
}

fn extended_ne(high: u8, low: u8) -> usize {
    let le = usize::from(u16::from_be_bytes([high, low]));
    if le == 0 { NE_MAX } else { le }
}

impl fmt::Debug for CommandApdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [cla, ins, p1, p2] = self.header();
        write!(f, "CommandApdu({cla:02X} {ins:02X} {p1:02X} {p2:02X}, {:?})", self.sensitivity)
    }
}

/// A response APDU: data and status word.
///
/// The data is wiped on drop, and `Debug` tells its length alone.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseApdu {
    /// The data field, Nr bytes.
    pub data: Zeroizing<Vec<u8>>,
    /// SW1 SW2.
    pub status: StatusWord,
}

impl ResponseApdu {
    /// An answer of these parts.
    pub fn new(data: &[u8], status: StatusWord) -> Self {
        Self { data: Zeroizing::new(data.to_vec()), status }
    }

    /// Reads what came from the card.
    ///
    /// # Errors
    /// [`ApduError::TooShort`] without two status bytes, [`ApduError::TooLong`] beyond
    /// [`RESPONSE_BYTES_MAX`].
    pub fn decode(bytes: &[u8]) -> Result<Self, ApduError> {
        if bytes.len() > RESPONSE_BYTES_MAX {
            return Err(ApduError::TooLong);
        }
        let (data, status) = bytes.split_last_chunk::<2>().ok_or(ApduError::TooShort)?;
        Ok(Self::new(data, StatusWord(u16::from_be_bytes(*status))))
    }

    /// The bytes as a card sends them.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.data.len() + 2));
        bytes.extend_from_slice(&self.data);
        bytes.extend_from_slice(&self.status.0.to_be_bytes());
        bytes
    }
}

impl fmt::Debug for ResponseApdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResponseApdu({} bytes, {:?})", self.data.len(), self.status)
    }
}

#[cfg(test)]
mod tests;
