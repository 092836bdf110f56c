//! What was reached: goals, orders and carts.

use std::sync::Arc;

use footfall_model::{Aggregate, Cell, DataTable, Error, Fact, Filter, GoalId, Key, Measure, Name, Op, Row, Unit, Value};

use super::visit_frequency::of_kind;
use crate::{
    Ask, Processed, Reader, Report, Slice, calculate, number,
    record::{
        ranges::Range,
        visits::{self, conversion_column, goal_measures},
    },
};

const GOALS: Report = Report { module: "Goals", category: "Goals_Goals", processed_names: &[], ..Report::BASE };

/// Conversions in numbers, over all visits and for new and returning visitors.
pub const GET: Report = Report {
    action: "get",
    title: "Goals",
    doc: "How often goals were reached, in how many visits, and what that was worth.",
    order: 1,
    metrics: &["nb_conversions", "nb_visits_converted", "revenue"],
    processed: &MADE,
    processed_names: &["conversion_rate"],
    keeps_zeros: true,
    make: |ask| Box::pin(get(ask)),
    ..GOALS
};

/// What [`GET`] works out itself, here so that they are written as shares.
const MADE: [Processed; 3] =
    [made("conversion_rate"), made("conversion_rate_new_visit"), made("conversion_rate_returning_visit")];

const fn made(name: &'static str) -> Processed {
    Processed::new(name, name, "", Unit::Percent, &[], |_| None)
}

/// Conversions in numbers, over all visits.
pub const METRICS: Report = Report {
    action: "getMetrics",
    is_hidden: true,
    metrics: &["nb_conversions", "nb_visits_converted", "revenue"],
    processed: &[calculate::CONVERSION_RATE],
    make: |ask| Box::pin(metrics(ask)),
    // A day with visits has numbers though nothing was reached.
    keeps_zeros: true,
    ..GOALS
};

/// Conversions by days since the visitor's first visit.
pub const DAYS: Report = Report {
    action: "getDaysToConversion",
    title: "Days to Conversion",
    doc: "How many days lay between the first visit and the conversion.",
    dimension: Some("Days to Conversion"),
    dimension_id: "Goals.DaysToConversion",
    metrics: &["nb_conversions"],
    constant_rows: true,
    sort: "",
    order: 25,
    make: |ask| Box::pin(ranges(ask, &DAY_RANGES, "since_first", 86_400)),
    queued: &[|table, _| finish(table, &DAY_RANGES, "1 day", "%s days")],
    ..GOALS
};

/// Conversions by which visit of the visitor they happened in.
pub const VISITS: Report = Report {
    action: "getVisitsUntilConversion",
    title: "Visits to Conversion",
    doc: "How many visits it took until the conversion.",
    dimension: Some("Visits to Conversion"),
    dimension_id: "Goals.VisitsUntilConversion",
    metrics: &["nb_conversions"],
    constant_rows: true,
    sort: "",
    order: 20,
    make: |ask| Box::pin(ranges(ask, &VISIT_RANGES, "visit_count", 1)),
    queued: &[|table, _| finish(table, &VISIT_RANGES, "1 visit", "%s visits")],
    ..GOALS
};

macro_rules! single {
    ($($name:ident $action:literal $column:literal;)*) => {$(
        #[doc = concat!("Matomo's `", $action, "`.")]
        pub const $name: Report = Report {
            action: $action,
            is_hidden: true,
            make: |ask| Box::pin(single(ask, $column)),
            ..GOALS
        };
    )*};
}
single! {
    CONVERSIONS "getConversions" "nb_conversions";
    VISITS_CONVERTED "getNbVisitsConverted" "nb_visits_converted";
    REVENUE "getRevenue" "revenue";
}

/// The share of visits that reached the goal.
pub const RATE: Report = Report {
    action: "getConversionRate",
    is_hidden: true,
    processed: &[calculate::CONVERSION_RATE],
    make: |ask| Box::pin(metrics(ask)),
    queued: &[|table, _| {
        for row in &mut table.rows {
            row.columns.retain(|(name, _)| name == "conversion_rate");
        }
    }],
    ..GOALS
};

/// What an order was worth.
pub const AVERAGE_ORDER: Processed = Processed::new(
    "avg_order_revenue",
    "Average Order Value",
    "What an order was worth on average.",
    Unit::Money,
    &["revenue", "nb_conversions"],
    |row| calculate::ratio(row, "revenue", "nb_conversions", 2),
);

