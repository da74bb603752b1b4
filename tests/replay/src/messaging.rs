//! Secure messaging taken off recorded commands and answers (ISO/IEC 7816-4; BSI TR-03110-3, AES-128), apart from the
//! product's code: ciphers by OpenSSL.

use anyhow::{Context, Result, bail, ensure};
use openssl::{
    pkey::PKey,
    sign::Signer,
    symm::{Cipher, Crypter, Mode},
};
use smartcard::CommandApdu;

use crate::terminal::Keys;

/// CLA bits that say: secure messaging, header authenticated.
const CLA_SECURE: u8 = 0x0C;
const BLOCK: usize = 16;
const MAC: usize = 8;

/// One session's keys and its send sequence counter.
pub struct Messaging {
    keys: Keys,
    counter: u128,
}

/// A command without its protection.
pub struct PlainCommand {
    /// CLA INS P1 P2.
    pub header: [u8; 4],
    /// The data field.
    pub data: Vec<u8>,
    /// Ne, 0 for none.
    pub ne: usize,
}

/// An answer without its protection.
pub struct PlainResponse {
    /// The data field.
    pub data: Vec<u8>,
    /// The protected status word.
    pub status: u16,
}

impl PlainCommand {
    /// The command for the product's channel.
    ///
    /// # Errors
    /// Never for what fits a protected command.
    pub fn apdu(&self) -> Result<CommandApdu> {
        let [cla, ins, p1, p2] = self.header;
        Ok(CommandApdu::new(cla, ins, p1, p2).with_data(&self.data)?.with_ne(self.ne))
    }
}

impl Messaging {
    /// A session that has just begun.
    #[must_use]
    pub fn new(keys: Keys) -> Self {
        Self { keys, counter: 0 }
    }

    /// Takes the protection off a command.
    ///
    /// # Errors
    /// If it isn't of its form, or its check value is wrong.
    pub fn command(&mut self, apdu: &[u8]) -> Result<PlainCommand> {
        self.counter += 1;
        let (&[cla, ins, p1, p2], body) = apdu.split_first_chunk::<4>().context("no header")?;
        ensure!(cla & CLA_SECURE == CLA_SECURE, "the command isn't protected");
        let body = match body {
            [0, high, low, rest @ ..] => rest.get(..usize::from(u16::from_be_bytes([*high, *low]))),
            [length, rest @ ..] => rest.get(..usize::from(*length)),
            [] => None,
        };
        let objects = Objects::parse(body.context("Lc is wrong")?)?;
        let mut covered = self.counter.to_be_bytes().to_vec();
        covered.extend(padded(&[cla, ins, p1, p2]));
        self.check(covered, &objects)?;
        let ne = match objects.get(0x97) {
            None => 0,
            Some([0]) => 256,
            Some([le]) => usize::from(*le),
            Some([0, 0]) => 65_536,
            Some([high, low]) => usize::from(u16::from_be_bytes([*high, *low])),
            Some(_) => bail!("97 has a wrong length"),
        };
        Ok(PlainCommand { header: [cla ^ CLA_SECURE, ins, p1, p2], data: self.data(&objects)?, ne })
    }

    /// Takes the protection off an answer.
    ///
    /// # Errors
    /// As [`Messaging::command`].
    pub fn response(&mut self, apdu: &[u8]) -> Result<PlainResponse> {
        self.counter += 1;
        let (body, _) = apdu.split_last_chunk::<2>().context("no status")?;
        let objects = Objects::parse(body)?;
        self.check(self.counter.to_be_bytes().to_vec(), &objects)?;
        let Some([high, low]) = objects.get(0x99) else { bail!("99 is missing or wrong") };
        Ok(PlainResponse { data: self.data(&objects)?, status: u16::from_be_bytes([*high, *low]) })
    }

    /// Compares 8E with the check value over `covered` and the objects before 8E.
    fn check(&self, mut covered: Vec<u8>, objects: &Objects<'_>) -> Result<()> {
        if !objects.before_mac.is_empty() {
            covered.extend(padded(objects.before_mac));
        }
        let mac = cmac(self.keys.mac(), &covered)?;
        ensure!(objects.get(0x8E) == mac.get(..MAC), "the check value is wrong");
        Ok(())
    }

    /// 87 deciphered, or 81 as it is.
    fn data(&self, objects: &Objects<'_>) -> Result<Vec<u8>> {
        let Some(value) = objects.get(0x87) else {
            return Ok(objects.get(0x81).unwrap_or_default().to_vec());
        };
        let Some((0x01, ciphertext)) = value.split_first() else { bail!("87 has another padding indicator") };
        let vector = cipher(
            Cipher::aes_128_ecb(),
            Mode::Encrypt,
            self.keys.encryption(),
            None,
            &self.counter.to_be_bytes(),
        )?;
        let mut plain =
            cipher(Cipher::aes_128_cbc(), Mode::Decrypt, self.keys.encryption(), Some(&vector), ciphertext)?;
        let end = plain.iter().rposition(|byte| *byte != 0).context("no padding")?;
        ensure!(plain.get(end) == Some(&0x80) && plain.len() - end <= BLOCK, "the padding is wrong");
        plain.truncate(end);
        Ok(plain)
    }
}

/// The data objects of a body, one behind the other; 8E comes last.
struct Objects<'a> {
    found: Vec<(u8, &'a [u8])>,
    before_mac: &'a [u8],
}

impl<'a> Objects<'a> {
    fn parse(body: &'a [u8]) -> Result<Self> {
        let (mut found, mut rest) = (Vec::new(), body);
        while let [tag, after_tag @ ..] = rest {
            let (length, value) = match after_tag {
                [0x82, high, low, value @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), value),
                [0x81, length, value @ ..] => (usize::from(*length), value),
                [length @ 0..=0x7F, value @ ..] => (usize::from(*length), value),
                _ => bail!("a length is wrong"),
            };
            let (value, next) = value.split_at_checked(length).context("an object ends behind the body")?;
            if *tag == 0x8E {
                ensure!(next.is_empty(), "8E isn't the last object");
                let before_mac = body.get(..body.len() - rest.len()).unwrap_or_default();
                found.push((*tag, value));
                return Ok(Self { found, before_mac });
            }
            found.push((*tag, value));
            rest = next;
        }
        bail!("8E is missing")
    }

    fn get(&self, tag: u8) -> Option<&'a [u8]> {
        self.found.iter().find(|(known, _)| *known == tag).map(|(_, value)| *value)
    }
}

/// ISO/IEC 9797-1, padding method 2, to whole AES blocks.
fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(BLOCK), 0);
    padded
}

/// AES-CMAC (NIST SP 800-38B), whole.
pub(crate) fn cmac(key: &[u8], message: &[u8]) -> Result<Vec<u8>> {
    let key = PKey::cmac(&Cipher::aes_128_cbc(), key)?;
    Ok(Signer::new_without_digest(&key)?.sign_oneshot_to_vec(message)?)
}

/// A block cipher over whole blocks.
pub(crate) fn cipher(
    cipher: Cipher,
    mode: Mode,
    key: &[u8],
    vector: Option<&[u8]>,
    input: &[u8],
) -> Result<Vec<u8>> {
    ensure!(input.len().is_multiple_of(BLOCK), "{} bytes are no whole blocks", input.len());
    let mut crypter = Crypter::new(cipher, mode, key, vector)?;
    crypter.pad(false);
    let mut output = vec![0; input.len() + BLOCK];
    let written = crypter.update(input, &mut output)?;
    let rest = crypter.finalize(output.get_mut(written..).unwrap_or_default())?;
    output.truncate(written + rest);
    Ok(output)
}
