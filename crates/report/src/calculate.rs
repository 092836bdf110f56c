//! Metrics that are worked out from others: what they are made of and how.

use footfall_model::{Cell, DataTable, Row, Unit, Value};

use crate::{number, reports::device_plugins};

/// A metric that is worked out, row by row, from columns that are there.
#[derive(Clone, Copy)]
pub struct Processed {
    /// The name of the column.
    pub name: &'static str,
    /// What a person reads.
    pub title: &'static str,
    /// One sentence that explains it.
    pub doc: &'static str,
    /// What its number means.
    pub unit: Unit,
    /// The columns it is made of.
    pub of: &'static [&'static str],
    /// Columns that are only there to make it and go away unless asked for.
    pub temporary: &'static [&'static str],
    /// How it is worked out; `None` leaves the row without it.
    pub compute: fn(&Row) -> Option<Value>,
}

impl std::fmt::Debug for Processed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Processed {
    fn eq(&self, other: &Processed) -> bool {
        self.name == other.name
    }
}

impl Processed {
    /// A metric made of two others.
    pub const fn new(
        name: &'static str,
        title: &'static str,
        doc: &'static str,
        unit: Unit,
        of: &'static [&'static str],
        compute: fn(&Row) -> Option<Value>,
    ) -> Processed {
        Processed { name, title, doc, unit, of, temporary: &[], compute }
    }
}

/// Adds the metrics to every row, and to the rows below, that do not have them yet.
pub fn add(table: &mut DataTable, metrics: &[Processed]) {
    for row in &mut table.rows {
        for metric in metrics {
            if row.get(metric.name).is_none()
                && let Some(value) = (metric.compute)(row)
            {
                row.set(metric.name, value);
            }
        }
        if let Some(below) = &mut row.subtable {
            add(below, metrics);
        }
    }
}

/// One column over another; 0 where the row has neither.
pub fn ratio(row: &Row, of: &str, by: &str, digits: i32) -> Option<Value> {
    Some(number::quotient(row.number(of).unwrap_or_default(), row.number(by).unwrap_or_default(), digits))
}

pub use crate::number::quotient;

/// Adds the numbers of a row to another's: the greatest of what is a greatest, the sum of everything else. Labels and text stay.
pub fn sum_rows(into: &mut Row, other: &Row) {
    for (name, cell) in &other.columns {
        if name == "label" {
            continue;
        }
        let joined = match into.get(name) {
            None => cell.clone(),
            Some(held) => sum_cells(name, held, cell),
        };
        into.set(name.clone(), joined);
    }
}

fn sum_cells(name: &str, held: &Cell, other: &Cell) -> Cell {
    match (held, other) {
        (Cell::Map(held), Cell::Map(other)) => {
            let mut sum = held.clone();
            for (name, cell) in other {
                match sum.iter_mut().find(|(known, _)| known == name) {
                    Some((_, held)) => *held = sum_cells(name, held, cell),
                    None => sum.push((name.clone(), cell.clone())),
                }
            }
            Cell::Map(sum)
        }
        _ => match (held.as_f64(), other.as_f64()) {
            (Some(one), Some(two)) => Cell::Value(number::number(match name {
                // Of how many a share is does not grow with the rows.
                "max_actions" | "max_event_value" | device_plugins::TOTAL => one.max(two),
                "min_event_value" => one.min(two),
                name if name.starts_with("max_time_") => one.max(two),
                name if name.starts_with("min_time_") => one.min(two),
                _ => one + two,
            })),
            (None, Some(_)) => other.clone(),
            _ if *held == Cell::NULL => other.clone(),
            (None, None) if name.starts_with("max_") || name.starts_with("min_") => match (text_number(held), text_number(other))
            {
                (Some(one), Some(two)) if (two > one) == name.starts_with("max_") && two != one => other.clone(),
                _ => held.clone(),
            },
            _ => held.clone(),
        },
    }
}

/// The number that stands as text.
fn text_number(cell: &Cell) -> Option<f64> {
    cell.as_str()?.trim().parse().ok()
}

/// Visits with one action only, as a share of all.
pub const BOUNCE_RATE: Processed = Processed::new(
    "bounce_rate",
    "Bounce Rate",
    "The share of visits that ended after one page view.",
    Unit::Percent,
    &["bounce_count", "nb_visits"],
    |row| ratio(row, "bounce_count", "nb_visits", 2),
);

/// Actions a visit.
pub const ACTIONS_PER_VISIT: Processed = Processed::new(
    "nb_actions_per_visit",
    "Actions per Visit",
    "How many actions a visit had on average: page views, downloads, outlinks, searches and events.",
    Unit::Number,
    &["nb_actions", "nb_visits"],
    |row| ratio(row, "nb_actions", "nb_visits", 1),
);

/// Seconds a visit lasted.
pub const TIME_ON_SITE: Processed = Processed::new(
    "avg_time_on_site",
    "Avg. Time on Website",
    "How long a visit lasted on average.",
    Unit::Seconds,
    &["sum_visit_length", "nb_visits"],
    |row| ratio(row, "sum_visit_length", "nb_visits", 0),
);

/// Visits that reached a goal, as a share of all.
pub const CONVERSION_RATE: Processed = Processed::new(
    "conversion_rate",
    "Conversion Rate",
    "The share of visits in which a goal was reached.",
    Unit::Percent,
    &["nb_visits_converted", "nb_visits"],
    |row| ratio(row, "nb_visits_converted", "nb_visits", 4),
);
