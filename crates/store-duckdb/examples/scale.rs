//! Fills a store with made-up traffic and measures it: bytes a hit, microseconds a row, and core questions against SQL
//! written by hand for the same file.
//!
//! `cargo run -p footfall-store-duckdb --example scale -- [MILLIONS] [FILE]`; a file that exists is asked, not filled.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use footfall_model::{
    Aggregate, Catalogue, Column, Error, Fact, Filter, Flag, HitRow, Key, Measure, Millis, Order, Query, Scope, SiteId, Text,
    TimePart, TimeRange, Value, VisitAnchor, VisitId, VisitRow, VisitorId,
};
use footfall_store::{Batch, Recall, Schema, Store, VisitsWanted};
use footfall_store_duckdb::{DuckStore, Options};
use jiff::tz::TimeZone;

const BATCH: u64 = 20_000;
const PAGES: u64 = 120_000;
const START: i64 = 1_772_323_200_000;
const DAYS: i64 = 120;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    // A thread that ends takes the time it has worked with it: none does while this measures.
    let threads =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_keep_alive(Duration::from_secs(86_400)).build()?;
    threads.block_on(measure())
}

async fn measure() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let millions: f64 = arguments.next().map_or(Ok(10.0), |given| given.parse())?;
    let kept = arguments.next().map(PathBuf::from);
    let scratch = tempfile::tempdir()?;
    let path = kept.unwrap_or_else(|| scratch.path().join("scale.duckdb"));
    let catalogue = Arc::new(Catalogue::built_in());
    let hits = (millions * 1e6) as u64;
    if !path.exists() {
        fill(&path, &catalogue, hits).await?;
    }
    let asked = ask(&path, &catalogue).await?;
    let by_hand = by_hand(&path)?;
    println!("\n{:<42} {:>16} {:>16} {:>6}", "30 days: ms, and ms of all cores", "planned", "by hand", "ratio");
    for (name, planned) in &asked {
        let shown = |took: &Took| format!("{:>7.1} {:>7.0}", took.wall, took.cpu);
        match by_hand.iter().find(|(other, _)| other == name) {
            Some((_, hand)) => println!("{name:<42} {:>16} {:>16} {:>6.2}", shown(planned), shown(hand), planned.cpu / hand.cpu),
            None => println!("{name:<42} {:>16}", shown(planned)),
        }
    }
    for (name, took) in stats_by_hand(&path)? {
        println!("all days by hand, {name:<26} {took:>9.1} ms");
    }
    Ok(())
}

/// How long one of several runs took: the median by the wall's clock, and on all cores together.
struct Took {
    wall: f64,
    cpu: f64,
}

const RUNS: u32 = 11;

macro_rules! took {
    ($work:expr) => {{
        let before = cpu();
        let mut times = Vec::new();
        for _ in 0..RUNS {
            let began = Instant::now();
            $work;
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
        Took { wall: median(times), cpu: (cpu() - before) / f64::from(RUNS) }
    }};
}

/// Milliseconds this process has spent on all cores.
fn cpu() -> f64 {
    let all = std::fs::read_dir("/proc/self/task").map_or(0, |tasks| {
        tasks
            .flatten()
            .filter_map(|task| {
                let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
                text.split_whitespace().next()?.parse::<u64>().ok()
            })
            .sum()
    });
    all as f64 / 1e6
}

/// Numbers that look thrown.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    /// Small numbers often, large ones seldom.
    fn skewed(&mut self, most: u64) -> u64 {
        let even = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((most as f64).powf(even) - 1.0) as u64
    }

    fn one_of(&mut self, texts: &[&str]) -> Value {
        Value::text(texts[self.skewed(texts.len() as u64 + 1).min(texts.len() as u64 - 1) as usize])
    }
}

