use std::collections::HashMap;

use footfall_model::{Access, Error, SiteId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Admin, Principal, TeamRole, bounds,
    database::{OrBroken, insert, update},
    entity::{access, site, user},
    json,
    site::id_of,
    sites, team,
    users::{self, ANONYMOUS},
};

/// What a user was given on a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteAccess {
    /// The user.
    pub login: String,
    /// The site.
    pub site: SiteId,
    /// View, write or admin.
    pub access: Access,
    /// Matomo's capabilities on top.
    pub capabilities: Vec<String>,
    /// Whether they may change the site's settings, though they are not its admin: Plausible's guest editors may.
    pub sets_up: bool,
}

impl Admin {
    /// Gives a user a right on sites in place of what they had, or takes it away. For `anonymous` this makes sites public
    /// (view only).
    ///
    /// # Errors
    /// When there is no such user or site, or the right is `superuser`, which belongs to a user and not to a site.
    pub async fn set_access(&self, login: &str, to: Option<Access>, sites: &[SiteId]) -> Result<(), Error> {
        if to == Some(Access::Superuser) {
            return Err(Error::invalid("`access` must be `view`, `write`, `admin` or nothing"));
        }
        let tx = self.begin().await?;
        if login.eq_ignore_ascii_case(ANONYMOUS) {
            if to.is_some_and(|access| access > Access::View) {
                return Err(Error::invalid(format!("`access` must be `view` or nothing for `{ANONYMOUS}`")));
            }
            for id in sites {
                let mut row = sites::row(&tx, *id).await?;
                row.public = to.is_some();
                update(&tx, row).await?;
            }
            return self.commit(tx).await;
        }
        let login = users::row(&tx, login).await?.login;
        for id in sites {
            sites::row(&tx, *id).await?;
            access::Entity::delete_by_id((login.clone(), i64::from(id.0))).exec(&tx).await.or_broken()?;
            if let Some(to) = to {
                let row = access::Model {
                    login: login.clone(),
                    site: i64::from(id.0),
                    access: access_name(to).to_owned(),
                    capabilities: "[]".to_owned(),
                    sets_up: None,
                };
                insert(&tx, row).await?;
            }
        }
        self.commit(tx).await
    }

    /// Gives a user exactly these rights: those not named are taken away.
    ///
    /// # Errors
    /// As [`set_access`](Admin::set_access).
    pub async fn replace_access(&self, login: &str, rights: &[(SiteId, Access)]) -> Result<(), Error> {
        let tx = self.begin().await?;
        let login = users::row(&tx, login).await?.login;
        access::Entity::delete_many().filter(access::Column::Login.eq(login.clone())).exec(&tx).await.or_broken()?;
        let rights: HashMap<SiteId, Access> = rights.iter().copied().collect();
        for (id, to) in rights {
            if to == Access::Superuser {
                return Err(Error::invalid("`access` must be `view`, `write`, `admin` or nothing"));
            }
            sites::row(&tx, id).await?;
            let row = access::Model {
                login: login.clone(),
                site: i64::from(id.0),
                access: access_name(to).to_owned(),
                capabilities: "[]".to_owned(),
                sets_up: None,
            };
            insert(&tx, row).await?;
        }
        self.commit(tx).await
    }

    /// Sets the capabilities a user has on a site beside their right.
    ///
    /// # Errors
    /// When the user has no right on the site, or there are too many capabilities.
    pub async fn set_capabilities(&self, login: &str, site: SiteId, capabilities: &[String]) -> Result<(), Error> {
        let capabilities = bounds::list("capabilities", capabilities, 50, 60)?;
        let tx = self.begin().await?;
        let login = users::row(&tx, login).await?.login;
        let mut row = access::Entity::find_by_id((login.clone(), i64::from(site.0)))
            .one(&tx)
            .await
            .or_broken()?
            .ok_or_else(|| Error::invalid(format!("`{login}` has no right on site `{site}` to add to")))?;
        row.capabilities = json::write(&capabilities)?;
        update(&tx, row).await?;
        self.commit(tx).await
    }

    /// What one user was given, by site.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn access_of(&self, login: &str) -> Result<Vec<SiteAccess>, Error> {
        let login = users::row(&self.db, login).await?.login;
        rights(&self.db, Some(access::Column::Login.eq(login))).await
    }

    /// What users were given on one site, by login.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn access_on(&self, site: SiteId) -> Result<Vec<SiteAccess>, Error> {
        rights(&self.db, Some(access::Column::Site.eq(i64::from(site.0)))).await
    }

    /// Everything users were given, by login and site.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all_access(&self) -> Result<Vec<SiteAccess>, Error> {
        rights(&self.db, None).await
    }

    /// What a user may do.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn principal(&self, login: &str) -> Result<Principal, Error> {
        if login.eq_ignore_ascii_case(ANONYMOUS) {
            return self.anonymous().await;
        }
        let row = users::row(&self.db, login).await?;
        of_user(&self.db, row).await
    }

    /// What whoever shows no credentials may do.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn anonymous(&self) -> Result<Principal, Error> {
        Ok(Principal::anonymous(public_sites(&self.db).await?))
    }
}

/// The name of an access level on the wires.
pub fn access_name(access: Access) -> &'static str {
    match access {
        Access::View => "view",
        Access::Write => "write",
        Access::Admin => "admin",
        Access::Superuser => "superuser",
    }
}

/// The access level of this name.
pub fn parse_access(name: &str) -> Option<Access> {
    [Access::View, Access::Write, Access::Admin, Access::Superuser].into_iter().find(|access| access_name(*access) == name)
}

/// What the user of a row may do.
pub(crate) async fn of_user(db: &impl ConnectionTrait, row: user::Model) -> Result<Principal, Error> {
    let mut principal = Principal {
        superuser: row.superuser,
        role: team::of_row(&row).filter(|role| *role != TeamRole::Owner),
        ..Principal::anonymous(public_sites(db).await?)
    };
    for right in rights(db, Some(access::Column::Login.eq(row.login.clone()))).await? {
        principal.sites.insert(right.site, right.access);
        if right.sets_up {
            principal.editor_of.push(right.site);
        }
        if !right.capabilities.is_empty() {
            principal.capabilities.insert(right.site, right.capabilities);
        }
    }
    principal.login = row.login;
    Ok(principal)
}

/// Rights, all or those a condition chooses.
pub(crate) async fn rights(
    db: &impl ConnectionTrait,
    chosen: Option<sea_orm::sea_query::Expr>,
) -> Result<Vec<SiteAccess>, Error> {
    let mut find = access::Entity::find().order_by_asc(access::Column::Login).order_by_asc(access::Column::Site);
    if let Some(chosen) = chosen {
        find = find.filter(chosen);
    }
    let mut rights = Vec::new();
    for row in find.all(db).await.or_broken()? {
        let access = parse_access(&row.access)
            .ok_or_else(|| Error::broken("the administration database holds an unknown access level"))?;
        rights.push(SiteAccess {
            login: row.login,
            site: id_of(row.site)?,
            access,
            capabilities: json::read("capabilities", &row.capabilities)?,
            sets_up: row.sets_up == Some(true),
        });
    }
    Ok(rights)
}

async fn public_sites(db: &impl ConnectionTrait) -> Result<Vec<SiteId>, Error> {
    let ids: Vec<i64> = site::Entity::find()
        .select_only()
        .column(site::Column::Id)
        .filter(site::Column::Public.eq(true))
        .order_by_asc(site::Column::Id)
        .into_tuple()
        .all(db)
        .await
        .or_broken()?;
    ids.into_iter().map(id_of).collect()
}
