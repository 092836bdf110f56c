//! Imports of figures: an addition to Plausible's Sites API, in its style.

use std::sync::Arc;

use footfall_admin::{Import, NewImport, Principal};
use footfall_model::{Access, Day, Error, Site};
use serde_json::{Value, json};

use super::{
    super::{Failure, archive, auth, query::day},
    Ask, page,
    params::Params,
};
use crate::{
    Call,
    matomo::{Context, Reply},
    own::{brought, import_state, shape},
};

/// `GET /sites/imports`.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::View)?;
    let imports = ask.ctx.admin.imports(site.id).await?;
    page::page(ask, "imports", imports.iter().map(|import| (import.id.to_string(), describe(import))).collect())
}

/// `PUT /sites/imports`: `files` maps names of Plausible's archive to their text.
pub(super) async fn put(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let (site, mut new) = announced(&ask.principal, ask.ctx, &ask.params)?;
    let Some(Value::Object(files)) = ask.params.get("files") else {
        return Err(Failure::bad("Parameter `files` is required to import figures"));
    };
    let source = archive::Source::named(&new.source);
    for (name, text) in files {
        let text = text.as_str().ok_or_else(|| Failure::bad(format!("files: `{name}` must be a text")))?;
        let tables = source.read(name, text).map_err(|error| Failure::bad(format!("files: {}", error.message())))?;
        new.tables.extend(tables);
    }
    let import = brought(ask.ctx, &site, new).await?;
    Ok(shape::json(200, &describe(&import)))
}

/// An import that comes as a file: `PUT /sites/imports?site_id=…` with a zip file, or with a CSV file that `file` names.
#[derive(Debug)]
pub struct Arriving {
    site: Arc<Site>,
    new: NewImport,
    file: String,
}

impl Arriving {
    /// Looks at who asks and what for, before the file itself is taken.
    ///
    /// # Errors
    /// When the key may not import to the site, or a parameter is wrong.
    pub async fn begin(ctx: &Context, call: &Call) -> Result<Arriving, Failure> {
        let principal = auth::principal(ctx, call, "sites:provision").await?;
        let params = Params::read(call)?;
        let (site, new) = announced(&principal, ctx, &params)?;
        Ok(Arriving { site, new, file: params.text("file").unwrap_or("the file").to_owned() })
    }

    /// What the file holds.
    pub fn source(&self) -> archive::Source {
        archive::Source::named(&self.new.source)
    }

    /// The file's name.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Keeps what was read of the file, and answers.
    pub async fn end(mut self, ctx: &Context, read: Result<Vec<archive::Table>, Error>) -> Reply {
        let kept = async {
            self.new.tables = read?;
            brought(ctx, &self.site, self.new).await
        };
        match kept.await {
            Ok(import) => shape::json(200, &describe(&import)),
            Err(error) => Failure::from(error).reply(),
        }
    }
}

/// `GET /sites/exports`: everything as files of Plausible's archive, as `PUT /sites/imports` takes them; with `format=zip` packed.
pub(super) async fn export(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, ask.params.text("site_id"), Access::View)?;
    let files = archive::export(ask.ctx, &site).await?;
    Ok(archive::answer(&site, files, ask.params.text("format") == Some("zip"))?)
}

/// `DELETE /sites/imports/{id}`.
pub(super) async fn delete(ask: &Ask<'_>, id: &str) -> Result<Reply, Failure> {
    let site = auth::set_up(ask.ctx, &ask.principal, ask.params.text("site_id"))?;
    let id = id.parse().map_err(|_| Failure::new(404, "Import could not be found"))?;
    ask.ctx.admin.delete_import(site.id, id).await?;
    Ok(shape::json(200, &json!({ "deleted": true })))
}

/// The site that figures are for, and what is said about them beside the files.
fn announced(principal: &Principal, ctx: &Context, params: &Params) -> Result<(Arc<Site>, NewImport), Failure> {
    let site = auth::set_up(ctx, principal, params.text("site_id"))?;
    let mut new = NewImport { source: params.text("source").unwrap_or("plausible").to_owned(), ..NewImport::default() };
    new.days = match (date(params, "start_date")?, date(params, "end_date")?) {
        (Some(first), Some(last)) if first <= last => Some((first, last)),
        (None, None) => None,
        _ => return Err(Failure::bad("Parameters `start_date` and `end_date` must be two days in order")),
    };
    Ok((site, new))
}

fn date(params: &Params, name: &str) -> Result<Option<Day>, Failure> {
    match params.text(name) {
        None => Ok(None),
        Some(text) => day(text).map(Some).ok_or_else(|| Failure::bad(format!("Parameter `{name}` must be a day"))),
    }
}

fn describe(import: &Import) -> Value {
    let mut told = json!({
        "id": import.id,
        "source": import.source,
        "start_date": import.first.to_string(),
        "end_date": import.last.to_string(),
        "rows": import.rows,
        "status": import_state(import).name(),
    });
    if let Some(events) = &import.events {
        told["batch_id"] = json!(events.batch);
        told["lines"] = json!(events.lines);
        told["refused"] = json!(events.refused);
    }
    if let Some(cut) = &import.cut {
        told["cut"] = json!({ "start_date": cut.first.to_string(), "end_date": cut.last.to_string(), "rows": cut.rows });
    }
    told
}