async fn fill(path: &Path, catalogue: &Arc<Catalogue>, hits: u64) -> Result<(), Failure> {
    let store = DuckStore::open(path, Arc::clone(catalogue), Options::default())?;
    let mut dice = Dice(1);
    let mut open: Vec<VisitRow> = Vec::new();
    let mut before: Vec<HitRow> = Vec::new();
    let (mut written, mut visits) = (0, 0);
    let (mut made, mut kept, mut worked) = (0.0, 0.0, 0.0);
    let mut first = texts();
    for number in 1.. {
        if written >= hits {
            break;
        }
        let began = Instant::now();
        let mut batch = Batch { swallowed: number, texts: std::mem::take(&mut first), ..Batch::default() };
        // Visits opened in the batch before go on with one more action.
        for (mut visit, last) in open.drain(..).zip(before.drain(..)) {
            let hit = go_on(&mut dice, catalogue, &mut visit, &last, written + 1);
            written += 1;
            batch.hits.push(hit);
            batch.changed.push(visit);
        }
        while (batch.hits.len() as u64) < BATCH {
            visits += 1;
            let at = START + (written as f64 / hits as f64 * (DAYS * 86_400_000) as f64) as i64;
            let mut visit = opened(&mut dice, catalogue, visits, Millis(at));
            let mut last = HitRow::default();
            for _ in 0..3 {
                last = go_on(&mut dice, catalogue, &mut visit, &last, written + 1);
                written += 1;
                batch.hits.push(last.clone());
            }
            open.push(visit.clone());
            before.push(last);
            batch.opened.push(visit);
        }
        made += began.elapsed().as_secs_f64();
        let (began, before) = (Instant::now(), cpu());
        store.append(batch).await?;
        kept += began.elapsed().as_secs_f64();
        worked += cpu() - before;
        if number % 50 == 0 {
            eprintln!("{written} hits, {:.2} us a hit so far, resident {} MB", kept * 1e6 / written as f64, resident());
        }
    }
    let a_hit = |seconds: f64| seconds * 1e6 / written as f64;
    println!("appended {written} hits of {visits} visits (made up in {made:.1} s)");
    println!("{:.2} us a hit, {:.2} us of all cores", a_hit(kept), a_hit(worked / 1e3));
    println!("resident while appending: {} MB", resident());
    drop(store);
    let bytes = std::fs::metadata(path)?.len();
    println!("{bytes} bytes in the file, {:.1} a hit", bytes as f64 / written as f64);
    Ok(())
}

fn texts() -> Vec<(u32, Text)> {
    let page =
        |number: u64| format!("/{}/{}/article-{number}", ["blog", "docs", "shop", "help"][(number % 4) as usize], number % 97);
    let urls = (1..=PAGES).map(|number| (number as u32, Text::from(format!("www.example.com{}", page(number)))));
    let titles =
        (1..=PAGES).map(|number| ((PAGES + number) as u32, Text::from(format!("Article number {number}: what it says"))));
    let pages = (1..=PAGES).map(|number| ((2 * PAGES + number) as u32, Text::from(page(number))));
    let hosts = std::iter::once((3 * PAGES as u32 + 1, Text::from("example.com")));
    urls.chain(titles).chain(pages).chain(hosts).collect()
}

