use std::sync::Arc;

use footfall_model::{DateRange, Day, Site};
use footfall_report::stats::{Bucket, Dimension, Filter, Metric, Span, StatsQuery};
use jiff::ToSpan;
use serde_json::{Map, Value};

use super::{
    super::{Failure, auth, imports::Found, query::day, span, span::Asked as Range},
    filters::filters,
};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// A request of Stats v1, checked.
pub(super) struct Asked {
    pub(super) site: Arc<Site>,
    pub(super) span: Span,
    pub(super) filters: Vec<Filter>,
    pub(super) metrics: Vec<Metric>,
    pub(super) period: String,
    imported: bool,
}

const METRICS: [&str; 9] = [
    "visitors",
    "pageviews",
    "events",
    "visits",
    "views_per_visit",
    "bounce_rate",
    "visit_duration",
    "conversion_rate",
    "time_on_page",
];

impl Asked {
    /// Reads what all endpoints have in common.
    ///
    /// # Errors
    /// Says what is wrong first, in Plausible's words.
    pub(super) async fn read(ctx: &Context, call: &Call, property: Option<&str>) -> Result<Asked, Failure> {
        let (_, site) = auth::site(ctx, call, call.param("site_id").as_deref()).await?;
        let period = call.param("period").unwrap_or_else(|| "30d".to_owned());
        let range = range(call, &period)?;
        let date = match call.param("date").as_deref() {
            Some("today") | None => None,
            Some(text) => day(text),
        };
        if let Some(property) = property {
            check_property(property)?;
        }
        let filters = match call.param("filters") {
            Some(text) => filters(&text, &site, &ctx.catalogue)?,
            None => Vec::new(),
        };
        let metrics = metrics(call, property, &filters)?;
        let span = range.span(ctx, &site, date.filter(|_| period != "custom")).await?;
        let imported = call.param("with_imported").as_deref() == Some("true");
        Ok(Asked { site, span, filters, metrics, period, imported })
    }

    /// Imported figures that belong to a question, where they were asked for.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) async fn imported(&self, ctx: &Context, query: &StatsQuery) -> Result<Found, Failure> {
        if self.imported { Ok(Found::of(ctx, query).await?) } else { Ok(Found::not_asked()) }
    }

    /// The answer: its results, and why imported figures are not in them.
    pub(super) fn reply(&self, results: Value, found: &Found) -> Reply {
        let mut body = Map::from_iter([("results".to_owned(), results)]);
        if let Some(warning) = found.warning() {
            body.insert("warning".to_owned(), warning.into());
        }
        shape::json(200, &Value::Object(body))
    }
}

fn range(call: &Call, period: &str) -> Result<Range, Failure> {
    if call.param("period").is_some() && !["day", "7d", "30d", "month", "6mo", "12mo", "custom"].contains(&period) {
        return Err(Failure::bad(format!(
            "Error parsing `period` parameter: invalid period `{period}`. Please find accepted values in our docs: \
             https://plausible.io/docs/stats-api#time-periods"
        )));
    }
    let date = call.param("date");
    if period == "custom" {
        let date = date.ok_or_else(|| {
            Failure::bad(
                "The `date` parameter is required when using a custom period. See \
                 https://plausible.io/docs/stats-api#time-periods",
            )
        })?;
        let ends = date.split_once(',').and_then(|(first, last)| Some((day(first.trim())?, day(last.trim())?)));
        let (first, last) = ends.ok_or_else(|| {
            Failure::bad(
                "Invalid format for `date` parameter. When using a custom period, please include two ISO-8601 formatted dates \
                 joined by a comma. See https://plausible.io/docs/stats-api#time-periods",
            )
        })?;
        if last < first {
            return Err(Failure::bad("The `date` parameter ends before it starts."));
        }
        if !span::is_sane(first, last) {
            return Err(Failure::bad("The `date` parameter spans more than a hundred years."));
        }
        return Ok(Range::Dates(first, last));
    }
    if let Some(date) = date
        && date != "today"
        && day(&date).is_none()
    {
        let why = if looks_like_a_day(&date) { "invalid_date" } else { "invalid_format" };
        return Err(Failure::bad(format!(
            "Error parsing `date` parameter: {why}. Please specify a valid date in ISO-8601 format."
        )));
    }
    Ok(match period {
        "day" => Range::Day,
        "7d" => Range::Days(7),
        "month" => Range::Month,
        "6mo" => Range::Months(6),
        "12mo" => Range::Months(12),
        _ => Range::Days(30),
    })
}

