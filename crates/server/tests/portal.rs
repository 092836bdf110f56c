//! The internal developer portal: Backstage's two ways of measuring, and what the portal's owners check before they rely on it.

mod common;

use std::{io::Write as _, process::Stdio};

use common::{Answer, Server, TOKEN, add_site, bearer, import, query, sites_api};
use serde_json::{Value, json};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
const IPAD: &str = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

const NOW: &str = "2026-03-18T12:00:00Z";

/// A request of Backstage's Matomo plugin, whose backend adds the token to the form.
fn processed(server: &Server, module: &str, action: &str, date: &str) -> Value {
    let form = format!(
        "method=API.getProcessedReport&idSite=1&period=day&date={date}&apiModule={module}&apiAction={action}&token_auth={TOKEN}"
    );
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("x-now", NOW)];
    let answer = server.post("/?module=API&format=json", &headers, form.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// What Backstage's analytics module makes Matomo's script send.
fn tracked(server: &Server, at: &str, agent: &str, language: &str, what: &str) {
    let headers = [("user-agent", agent), ("accept-language", language), ("x-now", at)];
    let answer = server.get(&format!("/matomo.php?idsite=1&rec=1&apiv=1&send_image=0&{what}"), &headers);
    assert_eq!((answer.status, answer.headers.get("x-footfall-dropped")), (204, None), "{what}");
}

#[test]
fn backstage_s_matomo_plugin_finds_its_figures() {
    let server = Server::start(&[("FOOTFALL_TESTING_NOW_HEADER", "x-now")]);
    add_site(&server, "portal.example");
    let changed = server.matomo("method=SitesManager.updateSite&idSite=1&siteName=Portal&timezone=UTC");
    assert_eq!(changed["result"], "success", "{changed}");
    let ada = "uid=2c26b46b68ffc68ff99b453c1d304134";
    tracked(&server, "2026-03-17T09:00:00Z", CHROME, "fr-FR", "url=https://portal.example/catalog&action_name=Catalog");
    tracked(
        &server,
        "2026-03-18T09:00:00Z",
        FIREFOX,
        "de-DE",
        &format!("{ada}&url=https://portal.example/catalog&action_name=Catalog"),
    );
    tracked(
        &server,
        "2026-03-18T09:01:00Z",
        FIREFOX,
        "de-DE",
        &format!("{ada}&url=https://portal.example/docs&action_name=Docs"),
    );
    let click = "e_c=catalog&e_a=click&e_n=Deploy&e_v=1&url=https://portal.example/docs";
    tracked(&server, "2026-03-18T09:01:30Z", FIREFOX, "de-DE", &format!("{ada}&{click}"));
    tracked(&server, "2026-03-18T10:00:00Z", IPHONE, "en-US", "url=https://portal.example/catalog&action_name=Catalog");

    let summary = processed(&server, "VisitsSummary", "get", "today");
    let data = &summary["reportData"];
    assert_eq!(
        (&data["nb_visits"], &data["nb_uniq_visitors"], &data["nb_actions"], &data["bounce_rate"]),
        (&json!(2), &json!(2), &json!(4), &json!("50%")),
        "{data}"
    );
    assert_eq!((&summary["website"], &summary["columns"]["bounce_rate"]), (&json!("Portal"), &json!("Bounce Rate")));

    let each = |told: &Value, columns: [&str; 2]| -> Vec<Value> {
        let rows = told["reportData"].as_array().cloned().unwrap_or_default();
        rows.iter().map(|row| json!([row[columns[0]], row[columns[1]]])).collect()
    };
    let countries = processed(&server, "UserCountry", "getCountry", "today");
    assert_eq!(each(&countries, ["label", "nb_visits"]), [json!(["Germany", 1]), json!(["United States", 1])]);
    let devices = processed(&server, "DevicesDetection", "getType", "today");
    let devices = each(&devices, ["label", "nb_visits"]);
    assert!(devices.contains(&json!(["Desktop", 1])) && devices.contains(&json!(["Smartphone", 1])), "{devices:?}");
    let pages = processed(&server, "Actions", "getPageUrls", "today");
    assert_eq!(each(&pages, ["label", "nb_hits"]), [json!(["/catalog", 2]), json!(["/docs", 1])]);
    assert_eq!(each(&pages, ["label", "avg_time_on_page"])[0], json!(["/catalog", "00:00:30"]));
    let actions = processed(&server, "Actions", "get", "today");
    assert_eq!((&actions["reportData"]["nb_pageviews"], &actions["reportData"]["nb_uniq_pageviews"]), (&json!(3), &json!(3)));

    let yesterday = processed(&server, "VisitsSummary", "get", "yesterday");
    assert_eq!(yesterday["reportData"]["nb_visits"], 1);
    let days = processed(&server, "VisitsSummary", "get", "last10");
    let days = days["reportData"].as_object().expect("an object by date");
    let visits: Vec<&Value> = days.values().map(|day| &day["nb_visits"]).collect();
    assert_eq!(visits.len(), 10);
    assert_eq!((visits[8], visits[9]), (&json!(1), &json!(2)), "{days:?}");

    let form = "method=API.getProcessedReport&idSite=1&period=day&date=today&apiModule=VisitsSummary&apiAction=get";
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("x-now", NOW)];
    let refused = server.post("/?module=API&format=json", &headers, format!("{form}&token_auth=guess").as_bytes());
    assert_eq!((refused.status, &refused.json()["result"]), (401, &json!("error")), "{}", refused.text());
}

