//! A small terminal that knows nothing of the simulator: PACE with the CAN and secure messaging, all of it by
//! OpenSSL.

use std::fmt::Write;

use anyhow::{Context, Result, bail, ensure};
use openssl::{
    bn::{BigNum, BigNumContext},
    ec::{EcGroup, EcPoint, EcPointRef, PointConversionForm},
    nid::Nid,
    pkey::PKey,
    sha::{sha1, sha256},
    sign::Signer,
    symm::{Cipher, Crypter, Mode},
};

const PROTOCOL: &str = "04007f00070202040202";

/// Sends a command APDU and gives the response.
type Transmit<'a> = dyn FnMut(&[u8]) -> Result<Vec<u8>> + 'a;

/// Talks to a card through a function that sends a command APDU and gives the response.
pub(crate) struct Terminal<'a> {
    transmit: Box<Transmit<'a>>,
    channel: Option<Channel>,
    /// Makes ephemeral keys differ.
    runs: u8,
    /// The shared secret of the last PACE run.
    pub(crate) secret: Vec<u8>,
}

struct Channel {
    encryption: Vec<u8>,
    authentication: Vec<u8>,
    counter: u128,
}

impl<'a> Terminal<'a> {
    pub(crate) fn new(transmit: impl FnMut(&[u8]) -> Result<Vec<u8>> + 'a) -> Self {
        Self { transmit: Box::new(transmit), channel: None, runs: 0, secret: Vec::new() }
    }

    /// Sends a command as it stands; the response in hexadecimal.
    pub(crate) fn plain(&mut self, command: &str) -> Result<String> {
        Ok(hex::encode((self.transmit)(&hex::decode(command)?)?))
    }

    /// Sends a command as it stands, expects success and gives the data.
    pub(crate) fn data(&mut self, command: &str) -> Result<Vec<u8>> {
        succeeded(&self.plain(command)?)
    }

    /// PACE; an error names the status word of the step that failed.
    pub(crate) fn pace(&mut self, can: &str) -> Result<()> {
        self.channel = None;
        self.runs += 1;
        let group = EcGroup::from_curve_name(Nid::BRAINPOOL_P256R1)?;
        let mut context = BigNumContext::new()?;
        let [mapping, ephemeral] = [0, 1].map(|key| sha256(&[self.runs, key]));
        let [mapping, ephemeral] = [BigNum::from_slice(&mapping)?, BigNum::from_slice(&ephemeral)?];

        self.data(&format!("0022c1a40f800a{PROTOCOL}830102"))?;
        let encrypted = self.step("1086", 0x80, &[])?;
        let key = derive(can.as_bytes(), 3);
        let nonce = aes(Mode::Decrypt, Cipher::aes_128_ecb(), &key, None, &encrypted)?;
        let nonce = BigNum::from_slice(&nonce)?;

        let mut own = EcPoint::new(&group)?;
        own.mul_generator2(&group, &mapping, &mut context)?;
        let theirs = self.exchange(&group, 0x81, &own)?;
        let mut agreed = EcPoint::new(&group)?;
        agreed.mul2(&group, &theirs, &mapping, &mut context)?;
        let mut mapped = EcPoint::new(&group)?;
        mapped.mul_generator2(&group, &nonce, &mut context)?;
        let mut generator = EcPoint::new(&group)?;
        generator.add(&group, &mapped, &agreed, &mut context)?;

        let mut own = EcPoint::new(&group)?;
        own.mul2(&group, &generator, &ephemeral, &mut context)?;
        let theirs = self.exchange(&group, 0x83, &own)?;
        let mut agreed = EcPoint::new(&group)?;
        agreed.mul2(&group, &theirs, &ephemeral, &mut context)?;
        self.secret = encode(&group, &agreed)?[1..33].to_vec();
        let [encryption, authentication] = [1, 2].map(|counter| derive(&self.secret, counter));

        let token = self.step("0086", 0x85, &token(&authentication, &encode(&group, &theirs)?)?)?;
        ensure!(token == self::token(&authentication, &encode(&group, &own)?)?, "the card's token is wrong");
        self.channel = Some(Channel { encryption, authentication, counter: 0 });
        Ok(())
    }

