//! Every way in which a command can fail: its code, its exit code, and what to say in which language.

use egk::{CardKind, EgkError, Problem};
use pcsc_reader::{JobError, ServiceState};
use serde::{Serialize, Serializer};
use smartcard::{ChannelError, pace::PaceError};

use crate::language::Language;

/// Exit codes. They are an interface: scripts decide by them, so a code never changes its meaning.
pub(crate) mod exit {
    /// Done.
    pub(crate) const OK: u8 = 0;
    /// A fault that none of the others names.
    pub(crate) const FAULT: u8 = 1;
    /// The command line is wrong; clap uses the same.
    pub(crate) const USAGE: u8 = 2;
    /// No reader, no such reader, or no smart card service.
    pub(crate) const NO_READER: u8 = 3;
    /// No card, or it was pulled.
    pub(crate) const NO_CARD: u8 = 4;
    /// A card, but no electronic health card that is still in use.
    pub(crate) const NOT_A_HEALTH_CARD: u8 = 5;
    /// The card doesn't answer, or its data are wrong.
    pub(crate) const CARD_UNREADABLE: u8 = 6;
    /// Another program holds the card.
    pub(crate) const CARD_BUSY: u8 = 7;
    /// The card took too long.
    pub(crate) const CARD_TIMEOUT: u8 = 8;
    /// What was typed is no PIN, or the second time another one.
    pub(crate) const NOT_A_PIN: u8 = 9;
    /// The card access number is missing, wrong or none.
    pub(crate) const CAN: u8 = 10;
    /// The settings, or the folder of trusted certificates that they name, can't be used.
    pub(crate) const SETTINGS: u8 = 11;
    /// The card was read, and the answer is printed; but a proof of its authenticity fails. Scripts must tell it from a
    /// genuine one without a look into the answer.
    pub(crate) const NOT_GENUINE: u8 = 40;

    /// For `--help`.
    pub(crate) const TABLE: &str = "\
Exit codes:
  0  done
  1  fault
  2  wrong command line
  3  no reader, no such reader, or no smart card service
  4  no card, or the card was removed
  5  not a health card
  6  the card can't be read: upside down, dirty, broken, moved, not over the air, or its data are wrong
  7  another program holds the card
  8  the card took too long
  9  not a PIN of 6 to 12 digits, or two that differ
 10  the card is read for its CAN only, and none was given, a wrong one, or not 6 digits
 11  the settings or the folder of trusted certificates can't be used
 40  the card was read, and failed a proof of its authenticity (authenticity.result is \"invalid\")";
}

/// Why a command failed. The codes are those of the app (`bridge::AppError`), with `params` where it has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub(crate) enum Failure {
    NoReader,
    /// None of this name.
    ReaderUnknown {
        name: String,
    },
    ReaderServiceDown,
    ReaderServiceDenied,
    ReaderRemoved,
    NoCard,
    CardMute,
    CardRemoved,
    CardBusy,
    CardTimeout,
    ReadingCancelled,
    NotAHealthCard {
        #[serde(serialize_with = "kind_code")]
        kind: CardKind,
    },
    /// The insurer has locked the card, which then doesn't let its data be read.
    CardLocked,
    /// A health card over the air, and nobody gave its CAN.
    CanNeeded,
    /// Over the air, with another CAN than the card's.
    CanWrong,
    /// Not six digits on one line.
    NotACan,
    /// A health card that can't be read over the air (generation 2).
    CardNeedsContacts,
    /// The protected channel over the air broke: the card moved, or somebody interfered.
    CardChannelLost,
    /// A file of the card is missing, cut short, over a limit or not what the specification says.
    CardUnreadable {
        file: String,
    },
    /// A number on the card has a wrong check digit.
    CardNumberWrong,
    CardTransport {
        transport_code: String,
    },
    /// Not 6 to 12 digits on one line.
    NotAPin,
    /// Asked for twice, two were typed.
    PinsDiffer,
    /// A terminal on this system can't be kept from showing what is typed.
    InputWouldShow,
    Usage {
        problem: String,
    },
    /// The desk's settings, or the folder of trusted certificates, can't be used.
    SettingsUnusable {
        problem: String,
    },
    /// A file can't be read.
    NotRead {
        what: String,
        reason: String,
    },
    /// A file or the standard output can't be written.
    NotWritten {
        what: String,
        reason: String,
    },
    Internal {
        what: &'static str,
    },
}

