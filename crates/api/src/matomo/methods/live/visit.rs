//! A visit as the visit log shows it.

use footfall_model::{
    Cell, CustomScope, Dimension, Name, Value, VisitRow, VisitorId,
    dimensions::{device, local_time, place, referrer, resolution},
};
use footfall_report::{
    names::{currencies, icons, languages, regions, search_engines, socials},
    number,
    reports::{device_plugins, devices_detection, user_country},
};
use jiff::tz::TimeZone;

use super::seen::{Seen, or_null, variables};
use crate::matomo::{cells::moment, pretty};

/// A visit's columns, in Matomo's order.
pub(super) struct Columns {
    entries: Vec<(Name, Cell)>,
}

impl Columns {
    fn put(&mut self, name: &'static str, cell: impl Into<Cell>) {
        self.entries.push((name.into(), cell.into()));
    }
}

/// What is told of a visit besides what happened in it.
pub(super) struct Told {
    /// What happened, as rows.
    pub(super) actions: Cell,
    /// How many actions are not told because there were too many.
    pub(super) untold: usize,
    /// How many goals were reached.
    pub(super) goals: usize,
    /// What the visitor bought and left over all time, where the site sells things.
    pub(super) sales: Option<Vec<(Name, Cell)>>,
    /// Whether who it was may be told.
    pub(super) identified: bool,
}

/// A visit as named values.
pub(super) fn columns(seen: &Seen<'_>, told: Told) -> Vec<(Name, Cell)> {
    let visit = &seen.detail.visit;
    let mut to = Columns { entries: Vec::with_capacity(110) };
    who(&mut to, seen, told.identified);
    to.put("actionDetails", told.actions);
    to.put("goalConversions", told.goals as i64);
    to.put("siteCurrency", seen.site.currency.as_str());
    to.put("siteCurrencySymbol", currencies::symbol(&seen.site.currency).map_or(Cell::NULL, Cell::text));
    when(&mut to, seen);
    core(&mut to, visit, told.identified);
    to.put("searches", i64::from(visit.searches));
    to.put("actions", i64::from(visit.actions));
    to.put("interactions", i64::from(visit.interactions));
    came_from(&mut to, seen);
    let code = seen.text(&place::LANGUAGE);
    to.put("languageCode", code);
    to.put("language", Cell::text(&language(code)));
    made_with(&mut to, seen);
    to.entries.extend(told.sales.unwrap_or_default());
    to.put("events", i64::from(visit.events));
    was_at(&mut to, seen);
    local_time(&mut to, seen);
    to.put("daysSinceLastVisit", days(visit.since_last));
    to.put("secondsSinceLastVisit", i64::from(visit.since_last));
    to.put("resolution", seen.fact(&resolution::RESOLUTION).and_then(Value::as_str).unwrap_or("unknown"));
    plugins(&mut to, seen);
    to.put("customVariables", variables(&visit.cvars, "customVariableName", "customVariableValue"));
    for dimension in seen.site.dimensions.iter().filter(|known| known.active && known.scope == CustomScope::Visit) {
        let value = usize::from(dimension.slot).checked_sub(1).and_then(|slot| visit.slots.get(slot)?.as_deref());
        to.entries.push((format!("dimension{}", dimension.id).into(), value.map_or(Cell::NULL, Cell::text)));
    }
    if told.untold > 0 {
        to.put("truncatedActionsCount", told.untold as i64);
    }
    to.entries
}

fn who(to: &mut Columns, seen: &Seen<'_>, identified: bool) {
    let visit = &seen.detail.visit;
    to.put("idSite", i64::from(visit.site_id.0));
    to.put("idVisit", visit.visit_id.0 as i64);
    if identified {
        to.put("visitIp", or_null(seen.text(&place::ADDRESS)));
        to.put("visitorId", Cell::text(&visit.visitor_id.to_string()));
        to.put("fingerprint", Cell::text(&VisitorId(visit.config_id).to_string()));
    } else {
        to.put("visitIp", Cell::NULL);
        to.put("visitorId", false);
        to.put("fingerprint", false);
    }
}

