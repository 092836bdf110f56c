use footfall_model::{Error, Millis};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::{
    Admin, bounds,
    database::{OrBroken, insert, update},
    entity::{password_reset, session, user},
    guests, invitations, password,
    team::{self, TeamRole},
};

/// Matomo's name for whoever shows no credentials. Nobody can be called so.
pub const ANONYMOUS: &str = "anonymous";

/// Somebody who may sign in, or is invited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The name they sign in with; unique in any case.
    pub login: String,
    /// Their e-mail address; unique in any case.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// Whether they may do everything.
    pub superuser: bool,
    /// What they are in the team; superusers are its owners.
    pub role: Option<TeamRole>,
    /// When they were added.
    pub created_at: Millis,
    /// When their password was last set.
    pub password_changed_at: Millis,
    /// When they last did something, to a minute.
    pub last_seen_at: Option<Millis>,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Whether they can sign in with a password.
    pub has_password: bool,
    /// The secret of their authenticator app, when they turned that on.
    pub totp_secret: Option<String>,
    /// An invitation that was not yet accepted.
    pub invitation: Option<Invitation>,
}

/// An invitation that was not yet accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Who invited.
    pub by: String,
    /// When it stops being accepted.
    pub expires_at: Millis,
}

/// A user to be added.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "named as the fields of a user are")]
pub struct NewUser {
    pub login: String,
    pub email: String,
    /// Empty means the login.
    pub name: String,
    /// `None` for users that sign in elsewhere.
    pub password: Option<String>,
    /// The same as the role of an owner.
    pub superuser: bool,
    pub role: Option<TeamRole>,
}

/// What is to change about a user; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "named as the fields of a user are")]
pub struct UserChanges {
    pub email: Option<String>,
    pub name: Option<String>,
    /// Ends every session of the user.
    pub password: Option<String>,
    /// `true` makes an owner; `false` takes that away, and leaves other roles.
    pub superuser: Option<bool>,
    /// `Some(None)` takes the role away.
    pub role: Option<Option<TeamRole>>,
    pub theme: Option<String>,
    /// `Some(None)` turns the second factor off.
    pub totp_secret: Option<Option<String>>,
}

impl Admin {
    /// Adds a user.
    ///
    /// # Errors
    /// When a field is out of bounds, or login or e-mail address are taken.
    pub async fn add_user(&self, new: NewUser, now: Millis) -> Result<User, Error> {
        let row = self.new_row(new, now).await?;
        let tx = self.begin().await?;
        check_login_free(&tx, &row.login).await?;
        check_email_free(&tx, &row.email, &row.login).await?;
        insert(&tx, row.clone()).await?;
        guests::welcome(&tx, &row).await?;
        self.commit(tx).await?;
        Ok(of_row(row))
    }

    /// Changes a user.
    ///
    /// # Errors
    /// When there is no such user, a field is out of bounds, the e-mail address is taken, or no superuser would be left.
    pub async fn update_user(&self, login: &str, changes: UserChanges, now: Millis) -> Result<User, Error> {
        let hash = match &changes.password {
            Some(password) => {
                password::check(password)?;
                Some(self.hash(password).await?)
            }
            None => None,
        };
        let tx = self.begin().await?;
        let mut row = row(&tx, login).await?;
        if let Some(email) = changes.email {
            row.email = bounds::email("email", &email)?;
            row.email_key = row.email.to_lowercase();
            check_email_free(&tx, &row.email, &row.login).await?;
        }
        if let Some(name) = changes.name {
            row.name = bounds::text("name", &name, 100)?;
        }
        if let Some(theme) = changes.theme {
            if !["system", "light", "dark"].contains(&theme.as_str()) {
                return Err(Error::invalid("`theme` must be `system`, `light` or `dark`"));
            }
            row.theme = theme;
        }
        if let Some(secret) = changes.totp_secret {
            row.totp_secret = secret.map(|secret| bounds::text("totp_secret", &secret, 128)).transpose()?;
        }
        let before = team::of_row(&row);
        let role = match (changes.role, changes.superuser) {
            (Some(role), _) => role,
            (None, Some(true)) => Some(TeamRole::Owner),
            (None, Some(false)) => before.filter(|role| *role != TeamRole::Owner),
            (None, None) => before,
        };
        if role != before {
            if row.superuser {
                check_not_last(&tx, &row).await?;
            }
            team::put(&mut row, role);
        }
        if let Some(hash) = hash {
            row.password = Some(hash);
            row.password_changed_at = now.0;
            end_sessions(&tx, &row.login).await?;
            // Links that were sent to set a password are of no more use.
            password_reset::Entity::delete_by_id(row.login.clone()).exec(&tx).await.or_broken()?;
            row.invite_expires_at = None;
            if row.invite_digest.take().is_some() {
                guests::welcome(&tx, &row).await?;
            }
        }
        update(&tx, row.clone()).await?;
        self.commit(tx).await?;
        Ok(of_row(row))
    }

    /// Removes a user with their rights, tokens, sessions, preferences and dashboards.
    ///
    /// # Errors
    /// When there is no such user, or no superuser would be left.
    pub async fn delete_user(&self, login: &str) -> Result<(), Error> {
        let tx = self.begin().await?;
        let row = row(&tx, login).await?;
        if row.superuser {
            check_not_last(&tx, &row).await?;
        }
        user::Entity::delete_by_id(row.login).exec(&tx).await.or_broken()?;
        self.commit(tx).await
    }

