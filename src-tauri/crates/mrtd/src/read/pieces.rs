//! Reading a file piece by piece, with all that chips are known to stumble over.
//!
//! The first piece comes by the short file identifier, which saves a SELECT; the file's own header tells how
//! long it is, and nothing behind its end is ever asked for again. Beyond an offset of 15 bits the odd
//! instruction reads on. Many chips refuse a piece that is longer
//! than their buffer or the rest of the file, with `6700`, `6B00` or an empty `6282`, some of them ending the
//! session: then the file is selected and its header read first, as Doc 9303-11, appendix D does it, and
//! pieces become shorter.

use crate::error::{MrtdError, Problem};
use crate::file::{FileForm, MrtdFile};
use smartcard::{
    CardChannel, CardChannelExt, CommandApdu, NE_SHORT_MAX, OFFSET_MAX, ResponseApdu, StatusWord,
    discretionary_bytes,
};
use zeroize::Zeroizing;

pub(super) type Contents = Zeroizing<Vec<u8>>;

/// Most bytes of one piece in the extended form: a fraction of a second over the air, so that a reading can
/// be cancelled and its progress seen.
const PIECE_BYTES_EXTENDED_MAX: usize = 4096;
/// What is tried where full pieces are refused.
const SHORTER_PIECES: [usize; 3] = [192, 128, PIECE_BYTES_MIN];
/// Chips that refuse this are refusing something else.
const PIECE_BYTES_MIN: usize = 64;
/// The first read of a careful reading: tag and length of most files.
const HEADER_BYTES: usize = 4;
/// Reads that a file may need beyond those for pieces of [`PIECE_BYTES_MIN`]; a chip that gives single bytes
/// can't keep the reading going.
const READS_EXTRA: usize = 16;

/// Reads files of one chip and remembers what it can stand. A file that was under way when the session broke
/// goes on where it was.
#[derive(Default)]
pub(super) struct Pieces {
    /// Select first, then the header, then the rest.
    careful: bool,
    /// The length of pieces that this chip has shown to stand; `None` for as much as fits.
    shortened: Option<usize>,
    /// The same for pieces in the extended form: what was learnt of one form says nothing of the other.
    shortened_extended: Option<usize>,
    under_way: Option<(MrtdFile, Partial)>,
}

/// What there is of a file.
#[derive(Default)]
struct Partial {
    bytes: Contents,
    /// Length by the file's own header.
    total: Option<usize>,
    /// The chip's current file is this one.
    selected: bool,
    reads: usize,
}

impl Pieces {
    /// Reads a whole file of the current folder. `on_bytes` is told how many of how many bytes are there.
    ///
    /// # Errors
    /// [`MrtdError::Channel`]; [`MrtdError::FileRefused`] with what the chip said to the most careful try;
    /// [`MrtdError::Malformed`].
    pub(super) fn read(
        &mut self,
        channel: &mut dyn CardChannel,
        file: MrtdFile,
        on_bytes: &mut dyn FnMut(usize, usize),
    ) -> Result<Contents, MrtdError> {
        let mut partial = match self.under_way.take() {
            Some((under_way, partial)) if under_way == file => partial,
            _ => Partial::default(),
        };
        match self.read_rest(channel, file.form(), &mut partial, on_bytes) {
            Ok(()) => Ok(partial.bytes),
            Err(stop) => {
                if matches!(stop, Stop::Channel(_)) {
                    self.under_way = Some((file, partial));
                }
                Err(stop.of(file))
            }
        }
    }

    /// The session has ended, perhaps over a piece that was too long: goes on more carefully. `extended` says
    /// that the extended form was given up, which is change enough.
    pub(super) fn interrupted(&mut self, extended_given_up: bool) {
        let Some((_, partial)) = &mut self.under_way else { return };
        partial.selected = false;
        if extended_given_up {
            return;
        }
        if partial.bytes.is_empty() {
            self.careful = true;
        } else {
            self.shorten(NE_SHORT_MAX);
        }
    }

    /// Forgets what was read of this file, so that all of it will be of one session.
    pub(super) fn begin_again(&mut self, file: MrtdFile) {
        self.under_way = self.under_way.take().filter(|(under_way, _)| *under_way != file);
    }

