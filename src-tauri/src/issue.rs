//! The one function in which a code exists: drawn, sealed to the service, recorded, put on paper, sent to the printer.
//!
//! The plain text lives between the first and the last line of [`Controller::issue`] and in the page's bytes,
//! which are wiped when the printer has them.

use bridge::{AppError, ConsentText, OfflineObstacle, PrintStep, Text};
use identification::{
    ActingRole, ActivationCode, CodeId, Command, ConcernState, Deed, Kvnr, Name, PublicReference, Purpose,
    SeenAs, last_day,
};
use jiff::Zoned;
use letter::{
    ActivationLetter, ActivationTemplate, ChipConsentPage, ChipConsentTemplate, CodeText, ConsentValues,
    Fonts, Issuer, Receipt, ReceiptTemplate, RefusalNotice, RefusalTemplate, Subject, TakesEffect,
};
use settings::Settings;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::{
    controller::{Controller, Window},
    convert, outside, print_watch,
};

/// For what a chip may be read, in English: on the screen alone.
const EPA_IN_ENGLISH: &str = "Activating the electronic health record (ePA)";

/// What every sheet needs: fonts and wording, checked at the start.
pub(crate) struct Paper {
    fonts: Fonts,
    letter: ActivationTemplate,
    receipt: ReceiptTemplate,
    refusal: RefusalTemplate,
    chip_consent: ChipConsentTemplate,
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
            refusal: RefusalTemplate::parse(include_str!("../../assets/letters/refusal@1.toml"))?,
            chip_consent: ChipConsentTemplate::shipped()?,
        })
    }

    /// Which wording of the consent to the reading of a document's chip the desk has.
    pub(crate) fn chip_wording(&self) -> &'static str {
        self.chip_consent.wording()
    }

    /// What a person agrees to whose document's chip is read, as the window shows it.
    pub(crate) fn chip_consent(&self, settings: &Settings) -> ConsentText {
        let place = settings.place();
        let values = ConsentValues {
            issuer: issuer(settings, &place),
            purpose_de: purpose(Purpose::Epa),
            purpose_en: EPA_IN_ENGLISH,
        };
        let text = |text: letter::LocalText| Text { de: text.de, en: text.en };
        ConsentText {
            wording: self.chip_wording().to_owned(),
            heading: text(self.chip_consent.heading(&values)),
            paragraphs: self.chip_consent.paragraphs(&values).into_iter().map(text).collect(),
        }
    }
}

impl<W: Window> Controller<W> {
    /// Gives out the code of the next concern: signed, sealed, recorded, printed.
    pub(crate) fn issue(&mut self) -> Result<(), AppError> {
        let now = outside::now();
        let why = OfflineObstacle::SealingKey;
        let key = self.sealing_key.clone().ok_or(AppError::OfflineNotPossible { why })?;
        let concern = self.state.in_progress().and_then(|it| it.concern()).ok_or(AppError::NotNow)?;
        let (concern, offline) = (concern.id, concern.is_offline(&self.state.line));
        let line = self.state.line();
        let code = ActivationCode::from_entropy(&mut outside::entropy);
        let reference = PublicReference::from_entropy(&mut outside::entropy);
        let sealed = account::seal(code.expose(), &key).map_err(|error| convert::internal(&error))?;
        // The sheets are made before the code is recorded: a name that no font can draw must not cost a code.
        let sheets = self.sheets(&code, &reference, &now)?;
        drop(code);
        let id = CodeId::new(outside::id(now.timestamp()));
        let issue = Command::Issue { concern, code: id, reference, line };
        if offline {
            self.count_offline_code(&issue)?;
        }
        self.apply_with(issue, Some(sealed))?;
        self.count_outbox();
        self.print(id, sheets);
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
        let settings = &self.desk.settings;
        let place = settings.place();
        let symbols = CodeText::new(code.expose()).map_err(|error| convert::internal(&error))?;
        let link = letter::qr_link(&settings.profile.code.app_link, reference.as_str(), symbols)
            .map_err(|error| convert::internal(&error))?;
        let issuer = issuer(settings, &place);
        let recipient = full_name(&acting.person.name);
        let subject = for_line(&concern.subject.person.name, &concern.subject.kvnr);
        let represented = concern.representation.as_ref();
        let grant = represented.map(|it| it.grant);
        let takes_effect = if grant.is_some_and(|grant| grant.needs_release) {
            TakesEffect::AfterRelease
        } else if concern.is_offline(&self.state.line) {
            TakesEffect::AfterTransmission
        } else {
            TakesEffect::AtOnce
        };
        let valid_until = last_day(concern, &self.state.line, &self.policy, now.date());
        let authority = represented.map(|it| shown(&it.deed));
        let presented = acting.document.as_ref().ok_or(AppError::NotYet)?;
        let document = settings.documents.iter().find(|it| it.id == presented.document_type);
        let second = acting.second_look.as_ref().map(|look| look.by.as_str());
        let operator = it.visit.operator.as_ref().ok_or(AppError::NotNow)?.as_str();
        let staff = [Some(operator), second].into_iter().flatten().collect::<Vec<_>>().join(" und ");
        let receipt = Receipt {
            issuer,
            date: now.date(),
            reference: reference.as_str(),
            purpose: concern.purpose.map(purpose).ok_or(AppError::NotYet)?,
            recipient: &recipient,
            document: document.map(|it| it.label.de.as_str()).ok_or(AppError::NotYet)?,
            role: represented.map(|_| "Rechtliche Betreuung"),
            subject: &subject,
            authority: authority.as_deref(),
            takes_effect,
            valid_until,
            staff: &staff,
        };
        let letter = ActivationLetter {
            issuer,
            date: now.date(),
            purpose: concern.purpose.map(on_letter).ok_or(AppError::NotYet)?,
            recipient: &recipient,
            subject: if represented.is_some() {
                Subject::Represented(&subject)
            } else {
                Subject::Recipient(&subject)
            },
            reference: reference.as_str(),
            code: symbols,
            link: &link,
            valid_until,
            takes_effect,
        };
        let Paper { fonts, letter: letter_words, receipt: receipt_words, .. } = &self.desk.paper;
        Ok(Sheets {
            letter: letter.render(letter_words, fonts).map_err(|error| convert::internal(&error))?,
            receipt: receipt.render(receipt_words, fonts).map_err(|error| convert::internal(&error))?,
        })
    }

