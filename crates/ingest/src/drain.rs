use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use footfall_journal::{Journal, Offset};
use footfall_model::{Catalogue, Error, Sites, Text};
use footfall_store::Store;

use crate::{
    Texts, Visits,
    dropped::Dropped,
    enrich::{Enricher, Salts},
    enriched::Enriched,
    record,
};

/// What one step of the drain did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Records read from the journal.
    pub records: usize,
    /// Hits that count.
    pub counted: usize,
    /// Hits that do not, by site and reason.
    pub dropped: HashMap<(u32, Dropped), u64>,
    /// Sites for which hits were counted.
    pub sites: Vec<u32>,
    /// Records that cannot be read: offset and what is wrong. They are passed over.
    pub unreadable: Vec<(u64, String)>,
}

/// Moves hits from the journal into the store: decode, enrich, place, write, forget. One reader, one step at a time.
pub struct Drain {
    journal: Arc<dyn Journal>,
    store: Arc<dyn Store>,
    enricher: Arc<Enricher>,
    visits: Visits,
    texts: Texts,
    at: Offset,
    imported: HashMap<Text, u64>,
    revision: u64,
    /// The most records of the next batch: fewer after one that could not be written.
    most: usize,
}

impl Drain {
    /// The most records of one batch. What a batch costs beside its records (reading recent visits, overwriting them) is shared
    /// by more of them the further the journal is ahead.
    pub const MOST: usize = 20_000;
    /// The most records of a batch that is tried however often larger ones failed.
    const FEWEST: usize = 100;

    /// Goes on where the store has come to.
    ///
    /// # Errors
    /// When the store cannot say how far it is.
    pub async fn resume(
        journal: Arc<dyn Journal>,
        store: Arc<dyn Store>,
        enricher: Arc<Enricher>,
        catalogue: &Catalogue,
    ) -> Result<Drain, Error> {
        let revision = store.revision();
        let marks = store.high_marks().await?;
        let at = Offset(store.swallowed().await?);
        Ok(Drain {
            journal,
            store,
            enricher,
            visits: Visits::new(catalogue, marks),
            texts: Texts::new(marks),
            at,
            imported: HashMap::new(),
            revision,
            most: Drain::MOST,
        })
    }

    /// The journal offset up to which everything is in the store.
    pub fn position(&self) -> Offset {
        self.at
    }

    /// Swallows one batch: everything waiting, up to [`Drain::MOST`] records. With nothing waiting, nothing happens.
    ///
    /// # Errors
    /// When the journal cannot be read or the store cannot write. Nothing is lost: the same records are read again, half as many at
    /// a time, so that a store which has too little memory for a large batch takes small ones.
    pub async fn step(&mut self, sites: &Sites, salts: &Salts) -> Result<Drained, Error> {
        let (drained, last) = loop {
            let records = self.read().await?;
            let Some(&(last, _)) = records.last() else { return Ok(Drained::default()) };
            if self.store.revision() != self.revision {
                self.start_over().await?;
            }
            let mut drained = Drained { records: records.len(), ..Drained::default() };
            let hits = self.enrich(records, sites, salts, &mut drained).await?;
            match self.write(hits, last, sites, &mut drained).await {
                Ok(true) => break (drained, last),
                Ok(false) => {}
                Err(error) => {
                    self.most = (self.most.min(drained.records) / 2).max(Drain::FEWEST);
                    drop(self.start_over().await);
                    return Err(error);
                }
            }
        };
        self.most = (self.most * 2).min(Drain::MOST);
        self.at = last;
        self.journal.forget(last).map_err(|cause| Error::broken("the journal cannot forget what is stored").because(cause))?;
        Ok(drained)
    }

    /// What waits, as much as one batch takes.
    async fn read(&self) -> Result<Vec<(Offset, Bytes)>, Error> {
        let journal = Arc::clone(&self.journal);
        let (after, most) = (self.at, self.most);
        let read = tokio::task::spawn_blocking(move || journal.read(after, most));
        read.await
            .map_err(|cause| Error::broken("reading the journal was cut short").because(cause))?
            .map_err(|cause| Error::broken("the journal cannot be read").because(cause))
    }

    /// Records are let go as they become hits, and read again from the journal should they be needed once more.
    async fn enrich(
        &mut self,
        records: Vec<(Offset, Bytes)>,
        sites: &Sites,
        salts: &Salts,
        drained: &mut Drained,
    ) -> Result<Vec<Enriched>, Error> {
        let mut hits = Vec::with_capacity(records.len());
        for (offset, bytes) in records {
            let hit = match record::decode(&bytes) {
                Ok(hit) => hit,
                Err(error) => {
                    drained.unreadable.push((offset.0, error.to_string()));
                    continue;
                }
            };
            if let Some((batch, line)) = &hit.import
                && !self.is_new_line(batch, *line).await?
            {
                *drained.dropped.entry((hit.site, Dropped::KnownLine)).or_default() += 1;
                continue;
            }
            let site = hit.site;
            match self.enricher.enrich(hit, sites, salts) {
                Ok(hit) => hits.push(hit),
                Err(reason) => *drained.dropped.entry((site, reason)).or_default() += 1,
            }
        }
        Ok(hits)
    }

    /// Whether a line of an import was not counted before; notes it.
    async fn is_new_line(&mut self, batch: &str, line: u64) -> Result<bool, Error> {
        if !self.imported.contains_key(batch) {
            let held = self.store.imported(batch).await?;
            self.imported.insert(Text::from(batch), held);
        }
        let done = self.imported.entry(Text::from(batch)).or_default();
        let is_new = line > *done;
        *done = line.max(*done);
        Ok(is_new)
    }

    /// Places the hits and writes them; says no where visits were deleted or rewritten meanwhile, and writes nothing then.
    async fn write(&mut self, hits: Vec<Enriched>, last: Offset, sites: &Sites, drained: &mut Drained) -> Result<bool, Error> {
        let texts = self.texts.learn(&hits, &*self.store).await?;
        if let Some(asked) = self.visits.missing(&hits, sites) {
            let recalled = self.store.recall(&asked).await?;
            self.visits.learn(&asked, recalled, sites);
        }
        let mut imports: HashMap<Text, u64> = HashMap::new();
        // Each hit is let go as soon as it is placed: hits and rows of a whole batch side by side take twice the memory.
        for hit in hits {
            if let Some((batch, line)) = &hit.import {
                let done = imports.entry(batch.clone()).or_default();
                *done = (*done).max(*line);
            }
            let site = hit.site.id.0;
            match self.visits.place(hit, sites, &self.texts) {
                Ok(()) => {
                    drained.counted += 1;
                    if !drained.sites.contains(&site) {
                        drained.sites.push(site);
                    }
                }
                Err(reason) => *drained.dropped.entry((site, reason)).or_default() += 1,
            }
        }
        let mut batch = self.visits.finish();
        batch.swallowed = last.0;
        batch.texts = texts;
        batch.imports = imports.into_iter().collect();
        if self.store.revision() != self.revision {
            return Ok(false);
        }
        self.store.append(batch).await?;
        Ok(true)
    }

    /// Lets go of everything at hand. After a failed write, or when visits were deleted, only the store can be trusted.
    async fn start_over(&mut self) -> Result<(), Error> {
        self.revision = self.store.revision();
        self.imported.clear();
        let marks = self.store.high_marks().await?;
        self.visits.reset(marks);
        self.texts.reset(marks);
        Ok(())
    }
}
