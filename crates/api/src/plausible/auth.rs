use std::sync::Arc;

use footfall_admin::Principal;
use footfall_model::{Access, Site};

use super::Failure;
use crate::{Call, matomo::Context};

const MISSING_KEY: &str = "Missing API key. Please use a valid Plausible API key as a Bearer Token.";
const WRONG_KEY: &str =
    "Invalid API key. Please make sure you're using a valid API key with access to the resource you've requested.";
const WRONG_SITE: &str = "Invalid API key or site ID. Please make sure you're using a valid API key with access to the site \
                          you've requested. Check out the documentation for troubleshooting: https://plausible.io/docs/stats-api";
const MISSING_SITE: &str = "Missing site ID. Please provide the required site_id parameter with your request.";

/// Whose key this is, for a scope.
///
/// # Errors
/// When there is no key, none that is known, or one for something else.
pub(super) async fn principal(ctx: &Context, call: &Call, scope: &str) -> Result<Principal, Failure> {
    let secret = call.bearer().ok_or_else(|| Failure::new(401, MISSING_KEY))?;
    let found = ctx.admin.token(secret, ctx.now).await?;
    found.filter(|principal| principal.in_scope(scope)).ok_or_else(|| Failure::new(401, WRONG_KEY))
}

/// The site a reading request is about, which the key may read.
///
/// # Errors
/// When there is no key or site, or the key may not read it.
pub(super) async fn site(ctx: &Context, call: &Call, site_id: Option<&str>) -> Result<(Principal, Arc<Site>), Failure> {
    let secret = call.bearer().ok_or_else(|| Failure::new(401, MISSING_KEY))?;
    let site_id = site_id.ok_or_else(|| Failure::bad(MISSING_SITE))?;
    let refused = || Failure::new(401, WRONG_SITE);
    let principal = ctx.admin.token(secret, ctx.now).await?.ok_or_else(refused)?;
    if !principal.in_scope("stats:read") {
        return Err(Failure::new(401, WRONG_KEY));
    }
    let site = ctx.sites.by_domain(site_id).ok_or_else(refused)?;
    if !principal.allows(site.id, Access::View) {
        return Err(refused());
    }
    Ok((principal, Arc::clone(site)))
}

/// The site a managing request is about, on which the key has this right.
///
/// # Errors
/// When there is no such site, or the key may not do this there.
pub(super) fn managed(ctx: &Context, principal: &Principal, site_id: Option<&str>, access: Access) -> Result<Arc<Site>, Failure> {
    let site_id = site_id.ok_or_else(|| Failure::bad(MISSING_SITE))?;
    let site = ctx.sites.by_domain(site_id).ok_or_else(no_site)?;
    if principal.allows(site.id, access) { Ok(Arc::clone(site)) } else { Err(no_site()) }
}

/// The site a managing request is about, whose settings the key may change.
///
/// # Errors
/// As of [`managed`].
pub(super) fn set_up(ctx: &Context, principal: &Principal, site_id: Option<&str>) -> Result<Arc<Site>, Failure> {
    let site = managed(ctx, principal, site_id, Access::View)?;
    if principal.sets_up(site.id) { Ok(site) } else { Err(no_site()) }
}

/// What whoever may not manage a site is told: there is none.
pub(super) fn no_site() -> Failure {
    Failure::new(404, "Site could not be found")
}
