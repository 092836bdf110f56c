//! What Plausible's own dashboard reads, and its download, over one small story.

mod common;

use std::io::{Cursor, Read as _};

use common::{Server, add_site, bearer, import, sites_api};
use serde_json::{Value, json};
use zip::ZipArchive;

const DOMAIN: &str = "d.example";

/// Three visits in two days of March 2026, and one the day before: of `anna`, who signs up, `ben` and `cleo`.
fn story() -> Server {
    let server = Server::start(&[]);
    add_site(&server, DOMAIN);
    for goal in [
        json!({"site_id": DOMAIN, "goal_type": "event", "event_name": "Signup"}),
        json!({"site_id": DOMAIN, "goal_type": "page", "page_path": "/pricing"}),
    ] {
        assert_eq!(sites_api(&server, "PUT", "/api/v1/sites/goals", &goal).0, 200);
    }
    let anna = json!({
        "visitor": "anna", "referrer": "https://www.google.com/", "referrer_source": "Google", "utm_medium": "cpc",
        "utm_source": "ads", "utm_campaign": "spring", "utm_content": "button", "utm_term": "shoes", "browser": "Chrome",
        "browser_version": "120", "os": "Mac", "os_version": "14", "device": "Desktop", "country": "DE", "region": "DE-BE",
        "city": 2_950_159,
    });
    let ben = json!({
        "visitor": "ben", "browser": "Firefox", "browser_version": "121", "os": "Android", "os_version": "13",
        "device": "Mobile", "country": "EE", "region": "EE-37",
    });
    let cleo = json!({
        "visitor": "cleo", "referrer": "https://www.google.com/", "referrer_source": "Google", "browser": "Chrome",
        "browser_version": "121", "os": "Mac", "os_version": "14", "device": "Desktop", "country": "DE",
    });
    let event = |who: &Value, at: &str, more: Value| {
        let mut event = json!({"site": DOMAIN, "timestamp": at, "hostname": DOMAIN});
        for (name, value) in who.as_object().into_iter().chain(more.as_object()).flatten() {
            event[name] = value.clone();
        }
        event
    };
    import(
        &server,
        &[
            event(&ben, "2026-03-01T08:00:00Z", json!({"path": "/"})),
            event(&anna, "2026-03-02T10:00:00Z", json!({"path": "/", "props": {"theme": "dark"}})),
            event(&anna, "2026-03-02T10:01:00Z", json!({"path": "/pricing"})),
            event(
                &anna,
                "2026-03-02T10:02:00Z",
                json!({"path": "/pricing", "type": "event", "name": "Signup", "props": {"plan": "large"}}),
            ),
            event(&ben, "2026-03-02T12:00:00Z", json!({"path": "/"})),
            event(&cleo, "2026-03-03T09:00:00Z", json!({"path": "/pricing"})),
            event(&cleo, "2026-03-03T09:00:30Z", json!({"path": "/"})),
        ],
    );
    server
}

/// The two days of the story.
const DAYS: &str = "period=custom&from=2026-03-02&to=2026-03-03";

fn ask(server: &Server, path: &str) -> (u16, Value) {
    let bearer = bearer();
    let answer = server.get(&format!("/api/stats/{DOMAIN}/{path}"), &[("authorization", &bearer)]);
    (answer.status, answer.json())
}

fn asked(server: &Server, path: &str) -> Value {
    let (status, told) = ask(server, path);
    assert_eq!(status, 200, "{path}: {told}");
    told
}

/// The answer for the two days.
fn in_march(server: &Server, path: &str) -> Value {
    let (path, more) = path.split_once('?').unwrap_or((path, ""));
    asked(server, &format!("{path}?{DAYS}&{more}"))
}

