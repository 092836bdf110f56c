//! How much visitors stayed, looked at, and came back.

use footfall_model::{Aggregate, Cell, Column, DataTable, Error, Fact, Filter, Measure, Row, Value};

use crate::{
    Ask, Report,
    record::{
        ranges::Range,
        visits::{self, column},
    },
};

const INTEREST: Report = Report {
    module: "VisitorInterest",
    category: "General_Actions",
    subcategory: "VisitorInterest_Engagement",
    metrics: &["nb_visits"],
    processed_names: &[],
    sort: "",
    constant_rows: true,
    ..Report::BASE
};

/// Visits by how long they lasted.
pub const DURATION: Report = Report {
    action: "getNumberOfVisitsPerVisitDuration",
    title: "Length of visits",
    doc: "How many visits lasted how long.",
    dimension: Some("Visit duration"),
    dimension_id: "VisitorInterest.VisitDuration",
    segment: "visitDuration",
    order: 15,
    make: |ask| Box::pin(count(ask, &SECONDS, column("duration"), 1, Filter::All)),
    queued: &[|table, _| finish(table, &SECONDS, "visitDuration", seconds_label)],
    ..INTEREST
};

/// Visits by how many actions they had.
pub const PAGES: Report = Report {
    action: "getNumberOfVisitsPerPage",
    title: "Pages per visit",
    doc: "How many visits had how many page views.",
    dimension: Some("Pages per visit"),
    dimension_id: "VisitorInterest.PagesPerVisit",
    segment: "actions",
    order: 20,
    make: |ask| Box::pin(count(ask, &ACTIONS, column("actions"), 1, Filter::All)),
    queued: &[|table, _| finish(table, &ACTIONS, "actions", |range| range.label("1 page", "%s pages"))],
    ..INTEREST
};

/// Returning visits by days since the visit before.
pub const DAYS_SINCE_LAST: Report = Report {
    action: "getNumberOfVisitsByDaysSinceLast",
    title: "Visits by days since last visit",
    doc: "How many visits were made by visitors who had been there so many days before.",
    dimension: Some("Days since last visit"),
    dimension_id: "VisitorInterest.VisitorDaysSinceLast",
    segment: "daysSinceLastVisit",
    order: 30,
    make: |ask| Box::pin(days_since_last(ask)),
    queued: &[|table, _| finish_new(table)],
    ..INTEREST
};

/// Visits by which visit of their visitor they are.
pub const VISIT_COUNT: Report = Report {
    action: "getNumberOfVisitsByVisitCount",
    title: "Visits by visit number",
    doc: "How many visits were their visitor's first, second and so on.",
    dimension: Some("Visits by visit number"),
    dimension_id: "VisitorInterest.VisitsbyVisitNumber",
    segment: "visitCount",
    order: 25,
    metrics: &["nb_visits", "nb_visits_percentage"],
    processed: &[super::device_plugins::VISITS_PERCENTAGE],
    make: |ask| Box::pin(visit_count(ask)),
    queued: &[|table, _| {
        finish(table, &NUMBERS, "visitCount", |range| range.label("1 visit", "%s visits"));
        for row in &mut table.rows {
            row.remove("visits_in_all");
        }
    }],
    ..INTEREST
};

const SECONDS: [Range; 10] = [
    Range::of(0, 10),
    Range::of(11, 30),
    Range::of(31, 60),
    Range::of(60, 120),
    Range::of(120, 240),
    Range::of(240, 420),
    Range::of(420, 600),
    Range::of(600, 900),
    Range::of(900, 1800),
    Range::above(1800),
];

const ACTIONS: [Range; 10] = [
    Range::of(1, 1),
    Range::of(2, 2),
    Range::of(3, 3),
    Range::of(4, 4),
    Range::of(5, 5),
    Range::of(6, 7),
    Range::of(8, 10),
    Range::of(11, 14),
    Range::of(15, 20),
    Range::above(20),
];

