mod dashboard;
mod email_reports;
mod kept;
mod roles;
mod teams;

use std::{collections::BTreeSet, sync::Arc};

use footfall_admin::{Admin, NewSite, NewToken, NewUser};
use footfall_model::{
    Access, ActionKind, Catalogue, HitRow, Millis, Scope, SiteId, Text, Value as Fact, VisitId, VisitPolicy, VisitRow, VisitorId,
};
use footfall_report::store::{Batch, MemoryStore, Store};
use serde_json::{Value, json};

use super::{DropReason, OPENAPI, OPERATIONS, System, answer};
use crate::{
    Call,
    matomo::{Context, Reply, Settings},
};

/// 2026-02-11 11:04:33 UTC.
const NOW: Millis = Millis(1_770_807_873_000);

struct Server {
    ctx: Context,
    system: System,
    token: String,
}

impl Server {
    /// A server with the superuser `root`, the viewer `vera` and two sites; on the first, three visits today and yesterday.
    async fn start() -> Server {
        let admin = Admin::open_in_memory().await.unwrap();
        let user = |login: &str, superuser| NewUser {
            login: login.to_owned(),
            email: format!("{login}@example.org"),
            name: String::new(),
            password: Some("long enough".to_owned()),
            superuser,
            role: None,
        };
        admin.add_user(user("root", true), NOW).await.unwrap();
        admin.add_user(user("vera", false), NOW).await.unwrap();
        for domain in ["example.org", "other.org"] {
            let new = NewSite {
                domain: Some(domain.to_owned()),
                urls: vec![format!("https://{domain}")],
                policy: Some(VisitPolicy::Plausible),
                ..NewSite::default()
            };
            admin.add_site(new, NOW).await.unwrap();
        }
        admin.set_access("vera", Some(Access::View), &[SiteId(1)]).await.unwrap();
        let new = NewToken { login: "root".to_owned(), description: "test".to_owned(), ..NewToken::default() };
        let (_, token) = admin.create_token(new, NOW).await.unwrap();

        let catalogue = Arc::new(Catalogue::built_in());
        let store = MemoryStore::new(Arc::clone(&catalogue));
        store.append(visits(&catalogue)).await.unwrap();
        let ctx = Context {
            store: Arc::new(store),
            sites: Arc::new(admin.snapshot(NOW).await.unwrap()),
            catalogue,
            admin: Arc::new(admin),
            now: NOW,
            peer: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
            settings: Settings::default(),
        };
        let system = System {
            version: "1.2.3".to_owned(),
            drop_reasons: vec![DropReason { code: "bot", title: "Bots", hint: "none" }],
            ..System::default()
        };
        Server { ctx, system, token }
    }

    async fn send(&self, call: Call) -> Reply {
        answer(&self.ctx, &self.system, &call).await
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let mut call = Call::new(method, &format!("/api/v1{path}"));
        call.authorization = Some(format!("Bearer {}", self.token));
        call.accept = Some("application/vnd.footfall+json".to_owned());
        if !body.is_null() {
            call.body = body.to_string().into_bytes();
        }
        let reply = self.send(call).await;
        (reply.status, serde_json::from_slice(&reply.body).unwrap_or(Value::Null))
    }
}

/// Visits of two visitors: one yesterday with two pages, two today with one page each, one of them from Germany.
fn visits(catalogue: &Catalogue) -> Batch {
    let mut batch = Batch { swallowed: 1, ..Batch::default() };
    batch.texts = ["/", "/docs"].into_iter().enumerate().map(|(at, text)| (at as u32 + 1, Text::from(text))).collect();
    let country = catalogue.fact_index(catalogue.get("visit.country").unwrap()).unwrap();
    for (number, (visitor, begins, pages, place)) in
        [(1, -86_400, &[1, 2][..], ""), (1, -7200, &[1], "DE"), (2, -120, &[2], "")].into_iter().enumerate()
    {
        let first_at = NOW.plus(begins * 1000);
        let last_at = first_at.plus((pages.len() as i64 - 1) * 60_000);
        let mut facts = vec![Fact::Null; catalogue.facts(Scope::Visit).len()];
        if !place.is_empty() {
            facts[country] = Fact::text(place);
        }
        let visit_id = VisitId(number as u64 + 1);
        for (step, page) in pages.iter().enumerate() {
            batch.hits.push(HitRow {
                hit_id: batch.hits.len() as u64 + 1,
                visit_id,
                site_id: SiteId(1),
                visitor_id: VisitorId(visitor),
                at: first_at.plus(step as i64 * 60_000),
                kind: ActionKind::PageView as u8,
                page: *page,
                facts: vec![Fact::Null; catalogue.facts(Scope::Action).len()],
                ..HitRow::default()
            });
        }
        batch.opened.push(VisitRow {
            visit_id,
            site_id: SiteId(1),
            visitor_id: VisitorId(visitor),
            first_at,
            last_at,
            seen_at: last_at,
            duration: (pages.len() as u32 - 1) * 60,
            pageviews: pages.len() as u32,
            actions: pages.len() as u32,
            bounce: pages.len() == 1,
            visit_count: 1,
            entry_page: pages[0],
            exit_page: *pages.last().unwrap(),
            facts,
            ..VisitRow::default()
        });
    }
    batch
}

