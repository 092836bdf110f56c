use std::collections::BTreeMap;

use footfall_model::Error;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Admin, bounds,
    database::{OrBroken, insert},
    entity::preference,
    users,
};

impl Admin {
    /// What a user prefers, by name, such as Matomo's `defaultReport` or `language`.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn preferences(&self, login: &str) -> Result<BTreeMap<String, String>, Error> {
        let login = users::row(&self.db, login).await?.login;
        let rows = preference::Entity::find()
            .filter(preference::Column::Login.eq(login))
            .order_by_asc(preference::Column::Name)
            .all(&self.db)
            .await
            .or_broken()?;
        Ok(rows.into_iter().map(|row| (row.name, row.value)).collect())
    }

    /// One thing a user prefers, if they ever said so.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn preference(&self, login: &str, name: &str) -> Result<Option<String>, Error> {
        let login = users::row(&self.db, login).await?.login;
        let found = preference::Entity::find_by_id((login, name.to_owned())).one(&self.db).await.or_broken()?;
        Ok(found.map(|row| row.value))
    }

    /// Keeps, or forgets, what a user prefers: a name of 1 to 190 characters, a value of at most 8192, at most 200 names.
    ///
    /// # Errors
    /// When there is no such user, or something is too long or too much.
    pub async fn set_preference(&self, login: &str, name: &str, value: Option<&str>) -> Result<(), Error> {
        let name = bounds::text("name", name, 190)?;
        let value = value.map(|value| bounds::lines("value", value, 8192)).transpose()?;
        let kept = self.preferences(login).await?;
        if kept.len() >= 200 && value.is_some() && !kept.contains_key(&name) {
            return Err(Error::invalid("a user may have 200 preferences"));
        }
        let tx = self.begin().await?;
        let login = users::row(&tx, login).await?.login;
        preference::Entity::delete_by_id((login.clone(), name.clone())).exec(&tx).await.or_broken()?;
        if let Some(value) = value {
            insert(&tx, preference::Model { login, name, value }).await?;
        }
        tx.commit().await.or_broken()
    }
}
