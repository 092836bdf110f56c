use footfall_model::{Error, Millis};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    Admin,
    database::{OrBroken, insert, update},
    entity::{password_reset, user},
    password, secret,
    users::{self, User},
};

impl Admin {
    /// Gives the secret with which whoever has this address or login sets a new password, and the user. Only the last one given
    /// counts. `None` where nobody has the address, or has no password to be forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_password_reset(&self, login_or_email: &str, expires_at: Millis) -> Result<Option<(User, String)>, Error> {
        let tx = self.begin().await?;
        let mut found = users::find_by_email(&tx, login_or_email).await?;
        if found.is_none() {
            found = users::find(&tx, login_or_email).await?;
        }
        let Some(user) = found.filter(|user| user.password.is_some()) else {
            return Ok(None);
        };
        let secret = secret::random_hex::<16>();
        password_reset::Entity::delete_by_id(user.login.clone()).exec(&tx).await.or_broken()?;
        let row = password_reset::Model { login: user.login.clone(), digest: secret::digest(&secret), expires_at: expires_at.0 };
        insert(&tx, row).await?;
        tx.commit().await.or_broken()?;
        Ok(Some((users::of_row(user), secret)))
    }

    /// Sets the password of the user this secret was given to, ends their sessions and forgets the secret. A second factor stays.
    ///
    /// # Errors
    /// When the secret was not given or no longer counts, or the password is out of bounds.
    pub async fn reset_password(&self, secret: &str, password: &str, now: Millis) -> Result<User, Error> {
        let refused = || Error::denied("the link is not known, or no longer counts").hint("ask for a new one");
        let digest = secret::digest(secret);
        let given = |row: &password_reset::Model| now.0 < row.expires_at;
        let by_digest = || password_reset::Entity::find().filter(password_reset::Column::Digest.eq(digest.clone()));
        // Hashing a password is too much work for whoever has no secret.
        by_digest().one(&self.db).await.or_broken()?.filter(given).ok_or_else(refused)?;
        password::check(password)?;
        let hash = self.hash(password).await?;
        let tx = self.begin().await?;
        let row = by_digest().one(&tx).await.or_broken()?.filter(given).ok_or_else(refused)?;
        let user = user::Entity::find_by_id(row.login.clone()).one(&tx).await.or_broken()?.ok_or_else(refused)?;
        password_reset::Entity::delete_by_id(row.login).exec(&tx).await.or_broken()?;
        let user = user::Model { password: Some(hash), password_changed_at: now.0, ..user };
        users::end_sessions(&tx, &user.login).await?;
        update(&tx, user.clone()).await?;
        self.commit(tx).await?;
        Ok(users::of_row(user))
    }
}