/// How often each goal was reached, orders and carts included.
///
/// # Errors
/// When the segment is not known or the store cannot answer.
pub async fn conversions_by_goal(reader: &Reader, slice: &Slice) -> Result<Vec<(GoalId, f64)>, Error> {
    Ok(visits::reached_by(reader, slice, &[])
        .await?
        .into_iter()
        .map(|reached| {
            let n = reached.metrics.iter().find(|(name, _)| name == "nb_conversions").map_or(0.0, |(_, n)| *n);
            (reached.goal, n)
        })
        .collect())
}

/// The columns a goal has; no goal means all of them together.
pub fn columns(goal: Option<GoalId>) -> &'static [&'static str] {
    match goal {
        Some(GoalId::ORDER) => &[
            "nb_conversions",
            "nb_visits_converted",
            "revenue",
            "revenue_subtotal",
            "revenue_tax",
            "revenue_shipping",
            "revenue_discount",
            "items",
        ],
        Some(GoalId::CART) => &["nb_conversions", "nb_visits_converted", "revenue", "items"],
        _ => &["nb_conversions", "nb_visits_converted", "revenue"],
    }
}

/// A goal's numbers in one slice, with the visits they are a share of.
async fn numbers(reader: &Reader, slice: &Slice, goal: Option<GoalId>) -> Result<Vec<(Name, Value)>, Error> {
    let counted = visits::numbers(
        reader,
        slice,
        visits::measures()
            .into_iter()
            .filter(|measure| &*measure.name == "nb_visits" || &*measure.name == "nb_visits_converted")
            .collect(),
    )
    .await?;
    let of_visits =
        |name: &str| counted.iter().find(|(known, _)| known == name).map_or(Value::Int(0), |(_, value)| value.clone());
    let mut query = slice.query(Fact::Conversions);
    query.filter = reader.segment_filter(slice)?;
    let goal_column = Key::Column(conversion_column("goal_id"));
    query.filter = query.filter.and(match goal {
        Some(GoalId(number)) => Filter::test(goal_column, Op::Is, vec![Value::Int(i64::from(number))]),
        None => Filter::test(goal_column, Op::AtLeast, vec![Value::Int(0)]),
    });
    query.measures = goal_measures();
    let rows = reader.ask(&query).await?;
    let values = rows.rows.into_iter().next().unwrap_or_default();
    // Orders that come to a site which neither sells nor has goals count for nothing but their visits.
    let counts = slice.site.ecommerce || !slice.site.goals.is_empty();
    let measured = if counts { visits::goal_metrics(GoalId::ORDER, &values) } else { Vec::new() };
    let mut numbers = Vec::new();
    for column in columns(goal) {
        let value = match (*column, goal) {
            ("nb_visits_converted", None) => of_visits("nb_visits_converted"),
            _ => measured.iter().find(|(name, _)| name == column).map_or(Value::Int(0), |(_, amount)| number::number(*amount)),
        };
        numbers.push((Name::Borrowed(*column), value));
    }
    numbers.push(("nb_visits".into(), of_visits("nb_visits")));
    Ok(numbers)
}

/// The numbers of one slice as a row, with what is worked out from them; the visits themselves are not shown.
async fn row(ask: &Ask<'_>, slice: &Slice) -> Result<Row, Error> {
    let goal = ask.options.goal;
    let mut row = Row::default();
    for (name, value) in numbers(ask.reader, slice, goal).await? {
        row.set(name, value);
    }
    if ask.options.every_goal && goal.is_none() {
        for known in &slice.site.goals {
            for (name, value) in numbers(ask.reader, slice, Some(known.id)).await? {
                if name != "nb_visits" {
                    row.set(format!("goal_{}_{name}", known.id.0), value);
                }
            }
            let rate = calculate::ratio(&row, &format!("goal_{}_nb_visits_converted", known.id.0), "nb_visits", 4);
            if let Some(rate) = rate {
                row.set(format!("goal_{}_conversion_rate", known.id.0), rate);
            }
        }
    }
    if ask.options.goal_by_number && goal == Some(GoalId::ORDER) {
        row.columns.retain(|(name, _)| name == "nb_visits" || columns(Some(GoalId::CART)).contains(&name.as_ref()));
    }
    if goal.is_some_and(|goal| goal <= GoalId::ORDER) && !ask.options.goal_by_number {
        let average = (AVERAGE_ORDER.compute)(&row);
        row.set("avg_order_revenue", average.unwrap_or_default());
    }
    let rate = (calculate::CONVERSION_RATE.compute)(&row);
    row.set("conversion_rate", rate.unwrap_or_default());
    Ok(row)
}

/// The columns that are shown of those a row has.
fn show(ask: &Ask<'_>, row: &mut Row) {
    let wanted = &ask.options.columns;
    row.columns.retain(|(name, _)| {
        if wanted.is_empty() { name != "nb_visits" || ask.options.every_goal } else { wanted.iter().any(|column| column == name) }
    });
}

