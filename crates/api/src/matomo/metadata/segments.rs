//! What a segment can be made of, as `API.getSegmentsMetadata` tells it.

use footfall_model::{Cell, CustomScope, Site, variable};

use super::{
    super::cells::{cells, texts},
    accepted::accepted,
};

/// The categories in the order they are told in.
const CATEGORIES: [&str; 7] =
    ["Visitors", "Visitor location", "Custom Variables", "Behaviour", "Events", "Referrers", "Ecommerce"];

/// What only those may ask for who are known.
const PERSONAL: [&str; 5] = ["visitIp", "fingerprint", "userId", "visitId", "visitorId"];

/// A name that a segment may be made of.
struct Known {
    segment: String,
    is_metric: bool,
    category: &'static str,
    title: String,
}

/// Every name, with the custom dimensions of these sites; anonymous callers are told of what they may not use.
pub(in crate::matomo) fn list(sites: &[std::sync::Arc<Site>], is_registered: bool) -> Vec<Cell> {
    let mut all: Vec<Known> = NAMES
        .iter()
        .map(|(segment, is_metric, category, title)| Known {
            segment: (*segment).to_owned(),
            is_metric: *is_metric,
            category,
            title: (*title).to_owned(),
        })
        .collect();
    all.extend(variables());
    for dimension in sites.iter().flat_map(|site| &site.dimensions).filter(|dimension| dimension.active) {
        let segment = format!("dimension{}", dimension.id);
        if all.iter().all(|known| known.segment != segment) {
            let category = if dimension.scope == CustomScope::Visit { "Visitors" } else { "Behaviour" };
            all.push(Known { segment, is_metric: false, category, title: dimension.name.clone() });
        }
    }
    let place = |known: &Known| CATEGORIES.iter().position(|category| *category == known.category);
    all.sort_by(|one, other| {
        let of_variables = |known: &Known| if known.category == "Custom Variables" { String::new() } else { known.title.clone() };
        place(one)
            .cmp(&place(other))
            .then(other.is_metric.cmp(&one.is_metric))
            .then_with(|| of_variables(one).cmp(&of_variables(other)))
            .then_with(|| one.segment.cmp(&other.segment))
    });
    all.iter().map(|known| told(known, is_registered)).collect()
}

fn told(known: &Known, is_registered: bool) -> Cell {
    let mut cell = cells! {
        "type" => if known.is_metric { "metric" } else { "dimension" },
        "category" => known.category,
        "name" => known.title.as_str(),
        "segment" => known.segment.as_str(),
    };
    if let Cell::Map(entries) = &mut cell {
        let accepted = accepted(&known.segment);
        if !accepted.is_empty() {
            entries.push(("acceptedValues".into(), Cell::text(accepted)));
        }
        if known.segment == "browserEngine" {
            // The one segment whose values Matomo's device detection lists by a name that clients are told.
            let lister = "\\DeviceDetector\\Parser\\Client\\Browser\\Engine::getAvailableEngines";
            entries.push(("suggestedValuesCallback".into(), Cell::text(lister)));
        }
        if known.segment == "actionUrl" {
            entries.push(("unionOfSegments".into(), texts(["pageUrl", "downloadUrl", "outlinkUrl", "eventUrl"])));
        }
        if PERSONAL.contains(&known.segment.as_str()) {
            entries.push(("permission".into(), Cell::Bool(is_registered)));
        }
        if known.category == "Custom Variables" && !known.segment.ends_with(|sign: char| sign.is_ascii_digit()) {
            let parts = (1..=variable::USUAL).map(|number| Cell::text(&format!("{}{number}", known.segment)));
            entries.push(("unionOfSegments".into(), Cell::List(parts.collect())));
        }
    }
    cell
}

/// Custom variables by any number and by each.
fn variables() -> Vec<Known> {
    let mut all = Vec::new();
    for (stem, what, scope) in [
        ("customVariableName", "name", "visit"),
        ("customVariableValue", "value", "visit"),
        ("customVariablePageName", "name", "page"),
        ("customVariablePageValue", "value", "page"),
    ] {
        for number in std::iter::once(None).chain((1..=variable::USUAL).map(Some)) {
            let behind = number.map_or_else(String::new, |number| format!("{number}"));
            let spaced = number.map_or_else(String::new, |number| format!(" {number}"));
            all.push(Known {
                segment: format!("{stem}{behind}"),
                is_metric: false,
                category: "Custom Variables",
                title: format!("Custom Variable {what}{spaced} (scope {scope})"),
            });
        }
    }
    all
}

