use std::sync::Arc;

/// Shared text: cheap to clone, since the same labels pass through many rows.
pub type Text = Arc<str>;

/// One value of a fact, a group key or a measure.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// Nothing was said.
    #[default]
    Null,
    /// A whole number: counts, identifiers below 2^63, milliseconds.
    Int(i64),
    /// A real number: money, ratios.
    Real(f64),
    /// Text.
    Text(Text),
}

/// A [`Value`] seen where it stands: nothing is copied to look at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    /// Nothing was said.
    Null,
    /// A whole number.
    Int(i64),
    /// A real number.
    Real(f64),
    /// Text.
    Text(&'a str),
}

impl<'a> ValueRef<'a> {
    /// The text, when this is text.
    pub fn as_str(self) -> Option<&'a str> {
        match self {
            ValueRef::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, when this is one (a real number is cut).
    pub fn as_i64(self) -> Option<i64> {
        match self {
            ValueRef::Int(number) => Some(number),
            ValueRef::Real(number) => Some(number as i64),
            _ => None,
        }
    }

    /// The number, when this is one.
    pub fn as_f64(self) -> Option<f64> {
        match self {
            ValueRef::Int(number) => Some(number as f64),
            ValueRef::Real(number) => Some(number),
            _ => None,
        }
    }
}

impl From<ValueRef<'_>> for Value {
    fn from(seen: ValueRef<'_>) -> Value {
        match seen {
            ValueRef::Null => Value::Null,
            ValueRef::Int(number) => Value::Int(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(text) => Value::text(text),
        }
    }
}

impl Value {
    /// The value where it stands.
    pub fn seen(&self) -> ValueRef<'_> {
        match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Int(*number),
            Value::Real(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text),
        }
    }

    /// Text from a borrowed string.
    pub fn text(given: &str) -> Value {
        Value::Text(Arc::from(given))
    }

    /// The text, when this is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, when this is one (a real number is cut).
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            Value::Real(number) => Some(*number as i64),
            _ => None,
        }
    }

    /// The number, when this is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Int(number) => Some(*number as f64),
            Value::Real(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether nothing was said.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Real(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::text(text)
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Value {
        Value::Text(text)
    }
}
