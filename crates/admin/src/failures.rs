use footfall_model::{Error, Millis, SiteId};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::{
    Admin, bounds,
    database::{OrBroken, insert},
    entity::failure,
    site::id_of,
};

/// The most failures that are kept: each stands for one site and kind, and anybody can make some up.
const MOST: u64 = 1000;

/// A tracking request that could not be counted, the first of its kind for its site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackingFailure {
    /// The site that was named, whether it exists or not.
    pub site: SiteId,
    /// What was wrong.
    pub kind: FailureKind,
    /// When it first happened.
    pub first_at: Millis,
    /// The request's parameters, tokens taken out.
    pub request: String,
}

/// What was wrong with a tracking request. The number is Matomo's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FailureKind {
    /// There is no such site.
    UnknownSite = 1,
    /// It said things that need a token, and had none.
    NotAuthenticated = 2,
}

impl FailureKind {
    /// The kind with this number.
    pub fn from_code(code: i32) -> Option<FailureKind> {
        [FailureKind::UnknownSite, FailureKind::NotAuthenticated].into_iter().find(|kind| *kind as i32 == code)
    }
}

impl Admin {
    /// Keeps a failure unless one of its kind is known for the site. The caller takes tokens out of the request.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_failure(&self, failure: &TrackingFailure) -> Result<(), Error> {
        let key = (i64::from(failure.site.0), failure.kind as i32);
        let tx = self.begin().await?;
        let known = failure::Entity::find_by_id(key).one(&tx).await.or_broken()?;
        let kept = failure::Entity::find().count(&tx).await.or_broken()?;
        if known.is_some() || kept >= MOST {
            return Ok(());
        }
        let request: String = failure.request.replace('\0', "").chars().take(8192).collect();
        let row = failure::Model {
            site: key.0,
            kind: key.1,
            first_at: failure.first_at.0,
            request: bounds::lines("request", &request, 8192)?,
        };
        insert(&tx, row).await?;
        tx.commit().await.or_broken()
    }

    /// Every failure that is kept, by site and kind.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failures(&self) -> Result<Vec<TrackingFailure>, Error> {
        let rows = failure::Entity::find()
            .order_by_asc(failure::Column::Site)
            .order_by_asc(failure::Column::Kind)
            .all(&self.db)
            .await
            .or_broken()?;
        rows.into_iter().map(of_row).collect()
    }

    /// Forgets one failure.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_failure(&self, site: SiteId, kind: FailureKind) -> Result<(), Error> {
        failure::Entity::delete_by_id((i64::from(site.0), kind as i32)).exec(&self.db).await.or_broken()?;
        Ok(())
    }

    /// Forgets the failures of these sites, or every failure.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_failures(&self, sites: Option<&[SiteId]>) -> Result<(), Error> {
        let mut delete = failure::Entity::delete_many();
        if let Some(sites) = sites {
            let numbers = sites.iter().map(|site| i64::from(site.0));
            delete = delete.filter(failure::Column::Site.is_in(numbers));
        }
        delete.exec(&self.db).await.or_broken()?;
        Ok(())
    }

    /// Forgets failures older than two days, and says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clean_failures(&self, now: Millis) -> Result<u64, Error> {
        let done = failure::Entity::delete_many()
            .filter(failure::Column::FirstAt.lt(now.plus(-2 * 86_400_000).0))
            .exec(&self.db)
            .await
            .or_broken()?;
        Ok(done.rows_affected)
    }
}

fn of_row(row: failure::Model) -> Result<TrackingFailure, Error> {
    Ok(TrackingFailure {
        site: id_of(row.site)?,
        kind: FailureKind::from_code(row.kind)
            .ok_or_else(|| Error::broken("the administration database holds an unknown kind of failure"))?,
        first_at: Millis(row.first_at),
        request: row.request,
    })
}
