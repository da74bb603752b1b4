//! Chip authentication version 1 (TR-03110-3, B.2; Doc 9303-11, 6.2): an agreement with the chip's static
//! key. The answer still comes over the old channel; only who has the right key understands the next command.

use super::{Card, Chip};
use crate::{
    apdu::{Command, sw},
    card::{Answer, SecureMessaging, status},
    crypto::cipher::Cipher,
    tlv::{objects, only, tlv},
    travel::ChipAuthentication,
};

/// Dynamic authentication data.
const DATA: u32 = 0x7C;

impl Card {
    /// MSE:Set AT, of chips that agree on AES: protocol and key.
    pub(super) fn choose_chip_authentication(&mut self, chip: &Chip, command: &Command<'_>) -> Answer {
        let own = match self.own(chip, |cipher| cipher != Cipher::TripleDes) {
            Ok(own) => own,
            Err(refusal) => return status(refusal),
        };
        let Some(objects) = objects(command.data) else { return status(sw::WRONG_DATA) };
        let objects: Vec<_> = objects.iter().map(|object| (object.tag, object.value)).collect();
        let (oid, key_id) = match objects.as_slice() {
            [(0x80, oid)] => (oid, None),
            [(0x80, oid), (0x84, key_id)] => (oid, Some(*key_id)),
            _ => return status(sw::WRONG_DATA),
        };
        if *oid != own.oid() || !is_meant(own, key_id) {
            return status(sw::NO_KEY);
        }
        self.volatile.travel.chip_authentication = true;
        status(sw::OK)
    }

    /// GENERAL AUTHENTICATE after it: the terminal's key.
    pub(super) fn authenticate_chip(&mut self, chip: &Chip, command: &Command<'_>) -> Answer {
        let own = match self.own(chip, |cipher| cipher != Cipher::TripleDes) {
            Ok(own) => own,
            Err(refusal) => return status(refusal),
        };
        let theirs = only(command.data, DATA).and_then(|data| only(data, 0x80));
        match theirs.and_then(|theirs| agree(own, theirs)) {
            Some(channel) => {
                self.volatile.channel = Some(channel);
                (tlv(DATA, &[]), sw::OK)
            }
            None => status(sw::WRONG_DATA),
        }
    }

    /// MSE:Set KAT, of chips that agree on 3DES: all in one command.
    pub(super) fn agree_with_chip(&mut self, chip: &Chip, command: &Command<'_>) -> Answer {
        let own = match self.own(chip, |cipher| cipher == Cipher::TripleDes) {
            Ok(own) => own,
            Err(refusal) => return status(refusal),
        };
        let Some(objects) = objects(command.data) else { return status(sw::WRONG_DATA) };
        let objects: Vec<_> = objects.iter().map(|object| (object.tag, object.value)).collect();
        let (theirs, key_id) = match objects.as_slice() {
            [(0x91, theirs)] => (theirs, None),
            [(0x91, theirs), (0x84, key_id)] => (theirs, Some(*key_id)),
            _ => return status(sw::WRONG_DATA),
        };
        if !is_meant(own, key_id) {
            return status(sw::NO_KEY);
        }
        match agree(own, theirs) {
            Some(channel) => {
                self.volatile.channel = Some(channel);
                status(sw::OK)
            }
            None => status(sw::WRONG_DATA),
        }
    }

    /// The key, which nobody may use before PACE or BAC.
    fn own<'a>(
        &self,
        chip: &'a Chip,
        usable: impl Fn(Cipher) -> bool,
    ) -> Result<&'a ChipAuthentication, u16> {
        if !self.volatile.protected {
            return Err(sw::SECURITY_STATUS);
        }
        chip.chip_authentication.as_ref().filter(|own| usable(own.cipher)).ok_or(sw::NO_KEY)
    }
}

/// With a single key a terminal needn't name it.
fn is_meant(own: &ChipAuthentication, key_id: Option<&[u8]>) -> bool {
    key_id.is_none_or(|key_id| own.key_id.is_some_and(|own| key_id == [own]))
}

/// The new channel.
fn agree(own: &ChipAuthentication, theirs: &[u8]) -> Option<SecureMessaging> {
    let group = own.key.group;
    let secret = own.key.times(Some(theirs).filter(|theirs| group.has(theirs))?)?;
    Some(SecureMessaging::derive(own.cipher, &group.secret(&secret)))
}
