//! A server's inside with two sites and somebody of every role.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::{net::IpAddr, sync::Arc};

use footfall_admin::{Admin, NewSite, NewUser, Principal};
use footfall_api::matomo::{Context, Settings};
use footfall_model::{Access, Catalogue, Millis, SiteId};
use footfall_report::store::MemoryStore;

const NOW: Millis = Millis(1_772_000_000_000);

/// From those who may least to those who may most. All but the superuser know site 1 only.
pub(crate) const ROLES: [(&str, Option<Access>); 5] = [
    ("anonymous", None),
    ("view", Some(Access::View)),
    ("write", Some(Access::Write)),
    ("admin", Some(Access::Admin)),
    ("superuser", Some(Access::Superuser)),
];

/// The context and the people, in the order of [`ROLES`].
pub(crate) struct World {
    pub(crate) context: Context,
    pub(crate) people: Vec<Principal>,
}

impl World {
    pub(crate) async fn new() -> World {
        let admin = Admin::open_in_memory().await.unwrap();
        for n in 1..=2 {
            let new = NewSite { urls: vec![format!("http://site{n}.example")], ..NewSite::default() };
            admin.add_site(new, NOW).await.unwrap();
        }
        let mut people = Vec::new();
        for (login, access) in ROLES {
            let Some(access) = access else {
                people.push(admin.anonymous().await.unwrap());
                continue;
            };
            let is_super = access == Access::Superuser;
            let new = NewUser {
                login: login.to_owned(),
                email: format!("{login}@example.org"),
                superuser: is_super,
                ..NewUser::default()
            };
            admin.add_user(new, NOW).await.unwrap();
            if !is_super {
                admin.set_access(login, Some(access), &[SiteId(1)]).await.unwrap();
            }
            people.push(admin.principal(login).await.unwrap());
        }
        let catalogue = Arc::new(Catalogue::built_in());
        let context = Context {
            store: Arc::new(MemoryStore::new(Arc::clone(&catalogue))),
            sites: Arc::new(admin.snapshot(NOW).await.unwrap()),
            catalogue,
            admin: Arc::new(admin),
            now: NOW,
            peer: IpAddr::from([127, 0, 0, 1]),
            settings: Settings::default(),
        };
        World { context, people }
    }
}

/// Parameters that methods ask for. They name nothing that exists but the sites, so that nothing can be lost.
pub(crate) const GIVEN: &[(&str, &str)] = &[
    ("module", "API"),
    ("format", "json"),
    ("period", "day"),
    ("date", "2026-02-01"),
    ("name", "x"),
    ("backgroundColor", "FFFFFF"),
    ("useCustomLogo", "0"),
    ("trustedHosts", "stats.example"),
    ("fontColor", "000000"),
    ("fontSize", "12px"),
    ("fontFamily", "Arial"),
    ("applyStyling", "1"),
    ("showIntro", "1"),
    ("matomoUrl", "http://stats.example/"),
    ("language", "en"),
    ("definition", "countryCode==de"),
    ("idSegment", "99"),
    ("idGoal", "99"),
    ("idNote", "99"),
    ("idReport", "99"),
    ("idDashboard", "99"),
    ("idDimension", "99"),
    ("idVisit", "99"),
    ("userLogin", "nobody"),
    ("userEmail", "nobody@example.com"),
    ("email", "new@example.com"),
    ("password", "short"),
    ("access", "view"),
    ("permission", "view"),
    ("capabilities", "none"),
    ("hasSuperUserAccess", "0"),
    ("preferenceName", "defaultReport"),
    ("preferenceNames", "defaultReport"),
    ("preferenceValue", "1"),
    ("matchAttribute", "manually"),
    ("note", "x"),
    ("scope", "visit"),
    ("pageUrl", "http://site1.example/x"),
    ("pageTitle", "x"),
    ("pageName", "x"),
    ("downloadUrl", "x"),
    ("outlinkUrl", "x"),
    ("idSubtable", "1"),
    ("actionName", "x"),
    ("actionType", "title"),
    ("active", "1"),
    ("pluginName", "API"),
    ("url", "http://site1.example"),
    ("pattern", "x"),
    ("siteName", "x"),
    ("oldGroupName", "x"),
    ("newGroupName", "y"),
    ("timezone", "UTC"),
    ("timezones", "UTC"),
    ("ipRange", "10.0.0.0/8"),
    ("defaultCurrency", "EUR"),
    ("defaultTimezone", "UTC"),
    ("enabled", "0"),
    ("anonymizeIPEnable", "1"),
    ("maskLength", "2"),
    ("apiModule", "VisitsSummary"),
    ("apiAction", "get"),
    ("segmentName", "countryCode"),
    ("label", "x"),
    ("lastMinutes", "30"),
    ("visitorId", "0123456789abcdef"),
    ("reportId", "VisitsSummary_get"),
    ("reportUniqueId", "UserCountry_getCountry"),
    ("segment", "countryCode==de"),
    ("dates", "2026-02-01"),
    ("idFailure", "1"),
    ("description", "x"),
    ("hour", "0"),
    ("reportType", "email"),
    ("reportFormat", "html"),
    ("reports", "VisitsSummary_get"),
    ("parameters", "x"),
    ("patternType", "contains"),
    ("initialIdSite", "1"),
    ("passwordConfirmation", "x"),
    ("languageCode", "en"),
    ("use12HourClock", "0"),
    ("dashboardName", "x"),
    ("copyToUser", "nobody"),
    ("visits", "x"),
    ("providerId", "default"),
    ("excludedIps", "10.0.0.1"),
    ("excludedQueryParameters", "x"),
    ("excludedReferrers", "x.example"),
    ("excludedUserAgents", "x"),
    ("searchKeywordParameters", "x"),
    ("searchCategoryParameters", "x"),
    ("enableBrowserTriggerArchiving", "1"),
    ("todayArchiveTimeToLive", "60"),
];
