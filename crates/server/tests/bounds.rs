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
    let mut deeper = deep.clone();
    for _ in 0..100 {
        deeper = json!(["not", deeper]);
    }
    let clauses = |n: usize| (0..n).map(|n| json!(["is", "visit:os", [n.to_string()]])).collect::<Vec<Value>>();
    let values: Vec<String> = (0..501).map(|n| n.to_string()).collect();
    let before = questions(&server);
    for (more, sentence) in [
        (json!({"filters": [deep]}), "#/filters/0: Invalid filter [\"not\", [\"not\", "),
        (json!({ "filters": [deeper] }), "The request is nested too deep."),
        (json!({"filters": clauses(251)}), "Invalid filters. There are more than 250 of them."),
        (json!({"filters": [["or", clauses(1000)]]}), "Invalid filters. There are more than 250 of them."),
        (json!({"filters": [["is", "visit:os", values]]}), "Invalid filters. They name more than 500 values."),
        (json!({"date_range": "99999999999999999999d"}), "Invalid date_range \"99999999999999999999d\""),
        (json!({"date_range": ["2021-02-02", "2021-01-01"]}), "Invalid date_range '[\"2021-02-02\", \"2021-01-01\"]'."),
        (json!({"date_range": ["0001-01-01", "9999-12-31"]}), "Invalid date_range '[\"0001-01-01\", \"9999-12-31\"]'."),
        (
            json!({"date_range": ["1500-01-01T00:00:00Z", "2021-01-01T00:00:00Z"]}),
            "Invalid date_range '[\"1500-01-01T00:00:00Z\", \"2021-01-01T00:00:00Z\"]'.",
        ),
        (
            json!({"date_range": ["2021-02-03T00:00:00", "2021-02-03T23:59:59"]}),
            "Invalid date_range '[\"2021-02-03T00:00:00\", \"2021-02-03T23:59:59\"]'.",
        ),
        (json!({"date_range": ["2021-02-28", "2021-02-30"]}), "Invalid date_range '[\"2021-02-28\", \"2021-02-30\"]'."),
        (json!({"date_range": ["9999-12-31", "9999-12-31"]}), "Invalid date_range '[\"9999-12-31\", \"9999-12-31\"]'."),
        (
            json!({"date_range": ["0000-00-00", "99999-01-01"]}),
            "#/date_range: Invalid date range [\"0000-00-00\", \"99999-01-01\"]",
        ),
        (json!({"pagination": {"limit": 1_000_000_000}}), "#/pagination/limit: Expected the value to be <= 10000"),
        (json!({"metrics": vec!["visitors"; 2000]}), "#/metrics: Expected items to be unique but they were not."),
    ] {
        let mut body = json!({"site_id": "bad.example", "metrics": ["visitors"], "date_range": "7d"});
        more.as_object().into_iter().flatten().for_each(|(key, value)| body[key] = value.clone());
        let (status, told) = sites_api(&server, "POST", "/api/v2/query", &body);
        let said = told["error"].as_str().unwrap_or_default();
        assert_eq!(status, 400, "{sentence}: {told}");
        assert!(if sentence.ends_with(' ') { said.starts_with(sentence) } else { said == sentence }, "{said}");
    }
    assert_eq!(questions(&server), before, "what is refused is never asked of the store");
    let body = json!({"site_id": "bad.example", "metrics": ["visitors"], "date_range": "7d", "filters": [["or", clauses(250)]]});
    assert_eq!(sites_api(&server, "POST", "/api/v2/query", &body).0, 200);
    assert_eq!(questions(&server), before + 1);
}

