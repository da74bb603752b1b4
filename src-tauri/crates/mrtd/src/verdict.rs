//! The outcome of one check, and why it isn't valid.

use smartcard::StatusWord;

/// The outcome of one check. A card counts for something only where passive authentication is [`Verdict::Valid`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Valid,
    /// It fails: the document isn't what it says.
    Invalid(Reason),
    /// It could not be tried to its end; the document may be genuine.
    NotVerifiable(Reason),
    /// The document has nothing to prove it with.
    NotSupported(Reason),
}

/// Why a check isn't valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Nobody asked for it.
    NotAsked,
    /// The document has nothing of the kind: no key, no file.
    NotOffered,
    /// EF.SOD, a certificate, a key or an answer isn't of its form.
    Malformed,
    /// What was read has another hash than the one that was signed.
    HashDiffers,
    /// A file was read that the signed list doesn't name.
    NotInList,
    /// A signature is wrong.
    Signature,
    /// A hash, a signature scheme or a curve that we don't know, or no longer accept.
    UnknownAlgorithm,
    /// The trust store has no country signing authority at all.
    NoTrustStore,
    /// Of the issuing country nobody is trusted (no CSCA), or nobody of that name.
    UnknownIssuer,
    /// A certificate was not valid when the document was signed.
    NotValidThen,
    /// A certificate is for something else (key usage, basic constraints).
    WrongUse,
    /// The signer may not sign documents of this type (documentTypeList).
    WrongDocumentType,
    /// Signer, authority and data name different countries.
    WrongCountry,
    /// The signer's certificate is revoked.
    Revoked,
    /// There is no revocation list of the signer's issuer, or none that is fresh.
    NoRevocationList,
    /// The issuer has told of a defect of such documents (defect list).
    Defect,
    /// The chip's answer shows that it doesn't hold the key.
    ChallengeFailed,
    /// The signed data aren't proven, so what rests on them isn't, either.
    PassiveAuthentication,
    /// The chip refused a step, with a status that tells of a fault on the way rather than of its will.
    Refused(StatusWord),
    /// The signed data promise what the chip refuses: a copy would, too.
    Withheld,
    /// The signed data promise a way of opening the chip that it didn't offer unsigned.
    Downgraded,
    /// The data are of another document than the one whose key opened the chip, or whose chip was proven.
    OtherDocument,
}

impl Verdict {
    /// Of a chip that refuses what its signed data promise.
    pub(crate) fn of_refusal(status: StatusWord) -> Self {
        // Length, chaining, execution and memory: readers and worn chips give genuine documents these.
        let fault = matches!(status, StatusWord::WRONG_LENGTH | StatusWord::NO_DIAGNOSIS)
            || matches!(status.sw1(), 0x64 | 0x65 | 0x68);
        if fault { Self::NotVerifiable(Reason::Refused(status)) } else { Self::Invalid(Reason::Withheld) }
    }
}
