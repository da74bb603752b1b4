//! A desk that sends what nobody should: a desk's key and certificate with a client, canonical form and signature of its
//! own (RustCrypto), so that neither the product nor the service vouches for itself.

use std::sync::Arc;

use account::DeskIdentity;
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use p256::{
    ecdsa::{Signature, SigningKey, signature::Signer},
    pkcs8::DecodePrivateKey,
};
use reqwest::Method;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
    version::TLS13,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::support::World;

/// Hash that the first record follows.
pub(crate) const NONE_BEFORE: [u8; 32] = [0; 32];

/// A desk without the product's rules.
pub(crate) struct RawDesk {
    http: reqwest::Client,
    url: String,
    desk: String,
    pub(crate) signer: RawSigner,
}

/// What signs records: a key, and the certificate that it says to belong to it.
pub(crate) struct RawSigner {
    pub(crate) key: SigningKey,
    pub(crate) certificate: Vec<u8>,
}

impl RawSigner {
    pub(crate) fn of(identity: &DeskIdentity) -> Self {
        let certificate = CertificateDer::from_pem_slice(identity.certificate_chain().as_bytes()).unwrap();
        let key = SigningKey::from_pkcs8_der(identity.private_key()).unwrap();
        Self { key, certificate: certificate.to_vec() }
    }

    /// The record's signature.
    fn sign(&self, unsigned: &Value) -> String {
        let x5c = Base64::encode_string(&self.certificate);
        let header = format!(r#"{{"alg":"ES256","typ":"identplatz-record","x5c":["{x5c}"]}}"#);
        let encode = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
        let header = encode(header.as_bytes());
        let signed = format!("{header}.{}", encode(canonical(unsigned).as_bytes()));
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("{header}..{}", encode(&signature.to_bytes()))
    }
}

impl RawDesk {
    pub(crate) fn new(world: &World, identity: &DeskIdentity) -> Self {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(world.service.ca_certificate().as_bytes()).unwrap())
            .unwrap();
        let chain = CertificateDer::pem_slice_iter(identity.certificate_chain().as_bytes());
        let chain = chain.collect::<Result<Vec<_>, _>>().unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.private_key().to_vec()));
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .with_root_certificates(roots)
            .with_client_auth_cert(chain, key)
            .unwrap();
        let http = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap();
        Self {
            http,
            url: world.service.url(),
            desk: identity.desk().to_owned(),
            signer: RawSigner::of(identity),
        }
    }

    /// Status and JSON of the answer.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<String>) -> (u16, Value) {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// The problem's code, or what was answered instead.
    pub(crate) async fn put(&self, path: &str, record: &Value) -> String {
        let (status, answer) = self.send(Method::PUT, path, Some(record.to_string())).await;
        answer["code"].as_str().map_or_else(|| status.to_string(), str::to_owned)
    }

    /// A record as it should be.
    pub(crate) fn record(&self, id: Uuid, (seq, prev): (u64, [u8; 32]), own: &Value) -> Value {
        self.record_by(&self.signer, id, (seq, prev), own)
    }

    /// A record that somebody else has signed.
    pub(crate) fn record_by(
        &self,
        signer: &RawSigner,
        id: Uuid,
        (seq, prev): (u64, [u8; 32]),
        own: &Value,
    ) -> Value {
        let mut record = own.clone();
        record["id"] = json!(id);
        record["desk"] = json!(self.desk);
        record["chain"] = json!({ "seq": seq, "prev": Base64UrlUnpadded::encode_string(&prev) });
        record["signature"] = json!(signer.sign(&record));
        record
    }
}

/// The hash that the next record names.
pub(crate) fn hash(record: &Value) -> [u8; 32] {
    Sha256::digest(canonical(record)).into()
}

/// JCS (RFC 8785) of what these tests send: ASCII names, no control characters, whole numbers.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut names: Vec<_> = members.keys().collect();
            names.sort();
            let members =
                names.into_iter().map(|name| format!("{}:{}", json!(name), canonical(&members[name])));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}
