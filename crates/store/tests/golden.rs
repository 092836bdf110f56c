//! The SQL of typical questions is under review: `golden/sql`, one file a question and engine. `UPDATE_GOLDEN=1` rewrites them.

use std::path::PathBuf;

use footfall_model::{
    ActionKind, Aggregate, Catalogue, Column, Fact, Filter, Having, Key, Measure, Millis, Op, Order, Query, Related, SiteId,
    Test, Text, TimePart, TimeRange, Value, VisitAnchor,
};
use footfall_store::{DuckDb, Known, Plan, Planner, Schema, VisitsWanted};
use jiff::tz::TimeZone;

const MARCH: TimeRange = TimeRange { start: Millis(1_772_319_600_000), end: Millis(1_774_994_400_000) };

fn column(fact: Fact, name: &str) -> Column {
    let columns = Catalogue::built_in().columns(fact);
    columns.into_iter().find(|column| column.name == name).unwrap_or_else(|| panic!("no column `{name}`"))
}

fn hits(name: &str) -> Column {
    column(Fact::Hits, name)
}

fn visits(name: &str) -> Column {
    column(Fact::Visits, name)
}

fn kind(kind: ActionKind) -> Filter {
    Filter::is(hits("kind"), kind as i64)
}

fn test(key: Key, op: Op, values: &[&str]) -> Filter {
    Filter::test(key, op, values.iter().map(|value| Value::text(value)).collect())
}

fn has(fact: Fact, related: Related, filter: Filter) -> Filter {
    Filter::Has { fact, related, filter: Box::new(filter) }
}

fn most(measure: &str) -> Vec<Order> {
    vec![Order::Measure { name: Text::from(measure), descending: true }]
}

/// Site 1 in March, on Berlin's clock, which changes on the 29th.
fn march(fact: Fact, keys: Vec<Key>, measures: &[(&str, Aggregate)]) -> Query {
    let zone = TimeZone::get("Europe/Berlin").unwrap_or_else(|cause| panic!("no time zone: {cause}"));
    let mut query = Query::new(fact, vec![SiteId(1)], MARCH, zone);
    query.keys = keys;
    query.measures = measures.iter().map(|(name, aggregate)| Measure::new(name, aggregate.clone())).collect();
    query
}

