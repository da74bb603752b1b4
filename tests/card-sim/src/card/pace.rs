//! PACE (TR-03110-2, 3.2; Doc 9303-11, 4.4): the card's side, with all mappings.

use super::{Answer, Card, Interface, SecureMessaging, status};
use crate::{
    apdu::{Command, sw},
    crypto::{
        cipher::Cipher,
        elliptic::Curve,
        group::{ChipKey, Group},
        integrated,
    },
    tlv::{objects, only, tlv},
    travel::{Mapping, PaceOffer},
};

/// The one variant of all health cards: id-PACE-ECDH-GM-AES-CBC-CMAC-128 over brainpoolP256r1.
pub(crate) const HEALTH_CARD: PaceOffer =
    PaceOffer { mapping: Mapping::Generic, cipher: Cipher::Aes128, group: Group::Ec(Curve::Brainpool256) };

/// Number of the password that is a hash of the machine readable zone.
pub(crate) const MRZ: u8 = 0x01;
/// Number of the password that is the card access number; on health cards the reference of SK.CAN.
pub(crate) const CAN: u8 = 0x02;

/// Dynamic authentication data.
const DATA: u32 = 0x7C;
/// CLA of a command that isn't the last of its chain.
const CHAINED: u8 = 0x10;
/// Bytes of the nonce, but for integrated mapping with long keys.
const NONCE: usize = 16;

/// What a card agrees on channels with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PaceAccess {
    pub(crate) offers: Vec<PaceOffer>,
    /// Numbers and secrets.
    pub(crate) passwords: Vec<(u8, Vec<u8>)>,
    /// The static key of chip authentication mapping.
    pub(crate) mapping_key: Option<ChipKey>,
    pub(crate) parameter_reference: ParameterReference,
    /// Status word for a protocol or password that there isn't.
    pub(crate) unknown: u16,
}

/// Whether a terminal names the domain parameters (tag 84).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterReference {
    /// It must not: there is only one set.
    Refused,
    /// It may; else the first set is meant.
    Optional,
    /// It must.
    Required,
}

impl PaceAccess {
    /// As health cards have it.
    pub(crate) fn health_card(can: &str) -> Self {
        Self {
            offers: vec![HEALTH_CARD],
            passwords: vec![(CAN, can.as_bytes().to_vec())],
            mapping_key: None,
            parameter_reference: ParameterReference::Refused,
            unknown: sw::WRONG_DATA,
        }
    }

    /// The variant and the password that MSE:Set AT names: protocol, password, maybe domain parameters.
    fn choose(&self, data: &[u8]) -> Result<Pace, u16> {
        let objects = objects(data).ok_or(sw::WRONG_DATA)?;
        let objects: Vec<_> = objects.iter().map(|object| (object.tag, object.value)).collect();
        let (oid, password, parameters) = match (self.parameter_reference, objects.as_slice()) {
            (
                ParameterReference::Refused | ParameterReference::Optional,
                [(0x80, oid), (0x83, [password])],
            ) => (oid, password, None),
            (
                ParameterReference::Optional | ParameterReference::Required,
                [(0x80, oid), (0x83, [password]), (0x84, [parameters])],
            ) => (oid, password, Some(*parameters)),
            _ => return Err(sw::WRONG_DATA),
        };
        let meant = |offer: &&PaceOffer| {
            offer.oid() == *oid && parameters.is_none_or(|number| number == offer.group.parameter_id())
        };
        let offer = *self.offers.iter().find(meant).ok_or(self.unknown)?;
        let (_, secret) = self.passwords.iter().find(|(number, _)| number == password).ok_or(self.unknown)?;
        Ok(Pace { offer, password: offer.cipher.derive(secret, 3), step: Step::Chosen })
    }
}

/// An agreement under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pace {
    offer: PaceOffer,
    /// The key that the nonce is encrypted with.
    password: Vec<u8>,
    step: Step,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Protocol and password were chosen.
    Chosen,
    /// The nonce was given.
    Nonce(Vec<u8>),
    /// The generator was agreed on; with chip authentication mapping by this key.
    Mapped { generator: Vec<u8>, key: Option<ChipKey> },
    /// The keys were agreed on; the tokens aren't compared yet.
    Agreed {
        channel: SecureMessaging,
        /// What the terminal must send.
        expected: [u8; 8],
        /// What the card answers then.
        own: Vec<u8>,
    },
}

impl Card {
    /// MSE:Set AT: protocol and password.
    pub(super) fn choose_pace(&mut self, command: &Command<'_>) -> Answer {
        let Some(access) = &self.secrets.pace else { return status(sw::NO_KEY) };
        match access.choose(command.data) {
            Ok(pace) => {
                self.volatile.pace = Some(pace);
                status(sw::OK)
            }
            Err(refusal) => status(refusal),
        }
    }

    /// GENERAL AUTHENTICATE: the next step; any error ends the protocol.
    pub(super) fn general_authenticate(&mut self, command: &Command<'_>) -> Answer {
        let Some(pace) = self.volatile.pace.take() else { return status(sw::CONDITIONS) };
        let last = matches!(pace.step, Step::Agreed { .. });
        if (command.cla == CHAINED) == last {
            return status(sw::CHAIN);
        }
        if (command.p1, command.p2) != (0, 0) {
            return status(sw::WRONG_P1_P2);
        }
        let Some(data) = only(command.data, DATA) else { return status(sw::WRONG_DATA) };
        match self.step(pace, data) {
            Ok(objects) => (tlv(DATA, &objects), sw::OK),
            Err(refusal) => status(refusal),
        }
    }