    /// Sends a command protected; response data and status word, in hexadecimal.
    pub(crate) fn send(&mut self, command: &str) -> Result<String> {
        let protected = self.protect(command)?;
        let response = (self.transmit)(&protected)?;
        self.unprotect(&response)
    }

    /// The protected form of a command with short lengths.
    pub(crate) fn protect(&mut self, command: &str) -> Result<Vec<u8>> {
        self.protect_with(command, false)
    }

    /// As [`Self::send`], in extended form.
    pub(crate) fn send_extended(&mut self, command: &str) -> Result<String> {
        let protected = self.protect_with(command, true)?;
        let response = (self.transmit)(&protected)?;
        self.unprotect(&response)
    }

    fn protect_with(&mut self, command: &str, extended: bool) -> Result<Vec<u8>> {
        let command = hex::decode(command)?;
        let channel = self.channel.as_mut().context("no channel")?;
        channel.counter += 1;
        let (header, body) = command.split_at(4);
        let (data, le) = match body {
            [] => (&[][..], &[][..]),
            [_] => (&[][..], body),
            [lc, rest @ ..] => rest.split_at(usize::from(*lc)),
        };
        let header = [&[header[0] | 0x0C], &header[1..]].concat();
        let mut objects = Vec::new();
        if !data.is_empty() {
            let text = channel.encrypt(&pad(data))?;
            objects.extend(tlv(0x87, &[&[1], text.as_slice()].concat()));
        }
        if !le.is_empty() {
            objects.extend(if extended { tlv(0x97, &[0, 0]) } else { tlv(0x97, le) });
        }
        let padded = if objects.is_empty() { Vec::new() } else { pad(&objects) };
        let mac = channel.mac(&[pad(&header), padded].concat())?;
        objects.extend(tlv(0x8E, &mac));
        let length = u8::try_from(objects.len())?;
        let (lc, le) = if extended { (vec![0, 0, length], vec![0, 0]) } else { (vec![length], vec![0]) };
        Ok([header, lc, objects, le].concat())
    }

    fn unprotect(&mut self, response: &[u8]) -> Result<String> {
        let channel = self.channel.as_mut().context("no channel")?;
        channel.counter += 1;
        let (objects, outer) = response.split_at(response.len() - 2);
        let (mut data, mut status, mut covered, mut rest) = (Vec::new(), None, 0, objects);
        while !rest.is_empty() {
            let (tag, value, next) = object(rest).context("not protected")?;
            match tag {
                0x87 => {
                    let text = channel.decrypt(&value[1..])?;
                    let end = text.iter().rposition(|byte| *byte != 0).context("no padding")?;
                    ensure!(value[0] == 1 && text[end] == 0x80, "wrong padding");
                    data = text[..end].to_vec();
                }
                0x81 => data = value.to_vec(),
                0x99 => status = Some(value.to_vec()),
                0x8E => {
                    let mac = channel.mac(&pad(&objects[..covered]))?;
                    ensure!(mac == value && next.is_empty(), "wrong MAC");
                    let status = status.context("no status")?;
                    ensure!(status == outer, "another status in the clear");
                    return Ok(hex::encode([data, status].concat()));
                }
                other => bail!("unknown object {other:02X}"),
            }
            covered = objects.len() - next.len();
            rest = next;
        }
        bail!("not protected: {}", hex::encode(response))
    }

    /// GENERAL AUTHENTICATE: sends a data object, gives the value of the answer's.
    fn step(&mut self, command: &str, tag: u8, value: &[u8]) -> Result<Vec<u8>> {
        let data = if value.is_empty() { Vec::new() } else { tlv(tag, value) };
        let data = tlv(0x7C, &data);
        let answer = self.data(&format!("{command}0000{:02x}{}00", data.len(), hex::encode(&data)))?;
        let (_, inner, _) = object(&answer).context("no dynamic authentication data")?;
        let (answered, value, _) = object(inner).context("empty dynamic authentication data")?;
        ensure!(answered == if value.len() == 16 { 0x80 } else { tag + 1 }, "another object");
        Ok(value.to_vec())
    }

