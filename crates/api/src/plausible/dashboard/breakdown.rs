//! The answer of every breakdown.

use std::collections::HashMap;

use footfall_model::Text;
use footfall_report::{
    names,
    stats::{self, By, Dimension, Filter, Match, Metric, NOT_SET, Source, StatsQuery, StatsRow},
};
use serde_json::{Map, Value, json};

use super::{
    super::{
        Failure,
        breakdown::{Breakdown, Page, short},
        filters::refused,
        imports::Found,
        money::money,
        query::Currencies,
    },
    asked::Asked,
    compared::{comparison, figures_of},
    period, places,
    reports::{Kind, Report},
};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// How many rows there are unless more are asked for.
const ROWS: u64 = 9;

/// A breakdown of one time, and of the one it is compared with.
pub(super) struct Table {
    pub(super) metrics: Vec<Metric>,
    pub(super) rows: Vec<StatsRow>,
    /// How often, in percent, who saw a page left there; by row, where that is told.
    pub(super) exit_rates: Option<Vec<Option<f64>>>,
    others: Option<HashMap<Vec<Text>, Vec<Option<f64>>>>,
    query: StatsQuery,
    found: Found,
    currencies: Currencies,
}

/// Answers a request for a breakdown.
pub(super) async fn answer(ctx: &Context, call: &Call, asked: &Asked, report: &Report<'_>) -> Result<Reply, Failure> {
    let page = Page::read(call.param("limit").as_deref(), call.param("page").as_deref(), ROWS)?;
    let wished = call.param("order_by").unwrap_or_default();
    let table = Table::of(ctx, asked, report, page, asked.detailed, &wished).await?;
    let mut results: Vec<Map<String, Value>> = Vec::with_capacity(table.rows.len());
    let cities = table.cities(ctx, asked, report).await?;
    for (place, row) in table.rows.iter().enumerate() {
        let mut shown = named(report, asked.detailed, row, &cities);
        shown.extend(figures_of(&table.metrics, &row.metrics, |metric, value| table.figure(metric, value, row)));
        if let Some(rates) = &table.exit_rates {
            shown.insert("exit_rate".to_owned(), shape::maybe_number(rates[place]));
        }
        if let Some(others) = &table.others {
            let show = |metric, value| table.figure(metric, value, row);
            shown.insert("comparison".to_owned(), comparison(&table.metrics, &row.metrics, others.get(&row.dimensions), show));
        }
        results.push(shown);
    }
    let today = asked.today();
    let mut meta = Map::new();
    meta.insert("date_range_label".to_owned(), period::label(&table.query.span, today).into());
    if let Some(other) = &asked.compared {
        meta.insert("comparison_date_range_label".to_owned(), period::label(other, today).into());
    }
    let warned = table.found.metric_warnings(&table.query);
    if !warned.is_empty() {
        meta.insert("metric_warnings".to_owned(), Value::Object(warned));
    }
    let told = json!({ "results": results, "meta": meta, "skip_imported_reason": table.found.skip_reason() });
    Ok(shape::json(200, &told))
}

impl Table {
    /// Asks for a breakdown. `wished` is what it is sorted by, `[[metric or property, "asc" or "desc"], …]`; what else it holds
    /// is passed over.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub(super) async fn of(
        ctx: &Context,
        asked: &Asked,
        report: &Report<'_>,
        page: Page,
        detailed: bool,
        wished: &str,
    ) -> Result<Table, Failure> {
        let by_goal = report.kind() == Kind::Goal;
        let currencies = Currencies::of(asked.site(), &asked.filters, by_goal);
        let mut metrics = report.metrics(asked.of_goals(), detailed);
        metrics.retain(|metric| !metric.is_revenue() || !currencies.of_goals.is_empty());
        let names = Breakdown::names(report.property);
        let span = if by_goal { asked.of_half_an_hour() } else { asked.span.clone() };
        let breakdown = Breakdown {
            site: asked.site(),
            span: &span,
            property: report.property,
            metrics: &metrics,
            filters: &asked.filters,
            order: order(wished, &metrics, &names),
            page: Some(page),
        };
        let query = breakdown.query(ctx)?;
        let found = asked.found(ctx, &query).await?;
        let rows = breakdown.rows(ctx, &query, &found.imported).await?;
        let others = match &asked.compared {
            None => None,
            Some(other) => {
                let breakdown = Breakdown { span: other, page: None, order: Vec::new(), ..breakdown };
                let query = breakdown.query(ctx)?;
                let found = asked.found(ctx, &query).await?;
                let rows = breakdown.rows(ctx, &query, &found.imported).await?;
                Some(rows.into_iter().map(|row| (row.dimensions, row.metrics)).collect())
            }
        };
        let exit_rates = if report.tells_exit_rate() && !asked.filters_actions() {
            Some(exit_rates(ctx, asked, &rows, &metrics).await?)
        } else {
            None
        };
        Ok(Table { metrics, rows, exit_rates, others, query, found, currencies })
    }

    /// What is known of the cities in it.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub(super) async fn cities(
        &self,
        ctx: &Context,
        asked: &Asked,
        report: &Report<'_>,
    ) -> Result<HashMap<Text, places::City>, Failure> {
        if report.kind() != Kind::City {
            return Ok(HashMap::new());
        }
        places::cities(ctx, asked, self.rows.iter().filter_map(|row| row.dimensions.first().cloned()).collect()).await
    }

    fn figure(&self, metric: Metric, value: Option<f64>, row: &StatsRow) -> Value {
        if !metric.is_revenue() {
            return shape::maybe_number(value);
        }
        let goal = self.query.dimensions.iter().position(|dimension| dimension.source == Source::Goal);
        let currency = match goal.and_then(|place| row.dimensions.get(place)) {
            Some(goal) => self.currencies.of_goals.get(&**goal),
            None => self.currencies.of_all.as_ref(),
        };
        currency.map_or(Value::Null, |currency| money(value.unwrap_or(0.0), currency))
    }
}

