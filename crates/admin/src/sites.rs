use std::collections::{HashMap, HashSet};

use footfall_model::{Error, Millis, Site, SiteId, SiteSearch};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Admin,
    database::{OrBroken, insert, update},
    dimensions, domain,
    entity::{self, sequence, site},
    goals, json,
    settings::Defaults,
    site::{NewSite, SiteChanges, checked, of_row, to_row},
    zone,
};

/// How long a former domain is still accepted.
const FORMER_DOMAIN_MILLIS: i64 = 72 * 3_600_000;

impl Admin {
    /// Makes a site. Numbers are 1, 2, 3, … and are never given twice.
    ///
    /// # Errors
    /// When a field is out of bounds, or the domain asked for belongs to another site.
    pub async fn add_site(&self, new: NewSite, now: Millis) -> Result<Site, Error> {
        let tx = self.begin().await?;
        let defaults = Defaults::load(&tx).await?;
        let id = next_id(&tx).await?;
        let taken = taken_domains(&tx, None, now).await?;
        let domain = match &new.domain {
            Some(domain) => free(domain::given(domain)?, &taken)?,
            None => domain::derived(new.urls.first().map(|url| url.trim()), id.0, &taken),
        };
        let timezone = new.timezone.unwrap_or(defaults.timezone);
        let (_, zone) = zone::time_zone(&timezone)?;
        let name = if new.name.trim().is_empty() { domain.chars().take(90).collect() } else { new.name };
        let site = checked(Site {
            id,
            name,
            domain,
            former_domain: None,
            urls: new.urls,
            timezone,
            zone,
            currency: new.currency.unwrap_or(defaults.currency),
            policy: new.policy.unwrap_or(defaults.policy),
            ecommerce: new.ecommerce,
            search: new.search.unwrap_or(SiteSearch { enabled: true, ..SiteSearch::default() }),
            exclusions: new.exclusions,
            excluded_params: new.excluded_params,
            keep_fragments: new.keep_fragments,
            group: new.group,
            kind: new.kind.unwrap_or_else(|| "website".to_owned()),
            created_at: new.created_at.unwrap_or(now),
            public: new.public,
            goals: Vec::new(),
            dimensions: Vec::new(),
            allowed_props: new.allowed_props,
        })?;
        insert(&tx, to_row(&site, None)?).await?;
        self.commit(tx).await?;
        Ok(site)
    }

    /// Changes a site and gives it as it is then.
    ///
    /// # Errors
    /// When there is no such site, a field is out of bounds, or the domain belongs to another site.
    pub async fn update_site(&self, id: SiteId, mut changes: SiteChanges, now: Millis) -> Result<Site, Error> {
        let tx = self.begin().await?;
        let row = row(&tx, id).await?;
        let mut former_until = row.former_until.filter(|until| now.0 < *until);
        let mut site = of_row(row, now)?;
        if let Some(asked) = changes.domain.take() {
            let asked = domain::given(&asked)?;
            if asked != site.domain {
                let taken = taken_domains(&tx, Some(id), now).await?;
                let asked = free(asked, &taken)?;
                site.former_domain = Some(std::mem::replace(&mut site.domain, asked));
                former_until = Some(now.plus(FORMER_DOMAIN_MILLIS).0);
            }
        }
        changes.apply(&mut site);
        let site = checked(site)?;
        update(&tx, to_row(&site, former_until)?).await?;
        self.commit(tx).await?;
        self.site(id, now).await
    }

    /// Removes a site with everything that hangs on it: goals, dimensions, rights, links, notes. Its hits are the store's.
    ///
    /// # Errors
    /// When there is no such site.
    pub async fn delete_site(&self, id: SiteId) -> Result<(), Error> {
        let tx = self.begin().await?;
        row(&tx, id).await?;
        let number = i64::from(id.0);
        entity::failure::Entity::delete_many().filter(entity::failure::Column::Site.eq(number)).exec(&tx).await.or_broken()?;
        entity::drop_count::Entity::delete_many()
            .filter(entity::drop_count::Column::Site.eq(number))
            .exec(&tx)
            .await
            .or_broken()?;
        site::Entity::delete_by_id(number).exec(&tx).await.or_broken()?;
        self.commit(tx).await
    }

