//! The key of the whole database, and what opens a backup of it.

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

    /// For reading pages as they lie on the disk.
    pub(crate) fn bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    /// SQLCipher's statement for a raw key, which takes no key derivation.
    fn pragma(&self) -> Zeroizing<String> {
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

/// What an administrator opens a backup with on another machine. SQLCipher derives the key from it (PBKDF2-HMAC-SHA512,
/// 256,000 rounds, salt in the file); the length is what keeps somebody out who has the file for years.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Passphrase(String);

impl Passphrase {
    /// Fewest characters.
    pub const MIN_CHARS: usize = 12;
    /// Most bytes: more than anybody types.
    pub const MAX_BYTES: usize = 256;

    /// Takes a passphrase; `None` if it is too short, too long, has control characters, or begins with `x'`, which SQLCipher
    /// may take for a raw key.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits = text.chars().count() >= Self::MIN_CHARS && text.len() <= Self::MAX_BYTES;
        let is_plain = !text.chars().any(char::is_control) && !text.to_ascii_lowercase().starts_with("x'");
        (fits && is_plain).then(|| Self(text.to_owned()))
    }

    fn pragma(&self) -> Zeroizing<String> {
        // Every quote doubled; the buffer never grows, which would leave a copy behind.
        let mut sql = Zeroizing::new(String::with_capacity(2 * self.0.len() + 16));
        sql.push_str("PRAGMA key = '");
        for character in self.0.chars() {
            if character == '\'' {
                sql.push('\'');
            }
            sql.push(character);
        }
        sql.push_str("';");
        sql
    }
}

/// What encrypts a backup.
#[derive(Clone)]
pub enum BackupKey {
    /// For keeping it elsewhere, or moving the desk to another machine.
    Passphrase(Passphrase),
    /// The desk's own key: opens only where the desk's keyring is.
    Desk(DatabaseKey),
}

/// What SQLCipher opens a file with.
pub(crate) trait FileKey {
    /// The statement that comes before any other.
    fn pragma(&self) -> Zeroizing<String>;
}

impl FileKey for DatabaseKey {
    fn pragma(&self) -> Zeroizing<String> {
        self.pragma()
    }
}

impl FileKey for BackupKey {
    fn pragma(&self) -> Zeroizing<String> {
        match self {
            Self::Passphrase(passphrase) => passphrase.pragma(),
            Self::Desk(key) => key.pragma(),
        }
    }
}
