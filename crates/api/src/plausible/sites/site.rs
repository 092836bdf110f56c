use std::sync::Arc;

use footfall_admin::{INSTALLATIONS, NewSite, SCRIPT_OPTIONS, SiteChanges, TrackerScript, time_zone};
use footfall_model::{Access, Error, Site, VisitPolicy};
use serde_json::{Map, Value, json};

use super::{
    super::{Failure, auth},
    Ask, page, teams,
};
use crate::{
    matomo::{Context, Reply},
    own::{forget, shape},
};

/// `GET /sites`: the newest first.
pub(super) async fn list(ask: &Ask<'_>) -> Result<Reply, Failure> {
    let is_meant = teams::is_meant(ask).await?;
    let mut sites: Vec<Arc<Site>> =
        ask.ctx.sites.all().into_iter().filter(|site| is_meant && ask.principal.allows(site.id, Access::View)).collect();
    sites.sort_by_key(|site| std::cmp::Reverse(site.id));
    let members =
        sites.iter().map(|site| (site.id.to_string(), json!({ "domain": site.domain, "timezone": site.timezone }))).collect();
    page::page(ask, "sites", members)
}

/// `POST /sites`.
pub(super) async fn create(ask: &Ask<'_>) -> Result<Reply, Failure> {
    if !ask.principal.adds_sites() {
        return Err(Failure::new(403, "You can't add sites with this API key."));
    }
    if !teams::is_meant(ask).await? {
        return Err(Failure::new(403, "You can't add sites to the selected team."));
    }
    let domain = domain(ask.params.get("domain"))?;
    let timezone = match ask.params.get("timezone") {
        None => "Etc/UTC".to_owned(),
        Some(Value::String(name)) if time_zone(name).is_ok() => name.clone(),
        Some(_) => return Err(Failure::bad("timezone: is invalid")),
    };
    let script = script(ask.params.get("tracker_script_configuration"))?;
    let new = NewSite {
        urls: vec![format!("https://{domain}")],
        domain: Some(domain),
        timezone: Some(timezone),
        policy: Some(VisitPolicy::Plausible),
        ..NewSite::default()
    };
    let site = ask.ctx.admin.add_site(new, ask.ctx.now).await.map_err(taken)?;
    let script = configure(ask.ctx, &site, script).await?;
    Ok(shape::json(200, &describe(&site, &script)))
}

/// `GET /sites/{domain}`.
pub(super) async fn get(ask: &Ask<'_>, domain: &str) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, Some(domain), Access::View)?;
    let script = ask.ctx.admin.tracker_script(site.id).await?;
    Ok(shape::json(200, &describe(&site, &script)))
}

/// `PUT /sites/{domain}`.
pub(super) async fn update(ask: &Ask<'_>, name: &str) -> Result<Reply, Failure> {
    let site = auth::set_up(ask.ctx, &ask.principal, Some(name))?;
    let (given, configuration) = (ask.params.get("domain"), ask.params.get("tracker_script_configuration"));
    if given.is_none() && configuration.is_none() {
        return Err(Failure::bad("Payload must contain at least one of the parameters 'domain', 'tracker_script_configuration'"));
    }
    let script = script(configuration)?;
    let mut changed = Site::clone(&site);
    if given.is_some() {
        let domain = domain(given)?;
        if domain == site.domain {
            return Err(Failure::bad("domain: New domain must be different than the current one"));
        }
        let changes = SiteChanges { domain: Some(domain), ..SiteChanges::default() };
        changed = ask.ctx.admin.update_site(site.id, changes, ask.ctx.now).await.map_err(taken)?;
    }
    let script = configure(ask.ctx, &site, script).await?;
    Ok(shape::json(200, &describe(&changed, &script)))
}

/// `DELETE /sites/{domain}`.
pub(super) async fn delete(ask: &Ask<'_>, domain: &str) -> Result<Reply, Failure> {
    let site = auth::managed(ask.ctx, &ask.principal, Some(domain), Access::View)?;
    if !ask.principal.deletes_sites() {
        return Err(auth::no_site());
    }
    forget(ask.ctx, site.id).await?;
    Ok(shape::json(200, &json!({ "deleted": true })))
}

/// What is to change about a site's script.
#[derive(Default)]
struct Script {
    installation: Option<String>,
    options: Vec<(&'static str, bool)>,
}

fn script(given: Option<&Value>) -> Result<Script, Failure> {
    let wrong = |field: &str| Failure::bad(format!("tracker_script_configuration.{field}: is invalid"));
    let mut script = Script::default();
    let Some(given) = given else {
        return Ok(script);
    };
    let fields = given.as_object().ok_or_else(|| Failure::bad("tracker_script_configuration: is invalid"))?;
    if let Some(value) = fields.get("installation_type").filter(|value| !value.is_null()) {
        let name = value.as_str().filter(|name| INSTALLATIONS.contains(name));
        script.installation = Some(name.ok_or_else(|| wrong("installation_type"))?.to_owned());
    }
    for option in SCRIPT_OPTIONS {
        if let Some(value) = fields.get(*option).filter(|value| !value.is_null()) {
            script.options.push((option, value.as_bool().ok_or_else(|| wrong(option))?));
        }
    }
    Ok(script)
}

async fn configure(ctx: &Context, site: &Site, script: Script) -> Result<TrackerScript, Error> {
    if script.installation.is_none() && script.options.is_empty() {
        return ctx.admin.tracker_script(site.id).await;
    }
    ctx.admin.update_tracker_script(site.id, script.installation.as_deref(), &script.options).await
}

/// A domain as it was sent, if it can be one.
fn domain(given: Option<&Value>) -> Result<String, Failure> {
    const RESERVED: &str = ":?#[]@!$&'()*+,;=";
    let text = match given {
        None => "",
        Some(Value::String(text)) => text.trim(),
        Some(_) => return Err(Failure::bad("domain: is invalid")),
    };
    let bare = text.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let bare = bare.trim_end_matches('/').to_lowercase();
    if bare.is_empty() {
        return Err(Failure::bad("domain: can't be blank"));
    }
    if bare.chars().any(|sign| RESERVED.contains(sign)) {
        return Err(Failure::bad(format!("domain: must not contain URI reserved characters {RESERVED}")));
    }
    if !bare.chars().all(|sign| sign.is_alphanumeric() || "-./\\".contains(sign)) {
        return Err(Failure::bad("domain: only letters, numbers, slashes and period allowed"));
    }
    Ok(bare)
}

fn taken(error: Error) -> Failure {
    if error.message().contains("taken") || error.message().contains("unique") {
        return Failure::bad(
            "domain: This domain cannot be registered. Perhaps one of your colleagues registered it? If that's not the case, \
             please contact support@plausible.io",
        );
    }
    error.into()
}

/// A site as Plausible tells it.
fn describe(site: &Site, script: &TrackerScript) -> Value {
    let mut configuration = Map::new();
    configuration.insert("id".to_owned(), script.id.as_str().into());
    configuration.insert("installation_type".to_owned(), json!(script.installation));
    for option in SCRIPT_OPTIONS {
        configuration.insert((*option).to_owned(), script.does(option).into());
    }
    json!({
        "domain": site.domain,
        "timezone": site.timezone,
        "custom_properties": site.allowed_props,
        "tracker_script_configuration": configuration,
    })
}
