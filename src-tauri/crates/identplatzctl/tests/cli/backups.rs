//! Backups by schedule and by hand: where they go, which old ones go, how they are broken off; and what `doctor` says of the
//! records.

use std::{fs, io::Read, os::unix::fs::PermissionsExt, path::Path, process::Command};

use anyhow::{Context, Result};
use identification::{OperatorId, VisitId};
use jiff::{SignedDuration, Timestamp};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use store::{Batch, Record, Store, VisitRow, VisitState};
use uuid::Uuid;
use workshop::process::wait_until;
use zeroize::Zeroizing;

use crate::{
    records::{Desk, RECOVERY_KEY, at, key, scope, write},
    support::{DEADLINE, finish, start, text},
};

/// More pages than are copied before anybody can interrupt.
const MANY: u128 = 240;

#[allow(clippy::disallowed_methods, reason = "the program under test asks the same clock")]
fn days_ago(days: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_hours(24 * days)
}

/// What the program calls a backup of this desk.
fn name(begun: Timestamp) -> String {
    format!("identplatz-hamburg-altona+platz_3-{}.backup", begun.strftime("%Y%m%dT%H%M%SZ"))
}

fn files(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().into_string().ok().context("a name that is no text")?);
    }
    names.sort();
    Ok(names)
}

/// A folder with a backup that is older than the profile keeps records, two that aren't, and files that are none of ours.
fn with_old_backups(desk: &Desk) -> Result<std::path::PathBuf> {
    let (folder, first) = (desk.path("backups"), desk.path("first.backup"));
    fs::create_dir(&folder)?;
    assert_eq!(desk.run(&["backup", text(&first)?, "--desk-key"])?.code, Some(0));
    for days in [1, 3, 20] {
        fs::copy(&first, folder.join(name(days_ago(days))))?;
    }
    let with_passphrase = desk.path("other.backup");
    assert_eq!(desk.backup("other.backup")?.code, Some(0));
    fs::rename(with_passphrase, folder.join(name(days_ago(30))))?;
    fs::copy(&first, folder.join("identplatz-hamburg-altona+platz_33-20200101T000000Z.backup"))?;
    fs::copy(&first, folder.join("my.backup"))?;
    let this_morning = days_ago(0) - SignedDuration::from_hours(12);
    for begun in [this_morning, days_ago(2)] {
        fs::write(folder.join(format!("{}.unfinished", name(begun))), "half")?;
    }
    Ok(folder)
}

#[test]
fn in_a_folder_a_backup_gets_a_name_and_those_past_retention_go() -> Result<()> {
    let desk = Desk::new()?;
    let store = desk.store()?;
    write(&store, 1)?;
    let folder = with_old_backups(&desk)?;
    let (old, half) = (name(days_ago(20)), format!("{}.unfinished", name(days_ago(2))));
    let before = files(&folder)?;
    let ran = desk.run(&["backup", text(&folder)?, "--desk-key", "--json"])?;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let json = ran.json()?;
    let made = Path::new(json["file"].as_str().context("a file")?);
    let made_name = made.file_name().and_then(|it| it.to_str()).context("a name")?;
    assert!(made_name.starts_with("identplatz-hamburg-altona+platz_3-2") && made_name.ends_with("Z.backup"));
    assert_eq!(fs::metadata(made)?.permissions().mode() & 0o777, 0o600);

    // Days may have turned over, names not: they were made before.
    let gone = |part: &str| before.iter().filter(|it| it.starts_with(part)).count();
    assert_eq!((gone(&old[..43]), gone(&half[..43])), (1, 1), "{before:?}");
    let after = files(&folder)?;
    assert_eq!(after.len(), before.len() + 1 - 2, "{after:?}");
    let deleted: Vec<_> = before.iter().filter(|it| !after.contains(it)).collect();
    assert_eq!(json["deleted"].as_array().map(Vec::len), Some(2), "{json}");
    assert!(deleted.iter().any(|it| it.starts_with(&old[..43])), "{deleted:?}");
    assert!(deleted.iter().any(|it| it.starts_with(&half[..43])), "{deleted:?}");
    assert_eq!(json["left"][0]["reason"], "other_key", "{json}");
    assert_eq!(json["left"].as_array().map(Vec::len), Some(1), "{json}");
    let said = desk.run(&["backup", text(&desk.path("again.backup"))?, "--desk-key"])?.out;
    assert!(said.contains("auf demselben Datenträger"), "{said}");
    assert_eq!(files(&folder)?, after, "a file of one's own name touches no other");
    Ok(())
}

