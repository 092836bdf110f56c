use serde_json::Value;

use super::entities::plain;

/// The most custom variables of a scope.
const MOST: usize = 20;
/// The longest name or value, in characters.
const LONGEST: usize = 200;

/// Custom variables: `{"1": ["name", "value"], …}`, or the same as a list. What is neither is left out.
pub(crate) fn read(sent: Option<&Value>) -> Vec<(String, String)> {
    let pairs: Vec<&Value> = match sent {
        Some(Value::Object(members)) => members.values().take(MOST).collect(),
        Some(Value::Array(list)) => list.iter().take(MOST).collect(),
        _ => Vec::new(),
    };
    let mut variables: Vec<(String, String)> = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let Some((name, value)) = pair.as_array().and_then(|pair| Some((text(pair.first()?)?, text(pair.get(1)?)?))) else {
            continue;
        };
        if !name.is_empty() && !variables.iter().any(|(known, _)| *known == name) {
            variables.push((name, value));
        }
    }
    variables
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => plain(text),
        Value::Number(number) => number.to_string().into(),
        _ => return None,
    };
    Some(text.trim().chars().take(LONGEST).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pairs(sent: Value) -> Vec<(String, String)> {
        read(Some(&sent))
    }

    #[test]
    fn variables_are_pairs_by_number() {
        assert_eq!(
            pairs(json!({"1": ["type", "premium"], "5": ["n", 7], "3": ["empty", ""]})),
            [("type".to_owned(), "premium".to_owned()), ("n".to_owned(), "7".to_owned()), ("empty".to_owned(), String::new())]
        );
        assert_eq!(pairs(json!([["a", "b"]])), [("a".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn what_is_no_pair_is_left_out() {
        for wrong in [json!(null), json!("x"), json!(1), json!({"1": ["a"]}), json!({"1": "ab"}), json!([["", "v"]])] {
            assert!(pairs(wrong.clone()).is_empty(), "{wrong}");
        }
        let many: serde_json::Map<String, Value> =
            (0..100).map(|number| (number.to_string(), json!([format!("n{number}"), "v"]))).collect();
        assert_eq!(pairs(Value::Object(many)).len(), 20);
        let long = "ä".repeat(300);
        assert_eq!(pairs(json!([[long, "v"]]))[0].0.chars().count(), 200);
    }
}
