//! Whom a desk trusts to vouch for cards: for health cards the roots that come with the program, and a folder; for travel
//! documents the folder alone.

mod memory;
mod reason;

use std::path::{Path, PathBuf};

use egk::TrustStore;
use jiff::civil::Date;
use mrtd::trust::{NewestList, Root, TrustStore as DocumentTrustStore};
use serde::Serialize;
use settings::{DeskFile, Settings, SettingsError, TrustFile, TrustPurpose};

use crate::{desk::SETTINGS, failure::Failure};
pub(crate) use memory::{Memory, missing_list};
pub(crate) use reason::LeftOutReason;

/// Which folder, on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct TrustSource {
    /// Folder with certificates and lists that vouch for cards [default: that of the desk's settings]
    #[arg(long = "trust", value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// The desk's settings, which name the folder [default: those of the app, if they are there]
    #[arg(long, value_name = "FILE", env = "IDENTPLATZ_SETTINGS", hide_env_values = true)]
    settings: Option<PathBuf>,
}

/// Whom to trust.
#[derive(Debug)]
pub(crate) struct Trust {
    /// For health cards.
    pub(crate) store: TrustStore,
    /// For travel documents.
    pub(crate) documents: DocumentTrustStore,
    /// How many roots are pinned that may sign master lists and defect lists.
    pub(crate) list_roots: usize,
    /// Where certificates and lists were looked for.
    pub(crate) folder: Option<PathBuf>,
    /// Files of the folder that don't count.
    pub(crate) left_out: Vec<LeftOut>,
    /// Why it can't be told here whether there were newer lists, if so.
    pub(crate) forgetful: Option<String>,
}

/// A file of the folder that doesn't count.
#[derive(Debug, Serialize)]
pub(crate) struct LeftOut {
    pub(crate) file: String,
    pub(crate) reason: LeftOutReason,
}

impl TrustSource {
    /// Reads the folder. `today` decides which lists are from the future.
    ///
    /// Of the desk's own folder it is known, and noted, which lists were the newest; of one that is named on the command
    /// line it isn't.
    ///
    /// # Errors
    /// [`Failure::SettingsUnusable`] if the folder, the settings that name it, or what was noted of its lists can't be used
    /// as a whole.
    pub(crate) fn load(&self, today: Date) -> Result<Trust, Failure> {
        let (folder, data_dir) = match (&self.folder, self.desk()?) {
            (Some(named), _) => (Some(named.clone()), None),
            (None, Some(desk)) => (desk.trust.map(|trust| trust.folder), Some(desk.data_dir)),
            (None, None) => (None, None),
        };
        let files = folder.as_deref().map_or(Ok(Vec::new()), settings::trust_files)?;
        let mut memory = Memory::read(data_dir.as_deref())?;
        let trust = Trust::new(&files, &memory.newest, today);
        memory.keep(&trust.documents.state().newest_lists);
        Ok(Trust { folder, forgetful: memory.problem, ..trust })
    }

    /// The desk whose settings are named, or of this machine if it has any.
    ///
    /// # Errors
    /// [`Failure::SettingsUnusable`].
    pub(crate) fn of_machine(&self) -> Result<Option<DeskFile>, Failure> {
        let settings = match &self.settings {
            Some(named) => Settings::load(named)?,
            None if !Path::new(SETTINGS).exists() => return Ok(None),
            None => Settings::load(Path::new(SETTINGS))?,
        };
        Ok(Some(settings.desk))
    }

    /// Whose folder counts if none is named: a named one needs no settings.
    fn desk(&self) -> Result<Option<DeskFile>, Failure> {
        if self.folder.is_some() && self.settings.is_none() { Ok(None) } else { self.of_machine() }
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::SettingsUnusable { problem: memory::in_full(&error) }
    }
}

impl Trust {
    /// Both stores out of one folder's files: each is taken by the store that knows it. Lists are for travel documents;
    /// of certificates the file's name says it. `newest` is what is known of the lists that there were before.
    pub(crate) fn new(files: &[TrustFile], newest: &[NewestList], today: Date) -> Self {
        let (mut store, mut roots) = (TrustStore::production(), Vec::new());
        let (mut for_documents, mut left_out) = (Vec::new(), Vec::new());
        for file in files {
            let outcome = match file.purpose() {
                TrustPurpose::ListRoot => {
                    Root::parse(&file.bytes).map(|root| roots.push(root)).map_err(LeftOutReason::from)
                }
                TrustPurpose::TravelDocuments => {
                    for_documents.push((&*file.name, &*file.bytes));
                    Ok(())
                }
                TrustPurpose::Any => match store.add(&file.bytes) {
                    Err(egk::TrustError::Malformed) => {
                        for_documents.push((&*file.name, &*file.bytes));
                        Ok(())
                    }
                    outcome => outcome.map_err(LeftOutReason::from),
                },
            };
            left_out.extend(outcome.err().map(|reason| LeftOut { file: file.name.clone(), reason }));
        }
        let (documents, problems) = DocumentTrustStore::from_files(for_documents, &roots, newest, today);
        left_out.extend(
            problems.into_iter().map(|problem| LeftOut { file: problem.name, reason: problem.error.into() }),
        );
        left_out.sort_by(|one, other| one.file.cmp(&other.file));
        Self { store, documents, list_roots: roots.len(), folder: None, left_out, forgetful: None }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::date};

