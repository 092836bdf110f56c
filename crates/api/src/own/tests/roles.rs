//! Roles in the team: every role asks for what they differ in, of all three APIs.

use std::sync::Arc;

use footfall_admin::{GuestRole, NewToken, NewUser, TeamRole, UserChanges};
use footfall_model::{Access, SiteId};
use serde_json::{Value, json};

use super::{NOW, Server};
use crate::{
    Call,
    matomo::{self, MatomoRequest, Sent},
    plausible,
};

/// The members, and a guest who may view site 1.
const WHO: [(&str, Option<TeamRole>); 6] = [
    ("owner", Some(TeamRole::Owner)),
    ("admin", Some(TeamRole::Admin)),
    ("editor", Some(TeamRole::Editor)),
    ("billing", Some(TeamRole::Billing)),
    ("viewer", Some(TeamRole::Viewer)),
    ("guest", None),
];

/// A server that is asked by one of them.
async fn asked_by(login: &str, role: Option<TeamRole>) -> Server {
    let mut server = Server::start().await;
    let new = NewUser { login: login.to_owned(), email: format!("{login}@example.com"), role, ..NewUser::default() };
    let new = NewUser { password: Some("long-enough".to_owned()), ..new };
    server.ctx.admin.add_user(new, NOW).await.unwrap();
    if role.is_none() {
        server.ctx.admin.set_access(login, Some(Access::View), &[SiteId(1)]).await.unwrap();
    }
    server.token = key(&server, login, &[]).await;
    server
}

async fn key(server: &Server, login: &str, scopes: &[&str]) -> String {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let new = NewToken { login: login.to_owned(), description: "key".to_owned(), scopes, ..NewToken::default() };
    server.ctx.admin.create_token(new, NOW).await.unwrap().1
}

/// What Plausible's APIs answer to a key.
async fn plausible(server: &Server, key: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let mut call = Call::new(method, path);
    call.authorization = Some(format!("Bearer {key}"));
    call.content_type = Some("application/json".to_owned());
    if !body.is_null() {
        call.body = body.to_string().into_bytes();
    }
    let reply = plausible::answer(&server.ctx, &call).await;
    (reply.status, serde_json::from_slice(&reply.body).unwrap_or(Value::Null))
}

/// What Matomo's API answers to a token.
async fn matomo(server: &Server, query: &str) -> (u16, Value) {
    let caller = matomo::caller(&server.ctx, Some(&server.token), Sent::Securely).await.unwrap();
    let given: Vec<(&str, &str)> = query.split('&').map(|pair| pair.split_once('=').unwrap()).collect();
    let mut request = MatomoRequest::of(&given);
    request.set("format", "json");
    let reply = matomo::answer(&server.ctx, &caller, &request).await;
    (reply.status, serde_json::from_slice(&reply.body).unwrap_or(Value::Null))
}

/// Method, path, body, and the statuses in the order of [`WHO`].
type Row = (&'static str, &'static str, Value, [u16; 6]);