/// What Plausible's script sends from the portal's pages.
fn sent(server: &Server, address: &str, agent: &str, event: &Value) -> Answer {
    let headers = [("user-agent", agent), ("x-forwarded-for", address), ("content-type", "text/plain"), ("x-now", NOW)];
    let answer = server.post("/api/event", &headers, event.to_string().as_bytes());
    assert_eq!((answer.status, answer.text().as_str(), answer.headers.get("x-plausible-dropped")), (202, "ok", None), "{event}");
    answer
}

fn stats(server: &Server, call: &str) -> Value {
    let bearer = bearer();
    let answer =
        server.get(&format!("/api/v1/stats/{call}&site_id=portal.example"), &[("authorization", &bearer), ("x-now", NOW)]);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Four visitors, each from somewhere else and with another device, and what they do in the portal.
fn visit_the_portal(server: &Server) {
    let page = |path: &str, referrer: Option<&str>| json!({"n": "pageview", "v": 32, "u": format!("https://portal.example{path}"), "d": "portal.example", "r": referrer});
    let event = |name: &str, props: Value| json!({"n": name, "v": 32, "u": "https://portal.example/catalog", "d": "portal.example", "r": null, "p": props});
    sent(server, "203.0.113.1", CHROME, &page("/catalog", None));
    sent(server, "203.0.113.1", CHROME, &event("Deploy Application", json!({"environment": "production", "service": "billing"})));
    sent(server, "203.0.113.1", CHROME, &event("Run CI/CD Pipeline", json!({"result": "passed"})));
    sent(server, "203.0.113.2", FIREFOX, &page("/docs", Some("https://www.google.com/")));
    sent(server, "203.0.113.2", FIREFOX, &event("View Documentation", json!({"page": "intro"})));
    sent(server, "203.0.113.2", FIREFOX, &event("Deploy Application", json!({"environment": "staging", "service": "billing"})));
    sent(server, "203.0.113.3", IPHONE, &page("/catalog", Some("https://wiki.example/start")));
    sent(server, "203.0.113.4", IPAD, &page("/create", None));
    sent(server, "203.0.113.4", IPAD, &event("Create Service", json!({"template": "rust"})));
}

#[test]
fn backstage_with_plausible_s_snippet_counts_what_the_portal_does() {
    let server = Server::start(&[("FOOTFALL_TESTING_NOW_HEADER", "x-now")]);
    add_site(&server, "portal.example");
    let script = server.get("/js/script.js", &[("accept-encoding", "gzip")]);
    assert_eq!((script.status, script.headers["content-encoding"].as_str()), (200, "gzip"));
    assert!(script.body.len() < 1000, "the script is sent with {} bytes", script.body.len());
    assert_eq!(script.headers.get("set-cookie"), None);
    for name in ["Deploy Application", "Create Service", "View Documentation", "Run CI/CD Pipeline"] {
        let goal = json!({"site_id": "portal.example", "goal_type": "event", "event_name": name});
        assert_eq!(sites_api(&server, "PUT", "/api/v1/sites/goals", &goal).0, 200, "{name}");
    }
    visit_the_portal(&server);

    // What the portal's pages ask for through its proxy.
    let told = stats(&server, "aggregate?period=day&date=2026-03-18&metrics=visitors,visits,pageviews,events");
    assert_eq!(
        told["results"],
        json!({"visitors": {"value": 4}, "visits": {"value": 4}, "pageviews": {"value": 4}, "events": {"value": 9}})
    );
    assert_eq!(stats(&server, "realtime/visitors?x=1"), json!(4));
    let breakdown = |property: &str, more: &str| {
        stats(&server, &format!("breakdown?period=day&date=2026-03-18&property={property}{more}"))["results"].clone()
    };
    assert_eq!(
        breakdown("visit:source", ""),
        json!([
            {"source": "Direct / None", "visitors": 2},
            {"source": "Google", "visitors": 1},
            {"source": "wiki.example", "visitors": 1}
        ])
    );
    let mut asked = json!({"site_id": "portal.example", "metrics": ["visitors"], "date_range": ["2026-03-18", "2026-03-18"],
        "dimensions": ["visit:channel"]});
    assert_eq!(
        query(&server, &asked)["results"],
        json!([
            {"dimensions": ["Direct"], "metrics": [2]},
            {"dimensions": ["Organic Search"], "metrics": [1]},
            {"dimensions": ["Referral"], "metrics": [1]}
        ])
    );
    assert_eq!(
        breakdown("visit:device", ""),
        json!([{"device": "Desktop", "visitors": 2}, {"device": "Mobile", "visitors": 1}, {"device": "Tablet", "visitors": 1}])
    );
    asked["dimensions"] = json!(["visit:browser", "visit:browser_version"]);
    assert_eq!(
        query(&server, &asked)["results"],
        json!([
            {"dimensions": ["Chrome", "141.0"], "metrics": [1]},
            {"dimensions": ["Firefox", "140.0"], "metrics": [1]},
            {"dimensions": ["Safari", "17.5"], "metrics": [1]},
            {"dimensions": ["Safari", "18.5"], "metrics": [1]}
        ])
    );
    asked["dimensions"] = json!(["event:goal"]);
    asked["metrics"] = json!(["visitors", "events", "conversion_rate"]);
    assert_eq!(
        query(&server, &asked)["results"],
        json!([
            {"dimensions": ["Deploy Application"], "metrics": [2, 2, 50]},
            {"dimensions": ["Create Service"], "metrics": [1, 1, 25]},
            {"dimensions": ["Run CI/CD Pipeline"], "metrics": [1, 1, 25]},
            {"dimensions": ["View Documentation"], "metrics": [1, 1, 25]}
        ])
    );
    let filter = "&filters=event:name%3D%3DDeploy%20Application&metrics=visitors,events";
    assert_eq!(
        breakdown("event:props:environment", filter),
        json!([
            {"environment": "production", "visitors": 1, "events": 1},
            {"environment": "staging", "visitors": 1, "events": 1}
        ])
    );
    // The trend of a goal.
    let trend = stats(
        &server,
        "timeseries?period=custom&date=2026-03-12,2026-03-18&filters=event:goal%3D%3DDeploy%20Application&metrics=visitors,conversion_rate",
    );
    let days = trend["results"].as_array().expect("days");
    assert_eq!(days.len(), 7);
    assert_eq!(days[6], json!({"date": "2026-03-18", "visitors": 2, "conversion_rate": 50}));
    assert_eq!(days[5]["visitors"], 0);
}

#[test]
fn what_happens_is_seen_within_seconds_and_the_live_count_moves() {
    let server = Server::start(&[("FOOTFALL_REPORTS_READ_YOUR_HITS", "false")]);
    add_site(&server, "portal.example");
    // Reports wait for nothing here: what was sent has to turn up by itself, within the half minute that the portal allows.
    let turns_up = |ask: &dyn Fn() -> Value, wanted: Value| {
        let patience = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while ask() != wanted {
            assert!(std::time::Instant::now() < patience, "{} in place of {wanted}", ask());
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    };
    let bearer = bearer();
    let live = || server.get("/api/v1/stats/realtime/visitors?site_id=portal.example", &[("authorization", &bearer)]).json();
    assert_eq!(live(), json!(0));
    let send = |address: &str, body: Value| {
        let headers = [("user-agent", FIREFOX), ("x-forwarded-for", address), ("content-type", "text/plain")];
        let answer = server.post("/api/event", &headers, body.to_string().as_bytes());
        assert_eq!((answer.status, answer.headers.get("x-plausible-dropped")), (202, None), "{body}");
    };
    let page = json!({"n": "pageview", "u": "https://portal.example/catalog", "d": "portal.example"});
    for (visitors, address) in [(1, "203.0.113.1"), (2, "203.0.113.2"), (3, "203.0.113.3")] {
        send(address, page.clone());
        turns_up(&live, json!(visitors));
    }
    let events = [
        ("Deploy Application", "environment", "production"),
        ("Create Service", "template", "rust"),
        ("View Documentation", "page", "intro"),
        ("Run CI/CD Pipeline", "result", "passed"),
    ];
    for (name, property, value) in events {
        let goal = json!({"site_id": "portal.example", "goal_type": "event", "event_name": name});
        assert_eq!(sites_api(&server, "PUT", "/api/v1/sites/goals", &goal).0, 200, "{name}");
        send(
            "203.0.113.1",
            json!({"n": name, "u": "https://portal.example/catalog", "d": "portal.example", "p": {property: value}}),
        );
        let asked = json!({"site_id": "portal.example", "metrics": ["visitors", "events", "conversion_rate"],
            "date_range": "day", "dimensions": [format!("event:props:{property}")], "filters": [["is", "event:goal", [name]]]});
        turns_up(&|| query(&server, &asked)["results"].clone(), json!([{"dimensions": [value], "metrics": [1, 1, 33.33]}]));
    }
}

#[test]
fn sites_are_apart_and_nobody_signs_up() {
    let server = Server::start(&[("DISABLE_REGISTRATION", "true")]);
    add_site(&server, "portal.example");
    add_site(&server, "secret.example");
    import(
        &server,
        &[
            json!({"site": "secret.example", "visitor": "ada", "timestamp": "2026-03-18T10:00:00Z", "url": "https://secret.example/"}),
        ],
    );
    let made = server.matomo("method=UsersManager.addUser&userLogin=reader&password=reader-of-one-site&email=reader@example.org");
    assert_eq!(made["result"], "success", "{made}");
    let given = server.matomo("method=UsersManager.setUserAccess&userLogin=reader&access=view&idSites=1");
    assert_eq!(given["result"], "success", "{given}");
    let made =
        common::command(&server.directory).args(["token", "create", "--user", "reader"]).output().expect("the program runs");
    let told = String::from_utf8(made.stdout).expect("a text");
    let key = format!("Bearer {}", told.lines().last().expect("a key"));
    let ask = |site: &str| {
        let path = format!("/api/v1/stats/aggregate?site_id={site}&period=day&date=2026-03-18&metrics=visitors");
        server.get(&path, &[("authorization", &key)])
    };
    assert_eq!((ask("portal.example").status, ask("secret.example").status), (200, 401));
    assert_eq!(ask("portal.example").json()["results"]["visitors"]["value"], 0, "figures of another site");
    let own = |path: &str| server.get(path, &[("authorization", &key), ("accept", "application/vnd.footfall+json")]);
    let sites = own("/api/v1/sites").json();
    let domains: Vec<&Value> = sites["sites"].as_array().expect("sites").iter().map(|site| &site["domain"]).collect();
    assert_eq!(domains, [&json!("portal.example")]);
    assert_eq!((own("/api/v1/sites/1").status, own("/api/v1/sites/2").status), (200, 404));
    assert_eq!(own("/api/v1/sites/2/export/events").status, 404);
    let secret = key.trim_start_matches("Bearer ");
    let call = format!(
        "/index.php?module=API&format=json&method=VisitsSummary.get&idSite=2&period=day&date=2026-03-18&token_auth={secret}"
    );
    assert_eq!(server.get(&call, &[]).json()["result"], "error");

    // A dashboard's address at Plausible leads to the one here, for who may see it; nobody else learns that it is there.
    let way = |path: &str, headers: &[(&str, &str)]| {
        let answer = server.get(path, headers);
        (answer.status, answer.headers.get("location").cloned())
    };
    let here = Some("sites/1?period=7d".to_owned());
    let holds = ("authorization", key.as_str());
    assert_eq!(way("/portal.example?period=7d", &[holds]), (302, here.clone()));
    let from_panel = (302, Some("../sites/1?period=7d".to_owned()));
    assert_eq!(way("/portal.example/pages?period=7d", &[holds]), from_panel);
    let from_shared = (302, Some("../../portal.example?auth=x".to_owned()));
    assert_eq!(way("/share/portal.example/filter/source?auth=x", &[]), from_shared);
    for (path, headers) in [
        ("/portal.example", &[][..]),
        ("/portal.example/pages", &[][..]),
        ("/secret.example", &[holds][..]),
        ("/nowhere.example", &[holds][..]),
    ] {
        assert_eq!(way(path, headers).1, None, "{path}");
    }
    let public = server.matomo("method=UsersManager.setUserAccess&userLogin=anonymous&access=view&idSites=1");
    assert_eq!(public["result"], "success", "{public}");
    assert_eq!(way("/Portal.Example?period=7d", &[]), (302, here));

    // Only people who are there already let others in.
    let body = json!({"login": "eve", "email": "eve@example.org", "password": "let me in please"}).to_string();
    let json = ("content-type", "application/json");
    assert_eq!(server.post("/api/v1/users", &[json], body.as_bytes()).status, 403);
    assert_eq!(server.post("/api/v1/users", &[json, ("authorization", &key)], body.as_bytes()).status, 403);
    assert!(server.post("/api/v1/setup", &[json], body.as_bytes()).status >= 400);
    assert!(server.post("/register", &[json], body.as_bytes()).status >= 400);
    let users = server.matomo("method=UsersManager.getUsersLogin");
    assert_eq!(users, json!(["admin", "anonymous", "reader"]));
}

/// Runs the program beside the server, with a password on standard input.
fn beside(server: &Server, arguments: &[&str]) -> (bool, String) {
    let mut command = common::command(&server.directory);
    let command = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().expect("the program runs");
    // A command that asks for no password may be gone before it is told one.
    let _ = running.stdin.take().expect("standard input").write_all(b"one that is long enough\n");
    let done = running.wait_with_output().expect("the program ends");
    let told = if done.status.success() { done.stdout } else { done.stderr };
    (done.status.success(), String::from_utf8(told).expect("a text"))
}

#[test]
fn the_command_line_gives_roles_too() {
    let server = Server::start(&[]);
    add_site(&server, "portal.example");
    let ran = |arguments: &[&str]| match beside(&server, arguments) {
        (true, told) => told,
        (false, told) => panic!("{arguments:?}: {told}"),
    };
    assert_eq!(ran(&["user", "add", "edda", "--email", "edda@example.org", "--role", "editor"]), "edda\n");
    ran(&["user", "add", "zoe", "--email", "zoe@example.org", "--access", "1=view"]);
    let listed = ran(&["user", "list"]);
    let listed: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(listed[0][..3], ["admin", "owner", "-"]);
    assert_eq!(listed[1..], [["edda", "editor", "-", "edda@example.org"], ["zoe", "-", "1=view", "zoe@example.org"]]);

    let told = ran(&["token", "create", "--user", "edda"]);
    let key = format!("Bearer {}", told.lines().last().expect("a key"));
    let headers = [("authorization", key.as_str()), ("content-type", "application/json")];
    let add = |domain: &str| server.post("/api/v1/sites", &headers, json!({ "domain": domain }).to_string().as_bytes()).status;
    let read = || server.get("/api/v1/sites/portal.example", &headers).status;
    assert_eq!((add("docs.example"), read()), (200, 200));
    ran(&["user", "role", "edda", "viewer"]);
    assert_eq!((add("blog.example"), read()), (403, 200));
    ran(&["user", "role", "edda", "none"]);
    assert_eq!((add("blog.example"), read()), (403, 404));

    let (done, told) = beside(&server, &["user", "role", "admin", "viewer"]);
    assert!(!done && told.contains("`admin` is the only superuser, and one must stay"), "{told}");
    let (done, told) = beside(&server, &["user", "add", "king", "--email", "king@example.org", "--role", "king"]);
    assert!(!done && told.contains("owner, admin, editor, billing, viewer"), "{told}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the server that is tested deletes by the same clock")]
fn each_site_keeps_visits_as_long_as_it_says() {
    let mut server = Server::start(&[]);
    let bearer = bearer();
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let set = |server: &Server, method: &str, path: &str, body: Value| {
        let answer = common::request(server.address, method, path, &headers, body.to_string().as_bytes()).expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    // Half a year, a year, two years, for ever, and what the server says.
    let sites = [
        ("half", json!(183), 1),
        ("year", json!(365), 2),
        ("two", json!(730), 3),
        ("ever", json!(0), 4),
        ("rest", json!(null), 2),
    ];
    let now = jiff::Timestamp::now();
    let mut events = Vec::new();
    for (number, (name, days, _)) in sites.iter().enumerate() {
        add_site(&server, &format!("{name}.example"));
        set(&server, "PUT", &format!("/api/v1/sites/{}/retention", number + 1), json!({ "days": days }));
        for age in [10, 200, 400, 800] {
            let at = now - jiff::SignedDuration::from_hours(24 * age);
            events.push(json!({"site": format!("{name}.example"), "visitor": format!("of {age}"), "timestamp": at.to_string(),
                "url": format!("https://{name}.example/")}));
        }
    }
    import(&server, &events);
    set(&server, "PATCH", "/api/v1/settings", json!({"retention_days": 300}));
    let left = |server: &Server| -> Vec<u64> {
        let asked = |name: &str| json!({"site_id": format!("{name}.example"), "metrics": ["visitors"], "date_range": ["2019-01-01", "2099-12-31"]});
        sites.iter().map(|(name, ..)| query(server, &asked(name))["results"][0]["metrics"][0].as_u64().unwrap_or(0)).collect()
    };
    assert_eq!(left(&server), [4, 4, 4, 4, 4]);
    assert_eq!(server.stop(), Some(0));
    server.begin();
    let wanted: Vec<u64> = sites.iter().map(|(_, _, left)| *left).collect();
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while left(&server) != wanted {
        assert!(std::time::Instant::now() < patience, "{:?} are left", left(&server));
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}
