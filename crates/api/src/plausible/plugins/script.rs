use footfall_admin::{INSTALLATIONS, SCRIPT_OPTIONS, TrackerScript};
use serde_json::{Map, Value, json};

use super::{Ask, Failure};
use crate::{matomo::Reply, own::shape};

/// `GET /tracker_script_configuration`.
pub(super) async fn get(ask: &Ask<'_>) -> Result<Reply, Failure> {
    Ok(describe(&ask.ctx.admin.tracker_script(ask.site.id).await?))
}

fn describe(script: &TrackerScript) -> Reply {
    let mut shown = Map::new();
    shown.insert("id".to_owned(), script.id.as_str().into());
    shown.insert("installation_type".to_owned(), json!(script.installation));
    shown.extend(SCRIPT_OPTIONS.iter().map(|option| ((*option).to_owned(), script.does(option).into())));
    shape::json(200, &json!({ "tracker_script_configuration": shown }))
}

/// `PUT /tracker_script_configuration`: changes what is named.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let wrong = |field: &str| Failure::invalid(format!("{field}: is invalid"));
    let given = ask.body.get("tracker_script_configuration").and_then(Value::as_object);
    let given = given.ok_or_else(|| wrong("tracker_script_configuration"))?;
    let installation = given.get("installation_type").filter(|value| !value.is_null());
    let installation = match installation {
        None => None,
        Some(value) => {
            Some(value.as_str().filter(|name| INSTALLATIONS.contains(name)).ok_or_else(|| wrong("installation_type"))?)
        }
    };
    let mut options = Vec::new();
    for option in SCRIPT_OPTIONS {
        if let Some(value) = given.get(*option).filter(|value| !value.is_null()) {
            options.push((*option, value.as_bool().ok_or_else(|| wrong(option))?));
        }
    }
    let changed = ask.ctx.admin.update_tracker_script(ask.site.id, installation, &options).await?;
    Ok(describe(&changed))
}
