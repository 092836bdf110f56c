//! Fills a store with made-up traffic and measures it: bytes a hit, microseconds a row, and core questions against SQL
//! written by hand for the same file.
//!
//! `cargo run -p footfall-store-duckdb --example scale -- [MILLIONS] [FILE]`; a file that exists is asked, not filled.

use std::{path::PathBuf, sync::Arc, time::Duration};

use footfall_model::{Catalogue, Millis, TimeRange};

/// The allocator of the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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

mod by_hand;
mod fill;
mod planned;

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
        fill::fill(&path, &catalogue, hits).await?;
    }
    let asked = planned::ask(&path, &catalogue).await?;
    let by_hand = by_hand::by_hand(&path)?;
    println!("\n{:<42} {:>16} {:>16} {:>6}", "30 days: ms, and ms of all cores", "planned", "by hand", "ratio");
    for (name, planned) in &asked {
        let shown = |took: &Took| format!("{:>7.1} {:>7.0}", took.wall, took.cpu);
        match by_hand.iter().find(|(other, _)| other == name) {
            Some((_, hand)) => println!("{name:<42} {:>16} {:>16} {:>6.2}", shown(planned), shown(hand), planned.cpu / hand.cpu),
            None => println!("{name:<42} {:>16}", shown(planned)),
        }
    }
    for (name, took) in by_hand::over_http(&path)? {
        println!("over HTTP, by hand: {name:<38} {took:>9.1} ms");
    }
    Ok(())
}

/// How long one of several runs took: the median by the wall's clock, and on all cores together.
struct Took {
    wall: f64,
    cpu: f64,
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

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn last_month() -> TimeRange {
    let day = |day: i64| Millis(START + day * 86_400_000);
    TimeRange { start: day(DAYS - 30), end: day(DAYS) }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
