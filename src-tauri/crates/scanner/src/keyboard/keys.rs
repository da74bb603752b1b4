//! Key strokes as a German keyboard shows them. Pure.
//!
//! A scanner doesn't know the keyboard of its host: it presses the keys that would type its text on the keyboard it is set up for.
//! What it types is given as any German desktop would see it (DIN 2137-1, layout T1), for decoders know what a device that is set
//! up for the United States looks like there: `;` for `<`, and Y and Z exchanged.

use evdev::KeyCode;

/// Stands for a character that isn't ASCII, and for keys pressed with Alt or a logo key. No zone has it.
const OTHER: u8 = b'?';
/// Values of a key's event (linux/input-event-codes.h): released, pressed; 2 is repeated, by the kernel.
const RELEASED: i32 = 0;
const PRESSED: i32 = 1;

/// What is held down.
#[derive(Default)]
pub(super) struct Keys {
    shift: Pair,
    control: Pair,
    alt: Pair,
    logo: Pair,
}

/// A modifier's left and right key.
#[derive(Default)]
struct Pair {
    left: bool,
    right: bool,
}

impl Keys {
    /// A key's event; the byte, if it types one.
    pub(super) fn event(&mut self, key: KeyCode, value: i32) -> Option<u8> {
        if let Some(held) = self.modifier(key) {
            *held = value != RELEASED;
            return None;
        }
        if value != PRESSED {
            return None;
        }
        let [plain, shifted, third] = characters(key)?;
        Some(match () {
            () if self.alt.left || self.logo.left || self.logo.right => OTHER,
            () if self.alt.right => third,
            () if self.control.left || self.control.right => control(plain),
            () if self.shift.left || self.shift.right => shifted,
            () => plain,
        })
    }

    fn modifier(&mut self, key: KeyCode) -> Option<&mut bool> {
        Some(match key {
            KeyCode::KEY_LEFTSHIFT => &mut self.shift.left,
            KeyCode::KEY_RIGHTSHIFT => &mut self.shift.right,
            KeyCode::KEY_LEFTCTRL => &mut self.control.left,
            KeyCode::KEY_RIGHTCTRL => &mut self.control.right,
            KeyCode::KEY_LEFTALT => &mut self.alt.left,
            KeyCode::KEY_RIGHTALT => &mut self.alt.right,
            KeyCode::KEY_LEFTMETA => &mut self.logo.left,
            KeyCode::KEY_RIGHTMETA => &mut self.logo.right,
            _ => return None,
        })
    }
}

/// Control characters are typed with their letter: STX is Ctrl+B.
fn control(plain: u8) -> u8 {
    if plain.is_ascii_lowercase() { plain & 0x1F } else { plain }
}

