//! What every report answers about one small story, in JSON and in XML, byte by byte: `answers/`, a file a method and
//! format. `UPDATE_GOLDEN=1` rewrites them; the difference is the review.

mod common;

use std::{collections::BTreeSet, fs, path::PathBuf};

use common::{Server, TOKEN};
use footfall_api::matomo;

const STORY: &str = include_str!("answers/story.txt");

/// Everything that is asked: the file's name where one method is asked twice, and the call.
const ASKED: &[(&str, &str)] = &[
    ("", "VisitsSummary.get"),
    ("VisitsSummary.get.days", "VisitsSummary.get&date=2026-03-01,2026-03-03"),
    ("VisitsSummary.get.sites", "VisitsSummary.get&idSite=all&period=week"),
    ("VisitsSummary.get.segment", "VisitsSummary.get&period=month&segment=deviceType==desktop"),
    ("VisitsSummary.get.range", "VisitsSummary.get&period=range&date=2026-03-01,2026-03-03"),
    ("", "VisitsSummary.getVisits"),
    ("VisitsSummary.getVisits.days", "VisitsSummary.getVisits&date=2026-02-28,2026-03-02"),
    ("", "VisitsSummary.getUniqueVisitors"),
    ("VisitsSummary.getUniqueVisitors.year", "VisitsSummary.getUniqueVisitors&period=year"),
    ("", "VisitsSummary.getUsers"),
    ("", "VisitsSummary.getActions"),
    ("", "VisitsSummary.getMaxActions"),
    ("", "VisitsSummary.getBounceCount"),
    ("", "VisitsSummary.getVisitsConverted"),
    ("", "VisitsSummary.getSumVisitsLength"),
    ("", "VisitsSummary.getSumVisitsLengthPretty"),
    ("", "VisitFrequency.get&period=week"),
    ("", "API.get"),
    ("API.get.formatted", "API.get&format_metrics=1"),
    ("", "API.getBulkRequest&urls[0]=method%3DVisitsSummary.get&urls[1]=method%3DActions.get%26idSite%3D9"),
    ("", "API.getProcessedReport&apiModule=UserCountry&apiAction=getCountry&showTimer=0"),
    ("", "API.getRowEvolution&apiModule=Actions&apiAction=getPageTitles&label=Pricing&date=2026-03-01,2026-03-03"),
    (
        "API.getRowEvolution.several",
        "API.getRowEvolution&apiModule=UserCountry&apiAction=getCountry&date=2026-03-01,2026-03-03&column=nb_actions",
    ),
    (
        "API.getRowEvolution.below",
        "API.getRowEvolution&apiModule=Events&apiAction=getCategory&secondaryDimension=eventName&label=Video%20%3E%20Intro\
         &date=2026-03-01,2026-03-03",
    ),
    ("", "API.getMetadata&apiModule=Actions&apiAction=getPageUrls"),
    ("API.getMetadata.below", "API.getMetadata&apiModule=Events&apiAction=getName&secondaryDimension=eventCategory"),
    (
        "API.getProcessedReport.below",
        "API.getProcessedReport&apiModule=Events&apiAction=getNameFromCategoryId&idSubtable=1&showTimer=0",
    ),
    ("", "API.getSuggestedValuesForSegment&segmentName=visitorType"),
    ("API.getSuggestedValuesForSegment.pageTitle", "API.getSuggestedValuesForSegment&segmentName=pageTitle"),
    ("API.getSuggestedValuesForSegment.browserName", "API.getSuggestedValuesForSegment&segmentName=browserName"),
    ("API.getSuggestedValuesForSegment.actionUrl", "API.getSuggestedValuesForSegment&segmentName=actionUrl"),
    ("", "Actions.get"),
    ("", "Actions.getPageUrls"),
    ("Actions.getPageUrls.expanded", "Actions.getPageUrls&expanded=1"),
    ("Actions.getPageUrls.flat", "Actions.getPageUrls&flat=1&filter_limit=3&filter_sort_column=nb_hits"),
    ("Actions.getPageUrls.label", "Actions.getPageUrls&label=docs%20%3E%20start"),
    ("Actions.getPageUrls.labels", "Actions.getPageUrls&label[0]=docs&label[1]=/pricing&expanded=1"),
    ("Actions.getPageUrls.columns", "Actions.getPageUrls&flat=1&showColumns=nb_visits,nb_hits"),
    ("", "Actions.getPageTitles&expanded=1"),
    ("", "Actions.getEntryPageUrls&flat=1"),
    ("", "Actions.getExitPageUrls&flat=1"),
    ("", "Actions.getEntryPageTitles&flat=1"),
    ("", "Actions.getExitPageTitles&flat=1"),
    ("", "Actions.getDownloads&expanded=1"),
    ("", "Actions.getOutlinks&expanded=1"),
    ("", "Actions.getSiteSearchKeywords"),
    ("", "Actions.getSiteSearchNoResultKeywords"),
    ("Actions.getSiteSearchNoResultKeywords.month", "Actions.getSiteSearchNoResultKeywords&period=month"),
    ("", "Actions.getSiteSearchCategories"),
    ("", "Actions.getPageUrl&pageUrl=http://shop.example/pricing"),
    ("Actions.getPageUrl.fragment", "Actions.getPageUrl&pageUrl=http://shop.example/pricing%23top"),
    ("Actions.getPageUrl.path", "Actions.getPageUrl&pageUrl=/docs/start"),
    ("", "Actions.getPageTitle&pageName=Pricing"),
    ("", "Actions.getDownload&downloadUrl=http://shop.example/files/guide.pdf"),
    ("", "Actions.getOutlink&outlinkUrl=https://partner.example/offer"),
    ("", "Actions.getPageUrlsFollowingSiteSearch&flat=1"),
    ("", "Actions.getPageTitlesFollowingSiteSearch&flat=1"),
    ("", "Referrers.get"),
    ("Referrers.get.days", "Referrers.get&date=2026-02-28,2026-03-03"),
    ("", "Referrers.getReferrerType"),
    ("", "Referrers.getAll"),
    ("", "Referrers.getWebsites&expanded=1"),
    ("", "Referrers.getSearchEngines&expanded=1"),
    ("", "Referrers.getKeywords"),
    ("", "Referrers.getSocials&expanded=1"),
    ("", "Referrers.getCampaigns&expanded=1"),
    ("Referrers.getCampaigns.flat", "Referrers.getCampaigns&flat=1&period=month"),
    ("", "Referrers.getNumberOfDistinctCampaigns"),
    ("", "Referrers.getNumberOfDistinctKeywords"),
    ("", "Referrers.getNumberOfDistinctSearchEngines"),
    ("", "Referrers.getNumberOfDistinctSocialNetworks"),
    ("", "Referrers.getNumberOfDistinctWebsites"),
    ("", "Referrers.getNumberOfDistinctWebsitesUrls"),
    ("", "UserCountry.getNumberOfDistinctCountries"),
    ("", "UserCountry.getCountry"),
    ("", "UserCountry.getContinent"),
    ("", "UserCountry.getRegion"),
    ("", "UserCountry.getCity"),
    ("", "DevicesDetection.getType"),
    ("", "DevicesDetection.getBrowsers"),
    ("", "DevicesDetection.getBrowserVersions"),
    ("", "DevicesDetection.getBrowserEngines"),
    ("", "DevicesDetection.getOsFamilies"),
    ("", "DevicesDetection.getOsVersions"),
    ("", "DevicesDetection.getBrand"),
    ("", "DevicesDetection.getModel"),
    ("", "DevicePlugins.getPlugin"),
    ("", "Resolution.getResolution"),
    ("", "Resolution.getConfiguration"),
    ("", "UserLanguage.getLanguage"),
    ("", "UserLanguage.getLanguageCode"),
    ("", "VisitTime.getVisitInformationPerServerTime"),
    ("", "VisitTime.getVisitInformationPerLocalTime"),
    ("", "VisitTime.getByDayOfWeek&period=week"),
    ("", "VisitorInterest.getNumberOfVisitsPerVisitDuration"),
    ("", "VisitorInterest.getNumberOfVisitsPerPage"),
    ("", "VisitorInterest.getNumberOfVisitsByVisitCount"),
    ("", "VisitorInterest.getNumberOfVisitsByDaysSinceLast&period=week"),
    ("", "Events.getCategory&expanded=1"),
    ("Events.getCategory.names", "Events.getCategory&secondaryDimension=eventName&flat=1"),
    ("Events.getCategory.label", "Events.getCategory&secondaryDimension=eventName&label=Video%20%3E%20Intro"),
    ("", "Events.getAction"),
    ("Events.getAction.compared", "Events.getAction&compare=1&compareSegments[0]=actions%253E0"),
    ("", "Events.getName"),
    ("", "Contents.getContentNames&expanded=1"),
    ("", "Contents.getContentPieces"),
    ("", "PagePerformance.get"),
    ("", "CustomDimensions.getCustomDimension&idDimension=1"),
    ("CustomDimensions.getCustomDimension.action", "CustomDimensions.getCustomDimension&idDimension=2"),
    ("", "CustomVariables.getCustomVariables&expanded=1"),
    ("CustomVariables.getCustomVariables.week", "CustomVariables.getCustomVariables&flat=1&period=week"),
    ("", "CustomVariables.getCustomVariablesValuesFromNameId&idSubtable=1"),
    ("", "CustomVariables.getUsagesOfSlots"),
    ("", "Overlay.getFollowingPages&url=http://shop.example/docs/guide"),
    ("", "Overlay.getTranslations"),
    ("", "Transitions.getTransitionsForPageUrl&pageUrl=http://shop.example/pricing&period=week"),
    ("", "Transitions.getTransitionsForPageTitle&pageTitle=Pricing&period=week&limitBeforeGrouping=1"),
    (
        "Transitions.getTransitionsForAction.parts",
        "Transitions.getTransitionsForAction&actionName=Pricing&actionType=title&parts=followingActions&period=week",
    ),
    ("", "UserId.getUsers"),
    ("", "Goals.get"),
    ("Goals.get.goal", "Goals.get&idGoal=1"),
    ("", "Goals.getMetrics"),
    ("Goals.getMetrics.days", "Goals.getMetrics&date=2026-02-28,2026-03-03"),
    ("", "Goals.getConversions"),
    ("", "Goals.getConversionRate"),
    ("", "Goals.getNbVisitsConverted"),
    ("", "Goals.getRevenue"),
    ("", "Goals.getDaysToConversion"),
    ("", "Goals.getVisitsUntilConversion&period=week"),
    ("", "Goals.getItemsName"),
    ("", "Goals.getItemsSku"),
    ("", "Goals.getItemsCategory"),
    ("", "Goals.getGoals"),
    ("", "Goals.addGoal&name=Read&matchAttribute=url&pattern=docs&patternType=contains"),
    ("", "Live.getCounters&lastMinutes=2880"),
    ("", "Live.getLastVisitsDetails&period=range&date=2026-03-02,2026-03-03&hideColumns=fingerprint"),
    (
        "Live.getLastVisitsDetails.page",
        "Live.getLastVisitsDetails&period=week&filter_limit=2&filter_offset=1&doNotFetchActions=1&hideColumns=fingerprint",
    ),
    (
        "Live.getLastVisitsDetails.flat",
        "Live.getLastVisitsDetails&flat=1&filter_limit=1&filter_sort_order=asc&hideColumns=fingerprint",
    ),
    ("", "Live.getMostRecentVisitorId"),
    ("", "Live.getMostRecentVisitsDateTime"),
    ("", "Live.getVisitorProfile&hideColumns=fingerprint"),
    ("", "Live.isVisitorProfileEnabled"),
    ("", "MultiSites.getAll"),
    ("", "MultiSites.getAllWithGroups&showColumns=nb_visits,visits_evolution"),
    ("", "MultiSites.getOne"),
    ("", "Insights.getInsights&reportUniqueId=Actions_getPageUrls&minGrowthPercent=1"),
    ("", "Insights.getMoversAndShakers&reportUniqueId=UserCountry_getCountry"),
    ("", "Events.getActionFromCategoryId&idSubtable=1"),
    ("", "Events.getActionFromNameId&idSubtable=1"),
    ("", "Events.getCategoryFromActionId&idSubtable=1"),
    ("", "Events.getCategoryFromNameId&idSubtable=1"),
    ("", "Events.getNameFromActionId&idSubtable=1"),
    ("", "Events.getNameFromCategoryId&idSubtable=1"),
    ("", "Referrers.getKeywordsFromCampaignId&idSubtable=1"),
    ("", "Referrers.getKeywordsFromSearchEngineId&idSubtable=1"),
    ("", "Referrers.getSearchEnginesFromKeywordId&idSubtable=1"),
    ("", "Referrers.getUrlsForSocial&idSubtable=1"),
    ("", "Referrers.getUrlsFromWebsiteId&idSubtable=1"),
    ("Goals.get.days", "Goals.get&idGoal=1&date=2026-03-01,2026-03-03"),
    ("Goals.get.unformatted", "Goals.get&idGoal=1&date=2026-03-01,2026-03-03&format_metrics=0"),
    ("Goals.getItemsSku.days", "Goals.getItemsSku&date=2026-03-01,2026-03-03"),
    ("", "API.getGlossaryReports"),
    ("", "API.getGlossaryMetrics"),
    ("", "Insights.canGenerateInsights"),
    (
        "Insights.getInsights.next",
        "Insights.getInsights&date=2026-03-03&reportUniqueId=Actions_getPageTitles&minImpactPercent=1&minGrowthPercent=1\
         &limitDecreaser=9&orderBy=relative",
    ),
    (
        "Insights.getInsights.gone",
        "Insights.getInsights&date=2026-03-03&reportUniqueId=UserCountry_getCountry&filterBy=disappeared",
    ),
    ("", "Insights.getMoversAndShakersOverview&date=2026-03-03"),
    ("", "Insights.getInsightsOverview"),
    ("", "Dashboard.getDashboards"),
    ("", "LanguagesManager.getAvailableLanguageNames"),
    ("", "PrivacyManager.findDataSubjects&segment=countryCode==fr"),
    ("", "PrivacyManager.exportDataSubjects&visits[0][idsite]=1&visits[0][idvisit]=1&hideColumns=config_id"),
    (
        "API.getProcessedReport.compared",
        "API.getProcessedReport&apiModule=UserCountry&apiAction=getCountry&compare=1&compareSegments[0]=visitorType==new",
    ),
    ("VisitsSummary.get.compared", "VisitsSummary.get&compare=1&compareDates[0]=2026-03-03&comparePeriods[0]=day"),
    ("", "SitesManager.addSite&siteName=third&urls[0]=http://third.example"),
    ("", "SitesManager.updateSite&idSite=2&siteName=Second"),
    ("", "SitesManager.getSiteFromId"),
    ("", "SitesManager.getAllSites"),
    ("", "CustomDimensions.configureNewCustomDimension&name=Colour&scope=action&active=1"),
    ("", "CustomDimensions.getConfiguredCustomDimensions"),
];

