//! The Sites API: `/api/v1/sites…`.

mod funnels;
mod goals;
mod guests;
mod imports;
mod links;
mod page;
mod params;
mod props;
mod segments;
mod site;
mod teams;

use footfall_admin::Principal;

pub use self::imports::Arriving;
use self::params::Params;
pub(crate) use self::{
    links::url as link_url,
    teams::{id as team_id, name as team_name},
};
use super::{Failure, auth};
use crate::{
    Call,
    matomo::{Context, Reply},
};

/// Whether a request below `/api/v1/sites` is Plausible's and not ours: another kind of path, or a bearer token whose owner
/// does not ask for our form.
pub(crate) fn answers(call: &Call) -> bool {
    let Some(parts) = call.below("/api/v1/sites") else {
        return false;
    };
    let ours = call.accept.as_deref().is_some_and(|accept| accept.contains("application/vnd.footfall+json"));
    match parts.first().map(String::as_str) {
        None => !ours && (call.bearer().is_some() || call.cookie.is_none() && call.shared.is_none()),
        Some("overview") => false,
        Some(first) => !first.bytes().all(|digit| digit.is_ascii_digit()),
    }
}

/// What a request is answered with.
struct Ask<'a> {
    ctx: &'a Context,
    principal: Principal,
    params: Params,
}

/// Answers a request.
pub(super) async fn answer(ctx: &Context, call: &Call) -> Result<Reply, Failure> {
    let scope = if call.method == "GET" { "sites:read" } else { "sites:provision" };
    let principal = auth::principal(ctx, call, scope).await?;
    let ask = Ask { ctx, principal, params: Params::read(call)? };
    let parts = call.below("/api/v1/sites").unwrap_or_default();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match (call.method.as_str(), parts.as_slice()) {
        ("GET", []) => site::list(&ask).await,
        ("POST", []) => site::create(&ask).await,
        ("GET", ["teams"]) => teams::list(&ask).await,
        ("PUT", ["shared-links"]) => links::put(&ask).await,
        ("GET", ["goals"]) => goals::list(&ask).await,
        ("PUT", ["goals"]) => goals::put(&ask).await,
        ("DELETE", ["goals", id]) => goals::delete(&ask, id).await,
        ("GET", ["custom-props"]) => props::list(&ask).await,
        ("PUT", ["custom-props"]) => props::put(&ask).await,
        ("DELETE", ["custom-props", name @ ..]) if !name.is_empty() => props::delete(&ask, &name.join("/")).await,
        ("GET", ["exports"]) => imports::export(&ask).await,
        ("GET", ["funnels"]) => funnels::list(&ask).await,
        ("PUT", ["funnels"]) => funnels::put(&ask).await,
        ("DELETE", ["funnels", id]) => funnels::delete(&ask, id).await,
        ("GET", ["imports"]) => imports::list(&ask).await,
        ("PUT", ["imports"]) => imports::put(&ask).await,
        ("DELETE", ["imports", id]) => imports::delete(&ask, id).await,
        ("GET", ["segments"]) => segments::list(&ask).await,
        ("PUT", ["segments"]) => segments::put(&ask).await,
        ("DELETE", ["segments", id]) => segments::delete(&ask, id).await,
        ("GET", ["guests"]) => guests::list(&ask).await,
        ("PUT", ["guests"]) => guests::put(&ask).await,
        ("DELETE", ["guests", email]) => guests::delete(&ask, email).await,
        ("GET", domain) => site::get(&ask, &domain.join("/")).await,
        ("PUT", domain) => site::update(&ask, &domain.join("/")).await,
        ("DELETE", domain) => site::delete(&ask, &domain.join("/")).await,
        _ => Err(Failure::new(404, "there is no such operation")),
    }
}