async fn metrics(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut row = row(ask, ask.slice).await?;
    let nothing = is_nothing(&row);
    show(ask, &mut row);
    let mut table = DataTable::simple(row.columns);
    if nothing && !ask.options.is_single {
        table.rows.clear();
    }
    Ok(table)
}

fn is_nothing(row: &Row) -> bool {
    row.columns.iter().all(|(_, cell)| cell.as_f64().is_none_or(|number| number == 0.0))
}

async fn get(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut columns: Vec<(Name, Cell)> = Vec::new();
    let kinds: [(&str, &[&str]); 3] =
        [("", &[]), ("_new_visit", &["new"]), ("_returning_visit", &["returning", "returningCustomer"])];
    for (suffix, kinds) in kinds {
        let mut slice = ask.slice.clone();
        if !kinds.is_empty() {
            slice.segment = Arc::new(of_kind(&slice.segment, kinds));
        }
        let mut row = row(ask, &slice).await?;
        // Beside other periods or sites, what has no visits has no columns.
        if is_nothing(&row) && !ask.options.is_single {
            continue;
        }
        show(ask, &mut row);
        for (name, cell) in row.columns {
            columns.push((Name::Owned(format!("{name}{suffix}")), cell));
        }
    }
    let mut table = DataTable::simple(columns);
    if table.rows.iter().all(|row| row.columns.is_empty()) {
        table.rows.clear();
    }
    Ok(table)
}

async fn single(ask: &Ask<'_>, column: &'static str) -> Result<DataTable, Error> {
    let numbers = numbers(ask.reader, ask.slice, ask.options.goal).await?;
    let value = numbers.into_iter().find(|(name, _)| name == column).map_or(Value::Int(0), |(_, value)| value);
    Ok(DataTable::simple(vec![(column.into(), value.into())]))
}

const DAY_RANGES: [Range; 14] = [
    Range::of(0, 0),
    Range::of(1, 1),
    Range::of(2, 2),
    Range::of(3, 3),
    Range::of(4, 4),
    Range::of(5, 5),
    Range::of(6, 6),
    Range::of(7, 7),
    Range::of(8, 14),
    Range::of(15, 30),
    Range::of(31, 60),
    Range::of(61, 120),
    Range::of(121, 364),
    Range::above(364),
];

const VISIT_RANGES: [Range; 13] = [
    Range::of(1, 1),
    Range::of(2, 2),
    Range::of(3, 3),
    Range::of(4, 4),
    Range::of(5, 5),
    Range::of(6, 6),
    Range::of(7, 7),
    Range::of(8, 8),
    Range::of(9, 14),
    Range::of(15, 25),
    Range::of(26, 50),
    Range::of(51, 100),
    Range::above(100),
];

/// Conversions by range of a number; no row where there are none. No goal means all goals without orders and carts.
async fn ranges(ask: &Ask<'_>, ranges: &[Range], column: &str, unit: i64) -> Result<DataTable, Error> {
    let mut query = ask.slice.query(Fact::Conversions);
    let goal_column = Key::Column(conversion_column("goal_id"));
    let of_goal = match ask.options.goal {
        Some(GoalId(number)) => Filter::test(goal_column, Op::Is, vec![Value::Int(i64::from(number))]),
        None => Filter::test(goal_column, Op::AtLeast, vec![Value::Int(1)]),
    };
    query.filter = ask.reader.segment_filter(ask.slice)?.and(of_goal);
    let column = conversion_column(column);
    query.measures =
        ranges.iter().map(|range| Measure::new(&range.key(), Aggregate::Count).only(range.filter(column, unit))).collect();
    query.measures.push(Measure::new("all", Aggregate::Count));
    let rows = ask.reader.ask(&query).await?;
    let mut values = rows.rows.into_iter().next().unwrap_or_default();
    let all = values.pop().and_then(|value| value.as_i64()).unwrap_or(0);
    let mut table = DataTable::default();
    if all > 0 {
        for (range, value) in ranges.iter().zip(values) {
            let mut row = Row::labelled(Value::text(&range.key()));
            row.set("nb_conversions", visits::or_zero(value));
            table.rows.push(row);
        }
    }
    Ok(table)
}

fn finish(table: &mut DataTable, ranges: &[Range], one: &str, many: &str) {
    for row in &mut table.rows {
        if let Some(range) = ranges.iter().find(|range| range.key() == row.label()) {
            row.set("label", Value::text(&range.label(one, many)));
        }
    }
}
