//! The insurer's certificate authority: certifies this service and the desks (RFC 5280).

use std::{fs, path::Path};

use anyhow::Context;
use jiff::{Span, ToSpan, civil::Date};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, SanType,
    date_time_ymd,
};
use zeroize::Zeroizing;

use crate::secrets::kept;

/// Names a desk in its certificate.
const DESK_URI: &str = "urn:identplatz:desk:";
/// Says in a certificate what the service signs with its key.
const SIGNER_URI: &str = "urn:identplatz:";

/// A certificate authority in a directory.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

/// A key with its certificate.
pub(crate) struct Certified {
    pub(crate) key: KeyPair,
    /// PEM.
    pub(crate) certificate: String,
}

impl Authority {
    /// Takes up the authority in `dir`, or founds it.
    pub(crate) fn open(dir: &Path, today: Date) -> anyhow::Result<Self> {
        let key_pem = kept(&dir.join("ca.key.pem"), || {
            Ok(Zeroizing::new(KeyPair::generate()?.serialize_pem().into_bytes()))
        })?;
        let key = KeyPair::from_pem(std::str::from_utf8(&key_pem)?)?;
        let path = dir.join("ca.pem");
        let certificate = if path.exists() {
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?
        } else {
            let made = root(today)?.self_signed(&key)?.pem();
            fs::write(&path, &made).with_context(|| format!("writing {}", path.display()))?;
            made
        };
        let issuer = Issuer::from_ca_cert_pem(&certificate, key)?;
        Ok(Self { issuer, certificate })
    }

    /// An authority that nobody knows, for as long as this process lives.
    pub(crate) fn unknown(today: Date) -> anyhow::Result<Self> {
        let key = KeyPair::generate()?;
        let certificate = root(today)?.self_signed(&key)?.pem();
        let issuer = Issuer::from_ca_cert_pem(&certificate, key)?;
        Ok(Self { issuer, certificate })
    }

    /// The authority's own certificate, PEM.
    pub(crate) fn certificate(&self) -> &str {
        &self.certificate
    }

    /// A fresh key with a certificate for `127.0.0.1` and `localhost`.
    pub(crate) fn certify_server(&self, today: Date) -> anyhow::Result<Certified> {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut params = CertificateParams::new(names)?;
        named(&mut params, "Account service");
        valid(&mut params, today, 1.year())?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?.pem();
        Ok(Certified { key, certificate })
    }

    /// A certificate (DER) for a key that the service signs with: `urn:identplatz:purpose`.
    pub(crate) fn certify_signer(
        &self,
        key: &KeyPair,
        purpose: &str,
        today: Date,
    ) -> anyhow::Result<Vec<u8>> {
        let mut params = CertificateParams::default();
        named(&mut params, purpose);
        valid(&mut params, today, 2.years())?;
        params.subject_alt_names = vec![SanType::URI(format!("{SIGNER_URI}{purpose}").try_into()?)];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        Ok(params.signed_by(key, &self.issuer)?.der().to_vec())
    }

    /// A certificate for the P-256 key of a request, whose names are ignored; `None` when it isn't such a
    /// request or its signature is wrong. Returns PEM and DER.
    pub(crate) fn certify_desk(&self, request: &str, desk: &str, today: Date) -> Option<(String, Vec<u8>)> {
        let mut request = CertificateSigningRequestParams::from_pem(request).ok()?;
        if *request.public_key.algorithm() != PKCS_ECDSA_P256_SHA256 {
            return None;
        }
        let mut params = CertificateParams::default();
        named(&mut params, desk);
        valid(&mut params, today, 1.year()).ok()?;
        let uri = format!("{DESK_URI}{desk}").try_into().ok()?;
        params.subject_alt_names = vec![SanType::URI(uri)];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        request.params = params;
        let certificate = request.signed_by(&self.issuer).ok()?;
        Some((certificate.pem(), certificate.der().to_vec()))
    }
}

fn root(today: Date) -> anyhow::Result<CertificateParams> {
    let mut params = CertificateParams::default();
    named(&mut params, "Account service test authority");
    valid(&mut params, today, 10.years())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn named(params: &mut CertificateParams, name: &str) {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    params.distinguished_name = distinguished;
}

/// Valid from the day before yesterday: Germany's day begins before UTC's, and a client's clock may be a little slow.
fn valid(params: &mut CertificateParams, today: Date, span: Span) -> anyhow::Result<()> {
    let (from, until) = (today.checked_sub(2.days())?, today.checked_add(span)?);
    let ((year, month, day), (until_year, until_month, until_day)) = (parts(from)?, parts(until)?);
    params.not_before = date_time_ymd(year, month, day);
    params.not_after = date_time_ymd(until_year, until_month, until_day);
    params.use_authority_key_identifier_extension = true;
    Ok(())
}

fn parts(date: Date) -> anyhow::Result<(i32, u8, u8)> {
    Ok((i32::from(date.year()), u8::try_from(date.month())?, u8::try_from(date.day())?))
}
