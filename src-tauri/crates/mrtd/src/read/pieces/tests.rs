use super::*;
use crate::data_group::DataGroup;
use crate::test_chip::{TestChip, data, object, status};
use smartcard::{
    ChannelError, Entropy, ExtendedLength, LengthForm, NoEntropy, SecureChannel, Sensitivity, Sfi, bac,
};
use std::cell::Cell;

const FACE: MrtdFile = MrtdFile::DataGroup(DataGroup::Face);
const FACE_FID: u16 = 0x0102;

fn read(pieces: &mut Pieces, chip: &mut TestChip<'_>) -> Result<Vec<u8>, MrtdError> {
    pieces.read(chip, FACE, &mut |_, _| {}).map(|contents| contents.to_vec())
}

/// Reads a face of so many bytes from a chip that answers so.
fn read_face(
    bytes: usize,
    hook: impl FnMut(usize, &CommandApdu) -> Option<Result<ResponseApdu, ChannelError>>,
) -> (Result<Vec<u8>, MrtdError>, Vec<String>) {
    let face = object(0x75, bytes);
    let files = [(FACE_FID, face.as_slice())];
    let mut chip = TestChip::new(&files).with(hook);
    let outcome = read(&mut Pieces::default(), &mut chip);
    if let Ok(contents) = &outcome {
        assert_eq!(*contents, face);
    }
    (outcome, chip.commands)
}

#[test]
fn the_first_piece_comes_by_the_short_identifier_and_nothing_behind_the_end_is_asked_for() {
    let (outcome, commands) = read_face(600, |_, _| None);
    outcome.unwrap();
    assert_eq!(commands, ["00B0820000", "00B0010000", "00B0020058"]);
}

#[test]
fn what_stands_behind_the_object_in_its_file_is_dropped() {
    let file = [object(0x75, 100), vec![0xAB; 50]].concat();
    let mut chip = TestChip::new(&[(FACE_FID, file.as_slice())]);
    assert_eq!(read(&mut Pieces::default(), &mut chip).unwrap(), object(0x75, 100));
}

// What is left for data in a short protected answer: 231 bytes with 3DES, 223 with AES.
#[test]
fn pieces_are_as_long_as_the_protected_answer_allows() {
    let face = object(0x75, 500);
    for (capacity, commands) in
        [(231, ["00B08200E7", "00B000E7E7", "00B001CE26"]), (223, ["00B08200DF", "00B000DFDF", "00B001BE36"])]
    {
        let mut chip = TestChip::new(&[(FACE_FID, face.as_slice())]);
        chip.capacity = capacity;
        assert_eq!(read(&mut Pieces::default(), &mut chip).unwrap(), face);
        assert_eq!(chip.commands, commands);
    }
}

#[test]
fn a_refused_first_piece_is_followed_by_the_header_and_the_chip_is_remembered_for_that() {
    for refusal in [0x6700, 0x6B00, 0x6282, 0x9000, 0x6A86, 0x6981] {
        let face = object(0x75, 300);
        let infos = object(0x6E, 20);
        let files = [(FACE_FID, face.as_slice()), (0x010E, infos.as_slice())];
        let mut chip = TestChip::new(&files)
            .with(|_, command| (command.p1() & 0x80 != 0).then(|| Ok(status(StatusWord(refusal)))));
        let mut pieces = Pieces::default();
        assert_eq!(read(&mut pieces, &mut chip).unwrap(), face, "{refusal:04X}");
        let group = MrtdFile::DataGroup(DataGroup::SecurityInfos);
        assert_eq!(pieces.read(&mut chip, group, &mut |_, _| {}).unwrap().as_slice(), infos);
        let expected = [
            "00B0820000",
            "00A4020C020102",
            "00B0000004",
            "00B0000400",
            "00B0010428",
            "00A4020C02010E",
            "00B0000004",
            "00B0000410",
        ];
        assert_eq!(chip.commands, expected, "{refusal:04X}");
    }
}

#[test]
fn refused_pieces_become_shorter_and_stay_so() {
    for refusal in [0x6700, 0x6B00, 0x6282] {
        let (outcome, commands) = read_face(600, |number, command| {
            (number > 0 && command.ne() > 150).then(|| Ok(status(StatusWord(refusal))))
        });
        outcome.unwrap();
        assert_eq!(
            commands,
            ["00B0820000", "00B0010000", "00B00100C0", "00B0010080", "00B0018080", "00B0020058"]
        );
    }
}

