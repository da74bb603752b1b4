//! The chip of the insured person's document: asked for, opened with what is printed on the document, read on the reader's
//! thread, told line by line. What it says of the person is compared and dropped; its picture lives until the face step ends.

mod lines;

use std::{sync::Arc, time::Duration};

use bridge::{
    AppError, ChipCheckName, ChipCounts, ChipKey, ChipLine, ChipProblem, ChipReadStep, ChipStep, ConsentText,
    input::{ChipConsentInput, ChipKeyInput},
};
use identification::{
    ChipConsent, ChipEvidence, ChipKind, ChipRule, Command, DocumentRule, RefusalReason, Visit,
};
use jiff::civil::Date;
use mrtd::{
    Admission, Admitted, Can, Disclosure, DocumentReading, IssuedBy, MrtdError, Password, Progress, Request,
    Warning,
    lds::FaceRecord,
    mrz::{AccessKey, DocumentKind},
    passive::Check,
    trust::TrustStore,
};
use pcsc_reader::{Ending, JobControl, JobError, JobOptions, Session};
use smartcard::{ChannelError, bac::BacError, pace::PaceError};
use zeroize::Zeroizing;

use crate::{
    card,
    controller::{Controller, Input, Window},
    convert,
    outside::{self, OperatingSystem},
    picture::Picture,
    reading::Slot,
    state::Step,
};
pub(crate) use lines::counts;
use lines::{Expected, Face};

/// Slow chips take twenty seconds for a picture in short pieces; one that needs this long is broken.
const DEADLINE: Duration = Duration::from_secs(60);
/// Parts of the bar before the picture's: opening, data, proofs.
const PARTS_BEFORE_FACE: u32 = 30;
/// All parts of the bar.
const PARTS: u32 = 100;

/// What of the chip is not recorded.
#[derive(Default)]
pub(crate) struct Chip {
    /// The person would rather be looked at by eye.
    pub(crate) declined: bool,
    /// Why the last try gave nothing.
    pub(crate) problem: Option<ChipProblem>,
    /// How far the reading is; parts done of [`PARTS`].
    pub(crate) reading: Option<(ChipReadStep, u32)>,
    /// What it gave.
    pub(crate) lines: Vec<ChipLine>,
    /// The chip's picture, until the face step ends.
    pub(crate) picture: Option<ChipPicture>,
    /// What opens it, until the document lies on the reader.
    key: Option<(ChipKey, Password)>,
    /// What a scanner has read.
    scanned: Option<AccessKey>,
}

/// The picture, and where the window fetches it at the moment.
pub(crate) struct ChipPicture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) token: Option<String>,
    bytes: Picture,
}

impl Chip {
    /// Another document: what a scanner has read of it stays.
    pub(crate) fn begin_anew(&mut self) {
        *self = Self { scanned: self.scanned.take(), ..Self::default() };
    }
}

impl std::fmt::Debug for Chip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chip")
            .field("reading", &self.reading)
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

/// A reading under way.
pub(crate) struct ChipReading {
    ticket: u64,
    key: ChipKey,
    control: JobControl,
}

/// News of a reading.
pub(crate) enum ChipNews {
    /// It goes on.
    Progress(ChipReadStep, u32),
    /// It is over.
    Done(Result<Box<Outcome>, ChipFailure>),
    /// The chip should have answered long ago.
    Overdue,
}

/// What a reading gave, compared already: nothing of the document's data is left in it.
pub(crate) struct Outcome {
    lines: Vec<ChipLine>,
    evidence: ChipEvidence,
    picture: Option<ChipPicture>,
}

/// Why there is none.
pub(crate) enum ChipFailure {
    Mrtd(MrtdError),
    Job(JobError),
    /// Type or issuer is another one than was chosen.
    OtherType,
    /// All of it agrees, but the picture isn't there, which alone ties the chip to the person.
    NoPicture {
        cancelled: bool,
    },
}

/// What a reading is given.
struct Wanted {
    password: Password,
    admitted: Admitted,
    chosen: (DocumentKind, IssuedBy),
    /// The profile admits the picture.
    face: bool,
    expected: Expected,
    trust: Arc<TrustStore>,
    today: Date,
}

