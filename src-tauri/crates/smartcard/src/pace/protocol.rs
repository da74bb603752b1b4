//! The steps of PACE over whatever group (ICAO Doc 9303-11, 4.4).

use super::integrated::{nonce_bytes, pseudo_random_number};
use super::{Mapping, PaceError, PaceInfo, PacePassword};
use crate::apdu::{CommandApdu, NE_MAX, ResponseApdu, Sensitivity};
use crate::channel::{CardChannel, ExtendedLength};
use crate::crypto::aes::{BLOCK_BYTES, Block, MAC_BYTES};
use crate::crypto::cipher::{CipherKey, MacKey};
use crate::crypto::group::{Group, map_generic};
use crate::crypto::kdf::KeyPurpose;
use crate::entropy::Entropy;
use crate::exchange::CardChannelExt;
use crate::status::StatusWord;
use crate::tlv::{self, Reader, Tag};
use zeroize::Zeroizing;

const INS_MANAGE_SECURITY_ENVIRONMENT: u8 = 0x22;
/// MSE P1, P2: set the authentication template for mutual authentication.
const SET_MUTUAL_AUTHENTICATION: [u8; 2] = [0xC1, 0xA4];
const PROTOCOL: Tag = Tag(0x80);
const PASSWORD_REFERENCE: Tag = Tag(0x83);
const PARAMETER_REFERENCE: Tag = Tag(0x84);

const INS_GENERAL_AUTHENTICATE: u8 = 0x86;
const CLA_CHAINED: u8 = 0x10;
const CLA_LAST: u8 = 0x00;
const DYNAMIC_AUTHENTICATION_DATA: Tag = Tag(0x7C);
const ENCRYPTED_NONCE: Tag = Tag(0x80);
const OUR_MAPPING_DATA: Tag = Tag(0x81);
const CARD_MAPPING_DATA: Tag = Tag(0x82);
const OUR_EPHEMERAL_KEY: Tag = Tag(0x83);
const CARD_EPHEMERAL_KEY: Tag = Tag(0x84);
const OUR_TOKEN: Tag = Tag(0x85);
const CARD_TOKEN: Tag = Tag(0x86);
/// Names of the card's authorities for terminal authentication, which some cards tell unasked.
const AUTHORITY_REFERENCES: [Tag; 2] = [Tag(0x87), Tag(0x88)];
const ENCRYPTED_CHIP_DATA: Tag = Tag(0x8A);

const PUBLIC_KEY: Tag = Tag(0x7F49);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);

/// Longest nonce: a multiple of the block, and at least as long as the key.
const NONCE_BYTES_MAX: usize = 2 * BLOCK_BYTES;

/// A run under way.
pub(super) struct Pace<'a, G> {
    pub(super) channel: &'a mut dyn CardChannel,
    pub(super) info: &'a PaceInfo,
    pub(super) entropy: &'a mut dyn Entropy,
    pub(super) group: G,
}

/// What a run has made.
pub(super) struct Outcome {
    /// From which the keys of the session follow.
    pub(super) secret: Zeroizing<Vec<u8>>,
    /// The card's key of the mapping, if it had one.
    pub(super) mapping_key: Option<Vec<u8>>,
    /// With the chip authentication mapping, and always with it: the proof, encrypted.
    pub(super) chip_data: Option<Vec<u8>>,
}

/// A generator, and the card's key that helped to make it.
struct Mapped<E> {
    generator: E,
    card_key: Option<Vec<u8>>,
}

/// Our public key and the card's as they went over the channel, and the card's as an element.
struct Exchanged<E> {
    our_key: Vec<u8>,
    card_key: Vec<u8>,
    element: E,
}

/// The outcome of the key agreement, public keys encoded.
struct Agreement {
    secret: Zeroizing<Vec<u8>>,
    our_key: Vec<u8>,
    card_key: Vec<u8>,
}

