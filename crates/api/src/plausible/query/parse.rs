use footfall_model::{Catalogue, Day, Millis, Site};
use footfall_report::stats::{Dimension, Filter, Metric};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::super::{Failure, filters, inspect::inspect, span, span::Asked};
use crate::matomo::Context;

/// A query as it was asked, read but for what depends on the time it means.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) range: Asked,
    pub(super) metrics: Vec<Metric>,
    /// Names of dimensions, `time` among them.
    pub(super) dimensions: Vec<String>,
    pub(super) filters: Vec<Filter>,
    /// The filters as they were sent, with segments resolved.
    pub(super) filters_sent: Vec<Value>,
    pub(super) order: Option<Vec<(String, bool)>>,
    pub(super) imports: bool,
    pub(super) time_labels: bool,
    pub(super) total_rows: bool,
    pub(super) limit: u64,
    pub(super) offset: u64,
}

/// Reads a body whose form was checked.
///
/// # Errors
/// When the range or a filter makes no sense, or a segment does not exist.
pub(super) async fn read(ctx: &Context, site: &Site, body: &Map<String, Value>) -> Result<Query, Failure> {
    let range = range(body.get("date_range").unwrap_or(&Value::Null))?;
    let texts = |name: &str| -> Vec<String> {
        let list = body.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let sent: Vec<Value> = body.get("filters").and_then(Value::as_array).cloned().unwrap_or_default();
    // Values are checked as they were sent, before segments are looked up.
    let plain: Vec<Value> = sent.iter().filter(|filter| !names_segment(filter)).cloned().collect();
    filters::read(&plain, site, &ctx.catalogue)?;
    let filters_sent = filters::resolved(ctx, site, sent).await?;
    let filters = filters::read(&filters_sent, site, &ctx.catalogue)?;
    let order = body.get("order_by").and_then(Value::as_array).map(|list| {
        list.iter().filter_map(|entry| Some((entry.get(0)?.as_str()?.to_owned(), entry.get(1)?.as_str()? == "desc"))).collect()
    });
    let include =
        |name: &str| body.get("include").and_then(|include| include.get(name)).and_then(Value::as_bool).unwrap_or(false);
    let page = |name: &str| body.get("pagination").and_then(|page| page.get(name)).and_then(Value::as_u64);
    Ok(Query {
        range,
        metrics: texts("metrics").iter().filter_map(|name| Metric::parse(name)).collect(),
        dimensions: texts("dimensions"),
        filters,
        filters_sent,
        order,
        imports: include("imports"),
        time_labels: include("time_labels"),
        total_rows: include("total_rows"),
        limit: page("limit").unwrap_or(10_000),
        offset: page("offset").unwrap_or(0),
    })
}

fn names_segment(filter: &Value) -> bool {
    match filter {
        Value::Array(parts) => parts.iter().any(names_segment),
        Value::String(text) => text == "segment",
        _ => false,
    }
}

/// The dimension of a name, `time` aside.
pub(super) fn dimension(name: &str, site: &Site, catalogue: &Catalogue) -> Option<Dimension> {
    Dimension::parse(name, site, catalogue)
}

fn range(value: &Value) -> Result<Asked, Failure> {
    let wrong = || match value {
        Value::Array(_) => Failure::bad(format!("Invalid date_range '{}'.", inspect(value))),
        _ => Failure::bad(format!("Invalid date_range {}", inspect(value))),
    };
    match value {
        Value::String(text) => match text.as_str() {
            "day" => Ok(Asked::Day),
            "24h" => Ok(Asked::Hours),
            "month" => Ok(Asked::Month),
            "year" => Ok(Asked::Year),
            "all" => Ok(Asked::All),
            text => {
                let counted =
                    |unit: &str, most: i64| text.strip_suffix(unit)?.parse::<i64>().ok().filter(|n| (1..=most).contains(n));
                match (counted("mo", 100), counted("d", 5000)) {
                    (Some(n), _) => Ok(Asked::Months(n)),
                    (None, Some(n)) => Ok(Asked::Days(n)),
                    (None, None) => Err(wrong()),
                }
            }
        },
        Value::Array(ends) => match ends.as_slice() {
            [Value::String(first), Value::String(last)] => {
                if let (Some(first), Some(last)) = (day(first), day(last)) {
                    return if span::is_sane(first, last) { Ok(Asked::Dates(first, last)) } else { Err(wrong()) };
                }
                let date = |at: Millis| at.local(&TimeZone::UTC).date();
                match (moment(first), moment(last)) {
                    (Some(first), Some(last)) if first <= last && span::is_sane(date(first), date(last)) => {
                        Ok(Asked::Moments(first, last))
                    }
                    _ => Err(wrong()),
                }
            }
            _ => Err(wrong()),
        },
        _ => Err(wrong()),
    }
}

/// A day, `2021-01-31`.
pub(crate) fn day(text: &str) -> Option<Day> {
    let digits = text.len() == 10
        && text.bytes().enumerate().all(
            |(place, byte)| {
                if place == 4 || place == 7 { byte == b'-' } else { byte.is_ascii_digit() }
            },
        );
    digits.then(|| text.parse().ok()).flatten()
}

/// A moment with its offset, `2021-01-31T10:00:00+03:00`, cut to the second.
pub(super) fn moment(text: &str) -> Option<Millis> {
    let at: jiff::Timestamp = (text.len() <= 40 && text.contains('T')).then(|| text.parse().ok()).flatten()?;
    let offset = text.rsplit_once(['+', '-']).map(|(_, offset)| offset).filter(|offset| offset.len() == 5);
    let hours = offset.map_or(Some(0), |offset| offset[..2].parse::<u32>().ok())?;
    (hours <= 23).then(|| Millis::from_seconds(Millis::from(at).seconds()))
}
