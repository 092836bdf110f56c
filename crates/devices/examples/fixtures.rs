//! Runs the fixtures of Matomo's regex database and prints how many are told right, and how fast.
//!
//! `cargo run -p footfall-devices --example fixtures -- DIR [--built-in] [--differences]`

#[path = "../tests/database/mod.rs"]
mod database;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use footfall_devices::Detector;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let Some(dir) = arguments.iter().find(|argument| !argument.starts_with("--")) else {
        eprintln!("usage: fixtures DIR [--built-in] [--differences]");
        std::process::exit(2);
    };
    let files: Vec<_> = database::files(Path::new(dir)).into_iter().map(|(name, path)| (name, database::read(&path))).collect();
    let all: usize = files.iter().map(|(_, fixtures)| fixtures.len()).sum();
    if all == 0 {
        eprintln!("`{dir}` holds no fixtures");
        std::process::exit(1);
    }

    let load = Clock::start();
    let detector = if has("--built-in") { Ok(Detector::built_in()) } else { Detector::from_dir(Path::new(dir)) };
    let detector = detector.unwrap_or_else(|error| {
        eprintln!("{error}");
        std::process::exit(1);
    });
    load.print("load", 1);
    for pass in ["a user agent, first pass", "a user agent, second pass"] {
        let clock = Clock::start();
        for fixture in files.iter().flat_map(|(_, fixtures)| fixtures) {
            std::hint::black_box(detector.detect_afresh(&fixture.user_agent, fixture.hints.as_ref()));
        }
        clock.print(pass, all);
    }

    let mut right = 0;
    let mut wrong_fields: BTreeMap<String, usize> = BTreeMap::new();
    for (name, fixtures) in &files {
        let mut right_here = 0;
        for fixture in fixtures {
            let device = detector.detect_afresh(&fixture.user_agent, fixture.hints.as_ref());
            let differences = fixture.differences(&device);
            right_here += usize::from(differences.is_empty());
            for difference in &differences {
                let field = difference.split(':').next().unwrap_or_default();
                *wrong_fields.entry(field.to_owned()).or_default() += 1;
            }
            if has("--differences") && !differences.is_empty() {
                println!("{name}: {}\n    {}", fixture.user_agent, differences.join("\n    "));
            }
        }
        println!("{right_here:6} of {:6}  {name}", fixtures.len());
        right += right_here;
    }
    wrong_fields.iter().for_each(|(field, wrong)| println!("{wrong:6} wrong in {field}"));
    println!("{right} of {all} ({:.2} %)", 100.0 * right as f64 / all as f64);
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status.lines().filter(|line| line.starts_with("VmRSS")).for_each(|line| println!("{line}"));
    }
}

/// Wall-clock time, and the processor time this process got of it.
struct Clock {
    wall: Instant,
    processor: Option<f64>,
}

impl Clock {
    fn start() -> Clock {
        Clock { wall: Instant::now(), processor: processor_seconds() }
    }

    fn print(&self, what: &str, times: usize) {
        let micros = |seconds: f64| seconds * 1e6 / times as f64;
        let processor = self.processor.zip(processor_seconds()).map(|(start, end)| micros(end - start));
        let processor = processor.map_or(String::new(), |spent| format!(", {spent:.1} µs of processor time"));
        println!("{what}: {:.1} µs{processor}", micros(self.wall.elapsed().as_secs_f64()));
    }
}

/// Linux tells nanoseconds on the processor as the first word of this file.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}
