//! The insured person's certificate for authentication (C.CH.AUT): X.509 (gemSpec_PKI; RFC 5280).

pub(crate) mod extensions;

use crate::authenticity::{CertificateFile, CertificateRead, Check, Reason, Verdict};
use crate::brainpool::{self, FIELD_BYTES, POINT_BYTES, PublicKey, SIGNATURE_BYTES};
use crate::error::{EgkError, Problem};
use crate::ik::Ik;
use crate::insurance_data::InsuranceData;
use crate::kvnr::Kvnr;
use crate::personal_data::PersonalData;
use crate::quietly::quietly;
use crate::trust_store::TrustStore;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use openssl::bn::BigNumContext;
use openssl::ec::PointConversionForm;
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::stack::Stack;
use openssl::x509::store::{X509Store, X509StoreBuilder};
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509StoreContext, X509VerifyResult};
use smartcard::{CardChannel, CardChannelExt, ChannelError, CommandApdu, StatusWord};
use std::fmt;

/// The application for certificates and signatures (gemSpec_eGK_ObjSys, DF.ESIGN).
pub(crate) const DF_ESIGN: [u8; 10] = [0xA0, 0x00, 0x00, 0x01, 0x67, 0x45, 0x53, 0x49, 0x47, 0x4E];
/// Digits of an Institutionskennzeichen in a certificate.
const IK_DIGITS: usize = 9;
/// Most authorities above a cardholder's certificate: the issuer, its root, and one for a bridge between two roots.
const CHAIN_DEPTH_MAX: i32 = 3;
/// OpenSSL's level of security for every key and hash of the chain: at least 112 bits, as RSA-2048 and SHA-256 have.
const SECURITY_LEVEL: i32 = 2;

/// C.CH.AUT as it was read: well-formed, with a person's number and an insurer's. [`Self::verdict`] says whether to
/// believe it.
///
/// `Debug` tells nothing of it, and its copies aren't wiped: certificates are for showing to others.
pub struct CardholderCertificate {
    certificate: X509,
    kvnr: Kvnr,
    insurer: Ik,
    key: Option<PublicKey>,
}

impl CardholderCertificate {
    /// Selects DF.ESIGN and reads the certificate from the card: that of the elliptic curve, else the RSA one of
    /// generation 2. Within, the verdict on a card without either, or that refuses.
    ///
    /// # Errors
    /// [`ChannelError`] where no answer came.
    pub(crate) fn read(channel: &mut dyn CardChannel) -> Result<Result<Self, Verdict>, ChannelError> {
        let none = Ok(Err(Verdict::NotSupported(Reason::NoCertificate)));
        let status = channel.execute(&CommandApdu::select_application(&DF_ESIGN))?.status;
        if status == StatusWord::NOT_FOUND {
            return none;
        }
        if status.is_error() {
            return Ok(Err(Verdict::NotVerifiable(Reason::Refused(status))));
        }
        for file in [CertificateFile::Cardholder, CertificateFile::CardholderRsa] {
            let malformed = Err(Verdict::Invalid(Reason::Malformed));
            return Ok(match file.read(channel)? {
                CertificateRead::Absent => continue,
                CertificateRead::Read(der) => Self::parse(&der).or(malformed),
                CertificateRead::Malformed => malformed,
                CertificateRead::Refused(status) => Err(Verdict::NotVerifiable(Reason::Refused(status))),
            });
        }
        none
    }

    /// Reads a certificate in DER. Of the subject only the two organizational units count, whose order varies from card to
    /// card: the one of the form of a Versichertennummer (with its check digit), and the one of nine digits.
    ///
    /// # Errors
    /// [`Problem::Length`] for anything but an X.509 certificate, [`Problem::Field`] where it doesn't have exactly one
    /// number of either kind.
    pub fn parse(der: &[u8]) -> Result<Self, Problem> {
        let certificate = quietly(|| X509::from_der(der)).ok_or(Problem::Length)?;
        let (mut kvnr, mut insurer) = (Vec::new(), Vec::new());
        for unit in certificate.subject_name().entries_by_nid(Nid::ORGANIZATIONALUNITNAME) {
            let Ok(text) = std::str::from_utf8(unit.data().as_slice()) else { continue };
            kvnr.extend(Kvnr::parse(text));
            insurer.extend(Ik::parse(text).filter(|_| text.len() == IK_DIGITS));
        }
        let kvnr = only_one(kvnr).ok_or(Problem::Field { name: "OU (KVNR)" })?;
        let insurer = only_one(insurer).ok_or(Problem::Field { name: "OU (IK)" })?;
        let key = quietly(|| brainpool_key(&certificate)).flatten();
        Ok(Self { certificate, kvnr, insurer, key })
    }

    /// Whether the certificate vouches for what was read of the card.
    ///
    /// A certificate that is for something else, or that names another person or insurer, is
    /// [`Verdict::Invalid`] whoever has signed it: no genuine card holds it beside these data. Only then the chain
    /// counts; without any authority in the store that is [`Reason::NoTrustStore`], with others
    /// [`Reason::UnknownIssuer`]. Every certificate of the chain must be valid at noon (UTC) of [`Check::today`] (shell
    /// model). Revocation isn't asked for: the only source of it, OCSP, is online.
    pub fn verdict(&self, person: &PersonalData, insurance: &InsuranceData, check: Check<'_>) -> Verdict {
        let billing = insurance.billing_insurer.as_ref();
        let insurers = [Some(&insurance.insurer), billing];
        if let Err(reason) = self.is_of(&person.kvnr) {
            Verdict::Invalid(reason)
        } else if !insurers.into_iter().flatten().any(|insurer| insurer.ik == self.insurer) {
            Verdict::Invalid(Reason::OtherInsurer)
        } else {
            self.chain_verdict(check)
        }
    }

