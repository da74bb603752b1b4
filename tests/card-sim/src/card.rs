//! A card as a state machine: what is selected, and what it answers to a command (gemSpec_COS, ISO 7816-4).

use crate::{
    apdu::{Command, sw},
    files::{Access, Content, File, Folder},
};

/// Root first, then the applications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    answer_to_reset: AnswerToReset,
    folders: Vec<Folder>,
    options: Options,
    folder: usize,
    file: Option<usize>,
    /// Response data that GET RESPONSE fetches.
    waiting: Vec<u8>,
}

/// What a card says when it is powered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerToReset {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Nothing, as when a card lies upside down in the reader.
    Silence,
}

/// How a card deviates from one that does everything by the book.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Extended length is answered with `6700`, as by an old card or through a poor reader.
    pub short_only: bool,
    /// Response data to a short case-4 command waits for GET RESPONSE (`61xx`), as over T=0.
    pub get_response: bool,
    /// SELECT takes what OpenSC 0.23 sends: the root by its file identifier (P1 00), FCP where P2 asks for
    /// FCI, and files of any application without selecting it again.
    pub lenient: bool,
    /// Never answers a command.
    pub mute: bool,
}

const SELECT: u8 = 0xA4;
const READ_BINARY: u8 = 0xB0;
const READ_RECORD: u8 = 0xB2;
const GET_RESPONSE: u8 = 0xC0;

/// Response data (empty on most errors) and status word.
type Answer = (Vec<u8>, u16);

impl Card {
    /// A card with these folders, the root first.
    #[must_use]
    pub fn new(answer_to_reset: AnswerToReset, folders: Vec<Folder>) -> Self {
        let options = Options::default();
        Self { answer_to_reset, folders, options, folder: 0, file: None, waiting: Vec::new() }
    }

    /// The same card with other options.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// What it says when powered.
    #[must_use]
    pub fn answer_to_reset(&self) -> &AnswerToReset {
        &self.answer_to_reset
    }

    /// Root and applications as they were put on the card.
    #[must_use]
    pub fn folders(&self) -> &[Folder] {
        &self.folders
    }

    /// File identifier of the current elementary file.
    #[must_use]
    pub fn current_file(&self) -> Option<u16> {
        self.current().map(|file| file.fid)
    }

    /// Power-up or reset: the root is selected, all else forgotten.
    pub fn reset(&mut self) {
        self.folder = 0;
        self.file = None;
        self.waiting.clear();
    }

    /// The response APDU to a command APDU; `None` from a card that doesn't answer.
    pub fn execute(&mut self, apdu: &[u8]) -> Option<Vec<u8>> {
        if self.options.mute {
            return None;
        }
        let (mut response, status) = match Command::parse(apdu) {
            None => (Vec::new(), sw::WRONG_LENGTH),
            Some(command) if command.extended && self.options.short_only => (Vec::new(), sw::WRONG_LENGTH),
            Some(command) => self.dispatch(&command),
        };
        response.extend_from_slice(&status.to_be_bytes());
        Some(response)
    }

    fn dispatch(&mut self, command: &Command<'_>) -> Answer {
        if command.cla != 0 {
            return status(sw::NO_CLASS);
        }
        if command.ins != GET_RESPONSE {
            self.waiting.clear();
        }
        match command.ins {
            SELECT => self.select(command),
            READ_BINARY => self.read_binary(command),
            READ_RECORD => self.read_record(command),
            GET_RESPONSE if self.options.get_response => self.get_response(command),
            _ => status(sw::NO_INSTRUCTION),
        }
    }

    /// P1 04: application, without data the root; P1 02: file in the current folder. P2 0C: no answer, 04:
    /// FCP.
    fn select(&mut self, command: &Command<'_>) -> Answer {
        let wants_parameters = match command.p2 {
            0x0C => false,
            0x04 => true,
            0x00 if self.options.lenient => true,
            _ => return status(sw::WRONG_P1_P2),
        };
        let root_by_fid = command.data == [0x3F, 0x00];
        match command.p1 {
            0x04 if command.data.is_empty() => self.select_folder(0, wants_parameters, command),
            0x04 => match self.folders.iter().position(|folder| folder.aid == command.data) {
                Some(folder) => self.select_folder(folder, wants_parameters, command),
                None => status(sw::NOT_FOUND),
            },
            0x00 if self.options.lenient && root_by_fid => self.select_folder(0, wants_parameters, command),
            0x02 => self.select_file(wants_parameters, command),
            _ => status(sw::WRONG_P1_P2),
        }
    }

    fn select_folder(&mut self, folder: usize, wants_parameters: bool, command: &Command<'_>) -> Answer {
        self.folder = folder;
        self.file = None;
        let Some(selected) = self.folders.get(folder) else { return status(sw::NOT_FOUND) };
        let parameters = if wants_parameters { selected.control_parameters() } else { Vec::new() };
        let state = if selected.deactivated { sw::DEACTIVATED } else { sw::OK };
        self.give(parameters, state, command)
    }

