//! PACE with ECDH and the generic mapping as a card does it.

use super::{Messaging, aes_cbc, cmac, kdf, object};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcPoint, PointConversionForm};
use openssl::nid::Nid;
use openssl::symm::Mode;
use smartcard::tlv::{self, Tag};
use smartcard::{CardChannel, ChannelError, CommandApdu, ResponseApdu, Sensitivity, StatusWord};

/// A curve of the standardised domain parameters.
pub(crate) struct Curve {
    group: EcGroup,
}

impl Curve {
    pub(crate) fn new(name: Nid) -> Self {
        Self { group: EcGroup::from_curve_name(name).unwrap() }
    }

    pub(crate) fn field_bytes(&self) -> usize {
        usize::try_from(self.group.degree().div_ceil(8)).unwrap()
    }

    /// `scalar * point`, the curve's generator if there is no point.
    pub(crate) fn multiply(&self, scalar: &[u8], point: Option<&EcPoint>) -> EcPoint {
        let mut context = BigNumContext::new().unwrap();
        let scalar = BigNum::from_slice(scalar).unwrap();
        let mut product = EcPoint::new(&self.group).unwrap();
        let base = point.map_or(self.group.generator_opt().unwrap(), |point| point);
        product.mul2(&self.group, base, &scalar, &mut context).unwrap();
        product
    }

    pub(crate) fn add(&self, left: &EcPoint, right: &EcPoint) -> EcPoint {
        let mut sum = EcPoint::new(&self.group).unwrap();
        sum.add(&self.group, left, right, &mut BigNumContext::new().unwrap()).unwrap();
        sum
    }

    pub(crate) fn encode(&self, point: &EcPoint) -> Vec<u8> {
        let mut context = BigNumContext::new().unwrap();
        point.to_bytes(&self.group, PointConversionForm::UNCOMPRESSED, &mut context).unwrap()
    }

    pub(crate) fn decode(&self, bytes: &[u8]) -> EcPoint {
        EcPoint::from_bytes(&self.group, bytes, &mut BigNumContext::new().unwrap()).unwrap()
    }

    /// The x-coordinate, leading zeros included.
    pub(crate) fn x(&self, point: &EcPoint) -> Vec<u8> {
        self.encode(point)[1..=self.field_bytes()].to_vec()
    }
}

