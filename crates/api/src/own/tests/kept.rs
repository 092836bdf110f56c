//! What is kept with a site beside its settings: funnels, annotations, segments, shared links, guests, imports.

use footfall_model::{Access, SiteId};
use serde_json::{Value, json};

use super::{NOW, Server};
use crate::Call;

/// Makes two goals that the visits of the first site reach: `Home` is 1, `Docs` is 2.
async fn with_goals() -> Server {
    let server = Server::start().await;
    for (name, path) in [("Home", "/"), ("Docs", "/docs")] {
        let goal = json!({"name": name, "match": "path", "pattern": path});
        assert_eq!(server.ask("POST", "/sites/1/goals", goal).await.0, 201);
    }
    server
}

#[tokio::test]
async fn funnels_tell_how_far_visitors_get() {
    let server = with_goals().await;
    let (status, funnel) = server.ask("POST", "/sites/1/funnels", json!({"name": "Reading", "steps": [1, 2]})).await;
    assert_eq!(status, 201, "{funnel}");
    let steps = json!([{"goal_id": 1, "name": "Home"}, {"goal_id": 2, "name": "Docs"}]);
    assert_eq!(funnel, json!({"id": 1, "name": "Reading", "steps": steps}));

    let asked = json!({"range": {"period": "day"}, "compare": "previous"});
    let (status, answer) = server.ask("POST", "/sites/1/funnels/1/query", asked).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        answer,
        json!({
            "id": 1, "name": "Reading", "all_visitors": 2, "entering_visitors": 1, "entering_rate": 50, "conversion_rate": 0,
            "steps": [
                {"goal_id": 1, "name": "Home", "visitors": 1, "conversion_rate": 100, "conversion_rate_step": 100, "dropoff": 0, "dropoff_rate": 0},
                {"goal_id": 2, "name": "Docs", "visitors": 0, "conversion_rate": 0, "conversion_rate_step": 0, "dropoff": 1, "dropoff_rate": 100},
            ],
            "comparison": {"all_visitors": 1, "entering_visitors": 1, "conversion_rate": 0, "steps": [1, 0]},
            "meta": {"from": "2026-02-11", "to": "2026-02-11", "compare_from": "2026-02-10", "compare_to": "2026-02-10"},
        })
    );
    let asked = json!({"range": {"period": "day", "date": "2026-02-10"}});
    let (_, answer) = server.ask("POST", "/sites/1/funnels/1/query", asked).await;
    assert_eq!((&answer["steps"][1]["visitors"], &answer["conversion_rate"]), (&json!(1), &json!(100)));
    let asked = json!({"range": {"period": "day"}, "filters": [["is", "visit:country", ["DE"]]]});
    let (_, answer) = server.ask("POST", "/sites/1/funnels/1/query", asked).await;
    assert_eq!((&answer["all_visitors"], &answer["entering_visitors"]), (&json!(1), &json!(1)));
    assert_eq!((&answer["comparison"], &answer["meta"]["compare_from"]), (&Value::Null, &Value::Null));
    let (status, error) = server.ask("POST", "/sites/1/funnels/1/query", json!({"metrics": ["visits"]})).await;
    assert_eq!((status, &error["error"]["message"]), (400, &json!("the query has no field `metrics`")));

    let (status, funnel) = server.ask("PATCH", "/sites/1/funnels/1", json!({"steps": [2, 1]})).await;
    assert_eq!((status, &funnel["name"], &funnel["steps"][0]["name"]), (200, &json!("Reading"), &json!("Docs")));
    assert_eq!(server.ask("DELETE", "/sites/1/funnels/1", Value::Null).await.0, 204);
    assert_eq!(server.ask("GET", "/sites/1/funnels", Value::Null).await.1, json!({"funnels": []}));
    assert_eq!(server.ask("POST", "/sites/1/funnels/1/query", json!({"range": {"period": "day"}})).await.0, 404);
}