#[test]
fn patterns_are_those_of_re2() {
    let server = Server::start(&[]);
    add_site(&server, "bad.example");
    let asked = |pattern: &str| {
        let body = json!({"site_id": "bad.example", "metrics": ["visitors"], "date_range": "7d",
            "filters": [["matches", "event:page", [pattern]]]});
        let (status, told) = sites_api(&server, "POST", "/api/v2/query", &body);
        (status, told["error"].as_str().unwrap_or_default().to_owned())
    };
    for (pattern, reason) in [
        ("(a", "missing ): (a"),
        ("[a", "missing ]: [a"),
        ("(a{1000}){1000}", "invalid repetition size: {1000}"),
        ("[[:foo:]]", "invalid character class range: [:foo:]"),
        ("(?<n>a)", "invalid perl operator: (?<"),
        ("a++", "bad repetition operator: ++"),
        ("\\p{Emoji}", "invalid character class range: \\p{Emoji}"),
        ("\\u{61}", "invalid escape sequence: \\u"),
        ("*a", "no argument for repetition operator: *"),
        ("a)", "unexpected ): a)"),
    ] {
        assert_eq!(asked(pattern), (400, format!("a pattern is not a regular expression: {reason}")), "{pattern}");
    }
    for pattern in ["/product/{id}", "a{", "a{,3}", "\\Qa.b\\E", "(?i)ABOUT$", "^/[[:alpha:]]+$"] {
        assert_eq!(asked(pattern).0, 200, "{pattern}");
    }
}

#[test]
fn stats_v1_has_the_same_bounds() {
    let server = Server::start(&[]);
    add_site(&server, "bad.example");
    let bearer = bearer();
    let many = vec!["visit:os==Linux"; 251].join(";");
    let values = vec!["a"; 501].join("|");
    let dates = "Invalid format for `date` parameter. When using a custom period, please include two ISO-8601 formatted dates \
                 joined by a comma. See https://plausible.io/docs/stats-api#time-periods";
    let periods = "Error parsing `period` parameter: invalid period `1000y`. Please find accepted values in our docs: \
                   https://plausible.io/docs/stats-api#time-periods";
    let before = questions(&server);
    let nested = |depth: usize| {
        let leaf = "%5B%22is%22,%22visit:os%22,%5B%22a%22%5D%5D";
        format!("aggregate?filters=%5B{}{leaf}{}%5D", "%5B%22not%22,".repeat(depth), "%5D".repeat(depth))
    };
    for (call, sentence) in [
        (format!("aggregate?filters={many}"), "Invalid filters. There are more than 250 of them."),
        (format!("aggregate?filters=visit:os=={values}"), "Invalid filters. They name more than 500 values."),
        (
            "aggregate?period=day&date=99999-01-01".to_owned(),
            "Error parsing `date` parameter: invalid_format. Please specify a valid date in ISO-8601 format.",
        ),
        ("aggregate?period=custom&date=0000-00-00,2021-01-01".to_owned(), dates),
        ("aggregate?period=custom&date=2021-02-02,2021-01-01".to_owned(), "The `date` parameter ends before it starts."),
        (
            "timeseries?period=custom&date=0001-01-01,9999-12-31".to_owned(),
            "The `date` parameter spans more than a hundred years.",
        ),
        ("breakdown?property=visit:os&limit=1000000".to_owned(), "Please provide limit as a number between 1 and 1000."),
        ("timeseries?period=1000y".to_owned(), periods),
        (nested(30), "Invalid filter '[\"not\", [\"not\", "),
        (nested(200), "Invalid filters. They are no JSON."),
    ] {
        let answer = server.get(&format!("/api/v1/stats/{call}&site_id=bad.example"), &[("authorization", &bearer)]);
        let told = answer.json();
        let said = told["error"].as_str().unwrap_or_default();
        assert_eq!(answer.status, 400, "{sentence}: {told}");
        assert!(if sentence.ends_with(' ') { said.starts_with(sentence) } else { said == sentence }, "{said}");
    }
    assert_eq!(questions(&server), before, "what is refused is never asked of the store");
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
    let unreadable = json!({"errors": {"request": ["Unable to parse request body as json"]}});
    assert_eq!((large.status, large.json()), (400, unreadable));
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
