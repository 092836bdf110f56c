//! Measures what a hit costs on its way to the visits: nanoseconds per stage.
//!
//! `cargo run -p footfall-ingest --example enrich [-- ROUNDS [STAGE]]`

use std::{env, hint::black_box, sync::Arc, time::Instant};

use footfall_devices::Detector;
use footfall_ingest::{
    Hit,
    accept::{Gate, Incoming},
    enrich::{Enricher, Places, Salts},
    record,
};
use footfall_model::{Catalogue, Exclusions, Millis, Site, SiteId, SiteSearch, Sites, TrackingSettings, VisitPolicy};

const AGENTS: [&str; 6] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
];

const REFERRERS: [&str; 6] = [
    "",
    "https://www.google.com/",
    "https://www.example.org/news/2026/03/an-article?from=feed",
    "https://t.co/AbCdEf",
    "https://duckduckgo.com/?q=web+analytics",
    "https://shop.example.com/basket",
];

fn main() {
    let rounds: usize = env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(200_000);
    let detector = Arc::new(Detector::built_in());
    let gate = Gate::new(Arc::clone(&detector));
    let enricher = Enricher::new(detector, Places::built_in(), Arc::new(Catalogue::built_in()));
    let sites = Sites::new([site()], [], TrackingSettings::default());
    let salts = Salts { secret: [1; 16], days: vec![(20_600, [2; 16]), (20_599, [3; 16])] };
    let queries: Vec<String> = (0..512).map(query).collect();
    let bodies: Vec<String> = (0..512).map(event).collect();

    let mut hits: Vec<Hit> = Vec::with_capacity(queries.len());
    let matomo = |at: usize| {
        let agent = AGENTS[at % AGENTS.len()];
        let header = |name: &str| match name {
            "user-agent" => Some(agent),
            "accept-language" => Some("de-DE,de;q=0.9,en;q=0.8"),
            _ => None,
        };
        gate.matomo(&incoming("GET", &queries[at % queries.len()], b"", &header, at), &sites)
    };
    let plausible = |at: usize| {
        let agent = AGENTS[at % AGENTS.len()];
        let header = |name: &str| (name == "user-agent").then_some(agent);
        gate.plausible(&incoming("POST", "", bodies[at % bodies.len()].as_bytes(), &header, at), &sites)
    };
    for at in 0..queries.len() {
        hits.extend(matomo(at).hits);
        hits.extend(plausible(at).hits);
    }
    assert_eq!(hits.len(), 2 * queries.len());
    let records: Vec<bytes::Bytes> = hits.iter().map(record::encode).collect();
    for hit in &hits {
        black_box(enricher.enrich(hit.clone(), &sites, &salts).is_ok());
    }

    measure("accept, Matomo", rounds, |at| matomo(at).hits.len());
    measure("accept, Plausible", rounds, |at| plausible(at).hits.len());
    measure("encode", rounds, |at| record::encode(&hits[at % hits.len()]).len());
    measure("decode", rounds, |at| usize::from(record::decode(&records[at % records.len()]).is_ok()));
    let copying = measure("(copy of a hit)", rounds, |at| hits[at % hits.len()].clone().url.len());
    let whole = measure("copy and enrich", rounds, |at| {
        usize::from(enricher.enrich(hits[at % hits.len()].clone(), &sites, &salts).is_ok())
    });
    println!("{:20} {:8.0} ns", "enrich", whole - copying);
    let bytes: usize = records.iter().map(bytes::Bytes::len).sum();
    println!("{:20} {:8} bytes", "a record", bytes / records.len());
}

/// The quickest of twenty runs, in time on a processor where the system tells it: what is slower was waiting for the machine.
fn measure(stage: &str, rounds: usize, mut run: impl FnMut(usize) -> usize) -> f64 {
    if env::args().nth(2).is_some_and(|only| !stage.contains(&only)) {
        return 0.0;
    }
    let part = (rounds / 20).max(1);
    let mut best = f64::MAX;
    for part_start in (0..rounds).step_by(part) {
        let (start, busy) = (Instant::now(), busy());
        for at in part_start..part_start + part {
            black_box(run(at));
        }
        let spent = match (busy, self::busy()) {
            (Some(before), Some(after)) => after - before,
            _ => start.elapsed().as_nanos() as u64,
        };
        best = best.min(spent as f64 / part as f64);
    }
    println!("{stage:20} {best:8.0} ns");
    best
}

/// Nanoseconds this thread has spent on a processor.
fn busy() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    status.split_whitespace().next()?.parse().ok()
}

fn incoming<'a>(
    method: &'a str,
    query: &'a str,
    body: &'a [u8],
    header: &'a dyn Fn(&str) -> Option<&'a str>,
    at: usize,
) -> Incoming<'a> {
    Incoming {
        method,
        path: "/",
        query,
        body,
        content_type: "text/plain",
        header,
        peer: [93, 184, (at % 200) as u8, (at % 251) as u8].into(),
        received_at: Millis(1_779_840_000_000 + at as i64),
    }
}

fn query(at: usize) -> String {
    let referrer = form_urlencoded::byte_serialize(REFERRERS[at % REFERRERS.len()].as_bytes()).collect::<String>();
    format!(
        "action_name=Page%20{at}%20-%20A%20Shop&idsite=1&rec=1&r=0{at:05}&h=12&m=34&s=56&\
         url=https%3A%2F%2Fwww.example.com%2Fproducts%2F{}%3Fcolour%3Dred%26gclid%3Dabc&urlref={referrer}&_id={:016x}&_idn=0&\
         send_image=0&_refts=0&pdf=1&qt=0&realp=0&wma=0&fla=0&java=0&ag=0&cookie=1&res=1920x1080&pv_id=a{:05}&pf_net=0&pf_srv=120&\
         pf_tfr=5&pf_dm1=250&uadata=%7B%22brands%22%3A%5B%7B%22brand%22%3A%22Chromium%22%2C%22version%22%3A%22126%22%7D%5D%7D",
        at % 97,
        at * 7919,
        at % 99_999
    )
}

fn event(at: usize) -> String {
    format!(
        r#"{{"n":"pageview","v":29,"u":"https://www.example.com/products/{}?utm_source=newsletter","d":"example.com","r":"{}"}}"#,
        at % 97,
        REFERRERS[at % REFERRERS.len()]
    )
}

fn site() -> Site {
    Site {
        id: SiteId(1),
        name: "Shop".to_owned(),
        domain: "example.com".to_owned(),
        former_domain: None,
        urls: vec!["https://www.example.com".to_owned(), "https://shop.example.com".to_owned()],
        timezone: "Europe/Berlin".to_owned(),
        zone: jiff::tz::TimeZone::get("Europe/Berlin").unwrap_or(jiff::tz::TimeZone::UTC),
        currency: "EUR".to_owned(),
        policy: VisitPolicy::Matomo,
        ecommerce: true,
        search: SiteSearch { enabled: true, ..SiteSearch::default() },
        exclusions: Exclusions::default(),
        excluded_params: Vec::new(),
        keep_fragments: false,
        group: String::new(),
        kind: "website".to_owned(),
        created_at: Millis(0),
        public: false,
        goals: Vec::new(),
        dimensions: Vec::new(),
        allowed_props: Vec::new(),
    }
}