impl<W: Window> Controller<W> {
    /// The person agrees, in the wording that was shown to them.
    pub(crate) fn agree_to_chip(&mut self, input: ChipConsentInput) -> Result<(), AppError> {
        if !self.is_asked() || input.wording != self.desk.paper.chip_wording() {
            return Err(AppError::NotNow);
        }
        let form = convert::consent_from(input.form);
        self.apply(Command::AgreeToChip(ChipConsent { form, wording: input.wording }))?;
        self.chip(Chip::begin_anew);
        self.stay_at_document();
        self.open_scanned();
        Ok(())
    }

    /// By eye, as everybody else. It is recorded nowhere that somebody would rather not.
    pub(crate) fn decline_chip(&mut self) -> Result<(), AppError> {
        if !self.is_asked() {
            return Err(AppError::NotNow);
        }
        self.chip(|chip| *chip = Chip { declined: true, ..Chip::default() });
        Ok(())
    }

    /// The person takes it back: what was read is dropped and counts no more.
    pub(crate) fn revoke_chip(&mut self) -> Result<(), AppError> {
        self.stop_chip();
        self.apply(Command::RevokeChip)?;
        self.chip(|chip| *chip = Chip { declined: true, ..Chip::default() });
        Ok(())
    }

    /// What opens the chip was typed; it is read as soon as the document lies on a reader.
    pub(crate) fn open_chip(&mut self, input: &ChipKeyInput) -> Result<(), AppError> {
        // What counts for nothing may be read again; what proves, or contradicts, stays.
        let may_open = matches!(
            self.chip_step(),
            Some(ChipStep::NeedsKey { .. } | ChipStep::Read { counts: ChipCounts::Nothing, .. })
        );
        if !may_open {
            return Err(AppError::NotNow);
        }
        let typed = match input.key {
            ChipKey::Can => {
                let digits = Zeroizing::new(input.value.0.split_whitespace().collect::<String>());
                Can::parse(&digits).map(Password::Can).ok_or(ChipProblem::CanMalformed)
            }
            ChipKey::Number => self.zone_key(&input.value.0).map(Password::Zone),
        };
        match typed {
            Ok(password) => self.open_chip_with(input.key, password),
            Err(problem) => self.chip(|chip| chip.problem = Some(problem)),
        }
        Ok(())
    }

    /// Number and the two dates that were typed for the document.
    fn zone_key(&self, number: &str) -> Result<AccessKey, ChipProblem> {
        let draft = self.state.in_progress().map(|it| &it.draft).ok_or(ChipProblem::NumberMalformed)?;
        let (birth, expiry) =
            draft.zone_birth.as_ref().zip(draft.zone_expiry.as_ref()).ok_or(ChipProblem::NumberMalformed)?;
        AccessKey::from_fields(number, &birth.0, &expiry.0).map_err(|_| ChipProblem::NumberMalformed)
    }

    /// A scanner has read the zone: that opens the chip, if the person agrees or has agreed.
    pub(crate) fn keep_key(&mut self, key: AccessKey) {
        // Where no chip may be read, nothing of the zone but its dates is of use.
        let admitted = self.state.in_progress().is_some_and(|it| {
            let rule = self.policy.document(&it.draft.document_type);
            let has_chip = rule.is_some_and(|rule| rule.chip.is_some());
            has_chip && !it.chip.declined && it.visit.admits_chip(&self.policy)
        });
        self.chip(|chip| chip.scanned = admitted.then_some(key));
        self.open_scanned();
    }

    /// Dates were typed by hand: a zone that was scanned before may be another document's.
    pub(crate) fn forget_key(&mut self) {
        self.chip(|chip| chip.scanned = None);
    }

    fn open_scanned(&mut self) {
        let scanned = self.state.in_progress().and_then(|it| it.chip.scanned.clone());
        if let Some(key) = scanned
            && matches!(self.chip_step(), Some(ChipStep::NeedsKey { .. }))
        {
            self.open_chip_with(ChipKey::Number, Password::Zone(key));
        }
    }

    fn open_chip_with(&mut self, key: ChipKey, password: Password) {
        self.chip(|chip| {
            *chip = Chip { key: Some((key, password)), ..Chip::default() };
        });
        self.look_for_document();
    }

