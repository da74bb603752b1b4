//! The insured people that gematik made up for tests of the Versichertenstammdaten, all named after birds
//! (gematik, spec-VSDM2, `VSDDatensatzGKV-*`). Dates at which something ends are relative to today, so that
//! nothing rots.

use jiff::{
    ToSpan,
    civil::{Date, date},
};

use crate::persona::{Insurer, Persona, PoBox, Protected, Street};

/// Andrea Amsel: nothing special.
#[must_use]
pub fn amsel() -> Persona {
    Persona {
        street: Some(street("52070", "Aachen", "D", "Amselweg", "1")),
        ..bird(1, "A123456780", "19971228", "Andrea", "Amsel", 'W', ("104178397", "Aachen"), "38")
    }
}

/// Dr. med. Bernd Benjamin Graf von und zu Buntspecht: title, suffix, prefix, another insurer is billed.
#[must_use]
pub fn buntspecht(today: Date) -> Persona {
    Persona {
        name_prefix: text("von und zu"),
        name_suffix: text("Graf"),
        title: text("Dr. med."),
        street: Some(street("28211", "Bremen", "D", "Buntspechtallee", "2a")),
        valid_from: date(2011, 4, 1),
        valid_until: Some(today.saturating_add(1.year())),
        billing_insurer: Some(insurer("103215857", "Bremerhaven")),
        insured_kind: '3',
        ..bird(
            2,
            "B234567895",
            "19880622",
            "Bernd Benjamin",
            "Buntspecht",
            'M',
            ("103169760", "Bremen"),
            "03",
        )
    }
}

/// Charlie Carolinataube: divers, address supplement.
#[must_use]
pub fn carolinataube() -> Persona {
    let home = street("09128", "Chemnitz", "D", "Taubenweg", "3c");
    Persona {
        street: Some(Street { supplement: text("zweites Hinterhaus links"), ..home }),
        ..bird(3, "C345678908", "19790611", "Charlie", "Carolinataube", 'D', ("107723372", "Chemnitz"), "98")
    }
}

/// Dr. rer. nat. Dara Dohle: sex X, post-office box and street.
#[must_use]
pub fn dohle() -> Persona {
    Persona {
        title: text("Dr. rer. nat."),
        po_box: Some(po_box("64283", "Darmstadt", "405060", "D")),
        street: Some(street("64297", "Darmstadt", "D", "Dohlenallee", "4-6")),
        valid_from: date(2021, 10, 1),
        insured_kind: '3',
        ..bird(4, "D456789013", "19700120", "Dara", "Dohle", 'X', ("105266989", "Darmstadt"), "46")
    }
}

/// Elke Freifrau an der Elster: ß in the address, post-office box abroad.
#[must_use]
pub fn elster(today: Date) -> Persona {
    Persona {
        name_prefix: text("an der"),
        name_suffix: text("Freifrau"),
        po_box: Some(po_box("8055", "Graz", "9821", "A")),
        street: Some(street("99095", "Erfurt", "D", "Elsterstraße", "5")),
        valid_until: Some(today.saturating_add(2.years())),
        billing_insurer: Some(insurer("104547224", "Essen")),
        ..bird(5, "E567890127", "19921113", "Elke", "Elster", 'W', ("105929412", "Erfurt"), "93")
    }
}

/// Prof. Dr. med. Frank Florian von Fasan: lives in Switzerland.
#[must_use]
pub fn fasan(today: Date) -> Persona {
    Persona {
        name_prefix: text("von"),
        title: text("Prof. Dr. med."),
        street: Some(street("3013", "Bern", "CH", "Fasanenallee", "50")),
        valid_from: date(1992, 12, 1),
        valid_until: Some(today.saturating_add(7.months())),
        insured_kind: '3',
        ..bird(6, "F678901231", "19830119", "Frank Florian", "Fasan", 'M', ("107403308", "Freiburg"), "52")
    }
}