    /// The site of this number, with its goals and dimensions.
    ///
    /// # Errors
    /// When there is no such site.
    pub async fn site(&self, id: SiteId, now: Millis) -> Result<Site, Error> {
        let row = row(&self.db, id).await?;
        let mut site = of_row(row, now)?;
        site.goals = goals::load(&self.db, Some(id)).await?.remove(&id).unwrap_or_default();
        site.dimensions = dimensions::load(&self.db, Some(id)).await?.remove(&id).unwrap_or_default();
        Ok(site)
    }

    /// Every site by number, with goals and dimensions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sites(&self, now: Millis) -> Result<Vec<Site>, Error> {
        load(&self.db, now).await
    }

    /// A value kept for a site under a name, for features that need no column of their own.
    ///
    /// # Errors
    /// When the database fails, or the value is of another type.
    pub async fn site_setting<T: serde::de::DeserializeOwned>(&self, site: SiteId, name: &str) -> Result<Option<T>, Error> {
        let found =
            entity::site_setting::Entity::find_by_id((i64::from(site.0), name.to_owned())).one(&self.db).await.or_broken()?;
        found.map(|row| json::read(name, &row.value)).transpose()
    }

    /// Keeps a value for a site under a name of at most 190 characters.
    ///
    /// # Errors
    /// When there is no such site, or name or value are too long.
    pub async fn set_site_setting<T: serde::Serialize + Sync + ?Sized>(
        &self,
        site: SiteId,
        name: &str,
        value: &T,
    ) -> Result<(), Error> {
        let row = entity::site_setting::Model {
            site: i64::from(site.0),
            name: crate::bounds::text("name", name, 190)?,
            value: crate::bounds::lines(name, &json::write(value)?, 60_000)?,
        };
        let tx = self.begin().await?;
        self::row(&tx, site).await?;
        entity::site_setting::Entity::delete_by_id((row.site, row.name.clone())).exec(&tx).await.or_broken()?;
        insert(&tx, row).await?;
        self.commit(tx).await
    }
}

/// The row of a site that must exist.
pub(crate) async fn row(db: &impl ConnectionTrait, id: SiteId) -> Result<site::Model, Error> {
    site::Entity::find_by_id(i64::from(id.0))
        .one(db)
        .await
        .or_broken()?
        .ok_or_else(|| Error::missing(format!("no site has the number `{id}`")))
}

/// Every site, whole.
pub(crate) async fn load(db: &impl ConnectionTrait, now: Millis) -> Result<Vec<Site>, Error> {
    let rows = site::Entity::find().order_by_asc(site::Column::Id).all(db).await.or_broken()?;
    let mut goals: HashMap<SiteId, _> = goals::load(db, None).await?;
    let mut dimensions: HashMap<SiteId, _> = dimensions::load(db, None).await?;
    let mut sites = Vec::with_capacity(rows.len());
    for row in rows {
        let mut site = of_row(row, now)?;
        site.goals = goals.remove(&site.id).unwrap_or_default();
        site.dimensions = dimensions.remove(&site.id).unwrap_or_default();
        sites.push(site);
    }
    Ok(sites)
}

/// The next number nobody had.
async fn next_id(tx: &DatabaseTransaction) -> Result<SiteId, Error> {
    let found = sequence::Entity::find_by_id("sites".to_owned()).one(tx).await.or_broken()?;
    let next = sequence::Model { name: "sites".to_owned(), last: found.as_ref().map_or(0, |row| row.last) + 1 };
    let id = crate::site::id_of(next.last)?;
    if found.is_some() {
        update(tx, next).await?;
    } else {
        insert(tx, next).await?;
    }
    Ok(id)
}

/// The domains that other sites have, or had less than 72 hours ago.
async fn taken_domains(tx: &DatabaseTransaction, except: Option<SiteId>, now: Millis) -> Result<HashSet<String>, Error> {
    let mut taken = HashSet::new();
    for row in site::Entity::find().all(tx).await.or_broken()? {
        if except.is_some_and(|id| i64::from(id.0) == row.id) {
            continue;
        }
        taken.insert(row.domain);
        if row.former_until.is_some_and(|until| now.0 < until) {
            taken.extend(row.former_domain);
        }
    }
    Ok(taken)
}

fn free(domain: String, taken: &HashSet<String>) -> Result<String, Error> {
    if taken.contains(&domain) {
        return Err(Error::invalid(format!("`domain` must be unique, and `{domain}` belongs to another site")));
    }
    Ok(domain)
}