fn when(to: &mut Columns, seen: &Seen<'_>) {
    let visit = &seen.detail.visit;
    let (first, last) = (visit.first_at, visit.last_at);
    let last_in_utc = last.local(&TimeZone::UTC);
    to.put("serverDate", Cell::text(&last_in_utc.date().to_string()));
    to.put("visitServerHour", Cell::text(&last_in_utc.hour().to_string()));
    to.put("lastActionTimestamp", last.seconds());
    to.put("lastActionDateTime", Cell::text(&moment(last)));
    to.put("siteName", seen.site.name.as_str());
    to.put("serverTimestamp", last.seconds());
    to.put("firstActionTimestamp", first.seconds());
    let (calendar, first, last) = (seen.calendar(), seen.local(first), seen.local(last));
    to.put("serverTimePretty", Cell::text(&calendar.clock(last)));
    to.put("serverDatePretty", Cell::text(&calendar.day(last.date())));
    to.put("serverDatePrettyFirstAction", Cell::text(&calendar.day(first.date())));
    to.put("serverTimePrettyFirstAction", Cell::text(&calendar.clock(first)));
}

fn core(to: &mut Columns, visit: &VisitRow, identified: bool) {
    to.put("userId", visit.user_id.as_deref().filter(|_| identified).map_or(Cell::NULL, or_null));
    to.put(
        "visitorType",
        match visit.visitor_kind {
            0 => "new",
            1 => "returning",
            _ => "returningCustomer",
        },
    );
    to.put("visitorTypeIcon", picture(visit.visitor_kind > 0, "plugins/Live/images/returningVisitor.png"));
    to.put("visitConverted", i64::from(visit.converted));
    to.put("visitConvertedIcon", picture(visit.converted, "plugins/Morpheus/images/goal.svg"));
    to.put("visitCount", i64::from(visit.visit_count));
    let (status, icon) = match visit.ecommerce {
        0 => ("none", Cell::NULL),
        1 => ("ordered", Cell::text(ORDER_ICON)),
        2 => ("abandonedCart", Cell::text("plugins/Morpheus/images/ecommerceAbandonedCart.svg")),
        _ => ("orderedThenAbandonedCart", Cell::text(ORDER_ICON)),
    };
    to.put("visitEcommerceStatus", status);
    to.put("visitEcommerceStatusIcon", icon);
    to.put("daysSinceFirstVisit", days(visit.since_first));
    to.put("secondsSinceFirstVisit", i64::from(visit.since_first));
    to.put("daysSinceLastEcommerceOrder", days(visit.since_order.unwrap_or(0)));
    to.put("secondsSinceLastEcommerceOrder", visit.since_order.map_or(Cell::NULL, |since| i64::from(since).into()));
    to.put("visitDuration", i64::from(visit.duration));
    to.put("visitDurationPretty", Cell::text(&pretty::time(f64::from(visit.duration))));
}

const ORDER_ICON: &str = "plugins/Morpheus/images/ecommerceOrder.svg";

fn picture(shown: bool, path: &str) -> Cell {
    if shown { Cell::text(path) } else { Cell::NULL }
}

fn days(seconds: u32) -> i64 {
    i64::from(seconds / 86_400)
}

/// What people call a referrer of this type.
pub(super) fn referrer_title(kind: &str) -> &'static str {
    match kind {
        "direct" | "" => "Direct Entry",
        "search" => "Search Engines",
        "website" => "Websites",
        "campaign" => "Campaigns",
        "social" => "Social Networks",
        "ai-assistant" => "AI Assistants",
        _ => "Others",
    }
}

/// What stands for a keyword that the search engine hides.
pub(super) const KEYWORD_NOT_DEFINED: &str = "Keyword not defined";

