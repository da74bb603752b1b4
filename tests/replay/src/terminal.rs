//! The terminal's side of PACE (BSI TR-03110-2 and -3: ECDH, generic mapping, AES-128, brainpoolP256r1) computed anew from
//! its recorded private keys, apart from the product's code: points by `bp256`, cipher and hash by OpenSSL.

use anyhow::{Context, Result, ensure};
use bp256::{
    Scalar,
    elliptic_curve::{
        ff::PrimeField,
        sec1::{FromSec1Point, ToSec1Point},
    },
    r1::{AffinePoint, FieldBytes, ProjectivePoint, Sec1Point},
};
use openssl::{
    sha::sha1,
    symm::{Cipher, Mode},
};
use zeroize::Zeroizing;

use crate::{
    messaging::{cipher, cmac},
    recording::{Exchange, PrivateKey},
};

/// Commands of one PACE run: MSE SET, then four GENERAL AUTHENTICATE.
pub const COMMANDS: usize = 5;

/// id-PACE-ECDH-GM-AES-CBC-CMAC-128 (0.4.0.127.0.7.2.2.4.2.2).
const PROTOCOL: [u8; 10] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02];

/// An uncompressed point: `04 || x || y`.
const POINT: usize = 65;
const TOKEN: usize = 8;

/// Session keys of AES-128.
pub struct Keys {
    encryption: Zeroizing<[u8; 16]>,
    mac: Zeroizing<[u8; 16]>,
    leading_zero: bool,
}

impl Keys {
    /// From the shared secret K (TR-03110-3, key derivation function with SHA-1).
    #[must_use]
    pub fn derive(secret: &[u8]) -> Self {
        let leading_zero = secret.first() == Some(&0);
        Self { encryption: derive(secret, 1), mac: derive(secret, 2), leading_zero }
    }

    /// The cipher's key.
    #[must_use]
    pub fn encryption(&self) -> &[u8] {
        &*self.encryption
    }

    /// The check value's key.
    #[must_use]
    pub fn mac(&self) -> &[u8] {
        &*self.mac
    }

    /// Whether K began with a zero byte: a terminal that takes it as a number loses the session.
    #[must_use]
    pub fn secret_has_leading_zero(&self) -> bool {
        self.leading_zero
    }
}

/// The key that a password stands for (TR-03110-3, Kπ).
#[must_use]
pub fn password_key(password: &[u8]) -> Zeroizing<[u8; 16]> {
    derive(password, 3)
}

fn derive(secret: &[u8], counter: u32) -> Zeroizing<[u8; 16]> {
    let input = Zeroizing::new([secret, &counter.to_be_bytes()].concat());
    let hash = Zeroizing::new(sha1(&input));
    let mut key = Zeroizing::new([0; 16]);
    key.iter_mut().zip(hash.iter()).for_each(|(key, hash)| *key = *hash);
    key
}

/// Runs the terminal's side over one recorded run, and holds everything recorded against it: both public keys, both
/// tokens.
///
/// # Errors
/// If the recording isn't of this protocol, or a value in it isn't what the keys give.
pub fn session_keys(can: &str, keys: &[PrivateKey; 2], run: &[Exchange; COMMANDS]) -> Result<Keys> {
    let [_, nonce, mapping, agreement, tokens] = run;
    let [mapping_key, agreement_key] = keys.each_ref().map(|key| scalar(&**key));
    let (mapping_key, agreement_key) = (mapping_key?, agreement_key?);

    let encrypted = answer(nonce, 0x80)?;
    let nonce =
        cipher(Cipher::aes_128_ecb(), Mode::Decrypt, &*password_key(can.as_bytes()), None, encrypted)?;
    ensure!(
        sent(mapping, 0x81)? == encode(ProjectivePoint::GENERATOR * mapping_key),
        "81 isn't the mapping key's point"
    );
    let shared = point(answer(mapping, 0x82)?)? * mapping_key;
    let generator = ProjectivePoint::GENERATOR * scalar(&nonce)? + shared;

    let ours = sent(agreement, 0x83)?;
    ensure!(ours == encode(generator * agreement_key), "83 isn't the agreement key's point");
    let theirs = answer(agreement, 0x84)?;
    let secret = Zeroizing::new(encode(point(theirs)? * agreement_key));
    let keys = Keys::derive(secret.get(1..33).context("K is no point")?);

    ensure!(sent(tokens, 0x85)? == token(&keys, theirs)?, "85 isn't the terminal's token");
    ensure!(answer(tokens, 0x86)? == token(&keys, ours)?, "86 isn't the card's token");
    Ok(keys)
}

