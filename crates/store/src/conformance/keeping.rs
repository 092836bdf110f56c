//! Laws about what is kept and forgotten.

use footfall_model::{
    ActionKind, ConversionRow, Fact, Fault, GoalId, ItemRow, Key, Measure, Millis, SiteId, Text, VisitId, VisitRow,
};
use jiff::tz::TimeZone;

use super::{Bench, always, at, int, text};
use crate::{Batch, HighMarks, HitUpdate, StoreStats};

fn two_visits(bench: &Bench) -> Batch {
    let mut story = bench.story();
    story.visit(1, 7, &[(at("2026-03-01T10:00:00Z"), "a.example/"), (at("2026-03-01T10:05:00Z"), "a.example/buy")]);
    story.visit(2, 8, &[(at("2026-03-02T10:00:00Z"), "b.example/")]);
    story.finish(&TimeZone::UTC)
}

fn cart(visit: u64, hit: u64, goal: i32, price: f64) -> (ConversionRow, ItemRow) {
    let conversion = ConversionRow {
        hit_id: hit,
        visit_id: VisitId(visit),
        site_id: SiteId(1),
        at: at("2026-03-01T10:05:00Z"),
        goal_id: GoalId(goal),
        revenue: price,
        ..ConversionRow::default()
    };
    let item = ItemRow {
        hit_id: hit,
        visit_id: VisitId(visit),
        site_id: SiteId(1),
        at: conversion.at,
        goal_id: GoalId(goal),
        price,
        quantity: 1,
        ..ItemRow::default()
    };
    (conversion, item)
}

/// What is kept is counted, and its greatest numbers are known.
pub fn a_batch_is_kept(bench: &Bench) {
    let store = bench.store();
    assert_eq!(bench.wait(store.swallowed()), 0);
    assert_eq!(bench.wait(store.high_marks()), HighMarks::default());
    bench.wait(store.append(two_visits(bench)));
    assert_eq!(bench.wait(store.swallowed()), 1);
    assert_eq!(bench.wait(store.high_marks()), HighMarks { text: 3, visit: 2, hit: 3 });
    let stats = bench.wait(store.stats());
    let expected = StoreStats {
        visits: 2,
        hits: 3,
        texts: 3,
        bytes: stats.bytes,
        first_at: vec![(SiteId(1), at("2026-03-01T10:00:00Z")), (SiteId(2), at("2026-03-02T10:00:00Z"))],
        ..StoreStats::default()
    };
    assert_eq!(stats, expected);
}

/// A batch that is swallowed already changes nothing, nor does one from before.
pub fn replay_is_harmless(bench: &Bench) {
    let first = two_visits(bench);
    let store = bench.store_with(first.clone());
    let second = Batch { swallowed: 5, ..Batch::default() };
    bench.wait(store.append(second.clone()));
    for again in [first.clone(), second, first, Batch::default()] {
        bench.wait(store.append(again));
        let stats = bench.wait(store.stats());
        assert_eq!((stats.visits, stats.hits, stats.texts), (2, 3, 3));
        assert_eq!(bench.wait(store.swallowed()), 5);
    }
}

/// A batch with a row of the wrong shape is refused as a whole, and the store goes on.
pub fn a_torn_batch_leaves_nothing(bench: &Bench) {
    let store = bench.store();
    let good = two_visits(bench);
    let mut torn = good.clone();
    torn.imports.push((Text::from("old"), 3));
    if let Some(hit) = torn.hits.last_mut() {
        hit.facts.pop();
    }
    assert_eq!(bench.refused(store.append(torn)).fault(), Fault::Invalid);
    let stats = bench.wait(store.stats());
    assert_eq!((stats.visits, stats.hits, stats.texts), (0, 0, 0));
    assert_eq!(bench.wait(store.swallowed()), 0);
    assert_eq!(bench.wait(store.imported("old")), 0);
    bench.wait(store.append(good));
    assert_eq!(bench.wait(store.stats()).hits, 3);
}

