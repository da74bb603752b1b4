//! The desk's records: journal, outbox, backup and restore, access report; over a real keyring.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use identification::{ConcernId, Kvnr, OperatorId, Scope, VisitId};
use jiff::Timestamp;
use serde_json::json;
use store::{
    AccessEntry, AccessKind, AccessReason, AccessResult, AccessRole, Batch, DatabaseKey, ErasureList,
    KeptName, OutboxRecord, Record, Store, Subject,
};
use tempfile::TempDir;
use uuid::Uuid;
use vault::{DESK_SERVICE, Secret, SecretName, Vault};
use workshop::keyring::Keyring;
use zeroize::Zeroizing;

use crate::{
    support::{Ran, command, finish, run_command_with_input, start, text},
    terminal::type_at_terminal_of,
};

const PASSPHRASE: &str = "Amsel, Buntspecht und Elster";
const KEY: [u8; 32] = [0x5a; 32];
/// Of gematik's published test cards.
const KVNR: &str = "B234567895";
/// A record in its canonical form, as the outbox holds one; nobody has signed it.
const PAYLOAD: &str = concat!(
    r#"{"chain":{"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","seq":1},"desk":"0312-04","#,
    r#""id":"00000000-0000-0000-0000-000000000200","person":"Buntspecht","record":"void","signature":"e30..AA"}"#,
);
/// The public key of RFC 7517, appendix A.1.
pub(crate) const RECOVERY_KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","kid":"recovery-1","use":"enc","alg":"ECDH-ES+A256KW"}"#;

/// A desk: its settings, its data, its keyring.
pub(crate) struct Desk {
    folder: TempDir,
    pub(crate) keyring: Keyring,
}

impl Desk {
    /// One whose key is in the keyring, and whose store is yet to be made.
    pub(crate) fn new() -> Result<Self> {
        let desk = Self::without_key()?;
        desk.keyring_child("child_keeps_the_key")?;
        Ok(desk)
    }

    /// Runs one of this program's ignored tests with the desk's keyring.
    fn keyring_child(&self, test: &str) -> Result<()> {
        let done = Command::new(env::current_exe()?)
            .args([&format!("records::{test}"), "--exact", "--ignored"])
            .envs(self.keyring.env())
            .output()?;
        let said = String::from_utf8_lossy(&done.stdout);
        ensure!(done.status.success() && said.contains("1 passed"), "{said}");
        Ok(())
    }

