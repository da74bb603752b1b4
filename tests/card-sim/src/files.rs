//! A card's folders and files, and what SELECT tells of them (ISO 7816-4, 7.4.3).

use crate::tlv::tlv;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, by the contacts and over the air.
    Always,
    /// Everybody by the contacts; over the air only inside secure messaging.
    Private,
    /// Everybody, but only inside secure messaging.
    Protected,
    /// Nobody whom a simulated card knows.
    Never,
    /// Inside secure messaging where [`Self::Private`] asks for it, and after the PIN (MRPIN.home) was proven.
    AfterAuthentication,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Bytes up to the logical end of the file.
    Transparent(Vec<u8>),
    /// Records, numbered from 1.
    Records(Vec<Vec<u8>>),
}

/// An elementary file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// File identifier.
    pub fid: u16,
    /// Short file identifier, 1 to 30.
    pub sfi: u8,
    /// Bytes reserved for the file; transparent content may be shorter.
    pub reserved: u16,
    /// Access rule for reading.
    pub read: Access,
    /// The content.
    pub content: Content,
}

/// The root or an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Application identifier, 5 to 16 bytes.
    pub aid: Vec<u8>,
    /// File identifier, if it has one (the root: `3F00`).
    pub fid: Option<u16>,
    /// Deactivated by the issuer: selectable with `6283`, nothing in it is readable.
    pub deactivated: bool,
    /// Elementary files in it.
    pub files: Vec<File>,
}

impl File {
    /// A transparent file with the access rule [`Access::Private`].
    #[must_use]
    pub fn transparent(fid: u16, sfi: u8, reserved: u16, bytes: Vec<u8>) -> Self {
        Self { fid, sfi, reserved, read: Access::Private, content: Content::Transparent(bytes) }
    }

    /// A file of records with the access rule [`Access::Private`].
    #[must_use]
    pub fn records(fid: u16, sfi: u8, records: Vec<Vec<u8>>) -> Self {
        let reserved = records.iter().map(|record| u16::try_from(record.len()).unwrap_or(u16::MAX)).sum();
        Self { fid, sfi, reserved, read: Access::Private, content: Content::Records(records) }
    }

    /// The same file, readable for everybody in every way.
    #[must_use]
    pub fn open(self) -> Self {
        Self { read: Access::Always, ..self }
    }

    /// File control parameters, without the access rules (tag `A1`) that no reader here interprets.
    pub(crate) fn control_parameters(&self) -> Vec<u8> {
        let (descriptor, stored): (Vec<u8>, usize) = match &self.content {
            Content::Transparent(bytes) => (vec![0x41], bytes.len()),
            Content::Records(records) => {
                let longest = records.iter().map(Vec::len).max().unwrap_or(0);
                let sizes =
                    [u8::try_from(longest), u8::try_from(records.len())].map(|size| size.unwrap_or(u8::MAX));
                (vec![0x44, 0x41, 0x00, sizes[0], sizes[1]], records.iter().map(Vec::len).sum())
            }
        };
        let stored = u16::try_from(stored).unwrap_or(u16::MAX);
        let objects = [
            tlv(0x80, &self.reserved.to_be_bytes()),
            tlv(0x82, &descriptor),
            tlv(0x83, &self.fid.to_be_bytes()),
            tlv(0x88, &[self.sfi << 3]),
            tlv(0x8A, &[ACTIVATED]),
            tlv(0xC5, &stored.to_be_bytes()),
        ];
        tlv(0x62, &objects.concat())
    }
}

impl Folder {
    /// File control parameters, without the access rules.
    pub(crate) fn control_parameters(&self) -> Vec<u8> {
        let mut objects = tlv(0x82, &[0x78]);
        if let Some(fid) = self.fid {
            objects.extend(tlv(0x83, &fid.to_be_bytes()));
        }
        objects.extend(tlv(0x84, &self.aid));
        objects.extend(tlv(0x8A, &[if self.deactivated { DEACTIVATED } else { ACTIVATED }]));
        tlv(0x62, &objects)
    }
}

/// Life cycle status "operational, activated" (ISO 7816-4, table 14).
const ACTIVATED: u8 = 0x05;
/// Life cycle status "operational, deactivated".
const DEACTIVATED: u8 = 0x04;
