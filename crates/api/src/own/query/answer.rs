use std::{collections::HashMap, sync::Arc};

use footfall_model::{Aggregate, DateRange, Error, Fact, Measure, Millis, Query, Site, Text, TimeRange, Unit, VisitRow};
use footfall_report::{
    Reader, names,
    stats::{self, Dimension, Metric, Span, StatsAnswer, StatsQuery, StatsRow, Style},
};
use serde_json::{Map, Value, json};

use super::{Asked, range::ends};
use crate::{
    matomo::Context,
    own::{Failure, shape},
    plausible::Found,
};

/// Answers a query about a site, within conditions that nobody asked for but have to hold.
///
/// # Errors
/// When the query makes no sense, or the store cannot answer.
pub(in crate::own) async fn query(
    ctx: &Context,
    site: &Arc<Site>,
    body: &Value,
    limits: Vec<stats::Filter>,
) -> Result<Value, Failure> {
    let mut asked = Asked::read(body, site, &ctx.catalogue)?;
    asked.filters.extend(limits);
    let (span, compared) = spans(ctx, site, &asked).await?;
    let imports = asked.imports && !ctx.admin.imports(site.id).await.map_err(refused)?.is_empty();
    let (reader, compared) = (ctx.reader(), compared.as_ref());
    let answer = Answer { asked: &asked, site, now: ctx.now, span: &span, compared, ctx, reader: &reader, imports };
    answer.make().await.map_err(refused)
}

/// The time that is asked about, and the one it is compared with.
pub(super) async fn spans(ctx: &Context, site: &Site, asked: &Asked) -> Result<(Span, Option<Span>), Failure> {
    let first = if asked.range.is_all() { first_moment(ctx, site, asked.imports).await.map_err(refused)? } else { None };
    let span = asked.range.span(&site.zone, ctx.now, first)?;
    let compared = asked.compare.as_ref().map(|with| asked.range.compared(with, &span, ctx.now));
    Ok((span, compared))
}

/// A question the store refuses is one that makes no sense.
pub(super) fn refused(error: Error) -> Failure {
    if error.fault() == footfall_model::Fault::Invalid { Failure::invalid_query(error.message()) } else { error.into() }
}

/// When the first visit of a site began, or the first day that was imported.
async fn first_moment(ctx: &Context, site: &Site, imports: bool) -> Result<Option<Millis>, Error> {
    let mut query = Query::new(Fact::Visits, vec![site.id], TimeRange::EVER, site.zone.clone());
    if let Some(first_at) = VisitRow::column("first_at") {
        query.measures.push(Measure::new("first", Aggregate::Min(first_at)));
    }
    let rows = ctx.reader().ask(&query).await?;
    let tracked = rows.rows.first().and_then(|row| row.first()).and_then(footfall_model::Value::as_i64).map(Millis);
    let imported = if imports { ctx.admin.imports(site.id).await? } else { Vec::new() };
    let days = imported.iter().map(|import| DateRange::day(import.first).on(&site.zone).start);
    Ok(tracked.into_iter().chain(days).min())
}

struct Answer<'a> {
    asked: &'a Asked,
    site: &'a Arc<Site>,
    now: Millis,
    span: &'a Span,
    compared: Option<&'a Span>,
    ctx: &'a Context,
    reader: &'a Reader,
    /// Whether there are imported figures that may belong here.
    imports: bool,
}

