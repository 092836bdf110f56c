//! Shared links of a site.

use std::sync::Arc;

use footfall_admin::SharedLink;
use footfall_model::{Access, Error, Site};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Failure, body, segments, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
    plausible,
};

/// `GET /sites/{id}/shared-links`.
pub(super) async fn list(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "reading shared links")?;
    let links = ctx.admin.shared_links(site.id).await?;
    let links: Vec<Value> = links.iter().map(|link| describe(ctx, site, link)).collect();
    Ok(shape::json(200, &json!({ "shared_links": links })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    name: String,
    password: Option<String>,
    segment_id: Option<i64>,
}

/// `POST /sites/{id}/shared-links`.
pub(super) async fn create(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "making a shared link")?;
    let New { name, password, segment_id } = body::read(call)?;
    if let Some(id) = segment_id {
        let usable = ctx.admin.segment(id).await.ok().is_some_and(|saved| {
            saved.segment.site == Some(site.id) && segments::conditions(&saved.segment.definition, site, &ctx.catalogue).is_some()
        });
        if !usable {
            return Err(Failure::field("segment_id", "`segment_id` must be a segment of the site that is made of filters"));
        }
    }
    let made = ctx.admin.add_shared_link(site.id, &name, password.as_deref(), segment_id, ctx.now).await;
    let link = made.map_err(|error: Error| {
        if error.message().contains("must be unique") { Failure::field("name", error.message()) } else { error.into() }
    })?;
    Ok(shape::json(201, &describe(ctx, site, &link)))
}

/// `DELETE /sites/{id}/shared-links/{slug}`.
pub(super) async fn delete(ctx: &Context, caller: &Caller, site: &Arc<Site>, slug: &str) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "deleting a shared link")?;
    ctx.admin.delete_shared_link(site.id, slug).await?;
    Ok(shape::nothing())
}

fn describe(ctx: &Context, site: &Site, link: &SharedLink) -> Value {
    json!({
        "slug": link.slug,
        "name": link.name,
        "url": plausible::link_url(ctx, site, link),
        "has_password": link.has_password,
        "segment_id": link.segment,
        "created_at": shape::moment(link.created_at),
    })
}
