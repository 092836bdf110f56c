//! Figures of other products come in as the files they come as, and are asked for with what was tracked here.

mod common;

use std::{
    io::{Cursor, Write as _},
    process::Output,
};

use common::{Server, add_site, bearer, command, import, query, sites_api};
use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

const VISITORS: &str = "date,visitors,pageviews,bounces,visits,visit_duration\n2021-01-01,5,9,2,6,120\n2021-01-02,3,3,3,3,0\n";
const PROPS: &str = "date,property,value,visitors,events\n2021-01-01,plan,large,2,4\n2021-01-01,plan,small,1,1\n\
                     2021-01-02,plan,large,1,2\n2021-01-01,seats,9,1,1\n";

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a file begins");
        writer.write_all(text.as_bytes()).expect("a file is written");
    }
    writer.finish().expect("the zip file ends").into_inner()
}

fn put(server: &Server, more: &str, kind: &str, body: &[u8]) -> (u16, Value) {
    let bearer = bearer();
    let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
    let path = format!("/api/v1/sites/imports?site_id=old.example{more}");
    let answer = common::request(server.address, "PUT", &path, &headers, body).expect("an answer");
    (answer.status, answer.json())
}

fn results(server: &Server, more: Value) -> Value {
    let mut asked = json!({
        "site_id": "old.example", "metrics": ["visitors"], "date_range": ["2021-01-01", "2021-01-31"], "include": {"imports": true}
    });
    more.as_object().into_iter().flatten().for_each(|(name, value)| asked[name] = value.clone());
    query(server, &asked)["results"].clone()
}

#[test]
fn plausible_s_zip_file_is_imported_as_it_comes() {
    let server = Server::start(&[("FOOTFALL_API_LARGEST_IMPORT", "12MB")]);
    add_site(&server, "old.example");
    // Larger than any other body may be, and not to be packed well.
    let mut cities = String::from("date,country,region,city,visitors,visits,visit_duration,bounces,pageviews\n");
    let mut number: u64 = 1;
    while cities.len() < 10_000_000 {
        cities.push_str("2021-01-01,EE,EE-37,");
        for _ in 0..60 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            cities.push_str(&format!("{number:016x}"));
        }
        cities.push_str(",1,1,0,0,1\n");
    }
    let rows = cities.lines().count() - 1;
    let body = zip(&[
        ("imported_visitors_20210101_20210102.csv", VISITORS),
        ("imported_custom_props_20210101_20210102.csv", PROPS),
        ("imported_locations_20210101_20210101.csv", &cities),
    ]);
    assert!(body.len() > 4 << 20, "the file has {} bytes", body.len());
    let (status, made) = put(&server, "", "application/zip", &body);
    assert_eq!(
        (status, &made["rows"], &made["start_date"], &made["end_date"], &made["source"]),
        (200, &json!(rows + 6), &json!("2021-01-01"), &json!("2021-01-02"), &json!("plausible")),
        "{made}"
    );
    assert_eq!(results(&server, json!({})), json!([{"dimensions": [], "metrics": [8]}]));
    let (status, made) = put(&server, "&file=imported_visitors.csv", "text/csv", b"date,visitors\n2021-01-03,4\n");
    assert_eq!((status, &made["rows"]), (200, &json!(1)), "{made}");
    assert_eq!(results(&server, json!({})), json!([{"dimensions": [], "metrics": [12]}]));

    let told = |kind: &str, body: &[u8]| {
        let (status, told) = put(&server, "", kind, body);
        (status, told["error"].as_str().unwrap_or_default().to_owned())
    };
    let large = vec![b'x'; 13 << 20];
    let too_large = "the import is larger than the 12582912 bytes that `api.largest_import` allows".to_owned();
    assert_eq!(told("application/zip", &large), (413, too_large));
    assert_eq!(told("application/zip", b"PK and more"), (400, "the zip file cannot be read".to_owned()));
    let wrong = "`the file` is not a file of an archive, such as `imported_pages.csv`".to_owned();
    assert_eq!(told("text/csv", b"date\n"), (400, wrong));
    let bomb = zip(&[("imported_visitors.csv", &"\n".repeat(50_000_000))]);
    let unpacked = "the zip file is larger than 12582912 bytes when it is unpacked".to_owned();
    assert_eq!(told("application/zip", &bomb), (400, unpacked));
    let nobody = common::request(
        server.address,
        "PUT",
        "/api/v1/sites/imports?site_id=old.example",
        &[("content-type", "application/zip")],
        &body[..100],
    );
    assert_eq!(nobody.expect("an answer").status, 401);
    let (_, imports) = sites_api(&server, "GET", "/api/v1/sites/imports?site_id=old.example", &Value::Null);
    assert_eq!(imports["imports"].as_array().map(Vec::len), Some(2), "{imports}");
}

