//! Why hits did not count is told by site: in the answer, in the counters and by `footfall doctor`.

mod common;

use common::{Server, command};
use serde_json::json;

#[test]
fn every_reason_is_counted_for_its_site() {
    let mut server = Server::start(&[]);
    let added = server.matomo("method=SitesManager.addSite&siteName=one&urls[0]=http://one.example");
    assert_eq!(added["value"], 1, "{added}");
    let page = "url=http%3A%2F%2Fone.example%2F";
    let bot = [("user-agent", "Googlebot/2.1 (+http://www.google.com/bot.html)")];
    for _ in 0..3 {
        let answer = server.get(&format!("/matomo.php?idsite=1&rec=1&{page}"), &bot);
        assert_eq!((answer.status, answer.headers["x-footfall-dropped"].as_str()), (200, "bot"));
    }
    let unknown = server.get(&format!("/matomo.php?idsite=7&rec=1&{page}&cip=203.0.113.9"), &[("user-agent", "Firefox")]);
    assert_eq!((unknown.status, unknown.headers["x-footfall-dropped"].as_str()), (400, "unknown-site"));
    let event = br#"{"n":"pageview","u":"http://one.example/","d":"one.example"}"#;
    let answer = server.post("/api/event", &bot, event);
    assert_eq!((answer.status, answer.headers["x-plausible-dropped"].as_str()), (202, "1"));
    let metrics = server.get("/metrics", &[]).text();
    assert!(metrics.contains(r#"footfall_hits_dropped_total{reason="bot"} 4"#), "{metrics}");
    assert_eq!(server.stop(), Some(0));

    let told = command(&server.directory).args(["doctor", "--json"]).output().expect("doctor runs");
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).expect("doctor prints JSON");
    let expected = json!([
        {"site": 1, "reason": "bot", "hits": 4},
        {"site": null, "reason": "unknown-site", "hits": 1},
    ]);
    assert_eq!(told["dropped"], expected);
}
