use std::sync::Arc;

use footfall_model::{Day, Millis, Site, TimeRange};
use footfall_report::stats::{self, Bucket, Dimension, Filter, Match, Metric, Source, Span, StatsQuery, Style};
use serde_json::Value;

use super::{
    super::{Failure, filters, imports::Found, v1},
    access::Opened,
    period,
};
use crate::{Call, matomo::Context, own::live};

/// A question of the dashboard, checked.
pub(super) struct Asked {
    pub(super) opened: Opened,
    pub(super) period: String,
    pub(super) span: Span,
    /// What it is compared with.
    pub(super) compared: Option<Span>,
    /// The conditions, with those that hold because of a shared link.
    pub(super) filters: Vec<Filter>,
    /// Whether imported figures are asked for.
    imported: bool,
    pub(super) detailed: bool,
    pub(super) bucket: Bucket,
    pub(super) now: Millis,
}

impl Asked {
    /// Reads what all reports have in common.
    ///
    /// # Errors
    /// Says what is wrong first.
    pub(super) async fn read(ctx: &Context, call: &Call, opened: Opened) -> Result<Asked, Failure> {
        let site = &opened.site;
        let period = call.param("period").unwrap_or_else(|| "30d".to_owned());
        let (range, relative) = period::range(call, &period, ctx.now)?;
        let with = period::compare(call, &period)?;
        let filters = match call.param("filters").filter(|text| !text.is_empty()) {
            Some(text) => conditions(ctx, site, &text).await?,
            None => Vec::new(),
        };
        let filters = filters.into_iter().chain(opened.limits.iter().cloned()).collect();
        let span = range.span(ctx, site, relative).await?;
        let same_weekdays = call.param("match_day_of_week").as_deref() == Some("true");
        let today = ctx.now.local(&site.zone).date();
        let compared = with.map(|with| period::compared(with, &span, today, same_weekdays));
        let bucket = period::bucket(call.param("interval").as_deref(), &period, &span)?;
        let is_on = |name: &str| call.param(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let (imported, detailed) = (is_on("with_imported"), is_on("detailed"));
        Ok(Asked { opened, period, span, compared, filters, imported, detailed, bucket, now: ctx.now })
    }

    pub(super) fn site(&self) -> &Arc<Site> {
        &self.opened.site
    }

    pub(super) fn today(&self) -> Day {
        self.now.local(&self.site().zone).date()
    }

    /// The same of visits that a source sent.
    pub(super) fn sent_by(mut self, ctx: &Context, source: &str) -> Asked {
        if let Some(dimension) = Dimension::parse("visit:source", self.site(), &ctx.catalogue) {
            self.filters.push(Filter::leaf(Match::Is, dimension, vec![source.into()]));
        }
        self
    }

    /// The same of the last 30 minutes, where the last five are meant: what happens seldom is looked for a little longer.
    pub(super) fn of_half_an_hour(&self) -> Span {
        let minutes =
            || Span::moments(TimeRange { start: self.now.plus(-30 * 60_000), end: self.now.plus(5_000) }, &self.span.zone);
        if self.is_realtime() { minutes() } else { self.span.clone() }
    }

    pub(super) fn is_realtime(&self) -> bool {
        matches!(self.period.as_str(), "realtime" | "30m")
    }

    /// Whether one of the conditions that stand alone is about this dimension.
    pub(super) fn filters_on(&self, name: &str) -> bool {
        self.filters.iter().any(|filter| matches!(filter, Filter::Leaf(leaf) if &*leaf.dimension.name == name))
    }

    /// Whether visitors are those that reached a goal.
    pub(super) fn of_goals(&self) -> bool {
        let is_goal = |filter: &Filter| matches!(filter, Filter::Leaf(leaf) if leaf.dimension.source == Source::Goal);
        self.filters.iter().any(is_goal)
    }

    /// Whether a condition is about what was done in visits.
    pub(super) fn filters_actions(&self) -> bool {
        self.filters.iter().any(|filter| filter.leaves().iter().any(|(leaf, ..)| leaf.dimension.is_of_actions()))
    }

    /// A question about a span, with nothing measured yet.
    pub(super) fn query(&self, span: &Span, metrics: &[Metric]) -> StatsQuery {
        let mut query = StatsQuery::new(Arc::clone(self.site()), span.clone(), Style::Plausible);
        query.filters.clone_from(&self.filters);
        query.metrics = metrics.to_vec();
        query
    }

    /// Imported figures that belong to a question, where they were asked for.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) async fn found(&self, ctx: &Context, query: &StatsQuery) -> Result<Found, Failure> {
        Ok(if self.imported { Found::of(ctx, query).await? } else { Found::declined(ctx, query).await? })
    }

    /// The figures of a span, without dimensions.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub(super) async fn figures(
        &self,
        ctx: &Context,
        span: &Span,
        metrics: &[Metric],
    ) -> Result<(Vec<Option<f64>>, Found), Failure> {
        let query = self.query(span, metrics);
        let found = self.found(ctx, &query).await?;
        let answer = stats::run_with(&ctx.reader(), &query, &found.imported).await.map_err(filters::refused)?;
        Ok((answer.rows.into_iter().next().map(|row| row.metrics).unwrap_or_default(), found))
    }
}

/// The parameter `filters`, in which saved segments may be named.
async fn conditions(ctx: &Context, site: &Site, text: &str) -> Result<Vec<Filter>, Failure> {
    let filters = match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(list)) if list.iter().all(|filter| filters::has_form(filter, true)) => {
            let resolved = filters::resolved(ctx, site, list).await?;
            v1::filters(&Value::Array(resolved).to_string(), site, &ctx.catalogue)?
        }
        Ok(Value::Object(_)) => {
            return Err(Failure::bad("Invalid filters. They must be a list such as `[[\"is\",\"event:page\",[\"/\"]]]`."));
        }
        _ => v1::filters(text, site, &ctx.catalogue)?,
    };
    Ok(filters)
}

/// Visitors of the last five minutes.
///
/// # Errors
/// When the store cannot answer.
pub(super) async fn current_visitors(ctx: &Context, opened: &Opened) -> Result<i64, Failure> {
    if opened.limits.is_empty() {
        return Ok(live::visitors(ctx, &opened.site).await?);
    }
    let range = TimeRange { start: ctx.now.plus(-5 * 60_000), end: ctx.now.plus(5_000) };
    let mut query = StatsQuery::new(Arc::clone(&opened.site), Span::moments(range, &opened.site.zone), Style::Plausible);
    query.metrics = vec![Metric::Visitors];
    query.filters.clone_from(&opened.limits);
    let answer = stats::run(&ctx.reader(), &query).await?;
    Ok(answer.rows.first().and_then(|row| row.metrics.first().copied().flatten()).unwrap_or(0.0) as i64)
}
