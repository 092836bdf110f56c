//! Custom dimensions of a site.

use std::sync::Arc;

use footfall_admin::NewDimension;
use footfall_model::{Access, CustomDimension, CustomScope, Site};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Failure, body, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// `GET /sites/{id}/dimensions`.
pub(super) async fn list(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::View, "reading custom dimensions")?;
    let dimensions: Vec<Value> = ctx.admin.dimensions(site.id).await?.iter().map(describe).collect();
    Ok(shape::json(200, &json!({ "dimensions": dimensions })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    name: Option<String>,
    scope: Option<String>,
    active: Option<bool>,
    case_sensitive: Option<bool>,
    extractions: Option<Vec<Extraction>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Extraction {
    source: String,
    pattern: String,
}

/// `POST /sites/{id}/dimensions`.
pub(super) async fn create(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_set_up(site, "adding a custom dimension")?;
    let fields: Fields = body::read(call)?;
    let (Some(name), Some(scope)) = (fields.name, fields.scope) else {
        return Err(Failure::bad_request("the body is not what is asked for: `name` and `scope` must be given"));
    };
    let scope = match scope.as_str() {
        "visit" => CustomScope::Visit,
        "action" => CustomScope::Action,
        _ => return Err(Failure::field("scope", "`scope` must be `visit` or `action`")),
    };
    let new = NewDimension {
        name,
        scope,
        active: fields.active.unwrap_or(true),
        case_sensitive: fields.case_sensitive.unwrap_or(true),
        extractions: pairs(fields.extractions.unwrap_or_default()),
    };
    let dimension = ctx.admin.add_dimension(site.id, new).await?;
    Ok(shape::json(201, &describe(&dimension)))
}

/// `PATCH /sites/{id}/dimensions/{dimension}`.
pub(super) async fn update(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>, id: &str) -> Result<Reply, Failure> {
    caller.check_set_up(site, "changing a custom dimension")?;
    let held = find(ctx, site, id).await?;
    let fields: Fields = body::read(call)?;
    if fields.scope.is_some() {
        return Err(Failure::bad_request("the body is not what is asked for: `scope` stays as it is"));
    }
    let new = NewDimension {
        name: fields.name.unwrap_or(held.name),
        scope: held.scope,
        active: fields.active.unwrap_or(held.active),
        case_sensitive: fields.case_sensitive.unwrap_or(held.case_sensitive),
        extractions: fields.extractions.map_or(held.extractions, pairs),
    };
    let dimension = ctx.admin.update_dimension(site.id, held.id, new).await?;
    Ok(shape::json(200, &describe(&dimension)))
}

/// `DELETE /sites/{id}/dimensions/{dimension}`.
pub(super) async fn delete(ctx: &Context, caller: &Caller, site: &Arc<Site>, id: &str) -> Result<Reply, Failure> {
    caller.check_set_up(site, "deleting a custom dimension")?;
    let held = find(ctx, site, id).await?;
    ctx.admin.delete_dimension(site.id, held.id).await?;
    Ok(shape::nothing())
}

async fn find(ctx: &Context, site: &Site, id: &str) -> Result<CustomDimension, Failure> {
    let number: Option<u32> = id.parse().ok();
    let dimensions = ctx.admin.dimensions(site.id).await?;
    dimensions
        .into_iter()
        .find(|dimension| Some(dimension.id) == number)
        .ok_or_else(|| Failure::not_found(format!("site `{}` has no custom dimension `{id}`", site.id)))
}

fn pairs(extractions: Vec<Extraction>) -> Vec<(String, String)> {
    extractions.into_iter().map(|extraction| (extraction.source, extraction.pattern)).collect()
}

fn describe(dimension: &CustomDimension) -> Value {
    let extractions: Vec<Value> =
        dimension.extractions.iter().map(|(source, pattern)| json!({ "source": source, "pattern": pattern })).collect();
    json!({
        "id": dimension.id,
        "index": dimension.slot,
        "name": dimension.name,
        "scope": match dimension.scope { CustomScope::Visit => "visit", CustomScope::Action => "action" },
        "active": dimension.active,
        "case_sensitive": dimension.case_sensitive,
        "extractions": extractions,
    })
}