#[test]
fn a_chip_that_refuses_the_shortest_piece_is_left_with_what_it_said() {
    let (outcome, commands) =
        read_face(600, |number, _| (number > 0).then(|| Ok(status(StatusWord::WRONG_LENGTH))));
    assert_eq!(outcome, Err(MrtdError::FileRefused { file: FACE, status: StatusWord::WRONG_LENGTH }));
    assert_eq!(commands.len(), 5);
}

#[test]
fn a_wrong_le_is_corrected_and_not_asked_for_again() {
    let (outcome, commands) =
        read_face(700, |_, command| (command.ne() > 0xE7).then(|| Ok(status(StatusWord(0x6CE7)))));
    outcome.unwrap();
    assert_eq!(commands, ["00B0820000", "00B08200E7", "00B000E7E7", "00B001CEE7", "00B002B507"]);
}

#[test]
fn a_chip_that_gives_less_than_asked_for_is_asked_for_that() {
    let face = object(0x75, 600);
    let (outcome, commands) = read_face(600, |number, _| (number == 1).then(|| Ok(data(&face[256..356]))));
    outcome.unwrap();
    assert_eq!(commands, ["00B0820000", "00B0010000", "00B0016464", "00B001C864", "00B0022C2C"]);
}

#[test]
fn a_file_that_nobody_may_read_or_that_isnt_there_costs_one_command() {
    for refusal in [StatusWord::SECURITY_STATUS_NOT_SATISFIED, StatusWord::NOT_FOUND] {
        let (outcome, commands) = read_face(600, |_, _| Some(Ok(status(refusal))));
        assert_eq!(outcome, Err(MrtdError::FileRefused { file: FACE, status: refusal }));
        assert_eq!(commands.len(), 1);
    }
}

#[test]
fn a_chip_that_gives_crumbs_is_left_after_the_limit() {
    let face = object(0x75, 6400);
    let (outcome, commands) = read_face(6400, |_, command| {
        let [_, _, p1, p2] = command.header();
        let at = if p1 & 0x80 == 0 { usize::from(p1) << 8 | usize::from(p2) } else { 0 };
        Some(Ok(data(&face[at..=at])))
    });
    assert_eq!(outcome, Err(MrtdError::Malformed { file: FACE, problem: Problem::Endless }));
    assert_eq!(commands.len(), 6400 / 64 + READS_EXTRA);
}

#[test]
fn a_file_that_ends_before_its_header_says_has_no_end() {
    let file = [0x75, 0x82, 0x10, 0x00, 1, 2, 3];
    let mut chip = TestChip::new(&[(FACE_FID, file.as_slice())]);
    let outcome = read(&mut Pieces::default(), &mut chip);
    assert_eq!(outcome, Err(MrtdError::Malformed { file: FACE, problem: Problem::Endless }));
    assert!(chip.commands.len() < 8);
}

#[test]
fn a_header_that_isnt_the_files_own_or_names_too_much_ends_the_reading() {
    for (file, problem) in [
        (&[0x61, 0x03, 1, 2, 3][..], Problem::Header),
        (&[0x75, 0x80, 1, 2, 0, 0], Problem::Header),
        (&[0x75, 0x84, 0, 0, 0, 1, 7], Problem::Header),
        (&[0x75, 0x83, 0x7F, 0xFF, 0xFF, 7], Problem::TooLarge),
        (&[0x75, 0x83, 0x04, 0xFF, 0xFC, 7], Problem::TooLarge),
        (&[0x75], Problem::Endless),
        (&[0x75, 0x82, 0x01], Problem::Endless),
    ] {
        let mut chip = TestChip::new(&[(FACE_FID, file)]);
        let outcome = read(&mut Pieces::default(), &mut chip);
        assert_eq!(outcome, Err(MrtdError::Malformed { file: FACE, problem }), "{file:02X?}");
    }
}

