//! The pages of a database and of its write-ahead log as they lie on the disk, decrypted: free pages and what is left of
//! older ones included, which no query shows.
//!
//! SQLCipher 4: AES-256-CBC under the raw key; the last 80 bytes of a page hold the initialisation vector and an
//! HMAC-SHA512; the first 16 bytes of page 1 are the salt.

use std::{
    fs::File,
    io::{BufReader, ErrorKind, Read},
    path::Path,
};

use aes::{
    Aes256,
    cipher::{BlockModeDecrypt, KeyInit},
};
use cbc::cipher::InnerIvInit;
use zeroize::Zeroizing;

use crate::{DatabaseKey, StoreError};

const PAGE: usize = 4096;
const RESERVED: usize = 80;
const SALT: usize = 16;
const IV: usize = 16;
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Shows every page to `look`, and says how many there were. What is written meanwhile may be shown or not.
pub(crate) fn each(
    database: &Path,
    key: &DatabaseKey,
    mut look: impl FnMut(&[u8]),
) -> Result<u64, StoreError> {
    let cipher = Aes256::new(key.bytes().into());
    let mut pages = 0;
    let mut file = BufReader::new(File::open(database)?);
    let mut page = Zeroizing::new([0; PAGE]);
    while fill(&mut file, page.as_mut_slice())? {
        look(decrypt(&cipher, &mut page, pages == 0));
        pages += 1;
    }
    let mut log = match File::open(database.with_extension("db-wal")) {
        Ok(log) => BufReader::new(log),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(pages),
        Err(error) => return Err(error.into()),
    };
    let mut header = [0; FRAME_HEADER];
    if !fill(&mut log, &mut [0; LOG_HEADER])? {
        return Ok(pages);
    }
    while fill(&mut log, &mut header)? && fill(&mut log, page.as_mut_slice())? {
        look(decrypt(&cipher, &mut page, header.starts_with(&1_u32.to_be_bytes())));
        pages += 1;
    }
    Ok(pages)
}

/// Fills the buffer; `false` at the end of the file, be it in the middle of a page that was never completely written.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> Result<bool, StoreError> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The plain content of a page, in place.
fn decrypt<'page>(cipher: &Aes256, page: &'page mut [u8; PAGE], is_first: bool) -> &'page [u8] {
    let (content, reserved) = page.split_at_mut(PAGE - RESERVED);
    let iv: [u8; IV] = reserved.first_chunk().copied().unwrap_or_default();
    let (_, content) = content.split_at_mut(if is_first { SALT } else { 0 });
    let (blocks, _) = aes::cipher::Array::slice_as_chunks_mut(content);
    cbc::Decryptor::inner_iv_init(cipher, &iv.into()).decrypt_blocks(blocks);
    content
}
