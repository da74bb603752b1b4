//! The reading itself.

mod card;
mod extended_length;

use crate::authenticity::{Authenticity, Check, Verdict, chip};
use crate::card_kind::CardKind;
use crate::cardholder_certificate;
use crate::error::{EgkError, Problem};
use crate::file::EgkFile;
use crate::iccsn::Iccsn;
use crate::insurance_data::InsuranceData;
use crate::object_system::{Generation, ObjectSystem};
use crate::personal_data::PersonalData;
use crate::status_vd::StatusVd;
use crate::vsd;
use card::{Card, Contents};
use extended_length::LengthGuard;
use smartcard::pace::{self, Can, PaceError, PaceInfo};
use smartcard::{CardChannel, ChannelError, Entropy, SecureChannel, SecureMessaging, StatusWord};

/// Most times that PACE is run with one number. It has no retry counter, but the card may take its time.
const PACE_ATTEMPTS_MAX: usize = 2;

/// Everything that [`read`] gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EgkReading {
    /// EF.Version2.
    pub object_system: ObjectSystem,
    /// EF.GDO.
    pub iccsn: Iccsn,
    /// EF.StatusVD.
    pub status: StatusVd,
    /// EF.PD.
    pub person: PersonalData,
    /// The first part of EF.VD.
    pub insurance: InsuranceData,
    /// The insurer has locked the card, though its files can still be read.
    pub application_deactivated: bool,
    /// It was read over the air, under secure messaging.
    pub secure_messaging: bool,
    /// The card can be read over the air (it has EF.CardAccess); `None` if that wasn't asked.
    pub contactless: Option<bool>,
    /// What was proven of the card.
    pub authenticity: Authenticity,
}

/// What is wanted of a card.
#[derive(Clone, Copy, Default)]
pub struct Request<'a> {
    /// The card lies on a contactless reader.
    pub over_the_air: bool,
    /// The card access number, over the air.
    pub can: Option<&'a Can>,
    /// What the card is to be proven against; `None` reads it only.
    pub check: Option<Check<'a>>,
}

