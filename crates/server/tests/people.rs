//! What is kept of people as far as the settings allow, what is handed out of it, and what is left when it is deleted.

mod common;

use common::Server;
use serde_json::Value;

/// A server with one shop.
fn shop() -> Server {
    let server = Server::start(&[("FOOTFALL_TRACKING_KEEP_ADDRESS", "true")]);
    let added = server.matomo("method=SitesManager.addSite&siteName=shop&ecommerce=1&urls[0]=http://shop.example");
    assert_eq!(added["value"], 1, "{added}");
    server
}

fn track(server: &Server, sent: &str) {
    assert_eq!(
        server.get(&format!("/matomo.php?idsite=1&rec=1&{sent}"), &[("user-agent", "Mozilla/5.0 Firefox/140.0")]).status,
        200
    );
}

fn visits(server: &Server) -> Vec<Value> {
    let told = server.matomo("method=Live.getLastVisitsDetails&idSite=1&period=day&date=today");
    told.as_array().expect("a list of visits").clone()
}

fn is_hash(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.len() == 40 && text.bytes().all(|sign| sign.is_ascii_hexdigit()))
}

#[test]
fn people_orders_and_referrers_are_kept_as_far_as_allowed() {
    let server = shop();
    let set = server.matomo(
        "method=PrivacyManager.setAnonymizeIpSettings&anonymizeIPEnable=0&maskLength=2&anonymizeUserId=1&anonymizeOrderId=1\
         &anonymizeReferrer=exclude_path",
    );
    assert_eq!(set["value"], true, "{set}");
    let page =
        "url=http%3A%2F%2Fshop.example%2F&uid=ann&urlref=https%3A%2F%2Fwww.foo.example%2Fbar%2F%3Fq%3D1&_id=0123456789abcdef";
    track(&server, page);
    track(&server, "url=http%3A%2F%2Fshop.example%2F&uid=ann&_id=0123456789abcdef&idgoal=0&ec_id=A-7&revenue=10");
    let visits = visits(&server);
    let [visit] = visits.as_slice() else { panic!("not one visit: {visits:?}") };
    assert!(is_hash(&visit["userId"]), "{}", visit["userId"]);
    assert_eq!(visit["referrerUrl"], "https://www.foo.example/");
    assert_eq!(visit["referrerName"], "www.foo.example");
    let order = visit["actionDetails"].as_array().and_then(|all| all.iter().find(|action| action["type"] == "ecommerceOrder"));
    assert!(order.is_some_and(|order| is_hash(&order["orderId"])), "{visit}");
}

#[test]
fn what_is_known_of_somebody_is_handed_out_and_deleted() {
    let server = shop();
    track(&server, "url=http%3A%2F%2Fshop.example%2Fa&action_name=A&_id=0123456789abcdef");
    track(&server, "url=http%3A%2F%2Fshop.example%2Fb&action_name=B&_id=0123456789abcdef");
    track(&server, "url=http%3A%2F%2Fshop.example%2Fc&action_name=C&_id=fedcba9876543210&lang=fr");
    let found = server.matomo("method=PrivacyManager.findDataSubjects&idSite=1&segment=visitorId==0123456789abcdef");
    let id = found[0]["idVisit"].as_i64().expect("the visit is found");
    let named = format!("visits[0][idsite]=1&visits[0][idvisit]={id}");
    let known = server.matomo(&format!("method=PrivacyManager.exportDataSubjects&{named}"));
    assert_eq!(known["log_visit"].as_array().map(Vec::len), Some(1), "{known}");
    assert_eq!(known["log_link_visit_action"].as_array().map(Vec::len), Some(2), "{known}");
    let visit = &known["log_visit"][0];
    assert_eq!((&visit["idvisitor"], &visit["visit_total_actions"]), (&"0123456789abcdef".into(), &"2".into()), "{known}");
    let (action, texts) = (&known["log_link_visit_action"][1], &known["log_action_log_link_visit_action_idaction_url"]);
    let page = texts.as_array().and_then(|texts| texts.iter().find(|text| text["idaction"] == action["idaction_url"]));
    assert_eq!(page.map(|text| &text["name"]), Some(&"http://shop.example/b".into()), "{known}");
    assert_eq!(action["idaction_url_ref"], known["log_link_visit_action"][0]["idaction_url"], "{known}");
    let gone = server.matomo(&format!("method=PrivacyManager.deleteDataSubjects&{named}"));
    assert_eq!((gone["log_visit"].as_i64(), gone["log_link_visit_action"].as_i64()), (Some(1), Some(2)), "{gone}");
    let left = server.matomo("method=VisitsSummary.get&idSite=1&period=day&date=today");
    assert_eq!((left["nb_visits"].as_i64(), left["nb_actions"].as_i64()), (Some(1), Some(1)), "{left}");
    let known = server.matomo(&format!("method=PrivacyManager.exportDataSubjects&{named}"));
    assert_eq!(known["log_visit"].as_array().map(Vec::len), Some(0), "{known}");
}