    /// The same without the insurer: whether the certificate vouches for the person of this number.
    pub(crate) fn verdict_on_person(&self, kvnr: &Kvnr, check: Check<'_>) -> Verdict {
        self.is_of(kvnr).map_or_else(Verdict::Invalid, |()| self.chain_verdict(check))
    }

    /// Whether it is a certificate for authentication, and of the person of this number.
    fn is_of(&self, kvnr: &Kvnr) -> Result<(), Reason> {
        if !extensions::is_cardholder_authentication(&self.certificate) {
            Err(Reason::WrongUse)
        } else if self.kvnr != *kvnr {
            Err(Reason::OtherPerson)
        } else {
            Ok(())
        }
    }

    /// Whether the key is one of the kind that signs a challenge (E256); those of generation 2 are RSA keys.
    pub(crate) fn can_prove_possession(&self) -> bool {
        self.key.is_some()
    }

    /// Whether the certificate's key signed this hash; never without one of the kind.
    pub(crate) fn verifies(&self, hash: &[u8; FIELD_BYTES], signature: &[u8; SIGNATURE_BYTES]) -> bool {
        self.key.as_ref().is_some_and(|key| key.verifies(hash, signature))
    }

    fn chain_verdict(&self, check: Check<'_>) -> Verdict {
        if check.trust.authorities().is_empty() {
            return Verdict::NotVerifiable(Reason::NoTrustStore);
        }
        match quietly(|| self.verify_chain(check)) {
            Some(X509VerifyResult::OK) => Verdict::Valid,
            Some(result) => verdict_of(result),
            // OpenSSL itself failed: that says nothing of the card.
            None => Verdict::NotVerifiable(Reason::Malformed),
        }
    }

    fn verify_chain(&self, check: Check<'_>) -> Result<X509VerifyResult, ErrorStack> {
        let store = x509_store(check.trust, check.today)?;
        let mut context = X509StoreContext::new()?;
        context.init(&store, &self.certificate, &*Stack::new()?, |context| {
            let valid = context.verify_cert()?;
            let result = context.error();
            Ok(if !valid && result == X509VerifyResult::OK {
                X509VerifyResult::APPLICATION_VERIFICATION
            } else {
                result
            })
        })
    }
}

impl fmt::Debug for CardholderCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardholderCertificate(…)")
    }
}

fn only_one<T>(mut found: Vec<T>) -> Option<T> {
    let first = found.pop();
    if found.is_empty() { first } else { None }
}

/// The key, if it is on the curve of generation 2.
fn brainpool_key(certificate: &X509) -> Result<Option<PublicKey>, ErrorStack> {
    let key = certificate.public_key()?.ec_key()?;
    if key.group().curve_name() != Some(brainpool::CURVE) {
        return Ok(None);
    }
    let mut context = BigNumContext::new()?;
    let point = key.public_key().to_bytes(key.group(), PointConversionForm::UNCOMPRESSED, &mut context)?;
    Ok(<[u8; POINT_BYTES]>::try_from(point).ok().and_then(PublicKey::from_point))
}

/// The authorities, each of them trusted for its own sake (the operator trusts issuers, not only roots); no default
/// paths, no network.
fn x509_store(trust: &TrustStore, today: Date) -> Result<X509Store, ErrorStack> {
    let mut store = X509StoreBuilder::new()?;
    for authority in trust.authorities() {
        store.add_cert(authority.clone())?;
    }
    let mut parameters = X509VerifyParam::new()?;
    parameters.set_flags(X509VerifyFlags::PARTIAL_CHAIN)?;
    parameters.set_time(noon(today));
    parameters.set_depth(CHAIN_DEPTH_MAX);
    parameters.set_auth_level(SECURITY_LEVEL);
    store.set_param(&parameters)?;
    Ok(store.build())
}

/// Seconds since 1970. A day that can't be told in UTC is the first: nothing is valid then.
fn noon(day: Date) -> i64 {
    day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).map_or(0, |noon| noon.timestamp().as_second())
}

/// Result codes of OpenSSL's x509_vfy.h.
fn verdict_of(result: X509VerifyResult) -> Verdict {
    match result.as_raw() {
        // UNABLE_TO_GET_ISSUER_CERT (also _LOCALLY), UNABLE_TO_VERIFY_LEAF_SIGNATURE, a self-signed certificate.
        2 | 18..=21 | 27 => Verdict::NotVerifiable(Reason::UnknownIssuer),
        // CERT_SIGNATURE_FAILURE, UNABLE_TO_DECRYPT_CERT_SIGNATURE.
        4 | 7 => Verdict::Invalid(Reason::Signature),
        // CERT_NOT_YET_VALID.
        9 => Verdict::Invalid(Reason::NotYetValid),
        // CERT_HAS_EXPIRED.
        10 => Verdict::Invalid(Reason::Expired),
        // UNSPECIFIED, OUT_OF_MEM.
        1 | 17 => Verdict::NotVerifiable(Reason::Malformed),
        // Key usage, path length, extensions, keys and hashes that are too weak: not as such a certificate must be.
        _ => Verdict::Invalid(Reason::WrongUse),
    }
}

/// Selects DF.ESIGN, reads C.CH.AUT (E256 first, then R2048) and compares it with what was read.
///
/// # Errors
/// As [`chip::prove`](crate::authenticity::chip::prove).
pub(crate) fn prove(
    channel: &mut dyn CardChannel,
    person: &PersonalData,
    insurance: &InsuranceData,
    check: Check<'_>,
) -> Result<Verdict, EgkError> {
    Ok(match CardholderCertificate::read(channel)? {
        Ok(certificate) => certificate.verdict(person, insurance, check),
        Err(verdict) => verdict,
    })
}

#[cfg(test)]
mod tests;