/// Reports that have no golden answer. Take lines away; add none.
const WITHOUT: &[&str] = &[];

#[test]
fn every_answer_is_as_it_was() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let server = Server::start(&[("FOOTFALL_TESTING_NOW_HEADER", "x-now"), ("FOOTFALL_BASE_URL", "http://footfall.example")]);
    play(&server);
    let mut different = Vec::new();
    for (name, call) in ASKED {
        let method = call.split('&').next().unwrap_or_default();
        let name = if name.is_empty() { method } else { name };
        for format in ["json", "xml"] {
            // What changes something is done once.
            if changes(method) && format == "xml" {
                continue;
            }
            let answer = server.get(&request(call, format), &[("x-now", "2026-03-04T10:00:00Z")]);
            let told = answer.text();
            let path = folder().join(format!("{name}.{format}"));
            if update {
                fs::write(&path, &told).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
            }
            if fs::read_to_string(&path).unwrap_or_default() != told {
                different.push(format!("{}:\n{told}", path.display()));
            }
        }
    }
    assert!(different.is_empty(), "see the difference, then set UPDATE_GOLDEN=1 if it is meant:\n{}", different.join("\n"));
}

#[test]
fn a_link_that_is_no_url_counts_among_pages_without_one() {
    let server = Server::start(&[("FOOTFALL_TESTING_NOW_HEADER", "x-now")]);
    let now = [
        ("x-now", "2026-03-02T10:00:00Z"),
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    ];
    let site = "SitesManager.addSite&siteName=Shop&urls[0]=http://shop.example";
    server.get(&format!("/index.php?module=API&format=json&token_auth={TOKEN}&method={site}"), &now);
    let page = "url=http%3A%2F%2Fshop.example%2Fcontact";
    for link in ["", "&link=mailto%3Aada%40shop.example", "&link=https%3A%2F%2Fpartner.example%2F"] {
        assert_eq!(server.get(&format!("/matomo.php?idsite=1&rec=1&{page}{link}"), &now).status, 200);
    }
    let told = |call: &str| server.get(&request(call, "json"), &now).json();
    let numbers = told("Actions.get");
    assert_eq!((&numbers["nb_pageviews"], &numbers["nb_outlinks"]), (&2.into(), &1.into()), "{numbers}");
    let pages = told("Actions.getPageUrls&flat=1");
    let rows: Vec<_> =
        pages.as_array().into_iter().flatten().map(|row| (row["label"].as_str(), row["nb_hits"].as_i64())).collect();
    assert_eq!(rows, [(Some("/contact"), Some(1)), (Some("Page URL not defined"), Some(1))], "{pages}");
    assert_eq!(told("Actions.getOutlinks&flat=1").as_array().map(Vec::len), Some(1));
}

