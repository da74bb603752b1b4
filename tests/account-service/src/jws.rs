//! JWS in compact serialization (RFC 7515) with ES256 (RFC 7518, 3.4): of this service, and those of desks with their
//! payload detached (RFC 7515, appendix F).
//!
//! Written for this service from the RFCs on RustCrypto's primitives, so that it is a second opinion on what a desk
//! signs.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use p256::ecdsa::{
    Signature, SigningKey, VerifyingKey,
    signature::{Signer, Verifier},
};
use serde::{Deserialize, Serialize};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

/// The protected header: these members in this order and no others, `crit` among them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    /// DER in base64 (RFC 7515, 4.1.6): one certificate.
    x5c: [String; 1],
}

impl Header {
    fn new(typ: &str, certificate: &[u8]) -> Self {
        Self { alg: "ES256".to_owned(), typ: typ.to_owned(), x5c: [Base64::encode_string(certificate)] }
    }
}

/// Signs `payload`; the certificate (DER) goes along.
pub(crate) fn sign(
    typ: &str,
    certificate: &[u8],
    key: &SigningKey,
    payload: &[u8],
) -> serde_json::Result<String> {
    let header = Base64UrlUnpadded::encode_string(&serde_json::to_vec(&Header::new(typ, certificate))?);
    let signed = format!("{header}.{}", Base64UrlUnpadded::encode_string(payload));
    let signature: Signature = key.sign(signed.as_bytes());
    Ok(format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature.to_bytes())))
}

/// The certificate (DER) whose key has signed `payload` in a JWS that leaves it out; none when the form or the
/// signature is wrong. Who holds that certificate is the caller's question.
pub(crate) fn verify_detached(compact: &str, typ: &str, payload: &[u8]) -> Option<Vec<u8>> {
    let parts: [&str; 3] = compact.split('.').collect::<Vec<_>>().try_into().ok()?;
    let [protected, "", signature] = parts else {
        return None;
    };
    let header_bytes = Base64UrlUnpadded::decode_vec(protected).ok()?;
    let header: Header = serde_json::from_slice(&header_bytes).ok()?;
    let [certificate] = &header.x5c;
    let certificate = Base64::decode_vec(certificate).ok()?;
    // Exactly the agreed bytes: no blanks, no other order.
    if serde_json::to_vec(&Header::new(typ, &certificate)).ok()? != header_bytes {
        return None;
    }
    let signature = Signature::from_slice(&Base64UrlUnpadded::decode_vec(signature).ok()?).ok()?;
    let signed = format!("{protected}.{}", Base64UrlUnpadded::encode_string(payload));
    public_key(&certificate)?.verify(signed.as_bytes(), &signature).ok()?;
    Some(certificate)
}

/// The P-256 key that a certificate (DER) is for.
fn public_key(certificate: &[u8]) -> Option<VerifyingKey> {
    let (rest, certificate) = X509Certificate::from_der(certificate).ok()?;
    // Refuses another curve by the point's length, and points that are not on this one.
    let key = VerifyingKey::from_sec1_bytes(&certificate.public_key().subject_public_key.data).ok()?;
    rest.is_empty().then_some(key)
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    /// A fresh key with a certificate that it has issued to itself.
    fn made() -> (SigningKey, Vec<u8>) {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::default().self_signed(&key).unwrap();
        let key =
            <SigningKey as p256::pkcs8::DecodePrivateKey>::from_pkcs8_der(&key.serialize_der()).unwrap();
        (key, certificate.der().to_vec())
    }

    /// A JWS without its payload.
    fn detached(compact: &str) -> String {
        let [header, _, signature] = compact.split('.').collect::<Vec<_>>().try_into().unwrap();
        format!("{header}..{signature}")
    }

    #[test]
    fn es256_takes_the_signature_of_the_example_in_rfc_7515_appendix_a_3() {
        let x = Base64UrlUnpadded::decode_vec("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU").unwrap();
        let y = Base64UrlUnpadded::decode_vec("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0").unwrap();
        let key = VerifyingKey::from_sec1_bytes(&[&[4], &*x, &*y].concat()).unwrap();
        let signed = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature =
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        let signature = Signature::from_slice(&Base64UrlUnpadded::decode_vec(signature).unwrap()).unwrap();
        assert!(key.verify(signed.as_bytes(), &signature).is_ok());
    }

    #[test]
    fn a_signature_names_the_certificate_of_the_key_that_made_it() {
        let (key, certificate) = made();
        let jws = detached(&sign("identplatz-record", &certificate, &key, b"{}").unwrap());
        assert_eq!(verify_detached(&jws, "identplatz-record", b"{}"), Some(certificate));
        assert_eq!(verify_detached(&jws, "identplatz-record", b"{ }"), None, "another payload");
        assert_eq!(verify_detached(&jws, "identplatz-policy", b"{}"), None, "made for something else");
    }

    #[test]
    fn a_signature_by_another_key_than_the_certificates_is_refused() {
        let ((key, _), (_, certificate)) = (made(), made());
        let jws = detached(&sign("identplatz-record", &certificate, &key, b"{}").unwrap());
        assert_eq!(verify_detached(&jws, "identplatz-record", b"{}"), None);
    }

    #[test]
    fn a_header_that_is_not_exactly_the_agreed_one_is_refused() {
        let (key, certificate) = made();
        let x5c = Base64::encode_string(&certificate);
        let verified = |header: &str| {
            let header = Base64UrlUnpadded::encode_string(header.as_bytes());
            let signature: Signature = key.sign(format!("{header}.e30").as_bytes());
            let jws = format!("{header}..{}", Base64UrlUnpadded::encode_string(&signature.to_bytes()));
            verify_detached(&jws, "identplatz-record", b"{}").is_some()
        };
        assert!(verified(&format!(r#"{{"alg":"ES256","typ":"identplatz-record","x5c":["{x5c}"]}}"#)));
        for header in [
            format!(r#"{{"alg":"none","typ":"identplatz-record","x5c":["{x5c}"]}}"#),
            format!(r#"{{"typ":"identplatz-record","alg":"ES256","x5c":["{x5c}"]}}"#),
            format!(r#"{{"alg":"ES256", "typ":"identplatz-record","x5c":["{x5c}"]}}"#),
            format!(r#"{{"alg":"ES256","typ":"identplatz-record","x5c":["{x5c}","{x5c}"]}}"#),
            format!(
                r#"{{"alg":"ES256","typ":"identplatz-record","x5c":["{x5c}"],"crit":["b64"],"b64":false}}"#
            ),
            r#"{"alg":"ES256","typ":"identplatz-record","x5c":[]}"#.to_owned(),
            r#"{"alg":"ES256","typ":"identplatz-record"}"#.to_owned(),
        ] {
            assert!(!verified(&header), "{header}");
        }
    }

    #[test]
    fn what_is_no_detached_jws_is_refused() {
        let (key, certificate) = made();
        let attached = sign("identplatz-record", &certificate, &key, b"{}").unwrap();
        for text in ["", "..", "a..b", "a.b", attached.as_str(), &format!("{}.", detached(&attached))] {
            assert_eq!(verify_detached(text, "identplatz-record", b"{}"), None, "{text}");
        }
    }
}
