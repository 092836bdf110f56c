//! Laws about questions.

use footfall_model::{
    ActionKind, Aggregate, Catalogue, Column, Fact, Fault, Filter, Having, Key, Kind, Measure, Op, Order, Query, Related, SiteId,
    Test, Text, TimePart, TimeRange, Value, VisitAnchor,
};
use jiff::tz::TimeZone;

use super::{Bench, always, at, int, text};
use crate::Batch;

fn pair(name: &str, value: &str) -> (Text, Text) {
    (Text::from(name), Text::from(value))
}

/// Two visitors of site 1, one of site 2:
/// visit 1 (visitor 7, Firefox, DE): `/` `/a` and a download, with the properties plan=b on `/a`;
/// visit 2 (visitor 7, no browser): `/a` `/a`; visit 3 (visitor 8, Chrome): an event without a URL; visit 4: site 2.
fn story(bench: &Bench) -> Batch {
    let mut story = bench.story();
    story.visit(1, 7, &[(at("2026-03-01T10:00:00Z"), "a.example/"), (at("2026-03-01T10:05:00Z"), "a.example/a")]).duration = 300;
    story.fact("visit.browser_name", "Firefox");
    story.fact("visit.country", "DE");
    story.fact("visit.latitude", 52.5);
    let download = story.hit(ActionKind::Download, at("2026-03-01T10:06:00Z"), "a.example/file.zip");
    download.time_server = Some(40);
    story.visit(1, 7, &[(at("2026-03-02T10:00:00Z"), "a.example/a"), (at("2026-03-02T10:01:00Z"), "a.example/a")]).bounce = true;
    let first = story.visit(1, 8, &[(at("2026-03-02T11:00:00Z"), "")]);
    (first.user_id, first.duration) = (Some(Text::from("Ada")), 60);
    story.fact("visit.browser_name", "Chrome");
    story.visit(2, 9, &[(at("2026-03-02T12:00:00Z"), "b.example/")]);
    let (action, keyword) = (story.text("Signup"), story.text("shoes"));
    let mut batch = story.finish(&TimeZone::UTC);
    batch.hits[1].props = vec![pair("plan", "b"), pair("tier", "gold")];
    (batch.hits[1].time_server, batch.hits[1].scroll_depth, batch.hits[1].search_keyword) = (Some(100), Some(50), keyword);
    (batch.hits[3].scroll_depth, batch.hits[4].scroll_depth) = (Some(70), Some(20));
    let event = &mut batch.hits[5];
    (event.kind, event.event_action, event.revenue) = (ActionKind::Event as u8, action, Some(2.5));
    event.props = vec![pair("plan", "a")];
    batch
}