/// TR-03110-3, authentication token: a check value over the other side's public key.
fn token(keys: &Keys, public_key: &[u8]) -> Result<Vec<u8>> {
    let mut object = vec![0x7F, 0x49, 0x4F, 0x06, 0x0A];
    object.extend_from_slice(&PROTOCOL);
    object.extend_from_slice(&[0x86, 0x41]);
    object.extend_from_slice(public_key);
    let mut mac = cmac(keys.mac(), &object)?;
    mac.truncate(TOKEN);
    Ok(mac)
}

/// What a recorded GENERAL AUTHENTICATE sent in object `tag`.
fn sent(exchange: &Exchange, tag: u8) -> Result<&[u8]> {
    // Behind the header comes Lc, of one byte or of three.
    let body = match exchange.command.get(4..).unwrap_or_default() {
        [0, _, _, body @ ..] | [_, body @ ..] => body,
        [] => &[],
    };
    dynamic_data(body, tag)
}

/// What a recorded GENERAL AUTHENTICATE was answered in object `tag`.
fn answer(exchange: &Exchange, tag: u8) -> Result<&[u8]> {
    dynamic_data(&exchange.response, tag)
}

/// `7C L tag L value`, all lengths of one byte.
fn dynamic_data(body: &[u8], tag: u8) -> Result<&[u8]> {
    match body {
        [0x7C, _, known, length, value @ ..] if *known == tag => value.get(..usize::from(*length)),
        _ => None,
    }
    .with_context(|| format!("object {tag:02X} of PACE is missing"))
}

fn scalar(bytes: &[u8]) -> Result<Scalar> {
    let mut repr = FieldBytes::default();
    let start = repr.len().checked_sub(bytes.len()).context("a scalar is too long")?;
    repr.iter_mut().skip(start).zip(bytes).for_each(|(repr, byte)| *repr = *byte);
    Option::from(Scalar::from_repr(repr)).context("a scalar is too large")
}

fn point(bytes: &[u8]) -> Result<ProjectivePoint> {
    ensure!(bytes.len() == POINT, "a point has {} bytes", bytes.len());
    let encoded = Sec1Point::from_bytes(bytes).ok().context("a point is malformed")?;
    let affine: Option<AffinePoint> = AffinePoint::from_sec1_point(&encoded).into();
    Ok(affine.context("a point isn't on the curve")?.into())
}

fn encode(point: ProjectivePoint) -> Vec<u8> {
    point.to_affine().to_sec1_point(false).as_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// gematik, ref-OpenHealthCardKit and E-Rezept-App-Android: key derivation.
    const SECRET: &str = "2ECA74E72CD6C1E0DA235093569984987C34A9F4D34E4E60FB0AD87B983CDC62";

    #[test]
    fn keys_are_derived_as_gematiks_own_tests_say() {
        let secret = hex::decode(SECRET).unwrap();
        let keys = Keys::derive(&secret);
        assert_eq!(hex::encode_upper(keys.encryption()), "AB5541629D18E5F33EE2B13DBDCDBE84");
        assert_eq!(hex::encode_upper(keys.mac()), "E13D3757C7D9073794A3D7CA94B22D30");
        assert_eq!(hex::encode_upper(*password_key(&secret)), "74C1F5E712B53BAAA3B02B182E0961B9");
        assert_eq!(hex::encode_upper(*password_key(b"12345678")), "663EABABA99E954E8D22889540EDC66C");
    }

    /// Computed twice, by different programs, from the definition in TR-03110-3 (SHA-1 of the digits and the counter 3).
    #[test]
    fn a_can_is_taken_as_its_ascii_digits() {
        for (can, key) in [
            ("123123", "E9C1A4BF6E88DD00E80ED4DFE7D19154"),
            ("000000", "783397608C38B1D3D2B16B2A174DC536"),
            ("123456", "591468CDA83D65219CCCB8560233600F"),
        ] {
            assert_eq!(hex::encode_upper(*password_key(can.as_bytes())), key, "{can}");
        }
    }
}