fn came_from(to: &mut Columns, seen: &Seen<'_>) {
    let kind = match seen.text(&referrer::REFERRER_TYPE) {
        "" => "direct",
        kind => kind,
    };
    let (name, keyword) = (seen.text(&referrer::REFERRER_NAME), seen.text(&referrer::REFERRER_KEYWORD));
    let (is_search, is_social) = (kind == "search", kind == "social");
    let url = seen.long(seen.detail.visit.referrer_url);
    to.put("referrerType", kind);
    to.put("referrerTypeName", referrer_title(kind));
    to.put("referrerName", name);
    let keyword = if is_search && keyword.is_empty() { KEYWORD_NOT_DEFINED } else { keyword };
    to.put("referrerKeyword", Cell::text(&crate::matomo::scope::decode_plus(keyword)));
    let position = if is_search && name.contains("Google") { position(url) } else { None };
    to.put("referrerKeywordPosition", position.map_or(Cell::NULL, Cell::text));
    to.put("referrerUrl", if looks_like_url(url) { Cell::text(url) } else { Cell::NULL });
    let named = !name.is_empty();
    let of_name = |shown: bool, text: &dyn Fn() -> String| if shown && named { Cell::text(&text()) } else { Cell::NULL };
    to.put("referrerSearchEngineUrl", of_name(is_search, &|| search_engines::url(name)));
    to.put("referrerSearchEngineIcon", of_name(is_search, &|| search_engines::logo(name)));
    // Matomo reads the network from the address, of which nothing may be left.
    let is_told = is_social && !url.is_empty();
    to.put("referrerSocialNetworkUrl", of_name(is_told, &|| socials::host(name).unwrap_or(url).to_owned()));
    to.put("referrerSocialNetworkIcon", of_name(is_social, &|| socials::logo(if is_told { name } else { "" })));
}

/// The place in Google's results, which its links named once.
fn position(url: &str) -> Option<&str> {
    let query = url.split_once('?')?.1;
    let query = query.split('#').next().unwrap_or(query);
    query.split('&').find_map(|pair| pair.strip_prefix("cd=")).filter(|position| !position.is_empty() && *position != "0")
}

/// Whether a text has a scheme that names a place, and a place.
fn looks_like_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("//") else {
        return false;
    };
    let scheme_is_fine = match scheme.strip_suffix(':') {
        Some(scheme) => {
            scheme.is_empty()
                || (scheme.starts_with(|sign: char| sign.is_ascii_alphabetic())
                    && scheme.chars().all(|sign| sign.is_ascii_alphanumeric() || "+.-".contains(sign))
                    && !["javascript", "vbscript", "data"].iter().any(|bad| scheme.eq_ignore_ascii_case(bad)))
        }
        None => scheme.is_empty(),
    };
    scheme_is_fine && !rest.is_empty()
}

/// What people call a browser's language.
fn language(code: &str) -> String {
    match code {
        "" | "xx" => "Unknown".to_owned(),
        code => languages::name(code).map_or_else(|| format!("Language code {code}"), str::to_owned),
    }
}

fn made_with(to: &mut Columns, seen: &Seen<'_>) {
    let text = |dimension: &Dimension| seen.text(dimension);
    let kind = text(&device::DEVICE_TYPE);
    to.put("deviceType", devices_detection::type_title(kind));
    to.put("deviceTypeIcon", Cell::text(&devices_detection::type_icon(kind)));
    to.put("deviceBrand", or(text(&device::DEVICE_BRAND), "Unknown"));
    to.put("deviceModel", Cell::text(&devices_detection::model_title(text(&device::DEVICE_MODEL))));
    let (code, name, version) = (or(text(&device::OS_CODE), "UNK"), text(&device::OS_NAME), text(&device::OS_VERSION));
    let name = if code == "BOT" { "Bot" } else { name };
    to.put("operatingSystem", Cell::text(&with_version(name, version)));
    to.put("operatingSystemName", or(name, "Unknown"));
    to.put("operatingSystemIcon", Cell::text(&icons::os(code)));
    to.put("operatingSystemCode", code);
    to.put("operatingSystemVersion", if matches!(code, "UNK" | "BOT") { or(version, "UNK") } else { version });
    let engine = text(&device::BROWSER_ENGINE);
    to.put("browserFamily", engine);
    to.put("browserFamilyDescription", devices_detection::engine_title(engine));
    let (code, name, version) =
        (or(text(&device::BROWSER_CODE), "UNK"), text(&device::BROWSER_NAME), text(&device::BROWSER_VERSION));
    to.put("browser", Cell::text(&with_version(name, version)));
    to.put("browserName", or(name, "Unknown"));
    to.put("browserIcon", Cell::text(&icons::browser(code)));
    to.put("browserCode", code);
    to.put("browserVersion", version);
}

