use std::sync::Arc;

use footfall_model::{Site, VisitPolicy};

use super::{Dimension, Filter, Metric, Rounding, Span};

/// A question about figures.
#[derive(Clone, Debug)]
pub struct StatsQuery {
    /// The site.
    pub site: Arc<Site>,
    /// The time.
    pub span: Span,
    /// What is measured.
    pub metrics: Vec<Metric>,
    /// What it is grouped by.
    pub dimensions: Vec<Dimension>,
    /// Conditions: all have to hold.
    pub filters: Vec<Filter>,
    /// What rows are sorted by, and whether the greatest comes first; rows that are alike come by the values of their dimensions.
    pub order: Vec<(By, bool)>,
    /// How many rows at most.
    pub limit: Option<u64>,
    /// How many rows are passed over first.
    pub offset: u64,
    /// Whose habits are followed.
    pub style: Style,
}

/// What rows are sorted by: a place among the metrics or the dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the lists are")]
pub enum By {
    Metric(usize),
    Dimension(usize),
}

/// Whose habits are followed where they differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Plausible's: what can be counted in actions or visits is counted in actions as soon as something else needs them.
    Plausible,
    /// Plausible's first version: page views and events of a breakdown are taken from visits where that is possible.
    PlausibleBreakdown,
    /// Ours: what can be counted in visits is.
    Footfall,
}

impl StatsQuery {
    /// A question about a site with nothing asked yet.
    pub fn new(site: Arc<Site>, span: Span, style: Style) -> StatsQuery {
        StatsQuery {
            site,
            span,
            metrics: Vec::new(),
            dimensions: Vec::new(),
            filters: Vec::new(),
            order: Vec::new(),
            limit: None,
            offset: 0,
            style,
        }
    }

    /// Sorted as Plausible does unless asked otherwise: time first, then the first metric, greatest first.
    #[must_use]
    pub fn sorted_by_default(mut self) -> StatsQuery {
        let time = self.dimensions.iter().position(Dimension::is_of_time);
        self.order = time.map(|place| (By::Dimension(place), false)).into_iter().collect();
        if !self.metrics.is_empty() {
            self.order.push((By::Metric(0), true));
        }
        self
    }

    /// How finely calculated metrics are rounded.
    pub(super) fn rounding(&self) -> Rounding {
        if self.style == Style::Footfall { Rounding::Fine } else { Rounding::Plausible }
    }

    /// Whether no visit of the question crosses the ends of its span or a midnight within it.
    pub(super) fn visits_stay_in_days(&self) -> bool {
        self.site.policy == VisitPolicy::Matomo && self.span.whole_days && self.span.zone == self.site.zone
    }

    /// Whether a condition on top is about goals.
    pub(super) fn filters_goals(&self) -> bool {
        self.filters
            .iter()
            .any(|filter| filter.leaves().iter().any(|(leaf, _, done)| leaf.dimension.source == super::Source::Goal && !done))
    }
}