#[tokio::test]
async fn a_funnel_that_cannot_be_is_refused_by_its_field() {
    let server = with_goals().await;
    let recorded = json!({"name": "Title", "match": "title", "pattern": "Hello"});
    assert_eq!(server.ask("POST", "/sites/1/goals", recorded).await.0, 201);
    assert_eq!(server.ask("POST", "/sites/1/funnels", json!({"name": "Reading", "steps": [1, 2]})).await.0, 201);
    for (body, field, problem) in [
        (json!({"name": "x", "steps": [1]}), "steps", "`steps` must be 2 to 8 goals, and are 1"),
        (json!({"name": "x", "steps": [1, 1]}), "steps", "`steps` must differ, and `1` stands there twice"),
        (json!({"name": "x", "steps": [1, 9]}), "steps", "`steps` must be goals of the site, and `9` is none"),
        (
            json!({"name": "x", "steps": [1, 3]}),
            "steps",
            "`steps` must be paths, custom events or scroll depths, and `Title` is none of them",
        ),
        (json!({"name": "Reading", "steps": [2, 1]}), "name", "the site has a funnel `Reading` already"),
    ] {
        let (status, error) = server.ask("POST", "/sites/1/funnels", body.clone()).await;
        assert_eq!((status, &error["error"]["fields"][field]), (422, &json!(problem)), "{body}");
    }
}

