use serde_json::Value;

use super::entities::plain;

/// The most custom variables of a scope.
const MOST: usize = 20;
/// The longest name or value, in characters.
const LONGEST: usize = 200;

/// Custom variables by number, from 1: `{"1": ["name", "value"], …}`, or the same as a list, which begins at 0, so that what
/// comes first in it has no number. What is neither is left out; a number that none has stays as an empty pair where a greater
/// one is used.
pub(crate) fn read(sent: Option<&Value>) -> Vec<(String, String)> {
    let numbered: Vec<(usize, &Value)> = match sent {
        Some(Value::Object(members)) => {
            members.iter().filter_map(|(number, pair)| Some((number.trim().parse().ok()?, pair))).collect()
        }
        Some(Value::Array(list)) => list.iter().enumerate().collect(),
        _ => Vec::new(),
    };
    let mut variables: Vec<(String, String)> = Vec::new();
    for (number, pair) in numbered.into_iter().filter(|(number, _)| (1..=MOST).contains(number)) {
        let Some((name, value)) = pair.as_array().and_then(|pair| Some((text(pair.first()?)?, text(pair.get(1)?)?))) else {
            continue;
        };
        if !name.is_empty() {
            if variables.len() < number {
                variables.resize_with(number, Default::default);
            }
            variables[number - 1] = (name, value);
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
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            pairs(json!({"1": ["type", "premium"], "4": ["n", 7], "3": ["empty", ""]})),
            [pair("type", "premium"), pair("", ""), pair("empty", ""), pair("n", "7")]
        );
        assert_eq!(
            pairs(json!({"1": ["type", "premium"], "2": ["type", "gold"]})),
            [pair("type", "premium"), pair("type", "gold")],
            "one name can stand under two numbers"
        );
        assert_eq!(pairs(json!([["none", "0"], ["a", "b"]])), [pair("a", "b")]);
    }

    #[test]
    fn what_is_no_pair_is_left_out() {
        for wrong in [json!(null), json!("x"), json!(1), json!({"1": ["a"]}), json!({"1": "ab"}), json!([[], ["", "v"]])] {
            assert!(pairs(wrong.clone()).is_empty(), "{wrong}");
        }
        let many: serde_json::Map<String, Value> =
            (0..100).map(|number| (number.to_string(), json!([format!("n{number}"), "v"]))).collect();
        assert_eq!(pairs(Value::Object(many)).len(), 20);
        let long = "ä".repeat(300);
        assert_eq!(pairs(json!([[], [long, "v"]]))[0].0.chars().count(), 200);
    }
}
