//! The steps of a reading, each taken once, in a session that may be another one each time.

mod judge;
mod proofs;

use super::pieces::{Contents, Pieces};
use super::{Interruption, Progress, Request};
use crate::access::{self, Access, Password};
use crate::admitted::{Disclosure, IssuedBy};
use crate::data_group::DataGroup;
use crate::error::{MrtdError, Problem};
use crate::file::MrtdFile;
use crate::lds::Dg1;
use crate::mrz::MachineReadableZone;
use crate::passive::SecurityObject;
use crate::reading::{Holder, Warning};
use crate::session::Session;
use crate::verdict::{Reason, Verdict};
use proofs::Failures;
use smartcard::pace::{ChipAuthenticationMapping, PaceInfo};
use smartcard::security_infos::SecurityInfos;
use smartcard::{Entropy, StatusWord};

/// A reading under way, and what it knows by now.
pub(super) struct Steps<'a, 'r> {
    request: &'a Request<'r>,
    entropy: &'a mut dyn Entropy,
    on_progress: &'a mut dyn FnMut(Progress<'_>),
    /// The [`Progress::order`] of the part told last; 0 before the first.
    told: usize,
    pieces: Pieces,
    access: Option<Access>,
    /// What EF.CardAccess has offered each time that the chip was opened; `None` before the first.
    offered: Option<Vec<PaceInfo>>,
    security_object: Option<SecurityObject>,
    /// EF.SOD as it was read.
    signed_list: Contents,
    /// EF.SOD comes from the session that is open.
    list_is_of_session: bool,
    /// In another session another EF.SOD was read.
    other_document: bool,
    zone: Option<Zone>,
    /// Data groups that were read, but for the face.
    groups: Vec<(DataGroup, Contents)>,
    security_infos: Option<SecurityInfos>,
    /// What the chip has shown, whether or not its keys are the issuer's.
    chip: Option<Verdict>,
    /// PACE has shown it. That holds for the session that PACE has opened, and for EF.SOD if it is of it.
    chip_by_mapping: bool,
    mapped: Option<Mapped>,
    active: Option<Verdict>,
    failures: Failures,
    face: Option<Result<Contents, Warning>>,
    /// Nothing but the face is missing.
    face_begun: bool,
}

/// What PACE with the chip authentication mapping has left, and EF.CardSecurity of the same session.
struct Mapped {
    mapping: ChipAuthenticationMapping,
    file: Result<Contents, Verdict>,
}

/// DG1 and what may be told of it.
struct Zone {
    zone: MachineReadableZone,
    disclosure: Disclosure,
}

