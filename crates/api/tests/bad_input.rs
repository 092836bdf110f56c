//! Parameters that say nothing of use: every parameter that Matomo documents for a method is sent empty, as words, as numbers
//! out of all bounds, as a list and as a list of lists. The answer is always one that clients can read.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod world;

use std::fmt::Write as _;

use footfall_api::matomo::{self, MatomoRequest, Param};
use world::{GIVEN, World};

/// What nobody should send.
fn hostile() -> Vec<(&'static str, Param)> {
    let text = |text: &str| Param::Text(text.to_owned());
    let list = |entries: Vec<(&str, Param)>| Param::List(entries.into_iter().map(|(name, of)| (name.to_owned(), of)).collect());
    vec![
        ("empty", text("")),
        ("words", text("x'\"<b>\u{0}%00\\;,é😀")),
        ("a negative number", text("-1")),
        ("a number out of all bounds", text("99999999999999999999999999999999")),
        ("no number", text("1e309")),
        ("something long", Param::Text("9".repeat(20_000))),
        ("a list", list(vec![("0", text("1")), ("x", text("2"))])),
        ("a list of lists", list(vec![("0", list(vec![("0", list(Vec::new()))]))])),
    ]
}

/// Methods with their parameters, as Matomo documents them.
fn documented() -> Vec<(String, Vec<String>)> {
    let known = matomo::methods();
    let text = std::fs::read_to_string("tests/bad_input/parameters.txt").unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split(' ').map(str::to_owned);
            (words.next().unwrap(), words.collect())
        })
        .filter(|(method, _): &(String, Vec<String>)| known.contains(method))
        .collect()
}

/// Parameters that every report reads beyond its own.
const COMMON: &[&str] = &[
    "segment",
    "flat",
    "expanded",
    "idSubtable",
    "label",
    "labelSeries",
    "filter_limit",
    "filter_offset",
    "filter_truncate",
    "filter_sort_column",
    "filter_sort_order",
    "filter_pattern",
    "filter_column",
    "filter_pattern_recursive",
    "filter_column_recursive",
    "filter_excludelowpop",
    "filter_excludelowpop_value",
    "showColumns",
    "hideColumns",
    "columns",
    "totals",
    "pivotBy",
    "pivotByColumn",
    "pivotByColumnLimit",
    "compare",
    "compareDates",
    "comparePeriods",
    "compareSegments",
    "comparisonIdSubtables",
    "format_metrics",
    "language",
    "filter_update_columns_when_show_all_goals",
    "filter_show_goal_columns_process_goals",
    "filter_add_columns_when_show_all_columns",
    "idGoal",
    "idDimension",
    "disable_generic_filters",
    "disable_queued_filters",
    "include_aggregate_rows",
    "secondaryDimension",
    "depth",
    "translateColumnNames",
    "hideIdSubDatable",
    "showMetadata",
    "invert_compare_change_compute",
    "keep_totals_row",
    "keep_summary_row",
    "hideColumnsRecursively",
    "showRawMetrics",
    "hideMetricsDoc",
    "showTimer",
    "convertToUnicode",
    "fetch_archive_state",
    "serialize",
    "callback",
    "jsoncallback",
    "disable_root_datatable_post_processor",
    "force_api_session",
    "token_auth",
    "module",
    "method",
    "idSites",
    "labelFilterAddLabelIndex",
    "include_trends",
    "period",
    "date",
    "idSite",
    "format",
];

/// What is wrong with an answer; empty where clients can read it.
async fn complaint(world: &World, method: &str, name: &str, value: Param) -> String {
    let mut request = MatomoRequest::of(GIVEN);
    request.set("method", method);
    request.set("idSite", "1");
    request.put(name, value);
    let caller = world.people.last().unwrap();
    let reply = matomo::answer(&world.context, caller, &request).await;
    // Whoever gives wrong passwords all the time is asked to wait.
    let waits = reply.status == 503 && String::from_utf8_lossy(&reply.body).contains("too many failed logins");
    if !waits && !matches!(reply.status, 200 | 400 | 401 | 403 | 404) {
        return format!("is answered with {}: {}", reply.status, String::from_utf8_lossy(&reply.body));
    }
    let is_json = serde_json::from_slice::<serde_json::Value>(&reply.body).is_ok();
    let is_other = name == "format" || reply.content_type.starts_with("image/") || !reply.content_type.contains("json");
    if is_json || is_other { String::new() } else { "is answered with no JSON".to_owned() }
}

