use footfall_model::{Catalogue, Site, Text};
use footfall_report::stats::{Bucket, By, Dimension, Filter, Metric};
use serde_json::{Map, Value};

use super::{
    filters::{filters, short},
    range::{Asking, Compare, compare, range},
};
use crate::own::Failure;

/// A query as it was asked, checked.
#[derive(Clone, Debug)]
pub(in crate::own) struct Asked {
    pub(super) range: Asking,
    pub(super) compare: Option<Compare>,
    pub(super) metrics: Vec<Metric>,
    pub(super) dimensions: Vec<Dimension>,
    pub(super) filters: Vec<Filter>,
    pub(super) order: Vec<(By, bool)>,
    pub(super) limit: u64,
    pub(super) offset: u64,
    pub(super) search: String,
    pub(super) keeps_empty: bool,
    /// Whether imported figures are part of the answer, where they can be.
    pub(super) imports: bool,
}

/// The metrics of this API.
const METRICS: [&str; 13] = [
    "visitors",
    "visits",
    "pageviews",
    "views_per_visit",
    "bounce_rate",
    "visit_duration",
    "events",
    "actions",
    "time_on_page",
    "scroll_depth",
    "conversions",
    "conversion_rate",
    "revenue",
];

/// The dimensions of visits and actions, beside custom dimensions and properties.
const DIMENSIONS: [&str; 40] = [
    "visit:source",
    "visit:channel",
    "visit:referrer",
    "visit:keyword",
    "visit:utm_source",
    "visit:utm_medium",
    "visit:utm_campaign",
    "visit:utm_content",
    "visit:utm_term",
    "visit:entry_page",
    "visit:exit_page",
    "visit:device",
    "visit:browser",
    "visit:browser_version",
    "visit:os",
    "visit:os_version",
    "visit:country",
    "visit:region",
    "visit:city",
    "visit:language",
    "visit:resolution",
    "visit:visitor_type",
    "visit:user_id",
    "event:page",
    "event:title",
    "event:hostname",
    "event:name",
    "event:goal",
    "event:download",
    "event:outlink",
    "event:search_keyword",
    "event:search_category",
    "event:event_category",
    "event:event_action",
    "event:event_name",
    "time:minute",
    "time:hour",
    "time:day",
    "time:week",
    "time:month",
];

impl Asked {
    /// Reads a query.
    ///
    /// # Errors
    /// When a field is unknown or of the wrong type, or the query makes no sense.
    pub(in crate::own) fn read(body: &Value, site: &Site, catalogue: &Catalogue) -> Result<Asked, Failure> {
        let fields = body.as_object().ok_or_else(|| Failure::bad_request("the body must be an object"))?;
        only(
            fields,
            &["range", "compare", "metrics", "dimensions", "filters", "order_by", "limit", "offset", "search", "include"],
            "the query",
        )?;
        let asking = fields.get("range").ok_or_else(|| Failure::bad_request("`range` is missing"))?;
        let metrics = metrics(fields.get("metrics"))?;
        let dimensions = dimensions(fields.get("dimensions"), site, catalogue)?;
        let filters = fields.get("filters").map_or(Ok(Vec::new()), |value| filters(value, site, catalogue))?;
        let order = order(fields.get("order_by"), &metrics, &dimensions)?;
        let include = match fields.get("include") {
            None => Map::new(),
            Some(Value::Object(include)) => include.clone(),
            Some(_) => return Err(Failure::bad_request("`include` must be an object")),
        };
        only(&include, &["empty", "total_rows", "imports"], "`include`")?;
        let flag = |name: &str| match include.get(name) {
            None => Ok(true),
            Some(Value::Bool(given)) => Ok(*given),
            Some(_) => Err(Failure::bad_request(format!("`{name}` must be true or false"))),
        };
        flag("total_rows")?;
        let asked = Asked {
            range: range(asking)?,
            compare: compare(fields.get("compare"))?,
            metrics,
            dimensions,
            filters,
            order,
            limit: whole(fields, "limit", 100, 1, 10_000)?,
            offset: whole(fields, "offset", 0, 0, u64::from(u32::MAX))?,
            search: match fields.get("search") {
                None => String::new(),
                Some(Value::String(text)) if text.chars().count() <= 200 => text.to_lowercase(),
                Some(_) => return Err(Failure::bad_request("`search` must be a text of at most 200 characters")),
            },
            keeps_empty: flag("empty")?,
            imports: flag("imports")?,
        };
        asked.checked()
    }

    fn checked(self) -> Result<Asked, Failure> {
        let about = |wanted: &[&str]| {
            let named = |dimension: &Dimension| wanted.contains(&&*dimension.name);
            self.dimensions.iter().any(named)
                || self.filters.iter().any(|filter| filter.leaves().iter().any(|(leaf, ..)| named(&leaf.dimension)))
        };
        for metric in &self.metrics {
            let (needs, words): (&[&str], _) = match metric {
                Metric::ConversionRate => (&["event:goal"], "`event:goal`"),
                Metric::TimeOnPage | Metric::ScrollDepth => (&["event:page", "event:title"], "`event:page`"),
                _ => continue,
            };
            if !about(needs) {
                return Err(Failure::invalid_query(format!("`{}` wants {words} as a dimension or in a filter", metric.name())));
            }
        }
        Ok(self)
    }

