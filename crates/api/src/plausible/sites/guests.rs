use footfall_admin::GuestRole;
use footfall_model::Access;
use serde_json::json;

use super::{
    super::{Failure, auth},
    Ask, page,
};
use crate::{letters, matomo::Reply, own::shape};

/// `GET /sites/guests`.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::Admin)?;
    let guests = ask.ctx.admin.guests(site.id).await?;
    let members = guests
        .iter()
        .map(|guest| {
            let status = if guest.accepted { "accepted" } else { "invited" };
            (guest.email.clone(), json!({ "email": guest.email, "role": guest.role.name(), "status": status }))
        })
        .collect();
    page::page(ask, "guests", members)
}

/// `PUT /sites/guests`.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::Admin)?;
    let email = ask.params.needed("email", "create guest")?;
    let role = ask
        .params
        .text("role")
        .and_then(GuestRole::parse)
        .ok_or_else(|| Failure::bad("Parameter `role` is required to create guest. Possible values: `viewer` or `editor`"))?;
    let (guest, _) = letters::invite_guest(ask.ctx, &site, email, role, &ask.principal.login).await?;
    let status = if guest.accepted { "accepted" } else { "invited" };
    Ok(shape::json(200, &json!({ "status": status, "email": guest.email, "role": guest.role.name() })))
}

/// `DELETE /sites/guests/{email}`.
pub(super) async fn delete(ask: &Ask<'_>, email: &str) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::Admin)?;
    ask.ctx.admin.remove_guest(site.id, email).await?;
    Ok(shape::json(200, &json!({ "deleted": true })))
}
