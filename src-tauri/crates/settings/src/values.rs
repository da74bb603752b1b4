//! Every value with its key and where it comes from, for the window and for `identplatzctl`.

use serde::Serialize;
use toml::Value as Toml;

use crate::{Profile, Settings, Source};

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Dotted: `code.valid_days`, `purposes.epa.level`.
    pub key: String,
    /// As it is written in the file; lists with commas, nothing for an empty one.
    pub value: String,
    /// Who says so.
    pub source: Source,
}

impl Settings {
    /// Everything that is set, the profile's values first, each list in the order of its keys. No value is a secret.
    #[must_use]
    pub fn values(&self) -> Vec<Value> {
        let profile = flat(&self.profile).into_iter().map(|(key, value)| {
            let tightened = self.tightened.iter().any(|it| is_below(&key, it));
            let source = if tightened { &self.desk_source } else { &self.profile_source };
            Value { key, value, source: source.clone() }
        });
        let desk = flat(&self.desk).into_iter();
        let desk = desk.map(|(key, value)| Value { key, value, source: self.desk_source.clone() });
        profile.chain(desk).collect()
    }
}

impl Profile {
    /// Keys and values alone, of a profile without a desk.
    #[must_use]
    pub fn values(&self) -> Vec<(String, String)> {
        flat(self)
    }
}

fn is_below(key: &str, upper: &str) -> bool {
    key.strip_prefix(upper).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn flat<T: Serialize>(settings: &T) -> Vec<(String, String)> {
    let mut values = Vec::new();
    // What was read from TOML can be written as TOML.
    if let Ok(value) = Toml::try_from(settings) {
        add("", &value, &mut values);
    }
    values
}

fn add(key: &str, value: &Toml, values: &mut Vec<(String, String)>) {
    let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
    match value {
        Toml::Table(table) => {
            for (name, value) in table {
                add(&below(name), value, values);
            }
        }
        Toml::Array(lines) if lines.iter().any(Toml::is_table) => {
            for line in lines {
                let (name, rest) = named(line);
                add(&below(&name), &rest, values);
            }
        }
        Toml::Array(items) => {
            let items: Vec<_> = items.iter().map(shown).collect();
            values.push((key.to_owned(), items.join(", ")));
        }
        Toml::String(_) | Toml::Integer(_) | Toml::Float(_) | Toml::Boolean(_) | Toml::Datetime(_) => {
            values.push((key.to_owned(), shown(value)));
        }
    }
}

/// A line of a list by what it is about, and the rest of it.
fn named(line: &Toml) -> (String, Toml) {
    let mut rest = line.clone();
    let name = rest.as_table_mut().and_then(|it| it.remove("purpose").or_else(|| it.remove("document")));
    (name.as_ref().map_or_else(String::new, shown), rest)
}

fn shown(value: &Toml) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
