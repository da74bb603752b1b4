//! What the steps have shown, put together.

use super::{Mapped, Steps, offers};
use crate::access::{Access, Password};
use crate::admitted::IssuedBy;
use crate::data_group::DataGroup;
use crate::lds::FaceRecord;
use crate::passive::{self, CardSecurity, Check, Claims, PassiveAuthentication, SecurityObject};
use crate::reading::{Authenticity, DocumentReading, Holder, Warning, warnings};
use crate::verdict::{Reason, Verdict};
use openssl::memcmp;
use smartcard::security_infos::SecurityInfos;

const NOT_ASKED: Verdict = Verdict::NotVerifiable(Reason::NotAsked);
const NOTHING_ASKED: PassiveAuthentication = PassiveAuthentication {
    data: NOT_ASKED,
    signature: NOT_ASKED,
    issuer: NOT_ASKED,
    revocation: NOT_ASKED,
    document_type: NOT_ASKED,
    country: NOT_ASKED,
};

impl Steps<'_, '_> {
    /// The reading, once every step is taken.
    pub(in crate::read) fn finish(mut self) -> DocumentReading {
        let authenticity = self.judge();
        let face = match self.face.take() {
            Some(Ok(contents)) => FaceRecord::parse(&contents).map(Some).map_err(|_| Warning::FaceMalformed),
            Some(Err(warning)) => Err(warning),
            None => Ok(None),
        };
        let disclosed = self.zone.as_ref().filter(|zone| zone.disclosure.zone).map(|zone| &zone.zone);
        let mut warnings = self
            .zone
            .as_ref()
            .map(|zone| warnings(&zone.zone, disclosed.is_some(), self.request.check.today))
            .unwrap_or_default();
        warnings.extend(face.as_ref().err());
        let cut = matches!(&face, Ok(Some(face)) if !face.is_whole());
        warnings.extend(cut.then_some(Warning::FaceIncomplete));
        let pace_offered = self.offered.as_ref().is_some_and(|offered| !offered.is_empty());
        warnings.extend((pace_offered && self.access == Some(Access::Bac)).then_some(Warning::PaceFailed));
        let issuer = self.zone.as_ref().map(|zone| zone.zone.issuer());
        DocumentReading {
            kind: self.zone.as_ref().map(|zone| zone.zone.kind()),
            issued_by: issuer.as_ref().map(IssuedBy::of),
            #[cfg(feature = "workshop")]
            issuer,
            holder: disclosed.map(Holder::of),
            face: face.unwrap_or_default(),
            access: self.access.unwrap_or(Access::Bac),
            authenticity,
            warnings,
        }
    }

    /// How far the document is genuine by what was read of it.
    pub(super) fn judge(&self) -> Authenticity {
        let object = self.security_object.as_ref();
        let defects = object.map(|object| object.known_defects(self.request.check.trust)).unwrap_or_default();
        Authenticity::new(
            self.judge_data(),
            unless(defects.chip_authentication_key, self.chip.unwrap_or(NOT_ASKED)),
            unless(defects.active_authentication_key, self.active.unwrap_or(NOT_ASKED)),
        )
    }

    /// Whether what is known by now shows that the data aren't the issuer's.
    pub(super) fn is_refuted(&self) -> bool {
        matches!(self.judge_data().verdict(), Verdict::Invalid(_))
    }

    fn judge_data(&self) -> PassiveAuthentication {
        let mut read: Vec<_> =
            self.groups.iter().map(|(group, contents)| (*group, contents.as_slice())).collect();
        if let Some(Ok(face)) = &self.face {
            read.push((DataGroup::Face, face));
        }
        let zone = self.zone.as_ref().map(|zone| &zone.zone);
        let passive = match (&self.security_object, zone) {
            (Some(object), Some(zone)) => passive::authenticate(object, &read, zone, self.request.check),
            (Some(object), None) => authenticate_without_zone(object, &read, self.request.check),
            (None, _) => NOTHING_ASKED,
        };
        match (passive.data, self.contradiction()) {
            (Verdict::Invalid(_), _) | (_, None) => passive,
            (_, Some(reason)) => PassiveAuthentication { data: Verdict::Invalid(reason), ..passive },
        }
    }

