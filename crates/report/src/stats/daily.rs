//! What was tracked here as figures of days, in the tables of Plausible's archive.

use std::sync::Arc;

use footfall_model::{Catalogue, Error, ImportedRow, ImportedTable, Site, Text};

use super::{
    Bucket, Dimension, Filter, Match, Metric, Source, Span, StatsQuery, Style,
    combine::raw_rows,
    part::parts,
    properties,
    row::{Raw, Raws},
};
use crate::Reader;

/// The rows of a table that what was tracked in a span makes, by day and keys. Places of which not even the country is known are
/// left out, as Plausible leaves them out.
///
/// # Errors
/// When the store cannot answer.
pub async fn daily(reader: &Reader, site: &Arc<Site>, span: &Span, table: &ImportedTable) -> Result<Vec<ImportedRow>, Error> {
    if table.name == "custom_props" {
        let mut rows = Vec::new();
        let everything = StatsQuery::new(Arc::clone(site), span.clone(), Style::Plausible);
        for (property, _) in properties(reader, &everything).await? {
            let found = answered(reader, question(&reader.catalogue, site, span, table, Some(&property)), table).await?;
            rows.extend(found.into_iter().map(|mut row| {
                row.keys.insert(0, Text::clone(&property));
                row
            }));
        }
        rows.sort_by(|one, other| (one.date, &one.keys).cmp(&(other.date, &other.keys)));
        return Ok(rows);
    }
    answered(reader, question(&reader.catalogue, site, span, table, None), table).await
}

async fn answered(reader: &Reader, query: Option<StatsQuery>, table: &ImportedTable) -> Result<Vec<ImportedRow>, Error> {
    let Some(query) = query else {
        return Ok(Vec::new());
    };
    let parts = parts(&query);
    let answers = futures::future::try_join_all(parts.iter().map(|part| reader.ask(&part.query))).await?;
    let mut rows = Vec::new();
    for (labels, raws) in raw_rows(&query, parts.into_iter().zip(answers).collect()) {
        let mut labels = labels.into_iter();
        let Some(date) = labels.next().and_then(|day| day.parse().ok()) else {
            continue;
        };
        let keys: Vec<Text> = labels
            .zip(&query.dimensions[1..])
            .map(|(label, dimension)| if *label == *dimension.unset() { Text::from("") } else { label })
            .collect();
        if table.name == "locations" && keys.first().is_some_and(|country| country.is_empty()) {
            continue;
        }
        let numbers: Vec<i64> = table.numbers.iter().map(|name| number(name, &raws)).collect();
        if numbers.iter().any(|number| *number != 0) {
            rows.push(ImportedRow { date, keys, numbers });
        }
    }
    rows.sort_by(|one, other| (one.date, &one.keys).cmp(&(other.date, &other.keys)));
    Ok(rows)
}

fn question(
    catalogue: &Catalogue,
    site: &Arc<Site>,
    span: &Span,
    table: &ImportedTable,
    property: Option<&str>,
) -> Option<StatsQuery> {
    use Metric::{BounceRate, Events, Pageviews, ScrollDepth, TimeOnPage, VisitDuration, Visitors, Visits};
    let dimension = |name: &str| Dimension::parse(name, site, catalogue);
    let mut query = StatsQuery::new(Arc::clone(site), span.clone(), Style::PlausibleBreakdown);
    query.dimensions.push(Dimension { name: Bucket::Day.name().into(), source: Source::Time(Bucket::Day) });
    match property {
        Some(name) => query.dimensions.push(dimension(&format!("event:props:{name}"))?),
        None => {
            for key in table.keys {
                query.dimensions.push(dimension(dimension_of(key)?)?);
            }
        }
    }
    query.metrics = match table.name {
        "pages" => vec![Visitors, Visits, Pageviews, ScrollDepth, TimeOnPage],
        "custom_props" => vec![Visitors, Events],
        "custom_events" => {
            let other = Filter::leaf(Match::IsNot, dimension("event:name")?, vec!["pageview".into(), "engagement".into()]);
            query.filters.push(other);
            vec![Visitors, Events]
        }
        _ => vec![Visitors, Visits, Pageviews, BounceRate, VisitDuration],
    };
    Some(query)
}

/// The dimension of a key; properties are told by name elsewhere.
fn dimension_of(key: &str) -> Option<&'static str> {
    Some(match key {
        "source" => "visit:source",
        "referrer" => "visit:referrer",
        "utm_source" => "visit:utm_source",
        "utm_medium" => "visit:utm_medium",
        "utm_campaign" => "visit:utm_campaign",
        "utm_content" => "visit:utm_content",
        "utm_term" => "visit:utm_term",
        "hostname" => "event:hostname",
        "page" => "event:page",
        "entry_page" => "visit:entry_page",
        "exit_page" => "visit:exit_page",
        "name" => "event:name",
        "link_url" => "event:props:url",
        "path" => "event:props:path",
        "country" => "visit:country",
        "region" => "visit:region",
        "city" => "visit:city",
        "device" => "visit:device",
        "browser" => "visit:browser",
        "browser_version" => "visit:browser_version",
        "operating_system" => "visit:os",
        "operating_system_version" => "visit:os_version",
        _ => return None,
    })
}

fn number(name: &str, raws: &Raws) -> i64 {
    let raw = match name {
        "visitors" => Raw::Visitors,
        "visits" | "entrances" | "exits" => Raw::Visits,
        "pageviews" => Raw::Pageviews,
        "bounces" => Raw::Bounces,
        "visit_duration" => Raw::Seconds,
        "events" => Raw::Events,
        "total_scroll_depth" => Raw::Scrolled,
        "total_scroll_depth_visits" => Raw::ScrolledVisits,
        "total_time_on_page" => Raw::EngagedMillis,
        "total_time_on_page_visits" => Raw::EngagedVisits,
        _ => return 0,
    };
    let value = raws.get(raw).unwrap_or(0.0);
    (if raw == Raw::EngagedMillis { value / 1000.0 } else { value }).round() as i64
}
