//! A card as a state machine: what is selected and proven, and what it answers to a command (gemSpec_COS, ISO
//! 7816-4).

mod authenticate;
mod pace;
mod pin;
mod read;
mod secure_messaging;
mod select;
mod travel;

use std::{sync::Arc, time::Duration};

use crate::{
    apdu::{Command, sw},
    crypto::{curve::PrivateKey, entropy::Entropy},
    files::{File, Folder},
    pin::Pin,
};
use authenticate::Chosen;
use pace::Pace;
pub(crate) use pace::{CAN, HEALTH_CARD as HEALTH_CARD_PACE, MRZ, PaceAccess, ParameterReference};
use secure_messaging::SecureMessaging;
use travel::Progress;
pub(crate) use travel::{BasicAccess, Chip};

/// A card: its files and secrets, and what has happened since it was powered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    answer_to_reset: AnswerToReset,
    interface: Interface,
    /// Root first, then the applications.
    folders: Vec<Folder>,
    secrets: Secrets,
    options: Options,
    /// What makes it a travel document.
    chip: Option<Arc<Chip>>,
    entropy: Entropy,
    /// Wrong passwords since the last right one.
    failures: u32,
    /// How long the card thought about the last command.
    pause: Duration,
    volatile: Volatile,
}

/// What a card says when it is powered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerToReset {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Nothing, as when a card lies upside down in the reader.
    Silence,
}

/// How a card is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Interface {
    /// By its contacts.
    #[default]
    Contact,
    /// Over the air (ISO 14443).
    Contactless,
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
    /// Files of a deactivated application can be read all the same.
    pub reads_deactivated: bool,
    /// The shared secret of every PACE run starts with a zero byte.
    pub leading_zero_secret: bool,
}

/// Keys and passwords; what a card lacks, it doesn't know the commands' objects of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Secrets {
    /// Passwords and protocols of PACE.
    pub(crate) pace: Option<PaceAccess>,
    /// PrK.eGK.AUT_CVC.E256.
    pub(crate) authentication: Option<PrivateKey>,
    /// PrK.CH.AUT.E256.
    pub(crate) signature: Option<PrivateKey>,
    /// PIN.CH.
    pub(crate) pin: Option<Pin>,
    /// Identifier of PuK.RCA.CS.E256, the root that the card trusts.
    pub(crate) trusted_root: Option<Vec<u8>>,
}

/// What a reset ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Volatile {
    folder: usize,
    file: Option<usize>,
    /// Response data that GET RESPONSE fetches.
    waiting: Vec<u8>,
    chosen: Chosen,
    pace: Option<Pace>,
    channel: Option<SecureMessaging>,
    /// The command being executed came over the channel.
    protected: bool,
    /// References of the PIN that it was proven for.
    proven: Vec<u8>,
    travel: Progress,
}

const VERIFY: u8 = 0x20;
const MANAGE_SECURITY_ENVIRONMENT: u8 = 0x22;
const CHANGE_REFERENCE_DATA: u8 = 0x24;
const PERFORM_SECURITY_OPERATION: u8 = 0x2A;
const RESET_RETRY_COUNTER: u8 = 0x2C;
const GET_CHALLENGE: u8 = 0x84;
const GENERAL_AUTHENTICATE: u8 = 0x86;
const INTERNAL_AUTHENTICATE: u8 = 0x88;
const SELECT: u8 = 0xA4;
const READ_BINARY: u8 = 0xB0;
const READ_RECORD: u8 = 0xB2;
const GET_RESPONSE: u8 = 0xC0;
/// With CLA 80.
const GET_PIN_STATUS: u8 = 0x20;
/// With CLA 80.
const GET_RANDOM: u8 = 0x84;
/// With CLA 80.
const LIST_PUBLIC_KEY: u8 = 0xCA;

/// The bits of CLA that say: secure messaging, the header is authentic, too.
const PROTECTED: u8 = 0x0C;