impl Failure {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::CardTransport { .. }
            | Self::ReadingCancelled
            | Self::NotRead { .. }
            | Self::NotWritten { .. }
            | Self::Internal { .. } => exit::FAULT,
            Self::Usage { .. } | Self::InputWouldShow => exit::USAGE,
            Self::NoReader
            | Self::ReaderUnknown { .. }
            | Self::ReaderServiceDown
            | Self::ReaderServiceDenied
            | Self::ReaderRemoved => exit::NO_READER,
            Self::NoCard | Self::CardRemoved => exit::NO_CARD,
            Self::NotAHealthCard { .. } => exit::NOT_A_HEALTH_CARD,
            Self::CardMute
            | Self::CardLocked
            | Self::CardNeedsContacts
            | Self::CardChannelLost
            | Self::CardUnreadable { .. }
            | Self::CardNumberWrong => exit::CARD_UNREADABLE,
            Self::CardBusy => exit::CARD_BUSY,
            Self::CardTimeout => exit::CARD_TIMEOUT,
            Self::NotAPin | Self::PinsDiffer => exit::NOT_A_PIN,
            Self::CanNeeded | Self::CanWrong | Self::NotACan => exit::CAN,
            Self::SettingsUnusable { .. } => exit::SETTINGS,
        }
    }

    /// What happened, and what to do next.
    pub(crate) fn message(&self, language: Language) -> String {
        let say = |german: &str, english: &str| language.pick(german, english).to_owned();
        match self {
            Self::NoReader => say(
                "Es ist kein Kartenleser angeschlossen. Stecken Sie den Kartenleser ein.",
                "No card reader is connected. Plug in the card reader.",
            ),
            Self::ReaderUnknown { name } => language.pick(
                format!("Es gibt keinen Kartenleser „{name}“. „identplatzctl readers“ nennt die vorhandenen."),
                format!("There is no card reader '{name}'. 'identplatzctl readers' lists those present."),
            ),
            Self::ReaderServiceDown => say(
                "Der Smartcard-Dienst läuft nicht. Starten Sie ihn (Linux: systemctl start pcscd.socket).",
                "The smart card service isn't running. Start it (Linux: systemctl start pcscd.socket).",
            ),
            Self::ReaderServiceDenied => say(
                "Der Smartcard-Dienst lässt diese Sitzung nicht zu. Melden Sie sich am Arbeitsplatz selbst an oder \
                 erlauben Sie org.debian.pcsc-lite.access_pcsc und …access_card in polkit.",
                "The smart card service denies access to this session. Sign in at the workstation itself, or allow \
                 org.debian.pcsc-lite.access_pcsc and …access_card in polkit.",
            ),
            Self::ReaderRemoved => say(
                "Der Kartenleser wurde abgezogen. Stecken Sie ihn wieder ein und wiederholen Sie den Befehl.",
                "The card reader was unplugged. Plug it in again and repeat the command.",
            ),
            Self::NoCard => say(
                "Es steckt keine Karte. Stecken Sie die Karte mit dem Chip voran ein.",
                "There is no card in the reader. Insert the card, chip first.",
            ),
            Self::CardMute => say(
                "Die Karte antwortet nicht. Prüfen Sie, ob sie richtig herum steckt, und reinigen Sie den Chip.",
                "The card doesn't answer. Check that it is the right way round, and clean the chip.",
            ),
            Self::CardRemoved => say(
                "Die Karte wurde während des Lesens gezogen. Stecken Sie sie ein und wiederholen Sie den Befehl.",
                "The card was removed while it was read. Insert it and repeat the command.",
            ),
            Self::CardBusy => say(
                "Ein anderes Programm benutzt die Karte. Beenden Sie es und wiederholen Sie den Befehl.",
                "Another program uses the card. Close it and repeat the command.",
            ),
            Self::CardTimeout => say(
                "Die Karte hat nicht rechtzeitig geantwortet. Ziehen Sie sie, stecken Sie sie neu ein und wiederholen \
                 Sie den Befehl.",
                "The card didn't answer in time. Remove it, insert it again and repeat the command.",
            ),
            Self::ReadingCancelled => say("Das Lesen wurde abgebrochen.", "Reading was cancelled."),
            Self::NotAHealthCard { kind } => not_a_health_card(*kind, language),
            Self::CardLocked => say(
                "Die Krankenkasse hat diese Karte gesperrt. Die versicherte Person braucht ihre neue Karte.",
                "The insurer has locked this card. The insured person needs the new one.",
            ),
            Self::CanNeeded => say(
                "Kontaktlos gibt die Karte ihre Daten nur mit der CAN heraus, den sechs Ziffern auf ihrer Vorderseite. \
                 Wiederholen Sie den Befehl mit „--can -“, oder stecken Sie die Karte in einen Kartenleser mit \
                 Kontakten.",
                "Over the air the card gives its data for the CAN only, the six digits on its front. Repeat the command \
                 with '--can -', or insert the card into a reader with contacts.",
            ),
            Self::CanWrong => say(
                "Diese CAN gehört nicht zur Karte. Lesen Sie die sechs Ziffern auf der Vorderseite noch einmal ab; \
                 Versuche werden nicht gezählt.",
                "This CAN isn't the card's. Look at the six digits on its front again; tries aren't counted.",
            ),
            Self::NotACan => say(
                "Das ist keine CAN: erwartet werden sechs Ziffern in einer Zeile.",
                "This is no CAN: six digits on one line are expected.",
            ),
            Self::CardNeedsContacts => say(
                "Diese Karte lässt sich nicht kontaktlos lesen. Stecken Sie sie in einen Kartenleser mit Kontakten.",
                "This card can't be read over the air. Insert it into a reader with contacts.",
            ),
            Self::CardChannelLost => say(
                "Die Verbindung zur Karte ist abgerissen. Legen Sie die Karte flach auf den Leser, lassen Sie sie liegen \
                 und wiederholen Sie den Befehl.",
                "The connection to the card broke. Lay the card flat on the reader, leave it there and repeat the command.",
            ),
            Self::CardUnreadable { file } => language.pick(
                format!(
                    "Die Daten der Karte sind nicht lesbar ({file}). Die Karte ist wahrscheinlich beschädigt; die \
                     versicherte Person braucht eine neue."
                ),
                format!(
                    "The card's data can't be read ({file}). The card is probably damaged; the insured person needs \
                     a new one."
                ),
            ),
            Self::CardNumberWrong => say(
                "Eine Nummer auf der Karte hat eine falsche Prüfziffer. Die Karte ist nicht verwendbar; melden Sie \
                 sie der Kartenverwaltung.",
                "A number on the card has a wrong check digit. The card can't be used; report it to card management.",
            ),
            Self::CardTransport { transport_code } => language.pick(
                format!("Die Übertragung zur Karte ist gescheitert (Code {transport_code}). Stecken Sie die Karte neu ein."),
                format!("The transport to the card failed (code {transport_code}). Insert the card again."),
            ),
            Self::NotAPin => say(
                "Das ist keine PIN: erwartet werden 6 bis 12 Ziffern in einer Zeile.",
                "This is no PIN: 6 to 12 digits on one line are expected.",
            ),
            Self::PinsDiffer => say(
                "Die beiden Eingaben stimmen nicht überein. Wiederholen Sie den Befehl.",
                "The two entries differ. Repeat the command.",
            ),
            Self::InputWouldShow => say(
                "Dieses Terminal würde die Eingabe anzeigen. Übergeben Sie sie auf der Standardeingabe.",
                "This terminal would show what is typed. Give it on standard input.",
            ),
            Self::Usage { problem } => problem.clone(),
            Self::SettingsUnusable { problem } => language.pick(
                format!("Einstellungen oder Zertifikatsordner sind nicht verwendbar: {problem}"),
                format!("Settings or folder of trusted certificates can't be used: {problem}"),
            ),
            Self::NotRead { what, reason } => language.pick(
                format!("„{what}“ kann nicht gelesen werden: {reason}"),
                format!("'{what}' can't be read: {reason}"),
            ),
            Self::NotWritten { what, reason } => language.pick(
                format!("„{what}“ kann nicht geschrieben werden: {reason}"),
                format!("'{what}' can't be written: {reason}"),
            ),
            Self::Internal { what } => language.pick(
                format!("Interner Fehler ({what}). Bitte melden Sie ihn mit der Ausgabe von „identplatzctl doctor“."),
                format!("Internal error ({what}). Please report it with the output of 'identplatzctl doctor'."),
            ),
        }
    }
}

