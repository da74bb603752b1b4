//! What a desk needs to tell genuine documents from others: master list, revocation lists and defect list.

use jiff::{ToSpan, civil::Date};

use super::{
    authority::{Authority, Generation, Purpose, Signer},
    certificate::issuer_and_serial,
    der::{enumerated, integer, oid, sequence, set_of},
    signed_data::{Encoding, SignedData, SignerIdentifier},
    signers::SignerKind,
    state::State,
};
use crate::{pki::Validity, travel::Hash};

/// id-icao-cscaMasterList (Doc 9303-12, 9.2).
const MASTER_LIST: &str = "2.23.136.1.1.2";
/// id-icao-cscaMasterListSigningKey.
const MASTER_LIST_SIGNER: &str = "2.23.136.1.1.3";
/// id-DefectList (BSI TR-03129-2, 7.1).
const DEFECT_LIST: &str = "0.4.0.127.0.7.3.1.5";
/// id-electronicDefectListSigningKey (BSI TR-03129-2, 7.2).
const DEFECT_LIST_SIGNER: &str = "0.4.0.127.0.7.3.11.2.1.2";
/// id-CertRevoked (BSI TR-03129-2, 7.3.1.1).
const CERTIFICATE_REVOKED: &str = "0.4.0.127.0.7.3.1.5.1.1";
/// id-ChipAuthKeyRevoked (7.3.1.3).
const CHIP_KEYS_REVOKED: &str = "0.4.0.127.0.7.3.1.5.1.3";
/// id-ePassportDGMalformed (7.3.2.1).
const DATA_GROUP_MALFORMED: &str = "0.4.0.127.0.7.3.1.5.2.1";

/// Names and contents of the files that a desk imports: the master list, the certificate that its signer is
/// certified by (and which is to be had from elsewhere), revocation lists, and the defect list.
#[must_use]
pub fn trust_files(today: Date) -> Vec<(String, Vec<u8>)> {
    let root = Authority::of(State::Germany, Generation::Current);
    let mut files = vec![
        ("csca-master-list.ml".to_owned(), master_list(today)),
        ("csca-master-list-root.cer".to_owned(), root.certificate(today)),
        ("defects.ml".to_owned(), defect_list(today)),
    ];
    let states = State::ALL.into_iter().filter(|state| *state != State::Iceland);
    files.extend(states.map(|state| (format!("{}.crl", state.country()), revocation_list(state, today))));
    files
}

/// CscaMasterList: all authorities but Iceland's; Poland's current one by its link certificate alone.
pub(crate) fn master_list(today: Date) -> Vec<u8> {
    let certificates = State::ALL.into_iter().flat_map(|state| match state {
        State::Iceland => Vec::new(),
        State::Poland => {
            let former = Authority::of(state, Generation::Former);
            vec![former.certificate(today), Authority::link_certificate(state, today)]
        }
        State::Germany => {
            let own = [Generation::Former, Generation::Current]
                .map(|key| Authority::of(state, key).certificate(today));
            own.into_iter().chain([Authority::link_certificate(state, today)]).collect()
        }
        State::Austria
        | State::Belgium
        | State::China
        | State::France
        | State::Kosovo
        | State::Luxembourg
        | State::Netherlands
        | State::NewZealand
        | State::Switzerland
        | State::Ukraine
        | State::UnitedStates => vec![Authority::of(state, Generation::Current).certificate(today)],
    });
    let content = sequence(&[integer(0), set_of(certificates.collect())]);
    list(MASTER_LIST, &content, &signer("Master List Signer", MASTER_LIST_SIGNER, today), today)
}

/// DefectList, version 1: what is wrong with documents of three German signers.
pub(crate) fn defect_list(today: Date) -> Vec<u8> {
    let defect = |signer: SignerKind, kind: &str, parameters: Vec<u8>| {
        let signer = signer.of(State::Germany, today);
        let signer = issuer_and_serial(signer.authority.name(), &signer.serial());
        sequence(&[signer, set_of(vec![sequence(&[oid(kind), parameters])])])
    };
    let defects = vec![
        // revokedByIssuer.
        defect(SignerKind::ReportedRevoked, CERTIFICATE_REVOKED, enumerated(3)),
        defect(SignerKind::ReportedChipKeys, CHIP_KEYS_REVOKED, Vec::new()),
        defect(SignerKind::ReportedData, DATA_GROUP_MALFORMED, set_of(vec![integer(2)])),
    ];
    let content = sequence(&[integer(0), Hash::Sha256.oid(), set_of(defects)]);
    list(DEFECT_LIST, &content, &signer("Defect List Signer", DEFECT_LIST_SIGNER, today), today)
}

/// The revocation list of a state's current key.
pub(crate) fn revocation_list(state: State, today: Date) -> Vec<u8> {
    let revoked = SignerKind::REVOKED.map(|signer| signer.of(state, today));
    let revoked = if state == State::Germany { &revoked[..] } else { &[] };
    Authority::of(state, Generation::Current).revocation_list(revoked, today)
}

/// Somebody below the German authority who signs lists.
fn signer(name: &'static str, purpose: &'static str, today: Date) -> Signer {
    let authority = Authority::of(State::Germany, Generation::Current);
    Signer {
        authority,
        name,
        signature: State::Germany.signer_signature(),
        validity: Validity::years(today.saturating_sub(1.year()), 3),
        purpose: Purpose::List(purpose),
    }
}

/// A list signed some days ago; the signer's certificate and the one above it come along.
fn list(content_type: &str, content: &[u8], signer: &Signer, today: Date) -> Vec<u8> {
    let signed = SignedData {
        content_type,
        content,
        key: &signer.key(),
        scheme: signer.signature.scheme,
        signer: SignerIdentifier::IssuerAndSerial(issuer_and_serial(
            signer.authority.name(),
            &signer.serial(),
        )),
        certificates: vec![signer.certificate(), signer.authority.certificate(today)],
        signing_time: Some(today.saturating_sub(5.days()).at(12, 0, 0, 0)),
        encoding: Encoding::Definite,
    };
    signed.encode()
}