    fn read_rest(
        &mut self,
        channel: &mut dyn CardChannel,
        form: FileForm,
        partial: &mut Partial,
        on_bytes: &mut dyn FnMut(usize, usize),
    ) -> Result<(), Stop> {
        loop {
            partial.find_total(form)?;
            let missing = match partial.total {
                Some(total) if partial.bytes.len() >= total => {
                    partial.bytes.truncate(total);
                    return Ok(());
                }
                Some(total) => total - partial.bytes.len(),
                None if self.careful || !partial.bytes.is_empty() => HEADER_BYTES,
                None => usize::MAX,
            };
            partial.count_read(form)?;
            let ne = partial.answer_bytes(missing).min(self.piece(channel));
            let response = self.ask(channel, form, partial, ne)?;
            match response.status {
                StatusWord::OK | StatusWord::END_OF_FILE if !response.data.is_empty() => {
                    self.learn(partial, form, &response, ne)?;
                }
                status => self.give_way(channel, partial, ne, status)?,
            }
            if let Some(total) = partial.total {
                on_bytes(partial.bytes.len().min(total), total);
            }
        }
    }

    /// How much is asked for at once.
    fn piece(&self, channel: &dyn CardChannel) -> usize {
        let capacity = channel.capacity().ne.min(PIECE_BYTES_EXTENDED_MAX);
        let shortened = if capacity > NE_SHORT_MAX { self.shortened_extended } else { self.shortened };
        shortened.map_or(capacity, |piece| piece.min(capacity))
    }

    /// One READ BINARY, with a SELECT before it where the file isn't the current one.
    fn ask(
        &self,
        channel: &mut dyn CardChannel,
        form: FileForm,
        partial: &mut Partial,
        ne: usize,
    ) -> Result<ResponseApdu, Stop> {
        if !partial.selected && (self.careful || !partial.bytes.is_empty()) {
            let status = channel.execute(&CommandApdu::select_file(form.fid))?.status;
            if status.is_error() {
                return Err(Stop::Refused(status));
            }
            partial.selected = true;
        }
        let command = match partial.bytes.len() {
            _ if !partial.selected => Ok(CommandApdu::read_binary_sfi(form.sfi, 0, ne)),
            at if partial.is_beyond_offset() => CommandApdu::read_binary_odd(at, ne),
            at => CommandApdu::read_binary(at, ne),
        };
        let command = command.map_err(|_| Stop::Problem(Problem::TooLarge))?;
        Ok(channel.execute(&command.with_sensitivity(form.sensitivity))?)
    }

    /// Keeps a piece. A chip that gives less than it was asked for, in the middle of a file, gives no more
    /// another time.
    fn learn(
        &mut self,
        partial: &mut Partial,
        form: FileForm,
        response: &ResponseApdu,
        ne: usize,
    ) -> Result<(), Stop> {
        // By its short identifier, too, a file becomes the current one.
        partial.selected = true;
        let piece = if partial.is_beyond_offset() {
            response.discretionary_data().ok_or(Stop::Problem(Problem::Contents))?
        } else {
            response.data.as_slice()
        };
        partial.append(piece, ne);
        partial.find_total(form)?;
        let got = response.data.len();
        if got < ne && partial.total.is_none_or(|total| partial.bytes.len() < total) {
            let shortened =
                if ne > NE_SHORT_MAX { &mut self.shortened_extended } else { &mut self.shortened };
            *shortened = Some(got.max(PIECE_BYTES_MIN));
        }
        Ok(())
    }

    /// After a refused read: decides on a more careful one, or gives up with the chip's answer.
    fn give_way(
        &mut self,
        channel: &mut dyn CardChannel,
        partial: &mut Partial,
        ne: usize,
        status: StatusWord,
    ) -> Result<(), Stop> {
        match status {
            StatusWord::SECURITY_STATUS_NOT_SATISFIED
            | StatusWord::NOT_FOUND
            | StatusWord::INS_NOT_SUPPORTED => {
                return Err(Stop::Refused(status));
            }
            _ if ne > NE_SHORT_MAX => {
                channel.learn_extended_length(false);
                return Ok(());
            }
            _ if partial.bytes.is_empty() && !self.careful => {
                self.careful = true;
                return Ok(());
            }
            _ if !partial.bytes.is_empty() && self.shorten(ne) => return Ok(()),
            _ => {}
        }
        // The file ends before its header says, or the chip has no way to read on.
        let ended = matches!(status, StatusWord::WRONG_P1_P2 | StatusWord::END_OF_FILE | StatusWord::OK);
        Err(if ended { Stop::Problem(Problem::Endless) } else { Stop::Refused(status) })
    }

