use std::{
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

use serde_json::json;
use tempfile::TempDir;
use workshop::postgres::{self, Postgres};

use super::*;

/// Runs a test on a new database of either kind.
fn on_both(test: impl Fn(&Database)) {
    let dir = tempfile::tempdir().unwrap();
    test(&Database::open(&Storage::Folder, dir.path()).unwrap());
    if let Some(server) = postgres::shared() {
        test(&on_postgres(server));
    }
}

fn on_postgres(server: &Postgres) -> Database {
    Database::open(&Storage::Postgres(server.database().unwrap()), "".as_ref()).unwrap()
}

fn put(database: &Database, path: &str, desk: &str, body: &Json) -> Result<(), Problem> {
    database.put(path, desk, body, |_| Ok(json!({}))).map(|_| ())
}

fn count(transaction: &Transaction<'_>, table: &str) -> Result<u32, Problem> {
    let query = format!("SELECT count(*) AS rows FROM {table}");
    Ok(transaction.query_one(&query, params![], |row| row.get("rows"))?)
}

#[test]
fn an_effect_happens_once_however_often_it_is_asked_for() {
    on_both(|database| {
        let mut effects = 0;
        for round in 0..3 {
            let put = database.put("/x/1", "desk", &json!({"a": 1}), |_| {
                effects += 1;
                Ok(json!({ "effect": effects }))
            });
            let put = put.unwrap_or_else(|problem| panic!("{problem:?}"));
            assert_eq!((put.already, put.answer.as_str()), (round > 0, r#"{"effect":1}"#));
        }
        assert_eq!(effects, 1);
    });
}

#[test]
fn another_body_or_another_desk_under_the_same_id_is_refused() {
    on_both(|database| {
        assert_eq!(put(database, "/x/1", "desk", &json!({"a": 1})), Ok(()));
        assert_eq!(put(database, "/x/1", "desk", &json!({"a": 2})), Err(Problem::IdempotencyKeyReused));
        assert_eq!(put(database, "/x/1", "other", &json!({"a": 1})), Err(Problem::ForbiddenDesk));
    });
}

#[test]
fn an_effect_that_fails_leaves_nothing_behind() {
    on_both(|database| {
        let failed = database.put("/x/1", "desk", &json!({}), |transaction| {
            transaction.execute("INSERT INTO locked_accounts VALUES ('X110411675')", params![])?;
            Err(Problem::NotInsured)
        });
        assert_eq!(failed.err(), Some(Problem::NotInsured));
        let put = database
            .put("/x/1", "desk", &json!({}), |transaction| Ok(json!(count(transaction, "locked_accounts")?)));
        assert_eq!(put.unwrap_or_else(|problem| panic!("{problem:?}")).answer, "0");
    });
}

#[test]
fn one_delivery_made_on_many_connections_at_once_has_one_effect() {
    const DELIVERIES: usize = 20;
    const AT_ONCE: usize = 12;
    on_both(|database| {
        let fresh = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    for delivery in 0..DELIVERIES {
                        let put = database.put(&format!("/x/{delivery}"), "desk", &delivery, |transaction| {
                            let effect = "INSERT INTO lookups (at, desk, operation) VALUES (0, 'desk', $1)";
                            transaction.execute(effect, params![delivery.to_string()])?;
                            Ok(json!(count(transaction, "lookups")?))
                        });
                        let put = put.unwrap_or_else(|problem| panic!("{problem:?}"));
                        fresh.fetch_add(u32::from(!put.already), Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(fresh.into_inner(), u32::try_from(DELIVERIES).unwrap());
        let of_each = database.read(|transaction| {
            let query = "SELECT count(*) AS effects FROM lookups GROUP BY operation";
            Ok(transaction.query(query, params![], |row| row.get::<u32>("effects"))?)
        });
        assert_eq!(of_each, Ok(vec![1; DELIVERIES]));
    });
}

#[test]
fn running_numbers_that_are_drawn_at_once_have_no_gaps_and_no_doubles() {
    const EACH: u32 = 10;
    on_both(|database| {
        let numbers =
            "CREATE TABLE numbers (desk TEXT NOT NULL, seq BIGINT NOT NULL, PRIMARY KEY (desk, seq))";
        database.transaction(|transaction| Ok(transaction.execute(numbers, params![])?)).unwrap();
        let draw = |transaction: &Transaction<'_>| {
            let next = "SELECT coalesce(max(seq), 0) + 1 AS next FROM numbers WHERE desk = $1";
            let next: i64 = transaction.query_one(next, params!["desk"], |row| row.get("next"))?;
            transaction.execute("INSERT INTO numbers (desk, seq) VALUES ($2, $1)", params![next, "desk"])?;
            Ok(())
        };
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..EACH).for_each(|_| database.transaction(draw).unwrap()));
            }
        });
        let drawn = database.read(|transaction| {
            let query = "SELECT seq FROM numbers ORDER BY seq";
            Ok(transaction.query(query, params![], |row| row.get::<u32>("seq"))?)
        });
        assert_eq!(drawn, Ok((1..=8 * EACH).collect()));
    });
}

