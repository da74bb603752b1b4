//! The one function in which a code exists: drawn, sealed to the service, recorded, put on paper, sent to the printer.
//!
//! The plain text lives between the first and the last line of [`Controller::sign_and_print`] and in the page's bytes,
//! which are wiped when the printer has them.

use bridge::{AppError, PrintStep};
use identification::{ActivationCode, CodeId, Command, Kvnr, Name, PublicReference};
use jiff::{Zoned, civil::Date};
use letter::{ActivationLetter, ActivationTemplate, CodeText, Fonts, Issuer, Subject};
use settings::Settings;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::{
    controller::{Controller, Window},
    outside, print_watch,
};

/// What every letter needs: fonts and wording, checked at the start.
pub(crate) struct Paper {
    fonts: Fonts,
    template: ActivationTemplate,
}

impl Paper {
    /// The shipped wording and fonts.
    pub(crate) fn shipped() -> anyhow::Result<Self> {
        let template = ActivationTemplate::parse(include_str!("../../assets/letters/activation@1.toml"))?;
        Ok(Self { fonts: Fonts::embedded()?, template })
    }
}

impl<W: Window> Controller<W> {
    /// Signs what was proven and gives out a code.
    pub(crate) fn sign_and_print(&mut self) -> Result<(), AppError> {
        let now = outside::now();
        let key = self.sealing_key.clone().ok_or(AppError::ServiceUnreachable)?;
        let code = ActivationCode::from_entropy(&mut outside::entropy);
        let reference = PublicReference::from_entropy(&mut outside::entropy);
        let sealed = account::seal(code.expose(), &key).map_err(|error| internal(&error, &now))?;
        // The page is made before the code is recorded: a name that no font can draw must not cost a code.
        let page = self.page(&code, &reference, &now)?;
        drop(code);
        let id = CodeId::new(outside::id(now.timestamp()));
        self.apply_with(Command::Issue { code: id, reference }, Some(sealed))?;
        self.print(page);
        Ok(())
    }

    fn page(
        &self,
        code: &ActivationCode,
        reference: &PublicReference,
        now: &Zoned,
    ) -> Result<Zeroizing<Vec<u8>>, AppError> {
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        let (acting, concern) = it.visit.acting().zip(it.concern()).ok_or(AppError::NotNow)?;
        let name = &acting.person.name;
        let settings = &self.desk.settings;
        let place = settings.place();
        let symbols = CodeText::new(code.expose()).map_err(|error| internal(&error, now))?;
        let link = letter::qr_link(&settings.profile.code.app_link, reference.as_str(), symbols)
            .map_err(|error| internal(&error, now))?;
        let letter = ActivationLetter {
            issuer: issuer(settings, &place),
            date: now.date(),
            recipient: &full_name(name),
            subject: Subject::Recipient(&for_line(name, &concern.kvnr)),
            reference: reference.as_str(),
            code: symbols,
            link: &link,
            valid_until: valid_until(now, self.policy.code_valid_days),
            awaiting_release: false,
        };
        letter
            .render(&self.desk.paper.template, &self.desk.paper.fonts)
            .map_err(|error| internal(&error, now))
    }

    fn print(&mut self, page: Zeroizing<Vec<u8>>) {
        let Some(visit) = self.state.in_progress_mut().and_then(|it| {
            it.print = PrintStep::Sending;
            it.visit.id
        }) else {
            return;
        };
        let (stop, stopped) = oneshot::channel();
        self.stop_print = Some(stop);
        let printer = self.desk.printer.clone();
        // The job's name stands on the printer's display and in its logs: it names the desk, nobody else.
        let name = self.desk.settings.desk.desk.clone();
        tokio::task::spawn_local(print_watch::print(printer, page, name, visit, self.sender(), stopped));
    }
}

fn issuer<'a>(settings: &'a Settings, place: &'a str) -> Issuer<'a> {
    let words = &settings.profile.letter;
    Issuer {
        insurer: &settings.profile.name,
        place,
        desk: &settings.desk.desk,
        code_name: &settings.profile.words.code,
        service_phone: &words.hotline,
        service_hours: &words.hotline_hours,
        blocking_phone: &words.blocking_number,
    }
}

fn full_name(name: &Name) -> String {
    let family = name.full_family_name();
    [name.title.as_deref(), Some(name.given_names.as_str()), Some(family.as_str())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// "Jürgen G., Versichertennummer ••••••5781"
fn for_line(name: &Name, kvnr: &Kvnr) -> String {
    let initial = name.family_name.chars().next().map(String::from).unwrap_or_default();
    format!("{} {initial}., Versichertennummer {}", name.given_names, kvnr.masked_for_paper())
}

fn valid_until(now: &Zoned, days: u8) -> Date {
    now.date().saturating_add(jiff::Span::new().days(i64::from(days)))
}

fn internal(error: &dyn std::error::Error, now: &Zoned) -> AppError {
    let incident = outside::id(now.timestamp()).to_string();
    tracing::error!(%incident, %error, "a letter could not be made");
    AppError::Internal { incident }
}
