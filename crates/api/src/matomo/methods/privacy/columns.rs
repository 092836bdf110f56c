//! The columns of Matomo's tables that can be emptied, and those of ours that hold the same.

use footfall_model::{Cell, Fact};

use crate::matomo::cells::cells;

/// Matomo's columns, each with what stands in it afterwards: `None` is nothing.
pub(super) type Names = &'static [(&'static str, Option<i64>)];

/// Matomo's columns as the API tells them.
pub(super) fn shown(names: Names) -> Cell {
    let one = |(name, instead): &(&'static str, Option<i64>)| {
        cells! {"column_name" => *name, "default_value" => instead.map_or(Cell::NULL, Cell::from)}
    };
    Cell::List(names.iter().map(one).collect())
}

/// The number of a custom variable whose name or value a column holds, and whether it is the name.
pub(super) fn variable(name: &str) -> Option<(u32, bool)> {
    let rest = name.strip_prefix("custom_var_")?;
    let is_name = rest.starts_with('k');
    Some((rest.get(1..)?.parse().ok()?, is_name))
}

/// The word that stands among a visit's plugins for one of Matomo's columns.
pub(super) fn plugin(name: &str) -> Option<&str> {
    let word = name.strip_prefix("config_")?;
    PLUGINS.contains(&word).then_some(word)
}

const PLUGINS: [&str; 8] = ["cookie", "flash", "java", "pdf", "quicktime", "realplayer", "silverlight", "windowsmedia"];

/// Our columns that hold what one of Matomo's does; none where nothing of the kind is kept.
pub(super) fn ours(fact: Fact, name: &str) -> Vec<String> {
    if let Some(slot) = name.strip_prefix("custom_dimension_") {
        return vec![format!("d{slot}")];
    }
    let table = match fact {
        Fact::Visits => OF_VISITS,
        Fact::Hits => OF_ACTIONS,
        Fact::Conversions => OF_CONVERSIONS,
        Fact::Items => &[],
    };
    let found = table.iter().find(|(known, _)| *known == name);
    found.map_or_else(Vec::new, |(_, columns)| columns.iter().map(|column| (*column).to_owned()).collect())
}

/// Columns of ours by columns of Matomo's.
type Ours = &'static [(&'static str, &'static [&'static str])];

const OF_VISITS: Ours = &[
    ("config_browser_engine", &["browser_engine"]),
    ("config_browser_name", &["browser_code", "browser_name", "browser_family", "browser"]),
    ("config_browser_version", &["browser_version", "browser_release"]),
    ("config_client_type", &["client_type"]),
    ("config_device_brand", &["device_brand"]),
    ("config_device_model", &["device_model"]),
    ("config_device_type", &["device_type"]),
    ("config_os", &["os_code", "os_name", "os_family", "os"]),
    ("config_os_version", &["os_version", "os_release"]),
    ("config_resolution", &["resolution", "screen_class"]),
    ("location_browser_lang", &["language"]),
    ("location_city", &["city", "city_id"]),
    ("location_country", &["country", "continent"]),
    ("location_latitude", &["latitude"]),
    ("location_longitude", &["longitude"]),
    ("location_region", &["region"]),
    ("referer_keyword", &["referrer_keyword", "utm_term"]),
    ("referer_name", &["referrer_name", "source", "utm_source", "utm_campaign"]),
    ("referer_type", &["referrer_type", "channel"]),
    ("referer_url", &["referrer_url", "referrer"]),
    ("user_id", &["user_id"]),
    ("visit_entry_idaction_name", &["entry_title"]),
    ("visit_entry_idaction_url", &["entry_url", "entry_page", "entry_host"]),
    ("visit_exit_idaction_name", &["exit_title"]),
    ("visit_exit_idaction_url", &["exit_url", "exit_page", "exit_host"]),
    ("visit_goal_buyer", &["ecommerce"]),
    ("visit_goal_converted", &["converted", "conversions"]),
    ("visit_total_actions", &["actions"]),
    ("visit_total_events", &["events"]),
    ("visit_total_interactions", &["interactions"]),
    ("visit_total_searches", &["searches"]),
    ("visitor_count_visits", &["visit_count"]),
    ("visitor_localtime", &["local_hour", "local_minute", "local_second"]),
    ("visitor_returning", &["visitor_kind"]),
    ("visitor_seconds_since_first", &["since_first"]),
    ("visitor_seconds_since_last", &["since_last"]),
    ("visitor_seconds_since_order", &["since_order"]),
];

