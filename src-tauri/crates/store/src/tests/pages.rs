//! Decrypts a database and its write-ahead log page by page, free pages included, the way SQLCipher 4 documents its
//! format: AES-256-CBC, the initialisation vector and an HMAC-SHA512 in the last 80 bytes, a salt for the first 16 bytes
//! of page 1.

use std::{fs, path::Path};

use aes_gcm::aes::{
    Aes256,
    cipher::{BlockCipherDecrypt, KeyInit},
};

use super::KEY_BYTES;
use crate::folder;

const PAGE: usize = 4096;
const RESERVED: usize = 80;
const SALT: usize = 16;
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Everything that the key brings to light.
pub(super) fn decrypted(store: &Path) -> Vec<u8> {
    let database = folder::database(store);
    let mut plain = Vec::new();
    for (number, page) in fs::read(&database).unwrap().chunks_exact(PAGE).enumerate() {
        plain.extend(decrypt(page, number == 0));
    }
    let log = fs::read(database.with_extension("db-wal")).unwrap_or_default();
    for frame in log.get(LOG_HEADER..).unwrap_or_default().chunks_exact(FRAME_HEADER + PAGE) {
        let (header, page) = frame.split_at(FRAME_HEADER);
        plain.extend(decrypt(page, header.starts_with(&1_u32.to_be_bytes())));
    }
    plain
}

fn decrypt(page: &[u8], first: bool) -> Vec<u8> {
    let (content, reserved) = page.split_at(PAGE - RESERVED);
    let cipher = Aes256::new((&KEY_BYTES).into());
    let mut before: [u8; 16] = reserved.first_chunk().copied().unwrap();
    let mut plain = Vec::with_capacity(content.len());
    for block in content.get(if first { SALT } else { 0 }..).unwrap().as_chunks::<16>().0 {
        let mut out = (*block).into();
        cipher.decrypt_block(&mut out);
        plain.extend(out.iter().zip(before).map(|(byte, before)| byte ^ before));
        before = *block;
    }
    plain
}
