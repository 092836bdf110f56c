use std::{collections::HashMap, sync::Arc};

use footfall_model::{Day, Site, Text};
use footfall_report::stats::{self, By, Dimension, Filter, Span, StatsAnswer, StatsQuery, StatsRow, Style};
use serde_json::{Map, Value, json};

use super::{
    super::{Failure, auth, compare::change, filters::refused, imports::Found, money::money, span, v1::nothing},
    check::check,
    form,
    parse::{self, Query},
    revenue::Currencies,
};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// How long a body may be.
const LONGEST: usize = 1 << 20;

/// `POST /api/v2/query`.
pub(in crate::plausible) async fn answer(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let fields = body(call)?;
    let from_address = call.param("site_id");
    let site_id = fields.get("site_id").and_then(Value::as_str).or(from_address.as_deref());
    let (_, site) = auth::site(ctx, call, site_id).await?;
    told(ctx, &site, &fields, Beside::default()).await
}

/// What is said about a query beside its body.
pub(in crate::plausible) struct Beside<'a> {
    /// The day that relative ranges are meant around, today where none is.
    pub(in crate::plausible) relative: Option<Day>,
    /// Conditions that nobody asked for and that hold all the same.
    pub(in crate::plausible) limits: &'a [Filter],
    /// The time that a time is compared with.
    pub(in crate::plausible) compared: &'a (dyn Fn(&Span) -> Option<Span> + Send + Sync),
}

impl Default for Beside<'_> {
    fn default() -> Self {
        Beside { relative: None, limits: &[], compared: &|_| None }
    }
}

/// The body of a query.
///
/// # Errors
/// When it is too long or no JSON object.
pub(in crate::plausible) fn body(call: &Call) -> Result<Map<String, Value>, Failure> {
    if call.body.len() > LONGEST {
        return Err(Failure::new(413, "The request is too large."));
    }
    let body: Value = if call.body.is_empty() {
        Value::Object(Map::new())
    } else {
        serde_json::from_slice(&call.body).map_err(|error| Failure::bad(unread(&error)))?
    };
    match body {
        Value::Object(fields) => Ok(fields),
        _ => Err(Failure::bad("The request must be a JSON object.")),
    }
}

/// Answers a query about a site that may be read.
///
/// # Errors
/// When the query makes no sense, or the store cannot answer.
pub(in crate::plausible) async fn told(
    ctx: &Context,
    site: &Arc<Site>,
    fields: &Map<String, Value>,
    beside: Beside<'_>,
) -> Result<Reply, Failure> {
    form::check(fields).map_err(Failure::bad)?;
    let query = parse::read(ctx, site, fields).await?;
    check(&query, site)?;
    let span = query.range.span(ctx, site, beside.relative).await?;
    let compared = (beside.compared)(&span);
    let mut made = Made::new(ctx, site, &query, span)?;
    made.stats.filters.extend(beside.limits.iter().cloned());
    let (answer, found) = made.run(ctx, &made.stats).await?;
    let others = match compared {
        None => None,
        Some(span) => {
            let mut stats = StatsQuery { span, ..made.stats.clone() };
            (stats.limit, stats.offset) = (None, 0);
            let (answer, _) = made.run(ctx, &stats).await?;
            Some(Others::of(&made.stats, stats.span, answer))
        }
    };
    Ok(shape::json(200, &made.json(&answer, &found, others.as_ref())))
}

/// The rows of the time that a query's is compared with.
struct Others {
    span: Span,
    rows: HashMap<Vec<Text>, StatsRow>,
    /// The place of the dimension of time, and the buckets of this time by those of the query's at the same place.
    time: Option<(usize, HashMap<Text, Text>)>,
}

impl Others {
    fn of(query: &StatsQuery, span: Span, answer: StatsAnswer) -> Others {
        let rows = answer.rows.into_iter().map(|row| (row.dimensions.clone(), row)).collect();
        let time = query.dimensions.iter().enumerate().find_map(|(place, dimension)| {
            let bucket = dimension.bucket()?;
            let labels = |span: &Span| span::labels(bucket, span).into_iter().map(Text::from).collect::<Vec<_>>();
            Some((place, labels(&query.span).into_iter().zip(labels(&span)).collect()))
        });
        Others { span, rows, time }
    }

