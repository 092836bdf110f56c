//! How long pages took to load.

use footfall_model::{Aggregate, Cell, DataTable, Error, Fact, Filter, Key, Measure, Name, Op, Value};

use super::actions::PERFORMANCE;
use crate::{
    Ask, Report, calculate, number,
    record::{
        actions::hit,
        timings::{self, TIMINGS},
        visits::or_zero,
    },
};

/// Averages over all page views that were timed.
pub const GET: Report = Report {
    module: "PagePerformance",
    action: "get",
    title: "Performance overview",
    doc: "How long pages took to load, part by part and in all.",
    category: "General_Actions",
    subcategory: "PagePerformance_Performance",
    order: 1,
    metrics: timings::AVERAGES,
    processed_names: &[],
    make: |ask| Box::pin(get(ask)),
    ..Report::BASE
};

async fn get(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let seconds = |ms: f64, n: f64| calculate::quotient(ms / 1000.0, n, 2);
    let mut columns = Vec::new();
    for (metric, (sum, n)) in PERFORMANCE.iter().zip(timed(ask).await?) {
        columns.push((metric.name.into(), Cell::Value(seconds(sum, n))));
    }
    Ok(DataTable::simple(columns))
}

/// What Matomo calls the sums of seconds and the page views they are of, part by part and in all.
const SUMS: [(&str, &str); 7] = [
    ("PagePerformance_network_time", "PagePerformance_network_hits"),
    ("PagePerformance_servery_time", "PagePerformance_server_hits"),
    ("PagePerformance_transfer_time", "PagePerformance_transfer_hits"),
    ("PagePerformance_domprocessing_time", "PagePerformance_domprocessing_hits"),
    ("PagePerformance_domcompletion_time", "PagePerformance_domcompletion_hits"),
    ("PagePerformance_onload_time", "PagePerformance_onload_hits"),
    ("PagePerformance_pageload_time", "PagePerformance_pageload_hits"),
];

/// The sums that the averages are made of.
pub(super) async fn sums(ask: &Ask<'_>) -> Result<Vec<(Name, Cell)>, Error> {
    let mut columns = Vec::new();
    for ((time, hits), (sum, n)) in SUMS.iter().zip(timed(ask).await?) {
        columns.push(((*time).into(), Cell::Value(number::number(number::round(sum / 1000.0, 4)))));
        columns.push(((*hits).into(), Cell::Value(number::number(n))));
    }
    Ok(columns)
}

/// Milliseconds and timed page views, part by part and in all.
async fn timed(ask: &Ask<'_>) -> Result<Vec<(f64, f64)>, Error> {
    let mut query = ask.slice.query(Fact::Hits);
    query.filter = ask.reader.segment_filter(ask.slice)?.and(timings::has_timing());
    for timing in TIMINGS {
        let column = hit(timing.name);
        let known = Filter::test(Key::Column(column), Op::IsNot, vec![Value::Null]);
        query.measures.push(Measure::new(timing.sum, Aggregate::Sum(column)));
        query.measures.push(Measure::new(timing.hits, Aggregate::Count).only(known));
    }
    query.measures.push(Measure::new("hits", Aggregate::Count));
    let rows = ask.reader.ask(&query).await?;
    let values: Vec<f64> = rows
        .rows
        .into_iter()
        .next()
        .unwrap_or_default()
        .into_iter()
        .map(|value| or_zero(value).as_f64().unwrap_or_default())
        .collect();
    let hits = values.last().copied().unwrap_or_default();
    let whole: f64 = values.iter().take(TIMINGS.len() * 2).step_by(2).sum();
    let mut timed: Vec<(f64, f64)> = values.chunks_exact(2).take(TIMINGS.len()).map(|pair| (pair[0], pair[1])).collect();
    timed.push((whole, hits));
    Ok(timed)
}
