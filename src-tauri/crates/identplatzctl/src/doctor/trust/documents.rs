//! Whom this desk trusts to vouch for travel documents, and how fresh its lists are.

use jiff::civil::Date;
use mrtd::trust::{NewestList, REVOCATION_LIST_DAYS_MAX, TrustStore};
use serde::Serialize;

use super::super::{Finding, Level};
use crate::{language::Language, trust::missing_list};

/// For how long a master list is taken as it is. States certify new keys years before they sign with them, and Germany
/// publishes its list about monthly: who has missed half a year of it soon meets documents of authorities that it lacks.
const MASTER_LIST_DAYS_MAX: i32 = 180;

/// The section.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    /// With at least one authority: `DE`.
    countries: Vec<String>,
    /// Of authorities (CSCA).
    certificates: usize,
    /// Roots that may sign master lists and defect lists.
    list_roots: usize,
    /// The oldest, if there are several.
    master_list: Option<List>,
    revocation_lists: usize,
    oldest_revocation_list: Option<List>,
    defect_list: Option<List>,
    /// Lists that were the newest here and aren't there any more.
    #[serde(skip)]
    missing_lists: Vec<NewestList>,
}

/// When a list was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct List {
    signed: Date,
    age_days: i32,
}

impl List {
    fn new(signed: Date, today: Date) -> Self {
        let age_days = today.since(signed).map_or(0, |span| span.get_days());
        Self { signed, age_days }
    }
}

impl Section {
    pub(super) fn new(store: &TrustStore, list_roots: usize, today: Date) -> Self {
        let state = store.state();
        let list = |signed: Option<Date>| signed.map(|signed| List::new(signed, today));
        Self {
            countries: state.countries,
            certificates: state.certificates,
            list_roots,
            master_list: list(state.master_list),
            revocation_lists: state.revocation_lists,
            oldest_revocation_list: list(state.oldest_revocation_list),
            defect_list: list(state.defect_list),
            missing_lists: state.missing_lists,
        }
    }

    /// What to know and to mend.
    pub(super) fn findings(&self, language: Language) -> Vec<Finding> {
        let warning = |code, message| Finding { level: Level::Warning, code, message };
        let mut findings = Vec::new();
        if self.certificates == 0 {
            let message = language.pick(
                "Kein Aussteller von Pässen und Ausweisen (CSCA) ist hinterlegt: Ihre Echtheit kann nicht geprüft werden. \
                 Legen Sie eine Master-Liste (*.ml) und ihre Wurzel (csca-master-list-root.cer) in den Ordner, den \
                 „trust.folder“ in den Einstellungen nennt.",
                "No authority for passports and identity cards (CSCA) is there: they can't be proven genuine. Put a master \
                 list (*.ml) and its root (csca-master-list-root.cer) into the folder that 'trust.folder' in the settings \
                 names.",
            );
            findings.push(warning("no_csca", message.to_owned()));
        }
        let missing = self.missing_lists.iter().map(|list| missing_list(list, language));
        findings.extend(missing.map(|message| warning("list_rolled_back", message)));
        if let Some(List { signed, age_days }) =
            self.master_list.filter(|it| it.age_days > MASTER_LIST_DAYS_MAX)
        {
            let signed = language.day(signed);
            let message = language.pick(
                format!(
                    "Die Master-Liste ist vom {signed}, {age_days} Tage alt: Legen Sie die neueste in den Ordner, sonst \
                     fehlen Aussteller neuer Dokumente."
                ),
                format!(
                    "The master list is of {signed}, {age_days} days old: put the newest into the folder, or issuers of new \
                     documents are missing."
                ),
            );
            findings.push(warning("master_list_old", message));
        }
        if let Some(List { signed, age_days }) =
            self.oldest_revocation_list.filter(|it| it.age_days > REVOCATION_LIST_DAYS_MAX)
        {
            let signed = language.day(signed);
            let message = language.pick(
                format!(
                    "Eine Sperrliste ist vom {signed}, {age_days} Tage alt: Nach {REVOCATION_LIST_DAYS_MAX} Tagen sagt sie \
                     nicht mehr, dass ein Unterzeichner nicht gesperrt ist. Legen Sie die neuesten in den Ordner."
                ),
                format!(
                    "A revocation list is of {signed}, {age_days} days old: after {REVOCATION_LIST_DAYS_MAX} days it no longer \
                     says that a signer isn't revoked. Put the newest into the folder."
                ),
            );
            findings.push(warning("revocation_list_old", message));
        }
        findings
    }