    fn without_key() -> Result<Self> {
        let desk = Self { folder: tempfile::tempdir()?, keyring: Keyring::start()? };
        fs::write(desk.path("desk.toml"), settings(&desk.path("data")))?;
        Ok(desk)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn store_folder(&self) -> PathBuf {
        self.path("data").join("store")
    }

    /// The store as the program opens it.
    pub(crate) fn store(&self) -> Result<Store> {
        fs::create_dir_all(self.path("data"))?;
        Ok(Store::open(&self.store_folder(), &key())?)
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command.env("IDENTPLATZ_SETTINGS", self.path("desk.toml")).envs(self.keyring.env());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Ran> {
        finish(start(&mut self.command(arguments))?)
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> Result<Ran> {
        run_command_with_input(&mut self.command(arguments), input.as_bytes())
    }

    pub(crate) fn backup(&self, name: &str) -> Result<Ran> {
        let file = self.path(name);
        self.run_with(&["backup", text(&file)?, "--passphrase", "-", "--json"], PASSPHRASE)
    }

    fn restore(&self, name: &str, more: &[&str], passphrase: &str) -> Result<Ran> {
        let file = self.path(name);
        self.run_with(&[&["restore", text(&file)?, "--passphrase", "-", "--json"], more].concat(), passphrase)
    }
}

#[test]
#[ignore = "runs as a child with a keyring"]
fn child_keeps_the_key() -> Result<()> {
    Ok(Vault::open(DESK_SERVICE)?.set(SecretName::DatabaseKey, &Secret::new(KEY.to_vec())?)?)
}

const IDENTITY: [SecretName; 2] = [SecretName::DeskPrivateKey, SecretName::NextDeskPrivateKey];

#[test]
#[ignore = "runs as a child with a keyring"]
fn child_keeps_an_identity() -> Result<()> {
    let vault = Vault::open(DESK_SERVICE)?;
    Ok(IDENTITY.into_iter().try_for_each(|name| vault.set(name, &Secret::new(vec![7])?))?)
}

#[test]
#[ignore = "runs as a child with a keyring"]
fn child_finds_an_identity() -> Result<()> {
    let vault = Vault::open(DESK_SERVICE)?;
    for name in IDENTITY {
        ensure!(vault.get(name)?.is_some(), "{name:?} is gone");
    }
    Ok(())
}

/// And the key of the database, which is another one, still.
#[test]
#[ignore = "runs as a child with a keyring"]
fn child_finds_no_identity() -> Result<()> {
    let vault = Vault::open(DESK_SERVICE)?;
    ensure!(vault.get(SecretName::DatabaseKey)?.is_some());
    for name in IDENTITY {
        ensure!(vault.get(name)?.is_none(), "{name:?} is there");
    }
    Ok(())
}

#[allow(clippy::unwrap_used, reason = "a key of the right length")]
pub(crate) fn key() -> DatabaseKey {
    DatabaseKey::new(&KEY).unwrap()
}

/// Changes the database as somebody with its key would.
pub(crate) fn tamper(database: &Path, sql: &str) -> Result<()> {
    let raw = rusqlite::Connection::open(database)?;
    raw.execute_batch(&format!("PRAGMA key = \"x'{}'\"; {sql}", hex::encode(KEY)))?;
    Ok(())
}

#[allow(clippy::unwrap_used, reason = "a moment within range")]
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_762_070_400 + seconds).unwrap()
}

pub(crate) fn settings(data_dir: &Path) -> String {
    format!(
        r#"profile = "beispielkasse"
        place = "Hamburg-Altona"
        desk = "Platz 3"
        data_dir = "{}"
        [service]
        url = "https://accounts.beispielkasse.example"
        ca_certificate = "/etc/identplatz/service-ca.pem"
        [printer]
        uri = "ipps://printer.example/ipp/print"
        name = "Platz 3"
        [staff]
        accounts = "/etc/identplatz/staff.toml""#,
        data_dir.display()
    )
}

pub(crate) fn scope(number: u128) -> Scope {
    Scope::Concern(ConcernId::new(Uuid::from_u128(number)))
}

/// An event and an outbox row of concern `number`.
pub(crate) fn write(store: &Store, number: u128) -> Result<()> {
    let record = Record {
        id: Uuid::from_u128(0x100 + number),
        scope: scope(number),
        kind: "tested",
        version: 1,
        body: Zeroizing::new(b"body".to_vec()),
    };
    let row = OutboxRecord {
        id: Uuid::from_u128(0x200 + number),
        scope: scope(number),
        kind: "void",
        payload: Zeroizing::new(PAYLOAD.as_bytes().to_vec()),
        link: None,
    };
    let visit = VisitId::new(Uuid::from_u128(0x300 + number));
    let batch =
        Batch { visit, at: at(0), records: vec![record], outbox: vec![row], visit_row: None, erase: vec![] };
    let mut next = u8::try_from(number)?;
    store.append(batch, &mut |bytes| {
        for byte in bytes {
            next = next.wrapping_mul(5).wrapping_add(7);
            *byte = next;
        }
    })?;
    Ok(())
}

#[test]
fn the_journal_of_a_running_desk_is_verified() -> Result<()> {
    let desk = Desk::new()?;
    let store = desk.store()?;
    write(&store, 1)?;
    write(&store, 2)?;
    let ran = desk.run(&["journal", "verify", "--json"])?;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let json = ran.json()?;
    assert_eq!((&json["journal"]["chain"], &json["journal"]["entries"]), (&json!("intact"), &json!(2)));
    assert_eq!((&json["access_log"]["chain"], &json["access_log"]["entries"]), (&json!("intact"), &json!(0)));
    assert!(desk.run(&["journal", "verify"])?.out.contains("Journal: unversehrt, 2 Einträge, letzter Nr. 2"));
    // The desk goes on.
    write(&store, 3)
}

#[test]
fn what_is_wrong_with_the_records_or_their_key_has_a_code_of_its_own() -> Result<()> {
    let mut desk = Desk::without_key()?;
    let verify = |desk: &Desk| desk.run(&["journal", "verify", "--json"])?.error();
    assert_eq!(verify(&desk)?, ("database_key_lost".to_owned(), Some(13)));
    desk = Desk::new()?;
    assert_eq!(verify(&desk)?, ("store_missing".to_owned(), Some(12)));
    drop(desk.store()?);
    assert_eq!(desk.run(&["journal", "verify"])?.code, Some(0));
    desk.keyring.lock()?;
    assert_eq!(verify(&desk)?, ("keyring_locked".to_owned(), Some(13)));
    desk.keyring.unlock()?;

    let database = desk.store_folder().join("identplatz.db");
    let mut bytes = fs::read(&database)?;
    bytes[100] ^= 1;
    fs::write(&database, &bytes)?;
    assert_eq!(verify(&desk)?, ("store_damaged".to_owned(), Some(12)));
    assert!(database.exists(), "verifying moves nothing aside");

    let other = Desk::new()?;
    drop(Store::open(&desk.path("other"), &DatabaseKey::new(&[7; 32]).context("a key")?)?);
    fs::create_dir_all(other.path("data"))?;
    fs::rename(desk.path("other"), other.store_folder())?;
    assert_eq!(verify(&other)?, ("database_key_wrong".to_owned(), Some(13)));
    let mut nowhere = command(&["journal", "verify", "--json"]);
    let ran = finish(start(nowhere.env("IDENTPLATZ_SETTINGS", other.path("none.toml")))?)?;
    assert_eq!(ran.error()?, ("settings_unusable".to_owned(), Some(11)));
    Ok(())
}

#[test]
fn a_machine_without_a_keyring_says_so() -> Result<()> {
    let desk = Desk::new()?;
    let mut command = command(&["journal", "verify", "--json"]);
    command.env("IDENTPLATZ_SETTINGS", desk.path("desk.toml"));
    for variable in ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY"] {
        command.env_remove(variable);
    }
    command.env("XDG_RUNTIME_DIR", desk.path("nothing"));
    assert_eq!(finish(start(&mut command)?)?.error()?, ("keyring_unavailable".to_owned(), Some(13)));
    Ok(())
}