impl Answer<'_> {
    async fn make(&self) -> Result<Value, Error> {
        let rows = self.rows();
        let totals = self.totals(self.span);
        let other_totals = async {
            match self.compared {
                Some(span) => self.totals(span).await.map(Some),
                None => Ok(None),
            }
        };
        let (rows, totals, other_totals) = futures::try_join!(rows, totals, other_totals)?;
        let (rows, comparisons, total_rows) = rows;
        let found = self.found(&self.asked_rows()).await?;

        let mut shown = Map::new();
        shown.insert("metrics".to_owned(), numbers(&totals));
        if let Some(other) = &other_totals {
            shown.insert("comparison".to_owned(), numbers(other));
        }
        let metrics: Vec<Value> =
            self.asked.metrics.iter().map(|metric| json!({ "name": metric.name(), "unit": unit(*metric) })).collect();
        let meta = self.meta(&rows, total_rows, &found);
        let rows: Vec<Value> = rows.iter().map(|row| self.row(row, &comparisons)).collect();
        Ok(json!({ "rows": rows, "totals": shown, "metrics": metrics, "meta": meta }))
    }

    fn stats(&self, span: &Span) -> StatsQuery {
        let mut query = StatsQuery::new(Arc::clone(self.site), span.clone(), Style::Footfall);
        query.metrics.clone_from(&self.asked.metrics);
        query.filters.clone_from(&self.asked.filters);
        query
    }

    /// The question for the rows.
    fn asked_rows(&self) -> StatsQuery {
        let mut query = self.stats(self.span);
        query.dimensions.clone_from(&self.asked.dimensions);
        query
    }

    /// Imported figures that belong to a question.
    async fn found(&self, query: &StatsQuery) -> Result<Found, Error> {
        if self.imports { Found::of(self.ctx, query).await } else { Ok(Found::not_asked()) }
    }

    async fn run(&self, query: &StatsQuery) -> Result<StatsAnswer, Error> {
        let found = self.found(query).await?;
        stats::run_with(self.reader, query, &found.imported).await
    }

    async fn totals(&self, span: &Span) -> Result<Vec<Option<f64>>, Error> {
        let answer = self.run(&self.stats(span)).await?;
        Ok(answer.rows.into_iter().next().map(|row| row.metrics).unwrap_or_default())
    }

    /// The rows, what they are compared with, and how many rows there are.
    async fn rows(&self) -> Result<(Vec<StatsRow>, Comparisons, u64), Error> {
        if self.asked.dimensions.is_empty() {
            return Ok((Vec::new(), Comparisons::None, 0));
        }
        if self.asked.sole_bucket().is_some() {
            return self.buckets().await;
        }
        let mut query = self.asked_rows();
        query.order.clone_from(&self.asked.order);
        let sifts = !self.asked.search.is_empty() || !self.asked.keeps_empty;
        if !sifts {
            query.limit = Some(self.asked.limit);
            query.offset = self.asked.offset;
        }
        let mut answer = self.run(&query).await?;
        if sifts {
            answer.rows.retain(|row| self.keeps(row));
            answer.total_rows = answer.rows.len() as u64;
            answer.rows = page(answer.rows, self.asked);
        }
        let Some(other) = self.compared else {
            return Ok((answer.rows, Comparisons::None, answer.total_rows));
        };
        let mut query = self.stats(other);
        query.dimensions.clone_from(&self.asked.dimensions);
        if let [dimension] = self.asked.dimensions.as_slice()
            && !dimension.is_of_time()
            && dimension.source != stats::Source::Goal
        {
            // Only what is shown is compared.
            let shown = answer.rows.iter().map(|row| row.dimensions[0].clone()).collect();
            query.filters.push(stats::Filter::leaf(stats::Match::Is, dimension.clone(), shown));
        }
        let others = self.run(&query).await?;
        let known = others.rows.into_iter().map(|row| (row.dimensions, row.metrics)).collect();
        Ok((answer.rows, Comparisons::ByValue(known), answer.total_rows))
    }

    /// Every bucket that has begun, those without hits with zeros.
    async fn buckets(&self) -> Result<(Vec<StatsRow>, Comparisons, u64), Error> {
        let filled = self.filled(self.span, true);
        let compared = async {
            match self.compared {
                Some(span) => self.filled(span, false).await,
                None => Ok(Vec::new()),
            }
        };
        let (mut rows, others) = futures::try_join!(filled, compared)?;
        let others: HashMap<Text, StatsRow> =
            rows.iter().zip(others).map(|(row, other)| (row.dimensions[0].clone(), other)).collect();
        let total = rows.len() as u64;
        if let Some((stats::By::Metric(place), descending)) = self.asked.order.first() {
            let key = |row: &StatsRow| row.metrics.get(*place).copied().flatten().unwrap_or(f64::NEG_INFINITY);
            rows.sort_by(|a, b| if *descending { key(b).total_cmp(&key(a)) } else { key(a).total_cmp(&key(b)) });
        } else if let Some((_, true)) = self.asked.order.first() {
            rows.reverse();
        }
        let comparisons = if self.compared.is_some() { Comparisons::ByBucket(others) } else { Comparisons::None };
        Ok((page(rows, self.asked), comparisons, total))
    }

    async fn filled(&self, span: &Span, until_now: bool) -> Result<Vec<StatsRow>, Error> {
        let Some(bucket) = self.asked.sole_bucket() else {
            return Ok(Vec::new());
        };
        let mut query = self.stats(span);
        query.dimensions.clone_from(&self.asked.dimensions);
        let answer = self.run(&query).await?;
        let mut known: HashMap<Text, StatsRow> = answer.rows.into_iter().map(|row| (row.dimensions[0].clone(), row)).collect();
        let now = bucket.label(self.now, span);
        let begun = |label: &String| !until_now || *label <= now;
        let nothing: Vec<Option<f64>> = self.asked.metrics.iter().map(|metric| nothing(*metric)).collect();
        Ok(bucket
            .labels(span)
            .into_iter()
            .filter(begun)
            .map(|label| {
                let label = Text::from(label);
                known.remove(&label).unwrap_or_else(|| StatsRow { dimensions: vec![label], metrics: nothing.clone() })
            })
            .collect())
    }

    /// Whether a row fits what is searched for and has values.
    fn keeps(&self, row: &StatsRow) -> bool {
        let by_values = self.asked.dimensions.iter().zip(&row.dimensions).find(|(dimension, _)| !dimension.is_of_time());
        if let Some((dimension, value)) = by_values
            && !self.asked.keeps_empty
            && **value == *dimension.unset()
        {
            return false;
        }
        let (Some(dimension), Some(value)) = (self.asked.dimensions.first(), row.dimensions.first()) else {
            return true;
        };
        self.asked.search.is_empty()
            || value.to_lowercase().contains(&self.asked.search)
            || name_of(dimension, value).is_some_and(|name| name.to_lowercase().contains(&self.asked.search))
    }

    fn row(&self, row: &StatsRow, comparisons: &Comparisons) -> Value {
        let mut shown = Map::new();
        shown.insert("dimensions".to_owned(), self.values(&row.dimensions));
        shown.insert("metrics".to_owned(), numbers(&row.metrics));
        let none = || self.asked.metrics.iter().map(|metric| nothing(*metric)).collect();
        match comparisons {
            Comparisons::None => {}
            Comparisons::ByValue(known) => {
                let metrics = known.get(&row.dimensions).cloned().unwrap_or_else(none);
                shown.insert("comparison".to_owned(), numbers(&metrics));
            }
            Comparisons::ByBucket(known) => {
                if let Some(other) = row.dimensions.first().and_then(|label| known.get(label)) {
                    shown.insert("comparison".to_owned(), numbers(&other.metrics));
                    shown.insert("comparison_dimensions".to_owned(), self.values(&other.dimensions));
                } else {
                    shown.insert("comparison".to_owned(), numbers(&none()));
                }
            }
        }
        Value::Object(shown)
    }

    fn values(&self, values: &[Text]) -> Value {
        let shown = self.asked.dimensions.iter().zip(values).map(|(dimension, value)| {
            let within_day = dimension.bucket().is_some_and(stats::Bucket::is_within_day);
            Value::String(if within_day { value.replacen(' ', "T", 1) } else { value.to_string() })
        });
        Value::Array(shown.collect())
    }

    fn meta(&self, rows: &[StatsRow], total_rows: u64, found: &Found) -> Value {
        let by_moments = !self.span.whole_days;
        let (from, to) = ends(self.span, by_moments);
        let others = self.compared.map(|span| ends(span, by_moments));
        let (compare_from, compare_to) = match others {
            Some((from, to)) => (Value::from(from), Value::from(to)),
            None => (Value::Null, Value::Null),
        };
        let now = self.now.local(&self.site.zone);
        let mut meta = Map::new();
        let mut put = |name: &str, value: Value| meta.insert(name.to_owned(), value);
        put("from", from.into());
        put("to", to.into());
        put("compare_from", compare_from);
        put("compare_to", compare_to);
        put("timezone", self.site.timezone.as_str().into());
        put("currency", self.site.currency.as_str().into());
        put("now", format!("{}T{:02}:{:02}:{:02}", now.date(), now.hour(), now.minute(), now.second()).into());
        put("total_rows", total_rows.into());
        if let Some(bucket) = self.asked.sole_bucket() {
            let labels = bucket
                .labels(self.span)
                .into_iter()
                .map(|label| if bucket.is_within_day() { label.replacen(' ', "T", 1) } else { label });
            put("time_labels", labels.collect::<Vec<String>>().into());
        }
        put("labels", self.labels(rows));
        meta.extend(found.meta());
        Value::Object(meta)
    }

    /// English names of the codes in the answer.
    fn labels(&self, rows: &[StatsRow]) -> Value {
        let mut labels = Map::new();
        for (place, dimension) in self.asked.dimensions.iter().enumerate() {
            let mut of_dimension = Map::new();
            for row in rows {
                if let Some(value) = row.dimensions.get(place)
                    && let Some(name) = name_of(dimension, value)
                {
                    of_dimension.insert(value.to_string(), name.into());
                }
            }
            if !of_dimension.is_empty() {
                labels.insert(dimension.name.to_string(), Value::Object(of_dimension));
            }
        }
        Value::Object(labels)
    }
}

