//! Who may ask for what: every method names what it needs, and nothing is answered before it was checked.

use std::sync::Arc;

use footfall_admin::Principal;
use footfall_model::{Access, Site, SiteId, Sites};

/// What a caller of a method has to be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: everybody may ask.
    Nobody,
    /// To be somebody, with any rights or none.
    Somebody,
    /// To have this right on at least one site.
    Somewhere(Access),
    /// To have this right on every site that the request names.
    Sites(Access),
    /// To be one who adds sites: a superuser, or one of the team with such a role.
    AddsSites,
    /// To be one who deletes sites.
    DeletesSites,
    /// To be a superuser.
    Superuser,
}

/// Why a caller may not do something, in the words of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

/// Whether the caller may do this on the site.
///
/// # Errors
/// Says which right is missing on which site.
pub fn check_site(caller: &Principal, site: SiteId, access: Access) -> Result<(), Refused> {
    if caller.allows(site, access) {
        return Ok(());
    }
    Err(Refused(format!("You can't access this resource as it requires '{}' access for the website id = {site}.", name(access))))
}

/// Whether the caller may do what is needed, where that does not depend on sites.
///
/// # Errors
/// Says which right is missing.
pub fn check(caller: &Principal, need: Need) -> Result<(), Refused> {
    match need {
        Need::Nobody | Need::Sites(_) => Ok(()),
        Need::Somebody if !caller.is_anonymous() => Ok(()),
        Need::Somebody => Err(Refused("You must be logged in to access this functionality.".to_owned())),
        Need::Somewhere(access) if caller.allows_somewhere(access) => Ok(()),
        Need::Somewhere(access) => Err(Refused(format!(
            "You can't access this resource as it requires {} access for at least one website.",
            name(access)
        ))),
        Need::AddsSites if caller.adds_sites() => Ok(()),
        Need::DeletesSites if caller.deletes_sites() => Ok(()),
        Need::Superuser if caller.superuser => Ok(()),
        Need::AddsSites | Need::DeletesSites | Need::Superuser => {
            Err(Refused("You can't access this resource as it requires a 'superuser' access.".to_owned()))
        }
    }
}

/// The sites on which the caller has at least this right, by number.
pub fn sites_with(caller: &Principal, sites: &Sites, access: Access) -> Vec<Arc<Site>> {
    sites.all().into_iter().filter(|site| caller.allows(site.id, access)).collect()
}

fn name(access: Access) -> &'static str {
    footfall_admin::access_name(access)
}
