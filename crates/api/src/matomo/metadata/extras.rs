//! What reports are said to be beyond what their entries in the catalogue say: other names of columns, related reports, guides.

/// What is said of one report.
pub(super) struct Extra {
    /// Its method.
    pub(super) method: &'static str,
    /// Its metrics where they are not those of the catalogue.
    pub(super) metrics: Option<&'static [&'static str]>,
    /// The metrics that are worked out for it; the common ones where it says nothing.
    pub(super) processed: Option<&'static [&'static str]>,
    /// Names of metrics that are not the common ones.
    pub(super) names: &'static [(&'static str, &'static str)],
    /// Metrics that have a type without being shown.
    pub(super) typed: &'static [&'static str],
    /// Metrics that are explained by another text than the common one; an empty key leaves one out.
    pub(super) docs: &'static [(&'static str, &'static str)],
    /// Methods of reports that show the same in another way.
    pub(super) related: &'static [&'static str],
    /// A page of the manual about it.
    pub(super) guide: &'static str,
    /// Whether it names the action that gives the rows below its rows.
    pub(super) names_subtable: bool,
    /// Whether its rows are always the same, where the catalogue says otherwise.
    pub(super) constant: Option<bool>,
}

impl Extra {
    /// Nothing is said.
    pub(super) const NONE: Extra = Extra {
        method: "",
        metrics: None,
        processed: None,
        names: &[],
        typed: &[],
        docs: &[],
        related: &[],
        guide: "",
        names_subtable: true,
        constant: None,
    };
}

/// What is said of a report.
pub(super) fn of(method: &str) -> &'static Extra {
    EXTRAS.iter().find(|extra| extra.method == method).unwrap_or(&Extra::NONE)
}

/// What is worked out for pages.
const PAGE_PROCESSED: &[&str] = &["avg_time_on_page", "bounce_rate", "exit_rate", "avg_time_generation"];
const PAGE_DOCS: &[(&str, &str)] =
    &[("nb_visits", "General_ColumnUniquePageviewsDocumentation"), ("bounce_rate", "General_ColumnPageBounceRateDocumentation")];
const PAGE_NAMES: &[(&str, &str)] = &[("nb_visits", "Unique Pageviews")];
const SEARCH_GUIDE: &str = "https://matomo.org/docs/site-search/";
const SEARCH_NAMES: &[(&str, &str)] = &[("nb_visits", "Searches"), ("exit_rate", "% Search Exits")];
const SEARCH_DOCS: &[(&str, &str)] = &[
    ("nb_visits", "Actions_ColumnSearchesDocumentation"),
    ("nb_pages_per_search", "Actions_ColumnPagesPerSearchDocumentation"),
    ("exit_rate", "Actions_ColumnSearchExitsDocumentation"),
];
const SHOP_GUIDE: &str = "https://matomo.org/docs/ecommerce-analytics/";
const ITEM: Extra = Extra {
    processed: Some(&["avg_price", "avg_quantity", "conversion_rate"]),
    names: &[("revenue", "Product Revenue"), ("orders", "Unique Purchases"), ("conversion_rate", "Product Conversion Rate")],
    docs: &[("nb_visits", ""), ("conversion_rate", "")],
    guide: SHOP_GUIDE,
    ..Extra::NONE
};
const EVENT: Extra =
    Extra { processed: Some(&["avg_event_value"]), guide: "https://matomo.org/docs/event-tracking/", ..Extra::NONE };
const CONTENT: Extra =
    Extra { processed: Some(&["interaction_rate"]), guide: "https://matomo.org/docs/content-tracking/", ..Extra::NONE };
const GOAL: Extra = Extra { processed: Some(&[]), guide: "https://matomo.org/docs/tracking-goals-web-analytics/", ..Extra::NONE };
const SITE: Extra = Extra {
    metrics: Some(&["nb_visits", "nb_actions", "nb_pageviews", "revenue", "nb_conversions", "orders", "ecommerce_revenue"]),
    processed: Some(&[
        "visits_evolution",
        "actions_evolution",
        "pageviews_evolution",
        "revenue_evolution",
        "nb_conversions_evolution",
        "orders_evolution",
        "ecommerce_revenue_evolution",
    ]),
    docs: &[("nb_pageviews", "General_ColumnPageviewsDocumentation")],
    ..Extra::NONE
};
const RANGES: Extra = Extra { metrics: Some(&["nb_visits"]), processed: Some(&[]), ..Extra::NONE };