#[test]
fn imported_sources_come_by_channels() {
    let server = Server::start(&[]);
    add_site(&server, "old.example");
    let sources = "date,source,referrer,utm_source,utm_medium,utm_campaign,utm_content,utm_term,pageviews,visitors,visits,visit_duration,bounces\n\
                   2021-01-01,Google,,,,,,,5,4,4,10,1\n\
                   2021-01-01,Google,,google,cpc,spring,,,3,3,3,10,1\n\
                   2021-01-01,,,,,,,,2,2,2,10,1\n\
                   2021-01-02,Direct / None,,,,,,,1,1,1,10,1\n\
                   2021-01-02,,,news,email,,,,6,6,6,10,1\n";
    let files = json!({"imported_sources.csv": sources});
    assert_eq!(sites_api(&server, "PUT", "/api/v1/sites/imports", &json!({"site_id": "old.example", "files": files})).0, 200);
    let by_channel = json!([
        {"dimensions": ["Email"], "metrics": [6]},
        {"dimensions": ["Organic Search"], "metrics": [4]},
        {"dimensions": ["Direct"], "metrics": [3]},
        {"dimensions": ["Paid Search"], "metrics": [3]}
    ]);
    assert_eq!(results(&server, json!({"dimensions": ["visit:channel"]})), by_channel);
    let paid = json!({"filters": [["is", "visit:channel", ["Paid Search"]]], "dimensions": ["visit:source"]});
    assert_eq!(results(&server, paid), json!([{"dimensions": ["Google"], "metrics": [3]}]));
    // What follows from the rest is not given out again.
    let (_, exported) = sites_api(&server, "GET", "/api/v1/sites/exports?site_id=old.example", &Value::Null);
    let told = exported["files"]["imported_sources_20210101_20210102.csv"].as_str().unwrap_or_default();
    assert!(told.starts_with(sources.lines().next().unwrap_or_default()), "{told}");
}

