//! Filters in the grammar of Stats v2: `[operator, dimension, values, modifiers?]` and groups of them.

use footfall_model::{Catalogue, Error, Site, Text};
use footfall_report::stats::{Dimension, Filter, Leaf, Match};
use serde_json::{Value, json};

use super::{Failure, inspect::inspect};
use crate::matomo::Context;

/// Dimensions of visits and actions in filters and groups, properties and goals aside.
pub(super) const SIMPLE: [&str; 27] = [
    "event:name",
    "event:page",
    "event:hostname",
    "visit:source",
    "visit:channel",
    "visit:referrer",
    "visit:utm_medium",
    "visit:utm_source",
    "visit:utm_campaign",
    "visit:utm_content",
    "visit:utm_term",
    "visit:screen",
    "visit:device",
    "visit:browser",
    "visit:browser_version",
    "visit:os",
    "visit:os_version",
    "visit:country",
    "visit:region",
    "visit:city",
    "visit:country_name",
    "visit:region_name",
    "visit:city_name",
    "visit:entry_page",
    "visit:exit_page",
    "visit:entry_page_hostname",
    "visit:exit_page_hostname",
];

/// How deep filters may be nested.
const DEPTH: usize = 16;
/// How many comparisons there may be.
const LEAVES: usize = 250;
/// How many values all of them may name.
const VALUES: usize = 500;

/// Whether a value has the form of a filter. Internal operators are known in saved segments and Stats v1 only.
pub(super) fn has_form(value: &Value, internal: bool) -> bool {
    form(value, internal, DEPTH)
}

fn form(value: &Value, internal: bool, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let Some(parts) = value.as_array() else {
        return false;
    };
    let operator = parts.first().and_then(Value::as_str).unwrap_or_default();
    match (operator, parts.as_slice()) {
        ("and" | "or", [_, Value::Array(inner)]) => !inner.is_empty() && inner.iter().all(|one| form(one, internal, depth)),
        ("not" | "has_done" | "has_not_done", [_, inner]) => form(inner, internal, depth),
        ("is", [_, Value::String(name), Value::Array(values)]) if name == "segment" => {
            values.iter().all(|value| value.is_i64() || value.is_u64())
        }
        (operator, [_, Value::String(name), Value::Array(values), modifiers @ ..]) => {
            let simple =
                SIMPLE.contains(&name.as_str()) || name.strip_prefix("event:props:").is_some_and(|prop| !prop.is_empty());
            let (known, may_modify) = match operator {
                "is" | "contains" => (simple || name == "event:goal", true),
                "is_not" | "contains_not" => (simple, true),
                "matches" | "matches_not" => (simple, false),
                "matches_wildcard" | "matches_wildcard_not" => (simple && internal, false),
                _ => (false, false),
            };
            let modified = match modifiers {
                [] => true,
                [Value::Object(fields)] if may_modify => {
                    fields.iter().all(|(key, value)| key == "case_sensitive" && value.is_boolean())
                }
                _ => false,
            };
            known && modified && values.iter().all(|value| value.is_string() || value.is_i64() || value.is_u64())
        }
        _ => false,
    }
}

/// Reads the filters of a saved segment; nothing where one is none.
pub(crate) fn read_whole(filters: &[Value], site: &Site, catalogue: &Catalogue) -> Option<Vec<Filter>> {
    if !filters.iter().all(|filter| has_form(filter, true)) {
        return None;
    }
    read(filters, site, catalogue).ok()
}

/// Puts the filters of saved segments in the place of their numbers.
///
/// # Errors
/// When one does not exist on this site.
pub(super) async fn resolved(ctx: &Context, site: &Site, filters: Vec<Value>) -> Result<Vec<Value>, Failure> {
    let mut ids = Vec::new();
    filters.iter().for_each(|filter| segments(filter, &mut ids));
    if ids.is_empty() {
        return Ok(filters);
    }
    let mut known: Vec<(i64, Value)> = Vec::new();
    for id in ids {
        if known.iter().all(|(other, _)| *other != id) {
            known.push((id, segment(ctx, site, id).await?));
        }
    }
    Ok(filters.iter().map(|filter| replaced(filter, &known)).collect())
}

fn segments(filter: &Value, into: &mut Vec<i64>) {
    match filter.as_array().map(Vec::as_slice) {
        Some([_, Value::String(name), Value::Array(ids), ..]) if name == "segment" => {
            into.extend(ids.iter().filter_map(Value::as_i64));
        }
        Some([_, inner @ Value::Array(parts), ..]) => {
            segments(inner, into);
            parts.iter().for_each(|part| segments(part, into));
        }
        _ => {}
    }
}

fn replaced(filter: &Value, known: &[(i64, Value)]) -> Value {
    match filter.as_array().map(Vec::as_slice) {
        Some([_, Value::String(name), Value::Array(ids), ..]) if name == "segment" => {
            let each = ids.iter().filter_map(Value::as_i64);
            let mut filters: Vec<Value> =
                each.filter_map(|id| known.iter().find(|(other, _)| *other == id)).map(|(_, filter)| filter.clone()).collect();
            if filters.len() == 1 { filters.remove(0) } else { json!(["or", filters]) }
        }
        Some([group @ Value::String(name), Value::Array(inner)]) if matches!(name.as_str(), "and" | "or") => {
            json!([group, inner.iter().map(|one| replaced(one, known)).collect::<Vec<_>>()])
        }
        Some([group @ Value::String(name), inner]) if matches!(name.as_str(), "not" | "has_done" | "has_not_done") => {
            json!([group, replaced(inner, known)])
        }
        _ => filter.clone(),
    }
}

