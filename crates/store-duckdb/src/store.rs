use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use async_trait::async_trait;
use duckdb::Connection;
use footfall_model::{Catalogue, Error, Fact, Filter, Millis, Query, Rows, Scope, SiteId, Text, TimeRange, Value, VisitId};
use footfall_store::{
    Batch, DuckDb, HighMarks, Known, Planner, Recall, Recalled, Rewrite, Schema, Store, StoreStats, TEXTS, VisitDetail,
    VisitsWanted,
};
use parking_lot::Mutex;

use crate::{
    Options, append, database, details, fault::fault, forget, list::list, migrate, pool::Pool, read, recall, rewrite,
    seldom::Seldom,
};

/// A store in one DuckDB file.
pub struct DuckStore {
    schema: Arc<Schema>,
    facts: Facts,
    path: Option<PathBuf>,
    writer: Pool,
    readers: Pool,
    reach: Arc<Mutex<Reach>>,
    seldom: Arc<Mutex<Seldom>>,
    asked: AtomicU64,
    revision: Arc<AtomicU64>,
}

/// How many catalogue columns visits and hits have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) visits: usize,
    pub(crate) hits: usize,
}

/// How far a store reaches: its offset, its greatest numbers, and its moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) swallowed: u64,
    marks: HighMarks,
    first_at: Option<i64>,
    last_at: Option<i64>,
    longest_visit: i64,
}

impl DuckStore {
    /// Opens the store in a file, which is made if it does not exist, and brings it up to the catalogue.
    ///
    /// # Errors
    /// Busy when another process has it open; broken when it is damaged or newer than this program.
    pub fn open(path: &Path, catalogue: Arc<Catalogue>, options: Options) -> Result<DuckStore, Error> {
        DuckStore::start(Some(path), &catalogue, &options)
    }

    /// An empty store that lives as long as it is open.
    ///
    /// # Errors
    /// DuckDB could not start.
    pub fn open_in_memory(catalogue: Arc<Catalogue>, options: Options) -> Result<DuckStore, Error> {
        DuckStore::start(None, &catalogue, &options)
    }

    fn start(path: Option<&Path>, catalogue: &Catalogue, options: &Options) -> Result<DuckStore, Error> {
        let writer = database::open(path, options)?;
        let schema = Schema::of(catalogue);
        migrate::migrate(&writer, &schema)?;
        let reach = Reach::read(&writer)?;
        let seldom = Seldom::new(schema.table(Fact::Visits));
        let readers = (0..options.readers.max(1))
            .map(|_| writer.try_clone().map_err(|cause| fault("opening the store", cause)))
            .collect::<Result<Vec<Connection>, Error>>()?;
        Ok(DuckStore {
            schema: Arc::new(schema),
            facts: Facts { visits: catalogue.facts(Scope::Visit).len(), hits: catalogue.facts(Scope::Action).len() },
            path: path.map(Path::to_owned),
            writer: Pool::new(vec![writer], None),
            readers: Pool::new(readers, Some(options.timeout)),
            reach: Arc::new(Mutex::new(reach)),
            seldom: Arc::new(Mutex::new(seldom)),
            asked: AtomicU64::new(0),
            revision: Arc::default(),
        })
    }

    fn planner(&self) -> Planner<'_> {
        Planner { schema: &self.schema, dialect: &DuckDb, known: self.reach.lock().known() }
    }

    async fn forget(&self, unwanted: String) -> Result<u64, Error> {
        let revision = Arc::clone(&self.revision);
        // Counted where it is done: who asked may not wait for the end.
        let work = move |connection: &Connection| {
            let gone = forget::forget(connection, &unwanted)?;
            if gone > 0 {
                revision.fetch_add(1, Relaxed);
            }
            Ok(gone)
        };
        self.writer.run(work).await
    }

    /// Bytes of the file and its write-ahead log.
    fn bytes(&self) -> u64 {
        let size = |path: PathBuf| std::fs::metadata(path).map_or(0, |file| file.len());
        self.path.as_ref().map_or(0, |path| {
            let mut log = path.clone().into_os_string();
            log.push(".wal");
            size(path.clone()) + size(log.into())
        })
    }
}