fn opened(dice: &mut Dice, catalogue: &Catalogue, number: u64, at: Millis) -> VisitRow {
    let returning = dice.below(10) < 3 && number > 100;
    let visitor = if returning { Dice(number - 1 - dice.skewed(number - 1)).next() } else { Dice(number).next() };
    let (country, language) = (dice.skewed(40), dice.skewed(12));
    let facts = catalogue
        .facts(Scope::Visit)
        .iter()
        .map(|dimension| match dimension.column {
            "referrer_type" => dice.one_of(&["direct", "search", "website", "campaign", "social"]),
            "referrer_name" | "source" if dice.below(2) == 0 => {
                dice.one_of(&["Google", "Bing", "news.example", "DuckDuckGo", "Reddit"])
            }
            "channel" => dice.one_of(&["Direct", "Organic Search", "Referral", "Organic Social"]),
            "utm_campaign" | "utm_source" if dice.below(10) == 0 => dice.one_of(&["spring", "launch", "newsletter"]),
            "resolution" => dice.one_of(&["1920x1080", "390x844", "1440x900", "2560x1440", "412x915", "1366x768"]),
            "device_type" | "screen_class" => dice.one_of(&["desktop", "smartphone", "tablet"]),
            "device_brand" => dice.one_of(&["", "Apple", "Samsung", "Google", "Xiaomi"]),
            "device_model" if dice.below(2) == 0 => Value::text(&format!("M-{}", dice.skewed(300))),
            "os_code" | "os_family" | "os_name" | "os" => dice.one_of(&["Windows", "Android", "iOS", "Mac", "GNU/Linux"]),
            "os_version" | "os_release" => dice.one_of(&["10", "14", "17.4", "10.15", "13", "11"]),
            "browser_code" | "browser_family" | "browser_name" | "browser" => {
                dice.one_of(&["Chrome", "Safari", "Firefox", "Edge"])
            }
            "browser_version" | "browser_release" => Value::text(&format!("{}.0", 140 - dice.skewed(40))),
            "browser_engine" => dice.one_of(&["Blink", "WebKit", "Gecko"]),
            "continent" => dice.one_of(&["eur", "amn", "asi"]),
            "country" => {
                Value::text(&format!("{}{}", (b'A' + (country % 26) as u8) as char, (b'A' + (country / 26) as u8) as char))
            }
            "region" => Value::text(&format!("{country}-{}", dice.skewed(20))),
            "city" => Value::text(&format!("City {country} {}", dice.skewed(400))),
            "latitude" | "longitude" => Value::Real(dice.skewed(4000) as f64 / 100.0),
            "language" => Value::text(&format!("l{language}")),
            "local_hour" => Value::Int(dice.below(24) as i64),
            "local_minute" => Value::Int(dice.below(60) as i64),
            _ => Value::Null,
        })
        .collect();
    VisitRow {
        visit_id: VisitId(number),
        site_id: SiteId(1),
        visitor_id: VisitorId(visitor),
        config_id: Dice(visitor).next(),
        first_at: at,
        last_at: at,
        seen_at: at,
        first_of_day: !returning,
        visitor_kind: u8::from(returning),
        visit_count: if returning { 2 } else { 1 },
        referrer_url: if dice.below(3) == 0 { dice.skewed(5000) as u32 + 1 } else { 0 },
        facts,
        ..VisitRow::default()
    }
}

