//! In which table of facts each metric of a question is counted.

use super::{Metric, StatsQuery, Style, metric::Home, query};

/// The metrics of a question by the table they are counted in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tables {
    /// Counted in actions.
    pub(super) hits: Vec<Metric>,
    /// Counted in visits.
    pub(super) visits: Vec<Metric>,
    /// Visitors and visits, in each hour a visit went on.
    pub(super) smeared: Vec<Metric>,
}

impl Tables {
    pub(super) fn of(query: &StatsQuery) -> Tables {
        let about = About::of(query);
        let mut tables = Tables::default();
        let mut either = Vec::new();
        for metric in needed(&query.metrics) {
            match home(metric, query, &about) {
                Home::Hits => tables.hits.push(metric),
                Home::Visits => tables.visits.push(metric),
                Home::Either => either.push(metric),
                Home::Own => {}
            }
        }
        if about.smears(query) {
            tables.smeared = either;
        } else if tables.prefers_visits(query, &about) {
            tables.visits.extend(either);
        } else {
            tables.hits.extend(either);
        }
        tables
    }

    fn prefers_visits(&self, query: &StatsQuery, about: &About) -> bool {
        let no_actions = self.hits.is_empty() && !about.groups_by_actions;
        if query.style == Style::Footfall {
            return no_actions || (!about.groups_by_actions && !about.filters_actions);
        }
        let only_actions = self.visits.is_empty() && !about.filters_visits && !about.groups_by_visits;
        if no_actions && !about.filters_actions {
            return true;
        }
        !only_actions && no_actions
    }
}

/// The metrics that have to be counted: some are made of visitors.
fn needed(metrics: &[Metric]) -> Vec<Metric> {
    let mut needed: Vec<Metric> = Vec::new();
    let of_visitors = |metric: &Metric| {
        matches!(metric, Metric::Percentage | Metric::ConversionRate | Metric::GroupConversionRate | Metric::TotalVisitors)
    };
    for metric in metrics {
        let counted = if of_visitors(metric) { Metric::Visitors } else { *metric };
        if !needed.contains(&counted) {
            needed.push(counted);
        }
    }
    // Something has to make rows.
    if needed.iter().all(|metric| metric.home() == Home::Own) {
        needed.push(Metric::Visitors);
    }
    needed
}

fn home(metric: Metric, query: &StatsQuery, about: &About) -> Home {
    match (query.style, metric) {
        (Style::PlausibleBreakdown, Metric::Pageviews | Metric::Events) => Home::Either,
        (Style::Footfall, Metric::Pageviews | Metric::Actions)
            if query.visits_stay_in_days() && !about.filters_actions && !about.groups_by_actions && !about.smears(query) =>
        {
            Home::Visits
        }
        _ => metric.home(),
    }
}

/// What dimensions and conditions of a question are about.
#[derive(Clone, Copy, Debug)]
struct About {
    groups_by_actions: bool,
    groups_by_visits: bool,
    filters_actions: bool,
    filters_visits: bool,
}

impl About {
    fn of(query: &query::StatsQuery) -> About {
        About {
            groups_by_actions: query.dimensions.iter().any(|dimension| dimension.is_of_actions()),
            groups_by_visits: query.dimensions.iter().any(|dimension| dimension.is_of_visits()),
            filters_actions: query.filters.iter().any(|filter| filter.is_of_actions()),
            filters_visits: query
                .filters
                .iter()
                .any(|filter| filter.leaves().iter().any(|(leaf, ..)| leaf.dimension.is_of_visits())),
        }
    }

    /// Whether visits count in every bucket in which they went on.
    fn smears(&self, query: &StatsQuery) -> bool {
        let within_day = query.dimensions.iter().any(|dimension| match &dimension.source {
            super::Source::Time(bucket) => bucket.is_within_day(),
            super::Source::Clock(part) => *part == footfall_model::TimePart::HourOfDay,
            _ => false,
        });
        within_day && !self.groups_by_actions && !query.filters_goals()
    }
}
