//! The load of `make bench`: varied visitors, pages, referrers and user agents over keep-alive connections, for some seconds.
//!
//! `load ADDRESS SITE CONNECTIONS SECONDS [matomo|plausible]` prints one JSON line: answered requests, seconds, the rate, and
//! answers that were not 2xx.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const AGENTS: [&str; 12] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15; SAMSUNG SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
];

const REFERRERS: [&str; 8] = [
    "",
    "",
    "https%3A%2F%2Fwww.google.com%2F",
    "https%3A%2F%2Fduckduckgo.com%2F",
    "https%3A%2F%2Fwww.bing.com%2Fsearch%3Fq%3Danalytics",
    "https%3A%2F%2Fnews.ycombinator.com%2Fitem%3Fid%3D1",
    "https%3A%2F%2Fblog.example.net%2Fpost%2F17",
    "https%3A%2F%2Ft.co%2Fabc",
];

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

/// One request as bytes: a page view of one of 20 000 pages by one of 300 000 visitors.
fn page_view(dice: &mut Dice, site: &str, plausible: bool) -> Vec<u8> {
    let visitor = dice.next() % 300_000;
    // A few pages are read much more often than the others.
    let spread = dice.next() % 20_000;
    let page = if dice.next().is_multiple_of(3) { spread } else { spread % 400 };
    let agent = AGENTS[(visitor % 12) as usize];
    let referrer = REFERRERS[(dice.next() % 8) as usize];
    let address = format!("{}.{}.{}.{}", 2 + visitor % 200, visitor / 7 % 256, visitor / 1500 % 256, visitor % 251);
    if plausible {
        let body = format!(
            r#"{{"n":"pageview","u":"https://bench.example/section-{}/page-{page}","d":"{site}","r":null,"v":24}}"#,
            page % 40
        );
        return format!(
            "POST /api/event HTTP/1.1\r\nhost: bench\r\ncontent-type: text/plain\r\nuser-agent: {agent}\r\nx-forwarded-for: {address}\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes();
    }
    format!(
        "GET /matomo.php?idsite={site}&rec=1&apiv=1&r={}&_id={visitor:016x}&url=https%3A%2F%2Fbench.example%2Fsection-{}%2Fpage-{page}\
         &action_name=Page%20{page}&urlref={referrer}&res=1920x1080&h=12&m=30&s=5&cookie=1&pdf=1&pv_id={:06x}&pf_net=12&pf_srv=80&pf_tfr=40\
         &pf_dm1=200 HTTP/1.1\r\nhost: bench\r\nuser-agent: {agent}\r\naccept-language: en-US,en;q=0.9\r\nx-forwarded-for: {address}\r\n\r\n",
        dice.next() % 1_000_000,
        page % 40,
        dice.next() % (1 << 24),
    )
    .into_bytes()
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let address: SocketAddr =
        words.first().and_then(|word| word.parse().ok()).expect("load ADDRESS SITE CONNECTIONS SECONDS [DIALECT]");
    let site = words.get(1).cloned().unwrap_or_else(|| "1".to_owned());
    let connections: u64 = words.get(2).and_then(|word| word.parse().ok()).unwrap_or(64);
    let seconds: f64 = words.get(3).and_then(|word| word.parse().ok()).unwrap_or(10.0);
    let plausible = words.get(4).is_some_and(|word| word == "plausible");
    assert!(address.ip().is_loopback(), "load is for this machine only");
    let mut dice = Dice(1);
    let requests: Arc<Vec<Vec<u8>>> = Arc::new((0..100_000).map(|_| page_view(&mut dice, &site, plausible)).collect());
    let (answered, refused) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let began = Instant::now();
    let until = began + Duration::from_secs_f64(seconds);
    let mut running = tokio::task::JoinSet::new();
    for connection in 0..connections {
        let (requests, answered, refused) = (Arc::clone(&requests), Arc::clone(&answered), Arc::clone(&refused));
        running.spawn(async move {
            let mut stream = TcpStream::connect(address).await.expect("the server answers");
            stream.set_nodelay(true).expect("the socket takes options");
            let mut next = (connection * 7919) as usize;
            let mut buffer = vec![0; 4096];
            while Instant::now() < until {
                next = (next + 1) % requests.len();
                stream.write_all(&requests[next]).await.expect("the server takes the request");
                let status = read_answer(&mut stream, &mut buffer).await.expect("the server answers whole");
                if (200..300).contains(&status) {
                    answered.fetch_add(1, Relaxed)
                } else {
                    refused.fetch_add(1, Relaxed)
                };
            }
        });
    }
    while running.join_next().await.is_some() {}
    let took = began.elapsed().as_secs_f64();
    let (answered, refused) = (answered.load(Relaxed), refused.load(Relaxed));
    println!(r#"{{"answered":{answered},"refused":{refused},"seconds":{took:.3},"per_second":{:.0}}}"#, answered as f64 / took);
}

/// Reads one answer with its body; gives the status.
async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Option<u16> {
    let mut held = 0;
    loop {
        let read = stream.read(&mut buffer[held..]).await.ok()?;
        if read == 0 {
            return None;
        }
        held += read;
        let Some(end) = buffer[..held].windows(4).position(|part| part == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end]).ok()?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let length = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse::<usize>().ok())
            .unwrap_or(0);
        while held < end + 4 + length {
            let read = stream.read(&mut buffer[held..]).await.ok()?;
            if read == 0 {
                return None;
            }
            held += read;
        }
        return Some(status);
    }
}