/// What rows are sorted by before anything else.
fn order(wished: &str, metrics: &[Metric], names: &[&str]) -> Vec<(By, bool)> {
    let entries: Vec<(String, String)> = serde_json::from_str(wished).unwrap_or_default();
    let by = |(name, direction): &(String, String)| {
        let metric = metrics.iter().position(|metric| metric.name() == name).map(By::Metric);
        let dimension = || names.iter().position(|known| known == name).map(By::Dimension);
        let descending = match direction.as_str() {
            "asc" => false,
            "desc" => true,
            _ => return None,
        };
        Some((metric.or_else(dimension)?, descending))
    };
    entries.iter().filter_map(by).take(metrics.len() + names.len()).collect()
}

/// A row's value under the names it has in the answer.
fn named(report: &Report<'_>, detailed: bool, row: &StatsRow, cities: &HashMap<Text, places::City>) -> Map<String, Value> {
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
    let value = row.dimensions.first().map_or("", |value| &**value);
    match report.kind() {
        Kind::Plain | Kind::Goal | Kind::Property => {
            put("name", value.into());
        }
        Kind::Version => {
            let version = row.dimensions.get(1).map_or("", |version| &**version);
            put(short(Breakdown::names(report.property)[0]), value.into());
            if detailed {
                put("name", version.into());
            } else {
                put("version", version.into());
                let unset = value == NOT_SET && version == NOT_SET;
                put("name", if unset { NOT_SET.into() } else { format!("{value} {version}").into() });
            }
        }
        Kind::Country => {
            let known = names::countries::name(value);
            put("code", value.into());
            put("name", known.unwrap_or(value).into());
            put("flag", places::flag(value).into());
            put("alpha_3", names::countries::alpha_3(value).unwrap_or("N/A").into());
        }
        Kind::Region => {
            put("code", value.into());
            put("name", names::regions::name(value).unwrap_or(value).into());
            if let Some(flag) = places::flag_of_region(value) {
                put("country_flag", flag.into());
            }
        }
        Kind::City => {
            put("code", value.parse::<i64>().map_or_else(|_| Value::from(value), Value::from));
            let city = cities.get(value);
            put("name", city.map_or("N/A", |city| &*city.name).into());
            if let Some(flag) = city.and_then(|city| places::flag(&city.country)) {
                put("country_flag", flag.into());
            }
        }
    }
    shown
}

/// How often, in whole percents, a view of a page was the last of its visit.
async fn exit_rates(ctx: &Context, asked: &Asked, rows: &[StatsRow], metrics: &[Metric]) -> Result<Vec<Option<f64>>, Failure> {
    let Some(visits) = metrics.iter().position(|metric| *metric == Metric::Visits) else {
        return Ok(vec![None; rows.len()]);
    };
    let Some(page) = Dimension::parse("event:page", asked.site(), &ctx.catalogue) else {
        return Ok(vec![None; rows.len()]);
    };
    let shown = rows.iter().filter_map(|row| row.dimensions.first().cloned()).collect();
    let mut query = asked.query(&asked.span, &[Metric::Pageviews]);
    let is_about_exits = |filter: &Filter| matches!(filter, Filter::Leaf(leaf) if &*leaf.dimension.name == "visit:exit_page");
    query.filters.retain(|filter| !is_about_exits(filter));
    query.filters.push(Filter::leaf(Match::Is, page.clone(), shown));
    query.dimensions = vec![page];
    let found = asked.found(ctx, &query).await?;
    let answer = stats::run_with(&ctx.reader(), &query, &found.imported).await.map_err(refused)?;
    let views: HashMap<&Text, f64> =
        answer.rows.iter().filter_map(|row| Some((row.dimensions.first()?, row.metrics.first().copied().flatten()?))).collect();
    let rate = |row: &StatsRow| {
        let views = views.get(row.dimensions.first()?).filter(|views| **views > 0.0)?;
        Some((row.metrics.get(visits).copied().flatten()? / views * 100.0).floor())
    };
    Ok(rows.iter().map(rate).collect())
}
