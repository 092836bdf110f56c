//! Made-up traffic: visits of three actions, each with a fourth in the batch that follows.

use std::{path::Path, sync::Arc, time::Instant};

use footfall_model::{Catalogue, Flag, HitRow, Millis, Scope, SiteId, Text, Value, VisitId, VisitRow, VisitorId};
use footfall_store::{Batch, Store};
use footfall_store_duckdb::{DuckStore, Options};

use crate::{DAYS, Failure, START, cpu, resident};

const BATCH: u64 = 20_000;
const PAGES: u64 = 120_000;

pub(crate) async fn fill(path: &Path, catalogue: &Arc<Catalogue>, hits: u64) -> Result<(), Failure> {
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

/// Numbers that look thrown.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
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
