use footfall_admin::SiteChanges;
use footfall_model::{Access, Site};
use serde_json::json;

use super::{
    super::{Failure, auth},
    Ask,
};
use crate::{matomo::Reply, own::shape};

/// How many properties a site may allow.
const MOST: usize = 300;

/// `GET /sites/custom-props`.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::View)?;
    let held = ask.ctx.admin.site(site.id, ask.ctx.now).await?;
    let props: Vec<_> = held.allowed_props.iter().map(|name| json!({ "property": name })).collect();
    Ok(shape::json(200, &json!({ "custom_properties": props })))
}

/// `PUT /sites/custom-props`.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::set_up(ask.ctx, &ask.principal, ask.params.text("site_id"))?;
    let name = ask.params.needed("property", "create a custom property")?.trim().to_owned();
    if name.is_empty() || name.len() > 300 {
        return Err(Failure::bad("Parameter `property` is too long"));
    }
    let mut props = ask.ctx.admin.site(site.id, ask.ctx.now).await?.allowed_props;
    if !props.contains(&name) {
        if props.len() >= MOST {
            return Err(Failure::bad("Can't add any more custom properties"));
        }
        props.push(name);
        keep(ask, &site, props).await?;
    }
    Ok(shape::json(200, &json!({ "created": true })))
}

/// `DELETE /sites/custom-props/{name}`.
pub(super) async fn delete(ask: &Ask<'_>, name: &str) -> Result<Reply, Failure> {
    let site = auth::set_up(ask.ctx, &ask.principal, ask.params.text("site_id"))?;
    let mut props = ask.ctx.admin.site(site.id, ask.ctx.now).await?.allowed_props;
    if props.iter().any(|known| known == name) {
        props.retain(|known| known != name);
        keep(ask, &site, props).await?;
    }
    Ok(shape::json(200, &json!({ "deleted": true })))
}

async fn keep(ask: &Ask<'_>, site: &Site, props: Vec<String>) -> Result<(), Failure> {
    let changes = SiteChanges { allowed_props: Some(props), ..SiteChanges::default() };
    ask.ctx.admin.update_site(site.id, changes, ask.ctx.now).await?;
    Ok(())
}