impl<G: Group> Pace<'_, G> {
    pub(super) fn run(&mut self, password: &PacePassword) -> Result<Outcome, PaceError> {
        self.set_template(password)?;
        let nonce = self.get_nonce(password)?;
        let mapped = match self.info.mapping {
            Mapping::Generic | Mapping::ChipAuthentication => self.map_generic(&nonce)?,
            Mapping::Integrated => self.map_integrated(&nonce)?,
        };
        let agreement = self.agree(&mapped.generator)?;
        let chip_data = self.authenticate(&agreement)?;
        Ok(Outcome { secret: agreement.secret, mapping_key: mapped.card_key, chip_data })
    }

    /// MSE:Set AT (ICAO Doc 9303-11, 4.4.4.1).
    fn set_template(&mut self, password: &PacePassword) -> Result<(), PaceError> {
        let mut template = Vec::new();
        tlv::write(&mut template, PROTOCOL, &self.info.protocol());
        tlv::write(&mut template, PASSWORD_REFERENCE, &[password.reference()]);
        if self.info.ambiguous {
            tlv::write(&mut template, PARAMETER_REFERENCE, &[self.info.parameter_id]);
        }
        let [p1, p2] = SET_MUTUAL_AUTHENTICATION;
        let command = command(CLA_LAST, INS_MANAGE_SECURITY_ENVIRONMENT, p1, p2, &template)?;
        let status = self.channel.execute(&command)?.status;
        if status.is_ok() { Ok(()) } else { Err(PaceError::Refused(status)) }
    }

    /// The card's nonce, decrypted with the key of the password.
    fn get_nonce(&mut self, password: &PacePassword) -> Result<Zeroizing<Vec<u8>>, PaceError> {
        let answer = self.general_authenticate(CLA_CHAINED, None)?;
        let mut nonce = Zeroizing::new(answer.only(ENCRYPTED_NONCE)?.to_vec());
        let key = CipherKey::derive(self.info.cipher, &password.encoded(), KeyPurpose::Password);
        let whole_blocks = nonce.len().is_multiple_of(key.block_bytes());
        if nonce.is_empty() || nonce.len() > NONCE_BYTES_MAX || !whole_blocks {
            return Err(PaceError::Protocol);
        }
        key.cbc_decrypt(Block::default(), &mut nonce);
        Ok(nonce)
    }

    /// The generator that both sides make of the nonce, with a key pair each.
    fn map_generic(&mut self, nonce: &[u8]) -> Result<Mapped<G::Element>, PaceError> {
        let pair = self.group.draw_pair(None, self.entropy)?;
        let Exchanged { card_key, element, .. } =
            self.exchange_keys(&pair.public, OUR_MAPPING_DATA, CARD_MAPPING_DATA)?;
        let generator = map_generic(&mut self.group, nonce, &pair.private, &element)?;
        Ok(Mapped { generator: generator.ok_or(PaceError::Protocol)?, card_key: Some(card_key) })
    }

    /// The generator that both sides make of the card's nonce and ours.
    fn map_integrated(&mut self, nonce: &[u8]) -> Result<Mapped<G::Element>, PaceError> {
        let cipher = self.info.cipher;
        if nonce.len() != nonce_bytes(cipher) {
            return Err(PaceError::Protocol);
        }
        let mut ours = Zeroizing::new(vec![0; cipher.key_bytes()]);
        self.entropy.fill(&mut ours)?;
        let answer = self.general_authenticate(CLA_CHAINED, Some((OUR_MAPPING_DATA, &ours)))?;
        answer.nothing_but_empty(CARD_MAPPING_DATA)?;
        let number = pseudo_random_number(cipher, nonce, &ours, self.group.prime_bits());
        let generator = self.group.integrate(&*number.ok_or(PaceError::Protocol)??)?;
        Ok(Mapped { generator: generator.ok_or(PaceError::Protocol)?, card_key: None })
    }

    /// Diffie and Hellman with that generator.
    fn agree(&mut self, generator: &G::Element) -> Result<Agreement, PaceError> {
        let pair = self.group.draw_pair(Some(generator), self.entropy)?;
        let Exchanged { our_key, card_key, element } =
            self.exchange_keys(&pair.public, OUR_EPHEMERAL_KEY, CARD_EPHEMERAL_KEY)?;
        let secret = self.group.agree(&pair, &element)?;
        Ok(Agreement { secret, our_key, card_key })
    }

    /// Sends our public key for the card's.
    fn exchange_keys(
        &mut self,
        public_key: &G::Element,
        ours: Tag,
        theirs: Tag,
    ) -> Result<Exchanged<G::Element>, PaceError> {
        let our_key = self.group.encode(public_key)?;
        let answer = self.general_authenticate(CLA_CHAINED, Some((ours, &our_key)))?;
        let card_key = answer.only(theirs)?.to_vec();
        let element = self.group.decode(&card_key).ok_or(PaceError::Protocol)?;
        // A card that echoes our key knows nothing (ICAO Doc 9303-11, 4.4.1).
        if card_key == our_key {
            return Err(PaceError::Protocol);
        }
        Ok(Exchanged { our_key, card_key, element })
    }

    /// Each side proves by a token over the other's public key that it has the same secret. Returns the chip's
    /// proof of its key, which comes with the chip authentication mapping.
    fn authenticate(&mut self, agreement: &Agreement) -> Result<Option<Vec<u8>>, PaceError> {
        let key = MacKey::derive(self.info.cipher, &agreement.secret, KeyPurpose::Mac);
        let token = key.mac(key.parts(&self.token_input(&agreement.card_key)));
        let answer = match self.general_authenticate(CLA_LAST, Some((OUR_TOKEN, &token))) {
            Err(PaceError::Refused(status)) if is_wrong_password(status) => {
                return Err(PaceError::WrongPassword);
            }
            answer => answer?,
        };
        let [card_token, chip_data] = answer.last()?;
        let card_token = card_token.and_then(|token| <&[u8; MAC_BYTES]>::try_from(token).ok());
        let ours = self.token_input(&agreement.our_key);
        if !key.verify(key.parts(&ours), card_token.ok_or(PaceError::Protocol)?) {
            return Err(PaceError::WrongPassword);
        }
        if chip_data.is_some() != (self.info.mapping == Mapping::ChipAuthentication) {
            return Err(PaceError::Protocol);
        }
        Ok(chip_data.map(<[u8]>::to_vec))
    }

    /// A public key as the tokens take it (TR-03110-3, A.2.4 and D.3).
    fn token_input(&self, public_key: &[u8]) -> Vec<u8> {
        let mut content = Vec::with_capacity(public_key.len() + 16);
        tlv::write(&mut content, OBJECT_IDENTIFIER, &self.info.protocol());
        tlv::write(&mut content, G::PUBLIC_KEY, public_key);
        let mut input = Vec::with_capacity(content.len() + 6);
        tlv::write(&mut input, PUBLIC_KEY, &content);
        input
    }

    /// GENERAL AUTHENTICATE (ICAO Doc 9303-11, 4.4.4.2): sends one object or none.
    fn general_authenticate(&mut self, cla: u8, object: Option<(Tag, &[u8])>) -> Result<Answer, PaceError> {
        let mut content = Vec::new();
        if let Some((tag, value)) = object {
            tlv::write(&mut content, tag, value);
        }
        let mut data = Vec::with_capacity(content.len() + 4);
        tlv::write(&mut data, DYNAMIC_AUTHENTICATION_DATA, &content);
        let command = command(cla, INS_GENERAL_AUTHENTICATE, 0, 0, &data)?.with_ne(self.channel.ne_max());
        let response = self.send(command)?;
        if !response.status.is_ok() {
            return Err(PaceError::Refused(response.status));
        }
        Ok(Answer(response.data))
    }

    /// A command that the short form can't hold, as keys of 2048 bits make it, can't be split either: the steps
    /// are a chain themselves. It takes extended length, which is tried for it.
    fn send(&mut self, command: CommandApdu) -> Result<ResponseApdu, PaceError> {
        if command.data().len() <= self.channel.capacity().nc {
            return Ok(self.channel.execute(&command)?);
        }
        match self.channel.extended_length() {
            ExtendedLength::No => Err(PaceError::NotSupported),
            ExtendedLength::Untried | ExtendedLength::Yes => {
                Ok(self.channel.transmit(&command.with_ne(NE_MAX))?)
            }
        }
    }
}

