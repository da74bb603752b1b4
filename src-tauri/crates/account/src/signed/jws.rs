//! Compact JWS (RFC 7515) with ES256 (RFC 7518, 3.4) and the signer's certificate in the header.
//!
//! One algorithm, three members of the header, one certificate: anything else is refused, so that nothing of
//! what a header can ask for has to be understood. The signature itself is OpenSSL's.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use openssl::{bn::BigNum, ec::EcKeyRef, ecdsa::EcdsaSig, error::ErrorStack, pkey::Public, sha::sha256};
use serde::{Deserialize, Serialize};

use super::certificates::{Authorities, Leaf};
use crate::DeskIdentity;

/// The only algorithm of the contract.
const ES256: &str = "ES256";
/// Longest header in base64url: one certificate of 4 KiB, encoded twice, and its frame.
const MAX_HEADER: usize = 8 * 1024;
/// Octets of each half of a signature (RFC 7518, 3.4).
const HALF: usize = 32;

/// The header, exactly.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    x5c: [String; 1],
}

/// Why a signature doesn't count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JwsError {
    /// None of the authorities issued the signer's certificate, or its key is of another kind.
    Certificate,
    /// It isn't that certificate's over that payload.
    Signature,
}

/// A JWS that was taken apart; nothing of it is proven yet.
pub(crate) struct Jws<'a> {
    header: &'a str,
    /// In base64url; empty in the detached form (RFC 7515, appendix F).
    pub(crate) payload: &'a str,
    signature: [u8; 2 * HALF],
    pub(crate) leaf: Leaf,
}

impl<'a> Jws<'a> {
    /// Takes `text` apart, if its header is the contract's with that `typ`.
    pub(crate) fn parse(text: &'a str, typ: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (header, payload, tail) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || header.len() > MAX_HEADER {
            return None;
        }
        let mut signature = [0; 2 * HALF];
        if Base64UrlUnpadded::decode(tail, &mut signature).ok()?.len() != signature.len() {
            return None;
        }
        let named: Header = serde_json::from_slice(&Base64UrlUnpadded::decode_vec(header).ok()?).ok()?;
        if named.alg != ES256 || named.typ != typ {
            return None;
        }
        let [certificate] = named.x5c;
        let leaf = Leaf::from_der(&Base64::decode_vec(&certificate).ok()?)?;
        Some(Self { header, payload, signature, leaf })
    }

    /// Proves that a certificate of these authorities signed that payload (in base64url).
    pub(crate) fn verify(&self, payload: &str, authorities: &Authorities) -> Result<(), JwsError> {
        if !self.leaf.is_issued_by(authorities) {
            return Err(JwsError::Certificate);
        }
        let key = self.leaf.p256_key().ok_or(JwsError::Certificate)?;
        let signed = is_signed(self.header, payload, &self.signature, &key).unwrap_or(false);
        if signed { Ok(()) } else { Err(JwsError::Signature) }
    }
}

/// Whether that key made the signature over header and payload (both in base64url).
fn is_signed(
    header: &str,
    payload: &str,
    signature: &[u8; 2 * HALF],
    key: &EcKeyRef<Public>,
) -> Result<bool, ErrorStack> {
    let (r, s) = signature.split_at(HALF);
    let (r, s) = (BigNum::from_slice(r)?, BigNum::from_slice(s)?);
    EcdsaSig::from_private_components(r, s)?.verify(&digest(header, payload), key)
}

/// Signs `payload` as that desk; in the detached form (RFC 7515, appendix F).
pub(crate) fn sign_detached(typ: &str, payload: &[u8], identity: &DeskIdentity) -> Option<String> {
    let x5c = [Base64::encode_string(&identity.certificate()?.to_der()?)];
    let header = Header { alg: ES256.to_owned(), typ: typ.to_owned(), x5c };
    let header = Base64UrlUnpadded::encode_string(&serde_json::to_vec(&header).ok()?);
    let payload = Base64UrlUnpadded::encode_string(payload);
    let signed = || -> Result<Vec<u8>, ErrorStack> {
        let signature = EcdsaSig::sign(&digest(&header, &payload), &*identity.signing_key()?)?;
        let half = i32::try_from(HALF).unwrap_or_default();
        Ok([signature.r().to_vec_padded(half)?, signature.s().to_vec_padded(half)?].concat())
    };
    Some(format!("{header}..{}", Base64UrlUnpadded::encode_string(&signed().ok()?)))
}

/// SHA-256 of the JWS Signing Input (RFC 7515, 2).
fn digest(header: &str, payload: &str) -> [u8; 32] {
    sha256(format!("{header}.{payload}").as_bytes())
}

#[cfg(test)]
mod tests {
    use openssl::{
        ec::{EcGroup, EcKey},
        nid::Nid,
    };

    use super::*;

    /// The JWS of RFC 7515, appendix A.3.1.
    const HEADER: &str = "eyJhbGciOiJFUzI1NiJ9";
    const PAYLOAD: &str =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const SIGNATURE: &str =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    fn number(text: &str) -> BigNum {
        BigNum::from_slice(&Base64UrlUnpadded::decode_vec(text).unwrap()).unwrap()
    }

    fn published_key() -> EcKey<Public> {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let x = number("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
        let y = number("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
        EcKey::from_public_key_affine_coordinates(&group, &x, &y).unwrap()
    }

    fn signature(text: &str) -> [u8; 64] {
        Base64UrlUnpadded::decode_vec(text).unwrap().try_into().unwrap()
    }

    #[test]
    fn the_signature_of_rfc_7515_a_3_is_its_keys_over_header_and_payload() {
        let (key, genuine) = (published_key(), signature(SIGNATURE));
        assert!(is_signed(HEADER, PAYLOAD, &genuine, &key).unwrap());
        let mut other = genuine;
        other[63] ^= 1;
        assert!(!is_signed(HEADER, PAYLOAD, &other, &key).unwrap());
        assert!(!is_signed(HEADER, &PAYLOAD[..PAYLOAD.len() - 1], &genuine, &key).unwrap());
        assert!(!is_signed("eyJhbGciOiJFUzI1NyJ9", PAYLOAD, &genuine, &key).unwrap());
        assert!(!is_signed(HEADER, PAYLOAD, &[0; 64], &key).unwrap_or(false));
    }

    #[test]
    fn a_jws_of_another_form_is_none() {
        // RFC 7515, A.3 itself: well formed, but its header names no certificate.
        let published = format!("{HEADER}.{PAYLOAD}.{SIGNATURE}");
        for text in [published.as_str(), "", ".", "..", "a.b", "a.b.c", "a.b.c.d", "a..c"] {
            assert!(Jws::parse(text, "identplatz-record").is_none(), "{text}");
        }
        let long = format!("{}..{SIGNATURE}", "A".repeat(MAX_HEADER + 1));
        assert!(Jws::parse(&long, "identplatz-record").is_none());
    }
}