/// The longest response data that vpcd carries: its length field counts the status word, too.
const MAX_RESPONSE: usize = 65_533;

/// The answer to reset of a contactless card as readers make it (PC/SC part 3, 3.1.3.2.3).
pub(crate) const CONTACTLESS_ATR: [u8; 10] = [0x3B, 0x85, 0x80, 0x01, 0x30, 0x01, 0x01, 0x30, 0x10, 0x14];

/// Response data (empty on most errors) and status word.
type Answer = (Vec<u8>, u16);

impl Card {
    /// A card with these folders, the root first, that is read by its contacts.
    #[must_use]
    pub fn new(answer_to_reset: AnswerToReset, folders: Vec<Folder>) -> Self {
        Self {
            answer_to_reset,
            interface: Interface::Contact,
            folders,
            secrets: Secrets::default(),
            options: Options::default(),
            chip: None,
            entropy: Entropy::new(&[]),
            failures: 0,
            pause: Duration::ZERO,
            volatile: Volatile::default(),
        }
    }

    /// The same card with other options.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// The same card read in another way; it answers to reset accordingly, if it does at all.
    #[must_use]
    pub fn over(mut self, interface: Interface) -> Self {
        let health_card = self.chip.is_none();
        if health_card
            && interface == Interface::Contactless
            && self.answer_to_reset != AnswerToReset::Silence
        {
            self.answer_to_reset = AnswerToReset::Bytes(CONTACTLESS_ATR.to_vec());
        }
        self.interface = interface;
        self
    }

    /// The same card with other random numbers: nonces, challenges and ephemeral keys come from `seed`, the
    /// same in every run.
    #[must_use]
    pub fn seeded(mut self, seed: &str) -> Self {
        self.entropy = Entropy::new(seed.as_bytes());
        self
    }

    pub(crate) fn with_secrets(mut self, secrets: Secrets) -> Self {
        self.secrets = secrets;
        self
    }

    pub(crate) fn with_chip(mut self, chip: Chip, interface: Interface) -> Self {
        self.chip = Some(Arc::new(chip));
        self.interface = interface;
        self
    }

    /// How long the card thought about the last command, beyond what faults say.
    pub(crate) fn take_pause(&mut self) -> Duration {
        std::mem::take(&mut self.pause)
    }

    /// What it says when powered.
    #[must_use]
    pub fn answer_to_reset(&self) -> &AnswerToReset {
        &self.answer_to_reset
    }

