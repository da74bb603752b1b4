//! The decision table of representation, row by row, as a lawyer would read it.

use identification::{
    Area, ConcernState, Deed, Filed, FiledStatus, Grant, Office, Proof, Refusal, RefusalReason, RowId,
    SeenAs, TABLE, Term,
};
use jiff::{
    ToSpan,
    civil::{Date, date},
};

use crate::{
    desk::{Desk, TODAY, carer_seconded, gives, issues},
    people::{
        BUNTSPECHT, carolinataube_comes, concern, deed, names_ward, names_ward_with, on_file, said, shows,
    },
};

/// What becomes of one ward's concern when this is shown for it.
fn shown(proof: Proof, filed: Option<Filed>) -> Result<Grant, RefusalReason> {
    let proof = identification::Command::PresentProof { concern: concern(1), proof, filed };
    let desk = Desk::new().after([carolinataube_comes(), names_ward(1, BUNTSPECHT), proof]);
    match desk.state(1) {
        ConcernState::Open => Ok(desk.concern(1).representation.as_ref().unwrap().grant),
        ConcernState::Refused(reason) => Err(reason),
        ConcernState::Withdrawn => panic!("nobody withdrew it"),
    }
}

/// The same, with a deed that is on file and differs from an ordinary one.
fn deed_with(change: impl FnOnce(&mut Deed)) -> Result<Grant, RefusalReason> {
    let mut deed = deed();
    change(&mut deed);
    shown(Proof::Deed(Box::new(deed)), on_file())
}

fn filed(status: FiledStatus, confirmed_on: Option<Date>) -> Option<Filed> {
    Some(Filed { status, confirmed_on })
}

#[test]
fn d2_a_permanent_deed_with_an_area_that_concerns_the_insurer_gives_access_as_a_representative() {
    for area in [Area::Health, Area::SocialBenefits] {
        let grant = deed_with(|it| it.areas = [area].into()).unwrap();
        assert_eq!(grant, Grant { row: RowId::D2, until: None, needs_release: false });
    }
    let mut desk = carer_seconded().after(gives(1, 1));
    assert_eq!(desk.code(1).valid_until, date(2026, 12, 6), "fourteen days");
    assert_eq!(desk.attempt(identification::Command::End), Ok(()));
}

#[test]
fn d2_a_certified_copy_is_as_good_as_the_original_and_a_plain_copy_is_none() {
    assert!(deed_with(|it| it.seen_as = SeenAs::CertifiedCopy).is_ok());
    assert_eq!(deed_with(|it| it.seen_as = SeenAs::Copy), Err(RefusalReason::DeedCopyOnly));
}

#[test]
fn d2_the_deed_names_the_carer_and_the_cared_for_person() {
    assert_eq!(deed_with(|it| it.names_agree = false), Err(RefusalReason::DeedNameMismatch));
}

#[test]
fn d2_a_deed_is_good_from_the_day_it_was_issued() {
    assert!(deed_with(|it| it.issued_on = TODAY).is_ok());
    assert_eq!(
        deed_with(|it| it.issued_on = TODAY.saturating_add(1.day())),
        Err(RefusalReason::DeedNotYetIssued)
    );
}

#[test]
fn d2_areas_that_do_not_concern_the_insurer_are_not_enough() {
    // Vermögenssorge alone.
    assert_eq!(deed_with(|it| it.areas = [Area::Assets].into()), Err(RefusalReason::AreaMissing));
    let none_of_ours: Vec<Area> =
        Area::ALL.into_iter().filter(|it| !matches!(it, Area::Health | Area::SocialBenefits)).collect();
    assert_eq!(
        deed_with(|it| it.areas = none_of_ours.into_iter().collect()),
        Err(RefusalReason::AreaMissing)
    );
    assert_eq!(deed_with(|it| it.areas.clear()), Err(RefusalReason::AreaMissing));
}

