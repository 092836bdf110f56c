//! What asks for too much is refused with a reason and never asked of the store.

mod common;

use common::{Server, add_site, bearer, sites_api};
use serde_json::{Value, json};

/// How many questions the store was asked so far.
fn questions(server: &Server) -> u64 {
    let bearer = bearer();
    let page = server.get("/metrics", &[("authorization", &bearer)]).text();
    let found = page.lines().find_map(|line| line.strip_prefix("footfall_store_questions_total "));
    found.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no count of questions: {page}"))
}

#[test]
fn questions_without_bounds_are_refused() {
    let server = Server::start(&[]);
    add_site(&server, "bad.example");
    let mut deep = json!(["is", "visit:os", ["Linux"]]);
    for _ in 0..100 {
        deep = json!(["not", deep]);
    }
    let many: Vec<Value> = (0..1001).map(|n| json!(["is", "visit:os", [n.to_string()]])).collect();
    let values: Vec<String> = (0..10_001).map(|n| n.to_string()).collect();
    for (name, more) in [
        ("deep nesting", json!({"filters": [deep]})),
        ("ten thousand values", json!({"filters": [["is", "visit:os", values]]})),
        ("a thousand clauses", json!({"filters": many})),
        ("an invalid expression", json!({"filters": [["matches", "event:page", ["(a"]]]})),
        ("a huge expression", json!({"filters": [["matches", "event:page", ["(a{1000}){1000}"]]]})),
        ("an absurd range", json!({"date_range": "99999999999999999999d"})),
        ("a range the wrong way round", json!({"date_range": ["2021-02-02", "2021-01-01"]})),
        ("a range of no calendar", json!({"date_range": ["0000-00-00", "99999-01-01"]})),
        ("too many rows", json!({"pagination": {"limit": 1_000_000_000}})),
    ] {
        let mut body = json!({"site_id": "bad.example", "metrics": ["visitors"], "date_range": "7d"});
        more.as_object().into_iter().flatten().for_each(|(key, value)| body[key] = value.clone());
        let (status, told) = sites_api(&server, "POST", "/api/v2/query", &body);
        assert_eq!(status, 400, "{name}: {told}");
        assert!(told["error"].as_str().is_some_and(|error| !error.is_empty()), "{name}: {told}");
    }
}

#[test]
fn stats_v1_has_the_same_bounds() {
    let server = Server::start(&[]);
    add_site(&server, "bad.example");
    let bearer = bearer();
    let many = vec!["visit:os==Linux"; 1001].join(";");
    let values = vec!["a"; 20_000].join("|");
    let nested = |depth: usize| {
        let leaf = "%5B%22is%22,%22visit:os%22,%5B%22a%22%5D%5D";
        format!("aggregate?filters=%5B{}{leaf}{}%5D", "%5B%22not%22,".repeat(depth), "%5D".repeat(depth))
    };
    for (name, call) in [
        ("a thousand clauses", format!("aggregate?filters={many}")),
        ("too many values", format!("aggregate?filters=visit:os=={values}")),
        ("an absurd date", "aggregate?period=day&date=99999-01-01".to_owned()),
        ("a range of no calendar", "aggregate?period=custom&date=0000-00-00,2021-01-01".to_owned()),
        ("a range the wrong way round", "aggregate?period=custom&date=2021-02-02,2021-01-01".to_owned()),
        ("too many rows", "breakdown?property=visit:os&limit=1000000".to_owned()),
        ("an unknown period", "timeseries?period=1000y".to_owned()),
        ("deep nesting", nested(30)),
        ("the deepest nesting", nested(200)),
    ] {
        let joined = if call.contains('?') { '&' } else { '?' };
        let answer = server.get(&format!("/api/v1/stats/{call}{joined}site_id=bad.example"), &[("authorization", &bearer)]);
        assert_eq!(answer.status, 400, "{name}: {}", answer.text());
        assert!(answer.json()["error"].as_str().is_some_and(|error| !error.is_empty()), "{name}: {}", answer.text());
    }
}

#[test]
fn oversized_events_are_refused_or_cut() {
    let server = Server::start(&[]);
    add_site(&server, "bad.example");
    let send = |body: &Value| {
        let headers = [
            ("content-type", "text/plain"),
            ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
        ];
        server.post("/api/event", &headers, body.to_string().as_bytes())
    };
    let event = |more: Value| {
        let mut event = json!({"n": "Sale", "d": "bad.example", "u": "https://bad.example/"});
        more.as_object().into_iter().flatten().for_each(|(name, value)| event[name] = value.clone());
        event
    };
    let many: serde_json::Map<String, Value> = (0..31).map(|n| (format!("p{n}"), json!("x"))).collect();
    for (name, more) in [
        ("a property's name too long", json!({"p": {"k".repeat(301): "x"}})),
        ("a property too long", json!({"p": {"k": "x".repeat(2001)}})),
        ("a name too long", json!({"n": "n".repeat(121)})),
        ("an address too long", json!({"u": format!("https://bad.example/{}", "a".repeat(2000))})),
    ] {
        let answer = send(&event(more));
        assert_eq!(answer.status, 400, "{name}: {}", answer.text());
        assert!(answer.json()["errors"].is_object(), "{name}: {}", answer.text());
    }
    let large = send(&event(json!({"p": {"k": "x".repeat(2 << 20)}})));
    assert!(matches!(large.status, 400 | 413), "{}", large.status);
    assert_eq!(send(&event(json!({"p": {"k": "x".repeat(2000)}}))).status, 202);
    // Of too many properties, thirty are kept.
    assert_eq!(send(&event(json!({"p": many}))).status, 202);
    let bearer = bearer();
    let names = server.get("/api/v1/sites/1/properties", &[("authorization", &bearer)]).json();
    assert_eq!(names["properties"].as_array().map(Vec::len), Some(31), "thirty and `k`: {names}");
    let counted = sites_api(
        &server,
        "POST",
        "/api/v2/query",
        &json!({"site_id": "bad.example", "metrics": ["events"], "date_range": "day"}),
    );
    assert_eq!(counted.1["results"][0]["metrics"], json!([2]), "{}", counted.1);
}
