use std::collections::BTreeMap;

use footfall_admin::{AnnotationChanges, NewScheduledReport, NewSegment};
use footfall_model::{DateRange, Day};
use jiff::civil::date;
use serde_json::json;

use super::{NOW, invalid, missing, site, strings, with_sites};

fn segment(name: &str) -> NewSegment {
    NewSegment {
        name: name.to_owned(),
        definition: "pageUrl=@%252F".to_owned(),
        login: "ada".to_owned(),
        site: Some(site(1)),
        ..NewSegment::default()
    }
}

#[tokio::test]
async fn segments_are_saved_and_changed() {
    let admin = with_sites(1).await;
    let one = admin.add_segment(segment("One"), NOW).await.unwrap();
    let two = admin.add_segment(NewSegment { site: None, shared: true, ..segment("Two") }, NOW).await.unwrap();
    assert_eq!((one.id, two.id, one.changed_at), (1, 2, None));
    assert_eq!(one.segment, segment("One"));
    assert_eq!(admin.segments().await.unwrap(), [one, two.clone()]);
    let new = NewSegment { login: "bob".to_owned(), starred: true, ..segment("Changed") };
    let changed = admin.update_segment(1, new.clone(), NOW.plus(5)).await.unwrap();
    assert_eq!(changed.segment, NewSegment { login: "ada".to_owned(), ..new });
    assert_eq!((changed.created_at, changed.changed_at), (NOW, Some(NOW.plus(5))));
    assert_eq!(admin.segment(1).await.unwrap(), changed);
    admin.delete_segment(1).await.unwrap();
    missing(admin.delete_segment(1).await, "no segment has the number `1`");
    // Numbers are not given twice.
    admin.delete_segment(2).await.unwrap();
    assert_eq!(admin.add_segment(segment("Three"), NOW).await.unwrap().id, 3);
    invalid(admin.add_segment(segment(""), NOW).await, "`name` must have 1 to 255 characters");
    let none = NewSegment { definition: " ".to_owned(), ..segment("None") };
    invalid(admin.add_segment(none, NOW).await, "`definition` must have 1 to 8192 characters");
}

#[tokio::test]
async fn notes_count_from_zero_within_their_site() {
    let admin = with_sites(2).await;
    let days: [Day; 3] = [date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1)];
    for (n, day) in days.into_iter().enumerate() {
        let note = admin.add_annotation(site(1), day, &format!("note {n}"), n == 1, "ada", NOW).await.unwrap();
        assert_eq!((note.id, note.date, note.starred, note.login.as_str()), (n as i32, day, n == 1, "ada"));
    }
    assert_eq!(admin.add_annotation(site(2), days[0], "other", false, "ada", NOW).await.unwrap().id, 0);
    let january = DateRange::new(date(2026, 1, 1), date(2026, 1, 31)).unwrap();
    let ids = |notes: Vec<footfall_admin::Annotation>| notes.iter().map(|note| note.id).collect::<Vec<_>>();
    assert_eq!(ids(admin.annotations(site(1), Some(january)).await.unwrap()), [0, 1]);
    assert_eq!(ids(admin.annotations(site(1), None).await.unwrap()), [0, 1, 2]);
    let changes = AnnotationChanges { note: Some("a\nb".to_owned()), date: Some(days[2]), starred: None };
    let changed = admin.update_annotation(site(1), 1, changes).await.unwrap();
    assert_eq!((changed.note.as_str(), changed.date, changed.starred), ("a\nb", days[2], true));
    assert_eq!(admin.annotation(site(1), 1).await.unwrap(), changed);
    admin.delete_annotation(site(1), 0).await.unwrap();
    missing(admin.annotation(site(1), 0).await, "site `1` has no annotation with the number `0`");
    assert_eq!(admin.add_annotation(site(1), days[0], "next", false, "ada", NOW).await.unwrap().id, 3);
    admin.delete_annotations(site(1)).await.unwrap();
    assert_eq!(admin.annotations(site(1), None).await.unwrap(), []);
    assert_eq!(admin.annotations(site(2), None).await.unwrap().len(), 1);
    invalid(admin.add_annotation(site(1), days[0], " ", false, "ada", NOW).await, "`note` must have 1 to 4096 characters");
}