    /// Begins to read as soon as both are there: what opens the chip, and the document on a reader.
    pub(crate) fn look_for_document(&mut self) {
        let waits = self.step() == Some(Step::Document)
            && self.state.attended().is_some()
            && self.state.in_progress().is_some_and(|it| it.chip.key.is_some());
        let Some(slot) = self.cards.another_than(self.visit_card()) else { return };
        if !waits {
            // A document that lies there unread isn't the next person's card.
            if matches!(self.step(), Some(Step::Document | Step::Face | Step::SecondLook | Step::Summary)) {
                self.cards.know(slot);
            }
            return;
        }
        if let Err(error) = self.read_chip(slot) {
            self.chip_failed(ChipProblem::Card { error });
        }
    }

    /// The reader in which the health card lies that the visit began with.
    fn visit_card(&self) -> Option<&Slot> {
        self.state.in_progress()?.card_slot.as_ref()
    }

    fn read_chip(&mut self, slot: Slot) -> Result<(), AppError> {
        let today = outside::now().date();
        let it = self.state.in_progress_mut().ok_or(AppError::NotNow)?;
        let acting = it.visit.acting().ok_or(AppError::NotNow)?;
        let (document, rule) = acting.presented(&self.policy).ok_or(AppError::NotNow)?;
        let chip = it.visit.readable_chip(&self.policy).ok_or(AppError::NotNow)?;
        document.chip_consent.as_ref().ok_or(AppError::NotNow)?;
        let chosen = (kind(chip.kind), issued_by(rule));
        let (birth_date, expiry) = it.draft.birth.zip(it.draft.expiry).ok_or(AppError::NotYet)?;
        let expected = Expected { name: acting.person.name.clone(), birth_date, expiry };
        let admitted = admitted(chip, chosen);
        let face = chip.face;
        let (key, password) = it.chip.key.take().ok_or(AppError::NotNow)?;
        let trust = Arc::clone(&self.desk.documents);
        let wanted = Wanted { password, admitted, chosen, face, expected, trust, today };
        let ticket = self.cards.ticket();
        let inputs = self.sender();
        let session = self.cards.session(&slot.0).ok_or(AppError::ReaderRemoved)?;
        let control = submit(session, wanted, move |news| {
            // Never waits: a session that has ended answers on this very thread. The queue has room for many pieces.
            inputs.try_send(Input::Chip { ticket, news }).ok();
        });
        self.cards.know(slot);
        self.cards.chip = Some(ChipReading { ticket, key, control });
        self.chip(|chip| chip.reading = Some((ChipReadStep::Opening, 0)));
        let inputs = self.sender();
        tokio::task::spawn_local(async move {
            tokio::time::sleep(DEADLINE + Duration::from_secs(1)).await;
            drop(inputs.send(Input::Chip { ticket, news: ChipNews::Overdue }).await);
        });
        Ok(())
    }

    pub(crate) fn chip_news(&mut self, ticket: u64, news: ChipNews) {
        if self.cards.chip.as_ref().is_none_or(|it| it.ticket != ticket) {
            return;
        }
        match news {
            ChipNews::Progress(step, done) => self.chip(|chip| chip.reading = Some((step, done))),
            ChipNews::Overdue => {
                if let Some(reading) = self.cards.chip.take() {
                    let error = card::job_error(reading.control.give_up());
                    self.chip_failed(ChipProblem::Card { error });
                }
            }
            ChipNews::Done(outcome) => {
                let Some(reading) = self.cards.chip.take() else { return };
                match outcome {
                    Ok(outcome) => self.chip_done(*outcome),
                    Err(failure) => self.chip_failed(problem(failure, reading.key)),
                }
            }
        }
    }

    fn chip_done(&mut self, outcome: Outcome) {
        let Outcome { lines, evidence, picture } = outcome;
        if let Err(error) = self.apply(Command::RecordChip { evidence }) {
            self.chip(|chip| *chip = Chip::default());
            self.state.notice = Some(error);
            return;
        }
        // Of a chip that counts for nothing, the picture doesn't either.
        let picture = picture.filter(|_| evidence.proves());
        self.chip(|chip| *chip = Chip { lines, picture, ..Chip::default() });
        self.stay_at_document();
        if evidence.contradicts() {
            tracing::warn!(data = ?evidence.data, copy = ?evidence.copy, "a document's chip speaks against it");
            self.state.notice = Some(self.refuse(RefusalReason::IdentityNotEstablished));
        }
    }