/// Groups by every kind of key.
pub fn groups_have_their_keys(bench: &Bench) {
    let store = bench.store_with(story(bench));
    let count = |fact, key: Key| {
        let mut query = always(fact);
        query.sites = vec![SiteId(1), SiteId(2)];
        query.keys = vec![key];
        query.measures = vec![Measure::new("rows", Aggregate::Count)];
        bench.rows(&store, &query)
    };
    let column = Key::Column;
    let url = [
        vec![Value::Null, int(1)],
        vec![text("a.example/"), int(1)],
        vec![text("a.example/a"), int(3)],
        vec![text("a.example/file.zip"), int(1)],
        vec![text("b.example/"), int(1)],
    ];
    assert_eq!(count(Fact::Hits, column(bench.hits("url"))), url);
    let numbers = count(Fact::Hits, Key::Number(bench.hits("url")));
    assert_eq!(numbers.iter().map(|row| row[1].clone()).collect::<Vec<Value>>(), [int(1), int(1), int(3), int(1), int(1)]);
    assert_eq!(numbers[0][0], int(0));
    let kinds = [vec![int(1), int(5)], vec![int(2), int(1)], vec![int(5), int(1)]];
    assert_eq!(count(Fact::Hits, column(bench.hits("kind"))), kinds);
    let browsers = [vec![Value::Null, int(2)], vec![text("Chrome"), int(1)], vec![text("Firefox"), int(1)]];
    assert_eq!(count(Fact::Visits, column(bench.visits("browser_name"))), browsers);
    let hits_by_browser = [vec![Value::Null, int(3)], vec![text("Chrome"), int(1)], vec![text("Firefox"), int(3)]];
    assert_eq!(count(Fact::Hits, column(bench.visits("browser_name"))), hits_by_browser);
    assert_eq!(count(Fact::Visits, column(bench.visits("bounce"))), [[int(0), int(3)], [int(1), int(1)]]);
    let latitudes = [vec![Value::Null, int(3)], vec![52.5.into(), int(1)]];
    assert_eq!(count(Fact::Visits, column(bench.visits("latitude"))), latitudes);
    assert_eq!(count(Fact::Hits, Key::Site), [[int(1), int(6)], [int(2), int(1)]]);
    let plans = [vec![Value::Null, int(5)], vec![text("a"), int(1)], vec![text("b"), int(1)]];
    assert_eq!(count(Fact::Hits, Key::Prop(Catalogue::PROPS, Text::from("plan"))), plans);
    let names = [vec![text("plan"), int(2)], vec![text("tier"), int(1)]];
    assert_eq!(count(Fact::Hits, Key::PropNames(Catalogue::PROPS)), names);
    let by_day = [vec![text("2026-03-01"), int(3)], vec![text("2026-03-02"), int(4)]];
    assert_eq!(count(Fact::Hits, Key::Clock(bench.hits("at"), TimePart::Day)), by_day);
    let visit_day = [vec![text("2026-03-01"), int(3)], vec![text("2026-03-02"), int(4)]];
    assert_eq!(count(Fact::Hits, Key::Clock(bench.visits("first_at"), TimePart::Day)), visit_day);
    let mut query = always(Fact::Hits);
    query.keys = vec![Key::Clock(bench.hits("at"), TimePart::Day), Key::PropNames(Catalogue::PROPS)];
    let day_and_name =
        [[text("2026-03-01"), text("plan")], [text("2026-03-01"), text("tier")], [text("2026-03-02"), text("plan")]];
    assert_eq!(bench.rows(&store, &query), day_and_name);
    let mut nothing = always(Fact::Hits);
    nothing.sites.clear();
    nothing.measures = vec![Measure::new("rows", Aggregate::Count)];
    assert_eq!(bench.rows(&store, &nothing), [[int(0)]]);
    nothing.keys = vec![Key::Site];
    assert_eq!(bench.rows(&store, &nothing), Vec::<Vec<Value>>::new());
}

/// Conditions make groups: the first that holds, or every one.
pub fn conditions_make_groups(bench: &Bench) {
    let store = bench.store_with(story(bench));
    let is_url = |url: &str| Filter::is(bench.hits("url"), url);
    let conditions = vec![
        is_url("a.example/a"),
        Filter::is(bench.hits("kind"), 1),
        Filter::None,
        Filter::is(bench.visits("browser_name"), "Firefox"),
    ];
    let mut query = always(Fact::Hits);
    query.measures = vec![Measure::new("rows", Aggregate::Count), Measure::new("visits", Aggregate::Visits)];
    query.keys = vec![Key::FirstOf(conditions.clone())];
    assert_eq!(bench.rows(&store, &query), [[int(0), int(3), int(2)], [int(1), int(1), int(1)], [int(3), int(1), int(1)]]);
    query.keys = vec![Key::EachOf(conditions.clone())];
    assert_eq!(bench.rows(&store, &query), [[int(0), int(3), int(2)], [int(1), int(4), int(2)], [int(3), int(3), int(1)]]);
    query.keys = vec![Key::EachOf(conditions), Key::Clock(bench.hits("at"), TimePart::Day)];
    query.measures.truncate(1);
    let (first, second) = (text("2026-03-01"), text("2026-03-02"));
    let by_day = [
        [int(0), first.clone(), int(1)],
        [int(0), second.clone(), int(2)],
        [int(1), first.clone(), int(2)],
        [int(1), second, int(2)],
        [int(3), first, int(3)],
    ];
    assert_eq!(bench.rows(&store, &query), by_day);
    for none in [Key::FirstOf(vec![]), Key::EachOf(vec![])] {
        query.keys = vec![none];
        assert_eq!(bench.rows(&store, &query), Vec::<Vec<Value>>::new());
    }
}

