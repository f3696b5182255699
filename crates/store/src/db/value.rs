//! Values on their way to and from a column.

use super::Fault;

/// What both databases can hold: text, 64-bit integers, truth; each can be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(Option<String>),
    BigInt(Option<i64>),
    Boolean(Option<bool>),
}

/// A type that one column holds.
pub trait Column: Sized {
    fn to_value(&self) -> Value;
    /// The missing value of this column's type.
    fn null() -> Value;
    /// # Errors
    /// `Fault::Unreadable` for what this type cannot be.
    fn from_value(value: Value) -> Result<Self, Fault>;
}

impl Value {
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Text(None) | Self::BigInt(None) | Self::Boolean(None))
    }
}

fn unreadable<T>(value: &Value) -> Result<T, Fault> {
    let kind = match value {
        Value::Text(_) => "text",
        Value::BigInt(_) => "an integer",
        Value::Boolean(_) => "a truth value",
    };
    Err(Fault::Unreadable(format!("{kind} where {} is due", std::any::type_name::<T>())))
}

impl Column for String {
    fn to_value(&self) -> Value {
        Value::Text(Some(self.clone()))
    }
    fn null() -> Value {
        Value::Text(None)
    }
    fn from_value(value: Value) -> Result<Self, Fault> {
        match value {
            Value::Text(Some(text)) => Ok(text),
            other => unreadable(&other),
        }
    }
}

impl Column for i64 {
    fn to_value(&self) -> Value {
        Value::BigInt(Some(*self))
    }
    fn null() -> Value {
        Value::BigInt(None)
    }
    fn from_value(value: Value) -> Result<Self, Fault> {
        match value {
            Value::BigInt(Some(number)) => Ok(number),
            other => unreadable(&other),
        }
    }
}

impl Column for bool {
    fn to_value(&self) -> Value {
        Value::Boolean(Some(*self))
    }
    fn null() -> Value {
        Value::Boolean(None)
    }
    fn from_value(value: Value) -> Result<Self, Fault> {
        match value {
            Value::Boolean(Some(truth)) => Ok(truth),
            Value::BigInt(Some(number)) => Ok(number != 0), // SQLite keeps truth as 0 and 1
            other => unreadable(&other),
        }
    }
}

impl<T: Column> Column for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or_else(T::null, T::to_value)
    }
    fn null() -> Value {
        T::null()
    }
    fn from_value(value: Value) -> Result<Self, Fault> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }
}