    /// Who has gone back to ask about the chip goes on when they say so.
    fn stay_at_document(&mut self) {
        if let Some(it) = self.state.in_progress_mut() {
            it.looking_back = Some(Step::Document);
        }
    }

    fn chip_failed(&mut self, problem: ChipProblem) {
        self.chip(|chip| *chip = Chip { problem: Some(problem), ..Chip::default() });
    }

    /// The clerk stops it. A chip that would prove doesn't without its picture; one that contradicts does.
    pub(crate) fn cancel_chip(&mut self) {
        match &self.cards.chip {
            // The job says itself that it was cancelled.
            Some(reading) => reading.control.cancel(),
            None => self.chip(|chip| chip.key = None),
        }
    }

    /// Nobody waits for the chip any more.
    pub(crate) fn stop_chip(&mut self) {
        if let Some(reading) = self.cards.chip.take() {
            reading.control.cancel();
        }
        self.chip(|chip| {
            chip.key = None;
            chip.scanned = None;
            chip.reading = None;
        });
    }

    /// The face was compared: nobody looks at the picture again.
    pub(crate) fn drop_picture(&mut self) {
        self.chip(|chip| chip.picture = None);
    }

    /// Before the window is shown what is: the chip's picture has an address while the face is compared, and at no other
    /// time.
    pub(crate) fn place_picture(&mut self) {
        let comparing = self.step() == Some(Step::Face) && self.state.attended().is_some();
        if !self.state.in_progress().is_some_and(|it| chip_proves(&it.visit)) {
            self.drop_picture();
        }
        let shelf = self.shelf.clone();
        let picture = self.state.in_progress_mut().and_then(|it| it.chip.picture.as_mut());
        match picture {
            Some(picture) if comparing => {
                picture.token.get_or_insert_with(|| shelf.put(Arc::clone(&picture.bytes)));
            }
            Some(picture) => {
                picture.token = None;
                shelf.clear();
            }
            None => shelf.clear(),
        }
    }

    /// A window that begins anew has fetched nothing yet.
    pub(crate) fn place_picture_anew(&mut self) {
        if let Some(picture) = self.state.in_progress_mut().and_then(|it| it.chip.picture.as_mut()) {
            picture.token = None;
        }
        self.place_picture();
    }

    /// Whether the person's answer is awaited, or can be another one still.
    fn is_asked(&self) -> bool {
        matches!(self.chip_step(), Some(ChipStep::Offered { .. } | ChipStep::Declined { .. }))
    }

    /// Whether the person can still be asked, or has agreed and the chip isn't read: then the clerk says when the document is
    /// done.
    pub(crate) fn chip_is_open(&self) -> bool {
        matches!(
            self.chip_step(),
            Some(
                ChipStep::Offered { .. }
                    | ChipStep::NeedsKey { .. }
                    | ChipStep::NeedsDocument
                    | ChipStep::Reading { .. }
            )
        )
    }

    fn chip_step(&self) -> Option<ChipStep> {
        let it = self.state.in_progress().filter(|_| self.step() == Some(Step::Document))?;
        chip_step(it, &self.policy, self.desk.paper.chip_consent(&self.desk.settings))
    }

    fn chip(&mut self, change: impl FnOnce(&mut Chip)) {
        if let Some(it) = self.state.in_progress_mut() {
            change(&mut it.chip);
        }
    }
}

fn chip_proves(visit: &Visit) -> bool {
    let document = visit.acting().and_then(|acting| acting.document.as_ref());
    document.and_then(|it| it.chip).is_some_and(ChipEvidence::proves)
}

/// What the window shows of the chip, if it may be read at all.
pub(crate) fn chip_step(
    it: &crate::state::InProgress,
    policy: &identification::Policy,
    consent: ConsentText,
) -> Option<ChipStep> {
    let rule = it.visit.readable_chip(policy)?;
    let document = it.visit.acting()?.document.as_ref()?;
    let ready = document.document_type == it.draft.document_type && it.draft.is_good();
    let chip = &it.chip;
    if !ready {
        return None;
    }
    if let Some((step, done)) = chip.reading {
        return Some(ChipStep::Reading { step, done, total: PARTS });
    }
    if chip.key.is_some() {
        return Some(ChipStep::NeedsDocument);
    }
    Some(match (&document.chip, &document.chip_consent) {
        // After a try that failed, what was read before is read anew.
        (Some(evidence), _) if chip.problem.is_none() => {
            ChipStep::Read { lines: chip.lines.clone(), counts: counts(*evidence) }
        }
        (_, Some(_)) => ChipStep::NeedsKey { keys: keys(rule), problem: chip.problem.clone() },
        (_, None) if chip.declined => ChipStep::Declined { consent },
        (_, None) => ChipStep::Offered { consent },
    })
}