    /// What the signed data say otherwise than the chip has shown outside of them.
    fn contradiction(&self) -> Option<Reason> {
        if self.other_document || self.is_opened_by_key_of_another() {
            return Some(Reason::OtherDocument);
        }
        // Doc 9303-11, 9.2: DG14 repeats what EF.CardAccess offers, which nobody has signed.
        let signed = self.security_infos.as_ref().map(SecurityInfos::pace).unwrap_or_default();
        let offered = self.offered.as_deref().unwrap_or_default();
        (!signed.iter().all(|info| offers(offered, info))).then_some(Reason::Downgraded)
    }

    /// The key that was typed or scanned opened the chip, but isn't the one of the zone in it.
    fn is_opened_by_key_of_another(&self) -> bool {
        let (Password::Zone(key), Some(zone)) = (self.request.password, &self.zone) else { return false };
        // A zone with wrong check digits has no key; there is a warning of it.
        let Ok(own) = zone.zone.access_key() else { return false };
        let (own, used) = (own.information(), key.information());
        own.len() != used.len() || !memcmp::eq(own, used)
    }
}

/// Whether the key that the mapping has used is one that EF.CardSecurity signs, for a document of this state.
///
/// Where DG14 names keys of the chip, it must be one of those, too, or it says nothing of this document;
/// where it names none, chip and document belong together by the session that both come from.
pub(super) fn mapping(
    mapped: &Mapped,
    object: &SecurityObject,
    data_group_14: Option<&SecurityInfos>,
    check: Check<'_>,
) -> Verdict {
    let file = match &mapped.file {
        Ok(file) => file,
        Err(verdict) => return *verdict,
    };
    let Ok(card_security) = CardSecurity::parse(file) else {
        return Verdict::NotVerifiable(Reason::Malformed);
    };
    let signed = card_security.authenticate(check);
    if signed != Verdict::Valid {
        return signed;
    }
    if !card_security.is_of_country_of(object) {
        return Verdict::Invalid(Reason::WrongCountry);
    }
    if card_security.known_defects(check.trust).chip_authentication_key {
        return Verdict::NotVerifiable(Reason::Defect);
    }
    let Ok(infos) = SecurityInfos::parse(card_security.security_infos()) else {
        return Verdict::NotVerifiable(Reason::Malformed);
    };
    if !infos.chip_public_keys().any(|key| mapped.mapping.proves(key)) {
        let tried = infos.chip_public_keys().any(|key| mapped.mapping.is_over_curve_of(key));
        let failed = Verdict::Invalid(Reason::ChallengeFailed);
        return if tried { failed } else { Verdict::NotVerifiable(Reason::UnknownAlgorithm) };
    }
    let mut listed = data_group_14.into_iter().flat_map(SecurityInfos::chip_public_keys).peekable();
    if listed.peek().is_none() || listed.any(|key| mapped.mapping.proves(key)) {
        Verdict::Valid
    } else {
        Verdict::NotVerifiable(Reason::NotInList)
    }
}

/// A key that others may have proves nothing.
fn unless(known_to_others: bool, verdict: Verdict) -> Verdict {
    if known_to_others && verdict == Verdict::Valid {
        Verdict::NotVerifiable(Reason::Defect)
    } else {
        verdict
    }
}

/// Nobody knows what country and type the document says it is of.
fn authenticate_without_zone(
    object: &SecurityObject,
    read: &[(DataGroup, &[u8])],
    check: Check<'_>,
) -> PassiveAuthentication {
    let claims = Claims { issuer: "", alpha2: None, code: "", expiry: None };
    let passive = passive::authenticate_claims(object, read, &claims, check);
    PassiveAuthentication { document_type: NOT_ASKED, country: NOT_ASKED, ..passive }
}