    use super::*;
    use crate::language::Language;

    const TODAY: Date = date(2026, 11, 22);

    /// What a desk imports in the world of the simulated documents.
    fn files() -> Vec<TrustFile> {
        let files = card_sim::travel::trust_files(TODAY).into_iter().chain(card_sim::trust::files(TODAY));
        files.map(|(name, bytes)| TrustFile { name, bytes }).collect()
    }

    fn left_out(trust: &Trust) -> Vec<(&str, LeftOutReason)> {
        let documents_alone = |it: &&LeftOut| !it.file.starts_with("birds");
        trust.left_out.iter().filter(documents_alone).map(|it| (&*it.file, it.reason)).collect()
    }

    #[test]
    fn both_stores_come_from_one_folder() {
        let trust = Trust::new(&files(), &[], TODAY);
        assert_eq!(left_out(&trust), []);
        let state = trust.documents.state();
        assert_eq!((state.countries.len(), trust.list_roots), (13, 1));
        assert!(state.master_list.is_some() && state.defect_list.is_some() && state.revocation_lists > 0);
        let builtin = TrustStore::production().describe().len();
        let of_health_cards = trust.store.describe().len() - builtin;
        assert_eq!(of_health_cards, if cfg!(feature = "workshop") { 3 } else { 0 });
    }

    #[test]
    fn a_master_list_counts_only_under_a_root_that_the_name_pins() {
        let mut files = files();
        for file in &mut files {
            if file.purpose() == TrustPurpose::ListRoot {
                file.name = "csca-germany.cer".to_owned();
            }
        }
        let trust = Trust::new(&files, &[], TODAY);
        assert_eq!(trust.list_roots, 0);
        // As a single authority it vouches for its own documents, and lists of others have no issuer.
        assert_eq!(trust.documents.state().countries, ["DE"]);
        let lists: Vec<_> = left_out(&trust).into_iter().filter(|(file, _)| file.ends_with(".ml")).collect();
        let no_root = LeftOutReason::Document(mrtd::trust::TrustError::NoRoot);
        assert_eq!(lists, [("csca-master-list.ml", no_root), ("defects.ml", no_root)]);
    }

    #[test]
    fn whoever_vouches_for_travel_documents_vouches_for_no_health_card() {
        let authorities = |trust: &Trust| trust.store.describe().len();
        let root = files().into_iter().find(|file| file.purpose() == TrustPurpose::ListRoot).unwrap();
        let csca = TrustFile { name: "csca-germany.cer".to_owned(), bytes: root.bytes };
        let trust = Trust::new(&[csca], &[], TODAY);
        assert_eq!(authorities(&trust), authorities(&Trust::new(&[], &[], TODAY)));
        assert_eq!(trust.documents.state().countries, ["DE"]);
    }

    #[test]
    fn what_neither_store_knows_is_left_out() {
        let notes = ["notes.pem", "notes.ml", "csca-notes.crl", "csca-master-list-root.cer"]
            .map(|name| TrustFile { name: name.to_owned(), bytes: b"no certificate".to_vec() });
        let trust = Trust::new(&notes, &[], TODAY);
        let malformed = LeftOutReason::Document(mrtd::trust::TrustError::Malformed);
        let names = ["csca-master-list-root.cer", "csca-notes.crl", "notes.ml", "notes.pem"];
        assert_eq!(left_out(&trust), names.map(|name| (name, malformed)));
    }

    #[test]
    fn an_older_list_than_one_that_counted_before_is_left_out_and_missed() {
        let trust = Trust::new(&files(), &[], TODAY);
        let newest = trust.documents.state().newest_lists;
        assert_eq!((newest.len(), trust.documents.state().missing_lists), (2, vec![]));
        let mut rolled_back = files();
        let older = card_sim::travel::trust_files(TODAY - 30.days());
        let older = older.into_iter().find(|(name, _)| name == "csca-master-list.ml").unwrap();
        let place = rolled_back.iter_mut().find(|file| file.name == older.0).unwrap();
        place.bytes = older.1;
        let reason = LeftOutReason::Document(mrtd::trust::TrustError::Older);
        let trust = Trust::new(&rolled_back, &newest, TODAY);
        assert!(left_out(&trust).contains(&("csca-master-list.ml", reason)), "{:?}", trust.left_out);
        let missing = trust.documents.state().missing_lists;
        let told = missing.iter().map(|list| missing_list(list, Language::En)).collect::<String>();
        assert!(
            told.starts_with("The master list of 2026-11-17, which has counted here, is missing"),
            "{told}"
        );
        assert_eq!(trust.documents.state().newest_lists.len(), 2, "nothing is forgotten");
    }
}