    /// On request: a printed confirmation of a refusal, of one concern or of the whole visit. It holds no code.
    pub(crate) fn print_refusal(&mut self, concern: &str) -> Result<(), AppError> {
        let now = outside::now();
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        let acting = it.visit.acting().ok_or(AppError::NotNow)?;
        let about = it.visit.concerns.iter().find(|it| it.id.uuid().to_string() == concern);
        let refused = about.and_then(|it| match it.state {
            ConcernState::Refused(reason) => Some(reason),
            ConcernState::Open | ConcernState::Withdrawn => None,
        });
        let reason = refused.or(it.refused).ok_or(AppError::NotNow)?;
        let settings = &self.desk.settings;
        let place = settings.place();
        let recipient = full_name(&acting.person.name);
        let carer = acting.role != ActingRole::Insured;
        let represented = about
            .filter(|it| carer && it.purpose != Some(Purpose::AppActivation))
            .map(|it| for_line(&it.subject.person.name, &it.subject.kvnr));
        let wanted = match about.or_else(|| it.visit.concerns.first()).and_then(|it| it.purpose) {
            _ if represented.is_some() => Purpose::RepresentativeAccess,
            Some(chosen) => chosen,
            None => Purpose::AppActivation,
        };
        let notice = RefusalNotice {
            issuer: issuer(settings, &place),
            date: now.date(),
            recipient: &recipient,
            represented: represented.as_deref(),
            purpose: purpose(wanted),
            reason: reason.as_str(),
        };
        let Paper { fonts, refusal, .. } = &self.desk.paper;
        let page = notice.render(refusal, fonts).map_err(|error| convert::internal(&error))?;
        self.print_page(page);
        Ok(())
    }

    /// What the person agrees to, in large print, to be signed.
    pub(crate) fn print_chip_consent(&mut self) -> Result<(), AppError> {
        let it = self.state.in_progress().ok_or(AppError::NotNow)?;
        let asked = it.visit.readable_chip(&self.policy).and(it.visit.acting());
        let signer = full_name(&asked.ok_or(AppError::NotNow)?.person.name);
        let settings = &self.desk.settings;
        let place = settings.place();
        let page = ChipConsentPage {
            issuer: issuer(settings, &place),
            date: outside::now().date(),
            purpose: purpose(Purpose::Epa),
            signer: &signer,
        };
        let Paper { fonts, chip_consent, .. } = &self.desk.paper;
        let page = page.render(chip_consent, fonts).map_err(|error| convert::internal(&error))?;
        self.print_page(page);
        Ok(())
    }

    /// A page without a code: whether it was printed is told, not recorded.
    fn print_page(&self, page: Zeroizing<Vec<u8>>) {
        let (printer, name) = (self.desk.printer.clone(), self.desk.settings.desk.desk.clone());
        tokio::task::spawn_local(print_watch::print_page(printer, page, name, self.sender()));
    }

    fn print(&mut self, code: CodeId, sheets: Sheets) {
        if let Some(it) = self.state.in_progress_mut() {
            it.print = PrintStep::Sending;
        }
        let (stop, stopped) = oneshot::channel();
        self.stop_print = Some(stop);
        let printer = self.desk.printer.clone();
        // The job's name stands on the printer's display and in its logs: it names the desk, nobody else.
        let name = self.desk.settings.desk.desk.clone();
        tokio::task::spawn_local(print_watch::print(printer, sheets, name, code, self.sender(), stopped));
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

/// What the letter is about.
const fn on_letter(purpose: Purpose) -> letter::Purpose {
    match purpose {
        Purpose::AppActivation => letter::Purpose::AppActivation,
        Purpose::Epa => letter::Purpose::Epa,
        Purpose::RepresentativeAccess => letter::Purpose::RepresentativeAccess,
    }
}

/// What the receipt calls a purpose.
fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::AppActivation => "App freischalten",
        Purpose::Epa => "Elektronische Patientenakte (ePA) freischalten",
        Purpose::RepresentativeAccess => "Zugang als Vertretung",
    }
}

/// "Betreuerausweis im Original, Amtsgericht Altona, 12 XVII 345/23"
fn shown(deed: &Deed) -> String {
    let form = match deed.seen_as {
        SeenAs::Original => "im Original",
        SeenAs::CertifiedCopy => "in beglaubigter Abschrift",
        SeenAs::Copy => "in Kopie",
    };
    format!("Betreuerausweis {form}, {}, {}", deed.court, deed.file_number)
}

/// "Jürgen G., Versichertennummer ••••••5781"
fn for_line(name: &Name, kvnr: &Kvnr) -> String {
    let initial = name.family_name.chars().next().map(String::from).unwrap_or_default();
    format!("{} {initial}., Versichertennummer {}", name.given_names, kvnr.masked_for_paper())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use identification::RefusalReason;

    use super::Paper;

    #[test]
    fn every_reason_that_the_rules_know_can_be_printed() {
        let paper = Paper::shipped().unwrap();
        let worded: BTreeSet<_> = paper.refusal.codes().collect();
        assert_eq!(worded, RefusalReason::ALL.into_iter().map(RefusalReason::as_str).collect());
    }
}