/// Every way to measure, over all rows, over none, and over some.
pub fn measures_measure(bench: &Bench) {
    let store = bench.store_with(story(bench));
    let one = |fact, aggregate: Aggregate, only: Filter| {
        let mut query = always(fact);
        query.measures = vec![Measure::new("m", aggregate).only(only)];
        bench.rows(&store, &query)[0][0].clone()
    };
    let (hits, visits) = (|name| bench.hits(name), |name| bench.visits(name));
    let all = |aggregate| one(Fact::Hits, aggregate, Filter::All);
    let none = |aggregate| one(Fact::Hits, aggregate, Filter::None);
    let views = |aggregate| one(Fact::Hits, aggregate, Filter::is(bench.hits("kind"), 1));
    for (aggregate, of_all, of_none, of_views) in [
        (Aggregate::Count, int(6), int(0), int(4)),
        (Aggregate::Sum(hits("time_server")), int(140), int(0), int(100)),
        (Aggregate::Sum(hits("revenue")), 2.5.into(), 0.0.into(), 0.0.into()),
        (Aggregate::Sum(visits("bounce")), int(2), int(0), int(2)),
        (Aggregate::Min(hits("time_server")), int(40), Value::Null, int(100)),
        (Aggregate::Max(hits("time_server")), int(100), Value::Null, int(100)),
        (Aggregate::Max(hits("hit_id")), int(6), Value::Null, int(5)),
        (Aggregate::Max(visits("browser_name")), text("Firefox"), Value::Null, text("Firefox")),
        (Aggregate::Distinct(hits("url")), int(3), int(0), int(2)),
        (Aggregate::Distinct(visits("browser_name")), int(2), int(0), int(1)),
        (Aggregate::Distinct(hits("kind")), int(3), int(0), int(1)),
        (Aggregate::Visits, int(3), int(0), int(2)),
        (Aggregate::Visitors, int(2), int(0), int(1)),
        (Aggregate::DailyVisitors, int(3), int(0), int(2)),
        (Aggregate::SumOfMaxPerVisit(hits("scroll_depth")), int(120), int(0), int(120)),
        (Aggregate::Any(hits("event_action")), text("Signup"), Value::Null, Value::Null),
        (Aggregate::Any(visits("user_id")), text("Ada"), Value::Null, Value::Null),
        (Aggregate::ArgMax(hits("url"), hits("at")), Value::Null, Value::Null, text("a.example/a")),
        (Aggregate::ArgMax(hits("kind"), hits("at")), int(5), Value::Null, int(1)),
        (Aggregate::ArgMin(hits("kind"), hits("at")), int(1), Value::Null, int(1)),
        (Aggregate::ArgMax(hits("url"), hits("time_server")), text("a.example/a"), Value::Null, text("a.example/a")),
    ] {
        let name = format!("{aggregate:?}");
        assert_eq!(all(aggregate.clone()), of_all, "{name} of all");
        assert_eq!(none(aggregate.clone()), of_none, "{name} of none");
        assert_eq!(views(aggregate), of_views, "{name} of page views");
    }
    for (aggregate, expected) in [
        (Aggregate::Count, 3),
        (Aggregate::Visits, 3),
        (Aggregate::Visitors, 2),
        (Aggregate::DailyVisitors, 3),
        (Aggregate::Sum(visits("duration")), 360),
        (Aggregate::Sum(visits("bounce")), 1),
        (Aggregate::SumOfMaxPerVisit(visits("duration")), 360),
    ] {
        assert_eq!(one(Fact::Visits, aggregate.clone(), Filter::All), int(expected), "{aggregate:?}");
    }
    let mut query = always(Fact::Hits);
    query.keys = vec![Key::Column(bench.hits("url"))];
    query.measures = vec![
        Measure::new("depth", Aggregate::SumOfMaxPerVisit(bench.hits("scroll_depth"))),
        Measure::new("rows", Aggregate::Count),
        Measure::new("deep", Aggregate::SumOfMaxPerVisit(bench.hits("scroll_depth"))).only(Filter::test(
            Key::Column(bench.hits("scroll_depth")),
            Op::Less,
            vec![int(60)],
        )),
    ];
    let by_url = [
        vec![Value::Null, int(0), int(1), int(0)],
        vec![text("a.example/"), int(0), int(1), int(0)],
        vec![text("a.example/a"), int(120), int(3), int(70)],
        vec![text("a.example/file.zip"), int(0), int(1), int(0)],
    ];
    assert_eq!(bench.rows(&store, &query), by_url);
}