#[test]
fn every_described_operation_is_dispatched_and_no_other() {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap().iter().filter(|(method, _)| *method != "parameters") {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            described.insert((method.to_uppercase(), path.clone(), id));
        }
    }
    let dispatched: BTreeSet<_> =
        OPERATIONS.iter().map(|(method, path, id)| ((*method).to_owned(), (*path).to_owned(), (*id).to_owned())).collect();
    assert_eq!(dispatched, described);
}

#[tokio::test]
async fn nothing_is_answered_to_nobody_but_what_needs_no_rights() {
    let server = Server::start().await;
    for (method, path, id) in OPERATIONS {
        let path = path.replace("{site_id}", "1").replace("{login}", "vera").replace("_id}", "}");
        let path = path.replace("{goal}", "1").replace("{dimension}", "1").replace("{token}", "1");
        let reply = server.send(Call::new(method, &format!("/api/v1{path}"))).await;
        let expected: &[u16] = match id {
            "getSession" | "getOpenApi" => &[200],
            "getInvitation" => &[403],
            // Where Plausible's API is too, its clients are told that they show no key.
            "createSite" => &[401],
            _ if method == "GET" => &[401],
            _ => &[403],
        };
        assert!(expected.contains(&reply.status), "{id}: {} {}", reply.status, String::from_utf8_lossy(&reply.body));
    }
}

#[tokio::test]
async fn a_viewer_reads_their_site_and_changes_nothing() {
    let server = Server::start().await;
    let cookie = "ab".repeat(32);
    let new = footfall_admin::NewSession { login: "vera", replaces: None, pending: false, lasts: 1000 };
    let session = server.ctx.admin.start_session(new, NOW).await.unwrap();
    assert_ne!(session.cookie, cookie);
    let query = json!({"range": {"period": "day"}, "metrics": ["visitors"]});
    for (method, path, body, expected) in [
        ("GET", "/sites/1", Value::Null, 200),
        ("GET", "/sites/2", Value::Null, 404),
        ("GET", "/sites/1/live", Value::Null, 200),
        ("POST", "/sites/1/query", query.clone(), 200),
        ("POST", "/sites/2/query", query, 404),
        ("PATCH", "/sites/1", json!({"name": "x"}), 403),
        ("DELETE", "/sites/1", Value::Null, 403),
        ("POST", "/sites", json!({"domain": "new.org"}), 403),
        ("POST", "/sites/1/goals", json!({"name": "x", "match": "event", "pattern": "x"}), 403),
        ("GET", "/users", Value::Null, 403),
        ("GET", "/settings", Value::Null, 403),
        ("PUT", "/users/vera/access", json!({"site_id": 1, "access": "admin"}), 403),
    ] {
        let mut call = Call::new(method, &format!("/api/v1{path}"));
        call.cookie = Some(session.cookie.clone());
        call.csrf = Some(session.session.csrf.clone());
        if !body.is_null() {
            call.body = body.to_string().into_bytes();
        }
        let reply = server.send(call).await;
        assert_eq!(reply.status, expected, "{method} {path}: {}", String::from_utf8_lossy(&reply.body));
    }
}

#[tokio::test]
async fn signing_in_renews_the_session_and_needs_the_token() {
    let server = Server::start().await;
    let reply = server.send(Call::new("GET", "/api/v1/session")).await;
    let session: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(session["authenticated"], false);
    let cookie = reply.headers.iter().find(|(name, _)| *name == "set-cookie").unwrap().1.clone();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    let value = cookie.split(['=', ';']).nth(1).unwrap().to_owned();

    let login = |csrf: &str, password: &str| {
        let mut call = Call::new("POST", "/api/v1/login");
        call.cookie = Some(value.clone());
        call.csrf = Some(csrf.to_owned());
        call.origin = "https://stats.example.org".to_owned();
        call.body = json!({"login": "vera", "password": password}).to_string().into_bytes();
        call
    };
    let csrf = session["csrf_token"].as_str().unwrap();
    assert_eq!(server.send(login("x", "long enough")).await.status, 403);
    assert_eq!(server.send(login(csrf, "wrong")).await.status, 401);
    let reply = server.send(login(csrf, "long enough")).await;
    assert_eq!(reply.status, 200);
    let renewed = &reply.headers.iter().find(|(name, _)| *name == "set-cookie").unwrap().1;
    assert!(renewed.contains("; Secure; Max-Age=1209600") && !renewed.contains(&value), "{renewed}");
    let signed_in: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(signed_in["user"]["login"], "vera");
    assert_ne!(signed_in["csrf_token"], session["csrf_token"]);
    for _ in 0..5 {
        server.send(login(csrf, "wrong")).await;
    }
    let reply = server.send(login(csrf, "long enough")).await;
    assert_eq!(reply.status, 429);
    assert_eq!(reply.headers, [("retry-after", "900".to_owned())]);
}

