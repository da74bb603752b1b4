//! A chip without secure messaging: files of one folder, and what chips get wrong.

use crate::session::Session;
use smartcard::tlv::{self, Tag};
use smartcard::{
    Capacity, CardChannel, ChannelError, CommandApdu, Entropy, ExtendedLength, LengthForm, NoEntropy,
    ResponseApdu, SecureMessaging, StatusWord, discretionary_bytes,
};

const INS_SELECT: u8 = 0xA4;
const INS_READ_BINARY: u8 = 0xB0;
const INS_READ_BINARY_ODD: u8 = 0xB1;

type Answer = Option<Result<ResponseApdu, ChannelError>>;
type Hook<'a> = Box<dyn FnMut(usize, &CommandApdu) -> Answer + 'a>;

pub(crate) struct TestChip<'a> {
    files: Vec<(u16, Vec<u8>)>,
    /// The current file.
    current: Option<u16>,
    /// What answers before the chip does: the number of a command, from 0, and the command.
    hook: Hook<'a>,
    /// Most bytes of an answer under protection.
    pub(crate) capacity: usize,
    pub(crate) extended: ExtendedLength,
    /// In hexadecimal.
    pub(crate) commands: Vec<String>,
    /// What extended length was found to do.
    pub(crate) learnt: Vec<bool>,
    /// The keys of chip authentication, and what the chip has instead.
    pub(crate) restarted: Option<SecureMessaging>,
    pub(crate) own_keys: Option<SecureMessaging>,
}

impl<'a> TestChip<'a> {
    pub(crate) fn new(files: &[(u16, &[u8])]) -> Self {
        Self {
            files: files.iter().map(|(fid, contents)| (*fid, contents.to_vec())).collect(),
            current: None,
            hook: Box::new(|_, _| None),
            capacity: 256,
            extended: ExtendedLength::No,
            commands: Vec::new(),
            learnt: Vec::new(),
            restarted: None,
            own_keys: None,
        }
    }

    /// The same with something that answers in its place, sometimes.
    pub(crate) fn with(self, hook: impl FnMut(usize, &CommandApdu) -> Answer + 'a) -> Self {
        Self { hook: Box::new(hook), ..self }
    }

    fn file(&self, matches: impl Fn(u16) -> bool) -> Option<(u16, &[u8])> {
        let found = self.files.iter().find(|(fid, _)| matches(*fid));
        found.map(|(fid, contents)| (*fid, contents.as_slice()))
    }

    fn select(&mut self, command: &CommandApdu) -> StatusWord {
        let fid = u16::from_be_bytes(command.data().try_into().unwrap());
        self.current = self.file(|other| other == fid).map(|(fid, _)| fid);
        if self.current.is_some() { StatusWord::OK } else { StatusWord::NOT_FOUND }
    }

    fn read_binary(&mut self, command: &CommandApdu) -> ResponseApdu {
        let [_, _, p1, p2] = command.header();
        let (found, offset) = if p1 & 0x80 == 0 {
            let Some(current) = self.current else { return status(StatusWord::NO_CURRENT_FILE) };
            (self.file(|fid| fid == current), usize::from(p1) << 8 | usize::from(p2))
        } else {
            (self.file(|fid| fid & 0x1F == u16::from(p1 & 0x1F)), usize::from(p2))
        };
        let Some((fid, contents)) = found else { return status(StatusWord::NOT_FOUND) };
        let answer = match contents.get(offset..) {
            None | Some([]) => status(StatusWord::WRONG_P1_P2),
            Some(rest) => data(&rest[..rest.len().min(command.ne())]),
        };
        self.current = Some(fid);
        answer
    }
}

impl TestChip<'_> {
    fn read_binary_odd(&self, command: &CommandApdu) -> ResponseApdu {
        assert_eq!((command.p1(), command.p2(), command.data()[0]), (0, 0, 0x54));
        let offset = command.data()[2..].iter().fold(0, |offset, byte| offset << 8 | usize::from(*byte));
        let (_, contents) = self.file(|fid| Some(fid) == self.current).unwrap();
        let rest = &contents[offset..];
        let fits = |bytes: &usize| discretionary_bytes(*bytes) <= command.ne();
        let mut answer = Vec::new();
        tlv::write(&mut answer, Tag(0x53), &rest[..(0..=rest.len()).rev().find(fits).unwrap()]);
        data(&answer)
    }
}

impl CardChannel for TestChip<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let number = self.commands.len();
        self.commands.push(hex::encode_upper(command.encode(LengthForm::Short)));
        if let (Some(ours), Some(theirs)) = (&mut self.restarted, &mut self.own_keys) {
            let protect = |keys: &mut SecureMessaging| {
                keys.protect(command, ExtendedLength::No).unwrap().encode(LengthForm::Short)
            };
            if protect(ours) != protect(theirs) {
                return Err(ChannelError::Unprotected(StatusWord::SM_OBJECT_INCORRECT));
            }
            (self.restarted, self.own_keys) = (None, None);
        }
        if let Some(answer) = (self.hook)(number, command) {
            return answer;
        }
        Ok(match command.ins() {
            INS_SELECT => status(self.select(command)),
            INS_READ_BINARY => self.read_binary(command),
            INS_READ_BINARY_ODD => self.read_binary_odd(command),
            _ => status(StatusWord::INS_NOT_SUPPORTED),
        })
    }

    fn extended_length(&self) -> ExtendedLength {
        self.extended
    }

    fn capacity(&self) -> Capacity {
        match self.extended {
            ExtendedLength::Yes => Capacity::EXTENDED,
            ExtendedLength::No | ExtendedLength::Untried => Capacity { nc: 255, ne: self.capacity },
        }
    }

    fn learn_extended_length(&mut self, works: bool) {
        self.learnt.push(works);
        self.extended = if works { ExtendedLength::Yes } else { ExtendedLength::No };
    }
}

impl Session for TestChip<'_> {
    fn restart(&mut self, messaging: SecureMessaging) {
        self.restarted = Some(messaging);
    }
}

pub(crate) fn status(status: StatusWord) -> ResponseApdu {
    ResponseApdu::new(&[], status)
}

pub(crate) fn data(data: &[u8]) -> ResponseApdu {
    ResponseApdu::new(data, StatusWord::OK)
}

/// A data object with this tag of so many bytes, header included: 0, 1, 2 …
pub(crate) fn object(tag: u8, bytes: usize) -> Vec<u8> {
    let header = if bytes < 0x1_0000 { 4 } else { 5 };
    let [.., upper, high, low] = (bytes - header).to_be_bytes();
    let mut object = if header == 4 { vec![tag, 0x82, high, low] } else { vec![tag, 0x83, upper, high, low] };
    object.extend((0..=u8::MAX).cycle().take(bytes - header));
    object
}

/// The bytes 1, 2, 3 … over and over.
pub(crate) struct CountingEntropy;

impl Entropy for CountingEntropy {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        bytes.iter_mut().zip((1..=u8::MAX).cycle()).for_each(|(byte, count)| *byte = count);
        Ok(())
    }
}

/// None at all.
pub(crate) struct EmptyEntropy;

impl Entropy for EmptyEntropy {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), NoEntropy> {
        Err(NoEntropy)
    }
}
