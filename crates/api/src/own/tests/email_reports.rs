//! Letters about a site that go out by themselves.

use std::sync::{Arc, Mutex};

use footfall_model::Millis;
use serde_json::{Value, json};

use super::{NOW, Server};
use crate::{Letter, Post, own::send_email_reports};

/// Keeps the letters it is given.
#[derive(Debug, Default)]
struct Sink(Mutex<Vec<Letter>>);

impl Post for Sink {
    fn take(&self, letter: Letter) -> bool {
        self.0.lock().unwrap().push(letter);
        true
    }
}

/// What was written when the reports were looked at.
async fn written(server: &mut Server, sink: &Sink, now: &str) -> Vec<Letter> {
    server.ctx.now = Millis::from(now.parse::<jiff::Timestamp>().unwrap());
    let n_sent = send_email_reports(&server.ctx).await.unwrap();
    let letters = std::mem::take(&mut *sink.0.lock().unwrap());
    assert_eq!(letters.len(), n_sent);
    letters
}

async fn start() -> (Server, Arc<Sink>) {
    let mut server = Server::start().await;
    let sink = Arc::new(Sink::default());
    server.ctx.settings.post = Some(Arc::clone(&sink) as Arc<dyn Post>);
    server.ctx.settings.base_url = "https://stats.example.org/".to_owned();
    (server, sink)
}

#[tokio::test]
async fn a_report_goes_out_once_at_its_hour() {
    let (mut server, sink) = start().await;
    let goal = json!({"name": "Docs", "match": "path", "pattern": "/docs"});
    assert_eq!(server.ask("POST", "/sites/1/goals", goal).await.0, 201);
    server.ctx.sites = Arc::new(server.ctx.admin.snapshot(NOW).await.unwrap());
    let asked = json!({"weekly": ["ada@example.org", " eve@example.org", "ADA@example.org"]});
    let (status, kept) = server.ask("PUT", "/sites/1/email-reports", asked).await;
    let told = json!({
        "weekly": ["ada@example.org", "eve@example.org"], "monthly": [], "traffic_spike": null, "traffic_drop": null,
        "sends_mail": true,
    });
    assert_eq!((status, &kept), (200, &told));
    assert_eq!(server.ask("GET", "/sites/1/email-reports", Value::Null).await.1, told);

    // Nothing about the weeks before, and nothing before Monday at nine.
    assert!(written(&mut server, &sink, "2026-02-11T12:00:00Z").await.is_empty());
    assert!(written(&mut server, &sink, "2026-02-16T08:59:59Z").await.is_empty());
    let letters = written(&mut server, &sink, "2026-02-16T09:00:00Z").await;
    assert_eq!(letters.iter().map(|letter| letter.to.as_str()).collect::<Vec<_>>(), ["ada@example.org", "eve@example.org"]);
    assert_eq!(letters[0].subject, "Weekly report for example.org");
    let wanted = "example.org, 2026-02-09 to 2026-02-15\n\n\
        Visitors            2\nPage views          4\nBounce rate       67%\n\n\
        Top sources\n       2  Direct / None\n\n\
        Top pages\n       2  /docs\n       1  /\n\n\
        Goals\n       2  Docs\n\n\
        More: https://stats.example.org/sites/1\n\nWho gets this is said in the settings of the site.\n";
    assert_eq!(letters[0].text, wanted);
    let html = letters[0].html.as_deref().unwrap();
    assert!(html.contains("<h2>Top pages</h2><table><tr><td align=\"right\">2</td><td>/docs</td></tr>"), "{html}");
    assert!(written(&mut server, &sink, "2026-02-16T09:05:00Z").await.is_empty());
    assert!(written(&mut server, &sink, "2026-02-22T23:59:59Z").await.is_empty());
    let letters = written(&mut server, &sink, "2026-02-23T10:00:00Z").await;
    assert!(letters[0].text.contains("Visitors            0  (-100%)\n"), "{}", letters[0].text);
}

#[tokio::test]
async fn a_month_is_told_on_its_first_day() {
    let (mut server, sink) = start().await;
    assert_eq!(server.ask("PUT", "/sites/1/email-reports", json!({"monthly": ["ada@example.org"]})).await.0, 200);
    assert!(written(&mut server, &sink, "2026-03-01T08:59:59Z").await.is_empty());
    let letters = written(&mut server, &sink, "2026-03-01T09:00:00Z").await;
    assert_eq!((letters.len(), letters[0].subject.as_str()), (1, "Monthly report for example.org"));
    assert!(
        letters[0].text.starts_with("example.org, 2026-02-01 to 2026-02-28\n\nVisitors            2\n"),
        "{}",
        letters[0].text
    );
    assert!(written(&mut server, &sink, "2026-03-31T23:59:59Z").await.is_empty());
}

#[tokio::test]
async fn many_and_few_visitors_are_told_twice_a_day_at_most() {
    let (mut server, sink) = start().await;
    let alarm = |threshold: u32| json!({"recipients": ["ada@example.org"], "threshold": threshold});
    let asked = json!({"traffic_spike": alarm(2), "traffic_drop": alarm(2)});
    assert_eq!(server.ask("PUT", "/sites/1/email-reports", asked).await.0, 200);
    // One is there now, and two came in the last half day.
    assert!(written(&mut server, &sink, "2026-02-11T11:04:33Z").await.is_empty());
    let asked = json!({"traffic_spike": alarm(1), "traffic_drop": alarm(3)});
    assert_eq!(server.ask("PUT", "/sites/1/email-reports", asked).await.0, 200);
    let letters = written(&mut server, &sink, "2026-02-11T11:04:33Z").await;
    assert_eq!(letters[0].subject, "Many visitors on example.org");
    assert!(letters[0].text.starts_with("1 people are on example.org at this moment.\n"), "{}", letters[0].text);
    assert_eq!(letters[1].subject, "Few visitors on example.org");
    assert!(letters[1].text.starts_with("2 people have been on example.org in the last 12 hours.\n"), "{}", letters[1].text);
    assert!(written(&mut server, &sink, "2026-02-11T23:04:32Z").await.is_empty());
    let letters = written(&mut server, &sink, "2026-02-11T23:04:33Z").await;
    assert_eq!(letters.iter().map(|letter| letter.subject.as_str()).collect::<Vec<_>>(), ["Few visitors on example.org"]);
}

#[tokio::test]
async fn who_gets_reports_is_checked() {
    let (server, _) = start().await;
    let many: Vec<String> = (0..51).map(|n| format!("p{n}@example.org")).collect();
    for (asked, field) in [
        (json!({"weekly": ["ada"]}), "weekly"),
        (json!({"monthly": ["ada@example.org, eve@example.org"]}), "monthly"),
        (json!({"weekly": many}), "weekly"),
        (json!({"traffic_spike": {"recipients": ["ada@example.org"], "threshold": 0}}), "traffic_spike"),
        (json!({"traffic_drop": {"recipients": ["a@b@c"], "threshold": 1}}), "traffic_drop"),
    ] {
        let (status, error) = server.ask("PUT", "/sites/1/email-reports", asked).await;
        assert_eq!((status, error["error"]["fields"][field].is_string()), (422, true), "{error}");
    }
    assert_eq!(server.ask("PUT", "/sites/1/email-reports", json!({"daily": []})).await.0, 400);
    let nobody = json!({"traffic_spike": {"recipients": [], "threshold": 5}});
    assert_eq!(server.ask("PUT", "/sites/1/email-reports", nobody).await.1["traffic_spike"], Value::Null);
}
