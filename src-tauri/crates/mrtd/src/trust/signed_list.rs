//! Who may sign a list: somebody below a pinned root, with a certificate for just that.

use super::error::TrustError;
use super::newest::{NewestList, SignedListKind};
use super::root::Root;
use crate::passive::certificate::Certificate;
use crate::passive::oids;
use crate::passive::signed_data::{SignedData, same_name};
use crate::passive::time::{Period, signed_during};
use crate::verdict::{Reason, Verdict};
use jiff::civil::Date;

/// Most link certificates from the pinned root to the key that is in use today: a root changes its key every three to
/// five years (Doc 9303-12).
const LINKS_MAX: usize = 8;
/// Most certificates of a fitting name that are tried for one more link; a root has some twenty of its own in its
/// list.
const LINKS_TRIED_MAX: usize = 64;

/// When a list was signed, below which root, and by whom.
pub(super) struct Provenance {
    pub(super) list: NewestList,
    pub(super) signer: Certificate,
}

/// Checks that a list is signed by somebody below one of the roots, for this kind, at a time at which that was
/// possible. `links` are further certificates that may lead from a root's old key to its new one.
pub(super) fn check(
    list: &SignedData,
    kind: SignedListKind,
    roots: &[Root],
    links: &[Certificate],
    today: Date,
) -> Result<Provenance, TrustError> {
    if roots.is_empty() {
        return Err(TrustError::NoRoot);
    }
    let purpose = match kind {
        SignedListKind::Master => oids::MASTER_LIST_SIGNING_KEY,
        SignedListKind::Defect => oids::DEFECT_LIST_SIGNING_KEY,
    };
    let signer = list.signer().ok_or(TrustError::WrongSigner)?;
    let root = root_of(signer, roots, &[&list.certificates, links])
        .filter(|_| signer.is_signer_for(purpose))
        .ok_or(TrustError::WrongSigner)?;
    // Signing time is compulsory in a master list (Doc 9303-12); without it nobody could tell an old one.
    let signed = list.signing_time().ok_or(TrustError::Malformed)?;
    signed_during(Some(signed), signer.validity(), None, today)
        .filter(|signed: &Period| signed.meets(signer.validity()))
        .ok_or(TrustError::NotValidThen)?;
    if list.rests_on_sha1() {
        return Err(TrustError::Algorithm);
    }
    match list.verdict(signer) {
        Verdict::Valid => {
            let root = root.name_hash().ok_or(TrustError::Malformed)?;
            Ok(Provenance { list: NewestList { kind, root, signed }, signer: signer.clone() })
        }
        Verdict::NotVerifiable(Reason::UnknownAlgorithm) => Err(TrustError::Algorithm),
        Verdict::Invalid(_) | Verdict::NotVerifiable(_) | Verdict::NotSupported(_) => {
            Err(TrustError::Signature)
        }
    }
}

/// The root that the signer is below: by its own key, or by one that link certificates lead to.
fn root_of<'a>(signer: &Certificate, roots: &'a [Root], links: &[&[Certificate]]) -> Option<&'a Root> {
    roots.iter().find(|Root(root)| {
        let mut keys = vec![root];
        for _ in 0..=LINKS_MAX {
            if keys.iter().any(|key| has_issued(key, signer)) {
                return true;
            }
            let all = links.iter().flat_map(|links| links.iter());
            let next: Vec<_> = all
                .filter(|link| link.is_authority() && link.is_within_one_country() && !keys.contains(link))
                .filter(|link| keys.iter().any(|key| has_name_of_issuer(key, link)))
                .take(LINKS_TRIED_MAX)
                .filter(|link| keys.iter().any(|key| has_issued(key, link)))
                .collect();
            if next.is_empty() {
                return false;
            }
            keys.extend(next);
        }
        false
    })
}

fn has_issued(authority: &Certificate, certificate: &Certificate) -> bool {
    certificate.has_admitted_signature() && authority.has_issued(certificate)
}

fn has_name_of_issuer(authority: &Certificate, certificate: &Certificate) -> bool {
    same_name(authority.x509().subject_name(), certificate.x509().issuer_name())
}
