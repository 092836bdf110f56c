//! JSON values as Plausible's error messages show them: in the notation of Elixir.

use serde_json::Value;

/// How many members of a list or map are shown.
const MEMBERS: usize = 50;
/// How many characters of a text are shown.
const LETTERS: usize = 4096;

/// A value in the notation of Elixir.
pub(super) fn inspect(value: &Value) -> String {
    match value {
        Value::Null => "nil".to_owned(),
        Value::Bool(held) => held.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(values) => format!("[{}]", joined(values.iter().map(inspect), values.len())),
        Value::Object(fields) => {
            let shown = fields.iter().map(|(key, value)| format!("{} => {}", quoted(key), inspect(value)));
            format!("%{{{}}}", joined(shown, fields.len()))
        }
    }
}

fn joined(members: impl Iterator<Item = String>, n: usize) -> String {
    let mut shown: Vec<String> = members.take(MEMBERS).collect();
    if n > MEMBERS {
        shown.push("...".to_owned());
    }
    shown.join(", ")
}

fn quoted(text: &str) -> String {
    let mut shown = String::from("\"");
    let mut signs = text.chars().peekable();
    let mut n = 0;
    while let Some(sign) = signs.next() {
        n += 1;
        if n > LETTERS {
            shown.push_str("\" <> ...");
            return shown;
        }
        match sign {
            '"' => shown.push_str("\\\""),
            '\\' => shown.push_str("\\\\"),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '\0' => shown.push_str("\\0"),
            '#' if signs.peek() == Some(&'{') => shown.push_str("\\#"),
            sign if sign.is_control() => shown.push_str(&format!("\\x{:02X}", u32::from(sign))),
            sign => shown.push(sign),
        }
    }
    shown.push('"');
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_shown_in_elixir() {
        assert_eq!(inspect(&json!(["is", "a\"b", [1, null, true]])), r#"["is", "a\"b", [1, nil, true]]"#);
        assert_eq!(inspect(&json!({"case_sensitive": false})), r#"%{"case_sensitive" => false}"#);
        assert_eq!(inspect(&json!("#{x}\n")), "\"\\#{x}\\n\"");
        assert!(inspect(&json!(vec![0; 51])).ends_with("0, ...]"));
    }
}
