use std::{collections::BTreeMap, fs, path::Path};

use sha2::{Digest, Sha256};

use super::Desk;

/// SHA-256 of every migration that was released; a new one is added here with its release.
const RELEASED: [(&str, &str); 6] = [
    ("0001_first.sql", "d702b74b0e364d0db90baed19f9e0abaa9fe151fc7a8ac6eab87f01d0491610e"),
    ("0002_segments.sql", "c45ddf51e00851e8691877d8282653cc9a0a490f786e54e7f8ba7cc0db2fb06b"),
    ("0003_retention.sql", "71015b2f56c3450465c2b29a9f0f122bb29c072e8cb14e9f3a144fbf9e875f41"),
    ("0004_access.sql", "a16766adbfb5dfeb4f87dc255cdf755a3c797452c095d479a3235fa37942cbe9"),
    ("0005_kept.sql", "216d8b7077501d4742a55ae7d8babcfdbecb999a95e29f46d4c72d437987dc7f"),
    ("0006_hot_path.sql", "47f53142065d8061e7fa72076efbe75bf61b92d5fd2887550d35d2930f12e68c"),
];

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
    for (name, hash) in RELEASED {
        assert_eq!(found.get(name).map(String::as_str), Some(hash), "{name}");
    }
    let newest = RELEASED.iter().map(|(name, _)| *name).max().unwrap();
    let older = found.keys().filter(|name| name.as_str() <= newest).count();
    assert_eq!(older, RELEASED.len(), "nothing comes in between what was released");
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
