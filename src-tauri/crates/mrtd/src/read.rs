//! The reading itself: a list of steps over one chip, begun again where it was when a session breaks.

mod line;
mod master_file;
mod pieces;
mod steps;

use crate::access::{self, Access, Password};
use crate::admitted::{Admitted, IssuedBy};
use crate::data_group::DataGroup;
use crate::directory::{EID_APPLICATION, names_application};
use crate::error::MrtdError;
use crate::file::MrtdFile;
use crate::mrz::DocumentKind;
use crate::passive::Check;
use crate::reading::{Authenticity, DocumentReading, Holder};
use line::Line;
use smartcard::security_infos::SecurityInfos;
use smartcard::{CardChannel, ChannelError, Entropy, SecureChannel, StatusWord};
use steps::Steps;

/// Most times that a chip is opened for one reading: once, again after each of the three proofs that fails,
/// again where chip and active authentication fail for good, and twice for sessions that break over pieces
/// that are too long.
const OPENINGS_MAX: usize = 8;

/// What is wanted of a chip.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// What opens it.
    pub password: &'a Password,
    /// What may leave the reading.
    pub admitted: &'a Admitted,
    /// What it is proven against.
    pub check: Check<'a>,
}

/// A part of the reading, told as soon as it is known, in this order; each once, but for the face.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// The chip is open.
    Opened(Access),
    /// What document it is, and whose, as far as that is admitted. Nothing of it is proven yet.
    Document {
        /// What kind of document.
        kind: DocumentKind,
        /// Who issued it.
        issued_by: IssuedBy,
        /// Whose it is.
        holder: Option<&'a Holder>,
    },
    /// How far it is genuine, as far as it was read; the face may change that for the worse.
    Authenticity(&'a Authenticity),
    /// How much of the face is there, in bytes.
    Face {
        /// Bytes that were read; grows.
        done: usize,
        /// Bytes of the file.
        total: usize,
    },
}

impl Progress<'_> {
    /// The place of a part in the order in which they come; pieces of the face come at their own.
    fn order(&self) -> usize {
        match self {
            Self::Opened(_) => 1,
            Self::Document { .. } => 2,
            Self::Authenticity(_) => 3,
            Self::Face { done, .. } => 3 + done,
        }
    }
}

/// Reads the chip of a travel document.
///
/// - The root's EF.CardAccess offers PACE; without it, or where the chip refuses PACE or offers none that we
///   speak, basic access control opens the chip, which takes the machine-readable zone.
/// - Read is what the signed list EF.SOD names and `request` admits: DG1 first (its name is told at once),
///   then DG14 and if need be DG15 for the proof that the chip is no copy, DG2 last. Fingerprints, personal
///   details and all others never are. If nothing is admitted of any document, nothing but EF.SOD is read.
/// - What a chip shows unsigned must agree with what is signed: the ways of opening it that DG14 names, and
///   the key of the zone in DG1.
/// - The face can be cancelled ([`ChannelError::Cancelled`]): the reading is one without it then.
/// - Where a session breaks, the chip is opened again with the same password, and the reading goes on where
///   it was. A proof that fails is tried once more so, lest a disturbance make a genuine chip a copy.
/// - On a channel on which nobody has tried extended length, EF.CardAccess is read with it, and the channel
///   learns of what long answers show.
///
/// # Errors
/// Every [`MrtdError`]; after one, parts that `on_progress` was told are no reading.
pub fn read(
    channel: &mut dyn CardChannel,
    request: &Request<'_>,
    entropy: &mut dyn Entropy,
    on_progress: &mut dyn FnMut(Progress<'_>),
) -> Result<DocumentReading, MrtdError> {
    let mut line = Line::new(channel);
    let mut steps = Steps::new(request, entropy, on_progress);
    let mut openings = 1;
    loop {
        line.begin();
        let Err(interruption) = run(&mut line, &mut steps) else { return Ok(steps.finish()) };
        let given_up = line.has_given_up();
        if let Interruption::Error(error) = interruption {
            if error == MrtdError::Channel(ChannelError::Cancelled) && steps.forgo_face() {
                return Ok(steps.finish());
            }
            let go_on = steps.access().is_some() && is_broken(error) || given_up && is_of_length(error);
            if openings == OPENINGS_MAX || !go_on {
                return Err(explain(&mut line, error, steps.access()));
            }
        } else if openings == OPENINGS_MAX {
            return Err(ChannelError::WrongMac.into());
        }
        openings += 1;
        steps.interrupted(given_up);
    }
}

/// Opens the chip and takes every step that hasn't been taken.
fn run(line: &mut Line<'_>, steps: &mut Steps<'_, '_>) -> Result<(), Interruption> {
    master_file::select_root(line)?;
    let card_access = master_file::read_card_access(line)?;
    // What failed in the root isn't to blame for what fails in the session.
    line.begin();
    let opened = access::open(line, card_access.as_ref(), steps.password(), steps.entropy())?;
    let offered = card_access.as_ref().map(SecurityInfos::pace).unwrap_or_default();
    let mut session = SecureChannel::new(line, opened.messaging);
    steps.take(&mut session, opened.access, offered, opened.mapping)
}

/// Why a session has ended before the reading.
enum Interruption {
    /// What was tried in it must fail once more, in another one, before it counts.
    FreshSession,
    Error(MrtdError),
}

impl From<MrtdError> for Interruption {
    fn from(error: MrtdError) -> Self {
        Self::Error(error)
    }
}

/// Whether it may be what a reader or chip makes of a command that is too long for it.
fn is_of_length(error: MrtdError) -> bool {
    let ended = [ChannelError::Cancelled, ChannelError::CardRemoved].map(MrtdError::Channel);
    let of_chip = matches!(
        error,
        MrtdError::Channel(_) | MrtdError::Pace(_) | MrtdError::Bac(_) | MrtdError::FileRefused { .. }
    );
    of_chip && !ended.contains(&error)
}

/// Whether secure messaging is over, through a fault between here and the chip.
fn is_broken(error: MrtdError) -> bool {
    matches!(
        error,
        MrtdError::Channel(ChannelError::Unprotected(_) | ChannelError::WrongMac | ChannelError::Malformed)
    )
}

/// A chip that opens and then refuses what everybody may read is for authorities, if it is one of the German
/// cards.
fn explain(line: &mut Line<'_>, error: MrtdError, access: Option<Access>) -> MrtdError {
    let refused = matches!(
        error,
        MrtdError::ApplicationRefused(_)
            | MrtdError::FileRefused {
                file: MrtdFile::SecurityObject | MrtdFile::DataGroup(DataGroup::Mrz),
                status: StatusWord::SECURITY_STATUS_NOT_SATISFIED,
            }
    );
    if !refused || access != Some(Access::Pace) {
        return error;
    }
    let eid = master_file::select_root(line).and_then(|()| names_application(line, &EID_APPLICATION));
    match eid {
        Ok(true) => MrtdError::AuthoritiesOnly,
        Ok(false) | Err(_) => error,
    }
}
