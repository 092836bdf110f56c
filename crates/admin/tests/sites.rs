//! Sites, goals and dimensions, as the rest of the program meets them.

use footfall_admin::{Admin, NewDimension, NewGoal, NewSite, SiteChanges};
use footfall_model::{CustomScope, Fault, GoalId, GoalMatch, MatchAttribute, MatchPattern, Millis, SiteId, VisitPolicy};

const NOW: Millis = Millis(1_700_000_000_000);
const HOUR: i64 = 3_600_000;

fn named(name: &str, url: &str) -> NewSite {
    NewSite { name: name.to_owned(), urls: vec![url.to_owned()], ..NewSite::default() }
}

fn page(path: &str) -> GoalMatch {
    GoalMatch::PagePath { path: path.to_owned() }
}

#[tokio::test]
async fn numbers_are_never_given_twice() {
    let admin = Admin::open_in_memory().await.unwrap();
    for expected in 1..=3 {
        let site = admin.add_site(named("a", "http://piwik.net"), NOW).await.unwrap();
        assert_eq!(site.id, SiteId(expected));
    }
    admin.delete_site(SiteId(3)).await.unwrap();
    let site = admin.add_site(named("a", "http://piwik.net"), NOW).await.unwrap();
    assert_eq!(site.id, SiteId(4));
    let domains: Vec<String> = admin.sites(NOW).await.unwrap().into_iter().map(|site| site.domain).collect();
    assert_eq!(domains, ["piwik.net", "piwik.net-2", "piwik.net-3"]);
    let error = admin.site(SiteId(3), NOW).await.unwrap_err();
    assert_eq!((error.fault(), error.message()), (Fault::Missing, "no site has the number `3`"));
}