fn not_a_health_card(kind: CardKind, language: Language) -> String {
    let german = match kind {
        CardKind::EgkG1 => "eine Gesundheitskarte der ersten Generation, die seit 2019 nicht mehr gilt",
        CardKind::Hba => "ein Heilberufsausweis",
        CardKind::SmcB => "eine Institutionskarte (SMC-B)",
        CardKind::Kvk => "eine Krankenversichertenkarte, die seit 2015 nicht mehr gilt",
        CardKind::TravelDocument => "ein Ausweis, Pass oder Aufenthaltstitel",
        CardKind::Other => "keine elektronische Gesundheitskarte",
    };
    let english = match kind {
        CardKind::EgkG1 => "a health card of the first generation, which is no longer valid since 2019",
        CardKind::Hba => "a health professional card (HBA)",
        CardKind::SmcB => "an institution card (SMC-B)",
        CardKind::Kvk => "an old health insurance card (KVK), which is no longer valid since 2015",
        CardKind::TravelDocument => "an identity card, passport or residence permit",
        CardKind::Other => "no electronic health card",
    };
    language.pick(
        format!("Das ist {german}. Stecken Sie die aktuelle elektronische Gesundheitskarte ein."),
        format!("This is {english}. Insert the current electronic health card."),
    )
}

