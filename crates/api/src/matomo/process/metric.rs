//! The metrics that are worked out for a table: its report's, and those a request adds.

use footfall_model::{Cell, DataTable, Name, Row, Unit, Value};
use footfall_report::{Processed, number, parts};

/// A metric that is worked out row by row.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::matomo) enum Metric {
    /// One that is known by name.
    Known(Processed),
    /// A number of one goal.
    Goal(GoalMetric),
}

/// A number of one goal, such as `goal_3_revenue`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::matomo) struct GoalMetric {
    /// The goal as requests and names have it: a number or `ecommerceOrder`.
    pub(in crate::matomo) goal: String,
    /// What is worked out.
    pub(in crate::matomo) of: Of,
}

/// What can be worked out of a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::matomo) enum Of {
    ConversionRate,
    Conversions,
    RevenuePerVisit,
    Revenue,
    ConversionsAttributed,
    RevenueAttributed,
    PageRate,
    EntryConversions,
    RevenuePerEntry,
    EntryRevenue,
    EntryRate,
    OrderRevenue,
    Items,
}

impl Of {
    /// The part of the column's name after the goal.
    pub(in crate::matomo) fn name(self) -> &'static str {
        match self {
            Of::ConversionRate => "conversion_rate",
            Of::Conversions => "nb_conversions",
            Of::RevenuePerVisit => "revenue_per_visit",
            Of::Revenue => "revenue",
            Of::ConversionsAttributed => "nb_conversions_attrib",
            Of::RevenueAttributed => "revenue_attrib",
            Of::PageRate => "nb_conversions_page_rate",
            Of::EntryConversions => "nb_conversions_entry",
            Of::RevenuePerEntry => "revenue_per_entry",
            Of::EntryRevenue => "revenue_entry",
            Of::EntryRate => "nb_conversions_entry_rate",
            Of::OrderRevenue => "avg_order_revenue",
            Of::Items => "items",
        }
    }

    fn unit(self) -> Unit {
        match self {
            Of::ConversionRate | Of::PageRate | Of::EntryRate => Unit::Percent,
            Of::RevenuePerVisit
            | Of::Revenue
            | Of::RevenueAttributed
            | Of::RevenuePerEntry
            | Of::EntryRevenue
            | Of::OrderRevenue => Unit::Money,
            Of::Conversions | Of::ConversionsAttributed | Of::EntryConversions | Of::Items => Unit::Number,
        }
    }
}

impl Metric {
    /// The name of its column.
    pub(in crate::matomo) fn name(&self) -> String {
        match self {
            Metric::Known(known) => known.name.to_owned(),
            Metric::Goal(goal) => format!("goal_{}_{}", goal.goal, goal.of.name()),
        }
    }

    /// What its number means.
    pub(in crate::matomo) fn unit(&self) -> Unit {
        match self {
            Metric::Known(known) => known.unit,
            Metric::Goal(goal) => goal.of.unit(),
        }
    }

    /// Columns that are only there to work it out.
    pub(in crate::matomo) fn temporary(&self) -> &'static [&'static str] {
        match self {
            Metric::Known(known) => known.temporary,
            Metric::Goal(_) => &[],
        }
    }

    fn compute(&self, row: &Row) -> Option<Value> {
        match self {
            Metric::Known(known) => (known.compute)(row),
            Metric::Goal(goal) => goal.compute(row),
        }
    }
}

impl GoalMetric {
    fn compute(&self, row: &Row) -> Option<Value> {
        let held = of_goal(row, &self.goal);
        let get = |name: &str| held.and_then(|entries| find(entries, name)).unwrap_or_default();
        let (visits, entries) = (row.number("nb_visits").unwrap_or_default(), row.number("entry_nb_visits").unwrap_or_default());
        let conversions = get("nb_conversions");
        let or = |by: f64| if by == 0.0 { conversions } else { by };
        Some(match self.of {
            Of::ConversionRate => number::quotient(conversions, visits, 4),
            Of::Conversions => Value::Int(conversions as i64),
            Of::RevenuePerVisit => number::quotient(get("revenue"), or(visits), 2),
            Of::Revenue => number::number(get("revenue")),
            // Of a goal that the row had nothing to do with nothing is told.
            Of::ConversionsAttributed | Of::PageRate if held.is_none() => Value::Null,
            Of::ConversionsAttributed => number::number(get("nb_conversions_attrib")),
            Of::RevenueAttributed => number::number(get("revenue_attrib")),
            Of::PageRate => number::number(get("nb_conversions_page_rate")),
            Of::EntryConversions => Value::Int(get("nb_conversions_entry") as i64),
            Of::RevenuePerEntry => number::quotient(get("revenue"), or(entries), 2),
            Of::EntryRevenue => number::number(get("revenue_entry")),
            Of::EntryRate => number::quotient(get("nb_conversions_entry"), entries, 3),
            Of::OrderRevenue => number::quotient(get("revenue"), conversions, 2),
            Of::Items => Value::Int(get("items") as i64),
        })
    }
}

