//! Filters of Stats v1: `property==value;property!=other|another`, or a JSON list in the grammar of v2.

use footfall_model::{Catalogue, Site, Text};
use footfall_report::stats::{Dimension, Filter, Leaf, Match};
use serde_json::Value;

use super::super::{
    Failure,
    filters::{SIMPLE, check_number, has_form, read},
    inspect::inspect,
    query::unknown_goal,
};

/// How long filters may be, in bytes.
const LONGEST: usize = 64 * 1024;

/// Reads the parameter `filters`.
///
/// # Errors
/// When a property is not known, or a goal is not one of the site's.
pub(in crate::plausible) fn filters(text: &str, site: &Site, catalogue: &Catalogue) -> Result<Vec<Filter>, Failure> {
    if text.len() > LONGEST {
        return Err(Failure::bad("The `filters` parameter is too long."));
    }
    let filters = match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(list)) => {
            if let Some(wrong) = list.iter().find(|filter| !has_form(filter, true)) {
                return Err(Failure::bad(format!("Invalid filter '{}'.", inspect(wrong))));
            }
            read(&list, site, catalogue)?
        }
        Err(_) if text.trim_start().starts_with("[[") => return Err(Failure::bad("Invalid filters. They are no JSON.")),
        _ => {
            let expressions = split(text, ';').into_iter().filter(|expression| !expression.trim().is_empty());
            expressions.filter_map(|expression| one(&expression, site, catalogue).transpose()).collect::<Result<_, _>>()?
        }
    };
    let leaves = || filters.iter().flat_map(Filter::leaves);
    check_number(leaves().count(), leaves().map(|(leaf, ..)| leaf.values.len()).sum())?;
    for filter in &filters {
        for (leaf, ..) in filter.leaves() {
            if &*leaf.dimension.name == "event:goal" && leaf.how == Match::Is {
                let unknown = leaf.values.iter().find(|value| !site.goals.iter().any(|goal| goal.name == ***value));
                if let Some(unknown) = unknown {
                    return Err(Failure::bad(unknown_goal(unknown)));
                }
            }
        }
    }
    Ok(filters)
}

/// Whether a property may be filtered or grouped by.
pub(super) fn is_property(name: &str) -> bool {
    SIMPLE.contains(&name) || name == "event:goal" || name.strip_prefix("event:props:").is_some_and(|prop| !prop.is_empty())
}

/// One expression; what is none says nothing.
fn one(expression: &str, site: &Site, catalogue: &Catalogue) -> Result<Option<Filter>, Failure> {
    let negated = expression.find("!=");
    let (at, is_negated) = match (expression.find("=="), negated) {
        (Some(equal), Some(different)) if different < equal => (different, true),
        (Some(equal), _) => (equal, false),
        (None, Some(different)) => (different, true),
        (None, None) => return Ok(None),
    };
    let name = expression[..at].trim();
    let values: Vec<String> = split(expression[at + 2..].trim(), '|');
    if !is_property(name) {
        return Err(Failure::bad(format!(
            "Invalid filter property '{name}'. Please provide a valid filter property: https://plausible.io/docs/stats-api#properties"
        )));
    }
    let wild = values.iter().any(|value| value.contains('*')) && name != "event:goal";
    let how = match (wild, is_negated) {
        (true, false) => Match::Wildcard,
        (true, true) => Match::WildcardNot,
        (false, false) => Match::Is,
        (false, true) => Match::IsNot,
    };
    let dimension =
        Dimension::parse(name, site, catalogue).ok_or_else(|| Failure::bad(format!("Invalid filter property '{name}'.")))?;
    let values = values.iter().map(|value| Text::from(value.as_str())).collect();
    Ok(Some(Filter::Leaf(Leaf { how, dimension, values, case_sensitive: true })))
}

/// Splits at a separator that no backslash stands before; the backslash goes.
fn split(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let escaped = sign == '\\' && signs.peek() == Some(&separator);
        if sign == separator {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(if escaped { separator } else { sign });
            if escaped {
                signs.next();
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_can_be_escaped() {
        assert_eq!(split(r"a\|b|c", '|'), ["a|b", "c"]);
        assert_eq!(split(r"a\b", '|'), [r"a\b"]);
    }
}
