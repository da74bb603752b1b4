use std::{fs, path::Path};

use tempfile::TempDir;

use super::{MAX_TRUST_FILE_BYTES, MAX_TRUST_FILES, TrustFile, TrustPurpose, trust_files};
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
fn certificates_and_lists_are_read_as_they_are_and_sorted_by_name() {
    let folder = folder(&[
        ("issuer.pem", b"-----BEGIN CERTIFICATE-----"),
        ("DEZGW870226.cvc", &[0x7F, 0x21]),
        ("B.CRT", b"b"),
        ("a.der", b"a"),
        ("csca.ml", b"list"),
        ("d.crl", b"list"),
        ("e.Cer", b"e"),
    ]);
    let expected = ["B.CRT", "DEZGW870226.cvc", "a.der", "csca.ml", "d.crl", "e.Cer", "issuer.pem"];
    assert_eq!(names(folder.path()), expected);
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
fn a_folder_holds_512_certificates_and_lists_and_no_more() {
    let folder = folder(&[("notes.txt", b"")]);
    for number in 0..MAX_TRUST_FILES {
        fs::write(folder.path().join(format!("{number:03}.crl")), b"").unwrap();
    }
    assert_eq!(names(folder.path()).len(), 512);
    fs::write(folder.path().join("512.cvc"), b"").unwrap();
    let error = trust_files(folder.path()).unwrap_err();
    assert!(matches!(error, SettingsError::TooMany { limit: 512, .. }), "{error:?}");
}

/// A file of this length; nothing of it lies on the disk.
fn sparse(path: &Path, length: u64) {
    fs::File::create(path).unwrap().set_len(length).unwrap();
}

#[test]
fn a_file_has_twelve_megabytes_and_no_more() {
    let folder = folder(&[]);
    let file = folder.path().join("csca.ml");
    sparse(&file, MAX_TRUST_FILE_BYTES);
    assert_eq!(trust_files(folder.path()).unwrap()[0].bytes.len(), 12 * 1024 * 1024);
    sparse(&file, MAX_TRUST_FILE_BYTES + 1);
    let error = trust_files(folder.path()).unwrap_err();
    let named = matches!(&error, SettingsError::TooLarge { path, limit: 0xC0_0000 } if *path == file);
    assert!(named, "{error:?}");
}

#[test]
fn all_files_together_have_forty_eight_megabytes_and_no_more() {
    let folder = folder(&[]);
    for number in 0..4 {
        sparse(&folder.path().join(format!("{number}.ml")), MAX_TRUST_FILE_BYTES);
    }
    assert_eq!(names(folder.path()).len(), 4);
    fs::write(folder.path().join("4.crl"), b"4").unwrap();
    let error = trust_files(folder.path()).unwrap_err();
    let named =
        matches!(&error, SettingsError::TooLarge { path, limit: 0x300_0000 } if path == folder.path());
    assert!(named, "{error:?}");
}

#[test]
fn a_name_says_what_a_file_is_there_for() {
    let purpose = |name: &str| TrustFile { name: name.to_owned(), bytes: Vec::new() }.purpose();
    for name in ["csca-master-list-root.cer", "CSCA-Master-List-Root-NL.pem"] {
        assert_eq!(purpose(name), TrustPurpose::ListRoot, "{name}");
    }
    for name in ["csca-germany.cer", "CSCA.crl", "csca-master-list.ml", "csca"] {
        assert_eq!(purpose(name), TrustPurpose::TravelDocuments, "{name}");
    }
    for name in ["DE_ML_2026.ml", "DE.crl", "csc", "issuer.pem", "öffentlich.pem", "my-csca.cer"] {
        assert_eq!(purpose(name), TrustPurpose::Any, "{name}");
    }
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
