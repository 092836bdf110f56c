use std::collections::HashMap;

use footfall_model::{CustomDimension, CustomScope, Error, SiteId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Admin, bounds,
    database::{OrBroken, insert, update},
    entity::dimension,
    json, site, sites,
};

/// A custom dimension to be made, or what an existing one becomes (then the scope stays as it is).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDimension {
    /// What people call it.
    pub name: String,
    /// Whether it belongs to the visit or to each action.
    pub scope: CustomScope,
    /// Whether it is recorded.
    pub active: bool,
    /// Whether values differ by case.
    pub case_sensitive: bool,
    /// Where values come from when the tracker sends none: (`url`, `urlparam` or `action_name`; pattern).
    pub extractions: Vec<(String, String)>,
}

impl Admin {
    /// Adds a custom dimension. Numbers are 1, 2, 3, … within the site over both scopes; slots are 1, 2, … within a scope.
    ///
    /// # Errors
    /// When there is no such site, a field is out of bounds, or all slots of the scope are taken.
    pub async fn add_dimension(&self, site: SiteId, new: NewDimension) -> Result<CustomDimension, Error> {
        let new = checked(new)?;
        let tx = self.begin().await?;
        sites::row(&tx, site).await?;
        let rows = rows(&tx, Some(site)).await?;
        let scope = scope_name(new.scope);
        let slot = rows.iter().filter(|row| row.scope == scope).map(|row| row.slot).max().unwrap_or(0) + 1;
        if slot > i32::from(CustomDimension::SLOTS) {
            return Err(Error::invalid(format!(
                "site `{site}` has {} dimensions of scope `{scope}` already, and may have no more",
                CustomDimension::SLOTS
            )));
        }
        let id = rows.iter().map(|row| row.id).max().unwrap_or(0) + 1;
        let row = dimension::Model {
            site: i64::from(site.0),
            id,
            name: new.name,
            scope: scope.to_owned(),
            slot,
            active: new.active,
            case_sensitive: new.case_sensitive,
            extractions: json::write(&new.extractions)?,
            deleted: false,
        };
        let dimension = of_row(row.clone())?;
        insert(&tx, row).await?;
        self.commit(tx).await?;
        Ok(dimension)
    }

    /// Changes everything about a dimension but its number, scope and slot.
    ///
    /// # Errors
    /// When there is no such dimension, or a field is out of bounds.
    pub async fn update_dimension(&self, site: SiteId, id: u32, new: NewDimension) -> Result<CustomDimension, Error> {
        let new = checked(new)?;
        let tx = self.begin().await?;
        let row = dimension::Model {
            name: new.name,
            active: new.active,
            case_sensitive: new.case_sensitive,
            extractions: json::write(&new.extractions)?,
            ..row(&tx, site, id).await?
        };
        let dimension = of_row(row.clone())?;
        update(&tx, row).await?;
        self.commit(tx).await?;
        Ok(dimension)
    }

    /// Removes a dimension; its number and slot stay taken, for the store still holds its values.
    ///
    /// # Errors
    /// When there is no such dimension.
    pub async fn delete_dimension(&self, site: SiteId, id: u32) -> Result<(), Error> {
        let tx = self.begin().await?;
        let mut row = row(&tx, site, id).await?;
        row.deleted = true;
        update(&tx, row).await?;
        self.commit(tx).await
    }

    /// The site's dimensions by number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dimensions(&self, site: SiteId) -> Result<Vec<CustomDimension>, Error> {
        Ok(load(&self.db, Some(site)).await?.remove(&site).unwrap_or_default())
    }
}

/// The dimensions of one site or of all, by site and number.
pub(crate) async fn load(
    db: &impl ConnectionTrait,
    site: Option<SiteId>,
) -> Result<HashMap<SiteId, Vec<CustomDimension>>, Error> {
    let mut dimensions: HashMap<SiteId, Vec<CustomDimension>> = HashMap::new();
    for row in rows(db, site).await? {
        if !row.deleted {
            let site = site::id_of(row.site)?;
            dimensions.entry(site).or_default().push(of_row(row)?);
        }
    }
    Ok(dimensions)
}

async fn rows(db: &impl ConnectionTrait, site: Option<SiteId>) -> Result<Vec<dimension::Model>, Error> {
    let mut find = dimension::Entity::find().order_by_asc(dimension::Column::Id);
    if let Some(site) = site {
        find = find.filter(dimension::Column::Site.eq(i64::from(site.0)));
    }
    find.all(db).await.or_broken()
}

async fn row(db: &impl ConnectionTrait, site: SiteId, id: u32) -> Result<dimension::Model, Error> {
    let missing = || Error::missing(format!("site `{site}` has no dimension with the number `{id}`"));
    let number = i32::try_from(id).map_err(|_| missing())?;
    dimension::Entity::find_by_id((i64::from(site.0), number))
        .one(db)
        .await
        .or_broken()?
        .filter(|row| !row.deleted)
        .ok_or_else(missing)
}

fn checked(new: NewDimension) -> Result<NewDimension, Error> {
    if new.extractions.len() > 20 {
        return Err(Error::invalid(format!("`extractions` may hold 20 entries, and has {}", new.extractions.len())));
    }
    let mut extractions = Vec::with_capacity(new.extractions.len());
    for (source, pattern) in new.extractions {
        if !["url", "urlparam", "action_name"].contains(&source.as_str()) {
            return Err(Error::invalid("`extractions` must name `url`, `urlparam` or `action_name`"));
        }
        let pattern = bounds::lines("extractions", &pattern, 500)?;
        if pattern.is_empty() {
            return Err(Error::invalid("`extractions` must have patterns"));
        }
        extractions.push((source, pattern));
    }
    Ok(NewDimension { name: bounds::text("name", &new.name, 255)?, extractions, ..new })
}

fn of_row(row: dimension::Model) -> Result<CustomDimension, Error> {
    let broken = || Error::broken("the administration database holds an unknown dimension");
    Ok(CustomDimension {
        id: u32::try_from(row.id).map_err(|_| broken())?,
        name: row.name,
        scope: match row.scope.as_str() {
            "visit" => CustomScope::Visit,
            "action" => CustomScope::Action,
            _ => return Err(broken()),
        },
        slot: u8::try_from(row.slot).map_err(|_| broken())?,
        active: row.active,
        case_sensitive: row.case_sensitive,
        extractions: json::read("extractions", &row.extractions)?,
    })
}

fn scope_name(scope: CustomScope) -> &'static str {
    match scope {
        CustomScope::Visit => "visit",
        CustomScope::Action => "action",
    }
}