#[test]
fn nobody_acts_on_what_another_one_is_just_changing() {
    on_both(|database| {
        // Of two who may go only while the other one stays, one stays: "write skew" (Berenson et al. 1995, A5B), which
        // snapshots alone allow.
        for round in 0..10 {
            let (one, other) = (format!("one {round}"), format!("other {round}"));
            let both = std::sync::Barrier::new(2);
            let go = |who: &str, whom: &str| {
                let mut first = true;
                database.transaction(|transaction| {
                    let gone = "SELECT 1 FROM locked_accounts WHERE kvnr = $1";
                    let alone = transaction.exists(gone, params![whom])?;
                    if std::mem::take(&mut first) && database.readers.is_none() {
                        both.wait();
                    }
                    if !alone {
                        transaction.execute("INSERT INTO locked_accounts VALUES ($1)", params![who])?;
                    }
                    Ok(!alone)
                })
            };
            let gone = thread::scope(|scope| {
                let other_goes = scope.spawn(|| go(&other, &one));
                [go(&one, &other), other_goes.join().unwrap()]
            });
            assert_eq!(gone.iter().filter(|gone| **gone == Ok(true)).count(), 1, "{gone:?}");
        }
    });
}

#[test]
fn what_only_reads_can_not_write() {
    on_both(|database| {
        let written = database.read(|transaction| {
            Ok(transaction.execute("INSERT INTO locked_accounts VALUES ('X110411675')", params![])?)
        });
        assert_eq!(written, Err(Problem::Internal));
        assert_eq!(database.read(|transaction| count(transaction, "locked_accounts")), Ok(0));
    });
}

#[test]
fn an_answer_means_that_it_is_on_disk() {
    on_both(|database| {
        let how = match database.readers {
            Some(_) => ("PRAGMA synchronous", "synchronous", "2"),
            None => ("SHOW synchronous_commit", "synchronous_commit", "on"),
        };
        let (ask, name, durable) = how;
        let said = database.transaction(|transaction| {
            Ok(transaction.query_one(ask, params![], |row| {
                row.get::<String>(name).or_else(|_| Ok(row.get::<i64>(name)?.to_string()))
            })?)
        });
        assert_eq!(said.as_deref(), Ok(durable));
    });
}

/// Table, column, whether it must be filled.
type Column = (String, String, bool);

fn columns(database: &Database) -> Vec<Column> {
    let query = match database.readers {
        Some(_) => {
            "SELECT t.name AS of, c.name AS named, c.\"notnull\" <> 0 AS needed
             FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
        }
        None => {
            "SELECT CAST(table_name AS TEXT) AS of, CAST(column_name AS TEXT) AS named, is_nullable = 'NO' AS needed
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let read = |row: &Row| Ok((row.get("of")?, row.get("named")?, row.get("needed")?));
    let columns = database.read(|transaction| Ok(transaction.query(query, params![], read)?));
    let mut columns: Vec<Column> = columns.unwrap();
    columns.sort();
    columns
}

#[test]
fn both_databases_have_the_same_columns() {
    let dir = tempfile::tempdir().unwrap();
    let in_folder = columns(&Database::open(&Storage::Folder, dir.path()).unwrap());
    assert!(in_folder.contains(&("codes".to_owned(), "verifier".to_owned(), true)), "{in_folder:?}");
    if let Some(server) = postgres::shared() {
        assert_eq!(in_folder, columns(&on_postgres(server)));
    }
}

/// Where a database can be opened again and again.
fn places() -> Vec<(Storage, TempDir)> {
    let postgres = postgres::shared().map(|server| Storage::Postgres(server.database().unwrap()));
    [Some(Storage::Folder), postgres].into_iter().flatten().zip(std::iter::repeat_with(folder)).collect()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_database_is_brought_up_to_date_once_however_many_open_it() {
    for (storage, dir) in places() {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| Database::open(&storage, dir.path()).unwrap());
            }
        });
        let database = Database::open(&storage, dir.path()).unwrap();
        put(&database, "/x/1", "desk", &json!({})).unwrap();
        let database = Database::open(&storage, dir.path()).unwrap();
        assert_eq!(database.read(|transaction| count(transaction, "deliveries")), Ok(1));
        let steps = database.read(|transaction| count(transaction, "migrations")).unwrap();
        assert_eq!(steps, u32::try_from(migrations::ALL.len()).unwrap());
    }
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    for (storage, dir) in places() {
        let database = Database::open(&storage, dir.path()).unwrap();
        let newer = "INSERT INTO migrations (number, name) VALUES ($1, 'of tomorrow')";
        database.transaction(|transaction| Ok(transaction.execute(newer, params![1000])?)).unwrap();
        let refused = Database::open(&storage, dir.path()).err().unwrap();
        assert!(format!("{refused:#}").contains("another version"), "{refused:#}");
    }
}

