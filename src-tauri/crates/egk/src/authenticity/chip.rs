//! The chip's proof: a chain of card-verifiable certificates, and a challenge that only the chip's key answers.

use super::{CertificateFile, CertificateRead, Check, Reason, Verdict};
use crate::brainpool::{FIELD_BYTES, PublicKey, SIGNATURE_BYTES};
use crate::cvc::{CardVerifiableCertificate, CvcRole};
use crate::error::EgkError;
use crate::iccsn::Iccsn;
use crate::trust_store::TrustStore;
use jiff::civil::Date;
use smartcard::{CardChannel, CardChannelExt, ChannelError, CommandApdu, Entropy, NE_SHORT_MAX, Sensitivity};
use std::ops::RangeInclusive;

/// Bytes of the token that elcRoleAuthentication takes (gemSpec_COS, INTERNAL AUTHENTICATE).
const TOKEN_BYTES: usize = 24;
/// MSE SET for internal authentication: key 09 (PrK.eGK.AUT_CVC.E256), algorithm 00 (elcRoleAuthentication).
const KEY_AND_ALGORITHM: [u8; 6] = [0x84, 0x01, 0x09, 0x80, 0x01, 0x00];

/// Has the chip, in the root folder, prove with at most four commands that it is the one of its certificate, and the
/// certificate that it is this card's.
///
/// The challenge is made even where the root is unknown: a chip that fails it is a copy whoever has issued it. Where the
/// certificates alone are wrong already, it isn't.
///
/// # Errors
/// [`EgkError`] only where no answer came or there is no entropy; a card that refuses or lies is a [`Verdict`].
pub(crate) fn prove(
    channel: &mut dyn CardChannel,
    iccsn: &Iccsn,
    check: Check<'_>,
    entropy: &mut dyn Entropy,
) -> Result<Verdict, EgkError> {
    let mut read = |file: CertificateFile| file.read(channel).map(certificate);
    let authority = match read(CertificateFile::Authority)? {
        Ok(certificate) => certificate,
        Err(verdict) => return Ok(verdict),
    };
    let chip = match read(CertificateFile::Chip)? {
        Ok(certificate) => certificate,
        Err(verdict) => return Ok(verdict),
    };
    let chain = verify_chain(&chip, &authority, iccsn, check);
    if matches!(chain, Verdict::Invalid(_)) {
        return Ok(chain);
    }
    let answer = challenge(channel, chip.public_key(), entropy)?;
    Ok(if answer == Verdict::Valid { chain } else { answer })
}

fn certificate(read: CertificateRead) -> Result<CardVerifiableCertificate, Verdict> {
    match read {
        CertificateRead::Read(bytes) => {
            CardVerifiableCertificate::parse(&bytes).map_err(|_| Verdict::Invalid(Reason::Malformed))
        }
        CertificateRead::Malformed => Err(Verdict::Invalid(Reason::Malformed)),
        CertificateRead::Absent => Err(Verdict::NotSupported(Reason::NoCertificate)),
        CertificateRead::Refused(status) => Err(Verdict::NotVerifiable(Reason::Refused(status))),
    }
}

