use footfall_admin::SharedLink;
use footfall_model::{Access, Site};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::{
    super::{Failure, auth},
    Ask,
};
use crate::{
    matomo::{Context, Reply},
    own::shape,
};

/// Names that are kept for links the Plugins API makes.
const RESERVED: [&str; 2] = ["WordPress - Shared Dashboard", "Jetpack - Shared Dashboard"];

/// `PUT /sites/shared-links`: finds a link by its name, or makes it.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::Write)?;
    let name = ask.params.needed("name", "create a shared link")?.trim();
    if RESERVED.contains(&name) {
        return Err(Failure::bad("This name is reserved. Please choose another one"));
    }
    let found = ask.ctx.admin.shared_links(site.id).await?.into_iter().find(|link| link.name == name);
    let link = match found {
        Some(link) => link,
        None => ask.ctx.admin.add_shared_link(site.id, name, None, None, ask.ctx.now).await?,
    };
    Ok(shape::json(200, &json!({ "name": link.name, "url": url(ask.ctx, &site, &link) })))
}

/// The address of a shared dashboard.
pub(crate) fn url(ctx: &Context, site: &Site, link: &SharedLink) -> String {
    let base = ctx.settings.base_url.trim_end_matches('/');
    let domain = utf8_percent_encode(&site.domain, NON_ALPHANUMERIC).to_string().replace("%2E", ".").replace("%2D", "-");
    format!("{base}/share/{domain}?auth={}", link.slug)
}
