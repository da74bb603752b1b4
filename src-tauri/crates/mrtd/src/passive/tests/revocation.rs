//! Revocation lists of a signer's authority.

use super::*;

#[test]
fn a_revoked_signer_makes_its_documents_invalid_and_a_fresh_list_without_it_closes_the_line() {
    let cms = Cms::security_object(&GROUPS, &SIGNER);
    let with = |issued, serials: &[u16]| {
        let mut trust = trusting(&[&AUTHORITY]);
        let list = RevocationDraft::new(&AUTHORITY, issued, serials).signed();
        trust.import_revocation_list(&list, TODAY).unwrap();
        judge_with(&cms, &PASSPORT, &trust)
    };
    assert_eq!(with(date(2026, 11, 1), &[7]).revocation, Verdict::Valid);
    let revoked = with(date(2026, 11, 1), &[7, 4_711]);
    assert_eq!(revoked, PassiveAuthentication { revocation: Verdict::Invalid(Reason::Revoked), ..GENUINE });
    assert_eq!(revoked.verdict(), Verdict::Invalid(Reason::Revoked));
    // An old list still revokes, but no longer says that somebody isn't revoked.
    assert_eq!(with(date(2026, 3, 1), &[4_711]).revocation, Verdict::Invalid(Reason::Revoked));
    assert_eq!(with(date(2026, 8, 24), &[7]).revocation, Verdict::Valid);
    assert_eq!(with(date(2026, 8, 23), &[7]).revocation, OPEN);
    // The authority itself.
    assert_eq!(with(date(2026, 11, 1), &[1]).revocation, Verdict::Invalid(Reason::Revoked));
}

#[test]
fn a_list_no_longer_closes_the_line_behind_the_day_at_which_the_next_was_promised() {
    let cms = Cms::security_object(&GROUPS, &SIGNER);
    let with = |next| {
        let mut trust = trusting(&[&AUTHORITY]);
        let list = RevocationDraft { next, ..RevocationDraft::new(&AUTHORITY, date(2026, 11, 1), &[7]) };
        trust.import_revocation_list(&list.signed(), TODAY).unwrap();
        judge_with(&cms, &PASSPORT, &trust).revocation
    };
    assert_eq!(with(None), Verdict::Valid);
    assert_eq!(with(Some(TODAY)), Verdict::Valid);
    assert_eq!(with(Some(date(2026, 11, 21))), OPEN);
}

#[test]
fn a_signer_that_names_its_issuer_otherwise_is_looked_up_in_the_list_of_the_authority_that_has_signed_it() {
    let subject = vec![("C", "UT"), ("O", "Utopia"), ("CN", "CSCA")];
    let renamed = Draft { subject, ..Draft::authority(&AUTHORITY.key) }.self_signed();
    let signer = Draft::signer(&Key::p256()).issued_by(&renamed);
    let cms = Cms::security_object(&GROUPS, &signer);
    let with = |by: &Issued, serials: &[u16]| {
        let mut trust = trusting(&[&AUTHORITY, by]);
        let list = RevocationDraft::new(by, date(2026, 11, 1), serials).signed();
        trust.import_revocation_list(&list, TODAY).unwrap();
        judge_with(&cms, &PASSPORT, &trust)
    };
    let later = vec![("C", "UT"), ("CN", "Country Signing Authority 2")];
    let with_other_name =
        Draft { subject: later, serial: 2, ..Draft::authority(&AUTHORITY.key) }.self_signed();
    for by in [&*AUTHORITY, &with_other_name] {
        assert_eq!(with(by, &[4_711]).revocation, Verdict::Invalid(Reason::Revoked));
        assert_eq!(with(by, &[7]).revocation, Verdict::Valid);
    }
    // Somebody else's list with the same number.
    let other = Draft { subject: vec![("C", "DE"), ("CN", "CSCA")], ..Draft::authority(&Key::p256()) };
    assert_eq!(with(&other.self_signed(), &[4_711]).revocation, OPEN);
}
