use footfall_model::{Error, ReferrerMask, TrackingSettings, variable};
use serde_json::Value;

use crate::{bounds, site};

/// A rule of tracking as a setting: its name, and where it goes.
pub struct TrackingSetting {
    /// The name: Matomo's section and key where Matomo has the setting in its configuration file.
    pub name: &'static str,
    place: Place,
}

/// The field a setting goes to, and with it what values it may have.
enum Place {
    Seconds(fn(&mut TrackingSettings) -> &mut i64),
    Count(fn(&mut TrackingSettings) -> &mut u32),
    Length(fn(&mut TrackingSettings) -> &mut usize),
    Octets(fn(&mut TrackingSettings) -> &mut u8),
    Flag(fn(&mut TrackingSettings) -> &mut bool),
    Text(fn(&mut TrackingSettings) -> &mut String),
    List(fn(&mut TrackingSettings) -> &mut Vec<String>),
    /// What is cut from referrers, as `anonymizeReferrer` names it.
    Mask(fn(&mut TrackingSettings) -> &mut ReferrerMask),
    /// The greatest number of a custom variable.
    Variables(fn(&mut TrackingSettings) -> &mut u32),
    /// Query parameters that come on top of those in the list.
    MoreParams(fn(&mut TrackingSettings) -> &mut Vec<String>),
}

/// Every rule of tracking that can be set, by name.
pub const TRACKING_SETTINGS: &[TrackingSetting] = &[
    setting("General.action_title_category_delimiter", Place::Text(|s| &mut s.title_delimiter)),
    setting("General.action_url_category_delimiter", Place::Text(|s| &mut s.url_delimiter)),
    setting("Tracker.campaign_keyword_var_name", Place::List(|s| &mut s.campaign_keyword_params)),
    setting("Tracker.campaign_var_name", Place::List(|s| &mut s.campaign_name_params)),
    setting("Tracker.create_new_visit_after_midnight", Place::Flag(|s| &mut s.new_visit_after_midnight)),
    setting("Tracker.create_new_visit_after_x_actions", Place::Count(|s| &mut s.new_visit_after_actions)),
    setting("Tracker.create_new_visit_when_campaign_changes", Place::Flag(|s| &mut s.new_visit_on_campaign)),
    setting("Tracker.create_new_visit_when_website_referrer_changes", Place::Flag(|s| &mut s.new_visit_on_website)),
    setting("Tracker.debug", Place::Flag(|s| &mut s.explain)),
    setting("Tracker.debug_on_demand", Place::Flag(|s| &mut s.explain_on_demand)),
    setting("Tracker.default_time_one_page_visit", Place::Seconds(|s| &mut s.one_page_seconds)),
    setting("Tracker.enable_language_to_country_guess", Place::Flag(|s| &mut s.guess_country_from_language)),
    setting("Tracker.enable_userid_overwrites_visitorid", Place::Flag(|s| &mut s.user_id_makes_visitor_id)),
    setting("Tracker.page_maximum_length", Place::Length(|s| &mut s.page_maximum_length)),
    setting("Tracker.record_statistics", Place::Flag(|s| &mut s.record)),
    setting("Tracker.tracking_requests_require_authentication", Place::Flag(|s| &mut s.require_authentication)),
    setting(
        "Tracker.tracking_requests_require_authentication_when_custom_timestamp_newer_than",
        Place::Seconds(|s| &mut s.unauthenticated_age_seconds),
    ),
    setting("Tracker.trust_visitors_cookies", Place::Flag(|s| &mut s.trust_visitor_cookies)),
    setting("Tracker.url_query_parameter_to_exclude_from_url", Place::List(|s| &mut s.excluded_params)),
    setting("Tracker.use_third_party_id_cookie", Place::Flag(|s| &mut s.third_party_cookie)),
    setting("Tracker.visit_standard_length", Place::Seconds(|s| &mut s.visit_seconds)),
    setting("Tracker.window_look_back_for_visitor", Place::Seconds(|s| &mut s.look_back_seconds)),
    setting("anonymize_ip_bytes", Place::Octets(|s| &mut s.mask_bytes)),
    setting("anonymize_order_id", Place::Flag(|s| &mut s.hash_order_ids)),
    setting("anonymize_referrer", Place::Mask(|s| &mut s.referrer_mask)),
    setting("anonymize_user_id", Place::Flag(|s| &mut s.hash_user_ids)),
    setting("custom_variables", Place::Variables(|s| &mut s.custom_variables)),
    setting("excluded_ips", Place::List(|s| &mut s.excluded_addresses)),
    setting("excluded_query_params", Place::MoreParams(|s| &mut s.excluded_params)),
    setting("excluded_referrers", Place::List(|s| &mut s.excluded_referrers)),
    setting("excluded_user_agents", Place::List(|s| &mut s.excluded_user_agents)),
    setting("honour_do_not_track", Place::Flag(|s| &mut s.honour_do_not_track)),
    setting("keep_ip_address", Place::Flag(|s| &mut s.keep_address)),
    setting("keep_url_fragments", Place::Flag(|s| &mut s.keep_fragments)),
    setting("search_category_params", Place::List(|s| &mut s.search_category_params)),
    setting("search_keyword_params", Place::List(|s| &mut s.search_keyword_params)),
    setting("use_anonymized_ip_for_visit_enrichment", Place::Flag(|s| &mut s.mask_first)),
];