#[test]
fn a_report_can_be_had_as_a_picture() {
    let server = shop();
    track(&server, "url=http%3A%2F%2Fshop.example%2Fa&action_name=A&_id=0123456789abcdef");
    let method = "/index.php?module=API&method=ImageGraph.get&idSite=1&apiModule=VisitsSummary&apiAction=get";
    let picture = server.get(&format!("{method}&period=day&date=last7&width=300&height=120&token_auth={}", common::TOKEN), &[]);
    assert_eq!(picture.status, 200);
    assert_eq!(picture.body[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(picture.body[16..24], [0, 0, 1, 44, 0, 0, 0, 120]);
    // What is wrong with a picture is told by one; who may not see the site is told in words.
    let day = format!("{method}&period=day&date=today");
    let told = server.get(&format!("{day}&token_auth={}", common::TOKEN), &[]);
    assert_eq!((told.status, told.headers["content-type"].as_str()), (200, "image/png"));
    assert_eq!(told.body[16..24], [0, 0, 1, 194, 0, 0, 1, 44]);
    let another = server.get(&format!("{day}&graphType=foo&width=450&height=300&token_auth={}", common::TOKEN), &[]);
    assert_eq!(another.body[16..24], told.body[16..24]);
    let other = server.get(&format!("{day}&apiAction=foo&token_auth={}", common::TOKEN), &[]);
    assert!(other.body != told.body, "another sentence");
    assert_eq!(server.get(&format!("{day}&format=json"), &[]).json()["result"], "error");
}

#[test]
fn visits_are_kept_as_long_as_clients_say() {
    let server = shop();
    let set = server.matomo("method=PrivacyManager.setDeleteLogsSettings&enableDeleteLogs=1&deleteLogsOlderThan=30&passwordConfirmation=correct+horse+battery");
    assert_eq!(set["value"], true, "{set}");
    let old = "url=http%3A%2F%2Fshop.example%2F&_id=0123456789abcdef&cdt=2020-01-01+10%3A00%3A00";
    track(&server, &format!("{old}&token_auth={}", common::TOKEN));
    track(&server, "url=http%3A%2F%2Fshop.example%2F&_id=fedcba9876543210");
    let count = || server.matomo("method=VisitsSummary.getVisits&idSite=1&period=range&date=2020-01-01,today")["value"].clone();
    assert_eq!(count(), 2);
    assert_eq!(
        server.matomo("method=PrivacyManager.executeDataPurge&passwordConfirmation=correct+horse+battery")["result"],
        "success"
    );
    assert_eq!(count(), 1);
}

#[test]
fn a_deleted_visit_does_not_go_on() {
    let server = shop();
    let page = |name: &str| format!("url=http%3A%2F%2Fshop.example%2F{name}&action_name={name}&_id=0123456789abcdef");
    track(&server, &page("a"));
    let first = visits(&server)[0]["idVisit"].as_i64().expect("a visit");
    let gone = server.matomo(&format!("method=PrivacyManager.deleteDataSubjects&visits[0][idsite]=1&visits[0][idvisit]={first}"));
    assert_eq!(gone["log_visit"], 1, "{gone}");
    track(&server, &page("b"));
    track(&server, &page("c"));
    let left = visits(&server);
    let [visit] = left.as_slice() else { panic!("not one visit: {left:?}") };
    assert!(visit["idVisit"].as_i64().is_some_and(|id| id > first), "{visit}");
    assert_eq!(visit["actions"], 2);
    let told = server.matomo("method=VisitsSummary.get&idSite=1&period=day&date=today");
    let told = ["nb_visits", "nb_actions", "nb_uniq_visitors"].map(|name| told[name].as_i64());
    assert_eq!(told, [Some(1), Some(2), Some(1)]);
    let pages = server.matomo("method=Actions.getPageTitles&idSite=1&period=day&date=today");
    let titles: Vec<&Value> = pages.as_array().expect("pages").iter().map(|row| &row["label"]).collect();
    assert_eq!(titles, [" b", " c"]);
}

#[test]
fn a_visit_that_became_too_old_does_not_go_on() {
    let server = shop();
    let at = |name: &str, time: &str| {
        let token = common::TOKEN;
        format!("url=http%3A%2F%2Fshop.example%2F{name}&_id=0123456789abcdef&cdt=2020-01-01+{time}&token_auth={token}")
    };
    track(&server, &at("a", "10%3A00%3A00"));
    server.matomo("method=PrivacyManager.setDeleteLogsSettings&enableDeleteLogs=1&deleteLogsOlderThan=30&passwordConfirmation=correct+horse+battery");
    assert_eq!(
        server.matomo("method=PrivacyManager.executeDataPurge&passwordConfirmation=correct+horse+battery")["result"],
        "success"
    );
    track(&server, &at("b", "10%3A05%3A00"));
    let told = server.matomo("method=VisitsSummary.get&idSite=1&period=day&date=2020-01-01");
    assert_eq!((told["nb_visits"].as_i64(), told["nb_actions"].as_i64()), (Some(1), Some(1)), "{told}");
}

#[test]
fn what_is_known_of_people_is_taken_away_and_visits_stay() {
    let server = shop();
    server.matomo("method=PrivacyManager.setAnonymizeIpSettings&anonymizeIPEnable=0&maskLength=1&anonymizeUserId=1");
    let token = common::TOKEN;
    let of = |id: &str, user: &str| {
        format!(
            "url=http%3A%2F%2Fshop.example%2F{id}&action_name={id}&_id={id}123456789abcde&uid={user}&cip=203.1.113.77&country=it\
             &city=Rome&res=800x600&java=1&cookie=1&token_auth={token}"
        )
    };
    track(&server, &of("a", "ann"));
    let hashed = visits(&server)[0]["userId"].clone();
    server.matomo("method=PrivacyManager.setAnonymizeIpSettings&anonymizeIPEnable=0&maskLength=1&anonymizeUserId=0");
    track(&server, &of("b", "ben"));
    track(&server, &of("c", "ann"));
    let plain: Vec<Value> = visits(&server).iter().map(|visit| visit["userId"].clone()).collect();
    assert_eq!(plain, [serde_json::json!("ann"), serde_json::json!("ben"), hashed.clone()]);
    let call = "method=PrivacyManager.anonymizeSomeRawData&passwordConfirmation=correct+horse+battery&idSites=all&date=today&anonymizeIp=1&anonymizeLocation=1&anonymizeUserId=1\
                &unsetVisitColumns[0]=config_resolution&unsetVisitColumns[1]=config_java&unsetLinkVisitActionColumns[0]=idaction_name";
    assert_eq!(server.matomo(call)["result"], "success");
    let left = visits(&server);
    assert_eq!(left.len(), 3);
    assert_eq!(left[0]["userId"], hashed, "the same person is still the same");
    for visit in &left {
        assert_eq!(visit["visitIp"], "203.1.0.0");
        assert_eq!((&visit["city"], &visit["resolution"]), (&Value::Null, &serde_json::json!("unknown")), "{visit}");
        assert_eq!(visit["plugins"], "cookie");
        assert_eq!(visit["actionDetails"][0]["pageTitle"], Value::Null);
    }
    let told = server.matomo("method=VisitsSummary.get&idSite=1&period=day&date=today");
    assert_eq!((told["nb_visits"].as_i64(), told["nb_actions"].as_i64()), (Some(3), Some(3)), "{told}");
}
