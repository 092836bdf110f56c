//! How long pages took to load.

use footfall_model::{Aggregate, Cell, DataTable, Error, Fact, Filter, Key, Measure, Op, Value};

use super::actions::PERFORMANCE;
use crate::{
    Ask, Report, calculate,
    record::{
        actions::{self, TIMINGS, hit},
        visits::or_zero,
    },
};

/// Averages over all page views that were timed.
pub const GET: Report = Report {
    module: "PagePerformance",
    action: "get",
    title: "Page Performance",
    doc: "How long pages took to load, part by part and in all.",
    category: "General_Actions",
    subcategory: "PagePerformance_Performance",
    order: 1,
    metrics: &[
        "avg_time_network",
        "avg_time_server",
        "avg_time_transfer",
        "avg_time_dom_processing",
        "avg_time_dom_completion",
        "avg_time_on_load",
        "avg_page_load_time",
    ],
    processed_names: &[],
    make: |ask| Box::pin(get(ask)),
    ..Report::BASE
};

async fn get(ask: &Ask<'_>) -> Result<DataTable, Error> {
    let mut query = ask.slice.query(Fact::Hits);
    query.filter = ask.reader.segment_filter(ask.slice, Fact::Hits)?.and(actions::has_timing());
    for name in TIMINGS {
        let column = hit(name);
        let known = Filter::test(Key::Column(column), Op::IsNot, vec![Value::Null]);
        query.measures.push(Measure::new(&format!("sum_{name}"), Aggregate::Sum(column)));
        query.measures.push(Measure::new(&format!("n_{name}"), Aggregate::Count).only(known));
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
    let seconds = |ms: f64, n: f64| calculate::quotient(ms / 1000.0, n, 2);
    let mut columns = Vec::new();
    let mut whole = 0.0;
    for (index, metric) in PERFORMANCE.iter().take(TIMINGS.len()).enumerate() {
        let (sum, n) = (values[index * 2], values[index * 2 + 1]);
        whole += sum;
        columns.push((metric.name.into(), Cell::Value(seconds(sum, n))));
    }
    let hits = values.last().copied().unwrap_or_default();
    columns.push(("avg_page_load_time".into(), Cell::Value(seconds(whole, hits))));
    Ok(DataTable::simple(columns))
}