#[test]
fn no_more_backups_are_kept_than_were_asked_for() -> Result<()> {
    let desk = Desk::new()?;
    drop(desk.store()?);
    let folder = with_old_backups(&desk)?;
    let file = desk.path("one.backup");
    let refused = desk.run(&["backup", text(&file)?, "--desk-key", "--keep", "2", "--json"])?;
    assert_eq!(refused.error()?, ("usage".to_owned(), Some(2)));
    assert_eq!(desk.run(&["backup", text(&folder)?, "--desk-key", "--keep", "0"])?.code, Some(2));
    let ran = desk.run(&["backup", text(&folder)?, "--desk-key", "--keep", "2"])?;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let kept = files(&folder)?;
    let ours: Vec<_> = kept
        .iter()
        .filter(|it| it.starts_with("identplatz-hamburg-altona+platz_3-") && it.ends_with(".backup"))
        .collect();
    // The new one, the one of yesterday, and the one that another key opens.
    assert_eq!(ours.len(), 3, "{kept:?}");
    assert!(ran.out.contains("Löschen Sie die Datei von Hand"), "{ran:?}");
    Ok(())
}

/// The new one couldn't be made: nothing goes.
#[test]
fn old_backups_stay_when_the_new_one_fails() -> Result<()> {
    let desk = Desk::new()?;
    write(&desk.store()?, 1)?;
    let folder = with_old_backups(&desk)?;
    let before = files(&folder)?;
    crate::records::tamper(
        &desk.store_folder().join("identplatz.db"),
        "DROP TRIGGER journal_is_never_changed; UPDATE journal SET at_us = at_us + 1 WHERE seq = 1;",
    )?;
    let ran = desk.run(&["backup", text(&folder)?, "--desk-key", "--keep", "1", "--json"])?;
    assert_eq!(ran.error()?, ("journal_broken".to_owned(), Some(41)));
    assert_eq!(files(&folder)?, before);
    Ok(())
}

#[test]
fn a_place_that_is_none_for_a_backup_is_named() -> Result<()> {
    let desk = Desk::new()?;
    write(&desk.store()?, 1)?;
    let to = |file: &Path| desk.run(&["backup", text(file)?, "--desk-key", "--json"])?.error();
    let named = |code: &str| (code.to_owned(), Some(14));
    assert_eq!(to(&desk.path("nowhere/desk.backup"))?, named("target_folder_missing"));
    assert_eq!(to(&desk.store_folder())?, named("target_in_store"));
    assert_eq!(to(&desk.store_folder().join("desk.backup"))?, named("target_in_store"));
    // Nobody makes files there, not even root.
    assert_eq!(to(Path::new("/sys/desk.backup"))?, named("target_read_only"));
    Ok(())
}

