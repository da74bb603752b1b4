//! The whole reading in `egk`.

use crate::air::{CAN, CardEnd, PACE_ANSWERS, RecordedKeys, next_answer};
use crate::files::holds;
use egk::{Authenticity, Can, Check, Progress, Request, TrustStore, Verdict};
use jiff::civil::{Date, date};
use smartcard::{CardChannel, ChannelError, CommandApdu, ExtendedLength, ResponseApdu};
use std::sync::LazyLock;

/// The day on which the certificates among the seeds are valid.
const TODAY: Date = date(2026, 11, 22);

/// The root of the simulated cards, which a workshop build trusts.
const TEST_ROOT: &[u8] = include_bytes!("../corpus/trust_file/birds-root.cvc");

/// The authority of the simulated cardholders' certificates.
const TEST_AUTHORITY: &[u8] = include_bytes!("../corpus/trust_file/birds-egk-ca.pem");

/// Production's roots and these two.
static TRUST: LazyLock<TrustStore> = LazyLock::new(|| {
    let mut trust = TrustStore::production();
    for file in [TEST_ROOT, TEST_AUTHORITY] {
        // A build for workstations refuses the root, and proves no chip below it.
        trust.add(file).ok();
    }
    trust
});

/// Whom the certificates among the seeds are for.
const KVNR: &str = "A123456780";
const ICCSN: &str = "80276883110000000001";

/// Most APDUs of a reading, GET RESPONSE apart. Once: opening (4), naming another card (5), and twice, for a channel that
/// breaks: PACE and the root (6), EF.GDO, EF.CardAccess (4), the chip with two certificates (38), the application, EF.StatusVD
/// twice, EF.PD and EF.VD twice in 32 pieces, DF.ESIGN and two certificates (37). Each may be sent again with another Le, and again
/// in the short form.
const APDUS_MAX: usize = 4 * (4 + 5 + 2 * (6 + 4 + 38 + 1 + 2 + 2 * 2 * 32 + 37));

const INS_MANAGE_SECURITY_ENVIRONMENT: u8 = 0x22;
const INS_GENERAL_AUTHENTICATE: u8 = 0x86;
const INS_INTERNAL_AUTHENTICATE: u8 = 0x88;
const INS_SELECT: u8 = 0xA4;
const INS_READ_BINARY: u8 = 0xB0;
const INS_GET_RESPONSE: u8 = 0xC0;
const CLA_SECURE: u8 = 0x0C;

/// A whole reading. The first byte says how: bits 1 and 2 what is known of extended length, bit 3 over the air, bit 4 with
/// the proofs. Then come the card's answers, each behind two bytes of length; at their end the card is pulled.
///
/// Over the air PACE is answered as recorded, and what follows is protected by the session's keys, unless the highest bit
/// of its length says that it goes out as it is.
pub fn health_card(data: &[u8]) -> bool {
    let Some((flags, answers)) = data.split_first() else { return false };
    let extended_length = match flags & 3 {
        0 => ExtendedLength::No,
        1 => ExtendedLength::Yes,
        _ => ExtendedLength::Untried,
    };
    let (over_the_air, proofs) = (flags & 4 != 0, flags & 8 != 0);
    let mut card = Script {
        extended_length,
        over_the_air,
        proofs,
        answers,
        transmitted: 0,
        follow_ups: 0,
        pace: &[],
        channel: None,
    };

    let can = if over_the_air { Can::parse(CAN) } else { None };
    let check = proofs.then_some(Check { trust: &TRUST, today: TODAY });
    let mut told = Vec::new();
    let mut tell = |part: Progress<'_>| {
        let part = kind(&part);
        assert!(!told.contains(&part), "a part was told twice");
        told.push(part);
    };
    let request = Request { can: can.as_ref(), check, ..Request::default() };
    let reading = egk::read(&mut card, &request, &mut RecordedKeys::default(), &mut tell);

    assert!(card.transmitted <= APDUS_MAX + card.follow_ups);
    let Ok(reading) = reading else { return false };
    assert_eq!(reading.secure_messaging, over_the_air);
    // Nobody but the two authorities signs; they have signed for one person's cards among the seeds.
    let Authenticity { chip, certificate } = reading.authenticity;
    assert!(chip != Verdict::Valid || reading.iccsn.as_str() == ICCSN, "another card was proven");
    assert!(
        certificate != Verdict::Valid || reading.person.kvnr.as_str() == KVNR,
        "another person was proven"
    );
    holds(&reading.person)
}