    /// The bucket, where one is the only dimension.
    pub(super) fn sole_bucket(&self) -> Option<Bucket> {
        match self.dimensions.as_slice() {
            [dimension] => dimension.bucket(),
            _ => None,
        }
    }
}

/// The dimension of this name.
///
/// # Errors
/// When there is none.
pub(in crate::own) fn dimension(name: &str, site: &Site, catalogue: &Catalogue) -> Result<Dimension, Failure> {
    let unknown = || {
        Failure::invalid_query(format!("unknown dimension `{}`", short(&Value::from(name)).trim_matches('"')))
            .hint("dimensions are listed in the API description")
    };
    let custom = ["event:props:", "visit:dimension", "event:dimension"].iter().any(|start| name.starts_with(start));
    let clock = matches!(name, "time:hour_of_day" | "time:day_of_week");
    if name.len() > 320 || !(custom || clock || DIMENSIONS.contains(&name)) {
        return Err(unknown());
    }
    // Cities are told by their names here, and by numbers at Plausible's.
    let source = if name == "visit:city" { "visit:city_name" } else { name };
    let dimension = Dimension::parse(source, site, catalogue).ok_or_else(unknown)?;
    Ok(Dimension { name: Text::from(name), ..dimension })
}

fn metrics(value: Option<&Value>) -> Result<Vec<Metric>, Failure> {
    let list = value.and_then(Value::as_array).filter(|list| (1..=METRICS.len()).contains(&list.len()));
    let list = list.ok_or_else(|| Failure::bad_request("`metrics` must be a list of 1 to 13 metrics"))?;
    let mut metrics = Vec::new();
    for value in list {
        let name = value.as_str().ok_or_else(|| Failure::bad_request("`metrics` must hold texts"))?;
        let metric = METRICS.contains(&name).then(|| Metric::parse(name)).flatten().ok_or_else(|| {
            Failure::invalid_query(format!("unknown metric `{}`", short(value).trim_matches('"')))
                .hint("metrics are listed in the API description")
        })?;
        if metrics.contains(&metric) {
            return Err(Failure::invalid_query(format!("`{name}` is asked for twice")));
        }
        metrics.push(metric);
    }
    Ok(metrics)
}

fn dimensions(value: Option<&Value>, site: &Site, catalogue: &Catalogue) -> Result<Vec<Dimension>, Failure> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    let list = value.as_array().filter(|list| list.len() <= 4);
    let list = list.ok_or_else(|| Failure::bad_request("`dimensions` must be a list of at most 4 dimensions"))?;
    let mut dimensions: Vec<Dimension> = Vec::new();
    for value in list {
        let name = value.as_str().ok_or_else(|| Failure::bad_request("`dimensions` must hold texts"))?;
        let dimension = dimension(name, site, catalogue)?;
        if dimensions.contains(&dimension) {
            return Err(Failure::invalid_query(format!("`{name}` is asked for twice")));
        }
        dimensions.push(dimension);
    }
    Ok(dimensions)
}

fn order(value: Option<&Value>, metrics: &[Metric], dimensions: &[Dimension]) -> Result<Vec<(By, bool)>, Failure> {
    let Some(value) = value else {
        let time = dimensions.iter().position(Dimension::is_of_time);
        return Ok(vec![time.map_or((By::Metric(0), true), |place| (By::Dimension(place), false))]);
    };
    let list = value.as_array().filter(|list| list.len() <= 10);
    let list = list.ok_or_else(|| Failure::bad_request("`order_by` must be a list of at most 10 entries"))?;
    let mut order = Vec::new();
    for entry in list {
        let parts: Option<Vec<&str>> = entry.as_array().map(|parts| parts.iter().filter_map(Value::as_str).collect());
        let (name, descending) = match parts.as_deref() {
            Some([name, "asc"]) => (*name, false),
            Some([name, "desc"]) => (*name, true),
            _ => return Err(Failure::bad_request(format!("`{}` is not an order", short(entry)))),
        };
        let metric = metrics.iter().position(|metric| metric.name() == name).map(By::Metric);
        let dimension = || dimensions.iter().position(|dimension| &*dimension.name == name).map(By::Dimension);
        let by = metric
            .or_else(dimension)
            .ok_or_else(|| Failure::invalid_query("rows can be sorted by a metric or dimension of the query only"))?;
        order.push((by, descending));
    }
    Ok(order)
}

fn whole(fields: &Map<String, Value>, name: &str, default: u64, least: u64, most: u64) -> Result<u64, Failure> {
    let Some(value) = fields.get(name) else {
        return Ok(default);
    };
    value
        .as_u64()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| Failure::bad_request(format!("`{name}` must be a whole number from {least} to {most}")))
}

/// Refuses fields that are not known.
pub(super) fn only(fields: &Map<String, Value>, known: &[&str], of: &str) -> Result<(), Failure> {
    match fields.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => {
            let name = short(&Value::from(name.as_str()));
            Err(Failure::bad_request(format!("{of} has no field `{}`", name.trim_matches('"'))))
        }
        None => Ok(()),
    }
}
