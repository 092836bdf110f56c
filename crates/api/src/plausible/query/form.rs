//! The form of a query, before it is read: errors in the words of the JSON schema that Plausible checks with.

use serde_json::{Map, Value};

use super::super::{
    filters::{SIMPLE, has_form},
    inspect::inspect,
};

/// The metrics of the public API.
pub(super) const METRICS: [&str; 14] = [
    "time_on_page",
    "visitors",
    "visits",
    "pageviews",
    "views_per_visit",
    "bounce_rate",
    "visit_duration",
    "events",
    "percentage",
    "conversion_rate",
    "group_conversion_rate",
    "average_revenue",
    "total_revenue",
    "scroll_depth",
];

const FIELDS: [&str; 8] = ["site_id", "metrics", "date_range", "dimensions", "filters", "order_by", "include", "pagination"];

const TIMES: [&str; 5] = ["time", "time:month", "time:week", "time:day", "time:hour"];

/// Checks the form; what is wrong, a line for each error.
///
/// # Errors
/// When something is.
pub(super) fn check(body: &Map<String, Value>) -> Result<(), String> {
    let mut errors = Errors(Vec::new());
    for name in body.keys().filter(|name| !FIELDS.contains(&name.as_str())) {
        errors.add(&format!("#/{name}"), "Schema does not allow additional properties.");
    }
    let missing: Vec<&str> = ["site_id", "metrics", "date_range"].into_iter().filter(|name| !body.contains_key(*name)).collect();
    match missing.as_slice() {
        [] => {}
        [one] => errors.add("#", &format!("Required property {one} was not present.")),
        many => errors.add("#", &format!("Required properties {} were not present.", many.join(", "))),
    }
    if let Some(value) = body.get("site_id") {
        errors.of_type("#/site_id", value, Value::is_string, "String");
    }
    if let Some(value) = body.get("date_range")
        && !is_date_range(value)
    {
        errors.add("#/date_range", &format!("Invalid date range {}", inspect(value)));
    }
    errors.list(body, "metrics", 1, true, |errors, path, value| {
        if !value.as_str().is_some_and(|name| METRICS.contains(&name)) {
            errors.add(path, &format!("Invalid metric {}", inspect(value)));
        }
    });
    errors.list(body, "dimensions", 0, true, |errors, path, value| {
        if !value.as_str().is_some_and(is_dimension) {
            errors.add(path, &format!("Invalid dimension {}", inspect(value)));
        }
    });
    errors.list(body, "filters", 0, false, |errors, path, value| {
        if !has_form(value, false) {
            errors.add(path, &format!("Invalid filter {}", inspect(value)));
        }
    });
    errors.list(body, "order_by", 0, false, Errors::order);
    errors.object(body, "include", &["time_labels", "imports", "total_rows"], |errors, path, value| {
        errors.of_type(path, value, Value::is_boolean, "Boolean");
    });
    errors.object(body, "pagination", &["limit", "offset"], Errors::page);
    if errors.0.is_empty() { Ok(()) } else { Err(errors.0.join("\n")) }
}

/// Whether a name is a dimension of the public API.
pub(super) fn is_dimension(name: &str) -> bool {
    SIMPLE.contains(&name)
        || name == "event:goal"
        || TIMES.contains(&name)
        || name.strip_prefix("event:props:").is_some_and(|prop| !prop.is_empty())
}

struct Errors(Vec<String>);

impl Errors {
    fn add(&mut self, path: &str, text: &str) {
        // A body with many errors is told the first of them.
        if self.0.len() < 20 {
            self.0.push(format!("{path}: {text}"));
        }
    }

    fn of_type(&mut self, path: &str, value: &Value, is: impl Fn(&Value) -> bool, name: &str) -> bool {
        if is(value) {
            return true;
        }
        self.add(path, &format!("Type mismatch. Expected {name} but got {}.", type_name(value)));
        false
    }

    fn list(
        &mut self,
        body: &Map<String, Value>,
        name: &str,
        least: usize,
        unique: bool,
        each: impl Fn(&mut Errors, &str, &Value),
    ) {
        let Some(value) = body.get(name) else {
            return;
        };
        let path = format!("#/{name}");
        if !self.of_type(&path, value, Value::is_array, "Array") {
            return;
        }
        let members = value.as_array().map(Vec::as_slice).unwrap_or_default();
        if members.len() < least {
            self.add(&path, &format!("Expected a minimum of {least} items but got {}.", members.len()));
        }
        if unique && members.iter().enumerate().any(|(place, member)| members[..place].contains(member)) {
            self.add(&path, "Expected items to be unique but they were not.");
        }
        for (place, member) in members.iter().enumerate() {
            each(self, &format!("{path}/{place}"), member);
        }
    }

    fn object(&mut self, body: &Map<String, Value>, name: &str, known: &[&str], each: impl Fn(&mut Errors, &str, &Value)) {
        let Some(value) = body.get(name) else {
            return;
        };
        let path = format!("#/{name}");
        if !self.of_type(&path, value, Value::is_object, "Object") {
            return;
        }
        for (key, value) in value.as_object().into_iter().flatten() {
            let path = format!("{path}/{key}");
            if known.contains(&key.as_str()) {
                each(self, &path, value);
            } else {
                self.add(&path, "Schema does not allow additional properties.");
            }
        }
    }