/// The codes of `kind` in the output.
fn kind_code<S: Serializer>(kind: &CardKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match kind {
        CardKind::EgkG1 => "egk_g1",
        CardKind::Hba => "hba",
        CardKind::SmcB => "smc_b",
        CardKind::Kvk => "kvk",
        CardKind::TravelDocument => "travel_document",
        CardKind::Other => "other",
    })
}

impl From<ServiceState> for Failure {
    /// For a state in which nothing can be done.
    fn from(state: ServiceState) -> Self {
        match state {
            ServiceState::Denied => Self::ReaderServiceDenied,
            ServiceState::Down | ServiceState::Running => Self::ReaderServiceDown,
        }
    }
}

impl From<ChannelError> for Failure {
    fn from(error: ChannelError) -> Self {
        match error {
            ChannelError::CardRemoved => Self::CardRemoved,
            ChannelError::CardMute => Self::CardMute,
            ChannelError::CardBusy => Self::CardBusy,
            ChannelError::ReaderRemoved => Self::ReaderRemoved,
            ChannelError::ServiceLost => Self::ReaderServiceDown,
            ChannelError::Cancelled => Self::ReadingCancelled,
            ChannelError::DeadlineExceeded => Self::CardTimeout,
            ChannelError::Unprotected(_) | ChannelError::WrongMac => Self::CardChannelLost,
            ChannelError::Malformed => Self::CardTransport { transport_code: "malformed".to_owned() },
            ChannelError::Transport(code) => Self::CardTransport { transport_code: format!("{code:#010x}") },
            ChannelError::NotProtectable | ChannelError::SessionUsedUp | ChannelError::NoPinPad | _ => {
                Self::Internal { what: "a transport error that no reading knows" }
            }
        }
    }
}

impl From<JobError> for Failure {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Channel(error) => error.into(),
            JobError::Denied => Self::ReaderServiceDenied,
            JobError::Unanswered => Self::CardTimeout,
            JobError::QueueFull => Self::Internal { what: "the reader's queue is full" },
            JobError::SessionEnded => Self::Internal { what: "the reader's session ended" },
        }
    }
}

impl From<EgkError> for Failure {
    fn from(error: EgkError) -> Self {
        match error {
            EgkError::Channel(error) | EgkError::Pace(PaceError::Channel(error)) => error.into(),
            EgkError::CanNeeded => Self::CanNeeded,
            EgkError::WrongCan | EgkError::Pace(PaceError::WrongPassword) => Self::CanWrong,
            EgkError::NoContactless | EgkError::Pace(PaceError::NotSupported) => Self::CardNeedsContacts,
            EgkError::Pace(PaceError::Refused(_) | PaceError::Protocol) => Self::CardChannelLost,
            EgkError::Entropy(_) | EgkError::Pace(PaceError::Entropy(_)) => {
                Self::Internal { what: "the operating system gives no randomness" }
            }
            EgkError::Pace(PaceError::Calculation) => Self::Internal { what: "no memory for calculating" },
            EgkError::NotAHealthCard(kind) => Self::NotAHealthCard { kind },
            EgkError::Deactivated { .. } => Self::CardLocked,
            EgkError::Malformed { problem: Problem::CheckDigit, .. } => Self::CardNumberWrong,
            EgkError::UnexpectedStatus { file, .. } | EgkError::Malformed { file, .. } => {
                Self::CardUnreadable { file: file.to_string() }
            }
        }
    }
}

impl From<std::io::Error> for Failure {
    /// Writing the answer failed.
    fn from(error: std::io::Error) -> Self {
        Self::NotWritten { what: "stdout".to_owned(), reason: error.to_string() }
    }
}