/// Cards have their access number on the front; in passports it is the zone that opens the chip.
fn keys(rule: &ChipRule) -> Vec<ChipKey> {
    match rule.kind {
        ChipKind::Passport => vec![ChipKey::Number],
        ChipKind::IdCard | ChipKind::ResidencePermit => vec![ChipKey::Can, ChipKey::Number],
    }
}

/// Of the chosen kind of document, what the profile admits; of any other, nothing.
fn admitted(rule: &ChipRule, (kind, issued_by): (DocumentKind, IssuedBy)) -> Admitted {
    let disclosure = Disclosure { zone: true, face: rule.face };
    Admitted::new(vec![Admission::new(kind, issued_by, disclosure, rule.legal_basis.as_str())])
}

pub(crate) const fn kind(kind: ChipKind) -> DocumentKind {
    match kind {
        ChipKind::Passport => DocumentKind::Passport,
        ChipKind::IdCard => DocumentKind::IdCard,
        ChipKind::ResidencePermit => DocumentKind::ResidencePermit,
    }
}

pub(crate) const fn issued_by(rule: &DocumentRule) -> IssuedBy {
    match rule.issuer {
        identification::IssuerGroup::De => IssuedBy::Germany,
        identification::IssuerGroup::Eu => IssuedBy::EuropeanUnion,
        identification::IssuerGroup::Other => IssuedBy::Others,
    }
}

/// Has the chip in the session's reader read; `tell` is called on the reader's thread.
fn submit(session: &Session, wanted: Wanted, tell: impl Fn(ChipNews) + Clone + Send + 'static) -> JobControl {
    // What the session opened is closed to the next program.
    let options = JobOptions { deadline: DEADLINE, ending: Ending::Reset };
    let progress = tell.clone();
    session.submit_then(
        options,
        move |channel, _cancel| {
            let Wanted { password, admitted, chosen, face, expected, trust, today } = wanted;
            let check = Check { trust: &trust, today };
            let request = Request { password: &password, admitted: &admitted, check };
            let mut shown = None;
            let reading = mrtd::read(channel, &request, &mut OperatingSystem, &mut |part| {
                let now = place(part);
                // The picture comes in some hundred pieces; the bar has fewer.
                if shown != Some(now) {
                    shown = Some(now);
                    progress(ChipNews::Progress(now.0, now.1));
                }
            });
            reading.map(|reading| (reading, chosen, face, expected, today))
        },
        move |answer| {
            tell(ChipNews::Done(match answer {
                Ok(Ok((reading, chosen, face, expected, today))) => {
                    outcome(&reading, chosen, face, &expected, today).map(Box::new)
                }
                Ok(Err(error)) => Err(ChipFailure::Mrtd(error)),
                Err(error) => Err(ChipFailure::Job(error)),
            }));
        },
    )
}

/// Where the bar stands.
fn place(part: Progress<'_>) -> (ChipReadStep, u32) {
    match part {
        Progress::Opened(_) => (ChipReadStep::Data, PARTS_BEFORE_FACE / 3),
        Progress::Document { .. } => (ChipReadStep::Genuine, 2 * PARTS_BEFORE_FACE / 3),
        Progress::Face { done, total } => {
            let parts = u64::from(PARTS - PARTS_BEFORE_FACE);
            let [done, total] = [done, total].map(|it| u64::try_from(it).unwrap_or(u64::MAX));
            let part = (done.saturating_mul(parts) / total.max(1)).min(parts);
            (ChipReadStep::Face, PARTS_BEFORE_FACE + u32::try_from(part).unwrap_or_default())
        }
        Progress::Authenticity(_) => (ChipReadStep::Face, PARTS_BEFORE_FACE),
        // Later kinds of news don't move the bar.
        _ => (ChipReadStep::Genuine, PARTS_BEFORE_FACE),
    }
}

