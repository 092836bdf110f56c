use footfall_model::variable;
use serde_json::{Map, Value};

use crate::accept::bounds;

/// The greatest number of a custom dimension that is looked at.
const DIMENSION: u32 = 10_000;

/// Custom dimensions by their numbers, those of the visit and those of the action.
pub(super) fn dimensions(body: &Map<String, Value>) -> Result<Vec<(u32, String)>, String> {
    let mut all = Vec::new();
    for field in ["visit_dimensions", "dimensions"] {
        for (number, value) in numbered(body, field, DIMENSION)? {
            let value = value.as_str().ok_or_else(|| format!("`{field}` holds something that is no text"))?;
            all.push((number, bounded(field, value)?));
        }
    }
    Ok(all)
}

/// Custom variables by their numbers: name and value, an unused number without a name.
pub(super) fn variables(body: &Map<String, Value>, field: &str) -> Result<Vec<(String, String)>, String> {
    let mut all = Vec::new();
    for (number, pair) in numbered(body, field, variable::MOST)? {
        let texts = pair.as_array().and_then(|pair| match pair.as_slice() {
            [Value::String(name), Value::String(value)] => Some((name, value)),
            _ => None,
        });
        let (name, value) = texts.ok_or_else(|| format!("`{field}` holds something that is no pair of a name and a value"))?;
        let place = number as usize - 1;
        if all.len() <= place {
            all.resize(place + 1, (String::new(), String::new()));
        }
        all[place] = (bounded(field, name)?, bounded(field, value)?);
    }
    Ok(all)
}

/// The values of an object whose names are numbers from 1.
fn numbered<'a>(body: &'a Map<String, Value>, field: &str, most: u32) -> Result<Vec<(u32, &'a Value)>, String> {
    let object = match body.get(field) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Object(object)) => object,
        Some(_) => return Err(format!("`{field}` is no object")),
    };
    let number = |name: &str| name.parse().ok().filter(|number| (1..=most).contains(number));
    let one = |(name, value)| {
        let found = number(name).ok_or_else(|| format!("`{field}` has a name that is no number from 1 to {most}"))?;
        Ok((found, value))
    };
    object.iter().map(|(name, value)| one((name.as_str(), value))).collect()
}

fn bounded(field: &str, text: &str) -> Result<String, String> {
    match text.len() {
        ..=bounds::TEXT => Ok(text.to_owned()),
        _ => Err(format!("`{field}` holds a text longer than {} bytes", bounds::TEXT)),
    }
}