#[tokio::test]
async fn every_documented_parameter_may_be_nonsense() {
    let world = World::new().await;
    let mut report = String::new();
    let mut asked = 0;
    for (method, parameters) in documented() {
        for name in &parameters {
            for (what, value) in hostile() {
                asked += 1;
                let complaint = complaint(&world, &method, name, value).await;
                if !complaint.is_empty() {
                    writeln!(report, "{method} with {what} for `{name}` {complaint}").unwrap();
                }
            }
        }
    }
    assert!(asked > 3_000, "only {asked} requests");
    assert!(report.is_empty(), "{report}");
}

/// Names of parameters that a source file reads from requests, before its tests.
fn read_by(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap();
    let mut names = Vec::new();
    for (at, _) in source.match_indices("request") {
        let rest = source[at + "request".len()..].trim_start();
        for reads in [".get(\"", ".text(\"", ".filled(\"", ".int(\"", ".flag(\"", ".words(\"", ".texts(\""] {
            names.extend(rest.strip_prefix(reads).and_then(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
    names
}

#[test]
fn every_parameter_that_is_read_is_tried() {
    let mut folders = vec![std::path::PathBuf::from("src/matomo")];
    let mut read = std::collections::BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                read.extend(read_by(&std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    let documented = documented();
    let tried = |name: &str| COMMON.contains(&name) || documented.iter().any(|(_, of)| of.iter().any(|known| known == name));
    let untried: Vec<&String> = read.iter().filter(|name| !tried(name)).collect();
    assert!(read.len() > 100, "{read:?}");
    assert!(untried.is_empty(), "{untried:?}");
}

#[test]
fn every_method_has_its_line() {
    let text = std::fs::read_to_string("tests/bad_input/parameters.txt").unwrap();
    let lines: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    let known = matomo::methods();
    let without: Vec<&String> = known.iter().filter(|method| !lines.contains(&method.as_str())).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn the_last_of_a_repeated_parameter_holds() {
    let request = MatomoRequest::decode("idSite=1&idSite=x&idSite=2&label[]=a&label=b&date=c&date[]=d", b"").unwrap();
    assert_eq!((request.text("idSite"), request.text("label")), (Some("2"), Some("b")));
    assert_eq!((request.text("date"), request.texts("date")), (None, vec!["d".to_owned()]));
}

#[tokio::test]
async fn every_common_parameter_may_be_nonsense() {
    let world = World::new().await;
    let mut report = String::new();
    for method in ["Actions.getPageUrls", "VisitsSummary.get", "API.getProcessedReport", "Live.getLastVisitsDetails", "Goals.get"]
    {
        for name in COMMON {
            for (what, value) in hostile() {
                let complaint = complaint(&world, method, name, value).await;
                if !complaint.is_empty() {
                    writeln!(report, "{method} with {what} for `{name}` {complaint}").unwrap();
                }
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[tokio::test]
async fn what_has_to_be_said_is_asked_for() {
    let world = World::new().await;
    let said = async |method: &str, without: &str| {
        let mut request = MatomoRequest::of(GIVEN);
        request.set("method", method);
        request.set("idSite", "1");
        request.remove(without);
        let reply = matomo::answer(&world.context, world.people.last().unwrap(), &request).await;
        serde_json::from_slice::<serde_json::Value>(&reply.body).unwrap()["message"].as_str().unwrap().to_owned()
    };
    for (method, name) in [
        ("Actions.getPageUrls", "idSite"),
        ("Actions.getPageUrls", "period"),
        ("Actions.getPageUrls", "date"),
        ("API.getProcessedReport", "apiModule"),
        ("Annotations.add", "note"),
        ("SegmentEditor.add", "definition"),
    ] {
        assert_eq!(said(method, name).await, format!("Please specify a value for '{name}'."), "{method}");
    }
}
