//! What somebody who moves here from Plausible relies on: figures brought along, limits, periods kept.

mod common;

use base64::Engine as _;
use common::{Server, TOKEN, add_site, bearer, command, exported, import, moved, query, sites_api};
use serde_json::{Value, json};

#[test]
fn figures_of_an_archive_come_in_and_go_out_again_unchanged() {
    let server = Server::start(&[]);
    add_site(&server, "old.example");
    let visitors = "date,visitors,pageviews,bounces,visits,visit_duration\n2021-01-01,5,9,2,6,120\n2021-01-02,3,3,3,3,0\n";
    let pages = "date,hostname,page,visits,visitors,pageviews,exits,total_scroll_depth,total_scroll_depth_visits,\
                 total_time_on_page,total_time_on_page_visits\n2021-01-01,old.example,\"/a,b\",4,4,7,1,200,4,90,3\n";
    let files = json!({
        "imported_visitors_20210101_20210102.csv": visitors,
        "imported_pages_20210101_20210101.csv": pages,
    });
    let (status, import) = sites_api(&server, "PUT", "/api/v1/sites/imports", &json!({"site_id": "old.example", "files": files}));
    assert_eq!(status, 200, "{import}");
    assert_eq!(
        (&import["start_date"], &import["end_date"], &import["rows"]),
        (&json!("2021-01-01"), &json!("2021-01-02"), &json!(3))
    );

    let mut asked = json!({
        "site_id": "old.example", "metrics": ["visitors", "visits", "pageviews", "bounce_rate", "visit_duration"],
        "date_range": ["2021-01-01", "2021-01-31"], "include": {"imports": true}
    });
    assert_eq!(query(&server, &asked)["results"], json!([{"dimensions": [], "metrics": [8, 9, 12, 56, 13]}]));
    asked["include"] = json!({});
    assert_eq!(query(&server, &asked)["results"][0]["metrics"][0], 0);
    let mut later = json!({"site_id": "old.example", "metrics": ["visitors"], "date_range": ["2021-02-01", "2021-02-02"], "include": {"imports": true}});
    let out_of_range = json!({"imports_included": false, "imports_skip_reason": "out_of_range"});
    assert_eq!(query(&server, &later)["meta"], out_of_range);
    // That there is nothing to be had comes before what could not be had of it.
    later["filters"] = json!([["is", "event:props:plan", ["large"]], ["is", "visit:os", ["Linux"]]]);
    assert_eq!(query(&server, &later)["meta"], out_of_range);

    let (status, exported) = sites_api(&server, "GET", "/api/v1/sites/exports?site_id=old.example", &Value::Null);
    assert_eq!((status, &exported["files"]), (200, &files), "{exported}");

    let (status, told) =
        sites_api(&server, "PUT", "/api/v1/sites/imports", &json!({"site_id": "old.example", "files": {"x.csv": ""}}));
    assert_eq!(
        (status, told["error"].as_str()),
        (400, Some("files: `x.csv` is not a file of an archive, such as `imported_pages.csv`"))
    );
    let (status, _) = sites_api(&server, "DELETE", "/api/v1/sites/imports/1?site_id=old.example", &Value::Null);
    assert_eq!(status, 200);
    let (_, exported) = sites_api(&server, "GET", "/api/v1/sites/exports?site_id=old.example", &Value::Null);
    assert_eq!(exported["files"], json!({}));
}

#[test]
fn visits_of_which_little_is_known_go_out_too() {
    let server = Server::start(&[]);
    add_site(&server, "here.example");
    let event = |visitor: &str, more: Value| {
        let mut event = json!({"site": "here.example", "visitor": visitor, "timestamp": "2026-03-01T10:00:00Z", "url": "https://here.example/"});
        more.as_object().into_iter().flatten().for_each(|(name, value)| event[name] = value.clone());
        event
    };
    import(&server, &[event("ada", json!({})), event("bob", json!({"device": "Mobile", "browser": "Safari", "country": "EE"}))]);
    let (_, exported) = sites_api(&server, "GET", "/api/v1/sites/exports?site_id=here.example", &Value::Null);
    for (table, wanted) in [
        ("devices", ["2026-03-01,,1,1,0,1,1", "2026-03-01,Mobile,1,1,0,1,1"].as_slice()),
        ("browsers", &["2026-03-01,,,1,1,0,1,1", "2026-03-01,Safari,,1,1,0,1,1"]),
        ("operating_systems", &["2026-03-01,,,2,2,0,2,2"]),
        ("locations", &["2026-03-01,EE,,,1,1,0,1,1"]),
    ] {
        let file = exported["files"][format!("imported_{table}_20260301_20260301.csv")].as_str().unwrap_or_default();
        assert_eq!(file.lines().skip(1).collect::<Vec<_>>(), wanted, "{table}: {file}");
    }
}

