//! What a real service keeps in a hardware security module: the key that codes are sealed to, the key that lost desks'
//! records are sealed to, and the key of the verifiers.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
};

use anyhow::Context;
use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use p256::{
    SecretKey,
    elliptic_curve::Generate,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{jwe, symbols};

/// Longest JWE with a code; that of the contract.
const MAX_SEALED_CODE: usize = 2048;
/// Longest JWE with a desk's records: 32 MiB of them, in base64.
const MAX_SEALED_RECORDS: usize = 48 * 1024 * 1024;
/// Length of the verifier key, that of the hash (RFC 2104, 3).
const VERIFIER_KEY: usize = 32;

/// What a code is bound to.
pub(crate) struct Binding<'a> {
    pub(crate) kvnr: &'a str,
    pub(crate) purpose: &'a str,
    pub(crate) code_id: &'a str,
}

/// The service's secrets.
pub(crate) struct Secrets {
    sealing: SealingKey,
    recovery: SealingKey,
    verifier: Zeroizing<Vec<u8>>,
}

/// A key that others seal to.
struct SealingKey {
    key: SecretKey,
    key_id: String,
    jwk: Value,
}

impl SealingKey {
    fn open(path: &Path) -> anyhow::Result<Self> {
        let pem = kept(path, || {
            let key = SecretKey::try_generate().context("no randomness")?;
            Ok(Zeroizing::new(key.to_pkcs8_pem(LineEnding::LF)?.as_bytes().to_vec()))
        })?;
        let key = SecretKey::from_pkcs8_pem(std::str::from_utf8(&pem)?)?;
        let (key_id, jwk) = describe(&key)?;
        Ok(Self { key, key_id, jwk })
    }
}

impl Secrets {
    /// Reads the keys from `dir`, or makes them.
    pub(crate) fn open(dir: &Path) -> anyhow::Result<Self> {
        let sealing = SealingKey::open(&dir.join("sealing-key.pem"))?;
        let recovery = SealingKey::open(&dir.join("recovery-key.pem"))?;
        let verifier = kept(&dir.join("verifier-key"), || {
            let mut key = Zeroizing::new(vec![0; VERIFIER_KEY]);
            getrandom::fill(&mut key).context("no randomness")?;
            Ok(key)
        })?;
        Ok(Self { sealing, recovery, verifier })
    }

    /// The public sealing key as JWK (RFC 7517).
    pub(crate) fn sealing_key(&self) -> &Value {
        &self.sealing.jwk
    }

    /// The public key that a desk seals its undelivered records to, as JWK.
    pub(crate) fn recovery_key(&self) -> &Value {
        &self.recovery.jwk
    }

    /// The records inside a JWE, as JSON, if it is sealed to the recovery key.
    pub(crate) fn open_recovered(&self, sealed: &str) -> Option<String> {
        let SealingKey { key, key_id, .. } = &self.recovery;
        let opened = jwe::open(Some(sealed).filter(|it| it.len() <= MAX_SEALED_RECORDS)?, key, key_id)?;
        String::from_utf8(opened.to_vec()).ok()
    }

    /// The code inside a JWE, if it is sealed to this service and its check symbol is right.
    pub(crate) fn open_code(&self, sealed: &str) -> Option<Zeroizing<String>> {
        let SealingKey { key, key_id, .. } = &self.sealing;
        let opened = jwe::open(Some(sealed).filter(|it| it.len() <= MAX_SEALED_CODE)?, key, key_id)?;
        let code = std::str::from_utf8(&opened).ok()?;
        symbols::is_checked(code, symbols::CODE).then(|| Zeroizing::new(code.to_owned()))
    }

    /// All that is kept of a code: HMAC-SHA-256 over it and what it is bound to.
    pub(crate) fn verifier(&self, binding: &Binding<'_>, code: &str) -> anyhow::Result<Vec<u8>> {
        Ok(self.mac(binding, code)?.finalize().into_bytes().to_vec())
    }

    /// Whether that is the code, in constant time.
    pub(crate) fn verify(&self, binding: &Binding<'_>, code: &str, verifier: &[u8]) -> anyhow::Result<bool> {
        Ok(self.mac(binding, code)?.verify_slice(verifier).is_ok())
    }

    fn mac(&self, binding: &Binding<'_>, code: &str) -> anyhow::Result<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.verifier).context("verifier key")?;
        // None of the parts holds the separator.
        let parts = ["act-v1", binding.kvnr, binding.purpose, binding.code_id, code];
        mac.update(Zeroizing::new(parts.join("|")).as_bytes());
        Ok(mac)
    }
}

/// The key's id, its thumbprint (RFC 7638), and its public JWK.
fn describe(key: &SecretKey) -> anyhow::Result<(String, Value)> {
    let point = key.public_key().to_sec1_bytes();
    let (x, y) = match &*point {
        [0x04, xy @ ..] if xy.len() == 64 => xy.split_at(32),
        _ => anyhow::bail!("unexpected form of a public key"),
    };
    let (x, y) = (Base64UrlUnpadded::encode_string(x), Base64UrlUnpadded::encode_string(y));
    let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    let key_id = Base64UrlUnpadded::encode_string(&Sha256::digest(members));
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "x": x, "y": y,
        "kid": key_id, "use": "enc", "alg": "ECDH-ES+A256KW",
    });
    Ok((key_id, jwk))
}

/// The content of a file that only its owner may read; made by `make` the first time.
pub(crate) fn kept(
    path: &Path,
    make: impl FnOnce() -> anyhow::Result<Zeroizing<Vec<u8>>>,
) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    if path.exists() {
        let content = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        return Ok(Zeroizing::new(content));
    }
    let content = make()?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("creating {}", path.display()))?;
    file.write_all(&content)?;
    file.sync_all()?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BINDING: Binding<'_> = Binding {
        kvnr: "X110411675",
        purpose: "APP_ACTIVATION",
        code_id: "019ab000-0000-7000-8000-000000000001",
    };

    #[test]
    fn a_verifier_fits_its_code_and_its_binding_only() {
        let dir = tempfile::tempdir().unwrap();
        let secrets = Secrets::open(dir.path()).unwrap();
        let verifier = secrets.verifier(&BINDING, "7KQ4XR9BTW2B").unwrap();
        let elsewhere = Binding { kvnr: "T115774582", ..BINDING };
        assert!(secrets.verify(&BINDING, "7KQ4XR9BTW2B", &verifier).unwrap());
        assert!(!secrets.verify(&BINDING, "H8D3MPWC6YNK", &verifier).unwrap());
        assert!(!secrets.verify(&elsewhere, "7KQ4XR9BTW2B", &verifier).unwrap());
    }

    #[test]
    fn the_same_directory_gives_the_same_keys_and_another_gives_others() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = Secrets::open(dir.path()).unwrap();
        let again = Secrets::open(dir.path()).unwrap();
        assert_eq!(first.sealing_key(), again.sealing_key());
        assert_eq!(*first.verifier, *again.verifier);
        assert_ne!(Secrets::open(other.path()).unwrap().sealing_key(), first.sealing_key());
    }

    #[cfg(unix)]
    #[test]
    fn key_files_are_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        Secrets::open(dir.path()).unwrap();
        for name in ["sealing-key.pem", "recovery-key.pem", "verifier-key"] {
            let mode = fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}
