//! Status words (ISO/IEC 7816-4): what the last two bytes of every answer say.

use std::fmt;

/// The two status bytes SW1 SW2 of a response APDU.
#[derive(Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct StatusWord(pub u16);

impl StatusWord {
    /// `9000`: done.
    pub const OK: Self = Self(0x9000);
    /// `6281`: part of the returned data may be corrupted.
    pub const DATA_CORRUPTED: Self = Self(0x6281);
    /// `6282`: the end of the file came before Ne bytes; the returned data is good.
    pub const END_OF_FILE: Self = Self(0x6282);
    /// `6283`: the selected file or application is deactivated.
    pub const DEACTIVATED: Self = Self(0x6283);
    /// `6285`: the selected file is terminated.
    pub const TERMINATED: Self = Self(0x6285);
    /// `6300`: no information given; with GENERAL AUTHENTICATE the authentication failed.
    pub const AUTHENTICATION_FAILED: Self = Self(0x6300);
    /// `6400`: execution error, memory unchanged.
    pub const EXECUTION_ERROR: Self = Self(0x6400);
    /// `6581`: memory failure.
    pub const MEMORY_FAILURE: Self = Self(0x6581);
    /// `6700`: wrong length.
    pub const WRONG_LENGTH: Self = Self(0x6700);
    /// `6881`: logical channel not supported.
    pub const CHANNEL_NOT_SUPPORTED: Self = Self(0x6881);
    /// `6882`: secure messaging not supported.
    pub const SECURE_MESSAGING_NOT_SUPPORTED: Self = Self(0x6882);
    /// `6883`: the last command of a chain was expected.
    pub const LAST_COMMAND_EXPECTED: Self = Self(0x6883);
    /// `6884`: command chaining not supported.
    pub const CHAINING_NOT_SUPPORTED: Self = Self(0x6884);
    /// `6982`: security status not satisfied.
    pub const SECURITY_STATUS_NOT_SATISFIED: Self = Self(0x6982);
    /// `6983`: authentication method blocked.
    pub const BLOCKED: Self = Self(0x6983);
    /// `6984`: reference data not usable.
    pub const REFERENCE_DATA_NOT_USABLE: Self = Self(0x6984);
    /// `6985`: conditions of use not satisfied.
    pub const CONDITIONS_NOT_SATISFIED: Self = Self(0x6985);
    /// `6986`: command not allowed, no current elementary file.
    pub const NO_CURRENT_FILE: Self = Self(0x6986);
    /// `6987`: an expected secure messaging data object is missing.
    pub const SM_OBJECT_MISSING: Self = Self(0x6987);
    /// `6988`: a secure messaging data object is incorrect.
    pub const SM_OBJECT_INCORRECT: Self = Self(0x6988);
    /// `6A80`: incorrect parameters in the command data field.
    pub const INCORRECT_DATA: Self = Self(0x6A80);
    /// `6A81`: function not supported.
    pub const FUNCTION_NOT_SUPPORTED: Self = Self(0x6A81);
    /// `6A82`: file or application not found.
    pub const NOT_FOUND: Self = Self(0x6A82);
    /// `6A83`: record not found.
    pub const RECORD_NOT_FOUND: Self = Self(0x6A83);
    /// `6A86`: incorrect parameters P1-P2.
    pub const INCORRECT_P1_P2: Self = Self(0x6A86);
    /// `6A88`: referenced data (a key, a password) not found.
    pub const REFERENCE_NOT_FOUND: Self = Self(0x6A88);
    /// `6B00`: wrong parameters P1-P2; with READ BINARY the offset is behind the end of the file.
    pub const WRONG_P1_P2: Self = Self(0x6B00);
    /// `6D00`: instruction not supported.
    pub const INS_NOT_SUPPORTED: Self = Self(0x6D00);
    /// `6E00`: class not supported.
    pub const CLA_NOT_SUPPORTED: Self = Self(0x6E00);
    /// `6F00`: no precise diagnosis.
    pub const NO_DIAGNOSIS: Self = Self(0x6F00);

    /// The first status byte.
    pub const fn sw1(self) -> u8 {
        self.0.to_be_bytes()[0]
    }

    /// The second status byte.
    pub const fn sw2(self) -> u8 {
        self.0.to_be_bytes()[1]
    }

    /// Whether the command was done without a word of warning (`9000`).
    pub const fn is_ok(self) -> bool {
        self.0 == Self::OK.0
    }

    /// Whether the command was done and the card adds a warning (`62xx`, `63xx`): its data counts.
    pub const fn is_warning(self) -> bool {
        matches!(self.sw1(), 0x62 | 0x63)
    }

