//! When it happened, and who may say so.

use crate::stage::{NOW, Stage};

const INVALID: &str = "invalid-token";

#[test]
fn a_recent_moment_needs_no_token() {
    let stage = Stage::new();
    let second = NOW / 1000;
    for (query, wanted) in [
        (String::new(), NOW),
        (format!("cdt={}", second - 60), NOW - 60_000),
        ("cdt=2026-03-01%2009:59:00".to_owned(), NOW - 60_000),
        ("cdt=2026-03-01T10:59:00%2B01:00".to_owned(), NOW - 60_000),
        (format!("cdt={}", second - 86_399), NOW - 86_399_000),
        (format!("cdt={}", second + 5), NOW),
        ("cdt=tomorrow".to_owned(), NOW),
        ("cdt=0".to_owned(), NOW),
        ("cdt[]=1".to_owned(), NOW),
        ("cdo=60".to_owned(), NOW - 60_000),
        ("cdo=-60".to_owned(), NOW - 60_000),
        (format!("cdt={}&cdo=10", second - 60), NOW - 70_000),
        (format!("cdt={}", second - 21 * 365 * 86_400), NOW),
        ("cdt=-99999999999999999999".to_owned(), NOW),
    ] {
        let hit = stage.hit(&query);
        assert_eq!((hit.at, hit.received_at), (wanted, NOW), "{query}");
    }
}

#[test]
fn an_old_moment_needs_a_token_that_may_write() {
    let stage = Stage::new();
    let old = NOW / 1000 - 86_400;
    for (token, allowed) in [("", false), ("nobody", false), ("viewer", false), ("writer", true), ("super", true)] {
        let query = format!("cdt={old}&token_auth={token}");
        let wanted = if allowed { (200, String::new()) } else { (400, INVALID.to_owned()) };
        assert_eq!(stage.status(&query), wanted, "{token}");
    }
    assert_eq!(stage.hit(&format!("cdt={old}&token_auth=writer")).at, NOW - 86_400_000);
    assert_eq!(stage.status("cdo=86400"), (400, INVALID.to_owned()));
}

#[test]
fn overrides_need_a_token_that_may_write() {
    let stage = Stage::new();
    for query in ["cip=1.2.3.4", "country=fr", "region=A8", "city=Paris", "lat=48.8", "long=2.3"] {
        assert_eq!(stage.status(query), (400, INVALID.to_owned()), "{query}");
        assert_eq!(stage.status(&format!("{query}&token_auth=viewer")), (400, INVALID.to_owned()), "{query}");
        assert_eq!(stage.status(&format!("{query}&token_auth=writer")), (200, String::new()), "{query}");
    }
    assert_eq!(stage.status("country=&cip=&lat=0"), (200, String::new()));
    let hit = stage.hit("token_auth=writer&cip=1.2.3.4&country=fr&city=Paris");
    assert_eq!(hit.address.unwrap().to_string(), "1.2.3.4");
    let given = |id: &str, text: &str| (id.to_owned(), text.to_owned());
    assert_eq!(hit.given, [given("visit.city", "Paris"), given("visit.country", "fr")]);
}

#[test]
fn a_refusal_is_told_to_whoever_runs_the_site() {
    let stage = Stage::new();
    let query = "idsite=1&rec=1&cip=1.2.3.4&token_auth=secret&url=http://example.org/";
    let accepted = stage.matomo(&crate::stage::Ask { query, ..Default::default() });
    let [failure] = accepted.failures.as_slice() else { panic!("{:?}", accepted.failures) };
    assert_eq!((failure.reason.code(), failure.site, failure.url.as_str()), (INVALID, 1, "http://example.org/"));
    assert_eq!(failure.request, "idsite=1&rec=1&url=http%3A%2F%2Fexample.org%2F");
    assert!(!failure.request.contains("secret"));
}

#[test]
fn without_authentication_anybody_may() {
    let mut stage = Stage::new();
    stage.settings.require_authentication = false;
    assert_eq!(stage.hit("cip=1.2.3.4").address.unwrap().to_string(), "1.2.3.4");
}
