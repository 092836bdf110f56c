use footfall_admin::SiteChanges;
use serde_json::{Map, Value, json};

use super::{Ask, Failure, cast};
use crate::{matomo::Reply, own::shape};

/// How many properties a site may allow.
const MOST_PROPS: usize = 300;

/// `PUT` and `DELETE /custom_props`: allows properties, or takes them away.
pub(super) async fn change(ask: &Ask<'_>, allow: bool) -> Result<Reply, Failure> {
    let mut props = ask.ctx.admin.site(ask.site.id, ask.ctx.now).await?.allowed_props;
    let mut named = Vec::new();
    for key in keys(&ask.body)? {
        named.push(json!({ "custom_prop": { "key": key } }));
        props.retain(|known| known != key);
        if allow {
            props.push(key.to_owned());
        }
    }
    if props.len() > MOST_PROPS {
        return Err(Failure::invalid(format!("a site may allow {MOST_PROPS} properties")));
    }
    let changes = SiteChanges { allowed_props: Some(props), ..SiteChanges::default() };
    ask.ctx.admin.update_site(ask.site.id, changes, ask.ctx.now).await?;
    Ok(if allow { shape::json(201, &json!({ "custom_props": named })) } else { shape::nothing() })
}

/// The keys in `{"custom_prop": …}` or `{"custom_props": [{"custom_prop": …}, …]}`.
fn keys(body: &Map<String, Value>) -> Result<Vec<&str>, Failure> {
    if body.contains_key("custom_prop") {
        return Ok(vec![key(body)?]);
    }
    let many = cast::list(cast::needed(body, "custom_props")?, 1..=MOST_PROPS)?;
    many.iter().map(|one| key(cast::object(one)?)).collect()
}

fn key(one: &Map<String, Value>) -> Result<&str, Failure> {
    let prop = cast::object(cast::needed(one, "custom_prop")?)?;
    let key = cast::text(cast::needed(prop, "key")?)?.trim();
    if (1..=300).contains(&key.len()) { Ok(key) } else { Err(Failure::invalid("key: must have 1 to 300 bytes")) }
}
