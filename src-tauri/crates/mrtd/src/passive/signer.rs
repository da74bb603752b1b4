//! What can be said of who has signed EF.SOD or EF.CardSecurity, whatever is in it.

use super::certificate::Certificate;
use super::signed_data::SignedData;
use super::time::{Period, signed_during};
use super::{Check, issuer};
use crate::verdict::{Reason, Verdict};
use jiff::civil::Date;

/// The signer, and the verdicts that need no more than the signature.
pub(super) struct JudgedSigner<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) signature: Verdict,
    pub(super) issuer: Verdict,
    pub(super) revocation: Verdict,
    /// Who has made the signer, if it is somebody whom we trust.
    pub(super) authority: Option<&'a Certificate>,
}

impl<'a> JudgedSigner<'a> {
    /// `rests_on_sha1`: signature or contents would fall with SHA-1. `expiry`: the document's. `None` where there is
    /// no signer's certificate.
    pub(super) fn of(
        signed: &'a SignedData,
        rests_on_sha1: bool,
        expiry: Option<Date>,
        check: Check<'a>,
    ) -> Option<Self> {
        let certificate = signed.signer()?;
        let when = signed_during(signed.signing_time(), certificate.key_in_use(), expiry, check.today);
        let (issuer, authority) = issuer::judge(certificate, when, check.trust);
        Some(Self {
            certificate,
            signature: sha1_verdict(signed.verdict(certificate), rests_on_sha1, when),
            issuer,
            revocation: check.trust.revocation(certificate, authority, check.today),
            authority,
        })
    }
}

/// A right signature with SHA-1 counts if it was made while that was good.
fn sha1_verdict(verdict: Verdict, rests_on_sha1: bool, signed: Option<Period>) -> Verdict {
    let too_late = rests_on_sha1 && !signed.is_some_and(Period::is_of_sha1_times);
    if verdict == Verdict::Valid && too_late {
        return Verdict::NotVerifiable(Reason::UnknownAlgorithm);
    }
    verdict
}