#[test]
fn a_connection_that_the_server_ended_is_replaced_without_anybody_noticing() {
    let Some(server) = postgres::shared() else { return };
    let database = on_postgres(server);
    put(&database, "/x/1", "desk", &json!({})).unwrap();
    for round in 0..3 {
        let ended = database.read(|transaction| {
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            Ok(transaction.query(end, params![], |_| Ok(()))?.len())
        });
        assert!(ended.is_ok());
        // And the one that just did it.
        let suicide = database.transaction(|transaction| {
            if round == 0 {
                transaction.query("SELECT pg_terminate_backend(pg_backend_pid())", params![], |_| Ok(()))?;
            }
            Ok(())
        });
        assert_eq!(suicide, if round == 0 { Err(Problem::Upstream) } else { Ok(()) });
        assert_eq!(put(&database, "/x/1", "desk", &json!({})), Ok(()));
    }
}

#[test]
fn while_the_server_is_away_callers_may_try_again_and_then_it_works_again() {
    if let Some(why) = postgres::missing() {
        println!("skipped: {why}");
        return;
    }
    let mut server = Postgres::start().unwrap();
    let database = on_postgres(&server);
    put(&database, "/x/1", "desk", &json!({})).unwrap();
    server.kill().unwrap();
    for _ in 0..3 {
        assert_eq!(put(&database, "/x/2", "desk", &json!({})), Err(Problem::Upstream));
    }
    server.start_again().unwrap();
    assert_eq!(put(&database, "/x/2", "desk", &json!({})), Ok(()));
    assert_eq!(put(&database, "/x/1", "desk", &json!(1)), Err(Problem::IdempotencyKeyReused));
}

#[test]
fn a_server_elsewhere_would_be_spoken_to_in_the_clear_and_is_not() {
    for url in ["postgresql://u@192.0.2.1/x", "postgresql://u@localhost,example.org/x", "no URL"] {
        assert!(Database::open(&Storage::Postgres(url.to_owned()), "".as_ref()).is_err(), "{url}");
    }
}

#[test]
fn transactions_that_all_get_in_each_others_way_all_get_through() {
    const AT_ONCE: u32 = 16;
    const EACH: u32 = 8;
    on_both(|database| {
        thread::scope(|scope| {
            for desk in 0..AT_ONCE {
                scope.spawn(move || {
                    for seq in 0..EACH {
                        // As long as a table is small its rows share a page of an index, and whoever looks for one there
                        // conflicts with whoever adds another.
                        let put = database.put(&format!("/x/{desk}-{seq}"), "desk", &seq, |transaction| {
                            let person = format!("{desk}-{seq}");
                            let locked = "SELECT 1 FROM locked_accounts WHERE kvnr = $1";
                            assert!(!transaction.exists(locked, params![person])?);
                            let lock = "INSERT INTO locked_accounts (kvnr) VALUES ($1)";
                            Ok(json!(transaction.execute(lock, params![person])?))
                        });
                        assert_eq!(put.map(|put| put.already), Ok(false));
                    }
                });
            }
        });
        let locked = database.read(|transaction| count(transaction, "locked_accounts"));
        assert_eq!(locked, Ok(AT_ONCE * EACH));
    });
}

