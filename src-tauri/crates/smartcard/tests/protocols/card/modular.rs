//! PACE over modular groups as a card does it.

use super::{Cipher, Messaging, cbc, integrated, kdf, object, token_mac};
use openssl::bn::{BigNum, BigNumContext};
use openssl::dh::Dh;
use openssl::pkey::Params;
use openssl::symm::Mode;
use smartcard::tlv::{self, Tag};
use smartcard::{CardChannel, ChannelError, CommandApdu, ExtendedLength, ResponseApdu, StatusWord};

const GENERIC: u8 = 1;

/// A card with a CAN of 123123; private keys and nonce are fixed.
pub(crate) struct ModularCard {
    group: Dh<Params>,
    cipher: Cipher,
    mapping: u8,
    step: usize,
    generator: Vec<u8>,
    their_key: Vec<u8>,
    secret: Vec<u8>,
    /// At which step of 1 and 2 it sends another public key.
    tampered: Option<(usize, Vec<u8>)>,
    extended_length: ExtendedLength,
}

impl ModularCard {
    /// With the arc of the mapping: 1 generic, 3 integrated.
    pub(crate) fn new(parameter_id: u8, mapping: u8, cipher: Cipher) -> Self {
        let group = match parameter_id {
            0 => Dh::get_1024_160(),
            1 => Dh::get_2048_224(),
            _ => Dh::get_2048_256(),
        };
        let (generator, their_key, secret) = Default::default();
        Self {
            group: group.unwrap(),
            cipher,
            mapping,
            step: 0,
            generator,
            their_key,
            secret,
            tampered: None,
            extended_length: ExtendedLength::Yes,
        }
    }

    pub(crate) fn sending(self, step: usize, key: &[u8]) -> Self {
        Self { tampered: Some((step, key.to_vec())), ..self }
    }

    pub(crate) fn on_channel(self, extended_length: ExtendedLength) -> Self {
        Self { extended_length, ..self }
    }

    pub(crate) fn prime(&self) -> BigNum {
        self.group.prime_p().to_owned().unwrap()
    }

    pub(crate) fn messaging(&self) -> Messaging {
        Messaging::derive(self.cipher, &self.secret)
    }

    fn power(&self, base: &[u8], exponent: &[u8]) -> Vec<u8> {
        let [base, exponent] = [base, exponent].map(|number| BigNum::from_slice(number).unwrap());
        let mut power = BigNum::new().unwrap();
        power.mod_exp(&base, &exponent, self.group.prime_p(), &mut BigNumContext::new().unwrap()).unwrap();
        self.padded(&power)
    }

    fn cofactor(&self) -> Vec<u8> {
        let less = &self.prime() - &BigNum::from_u32(1).unwrap();
        (&less / self.group.prime_q().unwrap()).to_vec()
    }

    fn padded(&self, number: &BigNum) -> Vec<u8> {
        number.to_vec_padded(self.group.prime_p().num_bytes()).unwrap()
    }

    fn key(&self, step: usize, honest: Vec<u8>) -> Vec<u8> {
        match &self.tampered {
            Some((tampered, key)) if *tampered == step => key.clone(),
            _ => honest,
        }
    }

    fn protocol(&self) -> [u8; 10] {
        [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, self.mapping, self.cipher.arc()]
    }

    fn token(&self, public_key: &[u8]) -> Vec<u8> {
        let content = [object(0x06, &self.protocol()), object(0x84, public_key)].concat();
        token_mac(self.cipher, &kdf(self.cipher, &self.secret, 2), &object(0x7F49, &content))
    }

    fn answer(&mut self, step: usize, value: &[u8]) -> Option<Vec<u8>> {
        let (first, second) = ([0x21; 19], [0x43; 19]);
        let own = self.power(&self.generator, &second);
        Some(match step {
            0 => {
                let key = kdf(self.cipher, b"123123", 3);
                let start = vec![0; self.cipher.block_bytes()];
                object(0x80, &cbc(self.cipher, Mode::Encrypt, &key, &start, &self.cipher.nonce()))
            }
            1 if self.mapping == GENERIC => {
                let hidden = self.power(&self.group.generator().to_vec(), &self.cipher.nonce());
                let [hidden, shared] =
                    [hidden, self.power(value, &first)].map(|number| BigNum::from_slice(&number).unwrap());
                self.generator = (&(&hidden * &shared) % self.group.prime_p()).to_vec();
                object(0x82, &self.key(1, self.power(&self.group.generator().to_vec(), &first)))
            }
            1 => {
                let bits = usize::try_from(self.group.prime_p().num_bits()).unwrap();
                let number = integrated::number(self.cipher, &self.cipher.nonce(), value, bits);
                let base = (&number % self.group.prime_p()).to_vec();
                self.generator = self.power(&base, &self.cofactor());
                return Some(Vec::new());
            }
            2 => {
                self.secret = self.power(value, &second);
                self.their_key = value.to_vec();
                object(0x84, &self.key(2, own))
            }
            _ if value != self.token(&own) => return None,
            _ => object(0x86, &self.token(&self.their_key)),
        })
    }
}

impl CardChannel for ModularCard {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let step = self.step;
        self.step += 1;
        if step == 0 {
            let template = [object(0x80, &self.protocol()), object(0x83, &[2])].concat();
            assert_eq!((command.header(), command.data()), ([0x00, 0x22, 0xC1, 0xA4], &template[..]));
            return Ok(ResponseApdu::new(&[], StatusWord::OK));
        }
        Ok(match self.answer(step - 1, &value_sent(command)) {
            Some(content) => ResponseApdu::new(&object(0x7C, &content), StatusWord::OK),
            None => ResponseApdu::new(&[], StatusWord::AUTHENTICATION_FAILED),
        })
    }

    fn extended_length(&self) -> ExtendedLength {
        self.extended_length
    }
}

/// What the one object of the dynamic authentication data holds.
fn value_sent(command: &CommandApdu) -> Vec<u8> {
    let outer = tlv::find(command.data(), &[Tag(0x7C)]).unwrap().unwrap();
    outer.children().next().map(|object| object.unwrap().value().to_vec()).unwrap_or_default()
}
