use std::{collections::BTreeMap, fs, path::Path};

use sha2::{Digest, Sha256};

use super::Desk;

/// SHA-256 of every migration that was released.
const RELEASED: [(&str, &str); 1] =
    [("0001_first.sql", "d702b74b0e364d0db90baed19f9e0abaa9fe151fc7a8ac6eab87f01d0491610e")];

#[test]
fn a_released_migration_is_never_edited() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/migrations");
    let found: BTreeMap<String, String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let sql = fs::read_to_string(entry.path()).unwrap().replace("\r\n", "\n");
            (entry.file_name().into_string().unwrap(), hex::encode(Sha256::digest(sql)))
        })
        .collect();
    assert_eq!(found, RELEASED.map(|(name, hash)| (name.to_owned(), hash.to_owned())).into());
}

#[test]
fn the_migrations_add_up_to_schema_sql() {
    let desk = Desk::new();
    let raw = desk.raw();
    let mut statement = raw
        .prepare(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL
             ORDER BY tbl_name, CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 ELSE 3 END, name",
        )
        .unwrap();
    let schema: String = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(|sql: Result<String, _>| sql.unwrap() + ";\n\n")
        .collect();
    let kept = include_str!("../schema.sql").replace("\r\n", "\n");
    assert_eq!(schema.trim_end(), kept.trim_end(), "src/schema.sql should read:\n{schema}");
}

#[test]
fn every_table_is_strict() {
    let desk = Desk::new();
    let raw = desk.raw();
    let lax: Vec<String> = raw
        .prepare(
            "SELECT name FROM pragma_table_list
             WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'",
        )
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(lax.is_empty(), "{lax:?}");
}