fn own_rows() -> Vec<Row> {
    let day = json!({"range": {"period": "day"}, "metrics": ["visitors"]});
    let reads = [200, 200, 200, 404, 200, 404];
    let members = [201, 201, 403, 403, 403, 403];
    vec![
        ("GET", "/sites", Value::Null, [200; 6]),
        ("GET", "/sites/2", Value::Null, reads),
        ("GET", "/sites/2/live", Value::Null, reads),
        ("GET", "/sites/2/goals", Value::Null, reads),
        ("POST", "/sites/2/query", day, reads),
        ("POST", "/sites/2/goals", json!({"name": "x", "match": "event", "pattern": "x"}), [201, 201, 201, 404, 403, 404]),
        ("POST", "/sites/2/shared-links", json!({"name": "x"}), [201, 201, 201, 404, 403, 404]),
        ("PATCH", "/sites/2", json!({"name": "x", "excluded_countries": ["DE"]}), [200, 200, 200, 404, 403, 404]),
        ("POST", "/sites/2/dimensions", json!({"name": "Tier", "scope": "visit"}), [201, 201, 201, 404, 403, 404]),
        ("GET", "/sites/2/imports", Value::Null, [200, 200, 200, 404, 403, 404]),
        ("GET", "/sites/2/export/events", Value::Null, [200, 200, 200, 404, 403, 404]),
        ("GET", "/sites/2/email-reports", Value::Null, [200, 200, 200, 404, 403, 404]),
        ("PUT", "/sites/2/retention", json!({"days": 365}), [200, 200, 403, 404, 403, 404]),
        ("GET", "/sites/2/guests", Value::Null, [200, 200, 403, 404, 403, 404]),
        ("POST", "/sites/2/guests", json!({"email": "g@example.net", "role": "viewer"}), [201, 201, 403, 404, 403, 404]),
        ("PUT", "/users/vera/access", json!({"site_id": 2, "access": "view"}), [200, 200, 403, 404, 403, 404]),
        ("GET", "/users", Value::Null, [200, 200, 403, 403, 403, 403]),
        ("GET", "/team", Value::Null, [200, 200, 403, 200, 403, 403]),
        ("POST", "/users", json!({"login": "new", "email": "new@example.net", "role": "editor"}), members),
        ("POST", "/users/new/invitation", Value::Null, [200, 200, 403, 403, 403, 403]),
        (
            "POST",
            "/users",
            json!({"login": "boss", "email": "boss@example.net", "role": "owner"}),
            [201, 403, 403, 403, 403, 403],
        ),
        (
            "POST",
            "/users",
            json!({"login": "chef", "email": "chef@example.net", "superuser": true}),
            [201, 403, 403, 403, 403, 403],
        ),
        ("POST", "/users", json!({"login": "king", "email": "king@example.net", "role": "king"}), [422, 422, 403, 403, 403, 403]),
        ("PUT", "/users/vera/role", json!({"role": "admin"}), [200, 200, 403, 403, 403, 403]),
        ("PUT", "/users/vera/role", json!({"role": "viewer"}), [200, 200, 403, 403, 403, 403]),
        ("PUT", "/users/vera/role", json!({"role": "owner"}), [200, 403, 403, 403, 403, 403]),
        ("PUT", "/users/nobody/role", json!({"role": "viewer"}), [404, 404, 403, 403, 403, 403]),
        ("PUT", "/users/root/role", json!({"role": "viewer"}), [200, 403, 403, 403, 403, 403]),
        ("PATCH", "/users/vera", json!({"name": "Vera"}), [200, 403, 403, 403, 403, 403]),
        ("DELETE", "/users/new", Value::Null, [204, 204, 403, 403, 403, 403]),
        ("DELETE", "/users/root", Value::Null, [204, 403, 403, 403, 403, 403]),
        ("GET", "/settings", Value::Null, [200, 403, 403, 403, 403, 403]),
        ("GET", "/dropped", Value::Null, [200, 403, 403, 403, 403, 403]),
        ("POST", "/sites", json!({"domain": "new.example"}), [200, 200, 200, 403, 403, 403]),
        ("DELETE", "/sites/2", Value::Null, [204, 204, 403, 403, 403, 403]),
    ]
}

fn plausible_rows() -> Vec<Row> {
    let changes = [200, 200, 200, 404, 404, 404];
    let v2 = json!({"site_id": "other.org", "metrics": ["visitors"], "date_range": "day"});
    let props = json!({"site_id": "other.org", "property": "plan"});
    let config = json!({"tracker_script_configuration": {"outbound_links": true}});
    vec![
        ("GET", "/api/v1/sites", Value::Null, [200; 6]),
        ("GET", "/api/v1/sites/other.org", Value::Null, [200, 200, 200, 404, 200, 404]),
        ("GET", "/api/v1/sites/goals?site_id=other.org", Value::Null, [200, 200, 200, 404, 200, 404]),
        ("GET", "/api/v1/stats/aggregate?site_id=other.org&period=day", Value::Null, [200, 200, 200, 401, 200, 401]),
        ("GET", "/api/v1/stats/timeseries?site_id=other.org&period=day", Value::Null, [200, 200, 200, 401, 200, 401]),
        ("POST", "/api/v2/query", v2, [200, 200, 200, 401, 200, 401]),
        ("PUT", "/api/v1/sites/goals", json!({"site_id": "other.org", "goal_type": "event", "event_name": "Buy"}), changes),
        ("PUT", "/api/v1/sites/shared-links", json!({"site_id": "other.org", "name": "x"}), changes),
        ("PUT", "/api/v1/sites/custom-props", props, changes),
        ("DELETE", "/api/v1/sites/custom-props/plan?site_id=other.org", Value::Null, changes),
        ("PUT", "/api/v1/sites/other.org", config, changes),
        ("GET", "/api/v1/sites/guests?site_id=other.org", Value::Null, [200, 200, 404, 404, 404, 404]),
        (
            "PUT",
            "/api/v1/sites/guests",
            json!({"site_id": "other.org", "email": "g@example.net", "role": "viewer"}),
            [200, 200, 404, 404, 404, 404],
        ),
        ("POST", "/api/v1/sites", json!({"domain": "new.example"}), [200, 200, 200, 403, 403, 403]),
        ("DELETE", "/api/v1/sites/other.org", Value::Null, [200, 200, 404, 404, 404, 404]),
    ]
}

