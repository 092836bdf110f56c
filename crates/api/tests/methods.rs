//! Methods that tell what there is: their answers, put to a server's inside.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod world;

use footfall_api::matomo::{self, MatomoRequest};
use footfall_model::SiteId;
use serde_json::{Value, json};
use world::World;

/// What the superuser is answered.
async fn asked(world: &World, call: &str) -> Value {
    let request = MatomoRequest::decode(&format!("module=API&format=json&{call}"), b"").unwrap();
    let reply = matomo::answer(&world.context, &world.people[4], &request).await;
    serde_json::from_slice(&reply.body).unwrap()
}

#[tokio::test]
async fn widgets_are_reports_by_page() {
    let world = World::new().await;
    let widgets = asked(&world, "method=API.getWidgetMetadata&idSite=1").await;
    let widgets = widgets.as_array().unwrap();
    let country = widgets.iter().find(|widget| widget["uniqueId"] == "widgetUserCountrygetCountry").unwrap();
    assert_eq!(country["category"]["id"], "General_Visitors");
    assert_eq!((&country["category"]["order"], &country["category"]["icon"]), (&json!(5), &json!("icon-reporting-visitors")));
    assert_eq!(
        (&country["subcategory"]["id"], &country["subcategory"]["order"]),
        (&json!("UserCountry_SubmenuLocations"), &json!(10))
    );
    assert_eq!(country["parameters"], json!({"module": "UserCountry", "action": "getCountry"}));
    let places: Vec<(i64, i64)> = widgets
        .iter()
        .map(|widget| (widget["category"]["order"].as_i64().unwrap(), widget["subcategory"]["order"].as_i64().unwrap()))
        .collect();
    assert!(places.is_sorted(), "{places:?}");

    let pages = asked(&world, "method=API.getReportPagesMetadata&idSite=1").await;
    let pages = pages.as_array().unwrap();
    let on_pages: usize = pages.iter().map(|page| page["widgets"].as_array().unwrap().len()).sum();
    assert_eq!(on_pages, widgets.len());
    let page = pages.iter().find(|page| page["uniqueId"] == "General_Visitors.UserCountry_SubmenuLocations").unwrap();
    let names: Vec<&str> = page["widgets"].as_array().unwrap().iter().map(|widget| widget["action"].as_str().unwrap()).collect();
    assert_eq!(names, ["getCountry", "getContinent", "getRegion", "getLanguage", "getCity", "getLanguageCode"]);
}

#[tokio::test]
async fn settings_of_a_site_are_a_form() {
    let world = World::new().await;
    let form = asked(&world, "method=SitesManager.getSiteSettings&idSite=2").await;
    assert_eq!(form[0]["pluginName"], "WebsiteMeasurable");
    let fields = form[0]["settings"].as_array().unwrap();
    let field = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap();
    assert_eq!(fields.len(), 12);
    assert_eq!(field("urls")["value"], json!(["http://site2.example"]));
    assert_eq!(field("excluded_ips")["value"], json!([""]));
    assert_eq!((&field("sitesearch")["value"], &field("sitesearch")["defaultValue"]), (&json!(1), &json!(1)));
    assert_eq!(field("ecommerce")["availableValues"], json!(["Not an Ecommerce site", "Ecommerce enabled"]));
    assert_eq!(field("exclude_unknown_urls")["value"], json!(false));
    let kinds = asked(&world, "method=API.getAvailableMeasurableTypes").await;
    let told: Vec<(&Value, &Value)> =
        kinds.as_array().unwrap().iter().map(|kind| (&kind["id"], &kind["settings"][0]["pluginName"])).collect();
    assert_eq!(told, [(&json!("website"), &json!("WebsiteMeasurable")), (&json!("intranet"), &json!("IntranetMeasurable"))]);
}

