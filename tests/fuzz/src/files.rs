//! Targets of the files in `egk`.

use egk::{Iccsn, InsuranceData, ObjectSystem, PersonalData, StatusVd};

/// EF.Version2.
pub fn version2(data: &[u8]) -> bool {
    matches!(ObjectSystem::parse(data), Ok(Some(_)))
}

/// EF.GDO: a number has twenty digits, and nothing shows them by accident.
pub fn gdo(data: &[u8]) -> bool {
    let Ok(iccsn) = Iccsn::parse_gdo(data) else { return false };
    assert!(iccsn.as_str().len() == 20 && iccsn.as_str().bytes().all(|digit| digit.is_ascii_digit()));
    assert!(!format!("{iccsn:?}").contains(iccsn.tail(6)));
    true
}

/// EF.StatusVD.
pub fn status_vd(data: &[u8]) -> bool {
    StatusVd::parse(data).is_ok()
}

/// EF.PD as a whole.
pub fn vsd_personal_data(data: &[u8]) -> bool {
    PersonalData::parse(data).is_ok_and(|person| holds(&person))
}

/// The document in EF.PD.
pub fn vsd_personal_xml(data: &[u8]) -> bool {
    PersonalData::parse_xml(data).is_ok_and(|person| holds(&person))
}

pub(crate) fn holds(person: &PersonalData) -> bool {
    let name = &person.name;
    for text in [&name.given_names, &name.family_name] {
        assert!((1..=45).contains(&text.chars().count()) && !text.chars().any(char::is_control));
    }
    for text in [&name.title, &name.name_suffix, &name.name_prefix].into_iter().flatten() {
        assert!((1..=20).contains(&text.chars().count()) && !text.chars().any(char::is_control));
    }
    assert!(person.birth_date.month().is_some() || person.birth_date.day().is_none());
    assert_eq!(person.birth_date.to_iso().len(), "1931-00-00".len());
    assert!(!format!("{person:?}").contains(person.kvnr.as_str()));
    true
}

/// EF.VD as a whole.
pub fn vsd_insurance_data(data: &[u8]) -> bool {
    InsuranceData::parse(data).is_ok()
}

/// The document in the first part of EF.VD.
pub fn vsd_insurance_xml(data: &[u8]) -> bool {
    let Ok(insurance) = InsuranceData::parse_xml(data) else { return false };
    for insurer in [Some(&insurance.insurer), insurance.billing_insurer.as_ref()].into_iter().flatten() {
        assert!((1..=45).contains(&insurer.name.chars().count()));
        assert_eq!(insurer.ik.to_string().len(), 9);
    }
    true
}