    /// Whether the card refused or failed (`64xx` to `6Fxx`, `61xx` and `6Cxx` excepted).
    pub const fn is_error(self) -> bool {
        !self.is_ok() && !self.is_warning() && !matches!(self.sw1(), 0x61 | 0x6C)
    }

    /// `61xx`: how many bytes wait for GET RESPONSE, 256 for `6100` (at least so many).
    pub const fn bytes_available(self) -> Option<usize> {
        if self.sw1() == 0x61 { Some(length_of(self.sw2())) } else { None }
    }

    /// `6Cxx`: the Ne with which the card wants the command again, 256 for `6C00`.
    pub const fn correct_ne(self) -> Option<usize> {
        if self.sw1() == 0x6C { Some(length_of(self.sw2())) } else { None }
    }

    /// `63Cx`: how many tries are left.
    pub const fn tries_left(self) -> Option<u8> {
        if self.0 & 0xFFF0 == 0x63C0 { Some(self.sw2() & 0x0F) } else { None }
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::OK => "done",
            Self::DATA_CORRUPTED => "returned data may be corrupted",
            Self::END_OF_FILE => "end of file reached",
            Self::DEACTIVATED => "file or application deactivated",
            Self::TERMINATED => "file terminated",
            Self::AUTHENTICATION_FAILED => "authentication failed",
            Self::EXECUTION_ERROR => "execution error",
            Self::MEMORY_FAILURE => "memory failure",
            Self::WRONG_LENGTH => "wrong length",
            Self::CHANNEL_NOT_SUPPORTED => "logical channel not supported",
            Self::SECURE_MESSAGING_NOT_SUPPORTED => "secure messaging not supported",
            Self::LAST_COMMAND_EXPECTED => "last command of the chain expected",
            Self::CHAINING_NOT_SUPPORTED => "command chaining not supported",
            Self::SECURITY_STATUS_NOT_SATISFIED => "security status not satisfied",
            Self::BLOCKED => "authentication method blocked",
            Self::REFERENCE_DATA_NOT_USABLE => "reference data not usable",
            Self::CONDITIONS_NOT_SATISFIED => "conditions of use not satisfied",
            Self::NO_CURRENT_FILE => "no current file",
            Self::SM_OBJECT_MISSING => "secure messaging object missing",
            Self::SM_OBJECT_INCORRECT => "secure messaging object incorrect",
            Self::INCORRECT_DATA => "incorrect command data",
            Self::FUNCTION_NOT_SUPPORTED => "function not supported",
            Self::NOT_FOUND => "file or application not found",
            Self::RECORD_NOT_FOUND => "record not found",
            Self::INCORRECT_P1_P2 => "incorrect P1-P2",
            Self::REFERENCE_NOT_FOUND => "referenced data not found",
            Self::WRONG_P1_P2 => "wrong P1-P2 or offset",
            Self::INS_NOT_SUPPORTED => "instruction not supported",
            Self::CLA_NOT_SUPPORTED => "class not supported",
            Self::NO_DIAGNOSIS => "no precise diagnosis",
            _ if self.tries_left().is_some() => "tries left",
            _ if self.bytes_available().is_some() => "more bytes available",
            _ if self.correct_ne().is_some() => "wrong expected length",
            _ => "unknown",
        }
    }
}

/// Le and SW2 code 256 as 00.
const fn length_of(byte: u8) -> usize {
    if byte == 0 { 256 } else { byte as usize }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X} ({})", self.0, self.meaning())
    }
}

impl fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_word_is_shown_with_its_meaning() {
        assert_eq!(StatusWord::NOT_FOUND.to_string(), "6A82 (file or application not found)");
        assert_eq!(StatusWord(0x63C2).to_string(), "63C2 (tries left)");
        assert_eq!(StatusWord(0x6201).to_string(), "6201 (unknown)");
    }

    #[test]
    fn every_status_word_is_exactly_one_of_done_warning_error_or_asks_for_a_follow_up() {
        for word in 0x6100..=0x9FFF_u16 {
            let status = StatusWord(word);
            let follow_up = status.bytes_available().is_some() || status.correct_ne().is_some();
            let kinds = [status.is_ok(), status.is_warning(), status.is_error(), follow_up];
            assert_eq!(kinds.iter().filter(|kind| **kind).count(), 1, "{status}");
        }
    }

    #[test]
    fn lengths_and_tries_are_taken_from_the_second_byte() {
        assert_eq!(StatusWord(0x6110).bytes_available(), Some(16));
        assert_eq!(StatusWord(0x6100).bytes_available(), Some(256));
        assert_eq!(StatusWord(0x6C05).correct_ne(), Some(5));
        assert_eq!(StatusWord(0x63C0).tries_left(), Some(0));
        assert_eq!(StatusWord::AUTHENTICATION_FAILED.tries_left(), None);
    }
}