/// Every breakdown with its rows: the names of their fields, and the values.
fn breakdowns() -> Vec<(&'static str, &'static str, Value)> {
    let of_utm = "name visitors percentage bounce_rate visit_duration";
    vec![
        ("sources", "name visitors percentage", json!([["Google", 2, 66.67], ["Direct / None", 1, 33.33]])),
        ("sources?detailed=true", of_utm, json!([["Google", 2, 66.67, 0, 75], ["Direct / None", 1, 33.33, 100, 0]])),
        ("sources?limit=1&page=2", "name visitors percentage", json!([["Direct / None", 1, 33.33]])),
        (
            "sources?order_by=[[%22visitors%22,%22asc%22]]",
            "name visitors percentage",
            json!([["Direct / None", 1, 33.33], ["Google", 2, 66.67]]),
        ),
        (
            "channels",
            "name visitors percentage",
            json!([["Direct", 1, 33.33], ["Organic Search", 1, 33.33], ["Paid Search", 1, 33.33]]),
        ),
        ("utm_mediums", of_utm, json!([["cpc", 1, 33.33, 0, 120]])),
        ("utm_sources", of_utm, json!([["ads", 1, 33.33, 0, 120]])),
        ("utm_campaigns", of_utm, json!([["spring", 1, 33.33, 0, 120]])),
        ("utm_contents", of_utm, json!([["button", 1, 33.33, 0, 120]])),
        ("utm_terms", of_utm, json!([["shoes", 1, 33.33, 0, 120]])),
        ("referrers", of_utm, json!([["https://www.google.com/", 2, 66.67, 0, 75], ["Direct / None", 1, 33.33, 100, 0]])),
        ("referrers/Direct%20%2F%20None", "name visitors percentage", json!([["Direct / None", 1, 100]])),
        ("pages", "name visitors percentage", json!([["/", 3, 100], ["/pricing", 2, 66.67]])),
        (
            "pages?detailed=true",
            "name visitors percentage pageviews bounce_rate time_on_page scroll_depth",
            json!([["/", 3, 100, 3, 50, null, null], ["/pricing", 2, 66.67, 2, 0, null, null]]),
        ),
        (
            "entry-pages",
            "name visitors percentage visits visit_duration bounce_rate",
            json!([["/", 2, 66.67, 2, 60, 50], ["/pricing", 1, 33.33, 1, 30, 0]]),
        ),
        (
            "exit-pages",
            "name visitors percentage visits exit_rate",
            json!([["/", 2, 66.67, 2, 66], ["/pricing", 1, 33.33, 1, 50]]),
        ),
        (
            "countries",
            "code name flag alpha_3 visitors percentage",
            json!([["DE", "Germany", "🇩🇪", "DEU", 2, 66.67], ["EE", "Estonia", "🇪🇪", "EST", 1, 33.33]]),
        ),
        (
            "regions",
            "code name country_flag visitors percentage",
            json!([["DE-BE", "Berlin", "🇩🇪", 1, 33.33], ["EE-37", "Harju", "🇪🇪", 1, 33.33]]),
        ),
        ("cities", "code name visitors percentage", json!([[2_950_159, "N/A", 1, 33.33]])),
        ("browsers", "name visitors percentage", json!([["Chrome", 2, 66.67], ["Firefox", 1, 33.33]])),
        (
            "browser-versions?limit=2",
            "browser version name visitors percentage",
            json!([["Chrome", "120", "Chrome 120", 1, 33.33], ["Chrome", "121", "Chrome 121", 1, 33.33]]),
        ),
        (
            "browser-versions?detailed=true&limit=1",
            "browser name visitors percentage bounce_rate visit_duration",
            json!([["Chrome", "120", 1, 33.33, 0, 120]]),
        ),
        ("operating-systems", "name visitors percentage", json!([["Mac", 2, 66.67], ["Android", 1, 33.33]])),
        (
            "operating-system-versions",
            "os version name visitors percentage",
            json!([["Mac", "14", "Mac 14", 2, 66.67], ["Android", "13", "Android 13", 1, 33.33]]),
        ),
        ("screen-sizes", "name visitors percentage", json!([["Desktop", 2, 66.67], ["Mobile", 1, 33.33]])),
        (
            "conversions",
            "name visitors events conversion_rate",
            json!([["Visit /pricing", 2, 2, 66.67], ["Signup", 1, 1, 33.33]]),
        ),
        ("custom-prop-values/plan", "name visitors events percentage", json!([["(none)", 3, 5, 100], ["large", 1, 1, 33.33]])),
        // Of those that reached a goal, with everybody beside them.
        (
            "sources?filters=[[%22is%22,%22event:goal%22,[%22Signup%22]]]",
            "name visitors conversion_rate total_visitors",
            json!([["Google", 1, 50, 2]]),
        ),
        (
            "custom-prop-values/plan?filters=[[%22is%22,%22event:goal%22,[%22Signup%22]]]",
            "name visitors events conversion_rate",
            json!([["large", 1, 1, 33.33]]),
        ),
        ("pages?filters=event:page==/pricing", "name visitors percentage", json!([["/pricing", 2, 100]])),
    ]
}

