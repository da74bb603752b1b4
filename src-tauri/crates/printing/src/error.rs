//! What can go wrong between the desk and its printer.

/// Why the printer did not do what was asked. Nothing in here tells about a job's content or about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The configured address is no `ipp` or `ipps` URI of a printer. The desk can't print until an administrator
    /// corrects it.
    #[error("the printer's address is not an ipp or ipps address")]
    Address,

    /// Plain `ipp` where the policy wants TLS: anywhere but on loopback, and there as well with
    /// [`Transport::TlsRequired`](crate::Transport::TlsRequired). Nothing was sent. An administrator changes the
    /// address to `ipps`.
    #[error("the printer would be spoken to without encryption, which the policy forbids")]
    PlainForbidden,

    /// The certificates to trust can't be read, or the operating system has none. Nothing was sent. An administrator
    /// corrects the profile.
    #[error("the certificates that printers are trusted by could not be read")]
    Trust,

    /// No connection, or no answer in time. The desk shows the printer as unreachable and looks again; a document
    /// was not sent.
    #[error("the printer can't be reached")]
    Unreachable,

    /// TLS failed: a certificate that isn't trusted, has another name or is expired, or no common version. The desk
    /// does not print and does not offer to go on without; an administrator looks at the certificate.
    #[error("the printer did not prove its identity, or encryption could not be set up")]
    Tls,

    /// The printer takes no jobs at present (`server-error-not-accepting-jobs`). The desk says so and lets the clerk
    /// try again or choose another printer.
    #[error("the printer does not accept jobs")]
    NotAccepting,

    /// The printer is at another job and takes one at a time (`server-error-busy`). The desk shows that it is busy
    /// and tries again.
    #[error("the printer is busy with another job")]
    Busy,

    /// The printer can't print documents of this format. The desk can't use this printer; an administrator chooses
    /// another.
    #[error("the printer does not print this document format")]
    FormatUnsupported,

    /// The document is larger than [`MAX_DOCUMENT`](crate::MAX_DOCUMENT) or than the printer allows. A letter never
    /// is: the desk reports a fault.
    #[error("the document is too large to be printed")]
    DocumentTooLarge,

    /// The printer no longer knows the job. The sheet may have been printed: the desk has the clerk look into the
    /// tray.
    #[error("the printer does not know the job")]
    NoSuchJob,

    /// The printer answered with another IPP status (RFC 8011, appendix B) than success. The desk shows that the
    /// printer refused; the status is for the administrator.
    #[error("the printer refused with IPP status {status:#06x}")]
    Refused {
        /// `status-code`, such as 0x0403 for `client-error-not-authorized`.
        status: u16,
    },

    /// The server answered in HTTP and not in IPP: a wrong path (404), a printer that wants a sign-in (401) or TLS
    /// (426), a redirection. An administrator corrects address or printer.
    #[error("the printer's address answered with HTTP status {status}")]
    Http {
        /// HTTP status code.
        status: u16,
    },

    /// The answer is not IPP or breaks its rules. The desk treats the printer as unusable; an administrator checks
    /// the address.
    #[error("the answer is not proper IPP")]
    Protocol,

    /// The answer is larger than any printer's. The desk treats the printer as unusable.
    #[error("the printer's answer is too large")]
    TooLarge,

    /// The document was sent, wholly or in part, and the printer's answer is missing, useless or leaves it open: the
    /// sheet may come out or not. The desk never sends it again; it voids what the document carried and has the clerk
    /// look into the tray.
    #[error("the document was sent, but the printer did not confirm it")]
    Unconfirmed,
}
