use std::collections::HashMap;

use footfall_model::{Day, Error, Millis, SiteId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Admin, bounds,
    database::{OrBroken, insert, update},
    entity::{event_import, import},
    imports, sites,
};

/// How many imports of events a site remembers. The oldest is forgotten; its events stay.
const REMEMBERED: usize = 200;
/// What the source of such an import is called.
const SOURCE: &str = "events";

/// What is known of an import of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventImport {
    /// The name under which the same events can be sent again without counting twice.
    pub batch: String,
    /// How many lines were read.
    pub lines: i64,
    /// How many of them were refused.
    pub refused: i64,
    /// How far it is.
    pub state: ImportState,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// Lines are still being read.
    Importing,
    /// Everything that could be read is counted.
    Completed,
    /// It was cut short; what had been read until then is counted.
    Failed,
}

impl ImportState {
    /// The name on the wire, which is Plausible's.
    pub fn name(self) -> &'static str {
        match self {
            ImportState::Importing => "importing",
            ImportState::Completed => "completed",
            ImportState::Failed => "failed",
        }
    }

    fn parse(name: &str) -> Option<ImportState> {
        [ImportState::Importing, ImportState::Completed, ImportState::Failed].into_iter().find(|state| state.name() == name)
    }
}

/// An import of events as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the fields of an import are")]
pub struct NewEventImport {
    pub batch: String,
    pub first: Day,
    pub last: Day,
    /// How many events were taken.
    pub accepted: i64,
    pub lines: i64,
    pub refused: i64,
    pub state: ImportState,
}

impl Admin {
    /// Writes down how far an import of events is: under the number it has, where its batch is known already.
    ///
    /// # Errors
    /// When there is no such site, or the batch's name is too long.
    pub async fn note_event_import(&self, site: SiteId, new: NewEventImport, now: Millis) -> Result<(), Error> {
        let batch = bounds::text("batch_id", &new.batch, 190)?;
        let tx = self.begin().await?;
        sites::row(&tx, site).await?;
        let number = i64::from(site.0);
        let all = imports::list(&tx, site).await?;
        let known = all.iter().find(|import| import.events.as_ref().is_some_and(|events| events.batch == batch));
        let id = known.map_or_else(|| all.iter().map(|import| import.id).max().unwrap_or(0) + 1, |import| import.id);
        let row = import::Model {
            site: number,
            id,
            source: SOURCE.to_owned(),
            first_date: new.first.to_string(),
            last_date: new.last.to_string(),
            n_rows: new.accepted,
            created_at: known.map_or(now.0, |import| import.created_at.0),
        };
        let details = event_import::Model {
            site: number,
            import_id: id,
            batch,
            n_lines: new.lines,
            n_refused: new.refused,
            state: new.state.name().to_owned(),
        };
        if known.is_some() {
            update(&tx, row).await?;
            update(&tx, details).await?;
        } else {
            insert(&tx, row).await?;
            insert(&tx, details).await?;
            let events: Vec<i32> = all.iter().filter(|import| import.events.is_some()).map(|import| import.id).collect();
            let too_many = (events.len() + 1).saturating_sub(REMEMBERED);
            for old in &events[..too_many.min(events.len())] {
                import::Entity::delete_by_id((number, *old)).exec(&tx).await.or_broken()?;
                event_import::Entity::delete_by_id((number, *old)).exec(&tx).await.or_broken()?;
            }
        }
        // Nothing that tracking knows of has changed, so that no new snapshot is asked for.
        tx.commit().await.or_broken()
    }

    /// Says that imports of events which were under way when the process ended were cut short.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_event_imports(&self) -> Result<(), Error> {
        let tx = self.begin().await?;
        let open = event_import::Column::State.eq(ImportState::Importing.name());
        for row in event_import::Entity::find().filter(open).all(&tx).await.or_broken()? {
            update(&tx, event_import::Model { state: ImportState::Failed.name().to_owned(), ..row }).await?;
        }
        tx.commit().await.or_broken()
    }
}

/// What is known of the imports of events of a site, by number.
pub(crate) async fn of_site(db: &impl ConnectionTrait, site: SiteId) -> Result<HashMap<i32, EventImport>, Error> {
    let rows = event_import::Entity::find()
        .filter(event_import::Column::Site.eq(i64::from(site.0)))
        .order_by_asc(event_import::Column::ImportId)
        .all(db)
        .await
        .or_broken()?;
    rows.into_iter()
        .map(|row| {
            let state = ImportState::parse(&row.state)
                .ok_or_else(|| Error::broken("the administration database holds an unknown state of an import"))?;
            Ok((row.import_id, EventImport { batch: row.batch, lines: row.n_lines, refused: row.n_refused, state }))
        })
        .collect()
}
