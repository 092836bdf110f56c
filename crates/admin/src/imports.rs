use std::collections::{BTreeMap, BTreeSet};

use footfall_model::{Day, Error, ImportedRow, ImportedTable, Millis, SiteId, Text};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Admin, bounds,
    database::{OrBroken, insert},
    entity::{event_import, import, imported_day},
    event_imports::{self, EventImport},
    json, sites,
};

/// Rows of a day that are kept in one piece: far below what the smallest text column holds.
const PIECE: usize = 48_000;
/// How many imports a site may have.
const MOST: usize = 50;

/// Figures of another product, or events, that were brought to a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The number within the site, from 1.
    pub id: i32,
    /// Where they come from, such as `plausible` or `google_analytics`.
    pub source: String,
    /// The first day they tell about.
    pub first: Day,
    /// The last day they tell about.
    pub last: Day,
    /// How many rows there are; of events, how many were taken.
    pub rows: i64,
    /// When they were brought.
    pub created_at: Millis,
    /// What is known of an import of events; `None` for figures.
    pub events: Option<EventImport>,
    /// Days that were left out as the figures came in; not told of later.
    pub cut: Option<CutDays>,
}

/// Days of an import that were left out, because the site tracked visits by then: they would count twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutDays {
    /// The first of them.
    pub first: Day,
    /// The last of them.
    pub last: Day,
    /// How many rows told of them.
    pub rows: i64,
}

/// Figures to be brought to a site.
#[derive(Clone, Debug, Default)]
pub struct NewImport {
    /// Where they come from.
    pub source: String,
    /// The days they tell about; those of the rows unless said.
    pub days: Option<(Day, Day)>,
    /// Tables with their rows.
    pub tables: Vec<(ImportedTable, Vec<ImportedRow>)>,
    /// The first day on which the site tracked visits itself, where it did. Figures end before it.
    pub tracked_since: Option<Day>,
}

/// A row as it is kept.
type Kept = (Vec<String>, Vec<i64>);

impl Admin {
    /// Brings figures to a site, all or nothing.
    ///
    /// # Errors
    /// When there is no such site, it has too many imports, there is nothing to bring, or a table's day was brought before: it
    /// would count twice.
    pub async fn add_import(&self, site: SiteId, mut new: NewImport, now: Millis) -> Result<Import, Error> {
        let source = bounds::text("source", &new.source, 60)?;
        let cut = cut(&mut new)?;
        let dates = || new.tables.iter().flat_map(|(_, rows)| rows.iter().map(|row| row.date));
        let (first, last) = new
            .days
            .or_else(|| Some((dates().min()?, dates().max()?)))
            .ok_or_else(|| Error::invalid("the import has no rows"))?;
        let tx = self.begin().await?;
        sites::row(&tx, site).await?;
        let known = list(&tx, site).await?;
        if known.iter().filter(|import| import.events.is_none()).count() >= MOST {
            return Err(Error::invalid(format!("a site may have {MOST} imports")));
        }
        for (table, rows) in &new.tables {
            check_new(&tx, site, table, rows).await?;
        }
        let id = known.iter().map(|import| import.id).max().unwrap_or(0) + 1;
        let n_rows = new.tables.iter().map(|(_, rows)| rows.len() as i64).sum();
        insert(
            &tx,
            import::Model {
                site: i64::from(site.0),
                id,
                source: source.clone(),
                first_date: first.to_string(),
                last_date: last.to_string(),
                n_rows,
                created_at: now.0,
            },
        )
        .await?;
        for (table, rows) in &new.tables {
            let mut days: BTreeMap<Day, Vec<&ImportedRow>> = BTreeMap::new();
            rows.iter().for_each(|row| days.entry(row.date).or_default().push(row));
            for (day, rows) in days {
                for (part, figures) in pieces(&rows)?.into_iter().enumerate() {
                    let row = imported_day::Model {
                        site: i64::from(site.0),
                        import_id: id,
                        table_name: table.name.to_owned(),
                        date: day.to_string(),
                        part: part as i32,
                        figures,
                    };
                    insert(&tx, row).await?;
                }
            }
        }
        self.commit(tx).await?;
        Ok(Import { id, source, first, last, rows: n_rows, created_at: now, events: None, cut })
    }

