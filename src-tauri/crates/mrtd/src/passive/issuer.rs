//! Whether a country signing authority that we trust has made the signer (Doc 9303-11, 5.1; Doc 9303-12).

use super::certificate::Certificate;
use super::signed_data::same_name;
use super::time::Period;
use crate::trust::TrustStore;
use crate::verdict::{Reason, Verdict};

/// Most authorities that are tried for one signer; a state has a handful of the same name.
const CANDIDATES_MAX: usize = 64;

/// The verdict on the signer's issuer, and which authority it is.
///
/// The signer's validity counts when the document was signed (`signed`), not today: signers of genuine documents have
/// mostly expired. An authority is trusted for as long as the store has it; its validity says when it may issue.
pub(super) fn judge<'a>(
    signer: &Certificate,
    signed: Option<Period>,
    trust: &'a TrustStore,
) -> (Verdict, Option<&'a Certificate>) {
    let Some(signed) = signed.filter(|signed| signed.meets(signer.validity())) else {
        return (Verdict::Invalid(Reason::NotValidThen), None);
    };
    if !signer.is_document_signer() {
        return (Verdict::Invalid(Reason::WrongUse), None);
    }
    if trust.authorities().next().is_none() {
        return (Verdict::NotVerifiable(Reason::NoTrustStore), None);
    }
    if !signer.has_admitted_signature() {
        return (Verdict::NotVerifiable(Reason::UnknownAlgorithm), None);
    }
    let candidates: Vec<_> = candidates(signer, trust).take(CANDIDATES_MAX).collect();
    let issuers: Vec<_> =
        candidates.iter().copied().filter(|candidate| signer.is_signed_by(candidate)).collect();
    let in_time = issuers.iter().copied().find(|issuer| signed.meets(issuer.validity()));
    match (in_time, issuers.first()) {
        (Some(issuer), _) => (Verdict::Valid, Some(issuer)),
        (None, Some(issuer)) => (Verdict::Invalid(Reason::NotValidThen), Some(issuer)),
        (None, None) => (no_issuer(signer, &candidates), None),
    }
}

/// Those that have the key that the signer names, then those of the issuer's name: a state has several keys under one
/// name, and link certificates for the same key.
fn candidates<'a, 'b>(
    signer: &'b Certificate,
    trust: &'a TrustStore,
) -> impl Iterator<Item = &'a Certificate> + use<'a, 'b> {
    let by_key = trust.authorities().filter(|authority| has_key_of(authority, signer));
    let by_name = trust
        .authorities()
        .filter(|authority| !has_key_of(authority, signer) && has_name_of(authority, signer));
    by_key.chain(by_name)
}

fn has_key_of(authority: &Certificate, signer: &Certificate) -> bool {
    let named = signer.authority_key_identifier();
    named.is_some() && named == authority.key_identifier()
}

fn has_name_of(authority: &Certificate, signer: &Certificate) -> bool {
    same_name(authority.x509().subject_name(), signer.x509().issuer_name())
}

/// None of them has signed: that is a forgery only if the signer names name and key of one. Otherwise it may be by a
/// key that we don't have.
fn no_issuer(signer: &Certificate, candidates: &[&Certificate]) -> Verdict {
    let named = candidates.iter().find(|it| has_key_of(it, signer) && has_name_of(it, signer));
    match named {
        Some(named) if named.key().is_some() => Verdict::Invalid(Reason::Signature),
        Some(_) => Verdict::NotVerifiable(Reason::UnknownAlgorithm),
        None => Verdict::NotVerifiable(Reason::UnknownIssuer),
    }
}
