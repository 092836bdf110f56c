use footfall_model::{Error, GoalId, SiteId};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Admin, bounds,
    database::{OrBroken, insert, update},
    entity::funnel,
    goals, json, sites,
};

/// A way through a site: goals that are reached one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funnel {
    /// The number within the site, from 1.
    pub id: i32,
    /// What people call it.
    pub name: String,
    /// Its goals in order, 2 to 8.
    pub steps: Vec<GoalId>,
    /// Whether nothing else may happen between the steps.
    pub strict: bool,
}

/// A funnel to be made, or what an existing one becomes.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "named as the fields of a funnel are")]
pub struct NewFunnel {
    pub name: String,
    pub steps: Vec<GoalId>,
    pub strict: bool,
}

impl Admin {
    /// Adds a funnel to a site.
    ///
    /// # Errors
    /// When there is no such site, a step is no goal of it, or there are fewer than 2 steps, more than 8, or one twice.
    pub async fn add_funnel(&self, site: SiteId, new: NewFunnel) -> Result<Funnel, Error> {
        let tx = self.begin().await?;
        sites::row(&tx, site).await?;
        let id = rows(&tx, site).await?.iter().map(|row| row.id).max().unwrap_or(0) + 1;
        let row = checked(&tx, site, id, new).await?;
        insert(&tx, row.clone()).await?;
        tx.commit().await.or_broken()?;
        of_row(row)
    }

    /// Puts another funnel under the number of an existing one.
    ///
    /// # Errors
    /// When there is no such funnel, and as [`add_funnel`](Admin::add_funnel).
    pub async fn update_funnel(&self, site: SiteId, id: i32, new: NewFunnel) -> Result<Funnel, Error> {
        let tx = self.begin().await?;
        row(&tx, site, id).await?;
        let row = checked(&tx, site, id, new).await?;
        update(&tx, row.clone()).await?;
        tx.commit().await.or_broken()?;
        of_row(row)
    }

    /// Removes a funnel.
    ///
    /// # Errors
    /// When there is no such funnel.
    pub async fn delete_funnel(&self, site: SiteId, id: i32) -> Result<(), Error> {
        let tx = self.begin().await?;
        row(&tx, site, id).await?;
        funnel::Entity::delete_by_id((i64::from(site.0), id)).exec(&tx).await.or_broken()?;
        tx.commit().await.or_broken()
    }

    /// The funnels of a site by number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn funnels(&self, site: SiteId) -> Result<Vec<Funnel>, Error> {
        let rows = rows(&self.db, site).await?;
        rows.into_iter().map(of_row).collect()
    }
}

/// Takes a removed goal out of the site's funnels; a funnel needs two steps.
pub(crate) async fn without_goal(tx: &DatabaseTransaction, site: SiteId, goal: GoalId) -> Result<(), Error> {
    for mut row in rows(tx, site).await? {
        let mut steps: Vec<i32> = json::read("steps", &row.steps)?;
        let before = steps.len();
        steps.retain(|step| *step != goal.0);
        if steps.len() == before {
            continue;
        }
        if steps.len() < 2 {
            funnel::Entity::delete_by_id((row.site, row.id)).exec(tx).await.or_broken()?;
        } else {
            row.steps = json::write(&steps)?;
            update(tx, row).await?;
        }
    }
    Ok(())
}

async fn checked(tx: &DatabaseTransaction, site: SiteId, id: i32, new: NewFunnel) -> Result<funnel::Model, Error> {
    let name = bounds::text("name", &new.name, 255)?;
    if !(2..=8).contains(&new.steps.len()) {
        return Err(Error::invalid(format!("`steps` must be 2 to 8 goals, and are {}", new.steps.len())));
    }
    let goals = goals::load(tx, Some(site)).await?.remove(&site).unwrap_or_default();
    for (index, step) in new.steps.iter().enumerate() {
        if !goals.iter().any(|goal| goal.id == *step) {
            return Err(Error::invalid(format!("`steps` must be goals of the site, and `{}` is none", step.0)));
        }
        if new.steps.iter().take(index).any(|earlier| earlier == step) {
            return Err(Error::invalid(format!("`steps` must differ, and `{}` stands there twice", step.0)));
        }
    }
    let steps: Vec<i32> = new.steps.iter().map(|step| step.0).collect();
    Ok(funnel::Model { site: i64::from(site.0), id, name, steps: json::write(&steps)?, strict: new.strict })
}

async fn rows(db: &impl ConnectionTrait, site: SiteId) -> Result<Vec<funnel::Model>, Error> {
    funnel::Entity::find()
        .filter(funnel::Column::Site.eq(i64::from(site.0)))
        .order_by_asc(funnel::Column::Id)
        .all(db)
        .await
        .or_broken()
}

async fn row(db: &impl ConnectionTrait, site: SiteId, id: i32) -> Result<funnel::Model, Error> {
    funnel::Entity::find_by_id((i64::from(site.0), id))
        .one(db)
        .await
        .or_broken()?
        .ok_or_else(|| Error::missing(format!("site `{site}` has no funnel with the number `{id}`")))
}

fn of_row(row: funnel::Model) -> Result<Funnel, Error> {
    let steps: Vec<i32> = json::read("steps", &row.steps)?;
    Ok(Funnel { id: row.id, name: row.name, steps: steps.into_iter().map(GoalId).collect(), strict: row.strict })
}