    fn order(&mut self, path: &str, value: &Value) {
        if !self.of_type(path, value, Value::is_array, "Array") {
            return;
        }
        let parts = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let [by, direction] = parts else {
            let (word, n) = if parts.len() < 2 { ("minimum", parts.len()) } else { ("maximum", parts.len()) };
            self.add(path, &format!("Expected a {word} of 2 items but got {n}."));
            return;
        };
        if !by.as_str().is_some_and(|name| METRICS.contains(&name) || is_dimension(name)) {
            self.add(&format!("{path}/0"), &format!("Invalid value in order_by {}", inspect(by)));
        }
        if !matches!(direction.as_str(), Some("asc" | "desc")) {
            self.add(&format!("{path}/1"), &format!("Value {direction} is not allowed in enum."));
        }
    }

    fn page(&mut self, path: &str, value: &Value) {
        if !self.of_type(path, value, |value| value.is_i64() || value.is_u64(), "Integer") {
            return;
        }
        let (least, most) = if path.ends_with("/limit") { (1, Some(10_000)) } else { (0, None) };
        match value.as_i64() {
            Some(given) if given < least => self.add(path, &format!("Expected the value to be >= {least}")),
            Some(given) if most.is_some_and(|most| given > most) => {
                self.add(path, &format!("Expected the value to be <= {}", most.unwrap_or(0)));
            }
            Some(_) => {}
            None => self.add(path, &format!("Expected the value to be <= {}", most.unwrap_or(i64::MAX))),
        }
    }
}

fn is_date_range(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let counted = |unit: &str| {
                text.strip_suffix(unit)
                    .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
            };
            matches!(text.as_str(), "all" | "day" | "24h" | "month" | "year") || counted("d") || counted("mo")
        }
        Value::Array(ends) => match ends.as_slice() {
            [Value::String(first), Value::String(last)] => {
                is_like_day(first) && is_like_day(last) || is_like_moment(first) && is_like_moment(last)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether a text has the form of a day; whether there is such a day is asked later.
fn is_like_day(text: &str) -> bool {
    let number = |part: &str, length: usize, most: u32| {
        part.len() == length
            && part.bytes().all(|sign| sign.is_ascii_digit())
            && part.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n))
    };
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] => {
            year.len() == 4 && year.bytes().all(|sign| sign.is_ascii_digit()) && number(month, 2, 12) && number(day, 2, 31)
        }
        _ => false,
    }
}

/// Whether a text has the form of a moment of RFC 3339, perhaps without an offset.
fn is_like_moment(text: &str) -> bool {
    let clock = |text: &str, most: &[u32]| {
        let parts: Vec<&str> = text.split(':').collect();
        parts.len() == most.len()
            && parts.iter().zip(most).all(|(part, most)| part.len() == 2 && part.parse::<u32>().is_ok_and(|n| n <= *most))
    };
    let Some((day, rest)) = text.split_once('T') else { return false };
    let (time, offset) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let offset_fits = matches!(offset, "" | "Z") || offset.len() == 6 && clock(&offset[1..], &[23, 59]);
    is_like_day(day)
        && clock(time, &[23, 59, 59])
        && !fraction.is_empty()
        && fraction.bytes().all(|sign| sign.is_ascii_digit())
        && offset_fits
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "Null",
        Value::Bool(_) => "Boolean",
        Value::Number(number) if number.is_f64() => "Number",
        Value::Number(_) => "Integer",
        Value::String(_) => "String",
        Value::Array(_) => "Array",
        Value::Object(_) => "Object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(mut body: Value, more: Value) -> String {
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        check(body.as_object().unwrap()).err().unwrap_or_default()
    }

    #[test]
    fn errors_name_the_place_and_what_is_wrong_there() {
        let base = || json!({"site_id": "a.example", "metrics": ["visitors"], "date_range": "all"});
        for (more, expected) in [
            (json!({}), ""),
            (json!({"metrics": []}), "#/metrics: Expected a minimum of 1 items but got 0."),
            (json!({"metrics": ["baa"]}), r#"#/metrics/0: Invalid metric "baa""#),
            (json!({"colour": 1}), "#/colour: Schema does not allow additional properties."),
            (json!({"date_range": "0x"}), r#"#/date_range: Invalid date range "0x""#),
            (
                json!({"date_range": ["2021-01-01", "2021-02-32"]}),
                r#"#/date_range: Invalid date range ["2021-01-01", "2021-02-32"]"#,
            ),
            (json!({"filters": [["not", []]]}), r#"#/filters/0: Invalid filter ["not", []]"#),
            (json!({"order_by": [["visitors"]]}), "#/order_by/0: Expected a minimum of 2 items but got 1."),
            (json!({"order_by": [["x", "asc"]]}), r#"#/order_by/0/0: Invalid value in order_by "x""#),
            (json!({"pagination": {"limit": 0}}), "#/pagination/limit: Expected the value to be >= 1"),
            (json!({"include": {"imports": 1}}), "#/include/imports: Type mismatch. Expected Boolean but got Integer."),
        ] {
            assert_eq!(told(base(), more.clone()), expected, "{more}");
        }
        assert_eq!(check(&Map::new()).unwrap_err(), "#: Required properties site_id, metrics, date_range were not present.");
    }
}
