//! Under load, killed without warning at twenty random moments: what was answered is stored, once.

mod common;

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use common::{Server, request};

const ROUNDS: u64 = 20;
const SENDERS: u64 = 8;
/// How many hits are answered in a round at least.
const FIRST: usize = 10;

#[test]
fn what_was_answered_is_stored_once() {
    let mut server = Server::start(&[]);
    let added = server.matomo("method=SitesManager.addSite&siteName=crash&urls[0]=http://crash.example");
    assert_eq!(added["value"], 1, "{added}");
    let answered = Arc::new(Mutex::new(HashSet::new()));
    let sent = Arc::new(AtomicU64::new(0));
    for round in 0..ROUNDS {
        let stop = Arc::new(AtomicBool::new(false));
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let (stop, answered, sent, address) =
                    (Arc::clone(&stop), Arc::clone(&answered), Arc::clone(&sent), server.address);
                std::thread::spawn(move || {
                    while !stop.load(Relaxed) {
                        let number = sent.fetch_add(1, Relaxed);
                        let visitor = format!("{:016x}", 1 + (number % 97) * SENDERS + sender);
                        let path = format!(
                            "/matomo.php?idsite=1&rec=1&send_image=0&_id={visitor}&url=http%3A%2F%2Fcrash.example%2Fp{number}"
                        );
                        let browser = [("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0")];
                        if request(address, "GET", &path, &browser, b"").is_some_and(|answer| answer.status == 204) {
                            answered.lock().expect("no sender panics").insert(number);
                        }
                    }
                })
            })
            .collect();
        // Moments from 30 to 500 ms after the first answers of the round, never the same twice.
        let before = answered.lock().expect("no sender panics").len();
        let patience = Instant::now() + Duration::from_secs(30);
        while answered.lock().expect("no sender panics").len() < before + FIRST && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_millis(30 + (round * 7919) % 470));
        server.kill();
        stop.store(true, Relaxed);
        for sender in senders {
            sender.join().expect("no sender panics");
        }
        server.begin();
    }
    let rows = server.matomo("method=Actions.getPageUrls&idSite=1&period=range&date=last3&flat=1&filter_limit=-1");
    let mut stored: HashMap<u64, u64> = HashMap::new();
    for row in rows.as_array().unwrap_or_else(|| panic!("{rows}")) {
        let label = row["label"].as_str().unwrap_or_default();
        let number = label.trim_start_matches("/p").parse().unwrap_or_else(|_| panic!("{row}"));
        *stored.entry(number).or_default() += row["nb_hits"].as_u64().unwrap_or(0);
    }
    let answered = answered.lock().expect("no sender panics");
    assert!(answered.len() >= FIRST * ROUNDS as usize, "only {} hits were answered", answered.len());
    let lost: Vec<_> = answered.iter().filter(|number| !stored.contains_key(number)).collect();
    assert!(lost.is_empty(), "{} of {} answered hits are lost: {lost:?}", lost.len(), answered.len());
    let doubled: Vec<_> = stored.iter().filter(|(_, n)| **n != 1).collect();
    assert!(doubled.is_empty(), "counted more than once: {doubled:?}");
    // A hit whose answer was cut off by the kill may be stored; one that was never sent may not.
    let sent = sent.load(Relaxed);
    assert!(stored.keys().all(|number| *number < sent));
    println!("{} sent, {} answered, {} stored", sent, answered.len(), stored.len());
}