#[test]
fn every_breakdown_has_its_rows() {
    let server = story();
    for (path, fields, rows) in breakdowns() {
        let told = in_march(&server, path);
        let fields: Vec<&str> = fields.split(' ').collect();
        let row = |values: &Value| -> Value {
            fields
                .iter()
                .zip(values.as_array().expect("a row"))
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect()
        };
        let results: Vec<Value> = rows.as_array().expect("rows").iter().map(row).collect();
        let expected = json!({
            "results": results, "meta": {"date_range_label": "2 Mar - 3 Mar"}, "skip_imported_reason": "no_imported_data"
        });
        assert_eq!(told, expected, "{path}");
    }
    assert_eq!(ask(&server, "referrers/Google"), (422, json!({"error_code": "not_configured", "is_admin": true})));
    assert_eq!(
        in_march(&server, "sources?comparison=previous_period"),
        json!({
            "results": [
                {
                    "name": "Google", "visitors": 2, "percentage": 66.67,
                    "comparison": {"visitors": 0, "percentage": 0, "change": {"visitors": 100, "percentage": 100}}
                },
                {
                    "name": "Direct / None", "visitors": 1, "percentage": 33.33,
                    "comparison": {"visitors": 1, "percentage": 100, "change": {"visitors": 0, "percentage": -67}}
                },
            ],
            "meta": {"date_range_label": "2 Mar - 3 Mar", "comparison_date_range_label": "28 Feb - 1 Mar"},
            "skip_imported_reason": "no_imported_data",
        })
    );
}

