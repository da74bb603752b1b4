//! `access-report`: who looked a person up at this desk, for a person who asks (Art. 15 GDPR). The report is an access itself and
//! is logged before anything is shown, so the desk must not be running: only one process writes.

use identification::{Kvnr, OperatorId};
use jiff::Timestamp;
use serde::Serialize;
use store::{AccessEntry, AccessKind, AccessReason, AccessResult, AccessRole, Disclosure, Store, Subject};

use crate::{
    desk::{DeskSource, database_key},
    failure::Failure,
    language::Language,
    secret_line::only_line,
    secret_source::{Input, SecretSource},
};

/// The option that the number comes by.
const OPTION: &str = "--kvnr";

/// Whose report, and who asks for it.
#[derive(Debug, clap::Args)]
pub(crate) struct AccessReport {
    /// The person's health insurance number: `-` asks for it or reads standard input, `@FILE` a file
    #[arg(long, value_name = "-|@FILE")]
    kvnr: SecretSource,
    /// Who makes the report, as in staff.toml; it is logged
    #[arg(long, value_name = "ID")]
    staff: String,
    #[command(flatten)]
    desk: DeskSource,
}

/// The answer: nothing but role and place of those who looked; the person's number isn't repeated.
#[derive(Debug, Serialize)]
pub(crate) struct Disclosures {
    accesses: Vec<Access>,
}

#[derive(Debug, Serialize)]
struct Access {
    at: String,
    role: &'static str,
    place: String,
    reason: &'static str,
    kind: &'static str,
    /// `None` if the program ended before that was known.
    result: Option<&'static str>,
}

impl Disclosures {
    /// Logs the report, then makes it.
    pub(crate) fn make(options: &AccessReport, now: Timestamp, language: Language) -> Result<Self, Failure> {
        options.kvnr.check(OPTION, language)?;
        let staff = OperatorId::new(&options.staff).ok_or_else(|| Failure::Usage {
            problem: language.pick("„--staff“ ist keine Kennung.", "'--staff' is no identifier.").to_owned(),
        })?;
        let settings = options.desk.settings()?;
        let store = Store::open(&options.desk.store_folder()?, &database_key()?)?;
        let kvnr = obtain(&options.kvnr, language)?;
        let mut drawn = Ok(());
        let subject =
            store.subject_ref(Subject::Insured(&kvnr), &mut |bytes| drawn = getrandom::fill(bytes))?;
        drawn.map_err(|_| Failure::Internal { what: "the operating system gives no randomness" })?;
        let access = store.log_access(AccessEntry {
            at: now,
            staff,
            role: AccessRole::Administrator,
            place: settings.desk.desk,
            subject,
            reason: AccessReason::DataAccess,
            kind: AccessKind::Report,
        })?;
        let found = store.accesses_of(subject)?;
        store.log_result(access, AccessResult::Shown, now)?;
        Ok(Self { accesses: found.into_iter().map(Access::from).collect() })
    }

    /// A line an access.
    pub(crate) fn to_text(&self, language: Language) -> String {
        self.accesses.iter().map(|access| access.to_text(language)).collect()
    }
}

impl From<Disclosure> for Access {
    fn from(access: Disclosure) -> Self {
        Self {
            at: access.at.to_string(),
            role: access.role.as_str(),
            place: access.place,
            reason: access.reason.as_str(),
            kind: access.kind.as_str(),
            result: access.result.map(AccessResult::as_str),
        }
    }
}

impl Access {
    fn to_text(&self, language: Language) -> String {
        let say = |word: &'static str| match language {
            Language::De => german(word),
            Language::En => word,
        };
        let Self { at, role, place, reason, kind, result } = self;
        let result = result.map_or("–", say);
        format!("{at}  {}, {place}: {} ({}), {result}\n", say(role), say(kind), say(reason))
    }
}

/// The words of the access log.
fn german(word: &'static str) -> &'static str {
    match word {
        "clerk" => "Kundenberatung",
        "supervisor" => "Teamleitung",
        "auditor" => "Revision",
        "administrator" => "Administration",
        "look_up" => "Abfrage",
        "visit_opened" => "Vorgang angesehen",
        "report" => "Auskunft erstellt",
        "card_inserted" => "Karte gesteckt",
        "number_given" => "Nummer genannt",
        "review" => "Prüfung",
        "inquiry" => "Rückfrage",
        "complaint" => "Beschwerde",
        "data_access" => "Auskunftsersuchen",
        "correction" => "Berichtigung",
        "shown" => "angezeigt",
        "not_found" => "nicht gefunden",
        "withheld" => "zurückgehalten",
        "failed" => "ohne Antwort",
        other => other,
    }
}

fn obtain(source: &SecretSource, language: Language) -> Result<Kvnr, Failure> {
    let line = match source.open()? {
        Input::Stream(input) => only_line(input)?,
        Input::Terminal(mut terminal) => {
            terminal.ask(language.pick("Versichertennummer: ", "Health insurance number: "))?
        }
    };
    line.and_then(|line| Kvnr::parse(&line).ok()).ok_or(Failure::NotAKvnr)
}
