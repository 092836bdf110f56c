use footfall_model::{Cell, Site};
use footfall_report::names::{currencies, zones};

use crate::matomo::{
    cells::{bit, cells, moment},
    dispatch::Call,
};

/// A site as the API shows it.
pub(in crate::matomo) fn site(call: Call<'_>, site: &Site) -> Cell {
    let mut shown = cells! {
        "idsite" => i64::from(site.id.0),
        "name" => site.name.as_str(),
        "main_url" => main_url(site).as_str(),
        "ts_created" => moment(site.created_at).as_str(),
        "ecommerce" => bit(site.ecommerce),
        "sitesearch" => bit(site.search.enabled),
        "sitesearch_keyword_parameters" => site.search.keyword_params.join(",").as_str(),
        "sitesearch_category_parameters" => site.search.category_params.join(",").as_str(),
        "timezone" => site.timezone.as_str(),
        "currency" => site.currency.as_str(),
        "exclude_unknown_urls" => bit(site.exclusions.unknown_urls),
        "excluded_ips" => site.exclusions.addresses.join(",").as_str(),
        "excluded_parameters" => site.excluded_params.join(",").as_str(),
        "excluded_user_agents" => site.exclusions.user_agents.join(",").as_str(),
        "excluded_referrers" => site.exclusions.referrers.join(",").as_str(),
        "group" => site.group.as_str(),
        "type" => site.kind.as_str(),
        "keep_url_fragment" => bit(site.keep_fragments),
        "creator_login" => call.caller.login.as_str(),
        "timezone_name" => zones::name(&site.timezone).as_str(),
        "currency_name" => currencies::name(&site.currency).unwrap_or(&site.currency),
    };
    if let (Cell::Map(entries), false) = (&mut shown, call.caller.superuser) {
        entries.retain(|(name, _)| name != "creator_login");
    }
    shown
}

/// The main address; that of its domain where it has none, and nothing where its domain is made of its number.
pub(super) fn main_url(site: &Site) -> String {
    match site.urls.first() {
        Some(url) => url.clone(),
        None if site.domain == format!("site-{}", site.id) => String::new(),
        None => format!("http://{}", site.domain),
    }
}
