//! Numbers about visits, and about what was reached in them.

use std::sync::LazyLock;

use footfall_model::{
    Aggregate, Column, ConversionRow, Error, Fact, Filter, GoalId, Key, Measure, Name, Period, PeriodKind, TimePart, Value,
    VisitRow,
};

use super::tree::{Join, Place, Tree};
use crate::{Reader, Slice};

/// A column of visits. The names are the row type's own, so there is always one.
pub fn column(name: &str) -> Column {
    VisitRow::column(name).unwrap_or(VisitRow::COLUMNS[0])
}

/// Matomo's core metrics, in the order [`by`] gives them.
pub const CORE: [&str; 8] = [
    "nb_uniq_visitors",
    "nb_visits",
    "nb_actions",
    "nb_users",
    "max_actions",
    "sum_visit_length",
    "bounce_count",
    "nb_visits_converted",
];

/// The core metrics that Matomo has as text where one row of its store gave them.
pub const TEXT_SUMS: [&str; 4] = ["nb_actions", "sum_visit_length", "bounce_count", "nb_visits_converted"];

/// The same where Matomo ranks the rows before it takes them, which makes a sum of every count.
pub const RANKED_TEXT_SUMS: [&str; 7] =
    ["nb_uniq_visitors", "nb_visits", "nb_actions", "nb_users", "sum_visit_length", "bounce_count", "nb_visits_converted"];

/// The name of a metric in rows that are about this period: over several days, unique visitors are those of each day, added up.
pub fn name_in(period: Period, name: &'static str) -> Name {
    if period.kind == PeriodKind::Day {
        return name.into();
    }
    match name {
        "nb_uniq_visitors" => "sum_daily_nb_uniq_visitors".into(),
        "nb_users" => "sum_daily_nb_users".into(),
        "entry_nb_uniq_visitors" => "sum_daily_entry_nb_uniq_visitors".into(),
        "exit_nb_uniq_visitors" => "sum_daily_exit_nb_uniq_visitors".into(),
        other => other.into(),
    }
}

/// The columns of a tree of visits.
pub fn columns(period: Period) -> Vec<(Name, Join)> {
    CORE.iter()
        .map(|name| {
            let how = if *name == "max_actions" { Join::Max } else { Join::Sum };
            (name_in(period, name), how)
        })
        .collect()
}

/// How the core metrics are measured.
pub fn measures() -> Vec<Measure> {
    let flag = |name| Filter::is(column(name), 1i64);
    vec![
        Measure::new("nb_uniq_visitors", Aggregate::DailyVisitors),
        Measure::new("nb_visits", Aggregate::Count),
        Measure::new("nb_actions", Aggregate::Sum(column("actions"))),
        Measure::new("nb_users", Aggregate::Distinct(column("user_id"))),
        Measure::new("max_actions", Aggregate::Max(column("actions"))),
        Measure::new("sum_visit_length", Aggregate::Sum(column("duration"))),
        Measure::new("bounce_count", Aggregate::Count).only(single_action()),
        Measure::new("nb_visits_converted", Aggregate::Count).only(flag("converted")),
    ]
}

/// Visits with one action or none: Matomo's bounces.
pub fn single_action() -> Filter {
    Filter::test(Key::Column(column("actions")), footfall_model::Op::AtMost, vec![Value::Int(1)])
}

/// Visits that are alike in some respects.
#[derive(Clone, Debug)]
pub struct Group {
    /// What they have in common.
    pub keys: Vec<Value>,
    /// [`CORE`]'s values.
    pub values: Vec<Value>,
    /// Values of further measures.
    pub more: Vec<Value>,
}

/// The visits of a slice by what they have in common, the largest groups first.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn by(reader: &Reader, slice: &Slice, keys: &[Key]) -> Result<Vec<Group>, Error> {
    by_with(reader, slice, keys, Filter::All, Vec::new()).await
}

/// As [`by`], of those visits that satisfy a condition, with further measures.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn by_with(
    reader: &Reader,
    slice: &Slice,
    keys: &[Key],
    only: Filter,
    more: Vec<Measure>,
) -> Result<Vec<Group>, Error> {
    let mut query = slice.query(Fact::Visits);
    query.filter = reader.segment_filter(slice)?.and(only);
    query.keys = keys.to_vec();
    query.measures = measures();
    query.measures.extend(more);
    let users = if slice.period.kind == PeriodKind::Day { None } else { Some(daily_users(reader, &query).await?) };
    let rows = reader.ask(&query).await?;
    let mut groups = Vec::with_capacity(rows.rows.len());
    for mut row in rows.rows {
        let more = row.split_off(keys.len() + CORE.len());
        let mut values = row.split_off(keys.len());
        for value in &mut values {
            if value.is_null() {
                *value = Value::Int(0);
            }
        }
        if let Some(users) = &users {
            values[3] = Value::Int(users.get(&key_text(&row)).copied().unwrap_or(0));
        }
        groups.push(Group { keys: row, values, more });
    }
    Ok(groups)
}

