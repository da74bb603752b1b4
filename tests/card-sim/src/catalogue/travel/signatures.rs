//! German passports that differ in who signed them and how.

use jiff::ToSpan;

use super::{Entry, document, plain};
use crate::travel::{Flaw, Form, SignerKind, State, TravelDocument};

/// A passport by another signer.
macro_rules! signed {
    ($name:literal, $description:literal, $signer:ident) => {
        document($name, $description, |today| TravelDocument { signer: SignerKind::$signer, ..plain(today) })
    };
}

/// Documents of this kind.
pub(super) static CARDS: &[Entry] = &[
    signed!("passport-sha-1", "signed with SHA-1, as in the first years", Sha1),
    signed!("passport-sha-512", "signed with SHA-512 on brainpoolP512r1", Sha512),
    signed!("passport-explicit", "the signer's key tells all parameters of its curve", Explicit),
    signed!("passport-former-authority", "by a signer below the authority's former key", Former),
    signed!("passport-signer-expired", "the signer's certificate has expired since: genuine", Expired),
    signed!("passport-signer-revoked", "the signer is on the revocation list", Revoked),
    signed!("passport-signer-reported", "the signer is on the defect list: revoked", ReportedRevoked),
    signed!("passport-keys-reported", "the keys of such chips are on the defect list", ReportedChipKeys),
    signed!("passport-face-reported", "DG2 of such passports is on the defect list", ReportedData),
    signed!("passport-signer-of-cards", "the signer may sign cards, no passports", Cards),
    signed!(
        "passport-signer-too-early",
        "the signer was certified before its authority was",
        BeforeAuthority
    ),
    signed!("passport-forged", "the authority only has the right name", Forged),
    document("passport-signed-too-late", "signed when the signer's certificate had expired", |today| {
        let signing_day = Some(today.saturating_sub(6.months()));
        let form = Form { signing_day, ..Form::default() };
        TravelDocument { form, signer: SignerKind::Expired, ..plain(today) }
    }),
    document("passport-signing-time", "EF.SOD tells when it was signed", |today| {
        let signing_day = Some(today.saturating_sub(2.years()));
        TravelDocument { form: Form { signing_day, version: 1, ..Form::default() }, ..plain(today) }
    }),
    document("passport-lds-v0", "EF.SOD of version 0", |today| TravelDocument {
        form: Form::default(),
        ..plain(today)
    }),
    document("passport-names-key", "EF.SOD names its signer by the key's identifier", |today| {
        TravelDocument { form: Form { names_key: true, ..Form::default() }, ..plain(today) }
    }),
    document("passport-without-signer", "the signer's certificate doesn't come along", |today| {
        TravelDocument { form: Form { has_signer: false, ..Form::default() }, ..plain(today) }
    }),
    document("passport-other-country", "a German passport by a signer of Luxembourg", |today| {
        TravelDocument { signed_by: State::Luxembourg, ..plain(today) }
    }),
    document("passport-forged-signature", "a byte of the signature is another", |today| TravelDocument {
        flaw: Some(Flaw::ForgedSignature),
        ..plain(today)
    }),
];
