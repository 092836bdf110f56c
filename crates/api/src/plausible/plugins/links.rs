use footfall_admin::SharedLink;
use serde_json::{Value, json};

use super::{Ask, Failure, cast, created, id_of, page};
use crate::{matomo::Reply, own::shape};

/// `GET /shared_links`.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let links = ask.ctx.admin.shared_links(ask.site.id).await?;
    page::page(ask, "shared_links", links.iter().map(|link| (link.id, describe(ask, link))).collect())
}

/// `GET /shared_links/{id}`.
pub(super) async fn get(ask: &Ask<'_>, id: &str) -> Result<Reply, Failure> {
    let id = id_of(id)?;
    let links = ask.ctx.admin.shared_links(ask.site.id).await?;
    let found = links.iter().find(|link| link.id == id).ok_or_else(Failure::missing)?;
    Ok(shape::json(200, &describe(ask, found)))
}

/// `PUT /shared_links`: finds a link by its name, or makes it.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let given = cast::object(cast::needed(&ask.body, "shared_link")?)?;
    let name = cast::text(cast::needed(given, "name")?)?.trim();
    if name.is_empty() {
        return Err(Failure::invalid("name: can't be blank"));
    }
    let password = given.get("password").filter(|password| !password.is_null()).map(cast::text).transpose()?;
    let held = ask.ctx.admin.shared_links(ask.site.id).await?.into_iter().find(|link| link.name == name);
    let link = match held {
        Some(link) => link,
        None => {
            let password = password.filter(|password| !password.is_empty());
            ask.ctx.admin.add_shared_link(ask.site.id, name, password, None, ask.ctx.now).await?
        }
    };
    Ok(created(ask, &[format!("shared_links/{}", link.id)], &describe(ask, &link)))
}

fn describe(ask: &Ask<'_>, link: &SharedLink) -> Value {
    let href = crate::plausible::sites::link_url(ask.ctx, &ask.site, link);
    json!({ "shared_link": { "id": link.id, "name": link.name, "href": href, "password_protected": link.has_password } })
}
