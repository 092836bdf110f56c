//! Saved segments, as Plausible's own dashboard saves them: `/api/{domain}/segments`.

use footfall_admin::{NewSegment, SavedSegment};
use footfall_model::{Access, Millis, Site};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        Failure,
        segments::{definition, describe, find, is_for_all, of_site},
    },
    access::Opened,
};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// What a segment is to be; what is left out stays as it is.
#[derive(Deserialize)]
struct Given {
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    segment_data: Option<Value>,
}

/// Answers a request: `rest` is what follows `segments` in its path.
pub(super) async fn answer(ctx: &Context, call: &Call, opened: &Opened, rest: &[String]) -> Result<Reply, Failure> {
    let (principal, site) = (&opened.caller.principal, &opened.site);
    if principal.is_anonymous() {
        return Err(Failure::new(403, "saved segments are for those who are signed in"));
    }
    if call.method != "GET" {
        check_changes(opened, call)?;
    }
    match (call.method.as_str(), rest) {
        ("GET", []) => {
            let all = of_site(ctx, principal, site).await?;
            let told: Vec<Value> = all.iter().filter_map(|saved| told(saved, site)).collect();
            Ok(shape::json(200, &told.into()))
        }
        ("GET", [id]) => reply(&find(ctx, principal, site, id).await?, site),
        ("POST", []) => {
            let given = read(call)?;
            let shared = is_for_all(given.kind.as_deref().unwrap_or("personal"))?;
            check_sharing(opened, shared)?;
            let name = given.name.ok_or_else(|| Failure::bad("name: can't be blank"))?;
            let data = given.segment_data.ok_or_else(|| Failure::bad("segment_data: can't be blank"))?;
            let new = NewSegment {
                name,
                definition: definition(ctx, site, &data)?,
                login: principal.login.clone(),
                site: Some(site.id),
                shared,
                ..NewSegment::default()
            };
            reply(&ctx.admin.add_segment(new, ctx.now).await?, site)
        }
        ("PATCH" | "PUT", [id]) => {
            let saved = find(ctx, principal, site, id).await?;
            let given = read(call)?;
            let shared = given.kind.as_deref().map_or(Ok(saved.segment.shared), is_for_all)?;
            check_sharing(opened, shared || saved.segment.shared)?;
            let mut new = saved.segment;
            new.shared = shared;
            new.name = given.name.unwrap_or(new.name);
            if let Some(data) = given.segment_data {
                new.definition = definition(ctx, site, &data)?;
            }
            reply(&ctx.admin.update_segment(saved.id, new, ctx.now).await?, site)
        }
        ("DELETE", [id]) => {
            let saved = find(ctx, principal, site, id).await?;
            check_sharing(opened, saved.segment.shared)?;
            ctx.admin.delete_segment(saved.id).await?;
            reply(&saved, site)
        }
        _ => Err(Failure::new(404, "there is no such operation")),
    }
}

fn read(call: &Call) -> Result<Given, Failure> {
    serde_json::from_slice(&call.body)
        .map_err(|_| Failure::bad("the body must be an object of `name`, `type` and `segment_data`"))
}

/// Refuses keys that may only read, and pages of other sites that use somebody's session.
fn check_changes(opened: &Opened, call: &Call) -> Result<(), Failure> {
    let caller = &opened.caller;
    if caller.by_token && !caller.principal.in_scope("sites:provision") {
        return Err(Failure::new(403, "saving segments needs a key for `sites:provision`"));
    }
    caller.check_csrf(call).map_err(|failure| Failure::new(failure.status, failure.message))
}

/// Refuses those who may not change what everybody sees.
fn check_sharing(opened: &Opened, shared: bool) -> Result<(), Failure> {
    if !shared || opened.caller.principal.allows(opened.site.id, Access::Write) {
        return Ok(());
    }
    Err(Failure::new(403, "segments of the site are for its editors to change; a `personal` one is yours alone"))
}

fn reply(saved: &SavedSegment, site: &Site) -> Result<Reply, Failure> {
    let told = told(saved, site).ok_or_else(|| Failure::new(404, "Segment could not be found"))?;
    Ok(shape::json(200, &told))
}

fn told(saved: &SavedSegment, site: &Site) -> Option<Value> {
    let moment = |at: Millis| at.local(&site.zone).strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let mut told = describe(saved)?;
    told["owner_name"] = json!(saved.segment.login);
    told["inserted_at"] = json!(moment(saved.created_at));
    told["updated_at"] = json!(moment(saved.changed_at.unwrap_or(saved.created_at)));
    Some(told)
}