fn planned(plan: impl Fn(&Planner<'_>) -> Result<Plan, footfall_model::Error>) -> String {
    let schema = Schema::of(&Catalogue::built_in());
    let range = TimeRange { start: Millis(1_767_225_600_000), end: Millis(1_798_761_600_000) };
    let known = Known { range, longest_visit: Some(86_400_000) };
    let planner = Planner { schema: &schema, dialect: &DuckDb, known };
    let plan = plan(&planner).unwrap_or_else(|error| panic!("{error}"));
    let params: Vec<String> =
        plan.params.iter().enumerate().map(|(place, text)| format!("-- ${} = {text}\n", place + 1)).collect();
    format!("{}{}\n", params.concat(), plan.sql)
}

fn golden(name: &str, sql: &str) {
    let path = PathBuf::from("golden/sql").join(format!("{name}.duckdb.sql"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, sql).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    assert_eq!(sql, expected, "{name}: see the difference, then set UPDATE_GOLDEN=1 if it is meant");
}

fn check(name: &str, query: &Query) {
    golden(name, &planned(|planner| planner.plan(query)));
}

fn pages() -> Query {
    let measures = [
        ("hits", Aggregate::Count),
        ("visits", Aggregate::Visits),
        ("visitors", Aggregate::DailyVisitors),
        ("spent", Aggregate::Sum(hits("time_spent"))),
    ];
    let mut query = march(Fact::Hits, vec![Key::Column(hits("url"))], &measures);
    (query.filter, query.order, query.limit) = (kind(ActionKind::PageView), most("hits"), Some(100));
    query
}

#[test]
fn pages_by_marks() {
    check("pages-by-marks", &Query { whole_days: true, ..pages() });
}

#[test]
fn pages_with_their_numbers() {
    let keys = vec![Key::Column(hits("url")), Key::Number(hits("url"))];
    check("pages-with-their-numbers", &Query { whole_days: true, keys, limit: None, ..pages() });
}

#[test]
fn pages_and_what_has_no_address() {
    let unset = Filter::test(Key::Column(hits("url")), Op::Is, vec![Value::Null]);
    let kinds = [ActionKind::PageView, ActionKind::Download, ActionKind::Outlink].map(|kind| Value::Int(kind as i64));
    let kinds = Filter::test(Key::Column(hits("kind")), Op::Is, kinds.to_vec());
    let filter = kinds.and(Filter::Or(vec![kind(ActionKind::PageView), unset]));
    check("pages-and-what-has-no-address", &Query { whole_days: true, filter, ..pages() });
}

#[test]
fn pages_by_counting() {
    check("pages-by-counting", &pages());
}

#[test]
fn pages_of_a_segment() {
    let segment = Filter::is(visits("country"), "DE").and(Filter::is(visits("browser_name"), "Firefox").negated());
    let query = Query { whole_days: true, ..pages() };
    check("pages-of-a-segment", &Query { filter: query.filter.clone().and(segment), ..query });
    let shown = Filter::test(Key::Column(hits("kind")), Op::Is, [1, 5].into_iter().map(Value::Int).collect());
    let docs = test(Key::Column(hits("page")), Op::Contains, &["docs"]);
    let firefox = Filter::is(visits("browser_name"), "Firefox");
    check("pages-by-text-and-browser", &Query { filter: Filter::And(vec![Filter::And(vec![docs, firefox]), shown]), ..pages() });
}

#[test]
fn page_views_by_day_without_a_limit() {
    let keys = vec![Key::Clock(hits("at"), TimePart::Day), Key::Column(hits("title"))];
    let mut query = march(Fact::Hits, keys, &[("hits", Aggregate::Count), ("visits", Aggregate::Visits)]);
    (query.filter, query.whole_days) = (kind(ActionKind::PageView), true);
    check("titles-by-day", &query);
}

#[test]
fn visits_summary() {
    let measures = [
        ("visits", Aggregate::Count),
        ("visitors", Aggregate::Visitors),
        ("daily", Aggregate::DailyVisitors),
        ("bounces", Aggregate::Sum(visits("bounce"))),
        ("longest", Aggregate::Max(visits("duration"))),
    ];
    check("visits-summary", &march(Fact::Visits, vec![], &measures));
    let query = march(Fact::Visits, vec![], &measures);
    check("visits-summary-of-whole-days", &Query { whole_days: true, ..query });
}

#[test]
fn visits_by_every_part_of_time() {
    for (name, part) in [
        ("minute", TimePart::Minute),
        ("hour", TimePart::Hour),
        ("week", TimePart::Week),
        ("month", TimePart::Month),
        ("year", TimePart::Year),
        ("hour-of-day", TimePart::HourOfDay),
        ("day-of-week", TimePart::DayOfWeek),
    ] {
        let mut query = march(Fact::Visits, vec![Key::Clock(visits("first_at"), part)], &[("visits", Aggregate::Visits)]);
        query.anchor = VisitAnchor::FirstAction;
        check(&format!("visits-by-{name}"), &query);
    }
}

#[test]
fn entry_pages_with_a_least_number() {
    let mut query = march(Fact::Visits, vec![Key::Column(visits("entry_page"))], &[("visits", Aggregate::Count)]);
    query.having = vec![Having { measure: Text::from("visits"), op: Op::AtLeast, value: Value::Int(10) }];
    (query.order, query.limit, query.offset) = (most("visits"), Some(10), 20);
    query.anchor = VisitAnchor::Overlap;
    check("entry-pages-with-having", &query);
}

#[test]
fn sources_of_several_sites() {
    let mut query = march(Fact::Visits, vec![Key::Site, Key::Column(visits("source"))], &[("visitors", Aggregate::Visitors)]);
    query.sites = vec![SiteId(1), SiteId(4)];
    query.filter = Filter::Or(vec![
        test(Key::Column(visits("source")), Op::IsNot, &["Google", ""]),
        Filter::test(Key::Column(visits("duration")), Op::Greater, vec![Value::Int(30)]),
    ]);
    (query.order, query.limit) = (vec![Order::Key { index: 1, descending: true }], Some(5));
    check("sources-of-several-sites", &query);
}

#[test]
fn comparisons() {
    let url = || Key::Column(hits("url"));
    for (name, op, values, case_sensitive) in [
        ("is", Op::Is, vec!["example.com/a", "example.com/b"], true),
        ("is-not-or-unset", Op::IsNot, vec!["example.com/a", ""], true),
        ("contains-any-case", Op::Contains, vec!["Docs", "blog"], false),
        ("matches", Op::Matches, vec!["^/docs/[a-z]+$"], true),
        ("matches-not-any-case", Op::MatchesNot, vec!["pdf|zip"], false),
    ] {
        let mut query = march(Fact::Hits, vec![], &[("hits", Aggregate::Count)]);
        let values = values.into_iter().map(Value::text).collect();
        query.filter = Filter::Test(Test { key: url(), op, values, case_sensitive });
        check(&format!("url-{name}"), &query);
    }
    let mut query = march(Fact::Hits, vec![], &[("hits", Aggregate::Count)]);
    let plan = Key::Prop(Catalogue::PROPS, Text::from("plan"));
    query.filter = test(plan, Op::Is, &["a", "b"]).and(test(Key::PropNames(Catalogue::PROPS), Op::StartsWith, &["ti"]));
    query.filter = query.filter.and(test(Key::Clock(hits("at"), TimePart::Day), Op::Is, &["2026-03-29"]));
    check("properties-and-days", &query);
}

#[test]
fn related_rows() {
    let bought = has(Fact::Conversions, Related::SameVisit, Filter::is(column(Fact::Conversions, "goal_id"), 0));
    let mut query = march(Fact::Visits, vec![Key::Column(visits("country"))], &[("visits", Aggregate::Count)]);
    query.filter = bought.and(has(Fact::Hits, Related::SameVisitorInRange, kind(ActionKind::Download)).negated());
    check("visits-with-related-rows", &query);
    let firefox = Filter::is(visits("browser_name"), "Firefox");
    let mut query = march(Fact::Hits, vec![], &[("visits", Aggregate::Visits)]);
    query.filter = kind(ActionKind::Event).and(has(Fact::Hits, Related::SameVisit, firefox.and(kind(ActionKind::Search))));
    check("events-of-visits-that-search", &query);
}

#[test]
fn goals_and_properties() {
    let signup = kind(ActionKind::Event).and(Filter::is(hits("event_action"), "Signup"));
    let thanks = kind(ActionKind::PageView).and(test(Key::Column(hits("page")), Op::Matches, &["^/thanks"]));
    let goals = vec![signup.clone(), thanks];
    let measures = [("visitors", Aggregate::Visitors), ("revenue", Aggregate::Sum(hits("revenue")))];
    check("each-goal", &march(Fact::Hits, vec![Key::EachOf(goals.clone())], &measures));
    check("first-goal", &march(Fact::Hits, vec![Key::FirstOf(goals)], &measures));
    let mut query = march(Fact::Hits, vec![Key::PropNames(Catalogue::PROPS)], &[("events", Aggregate::Count)]);
    query.filter = signup.clone();
    check("property-names", &query);
    let mut query = march(Fact::Hits, vec![Key::Prop(Catalogue::PROPS, Text::from("plan"))], &[("events", Aggregate::Count)]);
    (query.filter, query.limit) = (signup, Some(10));
    check("property-values", &query);
}

#[test]
fn measures_of_their_own() {
    let measures = [
        ("depth", Aggregate::SumOfMaxPerVisit(hits("scroll_depth"))),
        ("prefix", Aggregate::ArgMax(hits("url_prefix"), hits("at"))),
        ("title", Aggregate::Any(hits("title"))),
        ("browsers", Aggregate::Distinct(visits("browser_name"))),
    ];
    let mut query = march(Fact::Hits, vec![Key::Column(hits("page"))], &measures);
    query.measures[0].only = kind(ActionKind::Engagement);
    (query.order, query.limit) = (most("browsers"), Some(10));
    check("scroll-depth", &query);
}

#[test]
fn a_funnel_of_three_steps() {
    let page = |path: &str| kind(ActionKind::PageView).and(test(Key::Column(hits("page")), Op::Is, &[path]));
    let mut query = march(Fact::Hits, vec![], &[]);
    query.filter = Filter::is(visits("country"), "DE");
    let steps = [page("/"), page("/pricing"), test(Key::Column(hits("event_action")), Op::Is, &["Signup"])];
    golden("funnel", &planned(|planner| planner.funnel(&query, &steps)));
}

#[test]
fn sales() {
    let price = Aggregate::Sum(column(Fact::Items, "price"));
    let mut query = march(Fact::Items, vec![Key::Column(column(Fact::Items, "name"))], &[("revenue", price)]);
    query.filter = Filter::is(column(Fact::Items, "goal_id"), 0);
    check("products", &query);
    let revenue = Aggregate::Sum(column(Fact::Conversions, "revenue"));
    let keys = vec![Key::Column(column(Fact::Conversions, "goal_id")), Key::Column(visits("country"))];
    check("goals-by-country", &march(Fact::Conversions, keys, &[("revenue", revenue), ("visits", Aggregate::Visits)]));
}

#[test]
fn the_visit_log() {
    let wanted = VisitsWanted {
        sites: vec![SiteId(1)],
        range: MARCH,
        anchor: VisitAnchor::LastAction,
        filter: Filter::is(visits("user_id"), "it's ada"),
        zone: TimeZone::UTC,
        ascending: false,
        limit: 100,
        offset: 200,
        with_actions: true,
    };
    golden("visit-log", &planned(|planner| planner.visits(&wanted)));
}

#[test]
fn no_golden_file_is_left_over() {
    let directory = PathBuf::from("golden/sql");
    let files = std::fs::read_dir(directory).map(Iterator::count);
    assert_eq!(files.ok(), Some(35));
}
