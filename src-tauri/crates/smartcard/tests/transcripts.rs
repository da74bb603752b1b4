//! Recording hides what it must; a replay answers only what was recorded.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use smartcard::transcript::{Disclosure, Divergence, Recorder, Replay, Transcript, TranscriptError};
use smartcard::{
    CardChannel, ChannelError, CommandApdu, ExtendedLength, PinEntry, ResponseApdu, Sensitivity, Sfi,
    StatusWord,
};

/// Answers every command with its own data reversed, and is pulled at the fifth.
#[derive(Default)]
struct Mirror {
    commands: usize,
}

impl CardChannel for Mirror {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.commands += 1;
        if self.commands == 5 {
            return Err(ChannelError::CardRemoved);
        }
        let data: Vec<u8> = command.data().iter().rev().copied().collect();
        Ok(ResponseApdu::new(&data, StatusWord::OK))
    }
}

fn conversation() -> Vec<CommandApdu> {
    let update = CommandApdu::new(0x00, 0xD6, 0x00, 0x00).with_data(b"Amsel").unwrap();
    vec![
        CommandApdu::select_application(&[0xD2, 0x76, 0x00, 0x00, 0x01, 0x02]),
        CommandApdu::read_binary_sfi(Sfi::new(1), 0, 256),
        update.with_sensitivity(Sensitivity::Personal),
        CommandApdu::new(0x00, 0x20, 0x00, 0x02).with_data(b"\x26\x12\x34\x56").unwrap(),
        CommandApdu::select_file(0xD001),
    ]
}

