//! What signers sign: SignedData in DER, or in BER as New Zealand writes it.

use super::{Issued, SIGNED, algorithm_identifier, der, hash_oid, oid};
use crate::passive::algorithms::{Hash, Scheme};
use jiff::civil::Date;

/// A SignedData before it is signed.
#[derive(Clone)]
pub(crate) struct Cms<'a> {
    pub(crate) content_type: &'static str,
    pub(crate) content: Vec<u8>,
    pub(crate) signer: &'a Issued,
    /// DER of the certificates beside the content.
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) scheme: Scheme,
    pub(crate) hash: Hash,
    pub(crate) identifier: Identifier,
    pub(crate) signing_time: Option<Date>,
    /// Whether there are signed attributes, and messageDigest and contentType among them.
    pub(crate) with_attributes: bool,
    pub(crate) with_digest: bool,
    pub(crate) with_content_type: bool,
    pub(crate) indefinite: bool,
}

/// How the signer is named.
#[derive(Clone)]
pub(crate) enum Identifier {
    IssuerAndSerial,
    /// The issuer's name with other string types and capitals.
    WrittenOtherwise(Vec<u8>),
    SubjectKey,
}

/// A data group and its contents.
pub(crate) type DgHash<'a> = (u8, &'a [u8]);

impl<'a> Cms<'a> {
    pub(crate) fn new(content_type: &'static str, content: Vec<u8>, signer: &'a Issued) -> Self {
        Self {
            content_type,
            content,
            signer,
            certificates: vec![signer.der()],
            scheme: signer.key.scheme(),
            hash: Hash::Sha256,
            identifier: Identifier::IssuerAndSerial,
            signing_time: Some(SIGNED),
            with_attributes: true,
            with_digest: true,
            with_content_type: true,
            indefinite: false,
        }
    }

    /// LDSSecurityObject of version 0 over these data groups.
    pub(crate) fn security_object(groups: &[DgHash<'_>], signer: &'a Issued) -> Self {
        Self::new("2.23.136.1.1.1", security_object(0, Hash::Sha256, groups), signer)
    }

    /// EF.SOD.
    pub(crate) fn ef_sod(&self) -> Vec<u8> {
        der(0x77, &[&self.content_info()])
    }

    /// ContentInfo.
    pub(crate) fn content_info(&self) -> Vec<u8> {
        let content = if self.indefinite {
            let (first, second) = self.content.split_at(self.content.len() / 2);
            self.outer(0x24, &[&der(0x04, &[first]), &der(0x04, &[second])])
        } else {
            der(0x04, &[&self.content])
        };
        let content_type = der(0x06, &[&oid(self.content_type)]);
        let hash = der(0x30, &[&der(0x06, &[&hash_oid(self.hash)]), &der(0x05, &[])]);
        let certificates = if self.certificates.is_empty() {
            Vec::new()
        } else {
            self.outer(0xA0, &[&self.certificates.concat()])
        };
        let signed_data = self.outer(
            0x30,
            &[
                &der(0x02, &[&[3]]),
                &der(0x31, &[&hash]),
                &self.outer(0x30, &[&content_type, &self.outer(0xA0, &[&content])]),
                &certificates,
                &der(0x31, &[&self.signer_info(&hash)]),
            ],
        );
        let name = der(0x06, &[&oid("1.2.840.113549.1.7.2")]);
        self.outer(0x30, &[&name, &self.outer(0xA0, &[&signed_data])])
    }

    fn signer_info(&self, hash: &[u8]) -> Vec<u8> {
        let attributes = self.attributes();
        let message = if self.with_attributes { der(0x31, &[&attributes]) } else { self.content.clone() };
        let signature = self.signer.key.sign(self.scheme, &message);
        let attributes = if self.with_attributes { der(0xA0, &[&attributes]) } else { Vec::new() };
        let algorithm = algorithm_identifier(self.scheme);
        let parts: [&[u8]; 6] = [
            &der(0x02, &[&[1]]),
            &self.identifier(),
            hash,
            &attributes,
            &algorithm,
            &der(0x04, &[&signature]),
        ];
        der(0x30, &parts)
    }

    fn identifier(&self) -> Vec<u8> {
        let serial = self.signer.x509.serial_number().to_bn().unwrap().to_vec();
        let serial = der(0x02, &[&serial]);
        match &self.identifier {
            Identifier::IssuerAndSerial => {
                der(0x30, &[&self.signer.x509.issuer_name().to_der().unwrap(), &serial])
            }
            Identifier::WrittenOtherwise(name) => der(0x30, &[name, &serial]),
            Identifier::SubjectKey => der(0x80, &[self.signer.x509.subject_key_id().unwrap().as_slice()]),
        }
    }

    fn attributes(&self) -> Vec<u8> {
        let attribute =
            |name: &str, value: Vec<u8>| der(0x30, &[&der(0x06, &[&oid(name)]), &der(0x31, &[&value])]);
        let mut attributes = Vec::new();
        if self.with_content_type {
            attributes.extend(attribute("1.2.840.113549.1.9.3", der(0x06, &[&oid(self.content_type)])));
        }
        if let Some(day) = self.signing_time {
            let time = day.strftime("%y%m%d120000Z").to_string();
            attributes.extend(attribute("1.2.840.113549.1.9.5", der(0x17, &[time.as_bytes()])));
        }
        if self.with_digest {
            let digest = der(0x04, &[&self.hash.digest(&self.content)]);
            attributes.extend(attribute("1.2.840.113549.1.9.4", digest));
        }
        attributes
    }

    /// An element round the content: with an indefinite length, if that is asked for.
    fn outer(&self, tag: u8, contents: &[&[u8]]) -> Vec<u8> {
        if !self.indefinite {
            return der(tag, contents);
        }
        [&[tag, 0x80], &contents.concat()[..], &[0x00, 0x00]].concat()
    }
}

/// LDSSecurityObject.
pub(crate) fn security_object(version: u8, hash: Hash, groups: &[DgHash<'_>]) -> Vec<u8> {
    let entry = |(number, contents): &DgHash<'_>| {
        der(0x30, &[&der(0x02, &[&[*number]]), &der(0x04, &[&hash.digest(contents)])])
    };
    let hashes: Vec<_> = groups.iter().flat_map(entry).collect();
    let algorithm = der(0x30, &[&der(0x06, &[&hash_oid(hash)]), &der(0x05, &[])]);
    let versions = if version == 0 {
        Vec::new()
    } else {
        der(0x30, &[&der(0x13, &[b"0108"]), &der(0x13, &[b"040000"])])
    };
    der(0x30, &[&der(0x02, &[&[version]]), &algorithm, &der(0x30, &[&hashes]), &versions])
}