/// A part of the reading, told as soon as it is known, and once only.
#[derive(Debug, Clone, Copy)]
pub enum Progress<'a> {
    /// First: it is a health card, of this generation.
    Version(&'a ObjectSystem),
    /// The card's number.
    CardNumber(&'a Iccsn),
    /// Whether the chip is genuine, if that is asked.
    Chip(Verdict),
    /// How old the data is.
    Status(&'a StatusVd),
    /// Who it is.
    Person(&'a PersonalData),
    /// How the person is insured.
    Insurance(&'a InsuranceData),
    /// Whether the cardholder's certificate agrees, if that is asked; the last part.
    Certificate(Verdict),
}

impl Progress<'_> {
    /// The place of a part in the order in which they come, from 1 on.
    fn order(&self) -> u8 {
        match self {
            Self::Version(_) => 1,
            Self::CardNumber(_) => 2,
            Self::Chip(_) => 3,
            Self::Status(_) => 4,
            Self::Person(_) => 5,
            Self::Insurance(_) => 6,
            Self::Certificate(_) => 7,
        }
    }
}

/// Reads a health card: without a check at most ten APDUs in the short form (EF.PD up to 512 bytes, EF.VD up to
/// 768), seven where the channel supports extended length.
///
/// - The order is that of gemSpec_eGK_Fach_VSDM, with what lies in the root first, so that each folder is selected
///   once.
/// - On a channel on which nobody has tried extended length, EF.ATR is read with it, one command more. Wherever
///   an extended command fails, the reading goes on in the short form, and the channel learns of it.
/// - With a card access number EF.Version2 and EF.CardAccess are read in the clear and everything else through
///   PACE. The root stays selected meanwhile (GENERAL AUTHENTICATE selects nothing, gemSpec_COS), so that it isn't
///   selected again. A channel that breaks is opened once more.
/// - Without one, a card over the air refuses EF.GDO: [`EgkError::CanNeeded`] says that a health card is there that
///   can be read with it.
/// - Where EF.StatusVD tells of an interrupted update, it is read again at the end, and once more everything that
///   it is about if it has changed.
///
/// # Errors
/// Every [`EgkError`]; after one, parts that `on_progress` was told are no reading.
pub fn read(
    channel: &mut dyn CardChannel,
    request: &Request<'_>,
    entropy: &mut dyn Entropy,
    on_progress: &mut dyn FnMut(Progress<'_>),
) -> Result<EgkReading, EgkError> {
    let mut channel = LengthGuard::new(channel);
    let mut reading = Reading { request, entropy, on_progress, told: 0 };
    let mut card = Card::new(&mut channel);
    card.select_root()?;
    let object_system = read_object_system(&mut card)?;
    channel.try_out()?;
    match request.can {
        None => reading.read_files(&mut channel, object_system),
        Some(can) => reading.read_over_the_air(&mut channel, object_system, can),
    }
}

/// EF.Version2. What it says counts only once the application is there: other cards have the file, too.
fn read_object_system(card: &mut Card<'_>) -> Result<ObjectSystem, EgkError> {
    let response = card.ask_small(EgkFile::Version2)?;
    let object_system = match response.status {
        StatusWord::NOT_FOUND => Ok(None),
        _ => card
            .contents(EgkFile::Version2, response)
            .and_then(|contents| parse(EgkFile::Version2, &contents, ObjectSystem::parse)),
    };
    match object_system {
        Ok(Some(object_system)) => Ok(object_system),
        Ok(None) => {
            card.select_health_care_application()?;
            Err(EgkError::NotAHealthCard(CardKind::EgkG1))
        }
        Err(error) => {
            card.select_health_care_application()?;
            Err(error)
        }
    }
}

/// EF.CardAccess of a card that can be read over the air.
fn read_card_access(card: &mut Card<'_>, object_system: &ObjectSystem) -> Result<Option<Contents>, EgkError> {
    match object_system.generation() {
        Generation::G2 => Ok(None),
        Generation::G2_1 | Generation::G3 => card.read_card_access(),
    }
}

fn establish_pace(
    channel: &mut dyn CardChannel,
    info: &PaceInfo,
    can: &Can,
    entropy: &mut dyn Entropy,
) -> Result<SecureMessaging, EgkError> {
    let established = pace::establish(channel, info, &can.password(), entropy);
    established.map(|established| established.messaging).map_err(|error| match error {
        PaceError::WrongPassword => EgkError::WrongCan,
        PaceError::Channel(error) => EgkError::Channel(error),
        PaceError::Entropy(error) => EgkError::Entropy(error),
        PaceError::NotSupported | PaceError::Refused(_) | PaceError::Protocol | PaceError::Calculation => {
            EgkError::Pace(error)
        }
    })
}

/// Whether secure messaging is over, through a fault between here and the card.
fn is_broken(error: EgkError) -> bool {
    matches!(
        error,
        EgkError::Channel(ChannelError::Unprotected(_) | ChannelError::WrongMac | ChannelError::Malformed)
    )
}

fn read_status(card: &mut Card<'_>) -> Result<StatusVd, EgkError> {
    parse(EgkFile::StatusVd, &card.read_small(EgkFile::StatusVd)?, StatusVd::parse)
}

fn parse<T>(file: EgkFile, contents: &[u8], parse: fn(&[u8]) -> Result<T, Problem>) -> Result<T, EgkError> {
    parse(contents).map_err(|problem| EgkError::Malformed { file, problem })
}

/// A reading under way.
struct Reading<'a, 'r> {
    request: &'a Request<'r>,
    entropy: &'a mut dyn Entropy,
    on_progress: &'a mut dyn FnMut(Progress<'_>),
    /// The [`Progress::order`] of the part told last; 0 before the first.
    told: u8,
}

/// The insured person's master data.
struct Vsd {
    status: StatusVd,
    person: PersonalData,
    insurance: InsuranceData,
}

impl Reading<'_, '_> {
    /// Reads everything but what [`read`] has read in the clear, through PACE.
    fn read_over_the_air(
        &mut self,
        channel: &mut LengthGuard<'_>,
        object_system: ObjectSystem,
        can: &Can,
    ) -> Result<EgkReading, EgkError> {
        let card_access =
            read_card_access(&mut Card::new(channel), &object_system)?.ok_or(EgkError::NoContactless)?;
        let info = pace::parse_card_access(&card_access).map_err(EgkError::Pace)?;
        let mut attempts = 1;
        loop {
            let extended = channel.is_extended();
            let outcome = establish_pace(channel, &info, can, self.entropy).and_then(|messaging| {
                self.read_files(&mut SecureChannel::new(channel, messaging), object_system)
            });
            match outcome {
                Err(error)
                    if attempts < PACE_ATTEMPTS_MAX
                        && (is_broken(error) || extended && !channel.is_extended()) => {}
                outcome => return outcome,
            }
            attempts += 1;
            // Nobody knows which folder is selected. In the clear this ends the card's session, too.
            Card::new(channel).select_root()?;
        }
    }

    /// Reads everything but what [`read`] has read in the clear. The root is selected.
    fn read_files(
        &mut self,
        channel: &mut dyn CardChannel,
        object_system: ObjectSystem,
    ) -> Result<EgkReading, EgkError> {
        let secure_messaging = self.request.can.is_some();
        let mut card = Card::new(channel);
        let gdo = card.ask_small(EgkFile::Gdo)?;
        if gdo.status == StatusWord::SECURITY_STATUS_NOT_SATISFIED && !secure_messaging {
            let card_access = read_card_access(&mut card, &object_system)?;
            return Err(card_access.map_or(EgkError::NoContactless, |_| EgkError::CanNeeded));
        }
        if self.request.over_the_air && !secure_messaging {
            return Err(EgkError::InTheClear);
        }
        let iccsn =
            card.contents(EgkFile::Gdo, gdo).and_then(|gdo| parse(EgkFile::Gdo, &gdo, Iccsn::parse_gdo));
        let contactless = match self.request.check {
            _ if secure_messaging => Some(true),
            Some(_) => Some(read_card_access(&mut card, &object_system)?.is_some()),
            None => None,
        };
        let mut authenticity = Authenticity::NOT_ASKED;
        if let (Ok(iccsn), Some(check)) = (&iccsn, self.request.check) {
            authenticity.chip = chip::prove(card.channel, iccsn, check, self.entropy)?;
        }
        card.select_health_care_application()?;
        let iccsn = iccsn?;
        self.tell(Progress::Version(&object_system));
        self.tell(Progress::CardNumber(&iccsn));
        if self.request.check.is_some() {
            self.tell(Progress::Chip(authenticity.chip));
        }
        let Vsd { status, person, insurance } = self.read_vsd(&mut card)?;
        if let Some(check) = self.request.check {
            authenticity.certificate =
                cardholder_certificate::prove(card.channel, &person, &insurance, check)?;
            self.tell(Progress::Certificate(authenticity.certificate));
        }
        let application_deactivated = card.deactivated;
        Ok(EgkReading {
            object_system,
            iccsn,
            status,
            person,
            insurance,
            application_deactivated,
            secure_messaging,
            contactless,
            authenticity,
        })
    }

    /// The master data, of one and the same update.
    fn read_vsd(&mut self, card: &mut Card<'_>) -> Result<Vsd, EgkError> {
        let status = read_status(card)?;
        let vsd = self.read_vsd_of(card, status)?;
        if !status.transaction_open {
            return Ok(vsd);
        }
        match read_status(card)? {
            same if same == status => Ok(vsd),
            changed => self.read_vsd_of(card, changed),
        }
    }

    fn read_vsd_of(&mut self, card: &mut Card<'_>, status: StatusVd) -> Result<Vsd, EgkError> {
        self.tell(Progress::Status(&status));
        let person = card.read_data(EgkFile::Pd, vsd::locate_pd)?;
        let person = parse(EgkFile::Pd, &person, PersonalData::parse)?;
        self.tell(Progress::Person(&person));
        let insurance = card.read_data(EgkFile::Vd, vsd::locate_vd)?;
        let insurance = parse(EgkFile::Vd, &insurance, InsuranceData::parse)?;
        self.tell(Progress::Insurance(&insurance));
        Ok(Vsd { status, person, insurance })
    }

    /// Tells a part unless an attempt before has told it.
    fn tell(&mut self, part: Progress<'_>) {
        let order = part.order();
        if self.told < order {
            self.told = order;
            (self.on_progress)(part);
        }
    }
}
