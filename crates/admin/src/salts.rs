use footfall_model::{Error, Millis};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    Admin,
    database::{OrBroken, insert},
    entity::salt,
    secret,
};

const DAY_MILLIS: i64 = 86_400_000;

/// What cookieless visitors are hashed with, so that nobody is known for longer than two days.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salts {
    /// The day in UTC, counted from 1970-01-01.
    pub day: i64,
    /// The salt of this day.
    pub today: [u8; 16],
    /// The salt of the day before, for visits that go on over midnight.
    pub yesterday: [u8; 16],
}

impl std::fmt::Debug for Salts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Salts").field("day", &self.day).finish_non_exhaustive()
    }
}

impl Salts {
    /// Whether these are the salts of this moment.
    pub fn count_at(&self, now: Millis) -> bool {
        self.day == day_of(now)
    }
}

impl Admin {
    /// The salts of this moment, made when there are none. Older ones are deleted: a salt lives for at most 48 hours.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn salts(&self, now: Millis) -> Result<Salts, Error> {
        let day = day_of(now);
        let tx = self.begin().await?;
        salt::Entity::delete_many().filter(salt::Column::Day.lt(day - 1)).exec(&tx).await.or_broken()?;
        let mut salts = [[0; 16]; 2];
        for (back, bytes) in salts.iter_mut().enumerate() {
            let day = day - back as i64;
            let found = salt::Entity::find_by_id(day).one(&tx).await.or_broken()?;
            match found {
                Some(row) => hex::decode_to_slice(&row.salt, bytes)
                    .map_err(|cause| Error::broken("the administration database holds an unreadable salt").because(cause))?,
                None => {
                    *bytes = secret::random();
                    let row = salt::Model { day, salt: hex::encode(*bytes) };
                    insert(&tx, row).await?;
                }
            }
        }
        tx.commit().await.or_broken()?;
        let [today, yesterday] = salts;
        Ok(Salts { day, today, yesterday })
    }
}

fn day_of(now: Millis) -> i64 {
    now.0.div_euclid(DAY_MILLIS)
}
