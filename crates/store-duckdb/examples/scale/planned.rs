//! Questions as the planner puts them.

use std::{path::Path, sync::Arc, time::Instant};

use footfall_model::{
    Aggregate, Catalogue, Column, Error, Fact, Filter, Key, Measure, Order, Query, SiteId, Text, TimePart, Value, VisitAnchor,
};
use footfall_store::{Recall, Schema, Store, VisitsWanted};
use footfall_store_duckdb::{DuckStore, Options};
use jiff::tz::TimeZone;

use crate::{Failure, RUNS, Took, cpu, fill::Dice, last_month, median, resident};

pub(crate) async fn ask(path: &Path, catalogue: &Arc<Catalogue>) -> Result<Vec<(&'static str, Took)>, Failure> {
    let began = Instant::now();
    let store = DuckStore::open(path, Arc::clone(catalogue), Options::default())?;
    println!("opened in {:.0} ms, resident {} MB", began.elapsed().as_secs_f64() * 1e3, resident());
    let mut asked = Vec::new();
    for (name, query) in questions(catalogue)? {
        let took = took!(assert!(store.query(&query).await?.total > 0, "{name} has no answer"));
        asked.push((name, took));
    }
    let wanted = VisitsWanted {
        sites: vec![SiteId(1)],
        range: last_month(),
        anchor: VisitAnchor::LastAction,
        filter: Filter::All,
        zone: TimeZone::UTC,
        ascending: false,
        limit: 100,
        offset: 0,
        with_actions: true,
    };
    let mut latest = Vec::new();
    asked.push(("visit log, the last 100 with actions", took!(latest = store.visits(&wanted).await?)));
    let recall = Recall {
        visitors: latest.iter().map(|detail| (SiteId(1), detail.visit.visitor_id)).collect(),
        fingerprints: (0..2000).map(|number| (SiteId(1), Dice(number).next())).collect(),
        since: last_month().end.plus(-86_400_000),
        ..Recall::default()
    };
    asked.push(("recall of 2 100 visitors", took!(store.recall(&recall).await?)));
    let some: Vec<Text> = (0..2000).map(|number| Text::from(format!("www.example.com/never/{number}"))).collect();
    asked.push(("ids of 2 000 texts", took!(store.text_ids(&some).await?)));
    println!("resident after asking: {} MB", resident());
    Ok(asked)
}

fn questions(catalogue: &Catalogue) -> Result<Vec<(&'static str, Query)>, Error> {
    let schema = Schema::of(catalogue);
    let column = |fact, name: &str| -> Result<Column, Error> {
        let found = schema.table(fact).columns.iter().find(|column| column.name == name).copied();
        found.ok_or_else(|| Error::missing(format!("no column `{name}`")))
    };
    let (hits, visits) = (|name| column(Fact::Hits, name), |name| column(Fact::Visits, name));
    let ask = |fact, keys: Vec<Key>, measures: Vec<Measure>| {
        let mut query = Query::new(fact, vec![SiteId(1)], last_month(), TimeZone::UTC);
        (query.keys, query.measures, query.whole_days) = (keys, measures, true);
        if fact == Fact::Hits {
            query.filter = Filter::Test(footfall_model::Test {
                key: Key::Column(Column { fact, name: "kind", kind: footfall_model::Kind::Small }),
                op: footfall_model::Op::Is,
                values: vec![Value::Int(1)],
                case_sensitive: true,
            });
        }
        query
    };
    let new = Measure::new;
    let top = |mut query: Query, name: &str, limit| {
        query.order = vec![Order::Measure { name: Text::from(name), descending: true }];
        query.limit = limit;
        query
    };
    let pages = || -> Result<Query, Error> {
        Ok(ask(
            Fact::Hits,
            vec![Key::Column(hits("url")?)],
            vec![
                new("hits", Aggregate::Count),
                new("visits", Aggregate::Visits),
                new("visitors", Aggregate::DailyVisitors),
                new("spent", Aggregate::Sum(hits("time_spent")?)),
            ],
        ))
    };
    let summary = || -> Result<Vec<Measure>, Error> {
        Ok(vec![
            new("visits", Aggregate::Count),
            new("actions", Aggregate::Sum(visits("actions")?)),
            new("bounces", Aggregate::Sum(visits("bounce")?)),
            new("converted", Aggregate::Sum(visits("converted")?)),
            new("length", Aggregate::Sum(visits("duration")?)),
            new("most", Aggregate::Max(visits("actions")?)),
        ])
    };
    let mut unique = summary()?;
    unique.push(new("visitors", Aggregate::Visitors));
    let mut segmented = top(pages()?, "hits", Some(500));
    segmented.filter = segmented.filter.and(Filter::is(visits("browser_name")?, "Firefox"));
    let mut contains = ask(Fact::Hits, vec![], vec![new("hits", Aggregate::Count)]);
    contains.filter =
        contains.filter.and(Filter::test(Key::Column(hits("url")?), footfall_model::Op::Contains, vec![Value::text("docs")]));
    let day = Key::Clock(visits("last_at")?, TimePart::Day);
    Ok(vec![
        ("pages, first 100", top(pages()?, "hits", Some(100))),
        ("pages, first 500", top(pages()?, "hits", Some(500))),
        ("pages, all of them", top(pages()?, "hits", None)),
        ("pages of Firefox's visits, first 500", segmented),
        ("views of pages that contain a word", contains),
        ("visits summary", ask(Fact::Visits, vec![], summary()?)),
        ("visits summary with visitors", ask(Fact::Visits, vec![], unique)),
        (
            "visits and daily visitors by day",
            ask(Fact::Visits, vec![day], vec![new("visits", Aggregate::Count), new("daily", Aggregate::DailyVisitors)]),
        ),
        ("visits by country", top(ask(Fact::Visits, vec![Key::Column(visits("country")?)], summary()?), "visits", None)),
        (
            "entry pages, first 500",
            top(ask(Fact::Visits, vec![Key::Column(visits("entry_url")?)], summary()?), "visits", Some(500)),
        ),
    ])
}
