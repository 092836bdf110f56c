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
    let start = Instant::now();
    let detector = if has("--built-in") { Ok(Detector::built_in()) } else { Detector::from_dir(Path::new(dir)) };
    let detector = match detector {
        Ok(detector) => detector,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    };
    let loaded = start.elapsed();
    let (mut right, mut all) = (0, 0);
    let mut asked = Vec::new();
    let mut wrong_fields: BTreeMap<String, usize> = BTreeMap::new();
    for (name, path) in database::files(Path::new(dir)) {
        let (mut right_here, mut all_here) = (0, 0);
        for fixture in database::read(&path) {
            let start = Instant::now();
            let device = detector.detect_afresh(&fixture.user_agent, fixture.hints.as_ref());
            asked.push(start.elapsed());
            let differences = fixture.differences(&device);
            for difference in &differences {
                let field = difference.split(':').next().unwrap_or_default();
                *wrong_fields.entry(field.to_owned()).or_default() += 1;
            }
            all_here += 1;
            right_here += usize::from(differences.is_empty());
            if has("--differences") && !differences.is_empty() {
                println!("{name}: {}\n    {}", fixture.user_agent, differences.join("\n    "));
            }
        }
        println!("{right_here:6} of {all_here:6}  {name}");
        right += right_here;
        all += all_here;
    }
    asked.sort();
    let total: f64 = asked.iter().map(std::time::Duration::as_secs_f64).sum();
    let micros = |part: f64| asked[((asked.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e6;
    println!("{right} of {all} ({:.2} %)", 100.0 * f64::from(right as u32) / f64::from(all as u32));
    wrong_fields.iter().for_each(|(field, wrong)| println!("{wrong:6} wrong in {field}"));
    println!("loaded in {:.0} ms", loaded.as_secs_f64() * 1e3);
    println!(
        "a user agent: {:.1} µs on average, {:.1} µs median, {:.1} µs at 99 %, {:.1} µs at most",
        total / asked.len() as f64 * 1e6,
        micros(0.5),
        micros(0.99),
        micros(1.0),
    );
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status.lines().filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS")).for_each(|line| println!("{line}"));
    }
}
