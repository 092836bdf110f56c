use std::collections::BTreeSet;

use footfall_model::{Op, Value};

use super::writer::Writer;

/// What a positive comparison does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Positive {
    Is,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Order(&'static str),
}

/// The positive comparison behind an operator, and whether its opposite is meant.
pub(crate) fn positive(op: Op) -> (Positive, bool) {
    match op {
        Op::Is => (Positive::Is, false),
        Op::IsNot => (Positive::Is, true),
        Op::Contains => (Positive::Contains, false),
        Op::ContainsNot => (Positive::Contains, true),
        Op::StartsWith => (Positive::StartsWith, false),
        Op::EndsWith => (Positive::EndsWith, false),
        Op::Matches => (Positive::Matches, false),
        Op::MatchesNot => (Positive::Matches, true),
        Op::Less => (Positive::Order("<"), false),
        Op::AtMost => (Positive::Order("<="), false),
        Op::Greater => (Positive::Order(">"), false),
        Op::AtLeast => (Positive::Order(">="), false),
    }
}

/// Whether `Null` or empty text is among the values: both mean "not set".
pub(crate) fn asks_for_nothing(values: &[Value]) -> bool {
    values.iter().any(|value| match value {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        _ => false,
    })
}

/// A text that is compared.
#[derive(Clone, Copy)]
pub(super) struct Compared<'a> {
    /// The text in SQL.
    pub(super) sql: &'a str,
    /// Whether it can be empty, which means that it is not set.
    pub(super) can_be_empty: bool,
}

/// A comparison of a text that is set; rows where it is not set are not looked after here.
pub(super) fn text(writer: &mut Writer<'_>, text: Compared<'_>, how: Positive, values: &[Value], case_sensitive: bool) -> String {
    let dialect = writer.dialect();
    let mut given: Vec<String> = values.iter().filter_map(value_text).collect();
    if how == Positive::Is {
        given.retain(|value| !value.is_empty());
    }
    let empty_would_do = matches!(how, Positive::Matches | Positive::Order(_)) || given.iter().any(String::is_empty);
    let mut bind = |value: &str| match (how, case_sensitive) {
        (Positive::Matches, false) => writer.bind(&format!("(?i:{value})")),
        (Positive::Matches, true) | (_, true) => writer.bind(value),
        (_, false) => writer.bind(&fold(value)),
    };
    let places: Vec<String> = given.iter().map(|value| bind(value)).collect();
    if places.is_empty() {
        return "FALSE".to_owned();
    }
    let mut set = text.sql.to_owned();
    if text.can_be_empty && empty_would_do {
        set = format!("nullif({set}, '')");
    }
    if !case_sensitive && how != Positive::Matches {
        set = dialect.lower(&set);
    }
    let one = |place: &String| match how {
        Positive::Is | Positive::Contains => dialect.contains(&set, place),
        Positive::StartsWith => dialect.starts_with(&set, place),
        Positive::EndsWith => dialect.ends_with(&set, place),
        Positive::Matches => dialect.matches(&set, place),
        Positive::Order(sign) => format!("{set} {sign} {place}"),
    };
    match how {
        Positive::Is => one_of(&set, &places),
        _ => any(places.iter().map(one).collect()),
    }
}

/// Whether a value is one of these; there is at least one.
pub(super) fn one_of(value: &str, these: &[String]) -> String {
    match these {
        [only] => format!("{value} = {only}"),
        these => format!("{value} IN ({})", these.join(", ")),
    }
}

/// Whether a small number is one of several, as its bounds and the few numbers between them that are not meant: engines leave out
/// blocks of rows by these. `None` where a list says it better.
pub(super) fn among(number: &str, values: &[Value]) -> Option<String> {
    let given: Option<BTreeSet<i64>> =
        values.iter().map(|value| value.as_i64().filter(|_| matches!(value, Value::Int(_)))).collect();
    let given = given.filter(|given| given.len() > 1)?;
    let (least, most) = (*given.first()?, *given.last()?);
    if most - least >= 16 {
        return None;
    }
    let holes = (least..most).filter(|between| !given.contains(between)).map(|hole| format!("{number} <> {hole}"));
    let bounds = [format!("{number} >= {least}"), format!("{number} <= {most}")];
    Some(all(bounds.into_iter().chain(holes).collect()))
}

/// A comparison of a number; `None` for those that compare its digits.
pub(super) fn number(number: &str, how: Positive, values: &[Value]) -> Option<String> {
    let given: Vec<String> = values.iter().filter_map(value_number).collect();
    match how {
        Positive::Is => {
            let set = (!given.is_empty()).then(|| one_of(number, &given));
            let unset = asks_for_nothing(values).then(|| format!("{number} IS NULL"));
            Some(any(set.into_iter().chain(unset).collect()))
        }
        Positive::Order(sign) => Some(any(given.iter().map(|value| format!("{number} {sign} {value}")).collect())),
        _ => None,
    }
}

/// One of these.
pub(super) fn any(conditions: Vec<String>) -> String {
    joined(conditions, " OR ", "FALSE")
}

/// All of these.
pub(super) fn all(conditions: Vec<String>) -> String {
    joined(conditions, " AND ", "TRUE")
}

fn joined(mut conditions: Vec<String>, word: &str, nothing: &str) -> String {
    match conditions.len() {
        0 => nothing.to_owned(),
        1 => conditions.remove(0),
        _ => format!("({})", conditions.join(word)),
    }
}

/// A text in lower case, code point by code point, as every engine does it.
pub(crate) fn fold(text: &str) -> String {
    text.chars().map(|sign| sign.to_lowercase().next().unwrap_or(sign)).collect()
}

/// The text a value is compared by.
pub(crate) fn value_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Int(number) => Some(number.to_string()),
        Value::Real(number) => Some(format!("{number:?}")),
        Value::Text(text) => Some(text.to_string()),
    }
}

/// A value as a number in SQL; `None` if it is none.
fn value_number(value: &Value) -> Option<String> {
    let real = |number: f64| number.is_finite().then(|| format!("{number:e}"));
    match value {
        Value::Null => None,
        Value::Int(number) => Some(number.to_string()),
        Value::Real(number) => real(*number),
        Value::Text(text) => match text.parse::<i64>() {
            Ok(number) => Some(number.to_string()),
            Err(_) => real(text.parse::<f64>().ok()?),
        },
    }
}
