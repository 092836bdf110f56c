//! Numbers as text: by default only shares, with `format_metrics=1` everything that is worked out, with `all` money too.

use footfall_model::{Cell, DataTable, Row, Unit, Value};
use footfall_report::parts;

use super::{
    super::{MatomoRequest, pretty},
    metric::Metric,
};

/// What a request wants as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::matomo) enum Wanted {
    /// Shares, as older versions gave them.
    Shares,
    /// Everything that is worked out.
    Metrics,
    /// Everything that is worked out, and money.
    All,
}

impl Wanted {
    /// What the request's `format_metrics` asks for; nothing where it is `0` or absent.
    pub(in crate::matomo) fn of(request: &MatomoRequest) -> Option<Wanted> {
        match request.filled("format_metrics")? {
            "0" => None,
            "bc" => Some(Wanted::Shares),
            "all" => Some(Wanted::All),
            _ => Some(Wanted::Metrics),
        }
    }
}

/// Writes a table's numbers as text.
pub(in crate::matomo) fn table(wanted: Wanted, table: &mut DataTable, metrics: &[Metric], currency: &str) {
    let mut kept: Vec<(String, Unit)> = metrics
        .iter()
        .map(|metric| (metric.name(), metric.unit()))
        .filter(|(name, _)| wanted != Wanted::Shares || is_share(name))
        .collect();
    if let (true, Some(row)) = (table.is_simple, table.rows.first()) {
        let names = row.columns.iter().map(|(name, _)| name.to_string());
        kept.extend(names.filter(|name| is_rate_of_goal(name)).map(|name| (name, Unit::Percent)));
    }
    parts::each_part(&mut table.rows, |part| rows(wanted, part, &kept, currency));
}

fn rows(wanted: Wanted, of: &mut [Row], metrics: &[(String, Unit)], currency: &str) {
    for row in of {
        for (name, unit) in metrics {
            let text = match row.get(name) {
                Some(Cell::Value(Value::Int(_) | Value::Real(_))) => {
                    one(name, *unit, row.number(name).unwrap_or_default(), currency)
                }
                _ => None,
            };
            if let Some(text) = text {
                row.columns.get_mut(name).into_iter().for_each(|cell| *cell = Cell::text(&text));
            }
        }
        if wanted == Wanted::All {
            for (name, cell) in &mut row.columns {
                if name.contains("revenue")
                    && !name.ends_with("_evolution")
                    && let Some(value) = cell.as_f64()
                {
                    *cell = Cell::text(&pretty::money(value, currency));
                }
            }
        }
        if let Some(below) = &mut row.subtable {
            rows(wanted, &mut below.rows, metrics, currency);
        }
        for (name, cell) in &mut row.metadata {
            if let (true, Cell::Table(compared)) = (name == "comparisons", cell) {
                rows(wanted, &mut compared.rows, metrics, currency);
            }
        }
    }
}

/// A number of a unit as text; `None` leaves it a number.
pub(in crate::matomo) fn one(name: &str, unit: Unit, value: f64, currency: &str) -> Option<String> {
    match unit {
        Unit::Percent => Some(pretty::percent(value)),
        Unit::Seconds | Unit::Milliseconds if name == "avg_time_on_page" => Some(pretty::clock(value)),
        Unit::Seconds => Some(pretty::time(value)),
        Unit::Milliseconds => Some(pretty::time(value / 1000.0)),
        Unit::Money => Some(pretty::money(value, currency)),
        Unit::Number | Unit::Bytes => None,
    }
}

/// Whether it is the share of visits that reached one goal, such as `goal_1_conversion_rate_new_visit`.
fn is_rate_of_goal(name: &str) -> bool {
    let Some((number, rest)) = name.strip_prefix("goal_").and_then(|rest| rest.split_once('_')) else {
        return false;
    };
    number.bytes().all(|byte| byte.is_ascii_digit())
        && ["conversion_rate", "conversion_rate_new_visit", "conversion_rate_returning_visit"].contains(&rest)
}

/// Whether older versions gave this metric as a percentage.
fn is_share(name: &str) -> bool {
    const WITHIN: [&str; 7] = [
        "conversion_rate",
        "abandoned_rate",
        "interaction_rate",
        "exit_rate",
        "bounce_rate_returning",
        "nb_visits_percentage",
        "_evolution",
    ];
    name.starts_with("bounce_rate")
        || WITHIN.iter().any(|part| name.contains(part))
        || (name.contains("Referrers") && name.ends_with("_percent"))
}
