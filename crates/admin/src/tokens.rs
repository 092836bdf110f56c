use footfall_model::{Access, Error, Millis, SiteId};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, NotSet, QueryFilter, QueryOrder, Set, sea_query::Expr,
};

use crate::{
    Admin, Principal, access, bounds,
    database::{OrBroken, insert},
    entity::{token, token_limit, user},
    json, principal, secret,
    site::id_of,
    sites, users,
};

/// What a token can be for. A token without scopes is for everything its owner may do.
pub const SCOPES: &[&str] = &["stats:read", "sites:read", "sites:provision", "tracking:write", "plugins"];

/// How exact [`AppToken::last_used_at`] is: uses within so many milliseconds are written down once.
const USE_MILLIS: i64 = 60_000;

/// A token as its owner sees it. Its secret is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppToken {
    /// The number.
    pub id: i64,
    /// Whose it is.
    pub login: String,
    /// What it is for, in its owner's words.
    pub description: String,
    /// The only site it counts on.
    pub site: Option<SiteId>,
    /// What it may be used for; empty means everything.
    pub scopes: Vec<String>,
    /// Whether it may be sent in a body or header only.
    pub secure_only: bool,
    /// When it was made.
    pub created_at: Millis,
    /// When it stops counting.
    pub expires_at: Option<Millis>,
    /// When it was last used, to a minute.
    pub last_used_at: Option<Millis>,
    /// How many requests an hour it may make, where that is not what holds for every token; 0 sets no limit.
    pub hourly_requests: Option<u32>,
}

/// A token to be made.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "named as the fields of a token are")]
pub struct NewToken {
    pub login: String,
    pub description: String,
    pub site: Option<SiteId>,
    pub scopes: Vec<String>,
    pub secure_only: bool,
    pub expires_at: Option<Millis>,
    pub hourly_requests: Option<u32>,
}

impl Admin {
    /// Makes a token and gives its secret, 32 hexadecimal digits, which is not kept.
    ///
    /// # Errors
    /// When there is no such user or site, or a field is out of bounds.
    pub async fn create_token(&self, new: NewToken, now: Millis) -> Result<(AppToken, String), Error> {
        let secret = secret::random_hex::<16>();
        let token = self.keep_token(&secret, new, now).await?;
        Ok((token, secret))
    }

    /// Keeps a token whose secret is known already, such as one that is given by the environment.
    ///
    /// # Errors
    /// When the secret is shorter than 32 characters or known, there is no such user or site, or a field is out of bounds.
    pub async fn keep_token(&self, secret: &str, new: NewToken, now: Millis) -> Result<AppToken, Error> {
        if !(32..=256).contains(&secret.len()) {
            return Err(Error::invalid("`token` must have 32 to 256 characters"));
        }
        let scopes: Vec<String> = new.scopes.iter().map(|scope| principal::plain(scope.trim()).to_owned()).collect();
        if let Some(unknown) = scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
            return Err(Error::invalid(format!(
                "`scopes` may hold `{}`, and holds `{}`",
                SCOPES.join("`, `"),
                unknown.chars().take(60).collect::<String>()
            )));
        }
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(Error::invalid("`expires_at` must be in the future"));
        }
        let hourly = match new.hourly_requests.map(i32::try_from) {
            None => None,
            Some(Ok(hourly)) => Some(hourly),
            Some(Err(_)) => return Err(Error::invalid("`hourly_requests` must be a whole number from 0 to 2147483647")),
        };
        let description = bounds::text("description", &new.description, 100)?;
        let digest = secret::digest(secret);
        let tx = self.begin().await?;
        let login = users::row(&tx, &new.login).await?.login;
        if let Some(site) = new.site {
            sites::row(&tx, site).await?;
        }
        if by_digest(&tx, &digest).await?.is_some() {
            return Err(Error::invalid("`token` must be unique, and is known already"));
        }
        let row = token::ActiveModel {
            id: NotSet,
            digest: Set(digest),
            login: Set(login),
            description: Set(description),
            site: Set(new.site.map(|site| i64::from(site.0))),
            scopes: Set(json::write(&bounds::list("scopes", &scopes, 20, 60)?)?),
            secure_only: Set(new.secure_only),
            created_at: Set(now.0),
            expires_at: Set(new.expires_at.map(|end| end.0)),
            last_used_at: Set(None),
        };
        let row = row.insert(&tx).await.or_broken()?;
        if let Some(hourly_requests) = hourly {
            insert(&tx, token_limit::Model { token: row.id, hourly_requests }).await?;
        }
        self.commit(tx).await?;
        of_row(row, new.hourly_requests)
    }

    /// The tokens of a user by number, those that expired included.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens(&self, login: &str) -> Result<Vec<AppToken>, Error> {
        let login = users::row(&self.db, login).await?.login;
        let rows = token::Entity::find()
            .filter(token::Column::Login.eq(login))
            .order_by_asc(token::Column::Id)
            .all(&self.db)
            .await
            .or_broken()?;
        with_limits(&self.db, rows).await
    }

    /// Every user's tokens by number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all_tokens(&self) -> Result<Vec<AppToken>, Error> {
        let rows = token::Entity::find().order_by_asc(token::Column::Id).all(&self.db).await.or_broken()?;
        with_limits(&self.db, rows).await
    }

    /// Makes a token of a user stop counting.
    ///
    /// # Errors
    /// When the user has no such token.
    pub async fn revoke_token(&self, login: &str, id: i64) -> Result<(), Error> {
        let tx = self.begin().await?;
        let login = users::row(&tx, login).await?.login;
        let done = token::Entity::delete_many()
            .filter(token::Column::Id.eq(id))
            .filter(token::Column::Login.eq(login.clone()))
            .exec(&tx)
            .await
            .or_broken()?;
        if done.rows_affected == 0 {
            return Err(Error::missing(format!("`{login}` has no token with the number `{id}`")));
        }
        self.commit(tx).await
    }

    /// Makes the token with this secret stop counting, and says whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_secret(&self, secret: &str) -> Result<bool, Error> {
        let tx = self.begin().await?;
        let done =
            token::Entity::delete_many().filter(token::Column::Digest.eq(secret::digest(secret))).exec(&tx).await.or_broken()?;
        self.commit(tx).await?;
        Ok(done.rows_affected > 0)
    }

    /// Who shows this secret, and what they may do; `None` when no token has it, or it expired.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token(&self, secret: &str, now: Millis) -> Result<Option<Principal>, Error> {
        if secret.is_empty() || secret.len() > 256 {
            return Ok(None);
        }
        let Some(row) = by_digest(&self.db, &secret::digest(secret)).await? else {
            return Ok(None);
        };
        if row.expires_at.is_some_and(|end| end <= now.0) {
            return Ok(None);
        }
        if row.last_used_at.is_none_or(|last| last + USE_MILLIS <= now.0) {
            token::Entity::update_many()
                .col_expr(token::Column::LastUsedAt, Expr::value(now.0))
                .filter(token::Column::Id.eq(row.id))
                .exec(&self.db)
                .await
                .or_broken()?;
        }
        let owner = users::row(&self.db, &row.login).await?;
        principal_of(&self.db, row, owner).await.map(Some)
    }

    /// Forgets tokens that expired.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clean_tokens(&self, now: Millis) -> Result<u64, Error> {
        let done = token::Entity::delete_many().filter(token::Column::ExpiresAt.lte(now.0)).exec(&self.db).await.or_broken()?;
        Ok(done.rows_affected)
    }
}