#[test]
fn the_first_rows_and_those_at_the_top_are_as_in_the_whole_table() {
    let server = Server::start(&[("FOOTFALL_TESTING_NOW_HEADER", "x-now")]);
    play(&server);
    // The second site has no goals.
    for (at, page) in ["", "a/", "a/b", "a/b/c", "a/d", "a/d", "e/f", "g", "g", "h/i"].iter().enumerate() {
        let address = format!("194.57.91.{}", at / 3);
        let sent =
            format!("url=http%3A%2F%2Fempty.example%2F{page}&action_name=p{page}&cdt=2026-03-02%2010:0{at}:00&cip={address}");
        let timed = if at % 2 == 0 { "&pf_srv=20&pf_net=7" } else { "" };
        let hit = format!("/matomo.php?idsite=2&rec=1&token_auth={TOKEN}&{sent}{timed}");
        assert_eq!(server.get(&hit, &[("x-now", "2026-03-04T09:00:00Z")]).status, 200);
    }
    let rows = |call: &str| {
        let told = server.get(&request(call, "json"), &[("x-now", "2026-03-04T10:00:00Z")]).json();
        told.as_array().unwrap_or_else(|| panic!("{call}: {told}")).clone()
    };
    let methods = ["getPageUrls", "getPageTitles", "getEntryPageUrls"];
    for (method, site, period) in methods.iter().flat_map(|method| [(method, 1, "day"), (method, 2, "day"), (method, 2, "week")])
    {
        let call = format!("Actions.{method}&idSite={site}&period={period}");
        for how in [
            "&flat=1",
            "&flat=1&filter_sort_column=nb_hits&filter_sort_order=asc",
            "&flat=1&filter_sort_column=exit_nb_visits",
            "&expanded=1",
            "&filter_sort_column=label",
        ] {
            let whole = rows(&format!("{call}{how}&filter_limit=-1"));
            for (skipped, n) in [(0, 1), (1, 2)] {
                let first = rows(&format!("{call}{how}&filter_limit={n}&filter_offset={skipped}"));
                assert_eq!(first, whole[skipped.min(whole.len())..(skipped + n).min(whole.len())], "{call}{how}: {n} rows");
            }
        }
        let mut top = rows(&format!("{call}&expanded=1"));
        for row in top.iter_mut().filter_map(|row| row.as_object_mut()) {
            row.remove("subtable");
        }
        assert_eq!(rows(&call), top, "{call}");
    }
    assert_eq!(rows("Actions.getPageUrls&idSite=2&flat=1").len(), 8);
}