/// The filters of a saved segment as one.
async fn segment(ctx: &Context, site: &Site, id: i64) -> Result<Value, Failure> {
    let missing = || Failure::bad("Invalid filters. Some segments don't exist or aren't accessible.");
    let saved = match ctx.admin.segment(id).await {
        Ok(saved) => saved,
        Err(error) if error.fault() == footfall_model::Fault::Missing => return Err(missing()),
        Err(error) => return Err(error.into()),
    };
    if saved.segment.site != Some(site.id) {
        return Err(missing());
    }
    let data: Value = serde_json::from_str(&saved.segment.definition).map_err(|_| missing())?;
    let filters = data.get("filters").and_then(Value::as_array).cloned().unwrap_or_default();
    if filters.is_empty() || !filters.iter().all(|filter| has_form(filter, true)) {
        return Err(missing());
    }
    Ok(match filters.as_slice() {
        [one] => one.clone(),
        _ => json!(["and", filters]),
    })
}

/// Reads filters that have the form of filters.
///
/// # Errors
/// When the values of one do not fit its dimension, or there are too many.
pub(super) fn read(filters: &[Value], site: &Site, catalogue: &Catalogue) -> Result<Vec<Filter>, Failure> {
    let mut reader = FilterReader { site, catalogue, leaves: 0, values: 0 };
    filters.iter().map(|filter| reader.filter(filter)).collect()
}

struct FilterReader<'a> {
    site: &'a Site,
    catalogue: &'a Catalogue,
    leaves: usize,
    values: usize,
}

/// Refuses more comparisons, or more values in them, than a question may have.
pub(super) fn check_number(leaves: usize, values: usize) -> Result<(), Failure> {
    if leaves > LEAVES {
        return Err(Failure::bad(format!("Invalid filters. There are more than {LEAVES} of them.")));
    }
    if values > VALUES {
        return Err(Failure::bad(format!("Invalid filters. They name more than {VALUES} values.")));
    }
    Ok(())
}

impl FilterReader<'_> {
    fn filter(&mut self, value: &Value) -> Result<Filter, Failure> {
        let wrong = || Failure::bad(format!("Invalid filter '{}'.", inspect(value)));
        let parts = value.as_array().map(Vec::as_slice).unwrap_or_default();
        match parts {
            [Value::String(group), Value::Array(inner)] if group == "and" || group == "or" => {
                let inner = inner.iter().map(|one| self.filter(one)).collect::<Result<_, _>>()?;
                Ok(if group == "and" { Filter::All(inner) } else { Filter::Any(inner) })
            }
            [Value::String(group), inner] => {
                let inner = Box::new(self.filter(inner)?);
                match group.as_str() {
                    "not" => Ok(Filter::Not(inner)),
                    "has_done" => Ok(Filter::Done(inner)),
                    "has_not_done" => Ok(Filter::Not(Box::new(Filter::Done(inner)))),
                    _ => Err(wrong()),
                }
            }
            [Value::String(operator), Value::String(name), Value::Array(values), modifiers @ ..] => {
                self.leaf(value, operator, name, values, modifiers.first())
            }
            _ => Err(wrong()),
        }
    }

    fn leaf(
        &mut self,
        whole: &Value,
        operator: &str,
        name: &str,
        values: &[Value],
        modifiers: Option<&Value>,
    ) -> Result<Filter, Failure> {
        let wrong = || Failure::bad(format!("Invalid filter '{}'.", inspect(whole)));
        self.leaves += 1;
        self.values += values.len();
        check_number(self.leaves, self.values)?;
        let how = match operator {
            "is" => Match::Is,
            "is_not" => Match::IsNot,
            "contains" => Match::Contains,
            "contains_not" => Match::ContainsNot,
            "matches" => Match::Matches,
            "matches_not" => Match::MatchesNot,
            "matches_wildcard" => Match::Wildcard,
            "matches_wildcard_not" => Match::WildcardNot,
            _ => return Err(wrong()),
        };
        let strings = values.iter().all(Value::is_string);
        let numbers = !values.is_empty() && values.iter().all(|value| value.is_i64() || value.is_u64());
        if !(strings || numbers && name == "visit:city") {
            return Err(wrong());
        }
        let values: Vec<Text> =
            values.iter().map(|value| value.as_str().map_or_else(|| Text::from(value.to_string()), Text::from)).collect();
        if name == "visit:country"
            && matches!(how, Match::Is | Match::IsNot)
            && values.iter().any(|value| value.chars().count() != 2)
        {
            return Err(Failure::bad("Invalid visit:country filter, visit:country needs to be a valid 2-letter country code."));
        }
        let dimension = Dimension::parse(name, self.site, self.catalogue).ok_or_else(wrong)?;
        let case_sensitive = modifiers.and_then(|fields| fields.get("case_sensitive")).and_then(Value::as_bool);
        Ok(Filter::Leaf(Leaf { how, dimension, values, case_sensitive: case_sensitive.unwrap_or(true) }))
    }
}

/// Whether a question the store refused is wrong, in Plausible's form.
pub(super) fn refused(error: Error) -> Failure {
    error.into()
}
