//! What the service signs with: keys of its own, each with a certificate that says what it is for.

use std::path::Path;

use anyhow::Context;
use jiff::civil::Date;
use p256::{ecdsa::SigningKey, pkcs8::DecodePrivateKey};
use rcgen::KeyPair;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{authority::Authority, jws, problem::Problem, secrets::kept};

/// One of the service's signing keys.
pub(crate) struct Signer {
    key: SigningKey,
    /// DER
    certificate: Vec<u8>,
}

impl Signer {
    /// Takes up the key `name` in `dir`, or makes it; certified anew for `urn:identplatz:name`.
    pub(crate) fn open(dir: &Path, name: &str, authority: &Authority, today: Date) -> anyhow::Result<Self> {
        let pem = kept(&dir.join(format!("{name}-key.pem")), || {
            Ok(Zeroizing::new(KeyPair::generate()?.serialize_pem().into_bytes()))
        })?;
        let pem = std::str::from_utf8(&pem)?;
        let certificate = authority.certify_signer(&KeyPair::from_pem(pem)?, name, today)?;
        Ok(Self { key: SigningKey::from_pkcs8_pem(pem).context("signing key")?, certificate })
    }

    /// A JWS in compact serialization, of the type that says what the payload is.
    pub(crate) fn sign(&self, typ: &str, payload: &Value) -> Result<String, Problem> {
        let signed = jws::sign(typ, &self.certificate, &self.key, payload.to_string().as_bytes());
        Ok(signed.map_err(anyhow::Error::from)?)
    }
}