const NUMBERS: [Range; 14] = [
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
    Range::of(101, 200),
    Range::above(200),
];

const DAYS: [Range; 14] = [
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

/// How many visits there are in each range; no row at all where there are no visits.
async fn count(ask: &Ask<'_>, ranges: &[Range], column: Column, unit: i64, only: Filter) -> Result<DataTable, Error> {
    let mut query = ask.slice.query(Fact::Visits);
    query.filter = ask.reader.segment_filter(ask.slice)?;
    query.measures = ranges
        .iter()
        .map(|range| {
            let inside = range.filter(column, unit).and(only.clone());
            Measure::new(&range.key(), Aggregate::Count).only(inside)
        })
        .collect();
    query.measures.push(Measure::new("all", Aggregate::Count));
    let rows = ask.reader.ask(&query).await?;
    let mut values = rows.rows.into_iter().next().unwrap_or_default();
    let all = values.pop().and_then(|value| value.as_i64()).unwrap_or(0);
    let mut table = DataTable::default();
    if all > 0 {
        for (range, value) in ranges.iter().zip(values) {
            let mut row = Row::labelled(Value::text(&range.key()));
            row.set("nb_visits", visits::or_zero(value));
            tell_text(ask, &mut row);
            table.rows.push(row);
        }
    }
    Ok(table)
}

/// Matomo has the visits of a day's range as a sum.
fn tell_text(ask: &Ask<'_>, row: &mut Row) {
    if ask.reader.tells_text_sums(ask.slice) {
        row.text_sums.push("nb_visits".into());
    }
}

async fn visit_count(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut table = count(ask, &NUMBERS, column("visit_count"), 1, Filter::All).await?;
    let all: f64 = table.rows.iter().filter_map(|row| row.number("nb_visits")).sum();
    for row in &mut table.rows {
        row.set("visits_in_all", all as i64);
    }
    Ok(table)
}

async fn days_since_last(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let returning = Filter::is(column("visitor_kind"), 1i64);
    let mut table = count(ask, &DAYS, column("since_last"), 86_400, returning).await?;
    if !table.rows.is_empty() {
        let new = Filter::is(column("visitor_kind"), 0i64);
        let counted = Measure::new("nb_visits", Aggregate::Count).only(new);
        let numbers = visits::numbers(ask.reader, ask.slice, vec![counted]).await?;
        let mut row = Row::labelled(Value::text(NEW));
        for (name, value) in numbers {
            row.set(name, value);
        }
        tell_text(ask, &mut row);
        table.rows.insert(0, row);
    }
    Ok(table)
}

const NEW: &str = "General_NewVisits";

fn finish_new(table: &mut DataTable) {
    finish(table, &DAYS, "daysSinceLastVisit", |range| range.label("1 day", "%s days"));
    for row in table.rows.iter_mut().filter(|row| row.label() == NEW) {
        row.set("label", Value::text("New visits"));
        row.set_metadata("segment", Cell::text("visitorType==new"));
    }
}

/// Gives the rows of ranges the labels a person reads.
fn finish(table: &mut DataTable, ranges: &[Range], segment: &str, label: fn(Range) -> String) {
    for row in &mut table.rows {
        let Some(range) = ranges.iter().find(|range| range.key() == row.label()) else {
            continue;
        };
        row.set_metadata("segment", Cell::text(&range.segment(segment)));
        row.set("label", Value::text(&label(*range)));
    }
}

/// Seconds up to a minute, minutes from there on.
fn seconds_label(range: Range) -> String {
    match range.last {
        Some(last) if range.first < 60 && last <= 60 => format!("{}–{last}s", range.first),
        Some(last) => format!("{}-{} min", range.first.unsigned_abs().div_ceil(60), last.unsigned_abs().div_ceil(60)),
        None => format!("{}%2B min", (range.first + 1) / 60),
    }
}