#[test]
fn d2_a_representation_that_has_ended_or_is_suspended_is_refused_whatever_the_deed_says() {
    let mut unchanged = deed();
    unchanged.declared_unchanged = true;
    let ended = filed(FiledStatus::Ended, Some(TODAY));
    assert_eq!(shown(Proof::Deed(Box::new(unchanged)), ended), Err(RefusalReason::RepresentationEnded));
}

#[test]
fn d2_first_use_and_a_year_without_confirmation_need_the_declaration_and_then_the_release() {
    let confirmed = |on| filed(FiledStatus::Active, Some(on));
    // (on file, without the declaration, with it: needs the release)
    let cases = [
        (None, Err(RefusalReason::DeclarationMissing), true),
        (filed(FiledStatus::Pending, Some(TODAY)), Err(RefusalReason::DeclarationMissing), true),
        (filed(FiledStatus::Active, None), Err(RefusalReason::DeclarationMissing), true),
        (confirmed(date(2025, 11, 21)), Err(RefusalReason::DeclarationMissing), true),
        (confirmed(date(2025, 11, 22)), Ok(false), false),
        (confirmed(TODAY), Ok(false), false),
    ];
    for (filed, without, with) in cases {
        let judged = |declared_unchanged| {
            let mut deed = deed();
            deed.declared_unchanged = declared_unchanged;
            shown(Proof::Deed(Box::new(deed)), filed.clone()).map(|grant| grant.needs_release)
        };
        assert_eq!((judged(false), judged(true)), (without, Ok(with)), "{filed:?}");
    }
}

#[test]
fn d3_a_deed_that_also_names_electronic_communication_is_recorded_as_such() {
    let areas = [Area::Health, Area::ElectronicCommunication];
    assert_eq!(deed_with(|it| it.areas = areas.into()).map(|it| it.row), Ok(RowId::D3));
    // § 1815 (2) Nr. 5 BGB adds to an area, it is none that concerns the insurer by itself.
    assert_eq!(
        deed_with(|it| it.areas = [Area::ElectronicCommunication].into()),
        Err(RefusalReason::AreaMissing)
    );
}

#[test]
fn d4_a_provisional_order_without_an_end_is_refused() {
    assert_eq!(deed_with(|it| it.term = Term::Provisional(None)), Err(RefusalReason::ProvisionalNoEnd));
}

#[test]
fn d4_a_provisional_order_is_good_through_its_last_day_and_refused_the_day_after() {
    let until = |end| deed_with(|it| it.term = Term::Provisional(Some(end)));
    assert_eq!(until(TODAY.saturating_sub(1.day())), Err(RefusalReason::ProvisionalExpired));
    assert_eq!(until(TODAY).map(|it| (it.row, it.until)), Ok((RowId::D4, Some(TODAY))));
}

#[test]
fn d4_a_provisional_deed_ends_the_code_with_its_last_day() {
    for (end, last_day) in [
        (TODAY, TODAY),
        (date(2026, 12, 5), date(2026, 12, 5)),
        (date(2026, 12, 6), date(2026, 12, 6)),
        (date(2027, 5, 1), date(2026, 12, 6)),
    ] {
        let mut provisional = deed();
        provisional.term = Term::Provisional(Some(end));
        let desk = carer_of(shows(1, provisional, on_file()));
        assert_eq!(desk.after([issues(1, 1)]).code(1).valid_until, last_day, "ends {end}");
    }
}

#[test]
fn d4_a_provisional_order_is_held_to_everything_that_a_permanent_deed_is_held_to() {
    let end = Term::Provisional(Some(TODAY));
    let with = |change: fn(&mut Deed)| {
        deed_with(|it| {
            it.term = end;
            change(it);
        })
    };
    assert_eq!(with(|it| it.seen_as = SeenAs::Copy), Err(RefusalReason::DeedCopyOnly));
    assert_eq!(with(|it| it.names_agree = false), Err(RefusalReason::DeedNameMismatch));
    assert_eq!(with(|it| it.areas.clear()), Err(RefusalReason::AreaMissing));
}

#[test]
fn d8_an_office_for_a_single_matter_opens_no_access() {
    assert_eq!(deed_with(|it| it.office = Office::SingleMatter), Err(RefusalReason::OfficeUnsuitable));
}

