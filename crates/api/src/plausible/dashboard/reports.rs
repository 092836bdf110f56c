//! The table of breakdowns: where each lies, what it is by, and what it tells.

use footfall_report::stats::Metric;

/// A breakdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Report<'a> {
    /// Its path below the site, and its file in the export.
    pub(super) path: &'static str,
    pub(super) file: &'static str,
    /// What it is by.
    pub(super) property: &'a str,
    /// What it tells beside visitors.
    metrics: &'static [Metric],
    /// What it tells besides, when details are asked for.
    details: &'static [Metric],
    /// The columns of its file, with their names where they are not the metrics'.
    columns: &'static [(Metric, &'static str)],
    /// How many rows its file has at most.
    pub(super) most: u64,
    kind: Kind,
}

/// What rows are made of beside their value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    /// A version of something.
    Version,
    Country,
    Region,
    City,
    /// A goal; its visitors are those that reached it, whatever is asked.
    Goal,
    /// A property of events.
    Property,
}

const SHARE: &[Metric] = &[Metric::Percentage];
const VISITS: &[Metric] = &[Metric::BounceRate, Metric::VisitDuration];
const SHARE_AND_VISITS: &[Metric] = &[Metric::Percentage, Metric::BounceRate, Metric::VisitDuration];
const REVENUE: [Metric; 2] = [Metric::AverageRevenue, Metric::TotalRevenue];

const VISITORS: &[(Metric, &str)] = &[(Metric::Visitors, "visitors")];
const SOURCES: &[(Metric, &str)] =
    &[(Metric::Visitors, "visitors"), (Metric::BounceRate, "bounce_rate"), (Metric::VisitDuration, "visit_duration")];

/// How many rows a file of the export has at most, and those about pages.
const MOST: u64 = 300;
const MOST_PAGES: u64 = 100;

/// Every breakdown, in the order of the dashboard.
pub(super) const REPORTS: [Report<'static>; 20] = [
    plain("sources", "sources", "visit:source", SHARE, VISITS, SOURCES),
    plain("channels", "channels", "visit:channel", SHARE, VISITS, SOURCES),
    plain("utm_mediums", "utm_mediums", "visit:utm_medium", SHARE_AND_VISITS, &[], SOURCES),
    plain("utm_sources", "utm_sources", "visit:utm_source", SHARE_AND_VISITS, &[], SOURCES),
    plain("utm_campaigns", "utm_campaigns", "visit:utm_campaign", SHARE_AND_VISITS, &[], SOURCES),
    plain("utm_contents", "utm_contents", "visit:utm_content", SHARE_AND_VISITS, &[], SOURCES),
    plain("utm_terms", "utm_terms", "visit:utm_term", SHARE_AND_VISITS, &[], SOURCES),
    plain("referrers", "referrers", "visit:referrer", SHARE_AND_VISITS, &[], SOURCES),
    Report {
        most: MOST_PAGES,
        ..plain(
            "pages",
            "pages",
            "event:page",
            SHARE,
            &[Metric::Pageviews, Metric::BounceRate, Metric::TimeOnPage, Metric::ScrollDepth],
            &[
                (Metric::Visitors, "visitors"),
                (Metric::Pageviews, "pageviews"),
                (Metric::BounceRate, "bounce_rate"),
                (Metric::TimeOnPage, "time_on_page"),
                (Metric::ScrollDepth, "scroll_depth"),
            ],
        )
    },
    plain(
        "entry-pages",
        "entry_pages",
        "visit:entry_page",
        &[Metric::Percentage, Metric::Visits, Metric::VisitDuration, Metric::BounceRate],
        &[],
        &[
            (Metric::Visitors, "unique_entrances"),
            (Metric::Visits, "total_entrances"),
            (Metric::BounceRate, "bounce_rate"),
            (Metric::VisitDuration, "visit_duration"),
        ],
    ),
    Report {
        most: MOST_PAGES,
        ..plain(
            EXIT_PAGES,
            "exit_pages",
            "visit:exit_page",
            &[Metric::Percentage, Metric::Visits],
            &[],
            &[(Metric::Visitors, "unique_exits"), (Metric::Visits, "total_exits")],
        )
    },
    of_kind(Kind::Country, plain("countries", "countries", "visit:country", SHARE, &[], VISITORS)),
    of_kind(Kind::Region, plain("regions", "regions", "visit:region", SHARE, &[], VISITORS)),
    of_kind(Kind::City, plain("cities", "cities", "visit:city", SHARE, &[], VISITORS)),
    plain("browsers", "browsers", "visit:browser", SHARE, VISITS, VISITORS),
    of_kind(Kind::Version, plain("browser-versions", "browser_versions", "visit:browser_version", SHARE, VISITS, VISITORS)),
    plain("operating-systems", "operating_systems", "visit:os", SHARE, VISITS, VISITORS),
    of_kind(
        Kind::Version,
        plain("operating-system-versions", "operating_system_versions", "visit:os_version", SHARE, VISITS, VISITORS),
    ),
    plain("screen-sizes", "devices", "visit:device", SHARE, VISITS, VISITORS),
    of_kind(
        Kind::Goal,
        plain(
            "conversions",
            "conversions",
            "event:goal",
            &[Metric::Events, Metric::ConversionRate],
            &[],
            &[(Metric::Visitors, "unique_conversions"), (Metric::Events, "total_conversions")],
        ),
    ),
];

