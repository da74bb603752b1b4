//! PACE over elliptic curves as a card does it.

use super::{Cipher, Messaging, cbc, integrated, kdf, object, padded, token_mac};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcPoint, PointConversionForm};
use openssl::nid::Nid;
use openssl::symm::Mode;
use smartcard::tlv::{self, Tag};
use smartcard::{CardChannel, ChannelError, CommandApdu, ResponseApdu, Sensitivity, StatusWord};

/// A curve of the standardised domain parameters.
pub(crate) struct Curve {
    pub(super) group: EcGroup,
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

    fn order(&self) -> BigNum {
        let mut order = BigNum::new().unwrap();
        self.group.order(&mut order, &mut BigNumContext::new().unwrap()).unwrap();
        order
    }

    /// A number modulo the order.
    fn reduced(&self, number: &[u8]) -> Vec<u8> {
        let number = &BigNum::from_slice(number).unwrap() % &self.order();
        number.to_vec_padded(i32::try_from(self.field_bytes()).unwrap()).unwrap()
    }

    /// `dividend / divisor` modulo the order.
    fn divide(&self, dividend: &[u8], divisor: &[u8]) -> Vec<u8> {
        let mut context = BigNumContext::new().unwrap();
        let [dividend, divisor] = [dividend, divisor].map(|number| BigNum::from_slice(number).unwrap());
        let [mut inverse, mut quotient] = [(); 2].map(|()| BigNum::new().unwrap());
        inverse.mod_inverse(&divisor, &self.order(), &mut context).unwrap();
        quotient.mod_mul(&dividend, &inverse, &self.order(), &mut context).unwrap();
        quotient.to_vec()
    }

    /// The public key to a static one, DER.
    pub(crate) fn public_key_info(&self, key: u8, explicit: bool) -> Vec<u8> {
        let mut group = EcGroup::from_curve_name(self.group.curve_name().unwrap()).unwrap();
        if explicit {
            group.set_asn1_flag(openssl::ec::Asn1Flag::EXPLICIT_CURVE);
        }
        let point = self.multiply(&[key; 20], None);
        let key = openssl::ec::EcKey::from_public_key(&group, &point).unwrap();
        key.public_key_to_der().unwrap()
    }

    /// The x-coordinate, leading zeros included.
    pub(crate) fn x(&self, point: &EcPoint) -> Vec<u8> {
        self.encode(point)[1..=self.field_bytes()].to_vec()
    }
}

const GENERIC: u8 = 2;
const INTEGRATED: u8 = 4;
const CHIP_AUTHENTICATION: u8 = 6;

/// What MSE must set for the CAN.
fn template(mapping: u8, cipher: Cipher) -> Vec<u8> {
    let protocol = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, mapping, cipher.arc()];
    [object(0x80, &protocol), object(0x83, &[2])].concat()
}

/// What a hostile card makes of an honest answer, given the terminal's last object.
pub(crate) type Tamper<'a> = &'a dyn Fn(&PaceCard<'_>, &[u8], &[u8]) -> Vec<u8>;

/// A card that knows its CAN; private keys and nonce are fixed.
pub(crate) struct PaceCard<'a> {
    pub(crate) curve: Curve,
    pub(crate) cipher: Cipher,
    mapping: u8,
    /// The static key, with which the factor of the chip authentication mapping is made.
    static_key: Option<Vec<u8>>,
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
    /// A card with a CAN of 123123, the generic mapping and no other parameters.
    pub(crate) fn new(name: Nid, cipher: Cipher) -> Self {
        let curve = Curve::new(name);
        let length = curve.field_bytes();
        Self {
            template: template(GENERIC, cipher),
            nonce: cipher.nonce(),
            keys: [vec![0x21; length], vec![0x43; length]].map(|key| curve.reduced(&key)),
            step: 0,
            generator: None,
            their_key: Vec::new(),
            secret: Vec::new(),
            tampered: None,
            refused: None,
            can: b"123123",
            mapping: GENERIC,
            static_key: None,
            curve,
            cipher,
        }
    }

    /// The same with the integrated mapping.
    pub(crate) fn integrated(name: Nid, cipher: Cipher) -> Self {
        let template = template(INTEGRATED, cipher);
        Self { template, mapping: INTEGRATED, ..Self::new(name, cipher) }
    }

    /// The same with the chip authentication mapping.
    pub(crate) fn with_static_key(name: Nid, cipher: Cipher, key: u8) -> Self {
        let template = template(CHIP_AUTHENTICATION, cipher);
        Self {
            template,
            mapping: CHIP_AUTHENTICATION,
            static_key: Some(vec![key; 20]),
            ..Self::new(name, cipher)
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
        Messaging::derive(self.cipher, &self.secret)
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
        token_mac(self.cipher, &kdf(self.cipher, &self.secret, 2), &input)
    }

    /// The mapping's private key divided by the static one, encrypted.
    fn chip_data(&self) -> Vec<u8> {
        let Some(static_key) = &self.static_key else { return Vec::new() };
        let factor = padded(&self.curve.divide(&self.keys[0], static_key), 16);
        let key = kdf(self.cipher, &self.secret, 1);
        let start = cbc(self.cipher, Mode::Encrypt, &key, &[0; 16], &[0xFF; 16]);
        object(0x8A, &cbc(self.cipher, Mode::Encrypt, &key, &start, &factor))
    }

    /// The honest answer to GENERAL AUTHENTICATE; none to a wrong token.
    fn answer(&mut self, step: usize, value: &[u8]) -> Option<Vec<u8>> {
        let generator = self.generator.take();
        let own = generator.as_ref().map(|generator| self.curve.encode(&self.ephemeral_key(generator)));
        let own = own.unwrap_or_default();
        self.generator = generator;
        Some(match step {
            0 => {
                let key = kdf(self.cipher, self.can, 3);
                let start = vec![0; self.cipher.block_bytes()];
                object(0x80, &cbc(self.cipher, Mode::Encrypt, &key, &start, &self.nonce))
            }
            1 if self.mapping == INTEGRATED => {
                self.generator = Some(integrated::generator(&self.curve, self.cipher, &self.nonce, value));
                object(0x82, &[])
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
                [object(0x86, &self.token(&self.their_key)), self.chip_data()].concat()
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