/// Puts a value into the rules of tracking; says whether a rule has this name. Numbers and flags may be texts, lists may be
/// texts with commas, as in Matomo's configuration file.
///
/// # Errors
/// When the rule may not have this value.
pub fn set(settings: &mut TrackingSettings, name: &str, value: &Value) -> Result<bool, Error> {
    let Some(found) = TRACKING_SETTINGS.iter().find(|setting| setting.name == name) else {
        return Ok(false);
    };
    match found.place {
        Place::Seconds(field) => *field(settings) = number(name, value, 0, 10_000_000_000)?,
        Place::Count(field) => *field(settings) = number(name, value, 0, i64::from(u32::MAX))? as u32,
        Place::Length(field) => *field(settings) = number(name, value, 1, 65_535)? as usize,
        Place::Octets(field) => *field(settings) = number(name, value, 0, 4)? as u8,
        Place::Flag(field) => *field(settings) = flag(name, value)?,
        Place::Text(field) => {
            let text = value.as_str().ok_or_else(|| Error::invalid(format!("`{name}` must be a text")))?;
            *field(settings) = bounds::optional_untrimmed(name, text, 60)?;
        }
        Place::List(field) => *field(settings) = list(name, value)?,
        Place::Mask(field) => *field(settings) = mask(name, value)?,
        Place::Variables(field) => *field(settings) = number(name, value, 0, i64::from(variable::MOST))? as u32,
        Place::MoreParams(field) => {
            let more = site::excluded_params(&list(name, value)?)?;
            let params = field(settings);
            for param in more {
                if !params.iter().any(|known| known.eq_ignore_ascii_case(&param)) {
                    params.push(param);
                }
            }
        }
    }
    Ok(true)
}

const fn setting(name: &'static str, place: Place) -> TrackingSetting {
    TrackingSetting { name, place }
}

fn mask(name: &str, value: &Value) -> Result<ReferrerMask, Error> {
    match value.as_str() {
        Some("") => Ok(ReferrerMask::Nothing),
        Some("exclude_query") => Ok(ReferrerMask::Query),
        Some("exclude_path") => Ok(ReferrerMask::Path),
        Some("exclude_all") => Ok(ReferrerMask::All),
        _ => Err(Error::invalid(format!("`{name}` must be `exclude_query`, `exclude_path`, `exclude_all` or empty"))),
    }
}

fn number(name: &str, value: &Value, least: i64, most: i64) -> Result<i64, Error> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Bool(yes) => Some(i64::from(*yes)),
        value => value.as_i64(),
    };
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| Error::invalid(format!("`{name}` must be a whole number from {least} to {most}")))
}

