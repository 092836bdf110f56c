//! When first-of marks may be summed instead of counting different values: only where both give the same.

use footfall_model::{Aggregate, Column, Fact, Filter, Flag, Key, Measure, Op, Query, Related, Test, TimePart, Value};

/// A sum that takes the place of a count of different values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mark {
    /// Visits that are the first of their visitor's day.
    FirstOfDay,
    /// Actions with this flag. Flags say nothing about actions for which the column is not set.
    Flag(Flag, Option<Column>),
}

/// The columns that have flags: for the visit, for the visitor's day.
const FLAGGED: [(&str, Flag, Flag); 8] = [
    ("url", Flag::VisitUrl, Flag::DayUrl),
    ("title", Flag::VisitTitle, Flag::DayTitle),
    ("page", Flag::VisitPage, Flag::DayPage),
    ("event_category", Flag::VisitCategory, Flag::DayCategory),
    ("event_action", Flag::VisitAction, Flag::DayAction),
    ("event_name", Flag::VisitName, Flag::DayName),
    ("search_keyword", Flag::VisitKeyword, Flag::DayKeyword),
    ("content_name", Flag::VisitContent, Flag::DayContent),
];

/// The mark whose sum is exactly this measure; `one_day` says that the range lies in one day of the query's clock.
pub(super) fn mark(query: &Query, measure: &Measure, one_day: bool) -> Option<Mark> {
    if !query.whole_days {
        return None;
    }
    let per_day = match measure.aggregate {
        Aggregate::Visits => false,
        Aggregate::DailyVisitors => true,
        Aggregate::Visitors if one_day => true,
        _ => return None,
    };
    // A visitor of two sites has a first action of the day on each.
    if per_day && query.sites.len() != 1 && !query.keys.contains(&Key::Site) {
        return None;
    }
    match query.fact {
        Fact::Hits => flag(query, measure, per_day),
        Fact::Visits => {
            let keys = query.keys.iter().all(|key| constant(key, Fact::Visits, true));
            let unfiltered = query.filter == Filter::All && measure.only == Filter::All;
            (per_day && keys && unfiltered).then_some(Mark::FirstOfDay)
        }
        Fact::Conversions | Fact::Items => None,
    }
}

fn flag(query: &Query, measure: &Measure, per_day: bool) -> Option<Mark> {
    let mut grouped = None;
    for key in &query.keys {
        match key {
            Key::Column(column) | Key::Number(column) if is_flagged(column) && grouped.is_none_or(|known| known == *column) => {
                grouped = Some(*column);
            }
            key if constant(key, Fact::Hits, per_day) => {}
            _ => return None,
        }
    }
    let mut kind = None;
    for condition in conjuncts(&query.filter).chain(conjuncts(&measure.only)) {
        if let Some(one) = one_kind(condition) {
            if kind.is_some_and(|other| other != one) {
                return None;
            }
            kind = Some(one);
        } else if let Some(one) = grouped.and_then(|column| one_kind_where_set(condition, &column)) {
            if kind.is_some_and(|other| other != one) {
                return None;
            }
            kind = Some(one);
        } else if let Some(column) = one_value(condition)
            && grouped.is_none()
        {
            grouped = Some(column);
        } else if !is_about_kind(condition)
            && !same_for_all(condition, per_day)
            && !grouped.is_some_and(|column| only_about(condition, &column))
        {
            return None;
        }
    }
    kind?;
    let Some(column) = grouped else {
        let flag = if per_day { Flag::DayKind } else { Flag::VisitKind };
        return Some(Mark::Flag(flag, None));
    };
    let (_, visit, day) = FLAGGED.iter().find(|(name, ..)| *name == column.name)?;
    Some(Mark::Flag(if per_day { *day } else { *visit }, Some(column)))
}

/// Whether a key is the same for all rows of a visit (and, per day, of a visitor's day), given that no visit crosses midnight.
fn constant(key: &Key, fact: Fact, per_day: bool) -> bool {
    match key {
        Key::Site => true,
        Key::Clock(column, TimePart::Day | TimePart::Week | TimePart::Month | TimePart::Year) => {
            column.fact == fact && matches!(column.name, "at" | "first_at" | "last_at")
        }
        Key::Column(column) | Key::Number(column) => !per_day && column.fact == Fact::Visits,
        _ => false,
    }
}

/// The conditions of which every one has to hold.
fn conjuncts(filter: &Filter) -> Box<dyn Iterator<Item = &Filter> + '_> {
    match filter {
        Filter::All => Box::new(std::iter::empty()),
        Filter::And(parts) => Box::new(parts.iter().flat_map(conjuncts)),
        other => Box::new(std::iter::once(other)),
    }
}

fn one_kind(condition: &Filter) -> Option<i64> {
    match condition {
        Filter::Test(Test { key: Key::Column(column), op: Op::Is, values, .. })
            if column.fact == Fact::Hits && column.name == "kind" && values.len() == 1 =>
        {
            values[0].as_i64()
        }
        _ => None,
    }
}

/// Whether a condition holds for all actions of a kind or for none.
fn is_about_kind(condition: &Filter) -> bool {
    matches!(condition, Filter::Test(Test { key: Key::Column(column), .. }) if column.fact == Fact::Hits && column.name == "kind")
}

/// The kind of the actions a condition leaves for which a column is set: one kind whatever the column is, others only where it is
/// not set.
fn one_kind_where_set(condition: &Filter, column: &Column) -> Option<i64> {
    let Filter::Or(parts) = condition else { return None };
    let unset = |part: &Filter| {
        conjuncts(part).any(|condition| match condition {
            Filter::Test(Test { key: Key::Column(tested), op: Op::Is, values, .. }) => {
                tested == column && matches!(values[..], [Value::Null])
            }
            _ => false,
        })
    };
    let mut set = parts.iter().filter(|part| !unset(part));
    match (set.next(), set.next()) {
        (Some(part), None) => one_kind(part),
        _ => None,
    }
}

/// The flagged column that a condition fixes to a single text.
fn one_value(condition: &Filter) -> Option<Column> {
    match condition {
        Filter::Test(Test { key: Key::Column(column), op: Op::Is, values, case_sensitive: true })
            if is_flagged(column) && values.len() == 1 =>
        {
            values[0].as_str().is_some_and(|text| !text.is_empty()).then_some(*column)
        }
        _ => None,
    }
}

/// Whether a condition holds for all rows of a visit (per day: of a visitor's day) or for none.
fn same_for_all(condition: &Filter, per_day: bool) -> bool {
    match condition {
        Filter::All | Filter::None => true,
        Filter::And(parts) | Filter::Or(parts) => parts.iter().all(|part| same_for_all(part, per_day)),
        Filter::Not(inner) => same_for_all(inner, per_day),
        Filter::Has { related, .. } => !per_day || *related == Related::SameVisitorInRange,
        Filter::Test(test) => match &test.key {
            Key::Site => true,
            other => !per_day && other.column().is_some_and(|column| column.fact == Fact::Visits),
        },
    }
}

fn only_about(condition: &Filter, column: &Column) -> bool {
    match condition {
        Filter::All | Filter::None => true,
        Filter::And(parts) | Filter::Or(parts) => parts.iter().all(|part| only_about(part, column)),
        Filter::Not(inner) => only_about(inner, column),
        Filter::Test(test) => test.key == Key::Column(*column),
        Filter::Has { .. } => false,
    }
}

fn is_flagged(column: &Column) -> bool {
    column.fact == Fact::Hits && FLAGGED.iter().any(|(name, ..)| *name == column.name)
}
