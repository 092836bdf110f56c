//! Rules of tracking and reporting that scripts rely on, seen from outside.

mod common;

use common::{Server, TOKEN};
use serde_json::Value;

/// A server with one site.
fn site() -> Server {
    let server = Server::start(&[]);
    let added = server.matomo("method=SitesManager.addSite&siteName=site&urls[0]=http://site.example");
    assert_eq!(added["value"], 1, "{added}");
    server
}

fn track(server: &Server, sent: &str) {
    let answer = server.get(&format!("/matomo.php?idsite=1&rec=1&token_auth={TOKEN}&{sent}"), &[("user-agent", "Firefox/140.0")]);
    assert_eq!(answer.status, 200);
}

fn visits(server: &Server, segment: &str) -> Value {
    server.matomo(&format!("method=VisitsSummary.getVisits&idSite=1&period=day&date=2026-03-01&segment={segment}"))["value"]
        .clone()
}

#[test]
fn files_and_other_sites_are_found_by_their_whole_address() {
    let server = site();
    let page = "_id=0123456789abcdef&url=http%3A%2F%2Fsite.example%2Fa&cdt=2026-03-01+10%3A00%3A00";
    track(&server, page);
    track(&server, &format!("{page}&link=http%3A%2F%2Fwww.other.example%2F0.html"));
    track(&server, &format!("{page}&download=https%3A%2F%2Fsite.example%2Ffile.zip"));
    assert_eq!(visits(&server, "outlinkUrl==http%253A%252F%252Fwww.other.example%252F0.html"), 1);
    assert_eq!(visits(&server, "outlinkUrl==other.example%252F0.html"), 0);
    assert_eq!(visits(&server, "downloadUrl==https%253A%252F%252Fsite.example%252Ffile.zip"), 1);
    assert_eq!(visits(&server, "pageUrl==https%253A%252F%252Fwww.site.example%252Fa"), 1);
    let links = server.matomo("method=Actions.getOutlinks&idSite=1&period=day&date=2026-03-01&flat=1");
    let segment = links[0]["segment"].as_str().expect("a segment");
    assert_eq!(visits(&server, segment), 1, "the segment of the report's own row");
}

#[test]
fn addresses_may_hold_what_browsers_escape() {
    let server = site();
    for visitor in ["1", "2"] {
        track(
            &server,
            &format!("cid={visitor}123456789abcdef&url=http://site.example/a&cdt=2026-03-01+10:00:00&action_name=<b>\"A\"</b>"),
        );
    }
    track(&server, "cid=1123456789abcdef&url=http://site.example/b&cdt=2026-03-01+10:01:00");
    assert_eq!(visits(&server, "actions>1"), 1);
    assert_eq!(visits(&server, "actions<2"), 1);
    assert_eq!(visits(&server, "pageTitle==<b>\"A\"</b>"), 2);
    // In a body they are what they are, however it comes.
    let form = b"module=API&format=json&method=VisitsSummary.getVisits&idSite=1&period=day&date=2026-03-01&segment=actions>1";
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let answer = server.post(&format!("/index.php?token_auth={TOKEN}"), &[kind], form);
    assert_eq!(answer.json()["value"], 1);
}

