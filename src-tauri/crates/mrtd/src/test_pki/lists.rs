//! Lists: revocation lists, and the contents of master lists and defect lists.

use super::{Issued, algorithm_identifier, der, hash_oid, oid};
use crate::passive::algorithms::{Hash, Scheme};
use jiff::civil::Date;

/// A revocation list before it is signed.
#[derive(Clone)]
pub(crate) struct RevocationDraft<'a> {
    pub(crate) authority: &'a Issued,
    pub(crate) issued: Date,
    /// When the next one is promised for.
    pub(crate) next: Option<Date>,
    pub(crate) number: u8,
    pub(crate) serials: Vec<u16>,
    pub(crate) scheme: Scheme,
    /// An indicator of a list of changes.
    pub(crate) is_delta: bool,
}

impl<'a> RevocationDraft<'a> {
    pub(crate) fn new(authority: &'a Issued, issued: Date, serials: &[u16]) -> Self {
        let scheme = authority.key.scheme();
        let next = Some(issued.saturating_add(jiff::Span::new().days(90)));
        Self { authority, issued, next, number: 1, serials: serials.to_vec(), scheme, is_delta: false }
    }

    pub(crate) fn signed(&self) -> Vec<u8> {
        let day = |day: Date| der(0x17, &[day.strftime("%y%m%d000000Z").to_string().as_bytes()]);
        let issued = day(self.issued);
        let entry = |serial: &u16| {
            let serial = [&[0x00], &serial.to_be_bytes()[..]].concat();
            let shortest = serial.iter().position(|byte| *byte != 0).unwrap_or(2);
            let shortest = if serial[shortest] & 0x80 == 0 { shortest } else { shortest - 1 };
            der(0x30, &[&der(0x02, &[&serial[shortest..]]), &issued])
        };
        let entries: Vec<_> = self.serials.iter().flat_map(entry).collect();
        let entries = if entries.is_empty() { Vec::new() } else { der(0x30, &[&entries]) };
        let number = der(0x02, &[&[self.number]]);
        let extension = |name: &str, critical: &[u8]| {
            der(0x30, &[&der(0x06, &[&oid(name)]), critical, &der(0x04, &[&number])])
        };
        let delta = if self.is_delta { extension("2.5.29.27", &[0x01, 0x01, 0xFF]) } else { Vec::new() };
        let extensions = der(0xA0, &[&der(0x30, &[&extension("2.5.29.20", &[]), &delta])]);
        let algorithm = algorithm_identifier(self.scheme);
        let issuer = self.authority.x509.subject_name().to_der().unwrap();
        let next = self.next.map(day).unwrap_or_default();
        let version = der(0x02, &[&[1]]);
        let body = der(0x30, &[&version, &algorithm, &issuer, &issued, &next, &entries, &extensions]);
        let signature = [&[0x00], &self.authority.key.sign(self.scheme, &body)[..]].concat();
        der(0x30, &[&body, &algorithm, &der(0x03, &[&signature])])
    }
}

/// CscaMasterList.
pub(crate) fn master_list(certificates: &[Vec<u8>]) -> Vec<u8> {
    der(0x30, &[&der(0x02, &[&[0]]), &der(0x31, &[&certificates.concat()])])
}

/// DefectList of version 1 with these defects of one signer: by its name, or by the hash of its certificate.
pub(crate) fn defect_list(signer: &Issued, by_hash: Option<Hash>, defects: &[&str]) -> Vec<u8> {
    let serial = der(0x02, &[&signer.x509.serial_number().to_bn().unwrap().to_vec()]);
    let named = der(0x30, &[&signer.x509.issuer_name().to_der().unwrap(), &serial]);
    // With a hash, a name that is nobody's: the hash is what counts.
    let nobody = der(0x80, &[b"nobody"]);
    let identifier = if by_hash.is_some() { nobody } else { named };
    let hash = by_hash.map(|hash| der(0x04, &[&hash.digest(&signer.der())])).unwrap_or_default();
    let known: Vec<_> = defects.iter().flat_map(|it| der(0x30, &[&der(0x06, &[&oid(it)])])).collect();
    let defect = der(0x30, &[&identifier, &hash, &der(0x31, &[&known])]);
    let algorithm = der(0x06, &[&hash_oid(by_hash.unwrap_or(Hash::Sha256))]);
    der(0x30, &[&der(0x02, &[&[0]]), &algorithm, &der(0x31, &[&defect])])
}
