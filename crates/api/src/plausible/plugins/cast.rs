//! What a request has to look like. Where it does not, the answer has the sentence that Plausible's has.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::Failure;

/// A member that may not be left out.
pub(super) fn needed<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<&'a Value, Failure> {
    fields.get(name).ok_or_else(|| Failure::invalid(format!("Missing field: {name}")))
}

/// An object.
pub(super) fn object(value: &Value) -> Result<&Map<String, Value>, Failure> {
    value.as_object().ok_or_else(|| wrong("object", value))
}

/// A text.
pub(super) fn text(value: &Value) -> Result<&str, Failure> {
    value.as_str().ok_or_else(|| wrong("string", value))
}

/// A whole number.
pub(super) fn integer(value: &Value) -> Result<i64, Failure> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).ok_or_else(|| wrong("integer", value))
}

/// Yes or no.
pub(super) fn flag(value: &Value) -> Result<bool, Failure> {
    value.as_bool().or_else(|| value.as_str()?.parse().ok()).ok_or_else(|| wrong("boolean", value))
}

/// A list with this many members.
pub(super) fn list(value: &Value, counts: RangeInclusive<usize>) -> Result<&[Value], Failure> {
    let members = value.as_array().ok_or_else(|| wrong("array", value))?;
    let (length, least, most) = (members.len(), counts.start(), counts.end());
    if length < *least {
        return Err(Failure::invalid(format!("Array length {length} is smaller than minItems: {least}")));
    }
    if length > *most {
        return Err(Failure::invalid(format!("Array length {length} is larger than maxItems: {most}")));
    }
    Ok(members)
}

fn wrong(expected: &str, value: &Value) -> Failure {
    let kind = match value {
        Value::Null => return Failure::invalid(format!("null value where {expected} expected")),
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    Failure::invalid(format!("Invalid {expected}. Got: {kind}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        let told = |failure: Failure| failure.1.join(" ");
        assert_eq!(told(integer(&json!("hello")).unwrap_err()), "Invalid integer. Got: string");
        assert_eq!(told(integer(&json!(1.5)).unwrap_err()), "Invalid integer. Got: number");
        assert_eq!(told(flag(&json!("1234")).unwrap_err()), "Invalid boolean. Got: string");
        assert_eq!(told(text(&json!(7)).unwrap_err()), "Invalid string. Got: integer");
        assert_eq!(told(text(&json!(null)).unwrap_err()), "null value where string expected");
        assert_eq!(told(object(&json!([])).unwrap_err()), "Invalid object. Got: array");
        assert_eq!(told(list(&json!({}), 1..=2).unwrap_err()), "Invalid array. Got: object");
        assert_eq!(told(list(&json!([]), 1..=2).unwrap_err()), "Array length 0 is smaller than minItems: 1");
        assert_eq!(told(list(&json!([1, 2, 3]), 1..=2).unwrap_err()), "Array length 3 is larger than maxItems: 2");
        assert_eq!(told(needed(&Map::new(), "goals").unwrap_err()), "Missing field: goals");
    }

    #[test]
    fn numbers_and_flags_may_be_written_as_texts() {
        assert_eq!((integer(&json!("-7")).unwrap(), integer(&json!(7)).unwrap()), (-7, 7));
        assert!(flag(&json!("true")).unwrap() && flag(&json!(true)).unwrap() && !flag(&json!("false")).unwrap());
        assert_eq!(list(&json!([1, 2]), 1..=2).unwrap().len(), 2);
    }
}