#[test]
fn a_backup_beside_a_running_desk_is_restored_without_what_was_erased_since() -> Result<()> {
    let desk = Desk::new()?;
    let store = desk.store()?;
    write(&store, 1)?;
    write(&store, 2)?;
    let made = desk.backup("desk.backup")?;
    assert_eq!(made.code, Some(0), "{made:?}");
    assert_eq!((&made.json()?["events"], &made.json()?["head"]), (&json!(2), &json!(2)));
    assert_eq!(fs::metadata(desk.path("desk.backup"))?.permissions().mode() & 0o777, 0o600);
    assert_eq!(desk.backup("desk.backup")?.error()?, ("target_exists".to_owned(), Some(14)));
    store.erase(scope(1), at(1))?;

    assert_eq!(desk.restore("desk.backup", &[], PASSPHRASE)?.error()?, ("store_in_use".to_owned(), Some(12)));
    drop(store);
    assert_eq!(desk.restore("desk.backup", &[], PASSPHRASE)?.error()?, ("store_exists".to_owned(), Some(14)));
    fs::remove_dir_all(desk.store_folder())?;
    let wrong = desk.restore("desk.backup", &[], "somebody else's words")?;
    assert_eq!(wrong.error()?, ("backup_wrong_key".to_owned(), Some(14)));
    assert_eq!(
        desk.restore("desk.backup", &["--erasures-lost"], PASSPHRASE)?.error()?,
        ("store_exists".to_owned(), Some(14)),
        "the list lies there"
    );
    let restored = desk.restore("desk.backup", &[], PASSPHRASE)?;
    assert_eq!(restored.code, Some(0), "{restored:?}");
    assert_eq!((&restored.json()?["erased"], &restored.json()?["waiting"]), (&json!(1), &json!(1)));
    let bodies: Vec<bool> = [1, 2]
        .map(|number| desk.store()?.events(VisitId::new(Uuid::from_u128(0x300 + number))).map_err(Into::into))
        .into_iter()
        .map(|events: Result<_>| Ok(events?.first().is_some_and(|it| it.body.is_some())))
        .collect::<Result<_>>()?;
    assert_eq!(bodies, [false, true]);
    Ok(())
}