#[tokio::test]
async fn segments_say_what_they_accept() {
    let world = World::new().await;
    let all = asked(&world, "method=API.getSegmentsMetadata&idSites=1").await;
    let named = |name: &str| all.as_array().unwrap().iter().find(|told| told["segment"] == name).unwrap().clone();
    assert_eq!(named("continentCode")["acceptedValues"], "eur, asi, amc, amn, ams, afr, ant, oce");
    assert_eq!(named("pageUrl").get("acceptedValues"), None);
    assert_eq!(named("actionUrl")["unionOfSegments"], json!(["pageUrl", "downloadUrl", "outlinkUrl", "eventUrl"]));
    let bare = asked(&world, "method=API.getSegmentsMetadata&idSites=1&hideColumns=acceptedValues").await;
    assert!(bare.as_array().unwrap().iter().all(|told| told.get("acceptedValues").is_none()));
}

#[tokio::test]
async fn a_site_that_does_not_exist_has_no_dimensions() {
    let world = World::new().await;
    assert!(world.context.sites.get(SiteId(99)).is_none());
    assert_eq!(asked(&world, "method=CustomDimensions.getConfiguredCustomDimensions&idSite=99").await, json!([]));
    let scopes = asked(&world, "method=CustomDimensions.getAvailableScopes&idSite=99").await;
    assert_eq!((&scopes[0]["value"], &scopes[0]["numSlotsLeft"]), (&json!("visit"), &json!(5)));
    assert_eq!((&scopes[1]["value"], &scopes[1]["supportsExtractions"]), (&json!("action"), &json!(true)));
}

#[tokio::test]
async fn documents_say_what_they_are_made_of() {
    let world = World::new().await;
    let formats = asked(&world, "method=ScheduledReports.getReportFormats&reportType=email").await;
    assert_eq!(formats.as_object().unwrap().len(), 4);
    assert_eq!(formats["csv"], "plugins/Morpheus/images/export.png");
    assert_eq!(asked(&world, "method=ScheduledReports.getReportFormats&reportType=mobile").await, json!([]));
    assert_eq!(asked(&world, "method=ScheduledReports.allowMultipleReports&reportType=email").await["value"], json!(true));
    let reports = asked(&world, "method=ScheduledReports.getReportMetadata&idSite=1&reportType=email").await;
    let modules: Vec<&str> = reports.as_array().unwrap().iter().map(|report| report["module"].as_str().unwrap()).collect();
    assert!(modules.contains(&"VisitsSummary") && !modules.contains(&"API"), "{modules:?}");
}

#[tokio::test]
async fn nothing_selected_is_nothing_to_anonymize() {
    let world = World::new().await;
    let said = asked(&world, "method=PrivacyManager.anonymizeSomeRawData&idSites=1&date=2026-02-01").await;
    assert_eq!(said["message"], "Nothing is selected to be anonymized");
    let call = "method=PrivacyManager.anonymizeSomeRawData&idSites=all&date=2026-02-01&unsetVisitColumns[]=idvisit";
    let said = asked(&world, call).await;
    let begins = "The column \"idvisit\" seems to not exist in log_visit or cannot be unset. Use one of config_browser_engine, ";
    assert!(said["message"].as_str().unwrap().starts_with(begins), "{said}");
}

#[tokio::test]
async fn no_visits_are_no_time() {
    let world = World::new().await;
    let call = "method=VisitsSummary.getSumVisitsLengthPretty&idSite=1&period=day&date=";
    assert_eq!(asked(&world, &format!("{call}2026-02-01")).await["value"], "0s");
    let days = asked(&world, &format!("{call}2026-02-01,2026-02-02")).await;
    assert_eq!(days, json!({"2026-02-01": "0s", "2026-02-02": "0s"}));
    let engines = asked(&world, "method=API.getSuggestedValuesForSegment&segmentName=browserEngine&idSite=1").await;
    assert_eq!((engines.as_array().unwrap().len(), &engines[0]), (19, &json!("WebKit")));
}