/// What a hostile card makes of an honest answer, given the terminal's last object.
pub(crate) type Tamper<'a> = &'a dyn Fn(&PaceCard<'_>, &[u8], &[u8]) -> Vec<u8>;

/// A card that knows its CAN; private keys and nonce are fixed.
pub(crate) struct PaceCard<'a> {
    pub(crate) curve: Curve,
    pub(crate) key_bytes: usize,
    /// The object identifier of the protocol and the parameters, as the terminal must ask for them.
    template: Vec<u8>,
    nonce: Vec<u8>,
    keys: [Vec<u8>; 2],
    step: usize,
    generator: Option<EcPoint>,
    their_key: Vec<u8>,
    secret: Vec<u8>,
    /// At which GENERAL AUTHENTICATE, from 0, the answer is another.
    tampered: Option<(usize, Tamper<'a>)>,
    /// At which command, MSE being 0, there is this status alone.
    refused: Option<(usize, StatusWord)>,
    can: &'static [u8],
}

impl<'a> PaceCard<'a> {
    /// A card with a CAN of 123123 that has no other parameters.
    pub(crate) fn new(name: Nid, key_bytes: usize) -> Self {
        let curve = Curve::new(name);
        let length = curve.field_bytes();
        let arc = u8::try_from(key_bytes / 8).unwrap();
        let protocol = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, arc];
        Self {
            template: [object(0x80, &protocol), object(0x83, &[2])].concat(),
            // At least as long as the key, in whole blocks.
            nonce: vec![0x65; key_bytes.next_multiple_of(16)],
            keys: [vec![0x21; length], vec![0x43; length]],
            step: 0,
            generator: None,
            their_key: Vec::new(),
            secret: Vec::new(),
            tampered: None,
            refused: None,
            can: b"123123",
            curve,
            key_bytes,
        }
    }

    pub(crate) fn with_template(self, template: &[u8]) -> Self {
        Self { template: template.to_vec(), ..self }
    }

    pub(crate) fn with_can(self, can: &'static [u8]) -> Self {
        Self { can, ..self }
    }

    pub(crate) fn tampering(self, step: usize, tamper: Tamper<'a>) -> Self {
        Self { tampered: Some((step, tamper)), ..self }
    }

    pub(crate) fn refusing(self, command: usize, status: StatusWord) -> Self {
        Self { refused: Some((command, status)), ..self }
    }

    /// How many commands came.
    pub(crate) fn commands(&self) -> usize {
        self.step
    }

    /// The shared secret.
    pub(crate) fn secret(&self) -> &[u8] {
        &self.secret
    }

    /// The session of the card.
    pub(crate) fn messaging(&self) -> Messaging {
        Messaging::derive(self.key_bytes, &self.secret)
    }

    /// The generator that follows from the terminal's mapping key.
    pub(crate) fn mapped(&self, their_key: &EcPoint) -> EcPoint {
        let shared = self.curve.multiply(&self.keys[0], Some(their_key));
        self.curve.add(&self.curve.multiply(&self.nonce, None), &shared)
    }

    /// The card's public key over a mapped generator.
    pub(crate) fn ephemeral_key(&self, generator: &EcPoint) -> EcPoint {
        self.curve.multiply(&self.keys[1], Some(generator))
    }

    fn token(&self, public_key: &[u8]) -> Vec<u8> {
        let protocol = tlv::find(&self.template, &[Tag(0x80)]).unwrap().unwrap().value();
        let input = object(0x7F49, &[object(0x06, protocol), object(0x86, public_key)].concat());
        cmac(&kdf(self.key_bytes, &self.secret, 2), &input)
    }

    /// The honest answer to GENERAL AUTHENTICATE; none to a wrong token.
    fn answer(&mut self, step: usize, value: &[u8]) -> Option<Vec<u8>> {
        let generator = self.generator.take();
        let own = generator.as_ref().map(|generator| self.curve.encode(&self.ephemeral_key(generator)));
        let own = own.unwrap_or_default();
        self.generator = generator;
        Some(match step {
            0 => {
                let key = kdf(self.key_bytes, self.can, 3);
                object(0x80, &aes_cbc(Mode::Encrypt, &key, &[0; 16], &self.nonce))
            }
            1 => {
                self.generator = Some(self.mapped(&self.curve.decode(value)));
                object(0x82, &self.curve.encode(&self.curve.multiply(&self.keys[0], None)))
            }
            2 => {
                let shared = self.curve.multiply(&self.keys[1], Some(&self.curve.decode(value)));
                self.secret = self.curve.x(&shared);
                self.their_key = value.to_vec();
                object(0x84, &own)
            }
            _ => {
                if value != self.token(&own) {
                    return None;
                }
                object(0x86, &self.token(&self.their_key))
            }
        })
    }
}

impl CardChannel for PaceCard<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let step = self.step;
        self.step += 1;
        assert_eq!(command.sensitivity(), Sensitivity::Secret);
        if let Some((_, status)) = self.refused.filter(|(refused, _)| *refused == step) {
            return Ok(ResponseApdu::new(&[], status));
        }
        if step == 0 {
            assert_eq!(command.header(), [0x00, 0x22, 0xC1, 0xA4]);
            assert_eq!(command.data(), self.template);
            return Ok(ResponseApdu::new(&[], StatusWord::OK));
        }
        let step = step - 1;
        let cla = if step < 3 { 0x10 } else { 0x00 };
        assert_eq!((command.header(), command.ne()), ([cla, 0x86, 0x00, 0x00], 256));
        let value = value_sent(command, [None, Some(Tag(0x81)), Some(Tag(0x83)), Some(Tag(0x85))][step]);
        let Some(content) = self.answer(step, &value) else {
            return Ok(ResponseApdu::new(&[], StatusWord::AUTHENTICATION_FAILED));
        };
        let honest = object(0x7C, &content);
        let data = match self.tampered {
            Some((tampered, tamper)) if tampered == step => tamper(self, &honest, &value),
            _ => honest,
        };
        Ok(ResponseApdu::new(&data, StatusWord::OK))
    }
}

/// What the one object of the dynamic authentication data holds, which has this tag.
fn value_sent(command: &CommandApdu, tag: Option<Tag>) -> Vec<u8> {
    let outer = tlv::find(command.data(), &[Tag(0x7C)]).unwrap().unwrap();
    assert_eq!(outer.encoded(), command.data());
    let objects: Vec<_> = outer.children().map(Result::unwrap).collect();
    assert_eq!(objects.iter().map(|object| object.tag()).collect::<Vec<_>>(), Vec::from_iter(tag));
    objects.first().map(|object| object.value().to_vec()).unwrap_or_default()
}