const MATOMO: [(&str, [u16; 6]); 13] = [
    ("method=VisitsSummary.get&idSite=2&period=day&date=today", [200, 200, 200, 401, 200, 401]),
    ("method=SitesManager.getSiteFromId&idSite=2", [200, 200, 200, 401, 200, 401]),
    ("method=Goals.addGoal&idSite=2&name=x&matchAttribute=url&pattern=x&patternType=contains", [200, 200, 200, 401, 401, 401]),
    // Matomo's `write` does not change a site, so neither do editors in its dialect.
    ("method=SitesManager.updateSite&idSite=2&siteName=x", [200, 200, 401, 401, 401, 401]),
    ("method=UsersManager.setUserAccess&userLogin=vera&access=view&idSites=2", [200, 200, 401, 401, 401, 401]),
    ("method=UsersManager.getUsersAccessFromSite&idSite=2", [200, 200, 401, 401, 401, 401]),
    ("method=UsersManager.getUsersPlusRole&idSite=2", [200, 200, 200, 401, 200, 401]),
    ("method=UsersManager.getSitesAccessForUser&userLogin=vera", [200, 200, 401, 401, 401, 401]),
    ("method=UsersManager.getSitesAccessFromUser&userLogin=vera", [200, 401, 401, 401, 401, 401]),
    (
        "method=UsersManager.setSuperUserAccess&userLogin=vera&hasSuperUserAccess=0&passwordConfirmation=long-enough",
        [200, 401, 401, 401, 401, 401],
    ),
    ("method=CoreAdminHome.runScheduledTasks", [200, 401, 401, 401, 401, 401]),
    ("method=SitesManager.addSite&siteName=x&urls=http://new.example", [200, 200, 200, 401, 401, 401]),
    ("method=SitesManager.deleteSite&idSite=2", [200, 200, 401, 401, 401, 401]),
];

