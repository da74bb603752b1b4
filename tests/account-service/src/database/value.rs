//! Parameters and rows, the same for both databases.

use jiff::{Timestamp, civil::Date};

use super::Error;

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// The parameters of a statement, in the order of their numbers.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::database::value::ToValue::to_value(&$value)),*]
    };
}
pub(crate) use params;

/// What can be a parameter.
pub(crate) trait ToValue {
    fn to_value(&self) -> Value;
}

macro_rules! to_value {
    ($($type:ty: $value:ident => $to:expr;)+) => {$(
        impl ToValue for $type {
            fn to_value(&self) -> Value {
                let $value = self;
                $to
            }
        }
    )+};
}

to_value! {
    bool: value => Value::Boolean(*value);
    u8: value => Value::Integer(i64::from(*value));
    u16: value => Value::Integer(i64::from(*value));
    u32: value => Value::Integer(i64::from(*value));
    i32: value => Value::Integer(i64::from(*value));
    i64: value => Value::Integer(*value);
    str: value => Value::Text(value.to_owned());
    String: value => Value::Text(value.clone());
    [u8]: value => Value::Bytes(value.to_vec());
    Vec<u8>: value => Value::Bytes(value.clone());
    Timestamp: value => Value::Integer(value.as_microsecond());
    Date: value => Value::Text(value.to_string());
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

/// What a column can be read as.
pub(crate) trait FromValue: Sized {
    /// `None` when the value is of another kind or out of range.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! from_value {
    ($($type:ty: $($pattern:pat => $from:expr),+;)+) => {$(
        impl FromValue for $type {
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    $($pattern => $from,)+
                    _ => None,
                }
            }
        }
    )+};
}

from_value! {
    // SQLite keeps a truth value as a number.
    bool: Value::Boolean(value) => Some(*value), Value::Integer(0) => Some(false), Value::Integer(1) => Some(true);
    u8: Value::Integer(value) => Self::try_from(*value).ok();
    u16: Value::Integer(value) => Self::try_from(*value).ok();
    u32: Value::Integer(value) => Self::try_from(*value).ok();
    u64: Value::Integer(value) => Self::try_from(*value).ok();
    i32: Value::Integer(value) => Self::try_from(*value).ok();
    i64: Value::Integer(value) => Some(*value);
    String: Value::Text(value) => Some(value.clone());
    Vec<u8>: Value::Bytes(value) => Some(value.clone());
    Timestamp: Value::Integer(value) => Self::from_microsecond(*value).ok();
    Date: Value::Text(value) => value.parse().ok();
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: &Value) -> Option<Self> {
        Vec::from_value(value)?.try_into().ok()
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        if *value == Value::Null { Some(None) } else { T::from_value(value).map(Some) }
    }
}

/// A row of an answer.
pub(crate) struct Row(pub(super) Vec<(String, Value)>);

impl Row {
    /// The value in the column of that name.
    ///
    /// # Errors
    /// No such column, or one of another type.
    pub(crate) fn get<T: FromValue>(&self, column: &str) -> Result<T, Error> {
        let found = self.0.iter().find(|(name, _)| name == column);
        let read = found.and_then(|(_, value)| T::from_value(value));
        read.ok_or_else(|| Error::unexpected(&format!("the column {column:?} is not as expected")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: Value) -> Row {
        Row(vec![("column".to_owned(), value)])
    }

    #[test]
    fn a_value_is_read_as_what_was_written_and_as_nothing_else() {
        let [moment, none, number] = params![Timestamp::UNIX_EPOCH, None::<String>, 300_u16];
        assert_eq!(row(moment.clone()).get::<Timestamp>("column").unwrap(), Timestamp::UNIX_EPOCH);
        assert_eq!(row(none.clone()).get::<Option<String>>("column").unwrap(), None);
        assert!(row(none.clone()).get::<String>("column").is_err());
        assert!(row(number.clone()).get::<u8>("column").is_err());
        assert!(row(number.clone()).get::<u16>("another").is_err());
        assert!(row(Value::Integer(2)).get::<bool>("column").is_err());
    }
}
