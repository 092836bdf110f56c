use std::collections::BTreeMap;

use footfall_model::{Access, SiteId};

use crate::{Principal, SiteAccess, User, entity::user};

/// What somebody is in the team of this server: a role holds on every site, those to come too. Rights that were given on single
/// sites add to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TeamRole {
    /// May do everything: a superuser. One always stays.
    Owner,
    /// Manages every site, and everybody but the owners.
    Admin,
    /// Sets up every site and adds sites; lets nobody in.
    Editor,
    /// Sees how much is used, and no figures.
    Billing,
    /// Reads every site.
    Viewer,
}

impl TeamRole {
    /// Every role, in the order people are offered them.
    pub const ALL: [TeamRole; 5] = [TeamRole::Owner, TeamRole::Admin, TeamRole::Editor, TeamRole::Billing, TeamRole::Viewer];

    /// The name on the wires.
    pub fn name(self) -> &'static str {
        match self {
            TeamRole::Owner => "owner",
            TeamRole::Admin => "admin",
            TeamRole::Editor => "editor",
            TeamRole::Billing => "billing",
            TeamRole::Viewer => "viewer",
        }
    }

    /// The role of this name.
    pub fn parse(name: &str) -> Option<TeamRole> {
        TeamRole::ALL.into_iter().find(|role| role.name() == name)
    }

    /// The right it gives on every site.
    pub fn access(self) -> Option<Access> {
        match self {
            TeamRole::Owner => Some(Access::Superuser),
            TeamRole::Admin => Some(Access::Admin),
            TeamRole::Editor => Some(Access::Write),
            TeamRole::Billing => None,
            TeamRole::Viewer => Some(Access::View),
        }
    }

    /// Whether it may add sites.
    pub fn adds_sites(self) -> bool {
        matches!(self, TeamRole::Owner | TeamRole::Admin | TeamRole::Editor)
    }

    /// Whether it may delete sites with all that was counted.
    pub fn deletes_sites(self) -> bool {
        matches!(self, TeamRole::Owner | TeamRole::Admin)
    }

    /// Whether it may change the settings of every site.
    pub fn sets_up_sites(self) -> bool {
        self.adds_sites()
    }

    /// Whether it may invite and remove people, and say what they are.
    pub fn manages_members(self) -> bool {
        matches!(self, TeamRole::Owner | TeamRole::Admin)
    }

    /// Whether it may see how much the server is used.
    pub fn sees_usage(self) -> bool {
        matches!(self, TeamRole::Owner | TeamRole::Admin | TeamRole::Billing)
    }

    /// Whether it may turn another person who is `from` into `to`. Who is an owner, owners decide.
    pub fn may_turn(self, from: Option<TeamRole>, to: Option<TeamRole>) -> bool {
        let is_owner = |role| role == Some(TeamRole::Owner);
        self == TeamRole::Owner || (self.manages_members() && !is_owner(from) && !is_owner(to))
    }
}

impl Principal {
    /// What they are in the team; `None` for those who were let into single sites only.
    pub fn team_role(&self) -> Option<TeamRole> {
        if self.superuser { Some(TeamRole::Owner) } else { self.role }
    }

    /// Whether they may add sites.
    pub fn adds_sites(&self) -> bool {
        self.team_role().is_some_and(TeamRole::adds_sites)
    }

    /// Whether they may delete sites.
    pub fn deletes_sites(&self) -> bool {
        self.team_role().is_some_and(TeamRole::deletes_sites)
    }

    /// Whether they may change the settings of a site: its admins, the team's editors, and guests who are its editors.
    pub fn sets_up(&self, site: SiteId) -> bool {
        self.allows(site, Access::Admin)
            || self.team_role().is_some_and(TeamRole::sets_up_sites)
            || self.editor_of.contains(&site)
    }

    /// Whether they may invite and remove people, and say what they are.
    pub fn manages_members(&self) -> bool {
        self.team_role().is_some_and(TeamRole::manages_members)
    }

    /// Whether they may see how much the server is used.
    pub fn sees_usage(&self) -> bool {
        self.team_role().is_some_and(TeamRole::sees_usage)
    }

    /// Whether they may give somebody else who is `from` the role `to`.
    pub fn may_turn(&self, from: Option<TeamRole>, to: Option<TeamRole>) -> bool {
        self.team_role().is_some_and(|role| role.may_turn(from, to))
    }
}

/// What people may do on these sites, by login and site: the stronger of what they were given there and of their role.
/// Owners stand in it only where something was given to them, as they need nothing.
pub fn effective_access(given: Vec<SiteAccess>, users: &[User], sites: &[SiteId]) -> Vec<SiteAccess> {
    let mut all: BTreeMap<(String, SiteId), SiteAccess> =
        given.into_iter().map(|right| ((right.login.clone(), right.site), right)).collect();
    for user in users.iter().filter(|user| !user.superuser) {
        let Some(access) = user.role.and_then(TeamRole::access) else {
            continue;
        };
        for site in sites {
            let login = user.login.clone();
            let right = all.entry((login.clone(), *site));
            let right = right.or_insert(SiteAccess { login, site: *site, access, capabilities: Vec::new(), sets_up: false });
            right.access = right.access.max(access);
        }
    }
    all.into_values().collect()
}

/// The role of a user's row.
pub(crate) fn of_row(row: &user::Model) -> Option<TeamRole> {
    if row.superuser { Some(TeamRole::Owner) } else { row.team_role.as_deref().and_then(TeamRole::parse) }
}

/// Gives a user's row a role.
pub(crate) fn put(row: &mut user::Model, role: Option<TeamRole>) {
    row.superuser = role == Some(TeamRole::Owner);
    row.team_role = role.filter(|role| *role != TeamRole::Owner).map(|role| role.name().to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for role in TeamRole::ALL {
            assert_eq!(TeamRole::parse(role.name()), Some(role));
        }
        assert_eq!(TeamRole::parse("guest"), None);
    }

    #[test]
    fn what_roles_may() {
        // Adds sites, sets them up, deletes them, manages members, sees the usage.
        for (role, may) in [
            (TeamRole::Owner, [true; 5]),
            (TeamRole::Admin, [true; 5]),
            (TeamRole::Editor, [true, true, false, false, false]),
            (TeamRole::Billing, [false, false, false, false, true]),
            (TeamRole::Viewer, [false; 5]),
        ] {
            let held = [role.adds_sites(), role.sets_up_sites(), role.deletes_sites(), role.manages_members(), role.sees_usage()];
            assert_eq!(held, may, "{role:?}");
        }
    }

    #[test]
    fn who_makes_whom_what() {
        let roles = || TeamRole::ALL.into_iter().map(Some).chain([None]);
        for from in roles() {
            for to in roles() {
                let of_owners = from == Some(TeamRole::Owner) || to == Some(TeamRole::Owner);
                assert!(TeamRole::Owner.may_turn(from, to));
                assert_eq!(TeamRole::Admin.may_turn(from, to), !of_owners, "{from:?} to {to:?}");
                for role in [TeamRole::Editor, TeamRole::Billing, TeamRole::Viewer] {
                    assert!(!role.may_turn(from, to), "{role:?}: {from:?} to {to:?}");
                }
            }
        }
    }
}
