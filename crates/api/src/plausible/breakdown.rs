//! Rows by one property, as Stats v1 and the dashboard ask for them.

use std::sync::Arc;

use footfall_model::Site;
use footfall_report::stats::{self, By, Dimension, Filter, Imported, Metric, Span, StatsQuery, StatsRow, Style};

use super::{Failure, filters::refused, query::extend_hostname_filters};
use crate::matomo::Context;

/// Properties of which rows without a value are left out.
const NEEDS_VALUE: [&str; 13] = [
    "visit:country",
    "visit:region",
    "visit:city",
    "visit:country_name",
    "visit:region_name",
    "visit:city_name",
    "visit:utm_medium",
    "visit:utm_source",
    "visit:utm_campaign",
    "visit:utm_content",
    "visit:utm_term",
    "visit:entry_page",
    "visit:exit_page",
];

/// The most rows that a page of them may have.
const MOST: u64 = 1000;

/// A question for rows by one property.
pub(super) struct Breakdown<'a> {
    pub(super) site: &'a Arc<Site>,
    pub(super) span: &'a Span,
    pub(super) property: &'a str,
    pub(super) metrics: &'a [Metric],
    pub(super) filters: &'a [Filter],
    /// What rows are sorted by before anything else; unless asked otherwise, the first metric, greatest first.
    pub(super) order: Vec<(By, bool)>,
    /// The page of rows that is wanted; all of them where none is.
    pub(super) page: Option<Page>,
}

/// So many rows, after those of the pages before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) limit: u64,
    /// From 1.
    pub(super) number: u64,
}

impl Page {
    /// A page as the parameters `limit` and `page` name it.
    ///
    /// # Errors
    /// When the limit is out of bounds.
    pub(super) fn read(limit: Option<&str>, page: Option<&str>, usual: u64) -> Result<Page, Failure> {
        let limit = match limit {
            None => usual,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=MOST).contains(limit))
                .ok_or_else(|| Failure::bad(format!("Please provide limit as a number between 1 and {MOST}.")))?,
        };
        let number = page.and_then(|text| text.parse().ok()).filter(|page| *page > 0).unwrap_or(1);
        Ok(Page { limit, number })
    }

    fn offset(self) -> u64 {
        (self.number - 1).saturating_mul(self.limit)
    }
}

impl Breakdown<'_> {
    /// The dimensions of the rows: a version is nothing without what it is a version of.
    pub(super) fn names(property: &str) -> Vec<&str> {
        match property {
            "visit:browser_version" => vec!["visit:browser", "visit:browser_version"],
            "visit:os_version" => vec!["visit:os", "visit:os_version"],
            name => vec![name],
        }
    }

    /// The question to the store.
    ///
    /// # Errors
    /// When there is no such property.
    pub(super) fn query(&self, ctx: &Context) -> Result<StatsQuery, Failure> {
        let mut query = StatsQuery::new(Arc::clone(self.site), self.span.clone(), Style::PlausibleBreakdown);
        query.metrics = self.metrics.iter().map(|metric| counted(*metric, self.property)).collect();
        query.filters = self.filters.to_vec();
        for name in Breakdown::names(self.property) {
            let dimension = Dimension::parse(name, self.site, &ctx.catalogue);
            query.dimensions.push(dimension.ok_or_else(|| Failure::bad(format!("Invalid property '{name}'.")))?);
        }
        extend_hostname_filters(&mut query, ctx);
        query.order.clone_from(&self.order);
        let first = query.metrics.iter().position(|metric| *metric != Metric::TimeOnPage);
        query.order.extend(first.map(|place| (By::Metric(place), true)));
        query.order.extend((0..query.dimensions.len()).map(|place| (By::Dimension(place), false)));
        if let Some(page) = self.page.filter(|_| !self.sifts()) {
            query.limit = Some(page.limit);
            query.offset = page.offset();
        }
        Ok(query)
    }

    /// The rows, with imported figures.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub(super) async fn rows(&self, ctx: &Context, query: &StatsQuery, imported: &Imported) -> Result<Vec<StatsRow>, Failure> {
        let mut rows = stats::run_with(&ctx.reader(), query, imported).await.map_err(refused)?.rows;
        if self.sifts() {
            let unset = query.dimensions[0].unset();
            rows.retain(|row| row.dimensions.first().is_some_and(|value| **value != *unset));
            if let Some(page) = self.page {
                let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
                rows = rows.into_iter().skip(place(page.offset())).take(place(page.limit)).collect();
            }
        }
        Ok(rows)
    }

    fn sifts(&self) -> bool {
        NEEDS_VALUE.contains(&self.property)
    }
}

/// Conversions are told as a share of the group's visitors, where the group is not itself what was done.
fn counted(metric: Metric, property: &str) -> Metric {
    let of_all = property == "event:goal" || property.starts_with("event:props:");
    if metric == Metric::ConversionRate && !of_all { Metric::GroupConversionRate } else { metric }
}

/// The name of a property in the answer.
pub(super) fn short(name: &str) -> &str {
    name.strip_prefix("event:props:").or_else(|| name.split_once(':').map(|(_, short)| short)).unwrap_or(name)
}