#[test]
fn reports_without_answers_only_shrink() {
    let asked: BTreeSet<&str> = ASKED.iter().filter_map(|(_, call)| call.split('&').next()).collect();
    let reports = footfall_report::reports::ALL.iter().map(|report| report.method());
    let missing: BTreeSet<String> = reports.filter(|method| !asked.contains(method.as_str())).collect();
    let listed: BTreeSet<String> = WITHOUT.iter().map(|method| (*method).to_owned()).collect();
    assert_eq!(missing, listed, "give the new report an answer; do not extend the list");
    let known: BTreeSet<String> = matomo::methods().into_iter().collect();
    let unknown: Vec<_> = asked.iter().filter(|method| !known.contains(**method)).collect();
    assert!(unknown.is_empty(), "no such methods: {unknown:?}");
}

fn changes(method: &str) -> bool {
    ["add", "update", "configure"].iter().any(|verb| method.split_once('.').is_some_and(|(_, action)| action.starts_with(verb)))
}

fn request(call: &str, format: &str) -> String {
    let mut request = format!("/index.php?module=API&format={format}&token_auth={TOKEN}&method={call}");
    for (name, default) in [("idSite", "1"), ("period", "day"), ("date", "2026-03-02")] {
        if !call.contains(&format!("&{name}=")) {
            request.push_str(&format!("&{name}={default}"));
        }
    }
    request
}

