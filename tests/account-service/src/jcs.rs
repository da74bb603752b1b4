//! JSON as a record may be written, and its one byte form: JCS (RFC 8785).
//!
//! Written for this service, so that it is a second opinion on what a desk signs. Records hold no other numbers than
//! whole ones within ±(2^53−1), which JCS writes as decimal digits; everything else is refused when it is read, and so
//! is a member that occurs twice, which no two readers need take in the same way.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

/// The largest whole number that every reader of JSON takes for the same (RFC 8785, 3.2.2.3).
const MAX_NUMBER: u64 = (1 << 53) - 1;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
    Array(Vec<Self>),
    Object(Object),
}

/// Members by name, each once.
pub(crate) type Object = BTreeMap<String, Json>;

impl Json {
    /// The members of an object.
    pub(crate) fn as_object(&self) -> Option<&Object> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// The canonical form.
    pub(crate) fn canonical(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Text(text) => write_text(text, out),
            Self::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => write_object(members, out),
        }
    }
}

/// The canonical form of an object.
pub(crate) fn canonical(members: &Object) -> String {
    let mut text = String::new();
    write_object(members, &mut text);
    text
}

/// Members in the order of their names' UTF-16 code units (RFC 8785, 3.2.3).
fn write_object(members: &Object, out: &mut String) {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    out.push('{');
    for (index, (name, member)) in sorted.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_text(name, out);
        out.push(':');
        member.write(out);
    }
    out.push('}');
}

/// A string with the escapes of ECMAScript (RFC 8785, 3.2.2.2) and no others.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{9}' => out.push_str("\\t"),
            '\u{a}' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\u{d}' => out.push_str("\\r"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_any(AnyJson)
    }
}

struct AnyJson;

impl<'de> Visitor<'de> for AnyJson {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON with whole numbers only")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        if value.unsigned_abs() > MAX_NUMBER {
            return Err(E::custom("a number that is too large"));
        }
        Ok(Json::Number(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        let number = i64::try_from(value).map_err(|_| E::custom("a number that is too large"))?;
        self.visit_i64(number)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element()? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = Object::new();
        while let Some((name, member)) = members.next_entry::<String, Json>()? {
            if object.insert(name, member).is_some() {
                return Err(A::Error::custom("a member twice"));
            }
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        serde_json::from_str::<Json>(text).unwrap().canonical()
    }

    #[test]
    fn strings_and_literals_are_written_as_in_the_example_of_rfc_8785_section_3_2_2() {
        let input =
            r#"{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null, true, false]}"#;
        let output = r#"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
        assert_eq!(canonical(input), output);
    }

    #[test]
    fn members_are_sorted_as_in_the_example_of_rfc_8785_section_3_2_3() {
        let input = r#"{
            "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
        }"#;
        let sorted: Json = serde_json::from_str(&canonical(input)).unwrap();
        assert_eq!(sorted.as_object().unwrap().len(), 7);
        let order = [
            "Carriage Return",
            "One",
            "Control",
            "Latin Small Letter O With Diaeresis",
            "Euro Sign",
            "Emoji: Grinning Face",
            "Hebrew Letter Dalet With Dagesh",
        ];
        let text = canonical(input);
        let places: Vec<_> = order.iter().map(|name| text.find(name).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn the_order_and_the_blanks_of_a_body_do_not_matter() {
        assert_eq!(
            canonical("{\"b\":[1,-2 ,0],\n\"a\":{\"d\":1,\"c\":2}}"),
            r#"{"a":{"c":2,"d":1},"b":[1,-2,0]}"#
        );
    }

    #[test]
    fn what_two_readers_could_take_in_two_ways_is_refused() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":{"b":1,"b":2}}"#,
            "1.5",
            "1e3",
            "9007199254740992",
            "-9007199254740992",
            "18446744073709551616",
            r#""\ud800""#,
        ] {
            assert!(serde_json::from_str::<Json>(text).is_err(), "{text}");
        }
        assert_eq!(canonical("9007199254740991"), "9007199254740991");
    }
}