/// Every operator, on texts in place, in the dictionary, in properties, and on numbers.
pub fn comparisons_compare(bench: &Bench) {
    let store = bench.store_with(story(bench));
    let ask = |key: &Key, op, values: &[Value], case_sensitive| {
        let test = Test { key: key.clone(), op, values: values.to_vec(), case_sensitive };
        bench.numbers(&store, Fact::Hits, Filter::Test(test))
    };
    let url = Key::Column(bench.hits("url"));
    let (file, root) = (text("a.example/file.zip"), text("a.example/"));
    for (op, values, expected) in [
        (Op::Is, vec![file.clone()], vec![3]),
        (Op::Is, vec![file.clone(), root.clone(), text("never seen")], vec![1, 3]),
        (Op::Is, vec![], vec![]),
        (Op::IsNot, vec![file.clone()], vec![1, 2, 4, 5, 6]),
        (Op::IsNot, vec![], vec![1, 2, 3, 4, 5, 6]),
        (Op::Contains, vec![text("file"), text("/a")], vec![2, 3, 4, 5]),
        (Op::ContainsNot, vec![text("file")], vec![1, 2, 4, 5, 6]),
        (Op::StartsWith, vec![text("a.example/f")], vec![3]),
        (Op::EndsWith, vec![text("/"), text("zip")], vec![1, 3]),
        (Op::Matches, vec![text("^a\\.example/(a|file.*)$")], vec![2, 3, 4, 5]),
        (Op::MatchesNot, vec![text("zip$")], vec![1, 2, 4, 5, 6]),
        (Op::Less, vec![text("a.example/a")], vec![1]),
        (Op::AtLeast, vec![text("a.example/a")], vec![2, 3, 4, 5]),
    ] {
        assert_eq!(ask(&url, op, &values, true), expected, "{op:?} {values:?}");
    }
    assert_eq!(ask(&url, Op::Is, &[text("A.Example/FILE.zip")], true), []);
    assert_eq!(ask(&url, Op::Is, &[text("A.Example/FILE.zip")], false), [3]);
    assert_eq!(ask(&url, Op::Contains, &[text("FILE")], false), [3]);
    assert_eq!(ask(&url, Op::Matches, &[text("FILE|nothing")], false), [3]);
    let browser = Key::Column(bench.visits("browser_name"));
    assert_eq!(ask(&browser, Op::Is, &[text("Firefox")], true), [1, 2, 3]);
    assert_eq!(ask(&browser, Op::IsNot, &[text("Firefox")], true), [4, 5, 6]);
    assert_eq!(ask(&browser, Op::EndsWith, &[text("OME")], false), [6]);
    assert_eq!(ask(&browser, Op::Greater, &[text("Chrome")], true), [1, 2, 3]);
    let plan = Key::Prop(Catalogue::PROPS, Text::from("plan"));
    assert_eq!(ask(&plan, Op::Is, &[text("b")], true), [2]);
    assert_eq!(ask(&plan, Op::IsNot, &[text("b")], true), [1, 3, 4, 5, 6]);
    assert_eq!(ask(&plan, Op::Matches, &[text("^[ab]$")], true), [2, 6]);
    let names = Key::PropNames(Catalogue::PROPS);
    assert_eq!(ask(&names, Op::Is, &[text("tier")], true), [2]);
    assert_eq!(ask(&names, Op::Contains, &[text("LA")], false), [2, 6]);
    assert_eq!(ask(&names, Op::IsNot, &[text("tier")], true), [1, 3, 4, 5, 6]);
    let server = Key::Column(bench.hits("time_server"));
    for (op, values, expected) in [
        (Op::Is, vec![int(40)], vec![3]),
        (Op::Is, vec![text("40"), 100.0.into()], vec![2, 3]),
        (Op::Is, vec![text("forty")], vec![]),
        (Op::IsNot, vec![int(40)], vec![1, 2, 4, 5, 6]),
        (Op::Less, vec![int(100)], vec![3]),
        (Op::AtMost, vec![int(100)], vec![2, 3]),
        (Op::Greater, vec![39.5.into()], vec![2, 3]),
        (Op::AtLeast, vec![text("40.5")], vec![2]),
        (Op::Contains, vec![text("0")], vec![2, 3]),
        (Op::StartsWith, vec![int(1)], vec![2]),
    ] {
        assert_eq!(ask(&server, op, &values, true), expected, "{op:?} {values:?}");
    }
    let bounce = Key::Column(bench.visits("bounce"));
    assert_eq!(ask(&bounce, Op::Is, &[int(1)], true), [4, 5]);
    assert_eq!(ask(&Key::Site, Op::Is, &[int(2)], true), []);
    assert_eq!(ask(&Key::Site, Op::Is, &[int(1)], true).len(), 6);
    let both = Filter::is(bench.visits("country"), "DE").and(Filter::is(bench.hits("kind"), 1));
    assert_eq!(bench.numbers(&store, Fact::Hits, both.clone()), [1, 2]);
    assert_eq!(bench.numbers(&store, Fact::Hits, both.negated()), [3, 4, 5, 6]);
    let either = Filter::Or(vec![Filter::is(bench.visits("country"), "DE"), Filter::is(bench.hits("event_action"), "Signup")]);
    assert_eq!(bench.numbers(&store, Fact::Hits, either), [1, 2, 3, 6]);
    assert_eq!(bench.numbers(&store, Fact::Hits, Filter::And(vec![])).len(), 6);
    assert_eq!(bench.numbers(&store, Fact::Hits, Filter::Or(vec![])), []);
}