/// Gabriele Edle von der Graugans: umlauts in the address.
#[must_use]
pub fn graugans() -> Persona {
    Persona {
        name_prefix: text("von der"),
        name_suffix: text("Edle"),
        street: Some(street("35392", "Gießen", "D", "Am Gänseweiher", "66")),
        ..bird(7, "G789012344", "19740212", "Gabriele", "Graugans", 'W', ("105413578", "Gießen"), "46")
    }
}

/// Dr.-Ing. Hans vorm Habicht: the insurance ended.
#[must_use]
pub fn habicht(today: Date) -> Persona {
    let home = street("31135", "Hildesheim", "D", "Habichtpfad", "7c");
    Persona {
        name_prefix: text("vorm"),
        title: text("Dr.-Ing."),
        street: Some(Street { supplement: text("zweite Laube rechts"), ..home }),
        valid_from: date(1953, 1, 1),
        valid_until: Some(today.saturating_sub(1.month())),
        billing_insurer: Some(insurer("102186348", "Hannover")),
        insured_kind: '5',
        ..bird(8, "H890123459", "19530729", "Hans", "Habicht", 'M', ("102249844", "Hildesheim"), "17")
    }
}

/// Ingrid Ibis: lives in Luxembourg.
#[must_use]
pub fn ibis(today: Date) -> Persona {
    Persona {
        street: Some(street("7430", "Fischbach", "L", "Im Balz", "95")),
        valid_until: Some(today.saturating_add(15.months())),
        insured_kind: '5',
        ..bird(9, "I901234562", "19420228", "Ingrid", "Ibis", 'W', ("107933230", "Dresden"), "98")
    }
}

/// Jens-Jörg Junko: the day of birth is unknown.
#[must_use]
pub fn junko() -> Persona {
    Persona {
        po_box: Some(po_box("76530", "Baden-Baden", "98765", "D")),
        street: Some(street("77815", "Baden-Baden", "D", "Winterammerstraße", "10d")),
        valid_from: date(1964, 5, 1),
        insured_kind: '5',
        ..bird(10, "J012345677", "19581200", "Jens-Jörg", "Junko", 'M', ("106877150", "Baden-Baden"), "52")
    }
}

/// Karin Kiebitz: only the year of birth is known; a post-office box in Luxembourg, no street.
#[must_use]
pub fn kiebitz() -> Persona {
    Persona {
        po_box: Some(po_box("1120", "Luxembourg", "554433", "L")),
        valid_from: date(1971, 7, 1),
        billing_insurer: Some(insurer("106339922", "Koblenz")),
        insured_kind: '5',
        ..bird(11, "K123456781", "19330000", "Karin", "Kiebitz", 'W', ("105532787", "Kassel"), "46")
    }
}

/// Lisa Lachmöwe: a child; umlauts and ß.
#[must_use]
pub fn lachmoewe() -> Persona {
    Persona {
        street: Some(street("21337", "Lüneburg", "D", "Möwenstraße", "12b")),
        insured_kind: '3',
        ..bird(12, "L234567896", "20220702", "Lisa", "Lachmöwe", 'W', ("102343996", "Lüneburg"), "17")
    }
}

/// Michael-Martin Mittelspecht: a child living with someone of another name.
#[must_use]
pub fn mittelspecht() -> Persona {
    let home = street("80331", "München", "D", "Spechtstraße", "130");
    Persona {
        street: Some(Street { supplement: text("c/o Baumklopfer"), ..home }),
        insured_kind: '3',
        ..bird(
            13,
            "M345678909",
            "20200427",
            "Michael-Martin",
            "Mittelspecht",
            'M',
            ("108416806", "München-Stadt"),
            "71",
        )
    }
}

/// Nina Nicole Nachtigall: a young person; another insurer is billed.
#[must_use]
pub fn nachtigall() -> Persona {
    Persona {
        street: Some(street("70180", "Stuttgart", "D", "Sängerweg", "14")),
        billing_insurer: Some(insurer("109083613", "Niederbayern")),
        insured_kind: '3',
        ..bird(
            14,
            "N456789014",
            "20110622",
            "Nina Nicole",
            "Nachtigall",
            'W',
            ("108028771", "Nord-Württemberg"),
            "52",
        )
    }
}