/// The data of an answer: dynamic authentication data, and nothing behind it.
struct Answer(Zeroizing<Vec<u8>>);

impl Answer {
    fn content(&self) -> Result<Option<&[u8]>, PaceError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        only_object(&self.0, DYNAMIC_AUTHENTICATION_DATA).map(Some).ok_or(PaceError::Protocol)
    }

    /// The value of the only object in it, which has this tag.
    fn only(&self, tag: Tag) -> Result<&[u8], PaceError> {
        self.content()?.and_then(|content| only_object(content, tag)).ok_or(PaceError::Protocol)
    }

    /// Whether there is no data at all, or none but an empty object of this tag: cards differ.
    fn nothing_but_empty(&self, tag: Tag) -> Result<(), PaceError> {
        match self.content()? {
            None | Some([]) => Ok(()),
            Some(content) => match only_object(content, tag) {
                Some([]) => Ok(()),
                _ => Err(PaceError::Protocol),
            },
        }
    }

    /// The card's token and its proof, each at most once, beside nothing but names of authorities.
    fn last(&self) -> Result<[Option<&[u8]>; 2], PaceError> {
        let content = self.content()?.ok_or(PaceError::Protocol)?;
        let (mut token, mut chip_data, mut bytes) = (None, None, 0);
        for object in Reader::new(content) {
            let object = object.map_err(|_| PaceError::Protocol)?;
            bytes += object.encoded().len();
            let known = match object.tag() {
                CARD_TOKEN => token.replace(object.value()).is_none(),
                ENCRYPTED_CHIP_DATA => chip_data.replace(object.value()).is_none(),
                tag => AUTHORITY_REFERENCES.contains(&tag),
            };
            if !known {
                return Err(PaceError::Protocol);
            }
        }
        // The reader passes over zeros between objects.
        if bytes == content.len() { Ok([token, chip_data]) } else { Err(PaceError::Protocol) }
    }
}

fn command(cla: u8, ins: u8, p1: u8, p2: u8, data: &[u8]) -> Result<CommandApdu, PaceError> {
    CommandApdu::new(cla, ins, p1, p2)
        .with_data(data)
        .map(|command| command.with_sensitivity(Sensitivity::Secret))
        .map_err(|_| PaceError::Calculation)
}

/// The value of the object that `bytes` are, all of them.
fn only_object(bytes: &[u8], tag: Tag) -> Option<&[u8]> {
    let object = Reader::new(bytes).next()?.ok()?;
    (object.tag() == tag && object.encoded().len() == bytes.len()).then_some(object.value())
}

/// `6300`, or `63Cx` where the card counts tries.
fn is_wrong_password(status: StatusWord) -> bool {
    status == StatusWord::AUTHENTICATION_FAILED || status.tries_left().is_some()
}
