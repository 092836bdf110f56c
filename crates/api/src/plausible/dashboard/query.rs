//! `POST /api/stats/{domain}/query`: a query in the form of Stats v2, and what only the dashboard says.

use footfall_model::Millis;
use serde_json::{Map, Value, json};

use super::{
    super::{
        Failure,
        inspect::inspect,
        query::{Beside, body, day, told},
        span,
    },
    access::Opened,
    period::{self, Compare},
};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// What the dashboard may ask to be included that changes nothing here: ranges are never longer than what has begun of them needs,
/// and metrics are always named.
const IDLE: [&str; 4] = ["imports_meta", "trim_relative_date_range", "dashboard_metric_labels", "compare_match_day_of_week"];

/// Answers a query.
pub(super) async fn answer(ctx: &Context, call: &Call, opened: &Opened) -> Result<Reply, Failure> {
    let mut fields = body(call)?;
    let site = &opened.site;
    fields.insert("site_id".to_owned(), site.domain.as_str().into());
    let relative = match fields.remove("relative_date") {
        None | Some(Value::Null) => None,
        Some(date) => {
            let read = date.as_str().and_then(day);
            let shown = date.as_str().map_or_else(|| inspect(&date), str::to_owned);
            Some(read.ok_or_else(|| Failure::bad(format!("Failed to convert '{shown}' to date")))?)
        }
    };
    let minutes = match fields.get("date_range").and_then(Value::as_str) {
        Some("realtime") => Some(5),
        Some("realtime_30m") => Some(30),
        _ => None,
    };
    if let Some(minutes) = minutes {
        fields.insert("date_range".to_owned(), json!([second(ctx.now.plus(-minutes * 60_000)), second(ctx.now.plus(4_000))]));
    }
    let mut include = match fields.remove("include") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(include)) => include,
        Some(other) => {
            fields.insert("include".to_owned(), other);
            Map::new()
        }
    };
    let compare = compare(include.remove("compare").as_ref())?.filter(|_| minutes.is_none());
    let same_weekdays = include.get("compare_match_day_of_week").and_then(Value::as_bool).unwrap_or(true);
    include.retain(|name, value| !IDLE.contains(&name.as_str()) || !value.is_boolean());
    include.entry("imports").or_insert(true.into());
    fields.entry("include").or_insert(include.into());
    let today = ctx.now.local(&site.zone).date();
    let compared = |span: &_| compare.map(|with| period::compared(with, span, today, same_weekdays));
    told(ctx, site, &fields, Beside { relative, limits: &opened.limits, compared: &compared }).await
}

/// A moment as a query names it.
fn second(at: Millis) -> String {
    Millis::from_seconds(at.seconds()).timestamp().to_string()
}

/// What the query is compared with.
fn compare(given: Option<&Value>) -> Result<Option<Compare>, Failure> {
    let wrong = |given: &Value| Failure::bad(format!("Invalid include.compare '{}'", inspect(given)));
    match given {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) if name == "previous_period" => Ok(Some(Compare::Previous)),
        Some(Value::String(name)) if name == "year_over_year" => Ok(Some(Compare::Year)),
        Some(given @ Value::Array(ends)) => {
            let [Value::String(first), Value::String(last)] = ends.as_slice() else {
                return Err(wrong(given));
            };
            let days = day(first).zip(day(last)).filter(|(first, last)| span::is_sane(*first, *last));
            let (first, last) = days.ok_or_else(|| wrong(given))?;
            Ok(Some(Compare::Days(footfall_model::DateRange::new(first, last)?)))
        }
        Some(given) => Err(wrong(given)),
    }
}