const OF_ACTIONS: Ours = &[
    ("custom_float", &["event_value"]),
    ("idaction_content_interaction", &["content_interaction"]),
    ("idaction_content_name", &["content_name"]),
    ("idaction_content_piece", &["content_piece"]),
    ("idaction_content_target", &["content_target"]),
    ("idaction_event_action", &["event_action"]),
    ("idaction_event_category", &["event_category"]),
    ("idaction_name", &["title", "event_name", "search_keyword"]),
    ("idaction_name_ref", &["ref_title"]),
    ("idaction_product_cat", &["product_category"]),
    ("idaction_product_cat2", &["product_category2"]),
    ("idaction_product_cat3", &["product_category3"]),
    ("idaction_product_cat4", &["product_category4"]),
    ("idaction_product_cat5", &["product_category5"]),
    ("idaction_product_name", &["product_name"]),
    ("idaction_product_sku", &["product_sku"]),
    ("idaction_url", &["url", "page", "host"]),
    ("idaction_url_ref", &["ref_url"]),
    ("idpageview", &["pageview_id"]),
    ("pageview_position", &["position"]),
    ("product_price", &["product_price"]),
    ("search_cat", &["search_category"]),
    ("search_count", &["search_count"]),
    ("time_dom_completion", &["time_dom_completion"]),
    ("time_dom_processing", &["time_dom_processing"]),
    ("time_network", &["time_network"]),
    ("time_on_load", &["time_on_load"]),
    ("time_server", &["time_server"]),
    ("time_spent_ref_action", &["time_spent"]),
    ("time_transfer", &["time_transfer"]),
];

/// Matomo empties a visit's columns in its conversions too, where these have them.
const OF_CONVERSIONS: Ours = &[
    ("referer_keyword", &["referrer_keyword"]),
    ("referer_name", &["referrer_name"]),
    ("referer_type", &["referrer_type"]),
    ("visitor_count_visits", &["visit_count"]),
    ("visitor_seconds_since_first", &["since_first"]),
    ("visitor_seconds_since_order", &["since_order"]),
];

/// What Matomo names of a visit, with what stands in its place: `None` is nothing.
pub(super) const VISIT: Names = &[
    ("config_browser_engine", None),
    ("config_browser_name", None),
    ("config_browser_version", None),
    ("config_client_type", None),
    ("config_cookie", None),
    ("config_device_brand", None),
    ("config_device_model", None),
    ("config_device_type", None),
    ("config_flash", None),
    ("config_java", None),
    ("config_os", None),
    ("config_os_version", None),
    ("config_pdf", None),
    ("config_quicktime", None),
    ("config_realplayer", None),
    ("config_resolution", None),
    ("config_silverlight", None),
    ("config_windowsmedia", None),
    ("custom_dimension_1", None),
    ("custom_dimension_2", None),
    ("custom_dimension_3", None),
    ("custom_dimension_4", None),
    ("custom_dimension_5", None),
    ("custom_var_k1", None),
    ("custom_var_k2", None),
    ("custom_var_k3", None),
    ("custom_var_k4", None),
    ("custom_var_k5", None),
    ("custom_var_v1", None),
    ("custom_var_v2", None),
    ("custom_var_v3", None),
    ("custom_var_v4", None),
    ("custom_var_v5", None),
    ("last_idlink_va", None),
    ("location_browser_lang", None),
    ("location_city", None),
    ("location_country", None),
    ("location_latitude", None),
    ("location_longitude", None),
    ("location_region", None),
    ("profilable", None),
    ("referer_keyword", None),
    ("referer_name", None),
    ("referer_type", None),
    ("referer_url", None),
    ("user_id", None),
    ("visit_entry_idaction_name", None),
    ("visit_entry_idaction_url", None),
    ("visit_exit_idaction_name", None),
    ("visit_exit_idaction_url", Some(0)),
    ("visit_goal_buyer", None),
    ("visit_goal_converted", None),
    ("visit_total_actions", None),
    ("visit_total_events", None),
    ("visit_total_interactions", Some(0)),
    ("visit_total_searches", None),
    ("visitor_count_visits", Some(0)),
    ("visitor_localtime", None),
    ("visitor_returning", None),
    ("visitor_seconds_since_first", None),
    ("visitor_seconds_since_last", None),
    ("visitor_seconds_since_order", None),
];

