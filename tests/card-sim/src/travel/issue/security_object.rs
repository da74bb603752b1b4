//! The document security object EF.SOD (Doc 9303-10, 4.6.2) and EF.CardSecurity (Doc 9303-11, 9.2).

use jiff::civil::{Date, time};

use super::{
    authority::Signer,
    certificate::issuer_and_serial,
    der::{integer, octets, printable, sequence},
    signed_data::{Encoding, SignedData, SignerIdentifier},
};
use crate::{tlv::tlv, travel::Hash};

/// id-icao-mrtd-security-ldsSecurityObject.
pub const LDS_SECURITY_OBJECT: &str = "2.23.136.1.1.1";
/// What Belgium and France wrote in its place.
pub const OLD_LDS_SECURITY_OBJECT: &str = "1.3.27.1.1.1";
/// What China writes in its place: id-data.
pub const PLAIN_DATA: &str = "1.2.840.113549.1.7.1";
/// id-SecurityObject of EF.CardSecurity.
const SECURITY_OBJECT: &str = "0.4.0.127.0.7.3.2.1";

/// The form of EF.SOD.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Type of the signed content, dotted.
    pub content_type: &'static str,
    /// Version 1 tells the versions of LDS and Unicode; version 0 doesn't.
    pub version: u8,
    /// Lengths as New Zealand writes them.
    pub indefinite: bool,
    /// The signer is named by its key's identifier, not by issuer and serial number.
    pub names_key: bool,
    /// The signer's certificate comes along.
    pub has_signer: bool,
    /// The day that the signature tells as its own.
    pub signing_day: Option<Date>,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            content_type: LDS_SECURITY_OBJECT,
            version: 0,
            indefinite: false,
            names_key: false,
            has_signer: true,
            signing_day: None,
        }
    }
}

/// EF.SOD over the hashes of these data groups.
pub(crate) fn ef_sod(signer: &Signer, form: &Form, data_groups: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let content = lds_security_object(signer.signature.scheme.hash(), form.version, data_groups);
    tlv(0x77, &sign(signer, form, form.content_type, &content))
}

/// EF.CardSecurity around security infos.
pub(crate) fn ef_card_security(signer: &Signer, security_infos: &[u8]) -> Vec<u8> {
    sign(signer, &Form::default(), SECURITY_OBJECT, security_infos)
}

fn sign(signer: &Signer, form: &Form, content_type: &str, content: &[u8]) -> Vec<u8> {
    let named = issuer_and_serial(signer.authority.name(), &signer.serial());
    let signed = SignedData {
        content_type,
        content,
        key: &signer.key(),
        scheme: signer.signature.scheme,
        signer: if form.names_key {
            SignerIdentifier::SubjectKey
        } else {
            SignerIdentifier::IssuerAndSerial(named)
        },
        certificates: if form.has_signer { vec![signer.certificate()] } else { Vec::new() },
        signing_time: form.signing_day.map(|day| day.to_datetime(time(10, 30, 0, 0))),
        encoding: if form.indefinite { Encoding::Indefinite } else { Encoding::Definite },
    };
    signed.encode()
}

/// LDSSecurityObject.
fn lds_security_object(hash: Hash, version: u8, data_groups: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let hashes =
        data_groups.iter().map(|(number, file)| sequence(&[integer(*number), octets(&hash.of(file))]));
    let hashes = sequence(&hashes.collect::<Vec<_>>());
    let versions = match version {
        0 => Vec::new(),
        _ => sequence(&[printable("0108"), printable("040000")]),
    };
    sequence(&[integer(version), hash.identifier(), hashes, versions])
}
