//! What is known of people can be taken away without their visits.

use footfall_model::{Column, Fact, Filter, Key, Millis, SiteId, Text, TimeRange, Value};
use jiff::tz::TimeZone;

use super::{Bench, always, int, text};
use crate::{Batch, Change, Rewrite};

/// Rows of some sites and moments get other values, those of others keep theirs.
pub fn rows_are_rewritten(bench: &Bench) {
    let pair = |name: &str, value: &str| (Text::from(name), Text::from(value));
    let mut story = bench.story();
    for (visitor, user) in [(1, "ann"), (2, "ben"), (3, "cyd")] {
        let began = Millis(visitor as i64 * 1000);
        let visit = story.visit(1, visitor, &[(began, "a.example/"), (began.plus(10), "a.example/b")]);
        visit.user_id = Some(Text::from(user));
        visit.cvars = vec![pair("k1", "tier"), pair("v1", "gold"), pair("k2", "x")];
    }
    story.visit(2, 9, &[(Millis(1000), "a.example/")]).user_id = Some(Text::from("ann"));
    let store = bench.store_with(story.finish(&TimeZone::UTC));
    let revision = store.revision();
    let (user, city, cvars) = (bench.visits("user_id"), bench.visits("city"), bench.visits("cvars"));
    let mut wanted = Rewrite {
        fact: Fact::Visits,
        sites: vec![SiteId(1)],
        range: TimeRange { start: Millis(1010), end: Millis(2011) },
        changes: vec![
            Change::Put(bench.visits("entry_title"), Value::Int(0)),
            Change::Replace {
                by: user,
                columns: vec![user, city],
                rows: vec![
                    (Text::from("ann"), vec![text("it's h1"), text("Rom")]),
                    (Text::from("cyd"), vec![text("h3"), text("Rom")]),
                ],
            },
            Change::Drop(cvars, vec![Text::from("k1"), Text::from("v1")]),
        ],
    };
    assert_eq!(bench.wait(store.rewrite(&wanted)), 2);
    assert_eq!(store.revision(), revision + 1);
    let mut query = always(Fact::Visits);
    query.sites.push(SiteId(2));
    query.keys = ["site_id", "user_id", "city"].map(|name| Key::Column(bench.visits(name))).to_vec();
    let row = |site, user: &str, city: Value| vec![int(site), text(user), city];
    let found = bench.rows(&store, &query);
    let kept =
        [row(1, "ben", Value::Null), row(1, "cyd", Value::Null), row(1, "it's h1", text("Rom")), row(2, "ann", Value::Null)];
    assert_eq!(found, kept);
    let visits = bench.wait(store.visits(&super::recalling::everything(1)));
    let cvars: Vec<usize> = visits.iter().map(|detail| detail.visit.cvars.len()).collect();
    assert_eq!(cvars, [3, 1, 1]);

    wanted.sites = vec![SiteId(1), SiteId(2)];
    wanted.range = TimeRange { start: Millis(0), end: Millis(1) };
    assert_eq!(bench.wait(store.rewrite(&wanted)), 0);
    assert_eq!(store.revision(), revision + 1);

    // A visit that goes on afterwards keeps what it was given.
    let mut visit = visits[1].visit.clone();
    visit.actions += 1;
    bench.wait(store.append(Batch { swallowed: 2, continued: vec![visit], ..Batch::default() }));
    assert_eq!(bench.rows(&store, &query), kept);
    let url: Column = bench.hits("url");
    let rewrite = Rewrite {
        fact: Fact::Hits,
        sites: vec![SiteId(1)],
        range: TimeRange { start: Millis(2000), end: Millis(2010) },
        changes: vec![Change::Put(url, Value::Int(0))],
    };
    assert_eq!(bench.wait(store.rewrite(&rewrite)), 1);
    assert_eq!(bench.numbers(&store, Fact::Hits, Filter::is(url, "a.example/")), [1, 5]);
}
