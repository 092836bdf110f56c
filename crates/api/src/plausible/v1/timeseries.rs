use std::{collections::HashMap, sync::Arc};

use footfall_report::stats::{self, Bucket, Metric, StatsQuery, Style};
use serde_json::{Map, Value, json};

use super::{
    super::{Failure, span::labels},
    asked::{Asked, time},
};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// `GET /api/v1/stats/timeseries`.
pub(in crate::plausible) async fn timeseries(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let interval = call.param("interval");
    if let Some(interval) = &interval
        && !matches!(interval.as_str(), "day" | "month" | "date")
    {
        return Err(Failure::bad(format!(
            "Error parsing `interval` parameter: invalid interval `{interval}`. Valid intervals are `day`, `month`"
        )));
    }
    let asked = Asked::read(ctx, call, None).await?;
    let bucket = match (interval.as_deref(), asked.period.as_str()) {
        (Some("month"), _) | (None, "6mo" | "12mo") => Bucket::Month,
        (None, "day") => Bucket::Hour,
        _ => Bucket::Day,
    };
    let mut query = StatsQuery::new(Arc::clone(&asked.site), asked.span.clone(), Style::Plausible);
    // Of each bucket: who converted of those who came in it.
    query.metrics = asked
        .metrics
        .iter()
        .map(|metric| if *metric == Metric::ConversionRate { Metric::GroupConversionRate } else { *metric })
        .collect();
    query.dimensions = vec![time(bucket)];
    query.filters.clone_from(&asked.filters);
    let found = asked.imported(ctx, &query).await?;
    let answer = stats::run_with(&ctx.reader(), &query, &found.imported).await?;
    let known: HashMap<&str, &Vec<Option<f64>>> =
        answer.rows.iter().filter_map(|row| Some((&**row.dimensions.first()?, &row.metrics))).collect();
    let results: Vec<Value> = labels(bucket, &asked.span)
        .iter()
        .map(|label| {
            let mut row = Map::new();
            row.insert("date".to_owned(), label.as_str().into());
            let metrics = known.get(label.as_str());
            for (place, metric) in asked.metrics.iter().enumerate() {
                let value = match metrics {
                    Some(metrics) => shape::maybe_number(metrics.get(place).copied().flatten()),
                    None => nothing(*metric),
                };
                row.insert(metric.name().to_owned(), value);
            }
            Value::Object(row)
        })
        .collect();
    Ok(asked.reply(results.into(), &found))
}

/// What a metric is in a bucket without events.
pub(in crate::plausible) fn nothing(metric: Metric) -> Value {
    match metric {
        Metric::VisitDuration | Metric::TimeOnPage | Metric::ScrollDepth => Value::Null,
        Metric::ViewsPerVisit | Metric::ConversionRate => json!(0.0),
        _ => json!(0),
    }
}
