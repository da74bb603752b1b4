//! What is wrong with a file.

/// Why a file can't be trusted. A store that has refused a file is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// Larger than is admitted for its kind.
    #[error("the file is too large")]
    TooLarge,
    /// It is none of the kinds that are known, or not of its form.
    #[error("the file is malformed, or of another kind")]
    Malformed,
    /// The certificate may not sign others, or its signature by itself is wrong.
    #[error("this is no country signing authority")]
    NotAnAuthority,
    /// The link certificate or revocation list is of an authority that isn't in the store.
    #[error("its issuer isn't trusted")]
    UnknownIssuer,
    /// The link certificate is of another country than the authority that has signed it.
    #[error("it leads into another country")]
    WrongCountry,
    /// No root was given that a list may be signed under.
    #[error("no root certificate is pinned for lists")]
    NoRoot,
    /// Nobody below the pinned roots has signed it, or somebody who is for something else.
    #[error("its signer isn't entitled to it")]
    WrongSigner,
    /// A revocation list in the store names its signer.
    #[error("its signer is revoked")]
    Revoked,
    /// Its signature is wrong.
    #[error("its signature is wrong")]
    Signature,
    /// A hash, a signature scheme or a key that isn't admitted.
    #[error("its signature is of a kind that isn't accepted")]
    Algorithm,
    /// It is dated later than today, or than its signer was valid.
    #[error("it is dated at a time at which it can't have been signed")]
    NotValidThen,
    /// The store has a newer one, or has had one before.
    #[error("there is a newer one already")]
    Older,
    /// There are too many of its kind.
    #[error("there are too many of its kind")]
    TooMany,
}

/// A file that wasn't taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustProblem {
    /// Its name, as the caller gave it.
    pub name: String,
    /// What is wrong with it.
    pub error: TrustError,
}
