//! The whole reading against transcripts that say exactly which commands it may send.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use egk::{Authenticity, EgkError, EgkFile, EgkReading, Generation, Problem, Progress, Request, read};
use smartcard::transcript::{Disclosure, Recorder};
use smartcard::{ChannelError, StatusWord};
use support::conversation::{Conversation, Form};
use support::entropy::NoRandomNumbers;
use support::image::{Image, gzip, gzip_bytes, gzip_of_length, pd_file, vd_file};
use support::xml::{AACHEN, AMSEL, BUNTSPECHT, Bird, STATUTORY, insurance_data, personal_data};

/// Reads the card of a conversation, which must be held to its end.
fn run(conversation: &Conversation) -> Result<EgkReading, EgkError> {
    let mut replay = conversation.replay();
    let result = read(&mut replay, &Request::default(), &mut NoRandomNumbers, &mut |_| {});
    assert_eq!(replay.finish(), Ok(()));
    result
}

fn check_error(conversation: &Conversation, expected: EgkError) {
    assert_eq!(run(conversation), Err(expected));
}

/// A short conversation up to and including EF.StatusVD.
fn up_to_status(image: &Image) -> Conversation {
    Conversation::new(Form::Short).opening(image).status(image)
}

fn malformed(file: EgkFile, problem: Problem) -> EgkError {
    EgkError::Malformed { file, problem }
}

#[test]
fn a_card_in_order_is_read_in_the_short_and_in_the_extended_form() {
    for form in [Form::Short, Form::Extended] {
        let reading = run(&Conversation::reading(&Image::of(&BUNTSPECHT), form)).unwrap();
        assert_eq!(reading.object_system.generation(), Generation::G2_1);
        assert_eq!(reading.iccsn.tail(6), "152715");
        assert_eq!(reading.status.schema_version.to_string(), "5.2.0");
        assert_eq!(reading.person.kvnr.as_str(), "B234567895");
        assert_eq!(&*reading.person.name.family_name, "Buntspecht");
        assert_eq!(&*reading.insurance.insurer.name, "Beispielkostenträger Aachen");
        assert!(!reading.application_deactivated && !reading.secure_messaging);
        assert_eq!((reading.contactless, reading.authenticity), (None, Authenticity::NOT_ASKED));
    }
}

#[test]
fn the_largest_ordinary_card_takes_ten_short_apdus_and_seven_extended_ones() {
    let mut image = Image::amsel();
    image.pd = pd_file(&gzip_of_length(&personal_data(&AMSEL), 512 - 2));
    image.vd = vd_file(&gzip_of_length(&insurance_data("", AACHEN, STATUTORY), 768 - 8), None);
    for (form, apdus) in [(Form::Short, 10), (Form::Extended, 7)] {
        let conversation = Conversation::reading(&image, form);
        assert_eq!(conversation.len(), apdus);
        assert!(run(&conversation).is_ok());
    }
}

#[test]
fn progress_tells_every_part_in_its_order() {
    let mut replay = Conversation::reading(&Image::amsel(), Form::Short).replay();
    let mut parts = Vec::new();
    let mut on_progress = |progress: Progress<'_>| {
        parts.push(match progress {
            Progress::Version(system) => system.generation().to_string(),
            Progress::CardNumber(iccsn) => iccsn.as_str().to_owned(),
            Progress::Status(status) => status.storage_version.to_string(),
            Progress::Person(person) => person.kvnr.as_str().to_owned(),
            Progress::Insurance(insurance) => insurance.insurer.ik.to_string(),
            Progress::Chip(_) | Progress::Certificate(_) => panic!("nobody has asked for a proof"),
        });
    };
    read(&mut replay, &Request::default(), &mut NoRandomNumbers, &mut on_progress).unwrap();
    assert_eq!(parts, ["G2.1", "80276883110000152715", "3.0.4", "A123456780", "104178397"]);
}

#[test]
fn end_of_file_is_no_error() {
    let conversation = Conversation::reading(&Image::amsel(), Form::Short).with_status("9000", "6282");
    assert!(run(&conversation).is_ok());
}

#[test]
fn files_filled_up_with_zeros_are_read_no_further_than_their_data() {
    let mut image = Image::amsel();
    let conversation = Conversation::reading(&image, Form::Short);
    image.pd.resize(850, 0);
    image.vd.resize(1_250, 0);
    image.version2.resize(60, 0);
    let filled = Conversation::reading(&image, Form::Short);
    assert_eq!(filled.len(), conversation.len());
    assert_eq!(run(&filled), run(&conversation));
}