/// Oliver Ortolan: a young person.
#[must_use]
pub fn ortolan() -> Persona {
    let home = street("77654", "Offenburg", "D", "Gartenammerstraße", "15");
    Persona {
        street: Some(Street { supplement: text("Vorderhaus"), ..home }),
        insured_kind: '3',
        ..bird(15, "O567890128", "20090608", "Oliver", "Ortolan", 'M', ("107668422", "Offenburg"), "52")
    }
}

/// Paula Pinguin: a country code of three letters.
#[must_use]
pub fn pinguin() -> Persona {
    Persona {
        street: Some(street("10000", "Prishtina", "KOS", "Rruga e UQK-se", "62")),
        insured_kind: '3',
        ..bird(16, "P678901232", "20090608", "Paula", "Pinguin", 'W', ("107668422", "Offenburg"), "52")
    }
}

/// Prof. Dr. rer. nat. Zacharias Graf von und zu Zaunkönig: every field there is.
#[must_use]
pub fn zaunkoenig(today: Date) -> Persona {
    let home = street("08066", "Zwickau", "D", "Zaunkönigpfad", "99x");
    Persona {
        name_prefix: text("von und zu"),
        name_suffix: text("Graf"),
        title: text("Prof. Dr. rer. nat."),
        po_box: Some(po_box("08062", "Zwickau", "885522", "D")),
        street: Some(Street { supplement: text("zweites Nest rechter Ast"), ..home }),
        valid_from: date(2000, 1, 1),
        valid_until: Some(today.saturating_add(3.years())),
        billing_insurer: Some(insurer("100293710", "Schwerin")),
        insured_kind: '3',
        ..bird(26, "Z987654321", "19870516", "Zacharias", "Zaunkönig", 'X', ("108213958", "Leipzig"), "98")
    }
}

/// What every bird has; insured since birth, as most of them are. `serial` makes the card's number.
#[allow(clippy::too_many_arguments, reason = "a row of a table")]
fn bird(
    serial: u8,
    kvnr: &str,
    birth_date: &str,
    given_names: &str,
    family_name: &str,
    sex: char,
    (ik, seat): (&str, &str),
    region: &str,
) -> Persona {
    Persona {
        kvnr: kvnr.to_owned(),
        birth_date: birth_date.to_owned(),
        given_names: given_names.to_owned(),
        family_name: family_name.to_owned(),
        sex,
        name_prefix: None,
        name_suffix: None,
        title: None,
        po_box: None,
        street: None,
        // Those whose birth date isn't known in full are given another date above.
        valid_from: Date::strptime("%Y%m%d", birth_date).unwrap_or(Date::ZERO),
        valid_until: None,
        insurer: insurer(ik, seat),
        billing_insurer: None,
        insured_kind: '1',
        region: region.to_owned(),
        reimbursement: None,
        private_tariff: None,
        protected: Protected::default(),
        // 80 health, 276 Germany, 88311 the issuer of gematik's test cards.
        iccsn: format!("80276883110000{serial:06}"),
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn insurer(ik: &str, seat: &str) -> Insurer {
    Insurer { ik: ik.to_owned(), name: format!("Beispielkostenträger {seat}") }
}

fn po_box(postal_code: &str, place: &str, number: &str, country: &str) -> PoBox {
    let [postal_code, place, number, country] = [postal_code, place, number, country].map(str::to_owned);
    PoBox { postal_code: Some(postal_code), place, number, country }
}

fn street(postal_code: &str, place: &str, country: &str, street: &str, house_number: &str) -> Street {
    let [postal_code, place, country, street, house_number] =
        [postal_code, place, country, street, house_number].map(str::to_owned);
    Street {
        postal_code: Some(postal_code),
        place,
        country,
        street: Some(street),
        house_number: Some(house_number),
        supplement: None,
    }
}