fn record(disclosure: Disclosure) -> String {
    let mut recorder = Recorder::new(Mirror::default(), Vec::new(), disclosure);
    for command in conversation() {
        let _outcome = recorder.transmit(&command);
    }
    let (_, bytes) = recorder.finish().unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn by_default_personal_and_secret_bytes_are_hidden() {
    assert_eq!(Disclosure::default(), Disclosure::Redacted);
    assert_eq!(
        record(Disclosure::Redacted),
        r#"{"transcript":"iso7816","version":1,"extended_length":"no"}
{"command":{"header":"00A4040C","data":"D27600000102","ne":0},"response":{"data":"0201000076D2","status":"9000"}}
{"command":{"header":"00B08100","data":"","ne":256},"response":{"data":"","status":"9000"}}
{"command":{"header":"00D60000","data":"*5","ne":0},"response":{"data":"*5","status":"9000"}}
{"command":{"header":"00200002","data":"*","ne":0},"response":{"data":"*","status":"9000"}}
{"command":{"header":"00A4020C","data":"D001","ne":0},"failure":"card_removed"}
"#
    );
}

#[test]
fn developers_can_record_everything_and_replay_it_failure_included() {
    let transcript = Transcript::parse(&record(Disclosure::Everything)).unwrap();
    assert_eq!(transcript.len(), 5);
    let mut replay = Replay::new(transcript).unwrap();
    let mut card = Mirror::default();
    for command in conversation() {
        assert_eq!(replay.transmit(&command), card.transmit(&command));
    }
    assert_eq!(replay.finish(), Ok(()));
}

#[test]
fn a_transcript_with_hidden_answers_cannot_be_replayed() {
    let transcript = Transcript::parse(&record(Disclosure::Redacted)).unwrap();
    assert_eq!(Replay::new(transcript).err(), Some(TranscriptError::Hidden(2)));
}

#[test]
fn a_replay_is_mute_from_the_first_command_that_differs_and_names_it() {
    let mut replay = Replay::new(Transcript::parse(&record(Disclosure::Everything)).unwrap()).unwrap();
    let [select, read, update, ..] = &conversation()[..] else { panic!("five commands") };
    replay.transmit(select).unwrap();
    let other_ne = read.clone().with_ne(255);
    assert_eq!(replay.transmit(&other_ne), Err(ChannelError::CardMute));
    assert_eq!(replay.transmit(update), Err(ChannelError::CardMute));
    let divergence = replay.finish().unwrap_err();
    let header = [0x00, 0xB0, 0x81, 0x00];
    assert_eq!(divergence, Divergence::Command { index: 1, recorded: header, sent: header });
    assert_eq!(divergence.to_string(), "command 1 (00B08100) has other data or another Ne than recorded");
}

#[test]
fn a_replay_tells_the_headers_of_the_recorded_and_of_the_other_command() {
    let mut replay = Replay::new(Transcript::parse(&record(Disclosure::Everything)).unwrap()).unwrap();
    replay.transmit(&conversation()[0]).unwrap();
    let other_file = CommandApdu::read_binary_sfi(Sfi::new(2), 0, 256);
    assert_eq!(replay.transmit(&other_file), Err(ChannelError::CardMute));
    assert_eq!(replay.finish().unwrap_err().to_string(), "command 1 is 00B08200, recorded was 00B08100");
}

#[test]
fn a_replay_names_commands_beyond_the_end_and_those_never_sent() {
    let text = record(Disclosure::Everything);
    let header = text.lines().next().unwrap();
    let mut empty = Replay::new(Transcript::parse(header).unwrap()).unwrap();
    assert_eq!(empty.transmit(&CommandApdu::select_file(0xD001)), Err(ChannelError::CardMute));
    assert_eq!(empty.finish(), Err(Divergence::Surplus { index: 0, sent: [0x00, 0xA4, 0x02, 0x0C] }));

    let untouched = Replay::new(Transcript::parse(&text).unwrap()).unwrap();
    assert_eq!(untouched.finish(), Err(Divergence::Unsent { index: 0 }));
}

#[test]
fn text_that_is_no_transcript_is_refused_with_its_line() {
    let header = r#"{"transcript":"iso7816","version":1,"extended_length":"no"}"#;
    let parse = |text: &str| Transcript::parse(text).err();
    assert_eq!(parse(""), Some(TranscriptError::Header));
    assert_eq!(
        parse(r#"{"transcript":"other","version":1,"extended_length":"no"}"#),
        Some(TranscriptError::Header)
    );
    assert_eq!(parse(&header.replace('1', "2")), Some(TranscriptError::Header));
    assert_eq!(parse(&header.replace(":1,", ":2,")), Some(TranscriptError::Version(2)));
    let command = r#""command":{"header":"00A4040C","data":"","ne":0}"#;
    for bad in [
        format!("{{{command}}}"),
        format!(r#"{{{command},"response":{{"data":"0","status":"9000"}}}}"#),
        format!(r#"{{{command},"response":{{"data":"","status":"90"}}}}"#),
        format!(r#"{{{command},"response":{{"data":"","status":"9000"}},"failure":"card_mute"}}"#),
        format!(r#"{{{command},"response":{{"data":"*x","status":"9000"}}}}"#),
        format!("{{{command},{}}}", " ".repeat(smartcard::transcript::LINE_BYTES_MAX)),
    ] {
        assert_eq!(parse(&format!("{header}\n\n{bad}")), Some(TranscriptError::Line(3)), "{bad:.200}");
    }
}

#[test]
fn a_transcript_has_a_limit() {
    let text = record(Disclosure::Redacted);
    let (header, exchange) = (text.lines().next().unwrap(), text.lines().nth(1).unwrap());
    let long =
        format!("{header}\n{}", format!("{exchange}\n").repeat(smartcard::transcript::EXCHANGES_MAX + 1));
    assert_eq!(Transcript::parse(&long).err(), Some(TranscriptError::TooLong));
}

#[test]
fn a_pin_typed_at_the_reader_is_recorded_as_its_command_and_can_be_replayed() {
    struct Pad;
    impl CardChannel for Pad {
        fn transmit(&mut self, _: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
            Err(ChannelError::CardMute)
        }
        fn extended_length(&self) -> ExtendedLength {
            ExtendedLength::Untried
        }
        fn verify_pin_at_reader(&mut self, _: &PinEntry) -> Result<ResponseApdu, ChannelError> {
            Ok(ResponseApdu::new(&[], StatusWord(0x63C2)))
        }
    }
    let empty_block = [0x20, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    let template = CommandApdu::new(0x00, 0x20, 0x00, 0x02).with_data(&empty_block).unwrap();
    let entry = PinEntry { template, digits_min: 6, digits_max: 8 };
    let mut recorder = Recorder::new(Pad, Vec::new(), Disclosure::Everything);
    let answer = recorder.verify_pin_at_reader(&entry);
    let (_, bytes) = recorder.finish().unwrap();
    let mut replay = Replay::new(Transcript::parse(&String::from_utf8(bytes).unwrap()).unwrap()).unwrap();
    assert_eq!(replay.extended_length(), ExtendedLength::Untried);
    assert_eq!(replay.verify_pin_at_reader(&entry), answer);
    assert_eq!(replay.finish(), Ok(()));
}

#[test]
fn trouble_with_writing_never_disturbs_the_conversation() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut recorder = Recorder::new(Mirror::default(), Full, Disclosure::Redacted);
    assert!(recorder.transmit(&conversation()[0]).is_ok());
    assert_eq!(recorder.finish().err().map(|error| error.kind()), Some(std::io::ErrorKind::StorageFull));
}
