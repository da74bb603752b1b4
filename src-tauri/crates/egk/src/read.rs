//! The reading itself.

use crate::card_kind::CardKind;
use crate::error::{EgkError, Problem};
use crate::file::EgkFile;
use crate::iccsn::Iccsn;
use crate::insurance_data::InsuranceData;
use crate::object_system::ObjectSystem;
use crate::personal_data::PersonalData;
use crate::status_vd::StatusVd;
use crate::vsd;
use smartcard::{
    CardChannel, CardChannelExt, ChannelError, CommandApdu, NE_MAX, NE_SHORT_MAX, ResponseApdu, StatusWord,
};
use std::ops::Range;
use zeroize::Zeroizing;

/// Most READ BINARY commands for one file: EF.VD of [`EgkFile::bytes_max`] in full pieces, and as many again
/// for a reader or a secure channel with smaller ones. A card that gives single bytes can't keep the reading
/// going.
const READS_MAX: usize = 32;

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
}

/// A part of the reading, told as soon as it is known.
#[derive(Debug, Clone, Copy)]
pub enum Progress<'a> {
    /// First: it is a health card, of this generation.
    Version(&'a ObjectSystem),
    /// The card's number.
    CardNumber(&'a Iccsn),
    /// How old the data is.
    Status(&'a StatusVd),
    /// Who it is.
    Person(&'a PersonalData),
    /// How the person is insured.
    Insurance(&'a InsuranceData),
}

/// Reads a health card, in the order of gemSpec_eGK_Fach_VSDM: at most ten APDUs in the short form (EF.PD up
/// to 512 bytes, EF.VD up to 768), seven where the channel supports extended length. A card that answers
/// extended length with `6700` is read on in the short form.
///
/// # Errors
/// Every [`EgkError`]; after one, parts that `on_progress` was told are no reading.
pub fn read(
    channel: &mut dyn CardChannel,
    on_progress: &mut dyn FnMut(Progress<'_>),
) -> Result<EgkReading, EgkError> {
    let extended = channel.supports_extended_length();
    let mut card = Card { channel, extended, application_deactivated: false };
    let (version2, gdo) = card.enter_application()?;

    let object_system = parse(EgkFile::Version2, &version2, ObjectSystem::parse)?
        .ok_or(EgkError::NotAHealthCard(CardKind::EgkG1))?;
    on_progress(Progress::Version(&object_system));
    let iccsn = parse(EgkFile::Gdo, &gdo, Iccsn::parse_gdo)?;
    on_progress(Progress::CardNumber(&iccsn));
    let status = parse(EgkFile::StatusVd, &card.read_small(EgkFile::StatusVd)?, StatusVd::parse)?;
    on_progress(Progress::Status(&status));
    let person = parse(EgkFile::Pd, &card.read_data(EgkFile::Pd, vsd::locate_pd)?, PersonalData::parse)?;
    on_progress(Progress::Person(&person));
    let insurance = parse(EgkFile::Vd, &card.read_data(EgkFile::Vd, vsd::locate_vd)?, InsuranceData::parse)?;
    on_progress(Progress::Insurance(&insurance));

    let application_deactivated = card.application_deactivated;
    Ok(EgkReading { object_system, iccsn, status, person, insurance, application_deactivated })
}

fn parse<T>(file: EgkFile, contents: &[u8], parse: fn(&[u8]) -> Result<T, Problem>) -> Result<T, EgkError> {
    parse(contents).map_err(|problem| EgkError::Malformed { file, problem })
}

/// The card in the course of a reading.
struct Card<'a> {
    channel: &'a mut dyn CardChannel,
    extended: bool,
    application_deactivated: bool,
}

type Contents = Zeroizing<Vec<u8>>;

impl Card<'_> {
    /// Selects the root, fetches EF.Version2 and EF.GDO, selects the health care application. What the two
    /// files say counts only once the application is there: other cards have them, too.
    fn enter_application(&mut self) -> Result<(Contents, Contents), EgkError> {
        let root = CommandApdu::select_application(&[0xD2, 0x76, 0x00, 0x01, 0x44, 0x80, 0x00]);
        if self.channel.execute(&root)?.status.is_error() {
            return Err(self.name_other_card());
        }
        let version2 = self.read_from_start(EgkFile::Version2, NE_SHORT_MAX)?;
        let gdo = self.read_from_start(EgkFile::Gdo, NE_SHORT_MAX)?;
        let application = CommandApdu::select_application(&[0xD2, 0x76, 0x00, 0x00, 0x01, 0x02]);
        match self.channel.execute(&application)?.status {
            StatusWord::DEACTIVATED | StatusWord::TERMINATED => self.application_deactivated = true,
            status if status.is_error() => return Err(self.name_other_card()),
            _ => {}
        }
        if version2.status == StatusWord::NOT_FOUND {
            return Err(EgkError::NotAHealthCard(CardKind::EgkG1));
        }
        Ok((contents(EgkFile::Version2, version2, false)?, contents(EgkFile::Gdo, gdo, false)?))
    }

    fn name_other_card(&mut self) -> EgkError {
        CardKind::identify(self.channel).map_or_else(EgkError::Channel, EgkError::NotAHealthCard)
    }

    /// A file of the application that one short READ BINARY fetches.
    fn read_small(&mut self, file: EgkFile) -> Result<Contents, EgkError> {
        let response = self.read_from_start(file, NE_SHORT_MAX)?;
        contents(file, response, self.application_deactivated)
    }

    /// A file of the application up to the end of the stream that `locate` finds by the file's first bytes.
    /// What the file holds behind is read only as far as it comes along.
    fn read_data(
        &mut self,
        file: EgkFile,
        locate: fn(&[u8]) -> Result<Range<usize>, Problem>,
    ) -> Result<Contents, EgkError> {
        let malformed = |problem| EgkError::Malformed { file, problem };
        let response = self.read_first_piece(file)?;
        // Reserved in full: a buffer that grows would leave unwiped copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(file.bytes_max()));
        append(&mut bytes, &contents(file, response, self.application_deactivated)?, file);
        let end = locate(&bytes).map_err(malformed)?.end;
        if end > file.bytes_max() {
            return Err(malformed(Problem::TooLarge));
        }
        let mut reads = 1;
        while bytes.len() < end {
            if reads == READS_MAX {
                return Err(malformed(Problem::Length));
            }
            reads += 1;
            let piece_max = if self.extended { NE_MAX } else { NE_SHORT_MAX };
            let response = self.read_piece(file, bytes.len(), piece_max.min(end - bytes.len()))?;
            if response.status == StatusWord::WRONG_P1_P2 {
                // The offset is behind the end of the file.
                return Err(malformed(Problem::Length));
            }
            let piece = contents(file, response, self.application_deactivated)?;
            if piece.is_empty() {
                return Err(malformed(Problem::Length));
            }
            append(&mut bytes, &piece, file);
        }
        Ok(bytes)
    }

    /// The beginning of a file, the whole of it with extended length if the card goes along.
    fn read_first_piece(&mut self, file: EgkFile) -> Result<ResponseApdu, ChannelError> {
        if self.extended {
            let response = self.read_from_start(file, NE_MAX)?;
            if response.status != StatusWord::WRONG_LENGTH {
                return Ok(response);
            }
            self.extended = false;
        }
        self.read_from_start(file, NE_SHORT_MAX)
    }

    fn read_from_start(&mut self, file: EgkFile, ne: usize) -> Result<ResponseApdu, ChannelError> {
        let command = CommandApdu::read_binary_sfi(file.sfi(), 0, ne).with_sensitivity(file.sensitivity());
        self.channel.execute(&command)
    }

    /// A further piece of the current file. (A short file identifier reaches the offsets to 255 only.)
    fn read_piece(&mut self, file: EgkFile, offset: usize, ne: usize) -> Result<ResponseApdu, EgkError> {
        let too_large = EgkError::Malformed { file, problem: Problem::TooLarge };
        let command = CommandApdu::read_binary(offset, ne).map_err(|_| too_large)?;
        Ok(self.channel.execute(&command.with_sensitivity(file.sensitivity()))?)
    }
}

/// What was read of a file. `6282` only says that the file ended before Ne.
fn contents(
    file: EgkFile,
    response: ResponseApdu,
    application_deactivated: bool,
) -> Result<Contents, EgkError> {
    match response.status {
        StatusWord::OK | StatusWord::END_OF_FILE => Ok(response.data),
        status if application_deactivated => Err(EgkError::Deactivated { file, status }),
        status => Err(EgkError::UnexpectedStatus { file, status }),
    }
}

/// Appends a piece, of a card that sends more than it was asked for no more than the file may have.
fn append(bytes: &mut Contents, piece: &[u8], file: EgkFile) {
    let room = file.bytes_max().saturating_sub(bytes.len());
    bytes.extend_from_slice(piece.get(..room).unwrap_or(piece));
}
