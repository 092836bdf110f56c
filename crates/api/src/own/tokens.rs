//! One's own API tokens.

use footfall_admin::{AppToken, NewToken};
use footfall_model::Millis;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Failure, body, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// `GET /tokens`.
pub(super) async fn list(ctx: &Context, caller: &Caller) -> Result<Reply, Failure> {
    caller.check_user()?;
    let mut tokens = ctx.admin.tokens(&caller.principal.login).await?;
    tokens.sort_by_key(|token| std::cmp::Reverse((token.created_at, token.id)));
    let shown: Vec<Value> = tokens.iter().map(describe).collect();
    Ok(shape::json(200, &json!({ "tokens": shown })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    description: String,
    expires_at: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
    hourly_requests: Option<u32>,
}

/// `POST /tokens`.
pub(super) async fn create(ctx: &Context, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    caller.check_user()?;
    if caller.by_token && !caller.principal.scopes.is_empty() {
        return Err(Failure::forbidden("a token for something in particular cannot make another"));
    }
    let asked: New = body::read(call)?;
    if asked.hourly_requests.is_some() {
        caller.check_superuser("giving a token a limit of its own")?;
    }
    let expires_at = match &asked.expires_at {
        None => None,
        Some(text) => {
            let at: jiff::Timestamp = text
                .parse()
                .map_err(|_| Failure::field("expires_at", "`expires_at` must be a moment such as `2027-01-31T00:00:00Z`"))?;
            let at = Millis::from(at);
            if at <= ctx.now {
                return Err(Failure::field("expires_at", "`expires_at` must lie ahead"));
            }
            Some(at)
        }
    };
    let new = NewToken {
        login: caller.principal.login.clone(),
        description: asked.description,
        expires_at,
        scopes: asked.scopes,
        hourly_requests: asked.hourly_requests,
        ..NewToken::default()
    };
    let (token, secret) = ctx.admin.create_token(new, ctx.now).await?;
    Ok(shape::json(201, &json!({ "token": describe(&token), "secret": secret })))
}

/// `DELETE /tokens/{id}`.
pub(super) async fn delete(ctx: &Context, caller: &Caller, id: &str) -> Result<Reply, Failure> {
    caller.check_user()?;
    let missing = || Failure::not_found(format!("there is no token `{id}`"));
    let number: i64 = id.parse().map_err(|_| missing())?;
    let owned = ctx.admin.tokens(&caller.principal.login).await?.iter().any(|token| token.id == number);
    if !owned {
        return Err(missing());
    }
    ctx.admin.revoke_token(&caller.principal.login, number).await?;
    Ok(shape::nothing())
}

fn describe(token: &AppToken) -> Value {
    json!({
        "id": token.id,
        "description": token.description,
        "scopes": token.scopes,
        "hourly_requests": token.hourly_requests,
        "created_at": shape::moment(token.created_at),
        "last_used_at": shape::maybe_moment(token.last_used_at),
        "expires_at": shape::maybe_moment(token.expires_at),
    })
}
