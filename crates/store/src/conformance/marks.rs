//! Summing first-of marks and counting different values are the same.

use std::cell::Cell;

use footfall_model::{Aggregate, Fact, Filter, Key, Measure, Op, Query, Related, SiteId, TimePart, TimeRange, Value};
use jiff::tz::TimeZone;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::{Bench, batch, beginning, int, text, told};
use crate::Schema;

/// On whole days, questions that marks can answer have the same answers as when everything is counted.
pub fn marks_equal_distinct(bench: &Bench) {
    let schema = Schema::of(&bench.catalogue);
    let questions = questions(bench);
    let answered = Cell::new(0);
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(4) });
    let outcome = runner.run(&told(60), |told| {
        let store = bench.store_with(batch(&bench.catalogue, &schema, &told));
        for query in &questions {
            let counted = bench.answer(&store, query);
            answered.set(answered.get() + counted.rows.len());
            let marked = Query { whole_days: true, ..query.clone() };
            prop_assert_eq!(bench.answer(&store, &marked), counted, "{:?}", marked);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(answered.get() > 500, "only {} rows were compared", answered.get());
}

fn questions(bench: &Bench) -> Vec<Query> {
    let hits = |name| Key::Column(bench.hits(name));
    let kind = |code: i64| Filter::is(bench.hits("kind"), code);
    let is = |name, value: &str| Filter::is(bench.visits(name), value);
    let has = |related| Filter::Has { fact: Fact::Hits, related, filter: Box::new(kind(2)) };
    let is_set = Filter::test(hits("url"), Op::IsNot, vec![Value::Null]);
    let unset = |name| Filter::test(hits(name), Op::Is, vec![Value::Null]);
    let filters = [
        Filter::Or(vec![kind(1), Filter::Or(vec![kind(2), kind(5)]).and(unset("url"))]),
        Filter::Or(vec![kind(2).and(unset("title")), kind(1)]),
        Filter::Or(vec![kind(1), unset("url")]),
        Filter::test(hits("kind"), Op::Is, vec![int(1), int(2), int(5)]).and(Filter::Or(vec![kind(1), unset("url")])),
        kind(1),
        kind(5).and(is("user_id", "a")),
        kind(1).and(is("browser_name", "B").negated()),
        kind(1).and(has(Related::SameVisit)),
        kind(1).and(has(Related::SameVisitorInRange)),
        kind(1).and(is_set),
        kind(1).and(Filter::is(bench.hits("page"), text("a"))),
        kind(1).and(kind(2)),
        Filter::Or(vec![kind(1), kind(2)]),
        Filter::test(hits("kind"), Op::Is, vec![int(1), int(2)]),
        Filter::All,
    ];
    let day = Key::Clock(bench.hits("at"), TimePart::Day);
    let hour = Key::Clock(bench.hits("at"), TimePart::HourOfDay);
    let mut keys = vec![
        vec![],
        vec![day.clone()],
        vec![hour],
        vec![Key::Site],
        vec![hits("url"), day],
        vec![hits("page"), Key::Column(bench.visits("browser_name"))],
        vec![hits("host")],
        vec![hits("url"), Key::Number(bench.hits("url"))],
        vec![Key::Number(bench.hits("title"))],
    ];
    for flagged in ["url", "title", "page", "event_category", "event_action", "event_name", "search_keyword", "content_name"] {
        keys.push(vec![hits(flagged)]);
    }
    let measures = vec![
        Measure::new("visits", Aggregate::Visits),
        Measure::new("visitors", Aggregate::Visitors),
        Measure::new("daily", Aggregate::DailyVisitors),
        Measure::new("downloads", Aggregate::Visits).only(kind(2)),
    ];
    let ask = |fact, sites: &[u32], days: std::ops::Range<i64>, filter: &Filter, keys: &[Key]| {
        let moment = |day: i64| beginning().plus(day * 86_400_000);
        let range = TimeRange { start: moment(days.start), end: moment(days.end) };
        let mut query = Query::new(fact, sites.iter().map(|site| SiteId(*site)).collect(), range, TimeZone::UTC);
        (query.filter, query.keys, query.measures) = (filter.clone(), keys.to_vec(), measures.clone());
        query
    };
    let mut all = Vec::new();
    for filter in &filters {
        for keys in &keys {
            all.push(ask(Fact::Hits, &[1], 0..3, filter, keys));
        }
        all.push(ask(Fact::Hits, &[1, 2], 0..3, filter, &[]));
        all.push(ask(Fact::Hits, &[1, 2], 0..2, filter, &[Key::Site]));
        all.push(ask(Fact::Hits, &[1], 1..2, filter, &[hits("url")]));
    }
    for keys in
        [vec![], vec![Key::Clock(bench.visits("last_at"), TimePart::Day)], vec![Key::Column(bench.visits("browser_name"))]]
    {
        for filter in [Filter::All, is("browser_name", "B")] {
            let mut query = ask(Fact::Visits, &[1], 0..3, &filter, &keys);
            query.measures.truncate(3);
            all.push(query);
        }
    }
    all
}
