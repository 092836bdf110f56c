//! `GET /api/stats/{domain}/top-stats`: the figures on top of the dashboard.

use footfall_report::stats::{Metric, Span};
use serde_json::{Map, Value, json};

use super::{
    super::{Failure, compare::change, imports::Found, money::money, query::Currencies},
    asked::{Asked, current_visitors},
    period,
};
use crate::{
    matomo::{Context, Reply},
    own::shape,
};

type Named = (&'static str, Metric);

const OF_GOALS: [Named; 6] = [
    ("Unique visitors", Metric::TotalVisitors),
    ("Unique conversions", Metric::Visitors),
    ("Total conversions", Metric::Events),
    ("Average revenue", Metric::AverageRevenue),
    ("Total revenue", Metric::TotalRevenue),
    ("Conversion rate", Metric::ConversionRate),
];

const OF_VISITS: [Named; 8] = [
    ("Unique visitors", Metric::Visitors),
    ("Total visits", Metric::Visits),
    ("Total pageviews", Metric::Pageviews),
    ("Views per visit", Metric::ViewsPerVisit),
    ("Bounce rate", Metric::BounceRate),
    ("Visit duration", Metric::VisitDuration),
    ("Time on page", Metric::TimeOnPage),
    ("Scroll depth", Metric::ScrollDepth),
];

const OF_GOALS_NOW: [Named; 2] =
    [("Unique conversions (last 30 min)", Metric::Visitors), ("Total conversions (last 30 min)", Metric::Events)];

const NOW: [Named; 2] = [("Unique visitors (last 30 min)", Metric::Visitors), ("Pageviews (last 30 min)", Metric::Pageviews)];

/// Answers a request for the figures.
pub(super) async fn answer(ctx: &Context, asked: &Asked) -> Result<Reply, Failure> {
    let currencies = Currencies::of(asked.site(), &asked.filters, false);
    let named = named(asked, &currencies);
    let metrics: Vec<Metric> = named.iter().map(|(_, metric)| *metric).collect();
    let span = asked.of_half_an_hour();
    let (now, found) = asked.figures(ctx, &span, &metrics).await?;
    let other = match &asked.compared {
        Some(other) => Some(asked.figures(ctx, other, &metrics).await?),
        None => None,
    };
    let show = |metric: Metric, value: Option<f64>| match &currencies.of_all {
        Some(currency) if metric.is_revenue() => money(value.unwrap_or(0.0), currency),
        _ if metric == Metric::TimeOnPage => shape::number(value.unwrap_or(0.0)),
        _ => shape::maybe_number(value),
    };
    let mut shown = Vec::new();
    if asked.is_realtime() {
        let visitors = current_visitors(ctx, &asked.opened).await?;
        shown.push(json!({ "name": "Current visitors", "value": visitors, "graph_metric": "current_visitors" }));
    }
    for (place, (name, metric)) in named.iter().enumerate() {
        let value = now.get(place).copied().flatten();
        let mut told = json!({ "name": name, "value": show(*metric, value), "graph_metric": metric.name() });
        if let Some(then) = other.as_ref().and_then(|(then, _)| then.get(place).copied().flatten()) {
            told["comparison_value"] = show(*metric, Some(then));
            told["change"] = shape::maybe_number(change(*metric, Some(then), value));
        }
        shown.push(told);
    }
    let ends = |span: &Span| (span.first.to_string(), span.last.to_string());
    let (from, to) = ends(&span);
    let (comparing_from, comparing_to) = asked.compared.as_ref().map(ends).unzip();
    let imports = ctx.admin.imports(asked.site().id).await?;
    let included = found.is_included() || other.as_ref().is_some_and(|(_, found)| found.is_included());
    Ok(shape::json(
        200,
        &json!({
            "top_stats": shown,
            "interval": period::interval(asked.bucket),
            "sample_percent": 100,
            "with_imported_switch": switch(asked, &found, other.as_ref().map(|(_, found)| found)),
            "includes_imported": included,
            "imports_exist": imports.iter().any(|import| import.events.is_none()),
            "comparing_from": comparing_from,
            "comparing_to": comparing_to,
            "from": from,
            "to": to,
        }),
    ))
}

/// What is told: of whom reached goals, of who is here now, of pages, or of visits.
fn named(asked: &Asked, currencies: &Currencies) -> Vec<Named> {
    let of_pages = |metric: Metric| !matches!(metric, Metric::ViewsPerVisit | Metric::VisitDuration);
    let of_visits = |metric: Metric| !matches!(metric, Metric::TimeOnPage | Metric::ScrollDepth);
    match (asked.is_realtime(), asked.of_goals()) {
        (true, true) => OF_GOALS_NOW.to_vec(),
        (true, false) => NOW.to_vec(),
        (false, true) => {
            let told = |metric: Metric| !metric.is_revenue() || currencies.of_all.is_some();
            OF_GOALS.into_iter().filter(|(_, metric)| told(*metric)).collect()
        }
        (false, false) => {
            let of_page = asked.filters_on("event:page");
            let told = |metric: Metric| if of_page { of_pages(metric) } else { of_visits(metric) };
            OF_VISITS.into_iter().filter(|(_, metric)| told(*metric)).collect()
        }
    }
}

/// Whether imported figures can be let in or left out.
fn switch(asked: &Asked, found: &Found, other: Option<&Found>) -> Value {
    let reason = found.skip_reason();
    let reason = match (reason, other) {
        (Some("no_imported_data" | "out_of_range"), Some(other)) => other.skip_reason(),
        _ => reason,
    };
    let (visible, togglable, told) = match reason {
        _ if asked.is_realtime() => (false, false, None),
        Some("no_imported_data" | "out_of_range") => (false, false, None),
        Some("not_requested") => (true, true, Some("Click to include imported data")),
        Some(_) => (true, false, Some("Imported data cannot be included")),
        None => (true, true, Some("Click to exclude imported data")),
    };
    let mut shown = Map::new();
    shown.insert("visible".to_owned(), visible.into());
    shown.insert("togglable".to_owned(), togglable.into());
    shown.insert("tooltip_msg".to_owned(), told.into());
    shown.into()
}