/// A changed visit stands as it was last said; one that is not kept is passed over.
pub fn changes_are_kept(bench: &Bench) {
    let batch = two_visits(bench);
    let store = bench.store_with(batch.clone());
    let mut changed = batch.opened[0].clone();
    changed.last_at = at("2026-03-01T10:30:00Z");
    changed.user_id = Some(Text::from("ada"));
    changed.entry_props = vec![(Text::from("plan"), Text::from("b"))];
    changed.slots[2] = Some(Text::from("x"));
    changed.facts[0] = text("search");
    let mut unknown = changed.clone();
    unknown.visit_id = VisitId(99);
    bench.wait(store.append(Batch { swallowed: 2, changed: vec![changed.clone(), unknown], ..Batch::default() }));
    assert_eq!(bench.wait(store.stats()).visits, 2);
    let wanted = super::recalling::everything(1);
    let visits = bench.wait(store.visits(&wanted));
    assert_eq!(visits.len(), 1);
    assert_eq!(visits[0].visit, changed);
    changed.entry_props.clear();
    changed.user_id = None;
    bench.wait(store.append(Batch { swallowed: 3, changed: vec![changed.clone()], ..Batch::default() }));
    assert_eq!(bench.wait(store.visits(&wanted))[0].visit, changed);
}

/// A visit that went on stands as it was last said, and keeps what was left out; one that is not kept is passed over.
pub fn visits_go_on(bench: &Bench) {
    let mut batch = two_visits(bench);
    batch.opened[0].entry_props = vec![(Text::from("plan"), Text::from("b"))];
    batch.opened[0].slots[2] = Some(Text::from("x"));
    batch.opened[0].facts[0] = text("search");
    let first = batch.opened[0].clone();
    let store = bench.store_with(batch);
    let narrow = |visit: &VisitRow| VisitRow {
        facts: Vec::new(),
        slots: Default::default(),
        entry_props: Vec::new(),
        cvars: Vec::new(),
        ..visit.clone()
    };
    let wanted = super::recalling::everything(1);
    // What changes with every action; then what seldom does; then both again after the whole visit was changed.
    let mut visit = first.clone();
    visit.last_at = at("2026-03-01T10:30:00Z");
    (visit.actions, visit.exit_url) = (7, 1);
    let unknown = VisitRow { visit_id: VisitId(99), ..narrow(&visit) };
    bench.wait(store.append(Batch { swallowed: 2, continued: vec![narrow(&visit), unknown], ..Batch::default() }));
    assert_eq!(bench.wait(store.stats()).visits, 2);
    assert_eq!(bench.wait(store.visits(&wanted))[0].visit, visit);
    visit.user_id = Some(Text::from("ada"));
    (visit.converted, visit.conversions, visit.referrer_url) = (true, 2, 1);
    bench.wait(store.append(Batch { swallowed: 3, continued: vec![narrow(&visit)], ..Batch::default() }));
    assert_eq!(bench.wait(store.visits(&wanted))[0].visit, visit);
    visit.facts[0] = text("website");
    bench.wait(store.append(Batch { swallowed: 4, changed: vec![visit.clone()], ..Batch::default() }));
    (visit.actions, visit.conversions) = (8, 3);
    bench.wait(store.append(Batch { swallowed: 5, continued: vec![narrow(&visit)], ..Batch::default() }));
    assert_eq!(bench.wait(store.visits(&wanted))[0].visit, visit);
}

