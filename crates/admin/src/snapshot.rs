use std::collections::HashMap;

use footfall_model::{Error, Millis, SiteId, Sites, Token};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Admin, Principal, TeamRole, access,
    database::OrBroken,
    entity::{site, token, user},
    settings, sites, team, tokens,
};

impl Admin {
    /// Everything tracking and reporting need to know, at this moment. It goes stale when [`changes`](Admin::changes) moves,
    /// and at [`stale_at`](Admin::stale_at).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshot(&self, now: Millis) -> Result<Sites, Error> {
        let sites = sites::load(&self.db, now).await?;
        let ids: Vec<SiteId> = sites.iter().map(|site| site.id).collect();
        let tokens = self.tracking_tokens(&ids, now).await?;
        let settings = settings::tracking(&self.db).await?;
        Ok(Sites::new(sites, tokens, settings))
    }

    /// The first moment after `now` at which a snapshot changes although nothing was written: a token expires, or a former
    /// domain is no longer accepted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stale_at(&self, now: Millis) -> Result<Option<Millis>, Error> {
        let token = token::Entity::find()
            .filter(token::Column::ExpiresAt.gt(now.0))
            .order_by_asc(token::Column::ExpiresAt)
            .one(&self.db)
            .await
            .or_broken()?
            .and_then(|row| row.expires_at);
        let domain = site::Entity::find()
            .filter(site::Column::FormerUntil.gt(now.0))
            .order_by_asc(site::Column::FormerUntil)
            .one(&self.db)
            .await
            .or_broken()?
            .and_then(|row| row.former_until);
        Ok(token.into_iter().chain(domain).min().map(Millis))
    }

    /// The tokens that may be used for tracking, by the SHA-256 of their secret.
    async fn tracking_tokens(&self, sites: &[SiteId], now: Millis) -> Result<Vec<([u8; 32], Token)>, Error> {
        let mut owners: HashMap<String, Principal> = HashMap::new();
        for row in user::Entity::find().all(&self.db).await.or_broken()? {
            let principal = Principal {
                login: row.login.clone(),
                superuser: row.superuser,
                role: team::of_row(&row).filter(|role| *role != TeamRole::Owner),
                ..Principal::anonymous(Vec::new())
            };
            owners.insert(row.login, principal);
        }
        for right in access::rights(&self.db, None).await? {
            if let Some(owner) = owners.get_mut(&right.login) {
                owner.sites.insert(right.site, right.access);
            }
        }
        let rows = token::Entity::find()
            .filter(Condition::any().add(token::Column::ExpiresAt.is_null()).add(token::Column::ExpiresAt.gt(now.0)))
            .all(&self.db)
            .await
            .or_broken()?;
        let mut tokens = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(owner) = owners.get(&row.login) else {
                continue;
            };
            let mut principal = owner.clone();
            tokens::narrow(&mut principal, &row)?;
            let mut digest = [0; 32];
            hex::decode_to_slice(&row.digest, &mut digest)
                .map_err(|cause| Error::broken("the administration database holds an unreadable digest").because(cause))?;
            if let Some(token) = principal.for_tracking(sites) {
                tokens.push((digest, token));
            }
        }
        Ok(tokens)
    }
}