/// What was not said is `Null`: it is asked for with `Null` or empty text, and satisfies every negative comparison.
pub fn nothing_said_is_nothing(bench: &Bench) {
    let mut batch = story(bench);
    batch.opened[1].user_id = Some(Text::from(""));
    let store = bench.store_with(batch);
    let ask = |column: Column, op, value: Value| {
        bench.numbers(&store, Fact::Visits, Filter::test(Key::Column(column), op, vec![value]))
    };
    let user = bench.visits("user_id");
    for nothing in [Value::Null, text("")] {
        assert_eq!(ask(user, Op::Is, nothing.clone()), [1, 2]);
        assert_eq!(ask(user, Op::IsNot, nothing), [3]);
    }
    assert_eq!(ask(user, Op::Contains, text("")), [3]);
    assert_eq!(ask(user, Op::Matches, text("^")), [3]);
    assert_eq!(ask(user, Op::MatchesNot, text("^")), [1, 2]);
    assert_eq!(ask(user, Op::Less, text("~")), [3]);
    assert_eq!(ask(user, Op::Contains, Value::Null), []);
    let either = Filter::test(Key::Column(user), Op::Is, vec![Value::Null, text("Ada")]);
    assert_eq!(bench.numbers(&store, Fact::Visits, either.clone()), [1, 2, 3]);
    assert_eq!(bench.numbers(&store, Fact::Visits, Filter::Not(Box::new(either))), []);
    let latitude = bench.visits("latitude");
    assert_eq!(ask(latitude, Op::Is, Value::Null), [2, 3]);
    assert_eq!(ask(latitude, Op::IsNot, Value::Null), [1]);
    assert_eq!(ask(latitude, Op::IsNot, 52.5.into()), [2, 3]);
    assert_eq!(ask(latitude, Op::Less, int(90)), [1]);
    let url = Key::Column(bench.hits("url"));
    let hits = |op, values: Vec<Value>| bench.numbers(&store, Fact::Hits, Filter::test(url.clone(), op, values));
    assert_eq!(hits(Op::Is, vec![Value::Null]), [6]);
    assert_eq!(hits(Op::Is, vec![text(""), text("a.example/")]), [1, 6]);
    assert_eq!(hits(Op::IsNot, vec![Value::Null, text("a.example/")]), [2, 3, 4, 5]);
    let plan = Key::Prop(Catalogue::PROPS, Text::from("plan"));
    let without = Filter::test(plan, Op::Is, vec![Value::Null]);
    assert_eq!(bench.numbers(&store, Fact::Hits, without), [1, 3, 4, 5]);
}