/// Compares what was read and drops it.
fn outcome(
    reading: &DocumentReading,
    chosen: (DocumentKind, IssuedBy),
    wanted_face: bool,
    expected: &Expected,
    today: Date,
) -> Result<Outcome, ChipFailure> {
    if reading.kind.zip(reading.issued_by) != Some(chosen) {
        return Err(ChipFailure::OtherType);
    }
    let picture = reading.face.as_ref().map(picture);
    let face = match (&picture, reading.warnings.as_slice()) {
        (Some(Some(_)), _) => Face::Shown,
        (Some(None), _) => Face::Unreadable,
        (None, warnings)
            if warnings.iter().any(|it| {
                matches!(it, Warning::NoFace | Warning::FaceRefused(_) | Warning::FaceMalformed)
            }) =>
        {
            Face::Unreadable
        }
        (None, _) => Face::NotRead,
    };
    let (lines, evidence) =
        lines::lines(&reading.authenticity, reading.holder.as_ref(), expected, face, today);
    log(&lines);
    if wanted_face && evidence.proves() && face != Face::Shown {
        return Err(ChipFailure::NoPicture { cancelled: face == Face::NotRead });
    }
    Ok(Outcome { lines, evidence, picture: picture.flatten() })
}

/// Pixels that the window can draw.
fn picture(face: &FaceRecord) -> Option<ChipPicture> {
    let pixels = face.decode().inspect_err(|error| tracing::warn!(%error, "a face can't be shown")).ok()?;
    Some(ChipPicture {
        width: pixels.width(),
        height: pixels.height(),
        token: None,
        bytes: Arc::new(pixels.to_bmp()),
    })
}

/// What speaks against a chip is worth a line, without whose it is: neither name nor dates.
fn log(lines: &[ChipLine]) {
    for ChipLine { check, state } in lines {
        let personal =
            matches!(check, ChipCheckName::Name | ChipCheckName::BirthDate | ChipCheckName::Expiry);
        if !personal && *state != bridge::ChipCheck::Valid {
            tracing::info!(?check, ?state, "a check of a document's chip isn't valid");
        }
    }
}

fn problem(failure: ChipFailure, key: ChipKey) -> ChipProblem {
    let error = match failure {
        ChipFailure::OtherType => return ChipProblem::OtherTypeThanChosen,
        ChipFailure::NoPicture { cancelled: true } => return ChipProblem::Cancelled,
        ChipFailure::NoPicture { cancelled: false } => return ChipProblem::Unreadable,
        ChipFailure::Job(JobError::Channel(ChannelError::Cancelled)) => return ChipProblem::Cancelled,
        ChipFailure::Job(error) => return ChipProblem::Card { error: card::job_error(error) },
        ChipFailure::Mrtd(error) => error,
    };
    match error {
        MrtdError::WrongPassword => ChipProblem::WrongKey { key },
        MrtdError::ZoneNeeded => ChipProblem::NumberNeeded,
        MrtdError::CanNeeded => ChipProblem::CanNeeded,
        MrtdError::NotATravelDocument => ChipProblem::NotATravelDocument,
        MrtdError::AuthoritiesOnly => ChipProblem::AuthoritiesOnly,
        MrtdError::Entropy(error) => ChipProblem::Card { error: convert::internal(&error) },
        MrtdError::Channel(ChannelError::Cancelled)
        | MrtdError::Pace(PaceError::Channel(ChannelError::Cancelled))
        | MrtdError::Bac(BacError::Channel(ChannelError::Cancelled)) => ChipProblem::Cancelled,
        MrtdError::Channel(error)
        | MrtdError::Pace(PaceError::Channel(error))
        | MrtdError::Bac(BacError::Channel(error)) => {
            ChipProblem::Card { error: card::job_error(JobError::Channel(error)) }
        }
        MrtdError::Pace(_)
        | MrtdError::Bac(_)
        | MrtdError::ApplicationRefused(_)
        | MrtdError::FileRefused { .. }
        | MrtdError::Malformed { .. } => {
            tracing::info!(%error, "a document's chip could not be read");
            ChipProblem::Unreadable
        }
    }
}