#[test]
fn hours_are_counted_as_somebody_prefers() {
    let server = site();
    track(&server, "cid=0123456789abcdef&url=http%3A%2F%2Fsite.example%2Fa&cdt=2026-03-01+00%3A05%3A09");
    track(&server, "cid=0123456789abcdef&url=http%3A%2F%2Fsite.example%2Fb&cdt=2026-03-01+00%3A15%3A09");
    track(&server, "cid=1123456789abcdef&url=http%3A%2F%2Fsite.example%2Fa&cdt=2026-03-01+13%3A05%3A09");
    let told = || {
        let visits = server.matomo("method=Live.getLastVisitsDetails&idSite=1&period=day&date=2026-03-01");
        let action = visits[0]["actionDetails"][0]["serverTimePretty"].as_str().unwrap_or_default().to_owned();
        let clocks = [&visits[0]["serverTimePretty"], &visits[1]["serverTimePretty"], &visits[1]["serverTimePrettyFirstAction"]];
        (action, clocks.map(|clock| clock.as_str().unwrap_or_default().to_owned()))
    };
    let wanted = |action: &str, clocks: [&str; 3]| (action.to_owned(), clocks.map(str::to_owned));
    assert_eq!(told(), wanted("Mar 1, 2026 13:05:09", ["13:05:09", "00:15:09", "00:05:09"]));
    assert_eq!(server.matomo("method=LanguagesManager.set12HourClockForUser&login=admin&use12HourClock=1")["value"], true);
    assert_eq!(told(), wanted("Mar 1, 2026 1:05:09 PM", ["1:05:09 PM", "12:15:09 AM", "12:05:09 AM"]));
}

#[test]
fn a_page_knows_where_its_visitors_went() {
    let server = site();
    let visitor = |id: &str, page: &str, minute: u32, more: &str| {
        let url = format!("http%3A%2F%2Fsite.example%2F{page}");
        format!("cid={id}123456789abcdef&url={url}&cdt=2026-03-01+10%3A{minute:02}%3A00{more}")
    };
    for (id, next) in [("1", "b"), ("2", "b"), ("3", "c")] {
        track(&server, &visitor(id, "a", 0, ""));
        track(&server, &visitor(id, next, 1, ""));
    }
    track(&server, &visitor("4", "a", 0, ""));
    track(&server, &visitor("4", "a", 1, "&link=http%3A%2F%2Fother.example%2F"));
    let call = "method=Overlay.getFollowingPages&idSite=1&period=day&date=2026-03-01&url=http%3A%2F%2Fsite.example%2F";
    let found = server.matomo(&format!("{call}a"));
    let rows: Vec<(&str, Option<i64>)> = found
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["label"].as_str().unwrap_or_default(), row["referrals"].as_i64()))
        .collect();
    assert_eq!(rows, [("site.example/b", Some(2)), ("site.example/c", Some(1)), ("http://other.example/", Some(1))]);
    assert_eq!(server.matomo(&format!("{call}nowhere")), serde_json::json!([]));
    let words = server.matomo("method=Overlay.getTranslations&idSite=1");
    assert_eq!((&words["oneClick"], &words["link"]), (&"One click".into(), &"Link".into()));
    assert_eq!(server.matomo("method=Referrers.getKeywordNotDefinedString")["value"], "Keyword not defined");
}