#[test]
fn keys_and_names_are_refused_as_in_plausible() {
    let server = Server::start(&[]);
    add_site(&server, "here.example");
    let missing = json!({"error": "Missing API key. Please use a valid Plausible API key as a Bearer Token."});
    let nobody = server.get("/api/v1/sites", &[]);
    assert_eq!((nobody.status, nobody.json()), (401, missing.clone()));
    let nobody = server.post("/api/v1/sites", &[("content-type", "application/json")], b"{}");
    assert_eq!((nobody.status, nobody.json()), (401, missing));
    let same = sites_api(&server, "PUT", "/api/v1/sites/here.example", &json!({"domain": "https://www.here.example/"}));
    assert_eq!(same, (400, json!({"error": "domain: New domain must be different than the current one"})));
}

#[test]
fn what_was_tracked_goes_out_as_an_archive_and_counts_the_same_elsewhere() {
    let server = Server::start(&[]);
    add_site(&server, "here.example");
    add_site(&server, "there.example");
    let event = |visitor: &str, second: u32, path: &str, more: Value| {
        let mut event = json!({"site": "here.example", "visitor": visitor, "timestamp": format!("2026-03-01T10:{:02}:{:02}Z", second / 60, second % 60),
            "hostname": "here.example", "path": path, "browser": "Firefox", "browser_version": "140.0", "os": "Linux", "device": "Desktop",
            "country": "DE", "region": "DE-BE", "referrer_source": "Google"});
        more.as_object().into_iter().flatten().for_each(|(name, value)| event[name] = value.clone());
        event
    };
    import(
        &server,
        &[
            event("ada", 0, "/", json!({})),
            event("ada", 60, "/docs", json!({})),
            event(
                "ada",
                70,
                "/docs",
                json!({"type": "event", "name": "File Download", "props": {"url": "https://here.example/a.zip"}}),
            ),
            event("bob", 0, "/docs", json!({})),
        ],
    );
    let (_, exported) = sites_api(&server, "GET", "/api/v1/sites/exports?site_id=here.example", &Value::Null);
    let files = exported["files"].as_object().expect("files");
    assert_eq!(
        files["imported_visitors_20260301_20260301.csv"],
        "date,visitors,pageviews,bounces,visits,visit_duration\n2026-03-01,2,3,1,2,70\n"
    );
    assert_eq!(
        files["imported_custom_events_20260301_20260301.csv"],
        "date,name,link_url,path,visitors,events\n2026-03-01,File Download,https://here.example/a.zip,,1,1\n"
    );
    assert_eq!(
        files["imported_exit_pages_20260301_20260301.csv"],
        "date,exit_page,visitors,visit_duration,exits,bounces,pageviews\n2026-03-01,/docs,2,70,2,1,3\n"
    );
    assert_eq!(files.len(), 11, "{:?}", files.keys().collect::<Vec<_>>());

    let (status, told) = sites_api(&server, "PUT", "/api/v1/sites/imports", &json!({"site_id": "there.example", "files": files}));
    assert_eq!(status, 200, "{told}");
    for dimensions in
        [json!([]), json!(["visit:source"]), json!(["visit:country"]), json!(["visit:browser"]), json!(["time:day"])]
    {
        let ask = |site: &str| {
            let metrics = ["visitors", "visits", "pageviews", "bounce_rate", "visit_duration"];
            query(
                &server,
                &json!({"site_id": site, "metrics": metrics, "dimensions": dimensions,
                "date_range": ["2026-03-01", "2026-03-02"], "include": {"imports": true}}),
            )["results"]
                .clone()
        };
        assert_eq!(ask("there.example"), ask("here.example"), "{dimensions}");
    }
}

