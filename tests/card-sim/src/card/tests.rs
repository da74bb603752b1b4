use jiff::civil::date;

use crate::catalogue::find;

const SELECT_ROOT: &str = "00a4040c07d2760001448000";
const SELECT_HCA: &str = "00a4040c06d27600000102";

/// Inserts the card of that name and sends the commands; compares every response.
fn check(name: &str, conversation: &[(&str, &str)]) {
    let mut card = find(name).unwrap().card(date(2026, 11, 22));
    card.reset();
    for (command, expected) in conversation {
        let response = card.execute(&hex::decode(command).unwrap()).unwrap();
        assert_eq!(hex::encode(response), *expected, "{name}: {command}");
    }
}

#[test]
fn files_are_selected_by_identifier_in_the_current_folder_only() {
    check(
        "amsel",
        &[
            ("00a4020c022f02", "9000"),
            ("00a4020c02d001", "6a82"),
            (SELECT_HCA, "9000"),
            ("00a4020c02d00c", "9000"),
            ("00a4020c022f02", "6a82"),
            ("00b0000002", "30329000"),
            ("00a4040c", "9000"),
            ("00b0000002", "6986"),
        ],
    );
}

#[test]
fn a_selection_that_fails_leaves_the_old_one() {
    check("amsel", &[(SELECT_HCA, "9000"), ("00a4040c06d27600006601", "6a82"), ("00b08c0002", "30329000")]);
}

#[test]
fn reading_ends_at_the_end_of_the_file() {
    let gdo = "5a0a80276883110000000001";
    check(
        "amsel",
        &[
            ("00b0820000", &format!("{gdo}9000")),
            ("00b082000c", &format!("{gdo}9000")),
            ("00b082000d", &format!("{gdo}6282")),
            ("00b0820a00", "00019000"),
            ("00b0820a02", "00019000"),
            ("00b0820a03", "00016282"),
            ("00b0820c00", "6b00"),
            ("00b0820d01", "6b00"),
            ("00b0000a00", "00019000"),
        ],
    );
}

#[test]
fn an_extended_read_gives_more_than_256_bytes_and_a_short_one_256() {
    let mut card = find("amsel").unwrap().card(date(2026, 11, 22));
    card.execute(&hex::decode(SELECT_HCA).unwrap());
    let mut length = |command: &str| card.execute(&hex::decode(command).unwrap()).unwrap().len() - 2;
    let (pd, vd) = (length("00b08100000000"), length("00b08200000000"));
    assert!(pd > 256 && vd > 256, "{pd} {vd}");
    assert_eq!((length("00b0810000"), length("00b0010000")), (256, pd - 256));
    assert_eq!(length("00b08100000110"), 0x110);
}

#[test]
fn records_are_read_by_number() {
    check(
        "amsel",
        &[
            ("00b2018400", "00400000009000"),
            ("00b2048400", "00000000009000"),
            ("00b2058400", "6a83"),
            ("00b2018403", "0040009000"),
            ("00b2018406", "00400000006282"),
            ("00b202f400", "61084f06d276000001029000"),
            ("00b2010400", "61094f07d27600014480009000"),
            ("00b2011400", "6981"),
            ("00b0900000", "6981"),
            ("00b2008400", "6a86"),
            ("00b2018000", "6a86"),
        ],
    );
}

#[test]
fn what_needs_authentication_is_refused() {
    check(
        "amsel",
        &[(SELECT_HCA, "9000"), ("00b0830000", "6982"), ("00a4020c02d003", "9000"), ("00b0000000", "6982")],
    );
}

#[test]
fn wrong_commands_get_the_status_word_that_names_the_fault() {
    check(
        "amsel",
        &[
            ("00", "6700"),
            ("00b08200", "6700"),
            ("00a4020c012f", "6700"),
            ("00a4040c08d2760001448000", "6700"),
            ("00ca010000", "6d00"),
            ("00c0000010", "6d00"),
            ("90ca010000", "6e00"),
            ("80a4040c", "6d00"),
            ("10a4040c", "6e00"),
            ("0ca4040c", "6988"),
            ("00a4040007d2760001448000", "6a86"),
            ("00a4000c023f00", "6a86"),
            ("00b0800000", "6a86"),
            ("00b0820001", "5a9000"),
            ("00b0880000", "6a82"),
        ],
    );
}

#[test]
fn file_control_parameters_tell_what_is_stored_and_what_is_reserved() {
    check(
        "amsel",
        &[
            ("00a40204022f02", "62158002000c82014183022f028801108a0105c502000c9000"),
            ("00a4040406d2760000010200", "620e8201788406d276000001028a01059000"),
        ],
    );
}

#[test]
fn a_deactivated_application_is_selectable_and_unreadable() {
    check(
        "amsel-deactivated",
        &[(SELECT_ROOT, "9000"), (SELECT_HCA, "6283"), ("00b0810000", "6982"), ("00b08c0000", "6982")],
    );
}

#[test]
fn a_short_only_card_refuses_extended_length() {
    check("amsel-short-only", &[("00b08200000000", "6700"), ("00b0820002", "5a0a9000")]);
}

#[test]
fn response_data_waits_for_get_response() {
    check(
        "amsel-get-response",
        &[
            ("00a4040406d2760000010200", "6110"),
            ("00c0000008", "620e8201788406d26108"),
            ("00c0000000", "76000001028a01059000"),
            ("00c0000000", "6985"),
            ("00a4040406d2760000010200", "6110"),
            (SELECT_ROOT, "9000"),
            ("00c0000000", "6985"),
        ],
    );
}

#[test]
fn other_cards_have_no_health_application() {
    for name in ["hba", "smc-b", "passport"] {
        check(name, &[(SELECT_ROOT, "6a82"), (SELECT_HCA, "6a82")]);
    }
    check("hba", &[("00a4040c06d27600014601", "9000"), ("00a4040c06d27600014602", "9000")]);
    check("passport", &[("00a4040c07a0000002471001", "9000"), ("00b09e0000", "6982")]);
}

#[test]
fn a_mute_card_answers_nothing() {
    let mut card = find("amsel-mute").unwrap().card(date(2026, 11, 22));
    assert_eq!(card.execute(&hex::decode(SELECT_HCA).unwrap()), None);
}

#[test]
fn a_reset_selects_the_root() {
    let mut card = find("amsel").unwrap().card(date(2026, 11, 22));
    card.execute(&hex::decode(SELECT_HCA).unwrap());
    card.execute(&hex::decode("00b0810002").unwrap());
    assert_eq!(card.current_file(), Some(0xD001));
    card.reset();
    assert_eq!(card.current_file(), None);
    assert_eq!(hex::encode(card.execute(&hex::decode("00b0810002").unwrap()).unwrap()), "6a82");
}