    /// The user of this login, in any case.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn user(&self, login: &str) -> Result<User, Error> {
        Ok(of_row(row(&self.db, login).await?))
    }

    /// The user with this e-mail address, in any case.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>, Error> {
        Ok(find_by_email(&self.db, email).await?.map(of_row))
    }

    /// Every user by login.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn users(&self) -> Result<Vec<User>, Error> {
        let rows = user::Entity::find().order_by_asc(user::Column::LoginKey).all(&self.db).await.or_broken()?;
        Ok(rows.into_iter().map(of_row).collect())
    }

    /// How many users there are. With none, the server offers its set-up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_users(&self) -> Result<u64, Error> {
        user::Entity::find().count(&self.db).await.or_broken()
    }

    /// The user with this login or e-mail address and this password, if there is one. Takes as long when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_password(&self, login_or_email: &str, password: &str) -> Result<Option<User>, Error> {
        let mut found = find(&self.db, login_or_email).await?;
        if found.is_none() {
            found = find_by_email(&self.db, login_or_email).await?;
        }
        let hash = found.as_ref().and_then(|row| row.password.clone());
        let fits = self.fits(password, hash).await?;
        Ok(found.filter(|_| fits).map(of_row))
    }

    /// The row a new user will have.
    pub(crate) async fn new_row(&self, new: NewUser, now: Millis) -> Result<user::Model, Error> {
        let login = checked_login(&new.login)?;
        let email = bounds::email("email", &new.email)?;
        let name = bounds::optional("name", &new.name, 100)?;
        let hash = match &new.password {
            Some(password) => {
                password::check(password)?;
                Some(self.hash(password).await?)
            }
            None => None,
        };
        let role = if new.superuser { Some(TeamRole::Owner) } else { new.role };
        let mut row = user::Model {
            login_key: login.to_lowercase(),
            email_key: email.to_lowercase(),
            name: if name.is_empty() { login.clone() } else { name },
            login,
            email,
            password: hash,
            superuser: false,
            created_at: now.0,
            password_changed_at: now.0,
            last_seen_at: None,
            theme: "system".to_owned(),
            totp_secret: None,
            invited_by: None,
            invite_digest: None,
            invite_expires_at: None,
            team_role: None,
        };
        team::put(&mut row, role);
        Ok(row)
    }
}

/// The row of a user that must exist.
pub(crate) async fn row(db: &impl ConnectionTrait, login: &str) -> Result<user::Model, Error> {
    find(db, login).await?.ok_or_else(|| Error::no_user(shown(login)))
}

/// The row of a user, in any case.
pub(crate) async fn find(db: &impl ConnectionTrait, login: &str) -> Result<Option<user::Model>, Error> {
    user::Entity::find().filter(user::Column::LoginKey.eq(login.trim().to_lowercase())).one(db).await.or_broken()
}

pub(crate) async fn find_by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<user::Model>, Error> {
    user::Entity::find().filter(user::Column::EmailKey.eq(email.trim().to_lowercase())).one(db).await.or_broken()
}

/// Refuses the login of a new user that somebody has, as login or as e-mail address.
pub(crate) async fn check_login_free(db: &impl ConnectionTrait, login: &str) -> Result<(), Error> {
    if find(db, login).await?.is_some() || find_by_email(db, login).await?.is_some() {
        return Err(Error::invalid(format!("`login` must be unique, and `{login}` is taken")));
    }
    Ok(())
}

/// Refuses an e-mail address that another user has, as e-mail address or as login.
pub(crate) async fn check_email_free(db: &impl ConnectionTrait, email: &str, login: &str) -> Result<(), Error> {
    for other in [find(db, email).await?, find_by_email(db, email).await?] {
        if other.is_some_and(|other| other.login != login) {
            return Err(Error::invalid(format!("`email` must be unique, and `{email}` is taken")));
        }
    }
    Ok(())
}

/// Ends every session of a user.
pub(crate) async fn end_sessions(db: &impl ConnectionTrait, login: &str) -> Result<(), Error> {
    session::Entity::delete_many().filter(session::Column::Login.eq(login)).exec(db).await.or_broken()?;
    Ok(())
}

pub(crate) fn of_row(row: user::Model) -> User {
    User {
        invitation: invitations::of_row(&row),
        role: team::of_row(&row),
        login: row.login,
        email: row.email,
        name: row.name,
        superuser: row.superuser,
        created_at: Millis(row.created_at),
        password_changed_at: Millis(row.password_changed_at),
        last_seen_at: row.last_seen_at.map(Millis),
        theme: row.theme,
        has_password: row.password.is_some(),
        totp_secret: row.totp_secret,
    }
}

/// Letters, digits and `._@+-`, as Matomo has it, but 1 to 100 of them.
/// Whether somebody may sign in by this name.
pub fn may_be_login(given: &str) -> bool {
    checked_login(given).is_ok()
}

fn checked_login(given: &str) -> Result<String, Error> {
    let login = bounds::text("login", given, 100)?;
    let allowed = login.chars().all(|letter| letter.is_alphanumeric() || "._@+-".contains(letter));
    if !allowed {
        return Err(Error::invalid("`login` must have letters, digits and `._@+-` only"));
    }
    if login.eq_ignore_ascii_case(ANONYMOUS) {
        return Err(Error::invalid(format!("`login` must not be `{ANONYMOUS}`, the name of whoever is not signed in")));
    }
    Ok(login)
}

async fn check_not_last(db: &impl ConnectionTrait, row: &user::Model) -> Result<(), Error> {
    let others = user::Entity::find()
        .filter(user::Column::Superuser.eq(true))
        .filter(user::Column::Login.ne(row.login.clone()))
        .filter(user::Column::InviteDigest.is_null())
        .count(db)
        .await
        .or_broken()?;
    if others == 0 {
        return Err(Error::invalid(format!("`{}` is the only superuser, and one must stay", row.login)));
    }
    Ok(())
}

/// The beginning of a text that came from outside, for a message.
fn shown(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(100).collect()
}
