//! Notes about days of a site.

use std::sync::Arc;

use footfall_admin::{Annotation, AnnotationChanges};
use footfall_model::{Access, DateRange, Day, Site};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Failure, body, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// `GET /sites/{id}/annotations`: all, or those about the days `from` to `to`. They are for people who are signed in.
pub(super) async fn list(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_user()?;
    caller.check_site(site, Access::View, "reading annotations")?;
    let given = |name: &str| call.param(name).filter(|text| !text.is_empty()).map(|text| day(name, &text)).transpose();
    let days = match (given("from")?, given("to")?) {
        (None, None) => None,
        (Some(from), Some(to)) => Some(DateRange::new(from, to)?),
        _ => return Err(Failure::bad_request("`from` and `to` must be given together")),
    };
    let mut found = ctx.admin.annotations(site.id, days).await?;
    found.sort_by_key(|one| std::cmp::Reverse((one.date, one.id)));
    let annotations: Vec<Value> = found.iter().map(describe).collect();
    Ok(shape::json(200, &json!({ "annotations": annotations })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    date: Option<String>,
    note: Option<String>,
    starred: Option<bool>,
}

/// `POST /sites/{id}/annotations`.
pub(super) async fn create(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "adding an annotation")?;
    let fields: Fields = body::read(call)?;
    let (Some(date), Some(note)) = (&fields.date, &fields.note) else {
        return Err(Failure::bad_request("the body is not what is asked for: `date` and `note` must be given"));
    };
    let starred = fields.starred.unwrap_or(false);
    let made = ctx.admin.add_annotation(site.id, dated(date)?, note, starred, &caller.principal.login, ctx.now).await?;
    Ok(shape::json(201, &describe(&made)))
}

/// `PATCH /sites/{id}/annotations/{annotation}`.
pub(super) async fn update(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>, id: &str) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "changing an annotation")?;
    let number = number(site, id)?;
    let fields: Fields = body::read(call)?;
    let date = fields.date.as_deref().map(dated).transpose()?;
    let changes = AnnotationChanges { date, note: fields.note, starred: fields.starred };
    let changed = ctx.admin.update_annotation(site.id, number, changes).await?;
    Ok(shape::json(200, &describe(&changed)))
}

/// `DELETE /sites/{id}/annotations/{annotation}`.
pub(super) async fn delete(ctx: &Context, caller: &Caller, site: &Arc<Site>, id: &str) -> Result<Reply, Failure> {
    caller.check_site(site, Access::Write, "deleting an annotation")?;
    ctx.admin.delete_annotation(site.id, number(site, id)?).await?;
    Ok(shape::nothing())
}

fn number(site: &Site, id: &str) -> Result<i32, Failure> {
    id.parse().map_err(|_| Failure::not_found(format!("site `{}` has no annotation `{id}`", site.id)))
}

fn day(name: &str, text: &str) -> Result<Day, Failure> {
    text.parse().map_err(|_| Failure::bad_request(format!("`{name}` must be a date such as `2026-03-01`")))
}

fn dated(text: &str) -> Result<Day, Failure> {
    text.parse().map_err(|_| Failure::field("date", "`date` must be a date such as `2026-03-01`"))
}

fn describe(one: &Annotation) -> Value {
    json!({
        "id": one.id,
        "date": one.date.to_string(),
        "note": one.note,
        "starred": one.starred,
        "login": one.login,
        "created_at": shape::moment(one.created_at),
    })
}