    /// How it is read.
    #[must_use]
    pub fn interface(&self) -> Interface {
        self.interface
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

    /// Whether a channel of secure messaging is open.
    #[must_use]
    pub fn has_channel(&self) -> bool {
        self.volatile.channel.is_some()
    }

    /// Power-up or reset: the root is selected, all else forgotten; the PIN's counters stay.
    pub fn reset(&mut self) {
        self.volatile = Volatile::default();
    }

    /// Forgets the channel, as after an error in it.
    pub(crate) fn end_channel(&mut self) {
        self.volatile.channel = None;
    }

    /// The response APDU to a command APDU; `None` from a card that doesn't answer.
    pub fn execute(&mut self, apdu: &[u8]) -> Option<Vec<u8>> {
        if self.options.mute {
            return None;
        }
        let (mut response, status) = match Command::parse(apdu) {
            None => self.refuse(sw::WRONG_LENGTH),
            Some(command) if command.extended && self.options.short_only => self.refuse(sw::WRONG_LENGTH),
            Some(command) if command.cla & PROTECTED == PROTECTED => self.execute_protected(&command),
            Some(command) => {
                // A command in the clear ends the channel (gemSpec_COS, 13.1).
                self.end_channel();
                self.dispatch(&command)
            }
        };
        response.extend_from_slice(&status.to_be_bytes());
        Some(response)
    }

    /// An unprotected refusal, which ends the channel.
    fn refuse(&mut self, word: u16) -> Answer {
        self.end_channel();
        status(word)
    }

    /// Takes the protection off, executes, and protects the answer; any error in the protection ends the
    /// channel and is answered in the clear.
    fn execute_protected(&mut self, command: &Command<'_>) -> Answer {
        let Some(mut channel) = self.volatile.channel.take() else { return status(sw::PROTECTION_WRONG) };
        let unprotected = match channel.unprotect(command) {
            Ok(unprotected) => unprotected,
            Err(refusal) => return status(refusal),
        };
        let inner = unprotected.command();
        let room = command.ne.map_or(0, |ne| ne.bytes).min(MAX_RESPONSE);
        self.volatile.protected = true;
        self.volatile.travel.room = Some(channel.capacity(room));
        let (data, word) = self.dispatch(&inner);
        self.volatile.protected = false;
        self.volatile.travel.room = None;
        if word != sw::OK && self.chip.as_ref().is_some_and(|chip| chip.quirks.loses_channel_on_error) {
            return status(word);
        }
        // File control parameters are authentic only, everything else is secret, too.
        let protected = channel.protect(&data, word, inner.ins == SELECT);
        if protected.len() > room {
            return status(sw::WRONG_LENGTH);
        }
        // PACE inside the channel has opened the next one by now.
        self.volatile.channel.get_or_insert(channel);
        (protected, word)
    }

    fn dispatch(&mut self, command: &Command<'_>) -> Answer {
        if (command.cla, command.ins) != (0, GET_RESPONSE) {
            self.volatile.waiting.clear();
        }
        if command.ins != GENERAL_AUTHENTICATE {
            self.volatile.pace = None;
        }
        if let Some(chip) = self.chip.clone() {
            return self.dispatch_travel(&chip, command);
        }
        match (command.cla, command.ins) {
            (0x00, VERIFY) => self.verify(command),
            (0x00, MANAGE_SECURITY_ENVIRONMENT) => self.manage_security_environment(command),
            (0x00, CHANGE_REFERENCE_DATA) => self.change_reference_data(command),
            (0x00, PERFORM_SECURITY_OPERATION) => self.compute_digital_signature(command),
            (0x00, RESET_RETRY_COUNTER) => self.reset_retry_counter(command),
            (0x00, GET_CHALLENGE) => self.get_challenge(command),
            (0x00 | 0x10, GENERAL_AUTHENTICATE) => self.general_authenticate(command),
            (0x00, INTERNAL_AUTHENTICATE) => self.internal_authenticate(command),
            (0x00, SELECT) => self.select(command),
            (0x00, READ_BINARY) => self.read_binary(command),
            (0x00, READ_RECORD) => self.read_record(command),
            (0x00, GET_RESPONSE) if self.options.get_response => self.get_response(command),
            (0x80, GET_PIN_STATUS) => self.get_pin_status(command),
            (0x80, GET_RANDOM) => self.get_random(command),
            (0x80, LIST_PUBLIC_KEY) => self.list_public_key(command),
            (0x00 | 0x80, _) => status(sw::NO_INSTRUCTION),
            _ => status(sw::NO_CLASS),
        }
    }

    fn files(&self) -> &[File] {
        self.folders.get(self.volatile.folder).map_or(&[], |folder| &folder.files)
    }

    fn current(&self) -> Option<&File> {
        self.files().get(self.volatile.file?)
    }

    fn in_folder(&self, aid: &[u8]) -> bool {
        self.folders.get(self.volatile.folder).is_some_and(|folder| folder.aid == aid)
    }
}

impl std::str::FromStr for Interface {
    type Err = NoInterface;

    fn from_str(text: &str) -> Result<Self, NoInterface> {
        match text {
            "contact" => Ok(Self::Contact),
            "contactless" => Ok(Self::Contactless),
            _ => Err(NoInterface),
        }
    }
}

/// The text isn't an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a card is read over contact or contactless")]
pub struct NoInterface;

fn status(word: u16) -> Answer {
    (Vec::new(), word)
}

#[cfg(test)]
mod tests;
