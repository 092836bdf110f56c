use footfall_model::Error;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Admin, bounds,
    database::{OrBroken, insert},
    entity::dashboard,
    json, users,
};

/// The most dashboards of one user.
const MOST: usize = 100;

/// A page of widgets somebody arranged.
#[derive(Clone, Debug, PartialEq)]
pub struct Dashboard {
    /// The number among its owner's, from 1.
    pub id: i32,
    /// What its owner calls it.
    pub name: String,
    /// Which widgets lie where: a JSON document whose shape is its readers' affair.
    pub layout: serde_json::Value,
}

impl Admin {
    /// The dashboards of a user by number.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn dashboards(&self, login: &str) -> Result<Vec<Dashboard>, Error> {
        let login = users::row(&self.db, login).await?.login;
        let rows = dashboard::Entity::find()
            .filter(dashboard::Column::Login.eq(login))
            .order_by_asc(dashboard::Column::Id)
            .all(&self.db)
            .await
            .or_broken()?;
        rows.into_iter()
            .map(|row| Ok(Dashboard { id: row.id, name: row.name, layout: json::read("layout", &row.layout)? }))
            .collect()
    }

    /// Keeps a dashboard under a number of its owner's, in place of what was there, or under the next free one.
    ///
    /// # Errors
    /// When there is no such user, the layout has more than 60 000 bytes, or there are too many.
    pub async fn save_dashboard(
        &self,
        login: &str,
        id: Option<i32>,
        name: &str,
        layout: &serde_json::Value,
    ) -> Result<Dashboard, Error> {
        let name = bounds::optional("name", name, 100)?;
        let text = json::write(layout)?;
        if text.len() > 60_000 {
            return Err(Error::invalid(format!("`layout` may have 60000 bytes, and has {}", text.len())));
        }
        let kept = self.dashboards(login).await?;
        let id = id.unwrap_or_else(|| kept.last().map_or(1, |last| last.id.saturating_add(1)));
        if id < 1 {
            return Err(Error::invalid("`id` must be a whole number from 1"));
        }
        if kept.len() >= MOST && !kept.iter().any(|dashboard| dashboard.id == id) {
            return Err(Error::invalid(format!("a user may have {MOST} dashboards")));
        }
        let tx = self.begin().await?;
        let login = users::row(&tx, login).await?.login;
        dashboard::Entity::delete_by_id((login.clone(), id)).exec(&tx).await.or_broken()?;
        let row = dashboard::Model { login, id, name: name.clone(), layout: text };
        insert(&tx, row).await?;
        tx.commit().await.or_broken()?;
        Ok(Dashboard { id, name, layout: layout.clone() })
    }

    /// Removes a dashboard.
    ///
    /// # Errors
    /// When the user has no such dashboard.
    pub async fn delete_dashboard(&self, login: &str, id: i32) -> Result<(), Error> {
        let login = users::row(&self.db, login).await?.login;
        let done = dashboard::Entity::delete_by_id((login.clone(), id)).exec(&self.db).await.or_broken()?;
        if done.rows_affected == 0 {
            return Err(Error::missing(format!("`{login}` has no dashboard with the number `{id}`")));
        }
        Ok(())
    }
}