const EXTRAS: &[Extra] = &[
    Extra { method: "MultiSites.getAll", ..SITE },
    Extra { method: "MultiSites.getOne", ..SITE },
    Extra { method: "API.get", names: &[("avg_time_on_site", "Avg. Visit Duration (in seconds)")], ..Extra::NONE },
    Extra {
        method: "VisitsSummary.get",
        processed: Some(&["bounce_rate", "nb_actions_per_visit", "avg_time_on_site"]),
        names: &[("avg_time_on_site", "Avg. Visit Duration (in seconds)")],
        ..Extra::NONE
    },
    Extra { method: "UserLanguage.getLanguage", related: &["UserLanguage.getLanguageCode"], ..Extra::NONE },
    Extra { method: "UserLanguage.getLanguageCode", related: &["UserLanguage.getLanguage"], ..Extra::NONE },
    Extra { method: "DevicesDetection.getType", constant: Some(false), ..Extra::NONE },
    Extra { method: "Resolution.getResolution", related: &["Resolution.getConfiguration"], ..Extra::NONE },
    Extra { method: "Resolution.getConfiguration", related: &["Resolution.getResolution"], ..Extra::NONE },
    Extra { method: "DevicesDetection.getOsVersions", related: &["DevicesDetection.getOsFamilies"], ..Extra::NONE },
    Extra { method: "DevicesDetection.getOsFamilies", related: &["DevicesDetection.getOsVersions"], ..Extra::NONE },
    Extra { method: "DevicesDetection.getBrowsers", related: &["DevicesDetection.getBrowserVersions"], ..Extra::NONE },
    Extra { method: "DevicesDetection.getBrowserVersions", related: &["DevicesDetection.getBrowsers"], ..Extra::NONE },
    Extra {
        method: "DevicePlugins.getPlugin",
        metrics: Some(&["nb_visits"]),
        processed: Some(&["nb_visits_percentage"]),
        constant: Some(true),
        ..Extra::NONE
    },
    Extra { method: "VisitTime.getVisitInformationPerLocalTime", related: &["VisitTime.getByDayOfWeek"], ..Extra::NONE },
    Extra { method: "VisitTime.getByDayOfWeek", related: &["VisitTime.getVisitInformationPerLocalTime"], ..Extra::NONE },
    Extra { method: "UserId.getUsers", guide: "https://matomo.org/docs/user-id/", ..Extra::NONE },
    Extra { method: "CustomVariables.getCustomVariables", guide: "https://matomo.org/docs/custom-variables/", ..Extra::NONE },
    Extra {
        method: "CustomVariables.getCustomVariablesValuesFromNameId",
        guide: "https://matomo.org/docs/custom-variables/",
        ..Extra::NONE
    },
    Extra {
        method: "Actions.get",
        processed: Some(&["avg_time_generation"]),
        docs: &[
            ("nb_uniq_pageviews", "General_ColumnUniquePageviewsDocumentation"),
            ("nb_downloads", "Actions_ColumnClicksDocumentation"),
            ("nb_uniq_downloads", "Actions_ColumnUniqueClicksDocumentation"),
            ("nb_outlinks", "Actions_ColumnClicksDocumentation"),
            ("nb_uniq_outlinks", "Actions_ColumnUniqueClicksDocumentation"),
            ("nb_searches", "Actions_ColumnSearchesDocumentation"),
            ("nb_pageviews", "General_ColumnPageviewsDocumentation"),
        ],
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getPageUrls",
        processed: Some(PAGE_PROCESSED),
        names: PAGE_NAMES,
        docs: PAGE_DOCS,
        related: &["Actions.getEntryPageUrls", "Actions.getExitPageUrls"],
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getPageTitles",
        processed: Some(PAGE_PROCESSED),
        names: PAGE_NAMES,
        docs: PAGE_DOCS,
        related: &["Actions.getEntryPageTitles", "Actions.getExitPageTitles"],
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getEntryPageUrls",
        processed: Some(&["bounce_rate", "avg_time_generation"]),
        typed: PAGE_PROCESSED,
        docs: &[("bounce_rate", ""), ("avg_time_on_page", "General_ColumnAverageTimeOnPageDocumentation")],
        related: &["Actions.getEntryPageTitles"],
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getEntryPageTitles",
        processed: Some(&["bounce_rate", "avg_time_generation"]),
        typed: PAGE_PROCESSED,
        docs: &[("bounce_rate", "General_ColumnPageBounceRateDocumentation")],
        related: &["Actions.getPageTitles", "Actions.getEntryPageUrls"],
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getExitPageUrls",
        processed: Some(&["exit_rate", "avg_time_generation"]),
        typed: PAGE_PROCESSED,
        names: PAGE_NAMES,
        docs: &[
            ("nb_visits", "General_ColumnUniquePageviewsDocumentation"),
            ("avg_time_on_page", "General_ColumnAverageTimeOnPageDocumentation"),
            ("bounce_rate", "General_ColumnBounceRateDocumentation"),
        ],
        related: &["Actions.getExitPageTitles"],
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getExitPageTitles",
        processed: Some(&["exit_rate", "avg_time_generation"]),
        typed: PAGE_PROCESSED,
        names: PAGE_NAMES,
        docs: &[("nb_visits", "General_ColumnUniquePageviewsDocumentation")],
        related: &["Actions.getPageTitles", "Actions.getExitPageUrls"],
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getSiteSearchKeywords",
        processed: Some(&["exit_rate"]),
        typed: PAGE_PROCESSED,
        names: SEARCH_NAMES,
        docs: SEARCH_DOCS,
        guide: SEARCH_GUIDE,
        names_subtable: false,
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getSiteSearchNoResultKeywords",
        metrics: Some(&["nb_visits"]),
        processed: Some(&["exit_rate"]),
        typed: PAGE_PROCESSED,
        names: SEARCH_NAMES,
        docs: SEARCH_DOCS,
        guide: SEARCH_GUIDE,
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getSiteSearchCategories",
        processed: Some(&[]),
        names: SEARCH_NAMES,
        docs: SEARCH_DOCS,
        guide: SEARCH_GUIDE,
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getPageUrlsFollowingSiteSearch",
        processed: Some(&[]),
        typed: PAGE_PROCESSED,
        related: &["Actions.getPageTitlesFollowingSiteSearch"],
        guide: SEARCH_GUIDE,
        names_subtable: false,
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getPageTitlesFollowingSiteSearch",
        processed: Some(&[]),
        typed: PAGE_PROCESSED,
        related: &["Actions.getPageUrlsFollowingSiteSearch"],
        guide: SEARCH_GUIDE,
        names_subtable: false,
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getOutlinks",
        processed: Some(&[]),
        names: &[("nb_visits", "Unique Clicks"), ("nb_hits", "Clicks")],
        docs: &[("nb_visits", "Actions_ColumnUniqueClicksDocumentation"), ("nb_hits", "Actions_ColumnClicksDocumentation")],
        ..Extra::NONE
    },
    Extra {
        method: "Actions.getDownloads",
        processed: Some(&[]),
        names: &[("nb_visits", "Unique Downloads"), ("nb_hits", "Downloads")],
        docs: &[("nb_visits", "Actions_ColumnUniqueClicksDocumentation"), ("nb_hits", "Actions_ColumnClicksDocumentation")],
        ..Extra::NONE
    },
    Extra { method: "Events.getCategory", ..EVENT },
    Extra { method: "Events.getAction", ..EVENT },
    Extra { method: "Events.getName", ..EVENT },
    Extra { method: "Contents.getContentNames", ..CONTENT },
    Extra { method: "Contents.getContentPieces", ..CONTENT },
    Extra { method: "VisitorInterest.getNumberOfVisitsPerVisitDuration", ..RANGES },
    Extra { method: "VisitorInterest.getNumberOfVisitsPerPage", ..RANGES },
    Extra { method: "VisitorInterest.getNumberOfVisitsByDaysSinceLast", ..RANGES },
    Extra { method: "VisitorInterest.getNumberOfVisitsByVisitCount", processed: Some(&["nb_visits_percentage"]), ..RANGES },
    Extra {
        method: "VisitFrequency.get",
        processed: Some(&[
            "avg_time_on_site_returning",
            "nb_actions_per_visit_returning",
            "bounce_rate_returning",
            "avg_time_on_site_new",
            "nb_actions_per_visit_new",
            "bounce_rate_new",
        ]),
        ..Extra::NONE
    },
    Extra {
        method: "PagePerformance.get",
        metrics: Some(PERFORMANCE),
        processed: Some(PERFORMANCE),
        guide: "https://matomo.org/faq/how-to/how-do-i-see-page-performance-reports/",
        ..Extra::NONE
    },
    Extra {
        method: "Referrers.get",
        metrics: Some(&[
            "Referrers_visitorsFromSearchEngines",
            "Referrers_visitorsFromSearchEngines_percent",
            "Referrers_visitorsFromSocialNetworks",
            "Referrers_visitorsFromSocialNetworks_percent",
            "Referrers_visitorsFromDirectEntry",
            "Referrers_visitorsFromDirectEntry_percent",
            "Referrers_visitorsFromWebsites",
            "Referrers_visitorsFromWebsites_percent",
            "Referrers_visitorsFromCampaigns",
            "Referrers_visitorsFromCampaigns_percent",
            "Referrers_distinctSearchEngines",
            "Referrers_distinctSocialNetworks",
            "Referrers_distinctWebsites",
            "Referrers_distinctKeywords",
            "Referrers_distinctCampaigns",
        ]),
        processed: Some(&[]),
        ..Extra::NONE
    },
    Extra { method: "Referrers.getReferrerType", names_subtable: false, ..Extra::NONE },
    Extra { method: "Referrers.getCampaigns", guide: "https://matomo.org/docs/tracking-campaigns/", ..Extra::NONE },
    Extra { method: "Goals.getItemsName", ..ITEM },
    Extra { method: "Goals.getItemsSku", ..ITEM },
    Extra { method: "Goals.getItemsCategory", ..ITEM },
    Extra { method: "Goals.get", processed: Some(&["conversion_rate"]), ..GOAL },
    Extra { method: "Goals.getVisitsUntilConversion", ..GOAL },
    Extra { method: "Goals.getDaysToConversion", ..GOAL },
];

/// What pages took to load.
const PERFORMANCE: &[&str] = footfall_report::record::timings::AVERAGES;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_report_is_spoken_of_once() {
        let mut methods: Vec<&str> = EXTRAS.iter().map(|extra| extra.method).collect();
        let all = methods.len();
        methods.sort_unstable();
        methods.dedup();
        assert_eq!((methods.len(), of("Actions.getPageUrls").related.len()), (all, 2));
        assert!(of("Nothing.known").method.is_empty());
    }
}
