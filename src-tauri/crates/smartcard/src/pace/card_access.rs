//! EF.CardAccess: what a card offers before anybody has proven anything (TR-03110-3, A.1.1).

use super::PaceError;
use crate::crypto::ec::standardised_curve;
use crate::crypto::kdf::SessionCipher;
use crate::tlv::{Reader, Tag, Tlv, TlvError};
use openssl::nid::Nid;

const SET: Tag = Tag(0x31);
const SEQUENCE: Tag = Tag(0x30);
const INTEGER: Tag = Tag(0x02);
const OBJECT_IDENTIFIER: Tag = Tag(0x06);

/// id-PACE, 0.4.0.127.0.7.2.2.4; below it the mapping and the cipher.
const ID_PACE: [u8; 8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04];
/// id-PACE-ECDH-GM.
const ECDH_GM: u8 = 2;
/// The version of the protocol; version 1 was a draft with another key derivation.
const VERSION: u8 = 2;

/// The protocol and domain parameters that a card offers (TR-03110-3, `PACEInfo`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaceInfo {
    pub(super) cipher: SessionCipher,
    /// Standardised domain parameters, 8 to 18.
    pub(super) parameter_id: u8,
    /// Whether the card offers others, too, so that it must be told which.
    pub(super) ambiguous: bool,
}

impl PaceInfo {
    /// The object identifier of the protocol, encoded.
    pub(super) fn protocol(&self) -> [u8; 10] {
        let [a, b, c, d, e, f, g, h] = ID_PACE;
        [a, b, c, d, e, f, g, h, ECDH_GM, cipher_arc(self.cipher)]
    }

    pub(super) fn curve(&self) -> Option<Nid> {
        standardised_curve(self.parameter_id)
    }
}

/// The last arc of a protocol's object identifier; 1 is 3DES.
fn cipher_arc(cipher: SessionCipher) -> u8 {
    match cipher {
        SessionCipher::Aes128 => 2,
        SessionCipher::Aes192 => 3,
        SessionCipher::Aes256 => 4,
    }
}

/// Reads EF.CardAccess: the parameters that are best of those we speak, which are the ones with the longest
/// key, and among these with the largest field.
///
/// # Errors
/// [`PaceError::NotSupported`] if there are none, [`PaceError::Protocol`] if the file is malformed.
pub fn parse_card_access(file: &[u8]) -> Result<PaceInfo, PaceError> {
    choose(file).map_err(|_| PaceError::Protocol)?.ok_or(PaceError::NotSupported)
}

fn choose(file: &[u8]) -> Result<Option<PaceInfo>, TlvError> {
    // What may stand behind the set in the file is none of it.
    let Some(infos) = Reader::new(file).next().transpose()?.filter(|set| set.tag() == SET) else {
        return Ok(None);
    };
    let mut offered = 0;
    let mut best = None;
    for info in infos.children() {
        let Some(parts) = pace_info(&info?)? else { continue };
        offered += 1;
        best = best.max(known(&parts));
    }
    Ok(best.map(|(cipher, parameter_id)| PaceInfo { cipher, parameter_id, ambiguous: offered > 1 }))
}

/// The object identifier below id-PACE, the version and the parameter id of a `PACEInfo`, which has all three
/// when the parameters are standardised ones; `None` for any other `SecurityInfo`.
fn pace_info<'a>(info: &Tlv<'a>) -> Result<Option<[&'a [u8]; 3]>, TlvError> {
    let mut parts = info.children();
    if info.tag() != SEQUENCE {
        return Ok(None);
    }
    let Some(protocol) = next(&mut parts, OBJECT_IDENTIFIER)?.and_then(|oid| oid.strip_prefix(&ID_PACE))
    else {
        return Ok(None);
    };
    let Some(version) = next(&mut parts, INTEGER)? else { return Ok(None) };
    let Some(parameter_id) = next(&mut parts, INTEGER)? else { return Ok(None) };
    Ok(Some([protocol, version, parameter_id]))
}

fn next<'a>(parts: &mut Reader<'a>, tag: Tag) -> Result<Option<&'a [u8]>, TlvError> {
    Ok(parts.next().transpose()?.filter(|part| part.tag() == tag).map(|part| part.value()))
}

/// Cipher and parameter id, if we speak them. Ids ascend with the size of the field.
fn known(parts: &[&[u8]; 3]) -> Option<(SessionCipher, u8)> {
    let [[ECDH_GM, arc], [VERSION], [parameter_id]] = parts else { return None };
    let cipher = [SessionCipher::Aes128, SessionCipher::Aes192, SessionCipher::Aes256]
        .into_iter()
        .find(|cipher| cipher_arc(*cipher) == *arc)?;
    standardised_curve(*parameter_id)?;
    Some((cipher, *parameter_id))
}
