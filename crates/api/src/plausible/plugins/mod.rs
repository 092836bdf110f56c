//! The Plugins API, `/api/plugins/v1/…`, that Plausible's WordPress plugin speaks.

mod cast;
mod funnels;
mod goals;
mod links;
mod page;
mod props;
mod script;

use std::sync::Arc;

use footfall_admin::Principal;
use footfall_model::{Access, Error, Site};
use serde_json::{Map, Value, json};

use crate::{
    Call,
    matomo::{Context, Reply},
    own::shape,
};

/// How long a body may be.
const LONGEST: usize = 1 << 20;

/// What Plausible sells in plans.
const FEATURES: [&str; 9] =
    ["Funnels", "Goals", "Props", "RevenueGoals", "SharedLinks", "SiteSegments", "SitesAPI", "StatsAPI", "Teams"];

/// Why a request was not answered: a status and a sentence for each thing that is wrong.
#[derive(Debug)]
struct Failure(u16, Vec<String>);

impl Failure {
    fn new(status: u16, detail: impl Into<String>) -> Failure {
        Failure(status, vec![detail.into()])
    }

    fn invalid(detail: impl Into<String>) -> Failure {
        Failure::new(422, detail)
    }

    fn missing() -> Failure {
        Failure::new(404, "Plugins API: resource not found")
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        super::Failure::from(error).into()
    }
}

impl From<super::Failure> for Failure {
    fn from(failure: super::Failure) -> Failure {
        Failure::new(if failure.status == 400 { 422 } else { failure.status }, failure.message)
    }
}

/// Every operation below `/api/plugins/v1/`: method, path, and what it is called.
const OPERATIONS: [(&str, &[&str], &str); 16] = [
    ("GET", &["capabilities"], "Capabilities.index"),
    ("GET", &["shared_links"], "SharedLink.index"),
    ("GET", &["shared_links", "{id}"], "SharedLink.get"),
    ("PUT", &["shared_links"], "SharedLink.create"),
    ("GET", &["goals"], "Goal.index"),
    ("GET", &["goals", "{id}"], "Goal.get"),
    ("PUT", &["goals"], "Goal.create"),
    ("DELETE", &["goals"], "Goal.delete_bulk"),
    ("DELETE", &["goals", "{id}"], "Goal.delete"),
    ("GET", &["funnels"], "Funnel.index"),
    ("GET", &["funnels", "{id}"], "Funnel.get"),
    ("PUT", &["funnels"], "Funnel.create"),
    ("PUT", &["custom_props"], "CustomProp.enable"),
    ("DELETE", &["custom_props"], "CustomProp.disable"),
    ("GET", &["tracker_script_configuration"], "TrackerScriptConfiguration.get"),
    ("PUT", &["tracker_script_configuration"], "TrackerScriptConfiguration.update"),
];

/// The operation of a request, with the number in its path.
fn operation<'a>(method: &str, parts: &[&'a str]) -> Option<(&'static str, &'a str)> {
    let fits = |wanted: &[&str]| {
        wanted.len() == parts.len() && wanted.iter().zip(parts).all(|(wanted, part)| *wanted == "{id}" || wanted == part)
    };
    let (_, _, name) = OPERATIONS.iter().find(|(known, path, _)| *known == method && fits(path))?;
    Some((name, parts.get(1).copied().unwrap_or_default()))
}

/// A request of somebody who may.
struct Ask<'a> {
    ctx: &'a Context,
    site: Arc<Site>,
    query: &'a str,
    body: Map<String, Value>,
}

/// Answers a request.
pub(super) async fn answer(ctx: &Context, call: &Call) -> Reply {
    run(ctx, call).await.unwrap_or_else(|Failure(status, details)| {
        let errors: Vec<Value> = details.into_iter().map(|detail| json!({ "detail": detail })).collect();
        let mut reply = shape::json(status, &json!({ "errors": errors }));
        if status == 401 {
            reply.headers.push(("www-authenticate", "Basic realm=\"Plugins API Access\"".to_owned()));
        }
        reply
    })
}

