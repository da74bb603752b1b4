//! What a health card proves itself and its holder with, and what can be wrong with that.

use jiff::{ToSpan, civil::Date};

use super::{HealthCard, ObjectSystem, files::packed};
use crate::{
    card::{PaceAccess, Secrets},
    crypto::curve::PrivateKey,
    files::File,
    pki::{
        Validity,
        cvc::Hierarchy,
        x509::{Authority, Holder},
    },
};

/// Years that a card's certificates are valid.
const YEARS: i16 = 5;
/// KVNR of somebody else (gematik's bird Zacharias Zaunkönig).
const OTHER_KVNR: &str = "Z987654321";
/// Institution code of another insurer of gematik's birds.
const OTHER_IK: &str = "108213958";
/// Number of another card.
const OTHER_ICCSN: &str = "80276883110000999999";
/// Bytes reserved for a cardholder's certificate.
const HOLDER_CERTIFICATE: u16 = 1900;

/// What is wrong with a card's certificates or keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The card-verifiable certificate has expired.
    CvcExpired,
    /// The card-verifiable certificate isn't valid yet.
    CvcNotYetValid,
    /// A bit of the card-verifiable certificate's signature is flipped.
    CvcForged,
    /// The card-verifiable certificate names another card's number than EF.GDO.
    CvcOfOtherCard,
    /// The chain ends at a root of a test root's name that nobody trusts.
    CvcOfUnknownRoot,
    /// The chain names a real root of production, whose key didn't sign it.
    CvcOfPretendedRoot,
    /// A copy of another card's files: the chip doesn't have the keys of its certificates.
    Clone,
    /// The cardholder's certificate names another KVNR than EF.PD.
    CertificateOfOtherPerson,
    /// The cardholder's certificate names another institution code than EF.VD.
    CertificateOfOtherInsurer,
    /// The cardholder's certificate has expired.
    CertificateExpired,
    /// The cardholder's certificate is by an authority that nobody trusts.
    CertificateOfUnknownAuthority,
}

/// Which certificates of the cardholder there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderCertificates {
    /// C504 (brainpoolP256r1) from G2.1 on, C500 (RSA) before.
    OfGeneration,
    /// Both, as on the first G2.1 cards.
    Both,
    /// None.
    None,
}

impl HealthCard {
    /// EF.C.CA_eGK.CS.E256 and EF.C.eGK.AUT_CVC.E256.
    pub(super) fn card_certificates(&self) -> Vec<File> {
        let hierarchy = self.hierarchy();
        let number = if self.flaw == Some(Flaw::CvcOfOtherCard) { OTHER_ICCSN } else { &self.persona.iccsn };
        let validity = match self.flaw {
            Some(Flaw::CvcExpired) => Validity::years(self.today.saturating_sub(6.years()), YEARS),
            Some(Flaw::CvcNotYetValid) => Validity::years(self.today.saturating_add(1.month()), YEARS),
            _ => self.validity(),
        };
        let key = self.key("authentication").public();
        let mut certificate = hierarchy.card_certificate(&packed(number), key, validity);
        if self.flaw == Some(Flaw::CvcForged) {
            certificate.iter_mut().last().into_iter().for_each(|byte| *byte ^= 1);
        }
        vec![
            File::transparent(0x2F07, 0x07, 220, hierarchy.authority_certificate(self.today)),
            File::transparent(0x2F06, 0x06, 222, certificate),
        ]
    }

    /// EF.C.CH.AUT.E256 and EF.C.CH.AUT.R2048.
    pub(super) fn holder_certificates(&self) -> Vec<File> {
        let (curve, rsa) = match (self.certificates, self.has_curve_keys()) {
            (HolderCertificates::None, _) => (false, false),
            (HolderCertificates::Both, _) => (true, true),
            (HolderCertificates::OfGeneration, curve) => (curve, !curve),
        };
        let unknown = self.flaw == Some(Flaw::CertificateOfUnknownAuthority);
        let authority = if unknown { Authority::unknown() } else { Authority::test() };
        let holder = self.holder();
        let mut files = Vec::new();
        if curve {
            let certificate = authority.certify(&holder, self.key("signature").public());
            files.push(File::transparent(0xC504, 0x04, HOLDER_CERTIFICATE, certificate));
        }
        if rsa {
            let certificate = authority.certify_rsa(&holder);
            files.push(File::transparent(0xC500, 0x01, HOLDER_CERTIFICATE, certificate));
        }
        files
    }

    /// Keys and passwords of the chip.
    pub(super) fn secrets(&self) -> Secrets {
        let copied = self.flaw == Some(Flaw::Clone);
        let key = |name: &str| if copied { PrivateKey::named("a clone") } else { self.key(name) };
        let authentication = (self.object_system != ObjectSystem::G1).then(|| key("authentication"));
        Secrets {
            pace: self.has_pace().then(|| PaceAccess::health_card(&self.can)),
            authentication,
            signature: self.has_curve_keys().then(|| key("signature")),
            pin: Some(self.pin.clone()),
            trusted_root: Some(self.hierarchy().root_name().to_vec()),
        }
    }

    /// PACE came with G2.1.
    pub(super) fn has_pace(&self) -> bool {
        self.has_curve_keys()
    }

    /// The cardholder's keys on brainpoolP256r1 came with G2.1.
    fn has_curve_keys(&self) -> bool {
        matches!(self.object_system, ObjectSystem::G21 | ObjectSystem::G3)
    }

    fn holder(&self) -> Holder<'_> {
        let persona = &self.persona;
        let other = |flaw, other, own| if self.flaw == Some(flaw) { other } else { own };
        let expired = Validity::years(self.today.saturating_sub(6.years()), YEARS);
        Holder {
            persona,
            kvnr: other(Flaw::CertificateOfOtherPerson, OTHER_KVNR, persona.kvnr.as_str()),
            ik: other(Flaw::CertificateOfOtherInsurer, OTHER_IK, persona.insurer.ik.as_str()),
            validity: if self.flaw == Some(Flaw::CertificateExpired) { expired } else { self.validity() },
        }
    }

    fn hierarchy(&self) -> &'static Hierarchy {
        match self.flaw {
            Some(Flaw::CvcOfUnknownRoot) => Hierarchy::unknown(),
            Some(Flaw::CvcOfPretendedRoot) => Hierarchy::pretender(),
            _ => Hierarchy::test(),
        }
    }

    /// Issued a year ago.
    fn validity(&self) -> Validity {
        Validity::years(self.issued(), YEARS)
    }

    fn issued(&self) -> Date {
        self.today.saturating_sub(1.year())
    }

    fn key(&self, name: &str) -> PrivateKey {
        PrivateKey::named(&format!("{name} {}", self.persona.iccsn))
    }
}