    /// Data objects of the answer.
    fn step(&mut self, pace: Pace, data: &[u8]) -> Result<Vec<u8>, u16> {
        let Pace { offer, password, step } = pace;
        let (step, answer) = match step {
            Step::Chosen if data.is_empty() => {
                self.hesitate();
                let nonce = self.entropy.bytes(match offer.mapping {
                    Mapping::Generic | Mapping::ChipAuthentication => NONCE,
                    Mapping::Integrated => integrated::nonce_length(offer.cipher),
                });
                let encrypted = offer.cipher.encrypt(&password, &offer.cipher.zeros(), &nonce);
                (Step::Nonce(nonce), tlv(0x80, &encrypted))
            }
            Step::Chosen => return Err(sw::WRONG_DATA),
            Step::Nonce(nonce) => self.map(offer, &nonce, only(data, 0x81).ok_or(sw::WRONG_DATA)?)?,
            Step::Mapped { generator, key } => {
                let theirs = only(data, 0x83).ok_or(sw::WRONG_DATA)?;
                self.agree(offer, &generator, key, theirs)?
            }
            Step::Agreed { channel, expected, own } => {
                let theirs = only(data, 0x85).ok_or(sw::WRONG_DATA)?;
                self.authenticated(theirs == expected);
                if theirs != expected {
                    return Err(sw::AUTHENTICATION_FAILED);
                }
                self.volatile.channel = Some(channel);
                return Ok(own);
            }
        };
        self.volatile.pace = Some(Pace { offer, password, step });
        Ok(answer)
    }

    /// The generator for the agreement.
    fn map(&mut self, offer: PaceOffer, nonce: &[u8], theirs: &[u8]) -> Result<(Step, Vec<u8>), u16> {
        let group = offer.group;
        if offer.mapping == Mapping::Integrated {
            if theirs.len() != offer.cipher.key_length() {
                return Err(sw::WRONG_DATA);
            }
            let generator = integrated::map(group, offer.cipher, nonce, theirs).ok_or(sw::WRONG_DATA)?;
            return Ok((Step::Mapped { generator, key: None }, tlv(0x82, &[])));
        }
        if !group.has(theirs) {
            return Err(sw::WRONG_DATA);
        }
        let own = self.entropy.key(group);
        let generator = map(group, nonce, &own, theirs).ok_or(sw::WRONG_DATA)?;
        let answer = tlv(0x82, &own.public());
        let key = (offer.mapping == Mapping::ChipAuthentication).then_some(own);
        Ok((Step::Mapped { generator, key }, answer))
    }

    /// The keys, and what both sides must send to prove that they have them.
    fn agree(
        &mut self,
        offer: PaceOffer,
        generator: &[u8],
        mapping_key: Option<ChipKey>,
        theirs: &[u8],
    ) -> Result<(Step, Vec<u8>), u16> {
        let group = offer.group;
        if !group.has(theirs) {
            return Err(sw::WRONG_DATA);
        }
        let own = self.agreement_key(group, theirs);
        let public = own.times(generator).ok_or(sw::WRONG_DATA)?;
        if public == theirs {
            return Err(sw::WRONG_DATA);
        }
        let secret = own.times(theirs).ok_or(sw::WRONG_DATA)?;
        let channel = SecureMessaging::derive(offer.cipher, &group.secret(&secret));
        let expected = channel.mac(&public_key(offer, &public));
        let mut own = tlv(0x86, &channel.mac(&public_key(offer, theirs)));
        if let Some(key) = mapping_key {
            own.extend(tlv(0x8A, &self.chip_authentication_data(&channel, &key)?));
        }
        Ok((Step::Agreed { channel, expected, own }, tlv(0x84, &public)))
    }

    /// The key of the mapping divided by the static one: only who has both knows it (Doc 9303-11, 4.4.3.5).
    fn chip_authentication_data(&self, channel: &SecureMessaging, key: &ChipKey) -> Result<Vec<u8>, u16> {
        let access = self.secrets.pace.as_ref();
        let own = access.and_then(|access| access.mapping_key.as_ref()).ok_or(sw::NO_KEY)?;
        Ok(channel.encrypt_chip_authentication_data(own.divide(key).to_bytes()))
    }

    /// A fresh key; on a card that wants it, one whose shared secret starts with a zero byte, which a
    /// careless terminal drops.
    fn agreement_key(&mut self, group: Group, theirs: &[u8]) -> ChipKey {
        let mut key = self.entropy.key(group);
        if self.options.leading_zero_secret {
            let mut secret = key.times(theirs);
            while secret.as_ref().is_none_or(|secret| group.secret(secret).first() != Some(&0)) {
                key = key.successor();
                secret =
                    secret.and_then(|secret| group.combine(&secret, theirs)).or_else(|| key.times(theirs));
            }
        }
        key
    }

    /// Whether commands that the contacts take in the clear may be executed now: over the air they come
    /// protected.
    pub(super) fn is_private(&self) -> bool {
        self.interface == Interface::Contact || self.volatile.protected
    }
}

/// Generic mapping, the generator for the second agreement: nonce · G + H, or G to the power of the nonce,
/// times H.
fn map(group: Group, nonce: &[u8], own: &ChipKey, theirs: &[u8]) -> Option<Vec<u8>> {
    group.combine(&ChipKey::new(group, nonce).public(), &own.times(theirs)?)
}

/// What an authentication token is made of: protocol and public key.
fn public_key(offer: PaceOffer, element: &[u8]) -> Vec<u8> {
    let objects = [tlv(0x06, &offer.oid()), tlv(offer.group.public_key_tag(), element)];
    tlv(0x7F49, &objects.concat())
}

#[cfg(test)]
mod tests;
