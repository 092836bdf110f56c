//! `GET /api/stats/{domain}/main-graph`: one metric over time.

use std::collections::HashMap;

use footfall_model::{DateRange, Day};
use footfall_report::stats::{self, Bucket, Metric, Span};
use jiff::ToSpan;
use serde_json::{Map, Value, json};

use super::{
    super::{Failure, filters::refused, imports::Found, span::labels, v1},
    asked::Asked,
    period,
};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// What stands for a point of a time that has fewer than the one it is compared with.
const BLANK: &str = "__blank__";

/// The metrics that a graph can show.
const METRICS: [Metric; 13] = [
    Metric::Visitors,
    Metric::Visits,
    Metric::Pageviews,
    Metric::ViewsPerVisit,
    Metric::BounceRate,
    Metric::VisitDuration,
    Metric::Events,
    Metric::ConversionRate,
    Metric::GroupConversionRate,
    Metric::AverageRevenue,
    Metric::TotalRevenue,
    Metric::ScrollDepth,
    Metric::TimeOnPage,
];

/// Answers a request for the graph.
pub(super) async fn answer(ctx: &Context, call: &Call, asked: &Asked) -> Result<Reply, Failure> {
    let metric = metric(call.param("metric").as_deref(), asked)?;
    let span = if asked.is_realtime() { period::minutes(asked.now, &asked.span) } else { asked.span.clone() };
    let (mut shown, plot) = plotted(ctx, asked, &span, metric).await?;
    let present = present(asked, &span, &shown);
    let others = match &asked.compared {
        Some(other) => Some(plotted(ctx, asked, other, metric).await?),
        None => None,
    };
    if let Some((others, _)) = &others
        && others.len() > shown.len()
    {
        shown.resize(others.len(), BLANK.to_owned());
    }
    let full = full_intervals(asked.bucket, &span, &shown);
    let (other_labels, other_plot) = others.unzip();
    let labels: Vec<Value> = if asked.is_realtime() {
        (0..shown.len() as i64).map(|place| (place - shown.len() as i64).into()).collect()
    } else {
        shown.into_iter().map(Value::from).collect()
    };
    Ok(shape::json(
        200,
        &json!({
            "metric": metric.name(),
            "plot": plot,
            "labels": labels,
            "comparison_plot": other_plot,
            "comparison_labels": other_labels,
            "present_index": present,
            "full_intervals": full,
        }),
    ))
}

fn metric(asked_for: Option<&str>, asked: &Asked) -> Result<Metric, Failure> {
    let name = match asked_for {
        None | Some("conversions") => return Ok(Metric::Visitors),
        Some(name) => name,
    };
    let metric = Metric::parse(name).filter(|metric| METRICS.contains(metric)).ok_or_else(|| {
        let names: Vec<&str> = METRICS.iter().map(|metric| metric.name()).collect();
        Failure::bad(format!("Invalid value for metric. Accepted values are: {}", names.join(", ")))
    })?;
    let needs = |what: &str| Err(Failure::bad(format!("Metric `{name}` can only be queried with a {what} filter")));
    match metric {
        Metric::ConversionRate | Metric::GroupConversionRate | Metric::Events if !asked.of_goals() => needs("goal"),
        Metric::ScrollDepth if !asked.filters_on("event:page") => needs("page"),
        metric => Ok(metric),
    }
}

/// Every bucket of a span with its figure.
async fn plotted(ctx: &Context, asked: &Asked, span: &Span, metric: Metric) -> Result<(Vec<String>, Vec<Value>), Failure> {
    let (rows, _) = rows(ctx, asked, span, &[metric]).await?;
    let plot = rows.iter().map(|(_, figures)| shape::number(figures[0].unwrap_or(0.0))).collect();
    Ok((rows.into_iter().map(|(label, _)| label).collect(), plot))
}

/// Every bucket of a span with its figures.
///
/// # Errors
/// When the store cannot answer.
pub(super) async fn rows(
    ctx: &Context,
    asked: &Asked,
    span: &Span,
    metrics: &[Metric],
) -> Result<(Vec<(String, Vec<Option<f64>>)>, Found), Failure> {
    // Of each bucket: who converted of those who came in it.
    let of_group = |metric: &Metric| if *metric == Metric::ConversionRate { Metric::GroupConversionRate } else { *metric };
    let mut query = asked.query(span, &metrics.iter().map(of_group).collect::<Vec<_>>());
    query.dimensions = vec![v1::time(asked.bucket)];
    let found = asked.found(ctx, &query).await?;
    let answer = stats::run_with(&ctx.reader(), &query, &found.imported).await.map_err(refused)?;
    let mut known: HashMap<String, Vec<Option<f64>>> =
        answer.rows.into_iter().filter_map(|row| Some((row.dimensions.first()?.to_string(), row.metrics))).collect();
    let nothing = || metrics.iter().map(|metric| v1::nothing(*metric).as_f64()).collect();
    let filled = labels(asked.bucket, span).into_iter().map(|label| {
        let figures = known.remove(&label).unwrap_or_else(nothing);
        (label, figures)
    });
    Ok((filled.collect(), found))
}

/// The place of the bucket that is not over.
fn present(asked: &Asked, span: &Span, labels: &[String]) -> Option<usize> {
    let mut now = asked.bucket.label(asked.now, span);
    if asked.bucket == Bucket::Week {
        now = now.max(span.first.to_string());
    }
    labels.iter().position(|label| *label == now)
}

/// Which weeks and months lie wholly in the span.
fn full_intervals(bucket: Bucket, span: &Span, labels: &[String]) -> Option<Map<String, Value>> {
    let ends = |day: Day| match bucket {
        Bucket::Week => {
            let monday = day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()?;
            Some((monday, monday.checked_add(6.days()).ok()?))
        }
        _ => Some((day.first_of_month(), day.last_of_month())),
    };
    let days: DateRange = span.day_range();
    let lies_in = |day: Day| days.first() <= day && day <= days.last();
    let is_full =
        |label: &String| label.parse::<Day>().ok().and_then(ends).is_some_and(|(first, last)| lies_in(first) && lies_in(last));
    matches!(bucket, Bucket::Week | Bucket::Month)
        .then(|| labels.iter().map(|label| (label.clone(), is_full(label).into())).collect())
}
