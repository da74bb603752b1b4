//! Targets of `smartcard`.

use smartcard::tlv::{DEPTH_MAX, OBJECTS_MAX, Reader};
use smartcard::transcript::{Replay, Transcript};
use smartcard::{CardChannel, CommandApdu, LengthForm, ResponseApdu};

/// BER-TLV: values lie inside their objects, objects inside the input, one behind the other, to the deepest
/// level.
pub fn tlv(data: &[u8]) -> bool {
    walk(Reader::new(data), data, 1)
}

fn walk(level: Reader<'_>, input: &[u8], depth: usize) -> bool {
    let (mut bytes, mut objects, mut whole) = (0, 0, true);
    for object in level {
        let Ok(object) = object else { return false };
        assert!(object.encoded().ends_with(object.value()));
        bytes += object.encoded().len();
        objects += 1;
        if object.tag().is_constructed() {
            whole &= walk(object.children(), object.value(), depth + 1);
        }
    }
    assert!(bytes <= input.len() && objects <= OBJECTS_MAX && (objects == 0 || depth <= DEPTH_MAX));
    whole
}

/// Command APDU: what decodes encodes to the same bytes in one of the two forms, and to the same command in
/// both.
pub fn command_apdu(data: &[u8]) -> bool {
    let Ok(command) = CommandApdu::decode(data) else { return false };
    let forms = [LengthForm::Short, LengthForm::Extended].map(|form| command.encode(form));
    assert!(forms.iter().any(|bytes| bytes.as_slice() == data));
    assert!(forms.iter().all(|bytes| CommandApdu::decode(bytes).as_ref() == Ok(&command)));
    true
}

/// Response APDU: what decodes encodes to the same bytes.
pub fn response_apdu(data: &[u8]) -> bool {
    let Ok(response) = ResponseApdu::decode(data) else { return false };
    assert_eq!(response.encode().as_slice(), data);
    let kinds = [response.status.is_ok(), response.status.is_warning(), response.status.is_error()];
    assert!(kinds.iter().filter(|kind| **kind).count() <= 1);
    true
}

/// Transcript: a replay answers nothing that wasn't asked for as recorded.
pub fn transcript(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let Ok(transcript) = Transcript::parse(text) else { return false };
    let exchanges = transcript.len();
    let Ok(mut replay) = Replay::new(transcript) else { return false };
    let never_recorded = CommandApdu::new(0xFF, 0xFF, 0xFF, 0xFF).with_ne(77);
    assert!(replay.transmit(&never_recorded).is_err());
    assert!(replay.finish().is_err());
    exchanges > 0
}
