use std::collections::HashMap;

use footfall_model::{Access, SiteId, Token};

use crate::{TeamRole, users::ANONYMOUS};

/// Who is asking, and what they may do: a user by session or token, or nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The user's login, or [`ANONYMOUS`].
    pub login: String,
    /// Whether they may do everything.
    pub superuser: bool,
    /// What else they are in the team of this server: a right on every site.
    pub role: Option<TeamRole>,
    /// What they were given on single sites, public sites not counted.
    pub sites: HashMap<SiteId, Access>,
    /// Sites whose settings they may change as guests, without being their admin.
    pub editor_of: Vec<SiteId>,
    /// Matomo's capabilities on single sites.
    pub capabilities: HashMap<SiteId, Vec<String>>,
    /// Sites that everybody may read.
    pub public: Vec<SiteId>,
    /// What the token is for; empty means everything its owner may.
    pub scopes: Vec<String>,
    /// The token that was shown, if it was one.
    pub token: Option<i64>,
    /// Whether the token may be sent in a body or header only, never in an address.
    pub secure_only: bool,
    /// How many requests an hour the token may make, where that is not what holds for every token; 0 sets no limit.
    pub hourly_requests: Option<u32>,
}

impl Principal {
    /// Whoever shows no credentials: they read public sites.
    pub fn anonymous(public: Vec<SiteId>) -> Principal {
        Principal {
            login: ANONYMOUS.to_owned(),
            superuser: false,
            role: None,
            sites: HashMap::new(),
            editor_of: Vec::new(),
            capabilities: HashMap::new(),
            public,
            scopes: Vec::new(),
            token: None,
            secure_only: false,
            hourly_requests: None,
        }
    }

    /// Whether this is nobody in particular.
    pub fn is_anonymous(&self) -> bool {
        self.login == ANONYMOUS
    }

    /// The most they may do on a site.
    pub fn access(&self, site: SiteId) -> Option<Access> {
        if self.superuser {
            return Some(Access::Superuser);
        }
        let public = self.public.contains(&site).then_some(Access::View);
        self.sites.get(&site).copied().max(public).max(self.everywhere())
    }

    /// Whether they may do at least this on a site.
    pub fn allows(&self, site: SiteId, access: Access) -> bool {
        self.access(site).is_some_and(|held| held >= access)
    }

    /// Whether they may do at least this on any site.
    pub fn allows_somewhere(&self, access: Access) -> bool {
        self.superuser
            || self.everywhere().is_some_and(|held| held >= access)
            || self.sites.values().any(|held| *held >= access)
            || (access == Access::View && !self.public.is_empty())
    }

    /// What their role gives them on every site.
    pub fn everywhere(&self) -> Option<Access> {
        self.team_role().and_then(TeamRole::access)
    }

    /// Whether the token is for this, such as `stats:read`. Plausible's ending `:*` counts for nothing, and each of its keys may
    /// read statistics and sites.
    pub fn in_scope(&self, scope: &str) -> bool {
        let scope = plain(scope);
        let implied = |held: &String| matches!(held.as_str(), "stats:read" | "sites:read" | "sites:provision");
        self.scopes.is_empty()
            || self.scopes.iter().any(|held| held == scope)
            || matches!(scope, "stats:read" | "sites:read") && self.scopes.iter().any(implied)
    }

    /// What tracking needs to know of them on all sites there are; `None` when the token is not for tracking.
    pub(crate) fn for_tracking(&self, all: &[SiteId]) -> Option<Token> {
        self.in_scope("tracking:write").then(|| {
            let mut sites = self.sites.clone();
            if let Some(everywhere) = self.role.and_then(TeamRole::access) {
                for site in all {
                    let held = sites.entry(*site).or_insert(everywhere);
                    *held = everywhere.max(*held);
                }
            }
            Token { login: self.login.clone(), superuser: self.superuser, sites }
        })
    }
}

/// A scope without Plausible's ending `:*`.
pub(crate) fn plain(scope: &str) -> &str {
    scope.strip_suffix(":*").unwrap_or(scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVELS: [Access; 4] = [Access::View, Access::Write, Access::Admin, Access::Superuser];

    fn with(superuser: bool, given: Option<Access>, public: bool) -> Principal {
        Principal {
            login: "ada".to_owned(),
            superuser,
            sites: given.map(|access| (SiteId(1), access)).into_iter().collect(),
            ..Principal::anonymous(if public { vec![SiteId(1)] } else { Vec::new() })
        }
    }

    #[test]
    fn the_access_matrix() {
        // Who; then whether view, write, admin and superuser are allowed on site 1, and the same on site 2.
        for (principal, here, elsewhere) in [
            (with(false, None, false), [false; 4], [false; 4]),
            (with(false, None, true), [true, false, false, false], [false; 4]),
            (with(false, Some(Access::View), false), [true, false, false, false], [false; 4]),
            (with(false, Some(Access::View), true), [true, false, false, false], [false; 4]),
            (with(false, Some(Access::Write), false), [true, true, false, false], [false; 4]),
            (with(false, Some(Access::Write), true), [true, true, false, false], [false; 4]),
            (with(false, Some(Access::Admin), false), [true, true, true, false], [false; 4]),
            (with(true, None, false), [true; 4], [true; 4]),
            (with(true, Some(Access::View), true), [true; 4], [true; 4]),
        ] {
            assert_eq!(LEVELS.map(|level| principal.allows(SiteId(1), level)), here, "{principal:?}");
            assert_eq!(LEVELS.map(|level| principal.allows(SiteId(2), level)), elsewhere, "{principal:?}");
            assert_eq!(LEVELS.map(|level| principal.allows_somewhere(level)), here, "{principal:?}");
        }
    }

    #[test]
    fn scopes_narrow_a_token() {
        let mut principal = with(true, None, false);
        assert!(principal.in_scope("stats:read"));
        assert!(principal.for_tracking(&[]).is_some());
        principal.scopes = vec!["stats:read".to_owned()];
        assert!(principal.in_scope("stats:read:*"));
        assert!(principal.in_scope("sites:read"));
        assert!(!principal.in_scope("sites:provision"));
        assert!(principal.for_tracking(&[]).is_none());
        principal.scopes = vec!["sites:provision".to_owned()];
        assert!(principal.in_scope("stats:read") && principal.in_scope("sites:read"));
        principal.scopes = vec!["tracking:write".to_owned(), "plugins".to_owned()];
        assert!(!principal.in_scope("stats:read") && !principal.in_scope("sites:read"));
    }
}
