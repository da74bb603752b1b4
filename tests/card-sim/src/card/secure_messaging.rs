//! Secure messaging with AES (TR-03110-3, F; gemSpec_COS, 13): the card's side of a channel.

use crate::{
    apdu::{Command, Ne, sw},
    crypto::symmetric::{BLOCK, Key, cmac, decrypt_cbc, encrypt_block, encrypt_cbc, pad, unpad},
    tlv::{objects, tlv},
};

/// Cryptogram behind a padding indicator.
const CRYPTOGRAM: u32 = 0x87;
/// Response data in the clear, authentic all the same.
const PLAIN: u32 = 0x81;
const EXPECTED_LENGTH: u32 = 0x97;
const STATUS: u32 = 0x99;
const CHECKSUM: u32 = 0x8E;
/// "Padding method 2" before a cryptogram.
const PADDED: u8 = 0x01;

/// Keys and counter of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecureMessaging {
    encryption: Key,
    authentication: Key,
    /// Send sequence counter; one more for every command and every response.
    counter: u128,
}

/// A command without its protection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unprotected {
    header: [u8; 4],
    data: Vec<u8>,
    ne: Option<Ne>,
}

impl Unprotected {
    /// As the card executes it.
    pub(crate) fn command(&self) -> Command<'_> {
        let [cla, ins, p1, p2] = self.header;
        // What a response may hold is said by the protected Le.
        Command { cla, ins, p1, p2, data: &self.data, ne: self.ne, extended: true }
    }
}

impl SecureMessaging {
    /// A new channel.
    pub(crate) fn new(encryption: Key, authentication: Key) -> Self {
        Self { encryption, authentication, counter: 0 }
    }

    /// Checks and decrypts a command; the status word that refuses it ends the channel.
    pub(crate) fn unprotect(&mut self, command: &Command<'_>) -> Result<Unprotected, u16> {
        self.counter = self.counter.wrapping_add(1);
        let objects = objects(command.data).ok_or(sw::PROTECTION_WRONG)?;
        let (checksum, protected) = objects.split_last().ok_or(sw::PROTECTION_MISSING)?;
        if checksum.tag != CHECKSUM {
            return Err(sw::PROTECTION_MISSING);
        }
        let header = [command.cla, command.ins, command.p1, command.p2];
        let body: Vec<u8> = protected.iter().flat_map(|object| object.whole).copied().collect();
        if checksum.value != self.checksum(&pad(header.to_vec()), body) {
            return Err(sw::PROTECTION_WRONG);
        }
        let (cryptogram, expected) = match protected {
            [] => (None, None),
            [object] if object.tag == CRYPTOGRAM => (Some(object.value), None),
            [object] if object.tag == EXPECTED_LENGTH => (None, Some(object.value)),
            [first, second] if first.tag == CRYPTOGRAM && second.tag == EXPECTED_LENGTH => {
                (Some(first.value), Some(second.value))
            }
            _ => return Err(sw::PROTECTION_WRONG),
        };
        let data = cryptogram.map_or(Some(Vec::new()), |cryptogram| self.decrypt(cryptogram));
        let ne = expected.map(|length| Ne::parse(length).ok_or(sw::PROTECTION_WRONG)).transpose()?;
        let header = [command.cla & !super::PROTECTED, command.ins, command.p1, command.p2];
        Ok(Unprotected { header, data: data.ok_or(sw::PROTECTION_WRONG)?, ne })
    }

    /// The protected data field of a response; the status word follows it once more in the clear.
    pub(crate) fn protect(&mut self, data: &[u8], status: u16, plain: bool) -> Vec<u8> {
        self.counter = self.counter.wrapping_add(1);
        let mut objects = match data {
            [] => Vec::new(),
            data if plain => tlv(PLAIN, data),
            data => {
                let text = encrypt_cbc(&self.encryption, &self.initial_vector(), &pad(data.to_vec()));
                tlv(CRYPTOGRAM, &[&[PADDED], text.as_slice()].concat())
            }
        };
        objects.extend(tlv(STATUS, &status.to_be_bytes()));
        let checksum = self.checksum(&[], objects.clone());
        objects.extend(tlv(CHECKSUM, &checksum));
        objects
    }

    fn decrypt(&self, cryptogram: &[u8]) -> Option<Vec<u8>> {
        let (indicator, text) = cryptogram.split_first()?;
        if *indicator != PADDED || text.is_empty() || text.len() % BLOCK != 0 {
            return None;
        }
        unpad(decrypt_cbc(&self.encryption, &self.initial_vector(), text))
    }

    fn initial_vector(&self) -> [u8; BLOCK] {
        encrypt_block(&self.encryption, &self.counter.to_be_bytes())
    }