    fn exchange(&mut self, group: &EcGroup, tag: u8, own: &EcPointRef) -> Result<EcPoint> {
        let theirs = self.step("1086", tag, &encode(group, own)?)?;
        let mut context = BigNumContext::new()?;
        Ok(EcPoint::from_bytes(group, &theirs, &mut context)?)
    }
}

impl Channel {
    fn iv(&self) -> Result<Vec<u8>> {
        aes(Mode::Encrypt, Cipher::aes_128_ecb(), &self.encryption, None, &self.counter.to_be_bytes())
    }

    fn encrypt(&self, text: &[u8]) -> Result<Vec<u8>> {
        aes(Mode::Encrypt, Cipher::aes_128_cbc(), &self.encryption, Some(&self.iv()?), text)
    }

    fn decrypt(&self, text: &[u8]) -> Result<Vec<u8>> {
        aes(Mode::Decrypt, Cipher::aes_128_cbc(), &self.encryption, Some(&self.iv()?), text)
    }

    fn mac(&self, text: &[u8]) -> Result<Vec<u8>> {
        cmac(&self.authentication, &[&self.counter.to_be_bytes(), text].concat())
    }
}

/// The data of a response that ends in 9000.
fn succeeded(response: &str) -> Result<Vec<u8>> {
    let data = response.strip_suffix("9000").with_context(|| format!("the card answered {response}"))?;
    Ok(hex::decode(data)?)
}

fn token(key: &[u8], point: &[u8]) -> Result<Vec<u8>> {
    let mut text = String::new();
    write!(text, "7f494f060a{PROTOCOL}8641{}", hex::encode(point))?;
    cmac(key, &hex::decode(text)?)
}

fn encode(group: &EcGroup, point: &EcPointRef) -> Result<Vec<u8>> {
    let mut context = BigNumContext::new()?;
    Ok(point.to_bytes(group, PointConversionForm::UNCOMPRESSED, &mut context)?)
}

pub(crate) fn derive(secret: &[u8], counter: u8) -> Vec<u8> {
    sha1(&[secret, &[0, 0, 0, counter]].concat())[..16].to_vec()
}

fn cmac(key: &[u8], text: &[u8]) -> Result<Vec<u8>> {
    let key = PKey::cmac(&Cipher::aes_128_cbc(), key)?;
    let mut mac = Signer::new_without_digest(&key)?.sign_oneshot_to_vec(text)?;
    mac.truncate(8);
    Ok(mac)
}

fn aes(mode: Mode, cipher: Cipher, key: &[u8], iv: Option<&[u8]>, text: &[u8]) -> Result<Vec<u8>> {
    let mut crypter = Crypter::new(cipher, mode, key, iv)?;
    crypter.pad(false);
    let mut out = vec![0; text.len() + 16];
    let length = crypter.update(text, &mut out)?;
    out.truncate(length);
    Ok(out)
}

fn pad(text: &[u8]) -> Vec<u8> {
    let mut padded = [text, &[0x80]].concat();
    padded.resize(padded.len().next_multiple_of(16), 0);
    padded
}

fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    // No object that a terminal sends is longer than 255 bytes.
    let [.., length] = value.len().to_be_bytes();
    let head = if length < 0x80 { vec![tag, length] } else { vec![tag, 0x81, length] };
    [head, value.to_vec()].concat()
}

/// Tag of one byte, value, and what follows.
pub(crate) fn object(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (length, rest) = match rest {
        [0x82, high, low, rest @ ..] => (usize::from(*high) << 8 | usize::from(*low), rest),
        [0x81, length, rest @ ..] => (usize::from(*length), rest),
        [length, rest @ ..] => (usize::from(*length), rest),
        [] => return None,
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some((*tag, value, rest))
}
