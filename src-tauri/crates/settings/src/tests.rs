use identification::{CardNumberAsk, CardNumberRule, CardProofLevel, Level};

use super::*;

mod documents;
mod limits;
mod provenance;

const TODAY: Date = jiff::civil::date(2026, 11, 22);

const DESK: &str = r#"
    profile = "beispielkasse"
    place = "Hamburg-Altona"
    desk = "Platz 3"
    data_dir = "/var/lib/identplatz"
    [service]
    url = "https://127.0.0.1:8443"
    ca_certificate = "/etc/identplatz/service-ca.pem"
    [printer]
    uri = "ipps://printer.example/ipp/print"
    name = "Drucker Platz 3"
    [staff]
    accounts = "/etc/identplatz/staff.toml"
"#;

fn load(text: &str) -> Result<Settings, SettingsError> {
    Settings::from_text(text, "desk.toml", Source::Shipped)
}

#[test]
fn every_shipped_profile_and_document_is_valid() {
    for name in profile::SHIPPED.iter().map(|(name, _)| name) {
        let settings = load(&DESK.replace("beispielkasse", name)).unwrap();
        let policy = settings.policy(TODAY);
        assert!(!policy.documents.is_empty() && !policy.purposes.is_empty(), "{name}");
        // The aids checklist: without one of these, the level never reaches substanziell.
        for document in policy.documents.iter().filter(|it| it.cap > Level::Normal) {
            let aids: Vec<_> = document.checks.iter().flat_map(|check| check.aids.clone()).collect();
            for aid in
                [identification::Aid::Tilt, identification::Aid::Ultraviolet, identification::Aid::Magnifier]
            {
                assert!(aids.contains(&aid), "{} lacks {aid:?}", document.id);
            }
        }
    }
}

#[test]
fn the_example_of_a_desk_file_is_valid() {
    let settings = load(include_str!("../../../../assets/desk.example.toml")).unwrap();
    assert_eq!(settings.place(), "Servicezentrum Hamburg-Altona");
}

#[test]
fn an_unknown_key_is_an_error_and_names_its_file() {
    let error = load(&format!("prnter = 1\n{DESK}")).unwrap_err();
    assert!(matches!(&error, SettingsError::Parse { file, .. } if file == "desk.toml"), "{error:?}");
}

#[test]
fn a_profile_that_is_not_there_is_named() {
    let error = load(&DESK.replace("beispielkasse", "andere")).unwrap_err();
    assert!(matches!(&error, SettingsError::Value { key } if key == "profile"), "{error:?}");
}

#[test]
fn plain_http_is_no_service_address() {
    let error = load(&DESK.replace("https:", "http:")).unwrap_err();
    assert!(matches!(&error, SettingsError::Value { key } if key == "service.url"), "{error:?}");
}

const PROFILE: &str = include_str!("../../../../assets/profiles/beispielkasse.toml");

/// The shipped profile with one line changed.
fn profile_with(right: &str, wrong: &str) -> Result<Profile, SettingsError> {
    assert!(PROFILE.contains(right), "{right}");
    Profile::from_text(&PROFILE.replace(right, wrong), "profile")
}

fn policy_with(right: &str, wrong: &str) -> Policy {
    let mut settings = load(DESK).unwrap();
    settings.profile = profile_with(right, wrong).unwrap();
    settings.policy(TODAY)
}

#[test]
fn unless_a_profile_says_otherwise_a_chip_must_be_genuine_and_six_digits_are_asked_without_one() {
    let policy = load(DESK).unwrap().policy(TODAY);
    assert_eq!(policy.health_card_proof, CardProofLevel::Chip);
    assert_eq!(policy.card_number, CardNumberRule { digits: 6, ask: CardNumberAsk::WithoutChip });
}

#[test]
fn a_profile_says_what_a_health_card_must_prove() {
    for (word, proof) in [
        ("read", CardProofLevel::Read),
        ("certificate", CardProofLevel::Certificate),
        ("chip", CardProofLevel::Chip),
    ] {
        let policy = policy_with("proof = \"chip\"", &format!("proof = \"{word}\""));
        assert_eq!(policy.health_card_proof, proof);
    }
    let unknown = profile_with("proof = \"chip\"", "proof = \"pin\"").unwrap_err();
    assert!(matches!(&unknown, SettingsError::Parse { file, .. } if file == "profile"), "{unknown:?}");
}