/// The restored records are an older place in what the account service knows of the desk.
#[test]
fn a_restored_desk_has_no_identity_left_and_is_enrolled_anew() -> Result<()> {
    let desk = Desk::new()?;
    write(&desk.store()?, 1)?;
    assert_eq!(desk.backup("desk.backup")?.code, Some(0));
    desk.keyring_child("child_keeps_an_identity")?;
    let certificates =
        ["desk-certificate.pem", "desk-certificate.next.pem"].map(|it| desk.path("data").join(it));
    for file in &certificates {
        fs::write(file, "a certificate")?;
    }
    let refused = desk.restore("desk.backup", &[], PASSPHRASE)?;
    assert_eq!(refused.error()?, ("store_exists".to_owned(), Some(14)));
    fs::remove_dir_all(desk.store_folder())?;
    let refused = desk.restore("desk.backup", &[], "another passphrase")?;
    assert_eq!(refused.error()?, ("backup_wrong_key".to_owned(), Some(14)));
    assert!(certificates.iter().all(|file| file.exists()), "nothing was restored");
    desk.keyring_child("child_finds_an_identity")?;

    let file = desk.path("desk.backup");
    let arguments = ["restore", text(&file)?, "--passphrase", "-"];
    let restored = desk.run_with(&arguments, PASSPHRASE)?;
    assert_eq!(restored.code, Some(0), "{restored:?}");
    assert!(restored.out.contains("Schlüssel und Zertifikat des Platzes sind entfernt."), "{restored:?}");
    assert!(restored.out.contains("neues Einmal-Token"), "{restored:?}");
    assert!(!certificates.iter().any(|file| file.exists()));
    desk.keyring_child("child_finds_no_identity")?;
    drop(desk.store()?);

    fs::remove_dir_all(desk.store_folder())?;
    let again = desk.restore("desk.backup", &[], PASSPHRASE)?;
    assert_eq!(again.json()?["identity_removed"], json!(false));
    fs::remove_dir_all(desk.store_folder())?;
    fs::write(&certificates[1], "the next certificate")?;
    let again = desk.restore("desk.backup", &[], PASSPHRASE)?;
    assert_eq!(again.json()?["identity_removed"], json!(true));
    Ok(())
}

/// The old machine is gone: its keyring, its disk, its list.
#[test]
fn a_backup_is_restored_on_a_new_machine_under_a_key_of_its_own() -> Result<()> {
    let old = Desk::new()?;
    write(&old.store()?, 1)?;
    assert_eq!(old.backup("desk.backup")?.code, Some(0));
    let list = ErasureList::beside(&old.store_folder());
    let new = Desk::without_key()?;
    fs::copy(old.path("desk.backup"), new.path("desk.backup"))?;
    assert_eq!(
        new.restore("desk.backup", &[], PASSPHRASE)?.error()?,
        ("erasures_needed".to_owned(), Some(14))
    );
    let missing = new.path("nowhere");
    assert_eq!(
        new.restore("desk.backup", &["--erasures", text(&missing)?], PASSPHRASE)?.error()?,
        ("erasures_incomplete".to_owned(), Some(14))
    );
    let restored = new.restore("desk.backup", &["--erasures", text(&list)?], PASSPHRASE)?;
    assert_eq!(restored.code, Some(0), "{restored:?}");
    assert_eq!(new.run(&["journal", "verify"])?.code, Some(0), "with the key that it made");
    assert!(Store::open(&new.store_folder(), &key()).is_err(), "which isn't the old one");
    Ok(())
}

