//! Active authentication (ICAO Doc 9303-11, 6.1): the chip signs a challenge with the key whose public half
//! is in DG15.

mod ecdsa;
mod iso9796;

use crate::data_group::DataGroup;
use crate::error::MrtdError;
use crate::quietly::quietly;
use crate::session::execute_long;
use crate::verdict::{Reason, Verdict};
use openssl::pkey::{Id, PKey, Public};
use smartcard::tlv;
use smartcard::{CardChannel, CardChannelExt, ChannelError, CommandApdu, Entropy, ResponseApdu, Sensitivity};

const INS_INTERNAL_AUTHENTICATE: u8 = 0x88;
/// Bytes of the challenge (Doc 9303-11, 6.1.2).
const CHALLENGE_BYTES: usize = 8;
/// Bits of RSA keys that are taken: shorter ones prove nothing any more, longer ones no chip can sign with.
const RSA_BITS: std::ops::RangeInclusive<u32> = 1024..=4096;
/// Bits of the shortest order of a curve that is taken (Doc 9303-11, 6.1.2.3).
const EC_BITS_MIN: u32 = 224;

/// Has the chip sign a challenge.
///
/// `dg15` is the file, a SubjectPublicKeyInfo in its template; `algorithm` the object identifier that DG14
/// has for signatures with an elliptic curve. That DG15 and DG14 are the issuer's own is for others to prove.
///
/// # Errors
/// Where no answer came or there is no entropy; a chip that refuses or lies is a [`Verdict`].
pub(crate) fn prove(
    channel: &mut dyn CardChannel,
    dg15: &[u8],
    algorithm: Option<&[u8]>,
    entropy: &mut dyn Entropy,
) -> Result<Verdict, MrtdError> {
    let Some(key) = public_key(dg15) else {
        return Ok(Verdict::NotVerifiable(Reason::Malformed));
    };
    let Some(scheme) = Scheme::of(&key) else {
        return Ok(Verdict::NotVerifiable(Reason::UnknownAlgorithm));
    };
    let mut challenge = [0; CHALLENGE_BYTES];
    entropy.fill(&mut challenge)?;
    let response = internal_authenticate(channel, &challenge, key.size())?;
    if !response.status.is_ok() {
        return Ok(Verdict::of_refusal(response.status));
    }
    let holds = match scheme {
        Scheme::Rsa => iso9796::verify(&key, &challenge, &response.data),
        Scheme::Ecdsa => ecdsa::verify(&key, &ecdsa::hashes(algorithm), &challenge, &response.data),
    };
    Ok(if holds { Verdict::Valid } else { Verdict::Invalid(Reason::ChallengeFailed) })
}

fn public_key(dg15: &[u8]) -> Option<PKey<Public>> {
    let template = tlv::find(dg15, &[DataGroup::ActiveAuthenticationKey.tag()]).ok()??;
    quietly(|| PKey::public_key_from_der(template.value()))
}

enum Scheme {
    /// ISO/IEC 9796-2, digital signature scheme 1.
    Rsa,
    Ecdsa,
}

impl Scheme {
    fn of(key: &PKey<Public>) -> Option<Self> {
        match key.id() {
            Id::RSA if RSA_BITS.contains(&key.bits()) && has_sound_exponent(key) => Some(Self::Rsa),
            Id::EC if key.bits() >= EC_BITS_MIN => Some(Self::Ecdsa),
            _ => None,
        }
    }
}

/// With the exponent 1 everybody signs, and an even one is none.
fn has_sound_exponent(key: &PKey<Public>) -> bool {
    let Some(key) = quietly(|| key.rsa()) else { return false };
    key.e().is_odd() && key.e().num_bits() > 1
}

fn internal_authenticate(
    channel: &mut dyn CardChannel,
    challenge: &[u8; CHALLENGE_BYTES],
    signature_bytes: usize,
) -> Result<ResponseApdu, MrtdError> {
    let command = CommandApdu::new(0x00, INS_INTERNAL_AUTHENTICATE, 0, 0)
        .with_sensitivity(Sensitivity::Secret)
        .with_data(challenge)
        .map_err(|_| ChannelError::NotProtectable)?
        .with_ne(signature_bytes.max(channel.ne_max()));
    Ok(execute_long(channel, &command)?)
}

#[cfg(test)]
mod tests;
