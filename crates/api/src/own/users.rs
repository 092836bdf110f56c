//! Users and their rights.

use std::collections::HashMap;

use footfall_admin::{NewUser, SiteAccess, TeamRole, User, UserChanges, access_name, parse_access};
use footfall_model::{Access, Error, Millis, SiteId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Failure, body, caller::unknown, shape};
use crate::{
    Call,
    letters::{self, INVITED_FOR},
    matomo::{Context, Reply},
};

/// `GET /users`: everyone for who manages the team, else who has rights on the sites one manages.
pub(super) async fn list(ctx: &Context, caller: &Caller) -> Result<Reply, Failure> {
    caller.check_user()?;
    let all = ctx.admin.all_access().await?;
    let administers = |site: SiteId| caller.principal.allows(site, Access::Admin);
    let (manages, me) = (caller.principal.manages_members(), &caller.principal.login);
    if !manages && !caller.principal.allows_somewhere(Access::Admin) {
        return Err(Failure::forbidden("reading users needs `admin` access to a site"));
    }
    let mut by_login: HashMap<String, Vec<SiteAccess>> = HashMap::new();
    for right in all {
        if administers(right.site) {
            by_login.entry(right.login.clone()).or_default().push(right);
        }
    }
    let users = ctx.admin.users().await?;
    let has_right = |user: &User| by_login.contains_key(&user.login) || reads_every_site(user);
    let shown: Vec<Value> = users
        .iter()
        .filter(|user| manages || has_right(user) || user.login == *me)
        .map(|user| describe(user, by_login.get(&user.login).map_or(&[], Vec::as_slice)))
        .collect();
    Ok(shape::json(200, &json!({ "users": shown })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    login: String,
    email: String,
    /// Without one they are invited to set it.
    password: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    superuser: bool,
    /// The same as `superuser` where it is `owner`.
    role: Option<String>,
}

/// `POST /users`.
pub(super) async fn create(ctx: &Context, caller: &Caller, call: &Call) -> Result<Reply, Failure> {
    check_manages(caller, "adding a user")?;
    let asked: New = body::read(call)?;
    let role = match asked.role.as_deref() {
        None => asked.superuser.then_some(TeamRole::Owner),
        Some(name) => Some(role_named(name)?),
    };
    if asked.superuser && role != Some(TeamRole::Owner) {
        return Err(Failure::field("role", "`role` must be `owner` for a superuser"));
    }
    check_turns(caller, None, role)?;
    let new = NewUser {
        login: asked.login,
        email: asked.email,
        name: asked.name,
        password: asked.password,
        role,
        ..NewUser::default()
    };
    if new.password.is_none() {
        let by = &caller.principal.login;
        let (user, secret) = ctx.admin.invite_user(new, by, Millis(ctx.now.0 + INVITED_FOR), ctx.now).await.map_err(taken)?;
        let mut told = describe(&user, &[]);
        told["invitation_url"] = json!(letters::invitation_url(ctx, &secret));
        letters::send(ctx, letters::invitation(ctx, &letters::instance(ctx).await?, by, &user, &secret, None));
        return Ok(shape::json(201, &told));
    }
    let user = ctx.admin.add_user(new, ctx.now).await.map_err(taken)?;
    Ok(shape::json(201, &describe(&user, &[])))
}

/// `POST /users/{login}/invitation`: a new link for somebody who has not set a password yet; the one before stops working.
pub(super) async fn invite(ctx: &Context, caller: &Caller, login: &str) -> Result<Reply, Failure> {
    check_manages(caller, "inviting a user")?;
    let role = ctx.admin.user(login).await?.role;
    check_turns(caller, role, role)?;
    let expires = Millis(ctx.now.0 + INVITED_FOR);
    let secret = ctx.admin.renew_invitation(login, expires).await?;
    let user = ctx.admin.user(login).await?;
    let letter = letters::invitation(ctx, &letters::instance(ctx).await?, &caller.principal.login, &user, &secret, None);
    let sent = letters::send(ctx, letter);
    let told = json!({
        "invitation_url": letters::invitation_url(ctx, &secret),
        "expires_at": shape::moment(expires),
        "sent": sent,
    });
    Ok(shape::json(200, &told))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    name: Option<String>,
    email: Option<String>,
    password: Option<String>,
    superuser: Option<bool>,
}

/// `PATCH /users/{login}`.
pub(super) async fn update(ctx: &Context, caller: &Caller, call: &Call, login: &str) -> Result<Reply, Failure> {
    caller.check_superuser("changing a user")?;
    let asked: Change = body::read(call)?;
    let changes = UserChanges {
        name: asked.name,
        email: asked.email,
        password: asked.password,
        superuser: asked.superuser,
        ..UserChanges::default()
    };
    let user = ctx.admin.update_user(login, changes, ctx.now).await.map_err(taken)?;
    Ok(shape::json(200, &describe(&user, &rights(ctx, &user.login).await?)))
}

/// `DELETE /users/{login}`.
pub(super) async fn delete(ctx: &Context, caller: &Caller, login: &str) -> Result<Reply, Failure> {
    check_manages(caller, "deleting a user")?;
    let user = ctx.admin.user(login).await?;
    check_turns(caller, user.role, None)?;
    if user.login == caller.principal.login {
        return Err(Failure::conflict("nobody deletes themselves"));
    }
    ctx.admin.delete_user(&user.login).await.map_err(taken)?;
    Ok(shape::nothing())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccessChange {
    site_id: u32,
    access: Option<String>,
}

/// `PUT /users/{login}/access`.
pub(super) async fn set_access(ctx: &Context, caller: &Caller, call: &Call, login: &str) -> Result<Reply, Failure> {
    caller.check_user()?;
    let asked: AccessChange = body::read(call)?;
    let site = ctx.sites.get(SiteId(asked.site_id)).ok_or_else(|| unknown(&asked.site_id.to_string()))?;
    caller.check_site(site, Access::Admin, "giving a right")?;
    let access = match &asked.access {
        None => None,
        Some(name) => Some(
            parse_access(name)
                .filter(|access| *access != Access::Superuser)
                .ok_or_else(|| Failure::field("access", "`access` must be `view`, `write`, `admin` or null"))?,
        ),
    };
    ctx.admin.set_access(login, access, &[site.id]).await?;
    let user = ctx.admin.user(login).await?;
    let mut held = rights(ctx, &user.login).await?;
    held.retain(|right| caller.principal.allows(right.site, Access::Admin));
    Ok(shape::json(200, &describe(&user, &held)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleChange {
    role: Option<String>,
}

/// `PUT /users/{login}/role`: what somebody is in the team. Everybody may give up their own role.
pub(super) async fn set_role(ctx: &Context, caller: &Caller, call: &Call, login: &str) -> Result<Reply, Failure> {
    caller.check_user()?;
    let asked: RoleChange = body::read(call)?;
    let role = asked.role.as_deref().map(role_named).transpose()?;
    let own = login.eq_ignore_ascii_case(&caller.principal.login);
    if !own {
        check_manages(caller, "giving a role")?;
    }
    let user = ctx.admin.user(login).await?;
    // A token that carries less than its owner's role does not give it up for them.
    let leaves = own && role.is_none() && user.role == caller.principal.team_role();
    if !leaves {
        check_manages(caller, "giving a role")?;
        check_turns(caller, user.role, role)?;
    }
    let changes = UserChanges { role: Some(role), ..UserChanges::default() };
    let user = ctx.admin.update_user(&user.login, changes, ctx.now).await.map_err(taken)?;
    Ok(shape::json(200, &describe(&user, &rights(ctx, &user.login).await?)))
}

fn role_named(name: &str) -> Result<TeamRole, Failure> {
    let names = "`role` must be `owner`, `admin`, `editor`, `billing` or `viewer`";
    TeamRole::parse(name).ok_or_else(|| Failure::field("role", names))
}

fn check_manages(caller: &Caller, what: &str) -> Result<(), Failure> {
    caller.check_team(caller.principal.manages_members(), what, "owner or admin")
}

/// Refuses what only owners may do to owners.
fn check_turns(caller: &Caller, from: Option<TeamRole>, to: Option<TeamRole>) -> Result<(), Failure> {
    if caller.principal.may_turn(from, to) {
        return Ok(());
    }
    Err(Failure::forbidden("who is an owner of the team, its owners decide"))
}

/// Whether a role lets somebody read every site.
fn reads_every_site(user: &User) -> bool {
    user.role.is_some_and(|role| role.access().is_some() && role != TeamRole::Owner)
}

async fn rights(ctx: &Context, login: &str) -> Result<Vec<SiteAccess>, Error> {
    ctx.admin.access_of(login).await
}

/// A login or address that is taken is a conflict, and so is leaving no superuser.
pub(super) fn taken(error: Error) -> Failure {
    let message = error.message();
    if message.ends_with(" is taken") || message.contains("is the only superuser") {
        return Failure::conflict(message);
    }
    error.into()
}

fn describe(user: &User, rights: &[SiteAccess]) -> Value {
    let mut rights: Vec<&SiteAccess> = if user.superuser { Vec::new() } else { rights.iter().collect() };
    rights.sort_by_key(|right| right.site);
    let access: Vec<Value> =
        rights.iter().map(|right| json!({ "site_id": right.site.0, "access": access_name(right.access) })).collect();
    json!({
        "login": user.login,
        "name": user.name,
        "email": user.email,
        "superuser": user.superuser,
        "role": user.role.map(TeamRole::name),
        "created_at": shape::moment(user.created_at),
        "last_seen_at": shape::maybe_moment(user.last_seen_at),
        "invited_until": shape::maybe_moment(user.invitation.as_ref().map(|invitation| invitation.expires_at)),
        "access": access,
    })
}
