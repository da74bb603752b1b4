//! What somebody at the table can ask for.

/// One line of the terminal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Nothing,
    Help,
    Quit,
    List {
        all: bool,
    },
    Documents {
        all: bool,
    },
    Pins,
    Pull,
    Carer,
    Sheets,
    /// A card, by its name or by its number in the list.
    Insert(String),
    /// A travel document onto the other reader, named as a card is.
    Lay(String),
    Take,
    Register(String),
    /// The app that registered last shows its visit number.
    Number,
    Redeem {
        carer: bool,
    },
    Set(Machine, State),
}

/// Something that can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Machine {
    Printer,
    Service,
}

/// How a machine should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Fine,
    Empty,
    Jam,
    Stop,
    Gone,
    Down,
    Slow,
}

/// A line that means nothing here.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Odd(String);

impl std::fmt::Display for Odd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` means nothing here", self.0)
    }
}

impl Order {
    /// Reads a line.
    pub(crate) fn parse(line: &str) -> Result<Self, Odd> {
        let odd = || Odd(line.trim().to_owned());
        Ok(match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            [] => Self::Nothing,
            ["help" | "?"] => Self::Help,
            ["quit" | "exit"] => Self::Quit,
            ["list"] => Self::List { all: false },
            ["list", "all"] => Self::List { all: true },
            ["documents"] => Self::Documents { all: false },
            ["documents", "all"] => Self::Documents { all: true },
            ["lay", document] => Self::Lay((*document).to_owned()),
            ["take"] => Self::Take,
            ["pins"] => Self::Pins,
            ["pull"] => Self::Pull,
            ["carer"] => Self::Carer,
            ["sheets"] => Self::Sheets,
            ["number"] => Self::Number,
            ["redeem"] => Self::Redeem { carer: false },
            ["redeem", "carer"] => Self::Redeem { carer: true },
            ["register", card] => Self::Register((*card).to_owned()),
            ["printer", state] => Self::Set(Machine::Printer, State::parse(state).ok_or_else(odd)?),
            ["service", state] => Self::Set(Machine::Service, State::parse(state).ok_or_else(odd)?),
            [card] => Self::Insert((*card).to_owned()),
            _ => return Err(odd()),
        })
    }
}

impl State {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "ok" | "up" => Self::Fine,
            "empty" => Self::Empty,
            "jam" => Self::Jam,
            "stop" => Self::Stop,
            "gone" => Self::Gone,
            "down" => Self::Down,
            "slow" => Self::Slow,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_alone_is_a_card() {
        assert_eq!(Order::parse("  buntspecht "), Ok(Order::Insert("buntspecht".to_owned())));
        assert_eq!(Order::parse("3"), Ok(Order::Insert("3".to_owned())));
    }

    #[test]
    fn a_document_is_laid_down_and_taken_back() {
        assert_eq!(Order::parse("lay passport-amsel"), Ok(Order::Lay("passport-amsel".to_owned())));
        assert_eq!(Order::parse("take"), Ok(Order::Take));
        assert_eq!(Order::parse("documents"), Ok(Order::Documents { all: false }));
    }

    #[test]
    fn machines_break_and_are_mended() {
        assert_eq!(Order::parse("printer jam"), Ok(Order::Set(Machine::Printer, State::Jam)));
        assert_eq!(Order::parse("service up"), Ok(Order::Set(Machine::Service, State::Fine)));
        assert!(Order::parse("printer on fire").is_err());
        assert!(Order::parse("printer sad").is_err());
    }

    #[test]
    fn an_empty_line_does_nothing() {
        assert_eq!(Order::parse("   "), Ok(Order::Nothing));
    }
}
