//! What a desk takes for its insurer's policy.

use account::{MAX_PROFILE, PolicyBundle, PolicyError, SignedPolicy};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::authority::{Authority, Certified, DESK, NOW, PAST};

const TYPE: &str = "identplatz-policy";
const POLICY: &str = "urn:identplatz:policy";

fn payload() -> Value {
    json!({
        "serial": 7, "issuedAt": "2026-01-05T09:00:00Z", "profile": "beispielkasse",
        "toml": "[offline]\ncodes = 20\n",
    })
}

fn signed(signer: &Certified, payload: &Value) -> String {
    signer.sign(TYPE, payload.to_string().as_bytes())
}

#[test]
fn a_bundle_of_the_insurers_is_taken_and_none_that_is_older_than_another() {
    let authority = Authority::new();
    let text = signed(&authority.signer(POLICY, NOW), &payload());
    let bundle = SignedPolicy::verify(&text, &authority.certificate, 0).unwrap();
    assert_eq!((bundle.serial, bundle.profile.as_str()), (7, "beispielkasse"));
    assert_eq!(bundle.issued_at, "2026-01-05T09:00:00Z".parse().unwrap());
    assert_eq!(bundle.toml, "[offline]\ncodes = 20\n");
    assert!(SignedPolicy::verify(&text, &authority.certificate, 7).is_ok(), "the one that is kept");
    let older = SignedPolicy::verify(&text, &authority.certificate, 8);
    assert_eq!(older, Err(PolicyError::Older { serial: 7, lowest: 8 }));
}

#[test]
fn a_bundle_is_believed_from_nobody_but_whom_the_authority_certified_for_policies() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let verified = |text: &str| SignedPolicy::verify(text, &authority.certificate, 0);
    for signer in [
        stranger.signer(POLICY, NOW),
        authority.signer("urn:identplatz:service", NOW),
        authority.signer("urn:identplatz:policy:2", NOW),
        authority.certified_desk(DESK, NOW),
        authority.service(NOW),
        // Its time was over when the bundle says that it was signed.
        authority.signer(POLICY, PAST),
    ] {
        assert_eq!(verified(&signed(&signer, &payload())), Err(PolicyError::Signer));
    }
    let checkpoint =
        authority.signer(POLICY, NOW).sign("identplatz-checkpoint", payload().to_string().as_bytes());
    assert_eq!(verified(&checkpoint), Err(PolicyError::Malformed));
    let text = signed(&authority.signer(POLICY, NOW), &payload());
    assert_eq!(SignedPolicy::verify(&text, "", 0), Err(PolicyError::Authorities));
}

#[test]
fn a_bundle_that_was_changed_is_refused() {
    let authority = Authority::new();
    let signer = authority.signer(POLICY, NOW);
    let genuine = signed(&signer, &payload());
    let other = signed(&signer, &json!({"serial": 8}));
    let parts = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (genuine, other) = (parts(&genuine), parts(&other));
    let mixed = format!("{}.{}.{}", genuine[0], other[1], genuine[2]);
    assert_eq!(SignedPolicy::verify(&mixed, &authority.certificate, 0), Err(PolicyError::Signature));
    let detached = format!("{}..{}", genuine[0], genuine[2]);
    assert_eq!(SignedPolicy::verify(&detached, &authority.certificate, 0), Err(PolicyError::Signature));
}

#[test]
fn a_bundle_that_is_signed_but_not_the_contracts_is_refused() {
    let authority = Authority::new();
    let signer = authority.signer(POLICY, NOW);
    let verified = |payload: &Value| {
        SignedPolicy::verify(&signed(&signer, payload), &authority.certificate, 0)
            .map(|bundle| bundle.toml.len())
    };
    for (name, value) in [
        ("serial", json!(0)),
        ("serial", json!(-1)),
        ("serial", json!("7")),
        ("issuedAt", json!("yesterday")),
        ("profile", json!("")),
        ("profile", json!("p".repeat(65))),
        ("toml", json!(null)),
        ("toml", json!("#".repeat(MAX_PROFILE + 1))),
    ] {
        let mut changed = payload();
        changed[name] = value;
        assert_eq!(verified(&changed), Err(PolicyError::Malformed), "{name}");
    }
    let mut longest = payload();
    longest["toml"] = "\n".repeat(MAX_PROFILE).into();
    assert_eq!(verified(&longest), Ok(MAX_PROFILE));
    let text = "A".repeat(1024 * 1024);
    assert_eq!(SignedPolicy::verify(&text, &authority.certificate, 0), Err(PolicyError::Malformed));
}

#[test]
fn a_bundle_begins_only_while_its_signer_may_sign_and_not_before_its_day() {
    let authority = Authority::new();
    let text = signed(&authority.signer(POLICY, NOW), &payload());
    let bundle = SignedPolicy::verify(&text, &authority.certificate, 0).unwrap();
    let (issued, with) = (bundle.issued_at, &bundle.signed_with);
    assert!(bundle.may_begin_at(issued) && bundle.may_begin_at(with.not_after));
    assert!(!bundle.may_begin_at(with.not_after + SignedDuration::from_secs(1)), "an expired signer");
    let late = PolicyBundle { issued_at: issued + SignedDuration::from_mins(16), ..bundle.clone() };
    assert!(!late.may_begin_at(issued), "a day to come");
}