fn folder() -> PathBuf {
    PathBuf::from("tests/answers")
}

/// Sets up two sites and sends what the story's browsers sent.
fn play(server: &Server) {
    for call in [
        "SitesManager.addSite&siteName=Shop&urls[0]=http://shop.example&ecommerce=1&timezone=Europe/Berlin&currency=EUR",
        "SitesManager.addSite&siteName=Empty&urls[0]=http://empty.example",
        "Goals.addGoal&idSite=1&name=Thanks&matchAttribute=manually&pattern=.*&patternType=regex&allowMultipleConversionsPerVisit=0",
        "CustomDimensions.configureNewCustomDimension&idSite=1&name=Visitor&scope=visit&active=1",
        "CustomDimensions.configureNewCustomDimension&idSite=1&name=Part&scope=action&active=1",
    ] {
        let call = format!("/index.php?module=API&format=json&token_auth={TOKEN}&method={call}");
        let made = server.get(&call, &[("x-now", "2026-03-01T10:00:00Z")]).json();
        assert!(made["value"].is_number(), "{call}: {made}");
    }
    for line in STORY.lines().filter(|line| !line.starts_with('#')) {
        let [day, time, who, sent] = line.splitn(4, ' ').collect::<Vec<_>>()[..] else { panic!("no story: {line}") };
        let (id, address, language, screen, agent) = person(who);
        let sent: String = sent.split('&').map(encoded).collect();
        let query = format!(
            "idsite=1&rec=1&apiv=1&token_auth={TOKEN}&cdt={day}%20{time}:00&cip={address}&_id={id}&res={screen}&h=10&m=30&s=0\
             &cookie=1{sent}"
        );
        let headers = [("user-agent", agent), ("accept-language", language), ("x-now", "2026-03-04T09:00:00Z")];
        let answer = server.get(&format!("/matomo.php?{query}"), &headers);
        assert_eq!(answer.status, 200, "{line}: {}", answer.text());
        assert_eq!(answer.headers.get("x-footfall-dropped"), None, "{line}");
    }
}

