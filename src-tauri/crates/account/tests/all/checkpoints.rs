//! What a desk takes for the service's word that it has its journal.

use account::{CheckpointError, verify_checkpoint};
use serde_json::{Value, json};

use crate::authority::{Authority, Certified, DESK, NOW, PAST};

const TYPE: &str = "identplatz-checkpoint";
const SERVICE: &str = "urn:identplatz:service";

fn payload() -> Value {
    // 32 octets 0x01.
    json!({
        "desk": DESK, "seq": 500, "hash": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE", "at": "2026-01-05T18:00:00Z",
    })
}

pub(crate) fn checkpoint(signer: &Certified) -> String {
    signer.sign(TYPE, payload().to_string().as_bytes())
}

#[test]
fn a_checkpoint_says_up_to_which_event_the_service_has_whose_journal() {
    let authority = Authority::new();
    let text = checkpoint(&authority.signer(SERVICE, NOW));
    let verified = verify_checkpoint(&text, &authority.certificate).unwrap();
    assert_eq!((verified.desk.as_str(), verified.seq, verified.hash), (DESK, 500, [1; 32]));
    assert_eq!(verified.at, "2026-01-05T18:00:00Z".parse().unwrap());
}

#[test]
fn a_checkpoint_is_believed_from_nobody_but_the_service() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    for signer in [
        stranger.signer(SERVICE, NOW),
        authority.signer("urn:identplatz:policy", NOW),
        authority.certified_desk(DESK, NOW),
        authority.signer(SERVICE, PAST),
    ] {
        let refused = verify_checkpoint(&checkpoint(&signer), &authority.certificate);
        assert_eq!(refused, Err(CheckpointError::Signer));
    }
    let text = checkpoint(&authority.signer(SERVICE, NOW));
    assert_eq!(verify_checkpoint(&text, "-"), Err(CheckpointError::Authorities));
    let other = text.replacen("eyJ", "eyJh", 1);
    assert!(verify_checkpoint(&other, &authority.certificate).is_err());
}

#[test]
fn a_checkpoint_of_another_form_is_none() {
    let authority = Authority::new();
    let signer = authority.signer(SERVICE, NOW);
    let verified = |text: &str| verify_checkpoint(text, &authority.certificate);
    for (name, value) in [
        ("hash", json!("AQEB")),
        ("hash", json!("=")),
        ("seq", json!(-1)),
        ("at", json!(0)),
        ("desk", json!(4)),
    ] {
        let mut changed = payload();
        changed[name] = value;
        let text = signer.sign(TYPE, changed.to_string().as_bytes());
        assert_eq!(verified(&text), Err(CheckpointError::Malformed), "{name}");
    }
    assert_eq!(verified(&signer.sign("JWT", b"{}")), Err(CheckpointError::Malformed));
    assert_eq!(verified(&"A".repeat(10 * 1024)), Err(CheckpointError::Malformed));
    assert_eq!(verified(""), Err(CheckpointError::Malformed));
    let (signed, _) =
        checkpoint(&signer).rsplit_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let other = format!("{signed}.{}", "A".repeat(86));
    assert_eq!(verified(&other), Err(CheckpointError::Signature));
}
