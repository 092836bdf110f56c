//! Who may call what: every method is called by every role, and what is allowed is what `access/rights.txt` says, no more
//! and no less. A new method has to be declared there.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod world;

use std::{collections::BTreeMap, fmt::Write as _};

use footfall_admin::Principal;
use footfall_api::matomo::{self, MatomoRequest, Param};
use footfall_report::reports;
use world::{GIVEN, ROLES, World};

/// Methods whose rights no line of `rights.txt` declares. It may only shrink.
const UNDECLARED: &[&str] = &[];

/// Whether a caller is refused, whatever else is right or wrong with the request.
async fn refuses(world: &World, caller: &Principal, method: &str, site: &str) -> bool {
    let mut request = MatomoRequest::of(GIVEN);
    request.set("method", method);
    request.set("idSite", site);
    request.set("idSites", site);
    // What is asked of somebody is asked of the caller: of others it is for superusers.
    request.set("login", &caller.login);
    request.put("urls", Param::List(vec![("0".to_owned(), Param::Text("method=API.getSettings".to_owned()))]));
    let reply = matomo::answer(&world.context, caller, &request).await;
    let text = String::from_utf8_lossy(&reply.body);
    // What is missing is said before it is asked who calls: `GIVEN` has to have it, or nothing is known of rights.
    assert!(!text.contains("Please specify a value for"), "{method}: {text}");
    reply.status == 401 || REFUSALS.iter().any(|words| text.contains(words))
}

/// What a refusal says, whichever method it comes from.
const REFUSALS: &[&str] = &[
    "can't access this resource",
    "must be logged in",
    "is not allowed to",
    "The user has to be either a Super User",
    "can't be performed for anonymous user",
    "don't have the required access level",
];

#[tokio::test]
async fn every_method_refuses_who_may_not() {
    let world = World::new().await;
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for method in matomo::methods() {
        let mut least = None;
        for ((role, _), caller) in ROLES.iter().zip(&world.people) {
            let refused = refuses(&world, caller, &method, "1").await;
            match (refused, least) {
                (false, None) => least = Some(*role),
                (true, Some(less)) => panic!("{method} is refused to {role} and allowed to {less}"),
                _ => {}
            }
        }
        let least = least.unwrap_or("nobody");
        let elsewhere = least != "anonymous" && !refuses(&world, &world.people[3], &method, "2").await;
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
