use footfall_admin::{Principal, Session};
use footfall_model::{Access, Error, Fault, Site, SiteId};
use footfall_report::stats::Filter;
use sha2::{Digest, Sha256};

use super::{Failure, segments};
use crate::{Call, matomo::Context};

/// Who asks, and how they show it.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub principal: Principal,
    /// The session, if one with a user is shown by cookie.
    pub session: Option<Session>,
    /// Whether a bearer token is shown, known or not.
    pub by_token: bool,
    /// The value of the session's cookie, where it can be one.
    pub cookie: Option<String>,
    /// What limits a shared link that is shown: the definition of its segment.
    pub segment: Option<String>,
}

/// Finds out who asks: by bearer token, else by cookie. A token that is not known gives no rights, whatever the cookie.
///
/// # Errors
/// When the relational side cannot answer.
pub async fn caller(ctx: &Context, call: &Call) -> Result<Caller, Error> {
    caller_showing(ctx, call, call.shared.as_deref()).await
}

/// The same for whoever shows this shared link with its key.
///
/// # Errors
/// As [`caller`].
pub(crate) async fn caller_showing(ctx: &Context, call: &Call, link: Option<&str>) -> Result<Caller, Error> {
    let anonymous = || Principal::anonymous(public(ctx));
    if let Some(secret) = call.bearer() {
        let principal = ctx.admin.token(secret, ctx.now).await?;
        let principal = principal.unwrap_or_else(anonymous);
        return Ok(Caller { principal, session: None, by_token: true, cookie: None, segment: None });
    }
    let cookie = call.cookie.clone().filter(|cookie| cookie.len() == 64 && cookie.bytes().all(|b| b.is_ascii_hexdigit()));
    let session = match &cookie {
        Some(cookie) => ctx.admin.session(cookie, ctx.now).await?,
        None => None,
    };
    let principal = match &session {
        Some(session) => ctx.admin.session_principal(session).await?,
        None => None,
    };
    let session = session.filter(|_| principal.is_some());
    // Whoever shows a shared link sees what it shows, however much more they might see without.
    if let Some((site, segment)) = shared(ctx, link).await? {
        let readable = if segment.is_some() { vec![site] } else { public(ctx).into_iter().chain([site]).collect() };
        return Ok(Caller { principal: Principal::anonymous(readable), session, by_token: false, cookie, segment });
    }
    Ok(Caller { principal: principal.unwrap_or_else(anonymous), session, by_token: false, cookie, segment: None })
}

/// The site whose shared link is shown, with its key, and the definition of the segment it is limited to. A link whose segment
/// is none made of filters opens nothing here.
async fn shared(ctx: &Context, link: Option<&str>) -> Result<Option<(SiteId, Option<String>)>, Error> {
    let Some((slug, given)) = link.filter(|shown| shown.len() <= 200).and_then(|shown| shown.split_once('.')) else {
        return Ok(None);
    };
    let found = ctx.admin.shared_link_key(slug).await?;
    let Some((link, _)) = found.filter(|(_, key)| same(key.as_bytes(), given.as_bytes())) else {
        return Ok(None);
    };
    let (Some(id), Some(site)) = (link.segment, ctx.sites.get(link.site)) else {
        return Ok(Some((link.site, None)));
    };
    let definition = match ctx.admin.segment(id).await {
        Ok(saved) => saved.segment.definition,
        Err(error) if error.fault() == Fault::Missing => return Ok(None),
        Err(error) => return Err(error),
    };
    let usable = segments::conditions(&definition, site, &ctx.catalogue).is_some();
    Ok(usable.then_some((link.site, Some(definition))))
}

fn public(ctx: &Context) -> Vec<SiteId> {
    ctx.sites.all().iter().filter(|site| site.public).map(|site| site.id).collect()
}

