//! The roots of the production environment.
//!
//! Source: the self-signed root certificates that the operator of gematik's CVC-Root (Eviden, formerly Atos) publishes at
//! <https://pki.atos.net/egk>; also in gematik's OpenHealth-Core, `test-vectors/cvc-chain`. Whoever rolls a release out
//! compares them with the operator's page: a key that is wrong here makes every card of its generation unverifiable, or a
//! forged one genuine.
//!
//! A new root comes every two years; until a release has it, it is added as a file.

use crate::brainpool::{FIELD_BYTES, POINT_BYTES};
use crate::cvc::KeyReference;
use jiff::civil::{Date, date};

/// A root in the table.
pub(super) struct ProductionRoot {
    pub(super) name: KeyReference,
    pub(super) valid_from: Date,
    pub(super) valid_until: Date,
    pub(super) point: [u8; POINT_BYTES],
}

const fn root(number: [u8; 3], valid_from: Date, valid_until: Date, x: &str, y: &str) -> ProductionRoot {
    let name = KeyReference::new(*b"DEZGW", number);
    ProductionRoot { name, valid_from, valid_until, point: uncompressed(x, y) }
}

/// Every root from the first one of generation 2 on.
pub(super) const PRODUCTION_ROOTS: [ProductionRoot; 7] = [
    root(
        [0x81, 0x02, 0x14],
        date(2014, 7, 8),
        date(2024, 7, 7),
        "88c2f43eb17fbf0689296f0bf25f2ad71fad0022edb3711365ec71b83ee26b7e",
        "286782fede14b239afea69383069fc112ed2237eeb1758cc60f037143c1da8d2",
    ),
    root(
        [0x82, 0x02, 0x16],
        date(2016, 6, 7),
        date(2026, 6, 6),
        "a42ee03e1e077b5db4dc347d3e22ce02ac3f44f0ad583ecb2f57e69ec96089da",
        "78b619056e17932fe64b1b41e21c05ee546d2909dc357e35612e1a2479c10d55",
    ),
    root(
        [0x83, 0x02, 0x18],
        date(2018, 5, 23),
        date(2028, 5, 22),
        "7c807128394d17dea746b55ee26d993ad3fb1bac7b649ce5da9af265c2bf1515",
        "598a37b9f9f9347151cecbf9756caa03b2866ee7ea220b4df80028f08f779bd5",
    ),
    root(
        [0x84, 0x02, 0x20],
        date(2020, 5, 13),
        date(2030, 5, 12),
        "00c6ebb5b22db0b11bbc632e173b94f42d81e90d8a1b0d6d73bda38974065164",
        "9a694ade782bd577b8bec6dffad37e14503599896bf4e7a739a34d9d8d783a3e",
    ),
    root(
        [0x85, 0x02, 0x22],
        date(2022, 5, 5),
        date(2032, 5, 4),
        "62df8742130fed6b8258aef76627aba1bc8f0d35122d7a09992518cd05f6318e",
        "9d7d89bbcc60e5b4608292c1b3fbda89ee8a3406069f038c6722c8d5aad5f2d3",
    ),
    root(
        [0x86, 0x02, 0x24],
        date(2024, 4, 24),
        date(2034, 4, 23),
        "9ec5add782e97c0852e88520226cb6b72ccbbc67c41ae6d16f2c1e128b90d0a4",
        "1fcfb5257da3e3c6889196bc68eb66a12f3c36f902049ba2dffe3889beaa979e",
    ),
    root(
        [0x87, 0x02, 0x26],
        date(2026, 4, 15),
        date(2036, 4, 14),
        "10ae4964dc71ecd41f937a303ce302e84a3305e7f9606cedfecae0d99983bc8c",
        "7c9ce8a2d46141bbdc83ed356f2cf6534ca2473ca676e0bbae69129bac6a3d6e",
    ),
];

/// `04`, X, Y; anything but 64 hexadecimal digits each doesn't compile.
const fn uncompressed(x: &str, y: &str) -> [u8; POINT_BYTES] {
    assert!(
        x.len() == 2 * FIELD_BYTES && y.len() == 2 * FIELD_BYTES,
        "a coordinate has 64 hexadecimal digits"
    );
    let mut point = [0x04; POINT_BYTES];
    let mut index = 0;
    while index < FIELD_BYTES {
        point[1 + index] = byte(x, index);
        point[1 + FIELD_BYTES + index] = byte(y, index);
        index += 1;
    }
    point
}

const fn byte(hex: &str, index: usize) -> u8 {
    nibble(hex.as_bytes()[2 * index]) << 4 | nibble(hex.as_bytes()[2 * index + 1])
}

const fn nibble(digit: u8) -> u8 {
    assert!(digit.is_ascii_digit() || matches!(digit, b'a'..=b'f'), "a coordinate has 64 hexadecimal digits");
    if digit.is_ascii_digit() { digit - b'0' } else { digit - b'a' + 10 }
}