// ICAO Doc 9303-10, 3.6.3.2.
#[test]
fn beyond_an_offset_of_15_bits_the_odd_instruction_reads_on() {
    let face = object(0x75, 0x1_0000 + 300);
    let mut chip = TestChip::new(&[(FACE_FID, face.as_slice())]);
    chip.capacity = 223;
    assert_eq!(read(&mut Pieces::default(), &mut chip).unwrap(), face);
    // The last one before the boundary ends at it; a piece is what its answer leaves beside tag and length.
    let expected = ["00B07F2ED2", "00B100000454028000DF", "00B1000004540280DCDF"];
    assert_eq!(chip.commands[146..149], expected);
    // 33,068 bytes: 150 full pieces, and 68 bytes with tag and length.
    assert_eq!(chip.commands[297..], ["00B100000554030100E846"]);

    let mut chip = TestChip::new(&[(FACE_FID, face.as_slice())]);
    chip.extended = ExtendedLength::Yes;
    assert_eq!(read(&mut Pieces::default(), &mut chip).unwrap(), face);
    assert_eq!(chip.commands[7..9], ["00B07000001000", "00B10000000004540280001000"]);
    assert_eq!(chip.commands.len(), 17);
}

#[test]
fn a_piece_beyond_it_that_is_no_data_object_is_refused_and_a_chip_without_the_instruction_left() {
    let face = object(0x75, 40_000);
    for (answer, expected) in [
        (data(&[0x54, 0x01, 7]), MrtdError::Malformed { file: FACE, problem: Problem::Contents }),
        (data(&[0x53, 0x05, 7]), MrtdError::Malformed { file: FACE, problem: Problem::Contents }),
        (
            status(StatusWord::INS_NOT_SUPPORTED),
            MrtdError::FileRefused { file: FACE, status: StatusWord::INS_NOT_SUPPORTED },
        ),
    ] {
        let odd = |_, command: &CommandApdu| (command.ins() == 0xB1).then(|| Ok(answer.clone()));
        let mut chip = TestChip::new(&[(FACE_FID, face.as_slice())]).with(odd);
        assert_eq!(read(&mut Pieces::default(), &mut chip), Err(expected));
        assert_eq!(chip.commands.len(), 129);
    }
}

#[test]
fn pieces_beyond_it_become_shorter_and_go_on_as_others_do() {
    let face = object(0x75, 34_000);
    for refusal in [0x6700, 0x6B00, 0x6282] {
        let mut chip = TestChip::new(&[(FACE_FID, face.as_slice())]).with(|_, command| {
            let long = command.ins() == 0xB1 && command.ne() > 150;
            long.then(|| Ok(status(StatusWord(refusal))))
        });
        assert_eq!(read(&mut Pieces::default(), &mut chip).unwrap(), face, "{refusal:04X}");
        assert_eq!(chip.commands[128], "00B10000045402800000");
        assert_eq!(chip.commands[129], "00B100000454028000C0");
        assert_eq!(chip.commands[130], "00B10000045402800080");
    }
    let broken = Cell::new(false);
    let mut chip = TestChip::new(&[(FACE_FID, face.as_slice())])
        .with(|number, _| (number == 130 && !broken.replace(true)).then_some(Err(ChannelError::WrongMac)));
    let mut pieces = Pieces::default();
    read(&mut pieces, &mut chip).unwrap_err();
    pieces.interrupted(false);
    assert_eq!(read(&mut pieces, &mut chip).unwrap(), face);
    assert_eq!(chip.commands[130..133], ["00B1000004540281FA00", "00A4020C020102", "00B1000004540281FAC0"]);
}

#[test]
fn the_length_of_a_long_header_is_read_in_two_steps() {
    let file = [&[0x75, 0x83, 0x00, 0x01, 0x00][..], &[7; 256]].concat();
    let mut chip = TestChip::new(&[(FACE_FID, file.as_slice())]);
    let mut pieces = Pieces { careful: true, ..Pieces::default() };
    assert_eq!(read(&mut pieces, &mut chip).unwrap(), file);
    assert_eq!(chip.commands, ["00A4020C020102", "00B0000004", "00B0000404", "00B00008FD"]);
}

#[test]
fn long_pieces_are_used_where_extended_length_works_and_given_up_where_it_doesnt() {
    let face = object(0x75, 9000);
    let mut chip = TestChip::new(&[(FACE_FID, face.as_slice())]);
    chip.extended = ExtendedLength::Yes;
    assert_eq!(read(&mut Pieces::default(), &mut chip).unwrap(), face);
    assert_eq!(chip.commands, ["00B08200001000", "00B01000001000", "00B02000000328"]);

    let face = object(0x75, 600);
    let mut chip = TestChip::new(&[(FACE_FID, face.as_slice())])
        .with(|_, command| (command.ne() > 256).then(|| Ok(status(StatusWord::WRONG_LENGTH))));
    chip.extended = ExtendedLength::Yes;
    assert_eq!(read(&mut Pieces::default(), &mut chip).unwrap(), face);
    assert_eq!(chip.commands, ["00B08200001000", "00B0820000", "00B0010000", "00B0020058"]);
    assert_eq!(chip.learnt, [false]);
}