#[test]
fn imported_properties_are_asked_for_like_tracked_ones() {
    let server = Server::start(&[]);
    add_site(&server, "old.example");
    add_site(&server, "again.example");
    let files = json!({"imported_visitors.csv": VISITORS, "imported_custom_props.csv": PROPS});
    assert_eq!(sites_api(&server, "PUT", "/api/v1/sites/imports", &json!({"site_id": "old.example", "files": files})).0, 200);
    import(
        &server,
        &[json!({"site": "old.example", "visitor": "ada", "timestamp": "2021-01-05T10:00:00Z", "type": "event", "name": "Sale",
            "url": "https://old.example/", "props": {"plan": "large", "size": "7"}})],
    );
    let by_plan = json!({"dimensions": ["event:props:plan"], "metrics": ["visitors", "events"]});
    let wanted = json!([
        {"dimensions": ["large"], "metrics": [4, 7]},
        {"dimensions": ["small"], "metrics": [1, 1]}
    ]);
    assert_eq!(results(&server, by_plan.clone()), wanted);
    let large = json!({"filters": [["is", "event:props:plan", ["large"]]], "metrics": ["visitors", "events"]});
    assert_eq!(results(&server, large), json!([{"dimensions": [], "metrics": [4, 7]}]));
    let meta = |more: Value| {
        let mut asked = json!({"site_id": "old.example", "metrics": ["visitors"], "date_range": ["2021-01-01", "2021-01-31"],
            "include": {"imports": true}});
        more.as_object().into_iter().flatten().for_each(|(name, value)| asked[name] = value.clone());
        query(&server, &asked)["meta"]["imports_included"].clone()
    };
    assert_eq!(meta(by_plan.clone()), json!(true));
    assert_eq!(meta(json!({"dimensions": ["event:props:size"]})), json!(false));
    assert_eq!(meta(json!({"dimensions": ["event:props:plan", "event:props:seats"]})), json!(false));
    assert_eq!(meta(json!({"dimensions": ["event:props:plan", "visit:browser"]})), json!(false));

    // What goes out holds what came in and what was tracked, and counts the same elsewhere.
    let (_, exported) = sites_api(&server, "GET", "/api/v1/sites/exports?site_id=old.example", &Value::Null);
    let told = exported["files"]["imported_custom_props_20210101_20210105.csv"].as_str().unwrap_or_default();
    assert!(told.ends_with("2021-01-05,plan,large,1,1\n2021-01-05,size,7,1,1\n"), "{told}");
    let body = json!({"site_id": "again.example", "files": exported["files"]});
    assert_eq!(sites_api(&server, "PUT", "/api/v1/sites/imports", &body).0, 200);
    let mut again = by_plan.clone();
    again["site_id"] = json!("again.example");
    assert_eq!(results(&server, again), wanted);

    // The same packed, as Plausible gives it out.
    add_site(&server, "packed.example");
    let bearer = bearer();
    let key = ("authorization", bearer.as_str());
    for (path, headers) in [
        ("/api/v1/sites/exports?site_id=old.example&format=zip", vec![key]),
        ("/api/v1/sites/1/export/archive?format=zip", vec![key, ("accept", "application/vnd.footfall+json")]),
    ] {
        let packed = server.get(path, &headers);
        assert_eq!((packed.status, packed.headers["content-type"].as_str()), (200, "application/zip"), "{}", packed.text());
        assert_eq!(packed.headers["content-disposition"], "attachment; filename=\"footfall-site-1-figures.zip\"");
        let path = "/api/v1/sites/imports?site_id=packed.example";
        let taken = common::request(server.address, "PUT", path, &[key, ("content-type", "application/zip")], &packed.body);
        assert_eq!(taken.expect("an answer").status, 200);
        let mut again = by_plan.clone();
        again["site_id"] = json!("packed.example");
        assert_eq!(results(&server, again), wanted);
        assert_eq!(sites_api(&server, "GET", "/api/v1/sites/exports?site_id=packed.example", &Value::Null).1, exported);
        let (_, imports) = sites_api(&server, "GET", "/api/v1/sites/imports?site_id=packed.example", &Value::Null);
        let id = &imports["imports"][0]["id"];
        let gone = sites_api(&server, "DELETE", &format!("/api/v1/sites/imports/{id}?site_id=packed.example"), &Value::Null);
        assert_eq!(gone.0, 200);
    }
}

#[test]
fn reports_of_google_analytics_become_figures() {
    let server = Server::start(&[]);
    add_site(&server, "old.example");
    let traffic = "# Traffic acquisition\n# Start date: 20210101\n# End date: 20210102\n\
                   Date,Session source / medium,Sessions,Engaged sessions,Total users,Views\n\
                   20210101,google / organic,6,4,5,9\n20210102,(direct) / (none),3,0,3,3\n";
    let totals = "date,totalUsers,screenPageViews,sessions,engagedSessions,userEngagementDuration\n20210101,5,9,6,4,120\n20210102,3,3,3,0,0\n";
    let body = zip(&[("Traffic_acquisition.csv", traffic), ("totals.csv", totals), ("notes.txt", "hello")]);
    let (status, made) = put(&server, "&source=google_analytics", "application/zip", &body);
    assert_eq!((status, &made["rows"], &made["source"]), (200, &json!(4), &json!("google_analytics")), "{made}");
    let metrics = json!(["visitors", "visits", "pageviews", "bounce_rate", "visit_duration"]);
    assert_eq!(results(&server, json!({"metrics": metrics})), json!([{"dimensions": [], "metrics": [8, 9, 12, 56, 13]}]));
    let by_source = json!({"dimensions": ["visit:source"], "metrics": ["visitors", "visits", "bounce_rate"]});
    let wanted = json!([
        {"dimensions": ["Google"], "metrics": [5, 6, 33]},
        {"dimensions": ["Direct / None"], "metrics": [3, 3, 100]}
    ]);
    assert_eq!(results(&server, by_source), wanted);
    let files = json!({"pages.csv": "Page path,Views\n/,4\n"});
    let (status, told) = sites_api(
        &server,
        "PUT",
        "/api/v1/sites/imports",
        &json!({"site_id": "old.example", "source": "google_analytics", "files": files}),
    );
    let reason = "files: `pages.csv` line 1: the report has no days; add the dimension `Date`";
    assert_eq!((status, told["error"].as_str()), (400, Some(reason)));
}

