//! Secure messaging as a card does it.

use super::{Cipher, cbc, kdf, mac, padded};
use openssl::symm::Mode;
use smartcard::tlv::{self, Reader, Tag, Tlv};
use smartcard::{CommandApdu, NE_MAX, NE_SHORT_MAX, ResponseApdu, StatusWord};

/// Keys and counter of the card.
#[derive(Clone)]
pub(crate) struct Messaging {
    cipher: Cipher,
    encryption: Vec<u8>,
    mac: Vec<u8>,
    counter: u128,
}

/// A data object, tag and length included.
pub(crate) fn object(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    tlv::write(&mut bytes, Tag(tag), value);
    bytes
}

impl Messaging {
    pub(crate) fn new(cipher: Cipher, encryption: &[u8], mac: &[u8]) -> Self {
        Self { cipher, encryption: encryption.to_vec(), mac: mac.to_vec(), counter: 0 }
    }

    pub(crate) fn derive(cipher: Cipher, secret: &[u8]) -> Self {
        Self::new(cipher, &kdf(cipher, secret, 1), &kdf(cipher, secret, 2))
    }

    /// Counts, checks everything about a protected command, and returns the plain one.
    pub(crate) fn open(&mut self, command: &CommandApdu) -> CommandApdu {
        self.counter += 1;
        let [cla, ins, p1, p2] = command.header();
        assert_eq!(cla & 0x0C, 0x0C, "the class says that the header is in the check value");
        let objects: Vec<Tlv<'_>> = Reader::new(command.data()).map(Result::unwrap).collect();
        let (last, objects) = objects.split_last().unwrap();
        assert_eq!(last.tag(), Tag(0x8E));
        let mut plain = CommandApdu::new(cla & !0x0C, ins, p1, p2).with_sensitivity(command.sensitivity());
        let mut authenticated = Vec::new();
        let tags: Vec<u32> = objects.iter().map(|object| object.tag().0).collect();
        let cryptogram = if ins & 1 == 0 { 0x87 } else { 0x85 };
        let expected = [&[][..], &[cryptogram], &[0x97], &[cryptogram, 0x97]];
        assert!(expected.contains(&tags.as_slice()), "{tags:X?}");
        for object in objects {
            authenticated.extend_from_slice(object.encoded());
            plain = match (object.tag().0, object.value()) {
                (0x87, [0x01, cryptogram @ ..]) => plain.with_data(&self.decrypt(cryptogram)).unwrap(),
                (0x85, cryptogram) => plain.with_data(&self.decrypt(cryptogram)).unwrap(),
                (0x97, [le]) => plain.with_ne(if *le == 0 { NE_SHORT_MAX } else { usize::from(*le) }),
                (0x97, [high, low]) => match usize::from(u16::from_be_bytes([*high, *low])) {
                    0 => plain.with_ne(NE_MAX),
                    ne => plain.with_ne(ne),
                },
                _ => panic!("object {:?} of {} bytes", object.tag(), object.value().len()),
            };
        }
        assert_eq!(last.value(), self.check_value(&[&[cla, ins, p1, p2], &authenticated]));
        plain
    }

    /// Counts, and protects an answer with its data in object `tag` (87 or 81).
    pub(crate) fn protect(&mut self, tag: u32, response: &ResponseApdu) -> ResponseApdu {
        self.counter += 1;
        let mut objects = Vec::new();
        match tag {
            _ if response.data.is_empty() => {}
            0x81 => objects = object(0x81, &response.data),
            _ => {
                let cryptogram = self.cryptogram(&padded(&response.data, self.cipher.block_bytes()));
                let indicator = usize::from(tag == 0x85);
                objects = object(tag, &cryptogram[indicator..]);
            }
        }
        objects.extend(object(0x99, &response.status.0.to_be_bytes()));
        self.sealed(&objects, response.status)
    }

    /// Counts, and gives an answer of any objects with the right check value.
    pub(crate) fn seal(&mut self, objects: &[u8]) -> ResponseApdu {
        self.counter += 1;
        self.sealed(objects, StatusWord::OK)
    }

    /// Padding indicator and cryptogram of data that is padded or not, for the next answer.
    pub(crate) fn next_cryptogram(&self, data: &[u8]) -> Vec<u8> {
        let counter = self.counter + 1;
        Self { counter, ..Self::new(self.cipher, &self.encryption, &self.mac) }.cryptogram(data)
    }

    fn sealed(&self, objects: &[u8], outer: StatusWord) -> ResponseApdu {
        let mac = self.check_value(&[objects]);
        ResponseApdu::new(&[objects, &object(0x8E, &mac)].concat(), outer)
    }

    fn cryptogram(&self, data: &[u8]) -> Vec<u8> {
        let start = self.start_vector();
        [&[0x01], &cbc(self.cipher, Mode::Encrypt, &self.encryption, &start, data)[..]].concat()
    }

    fn decrypt(&self, cryptogram: &[u8]) -> Vec<u8> {
        let mut data = cbc(self.cipher, Mode::Decrypt, &self.encryption, &self.start_vector(), cryptogram);
        let end = data.iter().rposition(|byte| *byte != 0).unwrap();
        assert_eq!(data[end], 0x80);
        assert!(data.len() - end <= self.cipher.block_bytes());
        data.truncate(end);
        data
    }

    fn start_vector(&self) -> Vec<u8> {
        if self.cipher == Cipher::TripleDes {
            return vec![0; 8];
        }
        cbc(self.cipher, Mode::Encrypt, &self.encryption, &[0; 16], &self.counter.to_be_bytes())
    }

    fn check_value(&self, fields: &[&[u8]]) -> Vec<u8> {
        let block_bytes = self.cipher.block_bytes();
        let mut message = self.counter.to_be_bytes()[16 - block_bytes..].to_vec();
        for field in fields.iter().filter(|field| !field.is_empty()) {
            message.extend(padded(field, block_bytes));
        }
        mac(self.cipher, &self.mac, &message)
    }
}