#[tokio::test]
async fn dashboards_count_within_their_owner() {
    let admin = with_sites(0).await;
    let layout = json!([[{"widget": "visits"}], []]);
    let one = admin.save_dashboard("ada", None, "Mine", &layout).await.unwrap();
    let five = admin.save_dashboard("ada", Some(5), "Five", &json!({})).await.unwrap();
    assert_eq!((one.id, five.id), (1, 5));
    assert_eq!(admin.save_dashboard("ada", None, "", &json!({})).await.unwrap().id, 6);
    assert_eq!(admin.save_dashboard("bob", None, "His", &json!({})).await.unwrap().id, 1);
    admin.save_dashboard("ada", Some(5), "Renamed", &layout).await.unwrap();
    let kept: Vec<_> = admin.dashboards("ada").await.unwrap().into_iter().map(|board| (board.id, board.name)).collect();
    assert_eq!(kept, [(1, "Mine".to_owned()), (5, "Renamed".to_owned()), (6, String::new())]);
    assert_eq!(admin.dashboards("ada").await.unwrap()[1].layout, layout);
    admin.delete_dashboard("ada", 5).await.unwrap();
    missing(admin.delete_dashboard("ada", 5).await, "`ada` has no dashboard with the number `5`");
    let long = json!("x".repeat(60_000));
    invalid(admin.save_dashboard("ada", None, "", &long).await, "`layout` may have 60000 bytes, and has 60002");
    invalid(admin.save_dashboard("ada", Some(0), "", &json!({})).await, "`id` must be a whole number from 1");
}

#[tokio::test]
async fn preferences_are_kept_and_forgotten() {
    let admin = with_sites(0).await;
    admin.set_preference("ada", "defaultReport", Some("1")).await.unwrap();
    admin.set_preference("ada", "language", Some("de")).await.unwrap();
    admin.set_preference("ada", "defaultReport", Some("MultiSites")).await.unwrap();
    let expected = [("defaultReport", "MultiSites"), ("language", "de")];
    let expected: BTreeMap<String, String> =
        expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!(admin.preferences("Ada").await.unwrap(), expected);
    assert_eq!(admin.preference("ada", "language").await.unwrap().as_deref(), Some("de"));
    assert_eq!(admin.preference("bob", "language").await.unwrap(), None);
    admin.set_preference("ada", "language", None).await.unwrap();
    assert_eq!(admin.preference("ada", "language").await.unwrap(), None);
    for n in 0..199 {
        admin.set_preference("ada", &format!("p{n}"), Some("")).await.unwrap();
    }
    invalid(admin.set_preference("ada", "one more", Some("")).await, "a user may have 200 preferences");
    admin.set_preference("ada", "p0", Some("1")).await.unwrap();
    missing(admin.preferences("eve").await, "no user is called `eve`");
}

fn report() -> NewScheduledReport {
    NewScheduledReport {
        site: site(1),
        login: "ada".to_owned(),
        description: "Mail <long> d\u{e9}scription \u{1f680}".to_owned(),
        segment: None,
        period: "week".to_owned(),
        hour: 7,
        kind: "email".to_owned(),
        format: "html".to_owned(),
        reports: strings(&["MultiSites_getAll", "VisitsSummary_get"]),
        parameters: json!({"displayFormat": "1", "emailMe": true}),
        evolution_for: "prev".to_owned(),
        evolution_n: Some(30),
        period_param: "day".to_owned(),
    }
}

#[tokio::test]
async fn scheduled_reports_are_kept_and_sent() {
    let admin = with_sites(1).await;
    let made = admin.add_scheduled_report(report(), NOW).await.unwrap();
    assert_eq!((made.id, &made.report, made.last_sent_at), (1, &report(), None));
    admin.sent_scheduled_report(1, NOW.plus(1)).await.unwrap();
    let new = NewScheduledReport { login: "bob".to_owned(), hour: 8, ..report() };
    let changed = admin.update_scheduled_report(1, new).await.unwrap();
    assert_eq!((changed.report.login.as_str(), changed.report.hour), ("ada", 8));
    assert_eq!((changed.created_at, changed.last_sent_at), (NOW, Some(NOW.plus(1))));
    assert_eq!(admin.scheduled_reports().await.unwrap(), [changed]);
    for (new, message) in [
        (NewScheduledReport { hour: 24, ..report() }, "`hour` must be 0 to 23"),
        (NewScheduledReport { period: "year".to_owned(), ..report() }, "`period` must be `day`, `week`, `month` or `never`"),
        (NewScheduledReport { evolution_for: String::new(), ..report() }, "`evolution_for` must be `prev` or `each`"),
        (NewScheduledReport { format: "html".repeat(3), ..report() }, "`format` may have 10 characters, and has 12"),
    ] {
        invalid(admin.add_scheduled_report(new, NOW).await, message);
    }
    admin.add_segment(segment("One"), NOW).await.unwrap();
    admin.update_scheduled_report(1, NewScheduledReport { segment: Some(1), ..report() }).await.unwrap();
    invalid(admin.delete_segment(1).await, "the segment `1` limits the scheduled report `1`");
    admin.delete_scheduled_report(1).await.unwrap();
    missing(admin.delete_scheduled_report(1).await, "no scheduled report has the number `1`");
}
