//! Methods that tell what there is: their answers, put to a server's inside.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "what methods are given to be refused is of no use here")]
mod world;

use std::sync::Arc;

use footfall_api::matomo::{self, Language, Languages, MatomoRequest, Texts};
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
async fn widgets_stand_by_their_places() {
    let world = World::new().await;
    let widgets = asked(&world, "method=API.getWidgetMetadata&idSite=1").await;
    let widgets = widgets.as_array().unwrap();
    let widget = |id: &str| widgets.iter().find(|widget| widget["uniqueId"] == id).unwrap_or_else(|| panic!("no `{id}`"));
    let country = widget("widgetUserCountrygetCountry");
    assert_eq!(country["category"]["id"], "General_Visitors");
    assert_eq!((&country["category"]["order"], &country["category"]["icon"]), (&json!(5), &json!("icon-reporting-visitors")));
    assert_eq!(
        (&country["subcategory"]["id"], &country["subcategory"]["order"]),
        (&json!("UserCountry_SubmenuLocations"), &json!(10))
    );
    assert_eq!((&country["order"], &country["viewDataTable"]), (&json!(105), &json!("table")));
    assert_eq!(country["parameters"], json!({"module": "UserCountry", "action": "getCountry"}));
    let places: Vec<(i64, i64)> = widgets
        .iter()
        .map(|widget| (widget["category"]["order"].as_i64().unwrap(), widget["subcategory"]["order"].as_i64().unwrap_or(0)))
        .collect();
    assert!(places.is_sorted(), "{places:?}");

    let graph = widget("widgetVisitsSummarygetEvolutionGraphforceView1viewDataTablegraphEvolution");
    assert_eq!((&graph["name"], &graph["viewDataTable"]), (&json!("Visits Over Time"), &json!("graphEvolution")));
    let event = widget("widgetEventsgetCategorysecondaryDimensioneventAction");
    assert_eq!((&event["name"], &event["category"]["name"]), (&json!("Actions: Event Categories"), &json!("Behaviour")));
    let overview = widget("widgetVisitOverviewWithGraph");
    assert_eq!(overview["widgets"].as_array().unwrap().len(), 2);
    assert_eq!((&overview["widgets"][0]["category"]["order"], &overview["isContainer"]), (&json!(99), &json!(true)));
    assert!(widgets.iter().all(|widget| widget["name"] != ""), "what stands alone has a name");

    let pages = asked(&world, "method=API.getReportPagesMetadata&idSite=1").await;
    let pages = pages.as_array().unwrap();
    let actions = |id: &str| -> Vec<String> {
        let page = pages.iter().find(|page| page["uniqueId"] == id).unwrap_or_else(|| panic!("no page `{id}`"));
        page["widgets"].as_array().unwrap().iter().map(|widget| widget["action"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        actions("General_Visitors.UserCountry_SubmenuLocations"),
        ["visitorMap", "getCountry", "renderWidgetContainer", "getRegion", "getLanguage", "getCity", "getLanguageCode"]
    );
    assert_eq!(actions("Referrers_Referrers.General_Overview"), ["getEvolutionGraph", "getSparklines"]);
    assert_eq!(actions("Dashboard_Dashboard.1"), ["embeddedIndex"]);
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
    let secret = footfall_admin::UserChanges { password: Some("long enough".to_owned()), ..Default::default() };
    world.context.admin.update_user("superuser", secret, world.context.now).await.unwrap();
    let call = "method=PrivacyManager.anonymizeSomeRawData&date=2026-02-01&passwordConfirmation=long+enough";
    let said = asked(&world, &format!("{call}&idSites=1")).await;
    assert_eq!(said["message"], "Nothing is selected to be anonymized");
    let said = asked(&world, &format!("{call}&idSites=all&unsetVisitColumns[]=idvisit")).await;
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

#[tokio::test]
async fn what_is_kept_for_people_is_theirs() {
    let world = World::new().await;
    let added = asked(&world, "method=SegmentEditor.add&name=german&definition=countryCode==de").await;
    assert_eq!(added["value"], 1);
    for site in ["", "&idSite=0", "&idSite=2"] {
        let all = asked(&world, &format!("method=SegmentEditor.getAll{site}")).await;
        assert_eq!(all[0]["definition"], "countryCode==de", "{site}");
    }
    let refused =
        MatomoRequest::decode("module=API&format=json&method=Annotations.add&idSite=2&date=2026-02-01&note=x", b"").unwrap();
    let reply = matomo::answer(&world.context, &world.people[3], &refused).await;
    let said: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(said["message"], "The current user is not allowed to add notes for site #2.");
    let missing = asked(&world, "method=Annotations.get&idSite=2&idNote=7").await;
    assert_eq!(missing["message"], "There is no note with id '7' for site with id '2'.");
    assert_eq!(asked(&world, "method=Dashboard.resetDashboardLayout&idDashboard=5").await["result"], "success");
    let dashboards = asked(&world, "method=Dashboard.getDashboards&returnDefaultIfEmpty=0").await;
    assert_eq!(dashboards, json!([]));
    let words =
        asked(&world, "method=LanguagesManager.getPluginTranslationsForLanguage&pluginName=Nothing&languageCode=en").await;
    assert_eq!(words["value"], json!(false));
}

#[tokio::test]
async fn old_names_of_modules_are_known() {
    let world = World::new().await;
    let days = "&idSite=1&period=day&date=2026-02-01";
    assert_eq!(asked(&world, &format!("method=Referers.getWebsites{days}")).await, json!([]));
    assert_eq!(asked(&world, "method=PDFReports.getReports&idSite=1").await, json!([]));
    let described = asked(&world, &format!("method=API.getMetadata&apiModule=Referers&apiAction=getWebsites{days}")).await;
    assert_eq!(described[0]["module"], "Referrers");
    let unknown = asked(&world, &format!("method=Referer.getWebsites{days}")).await;
    let said = "The plugin Referer is not enabled. You can activate the plugin on Settings > Plugins page in Matomo.";
    assert_eq!(unknown["message"], said);
}

#[tokio::test]
async fn settings_of_an_installation_are_not_changed_by_calls() {
    let world = World::new().await;
    let trusted = asked(&world, "method=CoreAdminHome.setTrustedHosts&trustedHosts[]=a.example").await;
    assert_eq!(trusted["message"], "General settings admin is not enabled");
    assert_eq!(asked(&world, "method=CoreAdminHome.setBrandingSettings&useCustomLogo=1").await["value"], json!(true));
    let read = asked(&world, "method=CoreAdminHome.whatIsNewMarkAllChangesReadForCurrentUser").await;
    assert_eq!(read["value"], json!(true));
}

#[derive(Debug)]
struct German([Language; 2]);

impl Languages for German {
    fn all(&self) -> &[Language] {
        &self.0
    }

    fn texts(&self, code: &str) -> Vec<(String, String)> {
        let texts = [("General_ColumnNbVisits", "Besuche"), ("UserCountry_Country", "Land")];
        texts.iter().filter(|_| code == "de").map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }
}

#[tokio::test]
async fn answers_are_in_the_language_somebody_prefers() {
    let mut world = World::new().await;
    let english = [("General_ColumnNbVisits", "Visits"), ("UserCountry_Country", "Country")];
    let named = |code: &str| Language { code: code.to_owned(), name: code.to_owned(), english_name: code.to_owned() };
    let texts = Texts::new(english.map(|(key, text)| (key.to_owned(), text.to_owned())));
    world.context.settings.texts = Arc::new(texts.with_languages(Arc::new(German(["de", "en"].map(named)))));
    let words = async |world: &World, more: &str| {
        let told =
            asked(world, &format!("method=API.getMetadata&idSite=1&apiModule=UserCountry&apiAction=getCountry{more}")).await;
        [told[0]["dimension"].as_str().unwrap().to_owned(), told[0]["metrics"]["nb_visits"].as_str().unwrap().to_owned()]
    };
    assert_eq!(words(&world, "").await, ["Country", "Visits"]);
    assert_eq!(words(&world, "&language=de").await, ["Land", "Besuche"]);
    let set = "method=LanguagesManager.setLanguageForUser&login=superuser&languageCode=";
    assert_eq!(asked(&world, &format!("{set}de")).await["value"], json!(true));
    assert_eq!(words(&world, "").await, ["Land", "Besuche"]);
    assert_eq!(words(&world, "&language=en").await, ["Country", "Visits"]);
    let inner = "method%3DAPI.getMetadata%26idSite%3D1%26apiModule%3DUserCountry%26apiAction%3DgetCountry";
    let bulk = asked(&world, &format!("method=API.getBulkRequest&urls[0]={inner}&urls[1]={inner}%26language%3Den")).await;
    assert_eq!([&bulk[0][0]["dimension"], &bulk[1][0]["dimension"]], ["Land", "Country"]);
    assert_eq!(asked(&world, &format!("{set}xx")).await["value"], json!(false));
}

#[tokio::test]
async fn what_no_site_can_have_is_refused() {
    let world = World::new().await;
    let message = async |call: &str| asked(&world, call).await["message"].as_str().unwrap().to_owned();
    let add = "method=SitesManager.addSite&siteName=x";
    let said = "Excluded IPs: The IP to exclude \"1.2.3\" does not have a valid IP format (eg. 1.2.3.4, 1.2.3.*, or 1.2.3.4/5).";
    assert_eq!(message(&format!("{add}&urls=http://x.example&excludedIps=1.2.3.4,1.2.3")).await, said);
    let said = "The currency \"ABC\" is not valid. Please enter a valid currency symbol (eg. USD, EUR, etc.)";
    assert_eq!(message(&format!("{add}&urls=//x.example&currency=ABC")).await, said);
    let said = "idSubtable needs to be a number or 'all', 'undefined' given.";
    let pages = "method=Actions.getPageUrls&idSite=1&period=day&date=2026-02-01&idSubtable=";
    assert_eq!(message(&format!("{pages}undefined")).await, said);
    assert_eq!(asked(&world, &format!("{pages}all")).await, json!([]));
    let said = "The segment condition 'visitCount' is not valid.";
    let visits = "method=VisitsSummary.get&idSite=1&period=day&date=2026-02-01&segment=visitCount";
    assert_eq!(message(visits).await, said);
    assert_eq!(asked(&world, "method=Goals.deleteGoal&idSite=1&idGoal=9").await["result"], "success");
}

#[tokio::test]
async fn what_cannot_be_answered_is_said_as_matomo_says_it() {
    let world = World::new().await;
    let message = async |call: &str| asked(&world, call).await["message"].as_str().unwrap_or("nothing").to_owned();
    assert_eq!(message("x=1").await, "The parameter 'method' isn't set in the Request, and a default value wasn't provided.");
    let wrong = "The parameter 'method' doesn't have a correct type, and a default value wasn't provided.";
    assert_eq!(message("method[]=API.get").await, wrong);
    let day = "period=day&date=2026-02-01";
    for (site, id) in [("x", "0"), ("1.5", "1.5"), ("0,-1", "0"), ("99", "99")] {
        let said = format!("An unexpected website was found in the request: website id was set to '{id}' .");
        assert_eq!(message(&format!("method=UserCountry.getCity&idSite={site}&{day}")).await, said, "{site}");
        assert_eq!(message(&format!("method=UserCountry.getCity&idSite[]={site}&{day}")).await, said, "{site}");
    }
    let unknown = "An unexpected website was found in the request: website id was set to 'all' .";
    assert_eq!(message("method=Live.getVisitorProfile&idSite=all").await, unknown);
    let page = format!("method=Transitions.getTransitionsForPageUrl&pageUrl=x&idSite=all&{day}");
    assert_eq!(message(&page).await, unknown.replace("'all'", "'0'"));
    for (method, name) in [
        ("Referrers.getKeywordsFromCampaignId", "idSubtable"),
        ("Events.getNameFromActionId", "idSubtable"),
        ("Actions.getOutlink", "outlinkUrl"),
        ("Actions.getPageTitle", "pageName"),
        ("Live.getCounters&lastMinutes=x", "lastMinutes"),
    ] {
        let said = format!("Please specify a value for '{name}'.");
        assert_eq!(message(&format!("method={method}&idSite=1&period=nonsense&date=x")).await, said, "{method}");
    }
    let referrers = "Referrers.getReferrerType with multiple sites is not supported (yet).";
    for method in ["Referrers.get", "Referrers.getReferrerType", "API.get"] {
        assert_eq!(message(&format!("method={method}&idSite=1,2&{day}")).await, referrers, "{method}");
    }
    let insight = "Insight can be only generated for reports returning a dataTable";
    let insights = "method=Insights.getInsightsOverview";
    assert_eq!(message(&format!("{insights}&idSite=1,2&{day}")).await, insight);
    assert_eq!(message(&format!("{insights}&idSite=1&period=day&date=2026-02-01,2026-02-02")).await, insight);
    let visitor = "visitorId is expected to be a 16 hex char string";
    assert_eq!(message(&format!("method=VisitsSummary.get&idSite=1&{day}&segment=visitorId==x")).await, visitor);
    assert_eq!(message(&format!("{insights}&idSite=1,2&{day}&segment=visitorId==x")).await, visitor);
    let backwards = "method=VisitsSummary.get&idSite=1&period=range&date=2026-02-02,2026-02-01";
    assert_eq!(message(backwards).await, "Specified date range is invalid.");
    let pivot = format!("method=VisitsSummary.getVisits&idSite=1&{day}&pivotBy=UserCountry.Country");
    assert_eq!(message(&pivot).await, "This report does not support pivot.");
    let compare = "compare=1&compareSegments[0]=actions>1";
    let inverted = "invert_compare_change_compute=1 can only be used when comparing two periods.";
    for method in ["VisitsSummary.getVisits&idSite=1", "MultiSites.getAll", "Actions.getDownloads&idSite=1"] {
        let call = format!("method={method}&{day}&{compare}&invert_compare_change_compute=1");
        assert_eq!(message(&call).await, inverted, "{method}");
    }
    let pages = asked(&world, "method=API.getPagesComparisonsDisabledFor").await;
    assert_eq!((&pages[1], pages.as_array().unwrap().len()), (&json!("MultiSites.index"), 6));
}

#[tokio::test]
async fn what_is_kept_is_checked_first() {
    let world = World::new().await;
    let message = async |call: &str| asked(&world, call).await["message"].as_str().unwrap_or("nothing").to_owned();
    let site = "method=SitesManager.updateSite";
    assert_eq!(message(&format!("{site}&idSite=99&siteName=x")).await, "website id = 99 not found");
    assert_eq!(message(&format!("{site}&idSite=1&siteName=")).await, "The website name can't be empty.");
    assert_eq!(message("method=SitesManager.deleteSite&idSite=99").await, "website id = 99 not found");
    let fragments = "Keep Page URL fragments when tracking Page URLs";
    let fragments =
        format!("{fragments}: The value for the \"{fragments}\" field in the \"WebsiteMeasurable\" plugin is not allowed");
    assert_eq!(message(&format!("{site}&idSite=1&siteName=x&keepURLFragments=7")).await, fragments);
    let zone = "The timezone \"Mars\" is not valid. Please enter a valid timezone.";
    assert_eq!(message("method=SitesManager.addSite&siteName=x&urls=http://x.example&timezone=Mars").await, zone);
    assert_eq!(message("method=SitesManager.setDefaultTimezone&defaultTimezone=Mars").await, zone);
    let currency = "The currency \"ABC\" is not valid. Please enter a valid currency symbol (eg. USD, EUR, etc.)";
    assert_eq!(message("method=SitesManager.setDefaultCurrency&defaultCurrency=ABC").await, currency);
    let address = "The IP to exclude \"bad\" does not have a valid IP format (eg. 1.2.3.4, 1.2.3.*, or 1.2.3.4/5).";
    assert_eq!(message("method=SitesManager.setGlobalExcludedIps&excludedIps=bad").await, address);
    let goal = "method=Goals.addGoal&idSite=1&name=x&matchAttribute=url";
    let regex = "The value \"/(/\" is not a valid regular expression.";
    assert_eq!(message(&format!("{goal}&patternType=regex&pattern=(")).await, regex);
    assert_eq!(message(&format!("{goal}&patternType=contains&pattern=")).await, "Please specify a value for 'pattern'.");
    let segment = "The specified segment is invalid: Segment 'nope' is not a supported segment.";
    assert_eq!(message("method=SegmentEditor.add&name=x&definition=nope==1").await, segment);
    assert_eq!(message("method=VisitsSummary.get&idSite=1&period=day&date=2026-02-01&segment=(x==1").await.as_str(), {
        "Segment '(x' is not a supported segment."
    });
    let user = "method=UsersManager.addUser&password=secret123";
    let name = "Username: The username must be between 2 and 100 characters long and contain only letters, numbers, or the \
                characters '_' or '-' or '.' or '@' or '+'";
    assert_eq!(message(&format!("{user}&userLogin=a&email=a@example.org")).await, name);
    let taken = "Username: Username 'view' already exists.";
    assert_eq!(message(&format!("{user}&userLogin=view&email=a@example.org")).await, taken);
    let email = "Email: The value \"nowhere\" does not look like a valid email.";
    assert_eq!(message(&format!("{user}&userLogin=ada&email=nowhere")).await, email);
    let taken = "Email: User with email 'view@example.org' already exists.";
    assert_eq!(message(&format!("{user}&userLogin=ada&email=view@example.org")).await, taken);
    assert_eq!(message("method=UsersManager.getUser&userLogin=ada").await, "User 'ada' doesn't exist.");
    let dimension = "method=CustomDimensions.configureNewCustomDimension&idSite=1&scope=visit";
    let active = "Invalid value '2' for 'active' specified. Allowed values: '0' or '1'";
    assert_eq!(message(&format!("{dimension}&name=x&active=2")).await, active);
    let letters = "Allowed characters are any letters, numbers, whitespace, a dash and underline.";
    assert_eq!(message(&format!("{dimension}&name=x/y&active=1")).await, letters);
    let source = "Each extraction within extractions has to be an array";
    assert_eq!(message(&format!("{dimension}&name=x&active=1&extractions[0]=a")).await, source);
}

#[tokio::test]
async fn people_are_managed_in_the_words_of_the_wire() {
    let world = World::new().await;
    let message = async |call: &str| asked(&world, call).await["message"].as_str().unwrap_or("nothing").to_owned();
    let access = "method=UsersManager.setUserAccess&idSites=1";
    let public = "You can only set access noaccess or view access to the 'anonymous' user.";
    assert_eq!(message(&format!("{access}&userLogin=anonymous&access=admin")).await, public);
    let all = "The user 'superuser' has Super User access and has already permission to access and modify all websites in \
               Matomo. You may remove the Super User access from this user and try again.";
    assert_eq!(message(&format!("{access}&userLogin=superuser&access=view")).await, all);
    let preference = "method=UsersManager.setUserPreference&userLogin=view&preferenceValue=1";
    assert_eq!(message(&format!("{preference}&preferenceName=nope")).await, "Not supported preference name: nope");
    assert_eq!(message(&format!("{preference}&preferenceName=defaultReport")).await, "ok");
    let update = message("method=UsersManager.updateUser&userLogin=view&email=new@example.org").await;
    assert_eq!(update, "Please enter your password to confirm this change.");
    let nobody = "The anonymous user cannot be edited or deleted. It is used by Matomo to define a user that has not logged in \
                  yet. For example, you can make your statistics public by granting the 'view' access to the 'anonymous' user.";
    assert_eq!(message("method=UsersManager.deleteUser&userLogin=anonymous").await, nobody);
    let logins = asked(&world, "method=UsersManager.getUsersLogin").await;
    assert_eq!(logins, json!(["admin", "anonymous", "superuser", "view", "write"]));
    assert_eq!(asked(&world, "method=UsersManager.getUsersSitesFromAccess&access=admin").await, json!({"admin": [1]}));
    let supers = asked(&world, "method=UsersManager.getUsersHavingSuperUserAccess").await;
    let told: Vec<&String> = supers[0].as_object().unwrap().keys().collect();
    assert_eq!(told, ["login", "email", "superuser_access", "invite_status", "uses_2fa", "last_seen"]);
}

#[tokio::test]
async fn notes_keep_the_places_at_which_they_were_written() {
    let world = World::new().await;
    let add = "method=Annotations.add";
    let added = asked(&world, &format!("{add}&idSite=1&date=2026-02-03&note=later")).await;
    assert_eq!((&added["note"], &added["idNote"]), (&json!("later"), &json!(0)));
    assert_eq!(asked(&world, &format!("{add}&idSite=1&date=2026-02-01&note=earlier")).await["idNote"], 1);
    let all = asked(&world, "method=Annotations.getAll&idSite=1").await;
    let notes = all[0].as_object().unwrap();
    let told: Vec<(&str, &Value)> = notes.iter().map(|(place, note)| (place.as_str(), &note["note"])).collect();
    assert_eq!(told, [("1", &json!("earlier")), ("0", &json!("later"))]);
    let day = asked(&world, "method=Annotations.getAll&idSite=1&date=2026-02-01&period=day").await;
    assert_eq!(day[0][0]["idNote"], 1);
    for wrong in ["all", "1,2"] {
        let refused = asked(&world, &format!("{add}&idSite={wrong}&date=2026-02-01&note=x")).await;
        assert_eq!(refused["message"], "Please specify a value for 'idSite'.");
    }
}

#[tokio::test]
async fn reports_over_time_say_where_their_failure_comes_from() {
    let world = World::new().await;
    let call = "method=API.getRowEvolution&idSite=1&period=day&date=2026-02-01,2026-02-03&apiModule=Referrers&apiAction";
    let refused = asked(&world, &format!("{call}=getAll")).await;
    assert_eq!(
        refused["message"],
        "API returned an error: Referrers.getAll with multiple sites or dates is not supported (yet). "
    );
    assert_eq!(
        asked(&world, "method=Live.getMostRecentVisitsDateTime&idSite=all").await["value"],
        "",
        "no site is called by the word for all"
    );
}

#[tokio::test]
async fn orders_named_by_their_number_have_no_columns_of_their_own() {
    let world = World::new().await;
    let columns = async |goal: &str| {
        let call = format!("method=Goals.getMetrics&idSite=1&period=day&date=2026-02-01&idGoal={goal}");
        let told = asked(&world, &call).await;
        told.as_object().unwrap().keys().cloned().collect::<Vec<String>>()
    };
    let by_number = ["nb_conversions", "nb_visits_converted", "revenue", "items", "conversion_rate"];
    assert_eq!(columns("0").await, by_number);
    let by_word = [
        "nb_conversions",
        "nb_visits_converted",
        "revenue",
        "revenue_subtotal",
        "revenue_tax",
        "revenue_shipping",
        "revenue_discount",
        "items",
        "avg_order_revenue",
        "conversion_rate",
    ];
    assert_eq!(columns("ecommerceOrder").await, by_word);
}

#[tokio::test]
async fn what_would_be_made_ahead_is_checked_as_if_it_were() {
    let world = World::new().await;
    let invalidated = async |rest: &str| asked(&world, &format!("method=CoreAdminHome.invalidateArchivedReports&{rest}")).await;
    let done = "Success. The following dates were invalidated successfully: ";
    let wrong = "Warning: some of the Dates to invalidate were invalid: '2026-1-2'. Matomo simply ignored those and proceeded \
                 with the others.";
    assert_eq!(invalidated("idSites=1&dates=2026-01-01,2026-1-2").await, json!([format!("{done}2026-01-01"), wrong]));
    assert_eq!(invalidated("idSites=1&dates=2026-1-2").await, json!([done, wrong]));
    let period = "The period 'x' is not supported. Try any of the following instead: day, week, month, year, range";
    assert_eq!(invalidated("idSites=1&dates=2026-01-01&period=x").await["message"], period);
    let archive = "method=CoreAdminHome.setArchiveSettings&enableBrowserTriggerArchiving=1&todayArchiveTimeToLive";
    let never = "Today archive time to live must be a number of seconds greater than zero";
    assert_eq!(asked(&world, &format!("{archive}=x")).await["message"], never);
    assert_eq!(asked(&world, &format!("{archive}=900")).await["value"], true);
}

#[tokio::test]
async fn people_see_of_each_other_what_they_may() {
    let world = World::new().await;
    let invited = asked(&world, "method=UsersManager.inviteUser&userLogin=guest&email=guest@example.org&initialIdSite=1").await;
    assert_eq!(invited["result"], "success", "{invited}");
    let all = asked(&world, "method=UsersManager.getUsers").await;
    let named = |login: &str| all.as_array().unwrap().iter().find(|user| user["login"] == login).unwrap().clone();
    assert!(named("guest")["invite_status"].as_i64().is_some_and(|days| (6..=7).contains(&days)), "{all}");
    assert_eq!((&named("view")["invite_status"], &named("view")["uses_2fa"]), (&json!("active"), &json!(false)));
    let request = MatomoRequest::decode("module=API&format=json&method=UsersManager.getUsers", b"").unwrap();
    let reply = matomo::answer(&world.context, &world.people[3], &request).await;
    let seen: Value = serde_json::from_slice(&reply.body).unwrap();
    let own = json!({"login": "admin", "email": "admin@example.org", "superuser_access": 0, "invite_status": "active"});
    let other = |login: &str| json!({"login": login, "superuser_access": 0, "invite_status": "active"});
    assert_eq!(seen, json!([own, other("view"), other("write")]));
}

#[tokio::test]
async fn an_installation_says_what_may_be_changed() {
    let world = World::new().await;
    let done = json!({"result": "success", "message": "ok"});
    let (login, address) = ("ada", "192.0.2.7".parse().unwrap());
    let throttle = world.context.admin.throttle();
    (0..5).for_each(|_| throttle.failed(login, address, world.context.now));
    assert!(throttle.check(login, address, world.context.now).is_err());
    assert_eq!(asked(&world, "method=Login.unblockBruteForceIPs").await, done);
    assert!(throttle.check(login, address, world.context.now).is_ok());
    let script = asked(&world, "method=CustomJsTracker.doesIncludePluginTrackersAutomatically").await;
    assert_eq!(script, json!({"value": true}));
    let chosen = |provider: &str| format!("method=UserCountry.setLocationProvider&providerId={provider}");
    assert_eq!(asked(&world, &chosen("default")).await, done);
    assert_eq!(asked(&world, &chosen("none")).await["message"], "Invalid provider ID: 'none'.");
    assert_eq!(asked(&world, &chosen("geoip2php")).await["message"], "Setting geo location has been disabled in config.");
}