#[tokio::test]
async fn annotations_are_kept_by_day() {
    let server = Server::start().await;
    for (date, note) in [("2026-02-01", "Moved"), ("2026-02-10", "Released")] {
        let (status, made) = server.ask("POST", "/sites/1/annotations", json!({"date": date, "note": note})).await;
        assert_eq!((status, &made["login"], &made["starred"]), (201, &json!("root"), &json!(false)), "{made}");
    }
    let notes = |answer: Value| -> Vec<String> {
        let list = answer["annotations"].as_array().cloned().unwrap_or_default();
        list.iter().filter_map(|one| one["note"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(notes(server.ask("GET", "/sites/1/annotations", Value::Null).await.1), ["Released", "Moved"]);
    let of_days = server.ask("GET", "/sites/1/annotations?from=2026-02-01&to=2026-02-09", Value::Null).await.1;
    assert_eq!(notes(of_days), ["Moved"]);
    let (status, changed) = server.ask("PATCH", "/sites/1/annotations/0", json!({"note": "Moved house", "starred": true})).await;
    assert_eq!((status, &changed["note"], &changed["date"]), (200, &json!("Moved house"), &json!("2026-02-01")));
    let (status, error) = server.ask("POST", "/sites/1/annotations", json!({"date": "soon", "note": "x"})).await;
    assert_eq!((status, error["error"]["fields"]["date"].is_string()), (422, true));
    let (status, error) = server.ask("POST", "/sites/1/annotations", json!({"date": "2026-02-01", "note": " "})).await;
    assert_eq!((status, error["error"]["fields"]["note"].is_string()), (422, true));
    assert_eq!(server.ask("DELETE", "/sites/1/annotations/0", Value::Null).await.0, 204);
    assert_eq!(server.ask("DELETE", "/sites/1/annotations/0", Value::Null).await.0, 404);
}

#[tokio::test]
async fn two_goals_do_not_stand_for_the_same() {
    let server = Server::start().await;
    let post = async |goal: Value| server.ask("POST", "/sites/1/goals", goal).await;
    let buy = json!({"name": "Bought", "match": "event", "pattern": "Purchase", "currency": "USD"});
    assert_eq!(post(buy).await.0, 201);
    let (status, error) = post(json!({"name": "Paid", "match": "event", "pattern": " Purchase ", "currency": "EUR"})).await;
    assert_eq!((status, &error["error"]["message"]), (409, &json!("the goal `Bought` stands for this already")), "{error}");
    let pro = json!({"name": "Pro", "match": "event", "pattern": "Purchase", "props": {"plan": "pro"}});
    assert_eq!(post(pro).await.0, 201);
    let (status, page) = post(json!({"name": "Docs", "match": "path", "pattern": "docs"})).await;
    assert_eq!((status, &page["pattern"]), (201, &json!("/docs")), "{page}");
    assert_eq!(post(json!({"name": "Manual", "match": "path", "pattern": "/docs"})).await.0, 409);
    assert_eq!(server.ask("PATCH", "/sites/1/goals/3", json!({"pattern": "/docs", "revenue": 1})).await.0, 200);
    assert_eq!(server.ask("PATCH", "/sites/1/goals/2", json!({"props": {}})).await.0, 409);
    let (status, error) = post(json!({"name": "Left", "match": "event", "pattern": "engagement"})).await;
    let told = json!("`pattern` may not be `engagement`, which the script sends by itself");
    assert_eq!((status, &error["error"]["fields"]["pattern"]), (422, &told), "{error}");
    for name in ["One", "Two"] {
        let recorded = json!({"name": name, "match": "url", "pattern": "thanks", "pattern_type": "contains"});
        assert_eq!(post(recorded).await.0, 201, "Matomo's rules may be there twice");
    }
}

#[tokio::test]
async fn shields_goals_tokens_and_retention_are_told_as_they_were_set() {
    let server = Server::start().await;
    let change = json!({
        "excluded_countries": ["de", "FR"], "excluded_pages": ["/admin/**"], "allowed_hostnames": ["*.example.org"],
        "allowed_properties": ["tier"]
    });
    let (status, site) = server.ask("PATCH", "/sites/1", change).await;
    assert_eq!(status, 200, "{site}");
    assert_eq!((&site["excluded_countries"], &site["excluded_pages"]), (&json!(["DE", "FR"]), &json!(["/admin/**"])));
    assert_eq!((&site["allowed_hostnames"], &site["allowed_properties"]), (&json!(["*.example.org"]), &json!(["tier"])));
    let (status, error) = server.ask("PATCH", "/sites/1", json!({"excluded_countries": ["Atlantis"]})).await;
    assert_eq!((status, error["error"]["fields"]["excluded_countries"].is_string()), (422, true), "{error}");

    let deep = json!({"name": "Read", "match": "scroll", "pattern": "/docs/*", "pattern_type": "wildcard", "scroll_depth": 75});
    let (status, goal) = server.ask("POST", "/sites/1/goals", deep).await;
    assert_eq!((status, &goal["match"], &goal["scroll_depth"]), (201, &json!("scroll"), &json!(75)), "{goal}");
    let paid = json!({"name": "Paid", "match": "event", "pattern": "Order", "props": {"tier": "team"}, "currency": "CHF"});
    let (status, goal) = server.ask("POST", "/sites/1/goals", paid).await;
    assert_eq!((status, &goal["props"], &goal["currency"]), (201, &json!({"tier": "team"}), &json!("CHF")), "{goal}");
    let (_, goal) = server.ask("PATCH", "/sites/1/goals/2", json!({"name": "Bought"})).await;
    assert_eq!((&goal["name"], &goal["props"]), (&json!("Bought"), &json!({"tier": "team"})));
    let (status, error) = server.ask("PATCH", "/sites/1/goals/1", json!({"scroll_depth": 0})).await;
    assert_eq!((status, error["error"]["fields"]["scroll_depth"].is_string()), (422, true), "{error}");

    let (status, made) = server.ask("POST", "/tokens", json!({"description": "wall", "scopes": ["stats:read"]})).await;
    assert_eq!((status, &made["token"]["scopes"]), (201, &json!(["stats:read"])), "{made}");

    assert_eq!(server.ask("PATCH", "/settings", json!({"retention_days": 90})).await.0, 200);
    assert_eq!(server.ask("GET", "/sites/1/retention", Value::Null).await.1, json!({"days": null, "server_days": 90}));
    for (asked, kept) in [(json!(365), Some(365)), (json!(0), None), (Value::Null, Some(90))] {
        assert_eq!(server.ask("PUT", "/sites/1/retention", json!({"days": asked})).await.1["days"], asked);
        assert_eq!(crate::own::retention(&server.ctx.admin, SiteId(1)).await.unwrap(), kept);
    }
    assert_eq!(server.ask("PUT", "/sites/1/retention", json!({"days": 40_000})).await.0, 422);
}

#[tokio::test]
async fn guests_come_by_address_and_go() {
    let server = Server::start().await;
    for (email, accepted) in [("vera@example.org", false), ("new@example.org", false)] {
        let (status, guest) = server.ask("POST", "/sites/2/guests", json!({"email": email, "role": "editor"})).await;
        assert_eq!(status, 201, "{guest}");
        assert_eq!(guest["accepted"], json!(accepted || email.starts_with("vera")));
    }
    assert_eq!(server.ctx.admin.principal("vera").await.unwrap().access(SiteId(2)), Some(Access::Write));
    assert_eq!(server.ask("POST", "/sites/2/guests", json!({"email": "x@y.org", "role": "king"})).await.0, 422);
    assert_eq!(server.ask("DELETE", "/sites/2/guests/vera%40example.org", Value::Null).await.0, 204);
    let (_, list) = server.ask("GET", "/sites/2/guests", Value::Null).await;
    assert_eq!((list["guests"].as_array().unwrap().len(), &list["guests"][0]["email"]), (1, &json!("new@example.org")));
    assert_eq!(server.ctx.admin.principal("vera").await.unwrap().access(SiteId(2)), None);
}

#[tokio::test]
async fn figures_of_an_archive_come_and_go() {
    let server = Server::start().await;
    let name = "imported_visitors_20250101_20250102.csv";
    let text = "date,visitors,pageviews,bounces,visits,visit_duration\n2025-01-01,2,3,1,2,60\n2025-01-02,5,8,1,6,90\n";
    let (status, made) = server.ask("POST", "/sites/1/imports", json!({"files": {name: text}})).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!((&made["from"], &made["to"], &made["rows"]), (&json!("2025-01-01"), &json!("2025-01-02"), &json!(2)));
    let (status, archive) = server.ask("GET", "/sites/1/export/archive", Value::Null).await;
    assert_eq!(status, 200);
    let visitors = archive["files"].as_object().unwrap().iter().find(|(name, _)| name.starts_with("imported_visitors_")).unwrap();
    let rows = visitors.1.as_str().unwrap().lines().count();
    assert_eq!((visitors.0.as_str(), rows), ("imported_visitors_20250101_20260211.csv", 5));
    for (files, problem) in [
        (json!({"holiday.csv": "x"}), "`holiday.csv` is not a file of an archive, such as `imported_pages.csv`"),
        (json!({"imported_pages.csv": ""}), "`imported_pages` is empty"),
    ] {
        let (status, error) = server.ask("POST", "/sites/1/imports", json!({"files": files})).await;
        assert_eq!((status, &error["error"]["fields"]["files"]), (422, &json!(problem)));
    }
    let again = json!({"files": {"imported_visitors.csv": "date,visitors\n2025-01-02,1\n2025-01-03,1\n"}});
    let (status, error) = server.ask("POST", "/sites/1/imports", again).await;
    let sentence = "2025-01-02 of `visitors` came with import 1: delete that one first, or leave the day out";
    assert_eq!((status, &error["error"]["message"]), (422, &json!(sentence)));
    assert_eq!(server.ask("DELETE", "/sites/1/imports/1", Value::Null).await.0, 204);
    assert_eq!(server.ask("GET", "/sites/1/imports", Value::Null).await.1, json!({"imports": []}));
}

#[tokio::test]
async fn imported_days_are_part_of_the_figures_where_they_can_be() {
    let server = Server::start().await;
    let files = json!({
        "imported_visitors.csv": "date,visitors,pageviews,bounces,visits,visit_duration\n2025-01-01,2,3,1,2,60\n2025-01-02,5,8,1,6,90\n",
        "imported_pages.csv": "date,hostname,page,visits,visitors,pageviews\n2025-01-02,a.example,/a,4,4,7\n",
    });
    assert_eq!(server.ask("POST", "/sites/1/imports", json!({"files": files})).await.0, 201);
    let days = json!({"from": "2025-01-01", "to": "2025-01-03"});
    let ask = |more: Value| {
        let mut body = json!({"range": days, "metrics": ["visitors", "visits", "pageviews", "bounce_rate"]});
        more.as_object().into_iter().flatten().for_each(|(name, value)| body[name] = value.clone());
        server.ask("POST", "/sites/1/query", body)
    };
    let (status, by_day) = ask(json!({"dimensions": ["time:day"]})).await;
    assert_eq!(status, 200, "{by_day}");
    assert_eq!(by_day["totals"]["metrics"], json!([7, 8, 11, 25]));
    let rows: Vec<&Value> = by_day["rows"].as_array().into_iter().flatten().map(|row| &row["metrics"][0]).collect();
    assert_eq!((rows, &by_day["meta"]["imports_included"]), (vec![&json!(2), &json!(5), &json!(0)], &json!(true)));
    let (_, pages) = ask(json!({"dimensions": ["event:page"], "metrics": ["visitors", "pageviews"]})).await;
    assert_eq!(pages["rows"], json!([{"dimensions": ["/a"], "metrics": [4, 7]}]));
    let (_, without) = ask(json!({"include": {"imports": false}})).await;
    assert_eq!((&without["totals"]["metrics"][0], without["meta"].get("imports_included")), (&json!(0), None));
    let (_, by_language) = ask(json!({"dimensions": ["visit:language"]})).await;
    assert_eq!((&by_language["rows"], &by_language["meta"]["imports_included"]), (&json!([]), &json!(false)));
    assert_eq!(by_language["meta"]["imports_skip_reason"], "unsupported_query");
    let (_, ever) = ask(json!({"range": {"period": "all"}})).await;
    assert_eq!(ever["meta"]["from"], "2025-01-01");
}

/// Asks as somebody who shows the key of a shared link, in a browser where they may be signed in.
async fn as_guest(server: &Server, slug: &str, cookie: Option<&str>, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let (_, key) = server.ctx.admin.shared_link_key(slug).await.unwrap().unwrap();
    let mut call = Call::new(method, &format!("/api/v1{path}"));
    call.shared = Some(format!("{slug}.{key}"));
    call.cookie = cookie.map(str::to_owned);
    call.body = body.to_string().into_bytes();
    let reply = server.send(call).await;
    (reply.status, serde_json::from_slice(&reply.body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn a_shared_link_shows_its_segment_and_no_more() {
    let server = with_goals().await;
    let filters = json!([["is", "visit:country", ["DE"]]]);
    let (status, saved) = server.ask("POST", "/sites/1/segments", json!({"name": "Germany", "filters": filters})).await;
    assert_eq!((status, &saved["filters"]), (201, &filters), "{saved}");
    assert_eq!(server.ask("POST", "/sites/1/funnels", json!({"name": "Reading", "steps": [1, 2]})).await.0, 201);
    let whole = json!({"name": "All", "password": "open sesame"});
    let (status, whole) = server.ask("POST", "/sites/1/shared-links", whole).await;
    assert_eq!((status, &whole["has_password"], &whole["segment_id"]), (201, &json!(true), &Value::Null), "{whole}");
    let (_, part) = server.ask("POST", "/sites/1/shared-links", json!({"name": "Part", "segment_id": saved["id"]})).await;
    let (status, error) = server.ask("POST", "/sites/1/shared-links", json!({"name": "Part"})).await;
    assert_eq!((status, error["error"]["fields"]["name"].is_string()), (422, true), "{error}");
    let elsewhere = json!({"name": "Other", "segment_id": saved["id"]});
    assert_eq!(server.ask("POST", "/sites/2/shared-links", elsewhere).await.0, 422);

    let (whole, part) = (whole["slug"].as_str().unwrap(), part["slug"].as_str().unwrap());
    let asked = json!({"range": {"period": "day"}, "metrics": ["visitors"]});
    let none = Value::Null;
    let visitors = |answer: (u16, Value)| (answer.0, answer.1["totals"]["metrics"][0].as_i64());
    assert_eq!(visitors(as_guest(&server, whole, None, "POST", "/sites/1/query", &asked).await), (200, Some(2)));
    assert_eq!(visitors(as_guest(&server, part, None, "POST", "/sites/1/query", &asked).await), (200, Some(1)));
    let asked = json!({"range": {"period": "day"}});
    let (_, funnel) = as_guest(&server, part, None, "POST", "/sites/1/funnels/1/query", &asked).await;
    assert_eq!((&funnel["all_visitors"], &funnel["entering_visitors"]), (&json!(1), &json!(1)));
    for (path, expected) in [
        ("/sites/1", 200),
        ("/sites/1/funnels", 200),
        ("/sites/1/properties", 403),
        ("/sites/1/live", 403),
        ("/sites/1/live/stream", 403),
        ("/sites/1/annotations", 403),
        ("/sites/1/shared-links", 403),
        ("/sites/2", 401),
    ] {
        assert_eq!(as_guest(&server, part, None, "GET", path, &none).await.0, expected, "{path}");
    }
    assert_eq!(as_guest(&server, whole, None, "GET", "/sites/1/properties", &none).await.0, 200);

    // Whoever is signed in and may see more, or nothing of the site, is shown the same.
    for login in ["root", "vera"] {
        server.ctx.admin.set_access("vera", None, &[SiteId(1)]).await.unwrap();
        let new = footfall_admin::NewSession { login, replaces: None, pending: false, lasts: 1000 };
        let cookie = server.ctx.admin.start_session(new, NOW).await.unwrap().cookie;
        let asked = json!({"range": {"period": "day"}, "metrics": ["visitors"]});
        let answer = as_guest(&server, part, Some(&cookie), "POST", "/sites/1/query", &asked).await;
        assert_eq!(visitors(answer), (200, Some(1)), "{login}");
    }

    let held = format!("/sites/1/segments/{}", saved["id"]);
    assert_eq!(server.ask("DELETE", &held, Value::Null).await.0, 422);
    assert_eq!(server.ask("DELETE", &format!("/sites/1/shared-links/{part}"), Value::Null).await.0, 204);
    assert_eq!(server.ask("DELETE", &held, Value::Null).await.0, 204);
    assert_eq!(server.ask("GET", "/sites/1/shared-links", Value::Null).await.1["shared_links"].as_array().unwrap().len(), 1);
}