/// What a key types alone, with Shift, and with AltGr; `None` for keys without a character, such as Caps Lock.
fn characters(key: KeyCode) -> Option<[u8; 3]> {
    Some(*match key {
        KeyCode::KEY_GRAVE => b"^??",
        KeyCode::KEY_1 => b"1!?",
        KeyCode::KEY_2 => b"2\"?",
        KeyCode::KEY_3 => b"3??",
        KeyCode::KEY_4 => b"4$?",
        KeyCode::KEY_5 => b"5%?",
        KeyCode::KEY_6 => b"6&?",
        KeyCode::KEY_7 => b"7/{",
        KeyCode::KEY_8 => b"8([",
        KeyCode::KEY_9 => b"9)]",
        KeyCode::KEY_0 => b"0=}",
        KeyCode::KEY_MINUS => b"??\\",
        KeyCode::KEY_EQUAL => b"?`?",
        KeyCode::KEY_TAB => b"\t\t\t",
        KeyCode::KEY_Q => b"qQ@",
        KeyCode::KEY_W => b"wW?",
        KeyCode::KEY_E => b"eE?",
        KeyCode::KEY_R => b"rR?",
        KeyCode::KEY_T => b"tT?",
        KeyCode::KEY_Y => b"zZ?",
        KeyCode::KEY_U => b"uU?",
        KeyCode::KEY_I => b"iI?",
        KeyCode::KEY_O => b"oO?",
        KeyCode::KEY_P => b"pP?",
        KeyCode::KEY_RIGHTBRACE => b"+*~",
        KeyCode::KEY_ENTER | KeyCode::KEY_KPENTER => b"\r\r\r",
        KeyCode::KEY_A => b"aA?",
        KeyCode::KEY_S => b"sS?",
        KeyCode::KEY_D => b"dD?",
        KeyCode::KEY_F => b"fF?",
        KeyCode::KEY_G => b"gG?",
        KeyCode::KEY_H => b"hH?",
        KeyCode::KEY_J => b"jJ?",
        KeyCode::KEY_K => b"kK?",
        KeyCode::KEY_L => b"lL?",
        KeyCode::KEY_LEFTBRACE | KeyCode::KEY_SEMICOLON | KeyCode::KEY_APOSTROPHE => &[OTHER; 3],
        KeyCode::KEY_BACKSLASH => b"#'?",
        KeyCode::KEY_102ND => b"<>|",
        KeyCode::KEY_Z => b"yY?",
        KeyCode::KEY_X => b"xX?",
        KeyCode::KEY_C => b"cC?",
        KeyCode::KEY_V => b"vV?",
        KeyCode::KEY_B => b"bB?",
        KeyCode::KEY_N => b"nN?",
        KeyCode::KEY_M => b"mM?",
        KeyCode::KEY_COMMA => b",;?",
        KeyCode::KEY_DOT => b".:?",
        KeyCode::KEY_SLASH => b"-_?",
        KeyCode::KEY_SPACE => b"   ",
        KeyCode::KEY_KP0 => b"000",
        KeyCode::KEY_KP1 => b"111",
        KeyCode::KEY_KP2 => b"222",
        KeyCode::KEY_KP3 => b"333",
        KeyCode::KEY_KP4 => b"444",
        KeyCode::KEY_KP5 => b"555",
        KeyCode::KEY_KP6 => b"666",
        KeyCode::KEY_KP7 => b"777",
        KeyCode::KEY_KP8 => b"888",
        KeyCode::KEY_KP9 => b"999",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(strokes: &[(KeyCode, i32)]) -> String {
        let mut keys = Keys::default();
        let bytes = strokes.iter().filter_map(|(key, value)| keys.event(*key, *value)).collect();
        String::from_utf8(bytes).unwrap()
    }

    /// The key pressed and released while others are held.
    fn with(held: &[KeyCode], key: KeyCode) -> String {
        let mut strokes: Vec<_> = held.iter().map(|held| (*held, PRESSED)).collect();
        strokes.extend([(key, PRESSED), (key, RELEASED)]);
        strokes.extend(held.iter().map(|held| (*held, RELEASED)));
        strokes.extend([(KeyCode::KEY_0, PRESSED), (KeyCode::KEY_0, RELEASED)]);
        typed(&strokes).strip_suffix('0').unwrap().to_owned()
    }

    #[test]
    fn a_key_types_what_is_printed_on_a_german_keyboard() {
        use KeyCode as K;
        for (key, alone, shifted) in [
            (K::KEY_A, "a", "A"),
            (K::KEY_Y, "z", "Z"),
            (K::KEY_Z, "y", "Y"),
            (K::KEY_102ND, "<", ">"),
            (K::KEY_COMMA, ",", ";"),
            (K::KEY_DOT, ".", ":"),
            (K::KEY_7, "7", "/"),
            (K::KEY_ENTER, "\r", "\r"),
            (K::KEY_TAB, "\t", "\t"),
            (K::KEY_KP5, "5", "5"),
            (K::KEY_SEMICOLON, "?", "?"),
        ] {
            assert_eq!(with(&[], key), alone, "{key:?}");
            assert_eq!(with(&[K::KEY_LEFTSHIFT], key), shifted, "{key:?}");
            assert_eq!(with(&[K::KEY_RIGHTSHIFT], key), shifted, "{key:?}");
            assert_eq!(with(&[K::KEY_LEFTSHIFT, K::KEY_RIGHTSHIFT], key), shifted, "{key:?}");
        }
        assert_eq!(with(&[K::KEY_RIGHTALT], K::KEY_9), "]");
    }

    #[test]
    fn a_key_types_once_however_long_it_is_held() {
        let held =
            [(KeyCode::KEY_A, PRESSED), (KeyCode::KEY_A, 2), (KeyCode::KEY_A, 2), (KeyCode::KEY_A, RELEASED)];
        assert_eq!(typed(&held), "a");
        let shift =
            [(KeyCode::KEY_LEFTSHIFT, PRESSED), (KeyCode::KEY_LEFTSHIFT, 2), (KeyCode::KEY_A, PRESSED)];
        assert_eq!(typed(&shift), "A");
    }

    #[test]
    fn control_characters_are_typed_with_their_letter() {
        assert_eq!(with(&[KeyCode::KEY_LEFTCTRL], KeyCode::KEY_B), "\u{2}");
        assert_eq!(with(&[KeyCode::KEY_RIGHTCTRL], KeyCode::KEY_C), "\u{3}");
        assert_eq!(with(&[KeyCode::KEY_LEFTCTRL], KeyCode::KEY_ENTER), "\r");
    }

    #[test]
    fn what_no_zone_can_hold_does_not_pass_for_it() {
        assert_eq!(with(&[KeyCode::KEY_LEFTALT], KeyCode::KEY_KP6), "?");
        assert_eq!(with(&[KeyCode::KEY_LEFTMETA], KeyCode::KEY_A), "?");
        assert_eq!(with(&[KeyCode::KEY_RIGHTALT], KeyCode::KEY_A), "?");
    }

    #[test]
    fn keys_without_a_character_type_nothing() {
        for key in [KeyCode::KEY_CAPSLOCK, KeyCode::KEY_NUMLOCK, KeyCode::KEY_F12, KeyCode::KEY_ESC] {
            assert_eq!(with(&[], key), "", "{key:?}");
        }
    }
}
