use std::collections::BTreeMap;

use footfall_model::{DateRange, Day, Error, Millis, SiteId};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    Admin, bounds,
    database::{OrBroken, insert},
    entity::drop_count,
};

/// Hits of one day that were not counted for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drops {
    /// The site, if there is such a site.
    pub site: Option<SiteId>,
    /// The day in UTC.
    pub day: Day,
    /// The reason's code.
    pub reason: String,
    /// How many.
    pub n: u64,
    /// When the last one came.
    pub last_at: Millis,
}

/// How many hits were not counted for a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropTotal {
    /// The reason's code.
    pub reason: String,
    /// How many.
    pub n: u64,
    /// When the last one came.
    pub last_at: Millis,
}

impl Admin {
    /// Adds to what was counted; callers gather for some seconds and call once.
    ///
    /// # Errors
    /// When the database fails, or a reason has more than 60 characters; then nothing is added.
    pub async fn add_drops(&self, drops: &[Drops]) -> Result<(), Error> {
        if drops.is_empty() {
            return Ok(());
        }
        let tx = self.begin().await?;
        for drops in drops {
            let reason = bounds::text("reason", &drops.reason, 60)?;
            let site = drops.site.map_or(0, |site| i64::from(site.0));
            let day = drops.day.to_string();
            let n = i64::try_from(drops.n).unwrap_or(i64::MAX);
            let added = drop_count::Entity::update_many()
                .col_expr(drop_count::Column::N, Expr::col(drop_count::Column::N).add(n))
                .col_expr(drop_count::Column::LastAt, Expr::value(drops.last_at.0))
                .filter(drop_count::Column::Site.eq(site))
                .filter(drop_count::Column::Day.eq(day.clone()))
                .filter(drop_count::Column::Reason.eq(reason.clone()))
                .exec(&tx)
                .await
                .or_broken()?;
            if added.rows_affected == 0 {
                let row = drop_count::Model { site, day, reason, n, last_at: drops.last_at.0 };
                insert(&tx, row).await?;
            }
        }
        tx.commit().await.or_broken()
    }

    /// What was not counted in these days (of UTC), by reason, the most frequent first; of one site, or of all and none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drops(&self, site: Option<SiteId>, days: DateRange) -> Result<Vec<DropTotal>, Error> {
        let mut find =
            drop_count::Entity::find().filter(drop_count::Column::Day.between(days.first().to_string(), days.last().to_string()));
        if let Some(site) = site {
            find = find.filter(drop_count::Column::Site.eq(i64::from(site.0)));
        }
        let mut totals: BTreeMap<String, (u64, i64)> = BTreeMap::new();
        for row in find.all(&self.db).await.or_broken()? {
            let (n, last) = totals.entry(row.reason).or_insert((0, row.last_at));
            *n = n.saturating_add(row.n.unsigned_abs());
            *last = std::cmp::max(row.last_at, *last);
        }
        let mut totals: Vec<DropTotal> =
            totals.into_iter().map(|(reason, (n, last))| DropTotal { reason, n, last_at: Millis(last) }).collect();
        totals.sort_by_key(|total| std::cmp::Reverse(total.n));
        Ok(totals)
    }

    /// Forgets counts of days before this one, and says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clean_drops(&self, before: Day) -> Result<u64, Error> {
        let done = drop_count::Entity::delete_many()
            .filter(drop_count::Column::Day.lt(before.to_string()))
            .exec(&self.db)
            .await
            .or_broken()?;
        Ok(done.rows_affected)
    }
}
