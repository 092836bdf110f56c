use footfall_model::{Catalogue, Site, Text};
use footfall_report::stats::{Filter, Leaf, Match};
use serde_json::Value;

use super::dimension;
use crate::own::Failure;

/// How many comparisons there may be.
const LEAVES: usize = 100;
/// How deep they may be nested.
const DEPTH: usize = 5;

/// Reads a list of filters, of which all have to hold.
///
/// # Errors
/// When one is not a filter, names what does not exist, or there are too many.
pub(in crate::own) fn filters(value: &Value, site: &Site, catalogue: &Catalogue) -> Result<Vec<Filter>, Failure> {
    let list = value.as_array().ok_or_else(|| Failure::bad_request("`filters` must be a list"))?;
    let mut reader = FilterReader { site, catalogue, leaves: 0 };
    list.iter().map(|filter| reader.filter(filter, 1)).collect()
}

struct FilterReader<'a> {
    site: &'a Site,
    catalogue: &'a Catalogue,
    leaves: usize,
}

impl FilterReader<'_> {
    fn filter(&mut self, value: &Value, depth: usize) -> Result<Filter, Failure> {
        if depth > DEPTH {
            return Err(Failure::invalid_query(format!("filters are nested deeper than {DEPTH} levels")));
        }
        let wrong = || Failure::bad_request(format!("`{}` is not a filter", short(value)));
        let parts = value.as_array().ok_or_else(wrong)?;
        match (parts.first().and_then(Value::as_str), parts.as_slice()) {
            (Some("not"), [_, inner]) => Ok(Filter::Not(Box::new(self.filter(inner, depth + 1)?))),
            (Some(group @ ("and" | "or")), [_, Value::Array(inner)]) if !inner.is_empty() => {
                let inner = inner.iter().map(|one| self.filter(one, depth + 1)).collect::<Result<_, _>>()?;
                Ok(if group == "and" { Filter::All(inner) } else { Filter::Any(inner) })
            }
            (Some(op), [_, Value::String(name), Value::Array(values), modifiers @ ..]) if modifiers.len() < 2 => {
                self.leaf(value, op, name, values, modifiers.first())
            }
            _ => Err(wrong()),
        }
    }

    fn leaf(
        &mut self,
        whole: &Value,
        op: &str,
        name: &str,
        values: &[Value],
        modifiers: Option<&Value>,
    ) -> Result<Filter, Failure> {
        self.leaves += 1;
        if self.leaves > LEAVES {
            return Err(Failure::invalid_query(format!("there are more than {LEAVES} filters")));
        }
        let wrong = || Failure::bad_request(format!("`{}` is not a filter", short(whole)));
        let how = match op {
            "is" => Match::Is,
            "is_not" => Match::IsNot,
            "contains" => Match::Contains,
            "contains_not" => Match::ContainsNot,
            "matches" => Match::Matches,
            "matches_not" => Match::MatchesNot,
            _ => return Err(wrong()),
        };
        if values.is_empty() || values.len() > 500 {
            return Err(Failure::bad_request("a filter must have 1 to 500 values"));
        }
        let texts = values
            .iter()
            .map(|value| value.as_str().filter(|text| text.len() <= 8192).map(Text::from))
            .collect::<Option<Vec<Text>>>()
            .ok_or_else(|| Failure::bad_request("the values of a filter must be texts of at most 2048 characters"))?;
        let dimension = dimension(name, self.site, self.catalogue)?;
        if dimension.is_of_time() {
            return Err(Failure::invalid_query(format!("`{name}` cannot be filtered by; `range` says which time counts")));
        }
        let mut case_sensitive = matches!(how, Match::Is | Match::IsNot);
        if let Some(modifiers) = modifiers {
            let modifiers = modifiers.as_object().ok_or_else(wrong)?;
            for (key, value) in modifiers {
                match (key.as_str(), value.as_bool()) {
                    ("case_sensitive", Some(given)) => case_sensitive = given,
                    _ => return Err(wrong()),
                }
            }
        }
        Ok(Filter::Leaf(Leaf { how, dimension, values: texts, case_sensitive }))
    }
}

/// A value as text that fits into a sentence.
pub(super) fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(120) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
