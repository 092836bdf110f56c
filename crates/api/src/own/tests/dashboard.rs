//! Who may read what Plausible's dashboard reads: by session as by key.

use footfall_admin::{NewSession, NewToken};
use serde_json::{Value, json};

use super::{NOW, Server};
use crate::{Call, plausible};

async fn told(server: &Server, call: &Call) -> (u16, Value) {
    let reply = plausible::answer(&server.ctx, call).await;
    (reply.status, serde_json::from_slice(&reply.body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn a_session_reads_its_sites_and_a_key_what_it_is_for() {
    let server = Server::start().await;
    let new = NewSession { login: "vera", replaces: None, pending: false, lasts: 1000 };
    let session = server.ctx.admin.start_session(new, NOW).await.unwrap();
    let nothing = json!({"error": "Site does not exist or user does not have sufficient access."});
    let call = |method: &str, path: &str| Call { cookie: Some(session.cookie.clone()), ..Call::new(method, path) };
    assert_eq!(told(&server, &call("GET", "/api/stats/example.org/current-visitors")).await, (200, json!(1)));
    assert_eq!(told(&server, &call("GET", "/api/stats/other.org/current-visitors")).await, (404, nothing.clone()));
    assert_eq!(told(&server, &call("GET", "/api/stats/")).await, (404, nothing.clone()));
    let (_, pages) = told(&server, &call("GET", "/api/stats/example.org/pages?period=day")).await;
    assert_eq!(
        pages,
        json!({
            "results": [
                {"name": "/", "visitors": 1, "percentage": 50},
                {"name": "/docs", "visitors": 1, "percentage": 50},
            ],
            "meta": {"date_range_label": "11 Feb"},
            "skip_imported_reason": "no_imported_data",
        })
    );
    // It changes nothing, so no token has to be repeated.
    let body = json!({"metrics": ["visitors"], "date_range": "day"}).to_string().into_bytes();
    let query = Call { body, ..call("POST", "/api/stats/example.org/query") };
    assert_eq!(told(&server, &query).await.1["results"], json!([{"dimensions": [], "metrics": [2]}]));
    assert_eq!(told(&server, &call("POST", "/api/stats/example.org/pages")).await.0, 404);

    for (scope, expected) in [("stats:read", (200, json!(1))), ("sites:provision", (200, json!(1))), ("plugins", (404, nothing))]
    {
        let new = NewToken {
            login: "vera".to_owned(),
            description: scope.to_owned(),
            scopes: vec![scope.to_owned()],
            ..NewToken::default()
        };
        let (_, key) = server.ctx.admin.create_token(new, NOW).await.unwrap();
        let mut call = Call::new("GET", "/api/stats/example.org/current-visitors");
        call.authorization = Some(format!("Bearer {key}"));
        assert_eq!(told(&server, &call).await, expected, "{scope}");
    }
}