/// How many people the site named on each day, added up, by the keys of a query.
async fn daily_users(reader: &Reader, query: &footfall_model::Query) -> Result<rustc_hash::FxHashMap<String, i64>, Error> {
    let mut query = query.clone();
    let user = column("user_id");
    let named = Filter::test(Key::Column(user), footfall_model::Op::IsNot, vec![Value::Null]);
    query.filter = query.filter.and(named);
    query.keys.push(Key::Clock(column("last_at"), TimePart::Day));
    query.measures = vec![Measure::new("nb_users", Aggregate::Distinct(user))];
    let mut sums = rustc_hash::FxHashMap::default();
    for mut row in reader.ask(&query).await?.rows {
        let n = row.pop().and_then(|value| value.as_i64()).unwrap_or(0);
        row.pop();
        *sums.entry(key_text(&row)).or_insert(0) += n;
    }
    Ok(sums)
}

fn key_text(keys: &[Value]) -> String {
    format!("{keys:?}")
}

/// What was reached in visits that are alike, goal by goal.
#[derive(Clone, Debug)]
pub struct Reached {
    /// What the visits have in common.
    pub keys: Vec<Value>,
    /// The goal, order or cart.
    pub goal: GoalId,
    /// Its metrics.
    pub metrics: Vec<(Name, f64)>,
}

/// What goals' metrics are called, in the order they are measured.
const GOAL_METRICS: [&str; 8] = [
    "nb_conversions",
    "nb_visits_converted",
    "revenue",
    "revenue_subtotal",
    "revenue_tax",
    "revenue_shipping",
    "revenue_discount",
    "items",
];

/// A column of conversions.
pub fn conversion_column(name: &str) -> Column {
    ConversionRow::column(name).unwrap_or(ConversionRow::COLUMNS[0])
}

/// How goals' metrics are measured.
pub fn goal_measures() -> Vec<Measure> {
    static SUMS: LazyLock<[(&str, Column); 6]> = LazyLock::new(|| {
        [
            ("revenue", conversion_column("revenue")),
            ("revenue_subtotal", conversion_column("subtotal")),
            ("revenue_tax", conversion_column("tax")),
            ("revenue_shipping", conversion_column("shipping")),
            ("revenue_discount", conversion_column("discount")),
            ("items", conversion_column("items")),
        ]
    });
    let mut measures =
        vec![Measure::new("nb_conversions", Aggregate::Count), Measure::new("nb_visits_converted", Aggregate::Visits)];
    measures.extend(SUMS.iter().map(|(name, column)| Measure::new(name, Aggregate::Sum(*column))));
    measures
}

/// The metrics a goal has, from the values of [`goal_measures`]: orders have more than goals, carts fewer than orders.
pub fn goal_metrics(goal: GoalId, values: &[Value]) -> Vec<(Name, f64)> {
    GOAL_METRICS
        .iter()
        .zip(values)
        .filter(|(name, _)| match goal {
            GoalId::ORDER => true,
            GoalId::CART => !name.starts_with("revenue_"),
            _ => !name.starts_with("revenue_") && **name != "items",
        })
        .map(|(name, value)| {
            let amount = value.as_f64().unwrap_or_default();
            let rounded = if name.starts_with("revenue") { crate::number::round(amount, 2) } else { amount };
            (Name::Borrowed(*name), rounded)
        })
        .collect()
}

/// What was reached in a slice, by what the conversions' visits have in common.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn reached_by(reader: &Reader, slice: &Slice, keys: &[Key]) -> Result<Vec<Reached>, Error> {
    let mut query = slice.query(Fact::Conversions);
    query.filter = reader.segment_filter(slice)?;
    query.keys = keys.to_vec();
    query.keys.push(Key::Column(conversion_column("goal_id")));
    query.measures = goal_measures();
    let rows = reader.ask(&query).await?;
    let mut reached = Vec::with_capacity(rows.rows.len());
    for mut row in rows.rows {
        let values = row.split_off(keys.len() + 1);
        let goal = row.pop().and_then(|value| value.as_i64()).unwrap_or(1);
        let goal = GoalId(i32::try_from(goal).unwrap_or(1));
        let metrics = goal_metrics(goal, &values);
        reached.push(Reached { keys: row, goal, metrics });
    }
    Ok(reached)
}

/// Adds a group's metrics to a row.
pub fn add(tree: &mut Tree, at: Place, group: &Group) {
    tree.add(at, 0, &group.values);
}

/// Numbers about all visits of a slice, by name.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn numbers(reader: &Reader, slice: &Slice, wanted: Vec<Measure>) -> Result<Vec<(String, Value)>, Error> {
    let mut query = slice.query(Fact::Visits);
    query.filter = reader.segment_filter(slice)?;
    query.measures = wanted;
    let rows = reader.ask(&query).await?;
    let values = rows.rows.into_iter().next().unwrap_or_default();
    Ok(query.measures.iter().map(|measure| measure.name.to_string()).zip(values.into_iter().map(or_zero)).collect())
}

/// Nothing counted is none.
pub fn or_zero(value: Value) -> Value {
    if value.is_null() { Value::Int(0) } else { value }
}
