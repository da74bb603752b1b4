use super::*;
use crate::status::StatusWord;

fn session_at(counter: u128) -> SecureMessaging {
    let mut messaging = SecureMessaging::from_keys(&[1; 16], &[2; 16]).unwrap();
    messaging.session.as_mut().unwrap().counter = counter;
    messaging
}

#[test]
fn the_counter_never_starts_again_at_zero() {
    let command = CommandApdu::select_file(0xD001);
    let mut at_command = session_at(u128::MAX);
    for _ in 0..2 {
        let used_up = at_command.protect(&command, ExtendedLength::No);
        assert_eq!(used_up, Err(ChannelError::SessionUsedUp));
    }
    let mut at_answer = session_at(u128::MAX - 1);
    at_answer.protect(&command, ExtendedLength::No).unwrap();
    let answer = ResponseApdu::new(&[0x99, 0x02, 0x90, 0x00], StatusWord::OK);
    for _ in 0..2 {
        assert_eq!(at_answer.unprotect(&answer), Err(ChannelError::SessionUsedUp));
    }
}

#[test]
fn the_counter_of_3des_has_eight_bytes() {
    let session = |counter| SecureMessaging::derive_at(SessionCipher::TripleDes, &[1; 16], counter);
    let command = CommandApdu::select_file(0x011E);
    let used_up = session(u64::MAX).protect(&command, ExtendedLength::No);
    assert_eq!(used_up, Err(ChannelError::SessionUsedUp));
    session(u64::MAX - 1).protect(&command, ExtendedLength::No).unwrap();
}

#[test]
fn a_session_that_is_over_has_no_keys_left() {
    let mut messaging = session_at(0);
    messaging.unprotect(&ResponseApdu::new(&[], StatusWord::OK)).unwrap_err();
    assert!(messaging.session.is_err());
}