fn flag(name: &str, value: &Value) -> Result<bool, Error> {
    match value {
        Value::Bool(yes) => Ok(*yes),
        Value::String(text) => match text.trim() {
            "1" | "true" => Ok(true),
            "0" | "false" | "" => Ok(false),
            _ => Err(()),
        },
        value => match value.as_i64() {
            Some(0) => Ok(false),
            Some(1) => Ok(true),
            _ => Err(()),
        },
    }
    .map_err(|()| Error::invalid(format!("`{name}` must be true or false")))
}

fn list(name: &str, value: &Value) -> Result<Vec<String>, Error> {
    let items: Option<Vec<String>> = match value {
        Value::String(text) => Some(text.split([',', '\n']).map(str::to_owned).collect()),
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => None,
    };
    let items = items.ok_or_else(|| Error::invalid(format!("`{name}` must be a list of texts")))?;
    bounds::list(name, &items, 1000, 500)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with(name: &str, value: Value) -> Result<TrackingSettings, Error> {
        let mut settings = TrackingSettings::default();
        assert!(set(&mut settings, name, &value)?, "{name}");
        Ok(settings)
    }

    #[test]
    fn names_are_sorted_and_taken_once() {
        for pair in TRACKING_SETTINGS.windows(2) {
            assert!(pair[0].name < pair[1].name, "{}", pair[1].name);
        }
    }

    #[test]
    fn values_come_as_json_or_as_matomo_writes_them() {
        let name = "Tracker.window_look_back_for_visitor";
        assert_eq!(with(name, json!("2678400")).unwrap().look_back_seconds, 2_678_400);
        assert_eq!(with(name, json!(60)).unwrap().look_back_seconds, 60);
        let name = "Tracker.use_third_party_id_cookie";
        assert!(with(name, json!("1")).unwrap().third_party_cookie);
        assert!(with(name, json!(1)).unwrap().third_party_cookie);
        assert!(!with(name, json!(false)).unwrap().third_party_cookie);
        let settings = with("Tracker.campaign_var_name", json!("a, b,,a")).unwrap();
        assert_eq!(settings.campaign_name_params, ["a", "b"]);
        let settings = with("General.action_title_category_delimiter", json!(" / ")).unwrap();
        assert_eq!(settings.title_delimiter, " / ");
    }

    #[test]
    fn excluded_parameters_come_on_top() {
        let settings = with("excluded_query_params", json!(["Sid", "Token"])).unwrap();
        let defaults = TrackingSettings::default().excluded_params;
        assert_eq!(settings.excluded_params.len(), defaults.len() + 1);
        assert_eq!(settings.excluded_params.last().unwrap(), "Token");
    }

    #[test]
    fn values_out_of_bounds_are_refused_by_name() {
        for (name, value, message) in [
            (
                "anonymize_referrer",
                json!("all"),
                "`anonymize_referrer` must be `exclude_query`, `exclude_path`, `exclude_all` or empty",
            ),
            ("custom_variables", json!(21), "`custom_variables` must be a whole number from 0 to 20"),
            ("anonymize_ip_bytes", json!(5), "`anonymize_ip_bytes` must be a whole number from 0 to 4"),
            ("honour_do_not_track", json!("yes"), "`honour_do_not_track` must be true or false"),
            ("excluded_ips", json!([1]), "`excluded_ips` must be a list of texts"),
            ("Tracker.page_maximum_length", json!(0), "`Tracker.page_maximum_length` must be a whole number from 1 to 65535"),
            ("General.action_url_category_delimiter", json!(1), "`General.action_url_category_delimiter` must be a text"),
        ] {
            assert_eq!(with(name, value).unwrap_err().message(), message);
        }
    }

    #[test]
    fn other_names_are_nobody_s() {
        let mut settings = TrackingSettings::default();
        assert!(!set(&mut settings, "instance_name", &json!("x")).unwrap());
    }
}