/// A cart is dropped before the one that replaces it is kept; orders stay.
pub fn carts_are_replaced(bench: &Bench) {
    let mut batch = two_visits(bench);
    for (goal, price) in [(-1, 5.0), (0, 9.0)] {
        let (conversion, item) = cart(1, 2, goal, price);
        batch.conversions.push(conversion);
        batch.items.push(item);
    }
    let store = bench.store_with(batch);
    let (conversion, item) = cart(1, 3, -1, 7.5);
    let mut second = Batch { swallowed: 2, carts_dropped: vec![VisitId(1)], ..Batch::default() };
    second.conversions.push(conversion);
    second.items.push(item);
    bench.wait(store.append(second));
    let revenue = super::column(&bench.catalogue, Fact::Conversions, "revenue");
    let goal = super::column(&bench.catalogue, Fact::Conversions, "goal_id");
    let mut query = always(Fact::Conversions);
    query.keys = vec![Key::Column(goal)];
    query.measures = vec![Measure::new("revenue", footfall_model::Aggregate::Sum(revenue))];
    let expected = [vec![int(-1), 7.5.into()], vec![int(0), 9.0.into()]];
    assert_eq!(bench.rows(&store, &query), expected);
    let stats = bench.wait(store.stats());
    assert_eq!((stats.conversions, stats.items), (2, 2));
}

/// Timings that arrive later fill in what was not known, and stand over what was.
pub fn timings_are_filled_in(bench: &Bench) {
    let mut batch = two_visits(bench);
    batch.hits[0].time_network = Some(1);
    batch.hits[0].time_server = Some(2);
    let store = bench.store_with(batch);
    let timings = |network, transfer| [network, None, transfer, None, None, None];
    let updates = vec![
        HitUpdate { hit_id: 1, timings: timings(Some(10), None) },
        HitUpdate { hit_id: 1, timings: timings(None, Some(30)) },
        HitUpdate { hit_id: 77, timings: timings(Some(1), None) },
    ];
    bench.wait(store.append(Batch { swallowed: 2, hit_updates: updates, ..Batch::default() }));
    let visits = bench.wait(store.visits(&super::recalling::everything(1)));
    let hit = &visits[0].hits[0];
    assert_eq!((hit.time_network, hit.time_server, hit.time_transfer, hit.time_on_load), (Some(10), Some(2), Some(30), None));
    assert_eq!(visits[0].hits[1].time_network, None);
}

/// Properties come back as they were said; of a name said twice the first counts.
pub fn properties_are_kept(bench: &Bench) {
    let mut batch = two_visits(bench);
    let pair = |name: &str, value: &str| (Text::from(name), Text::from(value));
    batch.hits[0].props = vec![pair("b", "2"), pair("a", ""), pair("b", "3")];
    batch.hits[0].cvars = vec![pair("it's", "\"quoted\"")];
    batch.opened[0].cvars = vec![pair("tier", "gold")];
    let store = bench.store_with(batch);
    let visits = bench.wait(store.visits(&super::recalling::everything(1)));
    assert_eq!(visits[0].visit.cvars, [pair("tier", "gold")]);
    assert_eq!(visits[0].hits[0].props, [pair("b", "2"), pair("a", "")]);
    assert_eq!(visits[0].hits[0].cvars, [pair("it's", "\"quoted\"")]);
    assert_eq!(visits[0].hits[1].props, []);
}

/// How far imports have come is kept with the batch.
pub fn imports_are_counted(bench: &Bench) {
    let store = bench.store();
    let batch = |swallowed, imports: &[(&str, u64)]| Batch {
        swallowed,
        imports: imports.iter().map(|(id, lines)| (Text::from(*id), *lines)).collect(),
        ..Batch::default()
    };
    bench.wait(store.append(batch(1, &[("a", 10), ("it's b", 5)])));
    bench.wait(store.append(batch(2, &[("a", 30)])));
    bench.wait(store.append(batch(2, &[("a", 99)])));
    let lines = ["a", "it's b", "c"].map(|id| bench.wait(store.imported(id)));
    assert_eq!(lines, [30, 5, 0]);
}

/// Texts are found by what they say, exactly.
pub fn texts_are_found_again(bench: &Bench) {
    let store = bench.store_with(two_visits(bench));
    let asked = ["b.example/", "B.example/", "a.example/", "", "b.example/"].map(Text::from);
    assert_eq!(bench.wait(store.text_ids(&asked)), [Some(3), None, Some(1), None, Some(3)]);
    assert_eq!(bench.wait(store.text_ids(&[])), []);
}

