//! SELECT and GET RESPONSE (ISO 7816-4, 11.2.2, 11.3.3; gemSpec_COS, 14.2.6).

use super::{Answer, Card, authenticate::Chosen, status};
use crate::{
    apdu::{Command, sw},
    files::{File, Folder},
};

impl Card {
    /// P1 04: application, without data the root; P1 02: file in the current folder. P2 0C: no answer, 04:
    /// FCP.
    pub(super) fn select(&mut self, command: &Command<'_>) -> Answer {
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

    pub(super) fn select_folder(
        &mut self,
        folder: usize,
        wants_parameters: bool,
        command: &Command<'_>,
    ) -> Answer {
        self.volatile.folder = folder;
        self.volatile.file = None;
        self.volatile.chosen = Chosen::default();
        let Some(selected) = self.folders.get(folder) else { return status(sw::NOT_FOUND) };
        let parameters = if wants_parameters { selected.control_parameters() } else { Vec::new() };
        let state = if selected.deactivated { sw::DEACTIVATED } else { sw::OK };
        self.give(parameters, state, command)
    }

    pub(super) fn select_file(&mut self, wants_parameters: bool, command: &Command<'_>) -> Answer {
        let Ok(fid) = command.data.try_into().map(u16::from_be_bytes) else {
            return status(sw::WRONG_LENGTH);
        };
        let position = |folder: &Folder| folder.files.iter().position(|file| file.fid == fid);
        let anywhere =
            || self.folders.iter().enumerate().find_map(|(at, folder)| Some((at, position(folder)?)));
        let here = self
            .folders
            .get(self.volatile.folder)
            .and_then(position)
            .map(|file| (self.volatile.folder, file));
        let Some((folder, file)) = here.or_else(|| anywhere().filter(|_| self.options.lenient)) else {
            return status(sw::NOT_FOUND);
        };
        (self.volatile.folder, self.volatile.file) = (folder, Some(file));
        let parameters = self.current().filter(|_| wants_parameters).map(File::control_parameters);
        self.give(parameters.unwrap_or_default(), sw::OK, command)
    }

    /// Response data of a case-4 command: at once, or left for GET RESPONSE.
    fn give(&mut self, data: Vec<u8>, state: u16, command: &Command<'_>) -> Answer {
        if self.options.get_response && !command.extended && !data.is_empty() {
            let announced = u8::try_from(data.len()).unwrap_or(0);
            self.volatile.waiting = data;
            return status(u16::from_be_bytes([0x61, announced]));
        }
        (data, state)
    }

    pub(super) fn get_response(&mut self, command: &Command<'_>) -> Answer {
        let Some(ne) = command.ne else { return status(sw::WRONG_LENGTH) };
        if self.volatile.waiting.is_empty() {
            return status(sw::CONDITIONS);
        }
        let rest = self.volatile.waiting.split_off(ne.bytes.min(self.volatile.waiting.len()));
        let data = std::mem::replace(&mut self.volatile.waiting, rest);
        match self.volatile.waiting.len() {
            0 => (data, sw::OK),
            left => (data, u16::from_be_bytes([0x61, u8::try_from(left).unwrap_or(0)])),
        }
    }
}
