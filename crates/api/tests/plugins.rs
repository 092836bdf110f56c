//! The Plugins API, put to a server's inside.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "people and what methods are given are of no use here")]
mod world;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use footfall_admin::NewToken;
use footfall_api::{Call, matomo::Reply, plausible};
use serde_json::{Value, json};
use world::World;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A server's inside, and a key of its superuser.
struct Plugin(World);

impl Plugin {
    async fn new() -> Plugin {
        let world = World::new().await;
        let token = NewToken { login: "superuser".to_owned(), description: "WordPress".to_owned(), ..NewToken::default() };
        world.context.admin.keep_token(SECRET, token, world.context.now).await.unwrap();
        Plugin(world)
    }

    async fn reply(&self, method: &str, path: &str, secret: Option<&str>, body: &Value) -> Reply {
        let mut call = Call::new(method, &format!("/api/plugins/v1/{path}"));
        call.authorization = secret.map(|secret| format!("Basic {}", STANDARD.encode(format!("site1.example:{secret}"))));
        if !body.is_null() {
            call.body = body.to_string().into_bytes();
        }
        plausible::answer(&self.0.context, &call).await
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let reply = self.reply(method, path, Some(SECRET), &body).await;
        (reply.status, serde_json::from_slice(&reply.body).unwrap_or_default())
    }

    /// What an address that an answer named is answered with.
    async fn follow(&self, link: &Value) -> Value {
        let path = link["url"].as_str().unwrap().strip_prefix("http://localhost:8000/api/plugins/v1/").unwrap();
        self.ask("GET", path, Value::Null).await.1
    }

    /// The sentences of a refusal.
    async fn refused(&self, method: &str, path: &str, body: Value) -> Vec<String> {
        let (status, told) = self.ask(method, path, body).await;
        assert_eq!(status, 422, "{told}");
        told["errors"].as_array().unwrap().iter().map(|error| error["detail"].as_str().unwrap().to_owned()).collect()
    }
}

fn event(name: &str) -> Value {
    json!({"goal_type": "Goal.CustomEvent", "goal": {"event_name": name}})
}

fn revenue(name: &str, currency: &str) -> Value {
    json!({"goal_type": "Goal.Revenue", "goal": {"event_name": name, "currency": currency}})
}

fn locations(reply: &Reply) -> Vec<&str> {
    reply.headers.iter().filter(|(name, _)| *name == "location").map(|(_, value)| value.as_str()).collect()
}

#[tokio::test]
async fn who_shows_no_key_has_nothing() {
    let plugin = Plugin::new().await;
    let features = |on: bool| {
        json!({"Funnels": on, "Goals": on, "Props": on, "RevenueGoals": on, "SharedLinks": on, "SiteSegments": on,
               "SitesAPI": on, "StatsAPI": on, "Teams": on})
    };
    for (secret, authorized) in [(None, false), (Some("bad token"), false), (Some(SECRET), true)] {
        let reply = plugin.reply("GET", "capabilities", secret, &Value::Null).await;
        let told: Value = serde_json::from_slice(&reply.body).unwrap();
        let domain = authorized.then_some("site1.example");
        assert_eq!(told, json!({"authorized": authorized, "data_domain": domain, "features": features(authorized)}));
        assert_eq!(reply.status, 200);
    }
    for (method, path) in
        [("GET", "goals"), ("GET", "goals/1"), ("PUT", "funnels"), ("DELETE", "custom_props"), ("GET", "nothing")]
    {
        let reply = plugin.reply(method, path, Some("bad token"), &Value::Null).await;
        let told: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!((reply.status, told), (401, json!({"errors": [{"detail": "Plugins API: unauthorized"}]})), "{method} {path}");
        assert!(reply.headers.contains(&("www-authenticate", "Basic realm=\"Plugins API Access\"".to_owned())));
    }
}