#[tokio::test]
async fn figures_with_a_comparison() {
    let server = Server::start().await;
    let (status, answer) = server
        .ask(
            "POST",
            "/sites/1/query",
            json!({
                "range": {"period": "day"}, "compare": "previous", "metrics": ["visitors", "bounce_rate"],
                "dimensions": ["visit:country"]
            }),
        )
        .await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        answer,
        json!({
            "rows": [
                {"dimensions": ["(not set)"], "metrics": [1, 100], "comparison": [1, 0]},
                {"dimensions": ["DE"], "metrics": [1, 100], "comparison": [0, null]},
            ],
            "totals": {"metrics": [2, 100], "comparison": [1, 0]},
            "metrics": [{"name": "visitors", "unit": "count"}, {"name": "bounce_rate", "unit": "percent"}],
            "meta": {
                "from": "2026-02-11", "to": "2026-02-11", "compare_from": "2026-02-10", "compare_to": "2026-02-10",
                "timezone": "UTC", "currency": "USD", "now": "2026-02-11T11:04:33", "total_rows": 2,
                "labels": {"visit:country": {"DE": "Germany"}},
            },
        })
    );
}

#[tokio::test]
async fn buckets_without_hits_are_there_and_those_to_come_are_not() {
    let server = Server::start().await;
    let asked = json!({"range": {"period": "7d"}, "metrics": ["visitors", "pageviews"], "dimensions": ["time:day"]});
    let (_, answer) = server.ask("POST", "/sites/1/query", asked).await;
    let rows: Vec<(&str, &Value)> =
        answer["rows"].as_array().unwrap().iter().map(|row| (row["dimensions"][0].as_str().unwrap(), &row["metrics"])).collect();
    assert_eq!(rows.len(), 7);
    assert_eq!(rows[0], ("2026-02-05", &json!([0, 0])));
    assert_eq!(rows[5], ("2026-02-10", &json!([1, 2])));
    assert_eq!(rows[6], ("2026-02-11", &json!([2, 2])));
    let asked = json!({"range": {"period": "day"}, "metrics": ["visitors"], "dimensions": ["time:hour"]});
    let (_, answer) = server.ask("POST", "/sites/1/query", asked).await;
    assert_eq!(answer["rows"].as_array().unwrap().len(), 12);
    assert_eq!(answer["rows"][11], json!({"dimensions": ["2026-02-11T11:00:00"], "metrics": [1]}));
    assert_eq!(answer["meta"]["time_labels"].as_array().unwrap().len(), 24);
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_told_why() {
    let server = Server::start().await;
    for (more, code, message) in [
        (json!({"colour": 1}), "bad_request", "the query has no field `colour`"),
        (json!({"metrics": ["joy"]}), "invalid_query", "unknown metric `joy`"),
        (json!({"dimensions": ["visit:colour"]}), "invalid_query", "unknown dimension `visit:colour`"),
        (json!({"dimensions": ["visit:dimension1"]}), "invalid_query", "unknown dimension `visit:dimension1`"),
        (json!({"filters": [["is", "visit:os"]]}), "bad_request", r#"`["is","visit:os"]` is not a filter"#),
        (json!({"filters": [["matches", "visit:os", ["("]]]}), "invalid_query", "a pattern is not a regular expression: `(`"),
        (json!({"limit": 0}), "bad_request", "`limit` must be a whole number from 1 to 10000"),
        (
            json!({"metrics": ["conversion_rate"]}),
            "invalid_query",
            "`conversion_rate` wants `event:goal` as a dimension or in a filter",
        ),
    ] {
        let mut body = json!({"range": {"period": "day"}, "metrics": ["visitors"]});
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        let (status, answer) = server.ask("POST", "/sites/1/query", body).await;
        assert_eq!((status, answer["error"]["code"].as_str()), (400, Some(code)), "{more}");
        assert_eq!(answer["error"]["message"], message);
    }
}

#[tokio::test]
async fn now_and_the_latest_visits() {
    let server = Server::start().await;
    let (status, live) = server.ask("GET", "/sites/1/live?limit=2", Value::Null).await;
    assert_eq!(status, 200, "{live}");
    assert_eq!(live["visitors"], 1);
    assert_eq!(live["minutes"].as_array().unwrap().len(), 30);
    assert_eq!(live["minutes"][27], 1);
    assert_eq!(live["visits"].as_array().unwrap().len(), 2);
    assert_eq!(live["visits"][0]["id"], "3");
    assert_eq!(live["visits"][0]["live"], true);
    assert_eq!(live["visits"][1]["country_name"], "Germany");
    let next = live["next"].as_str().unwrap();
    let (_, rest) = server.ask("GET", &format!("/sites/1/live?limit=2&before={next}"), Value::Null).await;
    assert_eq!(rest["visits"].as_array().unwrap().len(), 1);
    assert_eq!(rest["visits"][0]["actions_total"], 2);
    assert_eq!(rest["next"], Value::Null);
}

#[tokio::test]
async fn sites_goals_dimensions_users_and_tokens_are_kept() {
    let server = Server::start().await;
    let (status, site) = server.ask("POST", "/sites", json!({"domain": "https://New.example/", "currency": "EUR"})).await;
    assert_eq!((status, &site["domain"], &site["access"]), (200, &json!("new.example"), &json!("superuser")), "{site}");
    let (status, error) = server.ask("POST", "/sites", json!({"domain": "example.org"})).await;
    assert_eq!((status, &error["error"]["code"]), (409, &json!("conflict")), "{error}");
    let (status, error) = server.ask("PATCH", "/sites/1", json!({"timezone": "Europe/Nowhere"})).await;
    assert_eq!(status, 422);
    assert!(error["error"]["fields"]["timezone"].is_string(), "{error}");

    let goal = json!({"name": "Docs", "match": "path", "pattern": "/docs/**", "pattern_type": "wildcard", "revenue": 2.5});
    let (status, goal) = server.ask("POST", "/sites/1/goals", goal).await;
    assert_eq!((status, &goal["pattern_type"], &goal["revenue"]), (201, &json!("wildcard"), &json!(2.5)));
    let (status, goal) = server.ask("PATCH", "/sites/1/goals/1", json!({"revenue": null})).await;
    assert_eq!((status, &goal["name"], &goal["revenue"]), (200, &json!("Docs"), &Value::Null));
    assert_eq!(server.ask("DELETE", "/sites/1/goals/1", Value::Null).await.0, 204);
    assert_eq!(server.ask("DELETE", "/sites/1/goals/1", Value::Null).await.0, 404);

    let (status, dimension) = server.ask("POST", "/sites/1/dimensions", json!({"name": "Tier", "scope": "visit"})).await;
    assert_eq!((status, &dimension["index"], &dimension["active"]), (201, &json!(1), &json!(true)));

    let (status, user) = server.ask("PUT", "/users/vera/access", json!({"site_id": 2, "access": "write"})).await;
    assert_eq!(status, 200);
    assert_eq!(user["access"], json!([{"site_id": 1, "access": "view"}, {"site_id": 2, "access": "write"}]));
    assert_eq!(server.ask("DELETE", "/users/root", Value::Null).await.0, 409);

    let (status, made) = server.ask("POST", "/tokens", json!({"description": "laptop"})).await;
    assert_eq!((status, made["secret"].as_str().unwrap().len()), (201, 32));
    let (_, tokens) = server.ask("GET", "/tokens", Value::Null).await;
    assert_eq!(tokens["tokens"].as_array().unwrap().len(), 2);

    let change = json!({"instance_name": "Numbers", "retention_days": 90, "anonymize_ip_bytes": 1});
    let (status, settings) = server.ask("PATCH", "/settings", change).await;
    assert_eq!(status, 200, "{settings}");
    assert_eq!((&settings["retention_days"], &settings["anonymize_ip_bytes"]), (&json!(90), &json!(1)));
    assert_eq!(settings["system"]["hits"], 4);
}

#[tokio::test]
async fn all_sites_at_a_glance() {
    let server = Server::start().await;
    let (status, overview) = server.ask("GET", "/sites/overview?period=7d", Value::Null).await;
    assert_eq!(status, 200, "{overview}");
    let first = &overview["sites"][0];
    assert_eq!(first["site"]["domain"], "example.org");
    assert_eq!((&first["visitors"], &first["pageviews"], &first["live"]), (&json!(2), &json!(4), &json!(1)));
    assert_eq!(first["sparkline"], json!([0, 0, 0, 0, 0, 1, 2]));
    assert_eq!(first["change"], Value::Null);
}
