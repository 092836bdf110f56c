//! How things are written in JSON.

use footfall_model::Millis;
use serde_json::Value;

use crate::matomo::Reply;

/// A JSON answer.
pub(crate) fn json(status: u16, value: &Value) -> Reply {
    Reply { status, content_type: "application/json; charset=utf-8", headers: Vec::new(), body: value.to_string().into_bytes() }
}

/// An answer without a body.
pub(crate) fn nothing() -> Reply {
    Reply { status: 204, content_type: "application/json; charset=utf-8", headers: Vec::new(), body: Vec::new() }
}

/// A moment in RFC 3339, in whole seconds.
pub(crate) fn moment(at: Millis) -> Value {
    Value::String(Millis::from_seconds(at.seconds()).timestamp().to_string())
}

/// A moment that may not be known.
pub(crate) fn maybe_moment(at: Option<Millis>) -> Value {
    at.map_or(Value::Null, moment)
}

/// A number that is whole where it can be.
pub(crate) fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Value::from(value as i64);
    }
    serde_json::Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// A number that may have no meaning.
pub(crate) fn maybe_number(value: Option<f64>) -> Value {
    value.map_or(Value::Null, number)
}
