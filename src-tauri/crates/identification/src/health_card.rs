//! The health card (elektronische Gesundheitskarte) as far as a record keeps it, and how much it has proven.

use std::fmt;

use jiff::civil::Date;

/// What was seen of a health card: no more than its record needs.
#[derive(Clone, PartialEq, Eq)]
pub struct HealthCard {
    /// `G2`, `G2.1`, `G3`
    pub generation: String,
    /// Last four digits of the Kennnummer der Karte (ICCSN).
    pub card_number_tail: String,
    /// Beginning of the insurance; for many the day of their birth.
    pub valid_from: Option<Date>,
    /// End of the insurance or of a time-limited card.
    pub valid_until: Option<Date>,
    /// Day on which the data on the card were last updated (EF.StatusVD); they may be stale for years.
    pub data_as_of: Option<Date>,
    /// The insurer has locked the health application.
    pub deactivated: bool,
    /// An update was interrupted (EF.StatusVD): the data may contradict itself.
    pub transaction_open: bool,
    /// The card can be read over the air; `None` if nobody asked it.
    pub contactless: Option<bool>,
    /// What it has proven.
    pub authenticity: CardAuthenticity,
}

impl fmt::Debug for HealthCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HealthCard")
            .field("generation", &self.generation)
            .field("authenticity", &self.authenticity)
            .finish_non_exhaustive()
    }
}

/// What was proven of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardAuthenticity {
    /// The chip holds the key of its certificate, which the telematics infrastructure vouches for, and which is this
    /// card's.
    pub chip: CardCheck,
    /// The cardholder's certificate is of a trusted issuer and names the person and the insurer that were read.
    pub certificate: CardCheck,
}

impl CardAuthenticity {
    /// How much is proven: nothing, if one of the proofs fails.
    #[must_use]
    pub const fn level(self) -> CardProofLevel {
        match (self.chip, self.certificate) {
            (CardCheck::Invalid(_), _) | (_, CardCheck::Invalid(_)) => CardProofLevel::Read,
            (CardCheck::Valid, _) => CardProofLevel::Chip,
            (_, CardCheck::Valid) => CardProofLevel::Certificate,
            (_, _) => CardProofLevel::Read,
        }
    }

    /// Whether one of the proofs fails: the card isn't what it says, whatever the other one proves. An emulator can put
    /// one genuine card's chip before another's data.
    #[must_use]
    pub const fn is_disproved(self) -> bool {
        matches!(self.chip, CardCheck::Invalid(_)) || matches!(self.certificate, CardCheck::Invalid(_))
    }
}

/// The outcome of one proof, and why it isn't valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardCheck {
    /// It holds.
    Valid,
    /// It fails: the card isn't what it says.
    Invalid(CardCheckReason),
    /// It could not be tried to its end; the card may be genuine.
    NotVerifiable(CardCheckReason),
    /// The card has nothing to prove it with.
    NotSupported(CardCheckReason),
}

/// Why a proof isn't valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardCheckReason {
    /// Nobody asked for it.
    NotAsked,
    /// The card has no such certificate.
    NoCertificate,
    /// This desk has no authority of this kind to trust.
    NoTrustStore,
    /// The certificate isn't of its form.
    Malformed,
    /// Issued by nobody whom this desk trusts.
    UnknownIssuer,
    /// A card for tests at a desk that takes none.
    TestCard,
    /// A signature is wrong.
    Signature,
    /// A certificate isn't valid yet.
    NotYetValid,
    /// A certificate has expired.
    Expired,
    /// The certificate is for something else.
    WrongUse,
    /// It belongs to another card.
    OtherCard,
    /// It names another insured person.
    OtherPerson,
    /// It names another insurer.
    OtherInsurer,
    /// The chip's answer to the challenge is wrong.
    ChallengeFailed,
    /// The card refused a step.
    Refused,
}

impl CardCheckReason {
    /// Every reason.
    pub const ALL: [Self; 15] = [
        Self::NotAsked,
        Self::NoCertificate,
        Self::NoTrustStore,
        Self::Malformed,
        Self::UnknownIssuer,
        Self::TestCard,
        Self::Signature,
        Self::NotYetValid,
        Self::Expired,
        Self::WrongUse,
        Self::OtherCard,
        Self::OtherPerson,
        Self::OtherInsurer,
        Self::ChallengeFailed,
        Self::Refused,
    ];
}

/// How much a card has proven, in the order of what it stops: nothing, edited data, a copy of a card's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CardProofLevel {
    /// Read only: the data carry no signature, so any emulator can say them.
    Read,
    /// The data are the issuer's.
    Certificate,
    /// The chip is genuine.
    Chip,
}

/// What the account service says of the end of the Kennnummer, typed from the back of a card that can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardNumberAnswer {
    /// Nobody asked: the card isn't at hand, or its chip says it.
    NotAsked,
    /// It is the one of the person's current card.
    Agrees,
    /// It is not.
    Differs,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_genuine_chip_proves_more_than_a_certificate_and_a_certificate_more_than_reading() {
        let open = CardCheck::NotVerifiable(CardCheckReason::NoTrustStore);
        let none = CardCheck::NotSupported(CardCheckReason::NoCertificate);
        for (chip, certificate, level) in [
            (CardCheck::Valid, CardCheck::Valid, CardProofLevel::Chip),
            (CardCheck::Valid, open, CardProofLevel::Chip),
            (none, CardCheck::Valid, CardProofLevel::Certificate),
            (open, none, CardProofLevel::Read),
        ] {
            let authenticity = CardAuthenticity { chip, certificate };
            assert_eq!(authenticity.level(), level);
            assert!(!authenticity.is_disproved());
        }
        assert!(CardProofLevel::Read < CardProofLevel::Certificate);
        assert!(CardProofLevel::Certificate < CardProofLevel::Chip);
    }

    #[test]
    fn one_proof_that_fails_disproves_the_card_whatever_the_other_one_says() {
        let failed = CardCheck::Invalid(CardCheckReason::OtherPerson);
        for other in [CardCheck::Valid, CardCheck::NotVerifiable(CardCheckReason::NotAsked), failed] {
            assert!(CardAuthenticity { chip: failed, certificate: other }.is_disproved());
            assert!(CardAuthenticity { chip: other, certificate: failed }.is_disproved());
            assert_eq!(CardAuthenticity { chip: other, certificate: failed }.level(), CardProofLevel::Read);
        }
    }
}
