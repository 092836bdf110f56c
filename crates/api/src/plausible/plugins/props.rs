use footfall_admin::SiteChanges;
use serde_json::{Value, json};

use super::{Ask, Failure, each, list};
use crate::{matomo::Reply, own::shape};

/// How many properties a site may allow.
const MOST_PROPS: usize = 300;

/// Allows properties, or takes them away.
pub(super) async fn change(ask: &Ask<'_>, allow: bool) -> Result<Reply, Failure> {
    let given = each(&ask.body, "custom_props", |one| one.contains_key("custom_prop"))?;
    let mut props = ask.ctx.admin.site(ask.site.id, ask.ctx.now).await?.allowed_props;
    let mut named = Vec::new();
    for one in given {
        let key = one.get("custom_prop").and_then(|prop| prop.get("key")).and_then(Value::as_str).map(str::trim);
        let key = key
            .filter(|key| !key.is_empty() && key.len() <= 300)
            .ok_or_else(|| Failure::invalid("key: must have 1 to 300 bytes"))?;
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
    if !allow {
        return Ok(shape::nothing());
    }
    let mut reply = list("custom_props", named);
    reply.status = 201;
    Ok(reply)
}