/// `name=value`, the value percent-encoded.
fn encoded(pair: &str) -> String {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let value: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("&{name}={value}")
}

/// Someone's visitor id, address, languages, screen and browser.
fn person(who: &str) -> (&'static str, &'static str, &'static str, &'static str, &'static str) {
    match who {
        "ada" => (
            "ada0000000000000",
            "194.57.91.215",
            "de-DE,de;q=0.9",
            "1920x1080",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        ),
        "bob" => (
            "b0b0000000000000",
            "156.5.3.2",
            "en-US,en;q=0.5",
            "1366x768",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
        ),
        "eve" => (
            "e5e0000000000000",
            "151.33.12.1",
            "fr-FR,fr;q=0.8",
            "390x844",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        ),
        _ => (
            "2030000000000000",
            "194.57.91.216",
            "de",
            "412x915",
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
        ),
    }
}

#[test]
fn answers_are_written_as_each_format_has_them() {
    let server = Server::start(&[("FOOTFALL_TESTING_NOW_HEADER", "x-now")]);
    play(&server);
    let told = |call: &str, format: &str| server.get(&request(call, format), &[("x-now", "2026-03-04T10:00:00Z")]).text();
    let numbers = told("VisitsSummary.getVisits", "original");
    assert!(numbers.starts_with("<table border=\"1\">\n<thead>\n\t<tr>\n\t\t<th>nb_visits</th>\n"), "{numbers}");
    assert_eq!(
        told("API.getMatomoVersion", "original"),
        told("API.getMatomoVersion", "csv&convertToUnicode=0").replace("value\n", "")
    );
    assert!(told("Goals.getGoals", "original").starts_with("array (\n"));
    assert_eq!(told("Actions.getOutlink", "original"), "Please specify a value for 'outlinkUrl'.");
    let countries = told("UserCountry.getCountry&filter_limit=1&showColumns=nb_visits&translateColumnNames=1", "html");
    assert!(countries.contains("<th>Visits</th>"), "{countries}");
    assert!(countries.contains("<td>'code' =&gt; 'fr'&lt;br /&gt;'logo' =&gt; "), "{countries}");
    let wrong = "Error: Data structure returned is not convertible in the requested format: Only integer keys supported for array \
                 columns on base level. Unsupported string 'searches' found for row 'array (";
    let profile = told("Live.getVisitorProfile", "csv");
    assert!(profile.starts_with(wrong), "{profile}");
    let processed = told("API.getProcessedReport&apiModule=UserCountry&apiAction=getCountry", "tsv");
    assert!(
        processed.contains("Unsupported string 'metadata' found for row 'array (\n  'category' =&gt; 'Visitors',"),
        "{processed}"
    );
    let feed = "Error: RSS feeds can be generated for one specific website &amp;idSite=X.\nPlease specify only one idSite or \
                consider using &amp;format=XML instead.";
    assert_eq!(told("UserCountry.getCountry", "rss"), feed);
    let both = told("Actions.getDownloads&idSite=1,2&date=2026-03-01,2026-03-02", "html");
    assert_eq!(both, "HTML Renderer does not work with this combination of parameters");
    let log = told("Live.getLastVisitsDetails&filter_limit=1", "csv&convertToUnicode=0");
    let begins =
        "idSite,idVisit,visitIp,visitorId,fingerprint,actionDetails_0_type,actionDetails_0_url,actionDetails_0_pageTitle,";
    assert!(log.starts_with(begins), "{log}");
}