#[test]
fn a_profile_says_how_many_digits_of_the_card_number_are_typed_and_when() {
    for (word, ask) in [
        ("never", CardNumberAsk::Never),
        ("without_chip", CardNumberAsk::WithoutChip),
        ("always", CardNumberAsk::Always),
    ] {
        let policy = policy_with("ask = \"without_chip\"", &format!("ask = \"{word}\""));
        assert_eq!(policy.card_number.ask, ask);
    }
    for digits in [4, 10] {
        let policy = policy_with("digits = 6", &format!("digits = {digits}"));
        assert_eq!(policy.card_number.digits, digits);
    }
    for digits in [0, 3, 11] {
        let error = profile_with("digits = 6", &format!("digits = {digits}")).unwrap_err();
        assert!(
            matches!(&error, SettingsError::Value { key } if key == "card_number.digits"),
            "{digits}: {error:?}"
        );
    }
}

#[test]
fn a_profile_says_whether_the_pin_of_the_health_card_is_offered() {
    assert!(policy_with("at_reader = true", "at_reader = true").pin_at_reader);
    assert!(!policy_with("at_reader = true", "at_reader = false").pin_at_reader);
    let (silent, _) = PROFILE.split_once("[pin]").unwrap();
    assert!(!Profile::from_text(silent, "profile").unwrap().pin.at_reader, "off unless it is switched on");
}

#[test]
fn a_profile_that_leaves_out_what_a_card_must_prove_is_refused() {
    for left_out in ["proof = \"chip\"", "digits = 6", "ask = \"without_chip\"", "at_reader = true"] {
        let error = profile_with(left_out, "").unwrap_err();
        assert!(matches!(error, SettingsError::Parse { .. }), "{left_out}: {error:?}");
    }
}

#[test]
fn a_scanner_is_named_by_its_device_and_speaks_at_a_usual_rate() {
    assert_eq!(load(DESK).unwrap().desk.scanner, None);
    let scanner =
        |lines: &str| load(&format!("{DESK}\n[scanner]\n{lines}")).map(|it| it.desk.scanner.unwrap());
    let serial = |device: &str, baud| ScannerSettings { device: device.to_owned(), baud };
    for (lines, expected) in [
        ("device = \"/dev/ttyACM0\"", serial("/dev/ttyACM0", 9600)),
        ("device = \"COM3\"\nbaud = 115200", serial("COM3", 115_200)),
    ] {
        assert_eq!(scanner(lines).unwrap(), expected, "{lines}");
    }
    for (lines, wrong) in [
        ("device = \"ttyACM0\"", "scanner.device"),
        ("device = \"\"", "scanner.device"),
        ("device = \"COM0\"", "scanner.device"),
        ("device = \"COMx\"", "scanner.device"),
        ("device = \"/dev/../etc/shadow\"", "scanner.device"),
        ("device = \"/home/clerk/zones.txt\"", "scanner.device"),
        ("device = \"/dev/ttyACM0\"\nbaud = 9601", "scanner.baud"),
    ] {
        let error = scanner(lines).unwrap_err();
        assert!(matches!(&error, SettingsError::Value { key } if key == wrong), "{lines}: {error:?}");
    }
    for unknown in ["device = \"/dev/ttyACM0\"\nkind = \"keyboard\"", "baud = 9600"] {
        assert!(matches!(scanner(unknown).unwrap_err(), SettingsError::Parse { .. }), "{unknown}");
    }
}

#[test]
fn a_trust_folder_may_be_left_out_and_is_named_in_full_otherwise() {
    assert!(load(DESK).unwrap().desk.trust.is_none());
    let desk = |folder| load(&format!("{DESK}\n[trust]\nfolder = \"{folder}\""));
    let folder = desk("/etc/identplatz/trust").unwrap().desk.trust.unwrap().folder;
    assert_eq!(folder, Path::new("/etc/identplatz/trust"));
    let error = desk("trust").unwrap_err();
    assert!(matches!(&error, SettingsError::Value { key } if key == "trust.folder"), "{error:?}");
}

#[test]
fn a_proxy_is_none_the_systems_or_named_in_full() {
    assert_eq!(load(DESK).unwrap().desk.service.proxy, Proxy::None);
    let proxy = |value: &str| {
        load(&DESK.replace("[printer]", &format!("proxy = \"{value}\"\n[printer]")))
            .map(|it| it.desk.service.proxy)
    };
    assert_eq!(proxy("none").unwrap(), Proxy::None);
    assert_eq!(proxy("system").unwrap(), Proxy::System);
    for url in ["http://proxy.kasse.example:3128", "http://10.0.0.1:8080/", "http://[fd00::1]:3128"] {
        assert_eq!(proxy(url).unwrap(), Proxy::Http(url.to_owned()), "{url}");
    }
    for wrong in [
        "",
        "auto",
        "https://proxy.example:3128",
        "http://proxy.example",
        "http://proxy.example:0",
        "http://proxy.example:99999",
        "http://:3128",
        "http://name:word@proxy.example:3128",
        "http://proxy.example:3128/path",
        "http://[::1:3128",
        "socks5://proxy.example:1080",
    ] {
        assert!(matches!(proxy(wrong).unwrap_err(), SettingsError::Parse { .. }), "{wrong}");
    }
}
