use footfall_admin::TrackerScript;
use serde_json::{Map, Value, json};

use super::{Ask, Failure, cast};
use crate::{matomo::Reply, own::shape};

/// The ways to put a script into pages that may be named here.
const INSTALLATIONS: [&str; 3] = ["manual", "wordpress", "gtm"];
/// What may be told and changed here of what a script does.
const OPTIONS: [&str; 4] = ["hash_based_routing", "outbound_links", "file_downloads", "form_submissions"];

/// `GET /tracker_script_configuration`.
pub(super) async fn get(ask: &Ask<'_>) -> Result<Reply, Failure> {
    Ok(describe(&ask.ctx.admin.tracker_script(ask.site.id).await?))
}

/// `PUT /tracker_script_configuration`: changes what is named; everything that is wrong is told at once.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let given = cast::object(cast::needed(&ask.body, "tracker_script_configuration")?)?;
    let mut wrong = Vec::new();
    let installation = cast::text(cast::needed(given, "installation_type")?)
        .and_then(|name| if INSTALLATIONS.contains(&name) { Ok(name) } else { Err(Failure::invalid("Invalid value for enum")) });
    let installation = installation.map_err(|failure| wrong.extend(failure.1)).ok();
    let mut options = Vec::new();
    for option in OPTIONS {
        match given.get(option).map(cast::flag) {
            None => {}
            Some(Ok(on)) => options.push((option, on)),
            Some(Err(failure)) => wrong.extend(failure.1),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure(422, wrong));
    }
    Ok(describe(&ask.ctx.admin.update_tracker_script(ask.site.id, installation, &options).await?))
}

fn describe(script: &TrackerScript) -> Reply {
    let mut shown = Map::new();
    shown.insert("id".to_owned(), script.id.as_str().into());
    shown.insert("installation_type".to_owned(), script.installation.as_deref().unwrap_or("manual").into());
    shown.extend(OPTIONS.iter().map(|option| ((*option).to_owned(), script.does(option).into())));
    shape::json(200, &json!({ "tracker_script_configuration": Value::Object(shown) }))
}
