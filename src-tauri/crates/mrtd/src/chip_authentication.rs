//! Chip authentication, version 1 (ICAO Doc 9303-11, 6.2; BSI TR-03110-3, B.2): a key agreement with the
//! chip's static key, after which only a chip that holds it can go on talking.

use crate::data_group::DataGroup;
use crate::error::MrtdError;
use crate::file::MrtdFile;
use crate::session::{Session, execute_long};
use crate::verdict::{Reason, Verdict};
use smartcard::key_agreement::{self, Agreement, KeyAgreementError};
use smartcard::security_infos::{ChipAuthentication, SecurityInfos};
use smartcard::tlv::{self, Tag};
use smartcard::{
    CardChannelExt, ChannelError, CommandApdu, Entropy, SecureMessaging, Sensitivity, SessionCipher,
    StatusWord,
};

/// Version 2 goes with terminal authentication.
const VERSION: u8 = 1;

const INS_MANAGE_SECURITY_ENVIRONMENT: u8 = 0x22;
/// MSE P1, P2: set the key agreement template for computation.
const SET_KEY_AGREEMENT: [u8; 2] = [0x41, 0xA6];
/// MSE P1, P2: set the authentication template for internal authentication.
const SET_INTERNAL_AUTHENTICATION: [u8; 2] = [0x41, 0xA4];
const PROTOCOL: Tag = Tag(0x80);
const KEY_REFERENCE: Tag = Tag(0x84);
const EPHEMERAL_KEY: Tag = Tag(0x91);

const INS_GENERAL_AUTHENTICATE: u8 = 0x86;
const DYNAMIC_AUTHENTICATION_DATA: Tag = Tag(0x7C);
const OUR_PUBLIC_KEY: Tag = Tag(0x80);

/// What is read to see that the chip has the new keys, too: the header of the file that it has just given.
const PROOF_FILE: MrtdFile = MrtdFile::DataGroup(DataGroup::SecurityInfos);
const PROOF_BYTES: usize = 4;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) verdict: Verdict,
    /// What the session has ended with, if it has.
    pub(crate) broken: Option<ChannelError>,
}

impl Outcome {
    fn of(verdict: Verdict) -> Self {
        Self { verdict, broken: None }
    }

    fn refused(status: StatusWord) -> Self {
        Self::of(Verdict::of_refusal(status))
    }
}

/// Has the chip prove that it holds the key of DG14, with the strongest protocol of those that it offers.
/// That DG14 is the issuer's own is for others to prove.
///
/// Afterwards the session has other keys; where the chip failed it has none.
///
/// # Errors
/// Where no answer came or there is no entropy; a chip that refuses or lies is a [`Verdict`].
pub(crate) fn prove(
    session: &mut dyn Session,
    infos: &SecurityInfos,
    entropy: &mut dyn Entropy,
) -> Result<Outcome, MrtdError> {
    // They come with the best first.
    let Some(offer) = infos.chip_authentication().iter().find(|offer| offer.version == VERSION) else {
        return Ok(Outcome::of(Verdict::NotSupported(Reason::NotOffered)));
    };
    let agreement = match key_agreement::agree(&offer.subject_public_key_info, entropy) {
        Ok(agreement) => agreement,
        Err(KeyAgreementError::Entropy(error)) => return Err(error.into()),
        Err(KeyAgreementError::NotSupported) => {
            return Ok(Outcome::of(Verdict::NotVerifiable(Reason::UnknownAlgorithm)));
        }
        Err(KeyAgreementError::Malformed | KeyAgreementError::Calculation) => {
            return Ok(Outcome::of(Verdict::NotVerifiable(Reason::Malformed)));
        }
    };
    match send_key(session, offer, &agreement) {
        Ok(status) if !status.is_ok() => return Ok(Outcome::refused(status)),
        Ok(_) => {}
        Err(broken @ ChannelError::Unprotected(status)) => {
            return Ok(Outcome { broken: Some(broken), ..Outcome::refused(status) });
        }
        Err(broken @ (ChannelError::WrongMac | ChannelError::Malformed)) => {
            return Ok(Outcome { verdict: Verdict::NotVerifiable(Reason::Malformed), broken: Some(broken) });
        }
        Err(error) => return Err(error.into()),
    }
    session.restart(SecureMessaging::derive(offer.cipher, &agreement.secret));
    test_keys(session)
}

/// Gives the chip our public key, and returns what it says.
fn send_key(
    session: &mut dyn Session,
    offer: &ChipAuthentication,
    agreement: &Agreement,
) -> Result<StatusWord, ChannelError> {
    let mut template = Vec::new();
    let reference = |template: &mut Vec<u8>| {
        if let Some(key_id) = &offer.key_id {
            tlv::write(template, KEY_REFERENCE, key_id);
        }
    };
    if offer.cipher == SessionCipher::TripleDes {
        tlv::write(&mut template, EPHEMERAL_KEY, &agreement.public_key);
        reference(&mut template);
        return send(session, INS_MANAGE_SECURITY_ENVIRONMENT, SET_KEY_AGREEMENT, &template, false);
    }
    tlv::write(&mut template, PROTOCOL, &offer.protocol);
    reference(&mut template);
    let status =
        send(session, INS_MANAGE_SECURITY_ENVIRONMENT, SET_INTERNAL_AUTHENTICATION, &template, false)?;
    if !status.is_ok() {
        return Ok(status);
    }
    let mut content = Vec::with_capacity(agreement.public_key.len() + 4);
    tlv::write(&mut content, OUR_PUBLIC_KEY, &agreement.public_key);
    let mut data = Vec::with_capacity(content.len() + 4);
    tlv::write(&mut data, DYNAMIC_AUTHENTICATION_DATA, &content);
    send(session, INS_GENERAL_AUTHENTICATE, [0, 0], &data, true)
}

fn send(
    session: &mut dyn Session,
    ins: u8,
    [p1, p2]: [u8; 2],
    data: &[u8],
    answered: bool,
) -> Result<StatusWord, ChannelError> {
    // German chips refuse an Le in MSE.
    let ne = if answered { session.ne_max() } else { 0 };
    let command = CommandApdu::new(0x00, ins, p1, p2)
        .with_data(data)
        .map_err(|_| ChannelError::NotProtectable)?
        .with_ne(ne)
        .with_sensitivity(Sensitivity::Secret);
    Ok(execute_long(session, &command)?.status)
}

/// The first command with the new keys. A chip that doesn't hold the static key can't read it, nor protect an
/// answer.
fn test_keys(session: &mut dyn Session) -> Result<Outcome, MrtdError> {
    let form = PROOF_FILE.form();
    let command = CommandApdu::read_binary_sfi(form.sfi, 0, PROOF_BYTES).with_sensitivity(form.sensitivity);
    match session.execute(&command) {
        // Whatever it says, it says it with the new keys.
        Ok(_) => Ok(Outcome::of(Verdict::Valid)),
        Err(broken @ (ChannelError::Unprotected(_) | ChannelError::WrongMac | ChannelError::Malformed)) => {
            Ok(Outcome { verdict: Verdict::Invalid(Reason::ChallengeFailed), broken: Some(broken) })
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests;
