use std::fs;

use super::*;

const PIN: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$Fvt7B9xwgWoMPWM9oidJhYVsQIxRaOyAmhYmRKN7mx8";

fn member(id: &str) -> String {
    format!("[[member]]\nid = \"{id}\"\nname = \"Andrea Amsel\"\nroles = [\"clerk\"]\npin = \"{PIN}\"\n")
}

fn error(text: &str) -> StaffError {
    parse(text).err().unwrap_or_else(|| panic!("taken: {text}"))
}

#[test]
fn members_come_in_the_files_order_with_all_their_roles() {
    let text = member("s-2") + &member("s-1").replace("[\"clerk\"]", "[\"supervisor\", \"clerk\"]");
    let accounts = parse(&text).unwrap();
    let ids: Vec<&str> = accounts.iter().map(|account| account.member.id()).collect();
    assert_eq!(ids, ["s-2", "s-1"]);
    assert_eq!(accounts[0].member.name(), "Andrea Amsel");
    assert_eq!(accounts[0].member.roles(), &[Role::Clerk].into());
    assert_eq!(accounts[1].member.roles(), &[Role::Clerk, Role::Supervisor].into());
}

#[test]
fn a_wrong_value_is_refused_by_its_key() {
    let check = |from: &str, to: &str, expected: &str| {
        let text = member("s-1") + &member("s-2").replace(from, to);
        assert!(matches!(error(&text), StaffError::Value { key } if key == expected), "{text}");
    };
    check("\"s-2\"", "\"\"", "member[2].id");
    check("\"s-2\"", "\"s 2\"", "member[2].id");
    check("\"s-2\"", "\"ß\"", "member[2].id");
    check("\"s-2\"", "2", "member[2].id");
    check("\"s-2\"", &format!("\"{}\"", "s".repeat(65)), "member[2].id");
    check("Andrea Amsel", " ", "member[2].name");
    check("Andrea Amsel", "Andrea\\nAmsel", "member[2].name");
    check("Andrea Amsel", &"ä".repeat(65), "member[2].name");
    check("name = \"Andrea Amsel\"\n", "", "member[2].name");
    check("[\"clerk\"]", "[]", "member[2].roles");
    check("[\"clerk\"]", "\"clerk\"", "member[2].roles");
    check("[\"clerk\"]", "[\"clerk\", \"auditor\"]", "member[2].roles");
    check(&format!("\"{PIN}\""), "\"246810\"", "member[2].pin");
    check(&format!("\"{PIN}\""), "246810", "member[2].pin");
    check("m=19456", "m=64", "member[2].pin");
}

#[test]
fn a_file_without_members_is_refused() {
    for text in ["", "member = []\n", "member = 1\n", "[member]\nid = \"s-1\"\n"] {
        assert!(matches!(error(text), StaffError::Value { key } if key == "member"), "{text}");
    }
    assert!(matches!(error("member = [1]\n"), StaffError::Value { key } if key == "member[1]"));
}

#[test]
fn unknown_keys_are_refused_by_name() {
    let check = |text: &str, expected: &str| {
        assert!(matches!(error(text), StaffError::UnknownKey { key } if key == expected), "{text}");
    };
    check(&format!("{}role = \"clerk\"\n", member("s-1")), "member[1].role");
    check(&format!("version = 1\n{}", member("s-1")), "version");
}

#[test]
fn an_id_is_given_once() {
    let text = member("s-1") + &member("s-2") + &member("s-1");
    assert!(matches!(error(&text), StaffError::Duplicate { key } if key == "member[3].id"));
}

#[test]
fn two_hundred_members_fit_and_one_more_does_not() {
    let members = |count: usize| (1..=count).map(|number| member(&format!("s-{number}"))).collect::<String>();
    assert_eq!(parse(&members(200)).map(|accounts| accounts.len()).ok(), Some(200));
    assert!(members(200).len() < 64 * 1024, "the limits on members and bytes fit together");
    assert!(matches!(error(&members(201)), StaffError::TooManyMembers));
}

#[test]
fn no_error_shows_what_stands_in_the_file() {
    let mistakes = [
        member("s-1").replace(&format!("\"{PIN}\""), "246810"),
        member("s-1").replace(&format!("\"{PIN}\""), "\"246810"),
        member("s-1").replace(&format!("\"{PIN}\""), "246810 Amsel"),
        member("s-1").replace("m=19456", "m=1"),
    ];
    for text in mistakes {
        let error = error(&text);
        let shown = format!("{error} {error:?}");
        for secret in ["246810", "Amsel", "argon2"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    let broken = member("s-1").replace(&format!("\"{PIN}\""), "\"246810");
    assert!(matches!(error(&broken), StaffError::Syntax { line: 5 }));
}

#[test]
fn a_file_that_is_missing_too_large_or_not_text_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("staff.toml");
    assert!(matches!(read(&path), Err(StaffError::Read { .. })));
    write(&path, member("s-1").as_bytes());
    assert!(read(&path).is_ok());
    write(&path, format!("{}#{}", member("s-1"), "x".repeat(64 * 1024)).as_bytes());
    assert!(matches!(read(&path), Err(StaffError::TooLarge { .. })));
    write(&path, b"\xFF");
    assert!(matches!(read(&path), Err(StaffError::Read { .. })));
}

#[cfg(unix)]
#[test]
fn a_file_that_is_open_to_others_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("staff.toml");
    write(&path, member("s-1").as_bytes());
    for (mode, exposed) in [(0o600, false), (0o640, false), (0o644, true), (0o660, true), (0o602, true)] {
        set_mode(&path, mode);
        let result = read(&path);
        assert_eq!(matches!(result, Err(StaffError::Exposed { .. })), exposed, "{mode:o}");
        assert_eq!(result.is_ok(), !exposed, "{mode:o}");
    }
}

#[test]
fn the_example_is_valid() {
    let example = include_str!("../../../../../assets/staff.example.toml");
    let accounts = parse(example).unwrap();
    assert_eq!(accounts.len(), 2);
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    #[cfg(unix)]
    set_mode(path, 0o640);
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}
