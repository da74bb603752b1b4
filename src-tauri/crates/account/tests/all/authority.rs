//! Whoever certifies desks, services and signers.

use account::DeskIdentity;
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use p256::{
    ecdsa::{Signature, SigningKey, signature::Signer as _},
    pkcs8::DecodePrivateKey,
};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertificateSigningRequestParams,
    DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    RevokedCertParams, SanType, SerialNumber, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// First and last year in which a certificate is valid, both from the first of January.
pub(crate) type Years = (i32, i32);

/// Valid whenever this runs.
pub(crate) const NOW: Years = (2020, 2100);
pub(crate) const PAST: Years = (2010, 2020);
pub(crate) const FUTURE: Years = (2099, 2100);
pub(crate) const DESK: &str = "0312-04";

pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// PEM
    pub(crate) certificate: String,
}

/// A key with its certificate.
pub(crate) struct Certified {
    key: KeyPair,
    certificate: CertificateDer<'static>,
    serial: SerialNumber,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = certifying("Authority").self_signed(&key).unwrap().pem();
        let issuer = Issuer::from_ca_cert_pem(&certificate, key).unwrap();
        Self { issuer, certificate }
    }

    /// An authority that this one certified.
    pub(crate) fn below(&self) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = certifying("Authority for desks").signed_by(&key, &self.issuer).unwrap().pem();
        let issuer = Issuer::from_ca_cert_pem(&certificate, key).unwrap();
        Self { issuer, certificate }
    }

    fn certify(&self, mut params: CertificateParams, key: KeyPair) -> Certified {
        let serial = SerialNumber::from(key.public_key_raw()[1..9].to_vec());
        params.serial_number = Some(serial.clone());
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        Certified { key, certificate, serial }
    }

    /// For `localhost`.
    pub(crate) fn service(&self, years: Years) -> Certified {
        self.service_named("localhost", years)
    }

    pub(crate) fn service_named(&self, host: &str, years: Years) -> Certified {
        let mut params = valid(host, years);
        params.subject_alt_names = vec![SanType::DnsName(host.try_into().unwrap())];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.certify(params, KeyPair::generate().unwrap())
    }

    pub(crate) fn desk(&self, years: Years) -> DeskIdentity {
        self.certified_desk(DESK, years).identity(self)
    }

    pub(crate) fn certified_desk(&self, desk: &str, years: Years) -> Certified {
        let params = named(&format!("urn:identplatz:desk:{desk}"), years);
        self.certify(params, KeyPair::generate().unwrap())
    }

    /// Signs what `uri` names: `urn:identplatz:policy`, say.
    pub(crate) fn signer(&self, uri: &str, years: Years) -> Certified {
        self.certify(named(uri, years), KeyPair::generate().unwrap())
    }

    /// The chain for a desk's request, PEM.
    pub(crate) fn grant(&self, request: &str, desk: &str) -> String {
        let mut request = CertificateSigningRequestParams::from_pem(request).unwrap();
        request.params = named(&format!("urn:identplatz:desk:{desk}"), NOW);
        let certificate = request.signed_by(&self.issuer).unwrap();
        format!("{}{}", certificate.pem(), self.certificate)
    }

    /// A list on which `revoked` stands.
    pub(crate) fn revocations(&self, revoked: &Certified) -> CertificateRevocationListDer<'static> {
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2020, 1, 1),
            next_update: date_time_ymd(2100, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: vec![RevokedCertParams {
                serial_number: revoked.serial.clone(),
                revocation_time: date_time_ymd(2020, 1, 1),
                reason_code: None,
                invalidity_date: None,
            }],
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.issuer).unwrap().into()
    }
}

impl Certified {
    pub(crate) fn identity(&self, authority: &Authority) -> DeskIdentity {
        let chain = format!("{}{}", self.pem(), authority.certificate);
        DeskIdentity::from_parts(Zeroizing::new(self.key.serialize_der()), chain).unwrap()
    }

    /// As if it might certify others.
    pub(crate) fn as_authority(&self) -> Authority {
        let mut params = certifying("Signer");
        params.key_identifier_method =
            KeyIdMethod::PreSpecified(openssl::sha::sha256(self.key.public_key_raw())[..20].to_vec());
        let key = KeyPair::try_from(self.key.serialize_der()).unwrap();
        Authority { issuer: Issuer::new(params, key), certificate: self.pem() }
    }

    pub(crate) fn tls(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let key = PrivatePkcs8KeyDer::from(self.key.serialize_der());
        (vec![self.certificate.clone()], PrivateKeyDer::Pkcs8(key))
    }

    pub(crate) fn pem(&self) -> String {
        let base64 = Base64::encode_string(&self.certificate);
        format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
    }

    /// A compact JWS with the contract's header, by RustCrypto.
    pub(crate) fn sign(&self, typ: &str, payload: &[u8]) -> String {
        let certificate = Base64::encode_string(&self.certificate);
        self.sign_with(&json!({"alg": "ES256", "typ": typ, "x5c": [certificate]}), payload)
    }

    pub(crate) fn sign_with(&self, header: &Value, payload: &[u8]) -> String {
        let [header, payload] =
            [header.to_string().as_bytes(), payload].map(Base64UrlUnpadded::encode_string);
        let key = SigningKey::from_pkcs8_der(&self.key.serialize_der()).unwrap();
        let signature: Signature = key.sign(format!("{header}.{payload}").as_bytes());
        format!("{header}.{payload}.{}", Base64UrlUnpadded::encode_string(&signature.to_bytes()))
    }

    pub(crate) fn x5c(&self) -> String {
        Base64::encode_string(&self.certificate)
    }
}

fn valid(name: &str, (from, until): Years) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    params.use_authority_key_identifier_extension = true;
    params
}

fn certifying(name: &str) -> CertificateParams {
    let mut params = valid(name, NOW);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn named(uri: &str, years: Years) -> CertificateParams {
    let mut params = valid("Signer", years);
    params.subject_alt_names = vec![SanType::URI(uri.try_into().unwrap())];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params
}
