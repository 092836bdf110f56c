//! Saved segments in Plausible's form: `segment_data` holds `filters` in the grammar of Stats v2.

use footfall_admin::{Principal, SavedSegment};
use footfall_model::{Fault, Site};
use serde_json::{Value, json};

use super::{Failure, filters};
use crate::matomo::Context;

/// What is kept of a `segment_data`.
///
/// # Errors
/// When it holds no filters, or something that is none.
pub(super) fn definition(ctx: &Context, site: &Site, data: &Value) -> Result<String, Failure> {
    let given = data.get("filters").and_then(Value::as_array).filter(|filters| !filters.is_empty());
    let given = given.ok_or_else(|| Failure::bad("segment_data: must hold a list of `filters`"))?;
    if !given.iter().all(|filter| filters::has_form(filter, true)) {
        return Err(Failure::bad("segment_data: `filters` holds something that is no filter"));
    }
    filters::read(given, site, &ctx.catalogue)?;
    Ok(data.to_string())
}

/// Whether a segment of this type is for everybody who sees the site.
///
/// # Errors
/// When there is no such type.
pub(super) fn is_for_all(kind: &str) -> Result<bool, Failure> {
    match kind {
        "site" => Ok(true),
        "personal" => Ok(false),
        _ => Err(Failure::bad("type: must be `site` or `personal`")),
    }
}

/// The segments of a site that somebody may use.
///
/// # Errors
/// When the relational side cannot answer.
pub(super) async fn of_site(ctx: &Context, principal: &Principal, site: &Site) -> Result<Vec<SavedSegment>, Failure> {
    let mut all = ctx.admin.segments().await?;
    all.retain(|saved| is_usable(saved, principal, site));
    Ok(all)
}

/// The segment of this number, where it is one of the site that they may use.
///
/// # Errors
/// When there is none.
pub(super) async fn find(ctx: &Context, principal: &Principal, site: &Site, id: &str) -> Result<SavedSegment, Failure> {
    let missing = || Failure::new(404, "Segment could not be found");
    let saved = match ctx.admin.segment(id.parse().map_err(|_| missing())?).await {
        Ok(saved) => saved,
        Err(error) if error.fault() == Fault::Missing => return Err(missing()),
        Err(error) => return Err(error.into()),
    };
    if is_usable(&saved, principal, site) { Ok(saved) } else { Err(missing()) }
}

fn is_usable(saved: &SavedSegment, principal: &Principal, site: &Site) -> bool {
    saved.segment.site == Some(site.id) && (saved.segment.shared || saved.segment.login == principal.login)
}

/// A segment as it is told; `None` for those in Matomo's grammar.
pub(super) fn describe(saved: &SavedSegment) -> Option<Value> {
    let data: Value = serde_json::from_str(&saved.segment.definition).ok()?;
    let kind = if saved.segment.shared { "site" } else { "personal" };
    Some(json!({ "id": saved.id, "name": saved.segment.name, "type": kind, "segment_data": data }))
}
