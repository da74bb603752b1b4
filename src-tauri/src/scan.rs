//! A scanner for machine-readable zones: what it sends goes straight into the dates and the key of the chip, and nowhere else.

use bridge::{ScanProblem, ScanStep, input::DocumentInput, input::SecretInput};
use identification::DocumentRule;
use mrtd::{
    Admission, Admitted, Disclosure,
    mrz::{AccessKey, Field, MrzDate, check_digit, scan},
};
use scanner::{Burst, Scanner, ScannerEvent, Source};
use settings::CatalogueDocument;
use tokio::sync::oneshot;

use crate::{
    chip,
    controller::{Controller, Input, Window},
    state::Step,
};

/// Where Linux has the devices that type.
const INPUT_DEVICES: &str = "/dev/input/";

/// What the desk wants of a zone: it is wiped with the visit.
struct Scan {
    birth: SecretInput,
    expiry: SecretInput,
    key: AccessKey,
    corrected: u32,
}

impl<W: Window> Controller<W> {
    /// Where the desk's settings name a scanner and the profile admits one for any document.
    pub(crate) fn watch_scanner(&self) -> Option<Scanner> {
        let settings = self.desk.settings.desk.scanner.as_ref()?;
        if !self.desk.settings.documents.iter().any(|it| self.desk.settings.scan_admitted(&it.id).is_some()) {
            return None;
        }
        let device = settings.device.clone();
        let source = if device.starts_with(INPUT_DEVICES) {
            Source::Keyboard { device }
        } else {
            Source::Serial { device, baud: settings.baud }
        };
        let inputs = self.sender();
        let scanner = Scanner::start(source, move |event| {
            // The loop has ended; so will this thread.
            drop(inputs.blocking_send(Input::Scanner(event)));
        });
        scanner.inspect_err(|error| tracing::error!(%error, "the scanner can't be watched")).ok()
    }

    pub(crate) fn scanner_news(&mut self, event: ScannerEvent) {
        match event {
            ScannerEvent::Available => self.state.scanner = Some(true),
            ScannerEvent::Unavailable => self.state.scanner = Some(false),
            ScannerEvent::Burst(burst) => self.take_scan(&burst),
            ScannerEvent::Overrun => self.show_scan(ScanStep::Bad { problem: ScanProblem::NotAZone }),
        }
    }

    /// Whether a zone may be scanned now, and for which document.
    fn scan_wanted(&self) -> Option<(&DocumentRule, &CatalogueDocument)> {
        let it = self.state.in_progress()?;
        let wanted = self.step() == Some(Step::Document) && self.state.attended().is_some();
        let chosen = &it.draft.document_type;
        self.desk.settings.scan_admitted(chosen).filter(|_| wanted)?;
        let document = self.desk.settings.documents.iter().find(|document| document.id == *chosen)?;
        Some((self.policy.document(chosen)?, document))
    }

    fn take_scan(&mut self, burst: &Burst) {
        // What nobody asked for is dropped unread.
        let Some((rule, document)) = self.scan_wanted() else { return };
        let scan = match read(burst.bytes(), rule, document) {
            Ok(scan) => scan,
            Err(problem) => return self.show_scan(ScanStep::Bad { problem }),
        };
        let document_type = rule.id.clone();
        let Scan { birth, expiry, key, corrected } = scan;
        let typed = DocumentInput {
            document_type,
            birth_date: Some(birth.0.clone()),
            expiry_date: Some(expiry.0.clone()),
            unlimited: false,
            number: None,
        };
        let (reply, mut answer) = oneshot::channel();
        self.enter_document(typed, reply);
        // An answer that takes longer is the service's, who is asked about the birth date.
        if let Ok(Err(error)) = answer.try_recv() {
            self.state.notice = Some(error);
            return;
        }
        self.show_scan(ScanStep::Read { corrected });
        self.keep_key(key);
    }

    fn show_scan(&mut self, step: ScanStep) {
        if self.scan_wanted().is_some()
            && let Some(it) = self.state.in_progress_mut()
        {
            it.scan = Some(step);
        }
    }
}

/// What the window shows of the scanner.
pub(crate) fn shown(available: Option<bool>, admitted: bool, last: Option<&ScanStep>) -> Option<ScanStep> {
    match available.filter(|_| admitted)? {
        false => Some(ScanStep::Unavailable),
        true => Some(last.cloned().unwrap_or(ScanStep::Ready)),
    }
}

/// Reads a burst as the zone of the chosen document.
fn read(burst: &[u8], rule: &DocumentRule, document: &CatalogueDocument) -> Result<Scan, ScanProblem> {
    let scanned = scan::decode(burst).map_err(|_| ScanProblem::NotAZone)?;
    let corrected = scanned.corrected().map_err(|_| ScanProblem::NotAZone)?;
    let zone = &corrected.zone;
    if zone.checks().wrong().any(|field| matches!(field, Field::Number | Field::Birth | Field::Expiry)) {
        return Err(ScanProblem::CheckDigit);
    }
    if let Some(kind) = document.chip() {
        let (kind, issued_by) = (chip::kind(kind), chip::issued_by(rule));
        let chosen = Admission::new(kind, issued_by, Disclosure::NOTHING, "");
        if Admitted::new(vec![chosen]).for_document(zone.kind(), &zone.issuer()).is_none() {
            return Err(ScanProblem::OtherDocument);
        }
    }
    let (birth, expiry) = zone.birth_date().zip(zone.expiry()).ok_or(ScanProblem::CheckDigit)?;
    Ok(Scan {
        birth: as_typed(birth).ok_or(ScanProblem::CheckDigit)?,
        expiry: as_typed(expiry).ok_or(ScanProblem::CheckDigit)?,
        key: zone.access_key().map_err(|_| ScanProblem::CheckDigit)?,
        corrected: u32::try_from(corrected.corrections.len()).unwrap_or(u32::MAX),
    })
}

/// Six characters and their check digit, as somebody would type them.
fn as_typed(date: MrzDate) -> Option<SecretInput> {
    let part = |value: Option<u8>| value.map_or_else(|| String::from("<<"), |value| format!("{value:02}"));
    let mut typed = format!("{:02}{}{}", date.year, part(date.month), part(date.day));
    let digit = check_digit(typed.as_bytes())?;
    typed.push(char::from(b'0' + digit));
    Some(SecretInput(typed))
}
