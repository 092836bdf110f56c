use footfall_admin::{NewSite, SiteChanges};
use footfall_model::{Exclusions, Millis, SiteSearch, VisitPolicy};
use proptest::prelude::*;

use super::{DAY, HOUR, NOW, PLAUSIBLE, add_site, empty, invalid, missing, site, strings};

#[tokio::test]
async fn numbers_are_never_given_twice() {
    let admin = empty().await;
    for expected in 1..=3 {
        assert_eq!(add_site(&admin, "http://piwik.net").await.id, site(expected));
    }
    admin.delete_site(site(3)).await.unwrap();
    assert_eq!(add_site(&admin, "http://piwik.net").await.id, site(4));
    let sites = admin.sites(NOW).await.unwrap();
    let domains: Vec<&str> = sites.iter().map(|site| site.domain.as_str()).collect();
    assert_eq!(domains, ["piwik.net", "piwik.net-2", "piwik.net-3"]);
    missing(admin.site(site(3), NOW).await, "no site has the number `3`");
    missing(admin.delete_site(site(3)).await, "no site has the number `3`");
}

#[tokio::test]
async fn what_is_left_out_takes_the_defaults() {
    let admin = empty().await;
    let made = admin.add_site(NewSite { domain: Some("example.org".to_owned()), ..NewSite::default() }, NOW).await.unwrap();
    assert_eq!((made.name.as_str(), made.domain.as_str()), ("example.org", "example.org"));
    assert_eq!((made.timezone.as_str(), made.currency.as_str(), made.kind.as_str()), ("UTC", "USD", "website"));
    assert_eq!((made.policy, made.search.enabled, made.public), (VisitPolicy::Matomo, true, false));
    assert_eq!(made.created_at, NOW);
    for (name, value) in [("default_timezone", "Europe/Berlin"), ("default_currency", "eur"), ("default_policy", "plausible")] {
        admin.set_setting(name, value).await.unwrap();
    }
    let made = add_site(&admin, "http://other.example").await;
    assert_eq!((made.timezone.as_str(), made.currency.as_str()), ("Europe/Berlin", "EUR"));
    assert_eq!(made.policy, PLAUSIBLE);
}

#[tokio::test]
async fn every_field_is_kept() {
    let admin = empty().await;
    let new = NewSite {
        name: " Shop ".to_owned(),
        domain: Some("https://www.Shop.example/".to_owned()),
        urls: strings(&["http://shop.example/", "http://shop.example", "https://m.shop.example"]),
        timezone: Some("utc+5.5".to_owned()),
        currency: Some("eur".to_owned()),
        policy: Some(PLAUSIBLE),
        ecommerce: true,
        search: Some(SiteSearch { enabled: false, keyword_params: strings(&["q"]), category_params: strings(&["cat"]) }),
        exclusions: Exclusions {
            addresses: strings(&["10.0.*.*"]),
            user_agents: strings(&["/bot/i"]),
            referrers: strings(&["pay.example"]),
            unknown_urls: true,
            countries: strings(&["de"]),
            pages: strings(&["/admin/**"]),
            hostnames: strings(&["shop.example"]),
        },
        excluded_params: strings(&["SID"]),
        keep_fragments: true,
        group: "shops".to_owned(),
        kind: Some("mobileapp".to_owned()),
        created_at: Some(Millis(5)),
        public: true,
        allowed_props: strings(&["tier"]),
    };
    let made = admin.add_site(new, NOW).await.unwrap();
    let kept = admin.site(made.id, NOW).await.unwrap();
    assert_eq!(format!("{made:?}"), format!("{kept:?}"));
    assert_eq!((kept.name.as_str(), kept.domain.as_str()), ("Shop", "shop.example"));
    assert_eq!(kept.urls, ["http://shop.example", "https://m.shop.example"]);
    assert_eq!((kept.timezone.as_str(), kept.currency.as_str()), ("UTC+5.5", "EUR"));
    assert_eq!(kept.zone.to_offset(NOW.timestamp()).seconds(), 19_800);
    assert!(kept.ecommerce && kept.keep_fragments && kept.public && !kept.search.enabled);
    assert_eq!((kept.search.keyword_params, kept.search.category_params), (strings(&["q"]), strings(&["cat"])));
    assert!(kept.exclusions.unknown_urls);
    assert_eq!(kept.exclusions.addresses, ["10.0.*.*"]);
    assert_eq!(kept.exclusions.countries, ["DE"]);
    assert_eq!(kept.exclusions.pages, ["/admin/**"]);
    assert_eq!(kept.excluded_params, ["SID"]);
    assert_eq!((kept.group.as_str(), kept.kind.as_str(), kept.created_at), ("shops", "mobileapp", Millis(5)));
    assert_eq!((kept.policy, kept.allowed_props), (PLAUSIBLE, strings(&["tier"])));
}

#[tokio::test]
async fn changes_leave_the_rest() {
    let admin = empty().await;
    add_site(&admin, "http://a.example").await;
    let changes = SiteChanges {
        name: Some("New".to_owned()),
        urls: Some(strings(&["http://b.example"])),
        timezone: Some("America/New_York".to_owned()),
        public: Some(true),
        ..SiteChanges::default()
    };
    let changed = admin.update_site(site(1), changes, NOW).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.domain.as_str()), ("New", "a.example"));
    assert_eq!(changed.urls, ["http://b.example"]);
    assert_eq!((changed.timezone.as_str(), changed.currency.as_str(), changed.public), ("America/New_York", "USD", true));
    assert_eq!(changed.zone.iana_name(), Some("America/New_York"));
    missing(admin.update_site(site(9), SiteChanges::default(), NOW).await, "no site has the number `9`");
}

