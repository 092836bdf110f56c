//! Saved filters of a site.

use std::sync::Arc;

use footfall_admin::{NewSegment, SavedSegment};
use footfall_model::{Access, Catalogue, Site};
use footfall_report::stats::Filter;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Failure, body, query, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
    plausible,
};

/// `GET /sites/{id}/segments`: those made of filters that the caller may use.
pub(super) async fn list(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_user()?;
    caller.check_site(site, Access::View, "reading segments")?;
    let all = ctx.admin.segments().await?;
    let usable = |saved: &&SavedSegment| saved.segment.shared || saved.segment.login == caller.principal.login;
    let of_site = all.iter().filter(|saved| saved.segment.site == Some(site.id)).filter(usable);
    let segments: Vec<Value> = of_site.filter_map(describe).collect();
    Ok(shape::json(200, &json!({ "segments": segments })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    name: String,
    filters: Value,
}

/// `POST /sites/{id}/segments`: for everybody with a right to the site.
pub(super) async fn create(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "saving a segment")?;
    let asked: New = body::read(call)?;
    if query::filters(&asked.filters, site, &ctx.catalogue)?.is_empty() {
        return Err(Failure::field("filters", "`filters` must hold one at least"));
    }
    let new = NewSegment {
        name: asked.name,
        definition: json!({ "filters": asked.filters }).to_string(),
        login: caller.principal.login.clone(),
        site: Some(site.id),
        shared: true,
        ..NewSegment::default()
    };
    let saved = ctx.admin.add_segment(new, ctx.now).await?;
    Ok(shape::json(201, &describe(&saved).unwrap_or_default()))
}

/// `DELETE /sites/{id}/segments/{segment}`.
pub(super) async fn delete(ctx: &Context, caller: &Caller, site: &Arc<Site>, id: &str) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "deleting a segment")?;
    let missing = || Failure::not_found(format!("site `{}` has no segment `{id}`", site.id));
    let number: i64 = id.parse().map_err(|_| missing())?;
    let all = ctx.admin.segments().await?;
    let found = all.iter().find(|saved| saved.id == number && saved.segment.site == Some(site.id)).ok_or_else(missing)?;
    ctx.admin.delete_segment(found.id).await?;
    Ok(shape::nothing())
}

/// The conditions of a saved segment that is made of filters, ours or Plausible's; nothing for those in Matomo's grammar.
pub(super) fn conditions(definition: &str, site: &Site, catalogue: &Catalogue) -> Option<Vec<Filter>> {
    let data: Value = serde_json::from_str(definition).ok()?;
    let given = data.get("filters").filter(|filters| filters.as_array().is_some_and(|list| !list.is_empty()))?;
    query::filters(given, site, catalogue).ok().or_else(|| plausible::read_filters(given.as_array()?, site, catalogue))
}

fn describe(saved: &SavedSegment) -> Option<Value> {
    let data: Value = serde_json::from_str(&saved.segment.definition).ok()?;
    let filters = data.get("filters")?;
    Some(json!({ "id": saved.id, "name": saved.segment.name, "filters": filters }))
}