/// Rows are found by other rows of their visit at any time, and of their visitor within the range.
pub fn related_rows_are_found(bench: &Bench) {
    let store = bench.store_with(story(bench));
    let has = |fact, related, filter: Filter| Filter::Has { fact, related, filter: Box::new(filter) };
    let download = || Filter::is(bench.hits("kind"), ActionKind::Download as i64);
    let ask = |fact, range: TimeRange, filter: Filter| {
        let name = if fact == Fact::Visits { bench.visits("visit_id") } else { bench.hits("hit_id") };
        let mut query = always(fact);
        (query.range, query.filter, query.keys) = (range, filter, vec![Key::Column(name)]);
        bench.rows(&store, &query).iter().filter_map(|row| row[0].as_i64()).collect::<Vec<_>>()
    };
    let ever = TimeRange::EVER;
    let same_visit = || has(Fact::Hits, Related::SameVisit, download());
    let same_visitor = || has(Fact::Hits, Related::SameVisitorInRange, download());
    assert_eq!(ask(Fact::Visits, ever, same_visit()), [1]);
    assert_eq!(ask(Fact::Visits, ever, same_visit().negated()), [2, 3]);
    assert_eq!(ask(Fact::Visits, ever, same_visitor()), [1, 2]);
    assert_eq!(ask(Fact::Hits, ever, same_visit()), [1, 2, 3]);
    assert_eq!(ask(Fact::Hits, ever, same_visitor()), [1, 2, 3, 4, 5]);
    // The download lies after the range, but in the same visit as the page view in it.
    let before = TimeRange { start: at("2026-03-01T10:00:00Z"), end: at("2026-03-01T10:06:00Z") };
    assert_eq!(ask(Fact::Hits, before, same_visit()), [1, 2]);
    assert_eq!(ask(Fact::Hits, before, same_visitor()), []);
    let firefox = Filter::is(bench.visits("browser_name"), "Firefox");
    assert_eq!(ask(Fact::Hits, ever, has(Fact::Visits, Related::SameVisitorInRange, firefox.clone())), [1, 2, 3, 4, 5]);
    assert_eq!(ask(Fact::Visits, ever, has(Fact::Hits, Related::SameVisit, firefox.and(download()))), [1]);
    let nested = has(Fact::Visits, Related::SameVisitorInRange, has(Fact::Hits, Related::SameVisit, download()));
    assert_eq!(ask(Fact::Visits, ever, nested), [1, 2]);
    assert_eq!(ask(Fact::Visits, ever, has(Fact::Conversions, Related::SameVisit, Filter::All)), []);
}

