use footfall_model::{Fact, Filter, Key, Op, SiteId, TimeRange, Value};

use super::{Bench, always, at};

/// Visitors count for a step when they took all steps before it, none later than it by the second. One action may take several
/// steps.
///
/// # Panics
/// The law is broken.
pub fn steps_are_taken_in_order(bench: &Bench) {
    let mut story = bench.story();
    let mut goes = |visitor: u64, pages: &[(&str, &str)]| {
        let moments: Vec<_> = pages.iter().map(|(moment, page)| (at(moment), *page)).collect();
        story.visit(1, visitor, &moments);
    };
    // All the way, with a detour.
    goes(
        1,
        &[
            ("2026-03-01T10:00:00Z", "/a"),
            ("2026-03-01T10:01:00Z", "/x"),
            ("2026-03-01T10:02:00Z", "/b"),
            ("2026-03-01T10:03:00Z", "/c"),
        ],
    );
    // The wrong way round, then right in a later visit.
    goes(2, &[("2026-03-01T11:00:00Z", "/b"), ("2026-03-01T11:01:00Z", "/a")]);
    goes(2, &[("2026-03-02T11:00:00Z", "/b")]);
    // Never comes in.
    goes(3, &[("2026-03-01T12:00:00Z", "/b"), ("2026-03-01T12:01:00Z", "/c")]);
    // Within a second there is no order; from one to the next there is.
    goes(4, &[("2026-03-01T13:00:00Z", "/a"), ("2026-03-01T13:00:00Z", "/b")]);
    goes(5, &[("2026-03-01T13:00:00Z", "/b"), ("2026-03-01T13:00:00Z", "/a")]);
    goes(6, &[("2026-03-01T14:00:00.200Z", "/b"), ("2026-03-01T14:00:00.700Z", "/a")]);
    goes(7, &[("2026-03-01T15:00:00.900Z", "/b"), ("2026-03-01T15:00:01.100Z", "/a")]);
    let store = bench.store_with(story.finish(&jiff::tz::TimeZone::UTC));

    let page = |page: &str| Filter::test(Key::Column(bench.hits("url")), Op::Is, vec![Value::text(page)]);
    let ask = |query: &footfall_model::Query, steps: &[&str]| {
        let steps: Vec<Filter> = steps.iter().map(|step| page(step)).collect();
        bench.wait(store.funnel(query, &steps))
    };
    let query = always(Fact::Hits);
    assert_eq!(ask(&query, &["/a", "/b", "/c"]), [6, 5, 1]);
    assert_eq!(ask(&query, &["/a", "/a", "/b", "/b"]), [6, 6, 5, 5], "one action takes several steps");
    assert_eq!(ask(&query, &["/nowhere", "/a"]), [0, 0]);
    let mut first_day = query.clone();
    first_day.range = TimeRange { start: at("2026-03-01T00:00:00Z"), end: at("2026-03-02T00:00:00Z") };
    assert_eq!(ask(&first_day, &["/a", "/b", "/c"]), [6, 4, 1]);
    let mut filtered = query.clone();
    filtered.filter = Filter::Not(Box::new(page("/b")));
    assert_eq!(ask(&filtered, &["/a", "/c"]), [6, 1]);
    for wrong in [vec![], vec![page("/a")], vec![page("/a"); 9]] {
        let error = bench.refused(store.funnel(&query, &wrong));
        assert_eq!(error.message(), "a funnel has 2 to 8 steps of actions");
    }
    let mut elsewhere = query;
    elsewhere.sites = vec![SiteId(2)];
    assert_eq!(ask(&elsewhere, &["/a", "/b"]), [0, 0]);
}