    /// Over counter, padded header and padded objects, each as far as there is any.
    fn checksum(&self, header: &[u8], objects: Vec<u8>) -> [u8; 8] {
        let objects = if objects.is_empty() { objects } else { pad(objects) };
        cmac(&self.authentication, &[&self.counter.to_be_bytes(), header, &objects].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        hex::decode(hex).unwrap()
    }

    fn key(hex: &str) -> Key {
        bytes(hex).try_into().unwrap()
    }

    fn check(channel: &mut SecureMessaging, protected: &str, plain: &str) {
        let protected = bytes(protected);
        let command = channel.unprotect(&Command::parse(&protected).unwrap()).unwrap();
        let ne = command.ne.map(|ne| ne.bytes);
        assert_eq!(format!("{} {} {ne:?}", hex::encode(command.header), hex::encode(command.data)), plain);
    }

    /// gematik E-Rezept-App-Android (EUPL-1.2), SecureMessagingTest.
    #[test]
    fn commands_of_a_published_test_are_understood() {
        let channel = || {
            SecureMessaging::new(
                key("68406B4162100563D9C901A6154D2901"),
                key("73FF268784F72AF833FDC9464049AFC9"),
            )
        };
        check(&mut channel(), "0D0203040A8E08D92B4FDDC2BBED8C00", "01020304  None");
        check(&mut channel(), "0D02030400000D97017F8E0871D8E0418DAE20F30000", "01020304  Some(127)");
        check(
            &mut channel(),
            "0D0203041D871101496C26D36306679609665A385C54DB378E08E7AAD918F260D8EF00",
            "01020304 05060708090a None",
        );
    }

    /// A real test card's session (gematik OpenHealth-Core, Apache-2.0, apdu-replay/read-vsd.jsonl), the keys
    /// computed from its published ephemeral keys.
    #[test]
    fn a_real_cards_session_is_understood_and_answered_to_the_byte() {
        let mut channel = SecureMessaging::new(
            key("0D7836B9A782DABD298A7928A63ACA74"),
            key("23021D3E0ADA675D66ACF0E5696093C5"),
        );
        let mut step = |protected: &str, plain: &str, status: u16, response: &str| {
            check(&mut channel, protected, plain);
            assert_eq!(hex::encode_upper(channel.protect(&[], status, false)), response);
        };
        step("0CA4040C0A8E08EB4963AB4A4A925E00", "00a4040c  None", 0x9000, "990290008E086F0E0EBF300128A1");
        step(
            "0CA4040C1D871101E6203958340658C7AD06A2D413613FD38E08BFB92FA6D74A4B9700",
            "00a4040c d27600000102 None",
            0x9000,
            "990290008E08ACF202A1E5FCD18C",
        );
        step(
            "0CA4020C1D8711017C71B83BBCFFD6F1BBA225F2BBA039828E082342AD07C14EC82200",
            "00a4020c d002 None",
            0x9000,
            "990290008E08FD43BC951F556ADF",
        );
        check(&mut channel, "0CB0000000000E970200008E088B8AB08DF9D93DE20000", "00b00000  Some(65536)");
        // The file's content is left out here, its counter isn't.
        channel.protect(&[], 0x9000, false);
        check(&mut channel, "0CB0023000000E970200008E0840E3D502BA7BEEC40000", "00b00230  Some(65536)");
        assert_eq!(hex::encode_upper(channel.protect(&[], 0x6B00, false)), "99026B008E08CEAEC41F71FE1100");
    }

    #[test]
    fn no_bit_of_a_command_can_be_changed() {
        let original = bytes("0D0203041D871101496C26D36306679609665A385C54DB378E08E7AAD918F260D8EF00");
        for bit in 0..(original.len() - 1) * 8 {
            let mut changed = original.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let mut channel = SecureMessaging::new(
                key("68406B4162100563D9C901A6154D2901"),
                key("73FF268784F72AF833FDC9464049AFC9"),
            );
            let command = Command::parse(&changed);
            assert!(command.is_none_or(|command| channel.unprotect(&command).is_err()), "bit {bit}");
        }
    }

    #[test]
    fn a_command_is_understood_once() {
        let mut channel = SecureMessaging::new(
            key("68406B4162100563D9C901A6154D2901"),
            key("73FF268784F72AF833FDC9464049AFC9"),
        );
        let original = bytes("0D0203040A8E08D92B4FDDC2BBED8C00");
        let command = Command::parse(&original).unwrap();
        assert!(channel.unprotect(&command).is_ok());
        assert_eq!(channel.unprotect(&command), Err(sw::PROTECTION_WRONG));
    }
}
