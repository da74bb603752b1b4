//! What happened, and what to do next, in both languages.

use egk::CardKind;

use super::Failure;
use crate::{language::Language, zone};

impl Failure {
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
            Self::CardInTheClear => say(
                "Was auf dem Leser liegt, gibt seine Daten ungeschützt heraus. Das tut keine Gesundheitskarte; die Daten \
                 wurden verworfen.",
                "What lies on the reader gives its data unprotected. No health card does that; the data were dropped.",
            ),
            Self::DocumentKeyNeeded => say(
                "Ein Pass, Ausweis oder Aufenthaltstitel gibt seine Daten nur mit der CAN oder der maschinenlesbaren Zone \
                 heraus, die auf ihm stehen. Wiederholen Sie den Befehl mit „--can -“ oder „--mrz -“.",
                "A passport, identity card or residence permit gives its data only for the CAN or the machine-readable zone \
                 printed on it. Repeat the command with '--can -' or '--mrz -'.",
            ),
            Self::DocumentZoneNeeded => say(
                "Dieses Dokument öffnet sich nicht mit einer CAN. Wiederholen Sie den Befehl mit „--mrz -“ und den Zeilen \
                 seiner maschinenlesbaren Zone.",
                "This document doesn't open with a CAN. Repeat the command with '--mrz -' and the lines of its \
                 machine-readable zone.",
            ),
            Self::DocumentCanNeeded => say(
                "Dieses Dokument öffnet sich nicht mit einer maschinenlesbaren Zone. Wiederholen Sie den Befehl mit „--can -“ \
                 und den sechs Ziffern auf seiner Vorderseite.",
                "This document doesn't open with a machine-readable zone. Repeat the command with '--can -' and the six \
                 digits on its front.",
            ),
            Self::ZoneWrong => say(
                "Diese Angaben gehören nicht zum Dokument. Vergleichen Sie Dokumentennummer, Geburtsdatum und Ablaufdatum \
                 mit seiner maschinenlesbaren Zone; Versuche werden nicht gezählt.",
                "What was given isn't the document's. Compare document number, date of birth and date of expiry with its \
                 machine-readable zone; tries aren't counted.",
            ),
            Self::NotAZone { field, problem } => zone::problem_text(*field, *problem, language),
            Self::DocumentAuthoritiesOnly => say(
                "Der Chip zeigt seine Daten nur Behörden: Das ist ein Personalausweis von vor August 2021. Prüfen Sie ihn \
                 nach Augenschein.",
                "The chip shows its data to authorities only: this is a German identity card from before August 2021. Check \
                 it by sight.",
            ),
            Self::DocumentNotSupported => say(
                "Der Chip dieses Dokuments öffnet sich auf keine bekannte Weise. Prüfen Sie es nach Augenschein.",
                "This document's chip opens in no known way. Check it by sight.",
            ),
            Self::DocumentUnreadable { file } => language.pick(
                format!(
                    "Die Daten des Dokuments sind nicht lesbar ({file}). Legen Sie es noch einmal auf; bleibt es dabei, ist \
                     der Chip wahrscheinlich beschädigt: Prüfen Sie es nach Augenschein."
                ),
                format!(
                    "The document's data can't be read ({file}). Lay it down once more; if that doesn't help, the chip is \
                     probably damaged: check it by sight."
                ),
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
            Self::StoreMissing
            | Self::StoreInUse
            | Self::StoreDamaged
            | Self::StoreNewer { .. }
            | Self::StoreOlder { .. }
            | Self::StoreNotRestored
            | Self::StoreReadOnly
            | Self::StoreBusy
            | Self::DiskFull
            | Self::StoreFailed { .. }
            | Self::JournalBroken { .. }
            | Self::KeyringLocked
            | Self::KeyringUnavailable { .. }
            | Self::DatabaseKeyLost
            | Self::DatabaseKeyWrong
            | Self::NotAPassphrase
            | Self::PassphrasesDiffer
            | Self::TargetExists { .. }
            | Self::TargetFolderMissing { .. }
            | Self::TargetFull { .. }
            | Self::TargetReadOnly { .. }
            | Self::TargetInStore { .. }
            | Self::Cancelled
            | Self::StoreExists
            | Self::BackupWrongKey
            | Self::BackupDamaged
            | Self::ErasuresNeeded
            | Self::ErasuresIncomplete
            | Self::NotAKvnr
            | Self::RecoveryKeyNeeded => self.store_message(language),
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
        CardKind::Other => "weder eine elektronische Gesundheitskarte noch ein Ausweis oder Pass",
    };
    let english = match kind {
        CardKind::EgkG1 => "a health card of the first generation, which is no longer valid since 2019",
        CardKind::Hba => "a health professional card (HBA)",
        CardKind::SmcB => "an institution card (SMC-B)",
        CardKind::Kvk => "an old health insurance card (KVK), which is no longer valid since 2015",
        CardKind::TravelDocument => "an identity card, passport or residence permit",
        CardKind::Other => "neither an electronic health card nor an identity card or passport",
    };
    language.pick(
        format!("Das ist {german}. Stecken Sie die aktuelle elektronische Gesundheitskarte ein."),
        format!("This is {english}. Insert the current electronic health card."),
    )
}
