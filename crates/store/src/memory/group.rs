use std::{cmp::Ordering, collections::BTreeMap};

use footfall_model::{Aggregate, Column, Having, Key, Kind, Measure, Order, Query, Rows, Text, Value, VisitAnchor, VisitId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    test::{in_order, numbers},
    world::{Wide, World},
};
use crate::{
    VisitsWanted,
    plan::{Positive, measure_place, positive},
};

/// The groups of a question.
pub(super) fn answer(world: &World<'_>, query: &Query) -> Rows {
    let mut groups: BTreeMap<Keys, Vec<&Wide>> = BTreeMap::new();
    if query.keys.is_empty() {
        groups.insert(Keys(Vec::new()), Vec::new());
    }
    for row in world.all(query.fact) {
        if world.in_range(row) && world.satisfies(row, &query.filter) {
            for keys in keys(world, row, &query.keys) {
                groups.entry(Keys(keys)).or_default().push(row);
            }
        }
    }
    let mut rows: Vec<Vec<Value>> = groups
        .into_iter()
        .map(|(keys, rows)| {
            let measures = query.measures.iter().map(|measure| measured(world, &rows, measure));
            keys.0.into_iter().chain(measures).collect()
        })
        .filter(|row: &Vec<Value>| query.having.iter().all(|having| keeps(query, row, having)))
        .collect();
    // Groups come out by their keys, and the sort is stable: ties stay in the order of the keys.
    for order in query.order.iter().rev() {
        let (place, descending) = match order {
            Order::Measure { name, descending } => {
                (query.keys.len() + measure_place(query, name).unwrap_or_default(), *descending)
            }
            Order::Key { index, descending } => (*index, *descending),
        };
        rows.sort_by(|one, other| {
            let order = compare(&one[place], &other[place]);
            if descending { order.reverse() } else { order }
        });
    }
    let total = rows.len() as u64;
    let limit = query.limit.unwrap_or(u64::MAX) as usize;
    Rows { rows: rows.into_iter().skip(query.offset as usize).take(limit).collect(), total }
}

/// The visits wanted, in the order wanted.
pub(super) fn visits(world: &World<'_>, query: &Query, wanted: &VisitsWanted) -> Vec<VisitId> {
    let name = match wanted.anchor {
        VisitAnchor::FirstAction => "first_at",
        VisitAnchor::LastAction | VisitAnchor::Overlap => "last_at",
    };
    let column = Column { fact: query.fact, name, kind: Kind::Moment };
    let mut found: Vec<(i64, i64)> = world
        .all(query.fact)
        .filter(|row| world.in_range(row) && world.satisfies(row, &query.filter))
        .map(|row| (world.kept(row, &column).as_i64().unwrap_or_default(), row.visit))
        .collect();
    found.sort_unstable();
    if !wanted.ascending {
        found.reverse();
    }
    found.into_iter().skip(wanted.offset as usize).take(wanted.limit as usize).map(|(_, visit)| VisitId(visit as u64)).collect()
}

/// Nothing, then numbers, then texts by code points.
fn compare(one: &Value, other: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Int(_) | Value::Real(_) => 1,
        Value::Text(_) => 2,
    };
    match (one, other) {
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        _ => rank(one).cmp(&rank(other)).then(numbers(one, other).unwrap_or(Ordering::Equal)),
    }
}

struct Keys(Vec<Value>);

impl Ord for Keys {
    fn cmp(&self, other: &Keys) -> Ordering {
        let pairs = self.0.iter().zip(&other.0);
        pairs.fold(Ordering::Equal, |order, (one, other)| order.then_with(|| compare(one, other)))
    }
}