#[async_trait]
impl Store for DuckStore {
    async fn append(&self, batch: Batch) -> Result<(), Error> {
        let (schema, facts, reach) = (Arc::clone(&self.schema), self.facts, Arc::clone(&self.reach));
        let seldom = Arc::clone(&self.seldom);
        // Questions that see the batch as soon as it is kept must not look at too few rows.
        reach.lock().widen(&batch);
        self.writer
            .run(move |connection| {
                if let Some(reached) = append::append(connection, &schema, facts, &mut seldom.lock(), batch)? {
                    let mut reach = reach.lock();
                    (reach.swallowed, reach.marks) = (reached.swallowed, reached.marks);
                }
                Ok(())
            })
            .await
    }

    async fn swallowed(&self) -> Result<u64, Error> {
        Ok(self.reach.lock().swallowed)
    }

    async fn imported(&self, batch_id: &str) -> Result<u64, Error> {
        let id = Text::from(batch_id);
        let sql = "SELECT lines FROM imports WHERE batch_id = $1";
        let rows = self.readers.run(move |connection| read::values(connection, sql, &[id])).await?;
        Ok(rows.first().and_then(|row| row.first()?.as_i64()).unwrap_or(0) as u64)
    }

    async fn query(&self, query: &Query) -> Result<Rows, Error> {
        let plan = self.planner().plan(query)?;
        self.asked.fetch_add(1, Relaxed);
        self.readers.run(move |connection| read::answer(connection, &plan)).await
    }

    async fn funnel(&self, query: &Query, steps: &[Filter]) -> Result<Vec<u64>, Error> {
        let plan = self.planner().funnel(query, steps)?;
        self.asked.fetch_add(1, Relaxed);
        let rows = self.readers.run(move |connection| read::answer(connection, &plan)).await?.rows;
        let counts = rows.first().map(|row| row.iter().map(|count| count.as_i64().unwrap_or_default() as u64).collect());
        Ok(counts.unwrap_or_default())
    }

    async fn visits(&self, wanted: &VisitsWanted) -> Result<Vec<VisitDetail>, Error> {
        let plan = self.planner().visits(wanted)?;
        self.asked.fetch_add(1, Relaxed);
        let (schema, facts, with_actions) = (Arc::clone(&self.schema), self.facts, wanted.with_actions);
        self.readers.run(move |connection| details::found(connection, &schema, facts, &plan, with_actions)).await
    }

    async fn recall(&self, wanted: &Recall) -> Result<Recalled, Error> {
        let (schema, facts, wanted) = (Arc::clone(&self.schema), self.facts, wanted.clone());
        let recalled = self.readers.run(move |connection| recall::recall(connection, &schema, facts, &wanted)).await?;
        let mut seldom = self.seldom.lock();
        recalled.visits.iter().for_each(|detail| seldom.told(&detail.visit));
        drop(seldom);
        Ok(recalled)
    }

    async fn text_ids(&self, texts: &[Text]) -> Result<Vec<Option<u32>>, Error> {
        let texts = texts.to_vec();
        self.readers.run(move |connection| recall::text_ids(connection, &texts)).await
    }

    async fn high_marks(&self) -> Result<HighMarks, Error> {
        Ok(self.reach.lock().marks)
    }

    async fn forget_before(&self, site: SiteId, before: Millis) -> Result<u64, Error> {
        self.forget(format!("site_id = {} AND seen_at < {}", site.0, before.0)).await
    }

    async fn forget_visits(&self, visits: &[VisitId]) -> Result<u64, Error> {
        let ids: Vec<u64> = visits.iter().map(|visit| visit.0).collect();
        self.forget(format!("visit_id IN ({})", list(&ids))).await
    }

    async fn forget_site(&self, site: SiteId) -> Result<(), Error> {
        self.forget(format!("site_id = {}", site.0)).await.map(drop)
    }

    async fn rewrite(&self, wanted: &Rewrite) -> Result<u64, Error> {
        let (wanted, revision, seldom) = (wanted.clone(), Arc::clone(&self.revision), Arc::clone(&self.seldom));
        let work = move |connection: &Connection| {
            let changed = rewrite::rewrite(connection, &wanted)?;
            if changed > 0 {
                seldom.lock().forget();
                revision.fetch_add(1, Relaxed);
            }
            Ok(changed)
        };
        self.writer.run(work).await
    }

    fn revision(&self) -> u64 {
        self.revision.load(Relaxed)
    }

    async fn stats(&self) -> Result<StoreStats, Error> {
        let bytes = self.bytes();
        let mut stats = self.readers.run(stats).await?;
        stats.bytes = bytes;
        Ok(stats)
    }

