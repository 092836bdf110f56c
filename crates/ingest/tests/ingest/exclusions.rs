//! What is not counted, and that the answer says why.

use crate::stage::{Ask, CHROME, Stage};

fn reason(stage: &Stage, query: &str, headers: &[(&str, &str)]) -> Option<String> {
    let accepted = stage.matomo(&Ask { query, headers, ..Ask::default() });
    assert_eq!(accepted.reply.status, 200, "{query}");
    assert_eq!(accepted.hits.is_empty(), accepted.dropped.len() == 1, "{query}");
    let said = accepted.reply.headers.iter().find(|(name, _)| *name == "x-footfall-dropped");
    said.map(|(_, value)| value.clone().into_owned())
}

const PAGE: &str = "idsite=1&rec=1&url=https://example.org/";

#[test]
fn each_reason_has_its_word() {
    let mut stage = Stage::new();
    let chrome = ("user-agent", CHROME);
    let bot = ("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
    let dropped = |stage: &Stage, headers: &[(&str, &str)]| reason(stage, PAGE, headers).unwrap_or_default();
    assert_eq!(dropped(&stage, &[chrome]), "");
    assert_eq!(dropped(&stage, &[bot]), "bot");
    assert_eq!(reason(&stage, &format!("{PAGE}&bots=1"), &[bot]), None);
    assert_eq!(reason(&stage, "idsite=1&url=https://example.org/", &[chrome]).as_deref(), Some("not-recorded"));
    assert_eq!(reason(&stage, "idsite=1&rec=0", &[chrome]).as_deref(), Some("not-recorded"));
    assert_eq!(reason(&stage, &format!("{PAGE}&tracker_install_check=x"), &[chrome]).as_deref(), Some("install-check"));
    assert_eq!(dropped(&stage, &[chrome, ("cookie", "matomo_ignore=ignore%3DKg%3D%3D")]), "opted-out");
    assert_eq!(dropped(&stage, &[chrome, ("x-purpose", "preview")]), "prefetch");
    assert_eq!(dropped(&stage, &[chrome, ("x-moz", "prefetch")]), "prefetch");
    assert_eq!(reason(&stage, &format!("{PAGE}&urlref=http://semalt.com/"), &[chrome]).as_deref(), Some("spam-referrer"));
    assert_eq!(dropped(&stage, &[chrome, ("dnt", "1")]), "");
    stage.settings.honour_do_not_track = true;
    for header in [("dnt", "1"), ("x-do-not-track", "1"), ("sec-gpc", "1")] {
        assert_eq!(dropped(&stage, &[chrome, header]), "do-not-track", "{header:?}");
    }
    assert_eq!(dropped(&stage, &[chrome, ("dnt", "0")]), "");
}

#[test]
fn sites_and_servers_have_lists() {
    let mut stage = Stage::new();
    let chrome = [("user-agent", CHROME)];
    stage.list[0].exclusions.addresses = vec!["203.0.113.*".to_owned()];
    assert_eq!(reason(&stage, PAGE, &chrome).as_deref(), Some("excluded-address"));
    stage.list[0].exclusions.addresses.clear();
    stage.settings.excluded_addresses = vec!["203.0.113.0/24".to_owned()];
    assert_eq!(reason(&stage, PAGE, &chrome).as_deref(), Some("excluded-address"));
    stage.settings.excluded_addresses.clear();
    stage.settings.excluded_user_agents = vec!["/chrome\\/126/i".to_owned()];
    assert_eq!(reason(&stage, PAGE, &chrome).as_deref(), Some("excluded-user-agent"));
    stage.settings.excluded_user_agents.clear();
    stage.list[0].exclusions.user_agents = vec!["chrome".to_owned()];
    assert_eq!(reason(&stage, PAGE, &chrome).as_deref(), Some("excluded-user-agent"));
    stage.list[0].exclusions.user_agents.clear();
    stage.list[0].exclusions.unknown_urls = true;
    assert_eq!(reason(&stage, PAGE, &chrome), None);
    for (url, known) in [
        ("https://www.example.org/a", true),
        ("http://example.org:8080/a", true),
        ("https://sub.example.org/", false),
        ("https://example.net/", false),
        ("", false),
    ] {
        let found = reason(&stage, &format!("idsite=1&rec=1&urlref=x&url={url}"), &chrome);
        assert_eq!(found.as_deref(), (!known).then_some("unknown-url"), "{url}");
    }
}

#[test]
fn the_order_of_the_checks_is_matomos() {
    let mut stage = Stage::new();
    stage.settings.honour_do_not_track = true;
    stage.settings.excluded_addresses = vec!["203.0.113.77".to_owned()];
    let bot = ("user-agent", "Googlebot/2.1 (+http://www.google.com/bot.html)");
    let all = [("dnt", "1"), ("cookie", "matomo_ignore=ignore%3DKg%3D%3D"), ("x-moz", "prefetch")];
    assert_eq!(reason(&stage, "idsite=1", &[&[bot][..], &all].concat()).as_deref(), Some("bot"));
    assert_eq!(reason(&stage, "idsite=1", &all).as_deref(), Some("not-recorded"));
    assert_eq!(reason(&stage, PAGE, &all).as_deref(), Some("do-not-track"));
    assert_eq!(reason(&stage, PAGE, &all[1..]).as_deref(), Some("opted-out"));
    assert_eq!(reason(&stage, PAGE, &all[2..]).as_deref(), Some("excluded-address"));
}

#[test]
fn a_country_is_excluded_after_the_answer() {
    let mut stage = Stage::new();
    stage.list[0].exclusions.countries = vec!["de".to_owned()];
    let hit = stage.hit("lang=de");
    let found = stage.enricher.enrich(hit, &stage.sites(), &crate::stage::salts());
    assert_eq!(found.unwrap_err().code(), "excluded-country");
}
