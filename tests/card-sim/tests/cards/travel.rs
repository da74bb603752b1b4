//! Chips of travel documents: who gets in, what can be read then, and how they prove to be genuine.

mod access;
mod faults;
mod genuine;
mod inspection;
mod quirks;
mod reading;

use std::collections::BTreeMap;

use anyhow::Result;
use card_sim::{
    Card, Interface,
    travel::{AccessProfile, ChipProfile, Cipher, Curve, FileId, Group, Mapping, PaceOffer},
};
use openssl::{dh::Dh, nid::Nid};

use crate::{
    CAN,
    terminal::{Agreement, Domain, Suite, Terminal},
};

/// The zone of Doc 9303-11, D.2.
const ZONE: &[u8] = b"L898902C<369080619406236";
const SELECT_LDS1: &str = "00a4040c07a0000002471001";
const SELECT_COM: &str = "00a4020c02011e";
/// EF.COM: LDS version 1.8; DG1, DG2, DG3 and DG14.
const COM: [u8; 15] =
    [0x60, 0x0D, 0x5F, 0x01, 0x04, 0x30, 0x31, 0x30, 0x38, 0x5C, 0x04, 0x61, 0x75, 0x63, 0x6E];
/// As long as few faces are, so that offsets need more than 15 bits.
const DG2_LENGTH: usize = 40_000;

const GENERIC: PaceOffer = offer(Mapping::Generic, Group::Ec(Curve::Brainpool256), Cipher::Aes128);

const fn offer(mapping: Mapping, group: Group, cipher: Cipher) -> PaceOffer {
    PaceOffer { mapping, cipher, group }
}

fn com() -> String {
    hex::encode(COM)
}

/// DG2: no two bytes at places that could be mistaken for each other are the same.
fn dg2() -> Vec<u8> {
    (0..DG2_LENGTH).map(|at| (at * 7 + at / 251).to_le_bytes()[0]).collect()
}

/// A document that speaks PACE with CAN and zone, and nothing else.
fn profile() -> ChipProfile {
    let files = BTreeMap::from([
        (FileId::master_file(0x011C), vec![0x31, 0x00]),
        (FileId::master_file(0x011D), vec![0x30, 0x00]),
        (FileId::lds1(0x011E), COM.to_vec()),
        (FileId::lds1(0x011D), vec![0x77, 0x00]),
        (FileId::data_group(1), vec![0x61, 0x00]),
        (FileId::data_group(2), dg2()),
        (FileId::data_group(3), vec![0x63, 0x00]),
    ]);
    ChipProfile {
        files,
        withheld: [FileId::data_group(3)].into(),
        access: AccessProfile {
            pace: vec![GENERIC],
            can: Some(CAN.to_owned()),
            mrz_information: ZONE.to_vec(),
            ..AccessProfile::default()
        },
        interface: Interface::Contactless,
        seed: "L898902C".to_owned(),
        ..ChipProfile::default()
    }
}

/// The same, but it speaks BAC instead.
fn basic_profile() -> ChipProfile {
    let mut profile = profile();
    profile.access.pace.clear();
    profile.access.bac = true;
    profile
}

fn powered(profile: &ChipProfile) -> Card {
    let mut card = profile.card();
    card.reset();
    card
}

fn domain(group: Group) -> Result<Domain> {
    Ok(match group.parameter_id() {
        0 => Domain::Modp(Dh::get_1024_160()?),
        1 => Domain::Modp(Dh::get_2048_224()?),
        2 => Domain::Modp(Dh::get_2048_256()?),
        12 => Domain::curve(Nid::X9_62_PRIME256V1)?,
        13 => Domain::curve(Nid::BRAINPOOL_P256R1)?,
        15 => Domain::curve(Nid::SECP384R1)?,
        16 => Domain::curve(Nid::BRAINPOOL_P384R1)?,
        17 => Domain::curve(Nid::BRAINPOOL_P512R1)?,
        other => anyhow::bail!("no domain parameters {other}"),
    })
}

fn suite(cipher: Cipher) -> Suite {
    match cipher {
        Cipher::TripleDes => Suite::TripleDes,
        Cipher::Aes128 => Suite::Aes128,
        Cipher::Aes192 => Suite::Aes192,
        Cipher::Aes256 => Suite::Aes256,
    }
}

impl Terminal<'_> {
    /// PACE with the CAN.
    fn enter(&mut self, offer: PaceOffer, can: &str) -> Result<Vec<u8>> {
        self.enter_with(offer, (0x02, can.as_bytes()), None)
    }

    fn enter_with(
        &mut self,
        offer: PaceOffer,
        password: (u8, &[u8]),
        parameters: Option<u8>,
    ) -> Result<Vec<u8>> {
        let oid = offer.oid();
        let (domain, suite) = (domain(offer.group)?, suite(offer.cipher));
        self.agree(&Agreement { oid: &oid, domain, suite, password, parameters })
    }
}
