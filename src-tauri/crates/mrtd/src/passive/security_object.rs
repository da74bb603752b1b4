//! EF.SOD: the signed list of hashes of the data groups (Doc 9303-10, 4.6.2).

use super::algorithms::Hash;
use super::ber::to_definite;
use super::der::{Element, Header, INTEGER, NotDer, OCTET_STRING, SEQUENCE};
use super::oids;
use super::signed_data::SignedData;
use crate::trust::{KnownDefects, TrustStore};
use crate::verdict::{Reason, Verdict};
use std::fmt;
use zeroize::Zeroizing;

/// Largest EF.SOD. They have 1 to 4 kilobytes; those with a whole chain of RSA certificates stay below ten.
pub const SOD_BYTES_MAX: usize = 64 << 10;

/// The file's template (Doc 9303-10).
const TEMPLATE: u8 = 0x77;
/// Data groups of LDS1.
const DATA_GROUPS: std::ops::RangeInclusive<u16> = 1..=16;

/// Why bytes are no EF.SOD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SodError {
    /// Larger than [`SOD_BYTES_MAX`].
    #[error("the security object is too large")]
    TooLarge,
    /// It isn't of its form.
    #[error("the security object is malformed")]
    Malformed,
    /// What is signed is something else.
    #[error("this is no document security object")]
    ContentType,
}

/// EF.SOD as it was read: well-formed, and no more. [`authenticate`](super::authenticate) says whether to believe it.
///
/// `Debug` tells nothing of it, and it is wiped on drop: its hashes would recognize a document.
pub struct SecurityObject {
    pub(super) signed: SignedData,
    hash: Option<Hash>,
    hashes: Vec<DataGroupHash>,
}

struct DataGroupHash {
    number: u8,
    value: Zeroizing<Vec<u8>>,
}

impl SecurityObject {
    /// Reads EF.SOD with its tag and length. `00` bytes behind it are padding.
    ///
    /// Taken are the LDS security objects of version 0 and 1 under ICAO's name, under its earlier one (Belgium,
    /// France), under that of the Netherlands and as plain data (China), and BER instead of DER (New Zealand).
    ///
    /// # Errors
    /// Every [`SodError`].
    pub fn parse(ef_sod: &[u8]) -> Result<Self, SodError> {
        if ef_sod.len() > SOD_BYTES_MAX {
            return Err(SodError::TooLarge);
        }
        let content_info = unwrap_template(ef_sod).map_err(|_| SodError::Malformed)?;
        let signed = SignedData::parse(&content_info).map_err(|_| SodError::Malformed)?;
        let known = [
            oids::LDS_SECURITY_OBJECT,
            oids::LDS_SECURITY_OBJECT_EARLIER,
            oids::LDS_SECURITY_OBJECT_SDU,
            oids::DATA,
        ];
        if !known.contains(&signed.content_type.as_slice()) {
            return Err(SodError::ContentType);
        }
        let (hash, hashes) = read_list(&signed.content).map_err(|_| SodError::Malformed)?;
        Ok(Self { signed, hash, hashes })
    }

    /// The numbers of the data groups that the list names, 1 to 16, in its order.
    pub fn data_groups(&self) -> impl Iterator<Item = u8> {
        self.hashes.iter().map(|hash| hash.number)
    }

    /// What the defect lists say of the keys in this signer's chips: where they are known to others, neither chip nor
    /// active authentication proves anything.
    pub fn known_defects(&self, trust: &TrustStore) -> KnownDefects {
        self.signed.signer().map(|signer| trust.known_defects(signer)).unwrap_or_default()
    }

    /// Whether this is the data group that the list has the hash of.
    pub(super) fn data_verdict(&self, number: u8, contents: &[u8]) -> Verdict {
        let Some(expected) = self.hashes.iter().find(|listed| listed.number == number) else {
            return Verdict::Invalid(Reason::NotInList);
        };
        match self.hash {
            None => Verdict::NotVerifiable(Reason::UnknownAlgorithm),
            Some(hash) if hash.digest(contents) == *expected.value => Verdict::Valid,
            Some(_) => Verdict::Invalid(Reason::HashDiffers),
        }
    }

    /// Whether list or signature would fall with SHA-1.
    pub(super) fn rests_on_sha1(&self) -> bool {
        self.hash == Some(Hash::Sha1) || self.signed.rests_on_sha1()
    }
}

impl fmt::Debug for SecurityObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecurityObject(…)")
    }
}

fn unwrap_template(ef_sod: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotDer> {
    let header = Header::read(ef_sod)?;
    if header.tag != TEMPLATE {
        return Err(NotDer);
    }
    let Some(length) = header.length else {
        let definite = to_definite(ef_sod)?;
        return Ok(Zeroizing::new(Element::only(&definite, TEMPLATE)?.value.to_vec()));
    };
    let rest = ef_sod.get(header.bytes..).ok_or(NotDer)?;
    let (content_info, padding) = rest.split_at_checked(length).ok_or(NotDer)?;
    if padding.iter().all(|byte| *byte == 0) {
        Ok(Zeroizing::new(content_info.to_vec()))
    } else {
        Err(NotDer)
    }
}

/// LDSSecurityObject.
fn read_list(content: &[u8]) -> Result<(Option<Hash>, Vec<DataGroupHash>), NotDer> {
    let mut parts = Element::only(content, SEQUENCE)?.children();
    let version = parts.take(INTEGER)?.small()?;
    let hash = Hash::from_algorithm(&parts.take(SEQUENCE)?)?;
    let mut hashes: Vec<DataGroupHash> = Vec::new();
    for entry in parts.take(SEQUENCE)?.children().all(SEQUENCE, usize::from(*DATA_GROUPS.end()))? {
        let mut entry = entry.children();
        let number = entry.take(INTEGER)?.small()?;
        let value = Zeroizing::new(entry.take(OCTET_STRING)?.value.to_vec());
        entry.end()?;
        let number = u8::try_from(number).ok().filter(|_| DATA_GROUPS.contains(&number)).ok_or(NotDer)?;
        if hashes.iter().any(|known| known.number == number) {
            return Err(NotDer);
        }
        hashes.push(DataGroupHash { number, value });
    }
    // Version 1 adds LDSVersionInfo, two strings that nothing here depends on.
    if version > 0 {
        parts.take_if(SEQUENCE)?;
    }
    parts.end()?;
    Ok((hash, hashes))
}