fn looks_like_a_day(text: &str) -> bool {
    text.len() == 10 && text.bytes().enumerate().all(|(place, byte)| (place == 4 || place == 7) == (byte == b'-'))
}

fn check_property(property: &str) -> Result<(), Failure> {
    const HELP: &str =
        "Please provide a valid property for the breakdown endpoint: https://plausible.io/docs/stats-api#properties";
    if property == "event:hostname" {
        return Err(Failure::bad(format!("Property 'event:hostname' is currently not supported for breakdowns. {HELP}")));
    }
    if !super::filters::is_property(property) {
        return Err(Failure::bad(format!("Invalid property '{property}'. {HELP}")));
    }
    Ok(())
}

fn metrics(call: &Call, property: Option<&str>, filters: &[Filter]) -> Result<Vec<Metric>, Failure> {
    let text = call.param("metrics").unwrap_or_else(|| "visitors".to_owned());
    let names: Vec<&str> = text.split(',').collect();
    if names.iter().enumerate().any(|(place, name)| names[..place].contains(name)) {
        return Err(Failure::bad("Metrics cannot be queried multiple times."));
    }
    names.into_iter().map(|name| metric(name, property, filters)).collect()
}

fn metric(name: &str, property: Option<&str>, filters: &[Filter]) -> Result<Metric, Failure> {
    let found = METRICS.contains(&name).then(|| Metric::parse(name)).flatten();
    let metric = found.ok_or_else(|| {
        Failure::bad(format!(
            "The metric `{name}` is not recognized. Find valid metrics from the documentation: \
             https://plausible.io/docs/stats-api#metrics"
        ))
    })?;
    let filters_on =
        |wanted: &str| filters.iter().any(|filter| filter.leaves().iter().any(|(leaf, ..)| &*leaf.dimension.name == wanted));
    let bad = |text: String| Err(Failure::bad(text));
    match metric {
        Metric::TimeOnPage => match property {
            _ if filters_on("event:goal") => bad(format!("Metric `{name}` cannot be queried when filtering by `event:goal`")),
            _ if filters_on("event:name") => bad(format!("Metric `{name}` cannot be queried when filtering by `event:name`")),
            Some("event:page") => Ok(metric),
            Some(_) => bad(format!("Metric `{name}` is not supported in breakdown queries (except `event:page` breakdown)")),
            None if filters_on("event:page") => Ok(metric),
            None => bad(format!("Metric `{name}` can only be queried in a page breakdown or with a page filter.")),
        },
        Metric::ConversionRate if property != Some("event:goal") && !filters_on("event:goal") => {
            bad(format!("Metric `{name}` can only be queried in a goal breakdown or with a goal filter"))
        }
        Metric::ViewsPerVisit if filters_on("event:page") => {
            bad(format!("Metric `{name}` cannot be queried with a filter on `event:page`."))
        }
        Metric::ViewsPerVisit if property.is_some() => bad(format!("Metric `{name}` is not supported in breakdown queries.")),
        Metric::ViewsPerVisit | Metric::Visits | Metric::BounceRate | Metric::VisitDuration => {
            if let Some(property) = property.filter(|property| is_of_actions_only(property)) {
                return bad(format!("Session metric `{name}` cannot be queried for breakdown by `{property}`."));
            }
            let leaves = filters.iter().flat_map(Filter::leaves);
            let only = leaves.map(|(leaf, ..)| leaf.dimension.name.clone()).find(|name| is_of_actions_only(name));
            match only {
                Some(filtered) => bad(format!("Session metric `{name}` cannot be queried when using a filter on `{filtered}`.")),
                None => Ok(metric),
            }
        }
        _ => Ok(metric),
    }
}

fn is_of_actions_only(property: &str) -> bool {
    matches!(property, "event:name" | "event:goal") || property.starts_with("event:props:")
}

/// The dimension of a bucket.
pub(in crate::plausible) fn time(bucket: Bucket) -> Dimension {
    Dimension { name: bucket.name().into(), source: footfall_report::stats::Source::Time(bucket) }
}

/// The span directly before one.
pub(super) fn before(asked: &Asked) -> Span {
    let days = asked.span.day_range();
    let n_days = days.n_days();
    let back = |day: Day| day.checked_sub(n_days.days()).unwrap_or(day);
    let earlier = DateRange::new(back(days.first()), back(days.last())).unwrap_or(days);
    Span::days_of_plausible(earlier, &asked.span.zone)
}