#[test]
fn d14_a_code_is_never_given_to_a_messenger() {
    assert_eq!(shown(Proof::Errand, on_file()), Err(RefusalReason::PickupByThirdParty));
}

#[test]
fn d19_a_spouses_emergency_representation_opens_no_digital_access() {
    assert_eq!(shown(Proof::Spouse, on_file()), Err(RefusalReason::SpouseNoDigitalAccess));
}

#[test]
fn d24_who_shows_nothing_has_no_authority_even_if_one_is_on_file() {
    assert_eq!(shown(Proof::Nothing, on_file()), Err(RefusalReason::ThirdPartyNoAuthority));
}

#[test]
fn d25_death_ends_every_authority_before_anything_else_is_judged() {
    let proofs = [Proof::Deed(Box::new(deed())), Proof::Errand, Proof::Spouse, Proof::Nothing];
    for proof in proofs {
        let shows = identification::Command::PresentProof { concern: concern(1), proof, filed: on_file() };
        let ward = names_ward_with(1, BUNTSPECHT, |it| said(it).deceased = true);
        let desk = Desk::new().after([carolinataube_comes(), ward, shows]);
        assert_eq!(desk.state(1), ConcernState::Refused(RefusalReason::SubjectDeceased));
    }
}

#[test]
fn the_first_row_that_is_about_a_case_decides_and_each_row_stands_once() {
    let rows: Vec<RowId> = TABLE.iter().map(|row| row.id).collect();
    use RowId::{D2, D3, D4, D8, D14, D19, D24, D25};
    assert_eq!(rows, [D25, D14, D19, D24, D8, D4, D3, D2]);
}

#[test]
fn a_representatives_code_is_valid_for_fourteen_days_at_most_whatever_the_profile_allows() {
    let mut desk = carer_seconded().with(|policy| policy.code_valid_days = 30);
    assert_eq!(desk.attempt(issues(1, 1)), Ok(()));
    assert_eq!(desk.code(1).valid_until, date(2026, 12, 6));
}

#[test]
fn a_desk_that_offers_no_access_for_representatives_looks_at_no_deed() {
    let mut desk = Desk::new().with(|policy| {
        policy.purposes.retain(|it| it.purpose == identification::Purpose::AppActivation);
    });
    desk = desk.after([carolinataube_comes(), names_ward(1, BUNTSPECHT)]);
    assert_eq!(desk.attempt(crate::people::shows_deed(1)), Err(Refusal::PurposeNotOffered));
}

#[test]
fn a_reason_reads_back_from_its_name() {
    for reason in RefusalReason::ALL {
        assert_eq!(RefusalReason::from_name(reason.as_str()), Some(reason));
    }
    assert_eq!(RefusalReason::from_name("because"), None);
}

fn carer_of(shows: identification::Command) -> Desk {
    use crate::{
        desk::{colleague_looks, matches, passport},
        people::CAROLINATAUBE,
    };
    Desk::new()
        .after([carolinataube_comes(), names_ward(1, BUNTSPECHT), shows])
        .after(passport(CAROLINATAUBE))
        .after([matches(), colleague_looks()])
}

#[test]
fn an_entry_is_confirmed_for_the_profiles_months_and_through_their_last_day() {
    let policy = Desk::new().policy;
    let confirmed = |status, on: Option<Date>| {
        let filed = Filed { status, confirmed_on: on };
        filed.is_confirmed(&policy, TODAY)
    };
    assert!(on_file().unwrap().is_confirmed(&policy, TODAY));
    let last = TODAY.saturating_sub(12.months());
    assert!(confirmed(FiledStatus::Active, Some(last)));
    assert!(!confirmed(FiledStatus::Active, Some(last.saturating_sub(1.day()))));
    assert!(!confirmed(FiledStatus::Active, None));
    for status in [FiledStatus::Pending, FiledStatus::Ended] {
        assert!(!confirmed(status, Some(TODAY)));
    }
}
