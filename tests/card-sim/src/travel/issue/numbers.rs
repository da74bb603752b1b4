//! Document numbers, as the issuing states form them. They follow from the holder; nobody else has them.

use openssl::sha::sha256;

use super::{document::Kind, state::State};

/// Letters and digits of German numbers.
const GERMAN: &[u8] = b"0123456789CFGHJKLMNPRTVWXYZ";
/// With what passports begin.
const PASSPORTS: &[u8] = b"CFGHJK";
/// With what cards begin.
const CARDS: &[u8] = b"LMNPRTVWXY";
/// With what provisional documents begin.
const PROVISIONAL: &[u8] = b"ABCDEFGH";
/// Digits alone.
const DIGITS: &[u8] = b"0123456789";

/// The number of the holder's document.
pub(crate) fn number(kind: Kind, state: State, holder: &str) -> String {
    let random = sha256(format!("{kind:?} {} {holder}", state.code()).as_bytes());
    let from = |alphabet: &[u8], place: usize| {
        let random = random.get(place).copied().map_or(0, usize::from);
        alphabet.get(random % alphabet.len()).copied().map_or('0', char::from)
    };
    let digits = |count: usize| (1..=count).map(|place| from(DIGITS, place)).collect::<String>();
    match (state, kind) {
        (State::Germany, Kind::Passport | Kind::RefugeeDocument) => german(from(PASSPORTS, 0), from),
        (State::Germany, Kind::IdCard | Kind::ResidencePermit | Kind::UnionCard) => {
            german(from(CARDS, 0), from)
        }
        (_, Kind::ProvisionalIdCard | Kind::ProvisionalPassport) => {
            format!("{}{}", from(PROVISIONAL, 0), digits(7))
        }
        // Longer than its field.
        (State::Belgium, Kind::IdCard) => digits(12),
        (State::Ukraine, Kind::IdCard) | (State::UnitedStates, _) => digits(9),
        (State::Austria, _) => format!("U{}", digits(7)),
        (State::Netherlands, _) => format!("NX{}", digits(7)),
        (State::Switzerland, _) => format!("X{}", digits(7)),
        _ => format!("{}{}", from(PASSPORTS, 0), digits(8)),
    }
}

fn german(first: char, from: impl Fn(&[u8], usize) -> char) -> String {
    (1..9)
        .map(|place| from(GERMAN, place))
        .fold(first.to_string(), |number, letter| number + &letter.to_string())
}