#[test]
fn no_byte_of_the_protected_data_is_asked_for_where_short_pieces_allow() {
    let mut image = Image::amsel();
    image.vd = vd_file(&gzip_of_length(&insurance_data("", AACHEN, STATUTORY), 440), Some(&[0xA5; 226]));
    let rest = image.vd.len() - 226 - 256;
    let conversation = up_to_status(&image)
        .pd(&image, Form::Short)
        .exchange("00B08200", "", 256, &image.vd[..256], "9000")
        .exchange("00B00100", "", rest, &image.vd[256..256 + rest], "9000");
    assert!(run(&conversation).is_ok());
}

#[test]
fn a_card_without_copy_of_the_protected_data_reads_the_same() {
    let image = Image::amsel();
    let expected = run(&Conversation::reading(&image, Form::Short));
    let stream = gzip(&insurance_data("", AACHEN, STATUTORY), 0);
    for pointers in [[0xFF; 4], [0; 4], [0x02, 0x00, 0x01, 0x00]] {
        let mut without = Image { vd: vd_file(&stream, None), ..image.clone() };
        without.vd[4..8].copy_from_slice(&pointers);
        assert_eq!(run(&Conversation::reading(&without, Form::Short)), expected);
    }
}

#[test]
fn a_card_that_gives_small_pieces_is_read_to_the_end() {
    let image = Image::amsel();
    let (pieces, end) = (223, image.pd.len());
    let mut conversation = up_to_status(&image).exchange("00B08100", "", 256, &image.pd[..pieces], "9000");
    for offset in (pieces..end).step_by(pieces) {
        let piece = &image.pd[offset..end.min(offset + pieces)];
        conversation =
            conversation.exchange(&format!("00B0{offset:04X}"), "", (end - offset).min(256), piece, "9000");
    }
    assert!(run(&conversation.vd(&image, Form::Short)).is_ok());
}

#[test]
fn a_card_that_gives_single_bytes_is_left() {
    let image = Image::amsel();
    let mut conversation = up_to_status(&image).exchange("00B08100", "", 256, &image.pd[..2], "9000");
    for offset in 2..33 {
        conversation =
            conversation.exchange(&format!("00B0{offset:04X}"), "", 256, &image.pd[offset..=offset], "9000");
    }
    check_error(&conversation, malformed(EgkFile::Pd, Problem::Length));
}

#[test]
fn an_interrupted_update_is_told_and_its_status_read_again_at_the_end() {
    let mut image = Image::amsel();
    image.status_vd[0] = b'1';
    let conversation = Conversation::reading(&image, Form::Short).status(&image);
    assert!(run(&conversation).unwrap().status.transaction_open);
}

#[test]
fn data_that_an_update_has_changed_meanwhile_is_read_once_more_and_told_once() {
    let mut before = Image::amsel();
    before.status_vd[0] = b'1';
    let mut after = Image::of(&BUNTSPECHT);
    after.status_vd[14] += 1;
    let conversation = Conversation::reading(&before, Form::Short)
        .status(&after)
        .pd(&after, Form::Short)
        .vd(&after, Form::Short);
    let mut replay = conversation.replay();
    let mut told = 0;
    let reading = read(&mut replay, &Request::default(), &mut NoRandomNumbers, &mut |_| told += 1).unwrap();
    assert_eq!(replay.finish(), Ok(()));
    assert_eq!((reading.person.kvnr.as_str(), told), ("B234567895", 5));
    assert!(!reading.status.transaction_open);
}

#[test]
fn a_card_pulled_at_any_command_is_a_card_pulled() {
    for form in [Form::Short, Form::Extended] {
        let whole = Conversation::reading(&Image::amsel(), form);
        for index in 0..whole.len() {
            check_error(&whole.clone().pulled_at(index), EgkError::Channel(ChannelError::CardRemoved));
        }
    }
}