#[tokio::test]
async fn lists_come_in_pages_with_the_newest_first() {
    let plugin = Plugin::new().await;
    let names = |page: &Value| -> Vec<String> {
        page["goals"].as_array().unwrap().iter().map(|one| one["goal"]["event_name"].as_str().unwrap().to_owned()).collect()
    };
    let (_, none) = plugin.ask("GET", "goals", Value::Null).await;
    let nothing = json!({"pagination": {"has_next_page": false, "has_prev_page": false, "links": {}}});
    assert_eq!(none, json!({"goals": [], "meta": nothing}));
    for name in ["One", "Two", "Three", "Four", "Five"] {
        assert_eq!(plugin.ask("PUT", "goals", event(name)).await.0, 201);
    }
    let (_, first) = plugin.ask("GET", "goals?limit=2", Value::Null).await;
    assert_eq!(names(&first), ["Five", "Four"]);
    let next = json!({"url": "http://localhost:8000/api/plugins/v1/goals?after=4&limit=2"});
    assert_eq!(first["meta"]["pagination"], json!({"has_next_page": true, "has_prev_page": false, "links": {"next": next}}));
    let second = plugin.follow(&next).await;
    assert_eq!(names(&second), ["Three", "Two"]);
    let links = &second["meta"]["pagination"]["links"];
    assert_eq!(links["next"]["url"], "http://localhost:8000/api/plugins/v1/goals?after=2&limit=2");
    assert_eq!(plugin.follow(&links["prev"]).await, first);
    let last = plugin.follow(&links["next"]).await;
    assert_eq!((names(&last), &last["meta"]["pagination"]["has_next_page"]), (vec!["One".to_owned()], &json!(false)));
    for (path, count) in [("goals", 5), ("goals?limit=0", 5), ("goals?limit=101", 5), ("goals?limit=3", 3)] {
        assert_eq!(names(&plugin.ask("GET", path, Value::Null).await.1).len(), count, "{path}");
    }
    assert_eq!(plugin.refused("GET", "goals?limit=many", Value::Null).await, ["Invalid integer. Got: string"]);

    for number in 1..=12 {
        let link = json!({"shared_link": {"name": format!("Link {number}")}});
        assert_eq!(plugin.ask("PUT", "shared_links", link).await.0, 201);
    }
    let (_, links) = plugin.ask("GET", "shared_links", Value::Null).await;
    let shown = links["shared_links"].as_array().unwrap();
    assert_eq!((shown.len(), &shown[0]["shared_link"]["name"]), (10, &json!("Link 12")));
    let rest = plugin.follow(&links["meta"]["pagination"]["links"]["next"]).await;
    assert_eq!(rest["shared_links"].as_array().unwrap().len(), 2);

    for name in ["Old", "New"] {
        let funnel = json!({"funnel": {"name": name, "steps": [event("Two"), event("One")]}});
        assert_eq!(plugin.ask("PUT", "funnels", funnel).await.0, 201);
    }
    let (_, funnels) = plugin.ask("GET", "funnels?limit=1", Value::Null).await;
    assert_eq!(funnels["funnels"][0]["funnel"]["name"], "New");
    let steps = funnels["funnels"][0]["funnel"]["steps"].as_array().unwrap();
    assert_eq!(steps.iter().map(|step| &step["goal"]["id"]).collect::<Vec<_>>(), [2, 1]);
    let old = plugin.follow(&funnels["meta"]["pagination"]["links"]["next"]).await;
    assert_eq!((&old["funnels"][0]["funnel"]["name"], &old["funnels"][1]), (&json!("Old"), &Value::Null));
}

#[tokio::test]
async fn paths_name_numbers() {
    let plugin = Plugin::new().await;
    for (method, path) in [
        ("GET", "goals/hello"),
        ("DELETE", "goals/hello"),
        ("GET", "shared_links/hello"),
        ("GET", "funnels/hello"),
        ("GET", "goals/1.5"),
    ] {
        assert_eq!(plugin.refused(method, path, Value::Null).await, ["Invalid integer. Got: string"], "{method} {path}");
    }
    for path in ["goals/9999", "shared_links/9999", "funnels/9999", "goals/99999999999"] {
        let missing = json!({"errors": [{"detail": "Plugins API: resource not found"}]});
        assert_eq!(plugin.ask("GET", path, Value::Null).await, (404, missing), "{path}");
    }
    assert_eq!(plugin.ask("DELETE", "goals/9999", Value::Null).await.0, 204);
}

