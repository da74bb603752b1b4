//! Sealing to a key of the insurer's: JWE (RFC 7516), ECDH-ES+A256KW with A256GCM (RFC 7518,
//! 4.6 and 5.3).
//!
//! By `josekit`: its public-key work and AES run in the OpenSSL that SQLCipher links anyway, it has exactly
//! this pair of algorithms on P-256, and nothing of the format is ours to get wrong. The ephemeral key, the
//! content key and the nonce come from OpenSSL's generator and are drawn anew for each code.

use josekit::{
    JoseError,
    jwe::{ECDH_ES_A256KW, JweHeader, serialize_compact},
    jwk::Jwk,
};
use serde::{Deserialize, Serialize};

/// Key agreement, as the contract fixes it.
const ALGORITHM: &str = "ECDH-ES+A256KW";
/// Content encryption, as the contract fixes it.
const ENCRYPTION: &str = "A256GCM";
/// Longest text that is sealed; a code has twelve symbols.
const MAX_PLAINTEXT: usize = 64;
/// Longest key id that is taken over into a header.
const MAX_KEY_ID: usize = 64;

/// The service's public key that codes are sealed to (JWK, RFC 7517). Public: it may be kept for work
/// offline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PublicJwk", into = "PublicJwk")]
pub struct SealingKey(PublicJwk);

/// The members of such a key's JWK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PublicJwk {
    kty: String,
    crv: String,
    x: String,
    y: String,
    kid: String,
    #[serde(rename = "use")]
    key_use: String,
    alg: String,
}

/// Why a code was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not a P-256 key for this use, or its point is not on the curve.
    #[error("the account service's sealing key can't be used")]
    Key,
    /// Longer than any code, or more records than are sealed at once.
    #[error("too long to be sealed")]
    Length,
    /// The cryptographic library failed.
    #[error("the cryptographic library failed")]
    Cryptography,
}

impl SealingKey {
    /// The key's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.kid
    }
}

impl PublicJwk {
    fn jwk(&self) -> Result<Jwk, JoseError> {
        let mut jwk = Jwk::new(&self.kty);
        jwk.set_curve(&self.crv);
        jwk.set_key_use(&self.key_use);
        jwk.set_algorithm(&self.alg);
        jwk.set_key_id(&self.kid);
        jwk.set_parameter("x", Some(self.x.clone().into()))?;
        jwk.set_parameter("y", Some(self.y.clone().into()))?;
        Ok(jwk)
    }

    pub(crate) fn id(&self) -> &str {
        &self.kid
    }

    /// The key, if it is one for this use.
    pub(crate) fn usable(self) -> Result<Self, SealError> {
        let agreed =
            self.kty == "EC" && self.crv == "P-256" && self.key_use == "enc" && self.alg == ALGORITHM;
        if !agreed || self.kid.is_empty() || self.kid.len() > MAX_KEY_ID {
            return Err(SealError::Key);
        }
        // OpenSSL refuses a point that is not on the curve.
        let usable = self.jwk().and_then(|jwk| ECDH_ES_A256KW.encrypter_from_jwk(&jwk));
        usable.map(|_| self).map_err(|_| SealError::Key)
    }

    /// A JWE in compact serialization that only the key's holder can open.
    pub(crate) fn encrypt(&self, plaintext: &[u8]) -> Result<String, SealError> {
        let jwk = self.jwk().map_err(|_| SealError::Key)?;
        let encrypter = ECDH_ES_A256KW.encrypter_from_jwk(&jwk).map_err(|_| SealError::Key)?;
        let mut header = JweHeader::new();
        header.set_content_encryption(ENCRYPTION);
        header.set_key_id(self.id());
        serialize_compact(plaintext, &header, &encrypter).map_err(|_| SealError::Cryptography)
    }
}

impl TryFrom<PublicJwk> for SealingKey {
    type Error = SealError;

    fn try_from(jwk: PublicJwk) -> Result<Self, SealError> {
        jwk.usable().map(Self)
    }
}

impl From<SealingKey> for PublicJwk {
    fn from(key: SealingKey) -> Self {
        key.0
    }
}

/// Seals a code's symbols; the result is a JWE in compact serialization that only the service can open.
///
/// # Errors
/// [`SealError`]; none of them holds anything of the code.
pub fn seal(code: &str, key: &SealingKey) -> Result<String, SealError> {
    if code.len() > MAX_PLAINTEXT {
        return Err(SealError::Length);
    }
    key.0.encrypt(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    /// The P-256 key of RFC 7517, appendix A.1.
    fn published_key() -> Value {
        json!({
            "kty": "EC", "crv": "P-256", "use": "enc", "kid": "1", "alg": ALGORITHM,
            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        })
    }

    fn changed(member: &str, value: &str) -> Value {
        let mut jwk = published_key();
        jwk[member] = value.into();
        jwk
    }

    #[test]
    fn the_header_names_algorithms_key_and_an_ephemeral_key_and_nothing_else() {
        let key: SealingKey = serde_json::from_value(published_key()).unwrap();
        let sealed = seal("7KQ4XR9BTW2B", &key).unwrap();
        let decoded = josekit::jwt::decode_header(&sealed).unwrap();
        let header: &Map<String, Value> = decoded.as_any().downcast_ref::<JweHeader>().unwrap().as_ref();
        let mut names: Vec<_> = header.keys().collect();
        names.sort_unstable();
        assert_eq!(names, ["alg", "enc", "epk", "kid"]);
        assert_eq!(header["alg"], ALGORITHM);
        assert_eq!(header["enc"], ENCRYPTION);
        assert_eq!(header["kid"], "1");
        assert_eq!(sealed.split('.').count(), 5);
    }

    #[test]
    fn the_same_code_never_looks_the_same() {
        let key: SealingKey = serde_json::from_value(published_key()).unwrap();
        assert_ne!(seal("7KQ4XR9BTW2B", &key).unwrap(), seal("7KQ4XR9BTW2B", &key).unwrap());
    }

    #[test]
    fn a_key_of_another_kind_or_off_the_curve_is_refused() {
        assert!(serde_json::from_value::<SealingKey>(published_key()).is_ok());
        let x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D5";
        for (member, value) in [
            ("kty", "RSA"),
            ("crv", "P-384"),
            ("use", "sig"),
            ("alg", "ECDH-ES"),
            ("kid", ""),
            ("x", x),
            ("x", "MKBC"),
            ("y", "AAAA"),
        ] {
            let refused = serde_json::from_value::<SealingKey>(changed(member, value));
            assert!(refused.is_err(), "{member} = {value}");
        }
    }

    #[test]
    fn a_key_that_was_kept_is_the_same_key() {
        let key: SealingKey = serde_json::from_value(published_key()).unwrap();
        let kept = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<SealingKey>(&kept).unwrap(), key);
    }

    #[test]
    fn nothing_longer_than_a_code_is_sealed() {
        let key: SealingKey = serde_json::from_value(published_key()).unwrap();
        assert_eq!(seal(&"A".repeat(MAX_PLAINTEXT + 1), &key), Err(SealError::Length));
    }
}
