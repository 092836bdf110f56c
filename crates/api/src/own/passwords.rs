//! Passwords that were forgotten, and those of people who were invited.

use footfall_admin::UserChanges;
use footfall_model::{Error, Fault, Millis};
use serde::Deserialize;
use serde_json::json;

use super::{Caller, Failure, System, body, session, shape};
use crate::{
    Call, letters,
    matomo::{Context, Reply},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forgotten {
    login: String,
}

/// `POST /password/forgotten`: sends a link where somebody has the address or login; the answer does not tell whether.
pub(super) async fn forgotten(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let asked: Forgotten = body::read(call)?;
    if asked.login.trim().is_empty() || asked.login.chars().count() > 320 {
        return Err(Failure::field("login", "`login` must be an e-mail address or a login"));
    }
    if ctx.settings.post.is_none() {
        return Err(Failure::conflict("this server sends no mail").hint("an administrator can set a new password for you"));
    }
    // Each letter counts like a failed login, so that nobody is flooded.
    let name = format!("a new password for {}", asked.login);
    session::throttle(ctx, &name, call)?;
    ctx.admin.throttle().failed(&name, call.peer, ctx.now);
    let expires = Millis(ctx.now.0 + letters::RESET_FOR);
    if let Some((user, secret)) = ctx.admin.begin_password_reset(&asked.login, expires).await? {
        let instance = letters::instance(ctx).await?;
        letters::send(ctx, letters::password_reset(ctx, &instance, &user, &secret));
    }
    Ok(shape::nothing())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Anew {
    token: String,
    password: String,
}

/// `POST /password/reset`: sets the password; who has a second factor needs it to sign in afterwards.
pub(super) async fn reset(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let asked: Anew = body::read(call)?;
    session::throttle(ctx, "reset", call)?;
    match ctx.admin.reset_password(&asked.token, &asked.password, ctx.now).await {
        Ok(_) => Ok(shape::nothing()),
        Err(error) => Err(refused(ctx, call, "reset", error)),
    }
}

/// `GET /invitation`: whose the invitation is.
pub(super) async fn invitation(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    session::throttle(ctx, "invitation", call)?;
    let token = call.param("token").unwrap_or_default();
    let Some(user) = ctx.admin.invitation(&token, ctx.now).await? else {
        return Err(refused(ctx, call, "invitation", Error::denied("the invitation is not known, or no longer counts")));
    };
    let by = user.invitation.map(|invitation| invitation.by).unwrap_or_default();
    Ok(shape::json(200, &json!({ "login": user.login, "email": user.email, "invited_by": by })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accept {
    token: String,
    password: String,
    #[serde(default)]
    name: Option<String>,
}

/// `POST /invitation`: sets the invited user's password and signs them in.
pub(super) async fn accept(ctx: &Context, system: &System, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    let asked: Accept = body::read(call)?;
    if !ctx.settings.invited_register {
        return Err(Failure::forbidden("this server takes nobody new").hint("an administrator can set a password for you"));
    }
    session::throttle(ctx, "invitation", call)?;
    let mut user = match ctx.admin.accept_invitation(&asked.token, &asked.password, ctx.now).await {
        Ok(user) => user,
        Err(error) => return Err(refused(ctx, call, "invitation", error)),
    };
    if let Some(name) = asked.name.filter(|name| !name.trim().is_empty()) {
        let changes = UserChanges { name: Some(name), ..UserChanges::default() };
        user = ctx.admin.update_user(&user.login, changes, ctx.now).await?;
    }
    session::begin(ctx, system, caller, call, &user).await
}

/// A link that is not known counts like a failed login.
fn refused(ctx: &Context, call: &Call, what: &str, error: Error) -> Failure {
    if error.fault() == Fault::Denied {
        ctx.admin.throttle().failed(what, call.peer, ctx.now);
    }
    error.into()
}