#[tokio::test]
async fn fields_out_of_bounds_are_refused_by_name() {
    let admin = empty().await;
    let new = NewSite { name: "n".repeat(91), ..NewSite::default() };
    invalid(admin.add_site(new, NOW).await, "`name` may have 90 characters, and has 91");
    let new = NewSite { timezone: Some("Mars".to_owned()), ..NewSite::default() };
    invalid(
        admin.add_site(new, NOW).await,
        "`timezone` must be an IANA name such as `Europe/Berlin`, or `UTC` with hours such as `UTC+5.5`",
    );
    let new = NewSite { currency: Some("euros".to_owned()), ..NewSite::default() };
    invalid(admin.add_site(new, NOW).await, "`currency` must be an ISO 4217 code such as `EUR`");
    let new = NewSite { urls: strings(&["nonsense"]), ..NewSite::default() };
    invalid(admin.add_site(new, NOW).await, "`urls` must hold addresses such as `https://example.org`, and holds `nonsense`");
    // None of them took a number.
    assert_eq!(add_site(&admin, "http://a.example").await.id, site(1));
}

fn to_domain(domain: &str) -> SiteChanges {
    SiteChanges { domain: Some(domain.to_owned()), ..SiteChanges::default() }
}

#[tokio::test]
async fn a_domain_belongs_to_one_site() {
    let admin = empty().await;
    add_site(&admin, "http://a.example").await;
    add_site(&admin, "http://b.example").await;
    let taken = "`domain` must be unique, and `a.example` belongs to another site";
    invalid(admin.update_site(site(2), to_domain("A.example"), NOW).await, taken);
    let new = NewSite { domain: Some("www.a.example".to_owned()), ..NewSite::default() };
    invalid(admin.add_site(new, NOW).await, taken);
    let same = admin.update_site(site(1), to_domain("a.example"), NOW).await.unwrap();
    assert_eq!((same.domain.as_str(), same.former_domain), ("a.example", None));
}

#[tokio::test]
async fn a_former_domain_is_accepted_for_72_hours() {
    let admin = empty().await;
    add_site(&admin, "http://old.example").await;
    let changed = admin.update_site(site(1), to_domain("new.example"), NOW).await.unwrap();
    assert_eq!((changed.domain.as_str(), changed.former_domain.as_deref()), ("new.example", Some("old.example")));
    let last = NOW.plus(3 * DAY - 1);
    let snapshot = admin.snapshot(last).await.unwrap();
    assert_eq!(snapshot.by_domain("old.example").unwrap().id, site(1));
    assert_eq!(snapshot.by_domain("new.example").unwrap().id, site(1));
    assert_eq!(admin.stale_at(NOW).await.unwrap(), Some(NOW.plus(3 * DAY)));
    // Until then nobody else gets it.
    let other = add_site(&admin, "http://old.example").await;
    assert_eq!(other.domain, "old.example-2");
    let snapshot = admin.snapshot(NOW.plus(3 * DAY)).await.unwrap();
    assert!(snapshot.by_domain("old.example").is_none());
    let late = admin.update_site(site(2), to_domain("old.example"), NOW.plus(3 * DAY)).await.unwrap();
    assert_eq!(late.domain, "old.example");
}

#[tokio::test]
async fn a_site_can_have_settings_of_its_own() {
    let admin = empty().await;
    add_site(&admin, "http://a.example").await;
    assert_eq!(admin.site_setting::<u32>(site(1), "retention_days").await.unwrap(), None);
    admin.set_site_setting(site(1), "retention_days", &180).await.unwrap();
    admin.set_site_setting(site(1), "retention_days", &365).await.unwrap();
    assert_eq!(admin.site_setting::<u32>(site(1), "retention_days").await.unwrap(), Some(365));
    missing(admin.set_site_setting(site(2), "retention_days", &1).await, "no site has the number `2`");
    admin.delete_site(site(1)).await.unwrap();
    assert_eq!(admin.site_setting::<u32>(site(1), "retention_days").await.unwrap(), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is added and renamed, no two sites have the same domain, and a snapshot finds each by its own.
    #[test]
    fn domains_stay_unique(steps in prop::collection::vec((any::<bool>(), 0_u32..6, "[ab]{1,2}(\\.[ab])?", 0_i64..100), 1..24)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let admin = empty().await;
            let mut now = NOW;
            for (add, n, domain, hours) in steps {
                now = now.plus(hours * HOUR);
                if add {
                    add_site(&admin, &format!("http://{domain}")).await;
                } else {
                    // Refused when there is no such site or the domain is taken.
                    drop(admin.update_site(site(n), to_domain(&domain), now).await);
                }
            }
            let snapshot = admin.snapshot(now).await.unwrap();
            for site in snapshot.all() {
                prop_assert_eq!(snapshot.by_domain(&site.domain).unwrap().id, site.id);
                if let Some(former) = &site.former_domain {
                    prop_assert_eq!(snapshot.by_domain(former).unwrap().id, site.id);
                }
            }
            Ok(())
        })?;
    }
}
