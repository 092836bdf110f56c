use footfall_model::{Error, Millis, SiteId};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, NotSet, QueryFilter, QueryOrder, Set};

use crate::{
    Admin, bounds,
    database::{OrBroken, update},
    entity::{scheduled_report, segment, shared_link},
    site::id_of,
    sites,
};

/// A segment somebody saved. Who may see it is for the caller to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSegment {
    /// The number.
    pub id: i64,
    /// What it is, as it was given.
    pub segment: NewSegment,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last changed.
    pub changed_at: Option<Millis>,
}

/// A segment to be saved, or what an existing one becomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewSegment {
    /// What people call it.
    pub name: String,
    /// The condition, as a segment parameter has it.
    pub definition: String,
    /// Whose it is.
    pub login: String,
    /// The only site it is for.
    pub site: Option<SiteId>,
    /// Whether everybody with a right to its site sees it.
    pub shared: bool,
    /// Whether it is listed first.
    pub starred: bool,
    /// Whether Matomo would archive it ahead; kept for its clients.
    pub auto_archive: bool,
}

impl Admin {
    /// Saves a segment.
    ///
    /// # Errors
    /// When a field is out of bounds, or there is no such site.
    pub async fn add_segment(&self, new: NewSegment, now: Millis) -> Result<SavedSegment, Error> {
        let new = checked(new)?;
        let tx = self.begin().await?;
        if let Some(site) = new.site {
            sites::row(&tx, site).await?;
        }
        let row = segment::ActiveModel {
            id: NotSet,
            name: Set(new.name),
            definition: Set(new.definition),
            login: Set(new.login),
            site: Set(new.site.map(|site| i64::from(site.0))),
            shared: Set(new.shared),
            starred: Set(new.starred),
            auto_archive: Set(new.auto_archive),
            created_at: Set(now.0),
            changed_at: Set(None),
        };
        let row = row.insert(&tx).await.or_broken()?;
        self.commit(tx).await?;
        of_row(row)
    }

    /// Puts another segment under the number of an existing one; it stays its owner's.
    ///
    /// # Errors
    /// When there is no such segment or site, or a field is out of bounds.
    pub async fn update_segment(&self, id: i64, new: NewSegment, now: Millis) -> Result<SavedSegment, Error> {
        let new = checked(new)?;
        let tx = self.begin().await?;
        let old = row(&tx, id).await?;
        if let Some(site) = new.site {
            sites::row(&tx, site).await?;
        }
        let row = segment::Model {
            name: new.name,
            definition: new.definition,
            site: new.site.map(|site| i64::from(site.0)),
            shared: new.shared,
            starred: new.starred,
            auto_archive: new.auto_archive,
            changed_at: Some(now.0),
            ..old
        };
        update(&tx, row.clone()).await?;
        self.commit(tx).await?;
        of_row(row)
    }

    /// Removes a segment.
    ///
    /// # Errors
    /// When there is no such segment, or a shared link or scheduled report is limited to it and would then show more.
    pub async fn delete_segment(&self, id: i64) -> Result<(), Error> {
        let tx = self.begin().await?;
        row(&tx, id).await?;
        let link = shared_link::Entity::find().filter(shared_link::Column::Segment.eq(id)).one(&tx).await.or_broken()?;
        if let Some(link) = link {
            return Err(Error::invalid(format!("the segment `{id}` limits the shared link `{}`", link.name)));
        }
        let report = scheduled_report::Entity::find();
        let report = report.filter(scheduled_report::Column::Segment.eq(id)).one(&tx).await.or_broken()?;
        if let Some(report) = report {
            return Err(Error::invalid(format!("the segment `{id}` limits the scheduled report `{}`", report.id)));
        }
        segment::Entity::delete_by_id(id).exec(&tx).await.or_broken()?;
        self.commit(tx).await
    }

    /// The segment of this number.
    ///
    /// # Errors
    /// When there is no such segment.
    pub async fn segment(&self, id: i64) -> Result<SavedSegment, Error> {
        of_row(row(&self.db, id).await?)
    }

    /// Every segment by number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn segments(&self) -> Result<Vec<SavedSegment>, Error> {
        let rows = segment::Entity::find().order_by_asc(segment::Column::Id).all(&self.db).await.or_broken()?;
        rows.into_iter().map(of_row).collect()
    }
}

/// Refuses a segment that does not exist, or is for another site.
pub(crate) async fn check_usable(db: &impl ConnectionTrait, id: i64, site: SiteId) -> Result<(), Error> {
    let segment = row(db, id).await?;
    if segment.site.is_some_and(|only| only != i64::from(site.0)) {
        return Err(Error::invalid(format!("the segment `{id}` is for another site")));
    }
    Ok(())
}

async fn row(db: &impl ConnectionTrait, id: i64) -> Result<segment::Model, Error> {
    segment::Entity::find_by_id(id)
        .one(db)
        .await
        .or_broken()?
        .ok_or_else(|| Error::missing(format!("no segment has the number `{id}`")))
}

fn checked(new: NewSegment) -> Result<NewSegment, Error> {
    let definition = bounds::lines("definition", &new.definition, 8192)?;
    if definition.trim().is_empty() {
        return Err(Error::invalid("`definition` must have 1 to 8192 characters"));
    }
    Ok(NewSegment {
        name: bounds::text("name", &new.name, 255)?,
        definition,
        login: bounds::text("login", &new.login, 100)?,
        ..new
    })
}

fn of_row(row: segment::Model) -> Result<SavedSegment, Error> {
    Ok(SavedSegment {
        id: row.id,
        segment: NewSegment {
            name: row.name,
            definition: row.definition,
            login: row.login,
            site: row.site.map(id_of).transpose()?,
            shared: row.shared,
            starred: row.starred,
            auto_archive: row.auto_archive,
        },
        created_at: Millis(row.created_at),
        changed_at: row.changed_at.map(Millis),
    })
}