#[tokio::test]
async fn every_role_may_what_it_may_of_all_three_apis() {
    let mut wrong = Vec::new();
    for (who, (login, role)) in WHO.into_iter().enumerate() {
        let server = asked_by(login, role).await;
        for (method, path, body, expected) in own_rows() {
            let (status, told) = server.ask(method, path, body.clone()).await;
            if status != expected[who] {
                wrong.push(format!("{login}: {method} {path} {body}: {status} in place of {}: {told}", expected[who]));
            }
        }
        let server = asked_by(login, role).await;
        for (method, path, body, expected) in plausible_rows() {
            let (status, told) = plausible(&server, &server.token, method, path, &body).await;
            if status != expected[who] {
                wrong.push(format!("{login}: {method} {path} {body}: {status} in place of {}: {told}", expected[who]));
            }
        }
        let server = asked_by(login, role).await;
        for (query, expected) in MATOMO {
            let (status, told) = matomo(&server, query).await;
            let refused = status != 200 || told["result"] == "error";
            if status != expected[who] || refused != (expected[who] != 200) {
                wrong.push(format!("{login}: {query}: {status} in place of {}: {told}", expected[who]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn sites_and_teams_are_those_of_the_role() {
    // How many sites are listed, and teams; the right on site 2, and whether its settings may be changed.
    for (who, (sites, teams, access)) in [
        (2, 1, json!(["superuser", true])),
        (2, 1, json!(["admin", true])),
        (2, 1, json!(["write", true])),
        (0, 1, Value::Null),
        (2, 1, json!(["view", false])),
        (1, 0, Value::Null),
    ]
    .into_iter()
    .enumerate()
    {
        let (login, role) = WHO[who];
        let server = asked_by(login, role).await;
        let (_, own) = server.ask("GET", "/sites", Value::Null).await;
        assert_eq!(own["sites"].as_array().unwrap().len(), sites, "{login}: {own}");
        let other = own["sites"].as_array().unwrap().iter().find(|site| site["id"] == 2);
        let held = other.map_or(Value::Null, |site| json!([site["access"], site["sets_up"]]));
        assert_eq!(held, access, "{login}");
        let ask =
            async |path: &str| plausible(&server, &server.token, "GET", &format!("/api/v1/sites{path}"), &Value::Null).await;
        let (_, told) = ask("/teams").await;
        assert_eq!(told["teams"].as_array().unwrap().len(), teams, "{login}: {told}");
        let id = plausible::team_id(&server.ctx).await.unwrap();
        let (_, of_team) = ask(&format!("?team_id={id}")).await;
        let expected = if teams == 1 { sites } else { 0 };
        assert_eq!(of_team["sites"].as_array().unwrap().len(), expected, "{login}: {of_team}");
    }
}

#[tokio::test]
async fn keys_carry_no_more_than_their_scopes_and_their_owners_role() {
    let mut server = asked_by("viewer", Some(TeamRole::Viewer)).await;
    let new = NewUser {
        login: "editor".to_owned(),
        email: "e@example.com".to_owned(),
        role: Some(TeamRole::Editor),
        ..NewUser::default()
    };
    server.ctx.admin.add_user(new, NOW).await.unwrap();
    let stats = "/api/v1/stats/aggregate?site_id=other.org&period=day";
    for (login, scopes, reads, adds) in [
        ("viewer", &["stats:read"][..], 200, 401),
        ("viewer", &["sites:provision"], 200, 403),
        ("viewer", &["tracking:write"], 401, 401),
        ("editor", &["stats:read"], 200, 401),
        ("editor", &["sites:provision"], 200, 200),
    ] {
        let key = key(&server, login, scopes).await;
        assert_eq!(plausible(&server, &key, "GET", stats, &Value::Null).await.0, reads, "{login} {scopes:?}");
        let added = plausible(&server, &key, "POST", "/api/v1/sites", &json!({"domain": "new.example"})).await;
        assert_eq!(added.0, adds, "{login} {scopes:?}: {}", added.1);
    }
    // A key for one site is no member's key.
    let new =
        NewToken { login: "editor".to_owned(), description: "one".to_owned(), site: Some(SiteId(1)), ..NewToken::default() };
    let (_, one) = server.ctx.admin.create_token(new, NOW).await.unwrap();
    for (path, status) in [("/api/v1/sites/example.org", 200), ("/api/v1/sites/other.org", 404)] {
        assert_eq!(plausible(&server, &one, "GET", path, &Value::Null).await.0, status, "{path}");
    }
    assert_eq!(plausible(&server, &one, "POST", "/api/v1/sites", &json!({"domain": "more.example"})).await.0, 403);
    assert_eq!(plausible(&server, &one, "GET", "/api/v1/sites/teams", &Value::Null).await.1["teams"], json!([]));
    // Nor does it give up the role of whom it belongs to, who may do that.
    let whole = key(&server, "editor", &[]).await;
    for (key, status, role) in [(one, 403, Some(TeamRole::Editor)), (whole, 200, None)] {
        server.token = key;
        assert_eq!(server.ask("PUT", "/users/editor/role", json!({"role": null})).await.0, status);
        assert_eq!(server.ctx.admin.user("editor").await.unwrap().role, role);
    }
}

#[tokio::test]
async fn a_role_holds_at_once_and_an_owner_stays() {
    let server = Server::start().await;
    let new = footfall_admin::NewSession { login: "vera", replaces: None, pending: false, lasts: 1000 };
    let session = server.ctx.admin.start_session(new, NOW).await.unwrap();
    let key = key(&server, "vera", &[]).await;
    let by_session = async |method: &str, path: &str, body: Value| {
        let mut call = Call::new(method, &format!("/api/v1{path}"));
        call.cookie = Some(session.cookie.clone());
        call.csrf = Some(session.session.csrf.clone());
        if !body.is_null() {
            call.body = body.to_string().into_bytes();
        }
        server.send(call).await.status
    };
    for (role, reads, users) in [("viewer", 200, 403), ("admin", 200, 200), ("billing", 404, 403), ("editor", 200, 403)] {
        let (status, told) = server.ask("PUT", "/users/vera/role", json!({"role": role})).await;
        assert_eq!((status, &told["role"], &told["superuser"]), (200, &json!(role), &json!(false)), "{told}");
        assert_eq!(by_session("GET", "/sites/2", Value::Null).await, reads, "{role}");
        assert_eq!(by_session("GET", "/users", Value::Null).await, users, "{role}");
        let path = "/api/v1/sites/other.org";
        assert_eq!(plausible(&server, &key, "GET", path, &Value::Null).await.0, reads, "{role}");
    }
    // What was given on a site stays beside the role.
    let (_, told) = server.ask("PUT", "/users/vera/role", json!({"role": null})).await;
    assert_eq!((&told["role"], &told["access"]), (&Value::Null, &json!([{"site_id": 1, "access": "view"}])));
    assert_eq!((by_session("GET", "/sites/1", Value::Null).await, by_session("GET", "/sites/2", Value::Null).await), (200, 404));
    // The last owner stays one, whoever is asked; others may leave.
    for (method, path, body) in [
        ("PUT", "/users/root/role", json!({"role": "admin"})),
        ("PUT", "/users/root/role", json!({"role": null})),
        ("PATCH", "/users/root", json!({"superuser": false})),
    ] {
        let (status, told) = server.ask(method, path, body).await;
        assert_eq!((status, &told["error"]["message"]), (409, &json!("`root` is the only superuser, and one must stay")));
    }
    server.ask("PUT", "/users/vera/role", json!({"role": "viewer"})).await;
    assert_eq!(by_session("PUT", "/users/vera/role", json!({"role": "editor"})).await, 403);
    assert_eq!(by_session("PUT", "/users/VERA/role", json!({"role": null})).await, 200);
    assert_eq!(by_session("GET", "/sites/2", Value::Null).await, 404);
    // Two owners: one may go, and then the other stays.
    server.ask("PUT", "/users/vera/role", json!({"role": "owner"})).await;
    assert_eq!(server.ask("PUT", "/users/root/role", json!({"role": "admin"})).await.0, 200);
    assert_eq!(by_session("PUT", "/users/vera/role", json!({"role": null})).await, 409);
    assert_eq!(server.ask("PUT", "/users/vera/role", json!({"role": "editor"})).await.0, 403);
}

#[tokio::test]
async fn who_is_invited_comes_with_their_role() {
    let server = asked_by("admin", Some(TeamRole::Admin)).await;
    let asked = json!({"login": "edda", "email": "edda@example.com", "role": "editor"});
    let (status, told) = server.ask("POST", "/users", asked).await;
    assert_eq!((status, &told["role"]), (201, &json!("editor")), "{told}");
    let secret = told["invitation_url"].as_str().unwrap().rsplit(['=', '/']).next().unwrap().to_owned();
    server.ctx.admin.accept_invitation(&secret, "long enough", NOW).await.unwrap();
    let principal = server.ctx.admin.principal("edda").await.unwrap();
    assert_eq!((principal.team_role(), principal.access(SiteId(2))), (Some(TeamRole::Editor), Some(Access::Write)));
    // An invited owner counts for nothing yet, and is not for admins to invite again.
    let new = NewUser { login: "boss".to_owned(), email: "b@example.com".to_owned(), superuser: true, ..NewUser::default() };
    server.ctx.admin.invite_user(new, "root", NOW.plus(9), NOW).await.unwrap();
    assert_eq!(server.ask("POST", "/users/boss/invitation", Value::Null).await.0, 403);
    assert_eq!(server.ask("DELETE", "/users/boss", Value::Null).await.0, 403);
}

#[tokio::test]
async fn the_team_tells_its_members_and_how_much_is_used() {
    let server = asked_by("billing", Some(TeamRole::Billing)).await;
    let (status, told) = server.ask("GET", "/team", Value::Null).await;
    assert_eq!(status, 200, "{told}");
    assert_eq!((&told["name"], &told["role"]), (&json!("My Personal Sites"), &json!("billing")));
    assert_eq!(told["usage"], json!({"sites": 2, "hits": 4, "hits_before": 0}));
    let members: Vec<(&str, &str)> = told["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| (member["login"].as_str().unwrap(), member["role"].as_str().unwrap()))
        .collect();
    assert_eq!(members, [("billing", "billing"), ("root", "owner")]);
    assert_eq!(told["id"], plausible::team_id(&server.ctx).await.unwrap());
}

#[tokio::test]
async fn matomo_is_told_the_stronger_of_role_and_right() {
    let mut server = Server::start().await;
    for (login, role) in [("edda", TeamRole::Editor), ("bill", TeamRole::Billing), ("zoe", TeamRole::Viewer)] {
        let new =
            NewUser { login: login.to_owned(), email: format!("{login}@example.com"), role: Some(role), ..NewUser::default() };
        server.ctx.admin.add_user(new, NOW).await.unwrap();
    }
    server.ctx.admin.set_access("edda", Some(Access::Admin), &[SiteId(1)]).await.unwrap();
    server.ctx.admin.set_access("edda", Some(Access::View), &[SiteId(2)]).await.unwrap();
    server.ctx.admin.set_access("bill", Some(Access::View), &[SiteId(2)]).await.unwrap();
    let told = async |query: &str| matomo(&server, &format!("method=UsersManager.{query}")).await.1;
    assert_eq!(told("getUsersAccessFromSite&idSite=1").await, json!({"edda": "admin", "vera": "view", "zoe": "view"}));
    assert_eq!(told("getUsersAccessFromSite&idSite=2").await, json!({"bill": "view", "edda": "write", "zoe": "view"}));
    let sites = |one: &str, two: &str| json!([{"site": 1, "access": one}, {"site": 2, "access": two}]);
    assert_eq!(told("getSitesAccessFromUser&userLogin=edda").await, sites("admin", "write"));
    assert_eq!(told("getSitesAccessFromUser&userLogin=zoe").await, sites("view", "view"));
    assert_eq!(told("getSitesAccessFromUser&userLogin=root").await, sites("admin", "admin"));
    assert_eq!(told("getUsersSitesFromAccess&access=write").await, json!({"edda": [2]}));
    assert_eq!(told("getUsersSitesFromAccess&access=view").await, json!({"bill": [2], "vera": [1], "zoe": [1, 2]}));
    let logins = |told: &Value| -> Vec<String> {
        told.as_array().unwrap().iter().map(|user| user["login"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(logins(&told("getUsersWithSiteAccess&idSite=2&access=view").await), ["bill", "zoe"]);
    let roles = |told: &Value| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        told.as_array().unwrap().iter().map(|user| (text(&user["login"]), text(&user["role"]))).collect()
    };
    let expected = [
        ("anonymous", "noaccess"),
        ("bill", "view"),
        ("edda", "write"),
        ("root", "superuser"),
        ("vera", "noaccess"),
        ("zoe", "view"),
    ];
    let expected = expected.map(|(login, role)| (login.to_owned(), role.to_owned()));
    assert_eq!(roles(&told("getUsersPlusRole&idSite=2").await), expected);
    let shown = told("getSitesAccessForUser&userLogin=zoe").await;
    assert_eq!((&shown[0]["role"], &shown[1]["role"], &shown[2]), (&json!("view"), &json!("view"), &Value::Null));
    // An admin of one site sees who may read it by role.
    let changes = UserChanges { role: Some(None), ..UserChanges::default() };
    server.ctx.admin.update_user("edda", changes, NOW).await.unwrap();
    server.token = key(&server, "edda", &[]).await;
    server.ctx.sites = Arc::new(server.ctx.admin.snapshot(NOW).await.unwrap());
    let (_, users) = matomo(&server, "method=UsersManager.getUsersLogin").await;
    assert_eq!(users, json!(["edda", "vera", "zoe"]));
}

/// What a guest who is an editor of site 1 is answered in the own API, and whoever has Matomo's `write` there.
fn rows_of_guests() -> Vec<(&'static str, &'static str, Value, [u16; 2])> {
    let day = json!({"range": {"period": "day"}, "metrics": ["visitors"]});
    vec![
        ("POST", "/sites/1/query", day, [200, 200]),
        ("POST", "/sites/1/goals", json!({"name": "x", "match": "event", "pattern": "x"}), [201, 201]),
        ("POST", "/sites/1/shared-links", json!({"name": "x"}), [201, 201]),
        ("PATCH", "/sites/1", json!({"name": "x", "excluded_countries": ["DE"]}), [200, 403]),
        ("POST", "/sites/1/dimensions", json!({"name": "Tier", "scope": "visit"}), [201, 403]),
        ("GET", "/sites/1/imports", Value::Null, [200, 403]),
        ("GET", "/sites/1/export/events", Value::Null, [200, 403]),
        ("GET", "/sites/1/email-reports", Value::Null, [200, 403]),
        ("PUT", "/sites/1/retention", json!({"days": 365}), [403, 403]),
        ("GET", "/sites/1/guests", Value::Null, [403, 403]),
        ("POST", "/sites/1/guests", json!({"email": "g@example.net", "role": "viewer"}), [403, 403]),
        ("PUT", "/users/vera/access", json!({"site_id": 1, "access": "view"}), [403, 403]),
        ("GET", "/team", Value::Null, [403, 403]),
        ("POST", "/sites", json!({"domain": "new.example"}), [403, 403]),
        ("DELETE", "/sites/1", Value::Null, [403, 403]),
        // On no other site.
        ("GET", "/sites/2", Value::Null, [404, 404]),
        ("PATCH", "/sites/2", json!({"name": "x"}), [404, 404]),
    ]
}

#[tokio::test]
async fn guests_who_are_editors_set_up_their_site_and_matomo_s_write_does_not() {
    for who in 0..2 {
        let mut server = Server::start().await;
        let login = ["edna", "walt"][who];
        let new = NewUser { login: login.to_owned(), email: format!("{login}@example.com"), ..NewUser::default() };
        server.ctx.admin.add_user(new, NOW).await.unwrap();
        if who == 0 {
            let email = "edna@example.com";
            assert!(server.ctx.admin.invite_guest(SiteId(1), email, GuestRole::Editor, NOW).await.unwrap().accepted);
        } else {
            server.ctx.admin.set_access(login, Some(Access::Write), &[SiteId(1)]).await.unwrap();
        }
        server.token = key(&server, login, &[]).await;
        let (_, site) = server.ask("GET", "/sites/1", Value::Null).await;
        assert_eq!(json!([site["access"], site["sets_up"]]), json!(["write", who == 0]), "{login}");
        for (method, path, body, expected) in rows_of_guests() {
            let (status, told) = server.ask(method, path, body.clone()).await;
            assert_eq!(status, expected[who], "{login}: {method} {path} {body}: {told}");
        }
        let props = json!({"site_id": "example.org", "property": "plan"});
        let config = json!({"tracker_script_configuration": {"outbound_links": true}});
        for (method, path, body, expected) in [
            ("GET", "/api/v1/sites/example.org", Value::Null, [200, 200]),
            ("PUT", "/api/v1/sites/custom-props", props, [200, 404]),
            ("PUT", "/api/v1/sites/example.org", config, [200, 404]),
            ("GET", "/api/v1/sites/guests?site_id=example.org", Value::Null, [404, 404]),
            ("DELETE", "/api/v1/sites/example.org", Value::Null, [404, 404]),
            ("PUT", "/api/v1/sites/other.org", json!({"timezone": "UTC"}), [404, 404]),
        ] {
            let (status, told) = plausible(&server, &server.token, method, path, &body).await;
            assert_eq!(status, expected[who], "{login}: {method} {path}: {told}");
        }
        // Matomo's dialect gives both what `write` gives there.
        for (query, expected) in [
            ("method=Goals.addGoal&idSite=1&name=y&matchAttribute=url&pattern=x&patternType=contains", 200),
            ("method=SitesManager.updateSite&idSite=1&siteName=x", 401),
            ("method=UsersManager.getUsersAccessFromSite&idSite=1", 401),
            ("method=SitesManager.deleteSite&idSite=1", 401),
        ] {
            assert_eq!(matomo(&server, query).await.0, expected, "{login}: {query}");
        }
    }
    // Whoever is given a right in Matomo's words has what they say, and no more.
    let mut server = Server::start().await;
    let new = NewUser { login: "edna".to_owned(), email: "edna@example.com".to_owned(), ..NewUser::default() };
    server.ctx.admin.add_user(new, NOW).await.unwrap();
    server.ctx.admin.invite_guest(SiteId(1), "edna@example.com", GuestRole::Editor, NOW).await.unwrap();
    server.ctx.admin.set_access("edna", Some(Access::Write), &[SiteId(1)]).await.unwrap();
    server.token = key(&server, "edna", &[]).await;
    assert_eq!(server.ask("PATCH", "/sites/1", json!({"name": "x"})).await.0, 403);
    // Nor does a key for another site carry it.
    server.ctx.admin.remove_guest(SiteId(1), "edna@example.com").await.unwrap();
    server.ctx.admin.invite_guest(SiteId(1), "edna@example.com", GuestRole::Editor, NOW).await.unwrap();
    for (site, status) in [(SiteId(1), 200), (SiteId(2), 404)] {
        let new = NewToken { login: "edna".to_owned(), description: "one".to_owned(), site: Some(site), ..NewToken::default() };
        server.token = server.ctx.admin.create_token(new, NOW).await.unwrap().1;
        assert_eq!(server.ask("PATCH", "/sites/1", json!({"name": "x"})).await.0, status, "{site}");
    }
}

#[tokio::test]
async fn segments_of_the_dashboard_are_changed_by_whom_they_concern() {
    let server = asked_by("viewer", Some(TeamRole::Viewer)).await;
    let new = NewUser {
        login: "editor".to_owned(),
        email: "e@example.com".to_owned(),
        role: Some(TeamRole::Editor),
        ..NewUser::default()
    };
    server.ctx.admin.add_user(new, NOW).await.unwrap();
    let (viewer, editor) = (key(&server, "viewer", &[]).await, key(&server, "editor", &[]).await);
    let path = "/api/other.org/segments";
    let data = json!({"filters": [["is", "visit:country", ["EE"]]], "labels": {"EE": "Estonia"}});
    let given = |kind: &str| json!({"name": "Estonia", "type": kind, "segment_data": data});
    let (status, own) = plausible(&server, &viewer, "POST", path, &given("personal")).await;
    let at = "2026-02-11T11:04:33";
    let told = |id: i64, name: &str, kind: &str, owner: &str| {
        json!({
            "id": id, "name": name, "type": kind, "segment_data": data, "owner_name": owner, "inserted_at": at, "updated_at": at,
        })
    };
    assert_eq!((status, own), (200, told(1, "Estonia", "personal", "viewer")));
    assert_eq!(plausible(&server, &viewer, "POST", path, &given("site")).await.0, 403);
    let (_, shared) = plausible(&server, &editor, "POST", path, &given("site")).await;
    assert_eq!(shared, told(2, "Estonia", "site", "editor"));
    // Everybody lists their own and those of the site; no more may viewers do to the latter.
    let (_, listed) = plausible(&server, &viewer, "GET", path, &Value::Null).await;
    assert_eq!(listed, json!([told(1, "Estonia", "personal", "viewer"), told(2, "Estonia", "site", "editor")]));
    let (_, listed) = plausible(&server, &editor, "GET", path, &Value::Null).await;
    assert_eq!(listed, json!([told(2, "Estonia", "site", "editor")]));
    let (one, two) = ("/api/other.org/segments/1", "/api/other.org/segments/2");
    let name = json!({"name": "Baltic"});
    for (who, method, path, body, expected) in [
        (&viewer, "PATCH", two, &name, 403),
        (&viewer, "DELETE", two, &Value::Null, 403),
        (&viewer, "PATCH", one, &json!({"type": "site"}), 403),
        (&editor, "PATCH", one, &name, 404),
        (&editor, "GET", one, &Value::Null, 404),
        (&editor, "PATCH", two, &json!({"type": "team"}), 400),
        (&editor, "PATCH", two, &json!({"segment_data": {"filters": []}}), 400),
        (&editor, "PATCH", two, &json!({"segment_data": {"filters": [["is", "visit:planet", ["x"]]]}}), 400),
        (&editor, "POST", path, &json!({"segment_data": data}), 400),
        (&editor, "POST", path, &json!({"name": "x"}), 400),
        (&editor, "POST", path, &json!([]), 400),
        (&editor, "GET", "/api/other.org/segments/x", &Value::Null, 404),
        (&editor, "GET", "/api/nowhere.org/segments", &Value::Null, 404),
        (&editor, "GET", "/api/other.org/sections", &Value::Null, 404),
    ] {
        let (status, told) = plausible(&server, who, method, path, body).await;
        assert_eq!(status, expected, "{method} {path} {body}: {told}");
    }
    assert_eq!(plausible(&server, &viewer, "PATCH", one, &name).await, (200, told(1, "Baltic", "personal", "viewer")));
    assert_eq!(plausible(&server, &editor, "DELETE", two, &Value::Null).await, (200, told(2, "Estonia", "site", "editor")));
    assert_eq!(plausible(&server, &editor, "GET", path, &Value::Null).await, (200, json!([])));
    // Keys that only read change nothing, strangers see nothing, and a session has to repeat its token.
    let reading = key(&server, "editor", &["stats:read"]).await;
    assert_eq!(plausible(&server, &reading, "POST", path, &given("personal")).await.0, 403);
    assert_eq!(plausible(&server, "nonsense", "GET", path, &Value::Null).await.0, 404);
    let new = footfall_admin::NewSession { login: "editor", replaces: None, pending: false, lasts: 1000 };
    let session = server.ctx.admin.start_session(new, NOW).await.unwrap();
    for (csrf, expected) in [(None, 403), (Some(session.session.csrf.clone()), 200)] {
        let mut call = Call::new("POST", path);
        call.cookie = Some(session.cookie.clone());
        call.csrf = csrf;
        call.body = given("site").to_string().into_bytes();
        assert_eq!(plausible::answer(&server.ctx, &call).await.status, expected);
    }
}
