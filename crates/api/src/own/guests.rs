//! People who are let into a single site by their e-mail address.

use std::sync::Arc;

use footfall_admin::{Guest, GuestRole};
use footfall_model::{Access, Site};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Failure, body, shape};
use crate::{
    Call, letters,
    matomo::{Context, Reply},
};

/// `GET /sites/{id}/guests`.
pub(super) async fn list(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Admin, "reading guests")?;
    let guests: Vec<Value> = ctx.admin.guests(site.id).await?.iter().map(describe).collect();
    Ok(shape::json(200, &json!({ "guests": guests })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    email: String,
    role: String,
}

/// `POST /sites/{id}/guests`: at once where a user has the address, else as soon as one has it.
pub(super) async fn invite(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Admin, "inviting a guest")?;
    let asked: New = body::read(call)?;
    let role = GuestRole::parse(&asked.role).ok_or_else(|| Failure::field("role", "`role` must be `viewer` or `editor`"))?;
    let (guest, link) = letters::invite_guest(ctx, site, &asked.email, role, &caller.principal.login).await?;
    let mut told = describe(&guest);
    // With the link anybody can be the guest: it is for the letter, and shown where none is sent or to who may do everything.
    if let Some(link) = link.filter(|_| ctx.settings.post.is_none() || caller.principal.superuser) {
        told["invitation_url"] = json!(link);
    }
    Ok(shape::json(201, &told))
}

/// `DELETE /sites/{id}/guests/{email}`.
pub(super) async fn remove(ctx: &Context, caller: &Caller, site: &Arc<Site>, email: &str) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Admin, "removing a guest")?;
    if ctx.admin.remove_guest(site.id, email).await? {
        return Ok(shape::nothing());
    }
    Err(Failure::not_found(format!("site `{}` has no guest `{email}`", site.id)))
}

fn describe(guest: &Guest) -> Value {
    json!({
        "email": guest.email,
        "role": guest.role.name(),
        "accepted": guest.accepted,
        "invited_at": shape::moment(guest.invited_at),
    })
}
