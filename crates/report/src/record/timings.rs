//! How long pages took to load, part by part.

use footfall_model::{Aggregate, Cell, DataTable, Filter, Key, Measure, Name, Op, Row, Text, Value};
use rustc_hash::FxHashMap;

use super::{
    actions::hit,
    tree::{Join, Place, Tree},
};
use crate::number;

/// A timing of a page's load, and what its columns are called.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// The column of the hit, in milliseconds.
    pub name: &'static str,
    /// The sum.
    pub sum: &'static str,
    /// How many page views have it.
    pub hits: &'static str,
    /// The least.
    pub least: &'static str,
    /// The most.
    pub most: &'static str,
    /// The average.
    pub average: &'static str,
}

impl Timing {
    /// Whether a column is one of its own.
    pub fn has(self, name: &str) -> bool {
        [self.sum, self.hits, self.least, self.most].contains(&name)
    }

    /// Makes a row's milliseconds seconds, to a tenth of a millisecond; the texts of those that many rows have are made once.
    pub(super) fn in_seconds(self, row: &mut Row, texts: &mut FxHashMap<i64, Text>) {
        let Some(sum) = row.columns.get_mut(self.sum) else {
            return;
        };
        if let Some(ms) = sum.as_f64() {
            *sum = Cell::Value(number::number(number::round(ms / 1000.0, 4)));
        }
        for name in [self.least, self.most] {
            let text = match row.get(name).and_then(Cell::value) {
                Some(Value::Int(ms)) => {
                    let text = texts.entry(*ms).or_insert_with(|| Text::from(format!("{}.{:03}0", ms / 1000, ms % 1000)));
                    Value::Text(Text::clone(text))
                }
                Some(other) => other.as_f64().map_or(Value::Null, |ms| Value::text(&format!("{:.4}", ms / 1000.0))),
                None => Value::Null,
            };
            row.set(name, text);
        }
    }

    /// The sum, the number, the least and the most, in the order of [`timing_measures`].
    pub fn columns(self) -> [(Name, Join); 4] {
        let Timing { sum, hits, least, most, .. } = self;
        [(sum.into(), Join::Sum), (hits.into(), Join::Sum), (least.into(), Join::Min), (most.into(), Join::Max)]
    }
}

macro_rules! timing {
    ($name:literal) => {
        Timing {
            name: $name,
            sum: concat!("sum_", $name),
            hits: concat!("nb_hits_with_", $name),
            least: concat!("min_", $name),
            most: concat!("max_", $name),
            average: concat!("avg_", $name),
        }
    };
}

/// Every timing, in the order pages load.
pub const TIMINGS: [Timing; 6] = [
    timing!("time_network"),
    timing!("time_server"),
    timing!("time_transfer"),
    timing!("time_dom_processing"),
    timing!("time_dom_completion"),
    timing!("time_on_load"),
];

/// The averages of every timing, and of all together.
pub const AVERAGES: &[&str] = &[
    "avg_time_network",
    "avg_time_server",
    "avg_time_transfer",
    "avg_time_dom_processing",
    "avg_time_dom_completion",
    "avg_time_on_load",
    "avg_page_load_time",
];

/// The averages of every timing, without that of all together.
pub const TIMING_AVERAGES: &[&str] = AVERAGES.split_at(TIMINGS.len()).0;

/// Milliseconds beyond which a timing is cut, so that one stuck page does not spoil an average.
pub const LONGEST_TIMING: i64 = 3_600_000;

/// The sum, number, least and most of every timing, in the order of [`TIMINGS`].
pub fn timing_measures() -> impl Iterator<Item = Measure> {
    TIMINGS.into_iter().flat_map(|timing| {
        let column = hit(timing.name);
        let known = Filter::test(Key::Column(column), Op::IsNot, vec![Value::Null]);
        [
            Measure::new(timing.sum, Aggregate::Sum(column)),
            Measure::new(timing.hits, Aggregate::Count).only(known),
            Measure::new(timing.least, Aggregate::Min(column)),
            Measure::new(timing.most, Aggregate::Max(column)),
        ]
    })
}

/// Page views with any timing.
pub fn has_timing() -> Filter {
    Filter::Or(TIMINGS.iter().map(|timing| Filter::test(Key::Column(hit(timing.name)), Op::IsNot, vec![Value::Null])).collect())
}

/// The timings that any row of a table has, and those that none has.
#[derive(Debug)]
pub struct Timed {
    /// Those that some row has.
    pub known: Vec<Timing>,
    /// Those that no row has.
    pub unknown: Vec<Timing>,
}

impl Timed {
    /// Sorts the timings by whether they have a sum.
    pub fn of(sum: impl Fn(usize) -> Option<i64>) -> Timed {
        let has_sum = |(index, _): &(usize, Timing)| sum(*index).is_some_and(|sum| sum > 0);
        let (known, unknown): (Vec<_>, Vec<_>) = TIMINGS.into_iter().enumerate().partition(has_sum);
        let plain = |timings: Vec<(usize, Timing)>| timings.into_iter().map(|(_, timing)| timing).collect();
        Timed { known: plain(known), unknown: plain(unknown) }
    }
}

/// Adds what was measured by [`timing_measures`] to a row whose timings begin with a column. A row that was not timed shows so
/// where any was.
pub fn add(tree: &mut Tree, at: Place, first_column: usize, timings: &[Value], any_timed: bool) {
    if is_timed(timings) {
        tree.add(at, first_column, timings);
    } else if any_timed {
        for timing in 0..TIMINGS.len() {
            tree.add(at, first_column + timing * 4, &[Value::Int(0), Value::Int(0)]);
        }
    }
}

/// Whether what was measured by [`timing_measures`] holds any timing.
pub fn is_timed(timings: &[Value]) -> bool {
    timings.iter().skip(1).step_by(4).any(|hits| hits.as_i64().unwrap_or_default() > 0)
}

/// Takes the timings away that no row of a table has, also from the rows below. Sums of them are seconds by now.
pub fn forget_untimed(table: &mut DataTable) {
    let is_timed = |timing: &Timing| table.rows.iter().filter_map(|row| row.number(timing.sum)).sum::<f64>() > 0.0;
    let untimed: Vec<Timing> = TIMINGS.into_iter().filter(|timing| !is_timed(timing)).collect();
    if !untimed.is_empty() {
        table.each_row(&mut |row| row.columns.retain(|(name, _)| !untimed.iter().any(|timing| timing.has(name))));
    }
}