#[test]
fn the_command_line_reads_the_same_files() {
    let mut server = Server::start(&[]);
    add_site(&server, "old.example");
    let files = tempfile::tempdir().expect("a directory");
    let kept = |name: &str, bytes: &[u8]| {
        let path = files.path().join(name);
        std::fs::write(&path, bytes).expect("a file is written");
        path.display().to_string()
    };
    let export = kept("old.example.zip", &zip(&[("imported_visitors_20210101_20210102.csv", VISITORS)]));
    let totals = kept("totals.csv", b"date,totalUsers,sessions\n20210103,4,4\n");
    let directory = server.directory.clone();
    let run = |arguments: &[&str]| -> (bool, String) {
        let Output { status, stdout, stderr } = command(&directory).args(arguments).output().expect("the program runs");
        (status.success(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
    };
    let told = run(&["import", "plausible", "old.example", &export]);
    let notice = "a server is at work, so that days it has tracked cannot be told and stay in the import; \
                  `PUT /api/v1/sites/imports` leaves them out\n";
    assert_eq!(told, (true, format!("2 rows from 2021-01-01 to 2021-01-02 (import 1)\n{notice}")));
    let told = run(&["import", "google-analytics", "old.example", &totals]);
    assert_eq!(told, (true, format!("1 rows from 2021-01-03 to 2021-01-03 (import 2)\n{notice}")));
    let (done, told) = run(&["import", "plausible", "old.example", &totals]);
    assert!(!done && told.starts_with("footfall: `totals.csv` is not a file of an archive"), "{told}");
    assert_eq!(results(&server, json!({})), json!([{"dimensions": [], "metrics": [12]}]));
    import(
        &server,
        &[json!({"site": "old.example", "visitor": "ada", "timestamp": "2021-01-05T10:00:00Z", "url": "https://old.example/"})],
    );
    assert_eq!(server.stop(), Some(0));
    // At rest it can be told which days were tracked.
    let later = kept("later.csv", b"date,totalUsers,sessions\n20210104,1,1\n20210105,6,6\n20210107,7,7\n");
    let told = run(&["import", "google-analytics", "old.example", &later]);
    let wanted = "1 rows from 2021-01-04 to 2021-01-04 (import 4)\n\
                  2 rows from 2021-01-05 to 2021-01-07 are left out, because the site was tracked by then\n";
    assert_eq!(told, (true, wanted.to_owned()));
    server.begin();
    assert_eq!(results(&server, json!({})), json!([{"dimensions": [], "metrics": [14]}]));
}

#[test]
fn figures_end_before_the_first_day_that_was_tracked() {
    let server = Server::start(&[]);
    add_site(&server, "old.example");
    let event = |time: &str| json!({"site": "old.example", "visitor": time, "timestamp": time, "url": "https://old.example/"});
    import(&server, &[event("2021-01-04T10:00:00Z"), event("2021-01-06T10:00:00Z")]);
    let days = "date,visitors,pageviews,bounces,visits,visit_duration\n2021-01-02,5,9,2,6,120\n2021-01-03,3,3,3,3,0\n\
                2021-01-04,7,7,7,7,0\n2021-01-05,4,4,4,4,0\n";
    let body = zip(&[("imported_visitors_20210102_20210105.csv", days)]);
    let (status, made) = put(&server, "&start_date=2021-01-01&end_date=2021-01-05", "application/zip", &body);
    assert_eq!(status, 200, "{made}");
    assert_eq!(
        (&made["start_date"], &made["end_date"], &made["rows"], &made["status"], &made["cut"]),
        (
            &json!("2021-01-01"),
            &json!("2021-01-03"),
            &json!(2),
            &json!("completed"),
            &json!({"start_date": "2021-01-04", "end_date": "2021-01-05", "rows": 2})
        ),
        "{made}"
    );
    let by_day = json!({"dimensions": ["time:day"]});
    let wanted = [("2021-01-02", 5), ("2021-01-03", 3), ("2021-01-04", 1), ("2021-01-06", 1)];
    let wanted: Vec<Value> = wanted.iter().map(|(day, visitors)| json!({"dimensions": [day], "metrics": [visitors]})).collect();
    assert_eq!(results(&server, by_day), json!(wanted));

    // Reports of Google Analytics are cut alike; with nothing before that day there is nothing to bring.
    let files = json!({"totals.csv": "date,totalUsers\n20201231,2\n20210104,8\n"});
    let body = json!({"site_id": "old.example", "source": "google_analytics", "files": files});
    let (status, made) = sites_api(&server, "PUT", "/api/v1/sites/imports", &body);
    assert_eq!((status, &made["rows"], &made["cut"]["rows"]), (200, &json!(1), &json!(1)), "{made}");
    let (status, told) = put(&server, "&file=imported_visitors.csv", "text/csv", b"date,visitors\n2021-01-04,4\n");
    let sentence = "the site tracks visits itself since 2021-01-04, and the import has no day before that";
    assert_eq!((status, &told["error"]), (400, &json!(sentence)));
    let own = json!({"files": {"imported_devices.csv": "date,device,visitors\n2021-01-02,Desktop,2\n2021-01-09,Desktop,2\n"}});
    let headers = [("authorization", bearer()), ("content-type", "application/json".to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let made = server.post("/api/v1/sites/1/imports", &headers, own.to_string().as_bytes());
    assert_eq!((made.status, &made.json()["cut"]), (201, &json!({"from": "2021-01-09", "to": "2021-01-09", "rows": 1})));
}

#[test]
fn events_are_listed_among_a_site_s_imports() {
    let server = Server::start(&[]);
    add_site(&server, "old.example");
    add_site(&server, "other.example");
    let bearer = bearer();
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/x-ndjson")];
    let line = |site: &str, time: &str| {
        json!({"site": site, "visitor": "ada", "timestamp": time, "url": "https://old.example/"}).to_string()
    };
    let (first, last) = (line("old.example", "2021-01-04T23:00:00Z"), line("old.example", "2021-02-06T10:00:00Z"));
    let text = format!("{first}\nnonsense\n{last}\n");
    for _ in 0..2 {
        let told = server.post("/api/v1/sites/1/import/events", &headers, text.as_bytes());
        assert_eq!((told.status, &told.json()["accepted"]), (200, &json!(2)), "{}", told.text());
    }
    let both = format!("{}\n{}\n", line("old.example", "2021-03-01T00:00:00Z"), line("other.example", "2021-03-02T00:00:00Z"));
    assert_eq!(server.post("/api/v1/import/events?batch_id=march", &headers, both.as_bytes()).status, 200);
    let (_, told) = sites_api(&server, "GET", "/api/v1/sites/imports?site_id=old.example", &Value::Null);
    let mut imports = told["imports"].as_array().cloned().unwrap_or_default();
    imports.sort_by_key(|import| import["id"].as_i64());
    let batch = imports[0]["batch_id"].clone();
    let wanted = json!([
        {"id": 1, "source": "events", "start_date": "2021-01-04", "end_date": "2021-02-06", "rows": 2, "status": "completed",
            "batch_id": batch, "lines": 3, "refused": 1},
        {"id": 2, "source": "events", "start_date": "2021-03-01", "end_date": "2021-03-01", "rows": 1, "status": "completed",
            "batch_id": "march", "lines": 1, "refused": 0}
    ]);
    assert_eq!(json!(imports), wanted);
    let own = server.get("/api/v1/sites/2/imports", &[("authorization", &bearer)]).json();
    let created = own["imports"][0]["created_at"].clone();
    let wanted = json!([{"id": 1, "source": "events", "from": "2021-03-02", "to": "2021-03-02", "rows": 1, "created_at": created,
        "state": "completed", "deletable": false, "batch_id": "march", "lines": 1, "refused": 0}]);
    assert_eq!(own["imports"], wanted);
    let (status, told) = sites_api(&server, "DELETE", "/api/v1/sites/imports/1?site_id=old.example", &Value::Null);
    let sentence = "import `1` brought events, which are counted like those that were tracked";
    assert_eq!((status, &told["error"]), (400, &json!(sentence)));
    // They are no figures, so that an answer without such does not claim to have some.
    let asked = json!({"site_id": "old.example", "metrics": ["visitors"], "date_range": ["2021-01-01", "2021-01-31"], "include": {"imports": true}});
    assert_eq!(query(&server, &asked)["meta"]["imports_skip_reason"], "no_imported_data");
}
