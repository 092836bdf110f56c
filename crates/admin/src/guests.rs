use footfall_model::{Access, Error, Millis, SiteId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Admin, access, bounds,
    database::{OrBroken, insert, update},
    entity::{access as rights, guest, user},
    sites, users,
};

/// What Plausible calls a guest: somebody who was let into a single site by e-mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// The site.
    pub site: SiteId,
    /// The address, in lower case.
    pub email: String,
    /// What they may do.
    pub role: GuestRole,
    /// Whether a user with this address exists; until then it is an invitation.
    pub accepted: bool,
    /// When they were invited.
    pub invited_at: Millis,
}

/// What a guest may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GuestRole {
    /// Read reports.
    Viewer,
    /// Change its settings, goals and the like too.
    Editor,
}

impl GuestRole {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            GuestRole::Viewer => "viewer",
            GuestRole::Editor => "editor",
        }
    }

    /// The role of this name.
    pub fn parse(name: &str) -> Option<GuestRole> {
        [GuestRole::Viewer, GuestRole::Editor].into_iter().find(|role| role.name() == name)
    }

    /// The right it means.
    pub fn access(self) -> Access {
        match self {
            GuestRole::Viewer => Access::View,
            GuestRole::Editor => Access::Write,
        }
    }
}

impl Admin {
    /// Lets somebody into a site: at once when a user has the address and no right there yet, else as soon as one has it.
    /// Whoever is a guest already stays what they are.
    ///
    /// # Errors
    /// When there is no such site, or the address is none.
    pub async fn invite_guest(&self, site: SiteId, email: &str, role: GuestRole, now: Millis) -> Result<Guest, Error> {
        let email = bounds::email("email", email)?.to_lowercase();
        let tx = self.begin().await?;
        sites::row(&tx, site).await?;
        if let Some(row) = find(&tx, site, &email).await? {
            return of_row(row);
        }
        let user = users::find_by_email(&tx, &email).await?;
        let mut row =
            guest::Model { site: i64::from(site.0), email, role: role.name().to_owned(), accepted: false, invited_at: now.0 };
        // Whoever has not accepted an invitation yet is let in when they do.
        if let Some(user) = user.filter(|user| user.invite_digest.is_none()) {
            row.accepted = let_in(&tx, &user, &row).await?;
        }
        insert(&tx, row.clone()).await?;
        self.commit(tx).await?;
        of_row(row)
    }

    /// The guests of a site by address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn guests(&self, site: SiteId) -> Result<Vec<Guest>, Error> {
        let rows = guest::Entity::find()
            .filter(guest::Column::Site.eq(i64::from(site.0)))
            .order_by_asc(guest::Column::Email)
            .all(&self.db)
            .await
            .or_broken()?;
        rows.into_iter().map(of_row).collect()
    }

    /// Shows a guest out, or takes an invitation back; says whether there was one. Rights given otherwise stay.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_guest(&self, site: SiteId, email: &str) -> Result<bool, Error> {
        let email = email.trim().to_lowercase();
        let tx = self.begin().await?;
        let Some(row) = find(&tx, site, &email).await? else {
            return Ok(false);
        };
        if row.accepted
            && let Some(user) = users::find_by_email(&tx, &email).await?
        {
            rights::Entity::delete_by_id((user.login, row.site)).exec(&tx).await.or_broken()?;
        }
        guest::Entity::delete_by_id((row.site, row.email)).exec(&tx).await.or_broken()?;
        self.commit(tx).await?;
        Ok(true)
    }
}

/// Lets a new user into the sites that wait for their address.
pub(crate) async fn welcome(db: &impl ConnectionTrait, user: &user::Model) -> Result<(), Error> {
    let waiting = guest::Entity::find()
        .filter(guest::Column::Email.eq(user.email_key.clone()))
        .filter(guest::Column::Accepted.eq(false))
        .all(db)
        .await
        .or_broken()?;
    for mut row in waiting {
        row.accepted = let_in(db, user, &row).await?;
        update(db, row).await?;
    }
    Ok(())
}

/// Gives the right a guest's role means; not to whoever has one there.
async fn let_in(db: &impl ConnectionTrait, user: &user::Model, row: &guest::Model) -> Result<bool, Error> {
    let held = rights::Entity::find_by_id((user.login.clone(), row.site)).one(db).await.or_broken()?;
    if held.is_some() {
        return Ok(false);
    }
    let role = role_of(row)?;
    let right = rights::Model {
        login: user.login.clone(),
        site: row.site,
        access: access::access_name(role.access()).to_owned(),
        capabilities: "[]".to_owned(),
        sets_up: Some(role == GuestRole::Editor),
    };
    insert(db, right).await?;
    Ok(true)
}

async fn find(db: &impl ConnectionTrait, site: SiteId, email: &str) -> Result<Option<guest::Model>, Error> {
    guest::Entity::find_by_id((i64::from(site.0), email.to_owned())).one(db).await.or_broken()
}

fn role_of(row: &guest::Model) -> Result<GuestRole, Error> {
    GuestRole::parse(&row.role).ok_or_else(|| Error::broken("the administration database holds an unknown role"))
}

fn of_row(row: guest::Model) -> Result<Guest, Error> {
    Ok(Guest {
        site: crate::site::id_of(row.site)?,
        role: role_of(&row)?,
        email: row.email,
        accepted: row.accepted,
        invited_at: Millis(row.invited_at),
    })
}
