//! The terminal's side of BAC and chip authentication, by OpenSSL.

use anyhow::{Result, ensure};
use card_sim::travel::ChipAuthentication;
use openssl::sha::sha1;

use super::{domain, suite};
use crate::terminal::{Suite, Terminal, tlv};

const SUITE: Suite = Suite::TripleDes;
const OWN_RANDOM: [u8; 8] = [0x78, 0x17, 0x23, 0x86, 0x0C, 0x06, 0xC2, 0x26];
const OWN_KEYING: [u8; 16] = [0x0B; 16];
/// The terminal's ephemeral key.
const EPHEMERAL: [u8; 20] = [0x17; 20];

impl Terminal<'_> {
    /// BAC; an error names the status word.
    pub(super) fn basic_access(&mut self, zone: &[u8]) -> Result<()> {
        let seed = &sha1(zone)[..16];
        let [encryption, authentication] = [1, 2].map(|counter| SUITE.derive(seed, counter));
        let challenge = self.data("0084000008")?;
        let text = [&OWN_RANDOM[..], &challenge, &OWN_KEYING].concat();
        let cryptogram = SUITE.encrypt(&encryption, &[0; 8], &text)?;
        let mac = SUITE.token(&authentication, &cryptogram)?;
        let command = [vec![0, 0x82, 0, 0, 40], cryptogram, mac, vec![40]].concat();
        let answer = self.data(&hex::encode(command))?;
        let (cryptogram, mac) = answer.split_at(32);
        ensure!(SUITE.token(&authentication, cryptogram)? == mac, "wrong MAC");
        let text = SUITE.decrypt(&encryption, &[0; 8], cryptogram)?;
        ensure!(text[..16] == [&challenge[..], &OWN_RANDOM].concat(), "other random numbers");
        let secret: Vec<u8> = text[16..].iter().zip(OWN_KEYING).map(|(their, own)| their ^ own).collect();
        let counter = [&challenge[4..], &OWN_RANDOM[4..]].concat();
        self.open(SUITE, &secret, u128::from_str_radix(&hex::encode(counter), 16)?);
        Ok(())
    }

    /// Chip authentication with this public key of the chip; the channel is another one then, whether the
    /// chip has the private key or not.
    pub(super) fn authenticate_chip(&mut self, chip: &ChipAuthentication, public: &[u8]) -> Result<()> {
        let (domain, suite) = (domain(chip.key.group)?, suite(chip.cipher));
        let own = domain.times(&EPHEMERAL, &domain.generator()?)?;
        let key_id = chip.key_id.map(|id| tlv(0x84, &[id])).unwrap_or_default();
        if suite == Suite::TripleDes {
            self.succeed("002241a6", &[tlv(0x91, &own), key_id].concat(), false)?;
        } else {
            self.succeed("002241a4", &[tlv(0x80, &chip.oid()), key_id].concat(), false)?;
            let answer = self.succeed("00860000", &tlv(0x7C, &tlv(0x80, &own)), true)?;
            ensure!(answer == [0x7C, 0x00], "an answer: {answer:02X?}");
        }
        let secret = domain.secret(&domain.times(&EPHEMERAL, public)?)?;
        self.open(suite, &secret, 0);
        Ok(())
    }

    fn succeed(&mut self, header: &str, data: &[u8], answered: bool) -> Result<Vec<u8>> {
        let long = data.len() > 200;
        let length = if long { format!("00{:04x}", data.len()) } else { format!("{:02x}", data.len()) };
        let le = if answered { "00" } else { "" };
        let command = format!("{header}{length}{}{le}{}", hex::encode(data), if long { le } else { "" });
        let answer = if long { self.send_extended(&command)? } else { self.send(&command)? };
        let data = answer.strip_suffix("9000");
        Ok(hex::decode(data.ok_or_else(|| anyhow::anyhow!("the card answered {answer}"))?)?)
    }
}