#[tokio::test]
async fn goals_are_found_or_made_with_the_address_of_each() {
    let plugin = Plugin::new().await;
    let many = json!({"goals": [event("Signup"), revenue("Purchase", "EUR"),
                                {"goal_type": "Goal.Pageview", "goal": {"path": "checkout"}}]});
    let reply = plugin.reply("PUT", "goals", Some(SECRET), &many).await;
    let made: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(
        made["goals"],
        json!([
            {"goal_type": "Goal.CustomEvent", "goal": {"id": 1, "display_name": "Signup", "event_name": "Signup"}},
            {"goal_type": "Goal.Revenue",
             "goal": {"id": 2, "display_name": "Purchase", "event_name": "Purchase", "currency": "EUR"}},
            {"goal_type": "Goal.Pageview", "goal": {"id": 3, "display_name": "Visit /checkout", "path": "/checkout"}}
        ])
    );
    let at = |id: i32| format!("http://localhost:8000/api/plugins/v1/goals/{id}");
    assert_eq!((reply.status, locations(&reply)), (201, vec![at(1).as_str(), &at(2), &at(3)]));
    let again = plugin.reply("PUT", "goals", Some(SECRET), &many).await;
    assert_eq!(again, reply);
    let one = plugin.reply("PUT", "goals", Some(SECRET), &event("Purchase")).await;
    assert_eq!(locations(&one), [at(2)], "whoever names no currency takes any");

    let taken = ["event_name: 'Purchase' (with currency: EUR) has already been taken"];
    assert_eq!(plugin.refused("PUT", "goals", revenue("Purchase", "USD")).await, taken);
    assert_eq!(plugin.refused("PUT", "goals", json!({"goals": [event("New"), revenue("Purchase", "USD")]})).await, taken);
    let funnel = json!({"funnel": {"name": "Way", "steps": [event("New"), revenue("Purchase", "USD")]}});
    assert_eq!(plugin.refused("PUT", "funnels", funnel).await, taken);
    let (_, left) = plugin.ask("GET", "goals", Value::Null).await;
    assert_eq!(left["goals"].as_array().unwrap().len(), 3, "nothing was made on the way");

    assert_eq!(plugin.ask("DELETE", "goals", json!({"goal_ids": [1, 3, 99]})).await.0, 204);
    let (_, left) = plugin.ask("GET", "goals", Value::Null).await;
    assert_eq!(left["goals"], json!([made["goals"][1]]));
}