    pub(super) fn to_text(&self, language: Language) -> String {
        let title =
            language.pick("Vertrauen für Pässe und Ausweise", "Trust for passports and identity cards");
        let (countries, certificates) = (self.countries.len(), self.certificates);
        let authorities = language.pick(
            format!("{certificates} Aussteller (CSCA) aus {countries} Staaten"),
            format!("{certificates} authorities (CSCA) of {countries} countries"),
        );
        let dated = |list: Option<List>| match list {
            Some(List { signed, age_days }) => language.pick(
                format!("vom {}, {age_days} Tage alt", language.day(signed)),
                format!("of {}, {age_days} days old", language.day(signed)),
            ),
            None => language.pick("keine", "none").to_owned(),
        };
        let roots = (language.pick("Wurzeln für Listen", "Roots for lists"), self.list_roots.to_string());
        let master_list = (language.pick("Master-Liste", "Master list"), dated(self.master_list));
        let number = self.revocation_lists;
        let revocation_lists = match self.oldest_revocation_list {
            Some(_) => {
                let oldest = dated(self.oldest_revocation_list);
                language
                    .pick(format!("{number}, die älteste {oldest}"), format!("{number}, the oldest {oldest}"))
            }
            None => dated(None),
        };
        let revocation_lists = (language.pick("Sperrlisten", "Revocation lists"), revocation_lists);
        let defect_list = (language.pick("Mängelliste", "Defect list"), dated(self.defect_list));
        let lines = [roots, master_list, revocation_lists, defect_list];
        let lines: String = lines.iter().map(|(name, value)| format!("  {name}: {value}\n")).collect();
        format!("{title}:\n  {authorities}\n{lines}")
    }
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::date};
    use settings::TrustFile;

    use super::*;
    use crate::trust::Trust;

    /// The day on which the lists were made; they are dated a few days before.
    const MADE: Date = date(2026, 3, 1);

    fn section(today: Date) -> Section {
        let files = card_sim::travel::trust_files(MADE).into_iter();
        let files: Vec<_> = files.map(|(name, bytes)| TrustFile { name, bytes }).collect();
        let trust = Trust::new(&files, &[], today);
        Section::new(&trust.documents, trust.list_roots, today)
    }

    fn codes(section: &Section) -> Vec<&'static str> {
        section.findings(Language::De).iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn a_desk_with_fresh_lists_has_nothing_to_mend() {
        let section = section(MADE);
        assert_eq!(codes(&section), Vec::<&str>::new());
        assert_eq!((section.countries.len(), section.list_roots), (13, 1));
        let text = section.to_text(Language::En);
        assert!(
            text.contains(
                "of 13 countries\n  Roots for lists: 1\n  Master list: of 2026-02-24, 5 days old\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn lists_grow_old_the_day_after_their_last() {
        let oldest = section(MADE).oldest_revocation_list.unwrap().signed;
        assert_eq!(codes(&section(oldest + 90.days())), Vec::<&str>::new());
        assert_eq!(codes(&section(oldest + 91.days())), ["revocation_list_old"]);
        let master_list = section(MADE).master_list.unwrap().signed;
        assert_eq!(codes(&section(master_list + 180.days())), ["revocation_list_old"]);
        assert_eq!(codes(&section(master_list + 181.days())), ["master_list_old", "revocation_list_old"]);
    }

    #[test]
    fn a_desk_without_authorities_is_told_what_is_missing() {
        let section = Section::new(&TrustStore::default(), 0, MADE);
        assert_eq!(codes(&section), ["no_csca"]);
        let text = section.to_text(Language::De);
        assert!(
            text.contains(
                "0 Aussteller (CSCA) aus 0 Staaten\n  Wurzeln für Listen: 0\n  Master-Liste: keine\n"
            ),
            "{text}"
        );
    }
}
