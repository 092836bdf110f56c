use footfall_model::{Error, Millis};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    Admin, bounds,
    database::{OrBroken, insert, update},
    entity::user,
    guests, password, secret, settings,
    users::{self, Invitation, NewUser, User},
};

/// The setting that holds the digest of the first start's token.
const SETUP: &str = "setup.digest";

impl Admin {
    /// The secret with which the first superuser can be made, while there is no user. A new one each time it is asked for;
    /// only the last one counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn setup_token(&self) -> Result<Option<String>, Error> {
        if self.count_users().await? > 0 {
            return Ok(None);
        }
        let token = secret::random_hex::<16>();
        let tx = self.begin().await?;
        let digest = format!("\"{}\"", secret::digest(&token));
        settings::put(&tx, SETUP.to_owned(), digest).await?;
        tx.commit().await.or_broken()?;
        Ok(Some(token))
    }

    /// Makes the first superuser, and forgets the token.
    ///
    /// # Errors
    /// When there is a user already, the token is not the last one given, or a field is out of bounds.
    pub async fn set_up(&self, token: &str, new: NewUser, now: Millis) -> Result<User, Error> {
        // The token first: hashing a password is too much work for whoever has none.
        let kept: Option<String> = self.setting(SETUP).await?;
        if kept.as_deref() != Some(secret::digest(token).as_str()) {
            return Err(Error::denied("`token` is not the one the first start printed")
                .hint("each start prints a new one while there is no user"));
        }
        if new.password.is_none() {
            return Err(Error::invalid("`password` must be given"));
        }
        let row = self.new_row(NewUser { superuser: true, ..new }, now).await?;
        let tx = self.begin().await?;
        let first = user::Entity::find().one(&tx).await.or_broken()?.is_none();
        if !first {
            return Err(Error::denied("this server is set up already"));
        }
        insert(&tx, row.clone()).await?;
        settings::remove(&tx, SETUP).await?;
        self.commit(tx).await?;
        Ok(users::of_row(row))
    }

    /// Adds a user without a password, and gives the secret with which they set it.
    ///
    /// # Errors
    /// As [`add_user`](Admin::add_user).
    pub async fn invite_user(&self, new: NewUser, by: &str, expires_at: Millis, now: Millis) -> Result<(User, String), Error> {
        let secret = secret::random_hex::<16>();
        let row = user::Model {
            invited_by: Some(bounds::optional("invited_by", by, 100)?),
            invite_digest: Some(secret::digest(&secret)),
            invite_expires_at: Some(expires_at.0),
            ..self.new_row(NewUser { password: None, ..new }, now).await?
        };
        let tx = self.begin().await?;
        users::check_login_free(&tx, &row.login).await?;
        users::check_email_free(&tx, &row.email, &row.login).await?;
        insert(&tx, row.clone()).await?;
        self.commit(tx).await?;
        Ok((users::of_row(row), secret))
    }

    /// Gives an invited user a new secret; the old one stops working.
    ///
    /// # Errors
    /// When there is no such user, or they accepted already.
    pub async fn renew_invitation(&self, login: &str, expires_at: Millis) -> Result<String, Error> {
        let secret = secret::random_hex::<16>();
        let tx = self.begin().await?;
        let mut row = users::row(&tx, login).await?;
        if row.invite_digest.is_none() {
            return Err(Error::invalid(format!("`{}` has no open invitation", row.login)));
        }
        row.invite_digest = Some(secret::digest(&secret));
        row.invite_expires_at = Some(expires_at.0);
        update(&tx, row).await?;
        self.commit(tx).await?;
        Ok(secret)
    }

    /// The invited user this secret belongs to, while it counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invitation(&self, secret: &str, now: Millis) -> Result<Option<User>, Error> {
        let found =
            user::Entity::find().filter(user::Column::InviteDigest.eq(secret::digest(secret))).one(&self.db).await.or_broken()?;
        Ok(found.filter(|row| row.invite_expires_at.is_some_and(|end| now.0 < end)).map(users::of_row))
    }

    /// Sets the password of an invited user; the invitation is then over.
    ///
    /// # Errors
    /// When the secret belongs to no open invitation, or the password is out of bounds.
    pub async fn accept_invitation(&self, secret: &str, password: &str, now: Millis) -> Result<User, Error> {
        let refused = || Error::denied("the invitation is not known, or no longer counts");
        if self.invitation(secret, now).await?.is_none() {
            return Err(refused());
        }
        password::check(password)?;
        let hash = self.hash(password).await?;
        let tx = self.begin().await?;
        let mut row = user::Entity::find()
            .filter(user::Column::InviteDigest.eq(secret::digest(secret)))
            .one(&tx)
            .await
            .or_broken()?
            .ok_or_else(refused)?;
        row.password = Some(hash);
        row.password_changed_at = now.0;
        row.invite_digest = None;
        row.invite_expires_at = None;
        update(&tx, row.clone()).await?;
        guests::welcome(&tx, &row).await?;
        self.commit(tx).await?;
        Ok(users::of_row(row))
    }
}

/// The open invitation of a user.
pub(crate) fn of_row(row: &user::Model) -> Option<Invitation> {
    row.invite_digest.as_ref()?;
    Some(Invitation {
        by: row.invited_by.clone().unwrap_or_default(),
        expires_at: Millis(row.invite_expires_at.unwrap_or_default()),
    })
}