#[tokio::test]
async fn what_is_wrong_is_said_in_plausibles_words() {
    let plugin = Plugin::new().await;
    let nine: Vec<Value> = (1..=9).map(|number| event(&format!("Goal {number}"))).collect();
    let script = |fields: Value| json!({"tracker_script_configuration": fields});
    for (path, body, told) in [
        ("goals", json!({"goals": nine}), "Array length 9 is larger than maxItems: 8"),
        ("goals", json!({"goals": []}), "Array length 0 is smaller than minItems: 1"),
        ("goals", json!({"goal_type": "Goal.Typo", "goal": {"event_name": "Signup"}}), "Invalid value for enum"),
        ("goals", json!({"goal_type": "Goal.Pageview", "goal": {}}), "Missing field: path"),
        ("goals", json!({"goal": {"event_name": "Signup"}}), "Missing field: goal_type"),
        ("goals", json!({"goal_type": "Goal.CustomEvent", "goal": {"event_name": 404}}), "Invalid string. Got: integer"),
        ("goals", revenue("Purchase", "DFJKHJESFHYU"), "currency: is invalid"),
        ("goals", event("engagement"), "event_name: The event name 'engagement' is reserved and cannot be used as a goal"),
        ("funnels", json!({"funnel": {"name": "Way", "steps": [event("Signup")]}}), "Array length 1 is smaller than minItems: 2"),
        ("funnels", json!({"funnel": {"name": "Way", "steps": nine}}), "Array length 9 is larger than maxItems: 8"),
        ("funnels", json!({}), "Missing field: funnel"),
        ("shared_links", json!({}), "Missing field: shared_link"),
        ("shared_links", json!({"shared_link": {}}), "Missing field: name"),
        ("shared_links", json!({"shared_link": {"name": " "}}), "name: can't be blank"),
        ("custom_props", json!({"custom_prop": {"typo": "author"}}), "Missing field: key"),
        ("custom_props", json!({"custom_props": []}), "Array length 0 is smaller than minItems: 1"),
        ("tracker_script_configuration", json!({}), "Missing field: tracker_script_configuration"),
        ("tracker_script_configuration", script(json!({"hash_based_routing": true})), "Missing field: installation_type"),
        ("tracker_script_configuration", script(json!({"installation_type": "npm"})), "Invalid value for enum"),
    ] {
        assert_eq!(plugin.refused("PUT", path, body.clone()).await, [told], "{path} {body}");
    }
    let both = script(json!({"installation_type": "unknown", "hash_based_routing": "1234"}));
    let told = ["Invalid value for enum", "Invalid boolean. Got: string"];
    assert_eq!(plugin.refused("PUT", "tracker_script_configuration", both).await, told);
}

#[tokio::test]
async fn properties_are_allowed_and_taken_away() {
    let plugin = Plugin::new().await;
    let named =
        |keys: &[&str]| json!({"custom_props": keys.iter().map(|key| json!({"custom_prop": {"key": key}})).collect::<Vec<_>>()});
    let allowed =
        async || plugin.0.context.admin.site(footfall_model::SiteId(1), plugin.0.context.now).await.unwrap().allowed_props;
    let one = json!({"custom_prop": {"key": "author"}});
    assert_eq!(plugin.ask("PUT", "custom_props", one.clone()).await, (201, named(&["author"])));
    assert_eq!(plugin.ask("PUT", "custom_props", one).await, (201, named(&["author"])));
    let two = named(&["rating", "category"]);
    assert_eq!(plugin.ask("PUT", "custom_props", two).await, (201, named(&["rating", "category"])));
    assert_eq!(allowed().await, ["author", "rating", "category"]);
    assert_eq!(plugin.ask("DELETE", "custom_props", named(&["author", "rating"])).await, (204, Value::Null));
    assert_eq!(allowed().await, ["category"]);
}

#[tokio::test]
async fn the_script_has_what_plugins_may_change() {
    let plugin = Plugin::new().await;
    let path = "tracker_script_configuration";
    let (_, first) = plugin.ask("GET", path, Value::Null).await;
    let id = first[path]["id"].as_str().unwrap();
    let shown = |kind: &str, hash: bool, outbound: bool, files: bool, forms: bool| {
        json!({path: {"id": id, "installation_type": kind, "hash_based_routing": hash, "outbound_links": outbound,
                      "file_downloads": files, "form_submissions": forms}})
    };
    assert_eq!(first, shown("manual", false, false, false, false));
    let all = json!({path: {"installation_type": "gtm", "hash_based_routing": true, "outbound_links": true, "file_downloads": true,
                            "form_submissions": true, "track_404_pages": true}});
    assert_eq!(plugin.ask("PUT", path, all).await, (200, shown("gtm", true, true, true, true)));
    let some = json!({path: {"installation_type": "wordpress", "hash_based_routing": false}});
    assert_eq!(plugin.ask("PUT", path, some).await, (200, shown("wordpress", false, true, true, true)));
    assert_eq!(plugin.ask("GET", path, Value::Null).await, (200, shown("wordpress", false, true, true, true)));
    let kept = plugin.0.context.admin.tracker_script(footfall_model::SiteId(1)).await.unwrap();
    assert!(!kept.does("track_404_pages"), "the rest is for the Sites API");
}
