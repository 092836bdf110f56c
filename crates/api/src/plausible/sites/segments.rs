//! Saved segments: an addition to Plausible's Sites API, in its style.

use footfall_admin::NewSegment;
use footfall_model::Access;
use serde_json::{Value, json};

use super::{
    super::{
        Failure, auth,
        segments::{definition, describe, find, is_for_all, of_site},
    },
    Ask, page,
};
use crate::{matomo::Reply, own::shape};

/// `GET /sites/segments`.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::View)?;
    let shown = of_site(ask.ctx, &ask.principal, &site).await?;
    let members = shown.iter().filter_map(|saved| Some((saved.id.to_string(), describe(saved)?))).collect();
    page::page(ask, "segments", members)
}

/// `PUT /sites/segments`.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    const TO: &str = "save a segment";
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::Write)?;
    let name = ask.params.needed("name", TO)?.trim().to_owned();
    let shared = is_for_all(ask.params.text("type").unwrap_or("site"))?;
    let data = ask.params.get("segment_data").filter(|data| data.is_object());
    let data: &Value = data.ok_or_else(|| Failure::bad(format!("Parameter `segment_data` is required to {TO}")))?;
    let new = NewSegment {
        name,
        definition: definition(ask.ctx, &site, data)?,
        login: ask.principal.login.clone(),
        site: Some(site.id),
        shared,
        ..NewSegment::default()
    };
    let saved = ask.ctx.admin.add_segment(new, ask.ctx.now).await?;
    Ok(shape::json(200, &describe(&saved).unwrap_or_default()))
}

/// `DELETE /sites/segments/{id}`.
pub(super) async fn delete(ask: &Ask<'_>, id: &str) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::Write)?;
    let saved = find(ask.ctx, &ask.principal, &site, id).await?;
    ask.ctx.admin.delete_segment(saved.id).await?;
    Ok(shape::json(200, &json!({ "deleted": true })))
}
