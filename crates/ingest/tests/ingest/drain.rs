use std::sync::Arc;

use async_trait::async_trait;
use footfall_ingest::{Drain, enrich::Enricher, record};
use footfall_journal::{Journal, MemoryJournal};
use footfall_model::{Error, Filter, Millis, Query, Rows, SiteId, Text, VisitId};
use footfall_store::{Batch, HighMarks, MemoryStore, Recall, Recalled, Rewrite, Store, StoreStats, VisitDetail, VisitsWanted};

use crate::stage::{Stage, salts};

/// A store that keeps only so many hits at once.
struct Narrow {
    kept: MemoryStore,
    most: usize,
}

#[async_trait]
impl Store for Narrow {
    async fn append(&self, batch: Batch) -> Result<(), Error> {
        if batch.hits.len() > self.most {
            return Err(Error::busy("the batch needs more memory than it may use"));
        }
        self.kept.append(batch).await
    }

    async fn swallowed(&self) -> Result<u64, Error> {
        self.kept.swallowed().await
    }

    async fn imported(&self, batch_id: &str) -> Result<u64, Error> {
        self.kept.imported(batch_id).await
    }

    async fn query(&self, query: &Query) -> Result<Rows, Error> {
        self.kept.query(query).await
    }

    async fn funnel(&self, query: &Query, steps: &[Filter]) -> Result<Vec<u64>, Error> {
        self.kept.funnel(query, steps).await
    }

    async fn visits(&self, wanted: &VisitsWanted) -> Result<Vec<VisitDetail>, Error> {
        self.kept.visits(wanted).await
    }

    async fn recall(&self, wanted: &Recall) -> Result<Recalled, Error> {
        self.kept.recall(wanted).await
    }

    async fn text_ids(&self, texts: &[Text]) -> Result<Vec<Option<u32>>, Error> {
        self.kept.text_ids(texts).await
    }

    async fn high_marks(&self) -> Result<HighMarks, Error> {
        self.kept.high_marks().await
    }

    async fn forget_before(&self, site: SiteId, before: Millis) -> Result<u64, Error> {
        self.kept.forget_before(site, before).await
    }

    async fn forget_visits(&self, visits: &[VisitId]) -> Result<u64, Error> {
        self.kept.forget_visits(visits).await
    }

    async fn forget_site(&self, site: SiteId) -> Result<(), Error> {
        self.kept.forget_site(site).await
    }

    async fn rewrite(&self, wanted: &Rewrite) -> Result<u64, Error> {
        self.kept.rewrite(wanted).await
    }

    fn revision(&self) -> u64 {
        self.kept.revision()
    }

    async fn stats(&self) -> Result<StoreStats, Error> {
        self.kept.stats().await
    }
}

#[tokio::test]
async fn what_is_too_much_for_the_store_is_taken_in_smaller_batches() {
    let stage = Stage::new();
    let journal = Arc::new(MemoryJournal::new());
    for visitor in 0..1000 {
        let hit = stage.hit(&format!("url=https://example.org/{visitor}&_id={visitor:016x}&cid={:016x}", visitor + 1));
        journal.append(record::encode(&hit)).await.unwrap();
    }
    let store = Arc::new(Narrow { kept: MemoryStore::new(Arc::clone(&stage.catalogue)), most: 300 });
    let Stage { enricher, catalogue, .. } = Stage::new();
    let enricher: Arc<Enricher> = Arc::new(enricher);
    let mut drain =
        Drain::resume(Arc::clone(&journal) as Arc<dyn Journal>, Arc::clone(&store) as Arc<dyn Store>, enricher, &catalogue)
            .await
            .unwrap();
    let mut taken = Vec::new();
    let mut failed = 0;
    while drain.position() != journal.tail() {
        match drain.step(&stage.sites(), &salts()).await {
            Ok(drained) => taken.push((drained.records, drained.counted)),
            Err(_) => failed += 1,
        }
    }
    assert_eq!(taken.iter().map(|(_, counted)| counted).sum::<usize>(), 1000);
    assert!(taken.iter().all(|(records, _)| *records <= 300), "{taken:?}");
    assert!((2..=6).contains(&failed), "{failed} batches failed");
    assert_eq!(store.stats().await.unwrap().hits, 1000);
}