#[test]
fn the_plugins_api_does_what_wordpress_asks() {
    let server = Server::start(&[]);
    add_site(&server, "blog.example");
    let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("blog.example:{TOKEN}")));
    let ask = |method: &str, path: &str, body: Value| {
        let headers = [("authorization", basic.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let path = format!("/api/plugins/v1/{path}");
        let answer = common::request(server.address, method, &path, &headers, &body).expect("an answer");
        (answer.status, if answer.body.is_empty() { Value::Null } else { answer.json() })
    };
    let anonymous = server.get("/api/plugins/v1/capabilities", &[]);
    assert_eq!((anonymous.status, &anonymous.json()["authorized"]), (200, &json!(false)));
    assert_eq!(server.get("/api/plugins/v1/goals", &[]).status, 401);
    let (_, told) = ask("GET", "capabilities", Value::Null);
    assert_eq!((&told["authorized"], &told["data_domain"]), (&json!(true), &json!("blog.example")));

    let (status, made) = ask(
        "PUT",
        "goals",
        json!({"goals": [
            {"goal_type": "Goal.CustomEvent", "goal": {"event_name": "404"}},
            {"goal_type": "Goal.Revenue", "goal": {"event_name": "Purchase", "currency": "EUR"}},
            {"goal_type": "Goal.Pageview", "goal": {"path": "/cart"}}
        ]}),
    );
    assert_eq!(status, 201, "{made}");
    assert_eq!(
        made["goals"][1],
        json!({"goal_type": "Goal.Revenue", "goal": {"id": 2, "display_name": "Purchase", "event_name": "Purchase", "currency": "EUR"}})
    );
    let (_, again) = ask("PUT", "goals", json!({"goal_type": "Goal.Pageview", "goal": {"path": "/cart"}}));
    assert_eq!(again["goals"][0]["goal"], json!({"id": 3, "display_name": "Visit /cart", "path": "/cart"}));
    assert_eq!(ask("DELETE", "goals", json!({"goal_ids": [1, 2, 99]})).0, 204);
    let (_, left) = ask("GET", "goals", Value::Null);
    assert_eq!(left["goals"].as_array().map(Vec::len), Some(1), "{left}");
    let (status, wrong) = ask("PUT", "goals", json!({"goal_type": "Goal.Pageview", "goal": {}}));
    assert_eq!((status, wrong), (422, json!({"errors": [{"detail": "Missing field: path"}]})));

    let (status, props) = ask(
        "PUT",
        "custom_props",
        json!({"custom_props": [{"custom_prop": {"key": "author"}}, {"custom_prop": {"key": "category"}}]}),
    );
    assert_eq!((status, props["custom_props"].as_array().map(Vec::len)), (201, Some(2)), "{props}");
    assert_eq!(ask("DELETE", "custom_props", json!({"custom_prop": {"key": "author"}})).0, 204);
    let (_, site) = sites_api(&server, "GET", "/api/v1/sites/blog.example", &Value::Null);
    assert_eq!(site["custom_properties"], json!(["category"]));

    let (status, link) = ask("PUT", "shared_links", json!({"shared_link": {"name": "WordPress - Shared Dashboard"}}));
    assert_eq!((status, &link["shared_link"]["password_protected"]), (201, &json!(false)), "{link}");
    let (_, links) = ask("GET", "shared_links", Value::Null);
    assert_eq!(links["shared_links"], json!([link]));
    let (_, script) = ask(
        "PUT",
        "tracker_script_configuration",
        json!({"tracker_script_configuration": {"installation_type": "wordpress", "outbound_links": true}}),
    );
    let script = &script["tracker_script_configuration"];
    assert_eq!((&script["installation_type"], &script["outbound_links"]), (&json!("wordpress"), &json!(true)));
}

#[test]
fn a_shared_dashboard_shows_its_site_and_no_other() {
    let server = Server::start(&[]);
    add_site(&server, "shown.example");
    add_site(&server, "hidden.example");
    import(
        &server,
        &[
            json!({"site": "shown.example", "visitor": "ada", "timestamp": "2026-03-01T10:00:00Z", "hostname": "shown.example", "path": "/"}),
        ],
    );
    let basic = |site: &str| format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{site}:{TOKEN}")));
    let link = |site: &str, name: &str, password: Option<&str>| {
        let headers = [("authorization", basic(site)), ("content-type", "application/json".to_owned())];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = json!({"shared_link": {"name": name, "password": password}}).to_string();
        let answer = common::request(server.address, "PUT", "/api/plugins/v1/shared_links", &headers, body.as_bytes());
        let href = answer.expect("an answer").json()["shared_link"]["href"].as_str().unwrap_or_default().to_owned();
        href.split("auth=").nth(1).expect("a slug").to_owned()
    };
    let open = |slug: &str, password: &str| {
        let body = json!({ "password": password }).to_string();
        let answer =
            server.post(&format!("/share/{slug}/authenticate"), &[("content-type", "application/json")], body.as_bytes());
        (answer.status, answer.json())
    };
    let ask = |site: u32, shown: &str| {
        let body =
            json!({"range": {"period": "custom", "from": "2026-03-01", "to": "2026-03-01"}, "metrics": ["visitors"]}).to_string();
        let headers = [("content-type", "application/json"), ("x-shared-link", shown)];
        let answer = server.post(&format!("/api/v1/sites/{site}/query"), &headers, body.as_bytes());
        (answer.status, answer.json())
    };
    let (free, kept) = (link("shown.example", "Free", None), link("shown.example", "Kept", Some("open sesame")));
    let (status, opened) = open(&free, "");
    assert_eq!((status, &opened["site_id"], &opened["name"]), (200, &json!(1), &json!("Free")), "{opened}");
    assert_eq!(open(&kept, "").0, 401);
    assert_eq!(open(&kept, "close").0, 401);
    let (status, opened) = open(&kept, "open sesame");
    assert_eq!(status, 200);
    let shown = format!("{kept}.{}", opened["key"].as_str().unwrap_or_default());
    let (status, told) = ask(1, &shown);
    assert_eq!((status, &told["totals"]["metrics"]), (200, &json!([1])), "{told}");
    assert_eq!(ask(2, &shown).0, 403);
    assert_eq!(ask(1, &format!("{kept}.00000000000000000000000000000000")).0, 403);
    let change =
        common::request(server.address, "PATCH", "/api/v1/sites/1", &[("x-shared-link", shown.as_str())], b"{\"name\":\"x\"}");
    assert_eq!(change.expect("an answer").status, 403);
    let visits = server.get("/api/v1/sites/1/live", &[("x-shared-link", shown.as_str())]);
    assert_eq!(visits.status, 401, "single visits are for people who signed in");

    let page = server.get(&format!("/share/shown.example?auth={free}&embed=true&theme=dark"), &[]);
    assert_eq!((page.status, page.headers.get("x-frame-options")), (200, None));
    assert_eq!(page.headers["x-robots-tag"], "noindex, nofollow");
    assert!(page.headers["content-security-policy"].contains("frame-ancestors *"));
    assert_eq!(server.get(&format!("/share/hidden.example?auth={free}"), &[]).status, 404);
    assert_eq!(server.get("/share/shown.example?auth=guess", &[]).status, 404);
}

#[test]
fn funnels_tell_where_visitors_leave() {
    let server = Server::start(&[]);
    add_site(&server, "shop.example");
    let goal = |body: Value| {
        let mut body = body;
        body["site_id"] = "shop.example".into();
        let (status, made) = sites_api(&server, "PUT", "/api/v1/sites/goals", &body);
        assert_eq!(status, 200, "{made}");
        made["id"].clone()
    };
    let ids = json!([
        goal(json!({"goal_type": "page", "page_path": "/shop/**"})),
        goal(json!({"goal_type": "page", "page_path": "/cart"})),
        goal(json!({"goal_type": "event", "event_name": "Purchase"})),
    ]);
    let event = |visitor: &str, minute: u32, path: &str, more: Value| {
        let mut event = json!({"site": "shop.example", "visitor": visitor, "timestamp": format!("2026-03-01T10:{minute:02}:00Z"),
            "hostname": "shop.example", "path": path, "browser": if visitor == "eve" { "Firefox" } else { "Chrome" }});
        more.as_object().into_iter().flatten().for_each(|(name, value)| event[name] = value.clone());
        event
    };
    let bought = json!({"type": "event", "name": "Purchase"});
    import(
        &server,
        &[
            event("ada", 0, "/shop/a", json!({})),
            event("ada", 1, "/about", json!({})),
            event("ada", 2, "/cart", json!({})),
            event("ada", 3, "/cart", bought.clone()),
            event("bob", 0, "/cart", json!({})),
            event("bob", 1, "/shop/b", json!({})),
            event("eve", 0, "/shop/c", json!({})),
            event("eve", 1, "/cart", json!({})),
            event("joe", 0, "/about", json!({})),
        ],
    );
    let (status, funnel) = sites_api(
        &server,
        "PUT",
        "/api/v1/sites/funnels",
        &json!({"site_id": "shop.example", "name": "Buying", "goal_ids": ids}),
    );
    assert_eq!((status, &funnel["steps"][2]["display_name"]), (200, &json!("Purchase")), "{funnel}");
    let bearer = bearer();
    let ask = |more: &str| {
        let path = format!("/api/v1/stats/funnel?site_id=shop.example&funnel_id=1&period=day&date=2026-03-01{more}");
        server.get(&path, &[("authorization", bearer.as_str())])
    };
    let told = ask("").json();
    assert_eq!(
        (&told["all_visitors"], &told["entering_visitors"], &told["never_entering_visitors"]),
        (&json!(4), &json!(3), &json!(1)),
        "{told}"
    );
    assert_eq!((&told["entering_visitors_percentage"], &told["name"]), (&json!(75), &json!("Buying")));
    let steps = told["steps"].as_array().expect("steps");
    let numbers: Vec<Value> = steps
        .iter()
        .map(|step| json!([step["visitors"], step["conversion_rate"], step["dropoff"], step["dropoff_percentage"]]))
        .collect();
    assert_eq!(numbers, [json!([3, 100, 0, 0]), json!([2, 66.67, 1, 33.33]), json!([1, 33.33, 1, 50])]);
    let of_eve = ask("&filters=visit:browser%3D%3DFirefox").json();
    assert_eq!(
        (&of_eve["all_visitors"], &of_eve["steps"][1]["visitors"], &of_eve["steps"][2]["visitors"]),
        (&json!(1), &json!(1), &json!(0))
    );
    let (status, wrong) =
        sites_api(&server, "PUT", "/api/v1/sites/funnels", &json!({"site_id": "shop.example", "name": "Short", "goal_ids": [1]}));
    assert_eq!((status, &wrong["error"]), (400, &json!("`steps` must be 2 to 8 goals, and are 1")));
    assert_eq!(sites_api(&server, "DELETE", "/api/v1/sites/funnels/1?site_id=shop.example", &Value::Null).0, 200);
    assert_eq!(ask("").status, 404);
}

#[test]
fn one_engagement_reaches_every_depth_above_its_own() {
    let server = Server::start(&[]);
    add_site(&server, "start.example");
    let goal = |mut body: Value| {
        body["site_id"] = "start.example".into();
        let (status, made) = sites_api(&server, "PUT", "/api/v1/sites/goals", &body);
        assert_eq!(status, 200, "{made}");
        made["id"].clone()
    };
    let depth = |percent: u8| goal(json!({"goal_type": "page", "page_path": "/onboard", "scroll_threshold": percent}));
    let ids = json!([
        goal(json!({"goal_type": "event", "event_name": "Start"})),
        depth(25),
        depth(50),
        depth(75),
        goal(json!({"goal_type": "page", "page_path": "/done"})),
    ]);
    let event = |visitor: &str, second: u32, path: &str, more: Value| {
        let mut event = json!({"site": "start.example", "visitor": visitor, "timestamp": format!("2026-03-01T10:00:{second:02}Z"),
            "hostname": "start.example", "path": path});
        more.as_object().into_iter().flatten().for_each(|(name, value)| event[name] = value.clone());
        event
    };
    let read = |percent: u8| json!({"type": "engagement", "scroll_depth": percent});
    import(
        &server,
        &[
            event("ada", 0, "/", json!({"type": "event", "name": "Start"})),
            event("ada", 10, "/onboard", json!({})),
            event("ada", 20, "/onboard", read(80)),
            event("ada", 30, "/done", json!({})),
            event("bob", 0, "/", json!({"type": "event", "name": "Start"})),
            event("bob", 10, "/onboard", json!({})),
            event("bob", 20, "/onboard", read(25)),
        ],
    );
    let funnel = json!({"site_id": "start.example", "name": "Onboarding", "goal_ids": ids});
    assert_eq!(sites_api(&server, "PUT", "/api/v1/sites/funnels", &funnel).0, 200);
    let bearer = bearer();
    let path = "/api/v1/stats/funnel?site_id=start.example&funnel_id=1&period=day&date=2026-03-01";
    let told = server.get(path, &[("authorization", bearer.as_str())]).json();
    let steps: Vec<&Value> = told["steps"].as_array().expect("steps").iter().map(|step| &step["visitors"]).collect();
    assert_eq!(steps, [2, 2, 1, 1, 1], "{told}");
}

#[test]
fn goals_of_the_sites_api_keep_out_of_each_other_s_way() {
    let server = Server::start(&[]);
    add_site(&server, "shop.example");
    let put = |mut body: Value| {
        body["site_id"] = "shop.example".into();
        let (status, made) = sites_api(&server, "PUT", "/api/v1/sites/goals", &body);
        (status, made["error"].as_str().map_or_else(|| made["id"].clone(), Value::from))
    };
    let refused = |message: &str| (400, json!(message));
    let purchase = |currency: Value| put(json!({"goal_type": "event", "event_name": "Purchase", "currency": currency}));
    assert_eq!(purchase(json!("USD")), (200, json!(1)));
    assert_eq!(purchase(json!("EUR")), refused("event_name: 'Purchase' (with currency: USD) has already been taken"));
    assert_eq!(purchase(json!("Euro")), refused("currency: is invalid"));
    assert_eq!(purchase(Value::Null), (200, json!(1)));
    let event = |name: &str, shown: &str| put(json!({"goal_type": "event", "event_name": name, "display_name": shown}));
    assert_eq!(event("Signup", ""), (200, json!(2)));
    assert_eq!(event("Other", "Signup"), refused("display_name: has already been taken"));
    assert_eq!(event("Signup", "Joined"), (200, json!(2)));
    assert_eq!(
        event("engagement", ""),
        refused("event_name: The event name 'engagement' is reserved and cannot be used as a goal")
    );
    assert_eq!(put(json!({"goal_type": "page", "page_path": "x", "currency": "EUR"})), (200, json!(3)));
    assert_eq!(put(json!({"goal_type": "page", "page_path": "/x"})), (200, json!(3)));
    let (_, told) = sites_api(&server, "GET", "/api/v1/sites/goals?site_id=shop.example", &Value::Null);
    assert_eq!((&told["goals"][0]["page_path"], &told["goals"][0]["display_name"]), (&json!("/x"), &json!("Visit /x")));
    assert_eq!(told["goals"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_key_that_asks_too_often_is_told_when_to_come_back() {
    let server = Server::start(&[("FOOTFALL_API_HOURLY_REQUESTS", "2")]);
    add_site(&server, "busy.example");
    let bearer = bearer();
    let ask = |key: &str| server.get("/api/v1/stats/realtime/visitors?site_id=busy.example", &[("authorization", key)]);
    let first = ask(&bearer);
    assert_eq!((first.status, first.headers["x-ratelimit-limit"].as_str()), (200, "2"));
    assert_eq!(first.headers["x-ratelimit-remaining"], "1");
    assert_eq!(ask(&bearer).headers["x-ratelimit-remaining"], "0");
    let refused = ask(&bearer);
    assert_eq!(refused.status, 429);
    assert_eq!(
        refused.json(),
        json!({"error": "Too many API requests. The limit is 2 per hour. Please contact us to request more capacity."})
    );
    let seconds: u32 = refused.headers["retry-after"].parse().expect("seconds");
    assert!((3500..=3600).contains(&seconds), "{seconds}");
    assert_eq!(ask("Bearer nobody").status, 401);

    // A key's own limit stands before the one of all, and each key is counted by itself.
    let key = |arguments: &[&str]| {
        let made = command(&server.directory).args(["token", "create", "--user", "admin"]).args(arguments).output();
        let told = String::from_utf8(made.expect("the program runs").stdout).expect("a text");
        format!("Bearer {}", told.lines().last().expect("a key"))
    };
    let (three, free) = (key(&["--hourly-requests", "3"]), key(&["--hourly-requests", "0"]));
    let left: Vec<String> = (0..3).map(|_| ask(&three).headers["x-ratelimit-remaining"].clone()).collect();
    assert_eq!(left, ["2", "1", "0"]);
    let refused = ask(&three);
    assert_eq!((refused.status, refused.headers["x-ratelimit-limit"].as_str()), (429, "3"));
    assert!(refused.text().contains("The limit is 3 per hour."), "{}", refused.text());
    for _ in 0..5 {
        let answer = ask(&free);
        assert_eq!((answer.status, answer.headers.get("x-ratelimit-limit")), (200, None));
    }
    let headers = [("authorization", free.as_str()), ("content-type", "application/json")];
    let body = json!({"description": "dashboard", "hourly_requests": 1}).to_string();
    let made = server.post("/api/v1/tokens", &headers, body.as_bytes());
    assert_eq!((made.status, &made.json()["token"]["hourly_requests"]), (201, &json!(1)), "{}", made.text());
    let one = format!("Bearer {}", made.json()["secret"].as_str().unwrap_or_default());
    assert_eq!((ask(&one).status, ask(&one).status), (200, 429));
}

#[test]
fn visits_older_than_the_retention_period_are_gone_after_a_start() {
    let mut server = Server::start(&[]);
    add_site(&server, "kept.example");
    let event = |visitor: &str, at: &str| json!({"site": "kept.example", "visitor": visitor, "timestamp": at, "hostname": "kept.example", "path": "/"});
    import(&server, &[event("old", "2020-01-01T00:00:00Z"), event("new", "2099-01-01T00:00:00Z")]);
    let asked = json!({"site_id": "kept.example", "metrics": ["visitors"], "date_range": ["2019-01-01", "2099-12-31"]});
    assert_eq!(query(&server, &asked)["results"][0]["metrics"][0], 2);
    let (bearer, body) = (bearer(), json!({"retention_days": 365}).to_string());
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let set = common::request(server.address, "PATCH", "/api/v1/settings", &headers, body.as_bytes()).expect("an answer");
    assert_eq!(set.status, 200, "{}", set.text());
    assert_eq!(server.stop(), Some(0));
    server.begin();
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while query(&server, &asked)["results"][0]["metrics"][0] != 1 {
        assert!(std::time::Instant::now() < patience, "the old visit is still there");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn exported_events_are_imported_as_they_were() {
    let server = Server::start(&[]);
    add_site(&server, "from.example");
    add_site(&server, "to.example");
    let event = |second: u32, visitor: &str, more: Value| {
        let mut line = json!({"site": "from.example", "timestamp": format!("2026-03-01T10:00:{second:02}Z"), "visitor": visitor});
        line.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        line
    };
    let page = json!({
        "url": "https://from.example/start?a=1", "title": "Start", "referrer_source": "Google", "utm_campaign": "spring",
        "browser": "Firefox", "browser_version": "145.0", "os": "Windows", "device": "Desktop", "country": "DE", "region": "DE-BE"
    });
    let sale = json!({
        "type": "event", "name": "Sale", "url": "https://from.example/paid", "props": {"plan": "large"},
        "revenue": {"amount": 12.5, "currency": "EUR"}
    });
    let read =
        json!({"type": "engagement", "url": "https://from.example/start?a=1", "scroll_depth": 70, "engagement_time_ms": 4200});
    import(&server, &[event(1, "ada", page.clone()), event(9, "ada", sale), event(20, "ada", read), event(30, "bob", page)]);

    let lines = exported(&server, 1, "from.example", "");
    let told = |of: &str| lines.iter().map(|line| line[of].clone()).collect::<Vec<_>>();
    assert_eq!(told("type"), ["pageview", "event", "engagement", "pageview"]);
    assert_eq!(told("timestamp")[1], json!("2026-03-01T10:00:09Z"));
    assert_eq!(told("name")[1], json!("Sale"));
    assert_eq!(told("props")[1], json!({"plan": "large"}));
    assert_eq!(told("revenue")[1], json!({"amount": 12.5, "currency": "EUR"}));
    assert_eq!((&told("scroll_depth")[2], &told("engagement_time_ms")[2]), (&json!(70), &json!(4200)));
    for (name, value) in [("utm_campaign", "spring"), ("referrer_source", "Google"), ("country", "DE"), ("browser", "Firefox")] {
        assert_eq!(told(name), [json!(value), json!(value), json!(value), json!(value)], "{name}");
    }

    import(&server, &moved(&lines, "to.example"));
    assert_eq!(exported(&server, 2, "to.example", ""), lines);
    assert_eq!(exported(&server, 2, "to.example", "?from=2026-03-02"), Vec::<Value>::new());
    assert_eq!(exported(&server, 2, "to.example", "?from=2026-03-01&to=2026-03-01").len(), 4);
    let bearer = bearer();
    let refused = |path: &str, headers: &[(&str, &str)]| {
        common::request(server.address, "GET", path, headers, b"").expect("an answer").status
    };
    assert_eq!(refused("/api/v1/sites/2/export/events", &[]), 401);
    assert_eq!(refused("/api/v1/sites/9/export/events", &[("authorization", &bearer)]), 404);
    assert_eq!(refused("/api/v1/sites/2/export/events?from=soon", &[("authorization", &bearer)]), 400);
}
