//! Passive authentication (ICAO Doc 9303-11, 5.1): that the data are those which the issuing state has signed.
//!
//! It proves the data, not the chip: data can be copied.

pub(crate) mod algorithms;
mod ber;
mod card_security;
pub(crate) mod certificate;
mod country;
pub(crate) mod der;
mod issuer;
pub(crate) mod oids;
mod security_object;
pub(crate) mod signed_data;
mod signer;
pub(crate) mod time;

pub use card_security::{CARD_SECURITY_BYTES_MAX, CardSecurity, CardSecurityError};
pub use security_object::{SOD_BYTES_MAX, SecurityObject, SodError};

use crate::data_group::DataGroup;
use crate::mrz::MachineReadableZone;
use crate::trust::TrustStore;
use crate::verdict::{Reason, Verdict};
use certificate::Certificate;
use jiff::civil::Date;
use signer::JudgedSigner;

/// Whom to believe, and on which day.
#[derive(Debug, Clone, Copy)]
pub struct Check<'a> {
    /// Whom.
    pub trust: &'a TrustStore,
    /// Today (UTC).
    pub today: Date,
}

/// The six lines of passive authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassiveAuthentication {
    /// What was read has the hashes that the list names.
    pub data: Verdict,
    /// The list is signed by the document signer.
    pub signature: Verdict,
    /// The document signer is one of a country signing authority that we trust, and was so when the document was
    /// signed.
    pub issuer: Verdict,
    /// Neither the issuer's revocation list nor a defect list names the signer.
    pub revocation: Verdict,
    /// The signer may sign documents of this type. Older signers don't say.
    pub document_type: Verdict,
    /// Zone, signer and authority are of one country.
    pub country: Verdict,
}

impl PassiveAuthentication {
    /// All of it in one: what is invalid wins, then what couldn't be verified.
    ///
    /// Two lines may stay open: a signer that names no document types, and a revocation that can't be looked up,
    /// because there is no list of the issuer or none that is fresh. Most states publish theirs where a counter
    /// doesn't get them; a signer that *is* revoked makes the document invalid.
    pub fn verdict(&self) -> Verdict {
        combine(&[self.data, self.signature, self.issuer, self.revocation, self.document_type, self.country])
    }

    fn all(verdict: Verdict) -> Self {
        Self {
            data: verdict,
            signature: verdict,
            issuer: verdict,
            revocation: verdict,
            document_type: verdict,
            country: verdict,
        }
    }
}

/// Authenticates what was `read` of the chip. The zone must be the one in DG1, and DG1 be among what was read, or
/// country, type and expiry are claimed by nobody in particular.
///
/// The signer's validity is judged at the time of signing, not today: the time in which the document can have been
/// signed, as its expiry and the use of the signer's key leave it (at most fifteen years before the one, within the
/// other, not in the future), and the attribute signingTime if it is within that. SHA-1 counts for what can only have
/// been signed before 2020.
pub fn authenticate(
    object: &SecurityObject,
    read: &[(DataGroup, &[u8])],
    zone: &MachineReadableZone,
    check: Check<'_>,
) -> PassiveAuthentication {
    let issuer = zone.issuer();
    let claims = Claims {
        issuer: issuer.as_str(),
        alpha2: issuer.alpha2(),
        code: zone.document_code(),
        expiry: zone.expiry().and_then(|expiry| expiry.expiry(check.today)),
    };
    authenticate_claims(object, read, &claims, check)
}

/// What the zone says that signer and authority must fit to.
pub(crate) struct Claims<'a> {
    /// The issuing state in the zone's letters, without fillers.
    pub(crate) issuer: &'a str,
    /// The two letters for it.
    pub(crate) alpha2: Option<&'a str>,
    /// The document code, one or two letters.
    pub(crate) code: &'a str,
    /// When it expires, if the zone says so.
    pub(crate) expiry: Option<Date>,
}

/// [`authenticate`] with the claims of a zone.
pub(crate) fn authenticate_claims(
    object: &SecurityObject,
    read: &[(DataGroup, &[u8])],
    claims: &Claims<'_>,
    check: Check<'_>,
) -> PassiveAuthentication {
    let data = data_verdict(object, read);
    let rests_on_sha1 = object.rests_on_sha1();
    let Some(judged) = JudgedSigner::of(&object.signed, rests_on_sha1, claims.expiry, check) else {
        return PassiveAuthentication {
            data,
            ..PassiveAuthentication::all(Verdict::NotVerifiable(Reason::NotOffered))
        };
    };
    PassiveAuthentication {
        data,
        signature: judged.signature,
        issuer: judged.issuer,
        revocation: judged.revocation,
        document_type: document_type_verdict(judged.certificate, claims.code),
        country: country_verdict(judged.certificate, judged.authority, claims),
    }
}

fn data_verdict(object: &SecurityObject, read: &[(DataGroup, &[u8])]) -> Verdict {
    if read.is_empty() {
        return Verdict::NotVerifiable(Reason::NotAsked);
    }
    let verdicts: Vec<_> =
        read.iter().map(|(group, contents)| object.data_verdict(group.number(), contents)).collect();
    combine(&verdicts)
}

fn document_type_verdict(signer: &Certificate, code: &str) -> Verdict {
    let Some(types) = signer.document_types() else {
        return Verdict::NotSupported(Reason::NotOffered);
    };
    let code = code.trim_end_matches('<');
    // A single letter stands for every type that begins with it (Doc 9303-12).
    let fits = |listed: &String| match listed.trim_end_matches('<') {
        "" => false,
        letter if letter.len() == 1 => code.starts_with(letter),
        both => code == both,
    };
    if types.iter().any(fits) { Verdict::Valid } else { Verdict::Invalid(Reason::WrongDocumentType) }
}

fn country_verdict(signer: &Certificate, authority: Option<&Certificate>, claims: &Claims<'_>) -> Verdict {
    let Some(country) = signer.country() else {
        return Verdict::NotVerifiable(Reason::WrongCountry);
    };
    if !country::issues(&country, claims.issuer, claims.alpha2) {
        return Verdict::Invalid(Reason::WrongCountry);
    }
    match authority.map(Certificate::country) {
        None => Verdict::NotVerifiable(Reason::UnknownIssuer),
        Some(Some(authority)) if country::is_one(&country, &authority) => Verdict::Valid,
        Some(_) => Verdict::Invalid(Reason::WrongCountry),
    }
}

/// The first that is invalid; else the first that couldn't be verified, unless it may stay open; else valid.
fn combine(verdicts: &[Verdict]) -> Verdict {
    let may_stay_open = |verdict: &Verdict| {
        matches!(
            verdict,
            Verdict::NotVerifiable(Reason::NoRevocationList) | Verdict::NotSupported(Reason::NotOffered)
        )
    };
    let invalid = verdicts.iter().find(|verdict| matches!(verdict, Verdict::Invalid(_)));
    let open = verdicts.iter().find(|verdict| **verdict != Verdict::Valid && !may_stay_open(verdict));
    invalid.or(open).copied().unwrap_or(Verdict::Valid)
}

#[cfg(test)]
mod tests;
