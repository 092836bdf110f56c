//! Figures and events that are brought to a site from elsewhere, and its figures as an archive.

use std::{
    collections::BTreeMap,
    io::{BufReader, Read},
    sync::Arc,
};

use footfall_admin::{Import, ImportState, NewImport};
use footfall_model::{Access, Error, Site};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Failure, shape};
use crate::{
    Call,
    matomo::{Context, Reply},
    plausible::{archive, first_day},
};

/// The most bytes of files as JSON, which are held in memory; a zip file is read table by table.
const LARGEST: u64 = 32 << 20;

/// `GET /sites/{id}/imports`.
pub(super) async fn list(ctx: &Context, caller: &Caller, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_set_up(site, "reading imports")?;
    let imports: Vec<Value> = ctx.admin.imports(site.id).await?.iter().map(describe).collect();
    Ok(shape::json(200, &json!({ "imports": imports })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    source: Option<String>,
    files: BTreeMap<String, String>,
}

/// `POST /sites/{id}/imports`: `files` maps names of Plausible's archive to their text.
pub(super) async fn create(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_set_up(site, "importing")?;
    Ok(keep_import(ctx, site, read_import(call.body.as_slice())).await)
}

/// Reads the body of `POST /sites/{id}/imports` that is no zip file.
///
/// # Errors
/// When it is too large, is not what is asked for, or a file in it cannot be read.
pub fn read_import(body: impl Read) -> Result<NewImport, Failure> {
    let mut body = BufReader::new(body).take(LARGEST + 1);
    let asked: Result<New, _> = serde_json::from_reader(&mut body);
    if body.limit() == 0 {
        let message = format!("files as JSON may have {LARGEST} bytes: send a zip file");
        return Err(Failure::new(413, "too_large", message));
    }
    let asked = asked.map_err(|_| Failure::bad_request("the body must be an object with `files`, from names to texts"))?;
    let mut new = NewImport { source: asked.source.unwrap_or_else(|| "plausible".to_owned()), ..NewImport::default() };
    let source = archive::Source::named(&new.source);
    for (name, text) in asked.files {
        new.tables.extend(source.read(&name, &text).map_err(|error| Failure::field("files", error.message()))?);
    }
    Ok(new)
}

/// Keeps what was read for `POST /sites/{id}/imports`, and answers.
pub async fn keep_import(ctx: &Context, site: &Site, read: Result<NewImport, Failure>) -> Reply {
    let new = match read {
        Ok(new) => new,
        Err(failure) => return failure.reply(),
    };
    match brought(ctx, site, new).await {
        Ok(import) => shape::json(201, &describe(&import)),
        Err(error) => Failure::from(error).reply(),
    }
}

/// Keeps figures, as far as they tell of days before the first on which the site tracked visits itself.
pub(crate) async fn brought(ctx: &Context, site: &Site, new: NewImport) -> Result<Import, Error> {
    let tracked_since = first_day(&*ctx.store, site).await?;
    ctx.admin.add_import(site.id, NewImport { tracked_since, ..new }, ctx.now).await
}

/// `DELETE /sites/{id}/imports/{import}`.
pub(super) async fn delete(ctx: &Context, caller: &Caller, site: &Arc<Site>, id: &str) -> Result<Reply, Failure> {
    caller.check_set_up(site, "deleting an import")?;
    let number = id.parse().map_err(|_| Failure::not_found(format!("site `{}` has no import `{id}`", site.id)))?;
    ctx.admin.delete_import(site.id, number).await?;
    Ok(shape::nothing())
}

/// `GET /sites/{id}/export/archive`: everything as files of Plausible's archive.
pub(super) async fn export(ctx: &Context, caller: &Caller, call: &Call, site: &Arc<Site>) -> Result<Reply, Failure> {
    caller.check_user()?;
    caller.check_site(site, Access::View, "exporting figures")?;
    let files = archive::export(ctx, site).await?;
    Ok(archive::answer(site, files, call.param("format").as_deref() == Some("zip"))?)
}

/// The site that a caller may bring something to, before the body, which can be large, is read.
///
/// # Errors
/// When there is no such site, or the caller has no `admin` access to it.
pub async fn importable(ctx: &Context, call: &Call, site: &str) -> Result<Arc<Site>, Failure> {
    let caller = super::caller(ctx, call).await?;
    let site = super::sites::find(ctx, &caller, site)?;
    caller.check_set_up(&site, "importing")?;
    caller.check_csrf(call)?;
    if caller.by_token && !caller.principal.scopes.is_empty() {
        return Err(Failure::forbidden("the token is for something else"));
    }
    Ok(site)
}

fn describe(import: &Import) -> Value {
    let mut told = json!({
        "id": import.id,
        "source": import.source,
        "from": import.first.to_string(),
        "to": import.last.to_string(),
        "rows": import.rows,
        "created_at": shape::moment(import.created_at),
        "state": state(import).name(),
        "deletable": import.events.is_none(),
    });
    if let Some(events) = &import.events {
        told["batch_id"] = json!(events.batch);
        told["lines"] = json!(events.lines);
        told["refused"] = json!(events.refused);
    }
    if let Some(cut) = &import.cut {
        told["cut"] = json!({ "from": cut.first.to_string(), "to": cut.last.to_string(), "rows": cut.rows });
    }
    told
}

/// How far an import is. Figures come in whole or not at all.
pub(crate) fn state(import: &Import) -> ImportState {
    import.events.as_ref().map_or(ImportState::Completed, |events| events.state)
}
