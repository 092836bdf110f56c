use std::sync::Arc;

use footfall_report::stats::{self, By, Dimension, Metric, StatsQuery, Style};
use serde_json::{Map, Value};

use super::{
    super::{Failure, filters::refused, query::extend_hostname_filters},
    asked::Asked,
};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// Properties of which rows without a value are left out.
const NEEDS_VALUE: [&str; 13] = [
    "visit:country",
    "visit:region",
    "visit:city",
    "visit:country_name",
    "visit:region_name",
    "visit:city_name",
    "visit:utm_medium",
    "visit:utm_source",
    "visit:utm_campaign",
    "visit:utm_content",
    "visit:utm_term",
    "visit:entry_page",
    "visit:exit_page",
];

/// `GET /api/v1/stats/breakdown`.
pub(in crate::plausible) async fn breakdown(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let property = call.param("property");
    if property.is_none() {
        // The key is looked at first.
        Asked::read(ctx, call, None).await?;
        return Err(Failure::bad(
            "The `property` parameter is required. Please provide at least one property to show a breakdown by.",
        ));
    }
    let property = property.unwrap_or_default();
    let asked = Asked::read(ctx, call, Some(&property)).await?;
    let limit = limit(call)?;
    let page = call.param("page").and_then(|text| text.parse::<u64>().ok()).filter(|page| *page > 0).unwrap_or(1);

    let mut query = StatsQuery::new(Arc::clone(&asked.site), asked.span.clone(), Style::PlausibleBreakdown);
    query.metrics = asked.metrics.iter().map(|metric| counted(*metric, &property)).collect();
    query.filters.clone_from(&asked.filters);
    let names = match property.as_str() {
        "visit:browser_version" => vec!["visit:browser", "visit:browser_version"],
        "visit:os_version" => vec!["visit:os", "visit:os_version"],
        name => vec![name],
    };
    for name in &names {
        let dimension = Dimension::parse(name, &asked.site, &ctx.catalogue);
        query.dimensions.push(dimension.ok_or_else(|| Failure::bad(format!("Invalid property '{name}'.")))?);
    }
    extend_hostname_filters(&mut query, ctx);
    let first = query.metrics.iter().position(|metric| *metric != Metric::TimeOnPage);
    query.order = first.map(|place| (By::Metric(place), true)).into_iter().collect();
    query.order.extend((0..query.dimensions.len()).map(|place| (By::Dimension(place), false)));
    let sifts = NEEDS_VALUE.contains(&property.as_str());
    if !sifts {
        query.limit = Some(limit);
        query.offset = (page - 1).saturating_mul(limit);
    }
    let found = asked.imported(ctx, &query).await?;
    let mut rows = stats::run_with(&ctx.reader(), &query, &found.imported).await.map_err(refused)?.rows;
    if sifts {
        let unset = query.dimensions[0].unset();
        rows.retain(|row| row.dimensions.first().is_some_and(|value| **value != *unset));
        let offset = usize::try_from((page - 1).saturating_mul(limit)).unwrap_or(usize::MAX);
        rows = rows.into_iter().skip(offset).take(limit as usize).collect();
    }
    let results: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut shown = Map::new();
            for (name, value) in names.iter().zip(&row.dimensions) {
                shown.insert(short(name).to_owned(), place_number(name, value));
            }
            for (metric, value) in asked.metrics.iter().zip(&row.metrics) {
                shown.insert(metric.name().to_owned(), shape::maybe_number(*value));
            }
            Value::Object(shown)
        })
        .collect();
    Ok(asked.reply(results.into(), &found))
}

/// Conversions are told as a share of the group's visitors, where the group is not itself what was done.
fn counted(metric: Metric, property: &str) -> Metric {
    let of_all = property == "event:goal" || property.starts_with("event:props:");
    if metric == Metric::ConversionRate && !of_all { Metric::GroupConversionRate } else { metric }
}

fn limit(call: &Call) -> Result<u64, Failure> {
    let Some(text) = call.param("limit") else {
        return Ok(100);
    };
    text.parse()
        .ok()
        .filter(|limit| (1..=1000).contains(limit))
        .ok_or_else(|| Failure::bad("Please provide limit as a number between 1 and 1000."))
}

/// The name of a property in the answer.
fn short(name: &str) -> &str {
    name.strip_prefix("event:props:").or_else(|| name.split_once(':').map(|(_, short)| short)).unwrap_or(name)
}

fn place_number(name: &str, value: &str) -> Value {
    match (name, value.parse::<i64>()) {
        ("visit:city", Ok(number)) => number.into(),
        _ => value.into(),
    }
}
