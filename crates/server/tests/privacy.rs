//! No address and no user agent that was sent is left in any file once the store has swallowed the hits.

mod common;

use std::{fs, path::Path};

use common::Server;

const AGENT: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7391.54 Safari/537.36";

fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(directory).expect("the data directory can be listed");
    entries
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), fs::read(&path).expect("a file can be read")))
        .collect()
}

#[test]
fn nothing_personal_stays_in_any_file() {
    let mut server = Server::start(&[]);
    let added = server.matomo("method=SitesManager.addSite&siteName=private&urls[0]=http://private.example");
    assert_eq!(added["value"], 1, "{added}");
    for number in 0..50 {
        let address = format!("203.0.113.{}", 100 + number);
        let headers = [("user-agent", AGENT), ("x-forwarded-for", address.as_str())];
        let page = format!("/matomo.php?idsite=1&rec=1&url=http%3A%2F%2Fprivate.example%2F{number}");
        assert_eq!(server.get(&page, &headers).status, 200);
        let event = format!(r#"{{"n":"pageview","u":"http://private.example/e{number}","d":"private.example"}}"#);
        let sent = server.post("/api/event", &[headers[0], headers[1], ("content-type", "application/json")], event.as_bytes());
        assert_eq!((sent.status, sent.text().as_str()), (202, "ok"));
    }
    let counted = server.matomo("method=Actions.get&idSite=1&period=day&date=today");
    assert_eq!(counted["nb_pageviews"], 100, "{counted}");
    // The journal frees what is forgotten within seconds, and at the latest when it is closed.
    std::thread::sleep(std::time::Duration::from_secs(3));
    assert_eq!(server.stop(), Some(0));
    for (name, content) in files(&server.directory) {
        let has = |needle: &[u8]| content.windows(needle.len()).any(|part| part == needle);
        assert!(!has(AGENT.as_bytes()), "{name} holds the user agent");
        assert!(!has(b"141.0.7391.54"), "{name} holds part of the user agent");
        for number in 0..50 {
            let address = format!("203.0.113.{}", 100 + number);
            assert!(!has(address.as_bytes()), "{name} holds {address}");
        }
    }
}