/// What rows are compared with.
enum Comparisons {
    None,
    /// The same values in the other range.
    ByValue(HashMap<Vec<Text>, Vec<Option<f64>>>),
    /// The bucket at the same place in the other range.
    ByBucket(HashMap<Text, StatsRow>),
}

fn page(rows: Vec<StatsRow>, asked: &Asked) -> Vec<StatsRow> {
    let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    rows.into_iter().skip(place(asked.offset)).take(place(asked.limit)).collect()
}

/// What a metric is where nothing happened.
fn nothing(metric: Metric) -> Option<f64> {
    match metric.unit() {
        Unit::Percent | Unit::Seconds => None,
        _ if metric == Metric::ViewsPerVisit => None,
        _ => Some(0.0),
    }
}

fn unit(metric: Metric) -> &'static str {
    match (metric, metric.unit()) {
        (Metric::ViewsPerVisit, _) => "number",
        (_, Unit::Percent) => "percent",
        (_, Unit::Seconds | Unit::Milliseconds) => "seconds",
        (_, Unit::Money) => "currency",
        (_, Unit::Number | Unit::Bytes) => "count",
    }
}

/// The English name of a code.
fn name_of(dimension: &Dimension, value: &str) -> Option<String> {
    match &*dimension.name {
        "visit:country" => names::countries::name(value).map(str::to_owned),
        "visit:region" => names::regions::name(value).map(str::to_owned),
        "visit:language" => language(value),
        _ => None,
    }
}

/// `de-AT`: `German (Austria)`.
fn language(tag: &str) -> Option<String> {
    let mut parts = tag.split(['-', '_']);
    let name = names::languages::name(&parts.next()?.to_lowercase())?;
    let country = parts.find(|part| part.len() == 2).and_then(names::countries::name);
    Some(match country {
        Some(country) => format!("{name} ({country})"),
        None => name.to_owned(),
    })
}

fn numbers(values: &[Option<f64>]) -> Value {
    Value::Array(values.iter().map(|value| shape::maybe_number(*value)).collect())
}
