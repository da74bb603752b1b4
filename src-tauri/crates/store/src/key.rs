//! The key of the whole database.

use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The 256-bit key that SQLCipher encrypts every page with. Random, kept in the operating system's keyring; without it
/// the store can't be opened by anybody.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DatabaseKey([u8; Self::LENGTH]);

impl DatabaseKey {
    /// Length in bytes (AES-256).
    pub const LENGTH: usize = 32;

    /// Takes a key that the shell drew or the keyring held; `None` unless it has [`DatabaseKey::LENGTH`] bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// SQLCipher's statement for a raw key, which takes no key derivation.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut sql = Zeroizing::new(String::with_capacity(2 * Self::LENGTH + 24));
        sql.push_str("PRAGMA key = \"x'");
        for byte in self.0 {
            for digit in [byte >> 4, byte & 0xf] {
                sql.push(HEX.get(usize::from(digit)).copied().map_or('0', char::from));
            }
        }
        sql.push_str("'\";");
        sql
    }

    /// Tells a wrong key from a damaged first page, both of which SQLCipher reports alike. A hash of 256 random bits
    /// gives nothing away.
    pub(crate) fn check(&self) -> [u8; 32] {
        Sha256::new().chain_update(b"identplatz/store/key-check/1").chain_update(self.0).finalize().into()
    }
}
