//! Whether a card is genuine, as far as a desk without a card of the telematics infrastructure can tell.

mod certificate_file;
pub(crate) mod chip;

use crate::trust_store::TrustStore;
use jiff::civil::Date;
use smartcard::StatusWord;

pub(crate) use certificate_file::{CertificateFile, CertificateRead};

/// What a card is proven against.
#[derive(Debug, Clone, Copy)]
pub struct Check<'a> {
    /// Whom we trust.
    pub trust: &'a TrustStore,
    /// The day on which certificates must be valid.
    pub today: Date,
}

/// What was proven of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authenticity {
    /// The chip holds the private key of its card-verifiable certificate (C.eGK.AUT_CVC), which a root of the
    /// telematics infrastructure vouches for, and which names this card's number: no copy of another card's
    /// data.
    pub chip: Verdict,
    /// The cardholder's certificate (C.CH.AUT) is of an issuer we trust, and names the number and the insurer
    /// that were read. Names, dates and addresses of EF.PD and EF.VD stay unproven.
    pub certificate: Verdict,
}

/// The outcome of one proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Valid,
    /// It fails: the card isn't what it says.
    Invalid(Reason),
    /// It could not be tried to its end; the card may be genuine.
    NotVerifiable(Reason),
    /// The card has nothing to prove it with.
    NotSupported(Reason),
}

/// Why a proof isn't valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Nobody asked for it.
    NotAsked,
    /// The card has no such certificate.
    NoCertificate,
    /// The trust store has no authority of this kind at all.
    NoTrustStore,
    /// The certificate isn't of its form.
    Malformed,
    /// No root or authority of that name is trusted.
    UnknownIssuer,
    /// It is a card for tests, and this is no workshop build.
    TestCard,
    /// A signature in the chain is wrong, or the card's two certificates don't belong together.
    Signature,
    /// A certificate isn't valid yet.
    NotYetValid,
    /// A certificate has expired.
    Expired,
    /// The certificate is for something else.
    WrongUse,
    /// The certificate names another card's number than EF.GDO.
    OtherCard,
    /// The certificate names another insured person than EF.PD.
    OtherPerson,
    /// The certificate names another insurer than EF.VD.
    OtherInsurer,
    /// The chip's answer to the challenge is wrong: it doesn't hold the certificate's key.
    ChallengeFailed,
    /// The card refused a step.
    Refused(StatusWord),
}

/// How much a card has proven, in the order of what it stops (an emulator with any data; edited data; a copy of a
/// card's data).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProofLevel {
    /// Nothing: EF.PD and EF.VD carry no signature.
    Read,
    /// The data belong to a certificate that an issuer has signed.
    Certificate,
    /// The chip is one that was made for this card's number.
    Chip,
}

impl Authenticity {
    /// What is said of a card that nobody asked for proof.
    pub const NOT_ASKED: Self = Self {
        chip: Verdict::NotVerifiable(Reason::NotAsked),
        certificate: Verdict::NotVerifiable(Reason::NotAsked),
    };

    /// How much is proven: nothing, if one of the proofs fails.
    pub fn level(&self) -> ProofLevel {
        match (self.chip, self.certificate) {
            (Verdict::Invalid(_), _) | (_, Verdict::Invalid(_)) => ProofLevel::Read,
            (Verdict::Valid, _) => ProofLevel::Chip,
            (_, Verdict::Valid) => ProofLevel::Certificate,
            _ => ProofLevel::Read,
        }
    }

    /// Both proofs as one: what fails counts first, then the chip.
    pub fn verdict(&self) -> Verdict {
        match (self.chip, self.certificate) {
            (invalid @ Verdict::Invalid(_), _) | (_, invalid @ Verdict::Invalid(_)) => invalid,
            (chip, _) => chip,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_of_which_one_proof_fails_has_proven_nothing() {
        let failed = Verdict::Invalid(Reason::OtherPerson);
        for (chip, certificate, level) in [
            (Verdict::Valid, Verdict::NotVerifiable(Reason::NoTrustStore), ProofLevel::Chip),
            (Verdict::NotSupported(Reason::NoCertificate), Verdict::Valid, ProofLevel::Certificate),
            (Verdict::Valid, failed, ProofLevel::Read),
            (failed, Verdict::Valid, ProofLevel::Read),
        ] {
            assert_eq!(Authenticity { chip, certificate }.level(), level, "{chip:?}, {certificate:?}");
        }
    }
}