    /// The imports of a site, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn imports(&self, site: SiteId) -> Result<Vec<Import>, Error> {
        list(&self.db, site).await
    }

    /// Removes an import with its figures.
    ///
    /// # Errors
    /// When there is no such import, or it brought events: they are counted like all others, and cannot be told from them.
    pub async fn delete_import(&self, site: SiteId, id: i32) -> Result<(), Error> {
        let tx = self.begin().await?;
        let number = i64::from(site.0);
        if event_import::Entity::find_by_id((number, id)).one(&tx).await.or_broken()?.is_some() {
            return Err(Error::invalid(format!("import `{id}` brought events, which are counted like those that were tracked"))
                .hint("only imports of figures can be taken away again"));
        }
        let gone = import::Entity::delete_by_id((number, id)).exec(&tx).await.or_broken()?;
        if gone.rows_affected == 0 {
            return Err(Error::missing(format!("site `{site}` has no import with the number `{id}`")));
        }
        imported_day::Entity::delete_many()
            .filter(imported_day::Column::Site.eq(number))
            .filter(imported_day::Column::ImportId.eq(id))
            .exec(&tx)
            .await
            .or_broken()?;
        self.commit(tx).await
    }

    /// The rows of a table from one day to another, both included.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn imported_rows(
        &self,
        site: SiteId,
        table: &ImportedTable,
        first: Day,
        last: Day,
    ) -> Result<Vec<ImportedRow>, Error> {
        let found = imported_day::Entity::find()
            .filter(imported_day::Column::Site.eq(i64::from(site.0)))
            .filter(imported_day::Column::TableName.eq(table.name))
            .filter(imported_day::Column::Date.between(first.to_string(), last.to_string()))
            .all(&self.db)
            .await
            .or_broken()?;
        let mut rows = Vec::new();
        for piece in found {
            let date = day(&piece.date)?;
            let kept: Vec<Kept> = json::read("figures", &piece.figures)?;
            rows.extend(kept.into_iter().map(|(keys, numbers)| {
                let keys = keys.into_iter().map(Text::from).collect();
                ImportedRow { date, keys, numbers }
            }));
        }
        Ok(rows)
    }
}

/// Refuses rows of days that another import has told of in the same table.
async fn check_new(db: &impl ConnectionTrait, site: SiteId, table: &ImportedTable, rows: &[ImportedRow]) -> Result<(), Error> {
    let days: BTreeSet<String> = rows.iter().map(|row| row.date.to_string()).collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(());
    };
    let known: Vec<(String, i32)> = imported_day::Entity::find()
        .select_only()
        .columns([imported_day::Column::Date, imported_day::Column::ImportId])
        .filter(imported_day::Column::Site.eq(i64::from(site.0)))
        .filter(imported_day::Column::TableName.eq(table.name))
        .filter(imported_day::Column::Date.between(first, last))
        .order_by_asc(imported_day::Column::Date)
        .into_tuple()
        .all(db)
        .await
        .or_broken()?;
    match known.iter().find(|(day, _)| days.contains(day)) {
        Some((day, import)) => {
            let name = table.name;
            Err(Error::invalid(format!(
                "{day} of `{name}` came with import {import}: delete that one first, or leave the day out"
            )))
        }
        None => Ok(()),
    }
}

/// Takes the days out of an import on which the site tracked visits itself, and those after them.
fn cut(new: &mut NewImport) -> Result<Option<CutDays>, Error> {
    let Some(since) = new.tracked_since else {
        return Ok(None);
    };
    let dates = new.tables.iter().flat_map(|(_, rows)| rows.iter().map(|row| row.date));
    let said = new.days.map(|(_, last)| last);
    if dates.chain(said).max().is_none_or(|last| last < since) {
        return Ok(None);
    }
    let before = since.yesterday().map_err(|cause| Error::invalid("the import has no day that can be brought").because(cause))?;
    let mut cut: Option<CutDays> = None;
    for (_, rows) in &mut new.tables {
        for row in rows.extract_if(.., |row| row.date >= since) {
            let days = cut.get_or_insert(CutDays { first: row.date, last: row.date, rows: 0 });
            days.first = days.first.min(row.date);
            days.last = days.last.max(row.date);
            days.rows += 1;
        }
    }
    new.tables.retain(|(_, rows)| !rows.is_empty());
    let nothing_left = new.tables.is_empty() || new.days.is_some_and(|(first, _)| first > before);
    if nothing_left {
        return Err(Error::invalid(format!(
            "the site tracks visits itself since {since}, and the import has no day before that"
        )));
    }
    new.days = new.days.map(|(first, last)| (first, last.min(before)));
    Ok(cut)
}

pub(crate) async fn list(db: &impl ConnectionTrait, site: SiteId) -> Result<Vec<Import>, Error> {
    let mut events = event_imports::of_site(db, site).await?;
    let found = import::Entity::find()
        .filter(import::Column::Site.eq(i64::from(site.0)))
        .order_by_asc(import::Column::Id)
        .all(db)
        .await
        .or_broken()?;
    found
        .into_iter()
        .map(|row| {
            Ok(Import {
                id: row.id,
                first: day(&row.first_date)?,
                last: day(&row.last_date)?,
                source: row.source,
                rows: row.n_rows,
                created_at: Millis(row.created_at),
                events: events.remove(&row.id),
                cut: None,
            })
        })
        .collect()
}

pub(crate) fn day(text: &str) -> Result<Day, Error> {
    text.parse().map_err(|cause| Error::broken("the administration database holds an unreadable day").because(cause))
}

/// The rows of a day as texts, each short enough to be kept.
fn pieces(rows: &[&ImportedRow]) -> Result<Vec<String>, Error> {
    let mut pieces = Vec::new();
    let mut piece: Vec<String> = Vec::new();
    let mut size = 0;
    for row in rows {
        let keys: Vec<&str> = row.keys.iter().map(|key| &**key).collect();
        let text = json::write(&(keys, &row.numbers))?;
        if size + text.len() > PIECE && !piece.is_empty() {
            pieces.push(format!("[{}]", piece.join(",")));
            piece.clear();
            size = 0;
        }
        size += text.len() + 1;
        piece.push(text);
    }
    if !piece.is_empty() {
        pieces.push(format!("[{}]", piece.join(",")));
    }
    Ok(pieces)
}
