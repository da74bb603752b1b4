//! PACE with generic mapping over brainpoolP256r1 and AES-128 (TR-03110-2, 3.2; ICAO 9303-11, 4.4): the card's
//! side.

use super::{Answer, Card, Interface, SecureMessaging, status};
use crate::{
    apdu::{Command, sw},
    crypto::{
        curve::{Point, PrivateKey},
        symmetric::{BLOCK, cmac, derive, encrypt_block},
    },
    tlv::{only, tlv},
};

/// id-PACE-ECDH-GM-AES-CBC-CMAC-128.
pub(crate) const PROTOCOL: [u8; 10] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02];
/// Reference of SK.CAN.
const CAN: u8 = 0x02;

/// Dynamic authentication data.
const DATA: u32 = 0x7C;
/// CLA of a command that isn't the last of its chain.
const CHAINED: u8 = 0x10;

/// How far the agreement is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pace {
    /// The protocol was chosen.
    Chosen,
    /// The nonce was given.
    Nonce([u8; BLOCK]),
    /// The generator was agreed on.
    Mapped(Point),
    /// The keys were agreed on; the tokens aren't compared yet.
    Agreed {
        channel: SecureMessaging,
        /// What the terminal must send.
        expected: [u8; 8],
        /// What the card answers then.
        own: [u8; 8],
    },
}

impl Card {
    /// MSE:Set AT: protocol and password.
    pub(super) fn choose_pace(&mut self, command: &Command<'_>) -> Answer {
        let expected = [tlv(0x80, &PROTOCOL), tlv(0x83, &[CAN])].concat();
        if self.secrets.can.is_none() {
            return status(sw::NO_KEY);
        }
        if command.data != expected {
            return status(sw::WRONG_DATA);
        }
        self.volatile.pace = Some(Pace::Chosen);
        status(sw::OK)
    }

    /// GENERAL AUTHENTICATE: the next step; any error ends the protocol.
    pub(super) fn general_authenticate(&mut self, command: &Command<'_>) -> Answer {
        let Some(pace) = self.volatile.pace.take() else { return status(sw::CONDITIONS) };
        let last = matches!(pace, Pace::Agreed { .. });
        if (command.cla == CHAINED) == last {
            return status(sw::CHAIN);
        }
        if (command.p1, command.p2) != (0, 0) {
            return status(sw::WRONG_P1_P2);
        }
        let Some(data) = only(command.data, DATA) else { return status(sw::WRONG_DATA) };
        match self.step(pace, data) {
            Ok((tag, value)) => (tlv(DATA, &tlv(tag, &value)), sw::OK),
            Err(refusal) => status(refusal),
        }
    }

    /// Tag and value of the answer.
    fn step(&mut self, pace: Pace, data: &[u8]) -> Result<(u32, Vec<u8>), u16> {
        match pace {
            Pace::Chosen if data.is_empty() => {
                let can = self.secrets.can.as_ref().ok_or(sw::NO_KEY)?;
                let mut nonce = [0; BLOCK];
                nonce.copy_from_slice(&self.entropy.next()[..BLOCK]);
                let encrypted = encrypt_block(&derive(can.as_bytes(), 3), &nonce);
                self.volatile.pace = Some(Pace::Nonce(nonce));
                Ok((0x80, encrypted.to_vec()))
            }
            Pace::Chosen => Err(sw::WRONG_DATA),
            Pace::Nonce(nonce) => {
                let theirs = point(data, 0x81)?;
                let own = self.entropy.key();
                let generator = map(nonce, own.times(&theirs));
                if generator.is_infinity() {
                    return Err(sw::WRONG_DATA);
                }
                self.volatile.pace = Some(Pace::Mapped(generator));
                Ok((0x82, own.public().to_bytes()))
            }
            Pace::Mapped(generator) => {
                let theirs = point(data, 0x83)?;
                let own = self.agreement_key(&theirs);
                let public = own.times(&generator);
                if public == theirs {
                    return Err(sw::WRONG_DATA);
                }
                let secret = own.times(&theirs).x();
                let (encryption, authentication) = (derive(&secret, 1), derive(&secret, 2));
                self.volatile.pace = Some(Pace::Agreed {
                    channel: SecureMessaging::new(encryption, authentication),
                    expected: cmac(&authentication, &public_key(public)),
                    own: cmac(&authentication, &public_key(theirs)),
                });
                Ok((0x84, public.to_bytes()))
            }
            Pace::Agreed { channel, expected, own } => {
                let theirs = only(data, 0x85).ok_or(sw::WRONG_DATA)?;
                if theirs != expected {
                    return Err(sw::AUTHENTICATION_FAILED);
                }
                self.volatile.channel = Some(channel);
                Ok((0x86, own.to_vec()))
            }
        }
    }