/// Name, whether it is a number, category, and what people call it.
#[rustfmt::skip]
pub(super) const NAMES: &[(&str, bool, &str, &str)] = &[
    ("actions", true, "Visitors", "Actions In Visit"),
    ("daysSinceFirstVisit", true, "Visitors", "Days since first visit"),
    ("daysSinceLastEcommerceOrder", true, "Visitors", "Days since last Ecommerce order"),
    ("daysSinceLastVisit", true, "Visitors", "Days since last visit"),
    ("events", true, "Visitors", "Events"),
    ("visitLocalMinute", true, "Visitors", "Local time — minute (start of visit)"),
    ("interactions", true, "Visitors", "Number of Interactions"),
    ("searches", true, "Visitors", "Number of Internal Searches"),
    ("visitCount", true, "Visitors", "Number of visits"),
    ("secondsSinceFirstVisit", true, "Visitors", "Seconds since first visit"),
    ("secondsSinceLastEcommerceOrder", true, "Visitors", "Seconds since last Ecommerce order"),
    ("secondsSinceLastVisit", true, "Visitors", "Seconds since last visit"),
    ("visitDuration", true, "Visitors", "Visit Duration (in seconds)"),
    ("visitIp", true, "Visitors", "Visitor IP"),
    ("browserName", false, "Visitors", "Browser"),
    ("browserCode", false, "Visitors", "Browser code"),
    ("browserEngine", false, "Visitors", "Browser engine"),
    ("browserVersion", false, "Visitors", "Browser version"),
    ("deviceBrand", false, "Visitors", "Device brand"),
    ("deviceModel", false, "Visitors", "Device model"),
    ("deviceType", false, "Visitors", "Device type"),
    ("fingerprint", false, "Visitors", "Fingerprint"),
    ("visitLocalHour", false, "Visitors", "Local time — hour (start of visit)"),
    ("operatingSystemName", false, "Visitors", "Operating system"),
    ("operatingSystemCode", false, "Visitors", "Operating system code"),
    ("operatingSystemVersion", false, "Visitors", "Operating system version"),
    ("profilable", false, "Visitors", "Profilable"),
    ("resolution", false, "Visitors", "Resolution"),
    ("visitStartServerHour", false, "Visitors", "Site time — hour (start of visit)"),
    ("visitServerHour", false, "Visitors", "Site time — hour (time of last action)"),
    ("visitEndServerDate", false, "Visitors", "Time in UTC — date (time of last action)"),
    ("visitEndServerDayOfMonth", false, "Visitors", "Time in UTC — day of month (time of last action)"),
    ("visitEndServerDayOfWeek", false, "Visitors", "Time in UTC — day of week (time of last action)"),
    ("visitEndServerDayOfYear", false, "Visitors", "Time in UTC — day of year (time of last action)"),
    ("visitStartServerMinute", false, "Visitors", "Time in UTC — minute (start of visit)"),
    ("visitEndServerMinute", false, "Visitors", "Time in UTC — minute (time of last action)"),
    ("visitEndServerMonth", false, "Visitors", "Time in UTC — month (time of last action)"),
    ("visitEndServerQuarter", false, "Visitors", "Time in UTC — quarter (time of last action)"),
    ("visitEndServerSecond", false, "Visitors", "Time in UTC — second (Time of last action)"),
    ("visitEndServerWeekOfYear", false, "Visitors", "Time in UTC — week of year (time of last action)"),
    ("visitEndServerYear", false, "Visitors", "Time in UTC — year (time of last action)"),
    ("userId", false, "Visitors", "User ID"),
    ("visitEcommerceStatus", false, "Visitors", "Visit Ecommerce status at the end of the visit"),
    ("visitId", false, "Visitors", "Visit ID"),
    ("visitConvertedGoalId", false, "Visitors", "Visit converted a specific Goal Id"),
    ("visitConvertedGoalName", false, "Visitors", "Visit converted a specific Goal Name"),
    ("visitConverted", false, "Visitors", "Visit converted at least one Goal"),
    ("visitorType", false, "Visitors", "Visit type"),
    ("visitorId", false, "Visitors", "Visitor ID"),
    ("city", false, "Visitor location", "City"),
    ("continentCode", false, "Visitor location", "Continent"),
    ("countryName", false, "Visitor location", "Country"),
    ("countryCode", false, "Visitor location", "Country code"),
    ("languageCode", false, "Visitor location", "Language"),
    ("latitude", false, "Visitor location", "Latitude"),
    ("longitude", false, "Visitor location", "Longitude"),
    ("regionCode", false, "Visitor location", "Region"),
    ("actionType", false, "Behaviour", "Action Type"),
    ("actionUrl", false, "Behaviour", "Action URL"),
    ("siteSearchCategory", false, "Behaviour", "Category (Site Search)"),
    ("outlinkUrl", false, "Behaviour", "Clicked Outlink"),
    ("contentInteraction", false, "Behaviour", "Content Interaction"),
    ("contentName", false, "Behaviour", "Content Name"),
    ("contentPiece", false, "Behaviour", "Content Piece"),
    ("contentTarget", false, "Behaviour", "Content Target"),
    ("downloadUrl", false, "Behaviour", "Download URL"),
    ("entryPageUrl", false, "Behaviour", "Entry Page URL"),
    ("entryPageTitle", false, "Behaviour", "Entry Page title"),
    ("exitPageTitle", false, "Behaviour", "Exit Page Title"),
    ("exitPageUrl", false, "Behaviour", "Exit Page URL"),
    ("siteSearchKeyword", false, "Behaviour", "Keyword (Site Search)"),
    ("siteSearchCount", false, "Behaviour", "Keyword count (Site Search)"),
    ("pageTitle", false, "Behaviour", "Page Title"),
    ("pageUrl", false, "Behaviour", "Page URL"),
    ("actionServerHour", false, "Behaviour", "Site time — hour"),
    ("actionServerMinute", false, "Behaviour", "Time in UTC — minute"),
    ("eventAction", false, "Events", "Event Action"),
    ("eventCategory", false, "Events", "Event Category"),
    ("eventName", false, "Events", "Event Name"),
    ("eventUrl", false, "Events", "Event URL"),
    ("eventValue", true, "Events", "Event Value"),
    ("referrerType", false, "Referrers", "Channel Type"),
    ("referrerKeyword", false, "Referrers", "Keyword"),
    ("referrerName", false, "Referrers", "Referrer Name"),
    ("referrerUrl", false, "Referrers", "Referrer URL"),
    ("orderId", false, "Ecommerce", "Order ID"),
    ("productCategory", false, "Ecommerce", "Product Category"),
    ("productName", false, "Ecommerce", "Product Name"),
    ("productPrice", true, "Ecommerce", "Product Price"),
    ("productSku", false, "Ecommerce", "Product SKU"),
    ("productViewCategory", false, "Ecommerce", "Viewed Product Category"),
    ("productViewName", false, "Ecommerce", "Viewed Product Name"),
    ("productViewPrice", true, "Ecommerce", "Viewed Product Price"),
    ("productViewSku", false, "Ecommerce", "Viewed Product SKU"),
    ("revenueOrder", true, "Ecommerce", "Order Revenue"),
    ("revenueAbandonedCart", true, "Ecommerce", "Revenue left in cart"),
];