#[test]
fn rows_are_found_by_what_visitors_did() {
    let server = Server::start(&[("FOOTFALL_TESTING_NOW_HEADER", "x-now")]);
    let now = [
        ("x-now", "2026-03-04T10:00:00Z"),
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    ];
    let site = "SitesManager.addSite&siteName=Shop&urls[0]=http://shop.example";
    server.get(&format!("/index.php?module=API&format=json&token_auth={TOKEN}&method={site}"), &now);
    for (at, sent) in [
        (
            "2026-03-01%2010:00:00",
            "url=http://shop.example/a%3Fmtm_campaign%3DSale%26mtm_kwd%3DShoes&action_name=A%20%3E%20B&res=1024",
        ),
        ("2026-03-01%2010:01:00", "url=http://shop.example/a&search=hat&search_count=0"),
        ("2026-03-02%2010:00:00", "url=http://shop.example/a&search=hat&search_count=4"),
        ("2026-03-02%2010:01:00", "url=http://shop.example/a&search=shoe&search_count=2"),
        ("2026-03-02%2010:02:00", "url=http://shop.example/a&e_c=Form&e_a=send"),
    ] {
        let hit = format!("/matomo.php?idsite=1&rec=1&token_auth={TOKEN}&cdt={at}&cip=194.57.91.7&{sent}");
        assert_eq!(server.get(&hit, &now).status, 200, "{sent}");
    }
    let told = |call: &str| server.get(&request(call, "json"), &now).json();
    let campaigns = told("Referrers.getCampaigns&flat=1&period=month");
    let segment = "referrerType==campaign;referrerName==sale;referrerType==campaign;referrerKeyword==shoes";
    assert_eq!((&campaigns[0]["label"], &campaigns[0]["segment"]), (&"sale - shoes".into(), &segment.into()));
    // On one day there was nothing to be found.
    let nothing = told("Actions.getSiteSearchNoResultKeywords&period=month");
    assert_eq!((&nothing[0]["label"], nothing.as_array().map(Vec::len)), (&"hat".into(), Some(1)), "{nothing}");
    assert_eq!(told("Actions.getPageTitle&period=month&pageName=A%20%3E%20B"), serde_json::json!([]));
    for (segment, visits) in [
        ("resolution==1024", 1),
        ("resolution==unknown", 1),
        ("resolution==", 0),
        ("resolution!=", 2),
        ("exitPageTitle==", 0),
        ("siteSearchCategory==", 2),
        ("eventValue==", 2),
        ("eventName==", 0),
    ] {
        let found = told(&format!("VisitsSummary.getVisits&period=month&segment={}", segment.replace('=', "%3D")));
        assert_eq!(found["value"], visits, "{segment}");
    }
}