async fn run(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let parts = call.below("/api/plugins/v1").unwrap_or_default();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let site = site(ctx, call).await?;
    let found = operation(&call.method, &parts);
    if let Some(("Capabilities.index", _)) = found {
        return Ok(capabilities(site.as_deref()));
    }
    let site = site.ok_or_else(|| Failure::new(401, "Plugins API: unauthorized"))?;
    let ask = Ask { ctx, site, query: &call.query, body: body(call)? };
    let (name, id) = found.ok_or_else(Failure::missing)?;
    match name {
        "SharedLink.index" => links::list(&ask).await,
        "SharedLink.get" => links::get(&ask, id).await,
        "SharedLink.create" => links::put(&ask).await,
        "Goal.index" => goals::list(&ask).await,
        "Goal.get" => goals::get(&ask, id).await,
        "Goal.create" => goals::put(&ask).await,
        "Goal.delete_bulk" => goals::delete_many(&ask).await,
        "Goal.delete" => goals::delete(&ask, id).await,
        "Funnel.index" => funnels::list(&ask).await,
        "Funnel.get" => funnels::get(&ask, id).await,
        "Funnel.create" => funnels::put(&ask).await,
        "CustomProp.enable" => props::change(&ask, true).await,
        "CustomProp.disable" => props::change(&ask, false).await,
        "TrackerScriptConfiguration.get" => script::get(&ask).await,
        "TrackerScriptConfiguration.update" => script::put(&ask).await,
        _ => Err(Failure::missing()),
    }
}

/// The site a token in the password of Basic authentication is for: its own, or the one the name says.
async fn site(ctx: &Context, call: &Call) -> Result<Option<Arc<Site>>, Failure> {
    let Some((name, secret)) = call.basic() else {
        return Ok(None);
    };
    let Some(principal) = ctx.admin.token(&secret, ctx.now).await?.filter(|principal| principal.in_scope("sites:provision"))
    else {
        return Ok(None);
    };
    let found = ctx.sites.by_domain(&name).or_else(|| ctx.sites.get(only(&principal)?));
    Ok(found.filter(|site| principal.allows(site.id, Access::Write)).map(Arc::clone))
}

/// The only site somebody may change.
fn only(principal: &Principal) -> Option<footfall_model::SiteId> {
    let mut sites = principal.sites.iter().filter(|(_, access)| **access >= Access::Write).map(|(site, _)| *site);
    let first = sites.next();
    let everywhere = principal.everywhere().is_some_and(|access| access >= Access::Write);
    first.filter(|_| !everywhere && sites.next().is_none())
}

fn body(call: &Call) -> Result<Map<String, Value>, Failure> {
    if call.body.len() > LONGEST {
        return Err(Failure::new(413, "The request is too large."));
    }
    if call.body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&call.body) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Failure::invalid("The request is not valid JSON.")),
    }
}

/// What the site has: everything, and who is not let in has nothing.
fn capabilities(site: Option<&Site>) -> Reply {
    let authorized = site.is_some();
    let features: Map<String, Value> = FEATURES.iter().map(|name| ((*name).to_owned(), authorized.into())).collect();
    let domain = site.map(|site| site.domain.as_str());
    shape::json(200, &json!({ "authorized": authorized, "data_domain": domain, "features": features }))
}

/// The number in a path.
fn id_of(text: &str) -> Result<i64, Failure> {
    cast::integer(&text.into())
}

/// What was found or made, with the address of each.
fn created(ask: &Ask<'_>, paths: &[String], shown: &Value) -> Reply {
    let mut reply = shape::json(201, shown);
    reply.headers.extend(paths.iter().map(|path| ("location", format!("{}/{path}", base(ask)))));
    reply
}

/// Where this API is reached.
fn base(ask: &Ask<'_>) -> String {
    format!("{}/api/plugins/v1", ask.ctx.settings.base_url.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::{OPERATIONS, operation};
    use crate::plausible::PLUGINS;

    #[test]
    fn every_operation_is_described() {
        let document: Value = serde_json::from_str(PLUGINS).unwrap();
        let mut described = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, told) in methods.as_object().unwrap() {
                let name = told["operationId"].as_str().unwrap().to_owned();
                described.insert((method.to_uppercase(), path.clone(), name));
            }
        }
        let known: BTreeSet<_> = OPERATIONS
            .iter()
            .map(|(method, path, name)| ((*method).to_owned(), format!("/v1/{}", path.join("/")), (*name).to_owned()))
            .collect();
        assert_eq!(known, described);
        assert_eq!(operation("GET", &["goals", "7"]), Some(("Goal.get", "7")));
        assert_eq!(operation("POST", &["goals"]), None);
    }
}