#[test]
fn with_the_list_lost_what_the_service_has_is_gone() -> Result<()> {
    let old = Desk::new()?;
    write(&old.store()?, 1)?;
    assert_eq!(old.backup("desk.backup")?.code, Some(0));
    let new = Desk::without_key()?;
    fs::copy(old.path("desk.backup"), new.path("desk.backup"))?;
    let restored = new.restore("desk.backup", &["--erasures-lost"], PASSPHRASE)?;
    assert_eq!((restored.code, &restored.json()?["waiting"]), (Some(0), &json!(1)));
    Ok(())
}

#[test]
fn what_is_no_passphrase_is_refused_and_not_repeated() -> Result<()> {
    let desk = Desk::new()?;
    drop(desk.store()?);
    let file = desk.path("desk.backup");
    let short = desk.run_with(&["backup", text(&file)?, "--passphrase", "-", "--json"], "elf Zeichen")?;
    assert_eq!(short.error()?, ("not_a_passphrase".to_owned(), Some(14)));
    assert!(!short.out.contains("elf Zeichen"));
    let typed = desk.run(&["backup", text(&file)?, "--passphrase", PASSPHRASE, "--json"])?;
    assert_eq!(typed.error()?, ("usage".to_owned(), Some(2)));
    assert!(!typed.out.contains(PASSPHRASE));
    assert_eq!(desk.run(&["backup", text(&file)?])?.code, Some(2), "a key has to be named");
    assert!(!file.exists());
    assert_eq!(desk.run(&["backup", text(&file)?, "--desk-key"])?.code, Some(0));
    Ok(())
}

#[test]
fn at_a_terminal_a_new_passphrase_is_asked_for_twice_and_never_shown() -> Result<()> {
    let desk = Desk::new()?;
    drop(desk.store()?);
    let file = desk.path("desk.backup");
    let arguments = ["backup", text(&file)?, "--passphrase", "-"];
    let lines = [("Sicherung: ", PASSPHRASE), ("wiederholen: ", "Amsel, Buntspecht und Specht")];
    let (ran, shown) = type_at_terminal_of(desk.command(&arguments), &lines)?;
    assert_eq!((ran.code, shown.contains("Buntspecht")), (Some(14), false), "{ran:?}");
    let lines = [("Sicherung: ", PASSPHRASE), ("wiederholen: ", PASSPHRASE)];
    let (ran, shown) = type_at_terminal_of(desk.command(&arguments), &lines)?;
    assert_eq!((ran.code, shown.contains("Buntspecht")), (Some(0), false), "{ran:?}");
    Ok(())
}

#[test]
fn the_outbox_is_told_and_exported_sealed() -> Result<()> {
    let desk = Desk::new()?;
    let store = desk.store()?;
    write(&store, 1)?;
    write(&store, 2)?;
    let json = desk.run(&["outbox", "--json"])?.json()?;
    assert_eq!((&json["waiting"], &json["refused"], &json["tasks"]), (&json!(2), &json!(0), &json!([])));
    assert_eq!(json["oldest"], at(0).to_string());
    assert!(desk.run(&["outbox"])?.out.contains("Noch zu übermitteln: 2"));

    let file = desk.path("export.jwe");
    let export = |more: &[&str]| desk.run(&[&["outbox", "--export", text(&file)?, "--json"], more].concat());
    assert_eq!(export(&[])?.error()?, ("recovery_key_needed".to_owned(), Some(12)));
    store.keep(KeptName::RecoveryKey, RECOVERY_KEY.as_bytes(), at(0))?;
    let exported = export(&[])?.json()?;
    let expected = json!({ "export": { "records": 2, "lost": 0, "sealed_to": "recovery-1" } });
    assert_eq!(exported, expected);
    let jwe = fs::read_to_string(&file)?;
    assert_eq!(jwe.split('.').count(), 5);
    assert!(!jwe.contains("Buntspecht"));
    assert_eq!(fs::metadata(&file)?.permissions().mode() & 0o777, 0o600);
    assert_eq!(export(&[])?.error()?, ("not_written".to_owned(), Some(1)), "never over another file");
    Ok(())
}