impl PartialOrd for Keys {
    fn partial_cmp(&self, other: &Keys) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Keys {
    fn eq(&self, other: &Keys) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Keys {}

/// The groups a row belongs to.
fn keys<'a>(world: &'a World<'a>, row: &'a Wide, keys: &[Key]) -> Vec<Vec<Value>> {
    let mut all = vec![Vec::with_capacity(keys.len())];
    for key in keys {
        let values: Vec<Value> = match key {
            Key::Column(column) => vec![world.shown(row, column)],
            Key::Number(column) => vec![world.kept(row, column)],
            Key::Clock(column, part) => vec![world.clock(row, column, *part, false)],
            Key::UtcClock(column, part) => vec![world.clock(row, column, *part, true)],
            Key::Address(column) => vec![world.address(row, column)],
            Key::Prop(column, name) => vec![world.prop(row, column, name)],
            Key::Site => vec![Value::Int(row.site)],
            Key::PropNames(column) => world.named(row, column).iter().map(|(name, _)| Value::Text(Text::clone(name))).collect(),
            Key::FirstOf(filters) | Key::EachOf(filters) => {
                let holding = filters
                    .iter()
                    .enumerate()
                    .filter(|(_, filter)| world.satisfies(row, filter))
                    .map(|(number, _)| Value::Int(number as i64));
                let most = if matches!(key, Key::FirstOf(_)) { 1 } else { usize::MAX };
                holding.take(most).collect()
            }
        };
        all = all
            .iter()
            .flat_map(|before| {
                values.iter().map(|value| {
                    let mut group = before.clone();
                    group.push(value.clone());
                    group
                })
            })
            .collect();
    }
    all
}

fn measured<'a>(world: &'a World<'a>, rows: &[&'a Wide], measure: &Measure) -> Value {
    let rows: Vec<&Wide> = rows.iter().copied().filter(|row| world.satisfies(row, &measure.only)).collect();
    let values = |column: &Column| -> Vec<Value> {
        rows.iter().map(|row| world.shown(row, column)).filter(|value| !value.is_null()).collect()
    };
    let count = |count: usize| Value::Int(count as i64);
    match &measure.aggregate {
        Aggregate::Count => count(rows.len()),
        Aggregate::Sum(column) => sum(column, values(column)),
        Aggregate::Min(column) => values(column).into_iter().min_by(compare).unwrap_or_default(),
        Aggregate::Max(column) => values(column).into_iter().max_by(compare).unwrap_or_default(),
        Aggregate::Distinct(column) => {
            let mut values = values(column);
            values.sort_by(compare);
            values.dedup_by(|one, other| compare(one, other).is_eq());
            count(values.len())
        }
        Aggregate::Visits => count(rows.iter().map(|row| row.visit).collect::<FxHashSet<_>>().len()),
        Aggregate::Visitors => count(rows.iter().map(|row| row.visitor).collect::<FxHashSet<_>>().len()),
        Aggregate::DailyVisitors => {
            let pairs = rows.iter().map(|row| (row.visitor, world.day(row).as_str().map(str::to_owned)));
            count(pairs.collect::<FxHashSet<_>>().len())
        }
        Aggregate::SumOfMaxPerVisit(column) => {
            let mut most: FxHashMap<i64, Value> = FxHashMap::default();
            for row in &rows {
                let value = world.kept(row, column);
                let known = most.entry(row.visit).or_default();
                if compare(&value, known).is_gt() {
                    *known = value;
                }
            }
            sum(column, most.into_values().filter(|value| !value.is_null()).collect())
        }
        Aggregate::Any(column) => values(column).into_iter().next().unwrap_or_default(),
        Aggregate::ArgMax(column, by) => rows
            .iter()
            .filter(|row| !world.kept(row, by).is_null())
            .max_by(|one, other| compare(&world.kept(one, by), &world.kept(other, by)))
            .map_or(Value::Null, |row| world.shown(row, column)),
        Aggregate::ArgMin(column, by) => rows
            .iter()
            .filter(|row| !world.kept(row, by).is_null())
            .min_by(|one, other| compare(&world.kept(one, by), &world.kept(other, by)))
            .map_or(Value::Null, |row| world.shown(row, column)),
    }
}

fn sum(column: &Column, values: Vec<Value>) -> Value {
    if column.kind == Kind::Real {
        Value::Real(values.iter().filter_map(Value::as_f64).sum())
    } else {
        Value::Int(values.iter().filter_map(Value::as_i64).sum())
    }
}

fn keeps(query: &Query, row: &[Value], having: &Having) -> bool {
    let (how, negated) = positive(having.op);
    let value = &row[query.keys.len() + measure_place(query, &having.measure).unwrap_or_default()];
    let holds = match how {
        Positive::Is if value.is_null() || having.value.is_null() => value.is_null() && having.value.is_null(),
        Positive::Order(sign) => numbers(value, &having.value).is_some_and(|order| in_order(order, sign)),
        _ => numbers(value, &having.value) == Some(Ordering::Equal),
    };
    holds != negated
}
