//! Reads the travel document in the first reader with the library `dmrtd`: opens it, reads DG1, EF.SOD and DG2, and prints
//! how many bytes the picture has. What it is compared with proves the document, too.

use std::env;

use anyhow::{Context, Result, bail};
use chrono::NaiveDate;
use dmrtd::{
    com::{TransceiveError, Transceiver},
    passport::Passport,
    proto::dba_key::DBAKey,
};

const USAGE: &str = "dmrtd-reader bac|pace NUMBER BIRTH EXPIRY (dates as YYMMDD)";

/// A card in a reader.
struct Reader(pcsc::Card, Vec<u8>);

impl Transceiver for Reader {
    fn transceive(&mut self, apdu: &[u8]) -> Result<Vec<u8>, TransceiveError> {
        let Self(card, buffer) = self;
        let answer = card.transmit(apdu, buffer).map_err(|error| TransceiveError::new(error.to_string()))?;
        Ok(answer.to_vec())
    }
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (protocol, number, birth, expiry) = match &arguments[..] {
        [help] if help == "--help" => {
            println!("{USAGE}");
            return Ok(());
        }
        [protocol, number, birth, expiry] => (protocol, number, birth, expiry),
        _ => bail!(USAGE),
    };
    let pace = protocol == "pace";
    let key = DBAKey::new(number.as_str(), date(birth)?, date(expiry)?, pace)?;
    let mut passport = Passport::new(reader()?);
    if pace {
        let card_access = passport.read_ef_card_access()?;
        passport.start_session_pace(key, &card_access)?;
    } else {
        passport.start_session(key)?;
    }
    passport.read_ef_dg1()?;
    passport.read_ef_sod()?;
    let face = passport.read_ef_dg2()?;
    println!("{}", face.image_data.context("DG2 holds no picture")?.len());
    Ok(())
}

fn reader() -> Result<Reader> {
    let context = pcsc::Context::establish(pcsc::Scope::User)?;
    let readers = context.list_readers_owned()?;
    let first = readers.first().context("no reader")?;
    let card = context.connect(first, pcsc::ShareMode::Shared, pcsc::Protocols::ANY)?;
    Ok(Reader(card, vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED]))
}

/// A date of the zone; the century doesn't go into the key.
fn date(text: &str) -> Result<NaiveDate> {
    NaiveDate::parse_from_str(&format!("20{text}"), "%Y%m%d").context(USAGE)
}
