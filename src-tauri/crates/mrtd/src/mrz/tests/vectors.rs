//! Zones whose check digits hold (the eID card's has none): ICAO's and German specimens, and composed ones with gematik's birds.

use crate::mrz::{DocumentKind, Format};

pub(super) struct Zone {
    pub(super) source: &'static str,
    pub(super) lines: &'static [&'static str],
    pub(super) expected: (Format, &'static str, &'static str, DocumentKind),
    pub(super) name: (&'static str, &'static str),
    /// Birth and expiry as they stand there.
    pub(super) dates: (&'static str, &'static str),
}

pub(super) const ZONES: [Zone; 23] = [
    Zone {
        source: "ICAO Doc 9303-4, appendix B",
        lines: &[
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
            "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
        ],
        expected: (Format::Td3, "P", "UTO", DocumentKind::Passport),
        name: ("ERIKSSON", "ANNA MARIA"),
        dates: ("740812", "120415"),
    },
    Zone {
        source: "ICAO Doc 9303-5, appendix B",
        lines: &[
            "I<UTOD231458907<<<<<<<<<<<<<<<",
            "7408122F1204159UTO<<<<<<<<<<<6",
            "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ],
        expected: (Format::Td1, "I", "UTO", DocumentKind::IdCard),
        name: ("ERIKSSON", "ANNA MARIA"),
        dates: ("740812", "120415"),
    },
    Zone {
        source: "ICAO Doc 9303-6, appendix B",
        lines: &["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"],
        expected: (Format::Td2, "I", "UTO", DocumentKind::IdCard),
        name: ("ERIKSSON", "ANNA MARIA"),
        dates: ("740812", "120415"),
    },
    Zone {
        source: "ICAO Doc 9303-7, appendix B: MRV-A",
        lines: &[
            "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
            "L8988901C4UTO4009078F96121096ZE184226B<<<<<<",
        ],
        expected: (Format::MrvA, "V", "UTO", DocumentKind::Visa),
        name: ("ERIKSSON", "ANNA MARIA"),
        dates: ("400907", "961210"),
    },
    Zone {
        source: "ICAO Doc 9303-7, appendix B: MRV-B",
        lines: &["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4UTO4009078F9612109<<<<<<<<"],
        expected: (Format::MrvB, "V", "UTO", DocumentKind::Visa),
        name: ("ERIKSSON", "ANNA MARIA"),
        dates: ("400907", "961210"),
    },
    Zone {
        source: "ICAO Doc 9303-11, appendix D.2: long number, TD2",
        lines: &["I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<", "D23145890<UTO3407127M95071227349<<<8"],
        expected: (Format::Td2, "I", "UTO", DocumentKind::IdCard),
        name: ("STEVENSON", "PETER JOHN"),
        dates: ("340712", "950712"),
    },
    Zone {
        source: "ICAO Doc 9303-11, appendix D.2: long number, TD1",
        lines: &[
            "I<UTOD23145890<7349<<<<<<<<<<<",
            "3407127M9507122UTO<<<<<<<<<<<2",
            "STEVENSON<<PETER<JOHN<<<<<<<<<",
        ],
        expected: (Format::Td1, "I", "UTO", DocumentKind::IdCard),
        name: ("STEVENSON", "PETER JOHN"),
        dates: ("340712", "950712"),
    },
    Zone {
        source: "ICAO Doc 9303-11, appendix D.2: TD2, its composite digit corrected",
        lines: &["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L898902C<3UTO6908061F9406236<<<<<<<2"],
        expected: (Format::Td2, "I", "UTO", DocumentKind::IdCard),
        name: ("ERIKSSON", "ANNA MARIA"),
        dates: ("690806", "940623"),
    },
    Zone {
        source: "ICAO Doc 9303-11, appendix D.2: TD1, its composite digit corrected",
        lines: &[
            "I<UTOL898902C<3<<<<<<<<<<<<<<<",
            "6908061F9406236UTO<<<<<<<<<<<2",
            "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ],
        expected: (Format::Td1, "I", "UTO", DocumentKind::IdCard),
        name: ("ERIKSSON", "ANNA MARIA"),
        dates: ("690806", "940623"),
    },
    Zone {
        source: "the key data of ICAO Doc 9303-11, appendix G, as TD1",
        lines: &[
            "I<UTOT220001293<<<<<<<<<<<<<<<",
            "6408125F1010318UTO<<<<<<<<<<<6",
            "AMSEL<<ANDREA<<<<<<<<<<<<<<<<<",
        ],
        expected: (Format::Td1, "I", "UTO", DocumentKind::IdCard),
        name: ("AMSEL", "ANDREA"),
        dates: ("640812", "101031"),
    },
    Zone {
        source: "German identity card, specimen of 2010",
        lines: &[
            "IDD<<T220001293<<<<<<<<<<<<<<<",
            "6408125<2010315D<<<<<<<<<<<<<4",
            "MUSTERMANN<<ERIKA<<<<<<<<<<<<<",
        ],
        expected: (Format::Td1, "ID", "D", DocumentKind::IdCard),
        name: ("MUSTERMANN", "ERIKA"),
        dates: ("640812", "201031"),
    },
    Zone {
        source: "German passport, specimen of 2017",
        lines: &[
            "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<",
            "C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4",
        ],
        expected: (Format::Td3, "P", "D", DocumentKind::Passport),
        name: ("MUSTERMANN", "ERIKA"),
        dates: ("640812", "270228"),
    },
    Zone {
        source: "composed: German identity card since August 2021, with the version of its design",
        lines: &[
            "IDD<<LZ6311T475<<<<<<<<<<<<<<<",
            "8308126<3108011D<<2108<<<<<<<9",
            "JUNKO<<JENS<JOERG<<<<<<<<<<<<<",
        ],
        expected: (Format::Td1, "ID", "D", DocumentKind::IdCard),
        name: ("JUNKO", "JENS JOERG"),
        dates: ("830812", "310801"),
    },
    Zone {
        source: "composed: German residence permit, a day of birth that its month hadn't",
        lines: &[
            "ARD<<YX7CFG0124<<<<<<<<<<<<<<<",
            "9002292F2706306SYR<<<<<<<<<<<0",
            "DOHLE<<DARA<<<<<<<<<<<<<<<<<<<",
        ],
        expected: (Format::Td1, "AR", "D", DocumentKind::ResidencePermit),
        name: ("DOHLE", "DARA"),
        dates: ("900229", "270630"),
    },
    Zone {
        source: "composed: German residence permit, only the year of birth known",
        lines: &[
            "ARD<<YX7CFG0135<<<<<<<<<<<<<<<",
            "85<<<<1M2706306AFG<<<<<<<<<<<6",
            "KIEBITZ<<KARIN<<<<<<<<<<<<<<<<",
        ],
        expected: (Format::Td1, "AR", "D", DocumentKind::ResidencePermit),
        name: ("KIEBITZ", "KARIN"),
        dates: ("85<<<<", "270630"),
    },
    Zone {
        source: "eID card for citizens of the Union: its chip's zone says nothing else",
        lines: &[
            "UBD<<<<<<<<<<<<<<<<<<<<<<<<<<<",
            "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
            "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
        ],
        expected: (Format::Td1, "UB", "D", DocumentKind::Other),
        name: ("", ""),
        dates: ("<<<<<<", "<<<<<<"),
    },
    Zone {
        source: "composed: German provisional identity card, a letter and seven digits",
        lines: &["ITD<<AMSEL<<ANDREA<<<<<<<<<<<<<<<<<<", "A1234567<6D<<6408125<2603313<<<<<<<8"],
        expected: (Format::Td2, "IT", "D", DocumentKind::IdCard),
        name: ("AMSEL", "ANDREA"),
        dates: ("640812", "260331"),
    },
    Zone {
        source: "composed: German passport for children",
        lines: &[
            "PCD<<LACHMOEWE<<LISA<<<<<<<<<<<<<<<<<<<<<<<<",
            "E1234567<4D<<1905043M2512314<<<<<<<<<<<<<<<6",
        ],
        expected: (Format::Td3, "PC", "D", DocumentKind::Passport),
        name: ("LACHMOEWE", "LISA"),
        dates: ("190504", "251231"),
    },
    Zone {
        source: "composed: German passport, sex X written as a filler",
        lines: &[
            "P<D<<CAROLINATAUBE<<CHARLIE<<<<<<<<<<<<<<<<<",
            "C01X0006H1D<<6408125<2702283<<<<<<<<<<<<<<<8",
        ],
        expected: (Format::Td3, "P", "D", DocumentKind::Passport),
        name: ("CAROLINATAUBE", "CHARLIE"),
        dates: ("640812", "270228"),
    },
    Zone {
        source: "composed: German travel document for refugees",
        lines: &[
            "PTD<<BUNTSPECHT<<BERND<BENJAMIN<<<<<<<<<<<<<",
            "G1234CFGH2XXB8801155F2701150<<<<<<<<<<<<<<<6",
        ],
        expected: (Format::Td3, "PT", "D", DocumentKind::Passport),
        name: ("BUNTSPECHT", "BERND BENJAMIN"),
        dates: ("880115", "270115"),
    },
    Zone {
        source: "ICAO Doc 9303-4, 4.2.3: a truncated name, with composed data",
        lines: &[
            "P<UTONILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K",
            "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<<8",
        ],
        expected: (Format::Td3, "P", "UTO", DocumentKind::Passport),
        name: ("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K"),
        dates: ("740812", "120415"),
    },
    Zone {
        source: "composed: no secondary identifier",
        lines: &[
            "P<UTOPINGUIN<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
            "L898902C36UTO7408122F1204159<<<<<<<<<<<<<<<8",
        ],
        expected: (Format::Td3, "P", "UTO", DocumentKind::Passport),
        name: ("PINGUIN", ""),
        dates: ("740812", "120415"),
    },
    Zone {
        source: "composed: a number of fourteen characters",
        lines: &[
            "I<UTOAB1234567<CDEFG1<<<<<<<<<",
            "7408122M3204153UTO<<<<<<<<<<<2",
            "NACHTIGALL<<NINA<NICOLE<<<<<<<",
        ],
        expected: (Format::Td1, "I", "UTO", DocumentKind::IdCard),
        name: ("NACHTIGALL", "NINA NICOLE"),
        dates: ("740812", "320415"),
    },
];