#[test]
fn a_deactivated_application_is_a_warning_as_long_as_its_files_can_be_read() {
    let image = Image::amsel();
    let open = |status: &str| Conversation::new(Form::Short).opening_with(&image, status);
    for status in ["6283", "6285"] {
        let conversation = open(status).status(&image).pd(&image, Form::Short).vd(&image, Form::Short);
        assert!(run(&conversation).unwrap().application_deactivated);
    }
    let status = StatusWord::SECURITY_STATUS_NOT_SATISFIED;
    let locked = open("6283").exchange("00B08C00", "", 256, &[], "6982");
    check_error(&locked, EgkError::Deactivated { file: EgkFile::StatusVd, status });
    let locked = open("6283").status(&image).exchange("00B08100", "", 256, &[], "6982");
    check_error(&locked, EgkError::Deactivated { file: EgkFile::Pd, status });
}

#[test]
fn a_card_over_the_air_that_can_be_read_with_its_number_asks_for_it() {
    let (image, card_access) = (Image::amsel(), [0x31, 0x00]);
    let refused = |image: &Image| {
        Conversation::new(Form::Short).up_to_version(image).exchange("00B08200", "", 256, &[], "6982")
    };
    check_error(&refused(&image).small_file("00B09C00", &card_access), EgkError::CanNeeded);
    let by_file_identifier = refused(&image)
        .exchange("00B09C00", "", 256, &[], "6A82")
        .exchange("00A4020C", "011C", 0, &[], "9000")
        .small_file("00B00000", &card_access);
    check_error(&by_file_identifier, EgkError::CanNeeded);
    let without = refused(&image).exchange("00B09C00", "", 256, &[], "6A82").exchange(
        "00A4020C",
        "011C",
        0,
        &[],
        "6A82",
    );
    check_error(&without, EgkError::NoContactless);
    let mut generation_2 = image;
    generation_2.version2[9..12].copy_from_slice(&[4, 3, 2]);
    check_error(&refused(&generation_2), EgkError::NoContactless);
}

#[test]
fn a_refused_file_is_named_with_its_status() {
    let image = Image::amsel();
    let status = StatusWord::SECURITY_STATUS_NOT_SATISFIED;
    let refused = up_to_status(&image).exchange("00B08100", "", 256, &[], "6982");
    check_error(&refused, EgkError::UnexpectedStatus { file: EgkFile::Pd, status });
    let refused = up_to_status(&image).pd(&image, Form::Short).exchange("00B08200", "", 256, &[], "6982");
    check_error(&refused, EgkError::UnexpectedStatus { file: EgkFile::Vd, status });
    let corrupt = up_to_status(&image).exchange("00B08100", "", 256, &image.pd[..256], "6281");
    check_error(
        &corrupt,
        EgkError::UnexpectedStatus { file: EgkFile::Pd, status: StatusWord::DATA_CORRUPTED },
    );
}

#[test]
fn malformed_small_files_are_named() {
    let image = Image::amsel();
    let gdo = Image { gdo: image.gdo[..11].to_vec(), ..image.clone() };
    check_error(&Conversation::new(Form::Short).opening(&gdo), malformed(EgkFile::Gdo, Problem::Length));
    let version2 = Image { version2: image.version2[..40].to_vec(), ..image.clone() };
    check_error(
        &Conversation::new(Form::Short).up_to_version(&version2).select("D27600000102", "9000"),
        malformed(EgkFile::Version2, Problem::Length),
    );
    let status_vd = Image { status_vd: image.status_vd[..20].to_vec(), ..image };
    check_error(&up_to_status(&status_vd), malformed(EgkFile::StatusVd, Problem::Length));
}

/// A reading that ends with EF.PD, all of which is in its first piece.
fn check_pd(pd: Vec<u8>, problem: Problem) {
    let image = Image { pd, ..Image::amsel() };
    let first = &image.pd[..image.pd.len().min(256)];
    let conversation = up_to_status(&image).exchange("00B08100", "", 256, first, "9000");
    check_error(&conversation, malformed(EgkFile::Pd, problem));
}

#[test]
fn a_wrong_length_of_ef_pd_is_refused() {
    check_pd(vec![], Problem::Length);
    check_pd(vec![0x01], Problem::Length);
    check_pd(vec![0x00, 0x00, 0x1F, 0x8B], Problem::Length);
    check_pd(vec![0xFF, 0xFF, 0x1F, 0x8B], Problem::TooLarge);
}