#[test]
fn figures_on_top_a_graph_a_funnel_and_suggestions() {
    let server = story();
    let entry = |name: &str, metric: &str, value: Value| json!({"name": name, "graph_metric": metric, "value": value});
    let told = in_march(&server, "top-stats");
    assert_eq!(
        told,
        json!({
            "top_stats": [
                entry("Unique visitors", "visitors", json!(3)),
                entry("Total visits", "visits", json!(3)),
                entry("Total pageviews", "pageviews", json!(5)),
                entry("Views per visit", "views_per_visit", json!(1.67)),
                entry("Bounce rate", "bounce_rate", json!(33)),
                entry("Visit duration", "visit_duration", json!(50)),
            ],
            "interval": "day", "sample_percent": 100,
            "with_imported_switch": {"visible": false, "togglable": false, "tooltip_msg": null},
            "includes_imported": false, "imports_exist": false, "comparing_from": null, "comparing_to": null,
            "from": "2026-03-02", "to": "2026-03-03",
        })
    );
    let told = in_march(&server, "top-stats?comparison=previous_period");
    assert_eq!((&told["comparing_from"], &told["comparing_to"]), (&json!("2026-02-28"), &json!("2026-03-01")));
    let change =
        |place: usize| (told["top_stats"][place]["comparison_value"].clone(), told["top_stats"][place]["change"].clone());
    assert_eq!([change(0), change(2), change(4)], [(json!(1), json!(200)), (json!(1), json!(400)), (json!(100), json!(-67))]);
    let told = in_march(&server, "top-stats?filters=[[%22is%22,%22event:goal%22,[%22Signup%22]]]");
    assert_eq!(
        told["top_stats"],
        json!([
            entry("Unique visitors", "total_visitors", json!(3)),
            entry("Unique conversions", "visitors", json!(1)),
            entry("Total conversions", "events", json!(1)),
            entry("Conversion rate", "conversion_rate", json!(33.33)),
        ])
    );
    let told = asked(&server, "top-stats?period=realtime");
    assert_eq!(
        told["top_stats"],
        json!([
            entry("Current visitors", "current_visitors", json!(0)),
            entry("Unique visitors (last 30 min)", "visitors", json!(0)),
            entry("Pageviews (last 30 min)", "pageviews", json!(0)),
        ])
    );

    assert_eq!(
        in_march(&server, "main-graph?metric=pageviews&comparison=previous_period"),
        json!({
            "metric": "pageviews", "plot": [3, 2], "labels": ["2026-03-02", "2026-03-03"],
            "comparison_plot": [0, 1], "comparison_labels": ["2026-02-28", "2026-03-01"],
            "present_index": null, "full_intervals": null,
        })
    );
    assert_eq!(
        in_march(&server, "main-graph?interval=week"),
        json!({
            "metric": "visitors", "plot": [3], "labels": ["2026-03-02"], "comparison_plot": null, "comparison_labels": null,
            "present_index": null, "full_intervals": {"2026-03-02": false},
        })
    );
    let told = asked(&server, "main-graph?period=realtime");
    assert_eq!(
        (told["labels"][0].clone(), told["labels"][29].clone(), told["plot"].as_array().map(Vec::len)),
        (json!(-30), json!(-1), Some(30))
    );
    assert_eq!(asked(&server, "current-visitors"), json!(0));

    let (_, goals) = sites_api(&server, "GET", &format!("/api/v1/sites/goals?site_id={DOMAIN}"), &Value::Null);
    let id = |name: &str| {
        let goals = goals["goals"].as_array().expect("goals");
        goals.iter().find(|goal| goal["display_name"] == name).expect("the goal")["id"].clone()
    };
    let steps: Vec<Value> = vec![id("Visit /pricing"), id("Signup")];
    let new = json!({"site_id": DOMAIN, "name": "Buy", "goal_ids": steps});
    let (status, funnel) = sites_api(&server, "PUT", "/api/v1/sites/funnels", &new);
    assert_eq!(status, 200, "{funnel}");
    let path = format!("funnels/{}", funnel["id"]);
    assert_eq!(
        in_march(&server, &path),
        json!({
            "name": "Buy", "all_visitors": 3,
            "entering_visitors": 2, "entering_visitors_percentage": "66.67",
            "never_entering_visitors": 1, "never_entering_visitors_percentage": "33.33",
            "steps": [
                {
                    "label": "Visit /pricing", "visitors": 2, "conversion_rate": "100", "conversion_rate_step": "0",
                    "dropoff": 0, "dropoff_percentage": "0"
                },
                {
                    "label": "Signup", "visitors": 1, "conversion_rate": "50", "conversion_rate_step": "50",
                    "dropoff": 1, "dropoff_percentage": "50"
                },
            ],
        })
    );
    let (status, told) = ask(&server, &format!("{path}?filters=[[%22is%22,%22event:page%22,[%22/%22]]]"));
    let message = "We are unable to show funnels when the dashboard is filtered by pages";
    assert_eq!((status, told), (400, json!({"error": message, "level": "normal"})));
    assert_eq!(ask(&server, "funnels/99"), (404, json!({"error": "Funnel not found"})));

    for (path, expected) in [
        ("page?q=", json!(["/", "/pricing"])),
        ("page?q=*ric*", json!(["/pricing"])),
        ("source?q=o", json!(["Google", "Direct / None"])),
        ("browser_version?q=12", json!(["121", "120"])),
        ("goal?q=up", json!(["Signup"])),
        ("prop_key?q=", json!(["plan", "theme"])),
        ("prop_value?q=&filters=[[%22is_not%22,%22event:props:plan%22,[%22x%22]]]", json!(["(none)", "large"])),
        ("custom-prop-values/plan?q=lar", json!(["large"])),
        ("screen?q=desk", json!(["Desktop"])),
    ] {
        let expected: Vec<Value> =
            expected.as_array().into_iter().flatten().map(|value| json!({"value": value, "label": value})).collect();
        assert_eq!(in_march(&server, &format!("suggestions/{path}")), Value::Array(expected), "{path}");
    }
    for (path, expected) in [
        ("country?q=germ", json!([{"value": "DE", "label": "Germany"}])),
        ("region?q=", json!([{"value": "DE-BE", "label": "Berlin"}, {"value": "EE-37", "label": "Harju"}])),
        ("city?q=", json!([{"value": 2_950_159, "label": "N/A"}])),
    ] {
        assert_eq!(in_march(&server, &format!("suggestions/{path}")), expected, "{path}");
    }
}

