//! What metrics are called and what their numbers mean.

use super::super::column_names;

/// Names that reports have and exports have not.
const NAMES: &[(&str, &str)] = &[
    ("Referrers_distinctCampaigns", "Distinct campaigns"),
    ("Referrers_distinctKeywords", "Distinct keywords"),
    ("Referrers_distinctSearchEngines", "Distinct search engines"),
    ("Referrers_distinctSocialNetworks", "Distinct social networks"),
    ("Referrers_distinctWebsites", "Distinct websites"),
    ("actions_evolution", "Actions Evolution"),
    ("avg_event_value", "The average of all values for this event"),
    ("ecommerce_revenue_evolution", "Product Revenue Evolution"),
    ("max_event_value", "Maximum Event value"),
    ("min_event_value", "Minimum Event value"),
    ("nb_conversions_evolution", "Conversions Evolution"),
    ("nb_events", "Events"),
    ("nb_events_with_value", "Events with a value"),
    ("nb_visits_percentage", "% Visits"),
    ("orders_evolution", "Ecommerce Orders Evolution"),
    ("pageviews_evolution", "Pageviews Evolution"),
    ("revenue_evolution", "Revenue Evolution"),
    ("sum_event_value", "Event value"),
    ("visits_evolution", "Visits Evolution"),
];

/// The name of a metric.
pub(super) fn name(metric: &str) -> &str {
    NAMES.iter().find(|(known, _)| *known == metric).map_or_else(|| column_names::shown(metric), |(_, name)| *name)
}

/// What a metric's number means.
pub(super) fn kind(metric: &str) -> &'static str {
    if metric.ends_with("_percent")
        || metric.ends_with("_percentage")
        || metric.ends_with("_evolution")
        || metric.contains("_rate")
    {
        "percent"
    } else if metric.contains("revenue") || metric.contains("price") {
        "money"
    } else if metric.starts_with("avg_time") || metric == "avg_page_load_time" || metric.starts_with("sum_time") {
        "duration_s"
    } else {
        "number"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_have_names_and_kinds() {
        assert_eq!((name("nb_events"), name("nb_visits"), name("other")), ("Events", "Visits", "other"));
        assert_eq!(kind("bounce_rate_new"), "percent");
        assert_eq!(kind("avg_order_revenue"), "money");
        assert_eq!(kind("avg_time_on_site"), "duration_s");
        assert_eq!(kind("avg_quantity"), "number");
        assert_eq!(kind("revenue_evolution"), "percent");
    }
}
