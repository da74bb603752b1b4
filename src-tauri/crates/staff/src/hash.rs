//! What of a PIN is written down: an Argon2id hash (RFC 9106) as a PHC string.
//!
//! A PIN of six digits falls within hours to whoever has its hash, whatever the parameters: the hash slows him down, what
//! keeps the PIN is that the file of accounts isn't readable for everybody.

use std::hint::black_box;

use argon2::{
    Argon2, Params,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::{Pin, StaffError};

/// Length of a salt in bytes (RFC 9106, section 3.1: 16 is recommended for hashing passwords).
const SALT_BYTES: usize = 16;
/// Argon2 1.3, the version of RFC 9106.
const VERSION: u32 = 19;
/// 19 MiB, two passes, one lane: OWASP's Password Storage Cheat Sheet. They are the defaults of the `argon2` crate as well.
const PARAMETERS: &str = "m=19456,t=2,p=1";

/// The hash of a member's PIN. No Debug: it stays in this crate.
pub(crate) struct PinHash(PasswordHash);

impl PinHash {
    /// Takes a PHC string as [`hash_pin`] writes it. Other parameters are refused: weaker ones protect less, others take
    /// another time, which would tell something.
    pub(crate) fn parse(phc: &str) -> Option<Self> {
        let hash = PasswordHash::new(phc).ok()?;
        let fits = hash.algorithm.as_str() == "argon2id"
            && hash.version == Some(VERSION)
            && hash.params.as_str() == PARAMETERS
            && hash.salt.as_ref().is_some_and(|salt| salt.len() >= SALT_BYTES)
            && hash.hash.as_ref().is_some_and(|hash| hash.len() == Params::DEFAULT_OUTPUT_LEN);
        fits.then_some(Self(hash))
    }

    /// Whether it is this PIN's, compared in constant time.
    pub(crate) fn matches(&self, pin: &Pin) -> bool {
        Argon2::default().verify_password(pin.expose(), &self.0).is_ok()
    }
}

/// Matches nothing, and takes as long about it as [`PinHash::matches`]: for ids that nobody has.
pub(crate) fn match_nothing(pin: &Pin) -> bool {
    let mut hash = [0; Params::DEFAULT_OUTPUT_LEN];
    black_box(Argon2::default().hash_password_into(pin.expose(), &[0; SALT_BYTES], &mut hash)).ok();
    black_box(hash);
    false
}

/// The PHC string of a PIN, for the key `pin` of the accounts file. `entropy` fills a buffer with random bytes; 16 are drawn.
///
/// # Errors
/// [`StaffError::Hash`] if the 19 MiB that hashing takes can't be had.
pub fn hash_pin(pin: &Pin, entropy: &mut dyn FnMut(&mut [u8])) -> Result<String, StaffError> {
    let mut salt = [0; SALT_BYTES];
    entropy(&mut salt);
    let hash = Argon2::default().hash_password_with_salt(pin.expose(), &salt);
    hash.map(|hash| hash.to_string()).map_err(StaffError::Hash)
}

#[cfg(test)]
mod tests {
    use argon2::{Algorithm, AssociatedData, ParamsBuilder, Version};

    use super::*;

    /// PIN 246810, salt 00 01 … 0F, by the reference implementation in C (phc-winner-argon2, through argon2-cffi 25.1.0).
    const REFERENCE: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$Fvt7B9xwgWoMPWM9oidJhYVsQIxRaOyAmhYmRKN7mx8";

    fn pin(digits: &str) -> Pin {
        Pin::parse(digits).unwrap()
    }

    fn count_up(buffer: &mut [u8]) {
        (0..).zip(buffer).for_each(|(number, byte)| *byte = number);
    }

    #[test]
    fn the_hash_is_argon2id_as_in_rfc_9106() {
        // RFC 9106, section 5.3.
        let params = ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(AssociatedData::new(&[4; 12]).unwrap())
            .build()
            .unwrap();
        let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
        let mut tag = [0; 32];
        argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
        let expected = [
            0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37, 0xa3, 0x4a, 0x8b, 0x53, 0xc9,
            0xd0, 0x1e, 0xf0, 0x45, 0x2d, 0x75, 0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01, 0xe6, 0x59,
        ];
        assert_eq!(tag, expected);
    }

    #[test]
    fn a_pins_hash_is_the_one_that_the_reference_implementation_makes() {
        assert_eq!(hash_pin(&pin("246810"), &mut count_up).unwrap(), REFERENCE);
    }

    #[test]
    fn a_hash_matches_its_pin_and_no_other() {
        let hash = PinHash::parse(REFERENCE).unwrap();
        assert!(hash.matches(&pin("246810")));
        assert!(!hash.matches(&pin("246811")));
        assert!(!hash.matches(&pin("2468100")));
        assert!(!match_nothing(&pin("246810")));
    }

    #[test]
    fn hashes_of_another_kind_or_strength_are_refused() {
        assert!(PinHash::parse(REFERENCE).is_some());
        let changed = [
            ("argon2id", "argon2i"),
            ("argon2id", "scrypt"),
            ("v=19", "v=16"),
            ("v=19$", ""),
            ("m=19456", "m=8"),
            ("m=19456", "m=4194304"),
            ("t=2", "t=1"),
            ("p=1", "p=4"),
            ("p=1", "p=1,keyid=AAAA"),
            ("AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0O"),
            ("AAECAwQFBgcICQoLDA0ODw", "not base64!"),
            ("JhYVsQIxRaOyAmhYmRKN7mx8", ""),
            ("$Fvt7B9xwgWoMPWM9oidJhYVsQIxRaOyAmhYmRKN7mx8", ""),
        ];
        for (from, to) in changed {
            assert!(REFERENCE.contains(from), "{from}");
            let phc = REFERENCE.replace(from, to);
            assert!(PinHash::parse(&phc).is_none(), "{phc}");
        }
        for phc in ["", "246810", "$"] {
            assert!(PinHash::parse(phc).is_none(), "{phc}");
        }
    }
}
