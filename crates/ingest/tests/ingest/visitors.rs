//! Who it is.

use footfall_model::VisitorId;

use crate::stage::{Ask, NOW, Stage};

#[test]
fn ids_are_claimed_or_forced() {
    let stage = Stage::new();
    for (query, visitor, forced) in [
        ("", None, false),
        ("_id=00000000000000ff", Some(255), false),
        ("_id=00000000000000ff99", Some(255), false),
        ("_id=ff", None, false),
        ("_id=zzzzzzzzzzzzzzzz", None, false),
        ("_id[]=00000000000000ff", None, false),
        ("cid=00000000000000fe", Some(254), true),
        ("cid=00000000000000fe&_id=00000000000000ff", Some(254), true),
        ("uid=ada&_id=00000000000000ff", Some(255), false),
        ("uid=ada&cid=bad", None, false),
    ] {
        let hit = stage.hit(query);
        assert_eq!((hit.visitor, hit.visitor_forced), (visitor, forced), "{query}");
    }
    assert_eq!(stage.hit("uid=ada").user.as_deref(), Some("ada"));
    assert_eq!(stage.hit(&format!("uid={}", "a".repeat(500))).user.unwrap().len(), 200);
    assert!(stage.hit("new_visit=1").new_visit);
    assert!(!stage.hit("new_visit=0").new_visit);
}

#[test]
fn the_cookie_of_our_own_domain_counts_where_it_is_used() {
    let mut stage = Stage::new();
    let headers = [("user-agent", crate::stage::CHROME), ("cookie", "_pk_uid=0%3DMDAwMDAwMDAwMDAwMDBmZg%3D%3D")];
    let ask = Ask { query: "idsite=1&rec=1&_id=00000000000000aa", headers: &headers, ..Ask::default() };
    assert_eq!(stage.matomo(&ask).hits[0].visitor, Some(0xaa));
    stage.settings.third_party_cookie = true;
    let accepted = stage.matomo(&ask);
    assert_eq!(accepted.hits[0].visitor, Some(0xff));
    let cookie = accepted.reply.headers.iter().find(|(name, _)| *name == "set-cookie").map(|(_, value)| value.as_ref());
    assert_eq!(cookie, Some("_pk_uid=0%3DMDAwMDAwMDAwMDAwMDBmZg%3D%3D; Max-Age=33955200; Path=/; SameSite=Lax"));
}

#[test]
fn a_user_makes_the_visitor() {
    let mut stage = Stage::new();
    let hit = stage.hit("uid=user&_id=00000000000000ff");
    let enriched = stage.enrich(hit.clone());
    assert_eq!(enriched.visitor, VisitorId::parse("12dea96fec205935"));
    assert_eq!(enriched.user.as_deref(), Some("user"));
    stage.settings.user_id_makes_visitor_id = false;
    assert_eq!(stage.enrich(hit).visitor, Some(VisitorId(255)));
}

#[test]
fn without_cookies_the_day_decides() {
    let stage = Stage::new();
    let hit = |query: &str, headers: &[(&str, &str)], peer: &str| {
        let query = format!("idsite=2&rec=1&url=https://quiet.example/&{query}");
        let accepted = stage.matomo(&Ask { query: &query, headers, peer, ..Ask::default() });
        stage.enrich(accepted.hits.into_iter().next().unwrap())
    };
    let chrome = [("user-agent", crate::stage::CHROME)];
    let first = hit("_id=00000000000000ff", &chrome, "203.0.113.77");
    assert_ne!(first.visitor, Some(VisitorId(255)));
    assert_eq!(first.visitor, hit("", &chrome, "203.0.113.77").visitor);
    assert_ne!(first.visitor, hit("", &chrome, "203.0.113.78").visitor);
    assert_ne!(first.visitor, hit("", &[("user-agent", "Mozilla/5.0 Firefox/127.0")], "203.0.113.77").visitor);
    assert_ne!(first.visitor, first.visitor_before);
    assert_eq!((first.fingerprint, first.visitor_forced), (0, false));
    let yesterday = hit(&format!("cdt={}", NOW / 1000 - 12 * 3600), &chrome, "203.0.113.77");
    assert_eq!(yesterday.visitor, first.visitor_before);
}

#[test]
fn a_fingerprint_lasts_for_the_sites_day() {
    let stage = Stage::new();
    let of = |query: &str| stage.enrich(stage.hit(query)).fingerprint;
    let first = of("pdf=1");
    assert_ne!(first, 0);
    assert_eq!(first, of("pdf=1&url=https://example.org/other"));
    assert_ne!(first, of("pdf=0"));
    assert_ne!(first, of("pdf=1&lang=fr"));
    assert_ne!(first, of("pdf=1&ua=Mozilla/5.0%20(X11;%20Linux%20x86_64;%20rv:127.0)%20Gecko/20100101%20Firefox/127.0"));
    // 23:30 and 00:30 in Berlin are two days, though both are the same in UTC.
    assert_ne!(of("cdt=2026-02-28%2022:30:00"), of("cdt=2026-02-28%2023:30:00"));
    assert_eq!(of("cdt=2026-02-28%2023:30:00"), of("cdt=2026-03-01%2009:30:00"));
}

#[test]
fn the_clock_may_change_within_a_day() {
    let mut stage = Stage::new();
    stage.list[0].zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
    let of = |moment: &str| stage.enrich(stage.hit(&format!("token_auth=super&cdt={moment}"))).fingerprint;
    // On 2025-03-30 London's clock went from 1:00 to 2:00, on 2025-10-26 from 2:00 to 1:00.
    assert_eq!(of("2025-03-30%2000:30:00"), of("2025-03-30%2022:30:00"));
    assert_ne!(of("2025-03-30%2022:30:00"), of("2025-03-30%2023:30:00"));
    assert_eq!(of("2025-10-25%2023:30:00"), of("2025-10-26%2023:30:00"));
    assert_ne!(of("2025-10-26%2023:30:00"), of("2025-10-27%2000:30:00"));
}
