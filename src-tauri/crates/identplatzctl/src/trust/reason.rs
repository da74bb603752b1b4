//! Why a file of the trust folder doesn't count, as a code and in words.

use serde::{Serialize, Serializer};

use crate::language::Language;

/// What the store that the file is for says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LeftOutReason {
    HealthCard(egk::TrustError),
    Document(mrtd::trust::TrustError),
}

impl From<egk::TrustError> for LeftOutReason {
    fn from(error: egk::TrustError) -> Self {
        Self::HealthCard(error)
    }
}

impl From<mrtd::trust::TrustError> for LeftOutReason {
    fn from(error: mrtd::trust::TrustError) -> Self {
        Self::Document(error)
    }
}

impl LeftOutReason {
    /// The reason in words.
    pub(crate) fn to_text(self, language: Language) -> &'static str {
        match self {
            Self::HealthCard(reason) => of_health_cards(reason, language),
            Self::Document(reason) => of_documents(reason, language),
        }
    }

    fn code(self) -> &'static str {
        use egk::TrustError as HealthCard;
        use mrtd::trust::TrustError as Document;
        match self {
            Self::HealthCard(HealthCard::Malformed) | Self::Document(Document::Malformed) => "malformed",
            Self::HealthCard(HealthCard::TooMany) | Self::Document(Document::TooMany) => "too_many",
            Self::HealthCard(HealthCard::TestRoot) => "test_root",
            Self::HealthCard(HealthCard::NotARoot) => "not_a_root",
            Self::HealthCard(HealthCard::OtherKey) => "other_key",
            Self::Document(Document::TooLarge) => "too_large",
            Self::Document(Document::NotAnAuthority) => "not_an_authority",
            Self::Document(Document::UnknownIssuer) => "unknown_issuer",
            Self::Document(Document::NoRoot) => "no_list_root",
            Self::Document(Document::WrongSigner) => "wrong_signer",
            Self::Document(Document::Signature) => "signature",
            Self::Document(Document::Algorithm) => "algorithm",
            Self::Document(Document::NotValidThen) => "not_valid_then",
            Self::Document(Document::Older) => "older",
            Self::Document(Document::WrongCountry) => "wrong_country",
            Self::Document(Document::Revoked) => "revoked",
            Self::Document(_) => "other",
        }
    }
}

impl Serialize for LeftOutReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

fn of_health_cards(reason: egk::TrustError, language: Language) -> &'static str {
    use egk::TrustError::{Malformed, NotARoot, OtherKey, TestRoot, TooMany};
    match reason {
        Malformed => language.pick("kein Zertifikat", "no certificate"),
        TestRoot => language.pick(
            "eine Wurzel für Testkarten, die an keinem Arbeitsplatz gilt",
            "a root for test cards, which counts at no workstation",
        ),
        NotARoot => language.pick(
            "weder Wurzel noch Aussteller, oder die Signatur ist falsch",
            "neither root nor issuer, or its signature is wrong",
        ),
        OtherKey => {
            language.pick("eine andere Wurzel hat diesen Namen schon", "another root has this name already")
        }
        TooMany => language.pick("zu viele Zertifikate", "too many certificates"),
    }
}

fn of_documents(reason: mrtd::trust::TrustError, language: Language) -> &'static str {
    use mrtd::trust::TrustError as Reason;
    match reason {
        Reason::TooLarge => {
            language.pick("zu groß für eine Datei ihrer Art", "too large for a file of its kind")
        }
        Reason::Malformed => language
            .pick("weder Zertifikat noch Liste, oder beschädigt", "neither certificate nor list, or damaged"),
        Reason::NotAnAuthority => language.pick(
            "kein Aussteller eines Staates (CSCA), oder die Signatur ist falsch",
            "no country signing authority (CSCA), or its signature is wrong",
        ),
        Reason::UnknownIssuer => language.pick(
            "der Aussteller der Sperrliste oder des Zertifikats ist nicht hinterlegt",
            "the issuer of the revocation list or certificate isn't there",
        ),
        Reason::NoRoot => language.pick(
            "keine Wurzel für Listen ist hinterlegt (csca-master-list-root.cer)",
            "no root for lists is there (csca-master-list-root.cer)",
        ),
        Reason::WrongSigner => language.pick(
            "der Unterzeichner steht nicht unter einer hinterlegten Wurzel oder ist für anderes bestellt",
            "its signer isn't below a root that is there, or is for something else",
        ),
        Reason::Signature => language.pick("die Signatur ist falsch", "its signature is wrong"),
        Reason::Algorithm => language.pick(
            "mit einem Verfahren unterschrieben, das nicht anerkannt wird",
            "signed by an algorithm that isn't accepted",
        ),
        Reason::NotValidThen => language.pick(
            "nach heute datiert oder nach dem Ende der Gültigkeit des Unterzeichners",
            "dated after today, or after the end of its signer's validity",
        ),
        Reason::WrongCountry => language.pick(
            "der Aussteller gehört einem anderen Staat als das Zertifikat",
            "its issuer is of another country than the certificate",
        ),
        Reason::Revoked => language.pick("der Unterzeichner ist gesperrt", "its signer is revoked"),
        Reason::Older => language.pick(
            "eine neuere liegt daneben oder galt hier schon",
            "a newer one lies beside it or has counted here before",
        ),
        Reason::TooMany => language.pick("zu viele ihrer Art", "too many of its kind"),
        _ => language.pick("nicht verwendbar", "of no use"),
    }
}
