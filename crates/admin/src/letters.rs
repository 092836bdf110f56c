use footfall_model::{Error, Millis};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, NotSet, PaginatorTrait, QueryFilter, QueryOrder, Set};

use crate::{
    Admin, bounds,
    database::{OrBroken, update},
    entity::letter,
};

/// How many letters may wait.
const MOST: u64 = 1000;

/// A letter that waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingLetter {
    /// The number.
    pub id: i64,
    /// The address it goes to.
    pub recipient: String,
    /// The whole message as it travels.
    pub message: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Since when it waits.
    pub created_at: Millis,
}

impl Admin {
    /// Keeps a letter until it is sent or given up; says whether there was room for it.
    ///
    /// # Errors
    /// When the address is too long.
    pub async fn keep_letter(&self, recipient: &str, message: &str, now: Millis) -> Result<bool, Error> {
        let recipient = bounds::text("recipient", recipient, 320)?;
        let tx = self.begin().await?;
        if letter::Entity::find().count(&tx).await.or_broken()? >= MOST {
            return Ok(false);
        }
        let row = letter::ActiveModel {
            id: NotSet,
            recipient: Set(recipient),
            message: Set(message.to_owned()),
            attempts: Set(0),
            next_at: Set(now.0),
            created_at: Set(now.0),
        };
        row.insert(&tx).await.or_broken()?;
        tx.commit().await.or_broken()?;
        Ok(true)
    }

    /// The letter whose next try has waited longest by now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due_letter(&self, now: Millis) -> Result<Option<WaitingLetter>, Error> {
        let found = letter::Entity::find()
            .filter(letter::Column::NextAt.lte(now.0))
            .order_by_asc(letter::Column::NextAt)
            .order_by_asc(letter::Column::Id)
            .one(&self.db)
            .await
            .or_broken()?;
        Ok(found.map(|row| WaitingLetter {
            id: row.id,
            recipient: row.recipient,
            message: row.message,
            attempts: u32::try_from(row.attempts).unwrap_or(0),
            created_at: Millis(row.created_at),
        }))
    }

    /// When the next letter is to be tried; `None` where none waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_letter_at(&self) -> Result<Option<Millis>, Error> {
        let first = letter::Entity::find().order_by_asc(letter::Column::NextAt).one(&self.db).await.or_broken()?;
        Ok(first.map(|row| Millis(row.next_at)))
    }

    /// Writes down that a letter was tried in vain, and when it is tried next.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delay_letter(&self, id: i64, next_at: Millis) -> Result<(), Error> {
        let tx = self.begin().await?;
        if let Some(row) = letter::Entity::find_by_id(id).one(&tx).await.or_broken()? {
            update(&tx, letter::Model { attempts: row.attempts.saturating_add(1), next_at: next_at.0, ..row }).await?;
        }
        tx.commit().await.or_broken()
    }

    /// Forgets a letter that was sent or is given up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_letter(&self, id: i64) -> Result<(), Error> {
        letter::Entity::delete_by_id(id).exec(&self.db).await.or_broken()?;
        Ok(())
    }
}