#[test]
fn an_order_that_comes_again_is_wrong_and_kept_once() {
    let mut server = Server::start(&[]);
    let added = server.matomo("method=SitesManager.addSite&siteName=shop&urls[0]=http://shop.example&ecommerce=1");
    assert_eq!(added["value"], 1, "{added}");
    let sent = |id: &str| {
        let items = "%5B%5B%22A1%22%2C%22Boots%22%2C%22Shoes%22%2C20%2C1%5D%5D";
        format!(
            "idsite=1&rec=1&token_auth={TOKEN}&_id=0123456789abcdef&cdt=2026-03-01+10%3A00%3A00\
             &url=http%3A%2F%2Fshop.example%2F&idgoal=0&ec_id={id}&revenue=20&ec_items={items}"
        )
    };
    let order = |server: &Server, id: &str| server.get(&format!("/matomo.php?{}", sent(id)), &[("user-agent", "Firefox/140.0")]);
    assert_eq!(order(&server, "1").status, 200);
    let again = order(&server, "1");
    assert_eq!((again.status, again.body.starts_with(b"GIF89a")), (400, true));
    let none = sent("1").replace("%5B%5B", "45&x=");
    let none = server.get(&format!("/matomo.php?{none}"), &[("user-agent", "Firefox/140.0")]);
    assert_eq!(none.status, 200, "without a list of products it is no order");
    let bulk = format!(r#"{{"requests":["?{}","?{}","?{}"],"token_auth":"{TOKEN}"}}"#, sent("1"), sent("2"), sent("2"));
    let answer = server.post("/matomo.php", &[("content-type", "application/json")], bulk.as_bytes()).json();
    assert_eq!(answer, serde_json::json!({ "status": "success", "tracked": 1, "invalid": 2, "invalid_indices": [0, 2] }));
    let orders = server.matomo("method=Goals.get&idSite=1&period=day&date=2026-03-01&idGoal=ecommerceOrder");
    assert_eq!((&orders["nb_conversions"], &orders["revenue"]), (&2.into(), &40.into()), "{orders}");
    assert_eq!(server.stop(), Some(0));
    server.begin();
    let known = std::iter::repeat_with(|| order(&server, "2").status).take(200).any(|status| status == 400);
    assert!(known, "an order of before the restart is known soon after it");
}

#[test]
fn a_content_is_used_where_it_was_seen_that_day() {
    let server = site();
    let content = |day: u32, minute: u32, more: &str| {
        let page = "_id=0123456789abcdef&url=http%3A%2F%2Fsite.example%2Fa&c_n=Banner&c_p=boat.png";
        track(&server, &format!("{page}&cdt=2026-03-0{day}+10%3A{minute:02}%3A00{more}"));
    };
    content(2, 0, "&c_i=click");
    content(3, 0, "");
    content(4, 0, "");
    content(4, 1, "&c_i=click");
    for method in ["Contents.getContentNames", "Contents.getContentPieces"] {
        let rows = server.matomo(&format!("method={method}&idSite=1&period=week&date=2026-03-02"));
        let told = ["nb_impressions", "nb_interactions", "interaction_rate"].map(|name| rows[0][name].clone());
        assert_eq!(serde_json::json!(told), serde_json::json!([2, 1, "50%"]), "{method} {rows}");
    }
}

#[test]
fn numbers_alone_are_a_list_of_one_row_when_flat() {
    let server = site();
    track(&server, "_id=0123456789abcdef&url=http%3A%2F%2Fsite.example%2Fa&cdt=2026-03-01+10%3A00%3A00");
    let call = "method=VisitsSummary.getVisits&idSite=1&period=day&date=2026-03-01";
    assert_eq!(server.matomo(call), serde_json::json!({ "value": 1 }));
    assert_eq!(server.matomo(&format!("{call}&flat=1")), serde_json::json!([{ "nb_visits": 1 }]));
    let several = server.matomo("method=VisitsSummary.getVisits&idSite=1&period=day&date=2026-03-01,2026-03-02&flat=1");
    assert_eq!(several["2026-03-01"], serde_json::json!([{ "nb_visits": 1 }]));
}

#[test]
fn a_segment_is_repeated_as_it_was_sent() {
    let server = site();
    track(&server, "_id=0123456789abcdef&url=http%3A%2F%2Fsite.example%2Fa&cdt=2026-03-01+10%3A00%3A00");
    let asked = |call: &str| server.get(&format!("/index.php?module=API&format=json&token_auth={TOKEN}&{call}"), &[]).json();
    let on = "idSite=1&period=day&date=2026-03-01&segment=actions%3E%3D1";
    let report = asked(&format!("method=API.getProcessedReport&apiModule=Actions&apiAction=getPageUrls&{on}"));
    let picture = report["metadata"]["imageGraphUrl"].as_str().expect("an address");
    assert!(picture.ends_with("&segment=actions%3E%3D1"), "{picture}");
    let compared = asked(&format!("method=VisitsSummary.get&{on}&compare=1&compareSegments[]=actions%253E5"));
    let told: Vec<_> = (0..2).map(|at| compared["comparisons"][at]["compareSegment"].clone()).collect();
    assert_eq!(told, ["actions%3E%3D1", "actions%3E5"], "{compared}");
}

#[test]
fn carts_tell_their_page_rate_at_the_top_only() {
    let server = Server::start(&[]);
    let added = server.matomo("method=SitesManager.addSite&siteName=shop&urls[0]=http://shop.example&ecommerce=1");
    assert_eq!(added["value"], 1, "{added}");
    let page = "_id=0123456789abcdef&url=http%3A%2F%2Fshop.example%2Fshoes%2Fboots";
    track(&server, &format!("{page}&cdt=2026-03-01+10%3A00%3A00"));
    let items = "%5B%5B%22A1%22%2C%22Boots%22%2C%22Shoes%22%2C20%2C1%5D%5D";
    track(&server, &format!("{page}&cdt=2026-03-01+10%3A01%3A00&idgoal=0&revenue=20&ec_items={items}"));
    let rows = server.matomo("method=Actions.getPageUrls&idSite=1&period=week&date=2026-03-01&expanded=1");
    let cart = |row: &Value| row["goals"]["idgoal=ecommerceAbandonedCart"].clone();
    assert_eq!(cart(&rows[0])["nb_conversions_page_rate"], 1, "{rows}");
    let below = cart(&rows[0]["subtable"][0]);
    assert_eq!((&below["nb_conversions_page_uniq"], below.get("nb_conversions_page_rate")), (&1.into(), None), "{rows}");
}

#[test]
fn timings_are_told_of_the_rows_that_are_shown() {
    let server = site();
    let page = |minute: u32, title: &str, more: &str| {
        let visitor = "_id=0123456789abcdef&url=http%3A%2F%2Fsite.example%2Fa";
        track(&server, &format!("{visitor}&cdt=2026-03-01+10%3A{minute:02}%3A00&action_name={title}{more}"));
    };
    page(0, "first", "");
    page(1, "second", "&pf_srv=200");
    let titles = |method: &str, format: &str| {
        let call = format!("method=Actions.{method}&idSite=1&period=day&date=2026-03-01&format={format}&convertToUnicode=0");
        server.get(&format!("/index.php?module=API&token_auth={TOKEN}&{call}"), &[])
    };
    assert_eq!(titles("getEntryPageTitles", "json").json()[0].get("avg_time_server"), None);
    assert_eq!(titles("getExitPageTitles", "json").json()[0]["avg_time_server"], 0.2);
    let told = titles("getPageTitles", "csv");
    let text = String::from_utf8_lossy(&told.body).into_owned();
    let header: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
    let at = |name: &str| header.iter().position(|column| *column == name);
    let order = ["sum_time_spent", "nb_hits_with_time_server", "entry_nb_visits", "avg_page_load_time", "avg_time_on_page"];
    let places: Vec<_> = order.into_iter().map(at).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{header:?}");
}

#[test]
fn what_was_not_found_has_a_dimension_of_its_own() {
    let server = site();
    let search = "_id=0123456789abcdef&url=http%3A%2F%2Fsite.example%2Fa&cdt=2026-03-01+10%3A00%3A00&search=boots&search_count=0";
    track(&server, search);
    for (method, dimension) in
        [("getSiteSearchKeywords", "Actions_Keyword"), ("getSiteSearchNoResultKeywords", "Actions_KeywordwithNoSearchResult")]
    {
        let rows = server.matomo(&format!("method=Actions.{method}&idSite=1&period=day&date=2026-03-01&flat=1"));
        assert_eq!(rows[0][dimension], "boots", "{rows}");
    }
}

#[test]
fn people_who_came_on_two_mondays_count_on_both() {
    let server = site();
    for (day, user) in [(2, "ada"), (9, "ada"), (9, "bob"), (10, "bob")] {
        let page = format!("uid={user}&url=http%3A%2F%2Fsite.example%2Fa&cdt=2026-03-{day:02}+10%3A00%3A00");
        track(&server, &page);
    }
    let rows = server.matomo("method=VisitTime.getByDayOfWeek&idSite=1&period=range&date=2026-03-02,2026-03-10");
    let told = |at: usize| ["nb_visits", "nb_uniq_visitors", "nb_users"].map(|name| rows[at][name].as_i64());
    assert_eq!([told(0), told(1)], [[Some(3); 3], [Some(1); 3]], "{rows}");
}
