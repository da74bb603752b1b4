//! Secure messaging with AES or 3DES (TR-03110-3, F; Doc 9303-11, 9.8; gemSpec_COS, 13): the card's side of a
//! channel.

use crate::{
    apdu::{Command, Ne, sw},
    crypto::cipher::Cipher,
    tlv::{objects, tlv},
};

/// Cryptogram behind a padding indicator.
const CRYPTOGRAM: u32 = 0x87;
/// Cryptogram of data objects, without an indicator: for odd instructions.
const CRYPTOGRAM_OF_OBJECTS: u32 = 0x85;
/// Response data in the clear, authentic all the same.
const PLAIN: u32 = 0x81;
const EXPECTED_LENGTH: u32 = 0x97;
const STATUS: u32 = 0x99;
const CHECKSUM: u32 = 0x8E;
/// "Padding method 2" before a cryptogram.
const PADDED: u8 = 0x01;

/// Status and checksum as data objects.
const TRAILER: usize = 4 + 10;

/// Keys and counter of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecureMessaging {
    cipher: Cipher,
    encryption: Vec<u8>,
    authentication: Vec<u8>,
    /// Send sequence counter; one more for every command and every response.
    counter: u128,
    /// The command under way has an odd instruction: its data field and the response's are data objects.
    odd: bool,
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
    /// A new channel with keys derived from an agreed secret.
    pub(crate) fn derive(cipher: Cipher, secret: &[u8]) -> Self {
        Self::new(cipher, cipher.derive(secret, 1), cipher.derive(secret, 2))
    }

    /// A new channel.
    pub(crate) fn new(cipher: Cipher, encryption: Vec<u8>, authentication: Vec<u8>) -> Self {
        Self { cipher, encryption, authentication, counter: 0, odd: false }
    }

    /// The same channel with another start of its counter, as BAC has it.
    pub(crate) fn counting_from(self, counter: u128) -> Self {
        Self { counter, ..self }
    }

    /// The MAC of a text under the channel's key, as in PACE's authentication tokens.
    pub(crate) fn mac(&self, text: &[u8]) -> [u8; 8] {
        self.cipher.mac(&self.authentication, text)
    }

    /// The chip's authentication data in PACE with that mapping: the initial vector is a block of ones,
    /// encrypted (Doc 9303-11, 4.4.3.5).
    pub(crate) fn encrypt_chip_authentication_data(&self, data: &[u8]) -> Vec<u8> {
        let block = self.cipher.block();
        let iv = self.cipher.encrypt(&self.encryption, &self.cipher.zeros(), &vec![0xFF; block]);
        self.cipher.encrypt(&self.encryption, &iv, &self.cipher.pad(data.to_vec()))
    }

    /// Checks and decrypts a command; the status word that refuses it ends the channel.
    pub(crate) fn unprotect(&mut self, command: &Command<'_>) -> Result<Unprotected, u16> {
        self.counter = self.counter.wrapping_add(1);
        self.odd = command.ins & 1 == 1;
        let objects = objects(command.data).ok_or(sw::PROTECTION_WRONG)?;
        let (checksum, protected) = objects.split_last().ok_or(sw::PROTECTION_MISSING)?;
        if checksum.tag != CHECKSUM {
            return Err(sw::PROTECTION_MISSING);
        }
        let header = [command.cla, command.ins, command.p1, command.p2];
        let body: Vec<u8> = protected.iter().flat_map(|object| object.whole).copied().collect();
        if checksum.value != self.checksum(&self.cipher.pad(header.to_vec()), body) {
            return Err(sw::PROTECTION_WRONG);
        }
        let tag = if self.odd { CRYPTOGRAM_OF_OBJECTS } else { CRYPTOGRAM };
        let (cryptogram, expected) = match protected {
            [] => (None, None),
            [object] if object.tag == tag => (Some(object.value), None),
            [object] if object.tag == EXPECTED_LENGTH => (None, Some(object.value)),
            [first, second] if first.tag == tag && second.tag == EXPECTED_LENGTH => {
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
            data => self.encrypt(data),
        };
        objects.extend(tlv(STATUS, &status.to_be_bytes()));
        let checksum = self.checksum(&[], objects.clone());
        objects.extend(tlv(CHECKSUM, &checksum));
        objects
    }

    /// The most response data that come protected in so many bytes.
    pub(crate) fn capacity(&self, room: usize) -> usize {
        let block = self.cipher.block();
        // Tag, length and padding indicator.
        let head = |text: usize| match 1 + text {
            0..=0x7F => 3,
            0x80..=0xFF => 4,
            _ => 5,
        };
        let fits = |blocks: &usize| head(blocks * block) + blocks * block + TRAILER <= room;
        let blocks = (1..=room / block).rev().find(fits);
        // At least one byte of padding.
        blocks.map_or(0, |blocks| blocks * block - 1)
    }

    fn encrypt(&self, data: &[u8]) -> Vec<u8> {
        let padded = self.cipher.pad(data.to_vec());
        let text = self.cipher.encrypt(&self.encryption, &self.initial_vector(), &padded);
        if self.odd {
            tlv(CRYPTOGRAM_OF_OBJECTS, &text)
        } else {
            tlv(CRYPTOGRAM, &[&[PADDED], text.as_slice()].concat())
        }
    }

    fn decrypt(&self, cryptogram: &[u8]) -> Option<Vec<u8>> {
        let text = if self.odd { cryptogram } else { cryptogram.strip_prefix(&[PADDED])? };
        if text.is_empty() || text.len() % self.cipher.block() != 0 {
            return None;
        }
        self.cipher.unpad(self.cipher.decrypt(&self.encryption, &self.initial_vector(), text))
    }

    /// With AES the counter, encrypted; with 3DES nothing.
    fn initial_vector(&self) -> Vec<u8> {
        let zeros = self.cipher.zeros();
        match self.cipher {
            Cipher::TripleDes => zeros,
            Cipher::Aes128 | Cipher::Aes192 | Cipher::Aes256 => {
                self.cipher.encrypt(&self.encryption, &zeros, &self.counter_block())
            }
        }
    }

    fn counter_block(&self) -> Vec<u8> {
        let bytes = self.counter.to_be_bytes();
        bytes.get(bytes.len() - self.cipher.block()..).unwrap_or_default().to_vec()
    }

    /// Over counter, padded header and padded objects, each as far as there is any.
    fn checksum(&self, header: &[u8], objects: Vec<u8>) -> [u8; 8] {
        let objects = if objects.is_empty() { objects } else { self.cipher.pad(objects) };
        let text = [&self.counter_block(), header, &objects].concat();
        self.cipher.mac_of_blocks(&self.authentication, &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        hex::decode(hex).unwrap()
    }

    fn aes128(encryption: &str, authentication: &str) -> SecureMessaging {
        SecureMessaging::new(Cipher::Aes128, bytes(encryption), bytes(authentication))
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
        let channel = || aes128("68406B4162100563D9C901A6154D2901", "73FF268784F72AF833FDC9464049AFC9");
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
        let mut channel = aes128("0D7836B9A782DABD298A7928A63ACA74", "23021D3E0ADA675D66ACF0E5696093C5");
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
            let mut channel = aes128("68406B4162100563D9C901A6154D2901", "73FF268784F72AF833FDC9464049AFC9");
            let command = Command::parse(&changed);
            assert!(command.is_none_or(|command| channel.unprotect(&command).is_err()), "bit {bit}");
        }
    }

    #[test]
    fn a_command_is_understood_once() {
        let mut channel = aes128("68406B4162100563D9C901A6154D2901", "73FF268784F72AF833FDC9464049AFC9");
        let original = bytes("0D0203040A8E08D92B4FDDC2BBED8C00");
        let command = Command::parse(&original).unwrap();
        assert!(channel.unprotect(&command).is_ok());
        assert_eq!(channel.unprotect(&command), Err(sw::PROTECTION_WRONG));
    }

    /// Sends printed commands, compares what is understood, and the printed responses.
    fn replay(channel: &mut SecureMessaging, exchanges: &[(&str, &str, &str, &str)]) {
        for (protected, plain, data, response) in exchanges {
            check(channel, protected, plain);
            let answered = [channel.protect(&bytes(data), 0x9000, false), vec![0x90, 0x00]].concat();
            assert_eq!(hex::encode_upper(answered), *response);
        }
    }

    /// ICAO Doc 9303-11, D.4.
    #[test]
    fn triple_des_gives_the_exchange_of_doc_9303_to_the_byte() {
        let mut channel = SecureMessaging::new(
            Cipher::TripleDes,
            bytes("979EC13B1CBFE9DCD01AB0FED307EAE5"),
            bytes("F1CB1F1FB5ADF208806B89DC579DC1F8"),
        )
        .counting_from(0x8870_2212_0C06_C226);
        replay(
            &mut channel,
            &[
                (
                    "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
                    "00a4020c 011e None",
                    "",
                    "990290008E08FA855A5D4C50A8ED9000",
                ),
                (
                    "0CB000000D9701048E08ED6705417E96BA5500",
                    "00b00000  Some(4)",
                    "60145F01",
                    "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
                ),
                (
                    "0CB000040D9701128E082EA28A70F3C7B53500",
                    "00b00004  Some(18)",
                    "04303130365F36063034303030305C026175",
                    "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
                ),
            ],
        );
    }

    #[test]
    fn a_response_holds_the_most_that_leaves_room_for_status_and_checksum() {
        // 231 and 223 are the figures that real chips give for 256 bytes.
        for (cipher, capacity) in [(Cipher::TripleDes, 231), (Cipher::Aes128, 223), (Cipher::Aes256, 223)] {
            let key = vec![1; cipher.key_length()];
            let mut channel = SecureMessaging::new(cipher, key.clone(), key);
            assert_eq!(channel.capacity(256), capacity);
            assert!(channel.protect(&vec![0; capacity], 0x9000, false).len() <= 256);
            assert!(channel.protect(&vec![0; capacity + 1], 0x9000, false).len() > 256);
            assert_eq!(channel.capacity(2), 0);
        }
    }

    #[test]
    fn an_odd_instruction_has_data_objects_without_padding_indicator() {
        for cipher in [Cipher::TripleDes, Cipher::Aes192] {
            let key = vec![1; cipher.key_length()];
            let mut terminal = SecureMessaging::new(cipher, key.clone(), key);
            let mut card = terminal.clone();
            terminal.counter += 1;
            terminal.odd = true;
            let mut objects = terminal.encrypt(&[0x54, 0x01, 0x07]);
            objects.extend(tlv(EXPECTED_LENGTH, &[0]));
            assert_eq!(objects[0], 0x85);
            let header = cipher.pad(vec![0x0C, 0xB1, 0, 0]);
            let checksum = terminal.checksum(&header, objects.clone());
            objects.extend(tlv(CHECKSUM, &checksum));
            let command =
                Command { cla: 0x0C, ins: 0xB1, p1: 0, p2: 0, data: &objects, ne: None, extended: false };
            assert_eq!(card.unprotect(&command).unwrap().data, [0x54, 0x01, 0x07]);
            assert_eq!(card.protect(&[0x53, 0x01, 0x07], 0x9000, false)[0], 0x85);
        }
    }
}
