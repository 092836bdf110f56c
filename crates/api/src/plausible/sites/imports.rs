//! Imports of figures: an addition to Plausible's Sites API, in its style.

use footfall_admin::{Import, NewImport};
use footfall_model::{Access, Day};
use serde_json::{Value, json};

use super::{
    super::{Failure, archive, auth, query::day},
    Ask, page,
};
use crate::{matomo::Reply, own::shape};

/// `GET /sites/imports`.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::View)?;
    let imports = ask.ctx.admin.imports(site.id).await?;
    page::page(ask, "imports", imports.iter().map(|import| (import.id.to_string(), describe(import))).collect())
}

/// `PUT /sites/imports`: `files` maps names of Plausible's archive to their text.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    const TO: &str = "import figures";
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::Admin)?;
    let Some(Value::Object(files)) = ask.params.get("files") else {
        return Err(Failure::bad(format!("Parameter `files` is required to {TO}")));
    };
    let mut new = NewImport { source: ask.params.text("source").unwrap_or("plausible").to_owned(), ..NewImport::default() };
    new.days = match (date(ask, "start_date")?, date(ask, "end_date")?) {
        (Some(first), Some(last)) if first <= last => Some((first, last)),
        (None, None) => None,
        _ => return Err(Failure::bad("Parameters `start_date` and `end_date` must be two days in order")),
    };
    for (name, text) in files {
        let table = archive::table_of(name)
            .ok_or_else(|| Failure::bad(format!("files: `{name}` is not a file of an archive, such as imported_pages.csv")))?;
        let text = text.as_str().ok_or_else(|| Failure::bad(format!("files: `{name}` must be a text")))?;
        new.tables.push((table, archive::read(&table, text)?));
    }
    let import = ask.ctx.admin.add_import(site.id, new, ask.ctx.now).await?;
    Ok(shape::json(200, &describe(&import)))
}

/// `GET /sites/exports`: everything as files of Plausible's archive, as `PUT /sites/imports` takes them.
pub(super) async fn export(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::View)?;
    let files = archive::export(ask.ctx, &site).await?;
    let files: serde_json::Map<String, Value> = files.into_iter().map(|(name, text)| (name, text.into())).collect();
    Ok(shape::json(200, &json!({ "files": files })))
}

/// `DELETE /sites/imports/{id}`.
pub(super) async fn delete(ask: &Ask<'_>, id: &str) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::Admin)?;
    let id = id.parse().map_err(|_| Failure::new(404, "Import could not be found"))?;
    ask.ctx.admin.delete_import(site.id, id).await?;
    Ok(shape::json(200, &json!({ "deleted": true })))
}

fn date(ask: &Ask<'_>, name: &str) -> Result<Option<Day>, Failure> {
    match ask.params.text(name) {
        None => Ok(None),
        Some(text) => day(text).map(Some).ok_or_else(|| Failure::bad(format!("Parameter `{name}` must be a day"))),
    }
}

fn describe(import: &Import) -> Value {
    json!({
        "id": import.id,
        "source": import.source,
        "start_date": import.first.to_string(),
        "end_date": import.last.to_string(),
        "rows": import.rows,
    })
}
