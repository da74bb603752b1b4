use std::{fs, path::Path};

use tempfile::TempDir;

use super::{MAX_TRUST_FILE_BYTES, MAX_TRUST_FILES, TrustFile, trust_files};
use crate::SettingsError;

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn names(folder: &Path) -> Vec<String> {
    trust_files(folder).unwrap().into_iter().map(|file| file.name).collect()
}

#[test]
fn certificates_are_read_as_they_are_and_sorted_by_name() {
    let folder = folder(&[
        ("issuer.pem", b"-----BEGIN CERTIFICATE-----"),
        ("DEZGW870226.cvc", &[0x7F, 0x21]),
        ("B.CRT", b"b"),
        ("a.der", b"a"),
    ]);
    assert_eq!(names(folder.path()), ["B.CRT", "DEZGW870226.cvc", "a.der", "issuer.pem"]);
    let read = trust_files(folder.path()).unwrap();
    assert_eq!(read[1], TrustFile { name: "DEZGW870226.cvc".to_owned(), bytes: vec![0x7F, 0x21] });
}

#[test]
fn whatever_is_not_called_a_certificate_is_left_alone() {
    let folder = folder(&[("README.txt", b"notes"), ("pem", b""), (".pem", b""), ("root.cvc.bak", b"")]);
    fs::create_dir(folder.path().join("old")).unwrap();
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn a_folder_that_is_not_there_and_a_folder_called_a_certificate_are_named() {
    let missing = Path::new("/nonexistent/trust");
    let error = trust_files(missing).unwrap_err();
    assert!(matches!(&error, SettingsError::Read { path, .. } if path == missing), "{error:?}");
    let folder = folder(&[]);
    let inside = folder.path().join("root.cvc");
    fs::create_dir(&inside).unwrap();
    let error = trust_files(folder.path()).unwrap_err();
    assert!(matches!(&error, SettingsError::Read { path, .. } if *path == inside), "{error:?}");
}

#[test]
fn a_folder_holds_sixty_four_certificates_and_no_more() {
    let folder = folder(&[("notes.txt", b"")]);
    for number in 0..MAX_TRUST_FILES {
        fs::write(folder.path().join(format!("{number:02}.cvc")), b"").unwrap();
    }
    assert_eq!(names(folder.path()).len(), 64);
    fs::write(folder.path().join("64.cvc"), b"").unwrap();
    let error = trust_files(folder.path()).unwrap_err();
    assert!(matches!(error, SettingsError::TooMany { limit: 64, .. }), "{error:?}");
}

#[test]
fn a_certificate_has_sixty_four_kilobytes_and_no_more() {
    let whole = vec![0; usize::try_from(MAX_TRUST_FILE_BYTES).unwrap()];
    let folder = folder(&[("root.cvc", &whole)]);
    assert_eq!(trust_files(folder.path()).unwrap()[0].bytes.len(), 65_536);
    let file = folder.path().join("root.cvc");
    fs::write(&file, [whole, vec![0]].concat()).unwrap();
    let error = trust_files(folder.path()).unwrap_err();
    assert!(matches!(&error, SettingsError::TooLarge { path, limit: 65_536 } if *path == file), "{error:?}");
}

#[cfg(unix)]
#[test]
fn what_anybody_may_change_is_not_trusted() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder(&[("root.cvc", b"")]);
    let file = folder.path().join("root.cvc");
    for (path, tight) in [(file.as_path(), 0o640), (folder.path(), 0o750)] {
        fs::set_permissions(path, fs::Permissions::from_mode(tight | 0o020)).unwrap();
        let error = trust_files(folder.path()).unwrap_err();
        let named = matches!(&error, SettingsError::WritableByOthers { path: named } if named == path);
        assert!(named, "{error:?}");
        fs::set_permissions(path, fs::Permissions::from_mode(tight)).unwrap();
        assert_eq!(names(folder.path()), ["root.cvc"]);
    }
}
