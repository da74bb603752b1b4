//! Signed data (CMS, RFC 5652) in all the forms that travel documents come in.

use jiff::civil::DateTime;

use super::{
    der::{context, integer, octets, oid, sequence, set_of, time},
    keys::SigningKey,
    scheme::Scheme,
};
use crate::tlv::tlv;

/// id-signedData.
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
/// id-contentType.
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
/// id-messageDigest.
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
/// id-signingTime.
const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";

/// Something to be signed, and in which form.
#[derive(Debug)]
pub(crate) struct SignedData<'a> {
    /// eContentType, dotted.
    pub(crate) content_type: &'a str,
    pub(crate) content: &'a [u8],
    pub(crate) key: &'a SigningKey,
    pub(crate) scheme: Scheme,
    /// How the signer is named.
    pub(crate) signer: SignerIdentifier,
    /// Certificates that come along.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// A signed attribute.
    pub(crate) signing_time: Option<DateTime>,
    pub(crate) encoding: Encoding,
}

/// SignerIdentifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SignerIdentifier {
    /// This IssuerAndSerialNumber.
    IssuerAndSerial(Vec<u8>),
    /// The identifier of the signing key.
    SubjectKey,
}

/// How lengths are encoded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// DER.
    #[default]
    Definite,
    /// BER: the outer objects end with `00 00`, the content is an octet string in two pieces.
    Indefinite,
}

impl Encoding {
    fn sequence(self, parts: &[Vec<u8>]) -> Vec<u8> {
        self.constructed(0x30, &parts.concat())
    }

    fn constructed(self, tag: u8, content: &[u8]) -> Vec<u8> {
        match self {
            Self::Definite => tlv(u32::from(tag), content),
            Self::Indefinite => [&[tag, 0x80], content, &[0, 0]].concat(),
        }
    }

    fn octets(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Definite => octets(bytes),
            Self::Indefinite => {
                let (first, second) = bytes.split_at(bytes.len() / 2);
                self.constructed(0x24, &[octets(first), octets(second)].concat())
            }
        }
    }
}

impl SignedData<'_> {
    /// ContentInfo.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let form = self.encoding;
        let content = form.constructed(0xA0, &form.octets(self.content));
        let mut parts = vec![
            integer(3),
            tlv(0x31, &self.scheme.hash().identifier()),
            form.sequence(&[oid(self.content_type), content]),
        ];
        if !self.certificates.is_empty() {
            // In the order given: receivers don't check it, and issuers don't sort.
            parts.push(context(0, &self.certificates.concat()));
        }
        parts.push(tlv(0x31, &self.signer_info()));
        form.sequence(&[oid(SIGNED_DATA), form.constructed(0xA0, &form.sequence(&parts))])
    }

    fn signer_info(&self) -> Vec<u8> {
        let attributes = self.attributes();
        let signature = self.key.sign(self.scheme, &tlv(0x31, &attributes));
        let (version, signer) = match &self.signer {
            SignerIdentifier::IssuerAndSerial(name) => (1, name.clone()),
            SignerIdentifier::SubjectKey => (3, tlv(0x80, &self.key.identifier())),
        };
        sequence(&[
            integer(version),
            signer,
            self.scheme.hash().identifier(),
            context(0, &attributes),
            self.scheme.identifier(),
            octets(&signature),
        ])
    }

    /// The signed attributes in DER, without the tag of their set.
    fn attributes(&self) -> Vec<u8> {
        let attribute = |kind: &str, value: Vec<u8>| sequence(&[oid(kind), tlv(0x31, &value)]);
        let mut attributes = vec![
            attribute(CONTENT_TYPE, oid(self.content_type)),
            attribute(MESSAGE_DIGEST, octets(&self.scheme.hash().of(self.content))),
        ];
        attributes.extend(self.signing_time.map(|moment| attribute(SIGNING_TIME, time(moment))));
        let set = set_of(attributes);
        crate::tlv::only(&set, 0x31).unwrap_or_default().to_vec()
    }
}
