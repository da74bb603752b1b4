//! What happened to the desk's records, their key or a backup of them, and what to do next, in both languages.

use super::Failure;
use crate::language::Language;

impl Failure {
    /// For the failures of the desk's records; of others it says nothing.
    pub(super) fn store_message(&self, language: Language) -> String {
        let say = |german: &str, english: &str| language.pick(german, english).to_owned();
        #[expect(clippy::wildcard_enum_match_arm, reason = "the caller has the others")]
        match self {
            Self::StoreMissing => say(
                "An der Stelle, die die Einstellungen nennen (data_dir), liegen keine Daten dieses Platzes. Stellen Sie \
                 eine Sicherung wieder her, oder prüfen Sie, ob „--settings“ die richtige Datei nennt.",
                "There are no records of this desk at the place that the settings name (data_dir). Restore a backup, or \
                 check whether '--settings' names the right file.",
            ),
            Self::StoreInUse => say(
                "Das Programm läuft und benutzt die Daten. Beenden Sie es und wiederholen Sie den Befehl.",
                "The program is running and uses the records. Close it and repeat the command.",
            ),
            Self::StoreDamaged => say(
                "Die Datenbank ist beschädigt. Kopieren Sie den Ordner „store“, bevor Sie das Programm starten; \
                 retten Sie, \
                 was nicht übermittelt ist („outbox --export“), und stellen Sie dann eine Sicherung wieder her.",
                "The database is damaged. Copy the folder 'store' before you start the program; rescue what wasn't \
                 delivered \
                 ('outbox --export'), then restore a backup.",
            ),
            Self::StoreNewer { found, known } => language.pick(
                format!("Eine neuere Programmversion hat die Datenbank umgestellt (Schema {found}, bekannt ist \
                 {known}). Installieren Sie die neuere Version."),
                format!("A newer version of the program has migrated the database (schema {found}, known is \
                 {known}). Install the newer version."),
            ),
            Self::StoreOlder { found, known } => language.pick(
                format!("Die Datenbank ist noch nicht umgestellt (Schema {found}, dieses Programm braucht {known}). Starten \
                 Sie das Programm einmal, es stellt sie um; was beiseite liegt, exportiert „outbox --quarantined“."),
                format!("The database isn't migrated yet (schema {found}, this program needs {known}). Start the program \
                 once, which migrates it; what lies aside is exported by 'outbox --quarantined'."),
            ),
            Self::StoreNotRestored => say(
                "An der Stelle der Datenbank liegt eine Sicherung. Nehmen Sie sie dort weg und verwenden Sie \
                 „restore“, das \
                 zuerst alles seither Gelöschte wieder löscht.",
                "A backup lies in the place of the database. Take it away and use 'restore', which first erases \
                 again what was \
                 erased since.",
            ),
            Self::StoreReadOnly => say(
                "Der Ordner kann nicht beschrieben werden. Führen Sie den Befehl unter dem Konto des Platzes aus \
                 und prüfen \
                 Sie die Rechte.",
                "The folder can't be written. Run the command under the desk's account, and check the permissions.",
            ),
            Self::StoreBusy => say(
                "Ein anderes Programm hält die Datenbank länger als üblich fest. Wiederholen Sie den Befehl.",
                "Another program holds the database for longer than usual. Repeat the command.",
            ),
            Self::DiskFull => say(
                "Der Datenträger ist voll. Schaffen Sie Platz und wiederholen Sie den Befehl; nichts Halbes ist \
                 geblieben.",
                "The disk is full. Free space and repeat the command; nothing half was left.",
            ),
            Self::StoreFailed { problem } => language.pick(
                format!("Die Daten des Platzes sind nicht verwendbar: {problem}"),
                format!("The desk's records can't be used: {problem}"),
            ),
            Self::JournalBroken { seq } => language.pick(
                format!("Die Kette des Journals ist bei Ereignis Nr. {seq} gebrochen; eine Sicherung davon ließe \
                 sich nicht prüfen. Kopieren Sie stattdessen den Ordner „store“ und melden Sie den Befund."),
                format!("The journal's chain is broken at event no. {seq}; a backup of it could not be verified. \
                 Copy the folder 'store' instead, and report the finding."),
            ),
            Self::KeyringLocked => say(
                "Der Schlüsselbund ist gesperrt. Melden Sie sich mit dem Konto des Platzes an und entsperren Sie ihn.",
                "The keyring is locked. Sign in with the desk's account and unlock it.",
            ),
            Self::KeyringUnavailable { reason } => language.pick(
                format!("Der Schlüsselbund ist nicht verwendbar: {reason}. Führen Sie den Befehl in der Sitzung des \
                 Platz-Kontos aus."),
                format!("The keyring can't be used: {reason}. Run the command in a session of the desk's account."),
            ),
            Self::DatabaseKeyLost => say(
                "Im Schlüsselbund liegt kein Schlüssel für die Datenbank. Führen Sie den Befehl unter dem Konto des \
                 Platzes aus. \
                 Ist der Schlüssel verloren, hilft nur eine Sicherung mit Passphrase.",
                "The keyring has no key for the database. Run the command under the desk's account. If the key is \
                 lost, only \
                 a backup with a passphrase helps.",
            ),
            Self::DatabaseKeyWrong => say(
                "Der Schlüssel im Schlüsselbund gehört zu einer anderen Datenbank. Prüfen Sie Konto und „data_dir“.",
                "The keyring's key is another database's. Check the account and 'data_dir'.",
            ),
            Self::NotAPassphrase => say(
                "Das ist keine Passphrase: erwartet werden 12 bis 63 Zeichen in einer Zeile.",
                "This is no passphrase: 12 to 63 characters on one line are expected.",
            ),
            Self::PassphrasesDiffer => say(
                "Die beiden Eingaben stimmen nicht überein. Wiederholen Sie den Befehl.",
                "The two entries differ. Repeat the command.",
            ),
            Self::TargetExists { path } => language.pick(
                format!("„{path}“ gibt es schon. Nennen Sie eine neue Datei; überschrieben wird nichts."),
                format!("'{path}' is there already. Name a new file; nothing is overwritten."),
            ),
            Self::TargetFolderMissing { path } => language.pick(
                format!("Den Ordner „{path}“ gibt es nicht. Legen Sie ihn an, oder prüfen Sie, ob der Datenträger \
                 eingehängt ist."),
                format!("There is no folder '{path}'. Make it, or check whether the disk is mounted."),
            ),
            Self::TargetFull { path } => language.pick(
                format!("Für „{path}“ ist auf dem Datenträger kein Platz. Schaffen Sie dort Platz, oder nennen Sie einen \
                 anderen Ordner; nichts Halbes ist geblieben, ältere Sicherungen sind unversehrt."),
                format!("There is no space for '{path}' on its disk. Free some, or name another folder; nothing half was \
                 left, older backups are whole."),
            ),
            Self::TargetReadOnly { path } => language.pick(
                format!("„{path}“ kann nicht geschrieben werden. Prüfen Sie, ob das Konto des Platzes in den Ordner \
                 schreiben darf und der Datenträger nicht schreibgeschützt ist."),
                format!("'{path}' can't be written. Check whether the desk's account may write to the folder, and that \
                 the disk isn't read-only."),
            ),
            Self::TargetInStore { path } => language.pick(
                format!("„{path}“ läge im Ordner der Daten selbst und ginge mit ihm verloren. Nennen Sie einen Ordner \
                 außerhalb, am besten auf einem anderen Datenträger."),
                format!("'{path}' would lie in the folder of the records themselves and be lost with it. Name a folder \
                 outside, best on another disk."),
            ),
            Self::Cancelled => say(
                "Abgebrochen. Nichts Halbes ist geblieben; wiederholen Sie den Befehl, wann Sie wollen.",
                "Cancelled. Nothing half was left; repeat the command whenever you want.",
            ),
            Self::StoreExists => say(
                "Hier liegen schon Daten des Platzes oder ihre Löschliste. Überschrieben wird nichts: Nehmen Sie \
                 den Ordner \
                 „store“ weg, und lassen Sie „store.erasures“ liegen.",
                "There are records of the desk here already, or their list of erasures. Nothing is overwritten: \
                 take the folder \
                 'store' away, and leave 'store.erasures' where it is.",
            ),
            Self::BackupWrongKey => say(
                "Diese Passphrase oder dieser Schlüssel öffnet die Datei nicht, oder sie ist keine Sicherung.",
                "This passphrase or key doesn't open the file, or it is no backup.",
            ),
            Self::BackupDamaged => say(
                "Die Sicherung ist beschädigt. Verwenden Sie eine andere.",
                "The backup is damaged. Use another one.",
            ),
            Self::ErasuresNeeded => say(
                "Zu einer Sicherung gehört die Löschliste („store.erasures“): Nennen Sie sie mit „--erasures \
                 DATEI“. Ist sie \
                 verloren, bleibt mit „--erasures-lost“ nur, was der Kontodienst noch nicht hat.",
                "A backup needs the list of erasures ('store.erasures'): name it by '--erasures FILE'. If it is lost, \
                 '--erasures-lost' keeps only what the account service doesn't have yet.",
            ),
            Self::ErasuresIncomplete => say(
                "Diese Löschliste gehört nicht zu diesem Platz oder ist unvollständig: Sie nennt nicht alles, was \
                 schon in der \
                 Sicherung gelöscht ist.",
                "This list of erasures isn't this desk's, or isn't whole: it doesn't name all that was erased in \
                 the backup \
                 already.",
            ),
            Self::NotAKvnr => say(
                "Das ist keine Versichertennummer: erwartet werden ein Buchstabe und neun Ziffern in einer Zeile; \
                 die letzte \
                 ist eine Prüfziffer.",
                "This is no health insurance number: a letter and nine digits on one line are expected; the last \
                 one is a \
                 check digit.",
            ),
            Self::RecoveryKeyNeeded => say(
                "Es fehlt der Wiederherstellungsschlüssel des Kontodienstes. Nennen Sie ihn mit „--recovery-key \
                 DATEI“ (JWK).",
                "The account service's recovery key is missing. Name it by '--recovery-key FILE' (JWK).",
            ),
            other => format!("{other:?}"),
        }
    }
}