/// Whether the chain holds from the root to this card.
///
/// What the two certificates say of themselves comes first: it is wrong whoever is trusted. Then:
/// - The root must be one of ours. A root that isn't may be newer than the store (there is a new one every two years),
///   so that the card may well be genuine; the roots of test cards are known by their name.
/// - The card's and its authority's certificates must both be valid today (shell model). The root must have been valid
///   when it issued the authority's certificate, and the authority when it issued the card's; that the root has expired
///   since only means that it issues no more.
pub(super) fn verify_chain(
    chip: &CardVerifiableCertificate,
    authority: &CardVerifiableCertificate,
    iccsn: &Iccsn,
    Check { trust, today }: Check<'_>,
) -> Verdict {
    if chip.role() != Some(CvcRole::Card) || authority.role() != Some(CvcRole::Authority) {
        return Verdict::Invalid(Reason::WrongUse);
    }
    if !chip.names(iccsn) {
        return Verdict::Invalid(Reason::OtherCard);
    }
    if authority.authority() != Some(chip.issuer()) || !chip.is_signed_by(authority.public_key()) {
        return Verdict::Invalid(Reason::Signature);
    }
    let Some(root) = trust.root(authority.issuer()) else {
        return unknown_root(authority, trust);
    };
    if !authority.is_signed_by(&root.public_key) {
        return Verdict::Invalid(Reason::Signature);
    }
    valid_on(today, validity(chip))
        .and_then(|()| valid_on(today, validity(authority)))
        .and_then(|()| valid_on(chip.valid_from(), validity(authority)))
        .and_then(|()| valid_on(authority.valid_from(), root.valid_from..=root.valid_until))
        .map_or_else(Verdict::Invalid, |()| Verdict::Valid)
}

fn unknown_root(authority: &CardVerifiableCertificate, trust: &TrustStore) -> Verdict {
    if authority.issuer().is_test_root() && !trust.takes_test_cards {
        Verdict::Invalid(Reason::TestCard)
    } else if !trust.has_roots() {
        Verdict::NotVerifiable(Reason::NoTrustStore)
    } else {
        Verdict::NotVerifiable(Reason::UnknownIssuer)
    }
}

fn validity(certificate: &CardVerifiableCertificate) -> RangeInclusive<Date> {
    certificate.valid_from()..=certificate.valid_until()
}

fn valid_on(day: Date, validity: RangeInclusive<Date>) -> Result<(), Reason> {
    if day < *validity.start() {
        Err(Reason::NotYetValid)
    } else if day > *validity.end() {
        Err(Reason::Expired)
    } else {
        Ok(())
    }
}

/// elcRoleAuthentication: the chip signs a fresh token.
fn challenge(
    channel: &mut dyn CardChannel,
    key: &PublicKey,
    entropy: &mut dyn Entropy,
) -> Result<Verdict, EgkError> {
    let mut token = [0; TOKEN_BYTES];
    entropy.fill(&mut token)?;
    let choose_key = command(0x22, [0x41, 0xA4], &KEY_AND_ALGORITHM)?;
    let status = channel.execute(&choose_key.with_sensitivity(Sensitivity::Public))?.status;
    if status.is_error() {
        return Ok(Verdict::NotVerifiable(Reason::Refused(status)));
    }
    // The answer verifies under one card's key only: it names the card.
    let authenticate = command(0x88, [0x00, 0x00], &token)?.with_ne(NE_SHORT_MAX);
    let response = channel.execute(&authenticate.with_sensitivity(Sensitivity::Personal))?;
    if response.status.is_error() {
        return Ok(Verdict::NotVerifiable(Reason::Refused(response.status)));
    }
    let signature = <[u8; SIGNATURE_BYTES]>::try_from(response.data.as_slice());
    let answered = signature.is_ok_and(|signature| key.verifies(&signed_value(token), &signature));
    Ok(if answered { Verdict::Valid } else { Verdict::Invalid(Reason::ChallengeFailed) })
}

/// What the chip signs: the token and a zero byte, as they are, without a hash (gemSpec_COS, elcRoleAuthentication); as
/// an integer of the curve's size.
fn signed_value(token: [u8; TOKEN_BYTES]) -> [u8; FIELD_BYTES] {
    let mut value = [0; FIELD_BYTES];
    value.iter_mut().rev().skip(1).zip(token.iter().rev()).for_each(|(to, from)| *to = *from);
    value
}

fn command(ins: u8, [p1, p2]: [u8; 2], data: &[u8]) -> Result<CommandApdu, ChannelError> {
    // A few bytes always fit.
    CommandApdu::new(0x00, ins, p1, p2).with_data(data).map_err(|_| ChannelError::Malformed)
}

#[cfg(test)]
mod tests;
