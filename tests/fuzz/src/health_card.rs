//! Targets of `egk`.

use egk::{Iccsn, InsuranceData, ObjectSystem, PersonalData, StatusVd};
use smartcard::{CardChannel, ChannelError, CommandApdu, ResponseApdu};

/// Most APDUs of a reading of which the card never asks for GET RESPONSE or another Le: opening, three small
/// files, 32 pieces of either large one, one refused extended length, and naming another card. One repeat
/// each is on top.
const APDUS_MAX: usize = 2 * (4 + 3 + 2 * 32 + 1 + 5);

/// EF.Version2.
pub fn version2(data: &[u8]) -> bool {
    matches!(ObjectSystem::parse(data), Ok(Some(_)))
}

/// EF.GDO: a number has twenty digits, and nothing shows them by accident.
pub fn gdo(data: &[u8]) -> bool {
    let Ok(iccsn) = Iccsn::parse_gdo(data) else { return false };
    assert!(iccsn.as_str().len() == 20 && iccsn.as_str().bytes().all(|digit| digit.is_ascii_digit()));
    assert!(!format!("{iccsn:?}").contains(iccsn.tail(6)));
    true
}

/// EF.StatusVD.
pub fn status_vd(data: &[u8]) -> bool {
    StatusVd::parse(data).is_ok()
}

/// EF.PD as a whole.
pub fn vsd_personal_data(data: &[u8]) -> bool {
    PersonalData::parse(data).is_ok_and(|person| holds(&person))
}

/// The document in EF.PD.
pub fn vsd_personal_xml(data: &[u8]) -> bool {
    PersonalData::parse_xml(data).is_ok_and(|person| holds(&person))
}

fn holds(person: &PersonalData) -> bool {
    let name = &person.name;
    for text in [&name.given_names, &name.family_name] {
        assert!((1..=45).contains(&text.chars().count()) && !text.chars().any(char::is_control));
    }
    for text in [&name.title, &name.name_suffix, &name.name_prefix].into_iter().flatten() {
        assert!((1..=20).contains(&text.chars().count()) && !text.chars().any(char::is_control));
    }
    assert!(person.birth_date.month().is_some() || person.birth_date.day().is_none());
    assert_eq!(person.birth_date.to_iso().len(), "1931-00-00".len());
    assert!(!format!("{person:?}").contains(person.kvnr.as_str()));
    true
}

/// EF.VD as a whole.
pub fn vsd_insurance_data(data: &[u8]) -> bool {
    InsuranceData::parse(data).is_ok()
}

/// The document in the first part of EF.VD.
pub fn vsd_insurance_xml(data: &[u8]) -> bool {
    let Ok(insurance) = InsuranceData::parse_xml(data) else { return false };
    for insurer in [Some(&insurance.insurer), insurance.billing_insurer.as_ref()].into_iter().flatten() {
        assert!((1..=45).contains(&insurer.name.chars().count()));
        assert_eq!(insurer.ik.to_string().len(), 9);
    }
    true
}

/// A whole reading: the first byte says whether the channel supports extended length, then come the card's
/// answers, each behind two bytes of length. At their end the card is pulled.
pub fn health_card(data: &[u8]) -> bool {
    let Some((flags, answers)) = data.split_first() else { return false };
    let mut card = Script { extended_length: flags & 1 == 1, answers, transmitted: 0, follow_ups: 0 };
    let reading = egk::read(&mut card, &mut |_| {});
    assert!(card.transmitted <= APDUS_MAX + card.follow_ups);
    reading.is_ok_and(|reading| holds(&reading.person))
}

/// A card that gives prepared answers.
struct Script<'a> {
    extended_length: bool,
    answers: &'a [u8],
    transmitted: usize,
    follow_ups: usize,
}

impl CardChannel for Script<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        assert!(matches!(command.ins(), 0xA4 | 0xB0 | 0xC0), "reading selects and reads, nothing else");
        assert!(self.extended_length || command.ne() <= 256);
        self.transmitted += 1;
        self.follow_ups += usize::from(command.ins() == 0xC0);
        let (length, rest) = self.answers.split_first_chunk::<2>().ok_or(ChannelError::CardRemoved)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (answer, rest) = rest.split_at_checked(length).ok_or(ChannelError::CardRemoved)?;
        self.answers = rest;
        ResponseApdu::decode(answer).map_err(|_| ChannelError::Malformed)
    }

    fn supports_extended_length(&self) -> bool {
        self.extended_length
    }
}