fn or<'a>(text: &'a str, other: &'a str) -> &'a str {
    if text.is_empty() { other } else { text }
}

fn with_version(name: &str, version: &str) -> String {
    match (name, version) {
        ("", _) => "Unknown".to_owned(),
        (name, "" | "UNK") => name.to_owned(),
        (name, version) => format!("{name} {version}"),
    }
}

fn was_at(to: &mut Columns, seen: &Seen<'_>) {
    let continent = seen.text(&place::CONTINENT);
    to.put("continent", user_country::continent(continent));
    to.put("continentCode", or(continent, "unk"));
    let code = or(seen.text(&place::COUNTRY), "xx").to_ascii_lowercase();
    let country = user_country::country(&code);
    to.put("country", country);
    to.put("countryCode", Cell::text(&code));
    to.put("countryFlag", Cell::text(&user_country::flag(&code)));
    let region = seen.text(&place::REGION);
    let region_name = (!region.is_empty()).then(|| regions::iso_name(region).unwrap_or("Unknown"));
    to.put("region", region_name.map_or(Cell::NULL, Cell::text));
    to.put("regionCode", or_null(region.split_once('-').map_or(region, |(_, region)| region)));
    let city = seen.text(&place::CITY);
    to.put("city", or_null(city));
    let parts: Vec<&str> = [city, region_name.unwrap_or_default(), country].into_iter().filter(|part| !part.is_empty()).collect();
    to.put("location", Cell::text(&parts.join(", ")));
    to.put("latitude", degrees(seen.fact(&place::LATITUDE)));
    to.put("longitude", degrees(seen.fact(&place::LONGITUDE)));
}

/// Degrees with the six digits after the point that Matomo keeps.
fn degrees(value: Option<&Value>) -> Cell {
    match value.and_then(Value::as_f64) {
        Some(degrees) => Cell::text(&format!("{:.6}", number::round(degrees, 6))),
        None => Cell::NULL,
    }
}

fn local_time(to: &mut Columns, seen: &Seen<'_>) {
    // What the visitor's clock does not say is read on the server's.
    let server = seen.detail.visit.first_at.local(&TimeZone::UTC);
    let part =
        |dimension: &Dimension, server: i8| seen.fact(dimension).and_then(Value::as_i64).unwrap_or_else(|| i64::from(server));
    let hour = part(&local_time::LOCAL_HOUR, server.hour());
    let minute = part(&local_time::LOCAL_MINUTE, server.minute());
    let second = part(&local_time::LOCAL_SECOND, server.second());
    to.put("visitLocalTime", Cell::text(&format!("{hour:02}:{minute:02}:{second:02}")));
    to.put("visitLocalHour", Cell::text(&hour.to_string()));
}

fn plugins(to: &mut Columns, seen: &Seen<'_>) {
    let held: Vec<&str> = seen.text(&device::PLUGINS).split(',').map(str::trim).collect();
    let shown: Vec<&str> = device_plugins::PLUGINS.into_iter().filter(|name| held.contains(name)).collect();
    to.put("plugins", Cell::text(&shown.join(", ")));
    if shown.is_empty() {
        to.put("pluginsIcons", Cell::NULL);
        return;
    }
    let icons = shown.iter().map(|name| {
        Cell::Map(vec![
            ("pluginIcon".into(), Cell::text(&format!("plugins/Morpheus/icons/dist/plugins/{name}.png"))),
            ("pluginName".into(), Cell::text(name)),
        ])
    });
    to.put("pluginsIcons", Cell::List(icons.collect()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_names_a_place_is_a_url() {
        assert!(looks_like_url("http://example.org/a"));
        assert!(looks_like_url("//example.org"));
        assert!(!looks_like_url("javascript://x"));
        assert!(!looks_like_url("example.org"));
        assert!(!looks_like_url("http://"));
    }

    #[test]
    fn google_once_told_the_place_of_a_result() {
        assert_eq!(position("http://google.com/url?q=a&cd=7&b=1"), Some("7"));
        assert_eq!(position("http://google.com/url?q=a"), None);
    }
}
