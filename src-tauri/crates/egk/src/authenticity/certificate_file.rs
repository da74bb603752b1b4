//! The files that hold certificates, and how one is read.

use smartcard::{CardChannel, CardChannelExt, ChannelError, CommandApdu, Sensitivity, Sfi, StatusWord};

/// Most READ BINARY commands for one file: nine of the smallest pieces that a secure channel gives, and as many again. A
/// card that gives single bytes can't keep the reading going.
const READS_MAX: usize = 18;

/// The whitelist of the proofs, as [`EgkFile`](crate::EgkFile) is that of the reading (gemSpec_eGK_ObjSys; all are free
/// to read with contacts).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CertificateFile {
    /// MF/EF.C.CA_eGK.CS.E256: the authority of the chip's certificate.
    Authority,
    /// MF/EF.C.eGK.AUT_CVC.E256: the chip's certificate.
    Chip,
    /// DF.ESIGN/EF.C.CH.AUT.E256: the cardholder's certificate.
    Cardholder,
    /// DF.ESIGN/EF.C.CH.AUT.R2048: the same of generation 2.
    CardholderRsa,
}

/// What became of reading a certificate.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CertificateRead {
    /// The certificate, as long as its own length field says.
    Read(Vec<u8>),
    /// There is no such file, or nothing in it.
    Absent,
    /// The file doesn't hold what its length field says, or is too large.
    Malformed,
    /// The card refused.
    Refused(StatusWord),
}

impl CertificateFile {
    /// Reads the certificate, of which `header` finds the whole length by the first bytes. What the file holds behind is
    /// dropped.
    ///
    /// # Errors
    /// A [`ChannelError`] where no answer came.
    pub(crate) fn read(self, channel: &mut dyn CardChannel) -> Result<CertificateRead, ChannelError> {
        let ne_max = channel.ne_max();
        let mut command = CommandApdu::read_binary_sfi(self.sfi(), 0, ne_max);
        let mut bytes = Vec::new();
        for _ in 0..READS_MAX {
            let response = channel.execute(&command.with_sensitivity(self.sensitivity()))?;
            match response.status {
                StatusWord::OK | StatusWord::END_OF_FILE => {}
                StatusWord::NOT_FOUND if bytes.is_empty() => return Ok(CertificateRead::Absent),
                // The offset is behind the end of the file.
                StatusWord::WRONG_P1_P2 if bytes.is_empty() => return Ok(CertificateRead::Absent),
                StatusWord::WRONG_P1_P2 => return Ok(CertificateRead::Malformed),
                status => return Ok(CertificateRead::Refused(status)),
            }
            if response.data.is_empty() {
                let empty = bytes.is_empty();
                return Ok(if empty { CertificateRead::Absent } else { CertificateRead::Malformed });
            }
            bytes.extend_from_slice(&response.data);
            let Some(length) = encoded_length(&bytes).filter(|length| *length <= self.bytes_max()) else {
                let blank = bytes.iter().all(|byte| *byte == 0);
                return Ok(if blank { CertificateRead::Absent } else { CertificateRead::Malformed });
            };
            if bytes.len() >= length {
                bytes.truncate(length);
                return Ok(CertificateRead::Read(bytes));
            }
            let Ok(next) = CommandApdu::read_binary(bytes.len(), ne_max.min(length - bytes.len())) else {
                break;
            };
            command = next;
        }
        Ok(CertificateRead::Malformed)
    }

    const fn sfi(self) -> Sfi {
        match self {
            Self::Authority => const { Sfi::new(0x07) },
            Self::Chip => const { Sfi::new(0x06) },
            Self::Cardholder => const { Sfi::new(0x04) },
            Self::CardholderRsa => const { Sfi::new(0x01) },
        }
    }

    /// The chip's certificate names the card, the cardholder's the person; the authority's is that of millions of cards.
    const fn sensitivity(self) -> Sensitivity {
        match self {
            Self::Authority => Sensitivity::Public,
            Self::Chip | Self::Cardholder | Self::CardholderRsa => Sensitivity::Personal,
        }
    }

    /// What cards reserve for it: 220, 222 and 1,900 bytes.
    const fn bytes_max(self) -> usize {
        match self {
            Self::Authority | Self::Chip => 222,
            Self::Cardholder | Self::CardholderRsa => 1_900,
        }
    }
}

/// Bytes of the data object that begins here (tag, length and value), by a head of at most seven bytes that is there:
/// two tag bytes or one, and a length field of one to three bytes.
fn encoded_length(bytes: &[u8]) -> Option<usize> {
    let (tag_bytes, after_tag) = match bytes {
        [0x7F, _, rest @ ..] => (2, rest),
        [0x30, rest @ ..] => (1, rest),
        _ => return None,
    };
    let (length_bytes, value) = match after_tag {
        [0x82, high, low, ..] => (3, usize::from(u16::from_be_bytes([*high, *low]))),
        [0x81, length, ..] => (2, usize::from(*length)),
        [length @ 0..=0x7F, ..] => (1, usize::from(*length)),
        _ => return None,
    };
    Some(tag_bytes + length_bytes + value)
}

#[cfg(test)]
mod tests;