/// Any text is kept and given back as it is: quotes, line ends, signs outside the basic plane, a zero byte, a long one.
pub fn strange_texts_survive(bench: &Bench) {
    let long = "x".repeat(5000);
    let strange =
        ["it's \"quoted\"; DROP TABLE hits --", "line\nend\ttab", "\u{1f980} \u{e9}\u{301}", "zero\0byte", "$1 ? %s", &long];
    let mut story = bench.story();
    for (place, strange) in strange.iter().enumerate() {
        story.visit(1, place as u64, &[(Millis(place as i64), strange)]).user_id = Some(Text::from(*strange));
    }
    let store = bench.store_with(story.finish(&TimeZone::UTC));
    let mut asked: Vec<Text> = strange.iter().map(|strange| Text::from(*strange)).collect();
    let found = bench.wait(store.text_ids(&asked));
    assert_eq!(found, (1..=6).map(Some).collect::<Vec<_>>());
    asked.sort();
    let sorted: Vec<Vec<footfall_model::Value>> = asked.iter().map(|strange| vec![text(strange)]).collect();
    let mut query = always(Fact::Hits);
    query.keys = vec![Key::Column(bench.hits("url"))];
    assert_eq!(bench.rows(&store, &query), sorted);
    let mut query = always(Fact::Visits);
    query.keys = vec![Key::Column(bench.visits("user_id"))];
    assert_eq!(bench.rows(&store, &query), sorted);
    for (place, strange) in strange.iter().enumerate() {
        for filter in [
            footfall_model::Filter::is(bench.hits("url"), *strange),
            footfall_model::Filter::is(bench.visits("user_id"), *strange),
        ] {
            assert_eq!(bench.numbers(&store, Fact::Hits, filter), [place as i64 + 1]);
        }
    }
}

/// Visits are forgotten with all that happened in them: old ones, single ones, a site's.
pub fn visits_are_forgotten(bench: &Bench) {
    let mut story = bench.story();
    for day in 1..=4 {
        let began = at(&format!("2026-03-0{day}T10:00:00Z"));
        story.visit(1, day, &[(began, "a.example/"), (began.plus(60_000), "a.example/b")]);
        story.hit(ActionKind::Engagement, began.plus(120_000), "a.example/b");
    }
    story.visit(2, 9, &[(at("2026-03-01T10:00:00Z"), "b.example/")]);
    let mut batch = story.finish(&TimeZone::UTC);
    for visit in 1..=4 {
        let (conversion, item) = cart(visit, visit * 3, 1, 1.0);
        batch.conversions.push(conversion);
        batch.items.push(item);
    }
    let store = bench.store_with(batch);
    let left = || {
        let stats = bench.wait(store.stats());
        (stats.visits, stats.hits, stats.conversions, stats.items)
    };
    assert_eq!(left(), (5, 13, 4, 4));
    let revision = store.revision();
    let last_sign = at("2026-03-01T10:02:00Z");
    assert_eq!(bench.wait(store.forget_before(SiteId(1), last_sign)), 0);
    assert_eq!(bench.wait(store.forget_before(SiteId(1), last_sign.plus(1))), 1);
    assert_eq!(left(), (4, 10, 3, 3));
    assert_eq!(bench.wait(store.forget_visits(&[VisitId(2), VisitId(77)])), 1);
    assert_eq!(bench.wait(store.forget_visits(&[])), 0);
    assert_eq!(left(), (3, 7, 2, 2));
    assert_eq!(store.revision(), revision + 2);
    assert_eq!(bench.numbers(&store, Fact::Visits, footfall_model::Filter::All), [3, 4]);
    bench.wait(store.forget_site(SiteId(1)));
    assert_eq!(left(), (1, 1, 0, 0));
    assert_eq!(bench.wait(store.high_marks()), HighMarks { text: 3, visit: 5, hit: 13 });
    assert_eq!(bench.wait(store.swallowed()), 1);
}