#[test]
fn a_length_beyond_the_end_of_ef_pd_is_refused() {
    let mut image = Image::amsel();
    let held = image.pd.len();
    let [_, low] = &mut image.pd[..2] else { panic!("two bytes") };
    *low += 9;
    let first = up_to_status(&image).exchange("00B08100", "", 256, &image.pd[..256], "9000");
    let rest = first.exchange("00B00100", "", held + 9 - 256, &image.pd[256..], "6282");
    let beyond = format!("00B0{held:04X}");
    for (answer, status) in [(&[][..], "6B00"), (&[], "6282"), (&[], "9000")] {
        let conversation = rest.clone().exchange(&beyond, "", 9, answer, status);
        check_error(&conversation, malformed(EgkFile::Pd, Problem::Length));
    }
}

#[test]
fn corrupt_compressed_data_and_bombs_are_refused() {
    check_pd(pd_file(&[0x55; 90]), Problem::Gzip);
    let mut corrupt = gzip_bytes(b"<Amsel/>", 0);
    *corrupt.last_mut().unwrap() ^= 1;
    check_pd(pd_file(&corrupt), Problem::Gzip);
    let bomb = gzip_bytes(&vec![b' '; 200_000], 0);
    assert!(bomb.len() < 254, "{}", bomb.len());
    check_pd(pd_file(&bomb), Problem::TooLarge);
}

#[test]
fn problems_of_the_xml_are_named() {
    check_pd(pd_file(&gzip("<Amsel>", 0)), Problem::Namespace);
    check_pd(pd_file(&gzip("Amsel", 0)), Problem::Xml);
    let foreign = Bird { addresses: "", ..AMSEL };
    let foreign = personal_data(&foreign).replace("v5.2", "v9.9");
    let image = Image { pd: pd_file(&gzip(&foreign, 0)), ..Image::amsel() };
    let conversation = up_to_status(&image).pd(&image, Form::Short);
    check_error(&conversation, malformed(EgkFile::Pd, Problem::Namespace));
}

#[test]
fn a_wrong_check_digit_is_refused() {
    let image = Image::of(&Bird { kvnr: "A123456781", ..AMSEL });
    let conversation = up_to_status(&image).pd(&image, Form::Short);
    check_error(&conversation, malformed(EgkFile::Pd, Problem::CheckDigit));
}

#[test]
fn wrong_pointers_of_ef_vd_are_refused() {
    let image = Image::amsel();
    for (pointers, problem) in [
        (&[0xFF; 8][..], Problem::Length),
        (&[0; 8], Problem::Length),
        (&[0x01, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], Problem::Length),
        (&[0x00, 0x08, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF], Problem::TooLarge),
        (&[0x00, 0x08, 0x01], Problem::Length),
        (&[], Problem::Length),
    ] {
        let conversation =
            up_to_status(&image).pd(&image, Form::Short).exchange("00B08200", "", 256, pointers, "9000");
        check_error(&conversation, malformed(EgkFile::Vd, problem));
    }
}

#[test]
fn errors_and_readings_tell_nothing_about_a_person() {
    let image = Image::of(&BUNTSPECHT);
    let reading = run(&Conversation::reading(&image, Form::Short)).unwrap();
    let wrong = Image::of(&Bird { kvnr: "B234567890", ..BUNTSPECHT });
    let error = run(&up_to_status(&wrong).pd(&wrong, Form::Short)).unwrap_err();
    for text in [format!("{reading:?}"), format!("{error:?}"), error.to_string()] {
        for secret in
            ["B23456789", "Buntspecht", "Benjamin", "80276883110000152715", "1988", "Aachen", "104178397"]
        {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn a_recording_of_a_reading_holds_nothing_of_a_person_unless_a_developer_asks_for_everything() {
    let image = Image::of(&BUNTSPECHT);
    let replay = Conversation::reading(&image, Form::Short).replay();
    let mut recorder = Recorder::new(replay, Vec::new(), Disclosure::default());
    assert!(read(&mut recorder, &Request::default(), &mut NoRandomNumbers, &mut |_| {}).is_ok());
    let (_, transcript) = recorder.finish().unwrap();
    let transcript = String::from_utf8(transcript).unwrap();
    let hexadecimal = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    assert!(transcript.contains(&hexadecimal(&image.version2)), "what is public is recorded");
    for file in [&image.gdo, &image.status_vd, &image.pd, &image.vd] {
        assert!(!transcript.contains(&hexadecimal(&file[2..10])));
    }
    assert_eq!(transcript.matches(r#""data":"*256""#).count(), 2, "the first pieces of EF.PD and EF.VD");
}
