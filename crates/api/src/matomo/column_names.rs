//! What columns are called for people, in English: the names that Matomo's exports have.

/// The name of a column; the column itself where it has none.
pub(super) fn shown(column: &str) -> &str {
    NAMES.binary_search_by(|(known, _)| (*known).cmp(column)).map_or(column, |at| NAMES[at].1)
}

/// Columns and their names, in the order of the columns.
const NAMES: &[(&str, &str)] = &[
    ("Referrers_visitorsFromCampaigns", "Visitors from Campaigns"),
    ("Referrers_visitorsFromCampaigns_percent", "Percent of Visitors from Campaigns"),
    ("Referrers_visitorsFromDirectEntry", "Visitors from Direct Entry"),
    ("Referrers_visitorsFromDirectEntry_percent", "Percent of Visitors from Direct Entry"),
    ("Referrers_visitorsFromSearchEngines", "Visitors from Search Engines"),
    ("Referrers_visitorsFromSearchEngines_percent", "Percent of Visitors from Search Engines"),
    ("Referrers_visitorsFromSocialNetworks", "Visitors from Social Networks"),
    ("Referrers_visitorsFromSocialNetworks_percent", "Percent of Visitors from Social Networks"),
    ("Referrers_visitorsFromWebsites", "Visitors from Websites"),
    ("Referrers_visitorsFromWebsites_percent", "Percent of Visitors from Websites"),
    ("avg_order_revenue", "Average Order Value"),
    ("avg_page_load_time", "Avg. page load time"),
    ("avg_price", "Average Price"),
    ("avg_quantity", "Average Quantity"),
    ("avg_time_dom_completion", "Avg. DOM completion time"),
    ("avg_time_dom_processing", "Avg. DOM processing time"),
    ("avg_time_generation", "Avg. generation time"),
    ("avg_time_network", "Avg. network time"),
    ("avg_time_on_load", "Avg. on load time"),
    ("avg_time_on_page", "Avg. time on page"),
    ("avg_time_on_site", "Avg. Time on Website"),
    ("avg_time_on_site_new", "Avg. Duration of a New Visit (in sec)"),
    ("avg_time_on_site_returning", "Avg. Duration of a Returning Visit (in sec)"),
    ("avg_time_server", "Avg. server time"),
    ("avg_time_transfer", "Avg. transfer time"),
    ("bounce_count", "Bounces"),
    ("bounce_count_returning", "Bounce Count for Returning Visits"),
    ("bounce_rate", "Bounce Rate"),
    ("bounce_rate_new", "Bounce Rate for New Visits"),
    ("bounce_rate_returning", "Bounce Rate for Returning Visits"),
    ("conversion_rate", "Conversion Rate"),
    ("date", "Date"),
    ("ecommerce_revenue", "Product Revenue"),
    ("entry_bounce_count", "Bounces"),
    ("entry_nb_actions", "Actions after entering here"),
    ("entry_nb_uniq_visitors", "Unique entrances"),
    ("entry_nb_visits", "Entrances"),
    ("entry_sum_visit_length", "Total time spent by visitors (in seconds) after entering here"),
    ("exit_bounce_count", "Bounces"),
    ("exit_nb_uniq_visitors", "Unique exits"),
    ("exit_nb_visits", "Exits"),
    ("exit_rate", "Exit rate"),
    ("interaction_rate", "Interaction Rate"),
    ("label", "Label"),
    ("max_actions", "Maximum actions in one visit"),
    ("max_actions_returning", "Maximum actions in one returning visit"),
    ("nb_actions", "Actions"),
    ("nb_actions_new", "Actions by New Visits"),
    ("nb_actions_per_visit", "Actions per Visit"),
    ("nb_actions_per_visit_new", "Avg. Actions per New Visit"),
    ("nb_actions_per_visit_returning", "Avg. Actions per Returning Visit"),
    ("nb_actions_returning", "Actions by Returning Visits"),
    ("nb_conversions", "Conversions"),
    ("nb_downloads", "Downloads"),
    ("nb_hits", "Pageviews"),
    ("nb_hits_following_search", "Clicked in search results"),
    ("nb_impressions", "Impressions"),
    ("nb_interactions", "Content Interactions"),
    ("nb_keywords", "Unique Keywords"),
    ("nb_outlinks", "Outlinks"),
    ("nb_pages_per_search", "Search Results pages"),
    ("nb_pageviews", "Pageviews"),
    ("nb_searches", "Searches"),
    ("nb_uniq_downloads", "Unique Downloads"),
    ("nb_uniq_outlinks", "Unique Outlinks"),
    ("nb_uniq_pageviews", "Unique Pageviews"),
    ("nb_uniq_visitors", "Unique visitors"),
    ("nb_uniq_visitors_new", "Unique new visitors"),
    ("nb_uniq_visitors_returning", "Unique returning visitors"),
    ("nb_users", "Users"),
    ("nb_users_new", "New Users"),
    ("nb_users_returning", "Returning Users"),
    ("nb_visits", "Visits"),
    ("nb_visits_converted", "Visits with Conversions"),
    ("nb_visits_converted_returning", "Number of converted returning visits"),
    ("nb_visits_new", "New Visits"),
    ("nb_visits_returning", "Returning Visits"),
    ("orders", "Ecommerce Orders"),
    ("quantity", "Quantity"),
    ("revenue", "Revenue"),
    ("revenue_discount", "Discount"),
    ("revenue_per_visit", "Revenue per Visit"),
    ("revenue_shipping", "Shipping"),
    ("revenue_subtotal", "Subtotal"),
    ("revenue_tax", "Tax"),
    ("sum_daily_entry_nb_uniq_visitors", "Unique entrances (daily sum)"),
    ("sum_daily_exit_nb_uniq_visitors", "Unique exits (daily sum)"),
    ("sum_daily_nb_uniq_visitors", "Unique visitors (daily sum)"),
    ("sum_daily_nb_users", "Users (daily sum)"),
    ("sum_time_spent", "Total time spent by visitors (in seconds)"),
    ("sum_visit_length", "Total time spent by visitors (in seconds)"),
    ("sum_visit_length_returning", "Total time spent by returning visitors (in seconds)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_in_order_and_have_names() {
        assert!(NAMES.is_sorted_by_key(|(column, _)| *column));
        assert_eq!(shown("nb_visits"), "Visits");
        assert_eq!(shown("nothing_known"), "nothing_known");
    }
}
