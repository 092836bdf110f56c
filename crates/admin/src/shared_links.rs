use footfall_model::{Error, Millis, SiteId};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, NotSet, QueryFilter, QueryOrder, Set};

use crate::{Admin, bounds, database::OrBroken, entity::shared_link, password, secret, segments, site::id_of, sites};

/// A link that shows a site's reports to whoever has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedLink {
    /// The number.
    pub id: i64,
    /// What stands in the address: nobody can guess it.
    pub slug: String,
    /// The site.
    pub site: SiteId,
    /// What its maker calls it; unique within the site.
    pub name: String,
    /// Whether a password is asked for.
    pub has_password: bool,
    /// The saved segment it is limited to.
    pub segment: Option<i64>,
    /// When it was made.
    pub created_at: Millis,
}

impl Admin {
    /// Makes a link.
    ///
    /// # Errors
    /// When there is no such site or segment, the name is taken, or a field is out of bounds.
    pub async fn add_shared_link(
        &self,
        site: SiteId,
        name: &str,
        password: Option<&str>,
        segment: Option<i64>,
        now: Millis,
    ) -> Result<SharedLink, Error> {
        let name = bounds::text("name", name, 255)?;
        let hash = match password.filter(|password| !password.is_empty()) {
            Some(password) => {
                bounds::lines("password", password, password::LONGEST_PASSWORD)?;
                Some(self.hash(password).await?)
            }
            None => None,
        };
        let tx = self.begin().await?;
        sites::row(&tx, site).await?;
        if let Some(segment) = segment {
            segments::check_usable(&tx, segment, site).await?;
        }
        let taken = of_site(&tx, site).await?.iter().any(|link| link.name == name);
        if taken {
            return Err(Error::invalid(format!("`name` must be unique, and `{name}` is taken")));
        }
        let row = shared_link::ActiveModel {
            id: NotSet,
            slug: Set(secret::random_hex::<12>()),
            site: Set(i64::from(site.0)),
            name: Set(name),
            password: Set(hash),
            segment: Set(segment),
            created_at: Set(now.0),
        };
        let row = row.insert(&tx).await.or_broken()?;
        tx.commit().await.or_broken()?;
        of_row(row)
    }

    /// The link with this slug.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shared_link(&self, slug: &str) -> Result<Option<SharedLink>, Error> {
        find(&self.db, slug).await?.map(of_row).transpose()
    }

    /// The links of a site by number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shared_links(&self, site: SiteId) -> Result<Vec<SharedLink>, Error> {
        let rows = of_site(&self.db, site).await?;
        rows.into_iter().map(of_row).collect()
    }

    /// Whether the link exists and this is its password; any is right where none is asked for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn opens_shared_link(&self, slug: &str, password: &str) -> Result<bool, Error> {
        match find(&self.db, slug).await? {
            None => Ok(false),
            Some(row) if row.password.is_none() => Ok(true),
            Some(row) => self.fits(password, row.password).await,
        }
    }

    /// The link with this slug, and the key that shows one may open it: made of the password's hash, so that another password
    /// makes another key. It is known to whoever has the link where there is no password.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shared_link_key(&self, slug: &str) -> Result<Option<(SharedLink, String)>, Error> {
        let Some(row) = find(&self.db, slug).await? else {
            return Ok(None);
        };
        let key = secret::digest(&format!("shared link {slug} {}", row.password.as_deref().unwrap_or_default()));
        Ok(Some((of_row(row)?, key[..32].to_owned())))
    }

    /// Removes a link; whoever has it sees nothing more.
    ///
    /// # Errors
    /// When the site has no such link.
    pub async fn delete_shared_link(&self, site: SiteId, slug: &str) -> Result<(), Error> {
        let done = shared_link::Entity::delete_many()
            .filter(shared_link::Column::Site.eq(i64::from(site.0)))
            .filter(shared_link::Column::Slug.eq(slug))
            .exec(&self.db)
            .await
            .or_broken()?;
        if done.rows_affected == 0 {
            return Err(Error::missing(format!("site `{site}` has no such shared link")));
        }
        Ok(())
    }
}

async fn find(db: &impl ConnectionTrait, slug: &str) -> Result<Option<shared_link::Model>, Error> {
    shared_link::Entity::find().filter(shared_link::Column::Slug.eq(slug)).one(db).await.or_broken()
}

async fn of_site(db: &impl ConnectionTrait, site: SiteId) -> Result<Vec<shared_link::Model>, Error> {
    shared_link::Entity::find()
        .filter(shared_link::Column::Site.eq(i64::from(site.0)))
        .order_by_asc(shared_link::Column::Id)
        .all(db)
        .await
        .or_broken()
}

fn of_row(row: shared_link::Model) -> Result<SharedLink, Error> {
    Ok(SharedLink {
        id: row.id,
        slug: row.slug,
        site: id_of(row.site)?,
        name: row.name,
        has_password: row.password.is_some(),
        segment: row.segment,
        created_at: Millis(row.created_at),
    })
}
