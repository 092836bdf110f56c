use std::cmp::Ordering;

use footfall_model::{Fact, Filter, Key, Kind, Related, Test, TimePart, Value};
use regex::RegexBuilder;

use super::world::{Wide, World};
use crate::plan::{Positive, asks_for_nothing, fold, positive, value_text};

impl<'a> World<'a> {
    /// Whether a row satisfies a condition.
    pub(super) fn satisfies(&'a self, row: &'a Wide, filter: &Filter) -> bool {
        match filter {
            Filter::All => true,
            Filter::None => false,
            Filter::And(parts) => parts.iter().all(|part| self.satisfies(row, part)),
            Filter::Or(parts) => parts.iter().any(|part| self.satisfies(row, part)),
            Filter::Not(inner) => !self.satisfies(row, inner),
            Filter::Test(test) => self.compares(row, test),
            Filter::Has { fact, related, filter } => self.has(row, *fact, *related, filter),
        }
    }

    fn has(&'a self, row: &Wide, fact: Fact, related: Related, filter: &Filter) -> bool {
        self.all(fact).any(|other| {
            let is_related = match related {
                Related::SameVisit => other.visit == row.visit,
                Related::SameVisitorInRange => other.visitor == row.visitor && self.in_range(other),
            };
            is_related && self.satisfies(other, filter)
        })
    }

    fn compares(&'a self, row: &'a Wide, test: &Test) -> bool {
        let (how, negated) = positive(test.op);
        let number = |value: Value| number_holds(&value, how, test);
        let text = |value: Value| text_holds(&value, how, test);
        let holds = match &test.key {
            Key::Column(column) => {
                let value = self.shown(row, column);
                match column.kind {
                    Kind::Text | Kind::Long => text(value),
                    _ => number(value),
                }
            }
            Key::Number(column) => number(self.kept(row, column)),
            Key::Site => number(Value::Int(row.site)),
            Key::Clock(column, part) | Key::UtcClock(column, part) => {
                let value = self.clock(row, column, *part, matches!(test.key, Key::UtcClock(..)));
                if is_text(*part) { text(value) } else { number(value) }
            }
            Key::Address(column) => text(self.address(row, column)),
            Key::Prop(column, name) => text(self.prop(row, column, name)),
            Key::PropNames(column) => self.named(row, column).iter().any(|(name, _)| text(Value::Text(name.clone()))),
            Key::FirstOf(_) | Key::EachOf(_) => false,
        };
        holds != negated
    }
}

fn is_text(part: TimePart) -> bool {
    matches!(part, TimePart::Minute | TimePart::Hour | TimePart::Day | TimePart::Week | TimePart::Month | TimePart::Year)
}

fn text_holds(value: &Value, how: Positive, test: &Test) -> bool {
    let Some(text) = value_text(value).filter(|text| !text.is_empty()) else {
        return how == Positive::Is && asks_for_nothing(&test.values);
    };
    let folded = |text: &str| if test.case_sensitive { text.to_owned() } else { fold(text) };
    let text_folded = folded(&text);
    test.values.iter().filter_map(value_text).any(|given| match how {
        Positive::Is => text_folded == folded(&given),
        Positive::Contains => text_folded.contains(&folded(&given)),
        Positive::StartsWith => text_folded.starts_with(&folded(&given)),
        Positive::EndsWith => text_folded.ends_with(&folded(&given)),
        Positive::Matches => {
            RegexBuilder::new(&given).case_insensitive(!test.case_sensitive).build().is_ok_and(|pattern| pattern.is_match(&text))
        }
        Positive::Order(sign) => in_order(text_folded.cmp(&folded(&given)), sign),
    })
}

fn number_holds(value: &Value, how: Positive, test: &Test) -> bool {
    match how {
        Positive::Is if value.is_null() => asks_for_nothing(&test.values),
        Positive::Is => test.values.iter().any(|given| numbers(value, given) == Some(Ordering::Equal)),
        Positive::Order(sign) => test.values.iter().any(|given| numbers(value, given).is_some_and(|order| in_order(order, sign))),
        _ => text_holds(value, how, test),
    }
}

/// How two numbers compare; a text that reads as a number is one.
pub(super) fn numbers(one: &Value, given: &Value) -> Option<Ordering> {
    let given = match given {
        Value::Text(text) => match text.parse::<i64>() {
            Ok(number) => Value::Int(number),
            Err(_) => Value::Real(text.parse().ok().filter(|number: &f64| number.is_finite())?),
        },
        other => other.clone(),
    };
    match (one, &given) {
        (Value::Int(one), Value::Int(other)) => Some(one.cmp(other)),
        _ => one.as_f64()?.partial_cmp(&given.as_f64()?),
    }
}

pub(super) fn in_order(order: Ordering, sign: &str) -> bool {
    match sign {
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    }
}