#[test]
fn a_full_disk_of_a_backup_is_named_and_left_empty() -> Result<()> {
    let desk = Desk::new()?;
    let store = desk.store()?;
    write(&store, 1)?;
    let small = desk.path("small");
    fs::create_dir(&small)?;
    let namespace = ["--user", "--map-root-user", "--mount"];
    if !Command::new("unshare").args(namespace).arg("true").status()?.success() {
        println!("skipped: this machine doesn't allow user namespaces");
        return Ok(());
    }
    let script = "mount -t tmpfs -o size=64k tmpfs \"$1\"; \"$2\" backup \"$1/desk.backup\" --desk-key --json || code=$?
                  ls -A \"$1\" >&2; exit $code";
    let mut command = desk.command(&[]);
    let program = command.get_program().to_owned();
    let environment: Vec<_> =
        command.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
    command = Command::new("unshare");
    command.args(namespace).args(["sh", "-ec", script, "sh", text(&small)?]).arg(program);
    for (name, value) in environment {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let ran = finish(start(&mut command)?)?;
    assert_eq!(ran.error()?, ("target_full".to_owned(), Some(14)), "{ran:?}");
    assert_eq!(ran.err, "", "nothing half is left");
    Ok(())
}

/// Several thousand pages.
fn a_large_store(desk: &Desk) -> Result<Store> {
    let store = desk.store()?;
    for number in 1..=MANY / 20 {
        let records = (0..20).map(|of| Record {
            id: Uuid::from_u128(number << 8 | of),
            scope: scope(1),
            kind: "tested",
            version: 1,
            body: Zeroizing::new(vec![7; 30_000]),
        });
        let visit = VisitId::new(Uuid::from_u128(0x301));
        let operator = OperatorId::new("s-4711").context("an id")?;
        let visit_row = VisitRow {
            state: VisitState::Open,
            operator,
            opened_at: at(0),
            changed_at: at(0),
            review: None,
            delete_after: None,
            held: None,
        };
        let batch = Batch {
            visit,
            at: at(0),
            records: records.collect(),
            outbox: vec![],
            visit_row: Some(visit_row),
            erase: vec![],
        };
        let mut next = u8::try_from(number)?;
        store.append(batch, &mut |bytes| {
            for byte in bytes {
                next = next.wrapping_mul(5).wrapping_add(7);
                *byte = next;
            }
        })?;
    }
    Ok(store)
}

#[test]
fn ctrl_c_breaks_a_backup_and_a_restoration_off_and_leaves_nothing_half() -> Result<()> {
    let desk = Desk::new()?;
    let store = a_large_store(&desk)?;
    let folder = desk.path("backups");
    fs::create_dir(&folder)?;
    let mut child = start(&mut desk.command(&["backup", text(&folder)?, "--desk-key", "--json"]))?;
    wait_until("the backup is being made", DEADLINE, || {
        files(&folder).is_ok_and(|names| names.iter().any(|it| it.ends_with(".unfinished")))
    })?;
    kill_process(Pid::from_child(&child), Signal::INT)?;
    let ran = finish(child)?;
    assert_eq!(ran.error()?, ("cancelled".to_owned(), Some(130)), "{ran:?}");
    assert!(files(&folder)?.is_empty(), "nothing half is left");

    let file = desk.path("desk.backup");
    assert_eq!(desk.run(&["backup", text(&file)?, "--desk-key"])?.code, Some(0));
    drop(store);
    fs::remove_dir_all(desk.store_folder())?;
    child = start(&mut desk.command(&["restore", text(&file)?, "--desk-key", "--json"]))?;
    wait_until("the backup is being restored", DEADLINE, || desk.path("data/store.restoring").exists())?;
    kill_process(Pid::from_child(&child), Signal::TERM)?;
    let ran = finish(child)?;
    assert_eq!(ran.error()?, ("cancelled".to_owned(), Some(130)), "{ran:?}");
    let left = files(&desk.path("data"))?;
    assert!(
        left.iter().all(|it| ["store.lock", "store.erasures", "store.backed-up"].contains(&it.as_str())),
        "{left:?}"
    );
    assert_eq!(desk.run(&["restore", text(&file)?, "--desk-key"])?.code, Some(0));
    Ok(())
}

/// Standard error is a log then: nothing at all, or lines.
#[test]
fn a_scheduled_backup_says_little_on_standard_error() -> Result<()> {
    let desk = Desk::new()?;
    write(&desk.store()?, 1)?;
    let file = desk.path("desk.backup");
    let mut child = start(&mut desk.command(&["backup", text(&file)?, "--desk-key", "--json"]))?;
    let mut err = String::new();
    child.stderr.take().context("standard error")?.read_to_string(&mut err)?;
    assert_eq!(finish(child)?.code, Some(0));
    let notes: Vec<_> = err.lines().filter(|line| !line.contains("Werkstatt")).collect();
    let phases = ["Kopieren", "Prüfen", "Fertigstellen"];
    assert!(notes.iter().all(|line| phases.iter().any(|phase| line.starts_with(phase))), "{err}");
    assert!(!err.contains('\r'), "no terminal's line");
    Ok(())
}

fn doctor(desk: &Desk) -> Result<(Value, Vec<String>)> {
    let mut json = desk.run(&["doctor", "--json"])?.json()?;
    let codes = json["findings"].as_array().context("findings")?.iter();
    let codes = codes.filter_map(|it| it["code"].as_str().map(ToOwned::to_owned)).collect();
    Ok((json["records"].take(), codes))
}

#[test]
fn doctor_tells_the_state_of_the_records() -> Result<()> {
    let mut desk = Desk::new()?;
    let (absent, codes) = doctor(&desk)?;
    assert_eq!((&absent["condition"], &absent["bytes"]), (&json!("absent"), &json!(0)));
    assert!(!codes.contains(&"records_unusable".to_owned()), "{codes:?}");

    let store = desk.store()?;
    write(&store, 1)?;
    let (healthy, codes) = doctor(&desk)?;
    assert_eq!((&healthy["condition"], &healthy["in_use"]), (&json!("healthy"), &json!(true)));
    let content = json!({ "undelivered": 1, "oldest": at(0).to_string(), "refused": 0, "checkpoint_at": null,
                          "unproven_erasures": 0 });
    assert_eq!(healthy["content"], content);
    assert!(healthy["bytes"].as_u64() > Some(4096), "{healthy}");
    assert_eq!(healthy["backed_up_at"], Value::Null);
    for code in ["backup_old", "undelivered_old"] {
        assert!(codes.contains(&code.to_owned()), "{codes:?}");
    }
    assert_eq!(desk.backup("desk.backup")?.code, Some(0));
    let (backed_up, codes) = doctor(&desk)?;
    assert!(backed_up["backed_up_at"].as_str().is_some_and(|at| at.starts_with("20")), "{backed_up}");
    assert!(!codes.contains(&"backup_old".to_owned()), "{codes:?}");
    let said = desk.run(&["doctor"])?.out;
    assert!(said.contains("in Ordnung, in Benutzung") && said.contains("noch zu übermitteln 1"), "{said}");

    drop(store);
    desk.keyring.lock()?;
    let (locked, codes) = doctor(&desk)?;
    assert_eq!((&locked["condition"], &locked["content"]), (&json!("locked"), &Value::Null));
    assert!(codes.contains(&"records_unusable".to_owned()), "{codes:?}");
    desk.keyring.unlock()?;

    let database = desk.store_folder().join("identplatz.db");
    let mut bytes = fs::read(&database)?;
    bytes[100] ^= 1;
    fs::write(&database, &bytes)?;
    assert_eq!(doctor(&desk)?.0["condition"], "damaged");
    assert!(Store::open(&desk.store_folder(), &key()).is_err(), "moves it aside");
    let (quarantined, codes) = doctor(&desk)?;
    assert_eq!(quarantined["condition"], "absent");
    assert_eq!(quarantined["quarantined"].as_array().map(Vec::len), Some(1));
    assert!(codes.contains(&"records_quarantined".to_owned()), "{codes:?}");
    Ok(())
}

/// A new version was installed and not started yet, or records of an old one were moved aside.
#[test]
fn records_of_an_older_program_are_named_and_their_outbox_is_read_all_the_same() -> Result<()> {
    let desk = Desk::new()?;
    fs::create_dir_all(desk.store_folder())?;
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/src/tests/fixtures/schema-1.db");
    fs::copy(fixture, desk.store_folder().join("identplatz.db"))?;
    for arguments in [&["outbox", "--json"][..], &["journal", "verify", "--json"]] {
        assert_eq!(desk.run(arguments)?.error()?, ("store_older".to_owned(), Some(12)));
    }
    assert_eq!(desk.backup("desk.backup")?.error()?, ("store_older".to_owned(), Some(12)));
    assert_eq!(doctor(&desk)?.0["condition"], "older_schema");
    let (file, jwk) = (desk.path("export.jwe"), desk.path("recovery.jwk"));
    fs::write(&jwk, RECOVERY_KEY)?;
    let folder = desk.store_folder();
    let export =
        ["outbox", "--export", text(&file)?, "--recovery-key", text(&jwk)?, "--quarantined", text(&folder)?];
    let ran = desk.run(&[&export[..], &["--json"]].concat())?;
    // Both are read; as records they are of a form that is sent no more.
    assert_eq!(
        ran.json()?["export"],
        json!({ "records": 0, "lost": 2, "sealed_to": "recovery-1" }),
        "{ran:?}"
    );
    Ok(())
}