/// A visit is in the range by its last action, its first, or because it overlaps.
pub fn visits_are_in_the_range_by_their_anchor(bench: &Bench) {
    let mut story = bench.story();
    for (began, ended) in
        [("09:50", "09:59"), ("09:50", "10:00"), ("09:50", "11:10"), ("10:10", "10:20"), ("10:59", "11:00"), ("11:00", "11:01")]
    {
        let moment = |time: &str| at(&format!("2026-03-01T{time}:00Z"));
        story.visit(1, 1, &[(moment(began), "a.example/"), (moment(ended), "a.example/")]);
    }
    let store = bench.store_with(story.finish(&TimeZone::UTC));
    for (anchor, expected) in
        [(VisitAnchor::LastAction, vec![2, 4]), (VisitAnchor::FirstAction, vec![4, 5]), (VisitAnchor::Overlap, vec![2, 3, 4, 5])]
    {
        let mut query = always(Fact::Visits);
        query.range = TimeRange { start: at("2026-03-01T10:00:00Z"), end: at("2026-03-01T11:00:00Z") };
        (query.anchor, query.keys) = (anchor, vec![Key::Column(bench.visits("visit_id"))]);
        let found: Vec<i64> = bench.rows(&store, &query).iter().filter_map(|row| row[0].as_i64()).collect();
        assert_eq!(found, expected, "{anchor:?}");
    }
}

/// Groups are dropped by their measures, sorted, ties broken by their keys, and cut; their number is that before the cut.
pub fn groups_are_sorted_and_cut(bench: &Bench) {
    let mut story = bench.story();
    for (visitor, pages) in [(1, "c b a"), (2, "b a e"), (3, "d a"), (4, "")].into_iter() {
        let pages: Vec<_> = pages.split(' ').map(|page| (at("2026-03-01T10:00:00Z"), page)).collect();
        story.visit(1, visitor, &pages);
    }
    let store = bench.store_with(story.finish(&TimeZone::UTC));
    let ask = |change: &dyn Fn(&mut Query)| {
        let mut query = always(Fact::Hits);
        query.keys = vec![Key::Column(bench.hits("url"))];
        query.measures =
            vec![Measure::new("views", Aggregate::Count), Measure::new("most", Aggregate::Max(bench.hits("hit_id")))];
        change(&mut query);
        let answer = bench.answer(&store, &query);
        let urls: Vec<String> = answer.rows.iter().map(|row| row[0].as_str().unwrap_or("-").to_owned()).collect();
        (urls.join(" "), answer.total)
    };
    let views = |descending| Order::Measure { name: Text::from("views"), descending };
    let url = |descending| Order::Key { index: 0, descending };
    let at_least = |views: i64| Having { measure: Text::from("views"), op: Op::AtLeast, value: int(views) };
    let answer = |urls: &str, total| (urls.to_owned(), total);
    assert_eq!(ask(&|_| {}), answer("- a b c d e", 6));
    assert_eq!(ask(&|query| query.order = vec![url(true)]), answer("e d c b a -", 6));
    assert_eq!(ask(&|query| query.order = vec![views(true)]), answer("a b - c d e", 6));
    assert_eq!(ask(&|query| query.order = vec![views(false), url(true)]), answer("e d c - b a", 6));
    assert_eq!(ask(&|query| (query.order, query.limit) = (vec![views(true)], Some(4))), answer("a b - c", 6));
    assert_eq!(ask(&|query| (query.order, query.limit) = (vec![views(true), url(true)], Some(4))), answer("a b e d", 6));
    assert_eq!(ask(&|query| (query.order, query.limit, query.offset) = (vec![views(true)], Some(2), 3)), answer("c d", 6));
    assert_eq!(ask(&|query| (query.order, query.limit) = (vec![views(false)], Some(3))), answer("- c d", 6));
    assert_eq!(ask(&|query| (query.order, query.limit) = (vec![url(true)], Some(2))), answer("e d", 6));
    assert_eq!(ask(&|query| query.limit = Some(0)), answer("", 6));
    assert_eq!(ask(&|query| query.offset = 4), answer("d e", 6));
    assert_eq!(ask(&|query| (query.limit, query.offset) = (Some(5), 100)), answer("", 6));
    assert_eq!(ask(&|query| query.limit = Some(100)), answer("- a b c d e", 6));
    assert_eq!(ask(&|query| query.having = vec![at_least(2)]), answer("a b", 2));
    assert_eq!(
        ask(&|query| (query.having, query.limit, query.order) = (vec![at_least(2)], Some(1), vec![views(false)])),
        answer("b", 2)
    );
    let not = |value| Having { measure: Text::from("views"), op: Op::IsNot, value };
    assert_eq!(ask(&|query| query.having = vec![not(int(1))]), answer("a b", 2));
    assert_eq!(ask(&|query| query.having = vec![not(Value::Null)]), answer("- a b c d e", 6));
    assert_eq!(ask(&|query| query.having = vec![at_least(99)]), answer("", 0));
}

