use std::sync::Arc;

use footfall_model::{Access, Site};
use footfall_report::stats::Filter;

use super::super::Failure;
use crate::{
    Call,
    matomo::Context,
    own::{Caller, caller, caller_showing},
};

/// A site that somebody may look at.
pub(super) struct Opened {
    pub(super) caller: Caller,
    pub(super) site: Arc<Site>,
    /// Conditions that nobody asked for and that hold all the same, because a shared link is limited to a segment.
    pub(super) limits: Vec<Filter>,
}

/// There is no such site, or none for whoever asks: which of both, nobody is told.
pub(super) fn refused() -> Failure {
    Failure::new(404, "Site does not exist or user does not have sufficient access.")
}

/// The site of this domain, for whoever may see its dashboard: by session or key, because it is public, or by a shared link.
///
/// # Errors
/// When there is no such site, or whoever asks may not see it.
pub(super) async fn opened(ctx: &Context, call: &Call, domain: &str) -> Result<Opened, Failure> {
    let site = ctx.sites.by_domain(domain).cloned().ok_or_else(refused)?;
    let caller = match shown(ctx, call).await? {
        Some(link) => caller_showing(ctx, call, Some(&link)).await?,
        None => caller(ctx, call).await?,
    };
    let scoped = !caller.by_token || caller.principal.in_scope("stats:read");
    if !scoped || !caller.principal.allows(site.id, Access::View) {
        return Err(refused());
    }
    let limits = caller.limits(ctx, &site);
    Ok(Opened { caller, site, limits })
}

/// The shared link that `?auth=SLUG` names, with its key, where it asks for no password. Those that do are opened by what the
/// password was given for, which is shown beside.
async fn shown(ctx: &Context, call: &Call) -> Result<Option<String>, Failure> {
    let Some(slug) = call.param("auth").filter(|_| call.shared.is_none()) else {
        return Ok(None);
    };
    let found = ctx.admin.shared_link_key(&slug).await?;
    Ok(found.filter(|(link, _)| !link.has_password).map(|(_, key)| format!("{slug}.{key}")))
}