/// The numbers of a goal in a row.
fn of_goal<'a>(row: &'a Row, goal: &str) -> Option<&'a [(footfall_model::Name, Cell)]> {
    let key = match goal {
        "0" => "idgoal=ecommerceOrder".to_owned(),
        "-1" => "idgoal=ecommerceAbandonedCart".to_owned(),
        goal => format!("idgoal={goal}"),
    };
    row.get("goals")?.as_map()?.iter().find(|(known, _)| *known == key)?.1.as_map()
}

fn find(entries: &[(footfall_model::Name, Cell)], name: &str) -> Option<f64> {
    entries.iter().find(|(known, _)| known == name)?.1.as_f64()
}

/// Adds what is worked out to the table's rows where it is missing; `deep` also goes for the rows below. What a request adds
/// comes before what the report has, and what only its own rows have before the rest, as at Matomo.
pub(in crate::matomo) fn add(table: &mut DataTable, added: &[Metric], top: &[Metric], deep: &[Metric]) {
    let order: Vec<&Metric> = {
        let own = || top.iter().chain(deep);
        let said = |metric: &&Metric| own().find(|own| own.name() == metric.name());
        added.iter().map(|metric| said(&metric).unwrap_or(metric)).chain(own()).collect()
    };
    let (all, deep) = (named(order.into_iter()), named(deep.iter()));
    parts::each_part(&mut table.rows, |rows| add_to(rows, &all, &deep));
}

fn named<'a>(metrics: impl Iterator<Item = &'a Metric>) -> Vec<(Name, &'a Metric)> {
    let name = |metric: &Metric| match metric {
        Metric::Known(known) => Name::Borrowed(known.name),
        Metric::Goal(_) => Name::Owned(metric.name()),
    };
    metrics.map(|metric| (name(metric), metric)).collect()
}

fn add_to(rows: &mut [Row], metrics: &[(Name, &Metric)], deep: &[(Name, &Metric)]) {
    for row in rows {
        for (name, metric) in metrics {
            if row.get(name).is_none()
                && let Some(value) = metric.compute(row)
            {
                row.columns.push((name.clone(), Cell::Value(value)));
            }
        }
        if let Some(below) = &mut row.subtable {
            add_to(&mut below.rows, deep, deep);
        }
    }
}

/// What one visit was worth, over all goals and orders. Money is cut to whole units before it is divided, as at Matomo.
pub(in crate::matomo) const REVENUE_PER_VISIT: Processed = Processed::new(
    "revenue_per_visit",
    "Revenue per Visit",
    "What a visit was worth on average.",
    Unit::Money,
    &["revenue", "nb_visits", "nb_conversions", "goals"],
    |row| {
        let goals = row.get("goals").and_then(Cell::as_map).unwrap_or_default();
        let counted = |name: &str| name != "idgoal=ecommerceAbandonedCart";
        let mut revenue: f64 = goals
            .iter()
            .filter(|(name, _)| counted(name))
            .filter_map(|(_, goal)| find(goal.as_map()?, "revenue"))
            .map(f64::trunc)
            .sum();
        if revenue == 0.0 {
            revenue = row.number("revenue").unwrap_or_default().trunc();
        }
        let visits = row.number("nb_visits").unwrap_or_default();
        let by = if visits == 0.0 { row.number("nb_conversions").unwrap_or_default() } else { visits };
        Some(number::quotient(revenue, by, 2))
    },
);
