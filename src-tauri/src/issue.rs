//! The one function in which a code exists: drawn, sealed to the service, recorded, put on paper, sent to the printer.
//!
//! The plain text lives between the first and the last line of [`Controller::sign_and_print`] and in the page's bytes,
//! which are wiped when the printer has them.

use bridge::{AppError, PrintStep};
use identification::{ActivationCode, CodeId, Command, Kvnr, Name, PublicReference, Purpose};
use jiff::Zoned;
use letter::{
    ActivationLetter, ActivationTemplate, CodeText, Fonts, Issuer, Receipt, ReceiptTemplate, Subject,
};
use settings::Settings;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::{
    controller::{Controller, Window},
    outside, print_watch,
};

/// What every sheet needs: fonts and wording, checked at the start.
pub(crate) struct Paper {
    fonts: Fonts,
    letter: ActivationTemplate,
    receipt: ReceiptTemplate,
}

/// What is printed for one code, in PDF.
pub(crate) struct Sheets {
    /// The letter; holds the code.
    pub(crate) letter: Zeroizing<Vec<u8>>,
    /// The receipt for it; doesn't.
    pub(crate) receipt: Zeroizing<Vec<u8>>,
}

impl Paper {
    /// The shipped wording and fonts.
    pub(crate) fn shipped() -> anyhow::Result<Self> {
        Ok(Self {
            fonts: Fonts::embedded()?,
            letter: ActivationTemplate::parse(include_str!("../../assets/letters/activation@1.toml"))?,
            receipt: ReceiptTemplate::parse(include_str!("../../assets/letters/receipt@1.toml"))?,
        })
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
        // The sheets are made before the code is recorded: a name that no font can draw must not cost a code.
        let sheets = self.sheets(&code, &reference, &now)?;
        drop(code);
        let id = CodeId::new(outside::id(now.timestamp()));
        self.apply_with(Command::Issue { code: id, reference }, Some(sealed))?;
        self.print(sheets);
        Ok(())
    }

    fn sheets(
        &self,
        code: &ActivationCode,
        reference: &PublicReference,
        now: &Zoned,
    ) -> Result<Sheets, AppError> {
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        let (acting, concern) = it.visit.acting().zip(it.concern()).ok_or(AppError::NotNow)?;
        let name = &acting.person.name;
        let settings = &self.desk.settings;
        let place = settings.place();
        let symbols = CodeText::new(code.expose()).map_err(|error| internal(&error, now))?;
        let link = letter::qr_link(&settings.profile.code.app_link, reference.as_str(), symbols)
            .map_err(|error| internal(&error, now))?;
        let (issuer, recipient, subject) =
            (issuer(settings, &place), full_name(name), for_line(name, &concern.kvnr));
        let presented = acting.document.as_ref().ok_or(AppError::NotYet)?;
        let document = settings.documents.iter().find(|it| it.id == presented.document_type);
        let receipt = Receipt {
            issuer,
            date: now.date(),
            reference: reference.as_str(),
            purpose: concern.purpose.map(purpose).ok_or(AppError::NotYet)?,
            recipient: &recipient,
            subject: &subject,
            document: document.map(|it| it.label.de.as_str()).ok_or(AppError::NotYet)?,
            staff: self.operator.as_str(),
        };
        let letter = ActivationLetter {
            issuer,
            date: now.date(),
            recipient: &recipient,
            subject: Subject::Recipient(&subject),
            reference: reference.as_str(),
            code: symbols,
            link: &link,
            valid_until: self.policy.valid_until(now.date()),
            awaiting_release: false,
        };
        let Paper { fonts, letter: letter_words, receipt: receipt_words } = &self.desk.paper;
        Ok(Sheets {
            letter: letter.render(letter_words, fonts).map_err(|error| internal(&error, now))?,
            receipt: receipt.render(receipt_words, fonts).map_err(|error| internal(&error, now))?,
        })
    }

    fn print(&mut self, sheets: Sheets) {
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
        tokio::task::spawn_local(print_watch::print(printer, sheets, name, visit, self.sender(), stopped));
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

/// What the receipt calls a purpose.
fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::AppActivation => "App freischalten",
    }
}

/// "Jürgen G., Versichertennummer ••••••5781"
fn for_line(name: &Name, kvnr: &Kvnr) -> String {
    let initial = name.family_name.chars().next().map(String::from).unwrap_or_default();
    format!("{} {initial}., Versichertennummer {}", name.given_names, kvnr.masked_for_paper())
}

fn internal(error: &dyn std::error::Error, now: &Zoned) -> AppError {
    let incident = outside::id(now.timestamp()).to_string();
    tracing::error!(%incident, %error, "a letter could not be made");
    AppError::Internal { incident }
}
