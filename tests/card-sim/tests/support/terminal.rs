//! A small terminal that knows nothing of the simulator: PACE with generic mapping and secure messaging, all
//! of it by OpenSSL.

#[allow(dead_code, reason = "health cards need one group and one cipher")]
mod domain;
#[allow(dead_code, reason = "as above")]
mod suite;

use anyhow::{Context, Result, bail, ensure};
use openssl::{nid::Nid, sha::sha256};

pub(crate) use domain::Domain;
pub(crate) use suite::Suite;

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

/// What PACE is run with.
pub(crate) struct Agreement<'a> {
    /// The protocol's object identifier.
    pub(crate) oid: &'a [u8],
    pub(crate) domain: Domain,
    pub(crate) suite: Suite,
    /// Number of the password, and what its key is derived from.
    pub(crate) password: (u8, &'a [u8]),
    /// Number of the domain parameters, if they are named.
    pub(crate) parameters: Option<u8>,
}

struct Channel {
    suite: Suite,
    encryption: Vec<u8>,
    authentication: Vec<u8>,
    counter: u128,
}

/// id-PACE-ECDH-GM-AES-CBC-CMAC-128.
const HEALTH_CARD: [u8; 10] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02];

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

    /// PACE as health cards do it; an error names the status word of the step that failed.
    pub(crate) fn pace(&mut self, can: &str) -> Result<()> {
        let agreement = Agreement {
            oid: &HEALTH_CARD,
            domain: Domain::curve(Nid::BRAINPOOL_P256R1)?,
            suite: Suite::Aes128,
            password: (0x02, can.as_bytes()),
            parameters: None,
        };
        self.agree(&agreement).map(|_| ())
    }

    /// PACE with generic mapping; what the chip's last answer says besides its token.
    pub(crate) fn agree(&mut self, agreement: &Agreement<'_>) -> Result<Vec<u8>> {
        let Agreement { oid, domain, suite, password: (reference, password), parameters } = agreement;
        self.channel = None;
        self.runs += 1;
        let [mapping, ephemeral] = [0, 1].map(|key| sha256(&[self.runs, key])[..20].to_vec());

        let mut choice = [tlv(0x80, oid), tlv(0x83, &[*reference])].concat();
        choice.extend(parameters.iter().flat_map(|number| tlv(0x84, &[*number])));
        self.data(&format!("0022c1a4{:02x}{}", choice.len(), hex::encode(choice)))?;
        let encrypted = self.step("1086", 0x80, &[])?.0;
        let key = suite.derive(password, 3);
        let nonce = suite.decrypt(&key, &vec![0; suite.block()], &encrypted)?;

        let theirs = self.step("1086", 0x81, &domain.times(&mapping, &domain.generator()?)?)?.0;
        let agreed = domain.times(&mapping, &theirs)?;
        let generator = domain.combine(&domain.times(&nonce, &domain.generator()?)?, &agreed)?;

        let own = domain.times(&ephemeral, &generator)?;
        let theirs = self.step("1086", 0x83, &own)?.0;
        self.secret = domain.secret(&domain.times(&ephemeral, &theirs)?)?;
        let key = suite.derive(&self.secret, 2);
        let token = |element: &[u8]| {
            let objects = [tlv(0x06, oid), tlv(domain.tag(), element)].concat();
            suite.token(&key, &[vec![0x7F], tlv(0x49, &objects)].concat())
        };
        let (answer, rest) = self.step("0086", 0x85, &token(&theirs)?)?;
        ensure!(answer == token(&own)?, "the card's token is wrong");
        self.open(*suite, &self.secret.clone(), 0);
        Ok(rest)
    }

    /// Begins a channel.
    pub(crate) fn open(&mut self, suite: Suite, secret: &[u8], counter: u128) {
        let [encryption, authentication] = [1, 2].map(|number| suite.derive(secret, number));
        self.channel = Some(Channel { suite, encryption, authentication, counter });
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
            [0, high, low, rest @ ..] if !rest.is_empty() => {
                rest.split_at(usize::from(*high) << 8 | usize::from(*low))
            }
            [lc, rest @ ..] => rest.split_at(usize::from(*lc)),
        };
        let odd = header[1] & 1 == 1;
        let header = [&[header[0] | 0x0C], &header[1..]].concat();
        let mut objects = Vec::new();
        if !data.is_empty() {
            let text = channel.encrypt(&channel.suite.pad(data))?;
            let object = [&[1][..if odd { 0 } else { 1 }], &text].concat();
            objects.extend(tlv(if odd { 0x85 } else { 0x87 }, &object));
        }
        if !le.is_empty() {
            objects.extend(if extended { tlv(0x97, &[0, 0]) } else { tlv(0x97, le) });
        }
        let padded = if objects.is_empty() { Vec::new() } else { channel.suite.pad(&objects) };
        let mac = channel.mac(&[channel.suite.pad(&header), padded].concat())?;
        objects.extend(tlv(0x8E, &mac));
        let (lc, le) = if extended {
            let [high, low] = u16::try_from(objects.len())?.to_be_bytes();
            (vec![0, high, low], vec![0, 0])
        } else {
            (vec![u8::try_from(objects.len())?], vec![0])
        };
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
                0x85 | 0x87 => {
                    let indicator = usize::from(tag == 0x87);
                    let text = channel.decrypt(&value[indicator..])?;
                    let end = text.iter().rposition(|byte| *byte != 0).context("no padding")?;
                    ensure!(value[..indicator] == [1][..indicator] && text[end] == 0x80, "wrong padding");
                    data = text[..end].to_vec();
                }
                0x81 => data = value.to_vec(),
                0x99 => status = Some(value.to_vec()),
                0x8E => {
                    let mac = channel.mac(&channel.suite.pad(&objects[..covered]))?;
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

    /// GENERAL AUTHENTICATE: sends a data object, gives the value of the answer's and what follows it.
    fn step(&mut self, command: &str, tag: u8, value: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
        let data = if value.is_empty() { Vec::new() } else { tlv(tag, value) };
        let data = tlv(0x7C, &data);
        let (lc, le) = match u8::try_from(data.len()) {
            Ok(length) => (vec![length], vec![0]),
            Err(_) => ([&[0], &u16::try_from(data.len())?.to_be_bytes()[..]].concat(), vec![0, 0]),
        };
        let command = [hex::decode(command)?, vec![0, 0], lc, data, le].concat();
        let answer = self.data(&hex::encode(command))?;
        let (_, inner, _) = object(&answer).context("no dynamic authentication data")?;
        let (answered, value, rest) = object(inner).context("empty dynamic authentication data")?;
        ensure!(answered == if tag == 0x80 { 0x80 } else { tag + 1 }, "another object");
        Ok((value.to_vec(), rest.to_vec()))
    }
}