    /// A fresh key; on a card that wants it, one whose shared secret starts with a zero byte, which a careless
    /// terminal drops.
    fn agreement_key(&mut self, theirs: &Point) -> PrivateKey {
        let mut key = self.entropy.key();
        if self.options.leading_zero_secret {
            let mut secret = key.times(theirs);
            while secret.x()[0] != 0 {
                key = key.successor();
                secret = secret + *theirs;
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

/// The generator for the second agreement: nonce · G + H.
fn map(nonce: [u8; BLOCK], agreed: Point) -> Point {
    let mut number = [0; 32];
    number[32 - BLOCK..].copy_from_slice(&nonce);
    PrivateKey::new(number).public() + agreed
}

fn point(data: &[u8], tag: u32) -> Result<Point, u16> {
    only(data, tag).and_then(Point::parse).ok_or(sw::WRONG_DATA)
}

/// What an authentication token is made of: protocol and public key.
fn public_key(point: Point) -> Vec<u8> {
    tlv(0x7F49, &[tlv(0x06, &PROTOCOL), tlv(0x86, &point.to_bytes())].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        hex::decode(hex).unwrap().try_into().unwrap()
    }

    fn point(hex: &str) -> Point {
        Point::parse(&hex::decode(hex).unwrap()).unwrap()
    }

    /// A real test card's session with its terminal's ephemeral keys (gematik OpenHealth-Core, Apache-2.0,
    /// apdu-replay/read-vsd.jsonl): both sides compute the same from nonce and keys.
    #[test]
    fn a_real_cards_agreement_comes_out_the_same() {
        let can = derive(b"123123", 3);
        assert_eq!(can, bytes("E9C1A4BF6E88DD00E80ED4DFE7D19154"));
        let nonce = bytes("0C032B003EB254AA62CEEAEC8D20E37A");
        assert_eq!(encrypt_block(&can, &nonce), bytes("7E4A8746A6C64DBD3CB345234B2B12A0"));
        let [mapping, ephemeral] = [
            "0FB961D0B3F14EB4C97C5D3818D1217DF815BB76DBE086DEE61B6073E935F1A4",
            "6B4FD168C9113727ABEDF35664C474F716A6A3F2916C2466D02D0F73D044D1D4",
        ]
        .map(|key| PrivateKey::new(bytes(key)));
        let cards = point(
            "04281C5CDCFD410258FE0D98B8A7F82B3C0984B567703806AB75450FE0CF9A42F6\
             8145A8F163386AAC92E0442A6EA7DC9DB1F13F9BC8457D36ED5B41673E7B2AF6",
        );
        let generator = map(nonce, mapping.times(&cards));
        let terminals = point(
            "0472B65456E2F05B66F52758835761289292B0E92BB8DAC1922584B89DC4DBCE4C\
             9D68B24A6A427D4A90201348AB86310AD45C2728A3F09BD74A223FFE8B54CA8F",
        );
        assert_eq!(ephemeral.times(&generator), terminals);
        let cards = point(
            "0420EED1E92DF6AB834244A24F6A33C046A27617E2489345FD86A282A2808A128F\
             05EBBCB1A8C80C7ECB3B19491DE773CC9DD74086490606223E902FABBF8EC6E9",
        );
        let secret = ephemeral.times(&cards).x();
        assert_eq!(secret, bytes("1CC396A71B6B445C15F836345CBA2B6FB8A0E5AC07CE7014B785F6A85BDFB33F"));
        let authentication = derive(&secret, 2);
        assert_eq!(authentication, bytes("23021D3E0ADA675D66ACF0E5696093C5"));
        assert_eq!(cmac(&authentication, &public_key(cards)), bytes("BE12BC3D96C0944E"));
        assert_eq!(cmac(&authentication, &public_key(terminals)), bytes("11A755A83F5BC65D"));
    }
}