/// What Matomo names of an action, with what stands in its place.
pub(super) const ACTION: Names = &[
    ("custom_dimension_1", None),
    ("custom_dimension_2", None),
    ("custom_dimension_3", None),
    ("custom_dimension_4", None),
    ("custom_dimension_5", None),
    ("custom_float", None),
    ("custom_var_k1", None),
    ("custom_var_k2", None),
    ("custom_var_k3", None),
    ("custom_var_k4", None),
    ("custom_var_k5", None),
    ("custom_var_v1", None),
    ("custom_var_v2", None),
    ("custom_var_v3", None),
    ("custom_var_v4", None),
    ("custom_var_v5", None),
    ("idaction_content_interaction", None),
    ("idaction_content_name", None),
    ("idaction_content_piece", None),
    ("idaction_content_target", None),
    ("idaction_event_action", None),
    ("idaction_event_category", None),
    ("idaction_name", None),
    ("idaction_name_ref", None),
    ("idaction_product_cat", None),
    ("idaction_product_cat2", None),
    ("idaction_product_cat3", None),
    ("idaction_product_cat4", None),
    ("idaction_product_cat5", None),
    ("idaction_product_name", None),
    ("idaction_product_sku", None),
    ("idaction_url", None),
    ("idaction_url_ref", Some(0)),
    ("idpageview", None),
    ("pageview_position", None),
    ("product_price", None),
    ("search_cat", None),
    ("search_count", None),
    ("time_dom_completion", None),
    ("time_dom_processing", None),
    ("time_network", None),
    ("time_on_load", None),
    ("time_server", None),
    ("time_spent", None),
    ("time_spent_ref_action", None),
    ("time_transfer", None),
];

#[cfg(test)]
mod tests {
    use footfall_model::Catalogue;

    use super::*;

    #[test]
    fn every_column_named_is_there() {
        let catalogue = Catalogue::built_in();
        for (fact, names, table) in
            [(Fact::Visits, VISIT, OF_VISITS), (Fact::Hits, ACTION, OF_ACTIONS), (Fact::Conversions, VISIT, OF_CONVERSIONS)]
        {
            let kept = catalogue.columns(fact);
            for (name, columns) in table {
                assert!(names.iter().any(|(known, _)| known == name), "{name}");
                for column in *columns {
                    assert!(kept.iter().any(|known| known.name == *column), "{column}");
                }
            }
        }
        assert_eq!(ours(Fact::Hits, "custom_dimension_3"), ["d3"]);
        assert_eq!(ours(Fact::Visits, "profilable"), Vec::<String>::new());
        assert_eq!(
            (variable("custom_var_k2"), variable("custom_var_v5"), variable("user_id")),
            (Some((2, true)), Some((5, false)), None)
        );
        assert_eq!((plugin("config_java"), plugin("config_os")), (Some("java"), None));
    }
}
