//! A recording run through the product: PACE with the recorded keys, then every command through its secure channel.

use anyhow::{Context, Result, anyhow, bail, ensure};
use smartcard::{
    CardChannel, ChannelError, CommandApdu, Entropy, ExtendedLength, NoEntropy, ResponseApdu, SecureChannel,
    pace::{self, PaceInfo, PacePassword},
};
use zeroize::Zeroizing;

use crate::{
    messaging::Messaging,
    recording::{Exchange, PrivateKey, Recording},
    report::{Report, Row},
    terminal,
    vsd::Files,
};

/// MSE SET AT: the first command of PACE.
const SET_AUTHENTICATION_TEMPLATE: [u8; 4] = [0x00, 0x22, 0xC1, 0xA4];
const INS_SELECT: u8 = 0xA4;
const INS_READ_BINARY: u8 = 0xB0;

/// Replays a recording.
#[must_use]
pub fn replay(recording: &Recording) -> Report {
    let mut card = RecordedCard::new(recording);
    let mut files = Files::default();
    let outcome = run(recording, &mut card, &mut files).and_then(|plain_headers| {
        let left = recording.exchanges.len() - card.rows.len();
        ensure!(left == 0, "{left} recorded exchanges were never sent");
        Ok((plain_headers, files.parse()?))
    });
    let RecordedCard { mut rows, difference, .. } = card;
    let (notes, error) = match outcome {
        Ok((plain_headers, notes)) => {
            let protected = rows.len() - plain_headers.len();
            for (row, header) in rows.iter_mut().skip(protected).zip(plain_headers) {
                row.plain_header = Some(header);
            }
            (notes, None)
        }
        Err(error) => (Vec::new(), Some(error)),
    };
    // A wrong byte is the reason for whatever came of it.
    Report { rows, notes, difference: difference.map(|it| anyhow!(it)).or(error) }
}

/// Drives the product along the recording; returns the headers of the commands within secure messaging.
fn run(recording: &Recording, card: &mut RecordedCard<'_>, files: &mut Files) -> Result<Vec<[u8; 4]>> {
    let pace = recording.exchanges.iter().position(|it| it.command.starts_with(&SET_AUTHENTICATION_TEMPLATE));
    let (before, from_pace) = recording.exchanges.split_at(pace.unwrap_or(recording.exchanges.len()));
    let mut info = None;
    for exchange in before {
        let command = CommandApdu::decode(&exchange.command)?;
        // Whatever else comes before PACE would be sent as recorded, and prove nothing.
        let in_clear = matches!(command.header(), [0x00, INS_SELECT | INS_READ_BINARY, ..]);
        ensure!(in_clear, "only SELECT and READ BINARY are replayed before PACE");
        let response = card.transmit(&command)?;
        info = info.or_else(|| pace::parse_card_access(&response.data).ok());
        files.note(&command, &response);
    }
    if from_pace.is_empty() {
        return Ok(Vec::new());
    }
    let (run, protected) =
        from_pace.split_first_chunk().context("the recording ends in the middle of PACE")?;
    let info = info.context("EF.CardAccess wasn't read before PACE")?;
    let (messaging, mut check) = agree(recording, run, &info, card)?;
    let mut channel = SecureChannel::new(card, messaging);
    let mut plain_headers = Vec::new();
    for exchange in protected {
        let command = check.command(&exchange.command).context("the recorded command")?;
        let expected = check.response(&exchange.response).context("the recorded answer")?;
        let apdu = command.apdu()?;
        let response = channel.transmit(&apdu)?;
        ensure!(
            response.status.0 == expected.status && *response.data == expected.data,
            "the secure channel gives another answer than the recorded one holds"
        );
        plain_headers.push(command.header);
        files.note(&apdu, &response);
    }
    Ok(plain_headers)
}

/// PACE by the product, and the same session computed apart from it.
fn agree(
    recording: &Recording,
    run: &[Exchange; terminal::COMMANDS],
    info: &PaceInfo,
    card: &mut RecordedCard<'_>,
) -> Result<(smartcard::SecureMessaging, Messaging)> {
    let [mapping, agreement] = recording.keys.as_slice() else { bail!("two ephemeral keys are needed") };
    let keys = [mapping.clone(), agreement.clone()];
    let check = terminal::session_keys(&recording.can, &keys, run).context("the recording of PACE")?;
    let password = PacePassword::Can(Zeroizing::new(recording.can.as_bytes().to_vec()));
    let messaging = pace::establish(card, info, &password, &mut RecordedKeys(keys.into_iter()))?.messaging;
    Ok((messaging, Messaging::new(check)))
}

/// Gives the recorded private keys, in the order in which they are drawn.
struct RecordedKeys(std::array::IntoIter<PrivateKey, 2>);

impl Entropy for RecordedKeys {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        let key = self.0.next().filter(|key| key.len() == bytes.len()).ok_or(NoEntropy)?;
        bytes.copy_from_slice(&*key);
        Ok(())
    }
}

/// A card that answers as recorded as long as every byte sent is the recorded one; then it is mute.
struct RecordedCard<'a> {
    extended_length: bool,
    exchanges: &'a [Exchange],
    rows: Vec<Row>,
    difference: Option<String>,
}

impl<'a> RecordedCard<'a> {
    fn new(recording: &'a Recording) -> Self {
        Self {
            extended_length: recording.extended_length,
            exchanges: &recording.exchanges,
            rows: Vec::new(),
            difference: None,
        }
    }

    fn differs(&mut self, how: String) -> ChannelError {
        self.difference.get_or_insert(how);
        ChannelError::CardMute
    }
}

impl CardChannel for RecordedCard<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let sent = command.encode(command.shortest_form());
        let Some(exchange) = self.exchanges.get(self.rows.len()).filter(|_| self.difference.is_none()) else {
            return Err(self.differs("a command was sent after the last recorded one".to_owned()));
        };
        if let Some(how) = difference(&sent, &exchange.command) {
            return Err(self.differs(how));
        }
        let response = ResponseApdu::decode(&exchange.response).map_err(|_| ChannelError::Malformed)?;
        self.rows.push(Row {
            header: command.header(),
            plain_header: None,
            sent: sent.len(),
            answered: Some(exchange.response.len()),
            status: Some(response.status.0),
        });
        Ok(response)
    }

    fn extended_length(&self) -> ExtendedLength {
        if self.extended_length { ExtendedLength::Yes } else { ExtendedLength::No }
    }
}

/// Where `sent` differs from `recorded`: the byte's place and both headers, for data may be personal.
fn difference(sent: &[u8], recorded: &[u8]) -> Option<String> {
    if sent == recorded {
        return None;
    }
    let at = sent.iter().zip(recorded).take_while(|(sent, recorded)| sent == recorded).count();
    let header = |bytes: &[u8]| hex::encode_upper(bytes.get(..4).unwrap_or(bytes));
    Some(format!(
        "byte {} is wrong: sent {} ({} bytes), recorded {} ({} bytes)",
        at + 1,
        header(sent),
        sent.len(),
        header(recorded),
        recorded.len()
    ))
}