    fn asked(&self) -> u64 {
        self.asked.load(Relaxed)
    }
}

fn stats(connection: &Connection) -> Result<StoreStats, Error> {
    let count = |table: &str| -> Result<u64, Error> {
        let rows = read::values(connection, &format!("SELECT count(*) FROM {table}"), &[])?;
        Ok(rows.first().and_then(|row| row.first()?.as_i64()).unwrap_or(0) as u64)
    };
    let first_at = read::values(connection, "SELECT site_id, min(first_at) FROM visits GROUP BY 1 ORDER BY 1", &[])?;
    Ok(StoreStats {
        visits: count("visits")?,
        hits: count("hits")?,
        conversions: count("conversions")?,
        items: count("items")?,
        texts: count(TEXTS)?,
        bytes: 0,
        first_at: first_at
            .iter()
            .filter_map(|row| match row[..] {
                [Value::Int(site), Value::Int(at)] => Some((SiteId(site as u32), Millis(at))),
                _ => None,
            })
            .collect(),
    })
}

impl Reach {
    /// A visit may be longer than what is known by rows that are just being written.
    const SLACK: i64 = 86_400_000;

    pub(crate) fn read(connection: &Connection) -> Result<Reach, Error> {
        let sql = "SELECT swallowed, text, visit, hit, first_at, last_at, longest_visit FROM meta";
        let rows = read::values(connection, sql, &[])?;
        let Some(row) = rows.first() else {
            return Err(Error::broken("the store has lost its offset").hint("put the file's last backup in its place"));
        };
        let number = |place: usize| row.get(place).and_then(Value::as_i64);
        let natural = |place: usize| number(place).unwrap_or_default() as u64;
        Ok(Reach {
            swallowed: natural(0),
            marks: HighMarks { text: natural(1) as u32, visit: natural(2), hit: natural(3) },
            first_at: number(4),
            last_at: number(5),
            longest_visit: natural(6) as i64,
        })
    }

    pub(crate) fn write(&self, connection: &Connection) -> Result<(), Error> {
        let number = |number: Option<i64>| number.map_or("NULL".to_owned(), |number| number.to_string());
        let sql = format!(
            "UPDATE meta SET swallowed = {}, text = {}, visit = {}, hit = {}, first_at = {}, last_at = {}, longest_visit = {}",
            self.swallowed,
            self.marks.text,
            self.marks.visit,
            self.marks.hit,
            number(self.first_at),
            number(self.last_at),
            self.longest_visit
        );
        connection.execute_batch(&sql).map_err(|cause| fault("keeping a batch", cause))
    }

    /// Takes a batch in.
    pub(crate) fn extend(&mut self, batch: &Batch) {
        self.swallowed = batch.swallowed;
        let marks = &mut self.marks;
        marks.text = batch.texts.iter().map(|(id, _)| *id).fold(marks.text, u32::max);
        marks.visit = batch.opened.iter().map(|visit| visit.visit_id.0).fold(marks.visit, u64::max);
        marks.hit = batch.hits.iter().map(|hit| hit.hit_id).fold(marks.hit, u64::max);
        self.widen(batch);
    }

    /// Makes room for a batch's moments. More room than needed changes no answer.
    fn widen(&mut self, batch: &Batch) {
        for visit in batch.opened.iter().chain(&batch.changed).chain(&batch.continued) {
            let last = visit.last_at.max(visit.seen_at);
            self.reach_to(visit.first_at);
            self.reach_to(last);
            self.longest_visit = self.longest_visit.max(last.0.saturating_sub(visit.first_at.0));
        }
        batch.hits.iter().for_each(|hit| self.reach_to(hit.at));
        batch.conversions.iter().for_each(|row| self.reach_to(row.at));
        batch.items.iter().for_each(|row| self.reach_to(row.at));
    }

    fn reach_to(&mut self, at: Millis) {
        self.first_at = Some(self.first_at.map_or(at.0, |first| first.min(at.0)));
        self.last_at = Some(self.last_at.map_or(at.0, |last| last.max(at.0)));
    }

    fn known(&self) -> Known {
        let (first, last) = (self.first_at.unwrap_or(0), self.last_at.unwrap_or(0));
        Known {
            range: TimeRange { start: Millis(first), end: Millis(last).plus(1) },
            longest_visit: Some(self.longest_visit.saturating_add(Reach::SLACK)),
        }
    }
}