impl Channel {
    fn iv(&self) -> Result<Vec<u8>> {
        let zeros = vec![0; self.suite.block()];
        match self.suite {
            Suite::TripleDes => Ok(zeros),
            Suite::Aes128 | Suite::Aes192 | Suite::Aes256 => {
                self.suite.encrypt(&self.encryption, &zeros, &self.counter.to_be_bytes())
            }
        }
    }

    fn encrypt(&self, text: &[u8]) -> Result<Vec<u8>> {
        self.suite.encrypt(&self.encryption, &self.iv()?, text)
    }

    fn decrypt(&self, text: &[u8]) -> Result<Vec<u8>> {
        self.suite.decrypt(&self.encryption, &self.iv()?, text)
    }

    fn mac(&self, text: &[u8]) -> Result<Vec<u8>> {
        let counter = self.counter.to_be_bytes();
        self.suite.mac(&self.authentication, &[&counter[16 - self.suite.block()..], text].concat())
    }
}

/// The data of a response that ends in 9000.
fn succeeded(response: &str) -> Result<Vec<u8>> {
    let data = response.strip_suffix("9000").with_context(|| format!("the card answered {response}"))?;
    Ok(hex::decode(data)?)
}

/// A data object with a tag of one byte.
pub(crate) fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let [.., high, low] = value.len().to_be_bytes();
    let head = match value.len() {
        0..=0x7F => vec![tag, low],
        0x80..=0xFF => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
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