#[test]
fn the_outbox_of_a_database_that_was_moved_aside_is_exported() -> Result<()> {
    let desk = Desk::new()?;
    write(&desk.store()?, 1)?;
    let aside = desk.path("data").join("store.quarantine-1");
    fs::rename(desk.store_folder(), &aside)?;
    let (file, key) = (desk.path("export.jwe"), desk.path("recovery.jwk"));
    fs::write(&key, RECOVERY_KEY)?;
    let arguments = ["outbox", "--export", text(&file)?, "--quarantined", text(&aside)?, "--json"];
    assert_eq!(desk.run(&arguments)?.error()?.0, "recovery_key_needed");
    let ran = desk.run(&[&arguments[..], &["--recovery-key", text(&key)?]].concat())?;
    assert_eq!(ran.json()?["export"]["records"], 1, "{ran:?}");
    Ok(())
}

#[test]
fn an_access_report_tells_roles_and_is_an_access_itself() -> Result<()> {
    let desk = Desk::new()?;
    let store = desk.store()?;
    let kvnr = Kvnr::parse(KVNR)?;
    let subject = store.subject_ref(Subject::Insured(&kvnr), &mut |bytes| bytes.fill(7))?;
    let access = store.log_access(AccessEntry {
        at: at(0),
        staff: OperatorId::new("s-4711").context("an id")?,
        role: AccessRole::Clerk,
        place: "Platz 3".to_owned(),
        subject,
        reason: AccessReason::CardInserted,
        kind: AccessKind::LookUp,
    })?;
    store.log_result(access, AccessResult::Shown, at(0))?;
    let report =
        |number: &str| desk.run_with(&["access-report", "--kvnr", "-", "--staff", "dpo-1", "--json"], number);
    assert_eq!(report(KVNR)?.error()?, ("store_in_use".to_owned(), Some(12)));
    drop(store);
    assert_eq!(report("B234567896")?.error()?, ("not_a_kvnr".to_owned(), Some(15)));
    let first = report(KVNR)?;
    assert_eq!(first.code, Some(0), "{first:?}");
    let accesses = &first.json()?["accesses"];
    assert_eq!(accesses[0]["role"], "clerk");
    assert_eq!((&accesses[0]["reason"], &accesses[0]["result"]), (&json!("card_inserted"), &json!("shown")));
    assert!(!first.out.contains("s-4711") && !first.out.contains(KVNR), "roles, no names");
    let second = report(KVNR)?.json()?;
    assert_eq!(second["accesses"][1]["kind"], "report");
    assert_eq!(second["accesses"][1]["role"], "administrator");
    let typed = desk.run(&["access-report", "--kvnr", KVNR, "--staff", "dpo-1", "--json"])?;
    assert_eq!(typed.error()?, ("usage".to_owned(), Some(2)));
    Ok(())
}

/// Whoever has key and account can change the database; the chain shows it.
#[test]
fn a_changed_event_is_named_with_code_41() -> Result<()> {
    let desk = Desk::new()?;
    let store = desk.store()?;
    write(&store, 1)?;
    write(&store, 2)?;
    drop(store);
    let sql = "DROP TRIGGER journal_is_never_changed; UPDATE journal SET at_us = at_us + 1 WHERE seq = 2;";
    tamper(&desk.store_folder().join("identplatz.db"), sql)?;
    let ran = desk.run(&["journal", "verify", "--json"])?;
    assert_eq!(ran.code, Some(41), "{ran:?}");
    assert_eq!(ran.json()?["journal"], json!({ "chain": "broken", "seq": 2, "reason": "content" }));
    assert!(
        desk.run(&["journal", "verify"])?.out.contains("Journal: GEBROCHEN bei Nr. 2: er wurde verändert")
    );
    let backup = desk.backup("desk.backup")?;
    assert_eq!(backup.error()?, ("journal_broken".to_owned(), Some(41)));
    Ok(())
}