const EXIT_PAGES: &str = "exit-pages";

const fn plain(
    path: &'static str,
    file: &'static str,
    property: &'static str,
    metrics: &'static [Metric],
    details: &'static [Metric],
    columns: &'static [(Metric, &'static str)],
) -> Report<'static> {
    Report { path, file, property, metrics, details, columns, most: MOST, kind: Kind::Plain }
}

const fn of_kind(kind: Kind, report: Report<'static>) -> Report<'static> {
    Report { kind, ..report }
}

impl<'a> Report<'a> {
    /// The breakdown that lies at a path.
    pub(super) fn at(path: &str) -> Option<Report<'static>> {
        REPORTS.into_iter().find(|report| report.path == path)
    }

    /// The pages that a source sent visitors from.
    pub(super) fn referrers_of_source() -> Report<'static> {
        plain("referrers", "referrers", "visit:referrer", SHARE, VISITS, SOURCES)
    }

    /// The values of a property of events, such as `event:props:plan`.
    pub(super) fn of_property(property: &'a str) -> Report<'a> {
        let columns = &[(Metric::Visitors, "visitors"), (Metric::Events, "events"), (Metric::Percentage, "percentage")];
        let report = plain("custom-prop-values", "custom_props", "", &[Metric::Events, Metric::Percentage], &[], columns);
        Report { property, kind: Kind::Property, ..report }
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it tells how often who saw a page left there.
    pub(super) fn tells_exit_rate(&self) -> bool {
        self.path == EXIT_PAGES
    }

    /// What is measured: other figures where visitors are those that reached a goal.
    pub(super) fn metrics(&self, of_goals: bool, detailed: bool) -> Vec<Metric> {
        let always = [Metric::Visitors].into_iter();
        match (self.kind, of_goals) {
            (Kind::Goal, _) => always.chain(self.metrics.iter().copied()).chain(REVENUE).collect(),
            (Kind::Property, true) => always.chain([Metric::Events, Metric::ConversionRate]).chain(REVENUE).collect(),
            (Kind::Property, false) => always.chain(self.metrics.iter().copied()).chain(REVENUE).collect(),
            (_, true) => {
                let revenue = REVENUE.into_iter().filter(|_| detailed);
                always.chain([Metric::ConversionRate, Metric::TotalVisitors]).chain(revenue).collect()
            }
            (_, false) => {
                let details = self.details.iter().filter(|_| detailed);
                always.chain(self.metrics.iter().chain(details).copied()).collect()
            }
        }
    }

    /// The columns of its file.
    pub(super) fn columns(&self, of_goals: bool) -> Vec<(Metric, &'static str)> {
        match (self.kind, of_goals) {
            (Kind::Property, true) => {
                let figures = [(Metric::Visitors, "visitors"), (Metric::Events, "events")];
                figures.into_iter().chain([(Metric::ConversionRate, "conversion_rate")]).collect()
            }
            (Kind::Goal, _) | (_, false) => self.columns.to_vec(),
            (_, true) => vec![(Metric::Visitors, "conversions"), (Metric::ConversionRate, "conversion_rate")],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_files_are_taken_once_and_columns_are_measured() {
        for (place, report) in REPORTS.iter().enumerate() {
            let mut others = REPORTS.into_iter().take(place);
            assert!(others.all(|other| other.path != report.path && other.file != report.file), "{}", report.path);
            for of_goals in [false, true] {
                let measured = report.metrics(of_goals, true);
                assert!(report.columns(of_goals).iter().all(|(metric, _)| measured.contains(metric)), "{}", report.path);
            }
        }
    }
}