/// As a service left it that was told deeds with their codes: one for an app, one for a representative.
const BEFORE_REPRESENTATIONS: &str = r#"
    INSERT INTO identifications (id, desk, record, accepted_at) VALUES ('i1', '0312-04', '{}', 1);
    INSERT INTO registrations (id, kvnr, visit_number, state) VALUES ('r1', 'A123456780', '7KQ4XR9B', 'OPEN');
    INSERT INTO representatives (number, registration, family_name, given_names, birth_date, kind)
      VALUES ('V-7KQ4XR9B', 'r2', 'an der Elster', 'Elke', '1992-11-13', 'PROFESSIONAL');
    INSERT INTO codes (id, desk, identification, registration, kvnr, purpose, reference, valid_until, verifier, tries_left,
                       awaiting_release, accepted_at, state)
      VALUES ('c1', '0312-04', 'i1', 'r1', 'A123456780', 'APP_ACTIVATION', 'A-2222222222', '2026-12-05', '', 5, FALSE, 2,
              'ACCEPTED');
    INSERT INTO codes (id, desk, identification, representative, authority, kvnr, purpose, reference, valid_until, verifier,
                       tries_left, awaiting_release, handed_over, accepted_at, state)
      VALUES ('c2', '0312-04', 'i1', 'V-7KQ4XR9B', '{"court":"Amtsgericht Altona"}', 'K123456781', 'REPRESENTATIVE_ACCESS',
              'A-3333333333', '2026-12-05', '', 4, FALSE, TRUE, 3, 'REDEEMED');
    INSERT INTO accesses (code, representative, kvnr, state) VALUES ('c2', 'V-7KQ4XR9B', 'K123456781', 'OPEN');
    INSERT INTO events (seq, at, kind, kvnr) VALUES (1, 4, 'NAME_CHANGED', 'K123456781');
    INSERT INTO event_codes (seq, code, desk) VALUES (1, 'c2', '0312-04');
    INSERT INTO notices (id, code, kvnr, purpose, desk, at, objected)
      VALUES ('n1', 'c2', 'K123456781', 'REPRESENTATIVE_ACCESS', '0312-04', 5, FALSE);
"#;

fn representations_come_from_codes(storage: &Storage, dir: &Path) {
    let before = Database::open_with(storage, dir, &migrations::ALL[..2]).unwrap();
    let filled = before.writers.lend(|session| (session.batch(BEFORE_REPRESENTATIONS), Afterwards::Keep));
    filled.unwrap().unwrap();
    before.close();
    drop(before);

    let database = Database::open(storage, dir).unwrap();
    let deeds = database.read(|transaction| {
        let deeds = "SELECT deeds.id, deeds.representative, deeds.deed, deeds.accepted_at, codes.tries_left FROM deeds
                     JOIN codes ON codes.representation = deeds.id AND codes.identification = deeds.identification";
        Ok(transaction.query(deeds, params![], |row| {
            let texts: (String, String, String) = (row.get("id")?, row.get("representative")?, row.get("deed")?);
            Ok((texts, row.get::<i64>("accepted_at")?, row.get::<u32>("tries_left")?))
        })?)
    });
    let texts = ["c2", "V-7KQ4XR9B", r#"{"court":"Amtsgericht Altona"}"#].map(str::to_owned);
    assert_eq!(deeds, Ok(vec![(texts.into(), 3, 4)]));
    for (table, rows) in [("codes", 2), ("deeds", 1), ("accesses", 1), ("event_codes", 1), ("notices", 1)] {
        assert_eq!(database.read(|transaction| count(transaction, table)), Ok(rows), "{table}");
    }
    // What referred to a code still does, and to nothing else.
    for (what, wrong) in [
        ("no such code", "INSERT INTO accesses VALUES ('c9', 'V-7KQ4XR9B', 'K123456781', 'OPEN')"),
        ("a code that an access rests on", "DELETE FROM codes WHERE id = 'c2'"),
        ("no such representation", "UPDATE codes SET representation = 'd9' WHERE id = 'c2'"),
        ("none at all", "UPDATE codes SET representation = NULL WHERE id = 'c2'"),
    ] {
        let done = database.transaction(|transaction| Ok(transaction.execute(wrong, params![])?));
        assert!(done.is_err(), "{what}");
    }
    database.close();
}

#[test]
fn deeds_that_were_told_with_their_codes_become_representations_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    representations_come_from_codes(&Storage::Folder, dir.path());
    if let Some(server) = postgres::shared() {
        representations_come_from_codes(&Storage::Postgres(server.database().unwrap()), "".as_ref());
    }
}