    /// Makes pieces shorter than this one and those before; `false` if they are as short as they get.
    fn shorten(&mut self, piece: usize) -> bool {
        let now = self.shortened.map_or(piece, |shortened| shortened.min(piece));
        let shorter = SHORTER_PIECES.into_iter().find(|length| *length < now);
        self.shortened = shorter.or(self.shortened);
        shorter.is_some()
    }
}

impl Partial {
    /// Whether what is missing is out of reach for offsets of 15 bits.
    fn is_beyond_offset(&self) -> bool {
        self.bytes.len() > OFFSET_MAX
    }

    /// How long an answer would be that holds all that is missing, as far as one instruction reads: no piece
    /// lies on both sides of the highest offset.
    fn answer_bytes(&self, missing: usize) -> usize {
        match (OFFSET_MAX + 1).checked_sub(self.bytes.len()) {
            Some(reach @ 1..) => missing.min(reach),
            Some(0) | None => discretionary_bytes(missing),
        }
    }

    /// Appends a piece, of a chip that sends more than it was asked for no more than that.
    fn append(&mut self, piece: &[u8], ne: usize) {
        let piece = piece.get(..ne).unwrap_or(piece);
        if self.bytes.capacity() - self.bytes.len() < piece.len() {
            // Copied as a whole into one that is wiped: a buffer that grows would leave unwiped copies
            // behind.
            let room = self.total.unwrap_or(self.bytes.len()).max(self.bytes.len() + piece.len());
            let mut larger = Zeroizing::new(Vec::with_capacity(room));
            larger.extend_from_slice(&self.bytes);
            self.bytes = larger;
        }
        self.bytes.extend_from_slice(piece);
    }

    /// Reads the file's header once enough of it is there.
    fn find_total(&mut self, form: FileForm) -> Result<(), Stop> {
        if self.total.is_some() || self.bytes.is_empty() {
            return Ok(());
        }
        match header(&self.bytes, form) {
            Header::Total(total) if total > form.bytes_max => Err(Stop::Problem(Problem::TooLarge)),
            Header::Total(total) => {
                self.total = Some(total);
                Ok(())
            }
            Header::Unfinished => Ok(()),
            Header::Malformed => Err(Stop::Problem(Problem::Header)),
        }
    }

    fn count_read(&mut self, form: FileForm) -> Result<(), Stop> {
        let reads_max = self.total.unwrap_or(form.bytes_max).div_ceil(PIECE_BYTES_MIN) + READS_EXTRA;
        if self.reads == reads_max {
            return Err(Stop::Problem(Problem::Endless));
        }
        self.reads += 1;
        Ok(())
    }
}

/// What the first bytes of a file say.
enum Header {
    /// Bytes of the file, header included.
    Total(usize),
    /// More of it must be read.
    Unfinished,
    Malformed,
}

/// Tag and length of the object that a file is.
fn header(bytes: &[u8], form: FileForm) -> Header {
    let tag = form.tag.0.to_be_bytes();
    let tag = tag.iter().position(|byte| *byte != 0).and_then(|start| tag.get(start..)).unwrap_or_default();
    let Some(rest) = bytes.strip_prefix(tag) else { return Header::Malformed };
    let Some((&first, rest)) = rest.split_first() else { return Header::Unfinished };
    let (length_bytes, length) = match first {
        0..=0x7F => (0, usize::from(first)),
        0x81..=0x83 => {
            let count = usize::from(first & 0x0F);
            let Some(length) = rest.get(..count) else { return Header::Unfinished };
            (count, length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
        }
        // The indefinite length, and lengths beyond every limit.
        _ => return Header::Malformed,
    };
    Header::Total(tag.len() + 1 + length_bytes + length)
}

/// Why a file isn't read on.
enum Stop {
    Channel(smartcard::ChannelError),
    Refused(StatusWord),
    Problem(Problem),
}

impl From<smartcard::ChannelError> for Stop {
    fn from(error: smartcard::ChannelError) -> Self {
        Self::Channel(error)
    }
}

impl Stop {
    fn of(self, file: MrtdFile) -> MrtdError {
        match self {
            Self::Channel(error) => MrtdError::Channel(error),
            Self::Refused(status) => MrtdError::FileRefused { file, status },
            Self::Problem(problem) => MrtdError::Malformed { file, problem },
        }
    }
}

#[cfg(test)]
mod tests;