#[cfg(test)]
mod tests {
    use footfall_admin::{Admin, NewSite};
    use footfall_model::{Catalogue, Millis, SiteId};
    use footfall_report::segment;

    use super::*;

    #[tokio::test]
    async fn every_name_is_one_that_segments_know() {
        let admin = Admin::open_in_memory().await.unwrap();
        let new = NewSite { urls: vec!["https://example.org".to_owned()], ..NewSite::default() };
        admin.add_site(new, Millis(0)).await.unwrap();
        let sites = admin.snapshot(Millis(0)).await.unwrap();
        let (site, catalogue) = (sites.get(SiteId(1)).unwrap(), Catalogue::built_in());
        let unknown: Vec<&str> =
            NAMES.iter().map(|(name, ..)| *name).filter(|name| !segment::is_known(name, site, &catalogue)).collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }

    #[test]
    fn numbers_come_first_within_a_category() {
        let all = list(&[], false);
        let text = |cell: &Cell, name: &str| -> String {
            let entries = cell.as_map().unwrap();
            entries.iter().find(|(known, _)| known == name).and_then(|(_, cell)| cell.as_str()).unwrap_or("-").to_owned()
        };
        assert_eq!(all.len(), NAMES.len() + 24);
        assert_eq!((text(&all[0], "segment"), text(&all[0], "type")), ("actions".to_owned(), "metric".to_owned()));
        let named = |name: &str| all.iter().find(|cell| text(cell, "segment") == name).unwrap();
        assert!(named("visitorId").as_map().unwrap().contains(&("permission".into(), Cell::Bool(false))));
        assert_eq!(text(named("customVariableName2"), "name"), "Custom Variable name 2 (scope visit)");
    }
}