#[test]
fn a_query_is_asked_as_in_stats_v2() {
    let server = story();
    let ask = |body: Value| {
        let bearer = bearer();
        let path = format!("/api/stats/{DOMAIN}/query");
        let answer = server.post(&path, &[("authorization", &bearer)], body.to_string().as_bytes());
        (answer.status, answer.json())
    };
    let march = json!(["2026-03-02", "2026-03-03"]);
    let (status, told) = ask(json!({
        "metrics": ["visitors", "pageviews"], "date_range": march, "dimensions": ["time:day"],
        "include": {"compare": "previous_period", "compare_match_day_of_week": false, "time_labels": true, "imports": false}
    }));
    assert_eq!(status, 200, "{told}");
    assert_eq!(
        told["results"],
        json!([
            {
                "dimensions": ["2026-03-02"], "metrics": [2, 3],
                "comparison": {"dimensions": ["2026-02-28"], "metrics": [0, 0], "change": [100, 100]}
            },
            {
                "dimensions": ["2026-03-03"], "metrics": [1, 2],
                "comparison": {"dimensions": ["2026-03-01"], "metrics": [1, 1], "change": [0, 100]}
            },
        ])
    );
    assert_eq!(
        told["meta"],
        json!({"time_labels": ["2026-03-02", "2026-03-03"], "comparison_time_labels": ["2026-02-28", "2026-03-01"]})
    );
    assert_eq!(told["query"]["comparison_date_range"], json!(["2026-02-28T00:00:00Z", "2026-03-01T23:59:59Z"]));
    let (_, told) = ask(json!({"metrics": ["visitors"], "date_range": "day", "relative_date": "2026-03-03"}));
    assert_eq!(told["results"], json!([{"dimensions": [], "metrics": [1]}]));
    let (status, told) = ask(json!({"metrics": ["visitors"], "date_range": "realtime"}));
    assert_eq!((status, &told["results"]), (200, &json!([{"dimensions": [], "metrics": [0]}])));
    for (body, error) in [
        (json!({"metrics": ["visitors"]}), "#: Required property date_range was not present."),
        (json!({"metrics": ["joy"], "date_range": "day"}), "#/metrics/0: Invalid metric \"joy\""),
        (json!({"metrics": ["visitors"], "date_range": "day", "relative_date": "never"}), "Failed to convert 'never' to date"),
        (
            json!({"metrics": ["visitors"], "date_range": "day", "include": {"compare": "ever"}}),
            "Invalid include.compare '\"ever\"'",
        ),
    ] {
        assert_eq!(ask(body.clone()), (400, json!({"error": error})), "{body}");
    }
}

#[test]
fn what_makes_no_sense_is_told_why() {
    let server = story();
    let date = |name: &str| {
        format!("Failed to parse '{name}' argument. Only ISO 8601 dates are allowed, e.g. `2019-09-07`, `2020-01-01`")
    };
    for (path, status, error) in [
        (
            "sources?period=fortnight",
            400,
            "Invalid value for period. Accepted values are: realtime, 30m, day, 24h, 7d, 28d, 30d, 90d, 91d, month, 6mo, 12mo, \
             year, custom, all"
                .to_owned(),
        ),
        ("sources?date=2026-02-30", 400, date("date")),
        ("sources?period=custom&from=x&to=2026-03-01", 400, date("from")),
        ("sources?period=custom", 400, "The period `custom` needs `from` and `to`.".to_owned()),
        (
            "sources?period=custom&from=2026-03-02&to=2026-03-01",
            400,
            "`to` must not be before `from`, nor more than a hundred years after it.".to_owned(),
        ),
        ("sources?comparison=custom&compare_from=x", 400, date("compare_from")),
        (
            "sources?comparison=ever",
            400,
            "Invalid value for comparison. Accepted values are: off, previous_period, year_over_year, custom".to_owned(),
        ),
        ("sources?limit=0", 400, "Please provide limit as a number between 1 and 1000.".to_owned()),
        ("sources?limit=1001", 400, "Please provide limit as a number between 1 and 1000.".to_owned()),
        ("sources?filters=[[", 400, "Invalid filters. They are no JSON.".to_owned()),
        ("sources?filters=[[%22was%22,%22event:page%22,[]]]", 400, "Invalid filter '[\"was\", \"event:page\", []]'.".to_owned()),
        (
            "sources?filters=[[%22is%22,%22segment%22,[7]]]",
            400,
            "Invalid filters. Some segments don't exist or aren't accessible.".to_owned(),
        ),
        (
            "main-graph?interval=fortnight",
            400,
            "Invalid value for interval. Accepted values are: minute, hour, day, week, month".to_owned(),
        ),
        (
            "main-graph?period=day&interval=week",
            400,
            "Invalid combination of interval and period. Interval must be smaller than the selected period, e.g. \
             `period=day,interval=minute`"
                .to_owned(),
        ),
        ("main-graph?metric=conversion_rate", 400, "Metric `conversion_rate` can only be queried with a goal filter".to_owned()),
        ("main-graph?metric=scroll_depth", 400, "Metric `scroll_depth` can only be queried with a page filter".to_owned()),
        ("suggestions/page", 400, "Search parameter 'q' is required".to_owned()),
        ("suggestions/colour?q=", 400, "Invalid filter name `colour`.".to_owned()),
        ("funnels/first", 400, "There was an error with your request".to_owned()),
        ("colours", 404, "there is no such operation".to_owned()),
    ] {
        assert_eq!(ask(&server, path), (status, json!({ "error": error })), "{path}");
    }
    let bearer = bearer();
    let answer = server.get(&format!("/{DOMAIN}/export?period=fortnight"), &[("authorization", &bearer)]);
    assert_eq!(answer.status, 400);
}

