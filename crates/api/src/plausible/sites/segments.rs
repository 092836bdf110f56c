//! Saved segments: an addition to Plausible's Sites API, in its style.

use footfall_admin::{NewSegment, SavedSegment};
use footfall_model::{Access, Fault, Site};
use serde_json::{Value, json};

use super::{
    super::{Failure, auth, filters},
    Ask, page,
};
use crate::{matomo::Reply, own::shape};

/// `GET /sites/segments`.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::View)?;
    let all = ask.ctx.admin.segments().await?;
    let shown = all.iter().filter(|saved| saved.segment.site == Some(site.id));
    let shown = shown.filter(|saved| saved.segment.shared || saved.segment.login == ask.principal.login);
    let members = shown.filter_map(|saved| Some((saved.id.to_string(), describe(saved)?))).collect();
    page::page(ask, "segments", members)
}

/// `PUT /sites/segments`: `segment_data` holds `filters` in the grammar of Stats v2.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    const TO: &str = "save a segment";
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::Write)?;
    let name = ask.params.needed("name", TO)?.trim().to_owned();
    let shared = match ask.params.text("type") {
        None | Some("site") => true,
        Some("personal") => false,
        Some(_) => return Err(Failure::bad("type: must be `site` or `personal`")),
    };
    let data = ask.params.get("segment_data").and_then(Value::as_object);
    let data = data.ok_or_else(|| Failure::bad(format!("Parameter `segment_data` is required to {TO}")))?;
    let given = data.get("filters").and_then(Value::as_array).filter(|filters| !filters.is_empty());
    let given = given.ok_or_else(|| Failure::bad("segment_data: must hold a list of `filters`"))?;
    if !given.iter().all(|filter| filters::has_form(filter, true)) {
        return Err(Failure::bad("segment_data: `filters` holds something that is no filter"));
    }
    filters::read(given, &site, &ask.ctx.catalogue)?;
    let new = NewSegment {
        name,
        definition: Value::Object(data.clone()).to_string(),
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
    let saved = find(ask, &site, id).await?;
    ask.ctx.admin.delete_segment(saved.id).await?;
    Ok(shape::json(200, &json!({ "deleted": true })))
}

async fn find(ask: &Ask<'_>, site: &Site, id: &str) -> Result<SavedSegment, Failure> {
    let missing = || Failure::new(404, "Segment could not be found");
    let saved = match ask.ctx.admin.segment(id.parse().map_err(|_| missing())?).await {
        Ok(saved) => saved,
        Err(error) if error.fault() == Fault::Missing => return Err(missing()),
        Err(error) => return Err(error.into()),
    };
    let visible = saved.segment.shared || saved.segment.login == ask.principal.login;
    if saved.segment.site == Some(site.id) && visible { Ok(saved) } else { Err(missing()) }
}

/// A segment as it is told; `None` for those in Matomo's grammar.
fn describe(saved: &SavedSegment) -> Option<Value> {
    let data: Value = serde_json::from_str(&saved.segment.definition).ok()?;
    let kind = if saved.segment.shared { "site" } else { "personal" };
    Some(json!({ "id": saved.id, "name": saved.segment.name, "type": kind, "segment_data": data }))
}
