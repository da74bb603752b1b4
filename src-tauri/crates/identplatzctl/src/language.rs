//! German and English.

use clap::ValueEnum;
use jiff::civil::Date;

/// The language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// German
    De,
    /// English
    En,
}

impl Language {
    /// The language that the environment asks for, German unless it says English. `variable` reads the environment;
    /// POSIX gives the order of the variables.
    pub(crate) fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(variable)
            .find(|locale| !locale.is_empty());
        match locale {
            Some(locale) if locale.to_ascii_lowercase().starts_with("en") => Self::En,
            _ => Self::De,
        }
    }

    /// Of both texts the one in this language.
    pub(crate) fn pick<T>(self, german: T, english: T) -> T {
        match self {
            Self::De => german,
            Self::En => english,
        }
    }

    /// A day as it is written in this language.
    pub(crate) fn day(self, date: Date) -> String {
        date.strftime(self.pick("%d.%m.%Y", "%Y-%m-%d")).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_says_something_decides_and_german_is_the_default() {
        let language = |variables: &[(&str, &str)]| {
            Language::from_environment(|name| {
                variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(language(&[]), Language::De);
        assert_eq!(language(&[("LANG", "C.UTF-8")]), Language::De);
        assert_eq!(language(&[("LANG", "en_GB.UTF-8")]), Language::En);
        assert_eq!(language(&[("LC_ALL", ""), ("LANG", "en_GB.UTF-8")]), Language::En);
        assert_eq!(language(&[("LC_ALL", "de_DE.UTF-8"), ("LANG", "en_GB.UTF-8")]), Language::De);
    }
}