impl Caller {
    /// What requests that change something have to repeat; empty where there is no cookie yet.
    pub fn csrf(&self) -> String {
        match (&self.session, &self.cookie) {
            (Some(session), _) => session.csrf.clone(),
            (None, Some(cookie)) => csrf_of(cookie),
            (None, None) => String::new(),
        }
    }

    /// Refuses requests of a browser that do not repeat the token: another site could have made them.
    ///
    /// # Errors
    /// When the token is missing or another.
    pub(crate) fn check_csrf(&self, call: &Call) -> Result<(), Failure> {
        if self.by_token {
            return Ok(());
        }
        let expected = self.csrf();
        let given = call.csrf.as_deref().unwrap_or_default();
        if !expected.is_empty() && same(expected.as_bytes(), given.as_bytes()) {
            return Ok(());
        }
        Err(Failure::new(403, "csrf", "the header `x-csrf-token` is missing or out of date")
            .hint("`GET /session` tells the token"))
    }

    /// The conditions that figures have to keep to, because a shared link is limited to a segment.
    pub(crate) fn limits(&self, ctx: &Context, site: &Site) -> Vec<Filter> {
        let conditions = |definition: &String| segments::conditions(definition, site, &ctx.catalogue);
        match &self.segment {
            None => Vec::new(),
            // Checked when the link was shown; if it no longer holds, nothing is shown.
            Some(definition) => conditions(definition).unwrap_or_else(|| vec![Filter::Any(Vec::new())]),
        }
    }

    /// Refuses whoever is nobody.
    pub(super) fn check_user(&self) -> Result<(), Failure> {
        if self.principal.is_anonymous() { Err(Failure::unauthenticated()) } else { Ok(()) }
    }

    /// Refuses whoever may not do everything.
    pub(super) fn check_superuser(&self, what: &str) -> Result<(), Failure> {
        self.check_user()?;
        if self.principal.superuser {
            return Ok(());
        }
        Err(Failure::forbidden(format!("{what} needs `superuser` access")))
    }

    /// Refuses whoever is not of the roles that may do this in the team.
    pub(super) fn check_team(&self, may: bool, what: &str, roles: &str) -> Result<(), Failure> {
        self.check_user()?;
        if may { Ok(()) } else { Err(Failure::forbidden(format!("{what} needs to be {roles} of the team"))) }
    }

    /// Refuses whoever may not change the settings of the site: its admins may, the team's editors, and guests who are its
    /// editors.
    pub(super) fn check_set_up(&self, site: &Site, what: &str) -> Result<(), Failure> {
        if self.principal.sets_up(site.id) { Ok(()) } else { self.check_site(site, Access::Admin, what) }
    }

    /// Refuses tokens that are not for this.
    pub(super) fn check_scope(&self, scope: &str) -> Result<(), Failure> {
        if self.principal.in_scope(scope) {
            return Ok(());
        }
        Err(Failure::forbidden(format!("the token is not for `{scope}`")))
    }

    /// Refuses whoever may not do this on the site. Who may not even see it is told that it does not exist.
    pub(super) fn check_site(&self, site: &Site, access: Access, what: &str) -> Result<(), Failure> {
        if self.principal.allows(site.id, access) {
            return Ok(());
        }
        if self.principal.is_anonymous() {
            return Err(Failure::unauthenticated());
        }
        if !self.principal.allows(site.id, Access::View) {
            return Err(unknown(&site.id.to_string()));
        }
        Err(Failure::forbidden(format!("{what} needs `{}` access", footfall_admin::access_name(access))))
    }
}

/// There is no such site, or none the caller may see.
pub(super) fn unknown(id: &str) -> Failure {
    Failure::not_found(format!("there is no site `{id}`"))
}

/// The token that belongs to a cookie without a user. Nobody can make it who cannot read the cookie.
pub(super) fn csrf_of(cookie: &str) -> String {
    let digest = Sha256::digest(format!("footfall csrf {cookie}"));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether two texts are the same, in a time that does not tell where they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}