#[test]
fn an_interrupted_file_goes_on_where_it_was_in_shorter_pieces() {
    let face = object(0x75, 700);
    let broken = Cell::new(false);
    let mut chip = TestChip::new(&[(FACE_FID, face.as_slice())]).with(|number, _| {
        (number == 2 && !broken.replace(true))
            .then_some(Err(ChannelError::Unprotected(StatusWord::WRONG_LENGTH)))
    });
    let mut pieces = Pieces::default();
    let error = ChannelError::Unprotected(StatusWord::WRONG_LENGTH);
    assert_eq!(read(&mut pieces, &mut chip), Err(MrtdError::Channel(error)));
    pieces.interrupted(false);
    assert_eq!(read(&mut pieces, &mut chip).unwrap(), face);
    assert_eq!(chip.commands[2..], ["00B00200BC", "00A4020C020102", "00B00200BC"]);
}

#[test]
fn a_session_that_breaks_over_the_first_piece_is_followed_by_a_careful_one() {
    let face = object(0x75, 100);
    let mut chip = TestChip::new(&[(FACE_FID, face.as_slice())])
        .with(|number, _| (number == 0).then_some(Err(ChannelError::WrongMac)));
    let mut pieces = Pieces::default();
    read(&mut pieces, &mut chip).unwrap_err();
    pieces.interrupted(false);
    assert_eq!(read(&mut pieces, &mut chip).unwrap(), face);
    assert_eq!(chip.commands[1..], ["00A4020C020102", "00B0000004", "00B0000460"]);
}

#[test]
fn progress_tells_how_much_of_how_much_is_there() {
    let face = object(0x75, 600);
    let mut chip = TestChip::new(&[(FACE_FID, face.as_slice())]);
    let mut told = Vec::new();
    Pieces::default().read(&mut chip, FACE, &mut |done, total| told.push((done, total))).unwrap();
    assert_eq!(told, [(256, 600), (512, 600), (600, 600)]);
}

/// Answers as a table says, and nothing else.
struct Printed(Vec<(&'static str, &'static str)>);

impl CardChannel for Printed {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let (expected, answer) = self.0.remove(0);
        assert_eq!(hex::encode_upper(command.encode(LengthForm::Short)), expected);
        let answer = hex::decode(answer).map_err(|_| ChannelError::Malformed)?;
        ResponseApdu::decode(&answer).map_err(|_| ChannelError::Malformed)
    }
}

/// RND.IFD and K.IFD of the worked example.
struct PrintedNumbers(Vec<&'static str>);

impl Entropy for PrintedNumbers {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        hex::decode_to_slice(self.0.remove(0), bytes).map_err(|_| NoEntropy)
    }
}

// ICAO Doc 9303-11, appendix D.3 and D.4.
#[test]
fn the_worked_example_of_basic_access_control_and_secure_messaging_reads_ef_com_as_printed() {
    let mut channel = Printed(vec![
        ("0084000008", "4608F919887022129000"),
        (
            "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A728",
            "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D74499000",
        ),
        ("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", "990290008E08FA855A5D4C50A8ED9000"),
        ("0CB000000D9701048E08ED6705417E96BA5500", "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"),
        (
            "0CB000040D9701128E082EA28A70F3C7B53500",
            "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
        ),
    ]);
    let mut numbers = PrintedNumbers(vec!["781723860C06C226", "0B795240CB7049B01C19B33E32804F0B"]);
    let information = b"L898902C<369080619406236";
    let messaging = bac::establish(&mut channel, information, &mut numbers).unwrap();
    let mut session = SecureChannel::new(&mut channel, messaging);
    let form = FileForm::new(0x011E, Sfi::new(0x1E), 0x60, 64, Sensitivity::Public);
    let mut partial = Partial::default();
    let mut pieces = Pieces { careful: true, ..Pieces::default() };
    assert!(pieces.read_rest(&mut session, form, &mut partial, &mut |_, _| {}).is_ok());
    let ef_com = hex::decode("60145F0104303130365F36063034303030305C026175").unwrap();
    assert_eq!(*partial.bytes, ef_com);
    assert!(channel.0.is_empty());
}
