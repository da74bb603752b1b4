//! Targets of Basic Access Control, PACE and chip authentication in `smartcard`, on the worked examples of ICAO Doc
//! 9303-11: with the terminal's random numbers fixed, nobody but who gives the printed answers gets through.

use crate::air::next_answer;
use smartcard::pace::{PacePassword, establish, parse_card_access};
use smartcard::security_infos::{SECURITY_INFOS_MAX, SecurityInfos};
use smartcard::tlv::{self, Tag};
use smartcard::{
    CardChannel, ChannelError, CommandApdu, Entropy, ExtendedLength, NoEntropy, ResponseApdu, bac,
    key_agreement,
};

/// A run of PACE: Appendix G.1, G.2, H.1, H.2 and I.
struct Example {
    /// The arc of the mapping, and the parameter id.
    protocol: [u8; 2],
    password: fn() -> PacePassword,
    /// What the terminal drew.
    drawn: [&'static str; 2],
    /// The card's answers, behind a byte.
    answers: &'static [u8],
}

const EXAMPLES: [Example; 5] = [
    Example {
        protocol: [2, 13],
        password: || mrz(b"T22000129364081251010318"),
        drawn: [
            "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99",
            "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595",
        ],
        answers: include_bytes!("../corpus/pace_mappings/ecdh_generic"),
    },
    Example {
        protocol: [1, 0],
        password: || mrz(b"T22000129364081251010318"),
        drawn: ["5265030F751F4AD18B08AC565FC7AC952E41618D", "89CCD99B0E8D3B1F11E1296DCA68EC53411CF2CA"],
        answers: include_bytes!("../corpus/pace_mappings/dh_generic"),
    },
    Example {
        protocol: [4, 13],
        password: can,
        drawn: [
            "5DD4CBFC96F5453B130D890A1CDBAE32",
            "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595",
        ],
        answers: include_bytes!("../corpus/pace_mappings/ecdh_integrated"),
    },
    Example {
        protocol: [3, 0],
        password: can,
        // The private key modulo the order of the subgroup.
        drawn: ["B3A6DB3C870C3E99245E0D1C06B747DE", "89CCD99B0E8D3B1F11E1296DCA68EC53411CF2CA"],
        answers: include_bytes!("../corpus/pace_mappings/dh_integrated"),
    },
    Example {
        protocol: [6, 13],
        password: || mrz(b"C11T002JM496081222310314"),
        drawn: [
            "5D8BB87BD74D985A4B7D4325B9F7B976FE835122773400798914AA22738135CC",
            "76ECFDAA9841C323A3F5FC5E88B88DB3EFF7E35EBF57A7E6946CB630006C2120",
        ],
        answers: include_bytes!("../corpus/pace_mappings/chip_authentication"),
    },
];

fn mrz(information: &[u8]) -> PacePassword {
    PacePassword::Mrz(information.to_vec().into())
}

fn can() -> PacePassword {
    PacePassword::Can(b"123456".to_vec().into())
}

/// A key of the chip, over brainpoolP256r1: that of Appendix I.
const CHIP_KEY: &[u8] = include_bytes!("../corpus/key_agreement/named_curve");

/// PACE with any mapping: the first byte chooses the example, then come the card's answers, each behind two bytes
/// of length.
pub fn pace_mappings(data: &[u8]) -> bool {
    let Some((choice, answers)) = data.split_first() else { return false };
    let Some(example) = EXAMPLES.get(usize::from(*choice) % EXAMPLES.len()) else { return false };
    let [mapping, parameter_id] = example.protocol;
    let card_access = [
        0x31,
        0x14,
        0x30,
        0x12,
        0x06,
        0x0A,
        0x04,
        0x00,
        0x7F,
        0x00,
        0x07,
        0x02,
        0x02,
        0x04,
        mapping,
        0x02,
        0x02,
        0x01,
        0x02,
        0x02,
        0x01,
        parameter_id,
    ];
    let Ok(info) = parse_card_access(&card_access) else { return false };
    let mut entropy = Printed(example.drawn.iter());
    let made = establish(&mut Answers(answers), &info, &(example.password)(), &mut entropy);
    let Ok(made) = made else { return false };
    let printed = example.answers.get(1..).unwrap_or_default();
    if asks_again(answers) {
        return true;
    }
    assert_eq!(essence(answers), essence(printed), "a card without the keys was let through");
    assert_eq!(made.chip_authentication_mapping.is_some(), mapping == 6);
    if let Some(mapping) = made.chip_authentication_mapping {
        let honest = chip_data(answers) == chip_data(printed);
        assert_eq!(mapping.proves(CHIP_KEY), honest, "a chip has proven another's key");
    }
    true
}

/// Whether an answer only has the command sent again, or the rest of it fetched (61xx, 6Cxx): then the answers that count stand at
/// other places than the printed ones.
fn asks_again(mut answers: &[u8]) -> bool {
    std::iter::from_fn(|| next_answer(&mut answers)).any(|(_, answer)| matches!(answer, [.., 0x61 | 0x6C, _]))
}

/// The answers' nonce, keys and token, whatever stands around them.
fn essence(mut answers: &[u8]) -> Vec<Option<Vec<u8>>> {
    let mut values = Vec::new();
    for tag in [None, Some(0x80), Some(0x82), Some(0x84), Some(0x86)] {
        let answer = next_answer(&mut answers).map(|(_, answer)| answer).unwrap_or_default();
        let value = tag.and_then(|tag| object(answer, tag));
        values.push(value.filter(|value| !value.is_empty()));
    }
    values
}

fn chip_data(mut answers: &[u8]) -> Option<Vec<u8>> {
    let last = std::iter::from_fn(|| next_answer(&mut answers)).nth(4);
    last.and_then(|(_, answer)| object(answer, 0x8A))
}

fn object(answer: &[u8], tag: u32) -> Option<Vec<u8>> {
    tlv::find(answer, &[Tag(0x7C), Tag(tag)]).ok().flatten().map(|object| object.value().to_vec())
}

/// Basic Access Control: Appendix D.3. The card's two answers, each behind two bytes of length.
pub fn bac(data: &[u8]) -> bool {
    const PRINTED: &[u8] = include_bytes!("../corpus/bac/worked_example");
    const DRAWN: [&str; 2] = ["781723860C06C226", "0B795240CB7049B01C19B33E32804F0B"];
    let mut entropy = Printed(DRAWN.iter());
    let made = bac::establish(&mut Answers(data), b"L898902C<369080619406236", &mut entropy);
    if asks_again(data) {
        return made.is_ok();
    }
    let mut given = data;
    let mut printed = PRINTED;
    for _ in 0..2 {
        let answers =
            [&mut given, &mut printed].map(|answers| next_answer(answers).map(|(_, answer)| answer));
        assert!(made.is_err() || answers[0] == answers[1], "a card without the keys was let through");
    }
    made.is_ok()
}

/// `SecurityInfos`: data group 14 and EF.CardAccess.
pub fn security_infos(data: &[u8]) -> bool {
    let Ok(infos) = SecurityInfos::parse(data) else { return false };
    let (pace, chip) = (infos.pace(), infos.chip_authentication());
    assert!(pace.len() + chip.len() <= SECURITY_INFOS_MAX);
    assert!(pace.windows(2).all(|pair| pair[0] >= pair[1]), "the best comes first");
    assert!(chip.windows(2).all(|pair| pair[0].cipher >= pair[1].cipher), "the longest key comes first");
    !pace.is_empty() || !chip.is_empty()
}

/// Key agreement with a chip's key.
pub fn key_agreement(data: &[u8]) -> bool {
    let Ok(made) = key_agreement::agree(data, &mut Fixed) else { return false };
    assert!(!made.secret.is_empty() && made.public_key.len() >= made.secret.len());
    true
}

/// A card that gives these answers.
struct Answers<'a>(&'a [u8]);

impl CardChannel for Answers<'_> {
    fn transmit(&mut self, _command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let (_, answer) = next_answer(&mut self.0).ok_or(ChannelError::CardRemoved)?;
        ResponseApdu::decode(answer).map_err(|_| ChannelError::Malformed)
    }

    fn extended_length(&self) -> ExtendedLength {
        ExtendedLength::Yes
    }
}

/// Random numbers as they were printed, and then no more.
struct Printed<'a>(std::slice::Iter<'a, &'static str>);

impl Entropy for Printed<'_> {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        let digits = self.0.next().filter(|digits| digits.len() == 2 * bytes.len()).ok_or(NoEntropy)?;
        for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().as_chunks::<2>().0) {
            let pair = std::str::from_utf8(pair).map_err(|_| NoEntropy)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NoEntropy)?;
        }
        Ok(())
    }
}

/// The same byte for ever, and a first one that is in range.
struct Fixed;

impl Entropy for Fixed {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        bytes.fill(0x1D);
        Ok(())
    }
}