    fn select_file(&mut self, wants_parameters: bool, command: &Command<'_>) -> Answer {
        let Ok(fid) = command.data.try_into().map(u16::from_be_bytes) else {
            return status(sw::WRONG_LENGTH);
        };
        let position = |folder: &Folder| folder.files.iter().position(|file| file.fid == fid);
        let anywhere =
            || self.folders.iter().enumerate().find_map(|(at, folder)| Some((at, position(folder)?)));
        let here = self.folders.get(self.folder).and_then(position).map(|file| (self.folder, file));
        let Some((folder, file)) = here.or_else(|| anywhere().filter(|_| self.options.lenient)) else {
            return status(sw::NOT_FOUND);
        };
        (self.folder, self.file) = (folder, Some(file));
        let parameters = self.current().filter(|_| wants_parameters).map(File::control_parameters);
        self.give(parameters.unwrap_or_default(), sw::OK, command)
    }

    /// Response data of a case-4 command: at once, or left for GET RESPONSE.
    fn give(&mut self, data: Vec<u8>, state: u16, command: &Command<'_>) -> Answer {
        if self.options.get_response && !command.extended && !data.is_empty() {
            let announced = u8::try_from(data.len()).unwrap_or(0);
            self.waiting = data;
            return status(u16::from_be_bytes([0x61, announced]));
        }
        (data, state)
    }

    fn get_response(&mut self, command: &Command<'_>) -> Answer {
        let Some(ne) = command.ne else { return status(sw::WRONG_LENGTH) };
        if self.waiting.is_empty() {
            return status(sw::CONDITIONS);
        }
        let rest = self.waiting.split_off(ne.bytes.min(self.waiting.len()));
        let data = std::mem::replace(&mut self.waiting, rest);
        match self.waiting.len() {
            0 => (data, sw::OK),
            left => (data, u16::from_be_bytes([0x61, u8::try_from(left).unwrap_or(0)])),
        }
    }

    /// P1 `100sssss`: file by SFI and offset P2; else a 15-bit offset into the current file.
    fn read_binary(&mut self, command: &Command<'_>) -> Answer {
        let offset = if command.p1 & 0x80 == 0 {
            usize::from(u16::from_be_bytes([command.p1, command.p2]))
        } else {
            if let Err(refusal) = self.select_by_sfi(command.p1 & 0x7F) {
                return status(refusal);
            }
            usize::from(command.p2)
        };
        let Some(ne) = command.ne else { return status(sw::WRONG_LENGTH) };
        let bytes = match self.readable().map(|file| &file.content) {
            Ok(Content::Transparent(bytes)) => bytes,
            Ok(Content::Records(_)) => return status(sw::WRONG_FILE_TYPE),
            Err(refusal) => return status(refusal),
        };
        match bytes.get(offset..) {
            None | Some([]) => status(sw::WRONG_OFFSET),
            Some(rest) if rest.len() < ne.bytes && !ne.wildcard => (rest.to_vec(), sw::END_OF_FILE),
            Some(rest) => (rest.iter().copied().take(ne.bytes).collect(), sw::OK),
        }
    }

    /// P1: record number from 1; P2 `sssss100`: by number in the file with this SFI, 0 the current one.
    fn read_record(&mut self, command: &Command<'_>) -> Answer {
        if command.p2 & 0x07 != 0x04 || command.p1 == 0 {
            return status(sw::WRONG_P1_P2);
        }
        let sfi = command.p2 >> 3;
        if sfi != 0
            && let Err(refusal) = self.select_by_sfi(sfi)
        {
            return status(refusal);
        }
        let Some(ne) = command.ne else { return status(sw::WRONG_LENGTH) };
        let records = match self.readable().map(|file| &file.content) {
            Ok(Content::Records(records)) => records,
            Ok(Content::Transparent(_)) => return status(sw::WRONG_FILE_TYPE),
            Err(refusal) => return status(refusal),
        };
        match records.get(usize::from(command.p1) - 1) {
            None => status(sw::NO_RECORD),
            Some(record) if record.len() < ne.bytes && !ne.wildcard => (record.clone(), sw::END_OF_FILE),
            Some(record) => (record.iter().copied().take(ne.bytes).collect(), sw::OK),
        }
    }

    fn select_by_sfi(&mut self, sfi: u8) -> Result<(), u16> {
        if !(1..=30).contains(&sfi) {
            return Err(sw::WRONG_P1_P2);
        }
        self.file = Some(self.files().iter().position(|file| file.sfi == sfi).ok_or(sw::NOT_FOUND)?);
        Ok(())
    }

    fn files(&self) -> &[File] {
        self.folders.get(self.folder).map_or(&[], |folder| &folder.files)
    }

    fn current(&self) -> Option<&File> {
        self.files().get(self.file?)
    }

    /// The current file, if its access rule lets it be read now.
    fn readable(&self) -> Result<&File, u16> {
        let file = self.current().ok_or(sw::NO_CURRENT_EF)?;
        let deactivated = self.folders.get(self.folder).is_some_and(|folder| folder.deactivated);
        if deactivated || file.read != Access::Always {
            return Err(sw::SECURITY_STATUS);
        }
        Ok(file)
    }
}

fn status(word: u16) -> Answer {
    (Vec::new(), word)
}

#[cfg(test)]
mod tests;