/// Status and answer for whoever shows this.
fn shown(server: &Server, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let answer = server.get(path, headers);
    (answer.status, answer.text())
}

#[test]
fn a_dashboard_is_for_whom_it_is_shown_to() {
    let server = story();
    add_site(&server, "other.example");
    let sources = |domain: &str, more: &str| format!("/api/stats/{domain}/sources?{DAYS}{more}");
    let nothing = (404, r#"{"error":"Site does not exist or user does not have sufficient access."}"#.to_owned());
    let export = format!("/{DOMAIN}/export?{DAYS}");
    for path in [sources(DOMAIN, ""), sources("nobody.example", ""), sources(DOMAIN, "&auth=guess"), export.clone()] {
        assert_eq!(shown(&server, &path, &[]), nothing, "{path}");
    }
    assert_eq!(shown(&server, &sources(DOMAIN, ""), &[("authorization", "Bearer unknown")]), nothing);
    let read = r#"[{"name":"Google","visitors":2,"percentage":66.67},{"name":"Direct / None","visitors":1,"percentage":33.33}]"#;
    let reads = |path: &str, headers: &[(&str, &str)]| {
        let (status, told) = shown(&server, path, headers);
        assert_eq!(status, 200, "{path}: {told}");
        told
    };

    // By a link, of this site only.
    let slug_of = |made: &Value| made["slug"].as_str().expect("a slug").to_owned();
    let own = |path: &str, body: Value| {
        let (status, made) = sites_api(&server, "POST", path, &body);
        assert_eq!(status, 201, "{made}");
        made
    };
    let open = slug_of(&own("/api/v1/sites/1/shared-links", json!({"name": "open"})));
    assert!(reads(&sources(DOMAIN, &format!("&auth={open}")), &[]).contains(read));
    assert_eq!(shown(&server, &sources("other.example", &format!("&auth={open}")), &[]), nothing);
    assert_eq!(server.get(&format!("{export}&auth={open}"), &[]).status, 200);

    // With a password, whoever gave it.
    let shut = slug_of(&own("/api/v1/sites/1/shared-links", json!({"name": "shut", "password": "sesame street"})));
    let path = sources(DOMAIN, &format!("&auth={shut}"));
    assert_eq!(shown(&server, &path, &[]), nothing);
    let given = server.post(&format!("/share/{shut}/authenticate"), &[], br#"{"password":"sesame street"}"#);
    let cookie = given.headers["set-cookie"].clone();
    let pair = cookie.split(';').next().expect("a cookie");
    assert_eq!(cookie, format!("{pair}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400"));
    assert!(reads(&path, &[("cookie", pair)]).contains(read));
    let other = pair.replace(&shut, &open);
    assert_eq!(shown(&server, &path, &[("cookie", &other)]), nothing);
    assert_eq!(shown(&server, &path, &[("cookie", &format!("shared-link-{shut}=0123"))]), nothing);

    // Limited to a segment, of that alone: figures, suggestions and the download.
    let filters = json!([["is", "visit:country", ["EE"]]]);
    let segment = own("/api/v1/sites/1/segments", json!({"name": "Estonia", "filters": filters}));
    let link = slug_of(&own("/api/v1/sites/1/shared-links", json!({"name": "some", "segment_id": segment["id"]})));
    let told = reads(&sources(DOMAIN, &format!("&auth={link}")), &[]);
    assert!(told.contains(r#""results":[{"name":"Direct / None","visitors":1,"percentage":100}]"#), "{told}");
    let told = reads(&format!("/api/stats/{DOMAIN}/suggestions/country?q=&{DAYS}&auth={link}"), &[]);
    assert_eq!(told, r#"[{"value":"EE","label":"Estonia"}]"#);
    assert_eq!(reads(&format!("/api/stats/{DOMAIN}/current-visitors?auth={link}"), &[]), "0");
    let body = json!({"metrics": ["visitors"], "date_range": ["2026-03-02", "2026-03-03"]}).to_string();
    let answer = server.post(&format!("/api/stats/{DOMAIN}/query?auth={link}"), &[], body.as_bytes());
    assert_eq!(answer.json()["results"], json!([{"dimensions": [], "metrics": [1]}]));
    let files = unpacked(&server.get(&format!("{export}&auth={link}"), &[]).body);
    assert_eq!(text_of(&files, "countries.csv"), "name,visitors\r\nEstonia,1\r\n");

    // Everybody, of a public site. The ways beside it lead where they led.
    let (status, told) = patched(&server, "/api/v1/sites/1", &json!({"public": true}));
    assert_eq!(status, 200, "{told}");
    assert!(reads(&sources(DOMAIN, ""), &[]).contains(read));
    assert_eq!(server.get(&export, &[]).status, 200);
    assert_eq!(server.get(&format!("/{DOMAIN}"), &[]).headers["location"], "sites/1");
    let page = server.get(&format!("/share/{DOMAIN}?auth={open}"), &[]);
    assert_eq!((page.status, page.headers["content-type"].as_str()), (200, "text/html"));
}

fn patched(server: &Server, path: &str, body: &Value) -> (u16, Value) {
    sites_api(server, "PATCH", path, body)
}

fn unpacked(zip: &[u8]) -> Vec<(String, String)> {
    let mut zip = ZipArchive::new(Cursor::new(zip)).expect("a zip file");
    let files = (0..zip.len()).map(|place| {
        let mut file = zip.by_index(place).expect("a file");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("a text");
        (file.name().expect("a name").into_owned(), text)
    });
    files.collect()
}

fn text_of<'a>(files: &'a [(String, String)], name: &str) -> &'a str {
    files.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
}

#[test]
fn the_dashboard_is_downloaded_as_csv_files() {
    let server = story();
    let bearer = bearer();
    let download = |more: &str| {
        let answer = server.get(&format!("/{DOMAIN}/export?{DAYS}{more}"), &[("authorization", &bearer)]);
        assert_eq!((answer.status, answer.headers["content-type"].as_str()), (200, "application/zip"));
        let name = "attachment; filename=\"Plausible export d.example 2026-03-02 to 2026-03-03.zip\"";
        assert_eq!(answer.headers["content-disposition"], name);
        unpacked(&answer.body)
    };
    let of_sources = "name,visitors,bounce_rate,visit_duration";
    let expected = [
        (
            "visitors",
            "date,visitors,pageviews,visits,views_per_visit,bounce_rate,visit_duration\n2026-03-02,2,3,2,1.5,50,60\n\
             2026-03-03,1,2,1,2.0,0,30"
                .to_owned(),
        ),
        ("sources", format!("{of_sources}\nGoogle,2,0,75\nDirect / None,1,100,0")),
        ("channels", format!("{of_sources}\nDirect,1,100,0\nOrganic Search,1,0,30\nPaid Search,1,0,120")),
        ("utm_mediums", format!("{of_sources}\ncpc,1,0,120")),
        ("utm_sources", format!("{of_sources}\nads,1,0,120")),
        ("utm_campaigns", format!("{of_sources}\nspring,1,0,120")),
        ("utm_contents", format!("{of_sources}\nbutton,1,0,120")),
        ("utm_terms", format!("{of_sources}\nshoes,1,0,120")),
        ("referrers", format!("{of_sources}\nhttps://www.google.com/,2,0,75\nDirect / None,1,100,0")),
        ("pages", "name,visitors,pageviews,bounce_rate,time_on_page,scroll_depth\n/,3,3,50,,\n/pricing,2,2,0,,".to_owned()),
        (
            "entry_pages",
            "name,unique_entrances,total_entrances,bounce_rate,visit_duration\n/,2,2,50,60\n/pricing,1,1,0,30".to_owned(),
        ),
        ("exit_pages", "name,unique_exits,total_exits,exit_rate\n/,2,2,66.0\n/pricing,1,1,50.0".to_owned()),
        ("countries", "name,visitors\nGermany,2\nEstonia,1".to_owned()),
        ("regions", "name,visitors\nBerlin,1\nHarju,1".to_owned()),
        ("cities", "name,visitors\nN/A,1".to_owned()),
        ("browsers", "name,visitors\nChrome,2\nFirefox,1".to_owned()),
        ("browser_versions", "name,version,visitors\nChrome,120,1\nChrome,121,1\nFirefox,121,1".to_owned()),
        ("operating_systems", "name,visitors\nMac,2\nAndroid,1".to_owned()),
        ("operating_system_versions", "name,version,visitors\nMac,14,2\nAndroid,13,1".to_owned()),
        ("devices", "name,visitors\nDesktop,2\nMobile,1".to_owned()),
        ("conversions", "name,unique_conversions,total_conversions\nVisit /pricing,2,2\nSignup,1,1".to_owned()),
        (
            "custom_props",
            "property,value,visitors,events,percentage\nplan,(none),3,5,100.0\nplan,large,1,1,33.33\ntheme,(none),3,5,100.0\n\
             theme,dark,1,1,33.33"
                .to_owned(),
        ),
    ];
    let expected: Vec<(String, String)> =
        expected.into_iter().map(|(name, text)| (format!("{name}.csv"), format!("{text}\n").replace('\n', "\r\n"))).collect();
    assert_eq!(download(""), expected);

    let files = download("&filters=[[%22is%22,%22event:goal%22,[%22Signup%22]]]");
    let first = |name: &str| text_of(&files, name).lines().take(2).collect::<Vec<_>>().join(" ");
    assert_eq!(files.len(), 22);
    assert_eq!(first("visitors.csv"), "date,unique_conversions,total_conversions,conversion_rate 2026-03-02,1,1,50.0");
    assert_eq!(first("sources.csv"), "name,conversions,conversion_rate Google,1,50.0");
    assert_eq!(first("browser_versions.csv"), "name,version,conversions,conversion_rate Chrome,120,1,100.0");
    assert_eq!(first("exit_pages.csv"), "name,conversions,conversion_rate /pricing,1,100.0");
    assert_eq!(first("conversions.csv"), "name,unique_conversions,total_conversions Signup,1,1");
    assert_eq!(first("custom_props.csv"), "property,value,visitors,events,conversion_rate plan,large,1,1,33.33");
    let files = download("&filters=[[%22is%22,%22event:page%22,[%22/pricing%22]]]&interval=week");
    let visitors = text_of(&files, "visitors.csv").lines().next();
    let expected = "date,visitors,pageviews,visits,views_per_visit,bounce_rate,visit_duration,scroll_depth";
    assert_eq!(visitors, Some(expected));
    assert_eq!(text_of(&files, "exit_pages.csv").lines().next(), Some("name,unique_exits,total_exits"));
}

#[test]
fn segments_are_saved_where_the_dashboard_saves_them() {
    let server = Server::start(&[]);
    add_site(&server, DOMAIN);
    let path = format!("/api/{DOMAIN}/segments");
    let data = json!({"filters": [["is", "visit:country", ["EE"]]]});
    let (status, saved) = sites_api(&server, "POST", &path, &json!({"name": "Estonia", "type": "site", "segment_data": data}));
    assert_eq!((status, &saved["name"], &saved["segment_data"]), (200, &json!("Estonia"), &data));
    let below = format!("{path}/{}", saved["id"]);
    let (_, renamed) = sites_api(&server, "PATCH", &below, &json!({"name": "Baltic"}));
    assert_eq!(sites_api(&server, "GET", &path, &Value::Null), (200, json!([renamed])));
    assert_eq!(sites_api(&server, "DELETE", &below, &Value::Null), (200, renamed));
    assert_eq!(sites_api(&server, "GET", &below, &Value::Null).0, 404);
}
