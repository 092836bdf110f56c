use footfall_model::{Error, Millis};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    Admin, Principal, access,
    database::{OrBroken, insert},
    entity::{session, user},
    secret, users,
};

/// How exact [`Session::last_seen_at`] is.
const SEEN_MILLIS: i64 = 60_000;

/// Somebody who is signed in with a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub login: String,
    /// What requests that change something must repeat in a header.
    pub csrf: String,
    /// Whether the second factor is still to be shown; until then the session gives no rights.
    pub pending: bool,
    /// When it began.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
    /// When it was last used, to a minute.
    pub last_seen_at: Millis,
}

/// A session that just began, with the value of its cookie, which is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartedSession {
    /// The cookie's value: 64 hexadecimal digits.
    pub cookie: String,
    /// The session.
    pub session: Session,
}

/// A session to begin.
#[derive(Clone, Copy, Debug)]
pub struct NewSession<'a> {
    /// Who signs in.
    pub login: &'a str,
    /// The cookie the browser had before; that session ends, so that nobody can have planted it.
    pub replaces: Option<&'a str>,
    /// Whether a second factor is still to be shown.
    pub pending: bool,
    /// How long it lasts, in milliseconds.
    pub lasts: i64,
}

impl Admin {
    /// Begins a session.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn start_session(&self, new: NewSession<'_>, now: Millis) -> Result<StartedSession, Error> {
        let cookie = secret::random_hex::<32>();
        let tx = self.begin().await?;
        let login = users::row(&tx, new.login).await?.login;
        if let Some(old) = new.replaces {
            session::Entity::delete_by_id(secret::digest(old)).exec(&tx).await.or_broken()?;
        }
        let row = session::Model {
            digest: secret::digest(&cookie),
            login,
            csrf: secret::random_hex::<16>(),
            pending: new.pending,
            created_at: now.0,
            expires_at: now.plus(new.lasts).0,
            last_seen_at: now.0,
        };
        insert(&tx, row.clone()).await?;
        tx.commit().await.or_broken()?;
        Ok(StartedSession { cookie, session: of_row(row) })
    }

    /// The session with this cookie, while it lasts. Writes down, at most once a minute, that it and its user were seen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, cookie: &str, now: Millis) -> Result<Option<Session>, Error> {
        if cookie.len() != 64 {
            return Ok(None);
        }
        let digest = secret::digest(cookie);
        let found = session::Entity::find_by_id(digest.clone()).one(&self.db).await.or_broken()?;
        let Some(mut row) = found.filter(|row| now.0 < row.expires_at) else {
            return Ok(None);
        };
        if row.last_seen_at + SEEN_MILLIS <= now.0 {
            row.last_seen_at = now.0;
            session::Entity::update_many()
                .col_expr(session::Column::LastSeenAt, Expr::value(now.0))
                .filter(session::Column::Digest.eq(digest))
                .exec(&self.db)
                .await
                .or_broken()?;
            user::Entity::update_many()
                .col_expr(user::Column::LastSeenAt, Expr::value(now.0))
                .filter(user::Column::Login.eq(row.login.clone()))
                .exec(&self.db)
                .await
                .or_broken()?;
        }
        Ok(Some(of_row(row)))
    }

    /// Who has this session, and what they may do; `None` while a second factor is to be shown.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_principal(&self, session: &Session) -> Result<Option<Principal>, Error> {
        if session.pending {
            return Ok(None);
        }
        let Some(owner) = users::find(&self.db, &session.login).await? else {
            return Ok(None);
        };
        access::of_user(&self.db, owner).await.map(Some)
    }

    /// Ends the session with this cookie.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, cookie: &str) -> Result<(), Error> {
        session::Entity::delete_by_id(secret::digest(cookie)).exec(&self.db).await.or_broken()?;
        Ok(())
    }

    /// Ends every session of a user.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_sessions(&self, login: &str) -> Result<(), Error> {
        let login = users::row(&self.db, login).await?.login;
        users::end_sessions(&self.db, &login).await
    }

    /// Forgets sessions that ended, and says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clean_sessions(&self, now: Millis) -> Result<u64, Error> {
        let done =
            session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(now.0)).exec(&self.db).await.or_broken()?;
        Ok(done.rows_affected)
    }
}

fn of_row(row: session::Model) -> Session {
    Session {
        login: row.login,
        csrf: row.csrf,
        pending: row.pending,
        created_at: Millis(row.created_at),
        expires_at: Millis(row.expires_at),
        last_seen_at: Millis(row.last_seen_at),
    }
}
