use footfall_model::{DateRange, Day, Error, Millis, SiteId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Admin, bounds,
    database::{OrBroken, insert, update},
    entity::annotation,
    sites,
};

/// A note about a day of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// The number within the site, from 0 as Matomo counts.
    pub id: i32,
    /// The day.
    pub date: Day,
    /// The text.
    pub note: String,
    /// Whether it stands out.
    pub starred: bool,
    /// Who wrote it.
    pub login: String,
    /// When it was written.
    pub created_at: Millis,
}

/// What is to change about an annotation; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "named as the fields of an annotation are")]
pub struct AnnotationChanges {
    pub date: Option<Day>,
    pub note: Option<String>,
    pub starred: Option<bool>,
}

impl Admin {
    /// Writes a note about a day.
    ///
    /// # Errors
    /// When there is no such site, or the text is empty or longer than 4096 characters.
    pub async fn add_annotation(
        &self,
        site: SiteId,
        date: Day,
        note: &str,
        starred: bool,
        login: &str,
        now: Millis,
    ) -> Result<Annotation, Error> {
        let note = checked(note)?;
        let login = bounds::text("login", login, 100)?;
        let tx = self.begin().await?;
        sites::row(&tx, site).await?;
        let last: Option<Option<i32>> = annotation::Entity::find()
            .select_only()
            .column_as(annotation::Column::Id.max(), "last")
            .filter(annotation::Column::Site.eq(i64::from(site.0)))
            .into_tuple()
            .one(&tx)
            .await
            .or_broken()?;
        let row = annotation::Model {
            site: i64::from(site.0),
            id: last.flatten().map_or(0, |last| last + 1),
            date: date.to_string(),
            note,
            starred,
            login,
            created_at: now.0,
        };
        insert(&tx, row.clone()).await?;
        tx.commit().await.or_broken()?;
        of_row(row)
    }

    /// Changes a note.
    ///
    /// # Errors
    /// When there is no such note, or the text is empty or too long.
    pub async fn update_annotation(&self, site: SiteId, id: i32, changes: AnnotationChanges) -> Result<Annotation, Error> {
        let tx = self.begin().await?;
        let mut row = row(&tx, site, id).await?;
        if let Some(date) = changes.date {
            row.date = date.to_string();
        }
        if let Some(note) = changes.note {
            row.note = checked(&note)?;
        }
        if let Some(starred) = changes.starred {
            row.starred = starred;
        }
        update(&tx, row.clone()).await?;
        tx.commit().await.or_broken()?;
        of_row(row)
    }

    /// Removes a note.
    ///
    /// # Errors
    /// When there is no such note.
    pub async fn delete_annotation(&self, site: SiteId, id: i32) -> Result<(), Error> {
        let tx = self.begin().await?;
        row(&tx, site, id).await?;
        annotation::Entity::delete_by_id((i64::from(site.0), id)).exec(&tx).await.or_broken()?;
        tx.commit().await.or_broken()
    }

    /// Removes every note of a site.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_annotations(&self, site: SiteId) -> Result<(), Error> {
        annotation::Entity::delete_many()
            .filter(annotation::Column::Site.eq(i64::from(site.0)))
            .exec(&self.db)
            .await
            .or_broken()?;
        Ok(())
    }

    /// The note of this number.
    ///
    /// # Errors
    /// When there is no such note.
    pub async fn annotation(&self, site: SiteId, id: i32) -> Result<Annotation, Error> {
        of_row(row(&self.db, site, id).await?)
    }

    /// The notes of a site, all or those about some days, by number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn annotations(&self, site: SiteId, days: Option<DateRange>) -> Result<Vec<Annotation>, Error> {
        let mut find = annotation::Entity::find()
            .filter(annotation::Column::Site.eq(i64::from(site.0)))
            .order_by_asc(annotation::Column::Id);
        if let Some(days) = days {
            find = find.filter(annotation::Column::Date.between(days.first().to_string(), days.last().to_string()));
        }
        let rows = find.all(&self.db).await.or_broken()?;
        rows.into_iter().map(of_row).collect()
    }
}

async fn row(db: &impl ConnectionTrait, site: SiteId, id: i32) -> Result<annotation::Model, Error> {
    annotation::Entity::find_by_id((i64::from(site.0), id))
        .one(db)
        .await
        .or_broken()?
        .ok_or_else(|| Error::missing(format!("site `{site}` has no annotation with the number `{id}`")))
}

fn checked(note: &str) -> Result<String, Error> {
    let note = bounds::lines("note", note, 4096)?;
    if note.trim().is_empty() {
        return Err(Error::invalid("`note` must have 1 to 4096 characters"));
    }
    Ok(note)
}

fn of_row(row: annotation::Model) -> Result<Annotation, Error> {
    let date = row
        .date
        .parse()
        .map_err(|cause: jiff::Error| Error::broken("the administration database holds an unreadable date").because(cause))?;
    Ok(Annotation {
        id: row.id,
        date,
        note: row.note,
        starred: row.starred,
        login: row.login,
        created_at: Millis(row.created_at),
    })
}
