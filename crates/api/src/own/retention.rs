//! How long the visits of a site are kept.

use std::sync::Arc;

use footfall_admin::Admin;
use footfall_model::{Access, Error, Site, SiteId};
use serde::Deserialize;
use serde_json::json;

use super::{Caller, Failure, body, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// The setting of a site, and of the server.
const NAME: &str = "retention_days";
/// The longest time, in days.
const MOST: u32 = 36_500;

/// `GET /sites/{id}/retention`.
pub(super) async fn get(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::View, "reading how long visits are kept")?;
    describe(ctx, site).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(deserialize_with = "body::nullable")]
    days: Option<Option<u32>>,
}

/// `PUT /sites/{id}/retention`: 0 is for ever, null what the server says.
pub(super) async fn set(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Admin, "changing how long visits are kept")?;
    let Change { days } = body::read(call)?;
    let days = days.flatten();
    if days.is_some_and(|days| days > MOST) {
        return Err(Failure::field("days", format!("`days` must be a whole number from 0 to {MOST}")));
    }
    ctx.admin.set_site_setting(site.id, NAME, &days).await?;
    describe(ctx, site).await
}

/// How many days the visits of a site are kept; nothing where they are kept for ever.
///
/// # Errors
/// When the database fails.
pub async fn retention(admin: &Admin, site: SiteId) -> Result<Option<u32>, Error> {
    let own = admin.site_setting::<Option<u32>>(site, NAME).await?.flatten();
    let days = match own {
        Some(days) => Some(days),
        None => of_server(admin).await?,
    };
    Ok(days.filter(|days| *days > 0))
}

async fn of_server(admin: &Admin) -> Result<Option<u32>, Error> {
    Ok(admin.setting::<Option<u32>>(NAME).await?.flatten().filter(|days| *days > 0))
}

async fn describe(ctx: &Context, site: &Site) -> Result<Reply, Failure> {
    let own = ctx.admin.site_setting::<Option<u32>>(site.id, NAME).await?.flatten();
    Ok(shape::json(200, &json!({ "days": own, "server_days": of_server(&ctx.admin).await? })))
}