impl<'a, 'r> Steps<'a, 'r> {
    pub(super) fn new(
        request: &'a Request<'r>,
        entropy: &'a mut dyn Entropy,
        on_progress: &'a mut dyn FnMut(Progress<'_>),
    ) -> Self {
        Self {
            request,
            entropy,
            on_progress,
            told: 0,
            pieces: Pieces::default(),
            access: None,
            offered: None,
            security_object: None,
            signed_list: Contents::default(),
            list_is_of_session: false,
            other_document: false,
            zone: None,
            groups: Vec::new(),
            security_infos: None,
            chip: None,
            chip_by_mapping: false,
            mapped: None,
            active: None,
            failures: Failures::default(),
            face: None,
            face_begun: false,
        }
    }

    /// How the chip was opened, once it was.
    pub(super) fn access(&self) -> Option<Access> {
        self.access
    }

    pub(super) fn password(&self) -> &'a Password {
        self.request.password
    }

    pub(super) fn entropy(&mut self) -> &mut dyn Entropy {
        self.entropy
    }

    /// The session has ended, perhaps over a long piece of a file. The chip of the next one may be another:
    /// what PACE has proven must be proven again. The other proofs are of keys in the signed data, whatever
    /// session these were read in.
    pub(super) fn interrupted(&mut self, extended_given_up: bool) {
        self.pieces.interrupted(extended_given_up);
        self.pieces.begin_again(MrtdFile::SecurityObject);
        self.pieces.begin_again(MrtdFile::CardSecurity);
        self.mapped = None;
        self.list_is_of_session = false;
        if self.chip_by_mapping {
            self.chip_by_mapping = false;
            (self.chip, self.active) = (None, None);
        }
    }

    /// Does without the face, if nothing else is missing.
    pub(super) fn forgo_face(&mut self) -> bool {
        if self.face_begun {
            self.face = Some(Err(Warning::FaceCancelled));
        }
        self.face_begun
    }

    /// Takes every step that hasn't been taken.
    pub(super) fn take(
        &mut self,
        session: &mut dyn Session,
        access: Access,
        offered: &[PaceInfo],
        mapping: Option<ChipAuthenticationMapping>,
    ) -> Result<(), Interruption> {
        self.access = Some(access);
        self.offered = Some(match self.offered.take() {
            None => offered.to_vec(),
            Some(before) => before.into_iter().filter(|info| offers(offered, info)).collect(),
        });
        self.tell(Progress::Opened(access));
        self.read_card_security(session, mapping)?;
        select_application(session, access)?;
        self.read_security_object(session)?;
        self.read_zone(session)?;
        if self.request.admitted.zone_is_read() {
            self.authenticate_chip(session)?;
            self.authenticate_actively(session)?;
        }
        let authenticity = self.judge();
        self.tell(Progress::Authenticity(&authenticity));
        self.read_face(session)?;
        Ok(())
    }

    /// EF.SOD, whose list drives everything else. Where PACE proves the chip, the chip itself must have given
    /// it, in this session.
    fn read_security_object(&mut self, session: &mut dyn Session) -> Result<(), MrtdError> {
        let needed = self.security_object.is_none() || self.mapped.is_some() && !self.list_is_of_session;
        if !needed {
            return Ok(());
        }
        let file = MrtdFile::SecurityObject;
        let contents = self.pieces.read(session, file, &mut |_, _| {})?;
        self.list_is_of_session = true;
        if self.security_object.is_some() {
            self.other_document |= contents != self.signed_list;
            return Ok(());
        }
        let security_object = SecurityObject::parse(&contents).map_err(|_| contents_wrong(file))?;
        (self.security_object, self.signed_list) = (Some(security_object), contents);
        Ok(())
    }

    /// DG1, unless nothing is admitted of any document.
    fn read_zone(&mut self, session: &mut dyn Session) -> Result<(), MrtdError> {
        if self.zone.is_some() || !self.request.admitted.zone_is_read() {
            return Ok(());
        }
        if !self.lists(DataGroup::Mrz) {
            let file = MrtdFile::SecurityObject;
            return Err(MrtdError::Malformed { file, problem: Problem::Incomplete });
        }
        let contents = self.read_group(session, DataGroup::Mrz)?;
        let zone = Dg1::parse(contents).map_err(|_| contents_wrong(MrtdFile::DataGroup(DataGroup::Mrz)))?;
        let (kind, issuer) = (zone.kind(), zone.issuer());
        let disclosure = self.request.admitted.disclosure(kind, &issuer);
        let holder = disclosure.zone.then(|| Holder::of(&zone));
        let issued_by = IssuedBy::of(&issuer);
        self.tell(Progress::Document { kind, issued_by, holder: holder.as_ref() });
        self.zone = Some(Zone { zone, disclosure });
        Ok(())
    }

    /// DG2, if that is admitted of this document.
    fn read_face(&mut self, session: &mut dyn Session) -> Result<(), MrtdError> {
        let admitted = self.zone.as_ref().is_some_and(|zone| zone.disclosure.face);
        if self.face.is_some() || !admitted {
            return Ok(());
        }
        if !self.lists(DataGroup::Face) {
            self.face = Some(Err(Warning::NoFace));
            return Ok(());
        }
        self.face_begun = true;
        let Self { pieces, told, on_progress, .. } = self;
        let mut on_bytes = |done, total| tell(told, on_progress, Progress::Face { done, total });
        let file = MrtdFile::DataGroup(DataGroup::Face);
        self.face = Some(match pieces.read(session, file, &mut on_bytes) {
            Ok(contents) => Ok(contents),
            Err(MrtdError::FileRefused { status: StatusWord::NOT_FOUND, .. }) => Err(Warning::NoFace),
            Err(MrtdError::FileRefused { status, .. }) => Err(Warning::FaceRefused(status)),
            Err(MrtdError::Malformed { .. }) => Err(Warning::FaceMalformed),
            Err(error) => return Err(error),
        });
        Ok(())
    }

    /// Reads a data group, or gives what an earlier session has read.
    fn read_group(&mut self, session: &mut dyn Session, group: DataGroup) -> Result<&Contents, MrtdError> {
        let at = match self.groups.iter().position(|(read, _)| *read == group) {
            Some(at) => at,
            None => {
                let contents = self.pieces.read(session, MrtdFile::DataGroup(group), &mut |_, _| {})?;
                self.groups.push((group, contents));
                self.groups.len() - 1
            }
        };
        let missing = MrtdError::Malformed { file: MrtdFile::DataGroup(group), problem: Problem::Contents };
        self.groups.get(at).map(|(_, contents)| contents).ok_or(missing)
    }

    fn lists(&self, group: DataGroup) -> bool {
        self.security_object
            .as_ref()
            .is_some_and(|object| object.data_groups().any(|number| number == group.number()))
    }

    fn tell(&mut self, part: Progress<'_>) {
        tell(&mut self.told, self.on_progress, part);
    }
}

/// Tells a part unless it, or a later one, has been told.
fn tell(told: &mut usize, on_progress: &mut dyn FnMut(Progress<'_>), part: Progress<'_>) {
    let order = part.order();
    if *told < order {
        *told = order;
        on_progress(part);
    }
}

/// After basic access control it is selected.
fn select_application(session: &mut dyn Session, access: Access) -> Result<(), MrtdError> {
    if access == Access::Bac {
        return Ok(());
    }
    match access::select_application(session)? {
        StatusWord::NOT_FOUND => Err(MrtdError::NotATravelDocument),
        status if status.is_error() => Err(MrtdError::ApplicationRefused(status)),
        _ => Ok(()),
    }
}

/// A promised file that can't be had decides a check, and ends no reading.
fn promised<T>(outcome: Result<T, MrtdError>) -> Result<Result<T, Verdict>, MrtdError> {
    match outcome {
        Ok(contents) => Ok(Ok(contents)),
        Err(MrtdError::FileRefused { status, .. }) => Ok(Err(Verdict::of_refusal(status))),
        // What has another beginning or no end isn't what was promised.
        Err(MrtdError::Malformed { .. }) => Ok(Err(Verdict::Invalid(Reason::Withheld))),
        Err(error) => Err(error),
    }
}

/// Whether this way to run PACE is among those; how many others there are besides doesn't matter.
fn offers(offered: &[PaceInfo], info: &PaceInfo) -> bool {
    offered.iter().any(|other| other.is_same_way(info))
}

fn contents_wrong(file: MrtdFile) -> MrtdError {
    MrtdError::Malformed { file, problem: Problem::Contents }
}