#[test]
fn segments_read_clocks_addresses_and_names_as_matomo_does() {
    let server = Server::start(&[("FOOTFALL_TESTING_NOW_HEADER", "x-now"), ("FOOTFALL_TRACKING_KEEP_ADDRESS", "true")]);
    let now = [
        ("x-now", "2026-03-04T10:00:00Z"),
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    ];
    let ask = |call: &str| server.get(&format!("/index.php?module=API&format=json&token_auth={TOKEN}&method={call}"), &now);
    ask("PrivacyManager.setAnonymizeIpSettings&anonymizeIPEnable=0&maskLength=0");
    ask("SitesManager.addSite&siteName=Shop&urls[0]=http://shop.example&timezone=Europe/Paris");
    for (at, address, sent) in [
        ("2026-03-01%2023:30:00", "9.1.2.3", "url=http://shop.example/a&action_name=A"),
        ("2026-03-02%2010:00:00", "156.5.3.1", "url=http://shop.example/a&action_name=Hello,%20World"),
        ("2026-03-02%2010:01:00", "156.5.3.1", "url=http://shop.example/a&search=hat"),
    ] {
        let hit = format!("/matomo.php?idsite=1&rec=1&token_auth={TOKEN}&cdt={at}&cip={address}&{sent}");
        assert_eq!(server.get(&hit, &now).status, 200, "{sent}");
    }
    for (segment, visits) in [
        ("visitServerHour==23", 1),
        ("visitServerHour==0", 0),
        ("visitEndServerDate==2026-03-01", 1),
        ("visitIp<100.0.0.0", 1),
        ("visitIp>=156.5.0.0;visitIp<=156.5.255.255", 1),
        ("visitIp>2001:db8::1", 1),
        ("pageTitle==Hello, World", 1),
        ("pageTitle=@,", 1),
        ("countryCode==fr;", 0),
        ("exitPageTitle!=", 1),
        ("exitPageTitle!@B", 1),
        ("exitPageTitle!=A", 1),
        ("visitConvertedGoalId==", 2),
        ("browserName==firefox", 2),
        ("browserName=@Fire", 0),
        ("revenueOrder!=5", 2),
    ] {
        let encoded: String = url::form_urlencoded::byte_serialize(segment.as_bytes()).collect();
        let found = ask(&format!("VisitsSummary.getVisits&idSite=1&period=month&date=2026-03-02&segment={encoded}")).json();
        assert_eq!(found["value"], visits, "{segment}");
    }
    let refused = ask("VisitsSummary.getVisits&idSite=1&period=month&date=2026-03-02&segment=referrerType%3D%3Dx").json();
    assert_eq!(refused["message"], "Referrer type 'x' is not valid.");
}