/// What the bearer of a token may do: what its owner may, on the token's site only if it has one.
pub(crate) async fn principal_of(db: &impl ConnectionTrait, row: token::Model, owner: user::Model) -> Result<Principal, Error> {
    let mut principal = access::of_user(db, owner).await?;
    narrow(&mut principal, &row)?;
    let limit = token_limit::Entity::find_by_id(row.id).one(db).await.or_broken()?;
    principal.hourly_requests = limit.and_then(|limit| u32::try_from(limit.hourly_requests).ok());
    Ok(principal)
}

/// Takes from an owner's rights what a token does not carry.
pub(crate) fn narrow(principal: &mut Principal, row: &token::Model) -> Result<(), Error> {
    principal.scopes = json::read("scopes", &row.scopes)?;
    principal.token = Some(row.id);
    principal.secure_only = row.secure_only;
    if let Some(site) = row.site {
        let site = id_of(site)?;
        // What its owner may do everywhere, they may do here too; owners as admins.
        if let Some(everywhere) = principal.everywhere() {
            let held = principal.sites.entry(site).or_insert(everywhere);
            *held = everywhere.max(*held).min(Access::Admin);
        }
        principal.superuser = false;
        principal.role = None;
        principal.sites.retain(|id, _| *id == site);
        principal.editor_of.retain(|id| *id == site);
        principal.capabilities.retain(|id, _| *id == site);
        principal.public.retain(|id| *id == site);
    }
    Ok(())
}

async fn by_digest(db: &impl ConnectionTrait, digest: &str) -> Result<Option<token::Model>, Error> {
    token::Entity::find().filter(token::Column::Digest.eq(digest)).one(db).await.or_broken()
}

async fn with_limits(db: &impl ConnectionTrait, rows: Vec<token::Model>) -> Result<Vec<AppToken>, Error> {
    let limits = token_limit::Entity::find().all(db).await.or_broken()?;
    let limit =
        |id: i64| limits.iter().find(|limit| limit.token == id).and_then(|limit| u32::try_from(limit.hourly_requests).ok());
    rows.into_iter()
        .map(|row| {
            let hourly = limit(row.id);
            of_row(row, hourly)
        })
        .collect()
}

fn of_row(row: token::Model, hourly_requests: Option<u32>) -> Result<AppToken, Error> {
    Ok(AppToken {
        id: row.id,
        login: row.login,
        description: row.description,
        site: row.site.map(id_of).transpose()?,
        scopes: json::read("scopes", &row.scopes)?,
        secure_only: row.secure_only,
        created_at: Millis(row.created_at),
        expires_at: row.expires_at.map(Millis),
        last_used_at: row.last_used_at.map(Millis),
        hourly_requests,
    })
}