/// Which part it is.
fn kind(part: &Progress<'_>) -> u8 {
    match part {
        Progress::Version(_) => 1,
        Progress::CardNumber(_) => 2,
        Progress::Chip(_) => 3,
        Progress::Status(_) => 4,
        Progress::Person(_) => 5,
        Progress::Insurance(_) => 6,
        Progress::Certificate(_) => 7,
    }
}

/// A card that gives prepared answers.
struct Script<'a> {
    extended_length: ExtendedLength,
    over_the_air: bool,
    proofs: bool,
    answers: &'a [u8],
    transmitted: usize,
    follow_ups: usize,
    /// What is left of the recorded answers of PACE.
    pace: &'static [u8],
    channel: Option<CardEnd>,
}

impl Script<'_> {
    fn watch(&mut self, command: &CommandApdu) {
        self.transmitted += 1;
        self.follow_ups += usize::from(command.ins() == INS_GET_RESPONSE);
        let allowed = match command.ins() {
            INS_SELECT | INS_READ_BINARY | INS_GET_RESPONSE => true,
            INS_MANAGE_SECURITY_ENVIRONMENT => self.over_the_air || self.proofs,
            INS_GENERAL_AUTHENTICATE => self.over_the_air,
            INS_INTERNAL_AUTHENTICATE => self.proofs,
            _ => false,
        };
        assert!(allowed, "{command:?} has no place in a reading");
        let short = self.extended_length == ExtendedLength::No;
        assert!(!short || (command.ne() <= 256 && command.data().len() <= 255));
    }

    fn is_protected(command: &CommandApdu) -> bool {
        command.cla() & CLA_SECURE == CLA_SECURE
    }
}

impl CardChannel for Script<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.watch(command);
        let answer = if Self::is_protected(command) {
            let (raw, answer) = next_answer(&mut self.answers).ok_or(ChannelError::CardRemoved)?;
            let channel = self.channel.as_mut().ok_or(ChannelError::CardMute)?;
            if raw {
                channel.count();
                Some(answer.to_vec())
            } else {
                channel.protect(answer)
            }
        } else if self.over_the_air
            && matches!(command.ins(), INS_MANAGE_SECURITY_ENVIRONMENT | INS_GENERAL_AUTHENTICATE)
        {
            if command.ins() == INS_MANAGE_SECURITY_ENVIRONMENT {
                self.pace = PACE_ANSWERS;
                self.channel = Some(CardEnd::default());
            }
            next_answer(&mut self.pace).map(|(_, answer)| answer.to_vec())
        } else {
            let (_, answer) = next_answer(&mut self.answers).ok_or(ChannelError::CardRemoved)?;
            let opens = command.ins() == INS_SELECT || command.ins() == INS_GET_RESPONSE;
            assert!(
                opens || self.channel.is_none(),
                "{command:?} was sent in the clear once the channel was open"
            );
            if command.ins() == INS_SELECT {
                self.channel = None;
            }
            Some(answer.to_vec())
        };
        ResponseApdu::decode(&answer.unwrap_or_default()).map_err(|_| ChannelError::Malformed)
    }

    fn extended_length(&self) -> ExtendedLength {
        self.extended_length
    }

    fn learn_extended_length(&mut self, works: bool) {
        self.extended_length = if works { ExtendedLength::Yes } else { ExtendedLength::No };
    }
}
