//! Who may call what: every method is called by every role, and what is allowed is what `access/rights.txt` says, no more
//! and no less. A new method has to be declared there.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::{collections::BTreeMap, fmt::Write as _, net::IpAddr, sync::Arc};

use footfall_admin::{Admin, NewSite, NewUser, Principal};
use footfall_api::matomo::{self, Context, MatomoRequest, Param, Settings};
use footfall_model::{Access, Catalogue, Millis, SiteId};
use footfall_report::{reports, store::MemoryStore};

const NOW: Millis = Millis(1_772_000_000_000);

/// From those who may least to those who may most. All but the superuser know site 1 only.
const ROLES: [(&str, Option<Access>); 5] = [
    ("anonymous", None),
    ("view", Some(Access::View)),
    ("write", Some(Access::Write)),
    ("admin", Some(Access::Admin)),
    ("superuser", Some(Access::Superuser)),
];

/// Methods whose rights no line of `rights.txt` declares. It may only shrink.
const UNDECLARED: &[&str] = &[];

struct World {
    context: Context,
    people: Vec<Principal>,
}

impl World {
    async fn new() -> World {
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

    /// Whether a caller is refused, whatever else is right or wrong with the request.
    async fn refuses(&self, caller: &Principal, method: &str, site: &str) -> bool {
        let mut request = MatomoRequest::of(GIVEN);
        request.set("method", method);
        request.set("idSite", site);
        request.set("idSites", site);
        request.put("urls", Param::List(vec![("0".to_owned(), Param::Text("method=API.getSettings".to_owned()))]));
        let reply = matomo::answer(&self.context, caller, &request).await;
        let text = String::from_utf8(reply.body).unwrap();
        reply.status == 401 || REFUSALS.iter().any(|words| text.contains(words))
    }
}

/// Parameters that methods ask for. They name nothing that exists but the sites, so that nothing can be lost.
const GIVEN: &[(&str, &str)] = &[
    ("module", "API"),
    ("format", "json"),
    ("period", "day"),
    ("date", "2026-02-01"),
    ("name", "x"),
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
];

/// What a refusal says, whichever method it comes from.
const REFUSALS: &[&str] =
    &["can't access this resource", "must be logged in", "is not allowed to", "The user has to be either a Super User"];

#[tokio::test]
async fn every_method_refuses_who_may_not() {
    let world = World::new().await;
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for method in matomo::methods() {
        let mut least = None;
        for ((role, _), caller) in ROLES.iter().zip(&world.people) {
            let refused = world.refuses(caller, &method, "1").await;
            match (refused, least) {
                (false, None) => least = Some(*role),
                (true, Some(less)) => panic!("{method} is refused to {role} and allowed to {less}"),
                _ => {}
            }
        }
        let least = least.unwrap_or("nobody");
        let elsewhere = least != "anonymous" && !world.refuses(&world.people[3], &method, "2").await;
        let right = if elsewhere && least != "superuser" { format!("{least} somewhere") } else { least.to_owned() };
        found.insert(method, right);
    }
    let declared = declared();
    let mut report = String::new();
    for (method, right) in &found {
        match declared.get(method) {
            Some(declared) if declared == right => {}
            Some(declared) => writeln!(report, "{method} is declared `{declared}` and allows `{right}`").unwrap(),
            None if is_report(method) && right == "view" => {}
            None if UNDECLARED.contains(&method.as_str()) => {}
            None => writeln!(report, "{method} allows `{right}` and is not declared").unwrap(),
        }
    }
    for method in declared.keys().filter(|method| !found.contains_key(*method)) {
        writeln!(report, "{method} is declared and does not exist").unwrap();
    }
    assert!(report.is_empty(), "see tests/access/rights.txt:\n{report}");
    assert!(UNDECLARED.iter().all(|method| found.contains_key(*method) && !declared.contains_key(*method)));
}

/// Reports need no line: whoever may view a site may read its reports.
fn is_report(method: &str) -> bool {
    method.split_once('.').is_some_and(|(module, action)| reports::find(module, action).is_some())
}

/// Methods with the least role that may call them on its own site; `somewhere` where any site will do.
fn declared() -> BTreeMap<String, String> {
    let path = "tests/access/rights.txt";
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once(' ').unwrap()).map(|(method, right)| (method.to_owned(), right.to_owned())).collect()
}