    /// The values that a row is compared with; none where this time is the shorter one.
    fn values(&self, values: &[Text]) -> Option<Vec<Text>> {
        let mut values = values.to_vec();
        if let Some((place, buckets)) = &self.time {
            let bucket = values.get_mut(*place)?;
            *bucket = buckets.get(bucket)?.clone();
        }
        Some(values)
    }
}

/// Why a body is not read.
fn unread(error: &serde_json::Error) -> &'static str {
    // The parser goes 128 deep, and says in words alone that it went no further.
    if error.to_string().starts_with("recursion limit") {
        "The request is nested too deep."
    } else {
        "The request is not valid JSON."
    }
}

/// A query with what the time it means decides.
struct Made<'a> {
    query: &'a Query,
    stats: StatsQuery,
    currencies: Currencies,
}

impl Made<'_> {
    fn new<'a>(ctx: &Context, site: &Arc<Site>, query: &'a Query, span: Span) -> Result<Made<'a>, Failure> {
        let bucket = span::bucket(&span);
        let name_of = |name: &str| if name == "time" { bucket.name().to_owned() } else { name.to_owned() };
        let dimensions: Option<Vec<Dimension>> =
            query.dimensions.iter().map(|name| parse::dimension(&name_of(name), site, &ctx.catalogue)).collect();
        let mut stats = StatsQuery::new(Arc::clone(site), span, Style::Plausible);
        stats.dimensions = dimensions.ok_or_else(|| Failure::bad("Invalid dimensions"))?;
        stats.metrics.clone_from(&query.metrics);
        stats.filters.clone_from(&query.filters);
        extend_hostname_filters(&mut stats, ctx);
        stats.limit = Some(query.limit);
        stats.offset = query.offset;
        match &query.order {
            None => stats = stats.sorted_by_default(),
            Some(order) => {
                stats.order = order
                    .iter()
                    .filter_map(|(name, descending)| {
                        let metric = query.metrics.iter().position(|metric| metric.name() == name).map(By::Metric);
                        let dimension = || query.dimensions.iter().position(|dimension| dimension == name).map(By::Dimension);
                        Some((metric.or_else(dimension)?, *descending))
                    })
                    .collect();
            }
        }
        let by_goal = query.dimensions.iter().any(|name| name == "event:goal");
        let currencies = Currencies::of(site, &query.filters, by_goal);
        Ok(Made { query, stats, currencies })
    }

    async fn run(&self, ctx: &Context, stats: &StatsQuery) -> Result<(StatsAnswer, Found), Failure> {
        let found = if self.query.imports { Found::of(ctx, stats).await? } else { Found::not_asked() };
        let answer = stats::run_with(&ctx.reader(), stats, &found.imported).await.map_err(refused)?;
        Ok((answer, found))
    }

    fn json(&self, answer: &StatsAnswer, found: &Found, others: Option<&Others>) -> Value {
        let rows: Vec<Value> = answer
            .rows
            .iter()
            .map(|row| {
                let mut shown = json!({ "dimensions": self.dimensions(row), "metrics": self.metrics(row) });
                if let Some(others) = others {
                    shown["comparison"] = self.comparison(row, others);
                }
                shown
            })
            .collect();
        json!({ "results": rows, "meta": self.meta(answer, found, others), "query": self.echo(others) })
    }

    /// What a row was in the time that is compared with, and how its figures changed.
    fn comparison(&self, row: &StatsRow, others: &Others) -> Value {
        let Some(values) = others.values(&row.dimensions) else {
            return Value::Null;
        };
        let nothing = || self.query.metrics.iter().map(|metric| nothing(*metric).as_f64()).collect();
        let other = others.rows.get(&values).cloned().unwrap_or_else(|| StatsRow { dimensions: values, metrics: nothing() });
        let figures = row.metrics.iter().zip(&other.metrics);
        let changes = self.query.metrics.iter().zip(figures).map(|(metric, (new, old))| change(*metric, *old, *new));
        json!({
            "dimensions": self.dimensions(&other),
            "metrics": self.metrics(&other),
            "change": changes.map(shape::maybe_number).collect::<Vec<_>>(),
        })
    }

    fn dimensions(&self, row: &StatsRow) -> Vec<Value> {
        let each = self.query.dimensions.iter().zip(&row.dimensions);
        each.map(|(name, value)| match name.as_str() {
            "visit:city" => value.parse::<i64>().map_or_else(|_| Value::from(&**value), Value::from),
            _ => Value::from(&**value),
        })
        .collect()
    }

    fn metrics(&self, row: &StatsRow) -> Vec<Value> {
        let goal = self.query.dimensions.iter().position(|name| name == "event:goal");
        let goal = goal.and_then(|place| row.dimensions.get(place));
        let currency = match goal {
            Some(goal) => self.currencies.of_goals.get(&**goal),
            None => self.currencies.of_all.as_ref(),
        };
        let each = self.query.metrics.iter().zip(&row.metrics);
        each.map(|(metric, value)| {
            if !metric.is_revenue() {
                return shape::maybe_number(*value);
            }
            match (value, currency) {
                (value, Some(currency)) => money(value.unwrap_or(0.0), currency),
                (_, None) => Value::Null,
            }
        })
        .collect()
    }

    fn meta(&self, answer: &StatsAnswer, found: &Found, others: Option<&Others>) -> Value {
        let mut meta = found.meta();
        let mut warned = found.metric_warnings(&self.stats);
        if let Some(warning) = &self.currencies.warning {
            let of_revenue = self.query.metrics.iter().filter(|metric| metric.is_revenue());
            warned.extend(of_revenue.map(|metric| (metric.name().to_owned(), warning.clone())));
        }
        if !warned.is_empty() {
            meta.insert("metric_warnings".to_owned(), Value::Object(warned));
        }
        if self.query.time_labels
            && let Some(bucket) = self.stats.dimensions.iter().find_map(Dimension::bucket)
        {
            meta.insert("time_labels".to_owned(), span::labels(bucket, &self.stats.span).into());
            if let Some(others) = others {
                meta.insert("comparison_time_labels".to_owned(), span::labels(bucket, &others.span).into());
            }
        }
        if self.query.total_rows {
            meta.insert("total_rows".to_owned(), answer.total_rows.into());
        }
        Value::Object(meta)
    }

    /// The query as it was understood.
    fn echo(&self, others: Option<&Others>) -> Value {
        let ends = |span: &Span| json!([span::iso(span.range.start, span), span::iso(span.range.end.plus(-1000), span)]);
        let order: Vec<Value> = self
            .stats
            .order
            .iter()
            .map(|(by, descending)| {
                let name = match by {
                    By::Metric(place) => self.query.metrics[*place].name(),
                    By::Dimension(place) => &self.stats.dimensions[*place].name,
                };
                json!([name, if *descending { "desc" } else { "asc" }])
            })
            .collect();
        let mut include = Map::new();
        for (name, asked) in
            [("imports", self.query.imports), ("time_labels", self.query.time_labels), ("total_rows", self.query.total_rows)]
        {
            if asked {
                include.insert(name.to_owned(), true.into());
            }
        }
        let mut told = json!({
            "site_id": self.stats.site.domain,
            "metrics": self.query.metrics.iter().map(|metric| metric.name()).collect::<Vec<_>>(),
            "date_range": ends(&self.stats.span),
            "filters": self.query.filters_sent,
            "dimensions": self.stats.dimensions.iter().map(|dimension| &*dimension.name).collect::<Vec<_>>(),
            "order_by": order,
            "include": include,
            "pagination": { "limit": self.query.limit, "offset": self.query.offset },
        });
        if let Some(others) = others {
            told["comparison_date_range"] = ends(&others.span);
        }
        told
    }
}

/// Dimensions for which a condition on host names also demands that the visit began (ended) on such a host.
const BY_ENTRY: [&str; 8] = [
    "visit:source",
    "visit:entry_page",
    "visit:utm_medium",
    "visit:utm_source",
    "visit:utm_campaign",
    "visit:utm_content",
    "visit:utm_term",
    "visit:referrer",
];

/// Sources of visits that began on another host are not shown.
pub(in crate::plausible) fn extend_hostname_filters(stats: &mut StatsQuery, ctx: &Context) {
    let mut more = Vec::new();
    for dimension in &stats.dimensions {
        let name = match &*dimension.name {
            name if BY_ENTRY.contains(&name) => "visit:entry_page_hostname",
            "visit:exit_page" => "visit:exit_page_hostname",
            _ => continue,
        };
        let Some(host) = Dimension::parse(name, &stats.site, &ctx.catalogue) else {
            continue;
        };
        for filter in &stats.filters {
            if let Filter::Leaf(leaf) = filter
                && &*leaf.dimension.name == "event:hostname"
            {
                let mut leaf = leaf.clone();
                leaf.dimension = host.clone();
                more.push(Filter::Leaf(leaf));
            }
        }
    }
    stats.filters.extend(more);
}
