//! The team of a server, as Plausible's Sites API tells of it.

use serde_json::{Value, json};

use super::{NOW, Server};
use crate::Call;

async fn sites_api(server: &Server, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let mut call = Call::new(method, &format!("/api/v1/sites{path}"));
    call.authorization = Some(format!("Bearer {}", server.token));
    call.content_type = Some("application/json".to_owned());
    if !body.is_null() {
        call.body = body.to_string().into_bytes();
    }
    let reply = server.send(call).await;
    (reply.status, serde_json::from_slice(&reply.body).unwrap())
}

#[tokio::test]
async fn sites_are_those_of_one_team() {
    let mut server = Server::start().await;
    let (status, told) = sites_api(&server, "GET", "/teams", &Value::Null).await;
    assert_eq!(status, 200, "{told}");
    let id = told["teams"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(told["teams"], json!([{"id": id, "name": "My Personal Sites", "api_available": true}]));
    assert_eq!(told["meta"], json!({"after": null, "before": null, "limit": 100}));
    assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert_eq!((id.as_bytes()[14], b"89ab".contains(&id.as_bytes()[19])), (b'8', true));
    server.ctx.admin.set_setting("instance_name", "Portal").await.unwrap();
    let (_, told) = sites_api(&server, "GET", "/teams", &Value::Null).await;
    assert_eq!(told["teams"], json!([{"id": id, "name": "Portal", "api_available": true}]));

    let domains = |told: &Value| {
        let sites = told["sites"].as_array().unwrap().iter();
        sites.map(|site| site["domain"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (_, of_team) = sites_api(&server, "GET", &format!("?team_id={id}"), &Value::Null).await;
    assert_eq!(domains(&of_team), ["other.org", "example.org"]);
    let other = "4d3dae3b-2a44-4aaa-baac-6bb55234a435";
    let (_, of_other) = sites_api(&server, "GET", &format!("?team_id={other}"), &Value::Null).await;
    assert!(domains(&of_other).is_empty(), "{of_other}");
    let (status, told) = sites_api(&server, "POST", "", &json!({"domain": "new.org", "team_id": other})).await;
    assert_eq!((status, told), (403, json!({"error": "You can't add sites to the selected team."})));
    let (status, told) = sites_api(&server, "POST", "", &json!({"domain": "new.org", "team_id": id})).await;
    assert_eq!((status, &told["domain"]), (200, &json!("new.org")), "{told}");

    // Without a site there is no team yet.
    for site in server.ctx.admin.sites(NOW).await.unwrap() {
        server.ctx.admin.delete_site(site.id).await.unwrap();
    }
    server.ctx.sites = std::sync::Arc::new(server.ctx.admin.snapshot(NOW).await.unwrap());
    assert_eq!(sites_api(&server, "GET", "/teams", &Value::Null).await.1["teams"], json!([]));
}