fn go_on(dice: &mut Dice, catalogue: &Catalogue, visit: &mut VisitRow, last: &HitRow, hit_id: u64) -> HitRow {
    let page = dice.skewed(PAGES) as u32 + 1;
    let at = if visit.actions == 0 { visit.first_at } else { visit.last_at.plus(1000 * dice.below(180) as i64) };
    let kind = [1, 1, 1, 1, 1, 1, 1, 1, 3, 5][dice.below(10) as usize];
    (visit.last_at, visit.seen_at) = (at, at);
    visit.duration = ((at.0 - visit.first_at.0) / 1000) as u32;
    visit.actions += 1;
    visit.interactions += 1;
    visit.pageviews += u32::from(kind == 1);
    visit.events += u32::from(kind == 5);
    visit.bounce = visit.actions == 1;
    let title = PAGES as u32 + page;
    let path = 2 * PAGES as u32 + page;
    if visit.actions == 1 {
        (visit.entry_url, visit.entry_title, visit.entry_page, visit.entry_host) = (page, title, path, 3 * PAGES as u32 + 1);
    }
    (visit.exit_url, visit.exit_title, visit.exit_page, visit.exit_host) = (page, title, path, 3 * PAGES as u32 + 1);
    let timing = |dice: &mut Dice| (kind == 1).then(|| dice.skewed(800) as u32);
    HitRow {
        hit_id,
        visit_id: visit.visit_id,
        site_id: visit.site_id,
        visitor_id: visit.visitor_id,
        at,
        kind,
        flags: Flag::VisitUrl as u32 | Flag::VisitPage as u32 | if visit.first_of_day { Flag::DayUrl as u32 } else { 0 },
        url: page,
        url_prefix: Some(2),
        title: if kind == 1 { title } else { 0 },
        host: 3 * PAGES as u32 + 1,
        page: path,
        event_category: if kind == 5 { 1 + dice.skewed(20) as u32 } else { 0 },
        event_action: if kind == 5 { 30 + dice.skewed(60) as u32 } else { 0 },
        ref_url: last.url,
        ref_title: last.title,
        ref_kind: last.kind,
        time_spent: (last.hit_id > 0).then(|| ((at.0 - last.at.0) / 1000) as u32),
        position: visit.pageviews,
        pageview_id: if kind == 1 { dice.below(1 << 36) } else { last.pageview_id },
        time_network: timing(dice),
        time_server: timing(dice),
        time_transfer: timing(dice),
        time_dom_processing: timing(dice),
        time_dom_completion: timing(dice),
        time_on_load: timing(dice),
        facts: vec![Value::Null; catalogue.facts(Scope::Action).len()],
        ..HitRow::default()
    }
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn last_month() -> TimeRange {
    let day = |day: i64| Millis(START + day * 86_400_000);
    TimeRange { start: day(DAYS - 30), end: day(DAYS) }
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

async fn ask(path: &Path, catalogue: &Arc<Catalogue>) -> Result<Vec<(&'static str, Took)>, Failure> {
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

fn by_hand(path: &Path) -> Result<Vec<(&'static str, Took)>, Failure> {
    let connection = duckdb::Connection::open(path)?;
    let TimeRange { start, end } = last_month();
    let hits = format!("site_id = 1 AND h.at >= {} AND h.at < {} AND kind = 1", start.0, end.0);
    let visits = format!("site_id = 1 AND last_at >= {} AND last_at < {}", start.0, end.0);
    let measures = "count(*) AS hits, count(*) FILTER (WHERE flags & 1 <> 0) AS visits, count(*) FILTER (WHERE flags & 2 <> 0) AS visitors, sum(time_spent) AS spent";
    // A mark says which action is a visitor's first of the day on a page, not which is the first among Firefox's visits.
    let marked = "count(*) FILTER (WHERE flags & 2 <> 0) AS visitors";
    let distinct = "count(DISTINCT visitor_id::HUGEINT * 4294967296 + h.at // 86400000) AS visitors";
    let pages = |more: &str, limit: &str| {
        format!(
            "SELECT text, hits, visits, visitors, spent FROM (SELECT url, {measures} FROM hits h WHERE {hits}{more} GROUP BY url ORDER BY hits DESC {limit}) p \
             JOIN texts ON id = url ORDER BY hits DESC"
        )
    };
    let summary = "count(*) AS visits, sum(actions), sum(bounce::INT), sum(converted::INT), sum(duration), max(actions)";
    let firefox = format!(" AND visit_id IN (SELECT visit_id FROM visits WHERE {visits} AND browser_name = 'Firefox')");
    let all = [
        ("pages, first 100", pages("", "LIMIT 100")),
        ("pages, first 500", pages("", "LIMIT 500")),
        ("pages, all of them", pages("", "")),
        ("pages of Firefox's visits, first 500", pages(&firefox, "LIMIT 500").replace(marked, distinct)),
        (
            "views of pages that contain a word",
            format!("SELECT count(*) FROM hits h WHERE {hits} AND url IN (SELECT id FROM texts WHERE contains(text, 'docs'))"),
        ),
        ("visits summary", format!("SELECT {summary} FROM visits WHERE {visits}")),
        ("visits summary with visitors", format!("SELECT {summary}, count(DISTINCT visitor_id) FROM visits WHERE {visits}")),
        (
            "visits and daily visitors by day",
            format!(
                "SELECT last_at // 86400000 AS day, count(*), count(*) FILTER (WHERE first_of_day) FROM visits WHERE {visits} GROUP BY day ORDER BY day"
            ),
        ),
        (
            "visits by country",
            format!("SELECT country, {summary} FROM visits WHERE {visits} GROUP BY country ORDER BY visits DESC"),
        ),
        (
            "entry pages, first 500",
            format!(
                "SELECT text, p.* FROM (SELECT entry_url, {summary} FROM visits WHERE {visits} GROUP BY entry_url ORDER BY visits DESC LIMIT 500) p JOIN texts ON id = entry_url ORDER BY visits DESC"
            ),
        ),
    ];
    let mut measured = Vec::new();
    for (name, sql) in all {
        let took = took!({
            let mut statement = connection.prepare(&sql)?;
            let rows: usize = statement.query_arrow([])?.map(|batch| batch.num_rows()).sum();
            assert!(rows > 0, "{name} has no answer");
        });
        measured.push((name, took));
    }
    Ok(measured)
}

/// Questions of Plausible's Stats API over everything there is, as SQL written by hand; the median of five, in milliseconds. The
/// server answers them over HTTP: scripts/bench.sh.
fn stats_by_hand(path: &Path) -> Result<Vec<(&'static str, f64)>, Failure> {
    let connection = duckdb::Connection::open(path)?;
    let pages = |more: &str| {
        format!(
            "SELECT text, visitors, views FROM (SELECT page, count(DISTINCT visitor_id) AS visitors, count(*) FILTER (WHERE kind = 1) AS views \
             FROM hits WHERE site_id = 1{more} GROUP BY page ORDER BY visitors DESC LIMIT 100) JOIN texts ON id = page ORDER BY visitors DESC"
        )
    };
    let firefox = "visit_id IN (SELECT visit_id FROM visits WHERE site_id = 1 AND browser = 'Firefox')";
    let below = |start: &str| format!("kind = 1 AND page IN (SELECT id FROM texts WHERE starts_with(text, '{start}'))");
    let conversion = format!(
        "SELECT country, count(DISTINCT h.visitor_id) AS visitors, count(DISTINCT h.visitor_id) / (SELECT count(DISTINCT visitor_id) FROM visits WHERE site_id = 1) \
         FROM hits h JOIN visits v USING (visit_id) WHERE h.site_id = 1 AND {} GROUP BY country ORDER BY visitors DESC",
        below("/blog/")
    );
    let mut funnel = format!(
        "WITH s1 AS (SELECT visitor_id, min(at) AS at FROM hits WHERE site_id = 1 AND {} GROUP BY visitor_id)",
        below("/blog/")
    );
    for (step, start) in [(2, "/docs/"), (3, "/shop/"), (4, "/help/"), (5, "/blog/")] {
        funnel.push_str(&format!(
            ", s{step} AS (SELECT h.visitor_id, min(h.at) AS at FROM hits h JOIN s{} s ON h.visitor_id = s.visitor_id AND h.at > s.at \
             WHERE h.site_id = 1 AND {} GROUP BY h.visitor_id)",
            step - 1,
            below(start)
        ));
    }
    let each: Vec<String> = (1..=5).map(|step| format!("(SELECT count(*) FROM s{step})")).collect();
    funnel.push_str(&format!(" SELECT {}", each.join(", ")));
    let all = [
        ("page breakdown", pages("")),
        ("two filters", pages(&format!(" AND {firefox} AND page IN (SELECT id FROM texts WHERE contains(text, 'docs'))"))),
        ("conversion rate", conversion),
        ("funnel of five steps", funnel),
    ];
    let mut measured = Vec::new();
    for (name, sql) in all {
        let mut times = Vec::new();
        for _ in 0..5 {
            let began = Instant::now();
            let mut statement = connection.prepare(&sql)?;
            let rows: usize = statement.query_arrow([])?.map(|batch| batch.num_rows()).sum();
            assert!(rows > 0, "{name} has no answer");
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
        measured.push((name, median(times)));
    }
    Ok(measured)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