/// Questions that name what does not exist, contradict themselves or are too large are refused, not answered.
pub fn bad_questions_are_refused(bench: &Bench) {
    let store = bench.store_with(story(bench));
    let url = bench.hits("url");
    let mut bad: Vec<Query> = Vec::new();
    let mut add = |change: &dyn Fn(&mut Query)| {
        let mut query = always(Fact::Hits);
        query.measures = vec![Measure::new("rows", Aggregate::Count)];
        change(&mut query);
        bad.push(query);
    };
    let test = |key, op, values| Filter::test(key, op, values);
    add(&|query| query.keys = vec![Key::Column(Column { fact: Fact::Hits, name: "no such", kind: Kind::Text })]);
    add(&|query| query.keys = vec![Key::Column(Column { fact: Fact::Hits, name: "url", kind: Kind::Text })]);
    add(&|query| query.keys = vec![Key::Clock(url, TimePart::Day)]);
    add(&|query| query.keys = vec![Key::Column(Catalogue::PROPS)]);
    add(&|query| query.keys = vec![Key::Prop(url, Text::from("plan"))]);
    add(&|query| query.keys = vec![Key::PropNames(Catalogue::PROPS), Key::EachOf(vec![Filter::All])]);
    add(&|query| (query.fact, query.filter) = (Fact::Visits, Filter::is(url, "x")));
    add(&|query| query.filter = test(Key::EachOf(vec![]), Op::Is, vec![int(1)]));
    add(&|query| query.filter = test(Key::Column(url), Op::Matches, vec![text("(")]));
    add(&|query| query.filter = test(Key::Column(url), Op::Is, vec![text("x"); 10_001]));
    add(&|query| query.filter = (0..40).fold(Filter::is(url, "x"), |inner, _| Filter::Not(Box::new(inner))));
    add(&|query| query.filter = Filter::Or(vec![Filter::is(url, "x"); 5_001]));
    add(&|query| query.measures.push(Measure::new("sum", Aggregate::Sum(url))));
    add(&|query| query.measures = vec![Measure::new("rows", Aggregate::Count); 257]);
    add(&|query| query.order = vec![Order::Key { index: 0, descending: true }]);
    add(&|query| query.order = vec![Order::Measure { name: Text::from("views"), descending: true }]);
    add(&|query| query.having = vec![Having { measure: Text::from("views"), op: Op::Is, value: int(1) }]);
    add(&|query| query.having = vec![Having { measure: Text::from("rows"), op: Op::Contains, value: int(1) }]);
    for query in bad {
        assert_eq!(bench.refused(store.query(&query)).fault(), Fault::Invalid, "{query:?}");
    }
}
