use std::sync::Arc;

use footfall_model::Site;
use footfall_report::stats::{self, By, Dimension, Filter, Span, StatsAnswer, StatsQuery, StatsRow, Style};
use serde_json::{Map, Value, json};

use super::{
    super::{Failure, auth, filters::refused, imports::Found, money::money, span},
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
    if call.body.len() > LONGEST {
        return Err(Failure::new(413, "The request is too large."));
    }
    let body: Value = if call.body.is_empty() {
        Value::Object(Map::new())
    } else {
        serde_json::from_slice(&call.body).map_err(|error| Failure::bad(unread(&error)))?
    };
    let fields = body.as_object().ok_or_else(|| Failure::bad("The request must be a JSON object."))?;
    let from_address = call.param("site_id");
    let site_id = fields.get("site_id").and_then(Value::as_str).or(from_address.as_deref());
    let (_, site) = auth::site(ctx, call, site_id).await?;
    form::check(fields).map_err(Failure::bad)?;
    let query = parse::read(ctx, &site, fields).await?;
    check(&query, &site)?;
    let span = query.range.span(ctx, &site, None).await?;
    let made = Made::new(ctx, &site, &query, span)?;
    let found = if query.imports { Found::of(ctx, &made.stats).await? } else { Found::not_asked() };
    let answer = stats::run_with(&ctx.reader(), &made.stats, &found.imported).await.map_err(refused)?;
    Ok(shape::json(200, &made.json(&answer, &found)))
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

    fn json(&self, answer: &StatsAnswer, found: &Found) -> Value {
        let rows: Vec<Value> =
            answer.rows.iter().map(|row| json!({ "dimensions": self.dimensions(row), "metrics": self.metrics(row) })).collect();
        json!({ "results": rows, "meta": self.meta(answer, found), "query": self.echo() })
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

    fn meta(&self, answer: &StatsAnswer, found: &Found) -> Value {
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
        }
        if self.query.total_rows {
            meta.insert("total_rows".to_owned(), answer.total_rows.into());
        }
        Value::Object(meta)
    }

    /// The query as it was understood.
    fn echo(&self) -> Value {
        let span = &self.stats.span;
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
        json!({
            "site_id": self.stats.site.domain,
            "metrics": self.query.metrics.iter().map(|metric| metric.name()).collect::<Vec<_>>(),
            "date_range": [span::iso(span.range.start, span), span::iso(span.range.end.plus(-1000), span)],
            "filters": self.query.filters_sent,
            "dimensions": self.stats.dimensions.iter().map(|dimension| &*dimension.name).collect::<Vec<_>>(),
            "order_by": order,
            "include": include,
            "pagination": { "limit": self.query.limit, "offset": self.query.offset },
        })
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
